/** Turns conditions and resource elements into claims about one key, which hold or don't for a value that the key may have. */
import { compareDecimals, type Decimal } from "./decimal";
import type { Condition, Element } from "./document";
import type { Operator } from "./operators";
import {
  type Approximation,
  flip,
  matches,
  NEVER,
  type Pattern,
  patternFrom,
  type Stretch,
  type Style,
  type SymbolLore,
} from "./pattern";
import { dateOf, ipRangeOf, momentOf, numberOf, showIp } from "./typed-values";
import { partsOfVariableText } from "./variables";

/** What a key is in a request: absent, or one or more values. */
export type KeyValue = readonly string[] | null;

/** What a policy variable stands for: `null` where its key is absent. */
export type Resolve = (key: string) => string | null;

/** A claim about one dimension of a request: a condition key, the resource, the principal. */
export interface Claim {
  /** The key in lower case (`time` for the two keys of the time), `resource`, or `aws:principalarn`. */
  readonly dimension: string;
  /** Whether it holds for an absent key. */
  readonly ifAbsent: boolean;
  /** Whether one value must fulfil it, or all. */
  readonly needs: "some" | "every";
  /** True where no value of the policy may match. */
  readonly isNegated: boolean;
  /** The policy's values as patterns; undefined where they are compared otherwise. */
  readonly patterns: readonly Pattern[] | undefined;
  /** Values of the policy that are unknown: anything may match. */
  readonly hasHoles: boolean;
  /** Whether a value of the request equals one of the known values of the policy. */
  readonly test: (value: string, way: Approximation) => boolean;
  /** Values worth trying. */
  readonly hints: readonly string[];
  /** What numbers, or moments in seconds since 1970, are compared with; undefined where neither are. */
  readonly measure: Measure | undefined;
  /** Only asks whether the key is there. */
  readonly isPresence: boolean;
  /** Compares texts, of which the hints are not all that can make a difference. */
  readonly isTextual: boolean;
  /** Of a comparison of `time` as text: whether it sees the seconds since 1970, not the date. */
  readonly seesSeconds: boolean;
}

/** The limits of a comparison by size. */
export interface Measure {
  readonly of: "numbers" | "moments";
  readonly limits: readonly Decimal[];
}

/** Whether a claim holds for what a key is. */
export function holds(claim: Claim, value: KeyValue, way: Approximation): boolean {
  if (value === null) return claim.ifAbsent;
  const one = (text: string): boolean =>
    claim.isNegated ? !isTaken(claim, text, flip(way)) : isTaken(claim, text, way);
  return claim.needs === "some" ? value.some(one) : value.every(one);
}

function isTaken(claim: Claim, text: string, way: Approximation): boolean {
  return (claim.hasHoles && way === "over") || claim.test(text, way);
}

/** The patterns of texts with variables put in; a variable without a value makes its text match nothing. */
function patternsOf(
  texts: readonly string[],
  style: Style,
  resolve: Resolve | undefined,
): { readonly patterns: Pattern[]; readonly dependsOnVariables: boolean } {
  let dependsOnVariables = false;
  const patterns = texts.map((text) => {
    if (!resolve || !text.includes("${")) return patternFrom([{ text, isVerbatim: false }], style);
    const stretches: Stretch[] = [];
    for (const part of partsOfVariableText(text)) {
      if ("text" in part) stretches.push({ text: part.text, isVerbatim: false });
      else if ("verbatim" in part) stretches.push({ text: part.verbatim, isVerbatim: true });
      else {
        dependsOnVariables = true;
        const value = resolve(part.variable) ?? part.fallback;
        if (value === undefined) return NEVER;
        stretches.push({ text: value, isVerbatim: true });
      }
    }
    return patternFrom(stretches, style);
  });
  return { patterns, dependsOnVariables };
}

/** A claim, and whether it is the same whatever the variables are. */
export interface CompiledClaim {
  readonly claim: Claim;
  readonly dependsOnVariables: boolean;
}

/** The claim of a `Resource` or `NotResource`. */
export function resourceClaim(element: Element, resolve: Resolve | undefined, lore: SymbolLore): CompiledClaim {
  const { patterns, dependsOnVariables } = patternsOf(element.values, "glob", resolve);
  return {
    dependsOnVariables,
    claim: {
      ...textClaim("resource", patterns, lore),
      isNegated: element.isNegated,
      hasHoles: element.holes.length > 0,
    },
  };
}

