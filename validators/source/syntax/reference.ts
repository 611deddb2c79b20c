/** Turns the expressions that need no parser into syntax trees: literals and plain references. */
import type { Syntax } from "./tree";

const root = /[A-Za-z_][A-Za-z0-9_-]*/y;
const step = /\.([A-Za-z_][A-Za-z0-9_-]*)|\.([0-9]+)|\[([0-9]{1,15})\]|\["([^"\\$%\n\r]*)"\]/y;
const keywords = new Map<string, null | boolean>([
  ["null", null],
  ["true", true],
  ["false", false],
]);

/** The tree of `aws_s3_bucket.b["x"].arn`, `42`, `true`; `undefined` for whatever needs the parser. */
export function parsePlainly(text: string): Syntax | undefined {
  const trimmed = text.trim();
  if (/^[0-9]{1,15}$/.test(trimmed)) return { kind: "literal", value: Number(trimmed), text: trimmed };
  const keyword = keywords.get(trimmed);
  if (keyword !== undefined) return { kind: "literal", value: keyword, text: trimmed };
  root.lastIndex = 0;
  const name = root.exec(trimmed)?.[0];
  if (name === undefined || keywords.has(name)) return undefined;
  let tree: Syntax = { kind: "name", name, text: name };
  let at = name.length;
  while (at < trimmed.length) {
    step.lastIndex = at;
    const match = step.exec(trimmed);
    if (match === null) return undefined;
    at += match[0].length;
    tree = next(tree, match, trimmed.slice(0, at));
  }
  return tree;
}

function next(of: Syntax, match: RegExpExecArray, text: string): Syntax {
  const [, attribute, legacy, number, quoted] = match;
  if (attribute !== undefined) return { kind: "attribute", of, name: attribute, text };
  const value = quoted ?? Number(legacy ?? number);
  return { kind: "index", of, key: { kind: "literal", value, text: match[0].slice(1, -1) }, text };
}
