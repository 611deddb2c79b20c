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

interface Report {
  readonly input: { readonly sha256: string };
  readonly results: readonly { readonly rule: string; readonly address: string; readonly verdict: string }[];
}

function report(): Report {
  const { stdout } = spawnSync(process.execPath, [CLI, "check", "project", "--format", "json"], { cwd: folder });
  return JSON.parse(stdout.toString());
}

/** The verdicts on the keys' policies. */
const verdicts = (): readonly (readonly [string, string])[] =>
  report().results.flatMap((one) => (one.rule === "kms-no-cross-account" ? [[one.address, one.verdict] as const] : []));

/** The verdict on the only key's policy. */
const verdict = (): string => verdicts()[0]?.[1] ?? "none";

const key = (policy: string): string => `resource "aws_kms_key" "k" {\n  policy = ${policy}\n}\n`;
const open =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}]}';
const own =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}]}';
const account = 'provider "aws" {\n  region = "eu-west-1"\n  allowed_account_ids = ["111122223333"]\n}\n';
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

test.each([
  ["by an instance's key", 'for_each = toset(["own", "open"])', 'file("${path.module}/${each.key}.json")', ""],
  ["by a local", "", "file(local.file)", 'locals {\n  file = "${path.root}/policies/${var.name}.json"\n}\n'],
  ["in a folder that is searched", 'for_each = fileset(path.module, "o*n.json")', "file(each.value)", ""],
  [
    "by a template, which reads a file itself",
    "",
    'templatefile("${path.module}/t${"pl"}.tftpl", { file = "policies/open.json" })',
    "",
  ],
])("a file that is named %s is read", (_, repeated, policy, more) => {
  write("project/main.tf", `${account}${more}variable "name" {\n  default = "open"\n}\n`);
  write("project/key.tf", key(policy).replace("{\n", `{\n  ${repeated}\n`));
  for (const directory of ["project", "project/policies"]) {
    write(`${directory}/own.json`, own);
    write(`${directory}/open.json`, open);
  }
  write("project/tpl.tftpl", '${file("${file}")}');
  const found = verdicts();
  expect(found.length).toBe(repeated === "" ? 1 : 2);
  for (const [address, verdict] of found)
    expect([address, verdict]).toEqual([address, /own/.test(address) ? "pass" : "fail"]);
});

test("a name that isn't known, or leads out of the project, leaves its policy open", () => {
  write("outside.json", own);
  const names = ["${var.name}", "../outside", "x/../../outside", '${abspath("outside")}', "~/outside"];
  const keys = names.map((name, i) => key(`file("${name}.json")`).replace('"k"', `"k${i}"`));
  write("project/main.tf", `${account}variable "name" {}\n${keys.join("")}`);
  expect(verdicts().map(([, verdict]) => verdict)).toEqual(Array.from({ length: 5 }, () => "undecided"));
});

test("the digest of a folder covers the files that were read", () => {
  write("project/main.tf", `${account}${key('file("${"own"}.json")')}`);
  write("project/other.json", "{}");
  const digestWith = (policy: string): string => {
    write("project/own.json", policy);
    return report().input.sha256;
  };
  const [one, other] = [digestWith(own), digestWith(open)];
  expect(one).toMatch(/^[0-9a-f]{64}$/);
  expect(other).not.toBe(one);
  write("project/other.json", "{ }");
  expect(digestWith(own)).toBe(one);
});

const manifest = (source: string, directory: string): string =>
  JSON.stringify({
    Modules: [
      { Key: "", Source: "", Dir: "." },
      { Key: "key", Source: source, Version: "1.0.0", Dir: directory },
    ],
  });

test.each([
  ["that was fetched", "registry.terraform.io/acme/key/aws", ".terraform/modules/key", "fail"],
  ["that was fetched for another source", "registry.terraform.io/acme/lock/aws", ".terraform/modules/key", "undecided"],
  ["that is said to be elsewhere", "registry.terraform.io/acme/key/aws", "../fetched/key", "undecided"],
  [
    "that is hidden elsewhere",
    "registry.terraform.io/acme/key/aws",
    ".terraform/modules/../../../fetched/key",
    "undecided",
  ],
])("a module %s", (_, source, directory, expected) => {
  write("project/main.tf", 'module "key" {\n  source = "acme/key/aws"\n}\n');
  write("project/.terraform/modules/modules.json", manifest(source, directory));
  write("project/.terraform/modules/key/main.tf", key('file("${path.module}/open.json")'));
  write("project/.terraform/modules/key/open.json", open);
  write("fetched/key/main.tf", key(`jsonencode(${open.replaceAll('":', '"=')})`));
  expect(verdict()).toBe(expected);
});