/** The claim that one of some patterns takes a caller's ARN. */
export const principalClaim = (patterns: readonly Pattern[], isNegated: boolean, lore: SymbolLore): Claim => ({
  ...textClaim("aws:principalarn", patterns, lore),
  ifAbsent: isNegated,
  isNegated,
});

/** The claim with other patterns in place of its own. */
export const withPatterns = (claim: Claim, patterns: readonly Pattern[], lore: SymbolLore): Claim => ({
  ...claim,
  patterns,
  test: testOf(patterns, lore),
});

/** The claim that a value is taken by one of some patterns. */
export const textClaim = (dimension: string, patterns: readonly Pattern[], lore: SymbolLore): Claim => ({
  dimension,
  ifAbsent: false,
  needs: "some",
  isNegated: false,
  patterns,
  hasHoles: false,
  test: testOf(patterns, lore),
  hints: hintsOf(patterns),
  measure: undefined,
  isPresence: false,
  isTextual: true,
  seesSeconds: false,
});

/** Whether one of the patterns takes a value; literal ones are looked up where there are no symbols at all. */
function testOf(patterns: readonly Pattern[], lore: SymbolLore): (value: string, way: Approximation) => boolean {
  const isPlainText = (pattern: Pattern): boolean => pattern.isLiteral && !pattern.ignoresCase;
  const literals = new Set(patterns.filter(isPlainText).map((pattern) => pattern.text));
  const others = patterns.filter((pattern) => !isPlainText(pattern));
  return (value, way) => {
    if (literals.has(value)) return true;
    const rest = lore.isEmpty || literals.size === 0 ? others : patterns;
    return rest.some((pattern) => matches(pattern, value, way, lore));
  };
}

/** Texts that patterns take, two of each: their wildcards filled in as people would. What is literal has no wildcards. */
function hintsOf(patterns: readonly Pattern[]): string[] {
  const hints: string[] = [];
  for (const { isNever, isLiteral, text } of patterns) {
    if (isNever) continue;
    const filled = text.replace(/\?/g, "x");
    if (isLiteral) hints.push(text, text);
    else hints.push(filled.replace(/\*/g, "example"), filled.replace(/\*/g, ""));
  }
  return hints;
}

/** The claim of one key of one operator. */
export function conditionClaim(condition: Condition, resolve: Resolve | undefined, lore: SymbolLore): CompiledClaim {
  const { operator, lower, holes, values } = condition;
  const isTime = lower === "aws:currenttime" || lower === "aws:epochtime";
  const dimension = isTime ? "time" : lower;
  const hasHoles = holes.length > 0;
  const shape = { dimension, hasHoles, isNegated: operator.isNegated, ...quantityOf(operator) };
  if (operator.family === "null") return { claim: nullClaim(dimension, values, hasHoles), dependsOnVariables: false };
  const see = lower === "aws:epochtime" ? epochOf : undefined;
  const style = styleOf(operator);
  if (style) {
    const { patterns, dependsOnVariables } = patternsOf(values, style, resolve);
    const test = testOf(patterns, lore);
    return {
      dependsOnVariables,
      claim: {
        ...shape,
        patterns,
        test: see ? (value, way) => test(see(value), way) : test,
        hints: hintsOf(patterns),
        measure: undefined,
        isPresence: false,
        isTextual: true,
        seesSeconds: see !== undefined,
      },
    };
  }
  const typed = typedValues(operator, values, resolve);
  const test = (value: string): boolean => typed.tests.some((one) => one(see ? see(value) : value));
  const claim: Claim = {
    ...shape,
    hasHoles: hasHoles || typed.isSymbolic,
    patterns: undefined,
    test,
    hints: typed.hints,
    measure: measureOf(operator, typed.limits),
    isPresence: false,
    isTextual: false,
    seesSeconds: false,
  };
  return { claim, dependsOnVariables: typed.dependsOnVariables };
}

const epochOf = (time: string): string => String(dateOf(time) ?? 0);

