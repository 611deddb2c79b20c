/** The bundled command starts with code that V8 made ready; without it, or with what doesn't fit, it does just the same. */
import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const root = join(__dirname, "../..");
const fixture = (name: string): string => join(root, "__tests__/fixtures/plans", name);
const plan = fixture("unchanged/plan.json");
const home = mkdtempSync(join(tmpdir(), "tollgate-launcher-"));
const dist = join(home, "dist");

const judged = (file: string, ...flags: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, join(dist, "cli.cjs"), "check", file], {
    cwd: home,
    env: { PATH: process.env.PATH },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
};

beforeAll(() => cpSync(join(root, "dist"), dist, { recursive: true }));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const codes = (): string[] => readdirSync(dist).filter((name) => name.endsWith(".code"));

test.each([
  ["a plan alone", ["unchanged/plan.json"], false],
  ["a plan with source that needs no parser", ["unchanged/plan.json", "unchanged/main.tf"], false],
  ["a plan with source that needs it", ["cdktf-jsonencode/plan.json", "cdktf-jsonencode/cdk.tf.json"], true],
])("ready code is there for all that judging %s loads, and V8 takes it", (folder, files, isParsed) => {
  // The launcher makes each script with `vm.Script`: this one tells what V8 said of its code.
  writeFileSync(
    join(home, "watch.cjs"),
    `const vm = require("node:vm");
     vm.Script = class extends vm.Script {
       constructor(text, options) {
         super(text, options);
         process.stderr.write(JSON.stringify([options.filename, this.cachedDataRejected ?? "none"]) + "\\n");
       }
     };`,
  );
  mkdirSync(join(home, folder));
  for (const file of files) copyFileSync(fixture(file), join(home, folder, basename(file)));
  const { status, stderr } = judged(join(home, folder, "plan.json"), "--require", join(home, "watch.cjs"));
  const told: [file: string, isRejected: boolean | "none"][] = stderr
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(status).toBe(1);
  expect(told.filter(([, isRejected]) => isRejected !== false)).toEqual([]);
  // What every run loads is read at once.
  const [first, ...others] = told.map(([file]) => basename(file));
  expect(first).toBe("together.cjs");
  expect(others.length > 0).toBe(isParsed);
});

test("code that doesn't fit, or none, changes nothing", () => {
  const before = judged(plan);
  expect(before).toMatchObject({ status: 1, stderr: "" });
  // Flags of the engine's that weren't set when the code was made.
  expect(judged(plan, "--max-old-space-size=200", "--no-opt")).toEqual(before);
  for (const name of codes()) writeFileSync(join(dist, name), `no code ${name}`);
  expect(judged(plan)).toEqual(before);
  for (const name of codes()) rmSync(join(dist, name));
  expect(judged(plan)).toEqual(before);
  // Parts that nobody put together.
  rmSync(join(dist, "together.cjs"));
  expect(judged(plan)).toEqual(before);
});

test("what text says needs no cryptography, which takes long to load", () => {
  writeFileSync(
    join(home, "loaded.cjs"),
    `process.on("exit", () => process.stderr.write(String(process.moduleLoadList.includes("NativeModule crypto"))));`,
  );
  const flags = ["--require", join(home, "loaded.cjs")];
  expect(judged(plan, ...flags).stderr).toBe("false");
  writeFileSync(join(home, "loud.cjs"), `require("node:crypto"); require("./loaded.cjs");`);
  expect(judged(plan, "--require", join(home, "loud.cjs")).stderr).toBe("true");
});
