/** Holds the search for texts against all short ones: what there is is found, a shortest one, and what is found is right. */
import fc from "fast-check";
import { type Budget, findText, spend, TooComplex, type Union, workDone } from "../../validators/iam/language";
import {
  type Approximation,
  type CharacterClass,
  Classes,
  type DomainPiece,
  domainOf,
  flip,
  matches,
  type Style,
  type SymbolLore,
} from "../../validators/iam/pattern";
import { runs, seed } from "./oracle/runs";
import {
  compiled,
  fillingsOf,
  lettersIn,
  lore,
  plain,
  readable,
  readableText,
  symbols,
  takes,
  takesWith,
  textOf,
  type Written,
} from "./symbol-fillings";

const numRuns = Math.max(200, Math.floor(runs / 4));
const enough = (): Budget => ({ left: 1e6 });

/** Which texts there are, in pieces, and how much of them is tried. */
interface Domain {
  readonly pieces: readonly DomainPiece[];
  readonly longest: number;
}

const any = { anyNumber: Classes.any };
const DOMAINS: readonly Domain[] = [
  { pieces: [{ oneOrMore: Classes.any }], longest: 2 },
  { pieces: [{ oneOrMore: Classes.any }], longest: 2 },
  { pieces: [any], longest: 2 },
  { pieces: ["a", any], longest: 2 },
  { pieces: ["a/", { oneOrMore: Classes.visible }], longest: 2 },
  { pieces: ["::", any, ":::", any], longest: 1 },
  { pieces: [{ oneOrMore: Classes.path }], longest: 2 },
  { pieces: [{ anyNumber: Classes.visible }, { oneOrMore: Classes.name }], longest: 1 },
  { pieces: [{ oneOrMore: Classes.name }], longest: 2 },
  { pieces: [{ oneOrMore: Classes.host }], longest: 2 },
  { pieces: [{ oneOrMore: Classes.upper }], longest: 2 },
  { pieces: [{ anyNumber: Classes.lower }, "-", { anyNumber: Classes.digit }], longest: 1 },
  { pieces: [{ one: Classes.digit }, { one: Classes.digit }], longest: 1 },
];
/** Domains that begin with a symbol, as a new bucket's objects do. */
const SYMBOLIC_DOMAINS: readonly Domain[] = [
  { pieces: ["\uE002/", { oneOrMore: Classes.any }], longest: 2 },
  { pieces: ["a:\uE006:", any], longest: 2 },
];

const CHARACTERS = [..."abA4-./:ß"];
/** Characters that no pattern has. */
const OTHERS = [..."cxX0@"];

/** The characters of a class as a regular expression has them. */
function setOf({ has }: CharacterClass): string {
  const codes = Array.from({ length: 256 }, (_, code) => code).filter(has);
  return `[${codes.map((code) => `\\x${code.toString(16).padStart(2, "0")}`).join("")}]`;
}

function isIn(domain: Domain, text: string): boolean {
  const expressions = domain.pieces.map((piece) => {
    if (typeof piece === "string") return piece;
    if ("one" in piece) return setOf(piece.one);
    return "oneOrMore" in piece ? `${setOf(piece.oneOrMore)}+` : `${setOf(piece.anyNumber)}*`;
  });
  return new RegExp(`^${expressions.join("")}$`).test(text);
}

/** All texts that begin like the domain's and have no more than a few characters of an alphabet in each open piece. */
function textsOf(domain: Domain, alphabet: readonly string[]): readonly string[] {
  let words = [""];
  const all = [""];
  for (let i = 0; i < domain.longest; i++) {
    words = words.flatMap((word) => alphabet.map((char) => word + char));
    all.push(...words);
  }
  let texts = [""];
  for (const piece of domain.pieces)
    texts = texts.flatMap((text) => (typeof piece === "string" ? [text + piece] : all.map((word) => text + word)));
  return texts.sort((a, b) => a.length - b.length);
}

