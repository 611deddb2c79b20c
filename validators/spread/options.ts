/** What a run over several inputs can be told; apart from the run, so that the package's types need nothing else. */
import type { CheckOptions } from "../check-options";
import type { Store } from "./store";

/** What a run over several inputs can be told. */
export interface SpreadOptions extends CheckOptions {
  /** Where remote inputs come from; default: S3, with the credentials that the AWS SDK finds. */
  readonly store?: () => Promise<Store>;
  /** How many threads judge; 0: none but the caller's own. Default: as many as are worth it. */
  readonly threads?: number;
  /** Called after each input. */
  readonly onDone?: (done: number, all: number) => void;
}
