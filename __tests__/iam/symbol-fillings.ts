/** Turns symbols into the texts that they may stand for, and patterns with these in them into plain answers, by brute force. */
import fc from "fast-check";
import { type Pattern, patternFrom, type Stretch, type Style, type SymbolLore } from "../../validators/iam/pattern";
import { isUniqueKind, type SymbolKind } from "../../validators/kernel/value";
import { glob } from "./oracle/naive-text";

/** A symbol, written as one letter, with what is known of it. */
interface Symbol {
  readonly kind: SymbolKind;
  readonly isDistinct?: true;
  /** A text that it is not. */
  readonly otherThan?: string;
  readonly mayHoldVariables?: true;
  /** A few texts that it may stand for. */
  readonly fillings: readonly string[];
}

/** Stands for a policy variable: a pattern that holds it is compared with the variable's value, whatever that is. */
const VARIABLE = "$";
const ANYTHING = ["", "a", "*", "?", ":", "b/", "A:", "::::"];

/** Which texts a symbol of a kind may stand for, as `SymbolKind` says, without what makes names ordinary. */
const FITS: Readonly<Record<SymbolKind, RegExp>> = {
  any: /^/,
  "account-id": /^\d{12}$/,
  partition: /^[a-z-]+$/,
  region: /^[a-z0-9-]+$/,
  "bucket-name": /^[a-z0-9.-]+$/,
  "key-id": /^[a-z0-9-]+$/,
  "vpc-id": /^vpc-[a-z0-9-]+$/,
  "vpc-endpoint-id": /^vpce-[a-z0-9-]+$/,
  "organization-id": /^o-[a-z0-9-]+$/,
  name: /^[^:/*?]+$/,
  "role-id": /^[A-Z0-9]+$/,
  "user-id": /^[A-Z0-9]+$/,
};

/** The symbols of the tests, by letter. */
export const symbols: ReadonlyMap<string, Symbol> = new Map<string, Symbol>([
  ["\uE000", { kind: "any", fillings: ANYTHING }],
  ["\uE001", { kind: "any", mayHoldVariables: true, fillings: [...ANYTHING, VARIABLE] }],
  ["\uE002", { kind: "bucket-name", fillings: ["a", "b", "ab", "b-", "1.", "bb", "a1a"] }],
  ["\uE003", { kind: "bucket-name", fillings: ["a", "b", "ab", "ba", "-", "1b"] }],
  ["\uE004", { kind: "name", fillings: ["a", "A", "aa", "b@", "Ab", "1"] }],
  ["\uE005", { kind: "partition", fillings: ["a", "ab", "a-", "b"] }],
  ["\uE006", { kind: "account-id", fillings: ["111111111111", "111111111112", "211111111111", "121212121212"] }],
  ["\uE007", { kind: "account-id", isDistinct: true, fillings: ["987654321098", "876543210987"] }],
  ["\uE008", { kind: "role-id", isDistinct: true, fillings: ["Z", "ZZ", "X9Z"] }],
  ["\uE009", { kind: "region", fillings: ["a", "a-1", "b", "1"] }],
  ["\uE00A", { kind: "account-id", fillings: ["111111111111", "222222222222", "121212121212", "111111111112"] }],
  [
    "\uE00B",
    { kind: "account-id", otherThan: "111111111112", fillings: ["111111111111", "211111111111", "121212121212"] },
  ],
]);

const symbolAt = (code: number): Symbol | undefined => symbols.get(String.fromCharCode(code));

/** What the engine is told of these symbols. */
export const lore: SymbolLore = {
  isEmpty: false,
  kindOf: (code) => symbolAt(code)?.kind ?? "any",
  isDistinct: (code) => symbolAt(code)?.isDistinct ?? false,
  otherThan: (code) => symbolAt(code)?.otherThan,
  mayHoldVariables: (code) => symbolAt(code)?.mayHoldVariables ?? false,
};

/** The lore of a question without symbols. */
export const plain: SymbolLore = { ...lore, isEmpty: true };

/** The letters in some texts, each once. */
export const lettersIn = (...texts: readonly string[]): readonly string[] =>
  [...symbols.keys()].filter((letter) => texts.some((text) => text.includes(letter)));

/** Whether a symbol may stand for a text. */
export const isPossible = (letter: string, text: string): boolean =>
  FITS[symbols.get(letter)?.kind ?? "any"].test(text) && symbols.get(letter)?.otherThan !== text;

/** What each symbol turns out to be. */
export type Filling = ReadonlyMap<string, string>;

/** Every way in which some symbols may turn out; those that are never the same text are not. */
export function fillingsOf(
  letters: readonly string[],
  candidates = (letter: string) => symbols.get(letter)?.fillings ?? [],
): readonly Filling[] {
  let all: readonly Filling[] = [new Map()];
  for (const letter of letters)
    all = all.flatMap((filling) => candidates(letter).map((text) => new Map([...filling, [letter, text]])));
  return all.filter(areDifferent);
}

function areDifferent(filling: Filling): boolean {
  const uniques = [...filling].map(([letter, text]) => [symbols.get(letter)?.kind ?? "any", text] as const);
  return uniques.every(
    ([kind, text], i) =>
      !isUniqueKind(kind) || uniques.findIndex(([other, its]) => other === kind && its === text) === i,
  );
}

/** A text with its symbols filled in. */
export const filled = (text: string, filling: Filling): string =>
  text.replace(/[\uE000-\uF8FF]/g, (letter) => filling.get(letter) ?? "");

/** How a pattern is written. */
export interface Written {
  readonly stretches: readonly Stretch[];
  readonly style: Style;
}

/** The engine's pattern. */
export const compiled = ({ stretches, style }: Written): Pattern => patternFrom(stretches, style);

/** All of its text. */
export const textOf = ({ stretches }: Written): string => stretches.map(({ text }) => text).join("");

/** Whether a pattern takes a text, once it is known what the symbols are: piece by piece, as AWS describes the operators. */
export function takes(written: Written, text: string, filling: Filling = new Map()): boolean {
  const { style } = written;
  const isWild = style === "glob" || style === "glob-ignore-case" || style === "arn";
  let pattern = "";
  const literal = new Set<number>();
  for (const { text: own, isVerbatim } of written.stretches) {
    const stretch = filled(own, filling);
    if (isVerbatim || !isWild) for (let i = 0; i < stretch.length; i++) literal.add(pattern.length + i);
    pattern += stretch;
  }
  const actual = filled(text, filling);
  if (style === "arn") return takesArn(pattern, actual, literal);
  const ignoresCase = style.endsWith("-ignore-case");
  return ignoresCase ? glob(pattern.toLowerCase(), actual.toLowerCase(), literal) : glob(pattern, actual, literal);
}

const ARN = /^([^:]*):([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s;

/** The six parts of ARNs one by one; what has fewer matches nothing. */
function takesArn(pattern: string, text: string, literal: ReadonlySet<number>): boolean {
  const wanted = ARN.exec(pattern)?.slice(1);
  const found = ARN.exec(text)?.slice(1);
  if (!wanted || !found) return false;
  let start = 0;
  return wanted.every((part, i) => {
    const here = new Set([...literal].map((at) => at - start));
    start += part.length + 1;
    return glob(part, found[i] ?? "", here);
  });
}

/**
 * Whether a pattern takes a text in all the ways in which the symbols of both may turn out, or in one. A symbol that holds a
 * variable is compared as the variable's value, which may be any text or none at all.
 */
export function takesWith(written: Written, text: string, filling: Filling): readonly boolean[] {
  const [variable] = [...filling].filter(([, value]) => value === VARIABLE);
  if (!variable || !textOf(written).includes(variable[0])) return [takes(written, text, filling)];
  const whole = filled(text, filling);
  return [false, ...["a", "b:"].map((value) => takes(written, whole, new Map([...filling, [variable[0], value]])))];
}

/** A piece of a pattern with a piece of text that it may take. */
interface Pair {
  readonly pattern: string;
  readonly text: string;
}

const CHARACTERS = [..."abA1-:/*?"];
const character = fc.constantFrom(...CHARACTERS);
const letter = fc.constantFrom(...symbols.keys());
const word = (most: number): fc.Arbitrary<string> => fc.string({ unit: character, maxLength: most });

const swapped = (char: string): string => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase());

const ordinaryPair: fc.Arbitrary<Pair> = fc.oneof(
  { weight: 6, arbitrary: character.map((char) => ({ pattern: char, text: char })) },
  { weight: 1, arbitrary: character.map((char) => ({ pattern: char, text: swapped(char) })) },
  { weight: 1, arbitrary: fc.tuple(character, word(1)).map(([pattern, text]) => ({ pattern, text })) },
  { weight: 3, arbitrary: word(3).map((text) => ({ pattern: "*", text })) },
  { weight: 2, arbitrary: word(1).map((text) => ({ pattern: "?", text })) },
);

const ACCOUNTS = ["111111111112", "11111111111", "1111111111111", "111111111112/", "a11111111111", "211111111111"];
const ACCOUNT_PATTERNS = ["?".repeat(12), "?".repeat(11), `${"1".repeat(11)}?`, "1*", "*2", `${"1".repeat(12)}*`];

const symbolPair: fc.Arbitrary<Pair> = letter.chain((symbol) => {
  const { kind, fillings, isDistinct } = symbols.get(symbol) ?? { kind: "any", fillings: [""] };
  const isAccount = kind === "account-id";
  const own = isDistinct ? [] : fillings.filter((text) => text !== VARIABLE);
  const texts = fc.constantFrom(...own, ...(isAccount ? ACCOUNTS : ["", "a", "A", "Ab", ":", "b1/"]));
  const patterns = fc.constantFrom(...own, ...(isAccount ? ACCOUNT_PATTERNS : ["*", "?", "a*", "*b", "?*"]));
  return fc.oneof(
    fc.constant({ pattern: symbol, text: symbol }),
    texts.map((text) => ({ pattern: symbol, text })),
    patterns.map((pattern) => ({ pattern, text: symbol })),
    letter.map((other) => ({ pattern: symbol, text: other })),
  );
});

const COLONS: Pair = { pattern: ":", text: ":" };

/** A pattern with a text that it may well take. */
export interface Case {
  readonly written: Written;
  readonly text: string;
}

/** Cases with no more than so many symbols. */
export function cases(mostSymbols: number): fc.Arbitrary<Case> {
  const pairs = fc.tuple(
    fc.array(fc.tuple(ordinaryPair, fc.boolean()), { maxLength: 4 }),
    fc.array(fc.tuple(symbolPair, fc.boolean()), { maxLength: mostSymbols }),
    fc.array(fc.nat(), { minLength: mostSymbols, maxLength: mostSymbols }),
    fc.array(fc.nat(), { minLength: 5, maxLength: 5 }),
    fc.constantFrom<Style>("literal", "literal-ignore-case", "glob", "glob", "glob-ignore-case", "arn"),
    fc.constantFrom("", "", "", "", "", ...CHARACTERS),
  );
  return pairs.map(([ordinary, symbolic, places, colons, style, extra]) => {
    const all = [...ordinary];
    for (const [i, pair] of symbolic.entries()) all.splice((places[i] ?? 0) % (all.length + 1), 0, pair);
    if (style === "arn") for (const at of colons) all.splice(at % (all.length + 1), 0, [COLONS, false]);
    return {
      written: { style, stretches: all.map(([{ pattern }, isVerbatim]) => ({ text: pattern, isVerbatim })) },
      text: all.map(([{ text }]) => text).join("") + extra,
    };
  });
}

/** Cases of a few pieces each, patterns and texts independently. */
export const casesOf = (
  style: Style,
  patterns: readonly string[],
  texts: readonly string[],
  longest: number,
): fc.Arbitrary<Case> =>
  fc
    .tuple(
      fc.array(fc.constantFrom(...patterns), { minLength: 1, maxLength: longest }),
      fc.array(fc.constantFrom(...texts), { minLength: 1, maxLength: longest }),
    )
    .map(([pieces, text]) => ({
      written: { style, stretches: [{ text: pieces.join(""), isVerbatim: false }] },
      text: text.join(""),
    }));

/** Text as people read it: `<any0>` for a symbol. */
export const readableText = (text: string): string =>
  text.replace(/[\uE000-\uF8FF]/g, (at) => `<${symbols.get(at)?.kind}${at.charCodeAt(0) & 0xff}>`);

/** A pattern as people read it; what is verbatim stands in quotes. */
export const readable = ({ stretches }: Written): string =>
  readableText(stretches.map(({ text, isVerbatim }) => (isVerbatim ? JSON.stringify(text) : text)).join(""));

/** A case as people read it. */
export const shown = ({ written, text }: Case): string =>
  `${written.style} ${readable(written)} against ${readableText(text)}`;
