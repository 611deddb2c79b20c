/** Turns a document into the texts that policy variables stand in, and into what a variable must be for them to match. */
import { styleOf } from "./condition";
import type { Condition, PolicyDocument } from "./document";
import type { Comparison, Spot } from "./fillers";
import { TooComplex } from "./language";
import { hasLetter } from "./letters";
import { mentionsOf } from "./mentions";
import type { Family } from "./operators";
import { asDomain, joined, literal, type Pattern, patternFrom, type Stretch, type Style } from "./pattern";
import type { Reach } from "./reach";
import { partsOfVariableText, type VariablePart } from "./variables";

/** A text with variables in it, and what is compared with it: a condition key in lower case, or `resource`. */
interface Place {
  readonly text: string;
  readonly dimension: string;
  readonly family: Family;
  readonly style: Style | undefined;
}

/** A text without variables that a dimension is compared with. */
export interface Peer {
  readonly text: string;
  readonly dimension: string;
  readonly style: Style | undefined;
  /** Only asks whether the key is there. */
  readonly isPresence: boolean;
}

/** Everything of a document that values of variables are compared with, directly or by way of each other. */
interface Texts {
  readonly places: readonly Place[];
  readonly peers: readonly Peer[];
}

const cache = new WeakMap<PolicyDocument, Texts>();

function textsOf(document: PolicyDocument): Texts {
  const known = cache.get(document);
  if (known) return known;
  const places: Place[] = [];
  const peers: Peer[] = [];
  const add = (text: string, dimension: string, family: Family, style: Style | undefined): void => {
    if (text.includes("${")) places.push({ text, dimension, family, style });
    else peers.push({ text, dimension, style, isPresence: family === "null" });
  };
  for (const { principals, resources, conditions } of document.statements) {
    for (const { kind, written } of principals.items)
      if (kind === "arn")
        peers.push({ text: written, dimension: "aws:principalarn", style: "literal", isPresence: false });
    for (const text of resources?.values ?? []) add(text, "resource", "string-like", "glob");
    for (const condition of conditions) addCondition(condition, add);
  }
  const texts = { places, peers };
  cache.set(document, texts);
  return texts;
}

function addCondition(
  { values, lower, operator }: Condition,
  add: (text: string, dimension: string, family: Family, style: Style | undefined) => void,
): void {
  for (const text of values) add(text, lower, operator.family, styleOf(operator));
}

const variablesIn = (text: string): readonly string[] =>
  partsOfVariableText(text).flatMap((part) => ("variable" in part ? [part.variable] : []));

/** The variable, and all keys whose values it is compared with, directly or by way of others. */
function connected(key: string, places: readonly Place[]): ReadonlySet<string> {
  const found = new Set([key]);
  for (let size = 0; size < found.size; ) {
    size = found.size;
    for (const { text, dimension } of places) {
      const all = [dimension, ...variablesIn(text)];
      if (all.some((one) => found.has(one))) for (const one of all) found.add(one);
    }
  }
  return found;
}

/** The keys that a variable's values are compared with, its own included, and the texts without variables among them. */
export function comparedWith(
  key: string,
  document: PolicyDocument,
): { readonly dimensions: ReadonlySet<string>; readonly peers: readonly Peer[] } {
  const { places, peers } = textsOf(document);
  const dimensions = connected(key, places);
  return { dimensions, peers: peers.filter(({ dimension }) => dimensions.has(dimension)) };
}

/** What a key can be, whoever calls. */
export type ReachOf = (key: string) => Reach;

/** More ways to fill a text's variables in than are tried one by one. */
const MOST_WAYS = 1000;

/** The patterns that texts can be with their variables filled in; those that are open may be anything. */
export function patternsWithVariables(
  texts: readonly string[],
  style: Style,
  { version }: PolicyDocument,
  reachOf: ReachOf,
): readonly Pattern[] {
  const isGlob = style === "glob" || style === "glob-ignore-case" || style === "arn";
  const open: Style = style.endsWith("-ignore-case") ? "glob-ignore-case" : "glob";
  return texts.flatMap((text) => {
    if (version !== "2012-10-17" || !text.includes("${")) return [patternFrom([{ text, isVerbatim: false }], style)];
    let ways: readonly (readonly Stretch[])[] = [[]];
    for (const part of partsOfVariableText(text)) {
      const choices = choicesOf(part, isGlob, reachOf);
      ways = ways.flatMap((way) => choices.map((choice) => [...way, choice]));
      if (ways.length > MOST_WAYS) throw new TooComplex("too many policy variables in one text");
    }
    return ways.map((way) => patternFrom(way, open));
  });
}

