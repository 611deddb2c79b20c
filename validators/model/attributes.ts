/** Turns an instance's attributes into values: planned, configured, made certain by AWS, or unknown. */
import { withSymbols } from "../kernel/stand-in";
import { fromJson, isList, isMap, isText, Sym, Text, Unknown, type Value } from "../kernel/value";
import { isObject, type Json, member } from "../plan/index";
import {
  blocksOf,
  type Expression,
  evaluateBody,
  LazyMap,
  mapOfTexts,
  type Scope,
  touch,
  unconverted,
} from "../source/index";
import { certainNames, certainValue, isCertain } from "./certain";
import { RepeatedScope } from "./module-instance";
import { References } from "./references";
import type { Attributes, Instance, World } from "./shape";
import { isComputed, WANTED_TYPES } from "./wanted";

/** An instance as expressions see it: any attribute name gives a value, since schemas aren't at hand. */
export class InstanceMap extends LazyMap {
  constructor(
    instance: Instance,
    readonly isNamed: (name: string) => boolean,
    compute: (name: string) => Value,
    readonly other: (name: string) => Value,
    readonly isSensitive: (name: string) => boolean,
  ) {
    super(() => namesOf(instance), compute, instance.address);
  }

  override has(): boolean {
    return true;
  }

  override get(name: string): Value | undefined {
    const value = this.isNamed(name) ? this.computed(name) : this.other(name);
    if (this.isSensitive(name)) touch();
    return value;
  }
}

/** Arguments that no resource can change without being replaced: they say what belongs to what. */
const IMMUTABLE: ReadonlySet<string> = new Set(["bucket", "bucket_prefix", "key_id", "name", "name_prefix", "region"]);

/** Attributes of one type wherever the AWS provider has them. */
const MAPS_OF_TEXTS: ReadonlySet<string> = new Set(["tags", "tags_all", "metadata"]);
const TEXTS: ReadonlySet<string> = new Set([
  "arn",
  "bucket",
  "bucket_prefix",
  "description",
  "id",
  "name",
  "name_prefix",
]);
const FLAGS: ReadonlySet<string> = new Set(["enable_key_rotation", "force_destroy", "is_enabled", "multi_region"]);

const NUMBERS = /_wo_version$|^deletion_window_in_days$|^max_session_duration$/;

/** Reads attributes of instances. */
export class InstanceAttributes implements Attributes {
  readonly #bodies = new Map<Instance, ReadonlyMap<string, Value>>();

  constructor(readonly world: World) {}

  /** Lets go of the bodies that were evaluated: they can be evaluated again. */
  forget(): void {
    this.#bodies.clear();
  }

  /** The scope of an instance's own arguments. */
  scopeOf(instance: Instance): Scope {
    return new RepeatedScope(instance.module, instance.config, instance.index, instance.address);
  }

  /** An instance as expressions see it. */
  mapOf(instance: Instance): InstanceMap {
    return new InstanceMap(
      instance,
      (name) => isNamed(instance, name),
      (name) => this.#seen(instance, name, this.valueOf(instance, name)),
      (name) => this.#seen(instance, name, this.#missing(instance, name)),
      (name) => this.world.sensitivity.has(instance, name),
    );
  }

