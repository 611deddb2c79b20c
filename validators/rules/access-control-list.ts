/** Turns a bucket's ACL, ownership and public access block into a verdict on who else gets in through the ACL. */
import { isAwsOwned } from "../iam/index";
import {
  all,
  any,
  type Gap,
  isText,
  type Judgement,
  not,
  type Truth,
  truth,
  Unknown,
  unknownsIn,
} from "../kernel/index";
import type { Acl, AclGrant, Bucket, Companion } from "../model/graph";
import { accessBlockFlag, accessBlockGaps } from "./access-block";
import { byCompanion, every, fail, pass, undecided } from "./rule";
import { gapsOf, isOneOf, isSame } from "./values";

const GROUPS = "http://acs.amazonaws.com/groups/";
/** `ignore_public_acls` voids the grants to these two groups only (S3 User Guide, Block Public Access). */
const PUBLIC_GROUPS = [`${GROUPS}global/AllUsers`, `${GROUPS}global/AuthenticatedUsers`];

/** Canned ACLs (S3 User Guide, ACL overview): whom they let in besides the owner; `isPublic` if only the two groups. */
const CANNED = new Map<string, { lets: string; isPublic: boolean } | null>([
  ["private", null],
  ["bucket-owner-read", null],
  ["bucket-owner-full-control", null],
  ["public-read", { lets: "everybody", isPublic: true }],
  ["public-read-write", { lets: "everybody", isPublic: true }],
  ["authenticated-read", { lets: "everybody with an AWS account", isPublic: true }],
  ["aws-exec-read", { lets: "Amazon EC2's own account", isPublic: false }],
  ["log-delivery-write", { lets: "the S3 log delivery group", isPublic: false }],
]);

interface Effect {
  /** Whether somebody besides the owner gets in. */
  readonly letsIn: Truth;
  readonly whom: string;
  /** Value that decides it, where it is open. */
  readonly value: Acl["canned"];
  readonly path: string;
}

function cannedEffect(acl: Acl, path: string, ignoresPublic: Truth): Effect | undefined {
  const { canned } = acl;
  if (canned === null) return undefined;
  if (typeof canned !== "string") return { letsIn: "unknown", whom: "", value: canned, path };
  const known = CANNED.get(canned);
  if (known === null) return undefined;
  const letsIn = known === undefined ? "yes" : known.isPublic ? not(ignoresPublic) : "yes";
  return {
    letsIn,
    whom: known ? `${known.lets} (\`${canned}\`)` : `nobody knows whom (\`${canned}\` is no canned ACL)`,
    value: null,
    path,
  };
}

function grantEffect(grant: AclGrant, acl: Acl, path: string, ignoresPublic: Truth): Effect {
  const effect = (letsIn: Truth, whom: string): Effect => ({ letsIn, whom, value: [grant.type, grant.grantee], path });
  if (
    isOneOf(grant.type, ["Group"]) === "yes" ||
    (isText(grant.grantee) && isOneOf(grant.grantee, PUBLIC_GROUPS) === "yes")
  ) {
    const isPublic = isOneOf(grant.grantee, PUBLIC_GROUPS);
    return effect(
      isPublic === "no" ? "yes" : isPublic === "yes" ? not(ignoresPublic) : any([isPublic, "unknown"]),
      `the group \`${String(grant.grantee)}\``,
    );
  }
  if (grant.type === "CanonicalUser" && isText(grant.grantee)) {
    if (isAwsOwned(grant.grantee)) return effect("yes", "an account of AWS's own");
    if (isText(acl.owner)) return effect(not(isSame(grant.grantee, acl.owner)), "another canonical user");
  }
  // A canonical user or an e-mail address doesn't show its account; an unknown grantee may be anyone.
  return effect("unknown", "");
}

function judgeAcl(bucket: Bucket, companion: Companion<Acl> | undefined, isEnforced: Truth): Judgement {
  if (!companion) return pass("no ACL grants anything");
  if (isEnforced === "yes") return pass("`BucketOwnerEnforced` voids every ACL", { related: [companion.address] });
  const { content: acl, address } = companion;
  const ignoresPublic = accessBlockFlag(bucket, "ignore_public_acls");
  const grants =
    acl.grants instanceof Unknown
      ? [{ letsIn: "unknown", whom: "", value: acl.grants, path: `${address}.grant` } satisfies Effect]
      : acl.grants.map((grant) => grantEffect(grant, acl, `${address}.grant`, ignoresPublic));
  const effects = [cannedEffect(acl, `${address}.acl`, ignoresPublic), ...grants].filter((one) => one !== undefined);
  return every(
    effects.map((effect) => {
      const letsIn = all([effect.letsIn, not(isEnforced)]);
      if (letsIn === "no") return pass("the ACL grants nothing to anyone but the owner", { related: [address] });
      if (letsIn === "yes")
        return fail({
          message: companion.sensitive
            ? "the ACL grants access to others than the owner"
            : `the ACL grants access to ${effect.whom}`,
          remediation: `remove ${address}, and set object_ownership = "BucketOwnerEnforced"`,
          related: [address],
        });
      return undecided(
        "whom the ACL grants access can't be told before apply",
        gapsOfEffect(effect, bucket, isEnforced),
        [address],
      );
    }),
  );
}

/** What an open effect depends on: its own values, the flag that may void it, the ownership that may void them all. */
function gapsOfEffect({ value, path }: Effect, bucket: Bucket, isEnforced: Truth): readonly Gap[] {
  const ownership = isEnforced === "unknown" ? bucket.ownership : { linked: [], unlinked: [] };
  const gaps = [
    ...(unknownsIn(value).length > 0 ? gapsOf(value, path) : []),
    ...(accessBlockFlag(bucket, "ignore_public_acls") === "unknown"
      ? accessBlockGaps(bucket, "ignore_public_acls")
      : []),
    ...ownership.linked.flatMap((one) => gapsOf(one.content, `${one.address}.rule.object_ownership`)),
    ...ownership.unlinked.map((one) => one.gap),
  ];
  // All is known but whose account it is: a canonical user id or an e-mail address doesn't say.
  return gaps.length > 0 ? gaps : [{ value: `the account of ${path}`, because: "outside-the-plan" }];
}

/** Judges every ACL of a bucket, whichever of them and of its ownership controls wins. */
export function judgeAcls(bucket: Bucket): Judgement {
  const { linked, unlinked } = bucket.ownership;
  const claims = linked.map((one) => isOneOf(one.content, ["BucketOwnerEnforced"]));
  const isEnforced: Truth = claims.length > 0 ? all(claims) : truthOfUnlinked(unlinked);
  return byCompanion(bucket.acls, "ACL", (acl) => judgeAcl(bucket, acl, isEnforced));
}

const truthOfUnlinked = (unlinked: Bucket["ownership"]["unlinked"]): Truth =>
  unlinked.some((one) => isOneOf(one.content, ["BucketOwnerEnforced"]) !== "no") ? "unknown" : truth(false);
