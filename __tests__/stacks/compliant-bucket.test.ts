/** What each property of the compliant bucket turns into, and what no property can turn off. */
import type { App } from "cdktf";
import { AwsStack } from "../../stacks/aws-stack";
import { CompliantBucket, type CompliantBucketProps } from "../../stacks/compliant-bucket";
import { only, synthesized, type TerraformJson } from "./synthesized";

function bucketWith(props: CompliantBucketProps = {}): TerraformJson {
  return synthesized((app: App) => {
    const stack = new AwsStack(app, "s");
    new CompliantBucket(stack, "b", { accountId: "111122223333", partition: "aws", ...props });
    return stack;
  });
}

/** The policy as Terraform's expression: `jsonencode({…})`. */
const policyOf = (json: TerraformJson, type = "aws_s3_bucket_policy"): unknown => only(json, type).policy;

describe("what is always there", () => {
  const json = bucketWith();

  test("all four public access flags", () => {
    expect(only(json, "aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  test("default encryption with the own key, and bucket keys", () => {
    const [key] = Object.keys(json.resource.aws_kms_key ?? {});
    expect(only(json, "aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([
      {
        apply_server_side_encryption_by_default: {
          kms_master_key_id: `\${aws_kms_key.${key}.arn}`,
          sse_algorithm: "aws:kms",
        },
        bucket_key_enabled: true,
      },
    ]);
  });

  test("a key that rotates, and an alias that stands for it", () => {
    const [key] = Object.keys(json.resource.aws_kms_key ?? {});
    expect(only(json, "aws_kms_key").enable_key_rotation).toBe(true);
    expect(only(json, "aws_kms_alias")).toMatchObject({
      name: "alias/s/b",
      target_key_id: `\${aws_kms_key.${key}.key_id}`,
    });
  });

  test("a key policy that names the own account and nobody else, and has the key used through S3 only", () => {
    const policy = String(policyOf(json, "aws_kms_key"));
    const principals = [...policy.matchAll(/"Principal" = (\{[^}]*\}|"[^"]*")/g)].map((match) => match[1]);
    expect(new Set(principals)).toEqual(new Set(['{"AWS" = "arn:aws:iam::111122223333:root"}']));
    expect(policy).toContain('"kms:ViaService" = ["s3.*.amazonaws.com", "s3.*.amazonaws.com.cn"]');
    expect(policy).not.toContain("kms:CreateGrant");
  });

  test("no ACLs, and versions", () => {
    expect(only(json, "aws_s3_bucket_ownership_controls").rule).toEqual({ object_ownership: "BucketOwnerEnforced" });
    expect(only(json, "aws_s3_bucket_versioning").versioning_configuration).toEqual({ status: "Enabled" });
  });

  test("plain HTTP is denied for every action, on the bucket and on what is in it", () => {
    expect(policyOf(json)).toMatch(
      /"Sid" = "DenyPlainHttp", "Effect" = "Deny", "Principal" = "\*", "Action" = "s3:\*", "Resource" = \[(aws_s3_bucket\.\w+\.arn), "\$\{\1\}\/\*"\], "Condition" = \{"Bool" = \{"aws:SecureTransport" = "false"\}\}/,
    );
  });

  test("a put must name KMS and the key: no Null condition lets a missing header through", () => {
    const policy = policyOf(json);
    expect(policy).toContain('"StringNotEquals" = {"s3:x-amz-server-side-encryption" = ["aws:kms", "aws:kms:dsse"]}}');
    expect(policy).toMatch(
      /"StringNotEquals" = \{"s3:x-amz-server-side-encryption-aws-kms-key-id" = aws_kms_key\.\w+\.arn\}\}/,
    );
    expect(policy).not.toContain('"Null"');
  });

  test("nothing is allowed by the bucket policy", () => {
    expect(policyOf(json)).not.toContain('"Allow"');
  });
});

describe("what can be chosen", () => {
  test("account and partition are looked up unless they are given", () => {
    const looked = synthesized((app: App) => {
      const stack = new AwsStack(app, "s");
      new CompliantBucket(stack, "b");
      return stack;
    });
    expect(Object.keys(looked.data ?? {}).sort()).toEqual(["aws_caller_identity", "aws_partition"]);
    expect(policyOf(looked, "aws_kms_key")).toMatch(
      /"arn:\$\{data\.aws_partition\.\w+\.partition\}:iam::\$\{data\.aws_caller_identity\.\w+\.account_id\}:root"/,
    );
    expect(bucketWith().data).toBeUndefined();
  });

  test("another partition", () => {
    expect(policyOf(bucketWith({ partition: "aws-cn" }), "aws_kms_key")).toContain("arn:aws-cn:iam::");
  });

  test("a put may leave the header out, and is then denied only what it names wrongly", () => {
    const policy = policyOf(bucketWith({ allowMissingHeader: true }));
    expect(policy).toContain(
      '{"StringNotEquals" = {"s3:x-amz-server-side-encryption" = ["aws:kms", "aws:kms:dsse"]}, "Null" = {"s3:x-amz-server-side-encryption" = "false"}}',
    );
    expect(policy).toContain('{"Null" = {"s3:x-amz-server-side-encryption-customer-algorithm" = "false"}}');
  });

  test("a name or a prefix", () => {
    expect(only(bucketWith({ bucketName: "my-bucket" }), "aws_s3_bucket")).toMatchObject({ bucket: "my-bucket" });
    expect(only(bucketWith({ bucketPrefix: "my-" }), "aws_s3_bucket")).toMatchObject({ bucket_prefix: "my-" });
  });

  test("an alias, whatever the path holds", () => {
    const odd = synthesized((app: App) => {
      const stack = new AwsStack(app, "s");
      new CompliantBucket(stack, "a b:c");
      return stack;
    });
    expect(only(odd, "aws_kms_alias").name).toBe("alias/s/a-b-c");
    expect(only(bucketWith({ keyAlias: "alias/mine" }), "aws_kms_alias").name).toBe("alias/mine");
  });

  test("an access log", () => {
    expect(only(bucketWith({ accessLog: { bucket: "logs", prefix: "b/" } }), "aws_s3_bucket_logging")).toMatchObject({
      target_bucket: "logs",
      target_prefix: "b/",
    });
    expect(bucketWith().resource).not.toHaveProperty("aws_s3_bucket_logging");
  });

  test("days", () => {
    const json = bucketWith({ noncurrentDays: 7, keyDeletionDays: 14 });
    expect(only(json, "aws_kms_key").deletion_window_in_days).toBe(14);
    expect(only(json, "aws_s3_bucket_lifecycle_configuration").rule).toMatchObject([
      {
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
        noncurrent_version_expiration: [{ noncurrent_days: 7 }],
      },
    ]);
  });

  test("whether it can be destroyed", () => {
    const kept = bucketWith({ preventDestroy: true });
    expect(only(kept, "aws_s3_bucket").lifecycle).toEqual({ prevent_destroy: true });
    expect(only(kept, "aws_kms_key").lifecycle).toEqual({ prevent_destroy: true });
    expect(only(bucketWith({ forceDestroy: true }), "aws_s3_bucket").force_destroy).toBe(true);
    expect(only(bucketWith(), "aws_s3_bucket").force_destroy).toBe(false);
  });

  test("more statements stand beside the own ones", () => {
    const json = bucketWith({
      bucketStatements: (arn) => [
        { Sid: "Mine", Effect: "Deny", Principal: "*", Action: "s3:DeleteObject", Resource: `${arn}/*` },
      ],
      keyStatements: [
        {
          Sid: "Logs",
          Effect: "Allow",
          Principal: { Service: "logs.amazonaws.com" },
          Action: "kms:Decrypt",
          Resource: "*",
        },
      ],
      tags: { team: "site" },
    });
    expect(policyOf(json)).toMatch(/"DenyPlainHttp".*"DenyPutsWithoutKms".*"Mine"/s);
    expect(policyOf(json, "aws_kms_key")).toMatch(/"AccountAdministersKey".*"Logs"/s);
    expect(only(json, "aws_s3_bucket").tags).toEqual({ team: "site" });
    expect(only(json, "aws_kms_key").tags).toEqual({ team: "site" });
  });
});
