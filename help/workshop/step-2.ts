/** Step 2: default encryption is declared. */
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

    new KmsKey(this, "key", {
      description: "encrypts the workshop bucket",
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
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
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
        ],
      }),
      // S3 refuses two changes to one bucket's access at the same moment.
      dependsOn: [block],
    });
  }
}