function choicesOf(part: VariablePart, isGlob: boolean, reachOf: ReachOf): readonly Stretch[] {
  if ("text" in part) return [{ text: part.text, isVerbatim: !isGlob }];
  if ("verbatim" in part) return [{ text: part.verbatim, isVerbatim: true }];
  const { values, isOpen } = reachOf(part.variable);
  const known = part.fallback === undefined ? values : [...values, part.fallback];
  return [...(isOpen ? [{ text: "*", isVerbatim: false }] : []), ...known.map((text) => ({ text, isVerbatim: true }))];
}

/** Comparisons of texts; not `isComplete` where some of them are compared as something else as well. */
export interface Comparisons {
  readonly comparisons: readonly Comparison[];
  readonly isComplete: boolean;
}

/** Where a part of texts stands in the values of a key. */
export type SpotsOf = (key: string) => readonly Spot[];

/** The same of every variable of a policy, by the spots in its value. */
export function comparisonsOfVariables(document: PolicyDocument, spots: SpotsOf, reachOf: ReachOf): Comparisons {
  const all = [...mentionsOf(document).variables.keys()].map((key) =>
    comparisonsOfVariable(key, spots(key), document, reachOf),
  );
  return {
    comparisons: all.flatMap(({ comparisons }) => comparisons),
    isComplete: all.every(({ isComplete }) => isComplete),
  };
}

/**
 * The spots of texts that hold the value of a key as a variable, with everything that these texts are compared with; `inside`
 * are the spots in that value.
 */
function comparisonsOfVariable(
  key: string,
  inside: readonly Spot[],
  document: PolicyDocument,
  reachOf: ReachOf,
): Comparisons {
  const { places, peers } = textsOf(document);
  const own = inside.length === 0 ? [] : places.filter(({ text }) => variablesIn(text).includes(key));
  if (own.length === 0) return { comparisons: [], isComplete: true };
  const dimensions = connected(key, places);
  const comparisons = [...dimensions].flatMap((dimension): readonly Comparison[] => {
    const here = own.filter((place) => place.dimension === dimension);
    if (dimension === key && here.length === 0) return [];
    const around = here.length > 0 ? here.flatMap((place) => spotsIn(place, key)) : [ANYWHERE];
    const spots = around.flatMap((outer) => inside.map((inner) => within(outer, inner)));
    const { values, domains } = reachOf(dimension);
    const patterns = [
      ...peers
        .filter((peer) => peer.dimension === dimension)
        .flatMap(({ text, style }) => (style ? [patternFrom([{ text, isVerbatim: false }], style)] : [])),
      ...places
        .filter((place) => place.dimension === dimension)
        .flatMap(({ text, style }) => (style ? patternsWithVariables([text], style, document, reachOf) : [])),
      ...values.map(literal),
      ...domains,
    ];
    return patterns.map((pattern) => ({ patterns: [pattern], spots }));
  });
  const isOther = ({ dimension, style, isPresence }: Peer): boolean =>
    dimensions.has(dimension) && style === undefined && !isPresence;
  return { comparisons, isComplete: !peers.some(isOther) };
}

const ANY_TEXT: Stretch = { text: "*", isVerbatim: false };
const ANYWHERE: Spot = { before: asDomain(patternFrom([ANY_TEXT], "glob")), after: "", isEnd: false };

/** A spot in a text that itself stands at a spot. */
const within = (outer: Spot, inner: Spot): Spot => ({
  before: joined(outer.before, inner.before),
  after: inner.isEnd ? inner.after + outer.after : inner.after,
  isEnd: inner.isEnd && outer.isEnd,
});

