/** Turns provider configurations into accounts, partitions and regions: known, or one symbol each. */
import { hasStandIn, StandInFails } from "../kernel/stand-in";
import { isList, isMap, isText, Sym, show, type Text, text, Unknown, type Value } from "../kernel/value";
import { member } from "../plan/index";
import { blocksOf, evaluateBody, type Provider } from "../source/index";
import type { Home } from "./graph";
import type { Homes, Instance, ModuleInstance, World } from "./shape";

/** What shows the account of a provider configuration, the surest first. */
interface Evidence {
  /** Read caller identities. */
  readonly identities: Set<string>;
  /** ARNs of resources that exist already. */
  readonly arns: Set<string>;
  readonly partitions: Set<string>;
  readonly regions: Set<string>;
  /** Address of a caller identity that isn't read yet. */
  identity?: string;
  /** What a data source read of the account as S3 calls it. */
  canonicalUser?: string;
}

const ARN = /^arn:(aws[a-z-]*):[^:]*:([^:]*):(\d{12})?:/;
const ACCOUNT = /^\d{12}$/;

/** Homes of instances by their provider configurations. */
export class ProviderHomes implements Homes {
  readonly #homes = new Map<string, Home>();
  readonly #keys = new Map<ModuleInstance, Map<string, string>>();
  #evidence: Map<string, Evidence> | undefined;

  constructor(
    readonly world: World,
    /** The account that the user names for everything whose own account doesn't show. */
    readonly account: string | undefined,
  ) {}

  /** Where an instance lives. Its own ARN and its own `region` (provider 6) are surer than its provider's. */
  of(instance: Instance): Home {
    const home = this.#homeOf(this.providerKey(instance));
    const arn = ARN.exec(knownText(instance, "arn") ?? "");
    const region = knownText(instance, "region") ?? (arn?.[2] || undefined) ?? configuredRegion(this.world, instance);
    if (instance.mode === "data" || (arn === null && region === undefined))
      return region === undefined ? home : { ...home, region };
    return {
      account: arn?.[3] ?? home.account,
      partition: arn?.[1] ?? home.partition,
      region: region ?? home.region,
    };
  }

  /** The canonical user id of the account behind an instance's provider: known where a data source read it. */
  canonicalUser(instance: Instance): Text | string {
    const key = this.providerKey(instance);
    return this.#evidenceOf(key)?.canonicalUser ?? this.#canonicalSymbol(key);
  }