  /** An attribute as an expression sees it: what nobody set and AWS computes is a symbol or unknown, never absent. */
  valueOf(instance: Instance, name: string): Value {
    const { planned } = instance;
    if (isWriteOnly(name)) return null;
    if (planned === undefined) {
      const value = certainValue(this.world, instance, name) ?? this.configured(instance, name);
      // what is set to null stays null, unless it is the provider that gives it a value then
      return value === null && !isComputed(instance, name) ? null : (value ?? this.#computed(instance, name));
    }
    const mask = member(planned.unknown, name) ?? planned.unknown === true;
    const value = member(planned.values, name);
    if (mask === false) return value === undefined ? this.#missing(instance, name) : plannedValue(instance, value);
    const certain = certainValue(this.world, instance, name);
    if (certain !== undefined) return certain;
    if (mask === true) return this.configured(instance, name) ?? this.#computed(instance, name);
    return merged(value ?? null, mask, () => this.configured(instance, name), `${instance.address}.${name}`, instance);
  }

  /** What somebody set an attribute to; `null` where nobody did, whatever AWS makes of it. */
  setting(instance: Instance, name: string): Value {
    const { planned } = instance;
    if (planned === undefined) return this.configured(instance, name) ?? null;
    const mask = member(planned.unknown, name) ?? planned.unknown === true;
    const value = member(planned.values, name) ?? null;
    if (mask === false) return plannedValue(instance, value);
    const path = `${instance.address}.${name}`;
    if (mask !== true) return merged(value, mask, () => this.configured(instance, name), path, instance);
    if (instance.config !== undefined) {
      const configured = this.configured(instance, name);
      if (configured !== undefined) return configured;
      // What nobody sets and the provider computes looks as unknown as a dynamic block that plan JSON doesn't show.
      if (instance.config.body.complete || isComputed(instance, name)) return null;
    }
    return new Unknown(path, "computed-at-apply");
  }

  /** Whether somebody set an attribute or block, as far as configuration and plan tell. */
  isSet(instance: Instance, name: string): boolean {
    const { config, planned } = instance;
    if (config?.body.arguments.has(name) || config?.body.blocks.some((block) => block.type === name)) return true;
    if (planned === undefined || !planned.isNew || config?.body.complete === true) return false;
    // A dynamic block is not in plan JSON. What is known of a new resource was set by somebody, and so was what is
    // known in part: a value that AWS computes is unknown as a whole. Without any configuration nobody can tell.
    const mask = member(planned.unknown, name);
    if (isObject(mask) || Array.isArray(mask)) return true;
    return mask === true ? config === undefined : !isEmpty(member(planned.values, name));
  }

  /** What the configuration says of an argument or nested block; `undefined` where it says nothing. */
  configured(instance: Instance, name: string): Value | undefined {
    const body = instance.config?.body;
    if (body === undefined) return undefined;
    const path = `${instance.address}.${name}`;
    const argument = body.arguments.get(name);
    if (this.#isIgnored(instance, name)) return new Unknown(path, "outside-the-plan", `ignore_changes = [${name}]`);
    if (argument?.kind === "references") return this.world.evaluate(argument, this.scopeOf(instance), path);
    if (argument === undefined && !body.blocks.some((block) => block.type === name)) return undefined;
    let values = this.#bodies.get(instance);
    if (values === undefined) {
      values = evaluateBody(body, this.scopeOf(instance), instance.address);
      this.#bodies.set(instance, values);
    }
    const value = values.get(name);
    return value === undefined ? new Unknown(path, "unresolved-expression") : value;
  }

  /**
   * Whether an argument that the configuration sets may in truth have another value, which an earlier apply or somebody else
   * gave it: only a plan shows that.
   */
  #isIgnored(instance: Instance, name: string): boolean {
    const ignored = instance.planned === undefined ? (instance.config?.lifecycle.ignoreChanges ?? []) : [];
    if (ignored.length === 0 || IMMUTABLE.has(name)) return false;
    return ignored.some((one) => one === "all" || one.split(/[.[]/, 1)[0] === name) && this.isSet(instance, name);
  }

  /** The configuration where it shows everything, else the plan, which has dynamic blocks expanded. */
  configuredFirst(instance: Instance, name: string): Value {
    if (instance.config?.body.complete === true) {
      const value = this.configured(instance, name) ?? null;
      if (!(value instanceof Unknown) || instance.planned === undefined) return value;
    }
    return this.setting(instance, name);
  }

  /**
   * The text of a `policy` argument; `null` where nothing is set. That it mentions a policy document, which is all that plan
   * JSON shows of native configuration, doesn't make it that document: the expression may add statements to it.
   */
  policy(instance: Instance): string | Text | Unknown | null {
    const value = this.setting(instance, "policy");
    const path = `${instance.address}.policy`;
    if (value === null || value === "") return null;
    if (isText(value)) return value;
    return value instanceof Unknown ? value : new Unknown(path, "unresolved-expression");
  }

  /** An argument that is an ARN: where plan JSON shows that it mentions one resource's `arn`, it is that one. */
  principal(instance: Instance, name: string): Value {
    const value = this.setting(instance, name);
    const expression = this.expression(instance, name);
    if (!(value instanceof Unknown) || expression?.kind !== "references") return value === "" ? null : value;
    this.#references ??= new References(this.world);
    const { targets, texts, isOpen } = this.#references.ofArgument(instance, expression);
    const [target] = targets;
    if (isOpen || texts.length > 0 || targets.length !== 1 || target?.attribute !== "arn") return value;
    return this.world.valueOf(target.instance).get("arn") ?? value;
  }

  #references: References | undefined;

  /** The expression of an argument. */
  expression(instance: Instance, name: string): Expression | undefined {
    return instance.config?.body.arguments.get(name);
  }

  /** Expressions of an argument inside nested blocks: `["rule", "apply", "kms_master_key_id"]`. */
  expressionsAt(instance: Instance, path: readonly string[]): Expression[] {
    let bodies = instance.config === undefined ? [] : [instance.config.body];
    for (const step of path.slice(0, -1))
      bodies = bodies.flatMap((body) => body.blocks.filter((block) => block.type === step).map((block) => block.body));
    const last = path[path.length - 1] ?? "";
    return bodies.flatMap((body) => body.arguments.get(last) ?? []);
  }

  /**
   * An attribute as an expression sees it. What the plan doesn't hold is taken from the configuration, where it stands as it
   * was written: the provider's schema makes `tags = { public = true }` text.
   */
  #seen(instance: Instance, name: string, found: Value): Value {
    const isDocument = instance.mode === "data" && instance.type === "aws_iam_policy_document";
    const value = isDocument ? asRead(name, found) : found;
    if (value === null || value instanceof Unknown || value instanceof Text) return value;
    if (member(instance.planned?.values, name) !== undefined || !this.isSet(instance, name)) return value;
    if (certainValue(this.world, instance, name) !== undefined) return value;
    // its input has whatever type it is given
    if (instance.type === "terraform_data") return value;
    const path = `${instance.address}.${name}`;
    if (instance.type.startsWith("aws_") && MAPS_OF_TEXTS.has(name)) return mapOfTexts(value, path);
    if (isText(value) && TEXTS.has(name)) return value;
    if (typeof value === "boolean" && FLAGS.has(name)) return value;
    if (typeof value === "number" && NUMBERS.test(name)) return value;
    return unconverted(value, path);
  }

  /** An attribute that the plan doesn't hold. */
  #missing(instance: Instance, name: string): Value {
    if (instance.planned === undefined) return this.#computed(instance, name);
    if (isKept(instance, name))
      return certainValue(this.world, instance, name) ?? this.configured(instance, name) ?? null;
    // what nobody asked for was forgotten while reading: other attributes, and long values of other types
    return this.configured(instance, name) ?? this.#computed(instance, name);
  }

