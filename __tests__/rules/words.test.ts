/** What each rule about attributes says to people, word for word: the message, what to do, and what it is about. */
import { Sym, Text, Unknown } from "../../validators/kernel/index";
import type { AclGrant, Bucket, Key, KeyUse } from "../../validators/model/graph";
import { rule as kmsKeyRotation } from "../../validators/rules/kms-key-rotation";
import { rule as kmsNoCrossAccount } from "../../validators/rules/kms-no-cross-account";
import { rule as s3BlockPublicAccess } from "../../validators/rules/s3-block-public-access";
import { rule as s3EncryptionConfigured } from "../../validators/rules/s3-encryption-configured";
import { rule as s3KmsEncryption } from "../../validators/rules/s3-kms-encryption";
import { rule as s3OwnerAccountOnly } from "../../validators/rules/s3-owner-account-only";
import { told } from "./judgement";
import { acl, allFlags, bucket, context, encryption, grant, home, key, linked, none, unlinked } from "./subjects";

const unknown = new Unknown("x.y", "computed-at-apply");
const other = new Sym("var.account", "account-id", { because: "variable-without-value", expression: "var.account" });
const elsewhere = { ...home, account: "444455556666" };
const gaps = [{ value: "var.key", because: "variable-without-value" }];
const unseen = { usage: null, spec: null, customKeyStore: null };
const shown = { address: "data.aws_kms_key.k", enabled: true, origin: "AWS_KMS", manager: "CUSTOMER", ...unseen };
const user = "arn:aws:iam::111122223333:user/ada";
const flags = (changes: object) => linked({ ...allFlags, ...changes });
const on = (use: object, algorithm: unknown = "aws:kms"): Bucket =>
  bucket({ encryption: linked([{ algorithm, key: use as KeyUse }]) as Bucket["encryption"] });
const replica = (primary: object, changes: Partial<Key> = {}): Key =>
  key({ type: "aws_kms_replica_key", primary: primary as KeyUse, ...changes });
const grants = (...all: readonly AclGrant[]) => acl({ grants: all, owner: "abc" });
const group = (name: string): AclGrant => ({
  type: "Group",
  grantee: `http://acs.amazonaws.com/groups/${name}`,
  permission: "READ",
});
const open = flags({ ignore_public_acls: false });

test.each<[string, Bucket, ...string[]]>([
  ["four flags", bucket(), "pass: all four flags are true @ companion.c0"],
  [
    "no block",
    bucket({ accessBlocks: none }),
    "fail: no public access block belongs to this bucket -> add an aws_s3_bucket_public_access_block with bucket = aws_s3_bucket.b.id and all four flags true",
  ],
  [
    "two flags off",
    bucket({ accessBlocks: flags({ block_public_acls: false, ignore_public_acls: null }) }),
    "fail: public access is not fully blocked: `block_public_acls`, `ignore_public_acls` not true -> set block_public_acls = true, ignore_public_acls = true in companion.c0 @ companion.c0",
  ],
  [
    "the account's block alone, with a flag off",
    bucket({ accessBlocks: none, accountAccessBlocks: flags({ block_public_acls: false, ignore_public_acls: "x" }) }),
    "fail: no public access block on the bucket, and the account's leaves `block_public_acls`, `ignore_public_acls` off -> add an aws_s3_bucket_public_access_block with bucket = aws_s3_bucket.b.id and all four flags true @ companion.c0",
  ],
  [
    "two flags open, one in each block",
    bucket({
      accessBlocks: flags({ block_public_acls: unknown, ignore_public_acls: false }),
      accountAccessBlocks: linked({
        block_public_acls: false,
        block_public_policy: unknown,
        ignore_public_acls: unknown,
        restrict_public_buckets: true,
      }),
    }),
    "undecided: `block_public_acls`, `ignore_public_acls` can't be told before apply -> x.y (computed-at-apply), x.y (computed-at-apply) @ companion.c0",
  ],
  [
    "a flag without a name",
    bucket({ accessBlocks: flags({ block_public_acls: new Text([other]) }) }),
    "undecided: `block_public_acls` can't be told before apply -> var.account (variable-without-value, var.account) @ companion.c0",
  ],
  [
    "blocks that can't be linked",
    bucket({ accessBlocks: unlinked(allFlags, allFlags) }),
    "undecided: public access block `companion.u0`, `companion.u1` may belong to it or to another bucket -> companion.u0.bucket (computed-at-apply), companion.u1.bucket (computed-at-apply)",
  ],
  [
    "an account's block that can't be linked",
    bucket({ accessBlocks: none, accountAccessBlocks: unlinked(allFlags) }),
    "undecided: account public access block `companion.u0` may belong to it or to another bucket -> companion.u0.bucket (computed-at-apply)",
  ],
])("s3-block-public-access: %s", (_, subject, ...expected) => {
  expect(told(s3BlockPublicAccess.judge(subject, context))).toEqual(expected);
});

