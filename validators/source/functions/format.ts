/** Turns a format and its arguments into text, by the verbs of Terraform's `format`. */
import { type Sym, type Text, text, Unknown, type Value } from "../../kernel/index";
import { becauseOf, symbolOf, toBoolean, toNumber, toText } from "../values/convert";
import { Failed, TooComplex, Undecided } from "../values/outcome";
import { isOutsideSymbols } from "../values/text";
import { encodeJson } from "./json";

const verb = /%(?:%|([-+ #0]{0,5})(\d{1,6})?(?:\.(\d{1,4}))?(?:\[(\d{1,4})\])?([a-zA-Z]))/g;
/** The beginning of a verb with more flags and digits than the pattern above reads. */
const oversized = /%(?:[-+ #0]{6}|[-+ #0]{0,5}\d{7}|[-+ #0]{0,5}\d{0,6}\.\d{5})/;

interface Directive {
  readonly flags: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
  readonly letter: string;
}

/** Stands for a symbol of the format, by its place, while its verbs are read. */
const MARK = /\ue000(\d+)\ue001/;

/** A format whose symbols are marked. They must hold no `%`, nor go on with a verb that a literal begins. */
function marked(format: string | Text): string {
  if (typeof format === "string") return format;
  if (!isOutsideSymbols(format, "%")) throw new Undecided(becauseOf(format));
  return format.parts
    .map((part, i) => {
      if (typeof part !== "string") return `\ue000${i}\ue001`;
      if (/[\ue000\ue001]/.test(part)) throw new Undecided();
      if (i < format.parts.length - 1 && part.replace(verb, "").includes("%")) throw new Undecided(becauseOf(format));
      return part;
    })
    .join("");
}

/** A piece of a marked format with its symbols. */
const unmarked = (piece: string, format: string | Text): (string | Sym)[] =>
  typeof format === "string" ? [piece] : piece.split(MARK).map((part, i) => (i % 2 ? symbolAt(format, part) : part));

const symbolAt = (format: Text, place: string): string | Sym => format.parts[Number(place)] ?? "";

/** The formatted text. Throws `Failed` for too few or too many arguments, as Terraform refuses them. */
export function formatText(pattern: string | Text, given: readonly Value[]): string | Text {
  const format = marked(pattern);
  const pieces: (string | Sym | Text)[] = [];
  let next = 0;
  let isIndexed = false;
  let at = 0;
  if (oversized.test(format)) throw new TooComplex();
  for (const match of format.matchAll(verb)) {
    const [all, flags = "", width, precision, index, letter] = match;
    const between = format.slice(at, match.index);
    if (between.includes("%")) throw new Failed("a verb that isn't one");
    pieces.push(...unmarked(between, pattern));
    at = match.index + all.length;
    if (letter === undefined) {
      pieces.push("%");
      continue;
    }
    if (index !== undefined) isIndexed = true;
    const position = index === undefined ? next : Number(index) - 1;
    next = position + 1;
    const value = given[position];
    if (value === undefined) throw new Failed("not enough arguments for the format");
    pieces.push(
      formatOne(value, {
        flags,
        width: width === undefined ? undefined : Number(width),
        precision: precision === undefined ? undefined : Number(precision),
        letter,
      }),
    );
  }
  const rest = format.slice(at);
  if (rest.includes("%")) throw new Failed("a verb that isn't one");
  if (!isIndexed && next < given.length) throw new Failed("too many arguments for the format");
  return text([...pieces, ...unmarked(rest, pattern)]);
}

function formatOne(value: Value, directive: Directive): string | Text | Sym {
  const { letter, width, precision, flags } = directive;
  if ((width ?? 0) > 10_000 || (precision ?? 0) > 1000) throw new TooComplex();
  const formatted = convert(value, letter, precision, flags);
  if (width === undefined) return formatted;
  if (typeof formatted !== "string") throw new Undecided("computed-at-apply", false);
  return pad(formatted, width, flags, letter);
}

function convert(value: Value, letter: string, precision: number | undefined, flags: string): string | Text | Sym {
  switch (letter) {
    case "v":
      if (value instanceof Unknown) return symbolOf(value);
      if (value === null) throw new Undecided();
      if (flags.includes("#") || (typeof value === "object" && !isTextual(value))) return encodeJson(value);
      return truncated(toText(value), precision);
    case "s":
      if (value instanceof Unknown) return symbolOf(value);
      if (value === null) throw new Undecided();
      return truncated(toText(value), precision);
    case "q":
      if (value === null) throw new Undecided();
      return encodeJson(truncated(toText(value), precision));
    case "t":
      return String(toBoolean(present(value)));
    default:
      return formatNumeric(toNumber(present(value)), letter, precision, flags);
  }
}

const isTextual = (value: Value): value is Text => value !== null && typeof value === "object" && "parts" in value;

function present(value: Value): Value {
  if (value === null) throw new Failed("an argument must not be null");
  return value;
}

function truncated(value: string | Text, precision: number | undefined): string | Text {
  if (precision === undefined) return value;
  if (typeof value !== "string") throw new Undecided("computed-at-apply", false);
  return [...value].slice(0, precision).join("");
}

function formatNumeric(value: number, letter: string, precision: number | undefined, flags: string): string {
  const sign = value < 0 ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  const size = Math.abs(value);
  switch (letter) {
    case "d":
      if (!Number.isInteger(value)) throw new Failed("expected a whole number");
      return sign + String(Math.trunc(size));
    case "b":
      return sign + Math.trunc(size).toString(2);
    case "o":
      return sign + Math.trunc(size).toString(8);
    case "x":
      return sign + Math.trunc(size).toString(16);
    case "X":
      return sign + Math.trunc(size).toString(16).toUpperCase();
    case "f":
      if (size >= 1e15) throw new Undecided("too-complex", false);
      return sign + size.toFixed(Math.min(precision ?? 6, 100));
    case "e":
    case "E":
    case "g":
    case "G":
      throw new Undecided("unresolved-expression", false);
    default:
      throw new Failed("a verb that isn't one");
  }
}

function pad(value: string, width: number, flags: string, letter: string): string {
  const missing = width - [...value].length;
  if (missing <= 0) return value;
  if (flags.includes("-")) return value + " ".repeat(missing);
  if (flags.includes("0") && letter !== "s" && letter !== "v" && letter !== "q") {
    const sign = /^[-+ ]/.exec(value)?.[0] ?? "";
    return sign + "0".repeat(missing) + value.slice(sign.length);
  }
  return (flags.includes("0") ? "0" : " ").repeat(missing) + value;
}
