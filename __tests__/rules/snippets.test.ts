/** The fix that a report shows as code: put where it belongs, it makes the rule pass, in both languages. */
import { snippetOf } from "../../validators/report/result-text";
import { RULES } from "../../validators/rules/index";
import { judgeHcl, judgeTypeScript, moduleOf, typeFaults } from "../help/blocks";

jest.setTimeout(120_000);

const policy = (statement: string) => `resource "aws_s3_bucket_policy" "site" {
  bucket = aws_s3_bucket.site.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [${statement}] })
}`;
const allow = (resource: string, action: string, condition: string) =>
  `{ Effect = "Allow", Principal = "*", Action = "${action}", Resource = ${resource}\n${condition} }`;
const encryption = (rule: string) => `resource "aws_s3_bucket_server_side_encryption_configuration" "site" {
  bucket = aws_s3_bucket.site.id
  rule {
${rule}
  }
}`;
const key = (argument: string) => `resource "aws_kms_key" "site" {\n${argument}\n}`;
const caller = 'data "aws_caller_identity" "current" {}';
const bucket = 'resource "aws_s3_bucket" "site" {\n  bucket = "example-site"\n}';

/** Where each snippet belongs. */
const HCL: Readonly<Record<string, (snippet: string) => string>> = {
  "s3-block-public-access": (snippet) => snippet,
  "s3-encryption-configured": (snippet) => snippet,
  "s3-kms-encryption": (snippet) => `${key("")}\n${encryption(snippet)}`,
  "s3-tls-only": policy,
  "s3-encrypted-puts-only": policy,
  "kms-key-rotation": key,
  "kms-no-cross-account": (snippet) =>
    key(`policy = jsonencode({ Version = "2012-10-17", Statement = [${allow('"*"', "kms:*", snippet)}] })\n`) + caller,
  "s3-owner-account-only": (snippet) =>
    `${policy(allow('"${aws_s3_bucket.site.arn}/*"', "s3:GetObject", snippet))}\n${caller}`,
};

const IMPORTS = `import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Fn } from "cdktf";
void [S3BucketPolicy, S3BucketPublicAccessBlock, S3BucketServerSideEncryptionConfigurationA, DataAwsCallerIdentity, KmsKey, Fn];
`;
const tsPolicy = (statement: string) =>
  `new S3BucketPolicy(this, "p", { bucket: bucket.id, policy: Fn.jsonencode({ Version: "2012-10-17", Statement: [\n${statement}\n] }) });`;
const tsAllow = (snippet: string, action: string, resource: string) =>
  `{ Effect: "Allow", Principal: "*", Action: "${action}", Resource: ${resource},\n${snippet}\n}`;
const tsCaller = 'const caller = new DataAwsCallerIdentity(this, "caller");\n';
const TYPESCRIPT: Readonly<Record<string, (snippet: string) => string>> = {
  "s3-block-public-access": (snippet) => snippet,
  "s3-encryption-configured": (snippet) => snippet,
  "s3-kms-encryption": (snippet) =>
    `new S3BucketServerSideEncryptionConfigurationA(this, "e", { bucket: bucket.id, rule: [{ ${snippet} }] });`,
  "s3-tls-only": tsPolicy,
  "s3-encrypted-puts-only": tsPolicy,
  "kms-key-rotation": (snippet) => `new KmsKey(this, "other", { ${snippet} });`,
  "kms-no-cross-account": (snippet) =>
    `${tsCaller}new KmsKey(this, "other", { policy: Fn.jsonencode({ Version: "2012-10-17", Statement: [${tsAllow(snippet, "kms:*", '"*"')}] }) });`,
  "s3-owner-account-only": (snippet) => tsCaller + tsPolicy(tsAllow(snippet, "s3:GetObject", "`${bucket.arn}/*`")),
};

const rows = RULES.map((rule) => ({ rule, id: rule.id, snippets: rule.snippets ?? { hcl: "", typescript: "" } }));

test.each(rows)("$id: HCL", async ({ rule, snippets }) => {
  const snippet = snippets.hcl.replaceAll("SUBJECT", "aws_s3_bucket.site").replaceAll("NAME", "site");
  const place = HCL[rule.id];
  const { results } = await judgeHcl(`${bucket}\n${place?.(snippet)}\n`);
  const own = results.filter((result) => result.rule === rule.id);
  expect(own.map(({ message, verdict }) => [verdict, message])).toEqual([["pass", expect.any(String)]]);
});

const wholeOf = (id: string, snippet: string): string => IMPORTS + (TYPESCRIPT[id]?.(snippet) ?? "");

test.each(rows)("$id: CDKTF", async ({ rule, snippets }) => {
  const { results } = await judgeTypeScript(wholeOf(rule.id, snippets.typescript));
  const own = results.filter((result) => result.rule === rule.id);
  expect(own.length).toBeGreaterThan(0);
  expect([...new Set(own.map(({ verdict }) => verdict))]).toEqual(["pass"]);
});

test.each([
  ["everyone", "{}", '"*"', true],
  ["a service that may act for anybody", "{}", '{ Service = "cloudfront.amazonaws.com" }', false],
  ["an operator that AWS doesn't have", "{ bool = {} }", '"*"', false],
])("what confines callers is shown only where a caller gets in: %s", async (_, condition, principal, isShown) => {
  const statement = allow('"${aws_s3_bucket.site.arn}/*"', "s3:GetObject", `Condition = ${condition}`);
  const report = await judgeHcl(
    `${bucket}\n${policy(statement.replace('Principal = "*"', `Principal = ${principal}`))}`,
  );
  const result = report.results.find(({ rule, verdict }) => rule === "s3-owner-account-only" && verdict === "fail");
  expect(result && snippetOf(result, RULES) !== undefined).toBe(isShown);
});

test("the CDKTF ones have the right types, and every line fits into a terminal", () => {
  const modules = rows.map(({ id, snippets }): [string, string] => [id, moduleOf(wholeOf(id, snippets.typescript))]);
  expect(typeFaults(new Map(modules))).toEqual([]);
  const lines = rows.flatMap(({ snippets }) => [...snippets.hcl.split("\n"), ...snippets.typescript.split("\n")]);
  expect(lines.filter((line) => line.length > 76)).toEqual([]);
});
