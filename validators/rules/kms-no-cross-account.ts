/** `kms-no-cross-account`: turns a key's policies and grants into a verdict on principals of other accounts. */
import { anyOutsiderOfKey } from "../iam/index";
import type { Finding, Judgement } from "../kernel/index";
import type { Bucket, Companion, Key, KeyGrant, KeyUse } from "../model/graph";
import { bucketsOnOtherKeys, foreignKey, gapsOfOutsideKey, isOfOwnAccount, possibleUsesOf } from "./bucket-keys";
import { decisionOn, judgementOf } from "./policy";
import { byCompanion, every, fail, pass, type Rule, type RuleContext, undecided } from "./rule";
import { accountInArn, arnField, gapsOf, isSame } from "./values";

const FIX = "name only principals of the key's own account, or bind the statement with `kms:CallerAccount`";

function judgePolicies(key: Key, context: RuleContext): Judgement {
  return byCompanion(key.policies, "key policy", (policy) => {
    // No policy set: AWS attaches its default, which lets the own account in and nobody else.
    if (!policy || policy.content === null) return pass("the default key policy lets only the own account in");
    const decision = decisionOn("outsider of key", key, policy, context, anyOutsiderOfKey);
    return judgementOf(decision, key, policy, "the key policy lets another account in", FIX);
  });
}

/**
 * A grant gives its grantee the key whatever the key policy says. Its retiring principal can only end it, which lets nobody
 * in (KMS Developer Guide, retiring and revoking grants).
 */
function judgeGrant(key: Key, grant: Companion<KeyGrant>): Judgement {
  const principal = grant.content.grantee;
  const path = `${grant.address}.grantee_principal`;
  if (typeof principal === "string" && /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(principal))
    return pass("the grantee is an AWS service");
  const account = accountInArn(principal);
  const partition = arnField(principal, 1);
  if (account === undefined || partition === undefined)
    return undecided(`the account of \`${path}\` can't be told`, gapsOf(principal, path), [grant.address]);
  const claims = [isSame(account, key.home.account), isSame(partition, key.home.partition)];
  if (claims.includes("no"))
    return fail({
      message: grant.sensitive
        ? `\`${path}\` names a principal of another account`
        : `\`${path}\` gives the key to another account`,
      remediation: "grant the key to principals of its own account only",
      related: [grant.address],
    });
  if (claims.includes("unknown")) {
    const gaps = [account, key.home.account, partition]
      .filter((one) => typeof one !== "string")
      .flatMap((one) => gapsOf(one, path));
    return undecided(`whether \`${path}\` is of the key's account can't be told`, gaps, [grant.address]);
  }
  return pass("every grantee is of the own account", { related: [grant.address] });
}

function judgeGrants(key: Key): Judgement {
  const { linked, unlinked } = key.grants;
  const open = unlinked.filter((grant) => judgeGrant(key, grant).verdict !== "pass");
  return every([
    ...linked.map((grant) => judgeGrant(key, grant)),
    ...open.map((grant) => undecided(`grant \`${grant.address}\` may be for this key`, [grant.gap], [grant.address])),
  ]);
}

const OF_NOBODY_ELSE = pass("AWS's managed key `aws/s3` can't be used by another account");
const ofAnother = (use: KeyUse & { readonly kind: "aws-managed" | "outside" }, bucket: Bucket): Finding => ({
  message: `the bucket's key is ${foreignKey(use, bucket)}`,
  remediation: "encrypt with a key of the bucket's own account",
});

/** A key that AWS manages is its account's alone: the bucket's own, unless an ARN surely says otherwise. */
const judgeManaged = (
  use: KeyUse & { readonly kind: "aws-managed" | "outside" },
  bucket: Bucket,
  own: Judgement,
): Judgement => (isOfOwnAccount(use, bucket) === "no" ? fail(ofAnother(use, bucket)) : own);

/** A bucket's key outside the plan: only its ARN can show that it is another account's. */
function judgeUse(use: KeyUse, bucket: Bucket): Judgement {
  switch (use.kind) {
    case "none":
      return OF_NOBODY_ELSE;
    case "aws-managed":
      return judgeManaged(use, bucket, OF_NOBODY_ELSE);
    case "in-plan":
      return pass(`the key is judged itself at \`${use.key.address}\``, { related: [use.key.address] });
    case "unknown":
      return undecided("which key the bucket uses can't be told before apply", use.gaps);
    case "outside": {
      if (use.shown?.manager === "AWS") {
        const { address } = use.shown;
        const own = pass("an AWS managed key can't be used by another account", { related: [address] });
        return judgeManaged(use, bucket, own);
      }
      if (isOfOwnAccount(use, bucket) === "no") return fail(ofAnother(use, bucket));
      return undecided(
        "the bucket's key is outside the plan: its policy can't be seen",
        gapsOfOutsideKey(use.id, bucket),
      );
    }
  }
}

/** A bucket is judged here too, where its key is outside the plan. */
export const rule: Rule = {
  id: "kms-no-cross-account",
  title: "The KMS key policy lets no other account in",
  severity: "high",
  controls: ["NIST-800-53-r5 SA-8", "NIST-800-53-r5 AC-3"],
  why: "whoever may use the key may read what it encrypts: a key policy that names another account hands the data's last lock away",
  fix: FIX,
  snippets: {
    hcl: `# data "aws_caller_identity" "current" {}
Condition = {
  StringEquals = {
    "kms:CallerAccount" = data.aws_caller_identity.current.account_id
  }
}`,
    typescript: `// const caller = new DataAwsCallerIdentity(this, "caller");
Condition: { StringEquals: { "kms:CallerAccount": caller.accountId } },`,
    onlyFor: "callers",
  },
  blindSpots: [
    "grants that were made outside Terraform are not seen",
    "principals of the own account may pass access on by assuming roles",
  ],
  elsewhere: {
    checkov: ["CKV_AWS_33"],
    trivy: [],
    awsConfig: ["kms-key-policy-no-public-access"],
    securityHub: ["KMS.5"],
  },
  examples: [
    {
      says: "fail",
      at: "aws_kms_key.data",
      hcl: `data "aws_caller_identity" "current" {}
resource "aws_kms_key" "data" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "kms:Decrypt"
      Resource  = "*"
    }]
  })
}`,
    },
    {
      says: "pass",
      at: "aws_kms_key.data",
      hcl: `data "aws_caller_identity" "current" {}
resource "aws_kms_key" "data" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::\${data.aws_caller_identity.current.account_id}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}`,
    },
    {
      says: "undecided",
      at: "aws_kms_key.data",
      hcl: `resource "aws_kms_key" "data" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::444455556666:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}`,
    },
  ],
  subjects: (graph) => [...graph.keys, ...bucketsOnOtherKeys(graph)],
  judge: (subject, context) =>
    subject.kind === "key"
      ? every([judgePolicies(subject, context), judgeGrants(subject)])
      : every(possibleUsesOf(subject).map((use) => judgeUse(use, subject))),
};
