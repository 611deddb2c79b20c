/** Turns text into text: Terraform's string functions, on known and on symbolic text. */
import { partsOf, Sym, Text, text, Unknown, type Value } from "../../kernel/index";
import { becauseOf, toInteger, toKnownText, toOrderedList, toTemplateText, toText } from "../values/convert";
import { Failed, limits, TooComplex, Undecided } from "../values/outcome";
import { inOrderOf } from "../values/sets";
import {
  canBeEmpty,
  canHideSpace,
  endsWith,
  isLowerCase,
  isOutsideSymbols,
  occursInLiteralsOnly,
  splitText,
  startsWith,
} from "../values/text";
import { formatText } from "./format";
import { binary, type Call, type FunctionGroup, plain, unary } from "./function";
import { parseTimeless } from "./patterns";

/** What can't be told about a symbolic text, though Terraform would not refuse it. */
const open = (value: string | Text): Undecided => new Undecided(becauseOf(value), false);

/** Changes the literal parts of text; only where no symbol can take part in the change. */
function inLiterals(value: string | Text, change: (literal: string) => string): string | Text {
  return typeof value === "string"
    ? change(value)
    : text(value.parts.map((part) => (typeof part === "string" ? change(part) : part)));
}

function inCase(value: Value, change: (literal: string) => string, isDone: (symbol: Sym) => boolean): string | Text {
  const given = toText(value);
  if (partsOf(given).some((part) => part instanceof Sym && !isDone(part))) throw open(given);
  return inLiterals(given, change);
}

const isCaseless = (symbol: Sym): boolean => symbol.kind === "account-id";

function join(values: readonly Value[]): string | Text {
  const [separatorValue = "", ...lists] = values;
  const separator = toText(separatorValue);
  const pieces: (string | Sym | Text)[] = [];
  let length = 0;
  for (const list of lists) {
    for (const item of toOrderedList(list)) {
      if (item === null) throw new Failed("expected text, found null");
      const piece = toTemplateText(item);
      if (pieces.length > 0) pieces.push(separator);
      pieces.push(piece);
      length += lengthIn(piece) + lengthIn(separator);
      if (length > limits.length) throw new TooComplex();
    }
  }
  return text(pieces);
}

const lengthIn = (value: string | Text): number =>
  partsOf(value).reduce((sum, part) => sum + (typeof part === "string" ? part.length : 1), 0);

function split(separator: string, value: string | Text): Value {
  if (separator === "" || (value instanceof Text && !occursInLiteralsOnly(value, separator))) {
    if (value instanceof Text) throw open(value);
    return separator === "" ? [...value] : value.split(separator);
  }
  return splitText(value, separator);
}

/** A private-use character that marks where symbolic text comes in. */
const MARK = "\ue000";

function replace(value: string | Text, what: string, by: string | Text, call: Call): string | Text {
  if (what.length > 1 && what.startsWith("/") && what.endsWith("/")) {
    if (value instanceof Text) throw open(value);
    call.spend(value.length);
    const pattern = parseTimeless(what.slice(1, -1));
    if (typeof by === "string") return pattern.replaceAll(value, by);
    // a `$` would name a group; without one, what comes in is the same everywhere
    const isPlain = partsOf(by).every((part) => typeof part !== "string" || !part.includes("$"));
    if (!isPlain || !isOutsideSymbols(by, "$") || value.includes(MARK)) throw open(by);
    const between = pattern.replaceAll(value, MARK).split(MARK);
    if (between.length * lengthIn(by) > limits.length) throw new TooComplex();
    return text(between.flatMap((piece, i) => (i === 0 ? [piece] : [by, piece])));
  }
  if (value instanceof Text && (what === "" || !occursInLiteralsOnly(value, what))) throw open(value);
  const count = partsOf(value).reduce(
    (sum, part) => sum + (typeof part === "string" ? part.split(what).length - 1 : 0),
    0,
  );
  if (count * lengthIn(by) > limits.length) throw new TooComplex();
  return text(
    partsOf(value).flatMap((part): (string | Sym | Text)[] => {
      if (part === value && what === "") return [by, ...[...part].flatMap((character) => [character, by])];
      if (typeof part !== "string") return [part];
      return part.split(what).flatMap((piece, i) => (i === 0 ? [piece] : [by, piece]));
    }),
  );
}

/** Go's `unicode.IsSpace`. */
const spaces = "\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000";
const leadingSpace = new RegExp(`^[${spaces}]+`, "u");

