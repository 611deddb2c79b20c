/** Turns text into lines for a terminal: wrapped to a width, coloured only when told, source excerpts with a pointer. */
import { styleText } from "node:util";
import { wrapAnsi } from "fast-wrap-ansi";
import { block, cut } from "./sanitize";

export { inWords } from "./words";

/** The colours that reports use. */
export type Style = "red" | "green" | "yellow" | "cyan" | "dim" | "bold" | "inverse";

/** `text` in a style where `colour` is set, else as it is. Whether to colour is the process door's decision. */
export const paint = (style: Style, text: string, colour: boolean): string =>
  colour ? styleText(style, text, { validateStream: false }) : text;

/** Printable ASCII without space at its ends: as many columns as characters. */
const ONE_COLUMN_EACH = /^[!-~](?:[ -~]*[!-~])?$/;

/**
 * Text wrapped at spaces to `width` columns, each line after `indent` (the first after `first`), as one string. A word
 * that is longer than a line stays whole, so that addresses and ARNs can be copied. Escape sequences for colours take
 * no room and go on in the next line.
 */
export function wrap(text: string, width: number, indent = "", first = indent): string {
  const room = Math.max(20, width - Math.max(indent.length, first.length));
  if (text.length <= room && ONE_COLUMN_EACH.test(text)) return first + text;
  return text
    .split("\n")
    .flatMap((part) => (ONE_COLUMN_EACH.test(part) ? wrappedWords(part, room) : wrapped(part, room)))
    .map((part, index) => ((index === 0 ? first : indent) + part).trimEnd())
    .join("\n");
}

const wrapped = (text: string, room: number): readonly string[] =>
  wrapAnsi(text, room, { hard: false, trim: true }).split("\n");

/** Where texts break, by their room and the lengths of their words: nothing else matters where each character has one column. */
const breaks = new Map<string, readonly (readonly [from: number, to: number])[]>();
const MOST_BREAKS = 1_000;

/** The same for such a text: many say the same of subjects whose names are equally long. */
function wrappedWords(text: string, room: number): readonly string[] {
  let shape = `${room}`;
  for (let from = 0, to = 0; to >= 0; from = to + 1) {
    to = text.indexOf(" ", from);
    shape += ` ${(to < 0 ? text.length : to) - from}`;
  }
  const known = breaks.get(shape);
  if (known !== undefined) return known.map(([from, to]) => text.slice(from, to));
  const lines = wrapped(text, room);
  let end = 0;
  const places = lines.map((one): readonly [number, number] => {
    const from = text.indexOf(one, end);
    end = from + one.length;
    return [from, end];
  });
  if (breaks.size >= MOST_BREAKS) breaks.clear();
  breaks.set(shape, places);
  return lines;
}

/** What a code frame shows. */
export interface Excerpt {
  /** The whole text, or as much of it as is at hand: a policy statement, a `.tf` or `.ts` file. */
  readonly source: string;
  /** Number of the text's first line. Default 1. */
  readonly firstLine?: number;
  /** The lines to point at, counted like `firstLine`, both inclusive. Default: none. */
  readonly from?: number;
  readonly to?: number;
  /** Lines shown around them. Default 2. */
  readonly around?: number;
  /** Columns. Longer lines are cut. Default 80. */
  readonly width?: number;
  readonly colour?: boolean;
}

/** At most this many lines: a frame that scrolls away explains nothing. */
const TALLEST = 20;

/** Source lines with numbers, the ones meant marked by `>`: what compilers print. No final newline. */
export function codeFrame(excerpt: Excerpt): string {
  const { source, firstLine = 1, from, to = from, around = 2, width = 80, colour = false } = excerpt;
  const lines = block(source).replace(/\n$/, "").split("\n");
  const begin = from === undefined ? 0 : Math.max(0, from - firstLine - around);
  const end = Math.min(lines.length, begin + TALLEST, to === undefined ? lines.length : to - firstLine + around + 1);
  const gutter = String(firstLine + end - 1).length;
  const rows = lines.slice(begin, end).map((content, index) => {
    const number = firstLine + begin + index;
    const isMeant = from !== undefined && to !== undefined && number >= from && number <= to;
    const row = `${isMeant ? ">" : " "} ${String(number).padStart(gutter)} | ${content.replaceAll("\t", "  ")}`;
    const fitting = row.length > width ? cut(row, Math.max(2, width)) : row.trimEnd();
    return isMeant ? paint("red", fitting, colour) : paint("dim", fitting, colour);
  });
  const isCut = end - begin >= TALLEST && end < lines.length && (to === undefined || firstLine + end <= to);
  return [...rows, ...(isCut ? [`  ${" ".repeat(gutter)} | …`] : [])].join("\n");
}

/** JSON on as few lines as fit into `width`: what fits on one line stands on one. Not sanitized. */
export function laidOut(json: unknown, width: number, before = 0): string {
  const short = JSON.stringify(json, null, 1)?.replace(/\n */g, " ") ?? "";
  if (typeof json !== "object" || json === null || before + short.length <= width) return short;
  const isList = Array.isArray(json);
  const lines = Object.entries(json).map(([key, value]) => {
    const name = isList ? "" : `${JSON.stringify(key)}: `;
    return `${name}${laidOut(value, width - 2, name.length + 1)}`.replaceAll("\n", "\n  ");
  });
  return `${isList ? "[" : "{"}\n  ${lines.join(",\n  ")}\n${isList ? "]" : "}"}`;
}

/** A policy statement, or any JSON, behind a bar; cut where it is too wide or too tall. Its lines are nobody's, so they have no numbers. */
export function jsonFrame(json: unknown, width = 80, colour = false): string {
  const lines = block(laidOut(json, width - 2)).split("\n");
  const rows = lines.length > TALLEST ? [...lines.slice(0, TALLEST), "…"] : lines;
  const fitting = rows.map((row) => cut(`| ${row}`, width));
  return fitting.map((row) => paint("dim", row, colour)).join("\n");
}
