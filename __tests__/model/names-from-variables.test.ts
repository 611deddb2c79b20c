/** Buckets that are called what a variable says, judged without its value: whatever has the same value means the bucket. */
import { useParser } from "../source/parser";
import { verdictWithoutPlan } from "./synthesized";

beforeAll(useParser);

/** The verdict on TLS of a bucket called `var.name`, where a policy for `bucket` denies plain HTTP on these resources. */
function verdictOn(bucket: string, resources: readonly string[], data: object = {}): string | undefined {
  const policy = {
    Version: "2012-10-17",
    Statement: {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: resources,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  };
  return verdictWithoutPlan("s3-tls-only", {
    variable: { name: { type: "string" }, other: { type: "string" } },
    data,
    resource: {
      aws_s3_bucket: { b: { bucket: "${var.name}" } },
      aws_s3_bucket_policy: { p: { bucket, policy: `\${jsonencode(${JSON.stringify(policy)})}` } },
    },
  });
}

const given = "arn:aws:s3:::${var.name}";
const own = "${aws_s3_bucket.b.arn}";

test.each([
  ["the bucket", "${aws_s3_bucket.b.id}", "pass"],
  ["the same variable", "${var.name}", "pass"],
  ["the same variable in a template", '${format("%s", var.name)}', "pass"],
  ["another variable, which may have the same value", "${var.other}", "undecided"],
  ["another name, which the variable may have", "logs", "undecided"],
])("a policy that belongs to %s", (_, bucket, expected) => {
  expect(verdictOn(bucket, [own, `${own}/*`])).toBe(expected);
});

test.each<[string, readonly string[], string]>([
  ["the variable", [given, `${given}/*`], "pass"],
  ["the variable and the bucket", [given, `${own}/*`], "pass"],
  ["the variable, without objects", [given], "fail"],
  ["the variable, without the bucket", [`${given}/*`], "fail"],
  ["another variable", ["arn:aws:s3:::${var.other}", "arn:aws:s3:::${var.other}/*"], "undecided"],
  ["what looks it up", ["${data.aws_s3_bucket.d.arn}", "${data.aws_s3_bucket.d.arn}/*"], "pass"],
])("a policy that names %s", (_, resources, expected) => {
  const data = { aws_s3_bucket: { d: { bucket: "${var.name}" } } };
  expect(verdictOn("${aws_s3_bucket.b.id}", resources, data)).toBe(expected);
});
