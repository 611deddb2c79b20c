/** What the model needs of each resource type: the list that `plan/` keeps, so that the rest is forgotten while reading. */

const set = (...names: string[]): ReadonlySet<string> => new Set(names);

/** Attributes that every resource has and that links, accounts and regions are told from. */
const IDENTITY = ["id", "arn", "region"];

/** Companions that can only link: their `id` or `bucket` is their bucket's name. */
const LINKS = set(...IDENTITY, "bucket", "expected_bucket_owner");

/** Resource types that the model reads, with the attributes that it reads (hashicorp/aws 4 to 6, hashicorp/random 3). */
export const WANTED_TYPES: ReadonlyMap<string, ReadonlySet<string> | "all"> = new Map<
  string,
  ReadonlySet<string> | "all"
>([
  [
    "aws_s3_bucket",
    set(
      ...IDENTITY,
      "bucket",
      "bucket_prefix",
      "bucket_domain_name",
      "bucket_regional_domain_name",
      "hosted_zone_id",
      "acl",
      "grant",
      "policy",
      "server_side_encryption_configuration",
    ),
  ],
  [
    "aws_s3_bucket_public_access_block",
    set(...LINKS, "block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"),
  ],
  [
    "aws_s3_account_public_access_block",
    set(
      ...IDENTITY,
      "account_id",
      "block_public_acls",
      "block_public_policy",
      "ignore_public_acls",
      "restrict_public_buckets",
    ),
  ],
  ["aws_s3_bucket_server_side_encryption_configuration", set(...LINKS, "rule")],
  ["aws_s3_bucket_policy", set(...LINKS, "policy")],
  ["aws_s3_bucket_acl", set(...LINKS, "acl", "access_control_policy")],
  ["aws_s3_bucket_ownership_controls", set(...LINKS, "rule")],
  ["aws_s3_bucket_versioning", LINKS],
  ["aws_s3_bucket_logging", LINKS],
  ["aws_s3_bucket_lifecycle_configuration", LINKS],
  ["aws_s3_bucket_notification", LINKS],
  ["aws_s3_bucket_cors_configuration", LINKS],
  ["aws_s3_bucket_website_configuration", LINKS],
  ["aws_s3_bucket_object_lock_configuration", LINKS],
  ["aws_s3_bucket_replication_configuration", LINKS],
  ["aws_s3_bucket_accelerate_configuration", LINKS],
  ["aws_s3_bucket_request_payment_configuration", LINKS],
  [
    "aws_kms_key",
    set(
      ...IDENTITY,
      "key_id",
      "key_usage",
      "customer_master_key_spec",
      "enable_key_rotation",
      "is_enabled",
      "custom_key_store_id",
      "xks_key_id",
      "policy",
      "multi_region",
      // of the data source, which has the same name
      "enabled",
      "origin",
      "key_manager",
      "key_spec",
    ),
  ],
  ["aws_kms_external_key", set(...IDENTITY, "key_id", "key_usage", "enabled", "policy", "multi_region")],
  ["aws_kms_replica_key", set(...IDENTITY, "key_id", "key_usage", "key_spec", "enabled", "policy", "primary_key_arn")],
  ["aws_kms_replica_external_key", set(...IDENTITY, "key_id", "key_usage", "enabled", "policy", "primary_key_arn")],
  ["aws_kms_alias", set(...IDENTITY, "name", "name_prefix", "target_key_arn", "target_key_id")],
  ["aws_kms_key_policy", set(...IDENTITY, "key_id", "policy", "bypass_policy_lockout_safety_check")],
  ["aws_kms_grant", set(...IDENTITY, "key_id", "grantee_principal")],
  ["aws_iam_policy_document", "all"],
  ["terraform_data", set("id", "input", "output")],
  ["random_id", set("id", "prefix", "hex", "dec", "b64_url", "b64_std")],
  ["random_pet", set("id", "prefix", "separator")],
  ["random_string", set("id", "special", "upper", "result")],
]);

/** Arguments that the provider computes where nobody sets them (hashicorp/aws 4 to 6, `Optional` and `Computed`). */
const COMPUTED: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["aws_s3_bucket", set("bucket", "bucket_prefix", "acl", "grant", "policy", "server_side_encryption_configuration")],
  ["aws_s3_bucket_acl", set("acl", "access_control_policy")],
  ["aws_s3_account_public_access_block", set("account_id")],
  ["aws_kms_key", set("policy", "multi_region", "key_usage", "customer_master_key_spec")],
  ["aws_kms_external_key", set("policy", "multi_region", "key_usage", "enabled")],
  ["aws_kms_replica_key", set("policy", "key_usage", "key_spec")],
  ["aws_kms_replica_external_key", set("policy", "key_usage", "enabled")],
  ["aws_kms_alias", set("name", "name_prefix")],
  ["terraform_data", set("output")],
  ["random_id", set("hex", "dec", "b64_url", "b64_std")],
  ["random_string", set("result")],
]);

/** Whether an unknown attribute may be one that nobody set. `region` is computed for every type of provider 6. */
export const isComputed = (instance: { readonly type: string }, name: string): boolean =>
  name === "region" ||
  name === "id" ||
  name === "arn" ||
  (COMPUTED.get(instance.type)?.has(name) ?? !WANTED_TYPES.has(instance.type));

/** The types of keys that are subjects. */
export const KEY_TYPES = [
  "aws_kms_key",
  "aws_kms_external_key",
  "aws_kms_replica_key",
  "aws_kms_replica_external_key",
] as const;

/** A key type. */
export type KeyType = (typeof KEY_TYPES)[number];

/** Companions whose `bucket` argument, and whose `id`, is the name of a bucket. */
export const BUCKET_COMPANIONS: ReadonlySet<string> = new Set(
  [...WANTED_TYPES.keys()].filter((type) => type.startsWith("aws_s3_bucket_")),
);
