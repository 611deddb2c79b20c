/** Turns what people really write into a stack in which every rule of Tollgate has something to object to. Never deploy it. */
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import type { Construct } from "constructs";
import { AwsStack } from "./aws-stack";
import { policyDocument } from "./policy-document";

/** AWS's documentation account: nobody's, and so not the account that deploys this. */
const anotherAccount = "arn:aws:iam::444455556666:root";

/**
 * Two buckets and a key. `open` is careless and breaks all six rules of buckets. `nearly` looks right and isn't: three of
 * four flags, KMS encryption with a key that does not rotate and that another account may use, TLS demanded of objects but
 * not of lists, and puts checked for a missing header but not for a weaker one.
 */
export class NonCompliantStack extends AwsStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.addOpenBucket();
    this.addNearlyBucket();
  }

  private addOpenBucket(): void {
    const bucket = new S3Bucket(this, "open", { bucketPrefix: "tollgate-open-" });
    new S3BucketPolicy(this, "open-policy", {
      bucket: bucket.id,
      policy: policyDocument([
        {
          Sid: "AnyoneReads",
          Effect: "Allow",
          Principal: "*",
          Action: "s3:GetObject",
          Resource: `${bucket.arn}/*`,
        },
      ]),
    });
  }

  private addNearlyBucket(): void {
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const key = new KmsKey(this, "shared-key", {
      description: "a key that does not rotate and that another account may use",
      enableKeyRotation: false,
      policy: policyDocument([
        {
          Sid: "Account",
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${accountId}:root` },
          Action: "kms:*",
          Resource: "*",
        },
        {
          Sid: "Partner",
          Effect: "Allow",
          Principal: { AWS: anotherAccount },
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: "*",
        },
      ]),
    });
    const bucket = new S3Bucket(this, "nearly", { bucketPrefix: "tollgate-nearly-" });
    new S3BucketPublicAccessBlock(this, "nearly-public-access-block", {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
    });
    new S3BucketServerSideEncryptionConfigurationA(this, "nearly-encryption", {
      bucket: bucket.id,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn } }],
    });
    const objects = { Principal: "*", Resource: `${bucket.arn}/*` } as const;
    new S3BucketPolicy(this, "nearly-policy", {
      bucket: bucket.id,
      policy: policyDocument([
        {
          Sid: "TlsForObjects",
          Effect: "Deny",
          ...objects,
          Action: ["s3:GetObject", "s3:PutObject"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
          Sid: "SomeEncryption",
          Effect: "Deny",
          ...objects,
          Action: "s3:PutObject",
          Condition: { Null: { "s3:x-amz-server-side-encryption": "true" } },
        },
      ]),
    });
  }
}