/** A question: a text of the domain that each of `required` takes and none of `forbidden` does. */
interface Query {
  readonly domain: Domain;
  readonly required: readonly (readonly Written[])[];
  readonly forbidden: readonly (readonly Written[])[];
  /** How required ones are read; forbidden ones are read the other way, as those of an answer that is certain or possible are. */
  readonly way: Approximation;
}

function queries(characters: readonly string[], domains: readonly Domain[]): fc.Arbitrary<Query> {
  const text = fc.array(fc.constantFrom(...characters, "*", "*", "*", "?"), { minLength: 1, maxLength: 4 });
  const style = fc.constantFrom<Style>("literal", "literal-ignore-case", "glob", "glob", "glob-ignore-case", "arn");
  const pattern = fc.tuple(text, style, fc.nat(9)).map(([pieces, made, verbatim]): Written => {
    const start = made === "arn" ? ["*::", verbatim > 4 ? "?" : "*", ":::"] : [];
    const stretches = [...start, ...pieces].map((one, i) => ({ text: one, isVerbatim: i === verbatim }));
    return { style: made, stretches };
  });
  const union = fc.array(pattern, { minLength: 1, maxLength: 2 });
  return fc.record({
    domain: fc.constantFrom(...domains),
    required: fc.array(union, { maxLength: 2 }),
    forbidden: fc.array(union, { maxLength: 3 }),
    way: fc.constantFrom<Approximation>("over", "under"),
  });
}

const unionsOf = (sets: readonly (readonly Written[])[], way: Approximation): readonly Union[] =>
  sets.map((set) => ({ patterns: set.map(compiled), way }));

function shown({ domain, required, forbidden, way }: Query): string {
  const sets = (all: readonly (readonly Written[])[]) =>
    JSON.stringify(all.map((set) => set.map((one) => `${one.style} ${readable(one)}`)));
  return `${domainOf(domain.pieces).text}: ${way} ${sets(required)} and not ${sets(forbidden)}`;
}

function find({ domain, required, forbidden, way }: Query, known: SymbolLore): string | undefined {
  const others = unionsOf(forbidden, flip(way));
  return findText(domainOf(domain.pieces), unionsOf(required, way), others, known, enough());
}

const lettersOf = ({ required, forbidden }: Query): readonly string[] =>
  lettersIn(...[...required, ...forbidden].flat().map(textOf));

/** Short texts of a question's domain. */
const shortTexts = (query: Query): readonly string[] =>
  textsOf(query.domain, [...CHARACTERS, ...OTHERS, ...lettersOf(query)]);

/** Whether a text is an answer, if `isTaken` tells what a pattern takes. */
const isAnswer = ({ required, forbidden }: Query, isTaken: (one: Written, isRequired: boolean) => boolean): boolean =>
  required.every((set) => set.some((one) => isTaken(one, true))) &&
  !forbidden.some((set) => set.some((one) => isTaken(one, false)));

const check = (questions: fc.Arbitrary<Query>, judge: (query: Query) => string | undefined): void =>
  fc.assert(
    fc.property(questions, (query) => {
      const problem = judge(query);
      if (problem !== undefined) throw new Error(`${shown(query)}: ${problem}`);
    }),
    { seed, numRuns },
  );

describe(`texts in some patterns and outside others (seed ${seed}, ${numRuns} questions)`, () => {
  it("are found without symbols, the shortest ones", () => {
    check(queries(CHARACTERS, DOMAINS), (query) => {
      const isRight = (text: string) => isIn(query.domain, text) && isAnswer(query, (one) => takes(one, text));
      const found = find(query, plain);
      if (found !== undefined && !isRight(found)) return `found ${found}`;
      const other = shortTexts(query).find(isRight);
      return other === undefined || (found !== undefined && found.length <= other.length)
        ? undefined
        : `found ${found ?? "nothing"} instead of ${other}`;
    });
  });

  it("are found with symbols, where there is one for all or for some of what they turn out to be", () => {
    check(queries([...CHARACTERS, ...symbols.keys()], [...DOMAINS, ...SYMBOLIC_DOMAINS]), (query) => {
      const { way } = query;
      const domain = domainOf(query.domain.pieces);
      const isRight = (text: string) =>
        matches(domain, text, "under", lore) &&
        isAnswer(query, (one, isRequired) => matches(compiled(one), text, isRequired ? way : flip(way), lore));
      const found = find(query, lore);
      if (found !== undefined) return isRight(found) ? undefined : `found ${readableText(found)}`;
      if (lettersOf(query).length > 2) return undefined;
      const other = shortTexts(query).find((text) => (way === "under" ? isRight(text) : isPossible(query, text)));
      return other === undefined ? undefined : `found nothing instead of ${readableText(other)}`;
    });
  });
});

