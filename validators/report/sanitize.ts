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
  return text.replace(/^(\s*):(?=:)/gm, "$1: ").replace(/##(?=[a-z]{0,16}\[)/gi, "# #");
}

/** Text cut to `length` UTF-16 units at most, between characters, with `…` where something is missing. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, Math.max(0, length - 1)).replace(/[\ud800-\udbff]$/, "")}…`;
}