test.each<[string, Bucket, ...string[]]>([
  [
    "nothing declared",
    bucket({ encryption: none }),
    'fail: no default encryption is declared (AWS\'s silent SSE-S3 is not a declaration) -> add an aws_s3_bucket_server_side_encryption_configuration with bucket = aws_s3_bucket.b.id and sse_algorithm = "aws:kms"',
  ],
  ["AES256", bucket({ encryption: encryption("AES256") }), "pass: default encryption is `AES256` @ companion.c0"],
  [
    "AES256 and KMS in one configuration",
    bucket({
      encryption: linked([
        { algorithm: "AES256", key: { kind: "none" } },
        { algorithm: "aws:kms", key: { kind: "none" } },
      ]),
    }),
    "pass: default encryption is `AES256`; default encryption is `aws:kms` @ companion.c0",
  ],
  [
    "an algorithm that doesn't exist",
    bucket({ encryption: encryption("aes256") }),
    'fail: expected `AES256`, `aws:kms` or `aws:kms:dsse` as the default encryption, found `aes256` -> set sse_algorithm = "aws:kms" in companion.c0 @ companion.c0',
  ],
  [
    "no algorithm",
    on({ kind: "none" }, null),
    'fail: expected `AES256`, `aws:kms` or `aws:kms:dsse` as the default encryption, found none -> set sse_algorithm = "aws:kms" in companion.c0 @ companion.c0',
  ],
  [
    "an unknown algorithm",
    on({ kind: "none" }, unknown),
    "undecided: the algorithm can't be told before apply -> x.y (computed-at-apply) @ companion.c0",
  ],
  [
    "unknown altogether",
    bucket({ encryption: linked(unknown) }),
    "undecided: the default encryption can't be told before apply -> x.y (computed-at-apply) @ companion.c0",
  ],
  [
    "only computed in the state",
    bucket({ encryption: none, encryptionOnlyComputed: true }),
    "undecided: the state shows an encryption that no resource in it declares -> aws_s3_bucket.b.server_side_encryption_configuration (outside-the-plan)",
  ],
  [
    "a configuration that can't be linked",
    bucket({ encryption: unlinked([{ algorithm: "aws:kms", key: { kind: "none" } as const }]) }),
    "undecided: encryption configuration `companion.u0` may belong to it or to another bucket -> companion.u0.bucket (computed-at-apply)",
  ],
])("s3-encryption-configured: %s", (_, subject, ...expected) => {
  expect(told(s3EncryptionConfigured.judge(subject, context))).toEqual(expected);
});

