/** Finds values of a key that a policy doesn't mention: where texts are only compared whole, two of them stand for all others. */
import { FAR_AWAY, isOfType } from "./dimension";
import type { Distinction } from "./distinct-texts";
import type { KeyDomain } from "./keys";
import { hasLetter } from "./letters";
import { literal, matches, type SymbolLore } from "./pattern";
import { showDate } from "./typed-values";

/** A domain whose values can't all be tried. */
export type EndlessDomain = Extract<KeyDomain, { readonly kind: "text" | "typed" }>;

/** Whether a key can be the text in a request. */
export const takes = (domain: EndlessDomain, value: string, lore: SymbolLore): boolean =>
  domain.kind === "text" ? matches(domain.domain, value, "under", lore) : isOfType(domain.type, value);

/** Two values that a domain takes and that are none of those mentioned, as far as there are two. */
export function unmentionedValues(
  domain: EndlessDomain,
  mentioned: ReadonlySet<string>,
  tellApart: (distinction: Distinction) => readonly string[],
): readonly string[] {
  if (domain.kind === "typed")
    return Array.from({ length: mentioned.size + 2 }, (_, at) => numbered(domain.type, at + 1))
      .filter((value) => !mentioned.has(value))
      .slice(0, 2);
  const known = [...mentioned].filter((value) => !hasLetter(value));
  const another = (taken: readonly string[]): string | undefined =>
    tellApart({ domain: domain.domain, sets: [taken.map(literal)], ordinary: domain.ordinary }).find(
      (value) => !taken.includes(value),
    );
  const first = another(known);
  const second = first === undefined ? undefined : another([...known, first]);
  return [first, second].filter((value) => value !== undefined);
}

/** A number, a date or an address for each whole number from 1. */
function numbered(type: (EndlessDomain & { readonly kind: "typed" })["type"], at: number): string {
  if (type === "numeric") return String(at);
  return type === "date" ? showDate(FAR_AWAY + at) : `2001:db8::${at.toString(16)}`;
}
