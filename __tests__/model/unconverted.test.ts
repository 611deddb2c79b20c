/** Attributes that only the configuration tells: the provider's schema converts what is written there. */
import { graphOfConfiguration } from "../../validators/model/index";
import { fromHcl } from "../../validators/source/index";
import { useParser } from "../source/parser";

beforeAll(useParser);

const PROJECT = `
resource "aws_s3_bucket" "b" {
  force_destroy = true
  tags          = { public = true, n = 1, plain = "x" }
}
resource "aws_kms_key" "other" {
  description             = "a"
  deletion_window_in_days = "7"
}
resource "aws_s3_object" "o" {
  key      = "a/b"
  metadata = { f = true }
}
resource "aws_ssm_parameter" "p" { value = true }
resource "aws_iam_group_membership" "g" { users = ["z", "a"] }
resource "aws_s3_bucket_cors_configuration" "c" {
  cors_rule {
    allowed_methods = ["PUT"]
    max_age_seconds = "5"
  }
}
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["s3:PutObject", "s3:GetObject"]
    resources = [aws_s3_bucket.b.arn]
  }
}
`;

const rotationOf = (condition: string) => {
  const text = `${PROJECT}\nresource "aws_kms_key" "k" { enable_key_rotation = ${condition} }`;
  const key = graphOfConfiguration(fromHcl(new Map([["main.tf", text]]))).keys.find(({ address }) =>
    address.endsWith(".k"),
  );
  return typeof key?.rotation === "boolean" ? key.rotation : "unknown";
};

/** What Terraform 1.11.4 says with version 6 of the AWS provider, or nothing. */
test.each<[string, boolean | "unknown"]>([
  ['aws_s3_bucket.b.tags["public"] == "true"', true],
  ['aws_s3_bucket.b.tags["public"] == true', false],
  ['aws_s3_bucket.b.tags.n == "1"', true],
  ['aws_s3_bucket.b.tags.plain == "x"', true],
  ['aws_s3_object.o.metadata.f == "true"', true],
  ["aws_s3_bucket.b.force_destroy == true", true],
  ['aws_s3_bucket.b.force_destroy == "true"', false],
  ['aws_kms_key.other.description == "a"', true],
  ['aws_kms_key.other.deletion_window_in_days == "7"', "unknown"],
  ["aws_ssm_parameter.p.value == true", "unknown"],
  ['aws_s3_object.o.key == "a/b"', true],
  ['tolist(aws_iam_group_membership.g.users)[0] == "z"', "unknown"],
  ['contains(aws_iam_group_membership.g.users, "z")', true],
  ['aws_s3_bucket_cors_configuration.c.cors_rule[*].max_age_seconds == ["5"]', "unknown"],
  ['data.aws_iam_policy_document.d.version == "2012-10-17"', true],
  ["data.aws_iam_policy_document.d.version == null", false],
  ['data.aws_iam_policy_document.d.statement[0].effect == "Allow"', true],
  ['tolist(data.aws_iam_policy_document.d.statement[0].actions)[0] == "s3:PutObject"', "unknown"],
])("%s is %s", (condition, expected) => {
  expect(rotationOf(condition)).toBe(expected);
});
