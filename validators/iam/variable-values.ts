/** Turns a policy variable and a setting into the values that its key may have there, one of each kind that makes a difference. */
import { Sym } from "../kernel/value";
import type { Compiler, Setting } from "./compile";
import { type Claim, conditionClaim } from "./condition";
import { isOfType, type TypedDomain, typedCandidates } from "./dimension";
import type { Distinction } from "./distinct-texts";
import { isTimeKey, type KeyDomain } from "./keys";
import { hasLetter } from "./letters";
import { mentionsOf } from "./mentions";
import { matches, type Pattern, patternFrom } from "./pattern";
import { dateOf } from "./typed-values";
import { takes, unmentionedValues } from "./unmentioned";
import { comparedWith, comparesWholeOnly, type Peer, standingIn, UNMENTIONED } from "./variable-places";

/** Finds a text for each way in which sets of patterns take or leave the texts of a domain. */
type TellApart = (distinction: Distinction) => readonly string[];

/** A domain that leaves a key open. */
type OpenDomain = Exclude<KeyDomain, { readonly kind: "fixed" | "absent" }>;

/** What some keys that hang together are, by name; null stands for none. */
export type Assignment = ReadonlyMap<string, string | null>;

/** The values that a variable's key may have in a setting, ordinary ones first; null stands for none. */
function variableValues(
  key: string,
  domain: Exclude<OpenDomain, TypedDomain>,
  setting: Setting,
  compiler: Compiler,
  { tellApart }: TriedSearch,
): readonly (string | null)[] {
  const values = new Set<string | null>(domain.mayBeAbsent ? [null] : []);
  if (domain.kind === "choice") return [...values, ...domain.values];
  const impossible = setting.situation.caller.impossible.get(key) ?? [];
  const add = (value: string): void => {
    const isImpossible = impossible.some((pattern) => matches(pattern, value, "over", compiler.lore));
    if (!isImpossible && matches(domain.domain, value, "under", compiler.lore)) values.add(value);
  };
  for (const value of [...domain.ordinary, ...UNMENTIONED, "", ...likelyValues(key, setting, compiler, tellApart)])
    add(value);
  const sets = setsOf(comparedWith(key, compiler.document).peers);
  if (sets.length > 0) for (const value of tellApart({ domain: domain.domain, sets, ordinary: [] })) values.add(value);
  return [...values];
}

/** Texts that a variable's key is compared with, and those that make what it stands in equal to something else. */
function likelyValues(key: string, setting: Setting, compiler: Compiler, tellApart: TellApart): readonly string[] {
  const { document } = compiler;
  const { dimensions, peers } = comparedWith(key, document);
  const mentioned = new Set(peers.map(({ text }) => text));
  const ordinary = [...dimensions].flatMap((dimension) => {
    const domain = compiler.domain(dimension, setting);
    const isEndless = comparesWholeOnly(document) && (domain.kind === "text" || domain.kind === "typed");
    return [...ordinaryOf(dimension, domain), ...(isEndless ? unmentionedValues(domain, mentioned, tellApart) : [])];
  });
  return [...standingIn(key, document, ordinary)];
}

/** The numbers, dates or addresses that a variable's key may be. */
function typedValues(
  key: string,
  domain: TypedDomain,
  setting: Setting,
  compiler: Compiler,
  { earliest, tellApart }: TriedSearch,
): readonly (string | null)[] {
  const name = isTimeKey(key) ? "time" : key;
  const isPossible = (value: string): boolean =>
    isOfType(domain.type, value) && (name !== "time" || (dateOf(value) ?? 0) >= earliest);
  const likely = likelyValues(key, setting, compiler, tellApart).filter(isPossible);
  const claims = claimsOn(name, compiler);
  return [
    ...new Set([
      ...(domain.mayBeAbsent ? [null] : []),
      ...typedCandidates({ name, earliest }, domain, claims),
      ...likely,
    ]),
  ];
}

/** What the policy claims about a key, where no variables stand. */
function claimsOn(dimension: string, { document, lore }: Compiler): readonly Claim[] {
  return document.statements
    .flatMap(({ conditions }) => conditions)
    .filter(({ lower }) => lower === dimension || (dimension === "time" && isTimeKey(lower)))
    .map((condition) => conditionClaim(condition, undefined, lore).claim);
}

