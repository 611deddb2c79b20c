/** Turns questions about symbolic text (is it equal, does it start with, can it hold) into three-valued answers. */
import {
  isSameText,
  isUniqueKind,
  partsOf,
  type Sym,
  type SymbolKind,
  Text,
  type Truth,
  text,
  truth,
} from "../../kernel/index";

/** The characters that a symbol of a kind can hold. Wide on purpose: S3 once allowed capitals in names. */
const alphabets: Readonly<Record<SymbolKind, RegExp>> = {
  "account-id": /^[0-9]$/,
  partition: /^[a-z-]$/,
  region: /^[a-z0-9-]$/,
  "bucket-name": /^[A-Za-z0-9._-]$/,
  "key-id": /^[A-Za-z0-9-]$/,
  "vpc-id": /^[a-z0-9-]$/,
  "vpc-endpoint-id": /^[a-z0-9-]$/,
  "organization-id": /^[a-z0-9-]$/,
  name: /^[^:/*?]$/,
  "role-id": /^[A-Z0-9]$/,
  "user-id": /^[A-Z0-9]$/,
  any: /^[\s\S]$/,
};

const PLAIN = /^[a-z0-9.-]$/;

/** Whether a character may occur in a symbol. */
const canHold = ({ isPlain, kind }: Sym, character: string): boolean =>
  alphabets[kind].test(character) && (!isPlain || PLAIN.test(character));

/** Whether a symbol may turn out to be nothing. */
export const canBeEmpty = (symbol: Sym): boolean => symbol.kind === "any";

/** Whether no character of `needle` can stand inside a symbol of `value`, so that it occurs in literal parts only. */
export const isOutsideSymbols = (value: string | Text, needle: string): boolean =>
  // by code units: a symbol that may be anything may end in the middle of a pair
  partsOf(value).every((part) => typeof part === "string" || !needle.split("").some((unit) => canHold(part, unit)));

/** Whether `needle`, wherever it occurs in text, lies in one literal part: no symbol can hold it or take part in it. */
export function occursInLiteralsOnly(value: string | Text, needle: string): boolean {
  const parts = partsOf(value);
  if (needle === "") return parts.every((part) => typeof part === "string");
  let begun: ReadonlySet<number> = new Set();
  for (const part of parts) {
    begun = new Set([...[...begun].flatMap((taken) => goneOn(part, needle, taken)), ...beginnings(part, needle)]);
    if (begun.has(needle.length)) return false;
  }
  return true;
}

/** How many characters of the needle can stand at the end of a part, or all of them inside a symbol. */
function beginnings(part: string | Sym, needle: string): readonly number[] {
  if (typeof part !== "string") return countsIn(part, needle).filter((taken) => taken > 0);
  const most = Math.min(part.length, needle.length - 1);
  return Array.from({ length: most }, (_, i) => i + 1).filter((taken) => part.endsWith(needle.slice(0, taken)));
}

/** How many characters of a needle are behind a part, of which some stand before it. */
function goneOn(part: string | Sym, needle: string, taken: number): readonly number[] {
  const rest = needle.slice(taken);
  if (typeof part !== "string") return countsIn(part, rest).map((count) => taken + count);
  if (part.length >= rest.length) return part.startsWith(rest) ? [needle.length] : [];
  return rest.startsWith(part) ? [taken + part.length] : [];
}

/** How many characters of a text can be the first ones of a symbol, or all of it. */
function countsIn(symbol: Sym, rest: string): readonly number[] {
  const counts: number[] = canBeEmpty(symbol) ? [0] : [];
  for (let i = 0; i < rest.length && canHold(symbol, rest.charAt(i)); i++) counts.push(i + 1);
  return counts;
}

/** Whether text holds no white space at its edges that a symbol could hide. */
export const canHideSpace = (part: string | Sym): boolean =>
  typeof part !== "string" && (part.kind === "any" || part.kind === "name");

/** Whether a symbol is the same in lower case. */
export const isLowerCase = (symbol: Sym): boolean =>
  symbol.kind === "account-id" || symbol.kind === "partition" || symbol.kind === "region";

/** Whether two texts are equal. */
export function equals(a: string | Text, b: string | Text): Truth {
  if (isSameText(a, b)) return "yes";
  if (typeof a === "string" && typeof b === "string") return "no";
  if (typeof a === "string") return b instanceof Text && !canBe(b, a) ? "no" : "unknown";
  if (typeof b === "string") return canBe(a, b) ? "unknown" : "no";
  const [left, right] = withoutCommonEnds(partsOf(a), partsOf(b));
  return areApart(left, right) ? "no" : "unknown";
}

/** Whether text starts with a known prefix. */
export function startsWith(value: string | Text, prefix: string): Truth {
  const [first = ""] = partsOf(value);
  if (typeof value === "string") return truth(value.startsWith(prefix));
  if (typeof first === "string" && first.length >= prefix.length) return truth(first.startsWith(prefix));
  return canBe(value, prefix, true) ? "unknown" : "no";
}

/** Whether text ends with a known suffix. */
export function endsWith(value: string | Text, suffix: string): Truth {
  if (typeof value === "string") return truth(value.endsWith(suffix));
  const last = value.parts.at(-1) ?? "";
  if (typeof last === "string") {
    if (last.length >= suffix.length) return truth(last.endsWith(suffix));
    return suffix.endsWith(last) ? "unknown" : "no";
  }
  return "unknown";
}

/** Whether symbolic text can turn out to be `known` (or, with `asPrefix`, to start with it). */
function canBe(value: Text, known: string, asPrefix = false): boolean {
  const characters = [...known];
  if (characters.length * value.parts.length > 200_000) return true;
  let reached: ReadonlySet<number> = new Set([0]);
  for (const part of value.parts) {
    if (asPrefix && reached.has(characters.length)) return true;
    reached =
      typeof part === "string"
        ? afterLiteral(reached, characters, [...part], asPrefix)
        : afterSymbol(reached, characters, part);
    if (reached.size === 0) return false;
  }
  return reached.has(characters.length);
}

function afterLiteral(
  reached: ReadonlySet<number>,
  known: readonly string[],
  literal: readonly string[],
  asPrefix: boolean,
): ReadonlySet<number> {
  const next = new Set<number>();
  for (const at of reached) {
    const room = Math.min(literal.length, known.length - at);
    const fits = room === literal.length || asPrefix;
    if (fits && literal.slice(0, room).every((c, i) => c === known[at + i])) next.add(at + room);
  }
  return next;
}

function afterSymbol(reached: ReadonlySet<number>, known: readonly string[], symbol: Sym): ReadonlySet<number> {
  const next = new Set<number>();
  const alphabet = alphabets[symbol.kind];
  let running = false;
  for (let at = 0; at <= known.length; at++) {
    if (running) next.add(at);
    if (reached.has(at)) {
      if (canBeEmpty(symbol)) next.add(at);
      running = true;
    }
    const c = known[at];
    if (c === undefined || !alphabet.test(c)) running = false;
  }
  return next;
}

type Parts = readonly (string | Sym)[];

/** Both lists of parts without what they certainly share at the front and at the back. */
function withoutCommonEnds(a: Parts, b: Parts): [Parts, Parts] {
  const [left, right] = withoutCommonFront([...a], [...b], false);
  const [leftBack, rightBack] = withoutCommonFront(left.reverse(), right.reverse(), true);
  return [leftBack.reverse(), rightBack.reverse()];
}

function withoutCommonFront(
  a: (string | Sym)[],
  b: (string | Sym)[],
  backwards: boolean,
): [(string | Sym)[], (string | Sym)[]] {
  while (a.length > 0 && b.length > 0) {
    const [left, right] = [a[0], b[0]];
    if (typeof left === "string" && typeof right === "string") {
      const shared = sharedLength(left, right, backwards);
      if (shared === 0) break;
      cutFront(a, left, shared, backwards);
      cutFront(b, right, shared, backwards);
    } else if (typeof left === "object" && typeof right === "object" && left.id === right.id) {
      a.shift();
      b.shift();
    } else break;
  }
  return [a, b];
}

function cutFront(parts: (string | Sym)[], first: string, length: number, backwards: boolean): void {
  const rest = backwards ? first.slice(0, first.length - length) : first.slice(length);
  if (rest === "") parts.shift();
  else parts[0] = rest;
}

function sharedLength(a: string, b: string, backwards: boolean): number {
  const length = Math.min(a.length, b.length);
  let shared = 0;
  while (
    shared < length &&
    (backwards ? a[a.length - 1 - shared] === b[b.length - 1 - shared] : a[shared] === b[shared])
  ) {
    shared++;
  }
  return shared;
}

/** Whether what is left of two texts, after their common ends are cut, can't be equal. */
function areApart(a: Parts, b: Parts): boolean {
  const [left, right] = [a[0], b[0]];
  if (left === undefined || right === undefined) {
    const rest = left === undefined ? b : a;
    return rest.some((part) => typeof part === "string" || !canBeEmpty(part));
  }
  if (typeof left === "string" && typeof right === "string") return true;
  const [leftBack, rightBack] = [a.at(-1), b.at(-1)];
  if (typeof leftBack === "string" && typeof rightBack === "string") return true;
  if (a.length !== 1 || b.length !== 1 || typeof left === "string" || typeof right === "string") return false;
  // S3 and KMS never give a name twice
  return left.kind === right.kind && isUniqueKind(left.kind);
}

/** The fields of text between separators, which must occur in literals only (see {@link occursInLiteralsOnly}). */
export function splitText(value: string | Text, separator: string): (string | Text)[] {
  const fields: (string | Sym)[][] = [[]];
  for (const part of partsOf(value)) {
    if (typeof part !== "string") {
      fields.at(-1)?.push(part);
      continue;
    }
    part.split(separator).forEach((piece, i) => {
      if (i > 0) fields.push([]);
      fields.at(-1)?.push(piece);
    });
  }
  return fields.map((field) => text(field));
}
