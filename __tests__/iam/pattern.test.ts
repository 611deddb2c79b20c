/** Holds what patterns match against all that their symbols may turn out to be, from a fixed seed. */
import fc from "fast-check";
import { acceptsAll, advance, Classes, domainOf, formOf, matches, startOf } from "../../validators/iam/pattern";
import { runs, seed } from "./oracle/runs";
import {
  type Case,
  cases,
  casesOf,
  compiled,
  fillingsOf,
  isPossible,
  lettersIn,
  lore,
  plain,
  shown,
  symbols,
  takes,
  takesWith,
  textOf,
} from "./symbol-fillings";

const numRuns = Math.max(600, runs);

const check = (mostSymbols: number, objection: (one: Case) => string | undefined): void =>
  checkAll(cases(mostSymbols), objection);

const checkAll = (all: fc.Arbitrary<Case>, objection: (one: Case) => string | undefined): void =>
  fc.assert(
    fc.property(all, (one) => {
      const problem = objection(one);
      if (problem !== undefined) throw new Error(`${shown(one)}: ${problem}`);
    }),
    { seed, numRuns },
  );

const WAYS = ["over", "under"] as const;

/** All ways in which the symbols of a case may turn out, with whether its text is taken then. */
const outcomes = ({ written, text }: Case): readonly boolean[] =>
  fillingsOf(lettersIn(textOf(written), text)).flatMap((filling) => takesWith(written, text, filling));

/** Everything that stands in some texts, in any capitals; numbers of twelve digits. */
function piecesOf(...texts: readonly string[]): readonly string[] {
  const found = new Set<string>(["", "a", "A", "-", "111111111111"]);
  for (const text of texts)
    for (let from = 0; from < text.length; from++)
      for (let to = from + 1; to <= text.length; to++) found.add(text.slice(from, to).replace(/[\uE000-\uF8FF]/g, ""));
  const likely = (piece: string): readonly string[] =>
    /^\d+$/.test(piece)
      ? [piece, piece.padStart(12, "1"), piece.padEnd(12, "1")]
      : [piece, piece.toLowerCase(), piece.toUpperCase()];
  return [...new Set([...found].flatMap(likely))];
}

