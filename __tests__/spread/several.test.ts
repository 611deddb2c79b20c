/** Several inputs in one run: one report in a stable order, each result as it would be alone, and no report of a part. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DOMParser } from "@xmldom/xmldom";
import { checkFile, InputError, REPORTERS, type Report } from "../../validators/index";
import { judgeAll } from "../../validators/spread/index";

const CLI = join(__dirname, "../../dist/cli.cjs");
const PLANS = join(__dirname, "../fixtures/plans");
const names = ["cdktf-stringify", "plain", "sensitive", "state", "two-policies", "unlinkable"];
const paths = names.map((name) => join(PLANS, name, "plan.json"));

jest.setTimeout(60_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tollgate-spread-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (args: readonly string[], input: string | Uint8Array = "") =>
  spawnSync(process.execPath, [CLI, "check", ...args], { cwd: folder, input, encoding: "utf8" });
/** A copy of a recorded plan, without the source beside it. */
const put = (path: string, plan = "sensitive"): string => {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  cpSync(join(PLANS, plan, "plan.json"), join(folder, path));
  return path;
};

describe("the report", () => {
  test("holds each input's results as they are alone, by input, address and rule", async () => {
    const report = await judgeAll([...paths].reverse(), { config: {} });
    expect(report.inputs?.map(({ path }) => path)).toEqual(names.map((name) => `${name}/plan.json`));
    const alone = await Promise.all(paths.map((path) => checkFile(path, { config: {} })));
    expect(report.results.map(({ input, ...result }) => result)).toEqual(
      alone.flatMap(({ results }, index) =>
        results.map((result) =>
          result.source
            ? { ...result, source: { ...result.source, file: `${names[index]}/${result.source.file}` } }
            : result,
        ),
      ),
    );
    expect(report.inputs).toEqual(
      alone.map(({ input, verdict, summary }, index) => ({
        ...input,
        path: `${names[index]}/plan.json`,
        verdict,
        summary,
      })),
    );
    expect(report.verdict).toBe("fail");
    expect(report.input).toMatchObject({
      path: "6 inputs",
      kind: "mixed",
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(report.input.resources).toBe(alone.reduce((sum, { input }) => sum + input.resources, 0));
  });

  test("is the same from this thread, from one other and from three, and in whatever order inputs come", async () => {
    const [here, one, three] = await Promise.all([
      judgeAll(paths, { config: {}, threads: 0 }),
      judgeAll(paths, { config: {}, threads: 1 }),
      judgeAll([...paths].reverse(), { config: {}, threads: 3 }),
    ]);
    // The threads run the bundle, which knows its version.
    const bytes = (report: Report) => JSON.stringify({ ...report, tool: undefined });
    expect(bytes(one)).toBe(bytes(here));
    expect(bytes(three)).toBe(bytes(here));
  });

  test("of a list with one file is that of one file", () => {
    put("plan.json");
    writeFileSync(join(folder, "list"), "plan.json\n");
    const { stdout } = run(["--inputs", "list", "--format", "json"]);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(run(["plan.json", "--format", "json"]).stdout));
    expect(JSON.parse(stdout)).not.toHaveProperty("inputs");
  });

  test("keeps one address in two inputs apart, in every format", async () => {
    put("a/plan.json");
    put("b/plan.json");
    const report = await judgeAll([join(folder, "a/plan.json"), join(folder, "b/plan.json")], { config: {} });
    const failing = report.summary.fail + report.summary.undecided;
    expect(failing).toBeGreaterThan(1);
    const rendered = async (name: keyof typeof REPORTERS) => (await REPORTERS[name]())(report);
    const sarif = JSON.parse(await rendered("sarif"));
    const { results, artifacts } = sarif.runs[0];
    const prints = results.map((one: { partialFingerprints: object }) => JSON.stringify(one.partialFingerprints));
    expect(new Set(prints).size).toBe(failing);
    expect(artifacts.map((one: { location: { uri: string } }) => one.location.uri)).toEqual([
      "a/plan.json",
      "b/plan.json",
    ]);
    const gitlab: { fingerprint: string; location: { path: string } }[] = JSON.parse(await rendered("gitlab"));
    expect(new Set(gitlab.map((one) => one.fingerprint)).size).toBe(failing);
    expect(new Set(gitlab.map((one) => one.location.path))).toEqual(new Set(["a/plan.json", "b/plan.json"]));
    const { annotations } = JSON.parse(await rendered("bitbucket"));
    expect(new Set(annotations.flat().map((one: { external_id: string }) => one.external_id)).size).toBe(failing);
    const junit = new DOMParser().parseFromString(await rendered("junit"), "text/xml");
    const cases = [...junit.getElementsByTagName("testcase")];
    expect(new Set(cases.map((one) => `${one.getAttribute("classname")} ${one.getAttribute("name")}`)).size).toBe(
      report.results.length,
    );
    expect([...junit.getElementsByTagName("testsuite")].map((one) => one.getAttribute("name"))).toEqual([
      "a/plan.json",
      "b/plan.json",
      "tollgate",
    ]);
    for (const name of ["text", "markdown", "html", "github"] as const) {
      const page = await rendered(name);
      for (const input of ["a/plan.json", "b/plan.json"]) expect(page).toContain(input);
    }
    expect(await rendered("html")).toContain("a/plan.json: aws_s3_bucket.b");
  });
});

describe("exit status", () => {
  test("the worst of all", () => {
    put("fails.json");
    put("empty.json", "destroy");
    const { status, stdout } = run(["fails.json", "empty.json"]);
    expect(status).toBe(1);
    expect(stdout).toContain("2 inputs");
    expect(run(["empty.json", put("other.json", "destroy")]).status).toBe(0);
  });

  test("what can't be read: status 2, a line for each, no report and no file", () => {
    put("good.json");
    writeFileSync(join(folder, "cut.json"), readFileSync(join(folder, "good.json")).subarray(0, 900));
    const { status, stdout, stderr } = run(["good.json", "gone.json", "cut.json", "--out", "json=report.json"]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^tollgate: cut\.json: /),
      "tollgate: gone.json: there is no such file",
    ]);
    expect(() => readFileSync(join(folder, "report.json"))).toThrow("ENOENT");
  });

  test.each<[string, string[], RegExp]>([
    ["standard input twice", ["-", "-"], /standard input.*once/],
    ["a seal of several", ["a.json", "b.json", "--seal", "s"], /--seal.*one plan file/],
    ["an empty list", ["--inputs", "-"], /--inputs -.*found none/],
    ["a list that isn't there", ["--inputs", "gone"], /--inputs gone: there is no such file/],
    ["two sources", ["a.json", "b.json", "--source", "x", "--source", "y"], /--source/],
    ["a report into S3", ["a.json", "--out", "json=s3://bucket/key"], /--out.*aws s3 cp/],
    ["nothing", [], /missing required argument/],
  ])("%s", (_, args, message) => {
    const { status, stdout, stderr } = run(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });
});

