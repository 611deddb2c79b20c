/** Turns a policy into account numbers that it doesn't mention, one of each kind that it tells apart. */
import { styleOf } from "./condition";
import { floorOf, isWhole } from "./decimal";
import type { Condition, PolicyDocument } from "./document";
import { type Comparison, type Fillers, fillersOf, type Spot, WHOLE } from "./fillers";
import { mentionsOf } from "./mentions";
import { Classes, type DomainPiece, domainOf, literal, type Pattern, type SymbolLore } from "./pattern";
import { momentOf, numberOf } from "./typed-values";
import { comparisonsOfVariables, patternsWithVariables, type ReachOf, type SpotsOf } from "./variable-places";

/** Whose account numbers are looked for. */
export interface AccountSearch {
  readonly document: PolicyDocument;
  readonly partitions: readonly string[];
  /** Accounts of the own partition that are callers of their own. */
  readonly taken: ReadonlySet<string>;
  /** Accounts that are preferred. */
  readonly ordinary: readonly string[];
  readonly reachOf: ReachOf;
  readonly lore: SymbolLore;
}

const DIGITS = 12;
const DIGIT: DomainPiece = { one: Classes.digit };
const ACCOUNTS = domainOf(Array.from({ length: DIGITS }, () => DIGIT));

/** Account numbers of each kind that a policy tells apart, and that are none of those taken. */
export function unmentionedAccounts(search: AccountSearch): Fillers {
  const { document, partitions, taken, ordinary, reachOf, lore } = search;
  const spots = spotsOf(document, partitions);
  const variables = comparisonsOfVariables(document, spots, reachOf);
  const comparisons = [...comparisonsOf(search, spots), ...variables.comparisons];
  if (comparisons.length === 0) return { fillers: [], isComplete: true };
  const patterns = comparisons.flatMap((comparison) => comparison.patterns);
  const likely = patterns.slice(0, MOST_FILLED).flatMap(({ text }) => filled(text));
  const found = fillersOf({
    domain: ACCOUNTS,
    comparisons,
    excluded: [...taken].filter((account) => /^\d{12}$/.test(account)).map(literal),
    ordinary: [...ordinary, ...likely].filter((account) => !taken.has(account)),
    // an account that is a symbol is taken
    takesSymbols: false,
    lore,
  });
  return { ...found, isComplete: found.isComplete && variables.isComplete };
}

/** Patterns that are filled in as people would. */
const MOST_FILLED = 10;

/** Account numbers that wildcards alone take, their runs of digits as people would fill them in. */
function filled(shape: string): readonly string[] {
  if (!/^[\d*?]+$/.test(shape)) return [];
  const missing = Math.max(DIGITS - shape.replace(/\*/g, "").length, 0);
  return [..."4567890123"].map((digit) => {
    let isFirst = true;
    return shape.replace(/\?/g, digit).replace(/\*+/g, () => {
      const fill = isFirst ? digit.repeat(missing) : "";
      isFirst = false;
      return fill;
    });
  });
}

/** Everything that numbers which nobody mentions are compared with, and that may take some of them and not all. */
function comparisonsOf({ document, taken, reachOf }: AccountSearch, spots: SpotsOf): readonly Comparison[] {
  return document.statements
    .flatMap(({ conditions }) => conditions)
    .flatMap((condition): readonly Comparison[] => {
      const at = spots(condition.lower);
      if (at.length === 0) return [];
      const { family } = condition.operator;
      if (family === "numeric" || family === "date")
        return limitsOf(condition).map((patterns) => ({ patterns, spots: at }));
      const style = styleOf(condition.operator);
      const values = condition.values.filter((value) => !isIndifferent(value, condition, taken));
      return style && values.length > 0
        ? [{ patterns: patternsWithVariables(values, style, document, reachOf), spots: at }]
        : [];
    });
}

const NUMBERS = /^(aws:principalaccount|kms:calleraccount|aws:sourceaccount|aws:sourceowner)$/;

function spotsOf(document: PolicyDocument, partitions: readonly string[]): SpotsOf {
  const before = (...pieces: readonly DomainPiece[]): Spot => ({ before: domainOf(pieces), after: ":", isEnd: false });
  const { lower } = Classes;
  const ofSources = partitions.map((partition) =>
    before(`arn:${partition}:`, { oneOrMore: lower }, ":", { anyNumber: lower }, ":"),
  );
  const ofCallers = partitions.flatMap((partition) => [
    before(`arn:${partition}:iam::`),
    before(`arn:${partition}:sts::`),
    ...(mentionsOf(document).canonicalUsers.length > 0
      ? [before(`arn:${partition}:`, { oneOrMore: lower }, "::")]
      : []),
  ]);
  const ofIds = [WHOLE, before()];
  const { sourceKeys } = mentionsOf(document);
  return (key) => {
    if (NUMBERS.test(key) || sourceKeys.accounts.has(key)) return [WHOLE];
    if (key === "aws:userid") return ofIds;
    if (key === "aws:principalarn") return ofCallers;
    return sourceKeys.arns.has(key) ? ofSources : [];
  };
}

/** The account of an ARN that is known, or one symbol, or anything, in front of which nothing could take colons. */
const ACCOUNT_OF_TEXT = /^[^:*?$\uE000-\uF8FF]*(?::[^:*?$\uE000-\uF8FF]*){3}:(\d{12}|[\uE000-\uF8FF]?):/;
const ACCOUNT_OF_ARN = /^[^:$\uE000-\uF8FF]*(?::[^:$\uE000-\uF8FF]*){3}:(\d{12}|\**|[\uE000-\uF8FF]):/;

/** Whether a value takes all texts alike but for those with numbers that are taken: only digits can tell digits apart. */
function isIndifferent(value: string, { lower, operator }: Condition, taken: ReadonlySet<string>): boolean {
  if (!/[\d$]/.test(value) || taken.has(value)) return true;
  if (NUMBERS.test(lower)) return false;
  if (lower === "aws:userid") return /^[^\d*?$\uE000-\uF8FF]/.test(value);
  const account = (operator.family === "arn" ? ACCOUNT_OF_ARN : ACCOUNT_OF_TEXT).exec(value)?.[1];
  return account !== undefined && (!/\d/.test(account) || taken.has(account));
}

/** Patterns of the numbers below each limit of a comparison by size, and those of the limit itself. */
function limitsOf({ operator, values }: Condition): readonly (readonly Pattern[])[] {
  return values.flatMap((value) => {
    const limit = operator.family === "numeric" ? numberOf(value) : momentOf(value);
    if (limit === undefined) return [];
    const whole = String(floorOf(limit));
    if (whole.startsWith("-") || whole.length > DIGITS) return [];
    const written = whole.padStart(DIGITS, "0");
    return isWhole(limit) ? [below(written), [literal(written)]] : [[...below(written), literal(written)]];
  });
}

/** The account numbers that are less than one. */
function below(limit: string): readonly Pattern[] {
  return [...limit].flatMap((digit, at) =>
    Array.from({ length: Number(digit) }, (_, less) =>
      domainOf([`${limit.slice(0, at)}${less}`, ...Array.from({ length: DIGITS - at - 1 }, () => DIGIT)]),
    ),
  );
}