  #computed(instance: Instance, name: string): Value {
    const path = `${instance.address}.${name}`;
    const because = instance.mode === "data" ? "deferred-data-source" : "computed-at-apply";
    if (/^(arn|id|name|unique_id)$|_(arn|id)$/.test(name)) return new Text([new Sym(path, "any", { because })]);
    return new Unknown(path, because);
  }
}

/** An argument of a policy document with the provider's default in place of null, as whoever reads the document finds it. */
function asRead(name: string, value: Value): Value {
  if (name === "version") return value ?? "2012-10-17";
  if (name !== "statement" || !isList(value)) return value;
  return value.map((one) =>
    isMap(one) && (one.get("effect") ?? null) === null ? new Map([...one, ["effect", "Allow"]]) : one,
  );
}

/**
 * Whether an argument is write-only: providers call those so, and whoever reads one finds null, whatever it is set to
 * (https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only).
 */
const isWriteOnly = (name: string): boolean => name.endsWith("_wo");

/** Whether an attribute would be at hand if the plan had it. */
function isKept({ type, mode }: Instance, name: string): boolean {
  const wanted = WANTED_TYPES.get(type);
  return wanted === undefined ? mode === "data" : wanted === "all" || wanted.has(name);
}

/** The attributes that an instance is known to have. */
function* namesOf(instance: Instance): Generator<string> {
  yield* certainNames(instance);
  for (const json of [instance.planned?.values, instance.planned?.unknown])
    if (isObject(json)) yield* Object.keys(json);
  yield* instance.config?.body.arguments.keys() ?? [];
  for (const block of instance.config?.body.blocks ?? []) yield block.type;
}

