/** Turns values that must have one type into values of that type, as Terraform's `convert.UnifyUnsafe` does. */
import { isList, isMap, isText, Text, Unknown, type Value, type ValueMap } from "../../kernel/index";
import { LazyMap } from "../lazy-map";
import { areApart, distinct, distinctSet, toBoolean, toNumber, toText } from "./convert";
import { isSame } from "./equality";
import { asTyped, isTyped, isWritten } from "./kinds";
import { parseNumber } from "./numbers";
import { Failed, TooComplex, Undecided } from "./outcome";
import { inOrderOf, isDisordered, isLoose, isSet, markDistinct, markLoose } from "./sets";

const deepest = 12;

/**
 * The values as members of one list, map or set, or as the two arms of a conditional: a number or boolean beside text becomes
 * text, objects of different attributes become maps, tuples of different lengths lists
 * (https://github.com/zclconf/go-cty/blob/main/cty/convert/unify.go). Values here don't tell objects from maps in all cases:
 * where that decides, or the type of something unknown does, it throws `Undecided`; where Terraform refuses, `Failed`.
 */
export function unified(values: readonly Value[], depth = 0): readonly Value[] {
  if (values.length < 2 || !values.some((value) => canChange(value, 0))) return values;
  if (depth > deepest) throw new TooComplex();
  const present = values.filter((value) => value !== null);
  const known = present.filter((value) => !(value instanceof Unknown));
  const unknown = present.find((value) => value instanceof Unknown);
  if (unknown instanceof Unknown) throw new Undecided(unknown.because);
  if (known.some(isText)) {
    if (known.some((value) => isMap(value) || isList(value))) throw new Failed("expected values of one type");
    return values.map((value) => (value === null ? null : toText(value)));
  }
  const spread = (members: readonly Value[]): readonly Value[] => {
    let next = 0;
    return values.map((value) => (value === null ? null : (members[next++] ?? null)));
  };
  if (known.every(isMap)) return spread(unifiedMaps(known, depth));
  if (known.every(isList)) return spread(unifiedLists(known, depth));
  if (new Set(known.map((value) => typeof value)).size > 1) throw new Failed("expected values of one type");
  return values;
}

/** Whether a value may be changed by the types beside it: text never is, and nothing that holds only text. */
function canChange(value: Value, depth: number): boolean {
  if (typeof value === "number" || typeof value === "boolean" || depth > deepest) return true;
  if (isList(value)) return isSet(value) || isLoose(value) || value.some((item) => canChange(item, depth + 1));
  // what is lazy stays lazy: it comes from the scope, not from an object written in the expression
  return isMap(value) && !(value instanceof LazyMap) && [...value.values()].some((item) => canChange(item, depth + 1));
}

/** Whether the members of a value have one kind, so that it may be a map or list as well as an object or tuple. */
function mayBeTyped(value: ValueMap | readonly Value[]): boolean {
  if (isTyped(value)) return true;
  const kinds = [...value.values()].filter((item) => item !== null && !(item instanceof Unknown)).map(kindOf);
  return !isWritten(value) && new Set(kinds).size < 2;
}

const kindOf = (value: Value): string =>
  isText(value) ? "text" : isMap(value) ? "map" : isList(value) ? "list" : typeof value;

/** What both readings come to; where one of them is refused, the other one. */
function either<T extends Value>(one: () => readonly T[], other: () => readonly T[]): readonly T[] {
  const [first, second] = [attempt(one), attempt(other)];
  if (first instanceof Failed && second instanceof Failed) throw first;
  if (first instanceof Failed) return second instanceof Failed ? [] : second;
  if (second instanceof Failed || isSame(first, second)) return first;
  throw new Undecided("unresolved-expression");
}

function attempt<T>(action: () => T): T | Failed {
  try {
    return action();
  } catch (error) {
    if (error instanceof Failed) return error;
    throw error;
  }
}

function unifiedMaps(maps: readonly ValueMap[], depth: number): readonly ValueMap[] {
  if (maps.some((map) => map instanceof LazyMap)) return maps;
  const [first] = maps;
  const keys = [...(first?.keys() ?? [])];
  const isSameKeys = maps.every((map) => map.size === keys.length && keys.every((key) => map.has(key)));
  const asMaps = (): readonly ValueMap[] => {
    const members = unified(
      maps.flatMap((map) => [...map.values()]),
      depth + 1,
    );
    let next = 0;
    return maps.map((map) => new Map([...map.keys()].map((key) => [key, members[next++] ?? null])));
  };
  if (!isSameKeys) return asMaps();
  const asObjects = (): readonly ValueMap[] => {
    const columns = new Map(
      keys.map((key) => [
        key,
        unified(
          maps.map((map) => map.get(key) ?? null),
          depth + 1,
        ),
      ]),
    );
    return maps.map((map, at) => new Map([...map.keys()].map((key) => [key, columns.get(key)?.[at] ?? null])));
  };
  if (maps.some(isTyped)) return asMaps();
  return maps.some(mayBeTyped) ? either(asObjects, asMaps) : asObjects();
}