test.each<[string, Bucket, ...string[]]>([
  [
    "the AWS managed key",
    on({ kind: "aws-managed" }, "aws:kms:dsse"),
    "pass: default encryption is `aws:kms:dsse`; the key is the AWS managed key `aws/s3` @ companion.c0",
  ],
  [
    "no key",
    on({ kind: "none" }),
    "pass: default encryption is `aws:kms`; the key is the AWS managed key `aws/s3` @ companion.c0",
  ],
  [
    "AES256",
    on({ kind: "none" }, "AES256"),
    'fail: expected `aws:kms` or `aws:kms:dsse` as the default encryption, found `AES256` -> set sse_algorithm = "aws:kms" in companion.c0 @ companion.c0',
  ],
  [
    "AES256 with another account's key",
    on({ kind: "outside", id: "x", account: "444455556666" }, "AES256"),
    'fail: expected `aws:kms` or `aws:kms:dsse` as the default encryption, found `AES256` -> set sse_algorithm = "aws:kms" in companion.c0 @ companion.c0',
  ],
  [
    "no algorithm",
    on({ kind: "none" }, null),
    'fail: expected `aws:kms` or `aws:kms:dsse` as the default encryption, found none -> set sse_algorithm = "aws:kms" in companion.c0 @ companion.c0',
  ],
  [
    "an unknown algorithm, with another account's key",
    on({ kind: "outside", id: "x", account: "444455556666" }, unknown),
    "undecided: the algorithm can't be told before apply -> x.y (computed-at-apply) @ companion.c0",
  ],
  [
    "a key of the account",
    on({ kind: "in-plan", key: key() }),
    "pass: default encryption is `aws:kms`; the key is in the bucket's account @ companion.c0",
  ],
  [
    "another account's key in the plan",
    on({ kind: "in-plan", key: key({ home: elsewhere }) }),
    "fail: aws_kms_key.k is a key of another account -> encrypt with a key of the bucket's own account @ companion.c0",
  ],
  [
    "a key named without an account",
    on({ kind: "outside", id: "alias/data" }),
    "pass: default encryption is `aws:kms`; the key is named without an account: the own one @ companion.c0",
  ],
  [
    "another account's key",
    on({ kind: "outside", id: "x", account: "444455556666" }),
    "fail: the key is a key of another account -> encrypt with a key of the bucket's own account @ companion.c0",
  ],
  [
    "a key of an account that isn't known",
    on({ kind: "outside", id: "x", account: new Text([other]) }),
    "undecided: whether the key is in the bucket's account can't be told -> var.account (variable-without-value, var.account) @ companion.c0",
  ],
  [
    "a known account against one that isn't",
    bucket({
      ...on({ kind: "outside", id: "x", account: "444455556666" }),
      home: { ...home, account: new Text([other]) },
    }),
    "undecided: whether the key is in the bucket's account can't be told -> var.account (variable-without-value, var.account) @ companion.c0",
  ],
  [
    "a key that can't be told",
    on({ kind: "unknown", gaps }),
    "undecided: which key it uses can't be told before apply -> var.key (variable-without-value) @ companion.c0",
  ],
])("s3-kms-encryption: %s", (_, subject, ...expected) => {
  expect(told(s3KmsEncryption.judge(subject, context))).toEqual(expected);
});