describe("which inputs", () => {
  const judged = (args: readonly string[], input: string | Uint8Array = ""): string[] =>
    JSON.parse(run([...args, "--format", "json"], input).stdout).inputs.map((one: { path: string }) => one.path);
  beforeEach(() => {
    for (const path of ["one/plan.json", "two/plan.json", "a b.json"]) put(path);
  });

  test("a file given twice is judged once", () =>
    expect(judged(["two/plan.json", "one/plan.json", "./one/../one/plan.json"])).toEqual([
      "one/plan.json",
      "two/plan.json",
    ]));
  test("a list of lines, of NULs, and beside arguments", () => {
    expect(judged(["--inputs", "-"], "one/plan.json\r\n\na b.json\n")).toEqual(["a b.json", "one/plan.json"]);
    expect(judged(["--inputs", "-"], "./one/plan.json\0a b.json\0")).toEqual(["a b.json", "one/plan.json"]);
    // as PowerShell writes a list
    const text = "one/plan.json\r\na b.json\r\n";
    for (const bytes of [
      Buffer.from(`\uFEFF${text}`, "utf8"),
      Buffer.from(`\uFEFF${text}`, "utf16le"),
      Buffer.from(`\uFEFF${text}`, "utf16le").swap16(),
    ])
      expect(judged(["--inputs", "-"], bytes)).toEqual(["a b.json", "one/plan.json"]);
    expect(judged(["two/plan.json", "--inputs", "-"], "one/plan.json")).toEqual(["one/plan.json", "two/plan.json"]);
  });
  test("standard input beside files", () =>
    expect(judged(["-", "one/plan.json"], readFileSync(join(folder, "two/plan.json"), "utf8"))).toEqual([
      "-",
      "one/plan.json",
    ]));
  test("absolute paths are named below their nearest shared folder, wherever that is", () =>
    expect(judged([join(folder, "one/plan.json"), join(folder, "a b.json")])).toEqual(["a b.json", "one/plan.json"]));
  test("directories of source, each with its own files", () => {
    for (const name of ["x", "y"]) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "main.tf"), 'resource "aws_s3_bucket" "b" {\n}\n');
    }
    const { results } = JSON.parse(run(["x", "y/", "--format", "json"]).stdout);
    expect(new Set(results.map((one: { source: { file: string } }) => one.source.file))).toEqual(
      new Set(["x/main.tf", "y/main.tf"]),
    );
  });
});

