/** Turns what an expression mentions into the instances that it can mean, where plan JSON shows no more than that. */
import { hasStandIn, StandInFails } from "../kernel/stand-in";
import { isMap, isText, Unknown, type Value } from "../kernel/value";
import { isObject, type Json, member } from "../plan/index";
import type { Expression, ModuleCall, Resource, Scope } from "../source/index";
import { RepeatedScope } from "./module-instance";
import type { Instance, ModuleInstance, World } from "./shape";
import { WANTED_TYPES } from "./wanted";

/** An attribute of an instance that an expression mentions; `attribute` is absent where only the resource is named. */
export interface Target {
  readonly instance: Instance;
  readonly attribute?: string;
}

/** Everything that an expression can mean. */
export interface Mentioned {
  readonly targets: readonly Target[];
  /** Texts that variables and outputs turned out to be. */
  readonly texts: readonly Value[];
  /** Whether it may mean something else as well: a local that the plan doesn't show, a value that can't be told. */
  readonly isOpen: boolean;
}

/** Steps through variables and outputs before an expression counts as too long to follow. */
const FARTHEST = 40;

interface Step {
  readonly name: string;
  readonly index?: string | number;
}

/** Follows references of native configuration through variables, outputs, `for_each` and instance keys. */
export class References {
  constructor(readonly world: World) {}

  /** What an argument of an instance mentions. */
  ofArgument(instance: Instance, expression: Expression): Mentioned {
    return this.#follow(expression, new Place(instance.module, instance.config, instance.index, instance.address), 0);
  }

  /** What an argument of a module's call mentions. */
  ofCall(module: ModuleInstance, expression: Expression): Mentioned {
    if (module.parent === undefined) return OPEN;
    return this.#follow(expression, new Place(module.parent, module.call, module.key, module.path), 0);
  }

  #follow(expression: Expression, place: Place, far: number): Mentioned {
    if (far > FARTHEST) return OPEN;
    if (expression.kind !== "references") {
      const value = this.world.evaluate(expression, place.scope(), place.where);
      if (value instanceof Unknown) return this.#written(expression, place, far);
      return isText(value) ? { targets: [], texts: [value], isOpen: false } : NOTHING;
    }
    const references = mentioned(expression.references);
    const [only] = references;
    const key = keyIn(references, place);
    if (only !== undefined && references.length === 1) return this.#reference(only, place, key, far);
    return together(references.map((reference) => this.#reference(reference, place, key, far)));
  }

  /** What the text of an expression mentions that stayed unknown, such as an output of a module that only has references. */
  #written(expression: Expression, place: Place, far: number): Mentioned {
    const references = referencesIn(expression);
    return references.length === 0 ? OPEN : this.#follow({ kind: "references", references }, place, far + 1);
  }

