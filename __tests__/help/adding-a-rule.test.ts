/** The rule that `help/adding-a-rule.md` writes is a rule: it has the right types, and judges. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { checkFile, lawsOf, type Rule } from "../../validators/index";
import { blocksOf, root, typeFaults } from "./blocks";

const blocks = blocksOf("help/adding-a-rule.md");
const bodyOf = (tag: string): string => {
  const [body, ...more] = blocks.filter(({ tags }) => tags.includes(tag)).map((block) => block.body);
  if (body === undefined || more.length > 0) throw new Error(`expected one block \`${tag}\``);
  return body;
};
/** As in an installed package, but from the sources. */
const fromSource = (code: string): string => code.replace('from "tollgate"', 'from "../validators/index"');

test("has the right types", () => {
  const use = `declare const plan: string;\n${fromSource(bodyOf("use")).replace("const report =", "export const report =")}`;
  expect(
    typeFaults(
      new Map([
        ["team-no-acls", fromSource(bodyOf("rule"))],
        ["use", use],
        ["laws", `import { expect, test } from "@jest/globals";\n${fromSource(bodyOf("laws"))}`],
      ]),
    ),
  ).toEqual([]);
}, 120_000);

const compiled = (): string =>
  ts.transpileModule(bodyOf("rule"), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  }).outputText;

/** The page's rule, compiled as the page says. */
function loaded(): Rule {
  const exports: { rule?: Rule } = {};
  const load = (name: string) => (name === "tollgate" ? require("../../validators/index") : require(name));
  new Function("require", "exports", compiled())(load, exports);
  if (!exports.rule) throw new Error("expected the page to export a rule");
  return exports.rule;
}

test("keeps the laws, and minds what the page says", async () => {
  const unnoticed = [...(/unnoticed\)\.toEqual\((\[.*?\])\)/.exec(bodyOf("laws")) ?? [])][1] ?? "";
  expect(await lawsOf(loaded())).toEqual({ broken: [], unnoticed: JSON.parse(unnoticed) });
});

test("the command judges by it, says so, and never lets it replace a rule", () => {
  const folder = mkdtempSync(join(root, "__tests__/help/.rule-"));
  try {
    writeFileSync(join(folder, "team-no-acls.cjs"), compiled().replaceAll('"tollgate"', '"../../../dist/index.cjs"'));
    writeFileSync(
      join(folder, "taken.cjs"),
      compiled().replaceAll('"tollgate"', '"../../../dist/index.cjs"').replace("team-no-acls", "s3-tls-only"),
    );
    writeFileSync(join(folder, "none.cjs"), "exports.rule = { id: 'team-x', judge() {} };");
    writeFileSync(join(folder, "main.tf"), bucket);
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [join(root, "dist/cli.cjs"), ...args], { cwd: folder, encoding: "utf8" });
    const { status, stdout } = run("check", ".", "--rules", "./team-no-acls.cjs");
    expect([status, stdout]).toEqual([1, expect.stringContaining("FAIL  team-no-acls  aws_s3_bucket.b")]);
    expect(run("rules", "--rules", "team-no-acls.cjs").stdout).toContain("ACLs are switched off on every bucket");
    expect(run("check", ".", "--rules", "taken.cjs")).toMatchObject({
      status: 2,
      stderr: "tollgate: --rules taken.cjs: there is a rule `s3-tls-only` already: rules are added, never replaced\n",
    });
    expect(run("check", ".", "--rules", "none.cjs")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("another copy"),
    });
    expect(run("check", ".", "--rules", "gone.cjs")).toMatchObject({
      status: 2,
      stderr: "tollgate: --rules gone.cjs: there is no such file or package\n",
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const bucket = 'resource "aws_s3_bucket" "b" {\n  bucket = "example"\n}\n';
const ownership = (value: string) =>
  `resource "aws_s3_bucket_ownership_controls" "b" {\n  bucket = aws_s3_bucket.b.id\n  rule {\n    object_ownership = ${value}\n  }\n}\n`;

test.each([
  ["fail", bucket],
  ["fail", bucket + ownership('"ObjectWriter"')],
  ["pass", bucket + ownership('"BucketOwnerEnforced"')],
  ["undecided", `variable "how" {\n  type = string\n}\n${bucket}${ownership("var.how")}`],
])("judges: %s", async (verdict, hcl) => {
  const rule = loaded();
  const folder = mkdtempSync(join(tmpdir(), "tollgate-rule-"));
  try {
    writeFileSync(join(folder, "main.tf"), hcl);
    const report = await checkFile(folder, { config: {}, rules: [rule] });
    expect(report.results.map(({ rule, address, verdict: given }) => [rule, address, given])).toEqual([
      ["team-no-acls", "aws_s3_bucket.b", verdict],
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
