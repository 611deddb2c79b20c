/** `s3-encrypted-puts-only`: turns a bucket policy and the declared default encryption into a verdict on every put. */
import { anyUnencryptedPut, type EncryptedPuts } from "../iam/index";
import { type Judgement, Unknown } from "../kernel/index";
import type { Bucket } from "../model/graph";
import { isKmsByDefault } from "./encryption";
import { decisionOn, judgementOf, type PolicyCompanion } from "./policy";
import { bucketRule, byCompanion, eitherOf, every, type RuleContext } from "./rule";
import { gapsOf } from "./values";

const FIX =
  "deny `s3:PutObject` on `/*` below the bucket to everyone where `s3:x-amz-server-side-encryption` is not `aws:kms` or `aws:kms:dsse` (`StringNotEquals` also catches the missing header)";

/** What must hold if the default is KMS, or if it isn't. */
function judgePuts(
  bucket: Bucket,
  policy: PolicyCompanion | undefined,
  context: RuleContext,
  isKms: boolean,
): Judgement {
  const puts: EncryptedPuts = {
    strength: isKms ? "kms" : "any",
    allowMissingHeader: isKms && context.options.allowMissingHeader,
  };
  const asked = `puts ${puts.strength} ${puts.allowMissingHeader}`;
  return judgementOf(
    decisionOn(asked, bucket, policy, context, (reading, world) => anyUnencryptedPut(reading, world, puts)),
    bucket,
    policy,
    "a put without the encryption that the bucket asks for gets through",
    FIX,
  );
}

/** Every put is asked about, also one that S3 would encrypt by default: the policy must demand it. */
export const rule = bucketRule({
  id: "s3-encrypted-puts-only",
  title: "Bucket policy: puts must carry encryption",
  severity: "medium",
  controls: ["NIST-800-53-r5 SC-13", "NIST-800-53-r5 SC-28"],
  why: "a put may name another encryption than the bucket's default; only a Deny in the bucket policy stops a weaker one",
  fix: FIX,
  snippets: {
    hcl: `{
  Sid       = "DenyPutsWithoutKms"
  Effect    = "Deny"
  Principal = "*"
  Action    = "s3:PutObject"
  Resource  = "\${SUBJECT.arn}/*"
  Condition = {
    StringNotEquals = {
      "s3:x-amz-server-side-encryption" = ["aws:kms", "aws:kms:dsse"]
    }
  }
},`,
    typescript: `{
  Sid: "DenyPutsWithoutKms",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:PutObject",
  Resource: \`\${bucket.arn}/*\`,
  Condition: {
    StringNotEquals: {
      "s3:x-amz-server-side-encryption": ["aws:kms", "aws:kms:dsse"],
    },
  },
},`,
  },
  blindSpots: [
    "objects that other services write by themselves (access logs, inventory) are puts too and are judged alike",
  ],
  elsewhere: { checkov: [], trivy: [], awsConfig: ["s3-bucket-server-side-encryption-enabled"], securityHub: [] },
  examples: [
    {
      says: "fail",
      at: "aws_s3_bucket.data",
      hcl: `resource "aws_s3_bucket" "data" {
  bucket = "example-data"
}
resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:PutObject"
      Resource  = "\${aws_s3_bucket.data.arn}/*"
      Condition = { Null = { "s3:x-amz-server-side-encryption" = "false" } }
    }]
  })
}`,
    },
    {
      says: "pass",
      at: "aws_s3_bucket.data",
      hcl: `resource "aws_s3_bucket" "data" {
  bucket = "example-data"
}
resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}
resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:PutObject"
      Resource  = "\${aws_s3_bucket.data.arn}/*"
      Condition = { StringNotEquals = { "s3:x-amz-server-side-encryption" = ["aws:kms", "aws:kms:dsse"] } }
    }]
  })
}`,
    },
    {
      says: "undecided",
      at: "aws_s3_bucket.data",
      hcl: `variable "algorithm" {
  type = string
}
resource "aws_s3_bucket" "data" {
  bucket = "example-data"
}
resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}
resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:PutObject"
      Resource  = "\${aws_s3_bucket.data.arn}/*"
      Condition = { StringNotEquals = { "s3:x-amz-server-side-encryption" = var.algorithm } }
    }]
  })
}`,
    },
  ],
  judge: (bucket, context) => {
    const defaults = new Set(isKmsByDefault(bucket));
    return byCompanion(bucket.policies, "bucket policy", (policy) => {
      const strict = () => judgePuts(bucket, policy, context, true);
      const lenient = () => judgePuts(bucket, policy, context, false);
      if (defaults.size === 1 && defaults.has("yes")) return strict();
      if (defaults.size === 1 && defaults.has("no")) return lenient();
      // Linked configurations that differ: whichever wins, it must hold. Unknown ones: both readings must agree.
      if (!defaults.has("unknown") && bucket.encryption.linked.length > 0) return every([strict(), lenient()]);
      return eitherOf(
        [strict(), lenient()],
        "which encryption is strong enough depends on the bucket's default, which can't be told before apply",
        [
          ...bucket.encryption.linked.flatMap((one) =>
            gapsOf(
              one.content instanceof Unknown ? one.content : one.content.map((rule) => rule.algorithm),
              `${one.address}.rule`,
            ),
          ),
          ...bucket.encryption.unlinked.map((one) => one.gap),
        ],
      );
    });
  },
});
