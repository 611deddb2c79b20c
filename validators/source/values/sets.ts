/** Turns lists into Terraform's sets, and remembers which lists are sets or have an order that nobody knows yet. */
import { isList, type Value } from "../../kernel/index";

/** Values have one kind of list; Terraform has three. These remember what iteration and indexing must know. */
const sets = new WeakSet<readonly Value[]>();
const disordered = new WeakSet<readonly Value[]>();

/** Whether a value is a set: it has no indices, and a `for` over it sees each element as its own key. */
export const isSet = (value: Value | undefined): boolean => isList(value) && sets.has(value);

/** Whether the order of a list can't be told: it comes from a set with symbolic elements. */
export const isDisordered = (value: Value | undefined): boolean => isList(value) && disordered.has(value);

/** Marks a list as a set. Elements must be distinct and sorted as far as that can be told. */
export function markSet(items: readonly Value[], hasOrder: boolean): readonly Value[] {
  sets.add(items);
  if (!hasOrder) disordered.add(items);
  return items;
}

/** A list with the order of those that it was made from: unknown if the order of one of them is. */
export function inOrderOf(items: readonly Value[], ...origins: readonly (Value | undefined)[]): readonly Value[] {
  if (origins.some(isDisordered)) disordered.add(items);
  return items;
}