test.each<[string, Key | Bucket, ...string[]]>([
  ["on", key({ usedBy: ["aws_s3_bucket.b"] }), "pass: the key rotates automatically @ aws_s3_bucket.b"],
  [
    "off",
    key({ rotation: false, usedBy: ["aws_s3_bucket.b"] }),
    "fail: automatic rotation is off: `enable_key_rotation` is not true -> set enable_key_rotation = true in aws_kms_key.k @ aws_s3_bucket.b",
  ],
  [
    "unset, and disabled",
    key({ rotation: null, enabled: false }),
    "fail: the key is disabled -> set is_enabled = true in aws_kms_key.k",
    "fail: automatic rotation is off: `enable_key_rotation` is not true -> set enable_key_rotation = true in aws_kms_key.k",
  ],
  [
    "each attribute unknown",
    key({ usage: unknown, origin: unknown, customKeyStore: unknown, enabled: unknown, rotation: unknown }),
    "undecided: `aws_kms_key.k.customer_master_key_spec` can't be told before apply; `aws_kms_key.k.origin` can't be told before apply; `aws_kms_key.k.custom_key_store_id` can't be told before apply; `aws_kms_key.k.is_enabled` can't be told before apply; `aws_kms_key.k.enable_key_rotation` can't be told before apply -> x.y (computed-at-apply), x.y (computed-at-apply), x.y (computed-at-apply), x.y (computed-at-apply), x.y (computed-at-apply)",
  ],
  [
    "a usage for signatures",
    key({ usage: "SIGN_VERIFY", usedBy: ["aws_s3_bucket.a", "aws_s3_bucket.b"] }),
    "fail: an asymmetric or HMAC key can't rotate automatically, and it encrypts `aws_s3_bucket.a`, `aws_s3_bucket.b` -> use a symmetric key with material that AWS KMS makes, and enable_key_rotation = true @ aws_s3_bucket.a, aws_s3_bucket.b",
  ],
  [
    "the usual usage and an unknown spec",
    key({ usage: "ENCRYPT_DECRYPT", spec: unknown }),
    "undecided: `aws_kms_key.k.customer_master_key_spec` can't be told before apply -> x.y (computed-at-apply)",
  ],
  [
    "all that is usual, written out",
    key({ usage: "ENCRYPT_DECRYPT", spec: "SYMMETRIC_DEFAULT", origin: "AWS_KMS", enabled: true }),
    "pass: the key rotates automatically",
  ],
  [
    "an unknown usage of an asymmetric spec",
    key({ usage: unknown, spec: "RSA_2048" }),
    "fail: an asymmetric or HMAC key can't rotate automatically -> use a symmetric key with material that AWS KMS makes, and enable_key_rotation = true",
  ],
  [
    "imported material",
    key({ type: "aws_kms_external_key", usedBy: ["aws_s3_bucket.b"] }),
    "fail: imported key material can't rotate automatically, and it encrypts `aws_s3_bucket.b` -> use a symmetric key with material that AWS KMS makes, and enable_key_rotation = true @ aws_s3_bucket.b",
  ],
  [
    "a replica's imported material",
    key({ type: "aws_kms_replica_external_key" }),
    "fail: imported key material can't rotate automatically -> use a symmetric key with material that AWS KMS makes, and enable_key_rotation = true",
  ],
  [
    "origin EXTERNAL",
    key({ origin: "EXTERNAL" }),
    "fail: key material of origin `EXTERNAL` can't rotate automatically -> use a symmetric key with material that AWS KMS makes, and enable_key_rotation = true",
  ],
  [
    "a custom key store",
    key({ customKeyStore: "cks-1" }),
    "fail: a key in a custom key store can't rotate automatically -> use a symmetric key with material that AWS KMS makes, and enable_key_rotation = true",
  ],
  [
    "a replica",
    replica({ kind: "in-plan", key: key() }, { usedBy: ["aws_s3_bucket.b"] }),
    "pass: its primary key rotates automatically @ aws_s3_bucket.b",
  ],
  [
    "a disabled replica",
    replica({ kind: "in-plan", key: key() }, { enabled: false }),
    "fail: the key is disabled -> set enabled = true in aws_kms_key.k",
  ],
  [
    "a replica of a replica",
    replica({ kind: "in-plan", key: replica({ kind: "none" }) }),
    "fail: `aws_kms_key.k` is a replica itself: KMS has no replica of a replica -> set primary_key_arn to the primary key itself @ aws_kms_key.k",
  ],
  [
    "a replica of a key that can't be told",
    replica({ kind: "unknown", gaps }),
    "undecided: which primary key it replicates can't be told -> var.key (variable-without-value)",
  ],
  [
    "a replica of a key outside",
    replica({ kind: "outside", id: "x" }),
    "undecided: its primary key is outside the plan: rotation is the primary's -> aws_kms_key.k.primary_key_arn (outside-the-plan)",
  ],
  [
    "a replica of nothing",
    replica({ kind: "none" }),
    "undecided: its primary key is outside the plan: rotation is the primary's -> aws_kms_key.k.primary_key_arn (outside-the-plan)",
  ],
  [
    "a replica of an AWS managed key",
    replica({ kind: "aws-managed" }),
    "undecided: its primary key is outside the plan: rotation is the primary's -> aws_kms_key.k.primary_key_arn (outside-the-plan)",
  ],
  [
    "a bucket on the AWS managed key",
    on({ kind: "aws-managed" }),
    "pass: AWS rotates its managed key `aws/s3` every year",
  ],
  ["a bucket without a key", on({ kind: "none" }), "pass: AWS rotates its managed key `aws/s3` every year"],
  [
    "a bucket on a key in the plan",
    on({ kind: "in-plan", key: key() }),
    "pass: the key is judged itself at `aws_kms_key.k` @ aws_kms_key.k",
  ],
  [
    "a bucket on a key that can't be told",
    on({ kind: "unknown", gaps }),
    "undecided: which key the bucket uses can't be told before apply -> var.key (variable-without-value)",
  ],
  [
    "a bucket on a key outside",
    on({ kind: "outside", id: "alias/data" }),
    "undecided: the bucket's key is outside the plan: whether it rotates can't be told -> aws_s3_bucket.b's key (outside-the-plan, alias/data)",
  ],
  [
    "a bucket on a key outside without a name",
    on({ kind: "outside", id: new Text([other]) }),
    "undecided: the bucket's key is outside the plan: whether it rotates can't be told -> aws_s3_bucket.b's key (outside-the-plan)",
  ],
  [
    "a bucket on AWS's key, seen",
    on({ kind: "outside", id: "x", shown: { ...shown, manager: "AWS", enabled: false } }),
    "pass: AWS rotates its managed keys every year @ data.aws_kms_key.k",
  ],
  [
    "a bucket on a disabled key, seen",
    on({ kind: "outside", id: "x", shown: { ...shown, enabled: false } }),
    "fail: the bucket's key is disabled -> enable the key, or use another @ data.aws_kms_key.k",
  ],
  [
    "a bucket on imported material, seen",
    on({ kind: "outside", id: "x", shown: { ...shown, origin: "EXTERNAL" } }),
    "fail: the bucket's key has imported material (`EXTERNAL`), which can't rotate automatically -> use a symmetric key with material that AWS KMS makes @ data.aws_kms_key.k",
  ],
  [
    "a bucket on a key in a custom key store, seen",
    on({ kind: "outside", id: "x", shown: { ...shown, origin: "AWS_CLOUDHSM" } }),
    "fail: the bucket's key is in a custom key store, which can't rotate automatically -> use a symmetric key with material that AWS KMS makes @ data.aws_kms_key.k",
  ],
  [
    "a bucket on an asymmetric key, seen",
    on({ kind: "outside", id: "x", shown: { ...shown, usage: "SIGN_VERIFY", spec: "RSA_4096" } }),
    "fail: the bucket's key is an asymmetric or HMAC key, which can't rotate automatically -> use a symmetric key with material that AWS KMS makes @ data.aws_kms_key.k",
  ],
  [
    "a bucket on a key that says nothing of its rotation",
    on({ kind: "outside", id: "x", shown }),
    "undecided: the bucket's key is outside the plan, and a data source doesn't show its rotation -> data.aws_kms_key.k.enable_key_rotation (outside-the-plan) @ data.aws_kms_key.k",
  ],
  [
    "a bucket on a key that says nothing at all",
    on({
      kind: "outside",
      id: "x",
      shown: { address: "data.aws_kms_key.k", enabled: null, origin: null, manager: null, ...unseen },
    }),
    "undecided: the bucket's key is outside the plan, and a data source doesn't show its rotation -> data.aws_kms_key.k.enable_key_rotation (outside-the-plan) @ data.aws_kms_key.k",
  ],
  [
    "a bucket whose encryption is unknown",
    bucket({ encryption: linked(unknown) }),
    "undecided: which key the bucket uses can't be told before apply -> x.y (computed-at-apply)",
  ],
])("kms-key-rotation: %s", (_, subject, ...expected) => {
  expect(told(kmsKeyRotation.judge(subject, context))).toEqual(expected);
});

