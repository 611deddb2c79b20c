/** Turns a policy variable and a setting into the values that its key may have there, one of each kind that makes a difference. */
import type { Compiler, Setting } from "./compile";
import type { Distinction } from "./distinct-texts";
import type { KeyDomain } from "./keys";
import { hasLetter } from "./letters";
import { mentionsOf } from "./mentions";
import { matches, type Pattern, patternFrom } from "./pattern";
import { comparedWith, filledIn, type Peer, standingIn } from "./variable-places";

/** Finds a text for each way in which sets of patterns take or leave the texts of a domain. */
type TellApart = (distinction: Distinction) => readonly string[];

/** A domain that leaves a key open. */
type OpenDomain = Exclude<KeyDomain, { readonly kind: "fixed" | "absent" }>;

/** The values that a variable's key may have in a setting, ordinary ones first; null stands for none. */
function variableValues(
  key: string,
  domain: OpenDomain,
  setting: Setting,
  compiler: Compiler,
  tellApart: TellApart,
): readonly (string | null)[] {
  const values = new Set<string | null>(domain.mayBeAbsent ? [null] : []);
  if (domain.kind === "choice") return [...values, ...domain.values];
  const isPossible = (value: string): boolean =>
    domain.kind === "typed" || matches(domain.domain, value, "under", compiler.lore);
  const add = (value: string): void => {
    if (isPossible(value)) values.add(value);
  };
  for (const value of domain.kind === "typed" ? [domain.ordinary] : domain.ordinary) add(value);
  for (const value of ["another", ""]) add(value);
  const { dimensions, peers } = comparedWith(key, compiler.document);
  const others = [...dimensions].filter((dimension) => dimension !== key);
  const ordinary = others.flatMap((dimension) => ordinaryOf(dimension, setting, compiler));
  for (const peer of peers) if (peer.dimension === key) for (const text of filledIn(peer.text)) add(text);
  for (const value of standingIn(key, compiler.document, ordinary)) add(value);
  const sets = domain.kind === "text" ? setsOf(peers) : [];
  if (domain.kind === "text" && sets.length > 0)
    for (const value of tellApart({ domain: domain.domain, sets, ordinary: [] })) values.add(value);
  return [...values];
}

/** The patterns that a variable's values are compared with, each by itself. */
function setsOf(compared: readonly Peer[]): readonly (readonly Pattern[])[] {
  const patterns = new Map<string, Pattern[]>();
  for (const { text, style, dimension } of compared)
    if (style && dimension !== "resource" && !hasLetter(text) && (/[*?]/.test(text) || style === "literal-ignore-case"))
      patterns.set(`${style} ${text}`, [patternFrom([{ text, isVerbatim: false }], style)]);
  return [...patterns.values()];
}

/** What a dimension is in a setting, as far as that is settled or ordinary. */
function ordinaryOf(dimension: string, setting: Setting, compiler: Compiler): readonly string[] {
  if (dimension === "resource") return [];
  const domain = compiler.domain(dimension, setting);
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

/** The variables of a document that a setting leaves open, each with the values worth trying. */
export function openVariables(
  setting: Setting,
  compiler: Compiler,
  tellApart: TellApart,
): readonly (readonly [string, readonly (string | null)[]])[] {
  const open: [string, readonly (string | null)[]][] = [];
  for (const key of mentionsOf(compiler.document).variables.keys()) {
    const domain = compiler.domain(key, setting);
    if (domain.kind !== "fixed" && domain.kind !== "absent")
      open.push([key, variableValues(key, domain, setting, compiler, tellApart)]);
  }
  return open;
}
