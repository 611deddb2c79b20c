/** Turns key resources, aliases, key policies and grants into keys, and key ids into the keys that they name. */
import type { Gap } from "../kernel/result";
import { isText, partsOf, Sym, type Text, text, Unknown, type Value } from "../kernel/value";
import { type Json, member } from "../plan/index";
import type { Expression } from "../source/index";
import type { Attached, Companion, Key, KeyGrant, KeyUse } from "./graph";
import { textKey } from "./ownership";
import { References, type Target } from "./references";
import { isSensitive } from "./secrets";
import type { Instance, World } from "./shape";
import { sourceOf } from "./source-location";
import { KEY_TYPES, type KeyType } from "./wanted";

type Writable<T> = { -readonly [P in keyof T]: T[P] };
/** A key while its companions are attached. */
type Draft = Writable<Omit<Key, "policies" | "grants" | "usedBy">> & {
  policies: Lists<string | Text | Unknown | null>;
  grants: Lists<KeyGrant>;
  usedBy: string[];
};
interface Lists<T> extends Attached<T> {
  readonly linked: Companion<T>[];
  readonly unlinked: (Companion<T> & { readonly gap: Gap })[];
}

const isKeyType = (type: string): type is KeyType => (KEY_TYPES as readonly string[]).includes(type);

/** What a name of a key stands for. */
type Named = { readonly key: Draft } | { readonly shown: Instance } | { readonly alias: Instance };

/** All keys of a world, and what key ids, ARNs and alias names in it stand for. */
export class Keys {
  readonly #drafts = new Map<Instance, Draft>();
  readonly #named = new Map<string, Named>();
  readonly #references: References;
  /** The buckets that use a key, as a set. */
  readonly #users = new Map<Draft, Set<string>>();

