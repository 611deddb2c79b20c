/** Turns a value into what a variable's type constraint makes of it: `set(string)`, `object({ name = optional(string) })`. */
import { isList, Text, Unknown, type Value, type ValueMap } from "../kernel/index";
import { Evaluator } from "./evaluator";
import { touchAll, withMarksOf } from "./sensitivity";
import type { Syntax } from "./syntax/tree";
import { distinctSet, toBoolean, toList, toMap, toNumber, toText } from "./values/convert";
import { asTyped } from "./values/kinds";
import { Undecided } from "./values/outcome";
import { inOrderOf } from "./values/sets";
import { comparisons, lengthOf } from "./values/size";
import { toSet, toTypedList, toTypedMap, unified } from "./values/unify";

/** Counts work, and throws beyond a limit. */
type Spend = (work: number) => void;

/** The converted value. Throws `Failed` for a value that Terraform refuses, `Undecided` for a type it can't read. */
export function convertTo(type: Syntax, value: Value, spend: Spend): Value {
  spend(lengthOf(value));
  if (value === null || value instanceof Unknown) return value;
  if (type.kind === "name") return toNamed(type.name, value, spend);
  if (type.kind === "literal" && typeof type.value === "string") return toNamed(type.value, value, spend);
  if (type.kind !== "call") throw new Undecided();
  const [inner] = type.arguments;
  if (inner === undefined) throw new Undecided();
  const ofOneType = (items: readonly Value[]): readonly Value[] => {
    const converted = items.map((item) => convertTo(inner, item, spend));
    // `any` stands for the one type that all elements can have (https://developer.hashicorp.com/terraform/language/expressions/type-constraints#dynamic-types-the-any-constraint)
    return /\bany\b/.test(inner.text) ? unified(converted) : converted;
  };
  switch (type.name) {
    case "list":
      return sameKeyed(value, asTyped(inOrderOf([...ofOneType(toList(value))], value)));
    case "set":
      spend(comparisons([value]));
      touchAll(value);
      return asTyped(distinctSet(ofOneType(toList(value))));
    case "map": {
      const [names, items] = [[...toMap(value).keys()], ofOneType([...toMap(value).values()])];
      return withMarksOf(asTyped(new Map(names.map((name, i) => [name, items[i] ?? null]))), value);
    }
    case "tuple":
      return sameKeyed(value, toTuple(inner, value, spend));
    case "object":
      return withMarksOf(toObject(inner, toMap(value), spend), value);
    default:
      throw new Undecided();
  }
}

/** A list made of another value: a list's elements keep their places, and their marks with them; others mark the whole. */
function sameKeyed(from: Value, made: Value): Value {
  if (isList(from)) return withMarksOf(made, from);
  touchAll(from);
  return made;
}

/** A type by its name alone; `list`, `map` and `set` mean those of `any`. */
function toNamed(name: string, value: Value, spend: Spend): Value {
  switch (name) {
    case "string":
      return toText(value);
    case "number":
      return value instanceof Text ? value : toNumber(value);
    case "bool":
      return value instanceof Text ? value : toBoolean(value);
    case "any":
      return value;
    case "list":
      return sameKeyed(value, toTypedList(toList(value)));
    case "map":
      return withMarksOf(toTypedMap(toMap(value)), value);
    case "set":
      spend(comparisons([value]));
      touchAll(value);
      return toSet(toList(value));
    default:
      throw new Undecided();
  }
}

function toTuple(types: Syntax, value: Value, spend: Spend): Value {
  const items = toList(value);
  if (types.kind !== "list") throw new Undecided();
  return items.map((item, i) => {
    const type = types.items[i];
    return type === undefined ? item : convertTo(type, item, spend);
  });
}

/** An object keeps only the attributes of its type; optional ones that are missing get their default, else null. */
function toObject(attributes: Syntax, value: ValueMap, spend: Spend): Value {
  if (attributes.kind !== "object") throw new Undecided();
  const result = new Map<string, Value>();
  for (const entry of attributes.entries) {
    if (entry.key.kind !== "literal") throw new Undecided();
    const name = String(entry.key.value);
    const { type, fallback } = optional(entry.value);
    const given = value.get(name) ?? null;
    result.set(name, convertTo(type, given === null && fallback !== undefined ? constant(fallback) : given, spend));
  }
  return result;
}

function optional(type: Syntax): { readonly type: Syntax; readonly fallback: Syntax | undefined } {
  if (type.kind !== "call" || type.name !== "optional") return { type, fallback: undefined };
  const [inner = type, fallback] = type.arguments;
  return { type: inner, fallback };
}

const constant = (tree: Syntax): Value => new Evaluator({ lookup: () => undefined }, "type").run(tree);
