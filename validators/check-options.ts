/** What a judgement can be told; apart from the way to it, so that the package's types need nothing else. */
import type { Config } from "./judge/index";
import type { Rule } from "./rules/index";

/** What `tollgate check` can be told. */
export interface CheckOptions {
  /** `--source`. */
  readonly sources?: readonly string[];
  /** `--config`: a path, or a configuration; default `tollgate.json` in the working directory, where there is one. */
  readonly config?: string | Config;
  /** `--account`; wins over the configuration's. */
  readonly account?: string;
  /** `--today`, `YYYY-MM-DD`: the day that waivers are held against. Default: the clock's, UTC. */
  readonly today?: string;
  /** The rules to judge by; default all eight. */
  readonly rules?: readonly Rule[];
}