/** Where a variable stands in a text: behind what the parts before it take, and before what is spelt out behind it. */
function spotsIn({ text, style = "glob" }: Place, key: string): readonly Spot[] {
  if (style.endsWith("-ignore-case")) return [ANYWHERE];
  const isGlob = style === "glob" || style === "arn";
  const stretches = partsOfVariableText(text).map((part): Stretch & { readonly variable?: string } => {
    if ("variable" in part) return { ...ANY_TEXT, variable: part.variable };
    return "text" in part ? { text: part.text, isVerbatim: !isGlob } : { text: part.verbatim, isVerbatim: true };
  });
  return stretches.flatMap(({ variable }, at) => {
    if (variable !== key) return [];
    const before = asDomain(patternFrom(stretches.slice(0, at).map(withoutLetters), "glob"));
    const after = patternFrom(stretches.slice(at + 1), "glob");
    return [{ before, after: after.prefix, isEnd: after.isLiteral }];
  });
}

/** Symbols may be any text. */
const withoutLetters = (stretch: Stretch): Stretch => (hasLetter(stretch.text) ? ANY_TEXT : stretch);

/** Names that stand for all those that a policy doesn't mention. */
export const UNMENTIONED = ["example", "another"];

/**
 * Whether variables are only compared whole, with texts that have no wildcards: then the texts that the policy mentions and
 * two that it doesn't are all that can make a difference to two variables.
 */
export function comparesWholeOnly(document: PolicyDocument): boolean {
  const known = wholeOnly.get(document);
  if (known !== undefined) return known;
  const isWhole = textsOf(document).places.every((place) => isWholeOnly(place, document));
  wholeOnly.set(document, isWhole);
  return isWhole;
}

const wholeOnly = new WeakMap<PolicyDocument, boolean>();

function isWholeOnly({ text, family, dimension }: Place, document: PolicyDocument): boolean {
  const [part, more] = partsOfVariableText(text);
  if (more || !part || !("variable" in part) || part.fallback !== undefined || family !== "string") return false;
  const { dimensions, peers } = comparedWith(dimension, document);
  const isPlain = (peer: Peer): boolean =>
    (peer.style === "literal" || (peer.style === "glob" && !/[*?]/.test(peer.text))) &&
    !UNMENTIONED.includes(peer.text);
  return dimensions.size <= 2 && peers.every(isPlain);
}

/**
 * What a variable's key must be for one of the texts in which it stands to take one of those that the document compares
 * there, or one of `more`.
 */
export function standingIn(key: string, document: PolicyDocument, more: readonly string[] = []): ReadonlySet<string> {
  const values = new Set<string>();
  const own = textsOf(document).places.filter(({ text }) => variablesIn(text).includes(key));
  if (own.length === 0) return values;
  const { peers } = comparedWith(key, document);
  const texts = new Set([...peers.flatMap(({ text }) => filledIn(text)), ...more]);
  for (const place of own) {
    for (const text of texts) for (const value of standingFor(key, place, text)) values.add(value);
  }
  return values;
}

/** Texts that a pattern takes: its wildcards filled in as people would. */
const filledIn = (text: string): readonly string[] =>
  /[*?]/.test(text)
    ? [text.replace(/\?/g, "x").replace(/\*/g, "example"), text.replace(/\?/g, "x").replace(/\*/g, "")]
    : [text];

/** Longer texts, and texts with more wildcards, are not aligned: that could take long. */
const LONGEST_TEXT = 512;
const MOST_WILDCARDS = 4;

/** What the variable must be for the text in which it stands to take another text: the shortest and the longest. */
function standingFor(key: string, { text, family }: Place, whole: string): readonly string[] {
  const parts = partsOfVariableText(text);
  const isGlob = family === "string-like" || family === "arn";
  const wildcards = parts.filter((part) => "variable" in part).length + (isGlob ? text.split("*").length - 1 : 0);
  if (whole.length > LONGEST_TEXT || wildcards > MOST_WILDCARDS) return [whole];
  const source = (own: string): string => {
    let isFirst = true;
    return parts
      .map((part) => {
        if ("text" in part) return isGlob ? globSource(part.text) : escaped(part.text);
        if ("verbatim" in part) return escaped(part.verbatim);
        if (part.variable !== key) return ".*";
        const taken = isFirst ? own : "\\1";
        isFirst = false;
        return taken;
      })
      .join("");
  };
  const flags = family === "string-ignore-case" ? "is" : "s";
  return [whole, ...["(.*?)", "(.*)"].flatMap((own) => new RegExp(`^${source(own)}$`, flags).exec(whole)?.[1] ?? [])];
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
const globSource = (text: string): string => escaped(text).replace(/\\\*/g, ".*").replace(/\\\?/g, ".");
