/** Turns sets of patterns into texts, one for each way in which the sets can take or leave the texts of a domain. */
import { type Budget, findText, spend, TooComplex, type Union } from "./language";
import { matches, NO_SYMBOLS, type Pattern } from "./pattern";

/** More kinds of texts than anybody's policy tells apart. */
const MOST_TEXTS = 100;
/** Work that finding them may cost, in states looked at. */
const MOST_WORK = 100_000;

/** Texts of each kind; not `isComplete` where there are more kinds than are looked at. */
export interface DistinctTexts {
  readonly texts: readonly string[];
  readonly isComplete: boolean;
}

/** What texts are looked for. Patterns are without symbols. */
export interface Distinction {
  readonly domain: Pattern;
  /** Patterns that are compared together, as the values of one condition are: a text is taken by any of a set. */
  readonly sets: readonly (readonly Pattern[])[];
  /** Texts that are preferred, the first one that will do. */
  readonly ordinary: readonly string[];
}

/**
 * One text of the domain for each way to be taken by some of the sets and by no other: whatever a policy says, texts
 * that its sets take alike are alike.
 */
export function distinctTexts(distinction: Distinction): DistinctTexts {
  const search = new Search(distinction);
  try {
    return { texts: search.texts(), isComplete: true };
  } catch (error) {
    if (!(error instanceof TooComplex)) throw error;
    return { texts: search.found, isComplete: false };
  }
}

class Search {
  readonly found: string[] = [];
  private readonly budget: Budget = { left: MOST_WORK };
  private readonly sets: readonly (readonly Pattern[])[];

  constructor(private readonly distinction: Distinction) {
    const sets = new Map(distinction.sets.map((set) => [set.map(nameOf).sort().join("\n"), set]));
    this.sets = [...sets.values()].map((set) => set.filter(({ isNever }) => !isNever));
  }

  texts(): readonly string[] {
    this.split(0, [], []);
    return this.found;
  }

  /** Splits the texts that all of `required` take and none of `forbidden` does by the sets from `at` on. */
  private split(at: number, required: readonly (readonly Pattern[])[], forbidden: readonly Pattern[]): void {
    const text = this.text(required, forbidden);
    if (text === undefined) return;
    const set = this.sets[at];
    if (!set) {
      if (this.found.length >= MOST_TEXTS) throw new TooComplex("the policy tells too many names apart");
      this.found.push(text);
      return;
    }
    this.split(at + 1, required, [...forbidden, ...set]);
    this.split(at + 1, [...required, set], forbidden);
  }

  private text(required: readonly (readonly Pattern[])[], forbidden: readonly Pattern[]): string | undefined {
    const { domain, ordinary } = this.distinction;
    spend(this.budget, 1 + required.length + ordinary.length);
    const isTaken = (set: readonly Pattern[], text: string): boolean =>
      set.some((pattern) => matches(pattern, text, "over", NO_SYMBOLS));
    const isAnswer = (text: string): boolean =>
      matches(domain, text, "under", NO_SYMBOLS) &&
      required.every((set) => isTaken(set, text)) &&
      !isTaken(forbidden, text);
    const writtenOut = required.find((set) => set.every(({ isLiteral, ignoresCase }) => isLiteral && !ignoresCase));
    if (writtenOut) return writtenOut.map((pattern) => pattern.text).find(isAnswer);
    const known = ordinary.find(isAnswer);
    if (known !== undefined) return known;
    const unions = required.map((patterns): Union => ({ patterns, way: "over" }));
    return findText(domain, unions, [{ patterns: forbidden, way: "over" }], NO_SYMBOLS, this.budget);
  }
}

const nameOf = ({ text, ignoresCase, isLiteral }: Pattern): string => `${ignoresCase} ${isLiteral} ${text}`;
