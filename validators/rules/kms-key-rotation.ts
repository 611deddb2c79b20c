/** `kms-key-rotation`: turns a key's type, material and flags into a verdict on its rotation. */
import { type Judgement, type Truth, Unknown, type Value } from "../kernel/index";
import type { Bucket, Key, KeyUse, ResourceGraph } from "../model/graph";
import { bucketsOnOtherKeys, gapsOfOutsideKey, keyUsesOf, possibleUsesOf } from "./bucket-keys";
import { every, fail, pass, type Rule, type Subject, undecided } from "./rule";
import { gapsOf, isOneOf, isSet } from "./values";

const isSymmetric = (key: Key): Truth => {
  const usage = key.usage === null ? "yes" : isOneOf(key.usage, ["ENCRYPT_DECRYPT"]);
  const spec = key.spec === null ? "yes" : isOneOf(key.spec, ["SYMMETRIC_DEFAULT"]);
  if (usage === "no" || spec === "no") return "no";
  return usage === "yes" && spec === "yes" ? "yes" : "unknown";
};

const cannotRotate = (key: Key, why: string): Judgement =>
  fail({
    message:
      key.usedBy.length > 0 ? `${why}, and it encrypts ${key.usedBy.map((one) => `\`${one}\``).join(", ")}` : why,
    remediation: "use a symmetric key with material that AWS KMS makes, and enable_key_rotation = true",
    related: key.usedBy,
  });

type ShownKey = NonNullable<Extract<KeyUse, { kind: "outside" }>["shown"]>;
type OpenUse = Extract<KeyUse, { kind: "unknown" }>;
const openUsesIn = new WeakMap<ResourceGraph, readonly OpenUse[]>();

/** Keys of buckets that can't be told: each may be any key. Looked for once, as every key asks. */
function openUses(graph: ResourceGraph): readonly OpenUse[] {
  const known = openUsesIn.get(graph);
  if (known !== undefined) return known;
  const found = graph.buckets.flatMap((bucket) => keyUsesOf(bucket).filter((use) => use.kind === "unknown"));
  openUsesIn.set(graph, found);
  return found;
}

/** Whether the rule asks about a key in any case: it is or may be symmetric, or a bucket uses it. */
const isAskedFor = (key: Key): boolean => isSymmetric(key) !== "no" || key.usedBy.length > 0;

/** A demand on one attribute: met, not met, or not to be told. */
function demand(state: Truth, broken: () => Judgement, value: Value, path: string): Judgement {
  if (state === "yes") return pass("");
  if (state === "no") return broken();
  return undecided(`\`${path}\` can't be told before apply`, gapsOf(value, path));
}

/** The argument that enables a key: of replicas and imported keys it has a name of its own. */
const enabling = (key: Key): string => (key.type === "aws_kms_key" ? "is_enabled" : "enabled");

const judgeEnabled = (key: Key): Judgement =>
  demand(
    isSet(key.enabled, true),
    () =>
      fail({
        message: "the key is disabled",
        remediation: `set ${enabling(key)} = true in ${key.address}`,
        related: key.usedBy,
      }),
    key.enabled,
    `${key.address}.${enabling(key)}`,
  );

function judgeKey(key: Key): Judgement {
  if (key.type === "aws_kms_external_key" || key.type === "aws_kms_replica_external_key")
    return cannotRotate(key, "imported key material can't rotate automatically");
  if (key.primary) {
    const judged = every([judgeEnabled(key), judgePrimary(key, key.primary)]);
    return judged.verdict === "pass" ? pass("its primary key rotates automatically", { related: key.usedBy }) : judged;
  }
  const hasOwnMaterial: Truth = key.origin === null ? "yes" : isOneOf(key.origin, ["AWS_KMS"]);
  const hasNoStore: Truth =
    key.customKeyStore === null ? "yes" : key.customKeyStore instanceof Unknown ? "unknown" : "no";
  const judged = every([
    demand(
      isSymmetric(key),
      () => cannotRotate(key, "an asymmetric or HMAC key can't rotate automatically"),
      [key.usage, key.spec],
      `${key.address}.customer_master_key_spec`,
    ),
    demand(
      hasOwnMaterial,
      () => cannotRotate(key, `key material of origin \`${String(key.origin)}\` can't rotate automatically`),
      key.origin,
      `${key.address}.origin`,
    ),
    demand(
      hasNoStore,
      () => cannotRotate(key, "a key in a custom key store can't rotate automatically"),
      key.customKeyStore,
      `${key.address}.custom_key_store_id`,
    ),
    judgeEnabled(key),
    demand(
      isSet(key.rotation),
      () =>
        fail({
          message: "automatic rotation is off: `enable_key_rotation` is not true",
          remediation: `set enable_key_rotation = true in ${key.address}`,
          related: key.usedBy,
        }),
      key.rotation,
      `${key.address}.enable_key_rotation`,
    ),
  ]);
  return judged.verdict === "pass" ? pass("the key rotates automatically", { related: key.usedBy }) : judged;
}

/** An asymmetric key is no subject but for the buckets that may use it. */
function judgePerhapsUsed(key: Key, graph: ResourceGraph): Judgement | undefined {
  if (isAskedFor(key)) return undefined;
  const uses = openUses(graph);
  if (uses.length === 0) return undefined;
  return undecided(
    "an asymmetric or HMAC key can't rotate automatically, and whether a bucket uses it can't be told before apply",
    uses.flatMap(({ gaps }) => gaps),
  );
}