  constructor(readonly world: World) {
    this.#references = new References(world);
    for (const instance of world.managed) {
      world.rest();
      if (isKeyType(instance.type)) this.#add(instance, instance.type);
    }
    this.#name();
    for (const instance of world.managed) {
      if (instance.type === "aws_kms_key_policy") this.#attachPolicy(instance);
      else if (instance.type === "aws_kms_grant") this.#attachGrant(instance);
    }
    for (const [instance, draft] of this.#drafts) this.#finish(instance, draft);
  }

  /** The keys, with everything that belongs to them. */
  get all(): readonly Key[] {
    return [...this.#drafts.values()];
  }

  /**
   * The key that an argument names: a key id, an ARN, an alias's name or ARN, known or symbolic. `expressions` are the
   * argument's, for where the value is unknown and plan JSON shows references only.
   */
  use(value: Value, instance: Instance, expressions: readonly Expression[], path: string): KeyUse {
    if (value === null || value === "") return { kind: "none" };
    if (isText(value)) return this.#useOf(value, instance);
    return this.#mentioned(value, instance, expressions, path);
  }

  /** Notes that a bucket's default encryption uses a key. */
  noteUse(use: KeyUse, bucket: string): void {
    if (use.kind !== "in-plan") return;
    const draft = this.#byKey.get(use.key);
    if (draft === undefined) return;
    const noted = this.#users.get(draft) ?? new Set();
    this.#users.set(draft, noted.add(bucket));
    if (noted.size > draft.usedBy.length) draft.usedBy.push(bucket);
  }

  get #byKey(): ReadonlyMap<Key, Draft> {
    this.#index ??= new Map([...this.#drafts.values()].map((draft): [Key, Draft] => [draft, draft]));
    return this.#index;
  }
  #index: Map<Key, Draft> | undefined;

  #add(instance: Instance, type: KeyType): void {
    const { attributes, homes } = this.world;
    const setting = (name: string): Value => attributes.setting(instance, name);
    // the provider reads back an empty text where there is none
    const idIn = (name: string): Value => (setting(name) === "" ? null : setting(name));
    const isReplica = type.startsWith("aws_kms_replica");
    const arn = this.world.valueOf(instance).get("arn");
    const source = sourceOf(instance);
    this.#drafts.set(instance, {
      kind: "key",
      address: instance.address,
      type,
      arn: isText(arn) ? arn : text([new Sym(`${instance.address}.arn`, "any")]),
      home: homes.of(instance),
      // what a replica and an external key show of usage and spec is computed from elsewhere
      usage: isReplica ? null : orElse(setting("key_usage"), null),
      spec: type === "aws_kms_key" ? orElse(setting("customer_master_key_spec"), null) : null,
      rotation: type === "aws_kms_key" ? setting("enable_key_rotation") : null,
      enabled: setting(type === "aws_kms_key" ? "is_enabled" : "enabled"),
      origin: type === "aws_kms_external_key" || type === "aws_kms_replica_external_key" ? "EXTERNAL" : null,
      customKeyStore: type === "aws_kms_key" ? orElse(idIn("custom_key_store_id"), idIn("xks_key_id")) : null,
      policies: { linked: [], unlinked: [] },
      grants: { linked: [], unlinked: [] },
      usedBy: [],
      ...(source === undefined ? {} : { source }),
    });
  }

  /** Every text that stands for a key. */
  #name(): void {
    const put = (name: Value | undefined, named: Named): void => {
      if (isText(name) && name !== "" && !this.#named.has(textKey(name))) this.#named.set(textKey(name), named);
    };
    for (const [instance, key] of this.#drafts) {
      this.world.rest();
      const value = this.world.valueOf(instance);
      put(key.arn, { key });
      // replicas have their primary's id, which alone means the primary
      if (!instance.type.startsWith("aws_kms_replica")) put(value.get("key_id"), { key });
      if (!instance.type.startsWith("aws_kms_replica")) put(value.get("id"), { key });
    }
    for (const [instance] of this.#drafts) {
      const value = this.world.valueOf(instance);
      const key = this.#drafts.get(instance);
      if (key !== undefined && instance.type.startsWith("aws_kms_replica")) put(value.get("key_id"), { key });
    }
    for (const instance of this.world.managed) {
      if (instance.type !== "aws_kms_alias") continue;
      this.world.rest();
      const value = this.world.valueOf(instance);
      for (const name of ["arn", "name"]) put(value.get(name), { alias: instance });
    }
    for (const instance of this.world.instances()) {
      if (instance.mode !== "data" || instance.type !== "aws_kms_key") continue;
      const value = this.world.valueOf(instance);
      for (const name of ["arn", "id", "key_id"]) put(value.get(name), { shown: instance });
    }
  }

  #useOf(id: string | Text, from: Instance): KeyUse {
    const literal = typeof id === "string" ? id : undefined;
    if (literal !== undefined && /^(arn:[^:]*:kms:[^:]*:[^:]*:)?alias\/aws\//.test(literal))
      return { kind: "aws-managed" };
    const named = this.#named.get(textKey(id));
    if (named === undefined) return outside(id);
    if ("key" in named) return { kind: "in-plan", key: named.key };
    if ("shown" in named) return this.#shown(named.shown, id);
    return this.#target(named.alias, id, from);
  }

  /** An alias stands for its target key. */
  #target(alias: Instance, id: string | Text, from: Instance): KeyUse {
    const { homes, attributes } = this.world;
    // a name means the alias of the caller's own account and region
    const isArn =
      typeof id === "string"
        ? id.startsWith("arn:")
        : typeof id.parts[0] === "string" && id.parts[0].startsWith("arn:");
    if (!isArn && homes.providerKey(alias) !== homes.providerKey(from)) return outside(id);
    if (alias.doubt !== undefined)
      return { kind: "unknown", gaps: [{ ...alias.doubt, because: "unresolved-expression" }] };
    const target = attributes.setting(alias, "target_key_id");
    if (isText(target)) {
      const named = this.#named.get(textKey(target));
      if (named !== undefined && "key" in named) return { kind: "in-plan", key: named.key };
      if (named !== undefined && "shown" in named) return this.#shown(named.shown, target);
      return outside(target);
    }
    const expression = attributes.expression(alias, "target_key_id");
    return this.#mentioned(
      target,
      alias,
      expression === undefined ? [] : [expression],
      `${alias.address}.target_key_id`,
    );
  }

  #shown(data: Instance, id: string | Text): KeyUse {
    const value = this.world.valueOf(data);
    const arn = value.get("arn");
    const inPlan = isText(arn) ? this.#named.get(textKey(arn)) : undefined;
    if (inPlan !== undefined && "key" in inPlan) return { kind: "in-plan", key: inPlan.key };
    const account = isText(arn) ? accountOf(arn) : undefined;
    return {
      kind: "outside",
      id,
      ...(account === undefined ? {} : { account }),
      shown: {
        address: data.address,
        enabled: value.get("enabled") ?? null,
        origin: value.get("origin") ?? null,
        manager: value.get("key_manager") ?? null,
      },
    };
  }

  #mentioned(value: Value, instance: Instance, expressions: readonly Expression[], path: string): KeyUse {
    const uses: KeyUse[] = [];
    let isOpen = expressions.length === 0;
    for (const expression of expressions) {
      const found = this.#references.ofArgument(instance, expression);
      for (const target of found.targets) {
        const use = this.#behind(target, instance);
        if (use !== undefined) uses.push(use);
      }
      for (const one of found.texts) if (isText(one) && one !== "") uses.push(this.#useOf(one, instance));
      isOpen ||= found.isOpen && uses.length === 0;
    }
    const inPlan = new Set(uses.flatMap((use) => (use.kind === "in-plan" ? [use.key] : [])));
    const [first] = uses;
    const [only] = inPlan;
    if (only !== undefined && inPlan.size === 1 && uses.every((use) => use.kind === "in-plan"))
      return { kind: "in-plan", key: only };
    if (first !== undefined && uses.length === 1 && !isOpen) return first;
    const unknown = value instanceof Unknown ? value : undefined;
    return {
      kind: "unknown",
      gaps: [
        {
          value: unknown?.value ?? path,
          because: unknown?.because ?? "computed-at-apply",
          ...(unknown?.expression === undefined ? {} : { expression: unknown.expression }),
        },
      ],
    };
  }

  /** The key that an attribute of a resource names. */
  #behind({ instance, attribute }: Target, from: Instance): KeyUse | undefined {
    const draft = this.#drafts.get(instance);
    if (draft !== undefined) {
      const names = ["arn", "id", "key_id"];
      return attribute === undefined || names.includes(attribute) ? { kind: "in-plan", key: draft } : undefined;
    }
    const value = this.world.valueOf(instance);
    if (instance.mode === "managed" && instance.type === "aws_kms_alias") {
      const id = value.get("arn");
      return isText(id) ? this.#target(instance, id, from) : undefined;
    }
    if (instance.mode === "managed" && instance.type === "aws_kms_key_policy")
      return this.use(value.get("key_id") ?? null, instance, [], "");
    if (instance.mode === "data" && instance.type === "aws_kms_key") {
      const id = value.get("arn");
      return this.#shown(
        instance,
        isText(id) ? id : text([new Sym(`${instance.address}.arn`, "any", "deferred-data-source")]),
      );
    }
    if (instance.mode === "data" && instance.type === "aws_kms_alias") {
      const id = value.get("target_key_arn");
      return isText(id) ? this.#useOf(id, from) : undefined;
    }
    return undefined;
  }

  #attachPolicy(instance: Instance): void {
    const companion: Companion<string | Text | Unknown | null> = {
      address: instance.address,
      content: this.world.attributes.policy(instance),
      sensitive: isSensitive(instance, "policy"),
    };
    this.#attach(instance, companion, (draft) => draft.policies);
  }

  #attachGrant(instance: Instance): void {
    const { attributes } = this.world;
    const companion: Companion<KeyGrant> = {
      address: instance.address,
      content: {
        grantee: attributes.principal(instance, "grantee_principal"),
        retiring: attributes.principal(instance, "retiring_principal"),
      },
      sensitive: isSensitive(instance, "grantee_principal") || isSensitive(instance, "retiring_principal"),
    };
    this.#attach(instance, companion, (draft) => draft.grants);
  }

  #attach<T>(instance: Instance, companion: Companion<T>, listsOf: (draft: Draft) => Lists<T>): void {
    const { attributes } = this.world;
    const expression = attributes.expression(instance, "key_id");
    const path = `${instance.address}.key_id`;
    const use = this.use(attributes.setting(instance, "key_id"), instance, expression ? [expression] : [], path);
    const gap: Gap | undefined =
      instance.doubt !== undefined
        ? { ...instance.doubt, because: "unresolved-expression" }
        : use.kind === "unknown"
          ? use.gaps[0]
          : undefined;
    const draft = use.kind === "in-plan" ? this.#byKey.get(use.key) : undefined;
    if (gap !== undefined && (use.kind === "unknown" || use.kind === "in-plan")) {
      for (const one of draft ? [draft] : this.#drafts.values()) listsOf(one).unlinked.push({ ...companion, gap });
    } else if (draft !== undefined) listsOf(draft).linked.push(companion);
  }

  /** The key's own policy, where no standalone one decides, and a replica's primary. */
  #finish(instance: Instance, draft: Draft): void {
    const { attributes } = this.world;
    const isDeclared = attributes.isSet(instance, "policy");
    const computed = member(instance.planned?.values, "policy");
    const isInForce = typeof computed === "string" && computed !== "" && !this.#losesPolicy(instance, draft);
    if (isDeclared || (isInForce && draft.policies.linked.length === 0))
      draft.policies.linked.push({
        address: instance.address,
        content: attributes.policy(instance),
        sensitive: isSensitive(instance, "policy"),
      });
    if (!instance.type.startsWith("aws_kms_replica")) return;
    const expression = attributes.expression(instance, "primary_key_arn");
    const path = `${instance.address}.primary_key_arn`;
    draft.primary = this.use(
      attributes.setting(instance, "primary_key_arn"),
      instance,
      expression ? [expression] : [],
      path,
    );
  }

  /** What the standalone policies that the plan deletes call their keys. */
  #losing: ReadonlySet<Json | undefined> | undefined;

  /** Whether the plan deletes a standalone policy of the key: the provider then puts the default one back. */
  #losesPolicy(instance: Instance, draft: Draft): boolean {
    const id = member(instance.planned?.values, "key_id") ?? member(instance.planned?.values, "id");
    this.#losing ??= new Set(
      this.world.gone
        .filter(({ type, actions }) => type === "aws_kms_key_policy" && !actions.includes("forget"))
        .map(({ before }) => member(before, "key_id")),
    );
    return this.#losing.has(id) || (typeof draft.arn === "string" && this.#losing.has(draft.arn));
  }
}

