/** `s3-tls-only`: turns a bucket policy into a verdict on every request that comes without TLS. */
import { anyPlainHttp } from "../iam/index";
import { decisionOn, judgementOf } from "./policy";
import { bucketRule, byCompanion } from "./rule";

const FIX = "deny `s3:*` on the bucket and on `/*` below it to everyone where `aws:SecureTransport` is `false`";

/** Only a Deny counts: an Allow that demands TLS leaves identity policies their plain HTTP. */
export const rule = bucketRule({
  id: "s3-tls-only",
  title: "Bucket policy: reads and writes over TLS only",
  severity: "high",
  controls: ["NIST-800-53-r5 SC-13", "NIST-800-53-r5 SC-8"],
  why: "over plain HTTP whoever sits on the path reads the data and the session's signature; S3 answers plain HTTP unless the bucket policy denies it",
  fix: FIX,
  snippets: {
    hcl: `{
  Sid       = "DenyPlainHttp"
  Effect    = "Deny"
  Principal = "*"
  Action    = "s3:*"
  Resource  = [SUBJECT.arn, "\${SUBJECT.arn}/*"]
  Condition = { Bool = { "aws:SecureTransport" = "false" } }
},`,
    typescript: `{
  Sid: "DenyPlainHttp",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [bucket.arn, \`\${bucket.arn}/*\`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
},`,
  },
  blindSpots: [
    "an organisation's RCP or SCP that denies plain HTTP is not seen",
    "access points have policies of their own; the bucket policy still binds them",
  ],
  elsewhere: {
    checkov: ["CKV_AWS_379"],
    trivy: [],
    awsConfig: ["s3-bucket-ssl-requests-only"],
    securityHub: ["S3.5"],
  },
  examples: [
    {
      says: "fail",
      at: "aws_s3_bucket.site",
      hcl: `resource "aws_s3_bucket" "site" {
  bucket = "example-site"
}
resource "aws_s3_bucket_policy" "site" {
  bucket = aws_s3_bucket.site.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = aws_s3_bucket.site.arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}`,
    },
    {
      says: "pass",
      at: "aws_s3_bucket.site",
      hcl: `resource "aws_s3_bucket" "site" {
  bucket = "example-site"
}
resource "aws_s3_bucket_policy" "site" {
  bucket = aws_s3_bucket.site.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.site.arn, "\${aws_s3_bucket.site.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}`,
    },
    {
      says: "undecided",
      at: "aws_s3_bucket.site",
      hcl: `variable "policy" {
  type = string
}
resource "aws_s3_bucket" "site" {
  bucket = "example-site"
}
resource "aws_s3_bucket_policy" "site" {
  bucket = aws_s3_bucket.site.id
  policy = var.policy
}`,
    },
  ],
  judge: (bucket, context) =>
    byCompanion(bucket.policies, "bucket policy", (policy) =>
      judgementOf(
        decisionOn("plain-http", bucket, policy, context, anyPlainHttp),
        bucket,
        policy,
        "plain HTTP gets through",
        FIX,
      ),
    ),
});