/** The patterns that a variable's values are compared with, each by itself. */
function setsOf(compared: readonly Peer[]): readonly (readonly Pattern[])[] {
  const patterns = new Map<string, Pattern[]>();
  for (const { text, style, dimension } of compared)
    if (style && dimension !== "resource" && !hasLetter(text) && (/[*?]/.test(text) || style === "literal-ignore-case"))
      patterns.set(`${style} ${text}`, [patternFrom([{ text, isVerbatim: false }], style)]);
  return [...patterns.values()];
}

/** What a dimension is, as far as that is settled or ordinary. */
function ordinaryOf(dimension: string, domain: KeyDomain): readonly string[] {
  if (dimension === "resource") return [];
  switch (domain.kind) {
    case "absent":
      return [];
    case "fixed":
      return [domain.value];
    case "choice":
      return domain.values;
    case "typed":
      return [domain.ordinary];
    case "text":
      return domain.ordinary;
    default:
      return domain satisfies never;
  }
}

/** Values worth trying are looked for; `onGuess` is told where they may not stand for all, though texts are compared whole. */
interface TriedSearch {
  readonly earliest: number;
  readonly tellApart: TellApart;
  readonly onGuess: () => void;
}

/** How the values of variables are looked for: those worth trying, or all at once, as a symbol that may be any of them. */
export type Search = TriedSearch | "symbols";

/** The keys in variables that a setting leaves open, those of the time together, each with what it may be. */
export function openVariables(
  setting: Setting,
  compiler: Compiler,
  search: Search,
): readonly (readonly Assignment[])[] {
  const open: (readonly Assignment[])[] = [];
  let hasTime = false;
  for (const key of mentionsOf(compiler.document).variables.keys()) {
    const domain = compiler.domain(key, setting);
    if (domain.kind === "fixed" || domain.kind === "absent" || (isTimeKey(key) && hasTime)) continue;
    hasTime ||= isTimeKey(key);
    const values = valuesOf(key, domain, setting, compiler, search);
    open.push(values.map((value) => (isTimeKey(key) ? instant(value) : new Map([[key, value]]))));
  }
  return open;
}

function valuesOf(
  key: string,
  domain: OpenDomain,
  setting: Setting,
  compiler: Compiler,
  search: Search,
): readonly (string | null)[] {
  if (search === "symbols") {
    if (domain.kind === "choice") return [...(domain.mayBeAbsent ? [null] : []), ...domain.values];
    const letter = compiler.document.letters.letterOf(new Sym(key, "any"));
    const prefix = domain.kind === "text" ? domain.domain.prefix : "";
    return [...(domain.mayBeAbsent ? [null] : []), prefix + letter];
  }
  const values =
    domain.kind === "typed"
      ? typedValues(key, domain, setting, compiler, search)
      : variableValues(key, domain, setting, compiler, search);
  if (domain.kind !== "choice" && !standForAll(values, key, setting, compiler)) search.onGuess();
  return values;
}

/**
 * Whether values of a variable that is only compared whole stand for all that it can be: two of them must be unmentioned,
 * and such as each key that it is compared with can be as well. What the time is as a text is not weighed.
 */
function standForAll(values: readonly (string | null)[], key: string, setting: Setting, compiler: Compiler): boolean {
  const { document, lore } = compiler;
  if (!comparesWholeOnly(document) || isTimeKey(key)) return false;
  const { dimensions, peers } = comparedWith(key, document);
  const mentioned = new Set<string | null>(peers.map(({ text }) => text));
  const unmentioned = values.filter((value) => value !== null && !mentioned.has(value));
  return [...dimensions].every((dimension) => {
    const domain = compiler.domain(dimension, setting);
    if (domain.kind !== "text" && domain.kind !== "typed") return true;
    return unmentioned.filter((value) => value !== null && takes(domain, value, lore)).length >= 2;
  });
}

/** Both keys of the time at one instant. */
function instant(time: string | null): Assignment {
  const seconds = time === null || hasLetter(time) ? time : String(dateOf(time));
  return new Map([
    ["aws:currenttime", time],
    ["aws:epochtime", seconds],
  ]);
}