/** Whether a name is one of {@link namesOf}, told without making the list. */
const isNamed = (instance: Instance, name: string): boolean =>
  member(instance.planned?.values, name) !== undefined ||
  member(instance.planned?.unknown, name) !== undefined ||
  isCertain(instance, name) ||
  instance.config?.body.arguments.has(name) === true ||
  instance.config?.body.blocks.some((block) => block.type === name) === true;

/** A known value of an instance: what stands for the names of many is symbols. */
export const plannedValue = ({ standsIn }: Pick<Instance, "standsIn">, json: Json): Value =>
  standsIn ? fromJson(json, withSymbols) : fromJson(json);

const isEmpty = (json: Json | undefined): boolean =>
  json === undefined || json === null || json === "" || (Array.isArray(json) && json.length === 0);

/** A planned value with its unknown parts taken from the configuration, where the two can be laid over each other. */
function merged(
  planned: Json,
  mask: Json,
  configured: () => Value | undefined,
  path: string,
  of: Pick<Instance, "standsIn"> = {},
): Value {
  if (mask === false || mask === null) return plannedValue(of, planned);
  if (mask === true) return configured() ?? new Unknown(path, "computed-at-apply");
  if (Array.isArray(mask)) {
    const items = Array.isArray(planned) ? planned : [];
    const length = Math.max(items.length, mask.length);
    let pairs: readonly (Value | undefined)[] | undefined;
    return Array.from({ length }, (_, i) =>
      merged(
        items[i] ?? null,
        mask[i] ?? false,
        () => {
          pairs ??= pairedWith(items, mask, configured());
          return pairs[i];
        },
        `${path}[${i}]`,
        of,
      ),
    );
  }
  if (!isObject(mask)) return plannedValue(of, planned);
  const result = new Map<string, Value>();
  const keys = new Set([...Object.keys(isObject(planned) ? planned : {}), ...Object.keys(mask)]);
  for (const key of keys)
    result.set(
      key,
      merged(
        member(planned, key) ?? null,
        member(mask, key) ?? false,
        () => {
          const value = configured();
          return isMap(value) ? value.get(key) : undefined;
        },
        `${path}.${key}`,
        of,
      ),
    );
  return result;
}

/**
 * The configured element for each planned one. The order inside set blocks differs between the two, so elements are
 * matched by what is known of them, and only where exactly one fits.
 */
function pairedWith(
  planned: readonly Json[],
  mask: readonly Json[],
  configured: Value | undefined,
): (Value | undefined)[] {
  const blocks = isMap(configured) ? blocksOf(configured) : configured;
  if (!isList(blocks)) return [];
  const fitting = planned.map((item, i) => blocks.filter((block) => fits(item, mask[i] ?? false, block)));
  const pairs = fitting.map((candidates) => (candidates.length === 1 ? candidates[0] : undefined));
  if (blocks.length !== planned.length) return pairs;
  // As many are left as are open: where each open one fits all that are left, any order makes the same set.
  const left = blocks.filter((block) => !pairs.includes(block));
  const open = fitting.filter((candidates) => candidates.length !== 1);
  const isSame = open.every((candidates) => left.every((block) => candidates.includes(block)));
  if (!isSame || left.length !== open.length) return pairs;
  return fitting.map((candidates, i) => (candidates.length === 1 ? pairs[i] : left.shift()));
}

/** Whether a configured value may be the planned one. */
function fits(planned: Json, mask: Json, configured: Value | undefined): boolean {
  if (mask === true || configured === undefined || configured instanceof Unknown || configured instanceof Text)
    return true;
  if (isObject(planned))
    return (
      isMap(configured) &&
      Object.keys(planned).every((key) => {
        const value = configured.get(key);
        const there = member(planned, key) ?? null;
        // what the configuration leaves out, the provider may fill in
        return value === undefined || value === null || fits(there, member(mask, key) ?? false, value);
      })
    );
  if (Array.isArray(planned)) {
    const blocks = isMap(configured) ? [configured] : configured;
    return (
      isList(blocks) &&
      (blocks.length === planned.length || planned.length === 0) &&
      planned.every(
        (item, i) =>
          typeof item !== "string" ||
          (Array.isArray(mask) && mask[i] === true) ||
          blocks.some((block) => fits(item, false, block)),
      )
    );
  }
  return planned === null || configured === null || String(planned) === String(configured);
}
