/** Turns companions that can't be linked into a list that stays short, however many there are. */
import type { Gap } from "../kernel/result";
import { Unknown } from "../kernel/value";
import type { Companion } from "./graph";

/** A companion that can't be linked, and why. */
export type Open<T> = Companion<T> & { readonly gap: Gap };

/** Most companions that are listed one by one for a bucket or key that might own them. */
export const MOST_OPEN = 20;

/** By address: the order of a plan's resources means nothing. */
export const sorted = <T extends { readonly address: string }>(companions: readonly T[]): readonly T[] =>
  companions.length < 2 ? companions : [...companions].sort((a, b) => (a.address < b.address ? -1 : 1));

/**
 * A thousand companions that may belong to each of a thousand owners: the first ones, and one for all the rest.
 * `anything` is what a companion of the kind says when nothing of it is known.
 */
export function shortened<T>(companions: readonly Open<T>[], anything: (unknown: Unknown) => T): readonly Open<T>[] {
  const all = sorted(companions);
  const rest = all[MOST_OPEN];
  if (rest === undefined) return all;
  const content = anything(new Unknown(rest.gap.value, "too-complex", rest.gap.expression));
  return [...all.slice(0, MOST_OPEN), { ...rest, content }];
}
