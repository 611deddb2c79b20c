/** `s3-encryption-configured`: turns a bucket's declared default encryption into a verdict. */
import { ALGORITHMS, judgeEncryption } from "./encryption";
import { bucketRule, fail, pass, undecided } from "./rule";
import { gapsOf, isOneOf } from "./values";

/** AWS's silent default (SSE-S3) is not a declaration. */
export const rule = bucketRule({
  id: "s3-encryption-configured",
  title: "Configure server-side encryption",
  severity: "medium",
  controls: ["NIST-800-53-r5 SC-13", "NIST-800-53-r5 SC-28"],
  why: "encryption at rest that nobody declared is encryption that nobody decided: the default may be weaker than the data needs",
  fix: "add an `aws_s3_bucket_server_side_encryption_configuration` for the bucket",
  snippets: {
    hcl: `resource "aws_s3_bucket_server_side_encryption_configuration" "NAME" {
  EACH
  bucket = SUBJECT.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}`,
    typescript: `new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
  bucket: bucket.id,
  rule: [
    { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } },
  ],
});`,
  },
  blindSpots: ["objects that were stored before the configuration keep the encryption that they have"],
  elsewhere: {
    checkov: ["CKV_AWS_19"],
    trivy: ["AWS-0088"],
    awsConfig: ["s3-bucket-server-side-encryption-enabled"],
    securityHub: [],
  },
  examples: [
    {
      says: "fail",
      at: "aws_s3_bucket.data",
      hcl: `resource "aws_s3_bucket" "data" {
  bucket = "example-data"
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
      sse_algorithm = "AES256"
    }
  }
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
      sse_algorithm = var.algorithm
    }
  }
}`,
    },
  ],
  judge: (bucket) =>
    judgeEncryption(bucket, ({ algorithm }, address) => {
      const known = isOneOf(algorithm, ALGORITHMS);
      if (known === "yes") return pass(`default encryption is \`${String(algorithm)}\``, { related: [address] });
      if (known === "unknown") {
        const gaps = gapsOf(algorithm, `${address}.rule.sse_algorithm`);
        return undecided("the algorithm can't be told before apply", gaps, [address]);
      }
      return fail({
        message: `expected \`AES256\`, \`aws:kms\` or \`aws:kms:dsse\` as the default encryption, found ${algorithm === null ? "none" : `\`${String(algorithm)}\``}`,
        remediation: `set sse_algorithm = "aws:kms" in ${address}`,
        related: [address],
      });
    }),
});
