/** Turns the parser's two WebAssembly files into a source room that can evaluate every expression. */
import { loadFunctions } from "./functions/loaded";
import { loadGrammar } from "./syntax/parser";

/**
 * Makes the parser and Terraform's functions ready; once is enough. `runtime` is `web-tree-sitter.wasm`, `language` is
 * `tree-sitter-terraform.wasm`. Plain references, literals and templates of them need neither.
 */
export async function loadParser(wasm: { readonly runtime: Uint8Array; readonly language: Uint8Array }): Promise<void> {
  await Promise.all([loadGrammar(wasm), loadFunctions()]);
}
