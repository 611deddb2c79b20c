/** Turns key resources, aliases, key policies and grants into keys, and key ids into the keys that they name. */
import type { Gap } from "../kernel/result";
import { StandInFails } from "../kernel/stand-in";
import type { Truth } from "../kernel/truth";
import { isText, partsOf, Sym, show, type Text, text, Unknown, type Value } from "../kernel/value";
import { type Json, member } from "../plan/index";
import { type Expression, modulesIn } from "../source/index";
import type { Attached, Companion, Key, KeyGrant, KeyPlace, KeyUse, ResourceGraph } from "./graph";
import { refuseOneForAll } from "./hidden";
import { type Open, shortened } from "./open";
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

/** What a name of a key stands for: several keys where replicas share an id; `looked` is the data source that looks an alias up. */
type Named =
  | { readonly keys: readonly Draft[] }
  | { readonly shown: Instance }
  | { readonly alias: Instance }
  | { readonly looked: Instance };

/** All keys of a world, and what key ids, ARNs and alias names in it stand for. */
export class Keys {
  readonly #drafts = new Map<Instance, Draft>();
  readonly #named = new Map<string, Named>();
  readonly #references: References;
  /** Companions that may belong to any key: kept once, not once a key. */
  readonly #openPolicies: Open<string | Text | Unknown | null>[] = [];
  readonly #openGrants: Open<KeyGrant>[] = [];
  /** Policies and grants of keys outside the plan. */
  readonly notices: ResourceGraph["notices"][number][] = [];
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
    const policies = shortened(this.#openPolicies, (unknown) => unknown);
    const grants = shortened(this.#openGrants, (unknown) => ({ grantee: unknown }));
    const forgotten = world.kind === "configuration" ? this.#forgottenPolicies() : [];
    for (const [instance, draft] of this.#drafts) {
      draft.policies.unlinked.push(...policies);
      draft.grants.unlinked.push(...grants);
      this.#finish(instance, draft);
      if (draft.policies.linked.length === 0) draft.policies.unlinked.push(...forgotten);
    }
  }

  /** The keys, with everything that belongs to them, by address: the order of a plan's resources means nothing. */
  get all(): readonly Key[] {
    const drafts = [...this.#drafts.values()];
    for (const { usedBy, policies, grants } of drafts) {
      if (usedBy.length > 1) usedBy.sort();
      for (const companions of [policies.linked, policies.unlinked, grants.linked, grants.unlinked])
        if (companions.length > 1) companions.sort((a, b) => (a.address < b.address ? -1 : 1));
    }
    return drafts;
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
    refuseOneForAll(instance, arn);
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
    const withId = new Map<string, Draft[]>();
    for (const [instance, key] of this.#drafts) {
      this.world.rest();
      const value = this.world.valueOf(instance);
      put(key.arn, { keys: [key] });
      for (const id of [value.get("key_id"), value.get("id")]) {
        if (!isText(id)) continue;
        const same = withId.get(textKey(id)) ?? [];
        if (same.length === 0) {
          put(id, { keys: same });
          withId.set(textKey(id), same);
        }
        if (!same.includes(key)) same.push(key);
      }
    }
    for (const instance of this.world.managed) {
      if (instance.type !== "aws_kms_alias") continue;
      this.world.rest();
      const value = this.world.valueOf(instance);
      for (const name of ["arn", "name"]) put(value.get(name), { alias: instance });
    }
    const looked = [...this.world.instances()].filter(({ mode, type }) => mode === "data" && type === "aws_kms_alias");
    const putLooked = (isManaged: boolean): void => {
      for (const instance of looked) {
        const value = this.world.valueOf(instance);
        const name = value.get("name");
        if ((isText(name) && isAwsManaged(name)) !== isManaged) continue;
        for (const one of ["arn", "target_key_arn", "target_key_id"]) put(value.get(one), { looked: instance });
      }
    };
    putLooked(true);
    for (const instance of this.world.instances()) {
      if (instance.mode !== "data" || instance.type !== "aws_kms_key") continue;
      const value = this.world.valueOf(instance);
      for (const name of ["arn", "id", "key_id"]) put(value.get(name), { shown: instance });
    }
    // a data source that shows the key itself says more than one that looks up its alias
    putLooked(false);
  }

  #useOf(id: string | Text, from: Instance): KeyUse {
    if (isAwsManaged(id)) return awsManaged(id);
    const name = textKey(id);
    const named = this.#named.get(name);
    if (named === undefined) return this.#byKeyId(id) ?? outside(id);
    if ("keys" in named) return this.#inRegion(named.keys, id, from);
    // Terraform refuses names that stand for each other in a circle; configuration alone may hold one
    if (this.#following.has(name)) return outside(id);
    this.#following.add(name);
    try {
      if ("shown" in named) return this.#shown(named.shown, id);
      if ("alias" in named) return this.#target(named.alias, id, from);
      return this.#lookedUp(named.looked, id);
    } finally {
      this.#following.delete(name);
    }
  }
  readonly #following = new Set<string>();
  /** Whether some key of the plan is there already; looked for once, as every lookup asks. */
  #hasExisting: boolean | undefined;

  /**
   * The key that an id means: that of the caller's own region, as a multi-Region key and its replicas have one id, and each a
   * policy of its own. An ARN names its region itself.
   */
  #inRegion(keys: readonly Draft[], id: string | Text, from: Instance): KeyUse {
    const [only, ...more] = keys;
    if (only !== undefined && more.length === 0) return { kind: "in-plan", key: only };
    const { region } = this.world.homes.of(from);
    const [here, ...others] = keys.filter((key) => textKey(key.home.region) === textKey(region));
    if (here !== undefined && others.length === 0) return { kind: "in-plan", key: here };
    const isElsewhere = keys.every((key) => typeof key.home.region === "string" && key.home.region !== region);
    if (isElsewhere && typeof region === "string") return outside(id);
    return { kind: "unknown", gaps: [{ value: `${from.address}.region`, because: "outside-the-plan" }] };
  }

  /** What a data source finds under an alias: a key of its provider's account, where it is none of the plan. */
  #lookedUp(data: Instance, id: string | Text): KeyUse {
    const name = this.world.valueOf(data).get("name");
    const use = isText(name) ? this.#useOf(name, data) : undefined;
    if (use?.kind === "aws-managed") return this.#managedFor(use, data, id);
    if (use !== undefined && use.kind !== "outside") return use;
    return (
      this.#mayHaveAlias(name, id) ?? {
        kind: "outside",
        id,
        account: accountOf(id) ?? this.world.homes.of(data).account,
      }
    );
  }

  /**
   * What is found under an alias that no resource of the plan is: it may be any key that is there already. A new key can't
   * have it, and a key that is read already is known by its ARN.
   */
  #mayHaveAlias(name: Value | undefined, found: Value | undefined): KeyUse | undefined {
    if (typeof found === "string" || !isText(name) || !/(^|:)alias\//.test(show(name))) return undefined;
    this.#hasExisting ??= [...this.#drafts.keys()].some(({ planned }) => planned !== undefined && !planned.isNew);
    if (!this.#hasExisting) return undefined;
    const open = partsOf(isText(found) ? found : name).find((part) => part instanceof Sym);
    const value = open instanceof Sym ? open.id : show(name);
    return { kind: "unknown", gaps: [{ value, because: "deferred-data-source" }] };
  }

  /** An ARN whose partition, account or region is written in another way than the key's own: key ids are never given twice. */
  #byKeyId(id: string | Text): KeyUse | undefined {
    const parts = partsOf(id);
    const at = parts.findIndex((part) => typeof part === "string" && part.includes(":key/"));
    const [first, before] = [parts[0], parts[at]];
    if (typeof first !== "string" || !first.startsWith("arn:") || typeof before !== "string") return undefined;
    const keyId = text([before.slice(before.indexOf(":key/") + ":key/".length), ...parts.slice(at + 1)]);
    const named = this.#named.get(textKey(keyId));
    if (named === undefined || !("keys" in named)) return undefined;
    // a replica has the key id of its primary: then nothing but the region tells which of the two is meant
    const [key, ...more] = named.keys;
    if (key === undefined || more.length > 0 || key.type.startsWith("aws_kms_replica")) return undefined;
    const [, partition, , region, account] = first.split(":");
    const differs = (field: string | undefined, own: string | Text): boolean =>
      before === first && typeof own === "string" && field !== own;
    const { home } = key;
    return differs(partition, home.partition) || differs(region, home.region) || differs(account, home.account)
      ? undefined
      : { kind: "in-plan", key };
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
      // an alias of an alias is nothing that KMS has
      return named !== undefined && "alias" in named ? outside(target) : this.#useOf(target, alias);
    }
    const expression = attributes.expression(alias, "target_key_id");
    return this.#mentioned(
      target,
      alias,
      expression === undefined ? [] : [expression],
      `${alias.address}.target_key_id`,
    );
  }

  /** A key that AWS manages, as a data source found it: in the account of its provider, where no ARN says more. */
  #managedFor(use: KeyUse, data: Instance, arn: Value | undefined): KeyUse {
    if (use.kind !== "aws-managed" || use.account !== undefined) return use;
    const { account, partition } = this.world.homes.of(data);
    const found = isText(arn) ? placeIn(arn) : {};
    return { ...use, account, partition, ...found };
  }

  #shown(data: Instance, id: string | Text): KeyUse {
    const value = this.world.valueOf(data);
    const asked = this.world.attributes.setting(data, "key_id");
    if (isText(asked)) {
      if (isAwsManaged(asked)) return this.#managedFor(awsManaged(asked), data, value.get("arn"));
      const use = this.#named.has(textKey(asked)) ? this.#useOf(asked, data) : undefined;
      if (use !== undefined && use.kind !== "outside") return use;
    }
    const arn = value.get("arn");
    const open = this.#mayHaveAlias(asked, arn);
    if (open !== undefined) return open;
    const inPlan = isText(arn) ? this.#named.get(textKey(arn)) : undefined;
    if (inPlan !== undefined && "keys" in inPlan && isText(arn)) return this.#inRegion(inPlan.keys, arn, data);
    const named = isText(asked) ? outside(asked) : undefined;
    return {
      kind: "outside",
      id,
      // a bare id or alias is looked up in the account of the data source's provider
      account:
        (isText(arn) ? accountOf(arn) : undefined) ??
        (named?.kind === "outside"
          ? (named.account ?? this.world.homes.of(data).account)
          : text([new Sym(`${data.address}.aws_account_id`, "account-id", { because: "deferred-data-source" })])),
      ...partitionIn(isText(arn) ? arn : id),
      shown: {
        address: data.address,
        enabled: value.get("enabled") ?? null,
        origin: value.get("origin") ?? null,
        manager: value.get("key_manager") ?? null,
        usage: value.get("key_usage") ?? null,
        spec: value.get("key_spec") ?? value.get("customer_master_key_spec") ?? null,
        customKeyStore: value.get("custom_key_store_id") ?? null,
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
      isOpen ||= found.isOpen;
    }
    // a local, which plan JSON doesn't show, may be another key; a plan of one key has no other
    if (uses.length > 0 && this.#drafts.size === 1) isOpen = false;
    const inPlan = new Set(uses.flatMap((use) => (use.kind === "in-plan" ? [use.key] : [])));
    const [first] = uses;
    const [only] = inPlan;
    if (!isOpen && only !== undefined && inPlan.size === 1 && uses.every((use) => use.kind === "in-plan"))
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
      if (attribute === undefined || attribute === "arn") return { kind: "in-plan", key: draft };
      const id = attribute === "id" || attribute === "key_id" ? this.world.valueOf(instance).get(attribute) : undefined;
      return isText(id) ? this.#useOf(id, from) : undefined;
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
        isText(id) ? id : text([new Sym(`${instance.address}.arn`, "any", { because: "deferred-data-source" })]),
      );
    }
    if (instance.mode === "data" && instance.type === "aws_kms_alias") {
      const id = value.get("target_key_arn");
      return isText(id) ? this.#useOf(id, from) : undefined;
    }
    return undefined;
  }

  /** Policies that a `removed` block leaves in force: only a plan shows of which key, and what they say. */
  #forgottenPolicies(): Lists<string | Text | Unknown | null>["unlinked"] {
    const refactorings = [...modulesIn(this.world.root.config)].flatMap((module) => module.refactorings);
    return refactorings.flatMap(({ kind, from = "", destroys }) => {
      if (kind !== "removed" || destroys || !/(^|\.)aws_kms_key_policy\./.test(from)) return [];
      const content = new Unknown(`${from}.policy`, "outside-the-plan");
      const gap: Gap = { value: content.value, because: content.because };
      return [{ address: from, content, sensitive: false, gap }];
    });
  }

  #attachPolicy(instance: Instance): void {
    const companion: Companion<string | Text | Unknown | null> = {
      address: instance.address,
      content: this.world.attributes.policy(instance),
      sensitive: isSensitive(instance, "policy"),
    };
    this.#attach(instance, companion, (draft) => draft.policies, this.#openPolicies);
  }

  #attachGrant(instance: Instance): void {
    const { attributes } = this.world;
    const companion: Companion<KeyGrant> = {
      address: instance.address,
      content: { grantee: attributes.principal(instance, "grantee_principal") },
      sensitive: isSensitive(instance, "grantee_principal"),
    };
    this.#attach(instance, companion, (draft) => draft.grants, this.#openGrants);
  }

  #attach<T>(instance: Instance, companion: Companion<T>, listsOf: (draft: Draft) => Lists<T>, open: Open<T>[]): void {
    const { attributes } = this.world;
    const expression = attributes.expression(instance, "key_id");
    const path = `${instance.address}.key_id`;
    const existing = keyOfExisting(instance);
    const use = this.use(
      existing ?? attributes.setting(instance, "key_id"),
      instance,
      expression && existing === undefined ? [expression] : [],
      path,
    );
    const gap: Gap | undefined =
      instance.doubt !== undefined
        ? { ...instance.doubt, because: "unresolved-expression" }
        : use.kind === "unknown"
          ? use.gaps[0]
          : undefined;
    const draft = use.kind === "in-plan" ? this.#byKey.get(use.key) : undefined;
    if (gap !== undefined && instance.standsIn) throw new StandInFails();
    if (gap !== undefined && (use.kind === "unknown" || use.kind === "in-plan")) {
      (draft ? listsOf(draft).unlinked : open).push({ ...companion, gap });
    } else if (draft !== undefined) listsOf(draft).linked.push(companion);
    else if (use.kind === "outside")
      this.notices.push({
        message: "belongs to a KMS key that is not in this plan, which is not judged",
        address: instance.address,
      });
  }

  /** The key's own policy, where no standalone one decides, and a replica's primary. */
  #finish(instance: Instance, draft: Draft): void {
    const { attributes } = this.world;
    const isDeclared = attributes.isSet(instance, "policy") && attributes.configured(instance, "policy") !== null;
    const computed = member(instance.planned?.values, "policy");
    const { planned } = instance;
    // a key that is there has some policy already: where the plan doesn't know it, it need not be the default
    const loss = this.#losesPolicy(instance, draft);
    const isOpen =
      planned !== undefined && !planned.isNew && (member(planned.unknown, "policy") === true || loss === "unknown");
    const isInForce = (isOpen || (typeof computed === "string" && computed !== "")) && loss !== "yes";
    if (isDeclared || (isInForce && draft.policies.linked.length === 0)) {
      const own = {
        address: instance.address,
        content: isOpen && !isDeclared ? unknownPolicy(instance) : attributes.policy(instance),
        sensitive: isSensitive(instance, "policy"),
      };
      const [open] = draft.policies.unlinked;
      // what is only read back is none of the key's own declarations: a policy that may be the key's would take its place
      if (isDeclared || open === undefined) draft.policies.linked.push(own);
      else draft.policies.unlinked.push({ ...own, gap: open.gap });
    }
    if (!instance.type.startsWith("aws_kms_replica")) return;
    const expression = attributes.expression(instance, "primary_key_arn");
    const path = `${instance.address}.primary_key_arn`;
    draft.primary = this.use(
      attributes.setting(instance, "primary_key_arn"),
      instance,
      expression ? [expression] : [],
      path,
    );
    // KMS keeps a replica in the account of its primary
    const { primary, home } = draft;
    const account = primary.kind === "in-plan" ? primary.key.home.account : accountOfOutside(primary);
    if (typeof home.account !== "string" && account !== undefined) draft.home = { ...home, account };
  }

  /** What the standalone policies that the plan deletes call their keys. */
  #losing: ReadonlySet<Json | undefined> | undefined;

  /** Whether the plan deletes a standalone policy of the key: the provider then puts the default one back. */
  #losesPolicy(instance: Instance, draft: Draft): Truth {
    const id = member(instance.planned?.values, "key_id") ?? member(instance.planned?.values, "id");
    this.#losing ??= new Set(
      this.world.gone
        .filter(({ type, actions }) => type === "aws_kms_key_policy" && !actions.includes("forget"))
        // then the provider deletes nothing (hashicorp/aws, `internal/service/kms/key_policy.go`)
        .filter(({ before }) => member(before, "bypass_policy_lockout_safety_check") !== true)
        .map(({ before }) => member(before, "key_id")),
    );
    if (typeof draft.arn === "string" && this.#losing.has(draft.arn)) return "yes";
    if (!this.#losing.has(id)) return "no";
    // of which of the keys with this id nobody tells
    const named = typeof id === "string" ? this.#named.get(id) : undefined;
    return named !== undefined && "keys" in named && named.keys.length > 1 ? "unknown" : "yes";
  }
}

