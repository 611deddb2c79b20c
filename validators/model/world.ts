/** Turns a plan, a state or configuration alone into one world: module instances, resource instances, and their values. */
import { InputError } from "../kernel/result";
import { hasStandIn, StandInFails } from "../kernel/stand-in";
import { fromJson, Unknown, type Value } from "../kernel/value";
import type { Change, Plan } from "../plan/index";
import {
  Allowance,
  type Expression,
  evaluate,
  type Instances,
  instancesOf,
  type Module,
  type ModuleCall,
  type ReadableFiles,
  type Repetition,
  type Resource,
  type Scope,
  touch,
  touchAll,
  touches,
} from "../source/index";
import { InstanceAttributes, type InstanceMap } from "./attributes";
import { Hidden } from "./hidden";
import { ProviderHomes } from "./home";
import { afterApply, type Draft } from "./instance";
import { PlacedModule } from "./module-instance";
import { keyText, lastStep, modulePath } from "./module-path";
import { mentioned } from "./references";
import { Sensitivity } from "./sensitivity";
import type { Instance, ModuleInstance, World, WorldGuard, WorldKind } from "./shape";

/** Most instances that configuration alone may expand to. */
const MOST_INSTANCES = 200_000;

/** Values of instances that are kept: more of them would outlive the young generation, and cost more than to compute them again. */
const MOST_VALUES = 250;

/** What may be known besides the plan. */
export interface WorldOptions {
  /** Twelve digits: the account of whatever doesn't show its own. */
  readonly account?: string | undefined;
  /** The code behind the plan. */
  readonly source?: Module;
  /** Called at every step; may throw to end the work. */
  onStep?(): void;
}

/** Everything that exists after apply, and the expressions behind it. */
export class PlannedWorld implements World {
  readonly root: PlacedModule;
  readonly attributes: InstanceAttributes;
  readonly sensitivity: Sensitivity;
  readonly homes: ProviderHomes;
  readonly allowance: Allowance;
  /** Whether every instance of every resource is known: not with `-target`. */
  readonly isComplete: boolean;
  /** Managed instances that the plan takes away. */
  readonly gone: readonly Change[];
  readonly unread: PlacedModule[] = [];
  readonly files: ReadableFiles;
  /** What stand-ins of the plan hide; absent where there are none. */
  readonly hidden: Hidden | undefined;
  readonly #onStep: (() => void) | undefined;
  readonly #managed: Instance[] = [];
  readonly #doubts = new Map<string, NonNullable<Instance["doubt"]>>();
  #expanded = 0;
  #isGuarded = true;
  /** What repeats stand-ins over what is sensitive. */
  readonly #secretly = new Set<Repetition>();
  readonly #shared = new Map<Repetition, Map<string, Value>>();
  readonly #modules = new Map<string, PlacedModule>();
  readonly #resources = new Map<string, Map<string, Instance[]>>();
  readonly #children = new Map<string, PlacedModule[]>();
  /** Children of calls whose keys are known, those that make nothing too. */
  readonly #families = new Map<string, readonly PlacedModule[]>();
  readonly #values = new Map<Instance, InstanceMap>();
  /** Modules that keep what their names stand for. */
  readonly #looking = new Set<{ forget(): void }>();

  constructor(
    readonly kind: WorldKind,
    config: Module | undefined,
    readonly plan: Plan | undefined,
    { account, source, onStep }: WorldOptions,
  ) {
    this.files = source?.files ?? new Map();
    this.#onStep = onStep;
    this.hidden = plan?.standIns && new Hidden(plan.standIns.groups);
    this.allowance = new Allowance((plan?.changes?.length ?? 0) + (plan?.prior.length ?? 0));
    this.root = new PlacedModule(this, "", config, undefined, undefined);
    this.#modules.set("", this.root);
    this.attributes = new InstanceAttributes(this);
    this.sensitivity = new Sensitivity(this, config, plan);
    this.homes = new ProviderHomes(this, account);
    this.isComplete = plan?.complete !== false;
    if (plan) {
      const after = afterApply(plan);
      this.gone = after.gone;
      for (const draft of after.managed) this.#managed.push(this.#place(draft));
      for (const draft of after.data) this.#place(draft);
    } else {
      this.gone = [];
      this.#expand(this.root);
    }
  }

  /** Managed instances that exist after apply. */
  get managed(): readonly Instance[] {
    return this.#managed;
  }

  /** The instances of a resource or data source; those of configuration alone are made when they are first asked for. */
  instancesAt(module: ModuleInstance, base: string): readonly Instance[] | undefined {
    const known = this.#resources.get(module.path)?.get(base);
    if (known !== undefined || this.kind !== "configuration") return known;
    const config = module.config?.resources.get(base);
    const placed = this.#modules.get(module.path);
    if (config === undefined || placed === undefined) return undefined;
    const instances = this.#configured(placed, config);
    this.#resourcesOf(module.path).set(base, instances);
    for (const instance of instances) this.#count(instance.address);
    return instances;
  }

