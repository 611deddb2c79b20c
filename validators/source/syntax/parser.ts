/** Turns HCL text into syntax trees, with the tree-sitter grammar for Terraform. */
import type { Module } from "../configuration";

/** Thrown where text must be parsed and `loadParser` hasn't been called. The door loads the parser and starts again. */
export class ParserMissing extends Error {
  override name = "ParserMissing";
}

/** Makes the parser ready; once is enough. `runtime` is `web-tree-sitter.wasm`, `language` is `tree-sitter-terraform.wasm`. */
export async function loadParser(_wasm: {
  readonly runtime: Uint8Array;
  readonly language: Uint8Array;
}): Promise<void> {}

/** Whether `loadParser` has finished. */
export const isParserLoaded = (): boolean => false;

/** Whether some expression of a configuration is more than literals and plain references, which need no parser. */
export function needsParser(_module: Module): boolean {
  return true;
}
