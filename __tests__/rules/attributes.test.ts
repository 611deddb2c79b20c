/** Rules that look at attributes: 1, 2, 3, 6, the grants of 7 and the ACLs of 8. */
import { Sym, Text, text, Unknown } from "../../validators/kernel/index";
import type { Bucket, Key } from "../../validators/model/graph";
import { rule as kmsKeyRotation } from "../../validators/rules/kms-key-rotation";
import { rule as kmsNoCrossAccount } from "../../validators/rules/kms-no-cross-account";
import { rule as s3BlockPublicAccess } from "../../validators/rules/s3-block-public-access";
import { rule as s3EncryptionConfigured } from "../../validators/rules/s3-encryption-configured";
import { rule as s3KmsEncryption } from "../../validators/rules/s3-kms-encryption";
import { rule as s3OwnerAccountOnly } from "../../validators/rules/s3-owner-account-only";
import { problemsOf } from "./judgement";
import {
  acl,
  allFlags,
  bucket,
  context,
  encryption,
  grant,
  graph,
  home,
  key,
  linked,
  none,
  unlinked,
} from "./subjects";

const unknown = new Unknown("x.y", "computed-at-apply");
/** What a data source may show of a key besides. */
const unseen = { usage: null, spec: null, customKeyStore: null };
/** The verdict; an undecided with the values that it names. */
const verdict = (rule: typeof s3KmsEncryption, subject: Bucket | Key): string => {
  const judgement = rule.judge(subject, context);
  expect(problemsOf(judgement)).toEqual([]);
  if (judgement.verdict !== "undecided") return judgement.verdict;
  return `undecided: ${judgement.gaps.map((gap) => gap.value).join(", ")}`;
};

describe("s3-block-public-access", () => {
  const flags = (changes: object) => linked({ ...allFlags, ...changes });
  test.each<[string, Partial<Bucket>, string]>([
    ["four flags", {}, "pass"],
    ["four flags as text", { accessBlocks: flags({ ignore_public_acls: "true" }) }, "pass"],
    ["no block", { accessBlocks: none }, "fail"],
    ["a flag unset", { accessBlocks: flags({ ignore_public_acls: null }) }, "fail"],
    ["a flag off as text", { accessBlocks: flags({ block_public_acls: "false" }) }, "fail"],
    ["a flag unknown", { accessBlocks: flags({ block_public_acls: unknown }) }, "undecided: x.y"],
    [
      "a flag unknown, another off",
      { accessBlocks: flags({ block_public_acls: unknown, ignore_public_acls: false }) },
      "fail",
    ],
    ["the account's block alone", { accessBlocks: none, accountAccessBlocks: linked(allFlags) }, "pass"],
    [
      "flags from both blocks",
      {
        accessBlocks: flags({ block_public_acls: false }),
        accountAccessBlocks: linked({ ...allFlags, ignore_public_acls: false }),
      },
      "pass",
    ],
    ["two blocks that differ", { accessBlocks: linked(allFlags, { ...allFlags, block_public_acls: false }) }, "fail"],
    ["a block that can't be linked", { accessBlocks: unlinked(allFlags) }, "undecided: companion.u0.bucket"],
    [
      "an open block that can't be linked",
      { accessBlocks: unlinked({ ...allFlags, block_public_acls: false }) },
      "fail",
    ],
    [
      "a block that can't be linked, and the account's",
      { accessBlocks: unlinked(allFlags), accountAccessBlocks: linked(allFlags) },
      "pass",
    ],
  ])("%s", (_, changes, expected) => {
    expect(verdict(s3BlockPublicAccess, bucket(changes))).toBe(expected);
  });

  test("names the flags that are off and the block that they stand in", () => {
    const judgement = s3BlockPublicAccess.judge(
      bucket({ accessBlocks: flags({ ignore_public_acls: false }) }),
      context,
    );
    expect(judgement).toMatchObject({
      findings: [{ message: expect.stringContaining("`ignore_public_acls`"), related: ["companion.c0"] }],
    });
  });
});