  #canonicalSymbol(key: string): Text | string {
    const { account } = this.#homeOf(key);
    const path = `${this.#name(key)}.canonical_user_id`;
    return text([new Sym(path, "any", { because: "deferred-data-source", account })]);
  }

  /**
   * One name for each provider configuration: `aws`, `aws.west`, `module.a:aws`. A state doesn't show configurations:
   * there it is the provider's own name.
   */
  providerKey(instance: Instance): string {
    const raw = instance.config?.provider;
    if (raw === undefined)
      return this.world.kind === "state" || instance.provider !== "" ? defaultKey(instance) : "aws";
    let keys = this.#keys.get(instance.module);
    if (keys === undefined) {
      keys = new Map();
      this.#keys.set(instance.module, keys);
    }
    let key = keys.get(raw);
    if (key === undefined) {
      key = this.#resolve(instance.module, raw);
      keys.set(raw, key);
    }
    return key;
  }

  #resolve(module: ModuleInstance, raw: string): string {
    const root = this.world.root.config;
    if (root?.providers.has(raw) && (this.world.kind === "plan" || module.parent === undefined)) return raw;
    // before Terraform 1.1 every module's resources named a configuration of the module, whether there was one or not
    let name = raw.slice(raw.lastIndexOf(":") + 1);
    for (let at: ModuleInstance | undefined = module; at?.parent !== undefined; at = at.parent) {
      if (at.config?.providers.has(name)) return `${at.path}:${name}`;
      name = at.call?.providers.get(name) ?? name;
    }
    return name;
  }

  #homeOf(key: string): Home {
    const known = this.#homes.get(key);
    if (known !== undefined) return known;
    // while the configuration is evaluated it may ask for its own home: symbols then
    const symbols: Home = {
      account: text([new Sym(`${this.#name(key)}.account_id`, "account-id", { because: "outside-the-plan" })]),
      partition: "aws",
      region: text([new Sym(`${this.#name(key)}.region`, "region", { because: "outside-the-plan" })]),
    };
    this.#homes.set(key, symbols);
    const evidence = this.#evidenceOf(key);
    const arguments_ = this.#configuration(key);
    const region = this.#region(arguments_, evidence) ?? symbols.region;
    const account = this.#account(key, arguments_, evidence);
    const identity = evidence?.identity;
    const home: Home = {
      account:
        account ??
        (identity === undefined
          ? symbols.account
          : text([new Sym(`${identity}.account_id`, "account-id", { because: "deferred-data-source" })])),
      partition: only(evidence?.partitions) ?? partitionOf(region),
      region,
    };
    this.#homes.set(key, home);
    return home;
  }

  #name(key: string): string {
    return key.includes("/") ? "provider" : `provider.${key}`;
  }

  #region(values: ReadonlyMap<string, Value>, evidence: Evidence | undefined): string | Text | undefined {
    const configured = values.get("region");
    if (isText(configured) && configured !== "") return configured;
    return only(evidence?.regions);
  }

  /**
   * The account behind a provider configuration. Read identities are surest, then what the configuration allows or
   * assumes, then what the user says, then ARNs of what exists. Contradicting evidence leaves it open.
   *
   * What the user says is meant for the infrastructure as a whole: a second configuration with a role or with allowed accounts
   * of its own, which can't be told, may well be there for another account.
   */
  #account(key: string, values: ReadonlyMap<string, Value>, evidence: Evidence | undefined): string | Text | undefined {
    const identities = evidence?.identities ?? new Set();
    if (identities.size > 0) return only(identities);
    const stated = new Set<string>();
    const allowed = values.get("allowed_account_ids");
    const ids = isList(allowed) ? allowed.map(accountIdOf) : [];
    for (const id of ids) if (typeof id === "string") stated.add(id);
    const symbolic = ids.filter((id) => typeof id !== "string");
    // several are allowed, or one more that can't be told: which of them it is only the user can say
    if (stated.size > 1 || (stated.size > 0 && symbolic.length > 0))
      return this.account !== undefined && (stated.has(this.account) || symbolic.length > 0) ? this.account : undefined;
    const role = assumedRoleAccount(values);
    if (typeof role === "string") stated.add(role);
    if (stated.size > 0) return only(stated);
    const [first] = symbolic;
    if (symbolic.length === 1 && isText(first)) return first;
    const isUntold = role instanceof Unknown || allowed instanceof Unknown;
    return (isUntold && isAliased(key) ? undefined : this.account) ?? only(evidence?.arns);
  }

  #configuration(key: string): ReadonlyMap<string, Value> {
    const at = key.lastIndexOf(":");
    const module = at < 0 ? this.world.root : this.world.module(key.slice(0, at));
    const provider: Provider | undefined =
      this.world.root.config?.providers.get(key) ?? module?.config?.providers.get(key.slice(at + 1));
    if (provider === undefined || module === undefined) return new Map();
    return evaluateBody(provider.body, module, this.#name(key));
  }

  #evidenceOf(key: string): Evidence | undefined {
    this.#evidence ??= this.#collect();
    return this.#evidence.get(key);
  }

  /** One look at every instance. */
  #collect(): Map<string, Evidence> {
    const found = new Map<string, Evidence>();
    for (const instance of this.world.instances()) {
      if (!instance.type.startsWith("aws_")) continue;
      const key = this.providerKey(instance);
      let evidence = found.get(key);
      if (evidence === undefined) {
        evidence = { identities: new Set(), arns: new Set(), partitions: new Set(), regions: new Set() };
        found.set(key, evidence);
      }
      note(instance, evidence);
    }
    return found;
  }
}

