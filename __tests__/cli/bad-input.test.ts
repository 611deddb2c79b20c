/** Bad input gets one line on standard error that says what, where and what to do; status 2; nothing on standard output. */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CLI = join(__dirname, "../../dist/cli.cjs");
const PLAN = readFileSync(join(__dirname, "../fixtures/plans/cdktf-stringify/plan.json"));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tollgate-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (args: readonly string[], input: string | Uint8Array = "") =>
  spawnSync(process.execPath, [CLI, ...args], { cwd: folder, input, encoding: "utf8" });
const write = (name: string, content: string | Uint8Array | object): string => {
  const isRaw = typeof content === "string" || content instanceof Uint8Array;
  writeFileSync(join(folder, name), isRaw ? content : JSON.stringify(content));
  return name;
};
const refused = (args: readonly string[], message: RegExp, input?: string | Uint8Array) => {
  const { status, stdout, stderr } = run(args, input);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(stderr).not.toMatch(/\n\s+at /);
};
const parsed = () => JSON.parse(PLAN.toString("utf8"));

describe("the input", () => {
  test.each<[string, string | Uint8Array | object, RegExp]>([
    ["empty", "", /plan\.json.*empty/],
    ["white space", "  \n", /plan\.json.*(empty|cut off)/],
    ["cut off", PLAN.subarray(0, PLAN.length - 20), /plan\.json/],
    ["followed by something", `${PLAN.toString("utf8")}x`, /plan\.json/],
    ["no JSON", "hello", /plan\.json.*JSON/],
    ["another kind of JSON", { a: 1 }, /plan\.json/],
    ["a list", "[1]", /plan\.json/],
    ["a CloudFormation template", { AWSTemplateFormatVersion: "2010-09-09", Resources: {} }, /CloudFormation/],
    ["HCL", 'resource "aws_s3_bucket" "b" {\n}\n', /directory/],
    [
      "what `terraform plan` prints",
      "Terraform used the selected providers to generate the following execution plan.\n",
      /-out/,
    ],
    [
      "lines around the JSON",
      `[command]/bin/terraform show -json\n${PLAN.toString("utf8")}`,
      /terraform_wrapper|other lines/,
    ],
    [
      "a raw state file",
      { version: 4, terraform_version: "1.11.4", serial: 1, lineage: "x", resources: [] },
      /show -json/,
    ],
    ["of a format to come", { ...parsed(), format_version: "2.0" }, /format_version|format version/],
    ["without a format version", { ...parsed(), format_version: undefined }, /plan\.json/],
    ["a plan with errors", { ...parsed(), errored: true }, /error/],
    ["without its changes", { ...parsed(), resource_changes: undefined }, /resource_changes/],
    ["with a key twice", PLAN.toString("utf8").replace("{", '{"format_version":"1.2",'), /format_version/],
    ["synthesized JSON with a key twice", '{"resource":{"aws_s3_bucket":{"b":{}}},"resource":{}}', /`resource`.*twice/],
    ["synthesized JSON nested without end", `{"locals":${"[".repeat(600)}${"]".repeat(600)}}`, /512 levels/],
    ["synthesized JSON of the wrong shape", { terraform: {}, resource: 5 }, /object.*`resource`/],
    ["synthesized JSON with lists in lists", { terraform: {}, resource: { aws_s3_bucket: [[{}]] } }, /aws_s3_bucket/],
    ["a zip that is no plan", Buffer.concat([Buffer.from("PK\u0003\u0004"), Buffer.alloc(40)]), /plan\.json/],
  ])("%s", (_, content, message) => {
    refused(["check", write("plan.json", content)], message);
  });

  test("is not there", () => refused(["check", "nowhere.json"], /nowhere\.json.*no such file/));
  test.each([
    ["the input", ["check", "a.json/plan.json"]],
    ["the source", ["check", "a.json", "--source", "a.json/code"]],
    ["the configuration", ["check", "a.json", "--config", "a.json/tollgate.json"]],
    ["a report", ["check", "a.json", "--out", "json=a.json/report.json"]],
    ["the list of inputs", ["check", "--inputs", "a.json/list"]],
  ])("a file stands where a folder should be: %s", (_, args) => {
    write("a.json", PLAN);
    refused(args, /a\.json\/(?!.*fault of tollgate)/);
  });
  test("is a directory without configuration", () => {
    mkdirSync(join(folder, "empty"));
    refused(["check", "empty"], /empty.*\.tf/);
  });
  test("comes empty on standard input", () => refused(["check", "-"], /^tollgate: -: .*empty/));
  test("has a line break and an escape sequence in its name", () =>
    refused(["check", "a\nb\u001b[31m.json"], /no such file/));
});