  /** One instance of each resource and data source of a module. */
  *examplesIn(module: ModuleInstance): Generator<Instance> {
    for (const [first] of this.#resources.get(module.path)?.values() ?? []) if (first !== undefined) yield first;
  }

  /**
   * Whether a block that the provider also computes was declared: as the configuration says; a state has none, so there
   * `fallback` decides.
   */
  isDeclared(instance: Instance, name: string, fallback: boolean): boolean {
    return instance.config === undefined && instance.planned?.isNew === false
      ? fallback
      : this.attributes.isSet(instance, name);
  }

  /** A module instance that has been placed. */
  module(path: string): PlacedModule | undefined {
    return this.#modules.get(path);
  }

  rest(): void {
    this.#onStep?.();
    if (this.#values.size >= MOST_VALUES) this.#forget();
  }

  #forget(): void {
    this.#values.clear();
    this.attributes.forget();
    for (const module of this.#looking) module.forget();
    this.#looking.clear();
  }

  isAnyStandIn(instances: readonly (Instance | ModuleInstance)[]): boolean {
    return this.hidden?.isAmong(instances) === true;
  }

  /**
   * The keys of all instances are looked at to tell it, which nothing else may: so it is told by a root module of its own,
   * and whatever was worked out on the way is let go of.
   */
  sharedValue(module: ModuleInstance, of: Repetition | undefined, key: string): Value {
    if (of === undefined || module.path !== "" || this.hidden === undefined) throw new StandInFails();
    if (this.#secretly.has(of)) touch();
    const known = this.#shared.get(of)?.get(key);
    if (known !== undefined) return known;
    const { hidden } = this;
    let instances: Instances = { kind: "one" };
    this.#isGuarded = false;
    try {
      const isSensitive = touches(() => {
        instances = instancesOf(of, new PlacedModule(this, "", module.config, undefined, undefined), "for_each");
        if (instances.kind === "each") touchAll(instances.each);
      });
      if (isSensitive) {
        this.#secretly.add(of);
        touch();
      }
    } finally {
      this.#isGuarded = true;
      this.#forget();
    }
    const value = hidden.sharedValue(instances, key);
    const values = this.#shared.get(of) ?? new Map<string, Value>();
    this.#shared.set(of, values.set(key, value));
    return value;
  }

  guard(ofStandIn: boolean): WorldGuard | undefined {
    if (!this.#isGuarded) return undefined;
    return ofStandIn ? this.hidden?.ofStandIns : this.hidden?.others;
  }

  noteLookups(module: { forget(): void }): void {
    this.#looking.add(module);
  }

  /** Every instance, managed and data. */
  *instances(): Generator<Instance> {
    for (const resources of this.#resources.values()) for (const instances of resources.values()) yield* instances;
  }

  /** The value of an instance as expressions see it. */
  valueOf(instance: Instance): InstanceMap {
    const known = this.#values.get(instance);
    if (known !== undefined) return known;
    const value = this.attributes.mapOf(instance);
    this.#values.set(instance, value);
    return value;
  }

  /** What the plan was given for a variable of the root module; `undefined` where nothing is known of it. */
  rootVariable(name: string): Value | undefined {
    const given = this.plan?.variables.get(name);
    if (given === undefined) return undefined;
    if (this.#isGuarded) this.hidden?.json(given);
    return fromJson(given);
  }

  /** The value of an expression; one that shows only what it mentions stays unknown. */
  evaluate(expression: Expression, scope: Scope, where: string): Value {
    if (expression.kind === "references")
      return new Unknown(where, "computed-at-apply", mentioned(expression.references).join(", "));
    return evaluate(expression, scope, where);
  }

  /**
   * The instances of a module call; `undefined` where their keys can't be told. One that makes nothing stands in no plan:
   * it is there all the same, with what it hands out.
   */
  childrenOf(module: ModuleInstance, call: string): readonly PlacedModule[] | undefined {
    const id = `${module.path} ${call}`;
    const seen = this.#children.get(id);
    if (this.#doubts.size > 0 && seen?.some((child) => this.#doubts.has(child.path))) return undefined;
    // which others there are, its keys would tell: a stand-in hides them
    if (seen !== undefined && this.isAnyStandIn(seen)) return seen;
    const whole = this.#families.get(id);
    if (whole !== undefined && whole.length === seen?.length) return whole;
    const config = module.config?.calls.get(call);
    const keys = config && this.#keysOf(module, config);
    if (keys === undefined) return seen;
    const made = keys.map((key) => this.#moduleAt(modulePath(module.path, call, key)));
    const all = [...new Set([...made, ...(seen ?? [])])];
    this.#families.set(id, all);
    return all;
  }

  #keysOf(module: ModuleInstance, call: ModuleCall): readonly (string | number | undefined)[] | undefined {
    const instances = module.repetition(call, module.absolute(`module.${call.name}`));
    switch (instances.kind) {
      case "one":
        return [undefined];
      case "count":
        if (instances.count > MOST_INSTANCES) return undefined;
        return Array.from({ length: instances.count }, (_, index) => index);
      case "each":
        return [...instances.each.keys()];
      case "unknown":
        return undefined;
    }
  }

  #moduleAt(path: string): PlacedModule {
    const known = this.#modules.get(path);
    if (known !== undefined) return known;
    const step = lastStep(path);
    const parent = step === undefined ? this.root : this.#moduleAt(step.parent);
    const call = step && parent.config?.calls.get(step.call);
    const module = new PlacedModule(this, path, call?.module, parent, call);
    this.#modules.set(path, module);
    if (this.kind === "configuration") this.#count(path);
    if (step !== undefined) {
      const id = `${parent.path} ${step.call}`;
      const siblings = this.#children.get(id);
      if (siblings === undefined) this.#children.set(id, [module]);
      else siblings.push(module);
    }
    return module;
  }

  #resourcesOf(path: string): Map<string, Instance[]> {
    let resources = this.#resources.get(path);
    if (resources === undefined) {
      resources = new Map();
      this.#resources.set(path, resources);
    }
    return resources;
  }

  #doubtOf(module: ModuleInstance): Instance["doubt"] {
    for (let at: ModuleInstance | undefined = module; at !== undefined; at = at.parent) {
      const doubt = this.#doubts.get(at.path);
      if (doubt !== undefined) return doubt;
    }
    return undefined;
  }

  /** Refuses configuration that grows without end. */
  #count(where: string): void {
    this.#expanded++;
    if (this.#expanded > MOST_INSTANCES)
      throw new InputError(
        `the configuration makes more than ${MOST_INSTANCES} resources (at \`${where}\`): judge its plan`,
      );
  }

  /** Member by member: there are hundreds of thousands of them in a large plan, and spreading costs ten times as much. */
  #place(draft: Draft): Instance {
    this.#onStep?.();
    const module = this.#moduleAt(draft.modulePath);
    const base = draft.mode === "data" ? `data.${draft.type}.${draft.name}` : `${draft.type}.${draft.name}`;
    const config = module.config?.resources.get(base);
    const instance: { -readonly [P in keyof Instance]: Instance[P] } = {
      address: draft.address,
      mode: draft.mode,
      type: draft.type,
      name: draft.name,
      provider: draft.provider,
      module,
      planned: draft.planned,
    };
    if (draft.index !== undefined) instance.index = draft.index;
    if (this.hidden !== undefined && hasStandIn(draft.address)) instance.standsIn = true;
    if (config !== undefined) instance.config = config;
    this.#add(base, instance);
    return instance;
  }

  #add(base: string, instance: Instance): void {
    const resources = this.#resourcesOf(instance.module.path);
    const instances = resources.get(base);
    if (instances === undefined) resources.set(base, [instance]);
    else instances.push(instance);
  }

  /** Makes the instances of a module and of the modules below it, from configuration alone. */
  #expand(module: PlacedModule): void {
    if (module.config === undefined) this.unread.push(module);
    for (const config of module.config?.resources.values() ?? []) {
      if (config.mode === "ephemeral") continue;
      const instances = this.instancesAt(module, config.address) ?? [];
      if (config.mode === "managed") for (const instance of instances) this.#managed.push(instance);
    }
    for (const call of module.config?.calls.keys() ?? []) {
      const children = this.childrenOf(module, call);
      if (children !== undefined) for (const child of children) this.#expand(child);
      else this.#expandDoubtful(module, call);
    }
  }

  /** How often the module is there can't be told: one instance stands for all. */
  #expandDoubtful(module: PlacedModule, call: string): void {
    const path = modulePath(module.path, call, undefined);
    this.#doubts.set(path, this.#doubts.get(module.path) ?? { value: module.absolute(`module.${call}`) });
    this.#expand(this.#moduleAt(path));
  }

  #configured(module: PlacedModule, config: Resource): Instance[] {
    if (config.mode === "ephemeral") return [];
    const where = module.absolute(config.address);
    const doubt = this.#doubtOf(module);
    const head = {
      ...(doubt === undefined ? {} : { doubt }),
      mode: config.mode,
      type: config.type,
      name: config.name,
      provider: "",
      module,
      config,
    };
    const one = (index?: string | number): Instance => ({
      ...head,
      address: `${where}${keyText(index)}`,
      ...(index === undefined ? {} : { index }),
    });
    const instances = module.repetition(config, where);
    switch (instances.kind) {
      case "one":
        return [one()];
      case "count":
        if (instances.count > MOST_INSTANCES) this.#expanded = instances.count;
        this.#count(where);
        return Array.from({ length: instances.count }, (_, index) => one(index));
      case "each":
        return [...instances.each.keys()].map(one);
      case "unknown": {
        const { value, expression } = instances.unknown;
        return [{ ...one(), doubt: doubt ?? { value, ...(expression === undefined ? {} : { expression }) } }];
      }
    }
  }
}