/** A replica has its primary's rotation. */
function judgePrimary(replica: Key, primary: KeyUse): Judgement {
  switch (primary.kind) {
    case "in-plan":
      // A replica whose primary is a replica is refused by KMS: without this two could point at each other for ever.
      if (primary.key.primary)
        return fail({
          message: `\`${primary.key.address}\` is a replica itself: KMS has no replica of a replica`,
          remediation: "set primary_key_arn to the primary key itself",
          related: [primary.key.address],
        });
      return judgeKey(primary.key);
    case "unknown":
      return undecided("which primary key it replicates can't be told", primary.gaps);
    case "outside":
    case "aws-managed":
    case "none":
      return undecided("its primary key is outside the plan: rotation is the primary's", [
        { value: `${replica.address}.primary_key_arn`, because: "outside-the-plan" },
      ]);
  }
}

/** What a data source shows of a key that AWS KMS can't rotate (KMS Developer Guide, "Rotate AWS KMS keys"). */
function whyNeverRotates({ origin, usage, spec, customKeyStore }: ShownKey): string | undefined {
  if (origin === "EXTERNAL") return "has imported material (`EXTERNAL`)";
  const isSaid = (value: Value): value is string => typeof value === "string" && value !== "";
  if ((isSaid(origin) && origin !== "AWS_KMS") || isSaid(customKeyStore)) return "is in a custom key store";
  if ((isSaid(usage) && usage !== "ENCRYPT_DECRYPT") || (isSaid(spec) && spec !== "SYMMETRIC_DEFAULT"))
    return "is an asymmetric or HMAC key";
  return undefined;
}

/** Customer keys outside the plan that a bucket uses. */
function judgeUse(use: KeyUse, bucket: Bucket): Judgement {
  switch (use.kind) {
    case "none":
    case "aws-managed":
      return pass("AWS rotates its managed key `aws/s3` every year");
    case "in-plan":
      return pass(`the key is judged itself at \`${use.key.address}\``, { related: [use.key.address] });
    case "unknown":
      return undecided("which key the bucket uses can't be told before apply", use.gaps);
    case "outside": {
      const { shown } = use;
      if (!shown)
        return undecided(
          "the bucket's key is outside the plan: whether it rotates can't be told",
          gapsOfOutsideKey(use.id, bucket),
        );
      if (isOneOf(shown.manager, ["AWS"]) === "yes")
        return pass("AWS rotates its managed keys every year", { related: [shown.address] });
      if (isSet(shown.enabled, true) === "no")
        return fail({
          message: "the bucket's key is disabled",
          related: [shown.address],
          remediation: "enable the key, or use another",
        });
      const why = whyNeverRotates(shown);
      if (why !== undefined)
        return fail({
          message: `the bucket's key ${why}, which can't rotate automatically`,
          related: [shown.address],
          remediation: "use a symmetric key with material that AWS KMS makes",
        });
      return undecided(
        "the bucket's key is outside the plan, and a data source doesn't show its rotation",
        [{ value: `${shown.address}.enable_key_rotation`, because: "outside-the-plan" }],
        [shown.address],
      );
    }
  }
}

/** A bucket is judged here too, where its key is outside the plan. */
export const rule: Rule = {
  id: "kms-key-rotation",
  title: "The bucket's KMS key rotates automatically",
  severity: "medium",
  controls: ["NIST-800-53-r5 SC-13", "NIST-800-53-r5 SC-12"],
  why: "rotation bounds how much data one key material protects, and costs nothing: old objects stay readable",
  fix: "set `enable_key_rotation = true` on the key, and leave `is_enabled` alone",
  snippets: {
    hcl: `enable_key_rotation = true`,
    typescript: `enableKeyRotation: true,`,
  },
  blindSpots: ["a key outside the plan shows neither rotation nor policy in Terraform's data source: undecided"],
  elsewhere: {
    checkov: ["CKV_AWS_7", "CKV2_AWS_67"],
    trivy: ["AWS-0065"],
    awsConfig: ["cmk-backing-key-rotation-enabled"],
    securityHub: ["KMS.4"],
  },
  examples: [
    { says: "fail", at: "aws_kms_key.data", hcl: `resource "aws_kms_key" "data" {\n  description = "example"\n}` },
    { says: "pass", at: "aws_kms_key.data", hcl: `resource "aws_kms_key" "data" {\n  enable_key_rotation = true\n}` },
    {
      says: "undecided",
      at: "aws_kms_key.data",
      hcl: `variable "rotate" {\n  type = bool\n}\nresource "aws_kms_key" "data" {\n  enable_key_rotation = var.rotate\n}`,
    },
  ],
  subjects: (graph): readonly Subject[] => [
    ...graph.keys.filter((key) => isAskedFor(key) || openUses(graph).length > 0),
    ...bucketsOnOtherKeys(graph),
  ],
  judge: (subject, { graph }) =>
    subject.kind === "key"
      ? (judgePerhapsUsed(subject, graph) ?? judgeKey(subject))
      : every(possibleUsesOf(subject).map((use) => judgeUse(use, subject))),
};
