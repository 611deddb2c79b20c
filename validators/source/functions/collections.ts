/** Turns collections into collections: Terraform's functions on lists, sets and maps. */
import { isList, isMap, isText, Text, Unknown, type Value, type ValueMap } from "../../kernel/index";
import { LazyMap } from "../lazy-map";
import {
  becauseOf,
  distinct,
  distinctSet,
  lengthOf,
  toInteger,
  toKnownText,
  toList,
  toMap,
  toNumber,
  toOrderedList,
  toText,
} from "../values/convert";
import { compare, isSame } from "../values/equality";
import { asTyped, asWritten, isTyped, isWritten } from "../values/kinds";
import { compareStrings, sortedKeys } from "../values/order";
import { Failed, limits, TooComplex, Undecided } from "../values/outcome";
import { inOrderOf, isSet } from "../values/sets";
import { distinctList, memberFor, toSet, toTypedList, toTypedMap, unified } from "../values/unify";
import { binary, type Call, type FunctionGroup, plain, unary } from "./function";
import { characters } from "./text";

const many = Number.POSITIVE_INFINITY;

function length(value: Value): number {
  if (typeof value === "string") return characters(value).length;
  if (value instanceof Text) throw new Undecided(becauseOf(value), false);
  if (isMap(value)) return value.size;
  return lengthOf(toList(value));
}

function concat(values: readonly Value[]): Value {
  const lists = values.map(toList);
  if (lists.some(isSet)) throw new Failed("expected lists, found a set");
  if (lists.reduce((sum, list) => sum + list.length, 0) > limits.size) throw new TooComplex();
  const items = inOrderOf(lists.flat(), ...lists);
  // with a tuple among them it is one
  if (lists.some(isWritten)) return asWritten(items);
  const typed = inOrderOf([...unlessRefused(items)], ...lists);
  if (lists.every(isTyped)) return asTyped(typed);
  if (!isSame(items, typed)) throw new Undecided();
  return items;
}

/** The values as one type, or as they are where they have none. */
function unlessRefused(values: readonly Value[]): readonly Value[] {
  try {
    return unified(values);
  } catch (error) {
    if (error instanceof Failed) return values;
    throw error;
  }
}

/** `merge`: later keys win; null arguments are left out. */
function merge(values: readonly Value[]): Value {
  const merged = new Map<string, Value>();
  for (const value of values) {
    if (value === null) continue;
    for (const [key, member] of toMap(value)) merged.set(key, member);
    if (merged.size > limits.size) throw new TooComplex();
  }
  return values.some(isWritten) ? asWritten(merged) : merged;
}

function lookup([map = null, key = null, ...fallback]: readonly Value[]): Value {
  if (map === null || key === null) throw new Failed("an argument must not be null");
  const members = toMap(map);
  const found = members.get(toKnownText(key));
  if (found !== undefined) return found;
  if (members instanceof LazyMap && !members.isExact) throw new Undecided();
  if (fallback.length === 0) throw new Failed("no such key");
  return memberFor(members, fallback[0] ?? null);
}

function element(list: Value, index: Value): Value {
  const items = toOrderedList(list);
  const at = toInteger(index);
  if (isSet(items) || items.length === 0) throw new Failed("expected a list that isn't empty");
  if (at < 0) throw new Undecided();
  return items[at % items.length] ?? null;
}

/** The position of a value; undecided where an earlier element may turn out to be it. */
function indexOf(list: Value, value: Value, call: Call): number {
  const items = toOrderedList(list);
  call.spend(items.length);
  for (const [at, item] of items.entries()) {
    const truth = compare(item, value);
    if (truth === "yes") return at;
    if (truth === "unknown") throw new Undecided(becauseOf(item));
  }
  throw new Failed("no such element");
}

function contains(list: Value, value: Value, call: Call): boolean {
  let isVague = false;
  call.spend(toList(list).length);
  for (const item of toList(list)) {
    const truth = compare(item, value);
    if (truth === "yes") return true;
    if (truth === "unknown") isVague = true;
  }
  if (isVague) throw new Undecided(becauseOf(value), false);
  return false;
}

function flatten(value: Value, call: Call): Value {
  const items: Value[] = [];
  const origins: Value[] = [value];
  const visit = (list: readonly Value[], depth: number): void => {
    if (depth > 100) throw new TooComplex();
    for (const item of list) {
      call.spend(1);
      if (item instanceof Unknown) throw new Undecided(item.because);
      if (isList(item)) {
        origins.push(item);
        visit(item, depth + 1);
      } else items.push(item);
    }
  };
  visit(toList(value), 0);
  return inOrderOf(items, ...origins);
}

