/** A plan that isn't whole, or is more than one: refused wherever it is cut, doubled or continued; never a pass. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { grown } from "../../bench/grow";
import { InputError } from "../../validators/kernel/index";
import { readPlan } from "../../validators/plan/index";

const FIXTURES = join(__dirname, "../fixtures/plans");
const small = Buffer.from(JSON.stringify(JSON.parse(readFileSync(join(FIXTURES, "plain/plan.json"), "utf8"))));
const state = readFileSync(join(FIXTURES, "state/plan.json"));
const large = Buffer.from([...grown({ layout: "module", action: "mixed", units: 15 })].join(""));
jest.setTimeout(120_000);

/** Whether something is refused in one line. */
function isRefused(bytes: Uint8Array): boolean {
  try {
    readPlan([bytes]);
    return false;
  } catch (error) {
    if (!(error instanceof InputError) || error.message.includes("\n")) throw error;
    return true;
  }
}

/** The same places in every run, spread over the whole. */
function* places(count: number, size: number): Generator<number> {
  let state = 1;
  for (let i = 0; i < count; i++) {
    state = (state * 48_271) % 0x7fffffff;
    yield state % size;
  }
}

test("the whole is read", () => {
  expect([small, state, large].map(isRefused)).toEqual([false, false, false]);
  expect(large.length).toBeGreaterThan(300_000);
});

test.each([
  ["plan", small],
  ["state", state.subarray(0, state.lastIndexOf("}") + 1)],
])("a small %s, cut off at every byte", (_, whole) => {
  const read = Array.from({ length: whole.length }, (_byte, size) => size).filter(
    (size) => !isRefused(whole.subarray(0, size)),
  );
  expect(read).toEqual([]);
});

test("a large plan, cut off at a thousand places", () => {
  const end = large.lastIndexOf("}");
  expect([...places(1000, end)].filter((size) => !isRefused(large.subarray(0, size)))).toEqual([]);
});

test("a plan with a hole is refused, unless what is left is JSON", () => {
  const text = small.toString("utf8");
  const lost = [...places(1000, text.length - 64)].filter((at) => {
    const left = text.slice(0, at) + text.slice(at + 1 + (at % 64));
    return !isJson(left) && !isRefused(Buffer.from(left));
  });
  expect(lost).toEqual([]);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test.each<[string, Buffer]>([
  ["itself", small],
  ["a state", state],
  ["an empty object", Buffer.from("{}")],
  ["a comma", Buffer.from(",")],
  ["a zero byte", Buffer.from([0])],
  ["a byte-order mark", Buffer.from("\ufeff")],
  ["the rest of a longer plan", small.subarray(small.length - 40)],
  ["a line of a log", Buffer.from("\n::debug::Terraform exited with code 0.\n")],
])("a plan followed by %s", (_, tail) => {
  expect(isRefused(Buffer.concat([small, tail]))).toBe(true);
  expect(isRefused(Buffer.concat([small, Buffer.from("\n"), tail]))).toBe(true);
});

test("every section that occurs twice", () => {
  const text = small.toString("utf8");
  const sections = Object.keys(JSON.parse(text));
  expect(sections.length).toBeGreaterThan(5);
  const first = (key: string) => Buffer.from(text.replace("{", () => `{${JSON.stringify(key)}:null,`));
  const last = (key: string) => Buffer.from(`${text.slice(0, -1)},${JSON.stringify(key)}:null}`);
  expect(sections.filter((key) => !isRefused(first(key)) || !isRefused(last(key)))).toEqual([]);
});

test("through the real process: status 2, one line, nothing on standard output", () => {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-truncated-"));
  try {
    for (const at of [...places(6, small.length), small.length - 1]) {
      writeFileSync(join(folder, "plan.json"), small.subarray(0, at));
      const args = [join(__dirname, "../../dist/cli.cjs"), "check", "plan.json", "--out", "json=report.json"];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
      expect([status, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(/^tollgate: plan\.json: [^\n]+\n$/);
      expect(() => readFileSync(join(folder, "report.json"))).toThrow(/ENOENT/);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
