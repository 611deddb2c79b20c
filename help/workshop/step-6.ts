/** Step 6: the key rotates. */
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { Fn, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/** Other accounts: in life two partners, here numbers that AWS keeps for documentation. */
const partners = ["arn:aws:iam::444455556666:root", "arn:aws:iam::777788889999:root"];

export class WorkshopStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, "aws");
    this.addOverride("terraform.required_providers.aws.version", ">= 5.100.0, < 7.0.0");

    const key = new KmsKey(this, "key", {
      description: "encrypts the workshop bucket",
      enableKeyRotation: true,
      policy: Fn.jsonencode({
        Version: "2012-10-17",
        Statement: [{ Sid: "Partners", Effect: "Allow", Principal: { AWS: partners }, Action: "kms:*", Resource: "*" }],
      }),
    });
    const bucket = new S3Bucket(this, "bucket", { bucketPrefix: "tollgate-workshop-" });

    const block = new S3BucketPublicAccessBlock(this, "public-access-block", {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: bucket.id,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
          bucketKeyEnabled: true,
        },
      ],
    });
    new S3BucketPolicy(this, "policy", {
      bucket: bucket.id,
      policy: Fn.jsonencode({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "Partners",
            Effect: "Allow",
            Principal: { AWS: partners },
            Action: "s3:GetObject",
            Resource: `${bucket.arn}/*`,
          },
          {
            Sid: "DenyPlainHttp",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [bucket.arn, `${bucket.arn}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
          {
            Sid: "DenyPutsWithoutKms",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:PutObject",
            Resource: `${bucket.arn}/*`,
            Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption": ["aws:kms", "aws:kms:dsse"] } },
          },
        ],
      }),
      // S3 refuses two changes to one bucket's access at the same moment.
      dependsOn: [block],
    });
  }
}