function compact(value: Value): Value {
  const items = toList(value).filter((item) => {
    if (item === null) return false;
    if (item instanceof Unknown) throw new Undecided(item.because);
    if (!isText(item)) return String(item) !== "";
    const truth = compare(item, "");
    if (truth === "unknown") throw new Undecided(becauseOf(item), false);
    return truth === "no";
  });
  return asTyped(inOrderOf(items.map(toText), value));
}

function coalesce(values: readonly Value[]): Value {
  for (const [at, value] of values.entries()) {
    if (value === null) continue;
    if (value instanceof Unknown) throw new Undecided(value.because);
    if (isText(value)) {
      const isEmpty = compare(value, "");
      if (isEmpty === "unknown") throw new Undecided(becauseOf(value));
      if (isEmpty === "yes") continue;
    }
    return unified([value, ...values.filter((_other, i) => i !== at)])[0] ?? null;
  }
  throw new Failed("all arguments are null or empty");
}

function coalesceList(values: readonly Value[]): Value {
  for (const value of values) {
    if (value === null) continue;
    if (isSet(value)) throw new Failed("expected lists, found a set");
    if (toList(value).length > 0) return value;
  }
  throw new Failed("all arguments are empty");
}

function one(value: Value): Value {
  if (isMap(value)) throw new Failed("expected a list, found an object");
  const list = isList(value) ? value : [value];
  if (value instanceof Unknown) throw new Undecided(value.because);
  if (list.length === 0) return null;
  if (lengthOf(list) > 1) throw new Failed("expected at most one element");
  return list[0] ?? null;
}

function keys(value: Value): Value {
  return sortedKeys(toMap(value));
}

function values(value: Value): Value {
  const map = toMap(value);
  return sortedKeys(map).map((key) => map.get(key) ?? null);
}

function zipmap(keyList: Value, valueList: Value): Value {
  const names = toOrderedList(keyList);
  const members = toOrderedList(valueList);
  if (names.length !== members.length) throw new Failed("lists of different lengths");
  return new Map(names.map((name, i) => [toKnownText(name), members[i] ?? null]));
}

function slice(list: Value, start: Value, end: Value): Value {
  const items = toOrderedList(list);
  const [from, to] = [toInteger(start), toInteger(end)];
  if (from < 0 || to > items.length || from > to) throw new Failed("range out of bounds");
  return items.slice(from, to);
}

function chunk(list: Value, size: Value): Value {
  const items = unified(toOrderedList(list));
  const length = toInteger(size);
  if (length < 0) throw new Failed("expected a positive size");
  if (items.length === 0) return [];
  if (length === 0) return [items];
  return Array.from({ length: Math.ceil(items.length / length) }, (_chunk, i) =>
    items.slice(i * length, (i + 1) * length),
  );
}

function range(given: readonly Value[], call: Call): Value {
  const [a = 0, b, c] = given.map(toNumber);
  const [start, limit] = b === undefined ? [0, a] : [a, b];
  const step = c ?? (limit < start ? -1 : 1);
  if (step === 0 || (limit > start && step < 0) || (limit < start && step > 0))
    throw new Failed("a step that leads nowhere");
  const count = Math.ceil((limit - start) / step);
  if (count > 1024) throw new Failed("more than 1024 elements");
  call.spend(count);
  return Array.from({ length: Math.max(count, 0) }, (_item, i) => start + i * step);
}

function sort(list: Value): Value {
  const items = toList(list).map((item) => {
    if (item === null) throw new Failed("expected text, found null");
    return item;
  });
  if (items.every((item) => !(item instanceof Text || item instanceof Unknown))) {
    return items.map(toKnownText).sort(compareStrings);
  }
  return unorderedList(items.map((item) => (item instanceof Unknown ? item : toText(item))));
}

/** A list whose order can't be told. */
function unorderedList(items: readonly Value[]): Value {
  return items.length < 2 ? items : inOrderOf([...items], distinctSet(items));
}

function setProduct(lists: readonly Value[], call: Call): Value {
  const factors = lists.map((list) => inOrderOf([...unified(toList(list))], list));
  const count = factors.reduce((product, list) => product * list.length, 1);
  if (count * factors.length > limits.size) throw new TooComplex();
  call.spend(count);
  let rows: readonly (readonly Value[])[] = [[]];
  for (const factor of factors) rows = rows.flatMap((row) => factor.map((item) => [...row, item]));
  return inOrderOf(rows.map(asWritten), ...factors);
}