test.each<[string, Key | Bucket, ...string[]]>([
  ["no policy and no grant", key(), "pass: the default key policy lets only the own account in"],
  [
    "a key policy resource without a policy",
    key({ policies: linked(null) }),
    "pass: the default key policy lets only the own account in",
  ],
  [
    "a grant to the own account",
    key({ grants: grant(user) }),
    "pass: the default key policy lets only the own account in; every grantee is of the own account @ companion.c0",
  ],
  [
    "a grant to another account",
    key({ grants: grant("arn:aws:iam::444455556666:role/x") }),
    "fail: `companion.c0.grantee_principal` gives the key to another account -> grant the key to principals of its own account only @ companion.c0",
  ],
  [
    "a secret grant to another account",
    key({
      grants: {
        linked: [
          { address: "aws_kms_grant.g", content: { grantee: "arn:aws:iam::444455556666:role/x" }, sensitive: true },
        ],
        unlinked: [],
      },
    }),
    "fail: `aws_kms_grant.g.grantee_principal` names a principal of another account -> grant the key to principals of its own account only @ aws_kms_grant.g",
  ],
  [
    "a grant to an AWS service",
    key({ grants: grant("dynamodb.us-east-1.amazonaws.com") }),
    "pass: the default key policy lets only the own account in; the grantee is an AWS service",
  ],
  [
    "a grant to an AWS service in China",
    key({ grants: grant("dynamodb.amazonaws.com.cn") }),
    "pass: the default key policy lets only the own account in; the grantee is an AWS service",
  ],
  [
    "a grant to what only looks like a service",
    key({ grants: grant("dynamodb.amazonaws.com/x") }),
    "undecided: the account of `companion.c0.grantee_principal` can't be told -> companion.c0.grantee_principal (computed-at-apply) @ companion.c0",
  ],
  [
    "a grant to what only ends like a service",
    key({ grants: grant("x:dynamodb.amazonaws.com") }),
    "undecided: the account of `companion.c0.grantee_principal` can't be told -> companion.c0.grantee_principal (computed-at-apply) @ companion.c0",
  ],
  [
    "a grant to who knows whom",
    key({ grants: grant(unknown) }),
    "undecided: the account of `companion.c0.grantee_principal` can't be told -> x.y (computed-at-apply) @ companion.c0",
  ],
  [
    "a grant to no ARN",
    key({ grants: grant("ada") }),
    "undecided: the account of `companion.c0.grantee_principal` can't be told -> companion.c0.grantee_principal (computed-at-apply) @ companion.c0",
  ],
  [
    "a grant to an account that isn't known",
    key({ grants: grant(new Text(["arn:aws:iam::", other, ":role/x"])) }),
    "undecided: whether `companion.c0.grantee_principal` is of the key's account can't be told -> var.account (variable-without-value, var.account) @ companion.c0",
  ],
  [
    "a grant in a partition that isn't known",
    key({ grants: grant(new Text(["arn:", new Sym("p", "partition"), ":iam::111122223333:role/x"])) }),
    "undecided: whether `companion.c0.grantee_principal` is of the key's account can't be told -> p (computed-at-apply) @ companion.c0",
  ],
  [
    "a grant by a key whose account isn't known",
    key({ home: { ...home, account: new Text([other]) }, grants: grant(user) }),
    "undecided: whether `companion.c0.grantee_principal` is of the key's account can't be told -> var.account (variable-without-value, var.account) @ companion.c0",
  ],
  [
    "a grant that may be for this key",
    key({ grants: unlinked({ grantee: "arn:aws:iam::444455556666:role/x" }) }),
    "undecided: grant `companion.u0` may be for this key -> companion.u0.bucket (computed-at-apply) @ companion.u0",
  ],
  [
    "a harmless grant that may be for this key",
    key({ grants: unlinked({ grantee: user }) }),
    "pass: the default key policy lets only the own account in",
  ],
  [
    "a bucket on the AWS managed key",
    on({ kind: "aws-managed" }),
    "pass: AWS's managed key `aws/s3` can't be used by another account",
  ],
  [
    "a bucket on a key in the plan",
    on({ kind: "in-plan", key: key() }),
    "pass: the key is judged itself at `aws_kms_key.k` @ aws_kms_key.k",
  ],
  [
    "a bucket on a key that can't be told",
    on({ kind: "unknown", gaps }),
    "undecided: which key the bucket uses can't be told before apply -> var.key (variable-without-value)",
  ],
  [
    "a bucket on AWS's key, seen",
    on({ kind: "outside", id: "x", shown: { ...shown, manager: "AWS" } }),
    "pass: an AWS managed key can't be used by another account @ data.aws_kms_key.k",
  ],
  [
    "a bucket on another account's key",
    on({ kind: "outside", id: "x", account: "444455556666" }),
    "fail: the bucket's key is a key of another account -> encrypt with a key of the bucket's own account",
  ],
  [
    "a bucket on a key of another partition",
    on({ kind: "outside", id: "x", account: "111122223333", partition: "aws-cn" }),
    "fail: the bucket's key is a key of partition `aws-cn`, where the same number is another account -> encrypt with a key of the bucket's own account",
  ],
  [
    "a bucket on a key outside",
    on({ kind: "outside", id: "x", account: "111122223333" }),
    "undecided: the bucket's key is outside the plan: its policy can't be seen -> aws_s3_bucket.b's key (outside-the-plan, x)",
  ],
])("kms-no-cross-account: %s", (_, subject, ...expected) => {
  expect(told(kmsNoCrossAccount.judge(subject, context))).toEqual(expected);
});

