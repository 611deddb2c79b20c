/** Turns values into how much work they are: their elements, and how often those are compared. */
import { isList, isMap, Text, Unknown, type Value } from "../../kernel/index";
import { LazyMap } from "../lazy-map";

/** Sizes of values that are looked at again inside larger ones. Small ones are counted faster than they are kept. */
const sizes = new WeakMap<object, number>();
const WORTH_KEEPING = 64;

/** Elements and characters (in hundreds) of a value, nested ones included; each value is counted once and remembered. */
export function sizeOf(value: Value): number {
  if (typeof value === "string") return 1 + value.length / 100;
  if (typeof value !== "object" || value === null || value instanceof LazyMap || value instanceof Unknown) return 1;
  const known = sizes.get(value);
  if (known !== undefined) return known;
  let size = 1;
  if (value instanceof Text) {
    for (const part of value.parts) size += typeof part === "string" ? part.length / 100 : 1;
  } else for (const item of isMap(value) ? value.values() : value) size += sizeOf(item);
  if (size >= WORTH_KEEPING) sizes.set(value, size);
  return size;
}

/** Elements and characters (in hundreds) of a value itself, without what is in them. */
export function lengthOf(value: Value): number {
  if (typeof value === "string") return 1 + value.length / 100;
  if (value instanceof Text) return value.parts.length;
  if (isList(value)) return 1 + value.length;
  return isMap(value) && !(value instanceof LazyMap) ? 1 + value.size : 1;
}

/** What it costs to hold each element of lists against each other one. Known text is looked up. */
export function comparisons(values: readonly Value[]): number {
  let [all, symbolic] = [0, 0];
  for (const list of values.filter(isList)) {
    all += list.length;
    for (const item of list) if (typeof item === "object" && item !== null) symbolic++;
  }
  return (all * symbolic) / 4;
}