describe("s3-encryption-configured and s3-kms-encryption", () => {
  test.each<[string, Partial<Bucket>, string, string]>([
    ["nothing declared", { encryption: none }, "fail", "fail"],
    ["declared with no rule", { encryption: linked([]) }, "fail", "fail"],
    ["AES256", { encryption: encryption("AES256") }, "pass", "fail"],
    ["aws:kms", { encryption: encryption("aws:kms") }, "pass", "pass"],
    ["aws:kms:dsse", { encryption: encryption("aws:kms:dsse") }, "pass", "pass"],
    ["an algorithm that doesn't exist", { encryption: encryption("aws:kmsx") }, "fail", "fail"],
    ["another case", { encryption: encryption("aes256") }, "fail", "fail"],
    ["no algorithm", { encryption: linked([{ algorithm: null, key: { kind: "none" } }]) }, "fail", "fail"],
    [
      "an unknown algorithm",
      { encryption: linked([{ algorithm: unknown, key: { kind: "none" } }]) },
      "undecided: x.y",
      "undecided: x.y",
    ],
    ["unknown altogether", { encryption: linked(unknown) }, "undecided: x.y", "undecided: x.y"],
    [
      "only computed in the state",
      { encryption: none, encryptionOnlyComputed: true },
      "undecided: aws_s3_bucket.b.server_side_encryption_configuration",
      "undecided: aws_s3_bucket.b.server_side_encryption_configuration",
    ],
    [
      "two configurations, one weak",
      {
        encryption: linked(
          [{ algorithm: "aws:kms", key: { kind: "none" } }],
          [{ algorithm: "AES256", key: { kind: "none" } }],
        ),
      },
      "pass",
      "fail",
    ],
    [
      "a configuration that can't be linked",
      { encryption: { ...unlinked([{ algorithm: "aws:kms", key: { kind: "none" } as const }]) } },
      "undecided: companion.u0.bucket",
      "undecided: companion.u0.bucket",
    ],
  ])("%s", (_, changes, configured, kms) => {
    expect(verdict(s3EncryptionConfigured, bucket(changes))).toBe(configured);
    expect(verdict(s3KmsEncryption, bucket(changes))).toBe(kms);
  });

  const other = new Sym("data.aws_caller_identity.x.account_id", "account-id");
  test.each<[string, Parameters<typeof linked>[0], string]>([
    ["a key of the account in the plan", { kind: "in-plan", key: key() }, "pass"],
    [
      "another account's key in the plan",
      { kind: "in-plan", key: key({ home: { ...home, account: "444455556666" } }) },
      "fail",
    ],
    [
      "a key of another account",
      { kind: "outside", id: "arn:aws:kms:eu-central-1:444455556666:key/k", account: "444455556666" },
      "fail",
    ],
    [
      "an account that isn't known",
      { kind: "outside", id: "x", account: new Text([other]) },
      "undecided: data.aws_caller_identity.x.account_id",
    ],
    ["an alias", { kind: "outside", id: "alias/data" }, "pass"],
    [
      "the own number in another partition",
      {
        kind: "outside",
        id: "arn:aws-cn:kms:cn-north-1:111122223333:key/k",
        account: "111122223333",
        partition: "aws-cn",
      },
      "fail",
    ],
    [
      "a key of the plan in another partition",
      { kind: "in-plan", key: key({ home: { ...home, partition: "aws-cn" } }) },
      "fail",
    ],
    ["an AWS managed key of the account", { kind: "aws-managed", account: "111122223333", partition: "aws" }, "pass"],
    ["an AWS managed key of another account", { kind: "aws-managed", account: "444455556666" }, "fail"],
    [
      "an AWS managed key of an account that can't be told: nobody else could use it",
      { kind: "aws-managed", account: new Text([other]) },
      "pass",
    ],
    [
      "a key that can't be told",
      { kind: "unknown", gaps: [{ value: "x", because: "computed-at-apply" }] },
      "undecided: x",
    ],
  ])("s3-kms-encryption, %s", (_, use, expected) => {
    const subject = bucket({ encryption: linked([{ algorithm: "aws:kms", key: use }]) as Bucket["encryption"] });
    expect(verdict(s3KmsEncryption, subject)).toBe(expected);
  });
});

