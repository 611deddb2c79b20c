/** Finds what one key of a request can be, so that each of some claims about it holds or fails as wanted. */
import { type Claim, holds, type KeyValue } from "./condition";
import { type Decimal, floorOf, isWhole, representatives, showDecimal } from "./decimal";
import type { KeyDomain } from "./keys";
import { type Budget, findText, spend, TooComplex, type Union } from "./language";
import { type Approximation, Classes, domainOf, flip, matches, type Pattern, type SymbolLore } from "./pattern";
import { dateOf, isDate, isIpRange, numberOf, showDate, showMoment } from "./typed-values";

/** A claim that must hold, or must fail. */
export interface Constraint {
  readonly claim: Claim;
  readonly wanted: boolean;
  readonly way: Approximation;
}

/** What a dimension can be, and what its texts must not be. */
export interface Dimension {
  readonly name: string;
  readonly domain: KeyDomain;
  readonly excluded: readonly Pattern[];
  /** What its texts never are: of symbols, what is so whatever they stand for. */
  readonly unreal: readonly Pattern[];
  /** Seconds since 1970 before which no request is made; for `time`. */
  readonly earliest: number;
}

/** What all searches of a question share. */
export interface SearchContext {
  readonly lore: SymbolLore;
  readonly budget: Budget;
}

const isMet = (constraint: Constraint, value: KeyValue): boolean =>
  holds(constraint.claim, value, constraint.way) === constraint.wanted;

/** A value with which every constraint is met, the most ordinary first; `undefined` where there is none. */
export function solve(
  dimension: Dimension,
  constraints: readonly Constraint[],
  context: SearchContext,
): KeyValue | undefined {
  const { domain } = dimension;
  spend(context.budget, 1 + constraints.length + dimension.excluded.length + dimension.unreal.length);
  const fits = (value: KeyValue): boolean => constraints.every((constraint) => isMet(constraint, value));
  const first = (values: Iterable<string>): KeyValue | undefined => {
    for (const value of values) if (fits([value])) return [value];
    return undefined;
  };
  if (domain.kind === "absent") return fits(null) ? null : undefined;
  if (domain.kind === "fixed") return first([domain.value]);
  if (domain.mayBeAbsent && fits(null)) return null;
  if (domain.kind === "choice") return first(domain.values);
  const claims = constraints.map(({ claim }) => claim);
  const hints = claims.flatMap((claim) => claim.hints);
  const measured = measuredTexts(claims);
  spend(context.budget, hints.length + measured.length);
  if (domain.kind === "typed")
    return first(typedCandidates(dimension, domain, claims)) ?? solveTyped(dimension, domain, constraints, context);
  const isExcluded = (value: string): boolean =>
    dimension.excluded.some((pattern) => matches(pattern, value, "over", context.lore)) ||
    dimension.unreal.some((pattern) => matches(pattern, value, "under", context.lore));
  const candidates = [...hints, ...measured, ...(hints.length > 2 ? [joined(hints)] : [])];
  const ordinary = [
    ...domain.ordinary,
    ...candidates.filter(
      (hint) =>
        (hint.startsWith(domain.domain.prefix) || domain.domain.orSymbol !== undefined) &&
        matches(domain.domain, hint, "under", context.lore),
    ),
  ];
  const found = first(ordinary.filter((value) => !isExcluded(value)));
  if (found) return found;
  return domain.isMulti
    ? solveSet(dimension, domain.domain, constraints, context)
    : solveText(dimension, domain.domain, constraints, context);
}

/** The year 2099, which no policy's author thinks of. */
export const FAR_AWAY = 4_070_908_800;

/** All hints in one text, each once: what many `*x*` at a time take. */
function joined(hints: readonly string[]): string {
  const bare = hints.filter((_hint, i) => i % 2 === 1);
  return [...new Set(bare)].join("").slice(0, LONGEST_HINT);
}

const LONGEST_HINT = 4000;

/** Of numbers, dates or addresses. */
export type TypedDomain = KeyDomain & { readonly kind: "typed" };

/** Whole numbers on both sides of each limit, and it where it is one: of each stretch between them one. */
const wholeLimits = (claims: readonly Claim[]): readonly bigint[] =>
  claims
    .flatMap(({ measure }) => measure?.limits ?? [])
    .map(floorOf)
    .flatMap((whole) => [whole, whole + 1n, whole - 1n]);

