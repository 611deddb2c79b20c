/** Turns the environment into flags of `tollgate`, for what is called where nothing can be said on a command line. */
import { resolve } from "node:path";
import type { Environment } from "./child";

/** The commands that settings of the environment are for: `preplan` lists, `check` judges, `verify` accepts what was judged. */
export type Command = "preplan" | "check" | "verify";

/** The flag of each setting, the commands that take it, and whether it names a file. */
const SETTINGS = [
  { name: "TOLLGATE_CONFIG", flag: "--config", of: ["preplan", "check", "verify"], isFile: true },
  { name: "TOLLGATE_RULES", flag: "--rules", of: ["check", "verify"], isFile: true },
  { name: "TOLLGATE_ACCOUNT", flag: "--account", of: ["check", "verify"], isFile: false },
  { name: "TOLLGATE_ON_UNDECIDED", flag: "--on-undecided", of: ["check", "verify"], isFile: false },
] as const satisfies readonly {
  readonly name: string;
  readonly flag: string;
  readonly of: readonly Command[];
  readonly isFile: boolean;
}[];

/**
 * The settings of the environment (help/configuration.md) that a command takes; an empty one is none. They say what is
 * let through, so they must be the owner's: an environment that a pull request can write to has no place before this.
 */
export function flagsFromEnvironment(command: Command, env: Environment): readonly string[] {
  return SETTINGS.flatMap(({ name, flag, of, isFile }) => {
    const value = env[name];
    if (!value || !of.some((one) => one === command)) return [];
    // Whoever is called may work in another directory than the one in which this was said.
    return [flag, isFile ? resolve(value) : value];
  });
}