  #reference(reference: string, place: Place, key: Key, far: number): Mentioned {
    const steps = stepsOf(reference);
    const [head, second, third] = steps;
    if (head === undefined) return OPEN;
    switch (head.name) {
      case "each":
        return second?.name === "value" ? this.#eachValue(place, far) : NOTHING;
      case "count":
      case "path":
      case "terraform":
        return NOTHING;
      case "var":
        return second ? this.#variable(second.name, place, far) : OPEN;
      case "local":
        return second ? this.#local(second.name, place, far) : OPEN;
      case "module":
        return second ? this.#output(second, third, place, key, far) : OPEN;
      case "data":
        return second && third
          ? this.#resource(`data.${second.name}.${third.name}`, third.index, steps[3]?.name, place, key, far)
          : OPEN;
      default:
        return second
          ? this.#resource(`${head.name}.${second.name}`, second.index, third?.name, place, key, far)
          : OPEN;
    }
  }

  /** `each.value` of `for_each = aws_s3_bucket.b` is an instance of it, under the same key. */
  #eachValue(place: Place, far: number): Mentioned {
    const { repetition } = place;
    if (repetition?.forEach === undefined) return OPEN;
    const { forEach } = repetition;
    if (forEach.kind !== "references") return NOTHING;
    const references = mentioned(forEach.references);
    const outer = new Place(place.module, undefined, place.key, place.where);
    return together(references.map((reference) => this.#reference(reference, outer, place.key, far + 1)));
  }

  #variable(name: string, place: Place, far: number): Mentioned {
    const { module } = place;
    if (module.parent === undefined || module.call === undefined) {
      const value = module.lookup("var");
      const given = value instanceof Map ? value.get(name) : undefined;
      if (given === undefined || given instanceof Unknown) return OPEN;
      return isText(given) ? { targets: [], texts: [given], isOpen: false } : NOTHING;
    }
    const argument = module.call.arguments.get(name) ?? module.config?.variables.get(name)?.default;
    if (argument === undefined) return OPEN;
    return this.#follow(argument, new Place(module.parent, module.call, module.key, module.path), far + 1);
  }

  #local(name: string, place: Place, far: number): Mentioned {
    const local = place.module.config?.locals.get(name);
    return local === undefined ? OPEN : this.#follow(local, place, far + 1);
  }

  #output(call: Step, output: Step | undefined, place: Place, key: Key, far: number): Mentioned {
    const children = this.world.childrenOf(place.module, call.name);
    if (children === undefined) return OPEN;
    const chosen = this.#choose(children, (child) => child.key, call.index, this.#counting(key, place, children));
    const found = chosen.flatMap((child) => {
      const outputs = child.config?.outputs ?? new Map();
      const named = output === undefined ? [...outputs.values()] : [outputs.get(output.name)];
      // an index that isn't constant hides the output's name: any of them may be meant
      return named.map((one) =>
        one === undefined ? OPEN : this.#follow(one.value, new Place(child, undefined, undefined, child.path), far + 1),
      );
    });
    return together(found);
  }

  /**
   * The key under which an expression may mean one of several instances. `b[count.index]` can't be told from
   * `reverse(b)[count.index]`: a number counts only where there are as many of the one as of the other, and each of these says
   * the same, so that it makes no difference.
   */
  #counting(key: Key, { repetition, module }: Place, all: readonly unknown[]): Key {
    if (typeof key !== "number" || all.length < 2 || repetition === undefined) return key;
    const siblings =
      "address" in repetition
        ? this.world.instancesAt(module, repetition.address)
        : this.world.childrenOf(module, repetition.name);
    return siblings?.length === all.length && areAlike(siblings) ? key : undefined;
  }

  #resource(
    base: string,
    index: string | number | undefined,
    attribute: string | undefined,
    place: Place,
    key: Key,
    far: number,
  ): Mentioned {
    const instances = this.world.instancesAt(place.module, base);
    if (instances === undefined) return place.module.config?.resources.has(base) ? NOTHING : OPEN;
    const chosen = this.#choose(instances, (one) => one.index, index, this.#counting(key, place, instances));
    if (chosen !== instances || instances.some(({ type }) => isPassing(type)))
      return this.#each(chosen, attribute, far);
    // what may be any instance is one answer for all that ask, however many they are
    const known = this.#any.get(instances);
    const id = `${instances.length} ${attribute}`;
    const any = known?.get(id) ?? this.#each(chosen, attribute, far);
    this.#any.set(instances, (known ?? new Map()).set(id, any));
    return any;
  }

  /** What is chosen; a stand-in only by the key of its own group. */
  #choose<T extends Instance | ModuleInstance>(
    all: readonly T[],
    keyOf: (one: T) => string | number | undefined,
    index: string | number | undefined,
    own: string | number | undefined,
  ): readonly T[] {
    if (!this.world.isAnyStandIn(all)) return choose(all, keyOf, index, own);
    const key = index ?? own;
    const found = key === undefined ? [] : underKey(all, keyOf, key);
    if (found.length !== 1 || (typeof index === "string" && hasStandIn(index))) throw new StandInFails();
    return found;
  }

  readonly #any = new WeakMap<readonly Instance[], Map<string, Mentioned>>();

  #each(chosen: readonly Instance[], attribute: string | undefined, far: number): Mentioned {
    return together(
      chosen.map(
        (instance) =>
          this.#passedOn(instance, attribute, far) ?? {
            targets: [{ instance, ...(attribute === undefined ? {} : { attribute }) }],
            texts: [],
            isOpen: false,
          },
      ),
    );
  }

  /** What an attribute means that only passes on what it was set to: whatever that mentions. */
  #passedOn(instance: Instance, attribute: string | undefined, far: number): Mentioned | undefined {
    if (instance.mode !== "managed" || !isPassing(instance.type)) return undefined;
    const name = instance.type === "terraform_data" && attribute === "output" ? "input" : attribute;
    const argument = name === undefined ? undefined : instance.config?.body.arguments.get(name);
    if (argument === undefined) return undefined;
    // the whole output is unknown, the known names in its input too
    if (name !== attribute && holdsText(member(instance.planned?.values, "input"))) return OPEN;
    return this.#follow(
      argument,
      new Place(instance.module, instance.config, instance.index, instance.address),
      far + 1,
    );
  }
}

