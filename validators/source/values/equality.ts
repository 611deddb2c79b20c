/** Turns two values into whether they are equal, as Terraform's `==` and its sets see it. */
import { isList, isMap, isSameText, isText, type Truth, truth, Unknown, type Value } from "../../kernel/index";
import { TooComplex } from "./outcome";
import { isDisordered, isSet, mayRepeat } from "./sets";
import { equals } from "./text";

/** Whether two texts are equal; see `text.ts`. */
const compareTexts = equals;

const deepest = 100;

/**
 * Terraform's `==`. Values of different types are different. Two lists or objects of equal content may still differ,
 * since values here don't tell tuples from lists: that is `unknown`.
 */
export function compare(a: Value, b: Value, depth = 0): Truth {
  if (depth > deepest) throw new TooComplex();
  if (a instanceof Unknown || b instanceof Unknown) return "unknown";
  if (a === null || b === null) return truth(a === b);
  if (isText(a) || isText(b)) return isText(a) && isText(b) ? compareTexts(a, b) : "no";
  if (isList(a) && isList(b)) return compareLists(a, b, depth);
  if (isMap(a) && isMap(b)) {
    if (a.size !== b.size) return "no";
    for (const [key, value] of a) {
      const other = b.get(key);
      if (other === undefined || compare(value, other, depth + 1) === "no") return "no";
    }
    return "unknown";
  }
  return truth(a === b);
}

function compareLists(a: readonly Value[], b: readonly Value[], depth: number): Truth {
  if ([a, b].some((list) => isDisordered(list) || mayRepeat(list))) return "unknown";
  if (a.length !== b.length) return "no";
  if (isSet(a) !== isSet(b)) return "unknown";
  if (isSet(a) && a.every((item) => typeof item !== "object")) return truth(a.every((item, i) => item === b[i]));
  return a.some((item, i) => compare(item, b[i] ?? null, depth + 1) === "no") ? "no" : "unknown";
}

/** Whether two values are certainly one and the same, whatever is still unknown. */
export function isSame(a: Value, b: Value, depth = 0): boolean {
  if (a === b) return true;
  if (depth > deepest) throw new TooComplex();
  if (isText(a) && isText(b)) return isSameText(a, b);
  if (a instanceof Unknown && b instanceof Unknown) {
    return a.value === b.value && a.expression === b.expression && a.because === b.because;
  }
  if (isList(a) && isList(b)) {
    return (
      isSet(a) === isSet(b) && a.length === b.length && a.every((item, i) => isSame(item, b[i] ?? null, depth + 1))
    );
  }
  if (isMap(a) && isMap(b)) {
    return a.size === b.size && [...a].every(([key, value]) => isSame(value, b.get(key) ?? null, depth + 1));
  }
  return false;
}
