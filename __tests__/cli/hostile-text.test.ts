/** Hostile text in arguments, names, settings and content of every command: no line that is printed drives a terminal or a CI system. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectNoCommand, expectPlain } from "../report/readers";
import { HOSTILE_TEXTS } from "../report/reports";

const DIST = join(__dirname, "../../dist");

/** All at once, each at the beginning of a line. An argument can hold neither NUL nor half a character. */
const HOSTILE = Buffer.from(HOSTILE_TEXTS.join("\n").replaceAll("\0", "")).toString();
/** As much of it as fits into a file's name. */
const NAME = "\n::error::x\u001b[31m##vso[x]\u202e\u009b2J##[group]\u2028\r::x";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tollgate-text-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: unknown): string => {
  writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  return name;
};
const run = (args: readonly string[], { program = "cli.cjs", env = {}, input = "" } = {}) =>
  spawnSync(process.execPath, [join(DIST, program), ...args], {
    cwd: folder,
    input,
    encoding: "utf8",
    env: { PATH: process.env.PATH, TMPDIR: folder, ...env },
  });

/** What a run says is harmless, and it says that it can't do it in one line. */
function expectRefused({ status, stdout, stderr }: ReturnType<typeof run>): void {
  expectPlain(stdout + stderr);
  expectNoCommand(stdout);
  expectNoCommand(stderr);
  expect({ status, lines: stderr.trimEnd().split("\n").length }).toEqual({ status: 2, lines: 1 });
  expect(stderr).toMatch(/^tollgate/);
}

const bucket = { address: "aws_s3_bucket.b", mode: "managed", type: "aws_s3_bucket", name: "b" };
const planOf = (more: object = {}, resource: object = {}) => ({
  format_version: "1.2",
  terraform_version: "1.11.4",
  resource_changes: [
    { ...bucket, change: { actions: ["create"], before: null, after: {}, after_unknown: {} }, ...resource },
  ],
  configuration: { root_module: {} },
  ...more,
});

test.each<[string, readonly string[]]>([
  ["a command", [HOSTILE]],
  ["an option", ["check", "plan.json", `--${HOSTILE}`]],
  ["an option's value", ["check", "plan.json", "--on-undecided", HOSTILE]],
  ["an account", ["check", "plan.json", "--account", HOSTILE]],
  ["an argument too many", ["verify", "plan.json", HOSTILE, "--seal", "x"]],
  ["an input", ["check", HOSTILE]],
  ["several inputs", ["check", HOSTILE, "plan.json"]],
  ["an input in S3", ["check", `s3://${HOSTILE}`]],
  ["a list of inputs", ["check", "--inputs", HOSTILE]],
  ["a format", ["check", "plan.json", "--format", HOSTILE]],
  ["another format", ["check", "plan.json", "--out", HOSTILE]],
  ["a report in no folder", ["check", "plan.json", "--out", `json=plan.json/${NAME}`]],
  ["a configuration", ["check", "plan.json", "--config", HOSTILE]],
  ["a source", ["check", "plan.json", "--source", HOSTILE]],
  ["rules", ["check", "plan.json", "--rules", HOSTILE]],
  ["rules to list", ["rules", "--rules", HOSTILE]],
  ["a day", ["check", "plan.json", "--today", HOSTILE]],
  ["a seal's key", ["check", "plan.json", "--seal", "x", "--seal-key", HOSTILE]],
  ["a rule", ["explain", HOSTILE]],
  ["a plan file to verify", ["verify", HOSTILE, "--seal", HOSTILE]],
  ["a seal", ["verify", "plan.json", "--seal", HOSTILE]],
  ["an age", ["verify", "plan.json", "--seal", "x", "--max-age", HOSTILE]],
  ["a public key", ["verify", "plan.json", "--seal", "plan.json", "--public-key", HOSTILE]],
  ["an input of a baseline", ["baseline", HOSTILE, "--owner", "x", "--expires", "2030-01-01"]],
  ["a baseline's last day", ["baseline", "plan.json", "--owner", "x", "--expires", HOSTILE]],
  [
    "a baseline's configuration",
    ["baseline", "plan.json", "--owner", "x", "--expires", "2030-01-01", "--config", `plan.json/${NAME}`],
  ],
  ["a path before a plan", ["preplan", HOSTILE]],
  ["a CI system", ["init", HOSTILE]],
  ["a directory of a CI system", ["init", "github", "--dir", HOSTILE]],
  ["a branch", ["init", "github", "--branch", HOSTILE]],
  ["a stage", ["gate", HOSTILE]],
  ["a stage's option", ["gate", "plan", `--${HOSTILE}`]],
  ["a stage's directory", ["gate", "plan", "--dir", HOSTILE]],
  ["a stage's stack", ["gate", "plan", "--stack", HOSTILE]],
])("as %s", (_, args) => {
  write("plan.json", planOf());
  expectRefused(run(args));
});

test("as the name of a Terraform that isn't there", () => {
  expectRefused(run(["apply"], { program: "tollgate-terraform.cjs", env: { TOLLGATE_TERRAFORM: HOSTILE } }));
  expectRefused(run(["gate", "plan"], { env: { TOLLGATE_TERRAFORM: HOSTILE } }));
});