/** The provider reads an unset text back as an empty one. */
const orElse = (value: Value, other: Value): Value => (isUnset(value) ? (isUnset(other) ? null : other) : value);
const isUnset = (value: Value): boolean => value === null || value === "";

function outside(id: string | Text): KeyUse {
  const account = accountOf(id);
  return { kind: "outside", id, ...(account === undefined ? {} : { account }) };
}

/** The account in a key's or alias's ARN. */
function accountOf(arn: string | Text): string | Text | undefined {
  if (typeof arn === "string") {
    const account = /^arn:[^:]*:kms:[^:]*:([^:]*):/.exec(arn)?.[1];
    return account === "" ? undefined : account;
  }
  const parts = partsOf(arn);
  const at = parts.findIndex((part) => part instanceof Sym && part.kind === "account-id");
  const account = parts[at];
  const before = parts[at - 1];
  if (account instanceof Sym && typeof before === "string" && before.endsWith(":")) return text([account]);
  const [first] = parts;
  if (typeof first !== "string") return undefined;
  const fields = /^arn:[^:]*:kms:[^:]*:(\d{12}):/.exec(first);
  if (fields) return fields[1];
  const third = parts[2];
  return typeof third === "string" ? /^:(\d{12}):/.exec(third)?.[1] : undefined;
}
