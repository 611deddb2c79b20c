/** Accounts that resources and data sources name before anything of them is known: AWS's own ones, and the own one. */
import { checkContent } from "../../validators/check";
import { judge } from "../../validators/judge/index";
import type { Verdict } from "../../validators/kernel/index";
import { graphOfConfiguration } from "../../validators/model/index";
import { RULES } from "../../validators/rules/index";
import { fromHcl } from "../../validators/source/index";
import { useParser } from "../source/parser";

beforeAll(useParser);

const AWS_LOG_DELIVERY = "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0";
const SOMEBODY = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";
const sources = `
  resource "aws_cloudfront_origin_access_identity" "o" {}
  data "aws_elb_service_account" "elb" {}
  data "aws_redshift_service_account" "redshift" {}
  data "aws_cloudtrail_service_account" "trail" {}
  data "aws_cloudfront_log_delivery_canonical_user_id" "logs" {}
  data "aws_canonical_user_id" "me" {}
  data "aws_caller_identity" "me" {}`;

function verdictOf(rule: string, address: string, provider: string, hcl: string): Verdict | undefined {
  const input = { path: "main.tf", kind: "source", sha256: "", resources: 0 } as const;
  const text = `provider "aws" {\n region = "us-east-1"\n ${provider}\n}\n${sources}\n${hcl}`;
  const graph = graphOfConfiguration(fromHcl(new Map([["main.tf", text]])));
  const { results } = judge(graph, RULES, input, { version: "0", config: {}, today: "2026-01-01" });
  return results.find((one) => one.rule === rule && one.address === address)?.verdict;
}

const bucket = 'resource "aws_s3_bucket" "b" { bucket = "b" }';
const onBucket = (hcl: string, provider: string) =>
  verdictOf("s3-owner-account-only", "aws_s3_bucket.b", provider, bucket + hcl);

test.each<[string, string, Verdict]>([
  ["a new origin access identity", "{ AWS = aws_cloudfront_origin_access_identity.o.iam_arn }", "fail"],
  ["what S3 calls it", "{ CanonicalUser = aws_cloudfront_origin_access_identity.o.s3_canonical_user_id }", "fail"],
  ["load balancers' old log delivery", "{ AWS = data.aws_elb_service_account.elb.arn }", "fail"],
  ["its number", '{ AWS = "arn:aws:iam::${data.aws_elb_service_account.elb.id}:root" }', "fail"],
  ["Redshift's", "{ AWS = data.aws_redshift_service_account.redshift.arn }", "fail"],
  ["CloudTrail's", "{ AWS = data.aws_cloudtrail_service_account.trail.id }", "fail"],
  ["CloudFront's", "{ CanonicalUser = data.aws_cloudfront_log_delivery_canonical_user_id.logs.id }", "fail"],
  ["CloudFront's, written out", `{ CanonicalUser = "${AWS_LOG_DELIVERY}" }`, "fail"],
  ["a canonical user of nobody knows whom", `{ CanonicalUser = "${SOMEBODY}" }`, "undecided"],
  ["the own account", "{ CanonicalUser = data.aws_canonical_user_id.me.id }", "pass"],
  ["both", `{ CanonicalUser = [data.aws_canonical_user_id.me.id, "${SOMEBODY}"] }`, "undecided"],
])("a bucket policy for %s, whether the own account is known or not", (_, principal, expected) => {
  const policy = `
    resource "aws_s3_bucket_policy" "b" {
      bucket = aws_s3_bucket.b.id
      policy = jsonencode({ Version = "2012-10-17", Statement = [
        { Effect = "Allow", Principal = ${principal}, Action = "s3:GetObject", Resource = "arn:aws:s3:::b/*" }
      ] })
    }`;
  expect(onBucket(policy, 'allowed_account_ids = ["111122223333"]')).toBe(expected);
  expect(onBucket(policy, "")).toBe(expected);
});

test.each<[string, string, Verdict]>([
  ["the own account", "data.aws_canonical_user_id.me.id", "pass"],
  ["CloudFront's log delivery", "data.aws_cloudfront_log_delivery_canonical_user_id.logs.id", "fail"],
  ["CloudFront's log delivery, written out", `"${AWS_LOG_DELIVERY}"`, "fail"],
  ["nobody knows whom", `"${SOMEBODY}"`, "undecided"],
])("an ACL for %s, named or not", (_, id, expected) => {
  const grant = (owner: string) => `
    resource "aws_s3_bucket_acl" "b" {
      bucket = aws_s3_bucket.b.id
      access_control_policy {
        ${owner}
        grant {
          permission = "READ"
          grantee {
            type = "CanonicalUser"
            id   = ${id}
          }
        }
      }
    }`;
  expect(onBucket(grant("owner { id = data.aws_canonical_user_id.me.id }"), "")).toBe(expected);
  const inline = `resource "aws_s3_bucket" "b" {
    bucket = "b"
    grant {
      id          = ${id}
      type        = "CanonicalUser"
      permissions = ["FULL_CONTROL"]
    }
  }`;
  expect(verdictOf("s3-owner-account-only", "aws_s3_bucket.b", "", inline)).toBe(expected);
});

test.each<[string, Verdict]>([
  ["data.aws_caller_identity.me.arn", "pass"],
  ["aws_cloudfront_origin_access_identity.o.iam_arn", "fail"],
])("a grant of a key to %s", (principal, expected) => {
  const hcl = `
    resource "aws_kms_key" "k" { enable_key_rotation = true }
    resource "aws_kms_grant" "g" {
      key_id            = aws_kms_key.k.key_id
      grantee_principal = ${principal}
      operations        = ["Decrypt"]
    }`;
  expect(verdictOf("kms-no-cross-account", "aws_kms_key.k", "", hcl)).toBe(expected);
});

test("a state's lone grant is the owner's as long as nothing shows another owner", () => {
  const resource = (mode: string, type: string, values: object) => ({
    address: `${mode === "data" ? "data." : ""}${type}.b`,
    mode,
    type,
    name: "b",
    provider_name: "registry.terraform.io/hashicorp/aws",
    values,
  });
  const grant = [{ id: SOMEBODY, permissions: ["FULL_CONTROL"], type: "CanonicalUser", uri: "" }];
  const verdict = (...more: object[]) => {
    const resources = [resource("managed", "aws_s3_bucket", { bucket: "b", id: "b", grant }), ...more];
    const state = { format_version: "1.0", values: { root_module: { resources } } };
    const { results } = checkContent(state, "state.json", { config: {}, today: "2026-01-01" });
    return results.find(({ rule }) => rule === "s3-owner-account-only")?.verdict;
  };
  expect(verdict()).toBe("pass");
  expect(verdict(resource("data", "aws_canonical_user_id", { id: SOMEBODY }))).toBe("pass");
  expect(verdict(resource("data", "aws_canonical_user_id", { id: "0".repeat(64) }))).toBe("undecided");
});
