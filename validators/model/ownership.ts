/** Turns the `bucket` and `key_id` arguments of companions into the buckets and keys that they belong to. */
import type { Gap } from "../kernel/result";
import { isStandInText, StandInFails } from "../kernel/stand-in";
import { isText, partsOf, type Text, text, Unknown, type Value } from "../kernel/value";
import { equals, symbolOf } from "../source/index";
import { type Mentioned, References, type Target } from "./references";
import type { Instance, ModuleInstance, World } from "./shape";
import { BUCKET_COMPANIONS } from "./wanted";

/** To whom a companion belongs. */
export type Owner<T> =
  | { readonly kind: "found"; readonly owners: readonly T[] }
  /** Something else: outside the plan, by a name that is nobody's here. */
  | { readonly kind: "elsewhere" }
  /** Can't be told: one of the candidates, or something else. */
  | { readonly kind: "open"; readonly candidates: readonly T[]; readonly gap: Gap };

/** A text as a key of maps: equal for texts that are equal for every value of their symbols. */
export function textKey(value: string | Text): string {
  if (typeof value === "string") return value;
  let key = "\u0000";
  for (const part of value.parts)
    key += typeof part === "string" ? `${part.length}:${part}` : `$${part.id.length}:${part.id}`;
  return key;
}

/** The buckets that something mentioned can mean for a companion of a module. */
interface Among {
  readonly module: ModuleInstance;
  readonly all: readonly Instance[];
  readonly isOpen: boolean;
}

/** Finds owners by known or symbolic value, and where plan JSON shows only references, by what they mention. */
export class Ownership {
  readonly references: References;
  readonly #buckets = new Map<string, Instance[]>();
  readonly #all: readonly Instance[];
  /** Buckets whose name isn't known though they have one, or somebody gives them one: it may be any that fits. */
  readonly #nameless: { readonly bucket: Instance; readonly name: Value }[] = [];
  readonly #reachable = new Map<ModuleInstance, readonly Instance[]>();
  readonly #reachableSets = new Map<ModuleInstance, ReadonlySet<Instance>>();
  #subtrees: Map<ModuleInstance, Instance[]> | undefined;
  /** Buckets whose own name is made from another bucket's. */
  #derived: Map<Instance, Instance[]> | undefined;
  readonly #found = new Map<Instance, Owner<Instance> | "running">();

  constructor(
    readonly world: World,
    buckets: readonly Instance[],
  ) {
    this.references = new References(world);
    this.#all = buckets;
    for (const bucket of buckets) {
      world.rest();
      const name = world.valueOf(bucket).get("bucket") ?? null;
      const isNamed = bucket.planned?.isNew === false || world.attributes.isSet(bucket, "bucket");
      if (typeof name !== "string" && isNamed && !isStandInText(name)) this.#nameless.push({ bucket, name });
      if (!isText(name)) continue;
      const key = textKey(name);
      const same = this.#buckets.get(key);
      if (same === undefined) this.#buckets.set(key, [bucket]);
      else same.push(bucket);
    }
  }

  /** The buckets of a companion, by its `bucket` argument. */
  bucketOf(companion: Instance): Owner<Instance> {
    const known = this.#found.get(companion);
    if (known === "running") return this.#open(companion, "bucket", [], undefined);
    if (known !== undefined) return known;
    this.#found.set(companion, "running");
    const owner = this.#bucketOf(companion);
    this.#found.set(companion, owner);
    return owner;
  }

