/** Turns claims that share a symbolic pattern into cases: one in which it takes the request's value, one in which it doesn't. */
import { type Claim, textClaim, withPatterns } from "./condition";
import type { Constraint, SearchContext } from "./dimension";
import type { KeyDomain } from "./keys";
import { findText } from "./language";
import { identityOf, matches, type Pattern, patternFrom } from "./pattern";

/** What is assumed of the request in one case, and what claims amount to there. */
export interface Alternative {
  readonly premises: readonly Constraint[];
  readonly claimThere: (claim: Claim) => Claim;
}

/** A pattern of which it isn't settled whether it takes the value of a dimension. */
interface Open {
  readonly key: string;
  readonly dimension: string;
  readonly pattern: Pattern;
}

/** Patterns that are looked at one by one; each doubles the cases. */
const MOST_PATTERNS = 5;
const EVERYTHING = patternFrom([{ text: "*", isVerbatim: false }], "glob");

/**
 * The cases that some claims must be told apart by, none where that says nothing new. A symbol is always the same: of two
 * statements one of which holds for what a pattern takes and the other for the rest, one holds whatever the pattern takes.
 * Each case takes in all requests and symbols for which it is so.
 */
export function alternativesOf(
  claims: readonly Claim[],
  domainOf: (dimension: string) => KeyDomain,
  context: SearchContext,
): readonly Alternative[] {
  const open = shared(claims).filter(({ dimension, pattern }) => isOpen(pattern, domainOf(dimension), context));
  if (open.length === 0 || open.length > MOST_PATTERNS) return [];
  return Array.from({ length: 2 ** open.length }, (_, number) =>
    alternative(new Map(open.map((one, i) => [one.key, { ...one, isTaken: ((number >> i) & 1) === 1 }])), context),
  );
}

const keyOf = (dimension: string, pattern: Pattern): string => `${dimension} ${identityOf(pattern)}`;

/** The patterns that stand in more than one claim. */
function shared(claims: readonly Claim[]): readonly Open[] {
  const first = new Map<string, Claim>();
  const found = new Map<string, Open>();
  for (const claim of claims)
    for (const pattern of claim.patterns ?? []) {
      const { dimension } = claim;
      const key = keyOf(dimension, pattern);
      const other = first.get(key);
      if (other === undefined) first.set(key, claim);
      else if (other !== claim && !pattern.isNever) found.set(key, { key, dimension, pattern });
    }
  return [...found.values()];
}

/** Whether a pattern may or may not take what a dimension can be, as symbols turn out; of several values each may differ. */
function isOpen(pattern: Pattern, domain: KeyDomain, { lore, budget }: SearchContext): boolean {
  const differs = (value: string): boolean =>
    matches(pattern, value, "over", lore) && !matches(pattern, value, "under", lore);
  switch (domain.kind) {
    case "absent":
      return false;
    case "fixed":
      return differs(domain.value);
    case "choice":
      return !domain.isMulti && domain.values.some(differs);
    case "typed":
      return pattern.hasSymbol;
    case "text": {
      const required = [{ patterns: [pattern], way: "over" } as const];
      const forbidden = [{ patterns: [pattern], way: "under" } as const];
      return !domain.isMulti && findText(domain.domain, required, forbidden, lore, budget) !== undefined;
    }
    default:
      return domain satisfies never;
  }
}

function alternative(
  assumed: ReadonlyMap<string, Open & { readonly isTaken: boolean }>,
  { lore }: SearchContext,
): Alternative {
  const premises = [...assumed.values()].map(
    ({ dimension, pattern, isTaken }): Constraint => ({
      claim: textClaim(dimension, [pattern], lore),
      wanted: isTaken,
      way: isTaken ? "over" : "under",
    }),
  );
  const claimThere = (claim: Claim): Claim => {
    const isTaken = (pattern: Pattern) => assumed.get(keyOf(claim.dimension, pattern))?.isTaken;
    const patterns = claim.patterns ?? [];
    if (patterns.every((pattern) => isTaken(pattern) === undefined)) return claim;
    const isSettled = patterns.some((pattern) => isTaken(pattern) === true);
    const others = patterns.filter((pattern) => isTaken(pattern) === undefined);
    return withPatterns(claim, isSettled ? [EVERYTHING] : others, lore);
  };
  return { premises, claimThere };
}
