/** Turns bucket resources and their companions into buckets, each with all that belongs to it. */
import type { Gap } from "../kernel/result";
import { StandInFails } from "../kernel/stand-in";
import { isText, Sym, show, type Text, text, Unknown, type Value } from "../kernel/value";
import { type Change, type Json, member } from "../plan/index";
import { blocksOf } from "../source/index";
import { inlineAcl, isDefaultAcl, standaloneAcl } from "./acl";
import { plannedValue } from "./attributes";
import { inlineEncryption, isBeyondDefault, standaloneEncryption } from "./encryption";
import type { AccessBlock, Acl, Attached, Bucket, Companion, Encryption, ResourceGraph } from "./graph";
import { refuseOneForAll } from "./hidden";
import type { Keys } from "./keys";
import { MOST_OPEN, type Open, shortened, sorted } from "./open";
import { Ownership, textKey } from "./ownership";
import { isSensitive } from "./secrets";
import type { Instance, ModuleInstance, World } from "./shape";
import { sourceOf } from "./source-location";
import { BUCKET_COMPANIONS } from "./wanted";

type Notice = ResourceGraph["notices"][number];

/** Companions of one kind, sorted to their buckets. */
class Kind<T> {
  readonly #linked = new Map<Instance, Companion<T>[]>();
  /** By the list of candidates, since all companions of a module share one. */
  readonly #open = new Map<readonly Instance[], Open<T>[]>();
  readonly #crowded = new Set<Instance>();
  #openByBucket: Map<Instance, readonly Open<T>[]> | undefined;

  constructor(
    /** How notices call the kind. */
    readonly name: string,
    /** What a companion of the kind says when nothing of it is known. */
    readonly anything: (unknown: Unknown) => T,
  ) {}

