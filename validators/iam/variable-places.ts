/** Turns a document into the texts that policy variables stand in, and into what a variable must be for them to match. */
import { styleOf } from "./condition";
import type { Condition, PolicyDocument } from "./document";
import type { Family } from "./operators";
import type { Style } from "./pattern";
import { partsOfVariableText } from "./variables";

/** A text with variables in it, and what is compared with it: a condition key in lower case, or `resource`. */
interface Place {
  readonly text: string;
  readonly dimension: string;
  readonly family: Family;
}

/** A text without variables that a dimension is compared with. */
export interface Peer {
  readonly text: string;
  readonly dimension: string;
  readonly style: Style | undefined;
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
    if (text.includes("${")) places.push({ text, dimension, family });
    else peers.push({ text, dimension, style });
  };
  for (const { resources, conditions } of document.statements) {
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
export const filledIn = (text: string): readonly string[] =>
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
