/** Turns a fresh plan's JSON into what changed behind Terraform's back: drift that matters, and changes not applied. */
import { InputError } from "../kernel/index";

/** One resource that isn't as it was left. */
export interface Drift {
  readonly address: string;
  /** `drift`: somebody changed it. `change`: the code says something else than what there is. */
  readonly kind: "drift" | "change";
  /** The attributes, sorted; `deleted` where it is gone. Never their values: those may be secrets. */
  readonly attributes: readonly string[];
}

type Members = Readonly<Record<string, unknown>>;

/** Bucket attributes that only mirror a companion resource. The companion is looked at itself. */
const BUCKET_MIRRORS = new Map([
  ["acl", "aws_s3_bucket_acl"],
  ["grant", "aws_s3_bucket_acl"],
  ["acceleration_status", "aws_s3_bucket_accelerate_configuration"],
  ["cors_rule", "aws_s3_bucket_cors_configuration"],
  ["lifecycle_rule", "aws_s3_bucket_lifecycle_configuration"],
  ["logging", "aws_s3_bucket_logging"],
  ["object_lock_configuration", "aws_s3_bucket_object_lock_configuration"],
  ["object_lock_enabled", "aws_s3_bucket_object_lock_configuration"],
  ["policy", "aws_s3_bucket_policy"],
  ["replication_configuration", "aws_s3_bucket_replication_configuration"],
  ["request_payer", "aws_s3_bucket_request_payment_configuration"],
  ["server_side_encryption_configuration", "aws_s3_bucket_server_side_encryption_configuration"],
  ["versioning", "aws_s3_bucket_versioning"],
  ["website", "aws_s3_bucket_website_configuration"],
  ["website_domain", "aws_s3_bucket_website_configuration"],
  ["website_endpoint", "aws_s3_bucket_website_configuration"],
]);

/**
 * Drift in a plan's JSON (`terraform show -json` of a plan that was made right now), sorted by address. Left out:
 * normalisations (nothing against empty, JSON in another order) and attributes that mirror a resource of the same plan.
 * A policy attached to a role by hand changes nothing in the plan and is found here only.
 * @throws InputError when it is no plan.
 */
export function driftOf(plan: unknown): readonly Drift[] {
  const root = object(plan);
  if (root === undefined || typeof root.format_version !== "string")
    throw new InputError("expected a plan's JSON, found another shape");
  const companions = new Map<string, Members[]>();
  for (const change of list(root.resource_changes)) {
    const values = object(object(change.change)?.after);
    const type = String(change.type);
    if (values !== undefined) companions.set(type, [...(companions.get(type) ?? []), values]);
  }
  const found = new Map<string, Drift>();
  for (const resource of list(root.resource_changes)) {
    const actions = object(resource.change)?.actions;
    const isIdle = !Array.isArray(actions) || actions.every((action) => action === "no-op" || action === "read");
    if (!isIdle) note(found, resource, "change", changedAttributes(resource));
  }
  for (const resource of list(root.resource_drift)) {
    const after = object(object(resource.change)?.after) ?? {};
    const attributes = changedAttributes(resource).filter(
      (attribute) => !isExplained(String(resource.type), attribute, after, companions),
    );
    if (attributes.length > 0) note(found, resource, "drift", attributes);
  }
  return [...found.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
}

function note(found: Map<string, Drift>, resource: Members, kind: Drift["kind"], attributes: readonly string[]): void {
  const address = String(resource.address);
  if (!found.has(address)) found.set(address, { address, kind, attributes });
}

function changedAttributes(resource: Members): readonly string[] {
  const change = object(resource.change) ?? {};
  const before = object(change.before);
  const after = object(change.after);
  if (after === undefined) return ["deleted"];
  const unknown = object(change.after_unknown) ?? {};
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after), ...Object.keys(unknown)]);
  return [...names]
    .filter((name) => unknown[name] !== undefined || canonical(before?.[name]) !== canonical(after[name]))
    .sort();
}

function isExplained(
  type: string,
  attribute: string,
  after: Members,
  companions: ReadonlyMap<string, readonly Members[]>,
): boolean {
  const among = (companion: string): readonly Members[] => companions.get(companion) ?? [];
  if (type === "aws_s3_bucket") {
    const mirrored = BUCKET_MIRRORS.get(attribute);
    return mirrored !== undefined && among(mirrored).some((companion) => companion.bucket === after.bucket);
  }
  if (type === "aws_iam_role" && attribute === "managed_policy_arns") {
    const attached = among("aws_iam_role_policy_attachment").filter((one) => one.role === after.name);
    return isWithin(after.managed_policy_arns, new Set(attached.map((one) => one.policy_arn)), (arn) => arn);
  }
  if (type === "aws_iam_role" && attribute === "inline_policy") {
    const inline = among("aws_iam_role_policy").filter((one) => one.role === after.name || one.role === after.id);
    return isWithin(after.inline_policy, new Set(inline.map((one) => one.name)), (one) => object(one)?.name);
  }
  return false;
}

const isWithin = (given: unknown, known: ReadonlySet<unknown>, key: (item: unknown) => unknown): boolean =>
  Array.isArray(given) && given.every((item) => known.has(key(item)));

/** Text that is equal for values that AWS and the provider take for the same. */
function canonical(value: unknown): string {
  if (value === undefined || value === null || value === "") return "";
  if (typeof value === "string") {
    if (!/^\s*[[{]/.test(value)) return value;
    try {
      return canonical(JSON.parse(value));
    } catch {
      return value;
    }
  }
  if (typeof value !== "object") return JSON.stringify(value);
  const parts = (Array.isArray(value) ? value.map((item) => canonical(item)) : [])
    .concat(Array.isArray(value) ? [] : Object.entries(value).flatMap(([key, item]) => keyed(key, canonical(item))))
    .filter((part) => part !== "")
    .sort();
  return parts.length === 0 ? "" : `[${parts.map((part) => JSON.stringify(part)).join()}]`;
}

const keyed = (key: string, value: string): readonly string[] => (value === "" ? [] : [`${key}=${value}`]);

const object = (value: unknown): Members | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (Object.assign(Object.create(null), value) as Members)
    : undefined;

const list = (value: unknown): readonly Members[] =>
  (Array.isArray(value) ? value : []).map(object).filter((item): item is Members => item !== undefined);