  link(bucket: Instance, companion: Companion<T>): void {
    push(this.#linked, bucket, companion);
  }

  leaveOpen(candidates: readonly Instance[], companion: Companion<T>, gap: Gap): void {
    push(this.#open, candidates, { ...companion, gap });
  }

  /** A companion of more buckets than can be told apart: it leaves each of them open, whatever else they have. */
  crowd(owners: readonly Instance[], companion: Companion<T>, gap: Gap): void {
    if (!this.#open.has(owners)) for (const bucket of owners) this.#crowded.add(bucket);
    this.leaveOpen(owners, companion, gap);
  }

  of(bucket: Instance): Attached<T> {
    const linked = this.#crowded.has(bucket) ? [] : sorted(this.#linked.get(bucket) ?? []);
    // a companion that can't be linked matters only to a bucket that has none
    return { linked, unlinked: linked.length > 0 ? [] : (this.#opened().get(bucket) ?? []) };
  }

  #opened(): ReadonlyMap<Instance, readonly Open<T>[]> {
    if (this.#openByBucket !== undefined) return this.#openByBucket;
    const byBucket = new Map<Instance, readonly Open<T>[]>();
    for (const [candidates, companions] of this.#open) {
      const shown = shortened(companions, this.anything);
      for (const bucket of candidates) {
        const before = byBucket.get(bucket);
        byBucket.set(bucket, before === undefined ? shown : shortened([...before, ...shown], this.anything));
      }
    }
    this.#openByBucket = byBucket;
    return byBucket;
  }

  noticesOf(bucket: Instance): Notice[] {
    const linked = sorted(this.#linked.get(bucket) ?? []);
    if (linked.length < 2) return [];
    const named = linked.slice(0, MOST_OPEN).map((one) => `\`${one.address}\``);
    const addresses = [...named, ...(linked.length > MOST_OPEN ? ["…"] : [])].join(", ");
    return [{ message: `${linked.length} ${this.name} overwrite each other: ${addresses}`, address: bucket.address }];
  }
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Builds all buckets of a world. */
export class Buckets {
  readonly all: readonly Bucket[];
  readonly notices: readonly Notice[];
  readonly #accessBlocks = new Kind<AccessBlock>("public access blocks", unknownFlags);
  readonly #accountBlocks = new Kind<AccessBlock>("public access blocks of the account", unknownFlags);
  readonly #encryption = new Kind<Encryption>("encryption configurations", (unknown) => unknown);
  readonly #policies = new Kind<string | Text | Unknown | null>("bucket policies", (unknown) => unknown);
  readonly #acls = new Kind<Acl>("ACLs", (unknown) => ({ canned: unknown, grants: unknown, owner: null }));
  readonly #ownership = new Kind<Value>("ownership controls", (unknown) => unknown);
  readonly #instances: readonly Instance[];
  readonly #owners: Ownership;
  readonly #notices: Notice[] = [];

  constructor(
    readonly world: World,
    readonly keys: Keys,
  ) {
    // directory buckets (S3 Express) have no ACLs, no public access and settings of their own: they are no subjects
    this.#instances = world.managed.filter((instance) => instance.type === "aws_s3_bucket");
    this.#owners = new Ownership(world, this.#instances);
    for (const bucket of this.#instances) this.#inline(bucket);
    for (const instance of world.managed) {
      world.rest();
      if (BUCKET_COMPANIONS.has(instance.type)) this.#companion(instance);
      else if (instance.type === "aws_s3_account_public_access_block") this.#accountBlock(instance);
    }
    for (const module of world.unread) this.#unread(module);
    this.all = this.#instances.map((bucket) => {
      world.rest();
      return this.#bucket(bucket);
    });
    this.notices = this.#notices;
  }

  #bucket(instance: Instance): Bucket {
    const value = this.world.valueOf(instance);
    const [name, arn] = [value.get("bucket"), value.get("arn")];
    refuseOneForAll(instance, arn);
    const encryption = this.#encryption.of(instance);
    const policies = this.#policies.of(instance);
    const undeclaredPolicy = this.#undeclaredPolicy(instance, policies);
    const source = sourceOf(instance);
    for (const { content } of encryption.linked)
      if (!(content instanceof Unknown)) for (const rule of content) this.keys.noteUse(rule.key, instance.address);
    for (const kind of [this.#accessBlocks, this.#encryption, this.#policies, this.#acls, this.#ownership])
      this.#notices.push(...kind.noticesOf(instance));
    return {
      kind: "bucket",
      address: instance.address,
      name: isText(name) ? name : text([new Sym(`${instance.address}.bucket`, "bucket-name")]),
      arn: isText(arn) ? arn : text([new Sym(`${instance.address}.arn`, "any")]),
      home: this.world.homes.of(instance),
      accessBlocks: this.#accessBlocks.of(instance),
      accountAccessBlocks: this.#accountBlocks.of(instance),
      encryption,
      encryptionOnlyComputed:
        encryption.linked.length + encryption.unlinked.length === 0 && this.#isOnlyComputed(instance),
      policies,
      ...(undeclaredPolicy === undefined ? {} : { undeclaredPolicy }),
      acls: this.#aclsOf(instance),
      ownership: this.#ownership.of(instance),
      ...(source === undefined ? {} : { source }),
    };
  }

  /** Arguments inside `aws_s3_bucket` count where the configuration sets them: what AWS computes is a copy, often an old one. */
  #inline(bucket: Instance): void {
    const { attributes } = this.world;
    const head = (name: string) => ({ address: bucket.address, sensitive: isSensitive(bucket, name) });
    if (attributes.isSet(bucket, "policy")) {
      const content = attributes.policy(bucket);
      if (content !== null) this.#policies.link(bucket, { ...head("policy"), content });
    }
    if (attributes.isSet(bucket, "server_side_encryption_configuration")) {
      const content = inlineEncryption(this.world, this.keys, bucket);
      if (content instanceof Unknown || content.length > 0)
        this.#encryption.link(bucket, { ...head("server_side_encryption_configuration"), content });
    }
    if (attributes.isSet(bucket, "acl") || attributes.isSet(bucket, "grant")) {
      const content = inlineAcl(this.world, bucket);
      if (content.canned !== null || content.grants instanceof Unknown || content.grants.length > 0)
        this.#acls.link(bucket, {
          ...head("acl"),
          sensitive: isSensitive(bucket, "acl") || isSensitive(bucket, "grant"),
          content,
        });
    }
    if (this.world.kind === "state") this.#readBack(bucket);
  }

  /**
   * A state doesn't tell what somebody set inside a bucket from what the provider read back, which may be another's or gone:
   * it leaves open a bucket that has no companion to tell better. A canned ACL is never read back.
   */
  #readBack(bucket: Instance): void {
    const { attributes } = this.world;
    const leaveOpen = <T>(kind: Kind<T>, name: string, content: T) =>
      kind.leaveOpen([bucket], { ...readBack(bucket, name, "state"), content }, gapOf(bucket, name));
    const policy = attributes.policy(bucket);
    if (policy !== null) leaveOpen(this.#policies, "policy", policy);
    const canned = inlineAcl(this.world, bucket, (name) => name === "acl");
    if (canned.canned !== null) {
      this.#acls.link(bucket, { address: bucket.address, content: canned, sensitive: isSensitive(bucket, "acl") });
      return;
    }
    const granted = inlineAcl(this.world, bucket, (name) => name === "grant");
    if (!isDefaultAcl(granted)) leaveOpen(this.#acls, "grant", granted);
  }

  /**
   * A policy that stays in force on a bucket that is there already: nothing in the plan declares one, and nothing deletes it.
   * The code may have lost it (an argument that nobody sets any more is left as it is), or another one may manage it.
   */
  #undeclaredPolicy(bucket: Instance, { linked, unlinked }: Bucket["policies"]): Bucket["undeclaredPolicy"] {
    if (!this.#isExisting(bucket) || linked.length + unlinked.length > 0) return undefined;
    const content = plannedText(bucket, "policy");
    const gone = this.#goneFrom(bucket, "aws_s3_bucket_policy");
    const isDeleted = gone !== undefined && !gone.actions.includes("forget");
    if (content === undefined || isDeleted) return undefined;
    return { ...readBack(bucket, "policy", "plan"), content, gap: gapOf(bucket, "policy") };
  }

  /**
   * The ACLs of a bucket; one that is there already may have grants that no resource declares: deleting an
   * `aws_s3_bucket_acl` takes it out of the state and leaves the bucket as it is (hashicorp/aws, `aws_s3_bucket_acl`).
   */
  #aclsOf(bucket: Instance): Bucket["acls"] {
    const acls = this.#acls.of(bucket);
    if (!this.#isExisting(bucket) || acls.linked.length + acls.unlinked.length > 0) return acls;
    const content = inlineAcl(this.world, bucket, (name) => name === "grant");
    if (isDefaultAcl(content)) return acls;
    return { linked: [], unlinked: [{ ...readBack(bucket, "grant", "plan"), content, gap: gapOf(bucket, "grant") }] };
  }

  /** Whether a plan shows what a bucket was before it. */
  #isExisting({ planned }: Instance): boolean {
    return this.world.kind === "plan" && planned !== undefined && !planned.isNew;
  }

  /** A module whose code was not read may hold a companion of every kind for each bucket that its arguments mention. */
  #unread(module: ModuleInstance): void {
    const candidates = this.#owners.reachable(module);
    const gap: Gap = { value: module.path, because: "unread-module" };
    const leaveOpen = <T>(kind: Kind<T>) =>
      kind.leaveOpen(
        candidates,
        { address: module.path, content: kind.anything(new Unknown(module.path, "unread-module")), sensitive: false },
        gap,
      );
    leaveOpen(this.#accessBlocks);
    leaveOpen(this.#encryption);
    leaveOpen(this.#policies);
    leaveOpen(this.#acls);
    leaveOpen(this.#ownership);
  }

  #companion(instance: Instance): void {
    const { attributes } = this.world;
    switch (instance.type) {
      case "aws_s3_bucket_public_access_block":
        this.#attach(instance, this.#accessBlocks, this.#flags(instance), FLAGS);
        return;
      case "aws_s3_bucket_server_side_encryption_configuration":
        this.#attach(instance, this.#encryption, standaloneEncryption(this.world, this.keys, instance), ["rule"]);
        return;
      case "aws_s3_bucket_policy":
        this.#attach(instance, this.#policies, attributes.policy(instance), ["policy"]);
        return;
      case "aws_s3_bucket_acl":
        this.#attach(instance, this.#acls, standaloneAcl(this.world, instance), ["acl", "access_control_policy"]);
        return;
      case "aws_s3_bucket_ownership_controls":
        this.#attach(instance, this.#ownership, this.#objectOwnership(instance), ["rule"]);
        return;
      default:
        return;
    }
  }

  #attach<T>(instance: Instance, kind: Kind<T>, content: T, attributes: readonly string[]): void {
    const companion: Companion<T> = {
      address: instance.address,
      content,
      sensitive: attributes.some((name) => isSensitive(instance, name)),
    };
    const owner = this.#owners.bucketOf(instance);
    switch (owner.kind) {
      case "found":
        // No two buckets have one name: a plan that gives it to many is never applied, and each with each is too much.
        if (owner.owners.length > MOST_OPEN)
          kind.crowd(owner.owners, companion, { value: `${instance.address}.bucket`, because: "too-complex" });
        else for (const bucket of owner.owners) kind.link(bucket, companion);
        return;
      case "elsewhere":
        this.#noticeElsewhere(instance);
        return;
      case "open":
        if (instance.standsIn) throw new StandInFails();
        kind.leaveOpen(owner.candidates, companion, owner.gap);
        return;
    }
  }

  #noticeElsewhere(instance: Instance): void {
    const name = this.world.attributes.setting(instance, "bucket");
    const shown = isText(name) && !isSensitive(instance, "bucket") ? ` (\`${show(name)}\`)` : "";
    this.#notices.push({
      message: `belongs to a bucket that is not in this plan${shown}, which is not judged`,
      address: instance.address,
    });
  }

  #flags(instance: Instance): AccessBlock {
    const flag = (name: string): Value => this.world.attributes.setting(instance, name);
    return {
      block_public_acls: flag("block_public_acls"),
      block_public_policy: flag("block_public_policy"),
      ignore_public_acls: flag("ignore_public_acls"),
      restrict_public_buckets: flag("restrict_public_buckets"),
    };
  }

  #objectOwnership(instance: Instance): Value {
    const rules = blocksOf(this.world.attributes.setting(instance, "rule"));
    if (rules instanceof Unknown) return rules;
    const [rule] = rules;
    return rule === undefined || rule instanceof Unknown ? (rule ?? null) : (rule.get("object_ownership") ?? null);
  }

  /** The block of an account stands over all its buckets. */
  #accountBlock(instance: Instance): void {
    const { homes, attributes } = this.world;
    const named = attributes.setting(instance, "account_id");
    const own = homes.of(instance).account;
    const account = isText(named) ? named : named === null ? own : undefined;
    const companion = {
      address: instance.address,
      content: this.#flags(instance),
      sensitive: FLAGS.some((name) => isSensitive(instance, name)),
    };
    const gap: Gap =
      instance.doubt === undefined
        ? { value: `${instance.address}.account_id`, because: "outside-the-plan" }
        : { ...instance.doubt, because: "unresolved-expression" };
    const mayBe: Instance[] = [];
    for (const bucket of this.#instances) {
      const home = homes.of(bucket).account;
      if (account !== undefined && textKey(home) === textKey(account) && instance.doubt === undefined)
        this.#accountBlocks.link(bucket, companion);
      else if (!(typeof home === "string" && typeof account === "string" && home !== account)) mayBe.push(bucket);
    }
    if (mayBe.length > 0) this.#accountBlocks.leaveOpen(mayBe, companion, gap);
  }

