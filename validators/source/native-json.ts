/** Turns the text of a native file into what Terraform's JSON syntax would say: blocks as lists of objects, expressions as templates. */
import { InputError } from "../kernel/index";
import type { Json } from "../plan/plan";
import { type RawBlock, type RawBody, readBlocks, SyntaxFault } from "./syntax/blocks";
import { parseExpression } from "./syntax/parser";
import type { Syntax } from "./syntax/tree";

/**
 * A `.tf` file in JSON syntax. Literals, lists and objects become JSON; every other expression stays text in `${…}`.
 * Needs the parser where an expression is more than a literal or a reference.
 * @throws InputError for a file that doesn't parse, and for a label that is not plain text: what it names must be readable.
 */
export function nativeAsJson(text: string, file: string): Json {
  try {
    return bodyAsJson(readBlocks(text), file);
  } catch (error) {
    if (error instanceof SyntaxFault) throw new InputError(`\`${file}\`, line ${error.line}: ${error.message}`);
    throw error;
  }
}

function bodyAsJson(body: RawBody, file: string): Json {
  const members = new Map<string, Json>();
  for (const [name, { text }] of body.attributes) members.set(name, expressionAsJson(text));
  for (const block of body.blocks) {
    const before = members.get(block.type);
    const beside = before === undefined ? [] : Array.isArray(before) ? before : [before];
    members.set(block.type, [...beside, blockAsJson(block, file)]);
  }
  return Object.fromEntries(members);
}

function blockAsJson(block: RawBlock, file: string): Json {
  const labelled = (labels: readonly string[]): Json => {
    const [label, ...more] = labels;
    return label === undefined ? bodyAsJson(block.body, file) : Object.fromEntries([[label, labelled(more)]]);
  };
  const odd = block.labels.find((label) => /[\\$%]/.test(label));
  if (odd !== undefined)
    throw new InputError(`\`${file}\`, line ${block.line}: expected a label of plain text, found \`${odd}\``);
  return labelled(block.labels);
}

function expressionAsJson(text: string): Json {
  return syntaxAsJson(parseExpression(text), text);
}

function syntaxAsJson(tree: Syntax, text: string): Json {
  switch (tree.kind) {
    case "literal":
      return typeof tree.value === "string" ? tree.value.replaceAll(/([$%])\{/g, "$1$1{") : tree.value;
    case "list":
      return tree.items.map((item) => syntaxAsJson(item, item.text));
    case "object": {
      const keys = tree.entries.map(({ key }) => plainKey(key));
      if (keys.includes(undefined)) return `\${${text}}`;
      return Object.fromEntries(tree.entries.map(({ value }, at) => [keys[at] ?? "", syntaxAsJson(value, value.text)]));
    }
    case "template":
      return /^".*"$/s.test(text) ? text.slice(1, -1) : `\${${text}}`;
    default:
      return `\${${text}}`;
  }
}

/** A key that says its own name; `undefined` where it has to be computed. */
function plainKey(key: Syntax): string | undefined {
  if (key.kind === "name") return key.name;
  return key.kind === "literal" && typeof key.value === "string" ? key.value : undefined;
}
