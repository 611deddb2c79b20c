/** What the command does where a plan is too large for the memory that it may take: one line and status 2, never an abort. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { grown } from "../../bench/grow";

const CLI = join(__dirname, "../../dist/cli.cjs");
const SOURCE = join(__dirname, "../../bench/seeds/flat");
const folder = mkdtempSync(join(tmpdir(), "tollgate-memory-"));
const plan = join(folder, "plan.json");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
jest.setTimeout(120_000);

beforeAll(() => {
  // each unit has a label of its own: none can stand for another
  let labels = 0;
  const text = [...grown({ layout: "flat", action: "create", units: 2500, violations: 0 })].join("");
  writeFileSync(
    plan,
    text.replaceAll('"label":"old"', () => `"label":"${labels++}"`),
  );
});

const checked = (megabytes: number, ...flags: readonly string[]) =>
  spawnSync(
    process.execPath,
    [...flags, `--max-old-space-size=${megabytes}`, CLI, "check", plan, "--source", SOURCE, "--today", "2026-01-01"],
    { encoding: "utf8", maxBuffer: 1 << 28 },
  );

test.each([16, 24, 28, 32, 36])("a heap of %d MB is too small: one line", (megabytes) => {
  const { status, stdout, stderr } = checked(megabytes);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(
    /^tollgate: \S*plan\.json: needs more memory than the \d+ MiB that Node\.js takes at most: set `NODE_OPTIONS=--max-old-space-size=MIB` to more \(about 4 KB a resource\)\n$/,
  );
});

test("short-lived memory that is asked for on the side is no room for what stays", () => {
  const { status, stdout, stderr } = checked(24, "--max-semi-space-size=64");
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("needs more memory than the 24 MiB that Node.js takes at most");
});

test("a heap of 128 MB will do", () => {
  const { status, stdout, stderr } = checked(128);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("20000 pass");
});