describe("kms-key-rotation", () => {
  test.each<[string, Partial<Key>, string]>([
    ["on", {}, "pass"],
    ["on as text", { rotation: "true" }, "pass"],
    ["unset", { rotation: null }, "fail"],
    ["off", { rotation: false }, "fail"],
    ["unknown", { rotation: unknown }, "undecided: x.y"],
    ["disabled", { enabled: false }, "fail"],
    ["enabled unknown", { enabled: unknown }, "undecided: x.y"],
    ["off, and enabled unknown", { rotation: false, enabled: unknown }, "fail"],
    ["imported material", { type: "aws_kms_external_key" }, "fail"],
    ["origin EXTERNAL", { origin: "EXTERNAL" }, "fail"],
    ["custom key store", { customKeyStore: "cks-1234567890abcdef0" }, "fail"],
    ["asymmetric, used by a bucket", { spec: "RSA_2048", usedBy: ["aws_s3_bucket.b"] }, "fail"],
    ["spec unknown", { spec: unknown }, "undecided: x.y"],
    [
      "a disabled replica of a rotating key",
      { type: "aws_kms_replica_key", enabled: false, primary: { kind: "in-plan", key: key() } },
      "fail",
    ],
    [
      "replica of a rotating key",
      { type: "aws_kms_replica_key", rotation: null, primary: { kind: "in-plan", key: key() } },
      "pass",
    ],
    [
      "replica of a key that doesn't",
      { type: "aws_kms_replica_key", primary: { kind: "in-plan", key: key({ rotation: false }) } },
      "fail",
    ],
    [
      "replica of a key outside",
      { type: "aws_kms_replica_key", primary: { kind: "outside", id: "arn:aws:kms:us-east-1:111122223333:key/mrk-1" } },
      "undecided: aws_kms_key.k.primary_key_arn",
    ],
  ])("%s", (_, changes, expected) => {
    expect(verdict(kmsKeyRotation, key(changes))).toBe(expected);
  });

  test("an asymmetric key that no bucket uses is no subject", () => {
    const idle = key({ spec: "RSA_2048" });
    const used = key({ address: "aws_kms_key.used", spec: "RSA_2048", usedBy: ["aws_s3_bucket.b"] });
    expect(kmsKeyRotation.subjects(graph({ keys: [idle, used] }))).toEqual([used]);
    expect(kmsNoCrossAccount.subjects(graph({ keys: [idle, used] }))).toEqual([idle, used]);
  });

  test("an asymmetric key is undecided where a bucket's key can't be told", () => {
    const idle = key({ spec: "RSA_2048" });
    const gap = { value: "x.kms_master_key_id", because: "computed-at-apply" } as const;
    const open = bucket({ encryption: linked([{ algorithm: "aws:kms", key: { kind: "unknown", gaps: [gap] } }]) });
    const all = graph({ keys: [idle], buckets: [open] });
    expect(kmsKeyRotation.subjects(all)).toEqual([idle, open]);
    const judgement = kmsKeyRotation.judge(idle, { ...context, graph: all });
    expect(judgement).toMatchObject({ verdict: "undecided", gaps: [gap] });
  });

  test("however many keys ask, each bucket is asked for its key a few times only", () => {
    let asked = 0;
    const counting = (place: number): Bucket => {
      const one = bucket({ address: `aws_s3_bucket.b[${place}]` });
      return Object.defineProperty({ ...one }, "encryption", {
        get() {
          asked++;
          return one.encryption;
        },
      });
    };
    const places = Array.from({ length: 40 }, (_, place) => place);
    const all = graph({
      keys: places.map((place) => key({ address: `aws_kms_key.k[${place}]`, spec: "RSA_2048" })),
      buckets: places.map(counting),
    });
    for (const one of all.keys) kmsKeyRotation.judge(one, { ...context, graph: all });
    kmsKeyRotation.subjects(all);
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(2 * places.length);
  });

  const outside = { kind: "outside", id: "x" } as const;
  const on = (use: object, algorithm = "aws:kms") =>
    bucket({ encryption: linked([{ algorithm, key: use }]) as unknown as Bucket["encryption"] });
  test.each<[string, Bucket, string | null, string | null]>([
    ["on aws/s3", on({ kind: "aws-managed" }), "pass", "pass"],
    [
      "perhaps on aws/s3, by encryption that can't be linked",
      bucket({ encryption: unlinked([{ algorithm: "aws:kms", key: { kind: "aws-managed" } as const }]) }),
      "undecided: companion.u0.bucket",
      "undecided: companion.u0.bucket",
    ],
    [
      "perhaps on a key in the plan",
      bucket({ encryption: unlinked([{ algorithm: "aws:kms", key: { kind: "in-plan", key: key() } as const }]) }),
      null,
      null,
    ],
    [
      "perhaps without KMS",
      bucket({ encryption: unlinked([{ algorithm: "AES256", key: { kind: "none" } as const }]) }),
      null,
      null,
    ],
    ["on another account's aws/s3", on({ kind: "aws-managed", account: "444455556666" }), "pass", "fail"],
    [
      "on aws/s3 of nobody knows whom",
      on({ kind: "aws-managed", account: new Text([new Sym("var.a", "account-id")]) }),
      "pass",
      "pass",
    ],
    [
      "on a key of the own number in another partition",
      on({ kind: "outside", id: "x", account: "111122223333", partition: "aws-cn" }),
      "undecided: aws_s3_bucket.b's key",
      "fail",
    ],
    [
      "on another account's AWS managed key that a data source shows",
      on({
        kind: "outside",
        id: "x",
        account: "444455556666",
        shown: { ...unseen, address: "data.aws_kms_key.k", enabled: true, origin: "AWS_KMS", manager: "AWS" },
      }),
      "pass",
      "fail",
    ],
    ["on no key id", on({ kind: "none" }), "pass", "pass"],
    ["without KMS", on({ kind: "none" }, "AES256"), null, null],
    ["on a key beside no algorithm", bucket({ encryption: linked([{ algorithm: null, key: outside }]) }), null, null],
    ["on a key in the plan", on({ kind: "in-plan", key: key() }), null, null],
    [
      "on a key outside",
      on({ kind: "outside", id: "alias/data" }),
      "undecided: aws_s3_bucket.b's key",
      "undecided: aws_s3_bucket.b's key",
    ],
    [
      "on another account's key",
      on({ kind: "outside", id: "x", account: "444455556666" }),
      "undecided: aws_s3_bucket.b's key",
      "fail",
    ],
    [
      "on a disabled key outside",
      on({
        kind: "outside",
        id: "x",
        shown: { ...unseen, address: "data.aws_kms_key.k", enabled: false, origin: "AWS_KMS", manager: "CUSTOMER" },
      }),
      "fail",
      "undecided: aws_s3_bucket.b's key",
    ],
    [
      "on imported material outside",
      on({
        kind: "outside",
        id: "x",
        shown: { ...unseen, address: "data.aws_kms_key.k", enabled: true, origin: "EXTERNAL", manager: "CUSTOMER" },
      }),
      "fail",
      "undecided: aws_s3_bucket.b's key",
    ],
    [
      "on an AWS managed key that a data source shows",
      on({
        kind: "outside",
        id: "x",
        shown: { ...unseen, address: "data.aws_kms_key.k", enabled: true, origin: "AWS_KMS", manager: "AWS" },
      }),
      "pass",
      "pass",
    ],
  ])("a bucket %s", (_, subject, rotation, outsiders) => {
    const world = graph({ buckets: [subject] });
    expect(kmsKeyRotation.subjects(world).map((one) => verdict(kmsKeyRotation, one as Bucket))).toEqual(
      rotation ? [rotation] : [],
    );
    expect(kmsNoCrossAccount.subjects(world).map((one) => verdict(kmsNoCrossAccount, one as Bucket))).toEqual(
      outsiders ? [outsiders] : [],
    );
  });
});

