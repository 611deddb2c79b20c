/** Turns a module's configuration and the plan's instances into the names that its expressions see. */
import { hasStandIn, isStandInName, StandInFails, withSymbols } from "../kernel/stand-in";
import { Sym, type Text, Unknown, type Value } from "../kernel/value";
import {
  type Allowance,
  type Expression,
  type Instances,
  instancesOf,
  LazyMap,
  type Module,
  type ModuleCall,
  type ReadableFiles,
  type Repetition,
  type Scope,
  type Secrets,
  touch,
  touches,
  touchPart,
  variableValue,
} from "../source/index";
import { lastStep } from "./module-path";
import type { Instance, ModuleInstance, World, WorldGuard } from "./shape";

/** One instance of a module: its configuration, its place, and what its expressions can refer to. */
export class PlacedModule implements ModuleInstance {
  readonly #variables: LazyMap | undefined;
  readonly #locals: LazyMap;
  readonly #found = new Map<string, Value | undefined>();
  readonly #repetitions = new Map<Repetition, Instances>();
  /** What repeats something over what is sensitive. */
  readonly #secretly = new Set<Repetition>();

  constructor(
    readonly world: World,
    /** Absolute path, `""` for the root. */
    readonly path: string,
    readonly config: Module | undefined,
    readonly parent: PlacedModule | undefined,
    readonly call: ModuleCall | undefined,
  ) {
    const variables = config?.variables ?? new Map();
    this.#variables = new LazyMap(variables.keys(), (name) => this.#variable(name), this.absolute("var"));
    this.#locals = new LazyMap(
      config?.locals.keys() ?? [],
      (name) => this.evaluate(config?.locals.get(name), this.absolute(`local.${name}`)),
      this.absolute("local"),
    );
  }

  get files(): ReadableFiles {
    return this.world.files;
  }

  get allowance(): Allowance {
    return this.world.allowance;
  }

  get secrets(): Secrets {
    return this.world.sensitivity;
  }

  get guard(): WorldGuard | undefined {
    return this.world.guard(hasStandIn(this.path));
  }

  /** The instance key of this module instance. */
  get key(): string | number | undefined {
    return lastStep(this.path)?.key;
  }

  /** Lets go of what its names stand for: it is found again when it is asked for. */
  forget(): void {
    this.#found.clear();
  }

  /** An address or reference of this module as one of the whole. */
  absolute(relative: string): string {
    return this.path === "" ? relative : `${this.path}.${relative}`;
  }

  /** The scope in which this module's call is written: the parent's, with `each` and `count` of this instance. */
  callScope(): Scope | undefined {
    if (this.parent === undefined || this.call === undefined) return undefined;
    return new RepeatedScope(this.parent, this.call, this.key, this.path);
  }

  evaluate(expression: Expression | undefined, where: string, scope: Scope = this): Value {
    return expression === undefined
      ? new Unknown(where, "unresolved-expression")
      : this.world.evaluate(expression, scope, where);
  }

  /** The instances of a resource or call of this module, by its configuration; asked once. */
  repetition(of: Repetition, where: string): Instances {
    const known = this.#repetitions.get(of);
    if (known !== undefined) return known;
    let found: Instances = { kind: "one" };
    // no instance's key is sensitive, but what it is made of may be
    if (
      touches(() => {
        found = instancesOf(of, this, where);
      })
    )
      this.#secretly.add(of);
    this.#repetitions.set(of, found);
    return found;
  }

  touchRepetition(of: Repetition): void {
    if (this.#secretly.has(of)) touch();
  }

  lookup(name: string): Value | undefined {
    if (name === "var") return this.#variables;
    if (name === "local")
      return this.config?.hasSource === false ? new Anything(this.#locals, this.absolute("local")) : this.#locals;
    if (!this.#found.has(name)) {
      if (this.#found.size === 0) this.world.noteLookups(this);
      this.#found.set(name, this.#lookup(name));
    }
    return this.#found.get(name);
  }

  #lookup(name: string): Value | undefined {
    switch (name) {
      case "each":
      case "count":
      case "self":
        return undefined;
      case "data":
        return new LazyMap(this.#types("data"), (type) => this.#resourcesOf("data", type), this.absolute("data"));
      case "module":
        return new LazyMap(this.config?.calls.keys() ?? [], (call) => this.#module(call), this.absolute("module"));
      case "path":
        return new Map<string, Value>([
          ["module", this.config?.directory ?? new Unknown("path.module", "outside-the-plan")],
          ["root", "."],
          ["cwd", new Unknown("path.cwd", "outside-the-plan")],
        ]);
      case "terraform":
        return new Map<string, Value>([["workspace", new Unknown("terraform.workspace", "outside-the-plan")]]);
      default:
        return this.#types("managed").has(name) ? this.#resourcesOf("managed", name) : undefined;
    }
  }

  #types(mode: "managed" | "data"): ReadonlySet<string> {
    const types = new Set<string>();
    for (const resource of this.config?.resources.values() ?? []) if (resource.mode === mode) types.add(resource.type);
    for (const instance of this.world.examplesIn(this)) if (instance.mode === mode) types.add(instance.type);
    return types;
  }

  #resourcesOf(mode: "managed" | "data", type: string): LazyMap {
    const prefix = mode === "data" ? `data.${type}` : type;
    const names = new Set<string>();
    for (const resource of this.config?.resources.values() ?? [])
      if (resource.mode === mode && resource.type === type) names.add(resource.name);
    for (const instance of this.world.examplesIn(this))
      if (instance.mode === mode && instance.type === type) names.add(instance.name);
    return new LazyMap(names, (name) => this.#resource(`${prefix}.${name}`), this.absolute(prefix));
  }

  #resource(base: string): Value {
    const instances = this.world.instancesAt(this, base) ?? [];
    const config = this.config?.resources.get(base);
    const where = this.absolute(base);
    const doubtful = instances.find((instance) => instance.doubt !== undefined);
    if (doubtful) return new Unknown(where, "unresolved-expression", doubtful.doubt?.expression);
    const isCounted = config ? config.count !== undefined : typeof instances[0]?.index === "number";
    const isKeyed = config ? config.forEach !== undefined : typeof instances[0]?.index === "string";
    if (instances.length === 0 && (!(isCounted || isKeyed) || !this.world.isComplete))
      return new Unknown(where, "outside-the-plan");
    if (isCounted)
      return listOf(
        instances,
        ({ index }) => Number(index),
        where,
        (instance) => this.world.valueOf(instance),
      );
    if (isKeyed) return mapOf(instances, where, this.world);
    const [single] = instances;
    return single ? this.world.valueOf(single) : new Unknown(where, "outside-the-plan");
  }

  #module(name: string): Value {
    const call = this.config?.calls.get(name);
    const where = this.absolute(`module.${name}`);
    if (call === undefined) return new Unknown(where, "outside-the-plan");
    const children = this.world.childrenOf(this, name);
    if (children === undefined) return new Unknown(where, "unresolved-expression");
    if (call.count !== undefined)
      return listOf(
        children,
        ({ key }) => Number(key),
        where,
        (child) => child.outputs(),
      );
    if (call.forEach !== undefined) {
      const byKey = new Map(children.map((child) => [String(child.key), child]));
      if (this.world.isAnyStandIn(children)) return new ByKey(byKey, where, true, true, (child) => child.outputs());
      const isExact = this.repetition(call, where).kind === "each";
      return new LazyMap(byKey.keys(), (key) => byKey.get(key)?.outputs() ?? null, where, isExact);
    }
    return children[0]?.outputs() ?? new Unknown(where, "outside-the-plan");
  }

  /** The module's outputs, each evaluated when it is asked for. */
  outputs(): LazyMap {
    const outputs = this.config?.outputs ?? new Map();
    return new LazyMap(
      outputs.keys(),
      (name) => {
        const output = this.config?.outputs.get(name);
        if (output?.sensitive) touch();
        return this.evaluate(output?.value, `${this.path}.${name}`);
      },
      this.path,
    );
  }

  #variable(name: string): Value {
    const variable = this.config?.variables.get(name);
    const where = this.absolute(`var.${name}`);
    if (variable === undefined) return new Unknown(where, "variable-without-value");
    const scope = this.callScope();
    const argument = this.call?.arguments.get(name);
    const given =
      scope === undefined ? this.world.rootVariable(name) : argument && this.evaluate(argument, where, scope);
    const value = variableValue(variable, given, where, this.allowance);
    this.guard?.variable(value, scope === undefined || argument === undefined, where);
    if (variable.sensitive || variable.ephemeral) touch();
    return value;
  }
}