/** Set operations need every element to be told from every other. */
function setOperation(lists: readonly Value[], keeps: (inEach: readonly boolean[]) => boolean): Value {
  const items = unified(lists.flatMap(toList));
  let next = 0;
  const sets = lists.map((list) => toList(list).map(() => items[next++] ?? null));
  const all = distinct(items);
  if (all.length * all.length > 4_000_000) throw new TooComplex();
  const kept = all.filter((item) => keeps(sets.map((set) => has(set, item))));
  return distinctSet(kept);
}

function has(set: readonly Value[], item: Value): boolean {
  let isVague = false;
  for (const other of set) {
    const truth = isSame(other, item) ? "yes" : compare(other, item);
    if (truth === "yes") return true;
    if (truth === "unknown") isVague = true;
  }
  if (isVague) throw new Undecided(becauseOf(item), false);
  return false;
}

function matchKeys([valueList = null, keyList = null, search = null]: readonly Value[]): Value {
  const [items, keyed] = [unified(toOrderedList(valueList)), toOrderedList(keyList)];
  const compared = unified([...keyed, ...toList(search)]);
  const [names, wanted] = [compared.slice(0, keyed.length), compared.slice(keyed.length)];
  if (items.length !== names.length) throw new Failed("lists of different lengths");
  if (names.length * wanted.length > 4_000_000) throw new TooComplex();
  return items.filter((_item, i) => has(wanted, names[i] ?? null));
}

function transpose(value: Value, call: Call): Value {
  const map: ValueMap = toMap(value);
  const result = new Map<string, string[]>();
  for (const key of sortedKeys(map)) {
    for (const item of toList(map.get(key) ?? null)) {
      call.spend(1);
      const name = toKnownText(item);
      const group = result.get(name);
      if (group === undefined) result.set(name, [key]);
      else group.push(key);
    }
  }
  return result;
}

function truthOfAll(value: Value, decisive: boolean): boolean {
  let unknown: Value | undefined;
  for (const item of toList(value)) {
    if (item === decisive || item === String(decisive)) return decisive;
    if (item instanceof Unknown || item instanceof Text) unknown = item;
    else if (item === null && !decisive) return false;
  }
  if (unknown !== undefined) throw new Undecided(becauseOf(unknown));
  return !decisive;
}

function sum(list: Value): number {
  const items = toList(list);
  if (items.length === 0) throw new Failed("expected elements to add");
  return items.map(toNumber).reduce((total, item) => total + item, 0);
}

/** Collection functions of Terraform, <https://developer.hashicorp.com/terraform/language/functions>. */
export const collectionFunctions: FunctionGroup = [
  ["length", unary(length)],
  ["concat", plain(1, many, concat)],
  ["merge", plain(0, many, merge, { takesNull: true })],
  ["lookup", plain(2, 3, lookup, { takesNull: true })],
  ["element", binary(element)],
  ["index", binary(indexOf)],
  ["contains", binary(contains)],
  ["flatten", unary(flatten)],
  ["distinct", unary((value) => inOrderOf(distinctList(toList(value)), value), { comparesAll: true })],
  ["compact", unary(compact)],
  ["coalesce", plain(1, many, coalesce, { takesNull: true, takesUnknown: true })],
  ["coalescelist", plain(1, many, coalesceList, { takesNull: true })],
  ["one", unary(one)],
  ["keys", unary(keys)],
  ["values", unary(values)],
  ["zipmap", binary(zipmap)],
  ["slice", plain(3, 3, ([list = null, start = null, end = null]) => slice(list, start, end))],
  ["chunklist", binary(chunk)],
  ["range", plain(1, 3, range)],
  ["reverse", unary((value) => [...toOrderedList(value)].reverse())],
  ["sort", unary(sort)],
  ["setproduct", plain(1, many, setProduct)],
  ["setunion", plain(1, many, (lists) => setOperation(lists, (inEach) => inEach.some(Boolean)), { comparesAll: true })],
  [
    "setintersection",
    plain(1, many, (lists) => setOperation(lists, (inEach) => inEach.every(Boolean)), { comparesAll: true }),
  ],
  [
    "setsubtract",
    plain(2, 2, (lists) => setOperation(lists, ([a, b]) => a === true && b === false), { comparesAll: true }),
  ],
  ["matchkeys", plain(3, 3, matchKeys, { comparesAll: true })],
  ["transpose", unary(transpose)],
  ["alltrue", unary((value) => truthOfAll(value, false))],
  ["anytrue", unary((value) => truthOfAll(value, true))],
  ["sum", unary(sum)],
  ["toset", unary((value) => toSet(toList(value)), { comparesAll: true })],
  ["tolist", unary((value) => toTypedList(toList(value)))],
  ["tomap", unary((value) => toTypedMap(toMap(value)))],
];
