/** Turns a few properties into an S3 bucket, with its own KMS key, that satisfies every rule of Tollgate. */
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey, type KmsKeyConfig } from "@cdktf/provider-aws/lib/kms-key";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Construct } from "constructs";
import { type PolicyStatement, policyDocument } from "./policy-document";

/** What can be chosen. Everything has a default: `new CompliantBucket(this, "site")` is a whole bucket. */
export interface CompliantBucketProps {
  /** The bucket's name: 3 to 63 characters, unique in the partition. Default: `bucketPrefix`, else a name that Terraform makes up. */
  readonly bucketName?: string;
  /** What a made-up name begins with: at most 37 characters. Not together with `bucketName`. */
  readonly bucketPrefix?: string;
  /** The key's alias, with `alias/` in front. Default: `alias/` and the construct's path in the app. */
  readonly keyAlias?: string;
  /** The account, twelve digits, that the key belongs to. Default: the caller's, looked up when planning. */
  readonly accountId?: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. Default: the provider's, known without a call. */
  readonly partition?: string;
  /**
   * Whether a put may leave the encryption header out and rely on the bucket's default. Default: no, the put must name it.
   * Where it may, Tollgate's `s3-encrypted-puts-only` needs its option `allowMissingHeader` to agree.
   */
  readonly allowMissingHeader?: boolean;
  /** Days until a version that was overwritten or deleted goes for good. Default 90. */
  readonly noncurrentDays?: number;
  /** Days that AWS waits before it really deletes the key: 7 to 30. Default 30. */
  readonly keyDeletionDays?: number;
  /** Where S3 writes its access log: a bucket that lets `logging.s3.amazonaws.com` put objects. Default: no log. */
  readonly accessLog?: { readonly bucket: string; readonly prefix: string };
  /** Whether `terraform destroy` may delete a bucket that still holds objects. Default: no. */
  readonly forceDestroy?: boolean;
  /** Whether Terraform refuses every plan that deletes the bucket or the key. Default: no. */
  readonly preventDestroy?: boolean;
  /** More statements for the bucket policy, given the bucket's ARN. They can't weaken its denials. */
  readonly bucketStatements?: (bucketArn: string) => readonly PolicyStatement[];
  /** More statements for the key policy, such as for a service that has to use the key outside S3. */
  readonly keyStatements?: readonly PolicyStatement[];
  readonly tags?: Record<string, string>;
}

/** The account may look after its key, but nothing here encrypts or decrypts, and nothing makes grants. */
export const keyAdministration = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListKeyRotations",
  "kms:ListResourceTags",
  "kms:ListRetirableGrants",
  "kms:PutKeyPolicy",
  "kms:RevokeGrant",
  "kms:RotateKeyOnDemand",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
];

/** S3's endpoints as `kms:ViaService` names them, in every region and partition. */
const throughS3 = ["s3.*.amazonaws.com", "s3.*.amazonaws.com.cn"];

const sseHeader = "s3:x-amz-server-side-encryption";
const sseKeyHeader = "s3:x-amz-server-side-encryption-aws-kms-key-id";
const customerKeyHeader = "s3:x-amz-server-side-encryption-customer-algorithm";

/** The key's policy: the own account administers it, and uses it through S3 alone. IAM decides who in the account. */
function keyPolicy(account: string, more: readonly PolicyStatement[]): string {
  return policyDocument([
    {
      Sid: "AccountAdministersKey",
      Effect: "Allow",
      Principal: { AWS: account },
      Action: keyAdministration,
      Resource: "*",
    },
    {
      Sid: "AccountUsesKeyThroughS3",
      Effect: "Allow",
      Principal: { AWS: account },
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      Resource: "*",
      Condition: { StringLike: { "kms:ViaService": throughS3 } },
    },
    ...more,
  ]);
}

/**
 * What a put must say. `StringNotEquals` also matches where the header is missing, so one statement denies both the
 * missing and the weaker algorithm and lets KMS through. A put that names KMS and no key would use `aws/s3`, not the
 * bucket's key: the second statement denies that, and every other key.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms
 */
function putStatements(bucketArn: string, keyArn: string, allowMissingHeader: boolean): PolicyStatement[] {
  const puts = { Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: `${bucketArn}/*` } as const;
  const onlyIfNamed = allowMissingHeader ? { Null: { [sseHeader]: "false" } } : {};
  const statements: PolicyStatement[] = [
    {
      Sid: "DenyPutsWithoutKms",
      ...puts,
      Condition: { StringNotEquals: { [sseHeader]: ["aws:kms", "aws:kms:dsse"] }, ...onlyIfNamed },
    },
    {
      Sid: "DenyPutsWithAnotherKey",
      ...puts,
      Condition: { StringNotEquals: { [sseKeyHeader]: keyArn }, ...onlyIfNamed },
    },
  ];
  // A key of the customer's own (SSE-C) comes without the header that the two statements above look at.
  if (allowMissingHeader)
    statements.push({
      Sid: "DenyPutsWithCustomerKey",
      ...puts,
      Condition: { Null: { [customerKeyHeader]: "false" } },
    });
  return statements;
}