function quantityOf(operator: Operator): Pick<Claim, "ifAbsent" | "needs"> {
  const { quantifier, isNegated, ifExists } = operator;
  if (quantifier === "for-all") return { ifAbsent: true, needs: "every" };
  if (quantifier === "for-any") return { ifAbsent: ifExists, needs: "some" };
  return { ifAbsent: isNegated || ifExists, needs: isNegated ? "every" : "some" };
}

function nullClaim(dimension: string, values: readonly string[], hasHoles: boolean): Claim {
  const wanted = values.map((value) => value.toLowerCase());
  const takesPresent = wanted.includes("false");
  return {
    dimension,
    ifAbsent: wanted.includes("true"),
    needs: "some",
    isNegated: false,
    patterns: undefined,
    hasHoles,
    test: () => takesPresent,
    hints: [],
    measure: undefined,
    isPresence: true,
    isTextual: false,
    seesSeconds: false,
  };
}

/** How an operator compares texts; `undefined` where it compares something else. */
export function styleOf(operator: Operator): Style | undefined {
  switch (operator.family) {
    case "string":
    case "binary":
      return "literal";
    case "string-ignore-case":
      return "literal-ignore-case";
    case "string-like":
      return "glob";
    case "arn":
      return "arn";
    case "bool":
      return "literal-ignore-case";
    case "numeric":
    case "date":
    case "ip":
    case "null":
      return undefined;
    default:
      return operator.family satisfies never;
  }
}

function measureOf({ family }: Operator, limits: readonly Decimal[]): Measure | undefined {
  if (family !== "numeric" && family !== "date") return undefined;
  return { of: family === "date" ? "moments" : "numbers", limits };
}

interface TypedValues {
  readonly tests: readonly ((value: string) => boolean)[];
  readonly hints: readonly string[];
  readonly limits: readonly Decimal[];
  readonly isSymbolic: boolean;
  readonly dependsOnVariables: boolean;
}

function typedValues(operator: Operator, values: readonly string[], resolve: Resolve | undefined): TypedValues {
  const tests: ((value: string) => boolean)[] = [];
  const hints: string[] = [];
  const limits: Decimal[] = [];
  let isSymbolic = false;
  let dependsOnVariables = false;
  for (const text of values) {
    const { patterns, dependsOnVariables: depends } = patternsOf([text], "literal", resolve);
    const [pattern] = patterns;
    dependsOnVariables ||= depends;
    if (!pattern || pattern.isNever) continue;
    const typed = typedValue(operator, pattern.text);
    if (pattern.hasSymbol || !typed) isSymbolic ||= pattern.hasSymbol;
    else {
      tests.push(typed.test);
      if ("limit" in typed) limits.push(typed.limit);
      else hints.push(...typed.hints);
    }
  }
  return { tests, hints, limits, isSymbolic, dependsOnVariables };
}

type TypedValue = { readonly test: (value: string) => boolean } & (
  | { readonly hints: readonly string[] }
  | { readonly limit: Decimal }
);

function typedValue(operator: Operator, text: string): TypedValue | undefined {
  if (operator.family === "ip") return ipValue(text);
  const toNumber = operator.family === "date" ? momentOf : numberOf;
  const limit = toNumber(text);
  if (limit === undefined) return undefined;
  return {
    test: (value) => {
      const found = toNumber(value);
      return found !== undefined && compare(operator, compareDecimals(found, limit));
    },
    limit,
  };
}

/** Whether a comparison is as the operator wants it; `order` is negative where the request's value is less. */
function compare(operator: Operator, order: number): boolean {
  switch (operator.comparison) {
    case "equal":
      return order === 0;
    case "less":
      return order < 0;
    case "less-or-equal":
      return order <= 0;
    case "greater":
      return order > 0;
    case "greater-or-equal":
      return order >= 0;
    default:
      return operator.comparison satisfies never;
  }
}

function ipValue(text: string): TypedValue | undefined {
  const range = ipRangeOf(text);
  if (!range) return undefined;
  const { version, first, last } = range;
  const most = (1n << (version === 4 ? 32n : 128n)) - 1n;
  const hints = [first, first + 7n <= last ? first + 7n : last, last, first - 1n, last + 1n];
  return {
    test: (value) => {
      const found = value.includes("/") ? undefined : ipRangeOf(value);
      return found?.version === version && found.first >= first && found.last <= last;
    },
    hints: hints.filter((address) => address >= 0n && address <= most).map((address) => showIp(version, address)),
  };
}
