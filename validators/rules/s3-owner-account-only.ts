/** `s3-owner-account-only`: turns policy, ACLs and public access block into a verdict on everybody outside the account. */
import { anyOutsider } from "../iam/index";
import type { Bucket } from "../model/graph";
import { accessBlockFlag, accessBlockGaps } from "./access-block";
import { judgeAcls } from "./access-control-list";
import { decisionOn, judgementOf } from "./policy";
import { bucketRule, byCompanion, every, pass } from "./rule";

const FIX = "name only principals of the bucket's own account; bind AWS services with `aws:SourceAccount`";

/** The policies that may let somebody in: where none is declared, the one that is there already. */
const inForce = ({ policies, undeclaredPolicy }: Bucket): Bucket["policies"] =>
  undeclaredPolicy === undefined ? policies : { ...policies, unlinked: [...policies.unlinked, undeclaredPolicy] };

/** The sentence of the policy that the seven rules of the workshop leave open. */
export const rule = bucketRule({
  id: "s3-owner-account-only",
  title: "Bucket policy and ACL let no other account and no anonymous caller in",
  severity: "critical",
  controls: ["NIST-800-53-r5 SA-8", "NIST-800-53-r5 AC-6"],
  why: "the data belongs to the account that writes it; whoever else needs it should come through that account",
  fix: FIX,
  snippets: {
    hcl: `# data "aws_caller_identity" "current" {}
Condition = {
  StringEquals = {
    "aws:PrincipalAccount" = data.aws_caller_identity.current.account_id
  }
}`,
    typescript: `// const caller = new DataAwsCallerIdentity(this, "caller");
Condition: { StringEquals: { "aws:PrincipalAccount": caller.accountId } },`,
    onlyFor: "callers",
  },
  blindSpots: [
    "roles of the own account that other accounts may assume are not seen",
    "access points, Object Lambda access points and access grants have policies of their own",
  ],
  elsewhere: {
    checkov: ["CKV_AWS_70", "CKV_AWS_20", "CKV_AWS_57", "CKV2_AWS_43"],
    trivy: ["AWS-0092"],
    awsConfig: [
      "s3-bucket-policy-not-more-permissive",
      "s3-bucket-public-read-prohibited",
      "s3-bucket-public-write-prohibited",
    ],
    securityHub: ["S3.2", "S3.3", "S3.6", "S3.12"],
  },
  examples: [
    {
      says: "fail",
      at: "aws_s3_bucket.share",
      hcl: `resource "aws_s3_bucket" "share" {
  bucket = "example-share"
}
resource "aws_s3_bucket_policy" "share" {
  bucket = aws_s3_bucket.share.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "\${aws_s3_bucket.share.arn}/*"
      Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } }
    }]
  })
}`,
    },
    {
      says: "pass",
      at: "aws_s3_bucket.share",
      hcl: `data "aws_caller_identity" "current" {}
resource "aws_s3_bucket" "share" {
  bucket = "example-share"
}
resource "aws_s3_bucket_policy" "share" {
  bucket = aws_s3_bucket.share.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::\${data.aws_caller_identity.current.account_id}:root" }
      Action    = "s3:GetObject"
      Resource  = "\${aws_s3_bucket.share.arn}/*"
    }]
  })
}`,
    },
    {
      says: "undecided",
      at: "aws_s3_bucket.share",
      hcl: `resource "aws_s3_bucket" "share" {
  bucket = "example-share"
}
resource "aws_s3_bucket_policy" "share" {
  bucket = aws_s3_bucket.share.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::444455556666:root" }
      Action    = "s3:GetObject"
      Resource  = "\${aws_s3_bucket.share.arn}/*"
    }]
  })
}`,
    },
  ],
  judge: (bucket, context) =>
    every([
      byCompanion(inForce(bucket), "bucket policy", (policy) => {
        if (!policy || policy.content === null) return pass("no bucket policy lets anyone else in");
        const restrictPublicBuckets = accessBlockFlag(bucket, "restrict_public_buckets");
        const decision = decisionOn(`outsider ${restrictPublicBuckets}`, bucket, policy, context, (reading, world) =>
          anyOutsider(reading, world, { restrictPublicBuckets }),
        );
        const judgement = judgementOf(decision, bucket, policy, "the bucket policy lets others in", FIX);
        if (judgement.verdict !== "undecided" || restrictPublicBuckets !== "unknown") return judgement;
        return { ...judgement, gaps: [...judgement.gaps, ...accessBlockGaps(bucket, "restrict_public_buckets")] };
      }),
      judgeAcls(bucket),
    ]),
});
