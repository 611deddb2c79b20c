/** Turns values into JSON text as Terraform writes it, and JSON text, symbolic or not, back into values. */
import { fromJson, isList, isMap, isText, Sym, type Text, text, Unknown, type Value } from "../../kernel/index";
import { isSettled } from "../settled";
import { symbolOf } from "../values/convert";
import { formatNumber } from "../values/numbers";
import { sortedKeys } from "../values/order";
import { Failed, TooComplex, Undecided } from "../values/outcome";

const deepest = 100;
const special = /["\\<>&\u0000-\u001f\u2028\u2029]/g;
const short = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\b", "\\b"],
  ["\f", "\\f"],
]);

/** The inside of a JSON string, escaped as Go's `encoding/json` does. */
const escapeJson = (literal: string): string =>
  literal.replace(special, (c) => short.get(c) ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Text as a JSON string; symbols stand inside the quotes. */
const quoteJson = (value: string | Text): string | Text =>
  typeof value === "string"
    ? `"${escapeJson(value)}"`
    : text(['"', ...value.parts.map((part) => (typeof part === "string" ? escapeJson(part) : part)), '"']);

/**
 * `jsonencode`: keys sorted, no spaces. A value that is unknown altogether becomes a symbol outside quotes, where a
 * JSON reader sees an unknown value.
 */
export function encodeJson(value: Value, spend: (amount: number) => void = () => {}): string | Text {
  const pieces: (string | Sym | Text)[] = [];
  write(value, pieces, spend, 0);
  return text(pieces);
}

function write(value: Value, into: (string | Sym | Text)[], spend: (amount: number) => void, depth: number): void {
  if (depth > deepest) throw new TooComplex();
  spend(1);
  if (value === null) into.push("null");
  else if (value instanceof Unknown) into.push(symbolOf(value));
  else if (typeof value === "boolean") into.push(String(value));
  else if (typeof value === "number") into.push(formatNumber(value));
  else if (isText(value)) into.push(quoteJson(value));
  else if (isList(value)) {
    into.push("[");
    value.forEach((item, i) => {
      if (i > 0) into.push(",");
      write(item, into, spend, depth + 1);
    });
    into.push("]");
  } else if (isMap(value)) {
    into.push("{");
    sortedKeys(value).forEach((key, i) => {
      into.push(`${i > 0 ? "," : ""}${String(quoteJson(key))}:`);
      write(value.get(key) ?? null, into, spend, depth + 1);
    });
    into.push("}");
  }
}

/** Private-use characters that mark where a symbol stood while `JSON.parse` reads the rest. */
const [insideMark, valueMark, endMark] = ["\ue000", "\ue001", "\ue002"];

/** `jsondecode`. Symbols inside strings stay where they are; one that stands for a whole value becomes `Unknown`. */
export function decodeJson(given: string | Text): Value {
  if (typeof given === "string") return parse(given);
  const symbols = given.parts.filter((part) => part instanceof Sym);
  const places = new Map(symbols.map((symbol, i) => [symbol, i]));
  let source = "";
  let isInString = false;
  for (const part of given.parts) {
    if (typeof part === "string") {
      if (/[\ue000-\ue002]/.test(part)) throw new Undecided("too-complex");
      source += part;
      isInString = endsInString(part, isInString);
    } else {
      const mark = `${isInString ? insideMark : valueMark}${places.get(part)}${endMark}`;
      source += isInString ? mark : `"${mark}"`;
    }
  }
  const parsed = parseLoosely(source);
  if (parsed === undefined) throw new Undecided(symbols[0]?.because ?? "unresolved-expression");
  return restore(fromJson(parsed.value), symbols);
}

function parse(source: string): Value {
  const parsed = parseLoosely(source);
  if (parsed === undefined) throw new Failed("expected JSON");
  return fromJson(parsed.value);
}

function parseLoosely(source: string): { readonly value: unknown } | undefined {
  if (nesting(source) > deepest) throw new TooComplex();
  try {
    return { value: JSON.parse(source) };
  } catch {
    return undefined;
  }
}

/** An upper bound of how deep JSON is nested. */
function nesting(source: string): number {
  let open = 0;
  let deepestSeen = 0;
  for (let i = 0; i < source.length; i++) {
    const c = source.charCodeAt(i);
    if (c === 91 || c === 123) deepestSeen = Math.max(deepestSeen, ++open);
    else if (c === 93 || c === 125) open--;
  }
  return deepestSeen;
}

function endsInString(part: string, startsInString: boolean): boolean {
  let inString = startsInString;
  for (let i = 0; i < part.length; i++) {
    if (part[i] === "\\" && inString) i++;
    else if (part[i] === '"') inString = !inString;
  }
  return inString;
}

const insideMarks = /\ue000(\d+)\ue002/g;

function restore(value: Value, symbols: readonly Sym[]): Value {
  if (typeof value === "string") return restoreText(value, symbols);
  if (isList(value)) return value.map((item) => restore(item, symbols));
  if (isMap(value)) {
    const restored = new Map<string, Value>();
    for (const [key, item] of value) {
      if (/[\ue000\ue001]/.test(key)) throw new Undecided("unresolved-expression");
      restored.set(key, restore(item, symbols));
    }
    return restored;
  }
  return value;
}

function restoreText(value: string, symbols: readonly Sym[]): Value {
  if (value.startsWith(valueMark)) {
    const symbol = symbols[Number(value.slice(1, -1))];
    if (symbol === undefined) throw new Undecided();
    return new Unknown(symbol.id, symbol.because);
  }
  const pieces: (string | Sym)[] = [];
  let at = 0;
  for (const match of value.matchAll(insideMarks)) {
    const symbol = symbols[Number(match[1])];
    if (symbol === undefined) throw new Undecided();
    pieces.push(value.slice(at, match.index), symbol);
    at = match.index + match[0].length;
  }
  return text([...pieces, value.slice(at)]);
}

/** JSON as Go's `json.MarshalIndent` writes it with two spaces, members in the map's own order. */
export function encodeIndented(value: Value): string | Text {
  const pieces: (string | Sym | Text)[] = [];
  writeIndented(value, pieces, "\n");
  return text(pieces);
}

function writeIndented(value: Value, into: (string | Sym | Text)[], lineBreak: string): void {
  if (isSettled(value)) into.push(writtenOnce(value, lineBreak));
  else writeAfresh(value, into, lineBreak);
}

/** What values that are the same for all instances look like, by how deep they stand. */
const written = new WeakMap<object, Map<string, string | Text>>();

function writtenOnce(value: Value & object, lineBreak: string): string | Text {
  const known = written.get(value) ?? new Map<string, string | Text>();
  const there = known.get(lineBreak);
  if (there !== undefined) return there;
  const pieces: (string | Sym | Text)[] = [];
  writeAfresh(value, pieces, lineBreak);
  const one = text(pieces);
  written.set(value, known.set(lineBreak, one));
  return one;
}

function writeAfresh(value: Value, into: (string | Sym | Text)[], lineBreak: string): void {
  if (lineBreak.length > 2 * deepest) throw new TooComplex();
  const inner = `${lineBreak}  `;
  if (isList(value) && value.length > 0) {
    value.forEach((item, i) => {
      into.push(i === 0 ? `[${inner}` : `,${inner}`);
      writeIndented(item, into, inner);
    });
    into.push(`${lineBreak}]`);
  } else if (isMap(value) && value.size > 0) {
    [...value].forEach(([key, item], i) => {
      into.push(`${i === 0 ? "{" : ","}${inner}`, quoteJson(key), ": ");
      writeIndented(item, into, inner);
    });
    into.push(`${lineBreak}}`);
  } else write(value, into, () => {}, 0);
}