/** Values of the type that claims can tell apart by size, the most ordinary first; the keys of the time as dates. */
export function* typedCandidates(
  dimension: Pick<Dimension, "name" | "earliest">,
  domain: TypedDomain,
  claims: readonly Claim[],
): Generator<string> {
  const hints = claims.flatMap((claim) => [...claim.hints, ...(domain.type === "date" ? datesOf(claim) : [])]);
  if (dimension.name === "time") {
    if (Number.isFinite(dimension.earliest)) yield showDate(dimension.earliest);
    const times = [...wholeLimits(claims).map(Number), ...hints.map(dateOf)].filter((time) => time !== undefined);
    for (const time of times) if (time >= dimension.earliest) yield showDate(time);
    yield showDate(Math.max(FAR_AWAY, ...times.map((time) => time + 1)));
    return;
  }
  yield domain.ordinary;
  if (domain.type === "ip") yield* ["203.0.113.9", "2001:db8::9", "10.1.2.3"];
  const limits = domain.type === "ip" ? [] : [...wholeLimits(claims), 0n];
  const show = domain.type === "date" ? (seconds: bigint) => showDate(Number(seconds)) : String;
  yield* [...limits.map(show), ...hints].filter((hint) => isOfType(domain.type, hint));
}

/** Dates that begin as patterns do. */
function datesOf({ patterns = [], isTextual, seesSeconds }: Claim): readonly string[] {
  if (!isTextual) return [];
  const some = showDate(FAR_AWAY);
  return patterns
    .map(({ text }) => text.split("*")[0] ?? "")
    .map((start) =>
      seesSeconds
        ? start.replace(/\?/g, "0").padEnd(SECONDS_DIGITS, "0")
        : [...start].map((char, i) => (char === "?" ? some[i] : char)).join("") + some.slice(start.length),
    );
}

/** Digits of the seconds since 1970 until the year 2286. */
const SECONDS_DIGITS = 10;

/** Whether a request can have the text for a key of that type. */
export function isOfType(type: TypedDomain["type"], written: string): boolean {
  if (type === "numeric") {
    const number = numberOf(written);
    return number !== undefined && isWhole(number) && number.digits >= 0n;
  }
  return type === "date" ? isDate(written) : isIpRange(written) && !written.includes("/");
}

/**
 * Texts of each kind that numbers and dates can tell apart: numbers and moments beside and between their limits. Digits
 * alone are a number and seconds since 1970, unless there are four: these are a number and a year.
 */
function measuredTexts(claims: readonly Claim[]): readonly string[] {
  const measures = claims.flatMap(({ measure }) => measure ?? []);
  const [first] = measures;
  if (first === undefined) return [];
  const points = representatives(measures.flatMap(({ limits }) => limits));
  const moments = points.map(showMoment).filter((text) => text !== undefined);
  if (measures.every((measure) => measure.of === first.of))
    return first.of === "numbers" ? [...points.map(showDecimal), ...points.map(asNumberOnly)] : moments;
  const years = moments.map((text) => Number(text.slice(0, 4)));
  const both = points.filter((point) => isWhole(point) && point.digits >= 0n).map(asNumberAndMoment);
  const aroundYears = years.flatMap((year) => [year, year + 1]).map((year) => String(year).padStart(4, "0"));
  return [...points.map(asNumberOnly), ...moments, ...both, ...points.map(showDecimal), ...aroundYears];
}

const asNumberOnly = (point: Decimal): string => (isWhole(point) ? `${showDecimal(point)}.0` : showDecimal(point));
const asNumberAndMoment = (point: Decimal): string => showDecimal(point).padStart(5, "0");

/** How numbers and addresses are written, and more than that. */
const WRITTEN: Readonly<Record<TypedDomain["type"], readonly Pattern[]>> = {
  numeric: [domainOf([{ oneOrMore: Classes.digit }])],
  ip: [
    domainOf([
      { oneOrMore: Classes.digit },
      ".",
      { oneOrMore: Classes.digit },
      ".",
      { oneOrMore: Classes.digit },
      ".",
      { oneOrMore: Classes.digit },
    ]),
    domainOf([{ anyNumber: Classes.address }, ":", { anyNumber: Classes.address }]),
  ],
  date: [domainOf([{ one: Classes.digit }, { anyNumber: Classes.moment }])],
};

/**
 * A value that is compared as text though it is none, such as `StringLike` with an address. What no text meets, no value
 * does; a text that is no such value decides nothing.
 */
function solveTyped(
  dimension: Dimension,
  domain: TypedDomain,
  constraints: readonly Constraint[],
  context: SearchContext,
): KeyValue | undefined {
  if (!constraints.some(({ claim }) => claim.isTextual)) return undefined;
  if (dimension.name === "time") return proveForTime(constraints, context);
  for (const written of WRITTEN[domain.type]) {
    const found = solveText(dimension, written, constraints, context);
    const value = found?.[0];
    if (value === undefined) continue;
    if (isOfType(domain.type, value)) return [value];
    throw new TooComplex(`\`${dimension.name}\` is compared as text`);
  }
  return undefined;
}

