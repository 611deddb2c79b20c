/** The fix that a report shows as code: put where it belongs, it makes the rule pass, in both languages. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingForEmulator } from "../../scripts/emulator";
import { fixCode } from "../../validators/report/fix-code";
import { snippetOf } from "../../validators/report/result-text";
import { RULES } from "../../validators/rules/index";
import { judgeHcl, judgeTypeScript, moduleOf, typeFaults } from "../help/blocks";

jest.setTimeout(240_000);

/** Skipped by name where Terraform isn't there, or its AWS provider is not at hand. */
function terraformTest(name: string, run: () => void): void {
  const missing = missingForEmulator().find((one) => !one.includes("moto"));
  if (missing === undefined) {
    test(name, run);
    return;
  }
  process.stderr.write(`test skipped: ${name}: ${missing}\n`);
  const unavailable = test.skip;
  unavailable(`${name} (skipped: ${missing})`, run);
}

const policy = (statement: string) => `resource "aws_s3_bucket_policy" "site" {
  bucket = aws_s3_bucket.site.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [${statement}] })
}`;
const allow = (resource: string, action: string, condition: string) =>
  `{ Effect = "Allow", Principal = "*", Action = "${action}", Resource = ${resource}\n${condition} }`;
const key = (argument: string) => `resource "aws_kms_key" "site" {\n${argument}\n}`;
const caller = 'data "aws_caller_identity" "current" {}';
const bucket = 'resource "aws_s3_bucket" "site" {\n  bucket = "example-site"\n}';

/** Where each snippet belongs. */
const HCL: Readonly<Record<string, (snippet: string) => string>> = {
  "s3-block-public-access": (snippet) => snippet,
  "s3-encryption-configured": (snippet) => snippet,
  "s3-kms-encryption": (snippet) => snippet,
  "s3-tls-only": policy,
  "s3-encrypted-puts-only": policy,
  "kms-key-rotation": key,
  "kms-no-cross-account": (snippet) =>
    key(`policy = jsonencode({ Version = "2012-10-17", Statement = [${allow('"*"', "kms:*", snippet)}] })\n`) +
    `\n${caller}`,
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
  "s3-kms-encryption": (snippet) => snippet,
  "s3-tls-only": tsPolicy,
  "s3-encrypted-puts-only": tsPolicy,
  "kms-key-rotation": (snippet) => `new KmsKey(this, "other", { ${snippet} });`,
  "kms-no-cross-account": (snippet) =>
    `${tsCaller}new KmsKey(this, "other", { policy: Fn.jsonencode({ Version: "2012-10-17", Statement: [${tsAllow(snippet, "kms:*", '"*"')}] }) });`,
  "s3-owner-account-only": (snippet) => tsCaller + tsPolicy(tsAllow(snippet, "s3:GetObject", "`${bucket.arn}/*`")),
};

const rows = RULES.map((rule) => ({ rule, id: rule.id, snippets: rule.snippets ?? { hcl: "", typescript: "" } }));

test.each(rows)("$id: HCL", async ({ rule, snippets }) => {
  const snippet = fixCode(snippets.hcl, "aws_s3_bucket.site");
  const place = HCL[rule.id];
  const { results } = await judgeHcl(`${bucket}\n${place?.(snippet ?? "")}\n`);
  const own = results.filter((result) => result.rule === rule.id);
  expect(own.map(({ message, verdict }) => [verdict, message])).toEqual([["pass", expect.any(String)]]);
});

/** Buckets and keys that there are many of, and what repeats the policy beside them. */
const REPEATED = [
  { kind: "for_each", key: '["x"]', times: 'for_each = toset(["x", "a]b"])', beside: "for_each = aws_s3_bucket.site" },
  { kind: "count", key: "[1]", times: "count = 2", beside: "count = length(aws_s3_bucket.site)" },
];

/** A rule's fix for one of many, in the code where it belongs. */
function repeatedWhole(id: string, hcl: string, { key: at, times, beside }: (typeof REPEATED)[number]): string {
  const snippet = fixCode(hcl, `module.m["a"].aws_s3_bucket.site${at}`) ?? "";
  const text = (HCL[id]?.(snippet) ?? "")
    .replaceAll(
      "aws_s3_bucket.site.",
      beside.startsWith("for_each") ? "aws_s3_bucket.site[each.key]." : "aws_s3_bucket.site[count.index].",
    )
    .replace(/(resource "aws_s3_bucket_policy" "site" \{)/, `$1\n  ${beside}`);
  const name = times.startsWith("for_each") ? "each.key" : "count.index";
  return `resource "aws_s3_bucket" "site" {\n  ${times}\n  bucket = "example-site-\${${name}}"\n}\n${text}\n`;
}

test.each(rows.flatMap((row) => REPEATED.map((repeated) => ({ ...row, repeated, kind: repeated.kind }))))(
  "$id: HCL for what there is many times by $kind",
  async ({ rule, snippets, repeated }) => {
    const { results } = await judgeHcl(repeatedWhole(rule.id, snippets.hcl, repeated));
    const own = results.filter((result) => result.rule === rule.id);
    expect(own.length).toBeGreaterThan(0);
    expect([...new Set(own.map(({ verdict }) => verdict))]).toEqual(["pass"]);
  },
);

test.each([
  'aws_s3_bucket.site["a]b"]',
  'aws_s3_bucket.site["a\\"]b"]',
  'module.m["aws_s3_bucket.x"].aws_s3_bucket.site["x"]',
])("the key of %s is no part of the fix", (address) => {
  expect(fixCode("EACH-SUBJECT-NAME", address)).toBe("EACH-aws_s3_bucket.site[each.key]-site");
});

const PROVIDER = `provider "aws" {
  region = "eu-west-1"
  access_key = "a"
  secret_key = "b"
  skip_credentials_validation = true
  skip_requesting_account_id = true
}
`;

terraformTest("Terraform takes each of them, for one, by count and by for_each", () => {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-fix-"));
  const { TF_CLI_CONFIG_FILE: _, ...env } = process.env;
  const terraform = (...given: string[]) => spawnSync("terraform", given, { cwd: folder, env, encoding: "utf8" });
  try {
    const calls = rows.flatMap(({ id, snippets }) => {
      const one = `${bucket}\n${HCL[id]?.(fixCode(snippets.hcl, "aws_s3_bucket.site") ?? "")}\n`;
      const many = REPEATED.map((repeated) => repeatedWhole(id, snippets.hcl, repeated));
      return [one, ...many].map((text, i) => {
        const name = `${id}-${["one", "for_each", "count"][i]}`;
        mkdirSync(join(folder, name));
        writeFileSync(join(folder, name, "main.tf"), text);
        return `module "${name}" {\n  source = "./${name}"\n}\n`;
      });
    });
    writeFileSync(join(folder, "main.tf"), PROVIDER + calls.join(""));
    expect(terraform("init", "-no-color").stderr).toBe("");
    expect(terraform("validate", "-no-color").stderr).toBe("");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