test.each<[string, Bucket, ...string[]]>([
  ["no policy and no ACL", bucket(), "pass: no bucket policy lets anyone else in; no ACL grants anything"],
  [
    "a policy resource without a policy",
    bucket({ policies: linked(null) }),
    "pass: no bucket policy lets anyone else in; no ACL grants anything",
  ],
  ["a private ACL", bucket({ acls: acl({ canned: "private" }) }), "pass: no bucket policy lets anyone else in"],
  [
    "every ACL void",
    bucket({ acls: acl({ canned: "public-read" }), accessBlocks: open, ownership: linked("BucketOwnerEnforced") }),
    "pass: no bucket policy lets anyone else in; `BucketOwnerEnforced` voids every ACL @ companion.c0",
  ],
  [
    "two ownership controls, one of them voids",
    bucket({
      acls: acl({ canned: "public-read" }),
      accessBlocks: open,
      ownership: linked("BucketOwnerEnforced", "BucketOwnerPreferred"),
    }),
    'fail: the ACL grants access to everybody (`public-read`) -> remove companion.c0, and set object_ownership = "BucketOwnerEnforced" @ companion.c0',
  ],
  [
    "an unlinked ownership that may void",
    bucket({ acls: acl({ canned: "public-read" }), accessBlocks: open, ownership: unlinked("BucketOwnerEnforced") }),
    "undecided: whom the ACL grants access can't be told before apply -> companion.u0.bucket (computed-at-apply) @ companion.c0",
  ],
  [
    "an unlinked ownership that voids nothing",
    bucket({ acls: acl({ canned: "public-read" }), accessBlocks: open, ownership: unlinked("BucketOwnerPreferred") }),
    'fail: the ACL grants access to everybody (`public-read`) -> remove companion.c0, and set object_ownership = "BucketOwnerEnforced" @ companion.c0',
  ],
  [
    "an unknown ownership",
    bucket({ acls: acl({ canned: "public-read" }), accessBlocks: open, ownership: linked(unknown) }),
    "undecided: whom the ACL grants access can't be told before apply -> x.y (computed-at-apply) @ companion.c0",
  ],
  [
    "bucket-owner-read",
    bucket({ acls: acl({ canned: "bucket-owner-read" }), accessBlocks: open }),
    "pass: no bucket policy lets anyone else in",
  ],
  [
    "bucket-owner-full-control",
    bucket({ acls: acl({ canned: "bucket-owner-full-control" }), accessBlocks: open }),
    "pass: no bucket policy lets anyone else in",
  ],
  [
    "public-read",
    bucket({ acls: acl({ canned: "public-read" }), accessBlocks: open }),
    'fail: the ACL grants access to everybody (`public-read`) -> remove companion.c0, and set object_ownership = "BucketOwnerEnforced" @ companion.c0',
  ],
  [
    "public-read, ignored",
    bucket({ acls: acl({ canned: "public-read" }) }),
    "pass: no bucket policy lets anyone else in; the ACL grants nothing to anyone but the owner @ companion.c0",
  ],
  [
    "public-read-write",
    bucket({ acls: acl({ canned: "public-read-write" }), accessBlocks: open }),
    'fail: the ACL grants access to everybody (`public-read-write`) -> remove companion.c0, and set object_ownership = "BucketOwnerEnforced" @ companion.c0',
  ],
  [
    "public-read-write, ignored",
    bucket({ acls: acl({ canned: "public-read-write" }) }),
    "pass: no bucket policy lets anyone else in; the ACL grants nothing to anyone but the owner @ companion.c0",
  ],
  [
    "authenticated-read",
    bucket({ acls: acl({ canned: "authenticated-read" }), accessBlocks: open }),
    'fail: the ACL grants access to everybody with an AWS account (`authenticated-read`) -> remove companion.c0, and set object_ownership = "BucketOwnerEnforced" @ companion.c0',
  ],
  [
    "authenticated-read, ignored",
    bucket({ acls: acl({ canned: "authenticated-read" }) }),
    "pass: no bucket policy lets anyone else in; the ACL grants nothing to anyone but the owner @ companion.c0",
  ],
  [
    "aws-exec-read",
    bucket({ acls: acl({ canned: "aws-exec-read" }) }),
    'fail: the ACL grants access to Amazon EC2\'s own account (`aws-exec-read`) -> remove companion.c0, and set object_ownership = "BucketOwnerEnforced" @ companion.c0',
  ],
  [
    "log-delivery-write",
    bucket({ acls: acl({ canned: "log-delivery-write" }) }),
    'fail: the ACL grants access to the S3 log delivery group (`log-delivery-write`) -> remove companion.c0, and set object_ownership = "BucketOwnerEnforced" @ companion.c0',
  ],
  [
    "no canned ACL",
    bucket({ acls: acl({ canned: "public" }) }),
    'fail: the ACL grants access to nobody knows whom (`public` is no canned ACL) -> remove companion.c0, and set object_ownership = "BucketOwnerEnforced" @ companion.c0',
  ],
  [
    "an unknown canned ACL",
    bucket({ acls: acl({ canned: unknown }) }),
    "undecided: whom the ACL grants access can't be told before apply -> x.y (computed-at-apply) @ companion.c0",
  ],
  [
    "public-read, perhaps ignored",
    bucket({ acls: acl({ canned: "public-read" }), accessBlocks: flags({ ignore_public_acls: unknown }) }),
    "undecided: whom the ACL grants access can't be told before apply -> x.y (computed-at-apply) @ companion.c0",
  ],
  [
    "public-read, perhaps ignored by a block that can't be linked",
    bucket({ acls: acl({ canned: "public-read" }), accessBlocks: unlinked(allFlags) }),
    "undecided: whom the ACL grants access can't be told before apply -> companion.u0.bucket (computed-at-apply) @ companion.c0",
  ],
  [
    "public-read beside an open block that can't be linked",
    bucket({
      acls: acl({ canned: "public-read" }),
      accessBlocks: unlinked({ ...allFlags, ignore_public_acls: false }),
    }),
    'fail: the ACL grants access to everybody (`public-read`) -> remove companion.c0, and set object_ownership = "BucketOwnerEnforced" @ companion.c0',
  ],
  [
    "a secret ACL",
    bucket({
      acls: {
        linked: [
          {
            ...acl({ canned: "aws-exec-read" }).linked[0],
            address: "aws_s3_bucket_acl.a",
            content: { canned: "aws-exec-read", grants: [], owner: null },
            sensitive: true,
          },
        ],
        unlinked: [],
      },
    }),
    'fail: the ACL grants access to others than the owner -> remove aws_s3_bucket_acl.a, and set object_ownership = "BucketOwnerEnforced" @ aws_s3_bucket_acl.a',
  ],
  [
    "an unknown canned ACL, ownership and flag known",
    bucket({
      acls: acl({ canned: unknown }),
      ownership: linked("BucketOwnerPreferred"),
      accountAccessBlocks: unlinked(allFlags),
    }),
    "undecided: whom the ACL grants access can't be told before apply -> x.y (computed-at-apply) @ companion.c0",
  ],
  [
    "unknown grants",
    bucket({ acls: acl({ grants: unknown }) }),
    "undecided: whom the ACL grants access can't be told before apply -> x.y (computed-at-apply) @ companion.c0",
  ],
  [
    "AllUsers",
    bucket({ acls: grants(group("global/AllUsers")), accessBlocks: open }),
    'fail: the ACL grants access to the group `http://acs.amazonaws.com/groups/global/AllUsers` -> remove companion.c0, and set object_ownership = "BucketOwnerEnforced" @ companion.c0',
  ],
  [
    "AuthenticatedUsers",
    bucket({ acls: grants(group("global/AuthenticatedUsers")), accessBlocks: open }),
    'fail: the ACL grants access to the group `http://acs.amazonaws.com/groups/global/AuthenticatedUsers` -> remove companion.c0, and set object_ownership = "BucketOwnerEnforced" @ companion.c0',
  ],
  [
    "AuthenticatedUsers, ignored",
    bucket({ acls: grants(group("global/AuthenticatedUsers")) }),
    "pass: no bucket policy lets anyone else in; the ACL grants nothing to anyone but the owner @ companion.c0",
  ],
  [
    "AllUsers under another type",
    bucket({ acls: grants({ ...group("global/AllUsers"), type: unknown }), accessBlocks: open }),
    'fail: the ACL grants access to the group `http://acs.amazonaws.com/groups/global/AllUsers` -> remove companion.c0, and set object_ownership = "BucketOwnerEnforced" @ companion.c0',
  ],
  [
    "LogDelivery",
    bucket({ acls: grants(group("s3/LogDelivery")) }),
    'fail: the ACL grants access to the group `http://acs.amazonaws.com/groups/s3/LogDelivery` -> remove companion.c0, and set object_ownership = "BucketOwnerEnforced" @ companion.c0',
  ],
  [
    "an unknown group",
    bucket({ acls: grants({ ...group(""), grantee: unknown }), accessBlocks: open }),
    "undecided: whom the ACL grants access can't be told before apply -> x.y (computed-at-apply) @ companion.c0",
  ],
  [
    "the owner",
    bucket({ acls: grants({ type: "CanonicalUser", grantee: "abc", permission: "READ" }) }),
    "pass: no bucket policy lets anyone else in; the ACL grants nothing to anyone but the owner @ companion.c0",
  ],
  [
    "another user",
    bucket({ acls: grants({ type: "CanonicalUser", grantee: "def", permission: "READ" }) }),
    'fail: the ACL grants access to another canonical user -> remove companion.c0, and set object_ownership = "BucketOwnerEnforced" @ companion.c0',
  ],
  [
    "a user by e-mail",
    bucket({ acls: grants({ type: "AmazonCustomerByEmail", grantee: "abc", permission: "READ" }) }),
    "undecided: whom the ACL grants access can't be told before apply -> the account of companion.c0.grant (outside-the-plan) @ companion.c0",
  ],
  [
    "an unknown grantee",
    bucket({ acls: grants({ type: "CanonicalUser", grantee: unknown, permission: "READ" }) }),
    "undecided: whom the ACL grants access can't be told before apply -> x.y (computed-at-apply) @ companion.c0",
  ],
  [
    "an ACL that can't be linked",
    bucket({ acls: unlinked({ canned: "aws-exec-read", grants: [], owner: null }) }),
    "undecided: ACL `companion.u0` may belong to it or to another bucket -> companion.u0.bucket (computed-at-apply)",
  ],
])("s3-owner-account-only: %s", (_, subject, ...expected) => {
  expect(told(s3OwnerAccountOnly.judge(subject, context))).toEqual(expected);
});
