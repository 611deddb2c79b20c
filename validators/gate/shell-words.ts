/** Turns one line of shell words into a list, as Terraform reads `TF_CLI_ARGS`: quotes and backslashes, no expansion. */
import { InputError } from "../kernel/index";

/**
 * The words of a line (Terraform's go-shellwords without environment and backticks): spaces separate, single and double
 * quotes join, a backslash takes the next character as it is, except inside single quotes.
 * @throws InputError for a quote that doesn't close, and for what a shell would take as a command (`;`, `|`, `&`, `<`, `>`,
 * a backtick, `$(`), where that reader stops or runs something and no one may rely on either.
 */
export function shellWords(line: string, name: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: "'" | '"' | undefined;
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? "";
    if (character === "\\" && quote !== "'") {
      const next = line[++at];
      if (next === undefined) throw unreadable(name, "a backslash at the end");
      word = (word ?? "") + next;
    } else if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else word = (word ?? "") + character;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (/[;|&<>`()]/.test(character)) throw unreadable(name, `\`${character}\` outside of quotes`);
    else word = (word ?? "") + character;
  }
  if (quote !== undefined) throw unreadable(name, "a quote that doesn't close");
  return word === undefined ? words : [...words, word];
}

const unreadable = (name: string, found: string): InputError =>
  new InputError(`\`${name}\`: expected flags, separated by spaces, found ${found}`);
