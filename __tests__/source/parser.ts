/** Turns the parser's files in `node_modules` into a loaded parser, as the process door does. */
import { readFileSync } from "node:fs";
import { loadParser } from "../../validators/source";

/** Loads the parser; call it in `beforeAll`. */
export const useParser = (): Promise<void> =>
  loadParser({
    runtime: readFileSync(require.resolve("web-tree-sitter/web-tree-sitter.wasm")),
    language: readFileSync(require.resolve("@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm")),
  });