describe("grants of kms-no-cross-account", () => {
  const role = "role/service-role/reader";
  test.each<[string, Key["grants"], string]>([
    ["none", none, "pass"],
    ["the own account", grant(`arn:aws:iam::111122223333:${role}`), "pass"],
    ["another account", grant(`arn:aws:iam::444455556666:${role}`), "fail"],
    ["the own number in another partition", grant(`arn:aws-cn:iam::111122223333:${role}`), "fail"],
    ["an AWS service", grant("dynamodb.us-east-1.amazonaws.com"), "pass"],
    ["unknown", grant(unknown), "undecided: x.y"],
    [
      "an unknown role of the own account",
      grant(new Text(["arn:aws:iam::111122223333:role/", new Sym("x", "name")])),
      "pass",
    ],
    [
      "a grant that may be for this key",
      unlinked({ grantee: `arn:aws:iam::444455556666:${role}` }),
      "undecided: companion.u0.bucket",
    ],
  ])("%s", (_, grants, expected) => {
    expect(verdict(kmsNoCrossAccount, key({ grants }))).toBe(expected);
  });
});

describe("key policies of kms-no-cross-account", () => {
  const keyId = new Sym("aws_kms_key.k.key_id", "key-id");
  const policy = (...principals: readonly (string | Text)[]) => {
    const statement = (principal: string | Text): (string | Sym)[] => [
      '{"Effect":"Allow","Action":"kms:*","Resource":"*","Principal":{"AWS":"',
      ...(typeof principal === "string" ? [principal] : principal.parts),
      '"}}',
    ];
    const statements = principals.flatMap((principal, i) => [...(i > 0 ? [","] : []), ...statement(principal)]);
    return text(['{"Version":"2012-10-17","Statement":[', ...statements, "]}"]);
  };
  const own = "arn:aws:iam::111122223333:root";
  test.each<[string, string | Text, string]>([
    ["a unique id", "AROAEXAMPLEID1234567", "the account of AROAEXAMPLEID1234567"],
    ["an account that isn't known", new Text(["arn:aws:iam::", new Sym("x.y", "any"), ":root"]), "x.y"],
  ])("the gap of %s names it, not the key, and the statement that lets it in", (_, principal, gap) => {
    const arn = new Text(["arn:aws:kms:eu-central-1:111122223333:key/", keyId]);
    const judged = kmsNoCrossAccount.judge(key({ arn, policies: linked(policy(own, principal)) }), context);
    expect(judged).toMatchObject({ verdict: "undecided", gaps: [{ value: gap }] });
    expect(judged).toMatchObject({ message: expect.stringContaining("is allowed by statement 2") });
  });
});

