/** What a folder of configuration holds besides `.tf` files: the files that its expressions read. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const CLI = join(__dirname, "../../dist/cli.cjs");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tollgate-folder-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
};

/** The verdict on the key's policy. */
function verdict(): string {
  const { stdout } = spawnSync(process.execPath, [CLI, "check", "project", "--format", "json"], { cwd: folder });
  const report: { results: { rule: string; verdict: string }[] } = JSON.parse(stdout.toString());
  return report.results.find((one) => one.rule === "kms-no-cross-account")?.verdict ?? "none";
}

const key = (policy: string): string => `resource "aws_kms_key" "k" {\n  policy = ${policy}\n}\n`;
const open =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}]}';
const template = open.replace('"*"', '"${who}"');

test.each([
  ["a template beside it", "", 'templatefile("${path.module}/policy.tftpl", { who = "*" })', "policy.tftpl", template],
  [
    "a template in a folder",
    "",
    'templatefile("policies/policy.tftpl", { who = "*" })',
    "policies/policy.tftpl",
    template,
  ],
  [
    "a file of a module",
    "modules/key",
    'file("${path.module}/policies/open.json")',
    "modules/key/policies/open.json",
    open,
  ],
  ["a file by the root's path", "modules/key", 'file("${path.root}/open.json")', "open.json", open],
])("%s is read", (_, directory, policy, file, content) => {
  write(join("project", directory, "main.tf"), key(policy));
  if (directory !== "") write("project/main.tf", `module "key" {\n  source = "./${directory}"\n}\n`);
  write(join("project", file), content);
  expect(verdict()).toBe("fail");
});

test.each(["../outside.json", "link.json", "missing.json"])("%s is not: the policy stays open", (file) => {
  write("project/main.tf", key(`file("\${path.module}/${file}")`));
  write("outside.json", open);
  symlinkSync(join(folder, "outside.json"), join(folder, "project/link.json"));
  expect(verdict()).toBe("undecided");
});
