/** Today's findings become waivers, of one input or several: then nothing blocks but what is new. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CLI = join(__dirname, "../../dist/cli.cjs");
const PLANS = join(__dirname, "../fixtures/plans");
const ACCEPTING = ["--owner", "platform-team", "--expires", "2030-01-01"];
const TODAY = ["--today", "2029-01-01", "--format", "json"];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tollgate-baseline-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [CLI, ...args], { cwd: folder, encoding: "utf8" });
const put = (path: string, plan: string): string => {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  cpSync(join(PLANS, plan, "plan.json"), join(folder, path));
  return path;
};
const waivers = (): Record<string, string>[] => JSON.parse(readFileSync(join(folder, "tollgate.json"), "utf8")).waivers;
const summaryOf = (...inputs: readonly string[]) => JSON.parse(run("check", ...inputs, ...TODAY).stdout).summary;

test("of one input, whatever its path", () => {
  put("a.json", "two-policies");
  const { fail, undecided, pass } = summaryOf("a.json");
  expect(fail + undecided).toBeGreaterThan(1);
  const { status, stdout } = run("baseline", "a.json", ...ACCEPTING);
  expect(status).toBe(0);
  expect(stdout).toBe(`${fail + undecided} findings accepted until 2030-01-01 in tollgate.json\n`);
  expect(waivers().filter((one) => "input" in one)).toEqual([]);
  put("b.json", "two-policies");
  expect(summaryOf("b.json")).toEqual({ pass, fail: 0, undecided: 0, waived: fail + undecided });
  const before = readFileSync(join(folder, "tollgate.json"), "utf8");
  expect(run("baseline", "a.json", ...ACCEPTING).stdout).toMatch(/^nothing to accept/);
  expect(readFileSync(join(folder, "tollgate.json"), "utf8")).toBe(before);
});

test("of several inputs, each in its own: the same address elsewhere still blocks", () => {
  put("a/plan.json", "two-policies");
  put("b/plan.json", "plain");
  writeFileSync(join(folder, "list"), "b/plan.json\n");
  writeFileSync(join(folder, "tollgate.json"), JSON.stringify({ account: "123456789012" }));
  const { fail, undecided, pass } = summaryOf("a/plan.json", "b/plan.json");
  expect(run("baseline", "a/plan.json", "--inputs", "list", ...ACCEPTING).status).toBe(0);
  expect(waivers()).toHaveLength(fail + undecided);
  expect(new Set(waivers().map(({ input }) => input))).toEqual(new Set(["a/plan.json", "b/plan.json"]));
  expect(summaryOf("a/plan.json", "b/plan.json")).toEqual({ pass, fail: 0, undecided: 0, waived: fail + undecided });
  expect(JSON.parse(readFileSync(join(folder, "tollgate.json"), "utf8")).account).toBe("123456789012");
  put("c/plan.json", "two-policies");
  const alone = waivers().filter(({ input }) => input === "a/plan.json").length;
  expect(summaryOf("a/plan.json", "b/plan.json", "c/plan.json").waived).toBe(fail + undecided);
  expect(run("baseline", "a/plan.json", "b/plan.json", "c/plan.json", ...ACCEPTING).stdout).toMatch(
    new RegExp(`^${alone} findings accepted`),
  );
});

test("with an input that can't be judged: status 2, a line for it, and nothing written", () => {
  put("a.json", "two-policies");
  const { status, stdout, stderr } = run("baseline", "a.json", "missing.json", ...ACCEPTING);
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: "",
    stderr: "tollgate: missing.json: there is no such file\n",
  });
  expect(existsSync(join(folder, "tollgate.json"))).toBe(false);
  expect(run("baseline", ...ACCEPTING)).toMatchObject({
    status: 2,
    stderr: "tollgate: missing required argument 'input'\n",
  });
});

test("of what is called `*`: no waiver, since it would cover its neighbours too, and a line that says so", () => {
  writeFileSync(join(folder, "main.tf"), 'resource "aws_s3_bucket" "b" {\n  for_each = toset(["*", "x"])\n}\n');
  const { status, stdout } = run("baseline", ".", ...ACCEPTING);
  expect(status).toBe(0);
  const open = summaryOf(".").fail;
  expect(open).toBeGreaterThan(1);
  const [accepted, ...others] = stdout.trimEnd().split("\n");
  expect(accepted).toBe(`${open} findings accepted until 2030-01-01 in tollgate.json`);
  expect(others).toHaveLength(open);
  expect(others[0]).toBe(
    'not accepted: `s3-block-public-access` for `aws_s3_bucket.b["*"]`, since a waiver takes its `*` for anything: write one by hand if that is meant',
  );
  expect(waivers().map(({ address }) => address)).toEqual(Array(open).fill('aws_s3_bucket.b["x"]'));
});