  #bucketOf(companion: Instance): Owner<Instance> {
    const value = this.world.attributes.setting(companion, "bucket");
    if (companion.doubt !== undefined) {
      const named = isText(value) ? (this.#buckets.get(textKey(value)) ?? []) : [];
      const gap: Gap = { ...companion.doubt, because: "unresolved-expression" };
      return { kind: "open", candidates: named.length > 0 ? named : this.#anyFor(companion), gap };
    }
    if (isText(value)) return this.#named(companion, value);
    // one and the same unknown: the bucket and the companion are both called `var.name`
    const owners = value instanceof Unknown ? this.#buckets.get(textKey(text([symbolOf(value)]))) : undefined;
    if (owners !== undefined) return { kind: "found", owners };
    const expression = this.world.attributes.expression(companion, "bucket");
    if (expression === undefined) return this.#open(companion, "bucket", [], value);
    return this.#meant(companion, this.references.ofArgument(companion, expression), value);
  }

  #named(companion: Instance, name: string | Text): Owner<Instance> {
    const owners = this.#buckets.get(textKey(name));
    if (owners !== undefined) return { kind: "found", owners };
    if (typeof name === "string") return this.#namedElsewhere(name);
    if (companion.standsIn) throw new StandInFails();
    const symbols = partsOf(name).flatMap((part) => (typeof part === "string" ? [] : [part]));
    // a bucket name that is made up for a bucket outside the plan is nobody's here
    if (symbols.length === 1 && symbols[0]?.kind === "bucket-name" && partsOf(name).length === 1)
      return { kind: "elsewhere" };
    const [symbol] = symbols;
    const gap = { value: symbol?.id ?? `${companion.address}.bucket`, because: symbol?.because ?? "computed-at-apply" };
    return { kind: "open", candidates: this.#anyFor(companion), gap };
  }

  /** A known name that no bucket is known to have: one whose name isn't known may have it. */
  #namedElsewhere(name: string): Owner<Instance> {
    const candidates = this.#nameless.flatMap((one) =>
      isText(one.name) && equals(one.name, name) === "no" ? [] : [one.bucket],
    );
    const [first] = candidates;
    if (first === undefined) return { kind: "elsewhere" };
    const gap: Gap = { value: `${first.address}.bucket`, because: "computed-at-apply" };
    return { kind: "open", candidates, gap };
  }

  /**
   * An owner among what the references mention. The plan doesn't know the value, so whatever was chosen is itself
   * unknown before apply: with one bucket among the references it is that one, unless another bucket's name is made
   * from it, or something is mentioned that can't be followed and may be another bucket's.
   */
  #meant(companion: Instance, found: Mentioned, value: Value): Owner<Instance> {
    const { all, isOpen } = this.#among(found, companion.module);
    if (all.length === 1) return { kind: "found", owners: all };
    if (all.length === 0 && !isOpen && found.targets.length > 0) return { kind: "elsewhere" };
    return this.#open(companion, "bucket", all, value);
  }

  /** The buckets among what is mentioned, once for all companions that mention the same. */
  #among(found: Mentioned, module: ModuleInstance): Among {
    const known = this.#amongs.get(found);
    if (known?.module === module) return known;
    const candidates = new Set<Instance>();
    let isOpen = found.isOpen;
    for (const target of found.targets) for (const bucket of this.#bucketsBehind(target) ?? []) candidates.add(bucket);
    if (found.targets.some((target) => this.#bucketsBehind(target) === undefined)) isOpen ||= candidates.size === 0;
    for (const text of found.texts)
      if (isText(text)) for (const bucket of this.#buckets.get(textKey(text)) ?? []) candidates.add(bucket);
    for (const bucket of [...candidates]) for (const other of this.#madeFrom(bucket)) candidates.add(other);
    // a local, which plan JSON doesn't show, may be the name of any bucket that the module can reach
    const all = isOpen && candidates.size > 0 ? this.#orReachable(candidates, module) : [...candidates];
    const among = { module, all, isOpen };
    this.#amongs.set(found, among);
    return among;
  }

  readonly #amongs = new WeakMap<Mentioned, Among>();

  /** Buckets and all that a module can reach: mostly the module's own list, which its companions share however many they are. */
  #orReachable(buckets: ReadonlySet<Instance>, module: ModuleInstance): readonly Instance[] {
    const reachable = this.reachable(module);
    const known = this.#reachableSets.get(module) ?? new Set(reachable);
    this.#reachableSets.set(module, known);
    return [...buckets].every((bucket) => known.has(bucket)) ? reachable : [...new Set([...buckets, ...reachable])];
  }

  /**
   * Buckets whose name an expression of a module can reach: those of the module and of modules below it, and those that
   * its arguments mention. `undefined` where it can be any.
   */
  reachable(module: ModuleInstance): readonly Instance[] {
    const known = this.#reachable.get(module);
    if (known !== undefined) return known;
    const found = new Set<Instance>(this.#below(module));
    this.#reachable.set(module, [...found]);
    const { parent, call } = module;
    let isAny = false;
    if (parent !== undefined && call !== undefined) {
      for (const argument of call.arguments.values()) {
        const mentioned = this.references.ofCall(module, argument);
        isAny ||= mentioned.isOpen;
        for (const target of mentioned.targets)
          for (const bucket of this.#bucketsBehind(target) ?? []) found.add(bucket);
        for (const text of mentioned.texts)
          if (isText(text)) for (const bucket of this.#buckets.get(textKey(text)) ?? []) found.add(bucket);
      }
      if (isAny) for (const bucket of this.reachable(parent)) found.add(bucket);
    }
    const all = [...found];
    this.#reachable.set(module, all);
    return all;
  }

  /** Buckets of a module and of the modules below it. */
  #below(module: ModuleInstance): readonly Instance[] {
    if (this.#subtrees === undefined) {
      const subtrees = new Map<ModuleInstance, Instance[]>();
      this.#subtrees = subtrees;
      for (const bucket of this.#all)
        for (let at: ModuleInstance | undefined = bucket.module; at !== undefined; at = at.parent) {
          const list = subtrees.get(at);
          if (list === undefined) subtrees.set(at, [bucket]);
          else list.push(bucket);
        }
    }
    return this.#subtrees.get(module) ?? [];
  }

  #madeFrom(bucket: Instance): readonly Instance[] {
    if (this.#derived === undefined) {
      const derived = new Map<Instance, Instance[]>();
      this.#derived = derived;
      for (const one of this.#all) {
        const expression = this.world.attributes.expression(one, "bucket");
        if (expression?.kind !== "references") continue;
        for (const { instance } of this.references.ofArgument(one, expression).targets)
          derived.set(instance, [...(derived.get(instance) ?? []), one]);
      }
    }
    return this.#derived.get(bucket) ?? [];
  }

  /** The buckets whose name an attribute is; `undefined` for an attribute that is no bucket's name. */
  #bucketsBehind({ instance, attribute }: Target): readonly Instance[] | undefined {
    const isName = attribute === undefined || attribute === "id" || attribute === "bucket";
    if (!isName) return undefined;
    if (instance.mode === "data") {
      if (instance.type !== "aws_s3_bucket") return undefined;
      const name = this.world.valueOf(instance).get("bucket");
      return isText(name) ? (this.#buckets.get(textKey(name)) ?? []) : undefined;
    }
    if (instance.type === "aws_s3_bucket") return [instance];
    if (!BUCKET_COMPANIONS.has(instance.type)) return undefined;
    if (instance.type === "aws_s3_bucket_acl" && attribute === "id") return undefined;
    const owner = this.bucketOf(instance);
    return owner.kind === "found" ? owner.owners : undefined;
  }

  #open(
    companion: Instance,
    attribute: string,
    candidates: readonly Instance[],
    value: Value | undefined,
  ): Owner<Instance> {
    const unknown = value instanceof Unknown ? value : undefined;
    const gap: Gap = {
      value: unknown?.value ?? `${companion.address}.${attribute}`,
      because: unknown?.because ?? "computed-at-apply",
      ...(unknown?.expression === undefined ? {} : { expression: unknown.expression }),
    };
    return { kind: "open", candidates: candidates.length > 0 ? candidates : this.#anyFor(companion), gap };
  }

  /** Every bucket that a companion of which nothing is known could belong to. */
  #anyFor(companion: Instance): readonly Instance[] {
    const reachable = this.reachable(companion.module);
    return reachable.length > 0 ? reachable : this.#all;
  }
}