describe("ACLs of s3-owner-account-only", () => {
  const open = linked({ ...allFlags, ignore_public_acls: false });
  const enforced = linked("BucketOwnerEnforced");
  const user = (grantee: Bucket["acls"]["linked"][number]["content"]["owner"]) => [
    { type: "CanonicalUser", grantee, permission: "READ" },
  ];
  const group = (name: string) => [
    { type: "Group", grantee: `http://acs.amazonaws.com/groups/${name}`, permission: "READ" },
  ];
  test.each<[string, Partial<Bucket>, string]>([
    ["none", {}, "pass"],
    ["private", { acls: acl({ canned: "private" }) }, "pass"],
    ["public-read, voided by ignore_public_acls", { acls: acl({ canned: "public-read" }) }, "pass"],
    ["public-read", { acls: acl({ canned: "public-read" }), accessBlocks: open }, "fail"],
    [
      "public-read under BucketOwnerEnforced",
      { acls: acl({ canned: "public-read" }), accessBlocks: open, ownership: enforced },
      "pass",
    ],
    [
      "public-read under BucketOwnerPreferred",
      { acls: acl({ canned: "public-read" }), accessBlocks: open, ownership: linked("BucketOwnerPreferred") },
      "fail",
    ],
    [
      "public-read under unknown ownership",
      { acls: acl({ canned: "public-read" }), accessBlocks: open, ownership: linked(unknown) },
      "undecided: x.y",
    ],
    ["log-delivery-write, which no flag voids", { acls: acl({ canned: "log-delivery-write" }) }, "fail"],
    ["aws-exec-read", { acls: acl({ canned: "aws-exec-read" }) }, "fail"],
    ["an unknown canned ACL", { acls: acl({ canned: unknown }) }, "undecided: x.y"],
    ["a grant to AllUsers, ignored", { acls: acl({ grants: group("global/AllUsers") }) }, "pass"],
    ["a grant to AllUsers", { acls: acl({ grants: group("global/AllUsers") }), accessBlocks: open }, "fail"],
    ["a grant to LogDelivery", { acls: acl({ grants: group("s3/LogDelivery") }) }, "fail"],
    ["a grant to the owner", { acls: acl({ owner: "abc", grants: user("abc") }) }, "pass"],
    ["a grant to another canonical user", { acls: acl({ owner: "abc", grants: user("def") }) }, "fail"],
    [
      "a grant to a canonical user, owner not named",
      { acls: acl({ grants: user("def") }) },
      "undecided: the account of companion.c0.grant",
    ],
    [
      "two ACLs, one open",
      {
        acls: {
          linked: [...acl({ canned: "private" }).linked, ...acl({ canned: "public-read" }).linked],
          unlinked: [],
        },
        accessBlocks: open,
      },
      "fail",
    ],
  ])("%s", (_, changes, expected) => {
    expect(verdict(s3OwnerAccountOnly, bucket(changes))).toBe(expected);
  });
});
