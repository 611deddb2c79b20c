/** `help/configuration.md`: its configuration is one, its notices are said, its waiver in code covers what it says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { TerraformStack, Testing } from "cdktf";
import { check, PRESETS, synthesized, type Waiver, waive } from "../../validators/index";
import { readConfig } from "../../validators/judge/index";
import { render } from "../../validators/report/text";
import { RULES } from "../../validators/rules/index";
import { blocksOf, moduleOf, root, typeFaults } from "./blocks";

const blocks = blocksOf("help/configuration.md");
const bodyOf = (tag: string): string => blocks.find(({ tags }) => tags.includes(tag))?.body ?? "";

test("the configuration is one", () => {
  const ids = RULES.map(({ id }) => id);
  expect(readConfig(JSON.parse(bodyOf("config")), "tollgate.json", ids)).toMatchObject({ account: "123456789012" });
});

test("every preset of ours stands in the table", () => {
  const page = readFileSync(join(root, "help/configuration.md"), "utf8");
  for (const name of Object.keys(PRESETS)) expect(page).toContain(`| \`${name}\` `);
});

test("what is expired, unused and too broad is said like this", async () => {
  const waiver = (rule: string, address: string, expires = "2027-01-31"): Waiver => ({
    rule,
    address,
    expires,
    reason: "old",
    owner: "web-team",
  });
  const bare = { resource: { aws_s3_bucket: { old: { bucket: "x" } } }, terraform: {} };
  const report = await check(bare, {
    today: "2026-06-01",
    config: {
      waivers: [
        waiver("s3-tls-only", "aws_s3_bucket.old", "2026-01-31"),
        waiver("s3-tls-only", "aws_s3_bucket.gone"),
        waiver("s3-kms-encryption", "*"),
      ],
    },
  });
  expect(render(report)).toContain(bodyOf("notices"));
});

test("the waiver in code has the right types, and covers the bucket until its day is over", async () => {
  const code = bodyOf("waive");
  expect(typeFaults(new Map([["waive", moduleOf(code.replace('"tollgate"', '"../validators/index"'))]]))).toEqual([]);
  const stack = new TerraformStack(Testing.app(), "page");
  const bucket = new S3Bucket(stack, "logs");
  new Function("waive", "bucket", code.replace(/^import .*$/m, ""))(waive, bucket);
  const verdict = async (today: string) =>
    (await check(synthesized(stack), { config: {}, today })).results.find(({ rule }) => rule === "s3-kms-encryption")
      ?.verdict;
  expect([await verdict("2027-01-31"), await verdict("2027-02-01")]).toEqual(["waived", "fail"]);
}, 120_000);
