/** The bundled command starts with code that V8 made ready; without it, or with what doesn't fit, it does just the same. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "../..");
const plan = join(root, "__tests__/fixtures/plans/unchanged/plan.json");
const home = mkdtempSync(join(tmpdir(), "tollgate-launcher-"));
const dist = join(home, "dist");

const check = (cli: string, ...flags: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, cli, "check", plan], {
    cwd: home,
    env: { PATH: process.env.PATH },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
};

beforeAll(() => cpSync(join(root, "dist"), dist, { recursive: true }));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const codes = (): string[] => readdirSync(dist).filter((name) => name.endsWith(".code"));

test("ready code is there for all that judging a plan loads, and V8 takes it", () => {
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
  const { status, stderr } = check(join(dist, "cli.cjs"), "--require", join(home, "watch.cjs"));
  const told: [file: string, isRejected: boolean | "none"][] = stderr
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(status).toBe(1);
  expect(told.length).toBeGreaterThan(5);
  expect(told.filter(([, isRejected]) => isRejected !== false)).toEqual([]);
});

test("code that doesn't fit, or none, changes nothing", () => {
  const before = check(join(dist, "cli.cjs"));
  expect(before).toMatchObject({ status: 1, stderr: "" });
  // Flags of the engine's that weren't set when the code was made.
  expect(check(join(dist, "cli.cjs"), "--max-old-space-size=200", "--no-opt")).toEqual(before);
  for (const name of codes()) writeFileSync(join(dist, name), `no code ${name}`);
  expect(check(join(dist, "cli.cjs"))).toEqual(before);
  for (const name of codes()) rmSync(join(dist, name));
  expect(check(join(dist, "cli.cjs"))).toEqual(before);
});
