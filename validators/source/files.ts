/** Turns the text of source files into modules, and joins them with what plan JSON says. */
import { emptyModule, type Module } from "./configuration";

/** Text files by path: `main.tf`, `modules/bucket/main.tf`, `.terraform/modules/modules.json`. Separator is `/`. */
export type SourceFiles = ReadonlyMap<string, string>;

/**
 * The configuration of `directory` (`""` or `.` for the top): its `.tf`, `.tofu` and `.tf.json` files with overrides, and
 * its child modules as far as their files are given (local paths; others through `.terraform/modules/modules.json`
 * beside the root). Needs the parser if there is a native file. Throws `InputError` for a file that doesn't parse.
 */
export function fromHcl(_files: SourceFiles, _directory = ""): Module {
  return emptyModule;
}

/** The configuration inside a saved plan's archive, entries by name (`tfconfig/modules.json`, `tfconfig/m-/cdk.tf.json`). */
export function fromArchive(_entries: SourceFiles): Module | undefined {
  return undefined;
}

/**
 * A plan's configuration with what the source knows better: the plan says what exists, the source says the expressions,
 * locals, lifecycles and positions. What only the source has is left out, except locals and refactorings.
 */
export function merge(plan: Module, _source: Module): Module {
  return plan;
}
