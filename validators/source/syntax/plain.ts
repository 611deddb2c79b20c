/** Turns the expressions that need no grammar into syntax trees: literals, references, and lists and calls of such. */
import { endOfQuoted, isNotATemplate, type ParseExpression, parseTemplate } from "./template";
import type { Syntax } from "./tree";

const space = /[ \t\r\n]*/y;
const integer = /[0-9]{1,15}(?![0-9A-Za-z_.])/y;
const word = /[A-Za-z_][A-Za-z0-9_-]*/y;
const step = /\.([A-Za-z_][A-Za-z0-9_-]*)|\.([0-9]+)|\[([0-9]{1,15})\]|\["([^"\\$%\n\r]*)"\]/y;
const loop = /\[[ \t\r\n]*for(?![A-Za-z0-9_-])/y;
const keywords = new Map<string, null | boolean>([
  ["null", null],
  ["true", true],
  ["false", false],
]);

/** What is nested deeper than people write it is left to the grammar, and lists and calls that are longer than it reads. */
const deepest = 20;

/** Longer expressions than this are not policies; they stay unknown. */
export const longest = 2_000_000;

/**
 * The tree of `aws_s3_bucket.b[each.key].arn`, `42`, `true`, `"a-${var.b}"`, `[a.b, "c"]`, `map(string)`; `undefined` for
 * whatever needs the grammar. `parse` is used for what stands inside templates.
 */
export function parsePlainly(text: string, parse: ParseExpression): Syntax | undefined {
  const trimmed = text.trim();
  const reader = new PlainReader(trimmed, parse);
  const tree = reader.expression(0);
  return tree !== undefined && reader.at === trimmed.length ? tree : undefined;
}

class PlainReader {
  at = 0;

  constructor(
    private readonly text: string,
    private readonly parse: ParseExpression,
  ) {}

  expression(depth: number): Syntax | undefined {
    const start = this.at;
    const first = this.text[start];
    if (first === '"') return this.quoted();
    if (first === "[") return this.list(depth);
    const digits = this.taken(integer);
    if (digits !== undefined) return { kind: "literal", value: Number(digits), text: digits };
    const name = this.taken(word);
    if (name === undefined) return undefined;
    const keyword = keywords.get(name);
    if (keyword !== undefined) return { kind: "literal", value: keyword, text: name };
    if (this.text[this.at] === "(") return this.call(name, start, depth);
    return this.steps({ kind: "name", name, text: name }, start, depth);
  }

  /** What follows a name: `.name`, `.0`, `[0]`, `["key"]`, `[reference]`. */
  private steps(of: Syntax, start: number, depth: number): Syntax | undefined {
    let tree = of;
    for (let next = this.text[this.at]; next === "." || next === "["; next = this.text[this.at]) {
      const from = this.at + 1;
      step.lastIndex = this.at;
      const match = step.exec(this.text);
      if (match !== null) {
        this.at = step.lastIndex;
        tree = followed(tree, match, this.text.slice(start, this.at));
        continue;
      }
      const key = next === "[" && depth < deepest ? this.keyAt(from, depth + 1) : undefined;
      if (key === undefined) return undefined;
      tree = { kind: "index", of: tree, key, text: this.text.slice(start, this.at) };
    }
    return tree;
  }

  /** `each.key` in `[each.key]`. */
  private keyAt(from: number, depth: number): Syntax | undefined {
    this.at = from;
    const name = this.taken(word);
    if (name === undefined || keywords.has(name)) return undefined;
    const key = this.steps({ kind: "name", name, text: name }, from, depth);
    return key !== undefined && this.take("]") ? key : undefined;
  }

  private quoted(): Syntax | undefined {
    const start = this.at;
    try {
      this.at = endOfQuoted(this.text, start + 1, 0);
    } catch (error) {
      if (isNotATemplate(error)) return undefined;
      throw error;
    }
    const tree = parseTemplate(this.text.slice(start + 1, this.at - 1), "quoted", this.parse);
    return tree.kind === "broken" ? undefined : tree;
  }

  private list(depth: number): Syntax | undefined {
    const start = this.at;
    const items = this.isLoop() ? undefined : this.items("]", depth);
    return items && { kind: "list", items, text: this.text.slice(start, this.at) };
  }

  /** Whether it is the `[` of `[for …]`. */
  private isLoop(): boolean {
    loop.lastIndex = this.at;
    return loop.test(this.text);
  }

  private call(name: string, start: number, depth: number): Syntax | undefined {
    const items = this.items(")", depth);
    return items && { kind: "call", name, arguments: items, expands: false, text: this.text.slice(start, this.at) };
  }

  /** What stands between a bracket and its counterpart, with commas between, and after the last one or not. */
  private items(end: string, depth: number): readonly Syntax[] | undefined {
    if (depth === deepest || this.text.length > longest) return undefined;
    const items: Syntax[] = [];
    this.at++;
    for (this.taken(space); !this.take(end); this.taken(space)) {
      const item = this.expression(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
      this.taken(space);
      if (!this.take(",") && this.text[this.at] !== end) return undefined;
    }
    return items;
  }

  private take(what: string): boolean {
    const isThere = this.text[this.at] === what;
    if (isThere) this.at++;
    return isThere;
  }

  private taken(what: RegExp): string | undefined {
    what.lastIndex = this.at;
    const found = what.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}

function followed(of: Syntax, match: RegExpExecArray, text: string): Syntax {
  const [, attribute, legacy, number, quoted] = match;
  if (attribute !== undefined) return { kind: "attribute", of, name: attribute, text };
  const key = quoted ?? legacy ?? number ?? "";
  return { kind: "index", of, key: { kind: "literal", value: quoted ?? Number(key), text: key }, text };
}