describe("flags", () => {
  beforeEach(() => write("plan.json", PLAN));
  test.each<[string, string[], RegExp]>([
    ["an unknown format", ["--format", "xml"], /--format.*`xml`/],
    ["an --out without a name", ["--out", "report.json"], /--out.*NAME=FILE/],
    ["an --out of an unknown format", ["--out", "pdf=x.pdf"], /--out.*`pdf`/],
    ["an account that is none", ["--account", "12"], /twelve digits/],
    ["a day that doesn't exist", ["--today", "2026-13-01"], /--today/],
    ["a source that isn't there", ["--source", "gone.tf.json"], /gone\.tf\.json/],
    ["a configuration that isn't there", ["--config", "gone.json"], /gone\.json/],
    ["an unknown choice", ["--on-undecided", "maybe"], /on-undecided/],
    ["an unknown flag", ["--frmat", "json"], /--frmat/],
    ["a key of a seal that nobody asked for", ["--seal-key", "key.pem"], /--seal-key: expected --seal/],
    ["a seal of plan JSON", ["--seal", "seal.json"], /--seal.*binary plan/],
  ])("%s", (_, flags, message) => {
    const { status, stdout, stderr } = run(["check", "plan.json", ...flags]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^tollgate: [^\n]*\n$/);
  });

  test("an unknown command", () => expect(run(["chek", "plan.json"])).toMatchObject({ status: 2, stdout: "" }));
  test("a misspelt command gets a suggestion", () =>
    expect(run(["chek", "plan.json"]).stderr).toBe("tollgate: unknown command 'chek'; did you mean check?\n"));
  test("an unknown rule", () => refused(["explain", "s3-tls"], /s3-tls-only/));
  test("--help and --version are no errors", () => {
    expect(run(["--help"])).toMatchObject({ status: 0, stderr: "" });
    expect(run(["--version"]).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("the configuration", () => {
  test("can be none, for the gate: what lies in the working directory isn't read then", () => {
    write("plan.json", PLAN);
    write("tollgate.json", "{");
    expect(run(["check", "plan.json"]).status).toBe(2);
    expect(run(["check", "plan.json", "--no-config", "--out", "json=tollgate.json"])).toMatchObject({
      status: 1,
      stderr: "",
    });
  });
  beforeEach(() => write("plan.json", PLAN));
  test.each<[string, string, RegExp]>([
    ["no JSON", "{", /tollgate\.json.*cut off/],
    ["no JSON at all", "hello", /tollgate\.json.*JSON/],
    ["an unknown key", '{"rulez":{}}', /tollgate\.json.*rulez/],
    ["a key twice", '{"waivers":[],"waivers":[]}', /tollgate\.json.*`waivers`.*twice/],
    ["nested without end", `{"waivers":${"[".repeat(100_000)}`, /tollgate\.json.*512 levels/],
    [
      "a waiver without an owner",
      '{"waivers":[{"rule":"s3-tls-only","address":"a","reason":"r","expires":"2030-01-01"}]}',
      /owner/,
    ],
  ])("%s", (_, content, message) => {
    write("tollgate.json", content);
    refused(["check", "plan.json"], message);
  });
});

describe("source behind links", () => {
  const bucket = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n';
  beforeEach(() => mkdirSync(join(folder, "code")));
  test("a linked file is part of the configuration, as it is for Terraform", () => {
    write("elsewhere.txt", bucket);
    symlinkSync("../elsewhere.txt", join(folder, "code/main.tf"));
    expect(run(["check", "code"])).toMatchObject({ status: 1, stderr: "" });
  });
  test("a link to nowhere is said, unless Terraform wouldn't look at it either", () => {
    write("code/main.tf", bucket);
    symlinkSync("user@host:1", join(folder, "code/.#main.tf"));
    expect(run(["check", "code"])).toMatchObject({ status: 1, stderr: "" });
    symlinkSync("nowhere", join(folder, "code/policy.tf"));
    refused(["check", "code"], /code\/policy\.tf: there is no such file/);
  });
  test.each(["/dev/zero", "."])("a link to %s is no configuration", (target) => {
    symlinkSync(target, join(folder, "code/main.tf"));
    refused(["check", "code"], /code\/main\.tf: expected a file/);
  });
  test("a configuration without end is not read to its end", () => {
    write("plan.json", PLAN);
    symlinkSync("/dev/zero", join(folder, "tollgate.json"));
    refused(["check", "plan.json"], /tollgate\.json: (larger than|invalid|expected JSON)/);
  });
});

describe("reports that can't be written", () => {
  beforeEach(() => write("plan.json", PLAN));
  test("a folder in the way: nothing is printed, nothing half-written is left", () => {
    mkdirSync(join(folder, "report.json"));
    refused(["check", "plan.json", "--out", "json=report.json"], /report\.json/);
    expect(readdirSync(folder).sort()).toEqual(["plan.json", "report.json"]);
  });
  test("a folder that isn't there is made", () => {
    run(["check", "plan.json", "--out", "json=reports/deep/report.json"]);
    expect(existsSync(join(folder, "reports/deep/report.json"))).toBe(true);
  });
});