describe("waivers", () => {
  const waiver = {
    rule: "s3-encrypted-puts-only",
    address: "aws_s3_bucket.b",
    reason: "old clients",
    owner: "platform",
    expires: "2099-01-31",
  };
  const files = ["a/plan.json", "b/plan.json"];
  const check = async (waivers: (typeof waiver & { input?: string })[], threads: number) => {
    for (const file of files) put(file);
    const report = await judgeAll(
      files.map((file) => join(folder, file)),
      { config: { waivers }, threads },
    );
    return {
      waived: report.results.filter((one) => one.verdict === "waived").map((one) => one.input),
      notices: report.notices.filter(({ message }) => message.startsWith("waiver")),
    };
  };

  test.each([0, 2])(
    "one that matches in one input is used; one that matches in none is noticed once (%i threads)",
    async (threads) => {
      expect(await check([waiver, { ...waiver, address: "aws_s3_bucket.gone" }], threads)).toEqual({
        waived: files,
        notices: [
          { message: expect.stringContaining("`aws_s3_bucket.gone` (platform) matches nothing"), rule: waiver.rule },
        ],
      });
      expect(await check([{ ...waiver, input: "b/*" }], threads)).toEqual({ waived: ["b/plan.json"], notices: [] });
      expect(await check([{ ...waiver, input: "c/*" }], threads)).toMatchObject({
        waived: [],
        notices: [{ message: expect.stringContaining("in `c/*`") }],
      });
    },
  );

  test("is broad by what it covers in all", async () => {
    const many = Array.from({ length: 11 }, (_, index) => join(folder, put(`${index}/plan.json`)));
    const { notices } = await judgeAll(many, { config: { waivers: [waiver] } });
    expect(notices).toContainEqual({ message: expect.stringContaining("covers 11 results"), rule: waiver.rule });
  });
});

test("a rule that breaks in one input is the whole run's trouble", async () => {
  const { RULES } = await import("../../validators/index");
  const broken = RULES.map((rule) => ({
    ...rule,
    judge: () => {
      throw new Error("boom");
    },
  }));
  const error = await judgeAll(paths, { config: {}, rules: broken as typeof RULES }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AggregateError);
  expect((error as AggregateError).errors).toHaveLength(paths.length);
  expect((error as AggregateError).errors[0]).toBeInstanceOf(InputError);
});
