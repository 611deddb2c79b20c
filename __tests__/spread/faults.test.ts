/** Several inputs on a machine that fails: status 2 and a line that names the input, never a pass, never half a report. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "../../validators/kernel/index";
import { judgeAll } from "../../validators/spread/index";
import { s3Store } from "../../validators/spread/s3";

const DIST = join(__dirname, "../../dist");
const PLAN = readFileSync(join(__dirname, "../fixtures/plans/sensitive/plan.json"));
const names = ["a.json", "b.json", "c.json"] as const;

jest.setTimeout(60_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tollgate-spread-faults-"));
  for (const name of names) writeFileSync(join(folder, name), PLAN);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const pathsOf = (some: readonly string[]) => some.map((name) => join(folder, name));

/** What a run that must fail says: a line for each input that can't be judged. */
async function troublesOf(work: Promise<Report>): Promise<string[]> {
  const error: unknown = await work.then(
    () => new Error("there is a report"),
    (thrown) => thrown,
  );
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
  return errors.map((one) => (one instanceof Error ? `${one.name}: ${one.message}` : String(one)));
}

describe("a thread that dies", () => {
  /** Judges in a process of its own, whose threads do this for every input that they are sent. */
  function dying(act: string, ...flags: readonly string[]): { report?: Report; troubles: string[] } {
    const preload = join(folder, "preload.cjs");
    writeFileSync(
      preload,
      `const { isMainThread, parentPort } = require("node:worker_threads");
       if (!isMainThread) parentPort.on("message", ({ input: { name } }) => { ${act} });`,
    );
    const script = `require(${JSON.stringify(join(DIST, "index.cjs"))})
      .checkFiles(${JSON.stringify(pathsOf(names))}, { config: {}, threads: 2 })
      .then((report) => ({ report, troubles: [] }), ({ errors }) => ({ troubles: errors.map((one) => one.name + ": " + one.message) }))
      .then((told) => process.stdout.write(JSON.stringify(told)));`;
    const { stdout, stderr } = spawnSync(process.execPath, [...flags, "--require", preload, "-e", script], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    return JSON.parse(stdout);
  }

  test("over one input: that one is told, and no report of the others", () => {
    const { report, troubles } = dying(`if (name === "b.json") process.exit(3);`);
    expect({ report, troubles }).toEqual({
      troubles: [`Error: ${join(folder, "b.json")}: the thread ended with status 3`],
    });
  });

  test("by an error of its own", () =>
    expect(dying(`if (name === "a.json") throw new Error("out of luck");`).troubles).toEqual([
      `Error: ${join(folder, "a.json")}: out of luck`,
    ]));

  test("for want of memory: it is the input, not a fault of ours", () => {
    const fill = `if (name === "c.json") { const all = []; for (;;) all.push(new Array(1e6).fill(all.length + 0.5)); }`;
    const [trouble = "", ...more] = dying(fill, "--max-old-space-size=48").troubles;
    expect(trouble).toMatch(/^InputError: .*c\.json: .*memory/);
    expect(more).toEqual([]);
  });

  test("over every input", () => {
    const { report, troubles } = dying("process.exit(1);");
    expect(report).toBeUndefined();
    expect(troubles).toEqual(pathsOf(names).map((path) => `Error: ${path}: the thread ended with status 1`));
  });

  test("once it has answered costs nobody anything", async () => {
    const { report, troubles } = dying("setImmediate(() => setTimeout(() => process.exit(1), 0));");
    const here = await judgeAll(pathsOf(names), { config: {}, threads: 0 });
    // Whether it died over the next input or between two: told, or judged again by another thread. Never left out.
    if (report === undefined) expect(troubles.length).toBeGreaterThan(0);
    else expect({ ...report, tool: here.tool }).toEqual(here);
  });
});

describe("one of several files", () => {
  /** The same places in every run. */
  const places = Array.from({ length: 24 }, (_, i) => (((i + 1) * 48_271) % 0x7fffffff) % (PLAN.lastIndexOf("}") + 1));

  test.each([0, 2])("cut off at any place, with %i threads", async (threads) => {
    for (const [index, size] of places.slice(0, threads === 0 ? 24 : 6).entries()) {
      const name = names[index % names.length] ?? "";
      writeFileSync(join(folder, name), PLAN);
      truncateSync(join(folder, name), size);
      const [trouble = "", ...more] = await troublesOf(judgeAll(pathsOf(names), { config: {}, threads }));
      expect(trouble).toMatch(/^InputError: [^\n]+$/);
      expect(trouble).toContain(join(folder, name));
      expect(more).toEqual([]);
      writeFileSync(join(folder, name), PLAN);
    }
  });

  test.each(["a.json", "b.json", "c.json"])("%s is missing, and no report is written", (name) => {
    rmSync(join(folder, name));
    const args = [join(DIST, "cli.cjs"), "check", ...names, "--out", "json=report.json"];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: "",
      stderr: `tollgate: ${name}: there is no such file\n`,
    });
    expect(existsSync(join(folder, "report.json"))).toBe(false);
  });
});

