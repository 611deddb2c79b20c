/** What the command leaves behind when the machine fails it: whole reports or none, one line, status 2, nobody's file lost. */
import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import fs, {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { grown } from "../../bench/grow";
import { readInput } from "../../validators/input";
import { useParser } from "../source/parser";

const CLI = join(__dirname, "../../dist/cli.cjs");
const PLAN = readFileSync(join(__dirname, "../fixtures/plans/cdktf-stringify/plan.json"));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tollgate-faults-"));
  writeFileSync(join(folder, "plan.json"), PLAN);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
jest.setTimeout(120_000);

type Streams = ("pipe" | "ignore" | number)[];
const run = (args: readonly string[], stdio: Streams = ["ignore", "pipe", "pipe"], env = {}) =>
  spawnSync(process.execPath, [CLI, ...args], {
    cwd: folder,
    stdio,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
const one = (stderr: string, said: RegExp) => {
  expect(stderr).toMatch(said);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
};
const refused = ({ status, stderr, stdout }: SpawnSyncReturns<string>, said: RegExp) => {
  expect([status, stdout ?? ""]).toEqual([2, ""]);
  one(stderr, said);
};
const left = (): string[] => readdirSync(folder).sort();

/** Why a test can't run here; said by name, never silently. */
const testIf = (reason: string | undefined) =>
  reason === undefined
    ? test
    : (name: string, _work: () => void) => {
        process.stderr.write(`skipped: ${name}: ${reason}\n`);
        test.skip(name, () => undefined);
      };
const noFull = existsSync("/dev/full") ? undefined : "there is no /dev/full";

/** A file system of a few pages; `undefined` where this user may mount none. */
function small(options: string): string | undefined {
  const at = mkdtempSync(join(tmpdir(), "tollgate-mount-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", at]);
  if (mounted.status === 0) return at;
  rmSync(at, { recursive: true });
  return undefined;
}
const unmount = (at: string) => {
  spawnSync("umount", [at]);
  rmSync(at, { recursive: true, force: true });
};
const probe = small("size=64k");
if (probe !== undefined) unmount(probe);
const noMount = probe === undefined ? "this user may mount no file system" : undefined;

describe("standard streams", () => {
  testIf(noFull)("a full disk behind standard output", () => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = run(["check", "plan.json"], ["ignore", full, "pipe"]);
    closeSync(full);
    expect(status).toBe(2);
    one(stderr, /standard output.*disk is full/);
  });
  testIf(noFull)("a full disk behind standard error costs the line, not the status", () => {
    const full = openSync("/dev/full", "w");
    expect(run(["check", "nowhere.json"], ["ignore", "pipe", full])).toMatchObject({ status: 2, stdout: "" });
    closeSync(full);
  });
  test("a reader that goes away: the verdict's status, no complaint", () => {
    const script = `"${process.execPath}" "${CLI}" check plan.json --format json | head -c 10; exit \${PIPESTATUS[0]}`;
    const { status, stdout, stderr } = spawnSync("bash", ["-c", script], { cwd: folder, encoding: "utf8" });
    expect([status, stdout, stderr]).toEqual([1, '{\n  "schem', ""]);
  });
  test("a reader that has gone before the first byte", async () => {
    const child = spawn(process.execPath, [CLI, "check", "plan.json", "--format", "html"], { cwd: folder });
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.stdout.destroy();
    expect([await new Promise((done) => child.on("close", done)), stderr]).toEqual([1, ""]);
  });
  test("standard input that ends in the middle", () => {
    const input = PLAN.subarray(0, PLAN.length / 2);
    const cut = spawnSync(process.execPath, [CLI, "check", "-"], { cwd: folder, input, encoding: "utf8" });
    refused(cut, /^tollgate: -: .*cut off/);
  });
});

describe("files that can't be written", () => {
  testIf(noFull)("a device is written to, never replaced", () => {
    refused(run(["check", "plan.json", "--out", "json=/dev/full"]), /dev\/full.*ENOSPC/);
    expect(lstatSync("/dev/full").isCharacterDevice()).toBe(true);
  });
  test("another stream than standard output can take a report", () => {
    const file = openSync(join(folder, "log"), "w");
    const { status } = run(["check", "plan.json", "--out", "json=/dev/stderr"], ["ignore", "pipe", file]);
    closeSync(file);
    expect([status, JSON.parse(readFileSync(join(folder, "log"), "utf8")).verdict]).toEqual([1, "fail"]);
    expect(lstatSync("/dev/stderr").isSymbolicLink()).toBe(true);
  });
  testIf(noMount)("a full disk: no half report, and the earlier one stays", () => {
    const disk = small("size=16k") ?? "";
    try {
      writeFileSync(join(disk, "report.html"), "earlier");
      refused(run(["check", "plan.json", "--out", `html=${disk}/report.html`]), /report\.html.*(ENOSPC|full)/);
      expect(readdirSync(disk)).toEqual(["report.html"]);
      expect(readFileSync(join(disk, "report.html"), "utf8")).toBe("earlier");
    } finally {
      unmount(disk);
    }
  });
  testIf(noMount)("a read-only file system", () => {
    const disk = small("ro") ?? "";
    try {
      refused(run(["check", "plan.json", "--out", `json=${disk}/report.json`]), /report\.json.*(EROFS|read-only)/);
    } finally {
      unmount(disk);
    }
  });
  test("a folder where nobody may make a file", () => {
    refused(run(["check", "plan.json", "--out", "json=/proc/report.json"]), /\/proc\/report\.json/);
    refused(run(["check", "plan.json", "--out", "json=plan.json/report.json"]), /plan\.json\/report\.json/);
  });
  test("of several reports each one that is there is whole", () => {
    refused(run(["check", "plan.json", "--out", "json=a.json", "--out", "html=/proc/b.html"]), /\/proc\/b\.html/);
    expect(JSON.parse(readFileSync(join(folder, "a.json"), "utf8")).verdict).toBe("fail");
    expect(left()).toEqual(["a.json", "plan.json"]);
  });
  test("a link is replaced, not followed: a checkout doesn't choose what is overwritten", () => {
    writeFileSync(join(folder, "precious"), "mine");
    symlinkSync("precious", join(folder, "report.json"));
    run(["check", "plan.json", "--out", "json=report.json"]);
    expect(readFileSync(join(folder, "precious"), "utf8")).toBe("mine");
    expect(JSON.parse(readFileSync(join(folder, "report.json"), "utf8")).verdict).toBe("fail");
  });
});

describe("one file for two things", () => {
  beforeEach(() => symlinkSync("plan.json", join(folder, "link.json")));
  test.each<[string, string[], RegExp]>([
    ["report and input", ["--out", "json=plan.json"], /--out json: `plan\.json` is the input/],
    ["by another path", ["--out", "json=./x/../plan.json"], /is the input/],
    ["by a link", ["--out", "json=link.json"], /is the input/],
    ["two reports", ["--out", "json=r", "--out", "text=./r"], /--out text: `\.\/r` is --out json as well/],
    ["a report and the seal", ["--out", "json=r", "--seal", "r"], /--seal: `r` is --out json/],
    ["seal and input", ["--seal", "plan.json"], /--seal: `plan\.json` is the input/],
    ["a report and the configuration", ["--out", "json=tollgate.json"], /is the configuration/],
  ])("%s", (_, flags, said) => {
    refused(run(["check", "plan.json", ...flags]), said);
    expect(readFileSync(join(folder, "plan.json")).equals(PLAN)).toBe(true);
    expect(left()).toEqual(["link.json", "plan.json"]);
  });
});

describe("killed in the middle", () => {
  const formats = ["json", "html", "sarif"];
  const outs = formats.flatMap((name) => ["--out", `${name}=report.${name}`]);
  const wholes = new Map<string, string>();
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "tollgate-faults-"));
    writeFileSync(join(folder, "large.json"), [...grown({ layout: "flat", action: "mixed", units: 100 })].join(""));
    run(["check", "large.json", ...outs], ["ignore", "ignore", "pipe"]);
    for (const name of left()) wholes.set(name, readFileSync(join(folder, name), "utf8"));
    rmSync(folder, { recursive: true });
    expect(wholes.size).toBe(4);
  });
  const isAside = (name: string): boolean => /^\.report\.[a-z]+\.[0-9a-f]{12}\.tmp$/.test(name);

  test.each((["SIGKILL", "SIGTERM"] as const).flatMap((signal) => formats.map((name) => [signal, name] as const)))(
    "by %s while the report in %s is written",
    async (signal, name) => {
      rmSync(join(folder, "plan.json"));
      writeFileSync(join(folder, "large.json"), wholes.get("large.json") ?? "");
      const child = spawn(process.execPath, [CLI, "check", "large.json", ...outs], { cwd: folder, stdio: "ignore" });
      const ended = new Promise((done) => child.on("exit", done));
      const begins = (one: string) => one.includes(`report.${name}`);
      while (child.exitCode === null && !left().some(begins)) await new Promise((done) => setTimeout(done, 1));
      child.kill(signal);
      await ended;
      // What was being written has a name that nobody takes for a report.
      const found = left().filter((one) => !isAside(one));
      for (const one of found) expect([one, readFileSync(join(folder, one), "utf8")]).toEqual([one, wholes.get(one)]);
      expect(found).toContain("large.json");
    },
  );
});

