/** Turns some patterns into texts, one for each way in which the patterns can take or leave the texts of a domain. */
import { type Budget, findText, spend, TooComplex, type Union } from "./language";
import { matches, type Pattern, type SymbolLore } from "./pattern";

/** No symbols: every text is plain. */
const PLAIN: SymbolLore = { isEmpty: true, kindOf: () => "any", isDistinct: () => false };

/** More kinds of texts than anybody's policy tells apart. */
const MOST_TEXTS = 64;
/** Work that finding them may cost, in states looked at. */
const MOST_WORK = 200_000;

/**
 * One text of `domain` for each way to be taken by some of `patterns` and by no other: whatever else a policy says,
 * texts that the patterns take alike are alike. Of several the first of `ordinary` is chosen. The patterns are without
 * symbols. Throws {@link TooComplex}.
 */
export function distinctTexts(
  domain: Pattern,
  patterns: readonly Pattern[],
  ordinary: readonly string[] = [],
): readonly string[] {
  const isOfDomain = (text: string): boolean => matches(domain, text, "under", PLAIN);
  const plain = patterns.filter((pattern) => pattern.isLiteral && !pattern.ignoresCase);
  const wild = patterns.filter((pattern) => !pattern.isNever && !plain.includes(pattern));
  const literals = [...new Set(plain.map(({ text }) => text))].filter(isOfDomain);
  const search = new Distinction(domain, wild, plain, ordinary.filter(isOfDomain));
  return [...literals, ...search.texts()];
}

class Distinction {
  private readonly found: string[] = [];
  private readonly budget: Budget = { left: MOST_WORK };

  constructor(
    private readonly domain: Pattern,
    private readonly patterns: readonly Pattern[],
    private readonly taken: readonly Pattern[],
    private readonly ordinary: readonly string[],
  ) {}

  texts(): readonly string[] {
    this.split(0, [], this.taken);
    return this.found;
  }

  /** Splits the texts that all of `required` take and none of `forbidden` does by the patterns from `at` on. */
  private split(at: number, required: readonly Pattern[], forbidden: readonly Pattern[]): void {
    const text = this.text(required, forbidden);
    if (text === undefined) return;
    const pattern = this.patterns[at];
    if (!pattern) {
      if (this.found.length >= MOST_TEXTS) throw new TooComplex("the policy tells too many names apart");
      this.found.push(text);
      return;
    }
    this.split(at + 1, required, [...forbidden, pattern]);
    this.split(at + 1, [...required, pattern], forbidden);
  }

  private text(required: readonly Pattern[], forbidden: readonly Pattern[]): string | undefined {
    spend(this.budget, required.length + forbidden.length + this.ordinary.length);
    const takes = (pattern: Pattern, text: string): boolean => matches(pattern, text, "over", PLAIN);
    const known = this.ordinary.find(
      (text) => required.every((one) => takes(one, text)) && !forbidden.some((one) => takes(one, text)),
    );
    if (known !== undefined) return known;
    const unions = required.map((pattern): Union => ({ patterns: [pattern], way: "over" }));
    return findText(this.domain, unions, [{ patterns: forbidden, way: "over" }], PLAIN, this.budget);
  }
}
