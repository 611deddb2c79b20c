/** Turns names and a way to compute their values into a map that computes each member once, when it is asked for. */
import { type Text, Unknown, type Value } from "../kernel/value";
import { begin, endWithin, touch } from "./touched";

/** Stands for a member while it is computed. */
const RUNNING = new Unknown("", "unresolved-expression");

/**
 * An object whose members are evaluated on demand and remembered. A member that needs itself is `Unknown`
 * (Terraform refuses such circles). It is a `Map`, so that `isMap` and everything else takes it for an object; in it as a `Map`
 * are the members that have been computed.
 */
export class LazyMap extends Map<string, Value> {
  #names: ReadonlySet<string> | undefined;
  readonly #named: (() => Iterable<string>) | undefined;
  readonly #compute: (name: string) => Value;
  readonly #path: string;
  /** Members that came from something sensitive. */
  #sensitive: Set<string> | undefined;

  /**
   * Whether there are no other members than these. `false` (the default): a member that isn't named is unknown, as in a
   * resource whose computed attributes aren't all at hand. `true`: asking for one is a failure, which `try` sees.
   */
  readonly isExact: boolean;

  /**
   * `path` names the object in reasons: `local`, `module.a.var`. Names that are given as a function are asked for when needed;
   * a set of them is kept as it is, and must not change.
   */
  constructor(
    names: Iterable<string> | (() => Iterable<string>),
    compute: (name: string) => Value,
    path: string,
    isExact = false,
  ) {
    super();
    this.isExact = isExact;
    if (typeof names === "function") this.#named = names;
    else this.#names = names instanceof Set ? names : new Set(names);
    this.#compute = compute;
    this.#path = path;
  }

  /** The names of its members. */
  get names(): ReadonlySet<string> {
    this.#names ??= new Set(this.#named?.());
    return this.#names;
  }

  override get size(): number {
    return this.names.size;
  }

  override has(name: string): boolean {
    return this.names.has(name);
  }

  override get(name: string): Value | undefined {
    return this.names.has(name) ? this.computed(name) : undefined;
  }

  /** The member that goes by a name which isn't known; `undefined` where that can't be told. */
  at(_name: Text): Value | undefined {
    return undefined;
  }

  /** The value of a name that is known to be one of its members. */
  protected computed(name: string): Value {
    const found = super.get(name);
    if (found === RUNNING) return new Unknown(`${this.#path}.${name}`, "unresolved-expression");
    if (found !== undefined) {
      if (this.#sensitive?.has(name)) touch();
      return found;
    }
    super.set(name, RUNNING);
    const outer = begin();
    let value: Value;
    try {
      value = this.#compute(name);
    } catch (error) {
      super.delete(name);
      throw error;
    } finally {
      if (endWithin(outer)) this.#noteSensitive(name);
    }
    super.set(name, value);
    return value;
  }

  #noteSensitive(name: string): void {
    this.#sensitive ??= new Set();
    this.#sensitive.add(name);
  }

  override keys(): MapIterator<string> {
    return this.names.values() as MapIterator<string>;
  }

  override *values(): MapIterator<Value> {
    for (const [, value] of this.entries()) yield value;
  }

  override *entries(): MapIterator<[string, Value]> {
    for (const name of this.names) {
      const value = this.get(name);
      if (value !== undefined) yield [name, value];
    }
  }

  override [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }

  override forEach(visit: (value: Value, name: string, map: Map<string, Value>) => void): void {
    for (const [name, value] of this.entries()) visit(value, name, this);
  }

  /** Members can't be changed: the map is a view of the configuration. */
  override set(): never {
    throw new Error("a lazy map can't be changed");
  }

  override delete(): never {
    throw new Error("a lazy map can't be changed");
  }

  override clear(): never {
    throw new Error("a lazy map can't be changed");
  }
}