function note(instance: Instance, evidence: Evidence): void {
  if (instance.mode === "managed") {
    const known = knownText(instance, "arn") ?? "";
    // where an ARN is, a name of many would be told apart
    if (instance.standsIn && hasStandIn(known.split(":", 5).join(":"))) throw new StandInFails();
    const arn = ARN.exec(known);
    if (arn?.[1] !== undefined) evidence.partitions.add(arn[1]);
    if (arn?.[3] !== undefined && !mayBeOfOrganization(instance)) evidence.arns.add(arn[3]);
    return;
  }
  const add = (set: Set<string>, ...names: string[]): boolean => {
    for (const name of names) {
      const value = knownText(instance, name);
      if (value !== undefined) {
        if (instance.standsIn && hasStandIn(value)) throw new StandInFails();
        set.add(value);
        return true;
      }
    }
    return false;
  };
  if (instance.type === "aws_caller_identity") {
    const account = knownText(instance, "account_id");
    if (account !== undefined && ACCOUNT.test(account)) evidence.identities.add(account);
    else evidence.identity ??= instance.address;
  } else if (instance.type === "aws_canonical_user_id") {
    const user = knownText(instance, "id");
    if (user !== undefined) evidence.canonicalUser = user;
  } else if (instance.type === "aws_partition") add(evidence.partitions, "partition");
  else if (instance.type === "aws_region" && !isAsked(instance)) add(evidence.regions, "region", "name", "id");
}

/**
 * Whether a resource may belong to the organization's management account, whoever makes it: a delegated administrator makes
 * trails that stay the management account's (AWS CloudTrail User Guide, "Organization delegated administrator").
 */
const mayBeOfOrganization = ({ type, config }: Instance): boolean =>
  type.startsWith("aws_organizations_") ||
  (type === "aws_cloudtrail" && config?.body.arguments.has("is_organization_trail") !== false);

/** An account id as somebody wrote it: a number has lost its leading zeros. */
const accountIdOf = (id: Value): Value => (typeof id === "number" ? String(id).padStart(12, "0") : id);

/**
 * The account of the role that a provider works as: the last one of a chain of `assume_role`, which comes after the one that
 * a web identity gets.
 */
function assumedRoleAccount(values: ReadonlyMap<string, Value>): string | Unknown | undefined {
  for (const name of ["assume_role", "assume_role_with_web_identity"]) {
    const roles = blocksOf(values.get(name));
    if (roles instanceof Unknown) return roles;
    const role = roles[roles.length - 1];
    if (role === undefined) continue;
    if (!isMap(role)) return role;
    const arn = role.get("role_arn") ?? null;
    // without a role nothing is assumed
    if (arn === null || arn === "") return undefined;
    return ARN.exec(isText(arn) ? show(arn) : "")?.[3] ?? new Unknown(`${name}.role_arn`, "unresolved-expression");
  }
  return undefined;
}

/** Whether a provider configuration is one beside the default one. */
const isAliased = (key: string): boolean => key.slice(key.lastIndexOf(":") + 1).includes(".");

/** `data.aws_region` may ask for any region by name or endpoint; without arguments it is the provider's own. */
const isAsked = (instance: Instance): boolean =>
  ["name", "region", "endpoint"].some((name) => instance.config?.body.arguments.has(name));

const defaultKey = (instance: Instance): string => instance.provider || "aws";

const only = (values: ReadonlySet<string> | undefined): string | undefined =>
  values?.size === 1 ? [...values][0] : undefined;

/** A text that the plan knows already. */
function knownText(instance: Instance, name: string): string | undefined {
  const value = member(instance.planned?.values, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The `region` argument that each resource has since provider 6; in provider 5 nothing of that name is an argument. */
function configuredRegion(world: World, instance: Instance): string | Text | undefined {
  if (!instance.config?.body.arguments.has("region")) return undefined;
  const value = world.attributes.configured(instance, "region");
  return isText(value) ? value : undefined;
}

const PARTITIONS: readonly (readonly [RegExp, string])[] = [
  [/^cn-/, "aws-cn"],
  [/^us-gov-/, "aws-us-gov"],
  [/^us-isob-/, "aws-iso-b"],
  [/^us-isof-/, "aws-iso-f"],
  [/^us-iso-/, "aws-iso"],
  [/^eu-isoe-/, "aws-iso-e"],
  [/^eusc-/, "aws-eusc"],
];

/** The partition of a region (AWS General Reference, ARNs); `aws` where nothing says otherwise. */
const partitionOf = (region: string | Text): string =>
  PARTITIONS.find(([pattern]) => typeof region === "string" && pattern.test(region))?.[1] ?? "aws";