/** No value where no date meets what dates must, or no seconds what these must; else how times are written decides. */
function proveForTime(constraints: readonly Constraint[], { lore, budget }: SearchContext): undefined {
  for (const [seesSeconds, forms] of [
    [false, WRITTEN.date],
    [true, WRITTEN.numeric],
  ] as const) {
    const needs = nothing();
    for (const constraint of constraints)
      if (constraint.claim.isTextual && constraint.claim.seesSeconds === seesSeconds)
        fulfil(constraint, constraint.wanted, needs);
    const isMet = forms.some((form) => findText(form, needs.required, needs.forbidden, lore, budget) !== undefined);
    if (needs.isImpossible || !isMet) return undefined;
  }
  throw new TooComplex("the time is compared as text");
}

/** A requirement on one value: in each of some unions, in none of others; or impossible. */
interface Requirement {
  readonly required: Union[];
  readonly forbidden: Union[];
  isImpossible: boolean;
  isOpaque: boolean;
}

const nothing = (): Requirement => ({ required: [], forbidden: [], isImpossible: false, isOpaque: false });

/** Adds that a value is taken by the claim's known values, or is not. */
function take(claim: Claim, isTaken: boolean, way: Approximation, into: Requirement): void {
  if (claim.isPresence) {
    if (claim.test("", way) !== isTaken) into.isImpossible = true;
    return;
  }
  if (claim.hasHoles && way === "over") {
    if (!isTaken) into.isImpossible = true;
    return;
  }
  if (!claim.patterns) {
    into.isOpaque = true;
    return;
  }
  const union: Union = { patterns: claim.patterns, way };
  if (isTaken) into.required.push(union);
  else into.forbidden.push(union);
}

/** Adds that one value fulfils the claim's comparison, or doesn't. */
function fulfil({ claim, way }: Constraint, wanted: boolean, into: Requirement): void {
  if (claim.isNegated) take(claim, !wanted, flip(way), into);
  else take(claim, wanted, way, into);
}

/** A text that meets the needs; `isRight` tells it where something is demanded that only shows in a text at hand. */
function search(
  dimension: Dimension,
  domain: Pattern,
  needs: Requirement,
  context: SearchContext,
  isRight: (found: string) => boolean = () => false,
): string | undefined {
  if (needs.isImpossible) return undefined;
  const excluded: Union[] = [];
  if (dimension.excluded.length > 0) excluded.push({ patterns: dimension.excluded, way: "over" });
  if (dimension.unreal.length > 0) excluded.push({ patterns: dimension.unreal, way: "under" });
  const found = findText(domain, needs.required, [...needs.forbidden, ...excluded], context.lore, context.budget);
  if (found !== undefined && needs.isOpaque && !isRight(found))
    throw new TooComplex(`\`${dimension.name}\` is compared both as text and otherwise`);
  return found;
}

/** A union of texts without wildcards: all that it takes were hints, which have been tried. */
const isWrittenOut = ({ patterns }: Union): boolean =>
  patterns.every((pattern) => pattern.isNever || (pattern.isLiteral && !pattern.ignoresCase));

function solveText(
  dimension: Dimension,
  domain: Pattern,
  constraints: readonly Constraint[],
  context: SearchContext,
): KeyValue | undefined {
  const needs = nothing();
  for (const constraint of constraints) fulfil(constraint, constraint.wanted, needs);
  if (context.lore.isEmpty && needs.required.some(isWrittenOut)) return undefined;
  const isRight = (text: string): boolean => constraints.every((constraint) => isMet(constraint, [text]));
  // numbers, moments and addresses of each kind were tried before: what is left is one text that is none
  const isMeasured = constraints.every(({ claim }) => !claim.isTextual);
  const found = search(dimension, domain, needs, context, isMeasured ? () => true : isRight);
  return found === undefined || (isMeasured && !isRight(found)) ? undefined : [found];
}

/** Several values: all must fulfil some claims, and for each other claim one must. */
function solveSet(
  dimension: Dimension,
  domain: Pattern,
  constraints: readonly Constraint[],
  context: SearchContext,
): KeyValue | undefined {
  const shared = nothing();
  const single: Constraint[] = [];
  for (const constraint of constraints) {
    const needsEvery = (constraint.claim.needs === "every") === constraint.wanted;
    if (needsEvery || constraint.claim.isPresence) fulfil(constraint, constraint.wanted, shared);
    else single.push(constraint);
  }
  const values = new Set<string>();
  for (const constraint of single.length > 0 ? single : [undefined]) {
    const needs: Requirement = { ...shared, required: [...shared.required], forbidden: [...shared.forbidden] };
    if (constraint) fulfil(constraint, constraint.wanted, needs);
    const found = search(dimension, domain, needs, context);
    if (found === undefined) return undefined;
    values.add(found);
  }
  return [...values];
}
