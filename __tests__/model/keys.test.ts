/** What the names of keys stand for in configuration that Terraform can't be made to plan, or that no plan shows in one go. */
import { show, Unknown } from "../../validators/kernel/index";
import { buildGraph, graphOfConfiguration, type KeyUse, WANTED_TYPES } from "../../validators/model/index";
import { readPlan } from "../../validators/plan/index";
import { fromHcl } from "../../validators/source/index";
import { useParser } from "../source/parser";

beforeAll(useParser);

const told = (use: KeyUse | undefined): string => {
  switch (use?.kind) {
    case "in-plan":
      return use.key.address;
    case "outside":
      return `outside, of ${use.account === undefined ? "the own account" : show(use.account)}`;
    case "unknown":
      return `unknown: ${use.gaps.map((gap) => gap.value).join(", ")}`;
    case "aws-managed":
      return use.account === undefined ? use.kind : `aws-managed, of ${show(use.account)}`;
    default:
      return use?.kind ?? "no rule";
  }
};

/** The key that a bucket uses whose default encryption names it by an expression. */
function keyNamedBy(expression: string, more: string): string {
  const encryption = `
    provider "aws" { region = "us-east-1" }
    provider "aws" {
      alias  = "other"
      region = "us-west-2"
    }
    resource "aws_s3_bucket" "b" { bucket = "b" }
    resource "aws_s3_bucket_server_side_encryption_configuration" "b" {
      bucket = aws_s3_bucket.b.id
      rule {
        apply_server_side_encryption_by_default {
          sse_algorithm     = "aws:kms"
          kms_master_key_id = ${expression}
        }
      }
    }`;
  const [bucket] = graphOfConfiguration(fromHcl(new Map([["main.tf", encryption + more]]))).buckets;
  const content = bucket?.encryption.linked[0]?.content;
  return told(Array.isArray(content) ? content[0]?.key : undefined);
}

const key = `
  resource "aws_kms_key" "k" { multi_region = true }
  resource "aws_kms_alias" "a" {
    name          = "alias/a"
    target_key_id = aws_kms_key.k.key_id
  }`;
const replica = `
  resource "aws_kms_replica_key" "r" {
    provider        = aws.other
    primary_key_arn = aws_kms_key.k.arn
  }`;
const circle = `
  resource "aws_kms_alias" "a" {
    name          = "alias/a"
    target_key_id = data.aws_kms_key.d.arn
  }
  data "aws_kms_key" "d" { key_id = aws_kms_alias.a.name }
  data "aws_kms_alias" "one" { name = data.aws_kms_alias.two.target_key_arn }
  data "aws_kms_alias" "two" { name = data.aws_kms_alias.one.target_key_arn }`;
const elsewhere = `
  data "aws_kms_alias" "d" {
    provider = aws.other
    name     = "alias/shared"
  }
  data "aws_kms_key" "d" {
    provider = aws.other
    key_id   = "alias/shared"
  }`;