/** Whether text is anywhere in JSON. */
const holdsText = (json: Json | undefined): boolean =>
  typeof json === "string" || (typeof json === "object" && json !== null && Object.values(json).some(holdsText));

/** Whether a type is none of those that are read for what they are. */
const isPassing = (type: string): boolean => type === "terraform_data" || !WANTED_TYPES.has(type);

/** The key of an instance; `undefined` where there is none, or none that is sure. */
type Key = string | number | undefined;

/**
 * The key of what an expression with these references chooses: plan JSON shows that it mentions `each.key`, not what it makes
 * of it, which is taken for nothing else (help/design.md, "What belongs to which bucket"). `each.value` is that value, and where it
 * isn't known it is taken for that of a set, which is its key. What only looks into it says nothing of a key.
 */
function keyIn(references: readonly string[], place: Place): Key {
  if (references.includes("each.key") || references.includes("count.index")) return place.key;
  if (!references.includes("each.value")) return undefined;
  const each = place.scope().lookup("each");
  const value = isMap(each) ? each.get("value") : undefined;
  if (value === undefined || value instanceof Unknown) return place.key;
  return typeof value === "string" ? value : undefined;
}

/** Whether instances of one resource say the same, whatever they are called. What modules say isn't looked at. */
function areAlike(siblings: readonly (Instance | ModuleInstance)[]): boolean {
  const known = alike.get(siblings);
  if (known !== undefined) return known;
  const [first, ...others] = siblings.map((one) => ("planned" in one ? contentOf(one) : ""));
  const found = others.every((content) => content === first);
  alike.set(siblings, found);
  return found;
}

const alike = new WeakMap<readonly unknown[], boolean>();

function contentOf({ planned }: Instance): string {
  const values = Object.entries(isObject(planned?.values) ? planned.values : {});
  return JSON.stringify(values.filter(([name]) => !NAMES.has(name)));
}

/** What names an instance or its owner. */
const NAMES: ReadonlySet<string> = new Set(["id", "arn", "bucket", "key_id", "name", "region"]);

/** What repeats an expression: a resource or a module call. */
type Repeated = Resource | ModuleCall;

/** Where an expression stands: module instance, what repeats it, and the key of the repetition. */
class Place {
  constructor(
    readonly module: ModuleInstance,
    readonly repetition: Repeated | undefined,
    readonly key: string | number | undefined,
    readonly where: string,
  ) {}

  scope(): Scope {
    return new RepeatedScope(this.module, this.repetition, this.key, this.where);
  }
}

const NOTHING: Mentioned = { targets: [], texts: [], isOpen: false };
const OPEN: Mentioned = { targets: [], texts: [], isOpen: true };

function together(found: readonly Mentioned[]): Mentioned {
  const [only, ...more] = found.filter((one) => one !== NOTHING);
  if (only === undefined || more.length === 0) return only ?? NOTHING;
  return {
    targets: found.flatMap((one) => one.targets),
    texts: found.flatMap((one) => one.texts),
    isOpen: found.some((one) => one.isOpen),
  };
}

