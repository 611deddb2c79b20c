/** Turns the names that stand-ins hide into a look-out: whoever comes upon one of them asks for more than a stand-in can tell. */
import { groupIn, hasStandIn, StandInFails, withSymbols } from "../kernel/stand-in";
import { isList, isMap, isText, partsOf, show, Unknown, type Value } from "../kernel/value";
import { type Group, type Json, KeyFinder } from "../plan/index";
import { type Expression, type Instances, isSet, LazyMap } from "../source/index";
import type { Instance, ModuleInstance, WorldGuard } from "./shape";

/** Steps of the search for hidden names in code and in variables, which are short. */
const MOST_STEPS = 20_000_000;

/** Sees to it that the names which stand-ins hide are nobody's. */
export class Hidden {
  readonly #keys: KeyFinder;
  readonly #others: KeyFinder;
  readonly #looked = new WeakSet<Expression>();
  readonly #lists = new WeakMap<readonly unknown[], { readonly length: number; readonly hides: boolean }>();
  /** For what is no stand-in. */
  readonly others: WorldGuard = {
    expression: (expression) => this.#expression(expression),
    variable: (value, isOutside) => {
      if (isOutside) this.#value(value);
    },
  };
  /** For stand-ins: what can't be told of one may be told of each for which it stands. */
  readonly ofStandIns: WorldGuard = {
    ...this.others,
    expression: (expression) => this.#expression(expression, this.#hasModules),
    text: withSymbols,
    unknown: () => {
      throw new StandInFails();
    },
    variable: (value, isOutside, where) => {
      if (value instanceof Unknown && value.value === where) throw new StandInFails();
      this.others.variable(value, isOutside, where);
    },
  };

  readonly #groups: readonly Group[];
  /** Whether the call of a stand-in gives its names to the module. */
  readonly #hasModules: boolean;

  constructor(groups: readonly Group[]) {
    this.#groups = groups;
    this.#hasModules = groups.some(({ isOfModules }) => isOfModules);
    this.#keys = new KeyFinder(
      groups.flatMap(({ members }) => members.map(keyOf)),
      MOST_STEPS,
    );
    this.#others = new KeyFinder(
      groups.flatMap(({ members }) => othersIn(members)),
      MOST_STEPS,
    );
  }

  /**
   * What `each.value` is of a stand-in: the value of the most instances, in which their keys stand as names. The others have to
   * be judged by themselves.
   */
  sharedValue(instances: Instances, key: string): Value {
    const group = this.#groups.find(({ number }) => number === groupIn(key));
    if (instances.kind !== "each" || instances.each instanceof LazyMap || group === undefined) throw new StandInFails();
    const byText = new Map<string, { readonly value: Value; readonly keys: string[] }>();
    for (const [own = ""] of group.members) {
      const value = instances.each.get(own);
      const text = value === undefined ? undefined : written(value, 0);
      if (value === undefined || text === undefined) throw new StandInFails();
      const shared = text.replaceAll(own, key);
      const same = byText.get(shared);
      if (same !== undefined) same.keys.push(own);
      else byText.set(shared, { value: shared === text ? value : withKey(value, own, key), keys: [own] });
    }
    const [most, ...others] = [...byText.values()].sort((a, b) => b.keys.length - a.keys.length);
    if (most === undefined || others.length > 0)
      throw new StandInFails({ isGroup: () => false, keys: new Set(others.flatMap(({ keys }) => keys)) });
    return most.value;
  }

  /** What a root variable was given. */
  json(given: Json): void {
    this.#text(JSON.stringify(given));
  }

  /** Whether any instance of a list stands for many. */
  isAmong(instances: readonly (Instance | ModuleInstance)[]): boolean {
    const known = this.#lists.get(instances);
    if (known?.length === instances.length) return known.hides;
    const hides = instances.some((one) => {
      const key = "path" in one ? one.key : one.index;
      return typeof key === "string" && hasStandIn(key);
    });
    this.#lists.set(instances, { length: instances.length, hides });
    return hides;
  }

  #expression(expression: Expression, mayBeGiven = false): void {
    if (this.#looked.has(expression)) return;
    if (expression.kind === "hcl") this.#text(expression.text);
    else if (expression.kind === "constant") this.#text(JSON.stringify(expression.value), mayBeGiven);
    else if (expression.kind === "json") this.#text(JSON.stringify(expression.value));
    this.#looked.add(expression);
  }

  #value(value: Value): void {
    if (isText(value)) for (const part of partsOf(value)) this.#text(typeof part === "string" ? part : part.id);
    else if (value instanceof LazyMap) throw new StandInFails();
    else if (isList(value)) for (const item of value) this.#value(item);
    else if (isMap(value))
      for (const [key, item] of value) {
        this.#text(key);
        this.#value(item);
      }
  }

  #text(text: string, mayBeStandIn = false): void {
    if ((!mayBeStandIn && hasStandIn(text)) || this.#keys.mayBeIn(text) || this.#others.mayBeIn(text))
      throw new StandInFails();
  }
}

/** Refuses a stand-in whose ARN has none of its names: all that it stands for are one and the same, or none is ever made. */
export function refuseOneForAll({ standsIn }: Instance, arn: Value | undefined): void {
  if (standsIn && !(isText(arn) && hasStandIn(show(arn)))) throw new StandInFails();
}

const keyOf = (names: readonly string[]): string => names[0] ?? "";

/** Names of each that are its own, but for its key: what the first two share, all do. */
function othersIn(members: Group["members"]): readonly string[] {
  const [first = [], second] = members;
  const places = [...first.keys()].filter((place) => place > 0 && first[place] !== second?.[place]);
  return places.flatMap((place) => members.map((names) => names[place] ?? ""));
}

/** Deepest value that is looked into. */
const DEEPEST = 20;

/** A known value as text, different for different ones; `undefined` where it isn't known through and through. */
function written(value: Value, depth: number): string | undefined {
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string")
    return JSON.stringify(value);
  if (depth > DEEPEST || value instanceof LazyMap) return undefined;
  if (isList(value)) {
    const items = value.map((item) => written(item, depth + 1));
    return items.includes(undefined) ? undefined : `${isSet(value) ? "set" : "list"}[${items.join()}]`;
  }
  if (!isMap(value)) return undefined;
  const members = [...value].map(([name, item]) => [JSON.stringify(name), written(item, depth + 1)]);
  return members.some(([, item]) => item === undefined) ? undefined : `{${members.map((one) => one.join(":")).join()}}`;
}

/** A value with the name of a stand-in in place of a key. Members can't be called by it, nor can sets hold it. */
function withKey(value: Value, own: string, key: string): Value {
  if (typeof value === "string") return withSymbols(value.replaceAll(own, key));
  if (isList(value)) {
    if (isSet(value)) throw new StandInFails();
    return value.map((item) => withKey(item, own, key));
  }
  if (!isMap(value)) return value;
  if ([...value.keys()].some((name) => name.includes(own))) throw new StandInFails();
  return new Map([...value].map(([name, item]) => [name, withKey(item, own, key)]));
}
