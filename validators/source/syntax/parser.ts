/** Turns HCL text into syntax trees, with the tree-sitter grammar for Terraform; each text is parsed once. */
import type { Node, Parser, Tree } from "web-tree-sitter";
import { Converter, NotHcl } from "./cst";
import { ParserMissing } from "./missing";
import { longest, parsePlainly } from "./plain";
import { isLiteral, parseTemplate } from "./template";
import { broken, type Syntax } from "./tree";

/** Text that is kept parsed, in characters, before everything is forgotten. */
const cacheLimit = 16_000_000;

let parser: Parser | undefined;
let loading: Promise<void> | undefined;

/** Makes the grammar ready; once is enough. `runtime` is `web-tree-sitter.wasm`, `language` is `tree-sitter-terraform.wasm`. */
export function loadGrammar(wasm: { readonly runtime: Uint8Array; readonly language: Uint8Array }): Promise<void> {
  loading ??= load(wasm).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(wasm: { readonly runtime: Uint8Array; readonly language: Uint8Array }): Promise<void> {
  const { Language, Parser } = await import("./grammar");
  // emscripten takes the bytes as they are; its type only lists what its own build sets
  await Parser.init({ wasmBinary: wasm.runtime } as object);
  const language = await Language.load(wasm.language);
  parser = new Parser();
  parser.setLanguage(language);
}

/** Whether `loadGrammar` has finished. */
export const isParserLoaded = (): boolean => parser !== undefined;

/** The concrete syntax of a whole text, given to `read` and freed afterwards. `undefined` if the parser gave up. */
function withTree<T>(text: string, read: (root: Node) => T): T | undefined {
  if (parser === undefined) throw new ParserMissing("the parser for Terraform expressions isn't loaded");
  let tree: Tree | null = null;
  try {
    tree = parser.parse(text);
    parser.reset();
    return tree === null ? undefined : read(tree.rootNode);
  } finally {
    tree?.delete();
  }
}

const expressions = new Map<string, Syntax>();
const templates = new Map<string, Syntax>();
let cached = 0;

function remember(cache: Map<string, Syntax>, text: string, tree: Syntax): Syntax {
  cached += text.length + 100;
  if (cached > cacheLimit) {
    expressions.clear();
    templates.clear();
    cached = text.length;
  }
  cache.set(text, tree);
  return tree;
}

let nesting = 0;

/** The tree of one expression of native syntax. Text that is no expression gives a `broken` node. */
export function parseExpression(text: string): Syntax {
  const known = expressions.get(text);
  if (known !== undefined) return known;
  return remember(expressions, text, parsePlainly(text, parseExpression) ?? parseWithGrammar(text));
}

function parseWithGrammar(text: string): Syntax {
  if (text.length > longest || nesting > 100 || isNestedTooDeeply(text)) return broken(text, "too-complex");
  const source = `_=(${text}\n)\n`;
  nesting++;
  try {
    return withTree(source, (root) => convert(root, source, text)) ?? broken(text);
  } catch (error) {
    if (error instanceof NotHcl) return broken(text, error.because);
    throw error;
  } finally {
    nesting--;
  }
}

/** The grammar's scanner forgets its state beyond about a hundred open templates, and then misreads. */
function isNestedTooDeeply(text: string): boolean {
  let open = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (character === 123 || character === 91 || character === 40) deepest = Math.max(deepest, ++open);
    else if (character === 125 || character === 93 || character === 41) open--;
  }
  return deepest > 150;
}

/** `_=(…)` must be one attribute, whose value is one pair of parentheses, without any error inside. */
function convert(root: Node, source: string, text: string): Syntax {
  if (root.hasError || source.includes("\0")) return broken(text);
  const [body, ...afterBody] = root.namedChildren.filter((child) => child.type !== "comment");
  const [attribute, ...more] = body?.namedChildren.filter((child) => child.type !== "comment") ?? [];
  if (attribute?.type !== "attribute" || more.length > 0 || afterBody.length > 0) return broken(text);
  const expression = attribute.namedChildren.find((child) => child.type === "expression");
  const last = expression?.lastChild;
  const [open, inner, close, ...rest] = expression?.children.filter((child) => child.type !== "comment") ?? [];
  const isWhole = open?.startIndex === 2 && close?.endIndex === source.length - 1 && last?.id === close.id;
  if (inner?.type !== "expression" || !isWhole || rest.length > 0) return broken(text);
  return new Converter(source, parseExpression).expression(inner);
}

/** The tree of a template of Terraform's JSON syntax. */
export function parseJsonTemplate(text: string): Syntax {
  const known = templates.get(text);
  if (known !== undefined) return known;
  if (isLiteral(text)) return { kind: "literal", value: text, text };
  if (text.length > longest) return broken(text, "too-complex");
  return remember(templates, text, parseTemplate(text, "bare", parseExpression));
}