/** The instance that an index names; without one, the instance under the expression's own key; else all. */
function choose<T>(
  all: readonly T[],
  keyOf: (one: T) => string | number | undefined,
  index: string | number | undefined,
  own: string | number | undefined,
): readonly T[] {
  if (index !== undefined) return underKey(all, keyOf, index);
  if (own === undefined || all.length < 2) return all;
  const same = underKey(all, keyOf, own);
  return same.length === 1 ? same : all;
}

/** Instances of one resource by their keys, and how many there were: configuration alone may still add some. */
const byKey = new WeakMap<
  readonly unknown[],
  { readonly length: number; readonly places: Map<string | number | undefined, number[]> }
>();
/** So many are looked through faster than indexed. */
const FEW = 8;

function underKey<T>(
  all: readonly T[],
  keyOf: (one: T) => string | number | undefined,
  key: string | number,
): readonly T[] {
  if (all.length <= FEW) return all.filter((one) => keyOf(one) === key);
  let index = byKey.get(all);
  if (index?.length !== all.length) {
    const places = new Map<string | number | undefined, number[]>();
    for (const [at, one] of all.entries()) {
      const same = places.get(keyOf(one));
      if (same === undefined) places.set(keyOf(one), [at]);
      else same.push(at);
    }
    index = { length: all.length, places };
    byKey.set(all, index);
  }
  return index.places.get(key)?.flatMap((at) => all[at] ?? []) ?? [];
}

/** Longest text of an expression that is searched for references. */
const LONGEST = 4096;

/** The references in the text of one expression; none where it isn't a single text. */
function referencesIn(expression: Expression): string[] {
  const text = expression.kind === "hcl" ? expression.text : expression.kind === "json" ? expression.value : undefined;
  if (typeof text !== "string" || text.length > LONGEST) return [];
  const pattern =
    /(?<![\w.$-])[A-Za-z_][\w-]*(?:\[(?:\d+|"[^"\\]*")\])?(?:\.[A-Za-z_][\w-]*(?:\[(?:\d+|"[^"\\]*")\])?)+/g;
  return [...text.matchAll(pattern)].map(([reference]) => reference);
}

/** A static reference in its steps: `aws_s3_bucket.b["x"].id`. */
function stepsOf(reference: string): readonly Step[] {
  const known = stepsByReference.get(reference);
  if (known !== undefined) return known;
  const steps = readSteps(reference);
  if (stepsByReference.size >= MOST_REFERENCES) stepsByReference.clear();
  stepsByReference.set(reference, steps);
  return steps;
}

/** All instances of a resource have the same references: what was read of each text is kept. */
const stepsByReference = new Map<string, readonly Step[]>();
const MOST_REFERENCES = 10_000;

function readSteps(reference: string): Step[] {
  const steps: Step[] = [];
  const pattern = /\.?([\p{L}_][\p{L}\p{N}_-]*)(?:\[(?:(\d+)|"((?:[^"\\]|\\.)*)")\])?/uy;
  for (let match = pattern.exec(reference); match !== null; match = pattern.exec(reference)) {
    const [, name = "", number, text] = match;
    const index = number !== undefined ? Number(number) : text === undefined ? undefined : unescaped(text);
    steps.push({ name, ...(index === undefined ? {} : { index }) });
  }
  return steps;
}

function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}

/** What an expression mentions, without the prefixes that Terraform adds to each reference, each once. */
export function mentioned(references: readonly string[]): readonly string[] {
  const known = mentions.get(references);
  if (known !== undefined) return known;
  const found = withoutPrefixes(references);
  mentions.set(references, found);
  return found;
}

const mentions = new WeakMap<readonly string[], readonly string[]>();

function withoutPrefixes(references: readonly string[]): string[] {
  const all = [...new Set(references)];
  const prefixes = new Set<string>();
  for (const reference of all)
    for (let at = reference.length - 1; at > 0; at--)
      if (reference[at] === "." || reference[at] === "[") prefixes.add(reference.slice(0, at));
  return all.filter((reference) => !prefixes.has(reference));
}
