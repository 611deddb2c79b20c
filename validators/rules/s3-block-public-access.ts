/** `s3-block-public-access`: turns a bucket's public access blocks into a verdict, flag by flag. */
import { any, type Judgement } from "../kernel/index";
import type { Bucket } from "../model/graph";
import { type Block, flagOf } from "./access-block";
import { bucketRule, byCompanion, fail, pass, undecided } from "./rule";
import { gapsOf, isSet } from "./values";

const FLAGS = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"] as const;
/** S3 applies the stricter of the bucket's own block and the account's. */
function judgeBlocks(bucket: Bucket, own: Block, account: Block): Judgement {
  const blocks = [own, account].filter((block) => block !== undefined);
  const related = blocks.map((block) => block.address);
  const states = FLAGS.map((flag) => ({ flag, state: any([flagOf(own, flag), flagOf(account, flag)]) }));
  const off = states.filter(({ state }) => state === "no").map(({ flag }) => flag);
  if (off.length > 0) {
    return fail({
      message: own
        ? `public access is not fully blocked: ${off.map((flag) => `\`${flag}\``).join(", ")} not true`
        : account
          ? `no public access block on the bucket, and the account's leaves ${off.map((flag) => `\`${flag}\``).join(", ")} off`
          : "no public access block belongs to this bucket",
      remediation: own
        ? `set ${off.map((flag) => `${flag} = true`).join(", ")} in ${own.address}`
        : `add an aws_s3_bucket_public_access_block with bucket = ${bucket.address}.id and all four flags true`,
      related,
    });
  }
  const open = states.filter(({ state }) => state === "unknown");
  if (open.length === 0) return pass("all four flags are true", { related });
  return undecided(
    `${open.map(({ flag }) => `\`${flag}\``).join(", ")} can't be told before apply`,
    open.flatMap(({ flag }) =>
      blocks
        .filter((block) => isSet(block.content[flag]) === "unknown")
        .flatMap((block) => gapsOf(block.content[flag], `${block.address}.${flag}`)),
    ),
    related,
  );
}

/** All four flags: each closes a way that the others leave open. */
export const rule = bucketRule({
  id: "s3-block-public-access",
  title: "Use S3 Block Public Access",
  severity: "high",
  controls: ["NIST-800-53-r5 SA-8", "NIST-800-53-r5 AC-3"],
  why: "one wrong ACL or policy makes a bucket public; the four flags of Block Public Access make that mistake harmless",
  fix: "add an `aws_s3_bucket_public_access_block` for the bucket with all four flags true",
  snippets: {
    hcl: `resource "aws_s3_bucket_public_access_block" "NAME" {
  EACH
  bucket                  = SUBJECT.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}`,
    typescript: `new S3BucketPublicAccessBlock(this, "public-access-block", {
  bucket: bucket.id,
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
});`,
  },
  blindSpots: [
    "an account-level block that is set outside this plan is not seen",
    "organisation-wide S3 policies (RCPs, S3 organisation settings) are not seen",
  ],
  elsewhere: {
    checkov: ["CKV2_AWS_6", "CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56"],
    trivy: ["AWS-0086", "AWS-0087", "AWS-0091", "AWS-0093", "AWS-0094"],
    awsConfig: ["s3-bucket-level-public-access-prohibited"],
    securityHub: ["S3.8"],
  },
  examples: [
    {
      says: "fail",
      at: "aws_s3_bucket.logs",
      hcl: `resource "aws_s3_bucket" "logs" {
  bucket = "example-logs"
}
resource "aws_s3_bucket_public_access_block" "logs" {
  bucket              = aws_s3_bucket.logs.id
  block_public_acls   = true
  block_public_policy = true
}`,
    },
    {
      says: "pass",
      at: "aws_s3_bucket.logs",
      hcl: `resource "aws_s3_bucket" "logs" {
  bucket = "example-logs"
}
resource "aws_s3_bucket_public_access_block" "logs" {
  bucket                  = aws_s3_bucket.logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}`,
    },
    {
      says: "undecided",
      at: "aws_s3_bucket.logs",
      hcl: `variable "block" {
  type = bool
}
resource "aws_s3_bucket" "logs" {
  bucket = "example-logs"
}
resource "aws_s3_bucket_public_access_block" "logs" {
  bucket                  = aws_s3_bucket.logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = var.block
}`,
    },
  ],
  judge: (bucket) =>
    byCompanion(bucket.accessBlocks, "public access block", (own) =>
      byCompanion(bucket.accountAccessBlocks, "account public access block", (account) =>
        judgeBlocks(bucket, own, account),
      ),
    ),
});