/** A module's names plus `each` and `count` of one instance of a resource or call. */
export class RepeatedScope implements Scope {
  constructor(
    readonly module: ModuleInstance,
    readonly repetition: Repetition | undefined,
    readonly key: string | number | undefined,
    readonly where: string,
  ) {}

  get files(): ReadableFiles {
    return this.module.files;
  }

  get allowance(): Allowance | undefined {
    return this.module.allowance;
  }

  get secrets(): Secrets {
    return this.module.world.sensitivity;
  }

  get guard(): WorldGuard | undefined {
    return this.module.world.guard(hasStandIn(this.where) || hasStandIn(String(this.key)));
  }

  lookup(name: string): Value | undefined {
    if (name === "count" && typeof this.key === "number") return new Map<string, Value>([["index", this.key]]);
    if (name === "each") return this.#each();
    return this.module.lookup(name);
  }

  #each(): Value | undefined {
    if (this.repetition?.forEach === undefined) return undefined;
    const { key } = this;
    if (typeof key !== "string") return new Unknown(`${this.where} each`, "unresolved-expression");
    const known = this.#isStandIn(key) ? withSymbols(key) : key;
    return new LazyMap(
      ["key", "value"],
      (name) => (name === "key" ? known : this.#eachValue(key)),
      `${this.where} each`,
    );
  }

