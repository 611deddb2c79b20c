/**
 * The package, as whoever installs it gets it: packed, installed into an empty project without a network, imported from
 * ES modules and CommonJS, type-checked strictly with every library's types looked at, run as a command and in jest.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

jest.setTimeout(300_000);

const root = join(__dirname, "../..");
const home = mkdtempSync(join(tmpdir(), "tollgate-package-"));
const project = join(home, "project");
const plan = join(root, "__tests__/fixtures/plans/plain/plan.json");
/** As in a shell of a user's: nothing that jest or npm set for this very run. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_ENV$|JEST_WORKER_ID$|NODE_OPTIONS$)/i.test(name)),
);

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}
let packed: Packed;

const npm = (args: readonly string[], cwd: string): string =>
  execFileSync("npm", [...args], { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** Runs a module of the project's; gives what it printed. */
function run(name: string, text: string): string {
  writeFileSync(join(project, name), text);
  return execFileSync(process.execPath, [name], { cwd: project, env, encoding: "utf8" }).trim();
}

beforeAll(() => {
  [packed] = JSON.parse(npm(["pack", "--json", "--silent", "--pack-destination", home], root).replace(/^[^[]*/, ""));
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "name": "project", "version": "1.0.0", "private": true }\n');
  // Offline: what needs anything from a registry can't be installed like this.
  npm(["install", "--offline", "--no-audit", "--no-fund", join(home, packed.filename)], project);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test("is small, whole and holds nothing else", () => {
  const paths = packed.files.map((file) => file.path);
  expect(packed.size).toBeLessThan(1_450_000);
  expect(paths).toEqual(
    expect.arrayContaining([
      "LICENSE",
      "NOTICE",
      "README.md",
      "dist/cli.cjs",
      "dist/types/index.d.ts",
      "dist/LICENSES.txt",
      "dist/sbom.cdx.json",
      "help/s3-tls-only.md",
    ]),
  );
  const places =
    /^(dist\/[\w-]+\.(cjs|wasm)|dist\/(LICENSES\.txt|sbom\.cdx\.json)|dist\/types\/.+\.d\.ts|help\/[\w-]+\.md|[A-Z-]+(\.md)?|package\.json)$/;
  expect(paths.filter((path) => !places.test(path))).toEqual([]);
});

test("brings nothing along, and runs nothing when it is installed", () => {
  expect(readdirSync(join(project, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["tollgate"]);
  const { dependencies, peerDependencies, optionalDependencies, scripts } = JSON.parse(
    readFileSync(join(project, "node_modules/tollgate/package.json"), "utf8"),
  );
  expect([dependencies, peerDependencies, optionalDependencies]).toEqual([undefined, undefined, undefined]);
  expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
});

test("everything that its declaration gives is there, as ES module and as CommonJS", () => {
  const declared = readFileSync(join(project, "node_modules/tollgate/dist/types/index.d.ts"), "utf8");
  const names = [
    ...[...declared.matchAll(/^export \{ (.*) \}/gm)].flatMap(([, list = ""]) => list.split(", ")),
    ...[...declared.matchAll(/^export declare (?:async )?function (\w+)/gm)].map(([, name = ""]) => name),
  ]
    .filter((name) => !name.startsWith("type "))
    .map((name) => name.replace(/^.* as /, ""))
    .sort();
  expect(names.length).toBeGreaterThan(10);
  const list = `process.stdout.write(JSON.stringify(Object.keys(tollgate).filter((name) => !/^(default|module.exports)$/.test(name)).sort()));`;
  expect(JSON.parse(run("all.mjs", `import * as tollgate from "tollgate";\n${list}`))).toEqual(names);
  expect(JSON.parse(run("all.cjs", `const tollgate = require("tollgate");\n${list}`))).toEqual(names);
});

test("judges a plan, and reads HCL with the parser that it brings", () => {
  mkdirSync(join(project, "stack"));
  writeFileSync(
    join(project, "stack/main.tf"),
    'locals {\n  n = join("-", ["a", "b"])\n}\nresource "aws_s3_bucket" "b" {\n  bucket = local.n\n}\n',
  );
  const verdicts = run(
    "judge.mjs",
    `import { checkFile } from "tollgate";
     const { summary } = await checkFile(${JSON.stringify(plan)});
     const { summary: source } = await checkFile("stack");
     console.log(summary.pass, summary.fail, source.fail);`,
  );
  expect(verdicts).toMatch(/^\d+ \d+ 5$/);
});

test("its commands are there, and work from anywhere", () => {
  const bin = join(project, "node_modules/.bin");
  const { status, stdout } = spawnSync(join(bin, "tollgate"), ["check", plan], { cwd: home, env, encoding: "utf8" });
  expect([status, stdout.split("\n")[0]]).toEqual([
    1,
    expect.stringMatching(/^tollgate \d+\.\d+\.\d+: plan\.json \(plan/),
  ]);
  const page = spawnSync(join(bin, "tollgate"), ["explain", "s3-tls-only"], { cwd: home, env, encoding: "utf8" });
  expect(page.stdout).toContain("# Bucket policy: reads and writes over TLS only");
  expect(existsSync(join(bin, "tollgate-terraform"))).toBe(true);
});

test("has types that hold under strict options, in both module systems, without skipLibCheck", () => {
  const use = `import { check, type Config, REPORTERS, type Report, RULES, type Verdict } from "tollgate";
import "tollgate/jest";
export async function use(plan: object): Promise<string> {
  const config: Config = { account: "111122223333", rules: { "kms-key-rotation": { severity: "low" } } };
  const report: Report = await check(plan, { config, rules: RULES });
  const verdict: Verdict | undefined = report.results[0]?.verdict;
  expect(plan).toPassGate({ allowUndecided: true });
  expect(plan).toBreakRule("s3-tls-only", { at: "aws_s3_bucket.b", because: /HTTP/ });
  return \`\${verdict} \${await (await REPORTERS.text())(report)}\`;
}
`;
  writeFileSync(join(project, "use.mts"), use);
  writeFileSync(join(project, "use.cts"), use);
  writeFileSync(
    join(project, "wrong.mts"),
    'import "tollgate/jest";\nexpect({}).toBreakRule("s3-tls-only", { nope: 1 });\nexpect({}).toPassGate(1);\nexpect({}).toBeGated();\n',
  );
  const options = {
    strict: true,
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    module: "NodeNext",
    target: "ES2022",
    noEmit: true,
    types: ["node", "jest"],
    typeRoots: [join(root, "node_modules/@types")],
  };
  writeFileSync(
    join(project, "tsconfig.json"),
    JSON.stringify({ compilerOptions: options, files: ["use.mts", "use.cts", "wrong.mts"] }),
  );
  const { stdout } = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "."], {
    cwd: project,
    env,
    encoding: "utf8",
  });
  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => line.replace(/: .*/, "")),
  ).toEqual(["wrong.mts(2,41)", "wrong.mts(3,23)", "wrong.mts(4,12)"]);
});

test("its matchers work in jest, and say what the terminal says", () => {
  writeFileSync(
    join(project, "gate.test.js"),
    `require("tollgate/jest");
const plan = require(${JSON.stringify(plan)});
const bare = { resource: { aws_s3_bucket: { b: { bucket: "x" } } }, terraform: {} };
test("holds", () => {
  expect(plan).toPassGate({ allowUndecided: true });
  expect(bare).toBreakRule("s3-tls-only", { at: "aws_s3_bucket.b" });
  expect(() => expect(bare).not.toBreakRule("s3-tls-olny")).toThrow("expected a rule id");
});
test("fails", () => expect(bare).toPassGate());
`,
  );
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, "node_modules/jest/bin/jest.js"), "--rootDir", project],
    {
      cwd: project,
      env,
      encoding: "utf8",
    },
  );
  expect(stderr).toContain("1 failed, 1 passed");
  expect(stderr).toContain("expected it to pass the gate");
  expect(stderr).toContain("FAIL  s3-tls-only  aws_s3_bucket.b");
  expect(status).toBe(1);
});
