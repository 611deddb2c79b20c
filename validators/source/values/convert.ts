/** Turns values into text, numbers, booleans and lists, by Terraform's conversion rules. */
import { isList, isMap, isText, Sym, Text, text, Unknown, type Value, type ValueMap } from "../../kernel/index";
import { compare, isSame } from "./equality";
import { formatNumber, parseNumber } from "./numbers";
import { compareStrings } from "./order";
import { Failed, TooComplex, Undecided } from "./outcome";
import { isDisordered, markSet, mayRepeat } from "./sets";

/** The symbol for a value that is unknown altogether, where it becomes part of text. The same value gives the same symbol. */
export function symbolOf(unknown: Unknown): Sym {
  const { value, because, expression } = unknown;
  return new Sym(expression === undefined ? value : `${value}: ${expression}`, "any", { because, expression });
}

/** A value as text. Throws {@link Failed} for what Terraform doesn't convert, {@link Undecided} for an unknown. */
export function toText(value: Value): string | Text {
  if (isText(value)) return value;
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "boolean") return String(value);
  if (value instanceof Unknown) throw new Undecided(value.because);
  throw new Failed("expected text");
}

/** A value as text that is known. */
export function toKnownText(value: Value): string {
  const converted = toText(value);
  if (converted instanceof Text) throw new Undecided(becauseOf(converted));
  return converted;
}

/** A value as a number. */
export function toNumber(value: Value): number {
  if (typeof value === "number") return value;
  if (value instanceof Unknown || value instanceof Text) throw new Undecided(becauseOf(value));
  const parsed = typeof value === "string" ? parseNumber(value) : undefined;
  if (parsed === undefined) throw new Failed("expected a number");
  return parsed;
}

/** A value as a whole number. */
export function toInteger(value: Value): number {
  const converted = toNumber(value);
  if (!Number.isInteger(converted)) throw new Failed("expected a whole number");
  return converted;
}

/** A value as a boolean. */
export function toBoolean(value: Value): boolean {
  if (typeof value === "boolean") return value;
  if (value instanceof Unknown || value instanceof Text) throw new Undecided(becauseOf(value));
  if (value === "true" || value === "1") return true;
  if (value === "false" || value === "0") return false;
  throw new Failed("expected true or false");
}

/** A value as a list: lists, sets and tuples are. */
export function toList(value: Value): readonly Value[] {
  if (isList(value)) return value;
  if (value instanceof Unknown) throw new Undecided(value.because);
  throw new Failed("expected a list");
}

/** A list whose order is known. */
export function toOrderedList(value: Value): readonly Value[] {
  const list = toList(value);
  if (isDisordered(list)) throw new Undecided("computed-at-apply", false);
  return list;
}

/** A value as an object or map. */
export function toMap(value: Value): ValueMap {
  if (isMap(value)) return value;
  if (value instanceof Unknown) throw new Undecided(value.because);
  throw new Failed("expected an object");
}

/** Why something isn't known, from the first unknown in it. */
export function becauseOf(value: Value): Unknown["because"] {
  if (value instanceof Unknown) return value.because;
  if (value instanceof Text) for (const part of value.parts) if (part instanceof Sym) return part.because;
  return "unresolved-expression";
}

/** A set of elements of one type. */
export function distinctSet(values: readonly Value[]): readonly Value[] {
  const items = distinct(values);
  const certain = { order: true, count: true };
  if (items.every((item) => typeof item === "string")) {
    return markSet(
      [...items].sort((a, b) => compareStrings(String(a), String(b))),
      certain,
    );
  }
  if (items.every((item) => typeof item === "number")) {
    return markSet(
      [...items].sort((a, b) => Number(a) - Number(b)),
      certain,
    );
  }
  if (items.every((item) => typeof item === "boolean")) return markSet([...items].sort(), certain);
  return markSet(items, { order: items.length < 2, count: areApart(items) });
}

/** Whether all values certainly differ. */
export function areApart(items: readonly Value[]): boolean {
  const vague = items.filter((item) => typeof item === "object" && item !== null);
  if (vague.length * items.length > 1_000_000) throw new TooComplex();
  return vague.every((item) => items.every((other) => other === item || compare(item, other) === "no"));
}

/** A list without what certainly stands in it already. What may be equal to another element stays. */
export function distinct(values: readonly Value[]): readonly Value[] {
  if (values.length < 2) return [...values];
  const known = new Set<Value>();
  const items: Value[] = [];
  const others: Value[] = [];
  for (const value of values) {
    if (value === null || typeof value !== "object") {
      if (!known.has(value)) items.push(value);
      known.add(value);
    } else if (!others.some((other) => isSame(other, value))) {
      if (others.length > 1000) throw new TooComplex();
      others.push(value);
      items.push(value);
    }
  }
  return items;
}

/** How many elements a list has. Undecided where two of them may turn out to be one. */
export function lengthOf(list: readonly Value[]): number {
  if (mayRepeat(list)) throw new Undecided("computed-at-apply", false);
  return list.length;
}

/** Text with every unknown as a symbol: the inside of templates. `null` and collections fail. */
export function toTemplateText(value: Value): string | Text {
  return value instanceof Unknown ? text([symbolOf(value)]) : toText(value);
}