  #isStandIn(key: string): boolean {
    return this.module.world.guard(true) !== undefined && hasStandIn(key);
  }

  #eachValue(key: string): Value {
    if (this.repetition !== undefined) this.module.touchRepetition(this.repetition);
    if (this.#isStandIn(key)) return this.module.world.sharedValue(this.module, this.repetition, key);
    const instances = this.repetition === undefined ? undefined : this.module.repetition(this.repetition, this.where);
    const value = instances?.kind === "each" ? instances.each.get(key) : undefined;
    if (instances?.kind === "each") touchPart(instances.each, key);
    return value === undefined ? new Unknown(`${this.where} each.value`, "unresolved-expression") : value;
  }
}

/** Locals that plan JSON doesn't show: any name, each unknown. */
class Anything extends LazyMap {
  constructor(
    readonly known: LazyMap,
    readonly where: string,
  ) {
    super([], () => null, where);
  }

  override has(): boolean {
    return true;
  }

  override get(name: string): Value {
    return this.known.get(name) ?? new Unknown(`${this.where}.${name}`, "outside-the-plan");
  }
}

/** Most places of a list that are made up for what a plan leaves out. */
const MOST_PLACES = 10_000;

/** A list by the numbers of its items. One that isn't at hand (a targeted plan leaves others out) keeps its place, unknown. */
function listOf<T>(items: readonly T[], numberOf: (item: T) => number, where: string, read: (item: T) => Value): Value {
  const sorted = [...items].sort((a, b) => numberOf(a) - numberOf(b));
  if (sorted.every((item, i) => numberOf(item) === i)) return sorted.map(read);
  const byNumber = new Map(sorted.map((item) => [numberOf(item), item]));
  const length = Math.max(...byNumber.keys()) + 1;
  if (!(length <= MOST_PLACES)) return new Unknown(where, "outside-the-plan");
  return Array.from({ length }, (_, i) => {
    const item = byNumber.get(i);
    return item === undefined ? new Unknown(`${where}[${i}]`, "outside-the-plan") : read(item);
  });
}

/**
 * What `for_each` makes: instances of a resource, whose values are kept by the world, which also forgets them, or of a module.
 * Where one stands for many, nobody may ask for another one, or for all.
 */
class ByKey<T> extends LazyMap {
  constructor(
    readonly byKey: ReadonlyMap<string, T>,
    where: string,
    isExact: boolean,
    readonly hasStandIn: boolean,
    readonly read: (one: T) => Value,
  ) {
    super(
      () => {
        if (hasStandIn) throw new StandInFails();
        return byKey.keys();
      },
      () => null,
      where,
      isExact,
    );
  }

  override has(key: string): boolean {
    if (this.hasStandIn && (hasStandIn(key) || !this.byKey.has(key))) throw new StandInFails();
    return this.byKey.has(key);
  }

  override get(key: string): Value | undefined {
    if (this.hasStandIn && (hasStandIn(key) || !this.byKey.has(key))) throw new StandInFails();
    const found = this.byKey.get(key);
    return found && this.read(found);
  }

  override at(name: Text): Value | undefined {
    const [only, ...more] = name.parts;
    if (!(only instanceof Sym) || more.length > 0 || !isStandInName(only)) return undefined;
    const found = this.byKey.get(only.id);
    return found && this.read(found);
  }
}

/** Lists of instances by key, and how many there were: configuration alone may still add some. */
const indexes = new WeakMap<readonly Instance[], Map<string, Instance>>();

function mapOf(instances: readonly Instance[], where: string, world: World): Value {
  let byKey = indexes.get(instances);
  if (byKey?.size !== instances.length) {
    byKey = new Map(instances.map((instance) => [String(instance.index), instance]));
    indexes.set(instances, byKey);
  }
  const read = (instance: Instance): Value => world.valueOf(instance);
  return new ByKey(byKey, where, world.isComplete, world.isAnyStandIn(instances), read);
}
