/** Turns claims that share a symbolic pattern into cases: one in which it takes the request's value, one in which it doesn't. */
import { type Claim, textClaim, withPatterns } from "./condition";
import type { Constraint, SearchContext } from "./dimension";
import { implies } from "./implication";
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
/** Patterns of one dimension that are compared with each other. */
const MOST_RELATED = 12;
const EVERYTHING = patternFrom([{ text: "*", isVerbatim: false }], "glob");

/**
 * The cases that some claims must be told apart by, none where that says nothing new. A symbol is always the same: of two
 * statements one of which holds for what a pattern takes and the other for the rest, one holds whatever the pattern takes.
 * Each case takes in all requests and symbols for which it is so; cases that can't be are left out.
 */
export function alternativesOf(
  claims: readonly Claim[],
  domainOf: (dimension: string) => KeyDomain,
  context: SearchContext,
): readonly Alternative[] {
  const { open, implications } = related(claims, domainOf, context);
  const cases = Array.from({ length: open.length === 0 ? 0 : 2 ** open.length }, (_, number) =>
    open.map((one, i) => ({ ...one, isTaken: ((number >> i) & 1) === 1 })),
  );
  return cases
    .filter((assumed) => !implications.some(([narrow, wide]) => assumed[narrow]?.isTaken && !assumed[wide]?.isTaken))
    .map((assumed) => alternative(new Map(assumed.map((one) => [one.key, one])), context));
}

const keyOf = (dimension: string, pattern: Pattern): string => `${dimension} ${identityOf(pattern)}`;

/** Patterns that bear on more than one claim, with which of them takes all that which other one takes, by their places. */
interface Related {
  readonly open: readonly Open[];
  readonly implications: readonly (readonly [narrow: number, wide: number])[];
}

/** The patterns that stand in more than one claim, or take what one of another claim takes; as many as are looked at. */
function related(
  claims: readonly Claim[],
  domainOf: (dimension: string) => KeyDomain,
  context: SearchContext,
): Related {
  const { shared, single } = mentioned(claims);
  const isUnsettled = ({ dimension, pattern }: Open): boolean => isOpen(pattern, domainOf(dimension), context);
  const open = shared.filter(isUnsettled).slice(0, MOST_PATTERNS);
  const others = single.length > MOST_RELATED ? [] : single.filter(isUnsettled);
  const all = [...open, ...others];
  const pairs = all.flatMap((narrow) =>
    all.filter((wide) => isImplied(narrow, wide, context)).map((wide) => [narrow, wide] as const),
  );
  const isRelated = (one: Open): boolean => pairs.some((pair) => pair.includes(one));
  const chosen = [...open, ...others.filter(isRelated)].slice(0, MOST_PATTERNS);
  const implications = pairs
    .map(([narrow, wide]) => [chosen.indexOf(narrow), chosen.indexOf(wide)] as const)
    .filter(([narrow, wide]) => narrow >= 0 && wide >= 0);
  return { open: chosen, implications };
}

const isImplied = (narrow: Open, wide: Open, { lore, budget }: SearchContext): boolean =>
  narrow !== wide && narrow.dimension === wide.dimension && implies(narrow.pattern, wide.pattern, lore, budget);

/** The patterns of claims: those that stand in more than one, and the others. */
function mentioned(claims: readonly Claim[]): { readonly shared: readonly Open[]; readonly single: readonly Open[] } {
  const first = new Map<string, Claim>();
  const shared = new Map<string, Open>();
  const single = new Map<string, Open>();
  for (const claim of claims.filter(({ seesSeconds }) => !seesSeconds))
    for (const pattern of claim.patterns ?? []) {
      const { dimension } = claim;
      const key = keyOf(dimension, pattern);
      const other = first.get(key);
      const one = { key, dimension, pattern };
      if (pattern.isNever || shared.has(key)) continue;
      if (other === undefined) {
        first.set(key, claim);
        single.set(key, one);
      } else if (other !== claim) {
        shared.set(key, one);
        single.delete(key);
      }
    }
  return { shared: [...shared.values()], single: [...single.values()] };
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
    if (claim.seesSeconds || patterns.every((pattern) => isTaken(pattern) === undefined)) return claim;
    const isSettled = patterns.some((pattern) => isTaken(pattern) === true);
    const others = patterns.filter((pattern) => isTaken(pattern) === undefined);
    return withPatterns(claim, isSettled ? [EVERYTHING] : others, lore);
  };
  return { premises, claimThere };
}