/** The bucket's policy: denials only. Who may come in is for IAM to say; no other account is let in. */
function bucketPolicy(bucketArn: string, keyArn: string, props: CompliantBucketProps): string {
  return policyDocument([
    {
      Sid: "DenyPlainHttp",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [bucketArn, `${bucketArn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    ...putStatements(bucketArn, keyArn, props.allowMissingHeader ?? false),
    ...(props.bucketStatements?.(bucketArn) ?? []),
  ]);
}

/**
 * A bucket that is private to its account, encrypted with its own rotating key, reachable over TLS only, and versioned.
 *
 * Writers name the key: `aws s3 cp FILE s3://BUCKET --sse aws:kms --sse-kms-key-id KEY_ARN`.
 */
export class CompliantBucket extends Construct {
  readonly bucket: S3Bucket;
  readonly key: KmsKey;
  readonly alias: KmsAlias;
  readonly policy: S3BucketPolicy;

  constructor(scope: Construct, id: string, props: CompliantBucketProps = {}) {
    super(scope, id);
    const common = {
      ...(props.preventDestroy ? { lifecycle: { preventDestroy: true } } : {}),
      ...(props.tags ? { tags: props.tags } : {}),
    };
    this.key = this.addKey(props, common);
    this.alias = new KmsAlias(this, "alias", {
      name: props.keyAlias ?? `alias/${this.node.path.replace(/[^\w/-]/g, "-")}`,
      targetKeyId: this.key.keyId,
    });
    this.bucket = new S3Bucket(this, "bucket", {
      ...(props.bucketName === undefined ? {} : { bucket: props.bucketName }),
      ...(props.bucketPrefix === undefined ? {} : { bucketPrefix: props.bucketPrefix }),
      forceDestroy: props.forceDestroy ?? false,
      ...common,
    });
    const closed = this.closeToOthers();
    this.addEncryption();
    this.addVersions(props.noncurrentDays ?? 90);
    this.policy = new S3BucketPolicy(this, "policy", {
      bucket: this.bucket.id,
      policy: bucketPolicy(this.bucket.arn, this.key.arn, props),
      // S3 refuses two changes to one bucket's access at the same moment (OperationAborted).
      dependsOn: closed,
    });
    if (props.accessLog)
      new S3BucketLoggingA(this, "log", {
        bucket: this.bucket.id,
        targetBucket: props.accessLog.bucket,
        targetPrefix: props.accessLog.prefix,
      });
  }

  private addKey(props: CompliantBucketProps, common: Pick<KmsKeyConfig, "lifecycle" | "tags">): KmsKey {
    const account = props.accountId ?? new DataAwsCallerIdentity(this, "account").accountId;
    const partition = props.partition ?? new DataAwsPartition(this, "partition").partition;
    return new KmsKey(this, "key", {
      description: `encrypts the bucket ${this.node.path}`,
      enableKeyRotation: true,
      deletionWindowInDays: props.keyDeletionDays ?? 30,
      policy: keyPolicy(`arn:${partition}:iam::${account}:root`, props.keyStatements ?? []),
      ...common,
    });
  }

  /** All four flags, and no ACLs at all: what somebody else uploads belongs to the bucket's account. */
  private closeToOthers(): [S3BucketPublicAccessBlock, S3BucketOwnershipControls] {
    const block = new S3BucketPublicAccessBlock(this, "public-access-block", {
      bucket: this.bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const ownership = new S3BucketOwnershipControls(this, "ownership", {
      bucket: this.bucket.id,
      rule: { objectOwnership: "BucketOwnerEnforced" },
      dependsOn: [block],
    });
    return [block, ownership];
  }

  /** Default encryption with the own key; bucket keys save nearly all calls to KMS. */
  private addEncryption(): void {
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: this.bucket.id,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: this.key.arn },
          bucketKeyEnabled: true,
        },
      ],
    });
  }

  private addVersions(noncurrentDays: number): void {
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket: this.bucket.id,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: this.bucket.id,
      rule: [
        {
          id: "tidy",
          status: "Enabled",
          filter: [{ prefix: "" }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
          noncurrentVersionExpiration: [{ noncurrentDays }],
          expiration: [{ expiredObjectDeleteMarker: true }],
        },
      ],
      // Without versions there is nothing that the rule on old versions could mean.
      dependsOn: [versioning],
    });
  }
}
