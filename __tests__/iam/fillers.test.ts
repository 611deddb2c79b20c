/** Holds the fillers of a part of texts against all short ones: each is like one of them in all texts that are tried. */
import fc from "fast-check";
import { type Comparison, type Fillers, fillersOf, type Spot, WHOLE } from "../../validators/iam/fillers";
import {
  Classes,
  domainOf,
  literal,
  matches,
  type Pattern,
  patternFrom,
  type Style,
} from "../../validators/iam/pattern";
import { runs, seed } from "./oracle/runs";
import { lettersIn, lore, plain, readableText } from "./symbol-fillings";

const numRuns = Math.max(200, Math.floor(runs / 4));

/** Where the part may stand, with texts that may be before it and behind it. */
interface Around {
  readonly spot: Spot;
  readonly before: readonly string[];
  readonly behind: readonly string[];
}

const MORE = ["", "4", "a", "/b", "4:a"];
const name = { oneOrMore: Classes.name };
const visible = { oneOrMore: Classes.visible };
const PLACES: readonly Around[] = [
  { spot: WHOLE, before: [""], behind: [""] },
  { spot: { before: domainOf([]), after: ":", isEnd: false }, before: [""], behind: MORE.map((more) => `:${more}`) },
  { spot: { before: domainOf(["a:"]), after: "", isEnd: true }, before: ["a:"], behind: [""] },
  { spot: { before: domainOf(["a:"]), after: "b", isEnd: true }, before: ["a:"], behind: ["b"] },
  {
    spot: { before: domainOf(["a:"]), after: ":", isEnd: false },
    before: ["a:"],
    behind: MORE.map((more) => `:${more}`),
  },
  {
    spot: { before: domainOf(["a/", visible, "/"]), after: "", isEnd: true },
    before: ["a/b/", "a/4/", "a/a/b/", "a/:b4:/", "a/X/"],
    behind: [""],
  },
  {
    spot: { before: domainOf([name, ":", { anyNumber: Classes.lower }, ":"]), after: ":", isEnd: false },
    before: ["a::", "b:b:", "4:a:", "x::", "ab:4b:"],
    behind: MORE.map((more) => `:${more}`),
  },
  {
    spot: { before: domainOf([{ anyNumber: Classes.any }]), after: "", isEnd: false },
    before: ["", "a", "4", "a:", "b/4", "XX"],
    behind: MORE,
  },
];

/** Behind an account that isn't known. */
const SYMBOLIC_PLACES: readonly Around[] = [
  ...PLACES,
  { spot: { before: domainOf(["a\uE007:"]), after: "", isEnd: true }, before: ["a\uE007:"], behind: [""] },
  {
    spot: { before: domainOf(["\uE006"]), after: ":", isEnd: false },
    before: ["\uE006"],
    behind: MORE.map((more) => `:${more}`),
  },
];

/** What stands in the part, and all such texts that are tried. */
interface Part {
  readonly domain: Pattern;
  readonly texts: readonly string[];
}

const words = (alphabet: string, length: number): readonly string[] =>
  length === 0 ? [""] : words(alphabet, length - 1).flatMap((word) => [...alphabet].map((char) => word + char));
const digit = { one: Classes.digit };
const DIGITS: Part = { domain: domainOf([digit, digit, digit]), texts: words("4590", 3) };
const NAMES: Part = {
  domain: domainOf([name]),
  texts: [...words("abA4-.xX0@", 1), ...words("abA4-.xX0@", 2), ...words("aA4", 3)],
};
/** With an account that differs from every text that is written out. */
const SYMBOLIC_NAMES: Part = { ...NAMES, texts: [...NAMES.texts, "\uE007", "a\uE007", "\uE007a"] };

interface Case {
  readonly part: Part;
  readonly sets: readonly (readonly Pattern[])[];
  readonly places: readonly Around[];
  readonly excluded: readonly string[];
}