test.each<[string, string, string]>([
  ["aws_kms_alias.a.name", key, "aws_kms_key.k"],
  ["data.aws_kms_alias.d.target_key_arn", `${key} data "aws_kms_alias" "d" { name = "alias/a" }`, "aws_kms_key.k"],
  ["data.aws_kms_key.d.arn", `${key} data "aws_kms_key" "d" { key_id = "alias/a" }`, "aws_kms_key.k"],
  ['"arn:aws:kms:us-east-1:111122223333:key/${aws_kms_key.k.key_id}"', key, "aws_kms_key.k"],
  ['"arn:aws-cn:kms:us-east-1:111122223333:key/${aws_kms_key.k.key_id}"', key, "outside, of 111122223333"],
  // a replica has the key id of its primary
  ['"arn:aws:kms:us-west-2:111122223333:key/${aws_kms_key.k.key_id}"', key + replica, "outside, of 111122223333"],
  ["aws_kms_replica_key.r.arn", key + replica, "aws_kms_replica_key.r"],
  ["aws_kms_replica_key.r.key_id", key + replica, "aws_kms_key.k"],
  ['"alias/aws/s3"', "", "aws-managed"],
  [
    '"arn:aws:kms:us-east-1:${data.aws_caller_identity.c.id}:alias/aws/s3"',
    'data "aws_caller_identity" "c" {}',
    "aws-managed, of ${data.aws_caller_identity.c.account_id}",
  ],
  ['"arn:aws:kms:us-east-1:444455556666:alias/aws/s3"', "", "aws-managed, of 444455556666"],
  // text that may be anything may be the beginning of another account's ARN
  ['"${terraform_data.t.id}:alias/aws/s3"', 'resource "terraform_data" "t" {}', "unknown: terraform_data.t.id"],
  [
    "data.aws_kms_alias.d.target_key_arn",
    'data "aws_kms_alias" "d" { name = "alias/aws/s3" }',
    "aws-managed, of ${provider.aws.account_id}",
  ],
  [
    "data.aws_kms_key.d.arn",
    'data "aws_kms_key" "d" { key_id = "alias/aws/s3" }',
    "aws-managed, of ${provider.aws.account_id}",
  ],
  [
    "data.aws_kms_key.d.arn",
    elsewhere.replace("alias/shared", "x").replace("alias/shared", "alias/aws/s3"),
    "aws-managed, of ${provider.aws.other.account_id}",
  ],
  ['"alias/shared"', "", "outside, of the own account"],
  // what another provider configuration looks up may be another account's
  ["data.aws_kms_alias.d.target_key_arn", elsewhere, "outside, of ${provider.aws.other.account_id}"],
  ["data.aws_kms_key.d.arn", elsewhere, "outside, of ${provider.aws.other.account_id}"],
  // text that may be anything may be another account's key
  [
    "data.aws_ebs_default_kms_key.d.key_arn",
    'data "aws_ebs_default_kms_key" "d" {}',
    "unknown: data.aws_ebs_default_kms_key.d.key_arn",
  ],
  [
    '"arn:aws:kms:us-east-1:${terraform_data.t.id}:key/x"',
    'resource "terraform_data" "t" {}',
    "unknown: terraform_data.t.id",
  ],
  // and so may an ARN whose account is a name
  ['"arn:aws:kms:us-east-1:${random_id.r.hex}:key/x"', 'resource "random_id" "r" {}', "unknown: random_id.r.hex"],
  ['"alias/${terraform_data.t.id}"', 'resource "terraform_data" "t" {}', "outside, of the own account"],
  // Terraform refuses circles; they must not be followed for ever
  ["aws_kms_alias.a.name", circle, "outside, of ${provider.aws.account_id}"],
  ["data.aws_kms_alias.one.target_key_arn", circle, "unknown: data.aws_kms_alias.one.target_key_arn"],
])("%s", (expression, more, expected) => {
  expect(keyNamedBy(expression, more)).toBe(expected);
});

describe("a key and its replica have one id", () => {
  const twins = (west: string): string => `
    provider "aws" { region = "us-east-1" }
    provider "aws" {
      alias  = "west"
      ${west}
    }
    resource "aws_kms_key" "k" { multi_region = true }
    resource "aws_kms_replica_key" "r" {
      provider        = aws.west
      primary_key_arn = aws_kms_key.k.arn
    }`;
  const policy = (provider: string, id: string): string => `
    resource "aws_kms_key_policy" "p" {
      provider = ${provider}
      key_id   = ${id}
      policy   = "{}"
    }`;
  const ownersOf = (text: string): string[] =>
    graphOfConfiguration(fromHcl(new Map([["main.tf", text]]))).keys.flatMap(({ address, policies }) => [
      ...policies.linked.map(() => address),
      ...policies.unlinked.map(({ gap }) => `perhaps ${address}: ${gap.value}`),
    ]);

  const known = 'region = "us-west-2"';
  test.each([
    ["the primary's by its id", known, "aws", "aws_kms_key.k.key_id", ["aws_kms_key.k"]],
    ["the primary's by the replica's id", known, "aws", "aws_kms_replica_key.r.id", ["aws_kms_key.k"]],
    ["the replica's by its id", known, "aws.west", "aws_kms_replica_key.r.key_id", ["aws_kms_replica_key.r"]],
    ["the replica's by the primary's id", known, "aws.west", "aws_kms_key.k.id", ["aws_kms_replica_key.r"]],
    ["the primary's by its ARN from elsewhere", known, "aws.west", "aws_kms_key.k.arn", ["aws_kms_key.k"]],
    ["the replica's where its region isn't known", "", "aws.west", "aws_kms_key.k.id", ["aws_kms_replica_key.r"]],
  ])("a policy is %s", (_, west, provider, id, expected) => {
    expect(ownersOf(twins(west) + policy(provider, id))).toEqual(expected);
  });

  test("a policy in a region of neither is neither's, and in one that nobody knows either's", () => {
    const third = (region: string): string => `provider "aws" {\n alias = "third"\n ${region}\n}`;
    const text = twins(known) + policy("aws.third", "aws_kms_key.k.id");
    expect(ownersOf(text + third('region = "eu-west-1"'))).toEqual([]);
    expect(ownersOf(text + third(""))).toEqual(
      ["aws_kms_key.k", "aws_kms_replica_key.r"].map((key) => `perhaps ${key}: aws_kms_key_policy.p.region`),
    );
  });
});

