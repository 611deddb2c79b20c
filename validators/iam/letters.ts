/** Turns text with symbols into plain strings in which each symbol is one letter of Unicode's private use area. */
import type { Gap } from "../kernel/result";
import { partsOf, Sym, type Text, text, type Unknown } from "../kernel/value";

const FIRST = 0xe000;
const LAST = 0xf8ff;

/** Whether a UTF-16 code unit can stand for a symbol. */
export const isLetterCode = (code: number): boolean => code >= FIRST && code <= LAST;

/** Whether text holds a character that could be mistaken for a symbol. */
export const hasLetter = (value: string): boolean => /[\uE000-\uF8FF]/.test(value);

/**
 * The letters of one question: the same symbol is always the same letter. Strings that hold letters are called
 * «written» here; they can be compared, sliced and matched like any other string.
 */
export class Letters {
  private readonly byId = new Map<string, string>();
  private readonly symbols: Sym[] = [];

  constructor(from?: Letters) {
    for (const symbol of from?.symbols ?? []) this.letterOf(symbol);
  }

  /** The letter of a symbol; a new one for a symbol that is new here. */
  letterOf(symbol: Sym): string {
    const known = this.byId.get(symbol.id);
    if (known !== undefined) return known;
    const code = FIRST + this.symbols.length;
    if (code > LAST) throw new RangeError("more symbols than letters");
    const letter = String.fromCharCode(code);
    this.byId.set(symbol.id, letter);
    this.symbols.push(symbol);
    return letter;
  }

  /** The symbol that a code unit stands for; `undefined` for an ordinary character. */
  symbolAt(code: number): Sym | undefined {
    return isLetterCode(code) ? this.symbols[code - FIRST] : undefined;
  }

  /** Text as written here. */
  write(value: string | Text): string {
    if (typeof value === "string") return value;
    return partsOf(value)
      .map((part) => (typeof part === "string" ? part : this.letterOf(part)))
      .join("");
  }

  /** How a written string is shown to people: symbols as `${reference}`. */
  show(written: string): string {
    if (!hasLetter(written)) return written;
    return written.replace(/[\uE000-\uF8FF]/g, (letter) => {
      const symbol = this.symbolAt(letter.charCodeAt(0));
      return symbol ? `\${${symbol.id}}` : letter;
    });
  }

  /** The text that a written string stands for. */
  read(written: string): string | Text {
    const parts: (string | Sym)[] = [];
    for (let i = 0; i < written.length; i++) {
      const symbol = this.symbolAt(written.charCodeAt(i));
      parts.push(symbol ?? written.charAt(i));
    }
    return text(parts);
  }

  /** The symbols in a written string, each once. */
  symbolsIn(written: string): Sym[] {
    if (!hasLetter(written)) return [];
    const found = new Set<Sym>();
    for (let i = 0; i < written.length; i++) {
      const symbol = this.symbolAt(written.charCodeAt(i));
      if (symbol) found.add(symbol);
    }
    return [...found];
  }

  /** The symbols that have letters so far. */
  get all(): readonly Sym[] {
    return [...this.symbols];
  }

  /** Whether there is any symbol at all. */
  get isEmpty(): boolean {
    return this.symbols.length === 0;
  }
}

/** A symbol or unknown value as a gap of a report. */
export function gapFrom(source: Sym | Unknown): Gap {
  const value = source instanceof Sym ? source.id : source.value;
  const { because, expression } = source;
  return expression === undefined ? { value, because } : { value, because, expression };
}