/** Whether a text is an answer for some of what symbols turn out to be. */
function isPossible(query: Query, text: string): boolean {
  if (!matches(domainOf(query.domain.pieces), text, "under", lore)) return false;
  return fillingsOf([...new Set([...lettersIn(text), ...lettersOf(query)])]).some((filling) =>
    isAnswer(
      query,
      (one, isRequired) =>
        takesWith(one, text, filling).includes(true) && (isRequired || !takesWith(one, text, filling).includes(false)),
    ),
  );
}

const one = (text: string, style: Style): Written => ({ stretches: [{ text, isVerbatim: false }], style });

/** A text that a pattern takes and another one doesn't. */
const between = (
  taken: Written,
  left: Written,
  way: Approximation,
  pieces: readonly DomainPiece[] = [{ oneOrMore: Classes.any }],
): string | undefined => find({ domain: { pieces, longest: 1 }, required: [[taken]], forbidden: [[left]], way }, lore);

it("tries a colon where an ARN's part takes none", () => {
  expect(between(one("?:::::", "glob"), one("?:::::", "arn"), "over")).toBe("::::::");
  expect(between(one("?x:::::", "glob"), one("*x:::::", "arn"), "over")).toBe(":x:::::");
});

it("tries what a symbol of any kind may stand for, besides itself", () => {
  const besides = (letter: string): string | undefined =>
    between(one(letter, "literal"), one(letter, "literal"), "over");
  expect(besides("\uE006")).toMatch(/^\d{12}$/);
  expect(besides("\uE005")).toMatch(/^[a-z-]$/);
  const character = [{ one: Classes.visible }];
  expect(between(one("?", "glob"), one("\uE004", "literal"), "under", character)).toMatch(/^[:/*?]$/);
  expect(between(one("?", "glob"), one("\uE005", "literal"), "under", character)).toMatch(/^[^a-z-]$/);
});

it("finds a character where patterns wait for all the usual ones", () => {
  const printable = Array.from({ length: 94 }, (_, i) => String.fromCharCode(0x21 + i)).filter(
    (char) => !"*?".includes(char),
  );
  const without = (characters: readonly string[]): string | undefined =>
    find(
      {
        domain: { pieces: [{ oneOrMore: Classes.any }], longest: 1 },
        required: [[one("?", "glob")]],
        forbidden: [characters.map((char) => one(char, "glob"))],
        way: "over",
      },
      plain,
    );
  expect(without(printable.filter((char) => char !== "%"))).toBe("%");
  expect(without(printable)).toMatch(/^[^\0-\x7e]|[ *?]$/);
});

it("counts its work, and gives up where a question costs more than it may", () => {
  const before = workDone();
  const budget: Budget = { left: 10 };
  spend(budget, 10);
  expect(budget.left).toBe(0);
  expect(workDone()).toBe(before + 10);
  expect(() => spend(budget, 1)).toThrow(TooComplex);
  expect(() => spend(budget, 1)).toThrow("the policy is too complex to be decided");
  const pattern = compiled(one("aaaaaaaaaa", "glob"));
  const search = (left: number) =>
    findText(domainOf([any]), [{ patterns: [pattern], way: "over" }], [], plain, { left });
  expect(search(1000)).toBe("aaaaaaaaaa");
  expect(() => search(9)).toThrow(TooComplex);
});