/**
 * The key that a policy which is there already belongs to: its id. The provider updates it under that id, also where
 * `key_id` has changed, which doesn't replace it (hashicorp/aws, `internal/service/kms/key_policy.go`).
 */
function keyOfExisting({ address, type, planned }: Instance): Value | undefined {
  if (type !== "aws_kms_key_policy" || planned === undefined || planned.isNew) return undefined;
  if (member(planned.unknown, "id") === true) return new Unknown(`${address}.id`, "computed-at-apply");
  const id = member(planned.values, "id");
  return typeof id === "string" && id !== "" ? id : undefined;
}

const unknownPolicy = ({ address }: Instance): Unknown => new Unknown(`${address}.policy`, "computed-at-apply");

/** The provider reads an unset text back as an empty one. */
const orElse = (value: Value, other: Value): Value => (isUnset(value) ? (isUnset(other) ? null : other) : value);
const isUnset = (value: Value): boolean => value === null || value === "";

/** Whether a name, known or symbolic, is that of a key which AWS manages. */
function isAwsManaged(id: string | Text): boolean {
  const parts = partsOf(id);
  const last = parts[parts.length - 1];
  return (
    typeof last === "string" &&
    (parts.length === 1 ? /^(arn:[^:]*:kms:[^:]*:[^:]*:)?alias\/aws\// : /:alias\/aws\//).test(last)
  );
}

/** A key that AWS manages: of the own account, unless an ARN names it, or text that may be anything may. */
function awsManaged(id: string | Text): KeyUse {
  const use = outside(id);
  if (use.kind !== "outside") return use;
  return { kind: "aws-managed", ...placeIn(id) };
}

const placeIn = (arn: string | Text): KeyPlace => {
  const account = accountOf(arn);
  return account === undefined ? {} : { account, ...partitionIn(arn) };
};

/**
 * A key that no resource of the plan is. Text that may be anything may name any key: only an id or alias without an
 * account, or an ARN whose account can be placed, tells that it isn't one of these.
 */
function outside(id: string | Text): KeyUse {
  const account = accountOf(id);
  if (account !== undefined) return { kind: "outside", id, account, ...partitionIn(id) };
  const [first] = partsOf(id);
  const isArn = typeof first === "string" && first.startsWith("arn:");
  const open = partsOf(id).find((part) => part instanceof Sym && (isArn || part.kind === "any"));
  const isOwn = typeof first === "string" && !"arn:".startsWith(first.slice(0, "arn:".length));
  if (open instanceof Sym && !isOwn) {
    const { id: value, because, expression } = open;
    return { kind: "unknown", gaps: [{ value, because, ...(expression === undefined ? {} : { expression }) }] };
  }
  return { kind: "outside", id };
}

const accountOfOutside = (use: KeyUse): string | Text | undefined => (use.kind === "outside" ? use.account : undefined);

/** The partition in a key's or alias's ARN, where it can be placed. */
function partitionIn(arn: string | Text): Pick<KeyPlace, "partition"> {
  const [first, symbol] = partsOf(arn);
  if (first === "arn:" && symbol instanceof Sym)
    return symbol.kind === "partition" ? { partition: text([symbol]) } : {};
  const partition = typeof first === "string" ? /^arn:([^:]+):/.exec(first)?.[1] : undefined;
  return partition === undefined ? {} : { partition };
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
