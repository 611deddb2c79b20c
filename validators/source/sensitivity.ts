/** Turns what expressions look at into whether their value is sensitive: marks travel with values, as in Terraform. */
import { isList, isMap, type Value } from "../kernel/index";
import { LazyMap } from "./lazy-map";
import { touch } from "./touched";

/**
 * The elements of objects and lists that are sensitive where the whole is not: `{ name = "a", password = var.secret }`
 * (https://developer.hashicorp.com/terraform/language/expressions/references: each part keeps its own mark).
 */
const parts = new WeakMap<object, ReadonlySet<string | number>>();

/** Whether any was ever noted: without, nobody needs to look. */
let isAny = false;

/** Notes which elements of a new object or list are sensitive. */
export function markParts(whole: object, keys: ReadonlySet<string | number> | undefined): void {
  if (keys === undefined || keys.size === 0) return;
  isAny = true;
  parts.set(whole, keys);
}

/** Whether an element of an object or list is sensitive by itself. */
export const isMarkedPart = (whole: Value, key: string | number): boolean =>
  isAny && typeof whole === "object" && whole !== null && parts.get(whole)?.has(key) === true;

/** Says that what is evaluated looks at an element. */
export function touchPart(whole: Value, key: string | number): void {
  if (isMarkedPart(whole, key)) touch();
}

/** Says that what is evaluated looks at all of a value. What is lazy speaks for itself, once it is asked. */
export function touchAll(value: Value): void {
  if (isAny && hasMarkedPart(value)) touch();
}

/** Whether any part of a value is sensitive, however deep. */
function hasMarkedPart(value: Value): boolean {
  if (isList(value)) return parts.has(value) || value.some(hasMarkedPart);
  if (!isMap(value) || value instanceof LazyMap) return false;
  return parts.has(value) || [...value.values()].some(hasMarkedPart);
}

/** A value made of another one, element by element under the same keys, with the marks of that. */
export function withMarksOf<T extends Value>(made: T, from: Value): T {
  if (!isAny || typeof made !== "object" || made === null || typeof from !== "object" || from === null) return made;
  markParts(made, parts.get(from));
  return made;
}

/** Takes the texts that are sensitive, as they come up. */
export interface Secrets {
  /** A sensitive value. Of symbolic text the known parts are secret where `isWhole`; else they have been told one by one. */
  add(value: Value, isWhole: boolean): void;
  /** A value that `nonsensitive` gives free. */
  free(value: Value): void;
}