test.each([
  ["its own file", "${path.module}/open.json", "fail"],
  ["its own file in a folder", "${path.module}/policies/open.json", "fail"],
  ["the root's file", "${path.root}/open.json", "fail"],
  ["a file beside it", "${path.module}/../open.json", "undecided"],
  ["a file of a folder that is called alike", "${path.module}/../key-other/open.json", "undecided"],
  ["a file by a link that leads out", "${path.module}/link.json", "undecided"],
  ["a file of a module that nobody calls", "${path.module}/../lock/open.json", "undecided"],
])("a module beside the root reads %s", (_, path, expected) => {
  write("project/main.tf", `${account}module "key" {\n  source = "../modules/key"\n}\n`);
  write("modules/key/main.tf", key(`file("${path}")`));
  write("modules/lock/main.tf", key("null"));
  const places = ["modules/key", "modules/key/policies", "project", "modules", "modules/key-other", "modules/lock"];
  for (const place of places) write(`${place}/open.json`, open);
  symlinkSync(join(folder, "modules/open.json"), join(folder, "modules/key/link.json"));
  expect(verdict()).toBe(expected);
});

describe("a synthesized stack", () => {
  const stack = (more: object): void => {
    const provider = { aws: [{ region: "eu-west-1", allowed_account_ids: ["111122223333"] }] };
    write("project/cdk.tf.json", JSON.stringify({ provider, ...more }));
  };
  const byFile = (path: string) => ({ resource: { aws_kms_key: { k: { policy: `\${file("${path}")}` } } } });

  test.each([
    ["assets/x/own.json", "pass"],
    ["assets/x/open.json", "fail"],
    ["../own.json", "undecided"],
  ])("reads the asset %s", (path, expected) => {
    stack(byFile(path));
    for (const directory of [".", "project/assets/x"]) write(`${directory}/own.json`, own);
    write("project/assets/x/open.json", open);
    expect(verdict()).toBe(expected);
  });

  test.each(["./assets/module", "acme/key/aws"])("has the module %s", (source) => {
    stack({ module: { key: { source, file: "open.json" } } });
    const directory = source.startsWith(".") ? "project/assets/module" : "project/.terraform/modules/key";
    write(
      "project/.terraform/modules/modules.json",
      manifest("registry.terraform.io/acme/key/aws", ".terraform/modules/key"),
    );
    write(`${directory}/main.tf`, `variable "file" {}\n${key('file("${path.module}/${var.file}")')}`);
    write(`${directory}/open.json`, open);
    // what lies in other folders is none of the stack's
    write("project/assets/other.tf", 'resource "aws_kms_key" "other" {}');
    expect(verdicts()).toEqual([["module.key.aws_kms_key.k", "fail"]]);
    // what lies beside it is: Terraform reads all files of a folder
    write("project/other.tf", 'resource "aws_kms_key" "other" {}');
    expect(verdicts()).toEqual([
      ["aws_kms_key.other", "pass"],
      ["module.key.aws_kms_key.k", "fail"],
    ]);
  });
});

test("a plan that leaves something open says that its code would tell, where none is at hand", () => {
  const change = (type: string, expressions: object, values: object, unknown: object) => ({
    resource: { address: `${type}.b`, mode: "managed", type, name: "b", provider_config_key: "aws", expressions },
    change: {
      ...{ address: `${type}.b`, mode: "managed", type, name: "b" },
      change: { actions: ["create"], before: null, after: values, after_unknown: unknown },
    },
  });
  const made = [
    change("aws_s3_bucket", {}, {}, { id: true, bucket: true, arn: true }),
    change(
      "aws_s3_bucket_policy",
      { bucket: { references: ["aws_s3_bucket.b.id"] }, policy: { references: ["aws_s3_bucket.b.arn"] } },
      {},
      { bucket: true, policy: true },
    ),
  ];
  const planned = made.map(({ change: { change, ...named } }) => ({ ...named, values: change.after }));
  const plan = {
    format_version: "1.2",
    planned_values: { root_module: { resources: planned } },
    resource_changes: made.map(({ change: one }) => one),
    configuration: { root_module: { resources: made.map(({ resource }) => resource) } },
  };
  const judged = (): readonly [number, string] => {
    const { stdout } = spawnSync(process.execPath, [CLI, "check", "plan.json", "--format", "json"], { cwd: folder });
    const { summary, notices } = JSON.parse(stdout.toString());
    return [summary.undecided, JSON.stringify(notices)];
  };
  write("plan.json", JSON.stringify(plan));
  expect(judged()).toEqual([3, expect.stringContaining("`--source`")]);
  const denied =
    'jsonencode({ Statement = { Effect = "Deny", Principal = "*", Action = "*", Resource = "${aws_s3_bucket.b.arn}*" } })';
  write(
    "main.tf",
    `resource "aws_s3_bucket" "b" {}\nresource "aws_s3_bucket_policy" "b" {\n  bucket = aws_s3_bucket.b.id\n  policy = ${denied}\n}\n`,
  );
  expect(judged()).toEqual([0, expect.not.stringContaining("`--source`")]);
});
