/** Turns YAML into values, as far as every reader of YAML agrees on what it says. */
import type { Document, Node, Scalar } from "yaml";
import { isMap, type Unknown, type Value, type ValueMap } from "../../kernel/index";
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
const text = /^(?!(?:y|n|yes|no|on|off)$)(?:[A-Za-z/*_][^:\n]*(?::+[^ :\n]+)*|[^\n]*[/*][^\n]*)$/i;

/** Makes an unknown of a scalar that readers disagree on, such as `yes`. */
type Open = (scalar: string) => Unknown;

/** `yamldecode`. Throws `Undecided` for tags and several documents. */
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
  return new Reader(library, document, open).read(document.contents, 0);
}

/** Reads one document. */
class Reader {
  /** What an anchor names, by the node: aliases of aliases would grow without end. */
  readonly #known = new Map<Node, Value>();

  constructor(
    readonly library: Library,
    readonly document: Document,
    readonly open: Open,
  ) {}

  read(node: unknown, depth: number): Value {
    const { library } = this;
    if (depth > 100) throw new TooComplex();
    if (node === null || node === undefined) return null;
    if (library.isAlias(node)) return this.#named(node.resolve(this.document), depth);
    if (library.isSeq(node)) return node.items.map((item) => this.read(item, depth + 1));
    if (library.isMap(node)) return this.#map(node.items, depth);
    if (library.isScalar(node) && node.tag === undefined) return readScalar(node, this.open);
    throw new Undecided();
  }

  #named(node: Node | undefined, depth: number): Value {
    if (node === undefined) throw new Undecided();
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const value = this.read(node, depth + 1);
    this.#known.set(node, value);
    return value;
  }

  #map(pairs: readonly { readonly key: unknown; readonly value: unknown }[], depth: number): Value {
    const [map, own] = [new Map<string, Value>(), new Set<string>()];
    for (const { key, value } of pairs) {
      const name = readKey(this.library, key);
      if (name === "<<") {
        for (const [other, merged] of this.#merged(value, depth)) {
          // Terraform lets the merged one win here, and YAML the own one
          if (own.has(other)) throw new Undecided();
          map.set(other, merged);
        }
      } else {
        own.add(name);
        map.set(name, this.read(value, depth + 1));
      }
    }
    return map;
  }

  /** What `<<: *base` takes over. */
  #merged(node: unknown, depth: number): ValueMap {
    const value = this.library.isAlias(node) ? this.read(node, depth + 1) : null;
    if (!isMap(value)) throw new Undecided();
    return value;
  }
}

function readKey(library: Library, key: unknown): string {
  if (!library.isScalar(key)) throw new Undecided();
  if (key.value === "<<" && key.type === "PLAIN") return key.value;
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