function unifiedLists(lists: readonly (readonly Value[])[], depth: number): readonly (readonly Value[])[] {
  const asLists = (): readonly (readonly Value[])[] => {
    const items = unified(lists.flat(), depth + 1);
    let next = 0;
    return lists.map((list) =>
      inOrderOf(
        list.map(() => items[next++] ?? null),
        list,
      ),
    );
  };
  const sets = lists.filter(isSet).length;
  if (sets === lists.length) return asLists().map(distinctSet);
  if (sets > 0 || lists.some(isLoose)) {
    const others = lists.filter((list) => !isSet(list));
    // a tuple beside a set becomes a set, a set beside a list a list
    if (others.every(isWritten)) return asLists().map(distinctSet);
    if (others.every(isTyped)) return asLists();
    return asLists().map((list, at) => listOrSet(list, isSet(lists[at])));
  }
  const length = lists[0]?.length ?? 0;
  if (lists.some(isTyped) || lists.some((list) => list.length !== length)) return asLists();
  const asTuples = (): readonly (readonly Value[])[] => {
    const columns = Array.from({ length }, (_, i) =>
      unified(
        lists.map((list) => list[i] ?? null),
        depth + 1,
      ),
    );
    return lists.map((list, at) =>
      inOrderOf(
        columns.map((column) => column[at] ?? null),
        list,
      ),
    );
  };
  return lists.some(mayBeTyped) ? either(asTuples, asLists) : asTuples();
}

/** What becomes a list or a set, and nobody knows which. */
function listOrSet(list: readonly Value[], isOfSet: boolean): readonly Value[] {
  const sorted = isOfSet ? list : distinctSet(list);
  if (sorted.length !== list.length) throw new Undecided("unresolved-expression");
  const isInOrder = isOfSet || (!isDisordered(sorted) && isSame([...sorted], [...list]));
  return markLoose(inOrderOf([...list], list, ...(isInOrder ? [] : [sorted])), isInOrder);
}

/** A set of a list's elements: one type, without repetition, sorted. Symbolic elements make its order unknown. */
export function toSet(list: readonly Value[]): readonly Value[] {
  return isSet(list) ? list : asTyped(distinctSet(unified(list)));
}

/** `distinct`: the first of each, in order. Where two may be equal, neither places nor number are certain. */
export function distinctList(values: readonly Value[]): readonly Value[] {
  const items = distinct(unified(values));
  const isCertain = areApart(items);
  return asTyped(markDistinct(items, { order: isCertain, count: isCertain }));
}

/** A list of one type. */
export const toTypedList = (list: readonly Value[]): readonly Value[] => asTyped(inOrderOf([...unified(list)], list));

/** A map of one type. */
export function toTypedMap(map: ValueMap): ValueMap {
  const members = unified([...map.values()]);
  return asTyped(new Map([...map.keys()].map((name, i) => [name, members[i] ?? null])));
}

/** What the default of `lookup` becomes: of a map, one of its members; of an object, what it is. */
export function memberFor(map: ValueMap, fallback: Value): Value {
  if (isWritten(map) || map instanceof LazyMap || fallback === null) return fallback;
  const [sample = null] = [...map.values()].filter((value) => value !== null);
  const kind = sample === null || sample instanceof Unknown ? undefined : kindOf(sample);
  if (kind === kindOf(fallback) && kind !== "map" && kind !== "list") return fallback;
  // text that no other type can hold is the same in a map of any type that takes it
  if (!canChange(fallback, 0) && !(isText(fallback) && isConvertible(fallback)) && !(fallback instanceof Unknown))
    return fallback;
  // no map whose members these are takes such a default: it is an object
  if (!isTyped(map) && kind !== undefined && kind !== "text" && !isText(fallback) && kind !== kindOf(fallback))
    return fallback;
  if (!isTyped(map) || kind === undefined) throw new Undecided();
  if (kind === "text") return toText(fallback);
  if (kind === "number") return toNumber(fallback);
  if (kind === "boolean") return toBoolean(fallback);
  const [member = null, converted = null] = unified([sample, fallback]);
  if (isSame(member, sample)) return converted;
  throw new Undecided();
}

/** Whether text may be a number or a boolean to some type. */
export const isConvertible = (value: string | Text): boolean =>
  value instanceof Text || /^(?:true|false)$/.test(value) || parseNumber(value) !== undefined;