test("a standalone policy that goes may be the replica's: what the key has then stays open", () => {
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
  const keyIn = (region: string, type: string, name: string) => {
    const values = { key_id: "mrk-1", id: "mrk-1", arn: `arn:aws:kms:${region}:111122223333:key/mrk-1`, policy };
    return {
      address: `${type}.${name}`,
      mode: "managed",
      type,
      name,
      provider_name: "registry.terraform.io/hashicorp/aws",
      change: { actions: ["no-op"], before: values, after: values, after_unknown: {} },
    };
  };
  const gone = {
    ...keyIn("", "aws_kms_key_policy", "p"),
    change: { actions: ["delete"], before: { key_id: "mrk-1", policy }, after: null, after_unknown: false },
  };
  const contentsOf = (...more: object[]): unknown[] => {
    const primary = keyIn("us-east-1", "aws_kms_key", "k");
    const plan = { format_version: "1.2", resource_changes: [primary, ...more, gone] };
    const { keys } = buildGraph(readPlan([Buffer.from(JSON.stringify(plan))], { wanted: WANTED_TYPES }));
    return keys.map(({ policies }) => policies.linked.map(({ content }) => content instanceof Unknown));
  };
  expect(contentsOf()).toEqual([[]]);
  expect(contentsOf(keyIn("us-west-2", "aws_kms_replica_key", "r"))).toEqual([[true], [true]]);
});

test("a plan's data source shows whether a key is enabled, where its material is from, and who manages it", () => {
  const arn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  const encryption = {
    address: "aws_s3_bucket_server_side_encryption_configuration.e",
    values: { bucket: "b", rule: [{ apply_server_side_encryption_by_default: [{ kms_master_key_id: arn }] }] },
  };
  const shown = { enabled: false, origin: "EXTERNAL", key_manager: "CUSTOMER" };
  const state = {
    format_version: "1.0",
    terraform_version: "1.11.4",
    values: {
      root_module: {
        resources: [
          { address: "aws_s3_bucket.b", values: { bucket: "b" } },
          encryption,
          { address: "data.aws_kms_key.d", mode: "data", values: { arn, key_id: arn, ...shown } },
        ],
      },
    },
  };
  const [bucket] = buildGraph(readPlan([Buffer.from(JSON.stringify(state))], { wanted: WANTED_TYPES })).buckets;
  const content = bucket?.encryption.linked[0]?.content;
  expect(Array.isArray(content) ? content[0]?.key : undefined).toMatchObject({
    shown: { enabled: false, origin: "EXTERNAL", manager: "CUSTOMER" },
  });
});

test("a grant or policy of a key outside the plan is said to be judged by nobody", () => {
  const outside = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  const { notices } = graphOfConfiguration(
    fromHcl(
      new Map([
        [
          "main.tf",
          `provider "aws" { region = "us-east-1" }
           resource "aws_kms_key" "k" {}
           resource "aws_kms_grant" "inside" {
             key_id            = aws_kms_key.k.key_id
             grantee_principal = "arn:aws:iam::111122223333:role/r"
             operations        = ["Decrypt"]
           }
           resource "aws_kms_grant" "outside" {
             key_id            = "${outside}"
             grantee_principal = "arn:aws:iam::444455556666:root"
             operations        = ["Decrypt"]
           }
           resource "aws_kms_key_policy" "outside" {
             key_id = "${outside}"
             policy = "{}"
           }`,
        ],
      ]),
    ),
  );
  const message = "belongs to a KMS key that is not in this plan, which is not judged";
  expect(notices).toEqual([
    { address: "aws_kms_grant.outside", message },
    { address: "aws_kms_key_policy.outside", message },
  ]);
});
