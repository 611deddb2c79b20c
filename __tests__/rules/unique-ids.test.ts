/** Principals that policies name by unique ids: of roles and users that are made, that are there already, and of nobody knows whom. */
import { checkContent } from "../../validators/check";
import { judge } from "../../validators/judge/index";
import type { Verdict } from "../../validators/kernel/index";
import { graphOfConfiguration } from "../../validators/model/index";
import { RULES } from "../../validators/rules/index";
import { fromHcl } from "../../validators/source/index";
import { useParser } from "../source/parser";

beforeAll(useParser);

const principals = `
  provider "aws" {
    region              = "us-east-1"
    allowed_account_ids = ["123456789012"]
  }
  provider "aws" {
    alias               = "other"
    region              = "us-east-1"
    allowed_account_ids = ["444455556666"]
  }
  provider "aws" {
    alias  = "somebody"
    region = "us-east-1"
  }
  data "aws_caller_identity" "me" {}
  resource "aws_iam_role" "own" { name = "own" }
  resource "aws_iam_user" "own" { name = "own" }
  resource "aws_iam_role" "other" {
    provider = aws.other
    name     = "other"
  }
  resource "aws_iam_role" "somebody" {
    provider = aws.somebody
    name     = "somebody"
  }`;

function verdictsOn(statements: string): ReadonlyMap<string, Verdict> {
  const hcl = `${principals}
    resource "aws_s3_bucket" "b" { bucket = "b" }
    resource "aws_s3_bucket_policy" "b" {
      bucket = aws_s3_bucket.b.id
      policy = jsonencode({ Version = "2012-10-17", Statement = [${statements}] })
    }`;
  const input = { path: "main.tf", kind: "source", sha256: "", resources: 0 } as const;
  const graph = graphOfConfiguration(fromHcl(new Map([["main.tf", hcl]])));
  const { results } = judge(graph, RULES, input, { version: "0", config: {}, today: "2026-01-01" });
  return new Map(results.map(({ rule, verdict }) => [rule, verdict]));
}

const allow = (principal: string, condition = "") =>
  `{ Effect = "Allow", Principal = ${principal}, Action = "s3:GetObject", Resource = "arn:aws:s3:::b/*"${condition && `, Condition = ${condition}`} }`;
const ofUser = (operator: string, ...values: string[]) => `{ ${operator} = { "aws:userId" = [${values.join(", ")}] } }`;

const rows: [name: string, verdict: Verdict, statements: string][] = [
  ["an own role", "pass", allow("{ AWS = aws_iam_role.own.unique_id }")],
  ["an own user", "pass", allow("{ AWS = [aws_iam_user.own.unique_id] }")],
  ["another account's role", "fail", allow("{ AWS = aws_iam_role.other.unique_id }")],
  ["a role of an account that can't be told", "undecided", allow("{ AWS = aws_iam_role.somebody.unique_id }")],
  ["whoever plans, by a source that isn't read yet", "pass", allow("{ AWS = data.aws_caller_identity.me.arn }")],
  ["an id of nobody knows whom", "undecided", allow('{ AWS = "AROA3XFRBF535PLBIFPI4" }')],
  ["own sessions", "pass", allow('"*"', ofUser("StringLike", '"${aws_iam_role.own.unique_id}:*"'))],
  ["an own user by id", "pass", allow('"*"', ofUser("StringEquals", "aws_iam_user.own.unique_id"))],
  ["own sessions without colon", "pass", allow('"*"', ofUser("StringLike", '"${aws_iam_role.own.unique_id}*"'))],
  ["others' sessions", "fail", allow('"*"', ofUser("StringLike", '"${aws_iam_role.other.unique_id}:*"'))],
  ["somebody's sessions", "undecided", allow('"*"', ofUser("StringLike", '"${aws_iam_role.somebody.unique_id}:*"'))],
  ["all but own sessions", "fail", allow('"*"', ofUser("StringNotLike", '"${aws_iam_role.own.unique_id}:*"'))],
  [
    "own sessions and everybody",
    "fail",
    allow('"*"', ofUser("StringLike", '"${aws_iam_role.own.unique_id}:*"', '"*"')),
  ],
  [
    "own sessions, whoever they say they are",
    "pass",
    allow('{ AWS = "444455556666" }', ofUser("StringLike", '"${aws_iam_role.own.unique_id}:*"')),
  ],
];

test.each(rows)("%s: %s", (_name, verdict, statements) => {
  expect(verdictsOn(statements).get("s3-owner-account-only")).toBe(verdict);
});

const denyHttp = (exception: string) =>
  `{ Effect = "Deny", Principal = "*", Action = "s3:*", Resource = ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], Condition = { Bool = { "aws:SecureTransport" = "false" }${exception} } }`;

test.each([
  ["nobody", "pass", ""],
  ["an own role", "fail", ', StringNotLike = { "aws:userId" = "${aws_iam_role.own.unique_id}:*" }'],
  ["an own role without colon", "fail", ', StringNotLike = { "aws:userId" = "${aws_iam_role.own.unique_id}*" }'],
  ["an own user", "fail", ', StringNotEquals = { "aws:userId" = aws_iam_user.own.unique_id }'],
])("plain HTTP is denied to all but %s: %s", (_name, verdict, exception) => {
  expect(verdictsOn(denyHttp(exception)).get("s3-tls-only")).toBe(verdict);
});

/** A state with a role, and a key that names the role by its id. */
function stateWith(roleId: string): object {
  const head = { mode: "managed", provider_name: "registry.terraform.io/hashicorp/aws", schema_version: 0 };
  const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "kms:*", Resource: "*" }] };
  const statement = { ...policy.Statement[0], Principal: { AWS: "AROA3XFRBF535PLBIFPI4" } };
  const arn = (service: string, region: string, rest: string) => `arn:aws:${service}:${region}:123456789012:${rest}`;
  const resources = [
    {
      ...head,
      address: "aws_iam_role.r",
      type: "aws_iam_role",
      name: "r",
      values: { arn: arn("iam", "", "role/r"), name: "r", unique_id: roleId },
    },
    {
      ...head,
      address: "aws_kms_key.k",
      type: "aws_kms_key",
      name: "k",
      values: {
        arn: arn("kms", "us-east-1", "key/1234abcd-12ab-34cd-56ef-1234567890ab"),
        enable_key_rotation: true,
        policy: JSON.stringify({ ...policy, Statement: [statement] }),
      },
    },
  ];
  return { format_version: "1.0", terraform_version: "1.11.4", values: { root_module: { resources } } };
}

test.each([
  ["of a role that is there", "pass", "AROA3XFRBF535PLBIFPI4"],
  ["of another one", "undecided", "AROAZZZZZZZZZZZZZZZZZ"],
])("an id that is written out, %s: %s", (_name, verdict, id) => {
  const { results } = checkContent(stateWith(id), "state.json", { config: {}, today: "2026-01-01" });
  expect(results.find(({ rule }) => rule === "kms-no-cross-account")?.verdict).toBe(verdict);
});