describe("a file that changes while it is read", () => {
  const text = [...grown({ layout: "flat", action: "create", units: 300 })].join("");
  const files = { withShown: jest.fn(), archive: jest.fn() };
  let path: string;
  beforeAll(useParser);
  beforeEach(() => {
    path = join(folder, "large.json");
    writeFileSync(path, text);
  });
  afterEach(() => jest.restoreAllMocks());

  /** Does something to the file after its first window was read. */
  function afterFirstWindow(work: () => void): void {
    const read = fs.readSync;
    let reads = 0;
    jest.spyOn(fs, "readSync").mockImplementation((...args: unknown[]) => {
      if (++reads === 2) work();
      return Reflect.apply(read, fs, args);
    });
  }

  test("it is longer than a window", () => expect(text.length).toBeGreaterThan(1 << 20));
  test("it shrinks", async () => {
    afterFirstWindow(() => truncateSync(path, (1 << 20) + 5));
    await expect(readInput(path, [], files)).rejects.toThrow(/large\.json: .*cut off/);
  });
  test("it grows", async () => {
    afterFirstWindow(() => fs.appendFileSync(path, text));
    await expect(readInput(path, [], files)).rejects.toThrow(/large\.json: text after the end/);
  });
  test("it is overwritten by another plan", async () => {
    afterFirstWindow(() => writeFileSync(path, `${" ".repeat(100)}${text}`));
    await expect(readInput(path, [], files)).rejects.toThrow(/large\.json: invalid JSON/);
  });
  test("it is replaced: what was opened is judged, and its digest told", async () => {
    const before = await readInput(path, [], files);
    afterFirstWindow(() => {
      writeFileSync(join(folder, "new.json"), PLAN);
      fs.renameSync(join(folder, "new.json"), path);
    });
    expect((await readInput(path, [], files)).summary).toEqual(before.summary);
  });
  test("a binary plan is another one when it is shown", async () => {
    writeFileSync(path, zipSync({ tfplan: strToU8("a") }));
    const withShown = async <T>(_: string, read: (shown: number) => T): Promise<T> => {
      writeFileSync(path, zipSync({ tfplan: strToU8("b") }));
      return read(openSync(join(folder, "plan.json"), "r"));
    };
    const swapped = { withShown, archive: async () => new Map<string, string>() };
    await expect(readInput(path, [], swapped)).rejects.toThrow(/large\.json: .*changed while it was judged/);
  });
  test("a binary plan's own code isn't replaced without a word", async () => {
    writeFileSync(path, zipSync({ tfplan: strToU8("a") }));
    writeFileSync(join(folder, "other.tf.json"), "{}");
    const withShown = async <T>(_: string, read: (shown: number) => T): Promise<T> =>
      read(openSync(join(folder, "plan.json"), "r"));
    const files = { withShown, archive: async () => new Map<string, string>() };
    const { notices } = await readInput(path, [join(folder, "other.tf.json")], files);
    expect(notices).toEqual([
      { message: expect.stringMatching(/^`--source` was read in place of the code that the plan/) },
    ]);
    expect((await readInput(path, [], files)).notices).toEqual([]);
  });
});

