/** Turns the package of the parser into a part that is loaded only when there is something to parse. */
export { Language, Parser } from "web-tree-sitter";