test.each<[string, unknown]>([
  ["a key", { [HOSTILE]: 1 }],
  ["an account", { account: HOSTILE }],
  ["a rule", { rules: { [HOSTILE]: {} } }],
  ["a rule's key", { rules: { "s3-tls-only": { [HOSTILE]: 1 } } }],
  ["a rule's value", { rules: { "s3-tls-only": { severity: HOSTILE } } }],
  ["a waiver's rule", { waivers: [{ rule: HOSTILE, address: "*", reason: "x", owner: "x", expires: "2030-01-01" }] }],
  ["a waiver's day", { waivers: [{ rule: "s3-tls-only", address: "*", reason: "x", owner: "x", expires: HOSTILE }] }],
  ["a preset", { extends: [HOSTILE] }],
  ["no JSON at all", `{"account": ${HOSTILE}`],
])("in the configuration as %s", (_, config) => {
  write("plan.json", planOf());
  write("tollgate.json", config);
  expectRefused(run(["check", "plan.json"]));
});

test.each<[string, unknown]>([
  ["the format's version", planOf({ format_version: HOSTILE })],
  ["an action", planOf({}, { address: HOSTILE, change: { actions: [HOSTILE], after: {} } })],
  ["no change", planOf({}, { address: HOSTILE, change: HOSTILE })],
  [
    "a key that is there twice",
    JSON.stringify(planOf()).replace(
      "{",
      `{${JSON.stringify(HOSTILE)}:1,${JSON.stringify(HOSTILE)}:2,"format_version":"1.2",`,
    ),
  ],
  ["a block of synthesized JSON", { terraform: {}, resource: { aws_s3_bucket: { [HOSTILE]: [[HOSTILE]] } } }],
  ["a kind of JSON", { [HOSTILE]: HOSTILE }],
  ["no JSON at all", HOSTILE],
  ["no JSON in the middle", `${JSON.stringify(planOf()).slice(0, -1)},"x":${HOSTILE}}`],
])("in the input as %s", (_, content) => expectRefused(run(["check", write(`${NAME}.json`, content)])));

test("in HCL that can't be read, and in what must not run before a plan", () => {
  mkdirSync(join(folder, "stack"));
  write("stack/main.tf", `resource "aws_s3_bucket" "b" {\n${HOSTILE}`);
  expectRefused(run(["check", "stack"]));
  expectRefused(run(["preplan", "stack"]));
  rmSync(join(folder, "stack/main.tf"));
  const module = { source: HOSTILE, version: HOSTILE };
  write(`stack/${NAME}.tf.json`, {
    [HOSTILE]: {},
    provider: { [HOSTILE]: {} },
    module: { [HOSTILE]: module },
    terraform: { [HOSTILE]: 1, backend: { [HOSTILE]: {} }, required_providers: { a: { source: HOSTILE } } },
    output: { [HOSTILE]: { value: `\${file("/${HOSTILE}")}` } },
  });
  const { status, stdout, stderr } = run(["preplan", "stack"]);
  expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
  expect(stdout.split("\n").length).toBeGreaterThan(7);
  expectPlain(stdout);
  expectNoCommand(stdout);
});

test("in rules of one's own, which throw or are wrong", () => {
  write("plan.json", planOf());
  const text = JSON.stringify(HOSTILE);
  write("throws.cjs", `throw new Error(${text});`);
  expectRefused(run(["check", "plan.json", "--rules", "throws.cjs"]));
  write("wrong.cjs", `module.exports = { rules: [{ id: ${text}, [${text}]: 1 }] };`);
  expectRefused(run(["check", "plan.json", "--rules", "wrong.cjs"]));
});

test("in a seal, which is refused for it", () => {
  write("plan.tfplan", "PK");
  write("seal.json", {
    _type: HOSTILE,
    predicateType: HOSTILE,
    payloadType: HOSTILE,
    payload: HOSTILE,
    signatures: [{ sig: HOSTILE }],
  });
  const { stdout, stderr } = run(["verify", "plan.tfplan", "--seal", "seal.json"]);
  expect(stdout + stderr).toMatch(/refused|expected/);
  expectPlain(stdout + stderr);
  expectNoCommand(stdout);
  expectNoCommand(stderr);
});

test.each([
  ["in waivers", HOSTILE.replaceAll("*", "")],
  ["in what waivers can't name", HOSTILE],
])("in a plan that is judged: as text, in the baseline, and %s", (_, index) => {
  write(
    `${NAME}.json`,
    planOf({ terraform_version: HOSTILE }, { address: `aws_s3_bucket.b[${JSON.stringify(index)}]`, index }),
  );
  const { status, stdout, stderr } = run(["check", `${NAME}.json`]);
  expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
  expectPlain(stdout);
  expectNoCommand(stdout);
  const baseline = ["--owner", HOSTILE, "--reason", HOSTILE, "--expires", "2030-01-01", "--config", `${NAME}.tollgate`];
  const accepted = run(["baseline", `${NAME}.json`, ...baseline]);
  expect({ status: accepted.status, stderr: accepted.stderr }).toEqual({ status: 0, stderr: "" });
  expectPlain(accepted.stdout);
  expectNoCommand(accepted.stdout);
  const waived = run(["check", `${NAME}.json`, "--config", `${NAME}.tollgate`, "--today", "2029-01-01"]);
  expect(waived.stdout.includes("waived")).toBe(!index.includes("*"));
  expectPlain(waived.stdout + waived.stderr);
  expectNoCommand(waived.stdout);
});
