/** `s3-kms-encryption`: turns a bucket's default encryption and its key into a verdict: KMS, and no other account's key. */
import { type Judgement, Unknown } from "../kernel/index";
import type { Bucket, EncryptionRule, KeyPlace } from "../model/graph";
import { foreignKey, gapsOfAccounts, isOfOwnAccount } from "./bucket-keys";
import { judgeEncryption, KMS_ALGORITHMS } from "./encryption";
import { bucketRule, every, fail, pass, undecided } from "./rule";
import { gapsOf, isOneOf } from "./values";

function judgeAlgorithm({ algorithm }: EncryptionRule, address: string): Judgement {
  const isKms = isOneOf(algorithm, KMS_ALGORITHMS);
  if (isKms === "yes") return pass(`default encryption is \`${String(algorithm)}\``, { related: [address] });
  if (isKms === "unknown") {
    const gaps = gapsOf(algorithm, `${address}.rule.sse_algorithm`);
    return undecided("the algorithm can't be told before apply", gaps, [address]);
  }
  return fail({
    message: `expected \`aws:kms\` or \`aws:kms:dsse\` as the default encryption, found ${algorithm === null ? "none" : `\`${String(algorithm)}\``}`,
    remediation: `set sse_algorithm = "aws:kms" in ${address}`,
    related: [address],
  });
}

/** A customer key outside the owner's account is somebody else's to disable and to read. */
function judgeKey({ key }: EncryptionRule, bucket: Bucket, address: string): Judgement {
  switch (key.kind) {
    case "none":
      return pass("the key is the AWS managed key `aws/s3`");
    case "aws-managed":
      if (isOfOwnAccount(key, bucket) === "no") return judgeAccount(key, bucket, "the key", address);
      return pass("the key is the AWS managed key `aws/s3`");
    case "in-plan":
      return judgeAccount(key.key.home, bucket, key.key.address, address);
    case "outside":
      if (key.account === undefined) return pass("the key is named without an account: the own one");
      return judgeAccount(key, bucket, "the key", address);
    case "unknown":
      return undecided("which key it uses can't be told before apply", key.gaps, [address]);
  }
}

function judgeAccount(place: KeyPlace, bucket: Bucket, key: string, address: string): Judgement {
  switch (isOfOwnAccount(place, bucket)) {
    case "yes":
      return pass("the key is in the bucket's account");
    case "no":
      return fail({
        message: `${key} is ${foreignKey(place, bucket)}`,
        remediation: "encrypt with a key of the bucket's own account",
        related: [address],
      });
    case "unknown":
      return undecided(`whether ${key} is in the bucket's account can't be told`, gapsOfAccounts(place, bucket), [
        address,
      ]);
  }
}

/** The AWS managed key passes: whose key it is can only be wrong with a customer key. */
export const rule = bucketRule({
  id: "s3-kms-encryption",
  title: "Encrypt with AWS KMS keys",
  severity: "medium",
  controls: ["NIST-800-53-r5 SC-13", "NIST-800-53-r5 SC-12"],
  why: "with SSE-KMS every use of the key is authorised and logged; with SSE-S3 whoever may read the object reads it",
  fix: 'set `sse_algorithm = "aws:kms"`, best with a customer-managed key of the same account',
  snippets: {
    hcl: `resource "aws_kms_key" "NAME_encryption" {
  enable_key_rotation = true
}
# in place of the configuration that the bucket may have
resource "aws_s3_bucket_server_side_encryption_configuration" "NAME" {
  EACH
  bucket = SUBJECT.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.NAME_encryption.arn
    }
  }
}`,
    typescript: `const encryptionKey = new KmsKey(this, "encryption-key", {
  enableKeyRotation: true,
});
// in place of the configuration that the bucket may have
new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
  bucket: bucket.id,
  rule: [
    {
      applyServerSideEncryptionByDefault: {
        sseAlgorithm: "aws:kms",
        kmsMasterKeyId: encryptionKey.arn,
      },
    },
  ],
});`,
  },
  blindSpots: ["a single put may still name another algorithm: rule `s3-encrypted-puts-only` closes that"],
  elsewhere: {
    checkov: ["CKV_AWS_145"],
    trivy: ["AWS-0132"],
    awsConfig: ["s3-default-encryption-kms"],
    securityHub: ["S3.17"],
  },
  examples: [
    {
      says: "fail",
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
      says: "pass",
      at: "aws_s3_bucket.data",
      hcl: `resource "aws_s3_bucket" "data" {
  bucket = "example-data"
}
resource "aws_kms_key" "data" {
  enable_key_rotation = true
}
resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.data.arn
    }
  }
}`,
    },
    {
      says: "undecided",
      at: "aws_s3_bucket.data",
      hcl: `variable "key" {
  type = string
}
resource "aws_s3_bucket" "data" {
  bucket = "example-data"
}
resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = var.key
    }
  }
}`,
    },
  ],
  judge: (bucket) =>
    judgeEncryption(bucket, (declared, address) => {
      const algorithm = judgeAlgorithm(declared, address);
      // A key beside `AES256` encrypts nothing: only the algorithm is wrong then.
      if (algorithm.verdict === "fail" || declared.algorithm instanceof Unknown) return algorithm;
      return every([algorithm, judgeKey(declared, bucket, address)]);
    }),
});
