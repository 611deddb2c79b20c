/** Turns text of strangers (addresses, names, expressions in a plan) into text that no terminal, page or CI log obeys. */

/**
 * C0 and C1 controls but tab and newline; the marks that reorder text (bidi), that take no room (zero width, soft
 * hyphen, variation selectors, tags), that pretend to be a line break, and halves of a character, which no encoder writes.
 */
const INVISIBLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]|[\ufe00-\ufe0f]|\p{Surrogate}/gu;

const shown = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\u{${code.toString(16)}}`;
};

/**
 * Text of several lines without a character that a terminal or browser would obey or hide. Each is written as an escape
 * (`\x1b`, `\u202e`), not dropped: two names that differ must not look the same. Line breaks become `\n`.
 */
export function block(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(INVISIBLE, shown);
}

/** The same on one line: breaks and tabs become spaces. */
export function line(text: string): string {
  return block(text).replace(/[\n\t]+/g, " ");
}

/**
 * A finished log without a line that a CI system takes for a command: GitHub's `::name::` at the start of a line, and
 * `##[…]`, `##vso[…]`, `##teamcity[…]` (Azure, GitHub, TeamCity) anywhere in it. Call it last, since wrapping can move
 * such text to the start of a line. ARNs (`arn:aws:s3:::x`) are left as they are.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function log(text: string): string {
  const withoutNames = text.includes("::") ? text.replace(/^(\s*):(?=:)/gm, "$1: ") : text;
  return withoutNames.includes("##") ? withoutNames.replace(/##(?=[a-z]{0,16}\[)/gi, "# #") : withoutNames;
}

/**
 * One line of a command's own words, for standard output or error, whatever they quote: no character that a terminal
 * obeys, no command of a CI system. `length` as for {@link cut}.
 */
export function said(text: string, length = Number.POSITIVE_INFINITY): string {
  return cut(log(line(text)), length);
}

/** What {@link block} shows and {@link log} breaks, in UTF-16 units: `JSON.stringify` leaves them as they are. */
const BESIDE_JSON =
  /[\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]|[\ufe00-\ufe0f]|\udb40[\udc00-\udc7f]|#(?=#[a-zA-Z]{0,16}\[)/g;

const unitsEscaped = (text: string): string =>
  text
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");

/**
 * JSON as a file, with a final newline, that may be printed to a terminal or into a CI log: what these would obey or hide
 * is written as `\u` escapes, so that readers of JSON get the very same value.
 */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(BESIDE_JSON, unitsEscaped)}\n`;
}

/** Text cut to `length` UTF-16 units at most, between characters, with `…` where something is missing. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, Math.max(0, length - 1)).replace(/[\ud800-\udbff]$/, "")}…`;
}