  /**
   * Whether the only sign of default encryption is what the provider read back. A state has no configuration to tell
   * whether somebody declared it. In a plan of native configuration a dynamic block may have: then it is more than S3's
   * silent default, and no resource that declared it is being deleted.
   */
  #isOnlyComputed(bucket: Instance): boolean {
    const computed = member(bucket.planned?.values, "server_side_encryption_configuration");
    if (!Array.isArray(computed) || computed.length === 0) return false;
    if (this.world.kind === "state") return true;
    if (bucket.config?.body.complete === true || bucket.planned?.isNew === true) return false;
    const isGone = this.#goneFrom(bucket, "aws_s3_bucket_server_side_encryption_configuration") !== undefined;
    return isBeyondDefault(plannedValue(bucket, computed)) && !isGone;
  }

  /** Companions that the plan deletes or forgets, by their types and the names of their buckets. */
  readonly #gone = new Map<string, ReadonlyMap<Json | undefined, Change>>();

  #goneFrom(bucket: Instance, type: string): Change | undefined {
    let gone = this.#gone.get(type);
    if (gone === undefined) {
      const ofType = this.world.gone.filter((one) => one.type === type);
      gone = new Map(ofType.map((one) => [member(one.before, "bucket"), one]));
      this.#gone.set(type, gone);
    }
    return gone.get(member(bucket.planned?.values, "bucket"));
  }
}

/** A companion that was only read back with its bucket, but for what it says. */
const readBack = (bucket: Instance, name: string, readBackIn: "state" | "plan") => ({
  address: bucket.address,
  sensitive: isSensitive(bucket, name),
  readBackIn,
});

const gapOf = ({ address }: Instance, name: string): Gap => ({
  value: `${address}.${name}`,
  because: "outside-the-plan",
});

/** An attribute that the plan shows as text and that isn't empty. */
function plannedText({ planned }: Instance, name: string): string | undefined {
  const value = member(planned?.values, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

const FLAGS = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];

const unknownFlags = (unknown: Unknown): AccessBlock => ({
  block_public_acls: unknown,
  block_public_policy: unknown,
  ignore_public_acls: unknown,
  restrict_public_buckets: unknown,
});
