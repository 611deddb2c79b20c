/** Turns the names that stand-ins hide into a look-out: whoever comes upon one of them asks for more than a stand-in can tell. */
import { hasStandIn, StandInFails } from "../kernel/stand-in";
import { isList, isMap, isText, partsOf, Unknown, type Value } from "../kernel/value";
import { type Group, type Json, KeyFinder } from "../plan/index";
import { type Expression, LazyMap } from "../source/index";
import type { Instance, ModuleInstance, WorldGuard } from "./shape";

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
    unknown: () => {
      throw new StandInFails();
    },
    variable: (value, isOutside, where) => {
      if (value instanceof Unknown && value.value === where) throw new StandInFails();
      this.others.variable(value, isOutside, where);
    },
  };

  constructor(groups: readonly Group[]) {
    this.#keys = new KeyFinder(groups.flatMap(({ members }) => members.map(([key = ""]) => key)));
    this.#others = new KeyFinder(groups.flatMap(({ members }) => members.flatMap((names) => othersIn(names, members))));
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

  #expression(expression: Expression): void {
    if (this.#looked.has(expression)) return;
    if (expression.kind === "hcl") this.#text(expression.text);
    else if (expression.kind !== "references") this.#text(JSON.stringify(expression.value));
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

  #text(text: string): void {
    if (hasStandIn(text) || this.#keys.isIn(text) || this.#others.isIn(text)) throw new StandInFails();
  }
}

/** The names of one that are its own, but for its key: what the first two share, all do. */
const othersIn = (names: readonly string[], [first, second]: Group["members"]): readonly string[] =>
  names.filter((_, place) => place > 0 && first?.[place] !== second?.[place]);