function trimEndOf(value: string, isTrimmed: (character: string) => boolean): string {
  const characters = [...value];
  while (characters.length > 0 && isTrimmed(characters.at(-1) ?? "")) characters.pop();
  return characters.join("");
}

function trimStartOf(value: string, isTrimmed: (character: string) => boolean): string {
  const characters = [...value];
  const first = characters.findIndex((character) => !isTrimmed(character));
  return first < 0 ? "" : characters.slice(first).join("");
}

/** Trims both ends of text; a symbol at an end must not hold what is trimmed. */
function trimmed(
  value: string | Text,
  isTrimmed: (character: string) => boolean,
  canHide: (part: Sym) => boolean,
): string | Text {
  if (typeof value === "string") return trimEndOf(trimStartOf(value, isTrimmed), isTrimmed);
  const parts = [...value.parts];
  const [first, last] = [parts[0], parts.at(-1)];
  if (typeof first === "string") {
    parts[0] = trimStartOf(first, isTrimmed);
    if (parts[0] === "" && canHide(symbolAt(parts, 1))) throw open(value);
  } else if (first !== undefined && canHide(first)) throw open(value);
  if (typeof last === "string") {
    parts[parts.length - 1] = trimEndOf(last, isTrimmed);
    if (parts.at(-1) === "" && canHide(symbolAt(parts, parts.length - 2))) throw open(value);
  } else if (last !== undefined && canHide(last)) throw open(value);
  return text(parts);
}

function symbolAt(parts: readonly (string | Sym)[], at: number): Sym {
  const part = parts[at];
  return part instanceof Sym ? part : new Sym("", "any");
}

const isSpace = (character: string): boolean => leadingSpace.test(character);

function trimPrefix(value: string | Text, prefix: string): string | Text {
  const truth = startsWith(value, prefix);
  if (truth === "unknown") throw open(value);
  return truth === "no" ? value : cut(value, prefix.length, 0);
}

function trimSuffix(value: string | Text, suffix: string): string | Text {
  const truth = endsWith(value, suffix);
  if (truth === "unknown") throw open(value);
  return truth === "no" ? value : cut(value, 0, suffix.length);
}

/** Text without so many characters of its first and last literal. */
function cut(value: string | Text, front: number, back: number): string | Text {
  if (typeof value === "string") return value.slice(front, value.length - back);
  const last = value.parts.length - 1;
  return text(
    value.parts.map((part, i) => {
      if (typeof part !== "string") return part;
      return part.slice(i === 0 ? front : 0, i === last ? part.length - back : part.length);
    }),
  );
}

/** Made when it is first needed: its tables take longer to load than most projects take to judge. */
let segmenter: Intl.Segmenter | undefined;

/** What Terraform counts as characters: grapheme clusters. */
export function characters(value: string): string[] {
  if (/^[\x20-\x7e]*$/.test(value)) return [...value];
  segmenter ??= new Intl.Segmenter("und", { granularity: "grapheme" });
  return [...segmenter.segment(value)].map(({ segment }) => segment);
}

function substring(value: string | Text, offset: number, length: number): string | Text {
  if (value instanceof Text) {
    const [first] = value.parts;
    const isInFirst = typeof first === "string" && offset >= 0 && length >= 0 && /^[\x20-\x7e]*$/.test(first);
    if (!isInFirst || offset + length > first.length) throw open(value);
    return first.slice(offset, offset + length);
  }
  const all = characters(value);
  const start = offset < 0 ? Math.max(0, offset + all.length) : offset;
  return all.slice(start, length < 0 ? all.length : start + length).join("");
}

function decided(truth: "yes" | "no" | "unknown", value: string | Text): boolean {
  if (truth === "unknown") throw open(value);
  return truth === "yes";
}

/** Upper-cases the first letter of each word, where words are separated as Go's `strings.Title` does. */
const title = (value: string): string =>
  value.replace(
    /(^|[^\w\u0080-\u{10ffff}]|\p{White_Space})(\p{L})/gu,
    (_all, before: string, letter: string) => before + letter.toUpperCase(),
  );

