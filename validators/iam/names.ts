/** Turns a policy into names of users and services, one of each kind that it tells apart. */
import { styleOf } from "./condition";
import type { PolicyDocument } from "./document";
import { type Comparison, type Fillers, fillersOf, type Spot, WHOLE } from "./fillers";
import { hasLetter } from "./letters";
import { mentionsOf } from "./mentions";
import { Classes, domainOf, literal, matches, type Pattern, type SymbolLore } from "./pattern";
import { comparisonsOfVariables, patternsWithVariables, type ReachOf, type SpotsOf } from "./variable-places";

/** Whose names are looked for. */
export interface NameSearch {
  readonly document: PolicyDocument;
  readonly reachOf: ReachOf;
  readonly lore: SymbolLore;
}

const USER_NAMES = domainOf([{ oneOrMore: Classes.name }]);
const SERVICE_NAMES = domainOf([{ oneOrMore: Classes.host }]);

/** Whether a text is a user's name, whatever its symbols stand for. */
export const isUserName = (written: string, lore: SymbolLore): boolean => matches(USER_NAMES, written, "under", lore);

/** Users' names of each kind, where `start` is what their ARNs begin with. A name is the last part of an ARN. */
export function userNames(search: NameSearch, start: string): Fillers {
  const ofArns: readonly Spot[] = [
    { before: domainOf([start]), after: "", isEnd: true },
    { before: domainOf([start, { oneOrMore: Classes.visible }, "/"]), after: "", isEnd: true },
  ];
  const spots: SpotsOf = (key) => (key === "aws:username" ? [WHOLE] : key === "aws:principalarn" ? ofArns : []);
  const named = search.document.statements.map(({ principals }) =>
    principals.items.flatMap((item) => (item.kind === "arn" && item.type === "user" ? [literal(item.written)] : [])),
  );
  const elements = named.filter((patterns) => patterns.length > 0).map((patterns) => ({ patterns, spots: ofArns }));
  const { comparisons, isComplete } = comparisonsIn(search, spots);
  const found = fillersOf({
    domain: USER_NAMES,
    comparisons: [...comparisons, ...elements],
    excluded: [],
    ordinary: ["jane"],
    takesSymbols: true,
    lore: search.lore,
  });
  return { ...found, isComplete: found.isComplete && isComplete };
}

/** Services' names of each kind that conditions tell apart, and that no principal element mentions. */
export function serviceNames(search: NameSearch, ordinary: readonly string[]): Fillers {
  const spots: SpotsOf = (key) => (/^aws:principalservicename/.test(key) ? [WHOLE] : []);
  const { comparisons, isComplete } = comparisonsIn(search, spots);
  if (comparisons.length === 0) return { fillers: [], isComplete };
  const filled = comparisons.flatMap(({ patterns }) => patterns).flatMap(filledIn);
  const found = fillersOf({
    domain: SERVICE_NAMES,
    comparisons,
    excluded: mentionsOf(search.document)
      .services.filter((name) => !hasLetter(name))
      .map(literal),
    ordinary: [...ordinary, ...filled],
    takesSymbols: true,
    lore: search.lore,
  });
  return { ...found, isComplete: found.isComplete && isComplete };
}

/** Names that a pattern takes, its wildcards filled in as people would. */
function filledIn({ text }: Pattern): readonly string[] {
  const lower = text.toLowerCase();
  return [lower, lower.replace(/\*/, "amazonaws.com").replace(/\*/g, ""), lower.replace(/\*/g, "")];
}

/** All comparisons of texts with names in them; not complete where names are compared as something else than text. */
function comparisonsIn(
  search: NameSearch,
  spots: SpotsOf,
): { comparisons: readonly Comparison[]; isComplete: boolean } {
  const { document, reachOf } = search;
  const variables = comparisonsOfVariables(document, spots, reachOf);
  let { isComplete } = variables;
  const comparisons = document.statements
    .flatMap(({ conditions }) => conditions)
    .flatMap(({ lower, operator, values }): readonly Comparison[] => {
      const at = spots(lower);
      const style = styleOf(operator);
      if (at.includes(WHOLE) && !style && operator.family !== "null") isComplete = false;
      return style && at.length > 0
        ? [{ patterns: patternsWithVariables(values, style, document, reachOf), spots: at }]
        : [];
    });
  return { comparisons: [...comparisons, ...variables.comparisons], isComplete };
}
