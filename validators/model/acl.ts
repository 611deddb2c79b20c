/** Turns ACL arguments into what they grant. */
import { isList, Unknown, type Value } from "../kernel/value";
import { blocksOf } from "../source/index";
import type { Acl, AclGrant } from "./graph";
import type { Instance, World } from "./shape";

/** What an `aws_s3_bucket_acl` grants. A canned ACL's grants are computed: they are not set beside it. */
export function standaloneAcl(world: World, instance: Instance): Acl {
  const { attributes } = world;
  const canned = orNull(attributes.setting(instance, "acl"));
  const isCustom = world.isDeclared(instance, "access_control_policy", canned === null);
  if (!isCustom) return { canned, grants: [], owner: null };
  const policies = blocksOf(attributes.setting(instance, "access_control_policy"));
  if (policies instanceof Unknown) return { canned, grants: policies, owner: null };
  const grants: AclGrant[] = [];
  let owner: Value = policies.length === 0 ? null : world.homes.canonicalUser(instance);
  for (const policy of policies) {
    if (policy instanceof Unknown) return { canned, grants: policy, owner };
    const owners = blocksOf(policy.get("owner"));
    if (isList(owners)) for (const one of owners) owner = one instanceof Unknown ? one : (one.get("id") ?? owner);
    const granted = blocksOf(policy.get("grant"));
    if (granted instanceof Unknown) return { canned, grants: granted, owner };
    for (const grant of granted) {
      if (grant instanceof Unknown) return { canned, grants: grant, owner };
      const grantees = blocksOf(grant.get("grantee"));
      if (grantees instanceof Unknown) return { canned, grants: grantees, owner };
      for (const grantee of grantees) grants.push(grantOf(grantee, grant.get("permission") ?? null));
    }
  }
  return { canned, grants, owner };
}

/** What the `acl` and `grant` arguments inside `aws_s3_bucket` grant, as far as they count. */
export function inlineAcl(
  world: World,
  bucket: Instance,
  counts = (name: "acl" | "grant") => world.attributes.isSet(bucket, name),
): Acl {
  const { attributes } = world;
  const canned = counts("acl") ? orNull(attributes.setting(bucket, "acl")) : null;
  if (!counts("grant")) return { canned, grants: [], owner: null };
  const granted = blocksOf(attributes.setting(bucket, "grant"));
  if (granted instanceof Unknown) return { canned, grants: granted, owner: null };
  const grants: AclGrant[] = [];
  for (const grant of granted) {
    if (grant instanceof Unknown) return { canned, grants: grant, owner: null };
    const permissions = grant.get("permissions") ?? null;
    for (const permission of isList(permissions) ? permissions : [permissions]) grants.push(grantOf(grant, permission));
  }
  // what an ACL inside a bucket doesn't name is the account that makes it
  return { canned, grants, owner: world.homes.canonicalUser(bucket) };
}

/** The ACL that S3 gives a bucket for which nobody asks for one: its owner has full control, and nobody else anything. */
export const isDefaultAcl = ({ canned, grants, owner }: Acl): boolean =>
  canned === null &&
  !(grants instanceof Unknown) &&
  grants.length < 2 &&
  grants.every(
    ({ type, grantee, permission }) =>
      type === "CanonicalUser" &&
      permission === "FULL_CONTROL" &&
      !(typeof owner === "string" && typeof grantee === "string" && owner !== grantee),
  );

/** The provider reads an unset text back as an empty one. */
const orNull = (value: Value): Value => (value === "" ? null : value);

function grantOf(grantee: ReadonlyMap<string, Value> | Unknown, permission: Value): AclGrant {
  if (grantee instanceof Unknown) return { type: grantee, grantee, permission };
  const named = ["uri", "email_address", "id"].map((name) => grantee.get(name) ?? null);
  return {
    type: grantee.get("type") ?? null,
    grantee: named.find((value) => value !== null && value !== "") ?? null,
    permission,
  };
}