describe(`patterns match what they should (seed ${seed}, ${numRuns} patterns)`, () => {
  it("without symbols", () => {
    check(0, ({ written, text }) => {
      const pattern = compiled(written);
      const expected = takes(written, text);
      if (expected && !text.startsWith(pattern.prefix)) return `doesn't begin with ${pattern.prefix}`;
      const isRight = WAYS.every((way) =>
        [plain, lore].every((known) => matches(pattern, text, way, known) === expected),
      );
      return isRight ? undefined : `expected ${expected}`;
    });
  });

  it("over: whatever may match does", () => {
    check(2, (one) =>
      outcomes(one).includes(true) && !matches(compiled(one.written), one.text, "over", lore) ? "may match" : undefined,
    );
  });

  it("over: no more than may match, where a symbol stands alone", () => {
    check(1, (one) => {
      const { written, text } = one;
      const own = textOf(written);
      const letters = lettersIn(own, text);
      if (/[\uE000-\uF8FF].*[\uE000-\uF8FF]/s.test(own + text)) return undefined;
      // how many digits a wildcard takes is not counted
      if (own.includes("*") && letters.some((at) => symbols.get(at)?.kind === "account-id")) return undefined;
      // which colons of it put what follows into an ARN's last part is not looked at
      if (written.style === "arn" && letters.some((at) => symbols.get(at)?.kind === "any")) return undefined;
      if (!matches(compiled(written), text, "over", lore) || outcomes(one).includes(true)) return undefined;
      const pieces = piecesOf(text, own, ...[..."1aA"].map((char) => own.replace(/\?/g, char).replace(/\*/g, "")));
      const more = fillingsOf(letters, (letter) => pieces.filter((piece) => isPossible(letter, piece)));
      const isFound = more.some((filling) => takesWith(written, text, filling).includes(true));
      return isFound ? undefined : "can't match";
    });
  });

  it("under: what matches does so whatever the symbols are", () => {
    check(2, (one) =>
      matches(compiled(one.written), one.text, "under", lore) && outcomes(one).includes(false)
        ? "need not match"
        : undefined,
    );
  });

  it("takes everything that follows where it says so", () => {
    check(2, ({ written, text }) => {
      const pattern = compiled(written);
      for (const way of WAYS) {
        let states = startOf(pattern, way, lore);
        for (const char of text) states = advance(pattern, states, char.charCodeAt(0), way, lore);
        if (!acceptsAll(pattern, states)) continue;
        const rest = ["", "a", ":/*", ...symbols.keys()].find((more) => !matches(pattern, text + more, way, lore));
        if (rest !== undefined) return `${way}: not with ${rest} behind`;
      }
      return undefined;
    });
  });

  const ACCOUNTS = ["\uE006", "\uE00A", "\uE00B"];
  const UNIQUE = ["\uE002", "\uE003"];
  const KINDS = ["\uE000", "\uE004", "\uE008", "\uE009"];
  it.each([
    ["accounts", casesOf("glob", [...ACCOUNTS, "*", "?", "1"], [...ACCOUNTS, "1", "2"], 3)],
    ["names that are never the same", casesOf("glob", [...UNIQUE, "*", "?", "a", "b"], [...UNIQUE, "a", "b"], 4)],
    ["all kinds", casesOf("glob-ignore-case", [...KINDS, "*", "a", "1"], [...KINDS, "a", "A", "1"], 3)],
    ["colons", casesOf("arn", [":", ":", "::", "\uE000", "\uE000*", "*", "?", "a"], [":", ":", "::", "a", "b"], 6)],
  ] as const)("of %s, however they meet", (_name, all) => {
    checkAll(all, (one) => {
      const found = outcomes(one);
      const pattern = compiled(one.written);
      if (found.includes(true) && !matches(pattern, one.text, "over", lore)) return "may match";
      return found.includes(false) && matches(pattern, one.text, "under", lore) ? "need not match" : undefined;
    });
  });

  it("takes an account for none that it isn't", () => {
    const other = compiled({ style: "glob", stretches: [{ text: "a\uE00B*", isVerbatim: false }] });
    const taken = (text: string) => matches(other, text, "over", lore);
    expect(["a111111111112", "a111111111111", "a1111111111122", "a111111111122"].map(taken)).toEqual([
      false,
      true,
      false,
      true,
    ]);
    const literal = compiled({ style: "literal", stretches: [{ text: "111111111112", isVerbatim: true }] });
    expect([..."\uE006\uE00A\uE00B"].map((letter) => matches(literal, letter, "over", lore))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("counts the digits of accounts", () => {
    const lengthOf = (text: string): number => text.replace(/[\uE006\uE00A\uE00B]/g, "1".repeat(12)).length;
    checkAll(casesOf("glob", [...ACCOUNTS, "?", "1"], [...ACCOUNTS, "1", "2", "1111"], 4), ({ written, text }) =>
      matches(compiled(written), text, "over", lore) && lengthOf(textOf(written)) !== lengthOf(text)
        ? "is of another length"
        : undefined,
    );
  });
});

it.each([
  ["any", "\uE000", Classes.path, false],
  ["any", "\uE000", Classes.any, true],
  ["name", "\uE004", Classes.name, true],
  ["name", "\uE004", Classes.lower, false],
  ["bucket-name", "\uE002", Classes.host, true],
  ["bucket-name", "\uE002", Classes.lower, false],
  ["account-id", "\uE006", Classes.digit, true],
  ["account-id", "\uE006", Classes.address, true],
  ["role-id", "\uE008", Classes.upper, true],
  ["role-id", "\uE008", Classes.host, false],
] as const)("a symbol of kind %s is text of a domain where all of its characters are", (kind, letter, of, expected) => {
  // anything may be nothing
  expect(matches(domainOf([{ oneOrMore: of }]), letter, "under", lore)).toBe(expected && kind !== "any");
  expect(matches(domainOf(["a", { anyNumber: of }]), `a${letter}`, "under", lore)).toBe(expected);
  expect(matches(domainOf([{ one: of }]), letter, "under", lore)).toBe(false);
});

it.each([
  ["École", "éCOLE", true],
  ["École", "Ecole", false],
  ["\u0130", "\u0130", true],
  ["\u0130", "i", false],
  ["\u0080", "\u0080", true],
])("`%s` and `%s` without regard to case", (wanted, text, expected) => {
  const written = { stretches: [{ text: wanted, isVerbatim: false }], style: "literal-ignore-case" } as const;
  for (const known of [plain, lore]) expect(matches(compiled(written), text, "over", known)).toBe(expected);
});

it.each([
  ["of twelve digits", "\uE006", 12, true],
  ["of twelve digits, if it is none that is written", "\uE007", 12, true],
  ["of eleven digits", "\uE006", 11, false],
  ["of thirteen digits", "\uE006", 13, false],
] as const)("an account is text %s", (_name, letter, length, expected) => {
  const digits = Array.from({ length }, () => ({ one: Classes.digit }));
  expect(matches(domainOf(digits), letter, "under", lore)).toBe(expected);
  expect(matches(domainOf(["a:", ...digits, ":b"]), `a:${letter}:b`, "under", lore)).toBe(expected);
});

it("an id's symbol is text of its form, and no other symbol is", () => {
  const known = { ...lore, kindOf: (code: number) => (code === 0xe006 ? "vpc-id" : lore.kindOf(code)) };
  const form = formOf(["vpc-", { oneOrMore: Classes.lower }], "vpc-id", ["/", { anyNumber: Classes.path }]);
  const taken = (text: string) => matches(form, text, "under", known);
  expect(["vpc-a1/", "\uE006/a", "\uE006", "\uE004/a", "a\uE006/", "vpc-\uE006/a", "vpce-a/"].map(taken)).toEqual([
    true,
    true,
    false,
    false,
    false,
    true,
    false,
  ]);
});
