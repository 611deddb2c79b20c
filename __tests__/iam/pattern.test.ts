/** Holds what patterns match against all that their symbols may turn out to be, from a fixed seed. */
import fc from "fast-check";
import { acceptsAll, advance, matches, startOf } from "../../validators/iam/pattern";
import { runs, seed } from "./oracle/runs";
import {
  type Case,
  cases,
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
  fc.assert(
    fc.property(cases(mostSymbols), (one) => {
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
});