describe("a seal", () => {
  /** Answers as far as `check` asks: shows the recorded plan. */
  const bin = (script: string): { PATH: string; TOLLGATE_TERRAFORM: string } => {
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin/terraform"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return {
      PATH: `${join(folder, "bin")}:${process.env.PATH ?? ""}`,
      TOLLGATE_TERRAFORM: join(folder, "bin/terraform"),
    };
  };
  const compliant = join(__dirname, "../fixtures/plans/destroy/plan.json");
  beforeEach(() => writeFileSync(join(folder, "plan.tfplan"), zipSync({ tfplan: strToU8("a") })));

  test("that can't be written is said, and the run doesn't pass", () => {
    const env = bin(`cat "${compliant}"`);
    expect(run(["check", "plan.tfplan", "--seal", "seal.json"], undefined, env)).toMatchObject({ status: 0 });
    refused(run(["check", "plan.tfplan", "--seal", "/proc/seal.json"], undefined, env), /\/proc\/seal\.json/);
  });
  test("tells the account that only a flag said, and is refused where the configuration says another", () => {
    const env = bin(`cat "${compliant}"`);
    const verify = (...flags: string[]) => run(["verify", "plan.tfplan", "--seal", "seal.json", ...flags]);
    const account = ["--account", "111122223333"];
    expect(run(["check", "plan.tfplan", "--seal", "seal.json", ...account], undefined, env)).toMatchObject({
      status: 0,
    });
    expect(verify().stdout).toMatch(/^accepted: this plan passed the gate at \S+ for account 111122223333\n$/);
    expect(verify(...account).stdout).toMatch(/^accepted: this plan passed the gate at \S+\n$/);
    expect(verify("--account", "444455556666")).toMatchObject({ status: 1 });
    writeFileSync(join(folder, "tollgate.json"), JSON.stringify({ account: "444455556666" }));
    run(["check", "plan.tfplan", "--seal", "seal.json", ...account], undefined, env);
    expect(verify()).toMatchObject({ status: 1, stdout: expect.stringContaining("for another account") });
    rmSync(join(folder, "tollgate.json"));
  });
  test("by waivers of another day doesn't outlive them", () => {
    const plan = join(folder, "plan.json");
    const env = bin(`cat "${plan}"`);
    const { results } = JSON.parse(run(["check", "plan.json", "--format", "json"]).stdout.toString());
    const waivers = results
      .filter(({ verdict }: { verdict: string }) => verdict !== "pass")
      .map(({ rule, address }: { rule: string; address: string }) => ({
        rule,
        address,
        reason: "r",
        owner: "o",
        expires: "2020-01-31",
      }));
    writeFileSync(join(folder, "tollgate.json"), JSON.stringify({ waivers }));
    const sealing = ["check", "plan.tfplan", "--seal", "seal.json"];
    expect(run([...sealing, "--today", "2019-01-01"], undefined, env)).toMatchObject({ status: 0 });
    expect(run(["verify", "plan.tfplan", "--seal", "seal.json"])).toMatchObject({
      status: 1,
      stdout: "refused: the plan passed by a waiver that expired on 2020-01-31: judge it again\n",
    });
    rmSync(join(folder, "tollgate.json"));
  });
  test("is not given to a plan that changed meanwhile", () => {
    writeFileSync(join(folder, "other"), zipSync({ tfplan: strToU8("b") }));
    const env = bin(`cp "${folder}/other" "${folder}/plan.tfplan"; cat "${compliant}"`);
    refused(run(["check", "plan.tfplan", "--seal", "seal.json"], undefined, env), /changed while it was judged/);
    expect(left()).not.toContain("seal.json");
  });
  test.each([
    ["SIGINT", "exec sleep 20"],
    ["SIGTERM", "exec sleep 20"],
    ["SIGHUP", "exec sleep 20"],
    // Terraform may come to a good end all the same, or say that it can't
    ["SIGINT", `trap 'kill $!; cat "${compliant}"; exit 0' INT; sleep 20 & wait`],
    ["SIGTERM", "trap 'kill $!; echo Error: no plugin >&2; exit 1' TERM; sleep 20 & wait"],
  ] as const)("%s while a plan is shown ends the check by it, with nothing written: %s", async (signal, script) => {
    const env = bin(`touch "${folder}/shown"; ${script}`);
    const child = spawn(
      process.execPath,
      [CLI, "check", "plan.tfplan", "--out", "json=report.json", "--seal", "seal.json"],
      {
        cwd: folder,
        env: { ...process.env, ...env },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        text += chunk;
      });
    while (!existsSync(join(folder, "shown"))) await new Promise((done) => setTimeout(done, 20));
    await new Promise((done) => setTimeout(done, 200));
    child.kill(signal);
    const ending = await new Promise((done) => child.on("close", (...end) => done(end)));
    expect([ending, text]).toEqual([[null, signal], ""]);
    expect(left()).not.toContain("report.json");
    expect(left()).not.toContain("seal.json");
  });
  test("nothing of the shown plan stays behind, even where the process is killed", async () => {
    const env = bin(`cat "${compliant}"; touch "${folder}/shown"; sleep 2`);
    mkdirSync(join(folder, "tmp"));
    const child = spawn(process.execPath, [CLI, "check", "plan.tfplan"], {
      cwd: folder,
      env: { ...process.env, ...env, TMPDIR: join(folder, "tmp") },
      stdio: "ignore",
    });
    const shown = () => readdirSync(join(folder, "tmp"), { recursive: true }).map(String);
    while (!existsSync(join(folder, "shown"))) await new Promise((done) => setTimeout(done, 20));
    const during = shown();
    child.kill("SIGKILL");
    await new Promise((done) => child.on("exit", done));
    expect([during, shown()]).toEqual([[], []]);
  });
});
