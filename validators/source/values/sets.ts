/** Turns lists into Terraform's sets, and remembers of which lists nobody knows the order or the number of elements yet. */
import { isList, type Value } from "../../kernel/index";

/** Values have one kind of list; Terraform has three. These remember what iteration and indexing must know. */
const sets = new WeakSet<readonly Value[]>();
const disordered = new WeakSet<readonly Value[]>();
const repeating = new WeakSet<readonly Value[]>();
const loose = new WeakSet<readonly Value[]>();

/** Whether a value is a set: it has no indices, and a `for` over it sees each element as its own key. */
export const isSet = (value: Value | undefined): boolean => isList(value) && sets.has(value);

/** Whether the place of an element can't be told: the list comes from a set with symbolic elements. */
export const isDisordered = (value: Value | undefined): boolean => isList(value) && disordered.has(value);

/** Whether the number of elements can't be told: two that should differ may turn out to be equal. */
export const mayRepeat = (value: Value | undefined): boolean => isList(value) && repeating.has(value);

/** Whether nobody knows if it is a list or a set: an index may fail, and what a `for` sees as keys can't be told. */
export const isLoose = (value: Value | undefined): boolean => isList(value) && loose.has(value);

/** Marks what may be a list or a set; `isInOrder` where the order is the same in both. */
export function markLoose(items: readonly Value[], isInOrder: boolean): readonly Value[] {
  loose.add(items);
  if (!isInOrder) disordered.add(items);
  return items;
}

/** What is known of a list whose elements are distinct as far as can be told. */
interface Certainty {
  readonly order: boolean;
  readonly count: boolean;
}

/** Marks a list as a set. Elements must be distinct and sorted as far as that can be told. */
export function markSet(items: readonly Value[], certain: Certainty): readonly Value[] {
  sets.add(items);
  return markDistinct(items, certain);
}

/** Marks a list from which repetitions were taken. */
export function markDistinct(items: readonly Value[], certain: Certainty): readonly Value[] {
  if (!certain.order) disordered.add(items);
  if (!certain.count) repeating.add(items);
  return items;
}

/** A list that is as certain as those that it was made from, element by element. */
export function inOrderOf(items: readonly Value[], ...origins: readonly (Value | undefined)[]): readonly Value[] {
  if (origins.some(isDisordered)) disordered.add(items);
  if (origins.some(mayRepeat)) repeating.add(items);
  return items;
}