test("a run that ends without an answer says so, and is no pass", () => {
  // The parser of native configuration never comes to be.
  writeFileSync(
    join(folder, "preload.cjs"),
    "WebAssembly.compile = WebAssembly.instantiate = () => new Promise(() => undefined);",
  );
  writeFileSync(join(folder, "main.tf"), 'resource "aws_s3_bucket" "b" {\n  bucket = true ? "a" : "b"\n}\n');
  const args = ["--require", join(folder, "preload.cjs"), join(DIST, "cli.cjs"), "check", "."];
  expect(spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" })).toMatchObject({
    status: 2,
    stdout: "",
    stderr: expect.stringMatching(/^tollgate: .*ended without an answer[^\n]*\n$/),
  });
});

describe("an object in S3", () => {
  type Answer = (response: ServerResponse) => void;
  const whole: Answer = (response) => {
    response.writeHead(200, { "content-length": PLAN.length }).end(PLAN);
  };
  const refusal =
    (status: number, code: string): Answer =>
    (response) => {
      response.writeHead(status, { "content-type": "application/xml" });
      response.end(
        `<?xml version="1.0"?><Error><Code>${code}</Code><Message>told so\u001b[31m\n::error::x</Message></Error>`,
      );
    };
  const half = PLAN.subarray(0, PLAN.length / 2);
  let server: Server;
  let answers: ReadonlyMap<string, Answer>;
  let asked: string[];
  beforeEach(async () => {
    asked = [];
    server = createServer(({ url = "" }, response) => {
      const path = url.replace(/\?.*/, "");
      asked.push(path);
      (answers.get(path) ?? refusal(404, "NoSuchKey"))(response);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  const environment = (): Record<string, string> => ({
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: "testing",
    AWS_SECRET_ACCESS_KEY: "testing",
    AWS_REGION: "eu-central-1",
    AWS_EC2_METADATA_DISABLED: "true",
  });

  /** A run beside the server, which is in this process. */
  function run(args: readonly string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
    const child = spawn(process.execPath, [join(DIST, "cli.cjs"), "check", ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...environment() },
    });
    const told = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].on("data", (chunk) => {
        told[name] += chunk;
      });
    return new Promise((done) => child.on("close", (status) => done({ status, ...told })));
  }

  test.each<[string, Answer, RegExp]>([
    ["that is cut off itself", (response) => response.end(half), /cut off/],
    [
      "whose connection breaks off in the middle",
      (response) => {
        response.writeHead(200, { "content-length": PLAN.length });
        response.write(half, () => response.destroy());
      },
      /S3 refuses it: .*abort/,
    ],
    [
      "in pieces that break off in the middle",
      (response) => {
        response.write(half, () => response.destroy());
      },
      /S3 refuses it: .*abort/,
    ],
    ["that may not be read", refusal(403, "AccessDenied"), /S3 refuses it: AccessDenied: told so/],
    ["that is not there", refusal(404, "NoSuchKey"), /no such (object|file)/],
    ["in a bucket that is not there", refusal(404, "NoSuchBucket"), /S3 refuses it: NoSuchBucket/],
    ["that S3 has no room for", refusal(503, "SlowDown"), /S3 refuses it: SlowDown/],
    ["that is empty", (response) => response.end(), /empty/],
    ["that is a page of a proxy", (response) => response.end("<html>"), /JSON/],
  ])("%s: status 2, a line with its name, no report of the other", async (_, answer, message) => {
    answers = new Map([
      ["/plans/good.json", whole],
      ["/plans/bad.json", answer],
    ]);
    const said = await run(["s3://plans/good.json", "s3://plans/bad.json", "--out", "json=report.json"]);
    expect({ status: said.status, stdout: said.stdout }).toEqual({ status: 2, stdout: "" });
    expect(said.stderr).toMatch(message);
    expect(said.stderr).toMatch(/^tollgate: s3:\/\/plans\/bad\.json: [^\n\u001b]*\n$/);
    expect(existsSync(join(folder, "report.json"))).toBe(false);
    expect(asked).toContain("/plans/good.json");
  });

  test("two that are whole are judged, beside a file", async () => {
    answers = new Map(["/plans/a.json", "/plans/b.json"].map((path) => [path, whole]));
    const { status, stdout, stderr } = await run([
      "s3://plans/a.json",
      "s3://plans/b.json",
      "c.json",
      "--format",
      "json",
    ]);
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    expect(JSON.parse(stdout).inputs).toHaveLength(3);
  });

  test("below a prefix that may not be listed", async () => {
    answers = new Map([
      ["/plans", refusal(403, "AccessDenied")],
      ["/plans/", refusal(403, "AccessDenied")],
    ]);
    const said = await run(["s3://plans/prod/"]);
    expect(said).toMatchObject({ status: 2, stdout: "" });
    expect(said.stderr).toMatch(/^tollgate: s3:\/\/plans\/prod\/: S3 refuses it: AccessDenied[^\n]*\n$/);
  });

  describe("that falls silent", () => {
    const given = process.env;
    beforeEach(() => {
      process.env = { ...given, ...environment() };
    });
    afterEach(() => {
      process.env = given;
    });

    test.each<[string, Answer]>([
      ["before its first byte", () => undefined],
      ["after its head", (response) => response.writeHead(200, { "content-length": PLAN.length }).flushHeaders()],
      [
        "in the middle",
        (response) => {
          response.writeHead(200, { "content-length": PLAN.length });
          response.write(half);
        },
      ],
    ])("%s is not waited for without end", async (_, answer) => {
      answers = new Map([
        ["/plans/good.json", whole],
        ["/plans/bad.json", answer],
      ]);
      const paths = ["s3://plans/good.json", "s3://plans/bad.json"];
      const troubles = await troublesOf(judgeAll(paths, { config: {}, store: () => s3Store(500) }));
      expect(troubles).toEqual(["InputError: s3://plans/bad.json: S3 has said nothing for 0.5 seconds: try again"]);
    });

    test("is waited for where it only takes its time", async () => {
      const slow: Answer = (response) => {
        response.writeHead(200, { "content-length": PLAN.length });
        const size = Math.ceil(PLAN.length / 4);
        for (let i = 0; i < 4; i++)
          setTimeout(() => response.write(PLAN.subarray(i * size, (i + 1) * size)), 300 * (i + 1));
      };
      answers = new Map([["/plans/slow.json", slow]]);
      const report = await judgeAll(["s3://plans/slow.json"], { config: {}, store: () => s3Store(900) });
      expect(report.verdict).toBe("fail");
    });
  });
});
