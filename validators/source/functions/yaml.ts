/** Turns YAML into values, as far as every reader of YAML agrees on what it says. */
import type { Document, Node, Scalar } from "yaml";
import type { Unknown, Value } from "../../kernel/index";
import { parseNumber } from "../values/numbers";
import { TooComplex, Undecided } from "../values/outcome";

type Library = typeof import("yaml");

/** The library is large, and few policies need it. */
const load = (): Library => require("yaml") as Library;

const nulls: ReadonlySet<string> = new Set(["", "~", "null", "Null", "NULL"]);
const booleans: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["True", true],
  ["TRUE", true],
  ["false", false],
  ["False", false],
  ["FALSE", false],
]);
/** Plain scalars that YAML 1.1 and 1.2 read alike: they can be nothing but text. */
const text = /^(?!(?:y|n|yes|no|on|off)$)(?:[A-Za-z/*_][^:\n]*(?::[^ :\n]+)*|[^\n]*[/*][^\n]*)$/i;

/** Makes an unknown of a scalar that readers disagree on, such as `yes`. */
type Open = (scalar: string) => Unknown;

/** `yamldecode`. Throws `Undecided` for aliases, tags and several documents. */
export function decodeYaml(source: string, open: Open): Value {
  if (source.length > 200_000) throw new TooComplex();
  const library = load();
  let document: Document;
  try {
    document = library.parseDocument(source, { schema: "failsafe", logLevel: "silent" });
  } catch {
    throw new Undecided();
  }
  if (document.errors.length > 0 || document.warnings.length > 0) throw new Undecided();
  return read(library, document.contents, open, 0);
}

function read(library: Library, node: Node | null | unknown, open: Open, depth: number): Value {
  if (depth > 100) throw new TooComplex();
  if (node === null || node === undefined) return null;
  if (library.isSeq(node)) return node.items.map((item) => read(library, item, open, depth + 1));
  if (library.isMap(node)) {
    const map = new Map<string, Value>();
    for (const { key, value } of node.items) map.set(readKey(library, key), read(library, value, open, depth + 1));
    return map;
  }
  if (library.isScalar(node) && node.tag === undefined) return readScalar(node, open);
  throw new Undecided();
}

function readKey(library: Library, key: unknown): string {
  if (!library.isScalar(key)) throw new Undecided();
  const value = readScalar(key, undecided);
  if (typeof value !== "string" || value === "<<") throw new Undecided();
  return value;
}

function readScalar(node: Scalar, open: Open): Value {
  const source = node.value;
  if (typeof source !== "string") return null;
  if (node.type !== "PLAIN") return source;
  if (nulls.has(source)) return null;
  const boolean = booleans.get(source);
  if (boolean !== undefined) return boolean;
  if (/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/.test(source)) return parseNumber(source) ?? null;
  if (text.test(source)) return source;
  return isDay(source) ? `${source}T00:00:00Z` : open(source);
}

/** Whether text is a day of the calendar: Terraform takes it for a time, though nobody wrote one (`Version: 2012-10-17`). */
const isDay = (source: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(source) && new Date(`${source}T00:00:00Z`).toJSON()?.startsWith(source) === true;

function undecided(): never {
  throw new Undecided();
}