function formatList(values: readonly Value[], call: Call): Value {
  const [format = "", ...given] = values;
  const lists = given.filter(Array.isArray) as (readonly Value[])[];
  const lengths = new Set(lists.map((list) => list.length));
  if (lengths.size > 1) throw new Failed("lists of different lengths");
  const [count = 1] = lengths;
  const rows = Array.from({ length: count }, (_row, i) =>
    given.map((value) => (Array.isArray(value) ? ((value as readonly Value[])[i] ?? null) : value)),
  );
  call.spend(count * values.length);
  return inOrderOf(
    rows.map((row) => formatText(toText(format), row)),
    ...lists,
  );
}

/** String functions of Terraform, <https://developer.hashicorp.com/terraform/language/functions>. */
export const textFunctions: FunctionGroup = [
  ["lower", unary((value) => inCase(value, (s) => s.toLowerCase(), isLowerCase))],
  ["upper", unary((value) => inCase(value, (s) => s.toUpperCase(), isCaseless))],
  ["title", unary((value) => title(toKnownText(value)))],
  ["join", plain(1, Number.POSITIVE_INFINITY, join)],
  ["split", binary((separator, value) => split(toKnownText(separator), toText(value)))],
  [
    "replace",
    plain(3, 3, ([value = "", what = "", by = ""], call) =>
      replace(toText(value), toKnownText(what), toText(by), call),
    ),
  ],
  ["trimspace", unary((value) => trimmed(toText(value), isSpace, canHideSpace))],
  [
    "trim",
    binary((value, cutset) => {
      const set = toKnownText(cutset);
      const given = toText(value);
      return trimmed(
        given,
        (c) => set.includes(c),
        (part) => canBeEmpty(part) || !isOutsideSymbols(text([part]), set),
      );
    }),
  ],
  ["trimprefix", binary((value, prefix) => trimPrefix(toText(value), toKnownText(prefix)))],
  ["trimsuffix", binary((value, suffix) => trimSuffix(toText(value), toKnownText(suffix)))],
  ["chomp", unary((value) => trimEndOf(toKnownText(value), (c) => c === "\n" || c === "\r"))],
  [
    "indent",
    binary((count, value) => {
      const width = toInteger(count);
      if (width < 0 || width > 1000) throw new TooComplex();
      return inLiterals(toLinesKnown(value), (s) => s.replaceAll("\n", `\n${" ".repeat(width)}`));
    }),
  ],
  [
    "substr",
    plain(3, 3, ([value = "", offset = 0, length = 0]) =>
      substring(toText(value), toInteger(offset), toInteger(length)),
    ),
  ],
  ["strrev", unary((value) => characters(toKnownText(value)).reverse().join(""))],
  ["startswith", binary((value, prefix) => decided(startsWith(toText(value), toKnownText(prefix)), toText(value)))],
  ["endswith", binary((value, suffix) => decided(endsWith(toText(value), toKnownText(suffix)), toText(value)))],
  ["strcontains", binary((value, part) => contains(toText(value), toKnownText(part)))],
  ["format", plain(1, Number.POSITIVE_INFINITY, formatAll, { takesNull: true, takesUnknown: true })],
  ["formatlist", plain(1, Number.POSITIVE_INFINITY, formatList)],
  ["regex", binary((pattern, value, call) => parseTimeless(toKnownText(pattern)).first(knownSubject(value, call)))],
  [
    "regexall",
    binary((pattern, value, call) => {
      const found = parseTimeless(toKnownText(pattern)).all(knownSubject(value, call));
      call.spend(found.length);
      return found;
    }),
  ],
];

/** What a pattern is matched against; the longer it is, the more it costs. */
const knownSubject = (value: Value, call: Call): string => {
  const given = toText(value);
  if (given instanceof Text) throw new Undecided(becauseOf(given));
  call.spend(given.length);
  return given;
};

function toLinesKnown(value: Value): string | Text {
  const given = toText(value);
  if (
    given instanceof Text &&
    given.parts.some((part) => part instanceof Sym && (part.kind === "any" || part.kind === "name"))
  ) {
    throw open(given);
  }
  return given;
}

function contains(value: string | Text, part: string): boolean {
  if (partsOf(value).some((piece) => typeof piece === "string" && piece.includes(part))) return true;
  if (value instanceof Text && !occursInLiteralsOnly(value, part)) throw open(value);
  return part === "";
}

function formatAll(values: readonly Value[]): string | Text {
  const [format = null, ...given] = values;
  if (format === null || format instanceof Unknown) {
    if (format === null) throw new Failed("a format must not be null");
    throw new Undecided(format.because);
  }
  return formatText(toText(format), given);
}
