/** Holds what patterns are said to take of each other against all that their symbols may turn out to be, from a fixed seed. */
import fc from "fast-check";
import { implies } from "../../validators/iam/implication";
import type { Style } from "../../validators/iam/pattern";
import { runs, seed } from "./oracle/runs";
import {
  compiled,
  type Filling,
  filled,
  fillingsOf,
  lettersIn,
  lore,
  readable,
  takes,
  textOf,
  type Written,
} from "./symbol-fillings";

const numRuns = Math.max(600, runs);

/** Stands for a policy variable in what symbols may turn out to be; its value has no wildcards. */
const VARIABLE = "$";

const PIECES = [
  "a",
  "A",
  "*",
  "?",
  "1",
  ":",
  "b/",
  "\uE000",
  "\uE001",
  "\uE002",
  "\uE003",
  "\uE004",
  "\uE006",
  "\uE009",
];
const STYLES: readonly Style[] = ["literal", "literal-ignore-case", "glob", "glob", "glob-ignore-case", "arn"];

/** Two patterns: of one text read in two ways, or with other pieces here and there. */
const pairs: fc.Arbitrary<readonly [Written, Written]> = fc
  .tuple(
    fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 4 }),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom("*", "?", "?*", ...PIECES)), { maxLength: 2 }),
    fc.constantFrom(...STYLES),
    fc.constantFrom(...STYLES),
    fc.boolean(),
  )
  .map(([pieces, changes, style, other, isArn]) => {
    const changed = [...pieces];
    for (const [at, piece] of changes) changed[at % changed.length] = piece;
    const made = (own: readonly string[], how: Style): Written => ({
      style: how,
      stretches: [{ text: (isArn ? "::::" : "") + own.join(isArn ? ":" : ""), isVerbatim: false }],
    });
    return [made(pieces, style), made(changed, other)];
  });

const valuesOf = (filling: Filling): readonly Filling[] =>
  [...filling.values()].includes(VARIABLE)
    ? ["a", "b:"].map((value) => new Map([...filling].map(([at, text]) => [at, text === VARIABLE ? value : text])))
    : [filling];

/** Texts that a pattern takes, or nearly. */
const textsOf = (written: Written, filling: Filling): readonly string[] =>
  ["", "a", "A:", "1"].flatMap((star) => {
    const text = filled(textOf(written), filling);
    const whole = text.replace(/\*/g, star).replace(/\?/g, "b");
    return [text, whole, whole.toUpperCase(), whole.toLowerCase()];
  });

describe(`a pattern that takes all that another takes (seed ${seed}, ${numRuns} pairs)`, () => {
  it("takes it whatever the symbols are", () => {
    let implications = 0;
    fc.assert(
      fc.property(pairs, ([narrow, wide]) => {
        if (!implies(compiled(narrow), compiled(wide), lore, { left: 100_000 })) return;
        implications++;
        for (const filling of fillingsOf(lettersIn(textOf(narrow), textOf(wide))).flatMap(valuesOf))
          for (const text of [...textsOf(narrow, filling), ...textsOf(wide, filling)])
            if (takes(narrow, text, filling) && !takes(wide, text, filling))
              throw new Error(
                `${narrow.style} ${readable(narrow)} and ${wide.style} ${readable(wide)}: not \`${text}\``,
              );
      }),
      { seed, numRuns },
    );
    expect(implications).toBeGreaterThan(numRuns / 20);
  });

  const pattern = (style: Style, text: string) => compiled({ style, stretches: [{ text, isVerbatim: false }] });
  it.each<readonly [string, Style, string, Style, string, boolean]>([
    ["a text in any capitals", "literal", "a\uE000", "literal-ignore-case", "a\uE000", true],
    ["one text of many", "literal-ignore-case", "a\uE000", "literal", "a\uE000", false],
    ["a text with what may be a wildcard", "literal", "a\uE000", "glob", "a\uE000", true],
    ["what a wildcard may take", "glob", "a\uE000", "literal", "a\uE000", false],
    ["a name, in which no wildcard stands", "glob", "a\uE004", "literal", "a\uE004", true],
    ["an ARN's parts", "arn", "arn:\uE000:*:::x", "glob", "arn:\uE000:*:::x", true],
    ["colons, which a part doesn't have", "glob", "arn:*:::::x", "arn", "arn:*:::::x", false],
    ["a text that is an ARN", "literal", "arn:aws:s3:::\uE004", "arn", "arn:aws:s3:::\uE004", true],
    ["a text that may be no ARN", "literal", "\uE000", "arn", "\uE000", false],
    ["a role of an account", "literal", "arn:aws:iam::\uE006:role/\uE004", "glob", "arn:aws:iam::\uE006:role/*", true],
    ["a role of any account", "literal", "arn:aws:iam::\uE006:role/\uE004", "arn", "arn:aws:iam::*:role/*", true],
    ["a role of another account", "literal", "arn:aws:iam::\uE006:role/\uE004", "glob", "arn:aws:iam::\uE00A:*", false],
    ["at least one character", "literal", "a/\uE004", "glob", "a/?*", true],
    ["two characters at least", "literal", "a/\uE004", "glob", "a/??*", false],
    ["twelve digits", "literal", "\uE006", "glob", "????????????", true],
    ["thirteen digits", "literal", "\uE006", "glob", "?????????????", false],
    ["what begins alike, which may be a variable", "literal", "a\uE001x", "glob", "a\uE001*", false],
  ])("%s", (_name, style, text, other, wide, expected) => {
    expect(implies(pattern(style, text), pattern(other, wide), lore, { left: 100_000 })).toBe(expected);
  });
});