function cases(parts: readonly Part[], characters: string, known = PLACES): fc.Arbitrary<Case> {
  const text = fc.array(fc.constantFrom(...characters, "*", "*", "*", "?"), { minLength: 1, maxLength: 6 });
  const style = fc.constantFrom<Style>("literal", "literal-ignore-case", "glob", "glob", "glob-ignore-case", "arn");
  const pattern = fc.tuple(text, style).map(([pieces, made]) => {
    const start = made === "arn" ? "*:*:" : "";
    return patternFrom([{ text: start + pieces.join(""), isVerbatim: false }], made);
  });
  return fc.record({
    part: fc.constantFrom(...parts),
    sets: fc.array(fc.array(pattern, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
    places: fc.uniqueArray(fc.constantFrom(...known), { minLength: 1, maxLength: 2 }),
    excluded: fc.constantFrom([], [], ["444", "459", "a", "4A"]),
  });
}

function found({ part, sets, places, excluded }: Case, known: typeof lore): Fillers {
  const spots = places.map(({ spot }) => spot);
  const comparisons = sets.map((patterns): Comparison => ({ patterns, spots }));
  const ordinary = ["jane", "445"];
  const takesSymbols = part === SYMBOLIC_NAMES;
  return fillersOf({ ...part, comparisons, excluded: excluded.map(literal), ordinary, takesSymbols, lore: known });
}

/** What the sets make of all texts with a filler, read both ways. */
function answersOf({ sets, places }: Case, filler: string, known: typeof lore): string {
  let answers = "";
  for (const { before, behind } of places)
    for (const first of before)
      for (const last of behind)
        for (const way of ["over", "under"] as const)
          for (const set of sets)
            answers += set.some((pattern) => matches(pattern, first + filler + last, way, known)) ? "1" : "0";
  return answers;
}

/** What is wrong with the fillers, or undefined. */
function objection(case_: Case, known: typeof lore): string | undefined {
  const { fillers, isComplete } = found(case_, known);
  if (!isComplete) return undefined;
  const { part, excluded } = case_;
  const alike = new Map<string, { text: string; isOnly: boolean }[]>();
  for (const filler of fillers) {
    if (excluded.includes(filler.text)) return `${filler.text} is looked at elsewhere`;
    if (!matches(part.domain, filler.text, "under", known)) return `${filler.text} is no filler`;
    const answers = answersOf(case_, filler.text, known);
    alike.set(answers, [...(alike.get(answers) ?? []), filler]);
  }
  const isWhole = case_.places.every(({ spot }) => spot === WHOLE);
  const mentioned = isWhole ? lettersIn(...case_.sets.flat().map((pattern) => pattern.text)) : [];
  for (const text of part.texts) {
    // a symbol that stands in no pattern, or behind what it doesn't take, is as good as any other text
    if (lettersIn(text).some((letter) => !mentioned.includes(letter))) continue;
    const isIn = !excluded.includes(text) && matches(part.domain, text, "under", known);
    const like = isIn ? alike.get(answersOf(case_, text, known)) : [];
    if (like === undefined) return `none is like ${readableText(text)}`;
    // the length of names isn't bounded, so that it isn't told how many there are
    if (isIn && part === DIGITS && like.every((one) => one.isOnly && one.text !== text))
      return `${like.map((one) => one.text).join()} is not the only one: ${text}`;
  }
  return undefined;
}

const shown = ({ sets, places, part }: Case): string =>
  readableText(
    `${part.domain.text} ${JSON.stringify(sets.map((set) => set.map(({ style, text }) => `${style} ${text}`)))} at ${JSON.stringify(
      places.map(({ spot }) => `${spot.before.text} _ ${spot.after}${spot.isEnd ? "" : "…"}`),
    )}`,
  );

describe(`each filler is like one that is found (seed ${seed})`, () => {
  const examine = (all: fc.Arbitrary<Case>, known: typeof lore, count: number): void => {
    let complete = 0;
    fc.assert(
      fc.property(all, (case_) => {
        const problem = objection(case_, known);
        if (problem !== undefined) throw new Error(`${problem}: ${shown(case_)}`);
        if (found(case_, known).isComplete) complete++;
      }),
      { seed, numRuns: count },
    );
    expect(complete).toBeGreaterThan(0.7 * count);
  };

  it("without symbols", () => {
    examine(cases([DIGITS, NAMES], "abA4:/.5"), plain, numRuns);
  });

  it("with symbols", () => {
    examine(
      cases([DIGITS, SYMBOLIC_NAMES], "aA4:\uE000\uE002\uE004\uE007\uE009", SYMBOLIC_PLACES),
      lore,
      Math.ceil(numRuns / 5),
    );
  });
});

describe("fillers", () => {
  const whole = (...texts: readonly string[]): Comparison => ({
    patterns: texts.map((text) => patternFrom([{ text, isVerbatim: false }], "glob")),
    spots: [WHOLE],
  });
  const search = { domain: DIGITS.domain, excluded: [], takesSymbols: false, lore: plain };

  it("are the ordinary one where nothing is compared", () => {
    const { fillers } = fillersOf({ ...search, comparisons: [], ordinary: ["777"] });
    expect(fillers).toEqual([{ text: "777", isPickedOut: false, isOnly: false }]);
  });

  it("are one kind where one comparison takes several", () => {
    const { fillers } = fillersOf({ ...search, comparisons: [whole("45?", "5*")], ordinary: ["777"] });
    expect(fillers.map(({ text, isPickedOut }) => `${text} ${isPickedOut}`)).toEqual(["777 false", "454 true"]);
  });

  it("tell the only one of its kind", () => {
    const { fillers } = fillersOf({ ...search, comparisons: [whole("451"), whole("4?1")], ordinary: [] });
    expect(fillers.map(({ text, isOnly }) => `${text} ${isOnly}`)).toEqual(["544 false", "441 false", "451 true"]);
  });

  it("are not complete where there are too many kinds", () => {
    const comparisons = [..."0123456789"].map((one) => whole(`*${one}*`));
    const search10 = { ...search, domain: domainOf(Array.from({ length: 12 }, () => digit)) };
    expect(fillersOf({ ...search10, comparisons, ordinary: [] }).isComplete).toBe(false);
  });
});
