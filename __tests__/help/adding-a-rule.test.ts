/** The rule that `help/adding-a-rule.md` writes is a rule: it has the right types, and judges. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { checkFile, type Rule } from "../../validators/index";
import { blocksOf, typeFaults } from "./blocks";

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
      ]),
    ),
  ).toEqual([]);
}, 120_000);

const bucket = 'resource "aws_s3_bucket" "b" {\n  bucket = "example"\n}\n';
const ownership = (value: string) =>
  `resource "aws_s3_bucket_ownership_controls" "b" {\n  bucket = aws_s3_bucket.b.id\n  rule {\n    object_ownership = ${value}\n  }\n}\n`;

test.each([
  ["fail", bucket],
  ["fail", bucket + ownership('"ObjectWriter"')],
  ["pass", bucket + ownership('"BucketOwnerEnforced"')],
  ["undecided", `variable "how" {\n  type = string\n}\n${bucket}${ownership("var.how")}`],
])("judges: %s", async (verdict, hcl) => {
  const { outputText } = ts.transpileModule(bodyOf("rule"), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const exports: { rule?: Rule } = {};
  const load = (name: string) => (name === "tollgate" ? require("../../validators/index") : require(name));
  new Function("require", "exports", outputText)(load, exports);
  if (!exports.rule) throw new Error("expected the page to export a rule");
  const folder = mkdtempSync(join(tmpdir(), "tollgate-rule-"));
  try {
    writeFileSync(join(folder, "main.tf"), hcl);
    const report = await checkFile(folder, { config: {}, rules: [exports.rule] });
    expect(report.results.map(({ rule, address, verdict: given }) => [rule, address, given])).toEqual([
      ["team-no-acls", "aws_s3_bucket.b", verdict],
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
