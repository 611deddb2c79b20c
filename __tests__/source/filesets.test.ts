/** Holds `fileset` against what the real Terraform finds in a folder (see fixtures/record.mjs). */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Unknown, type Value } from "../../validators/kernel/index";
import { ProjectFiles } from "../../validators/project-files";
import { evaluate } from "../../validators/source/index";
import { fixtures } from "./names";
import { useParser } from "./parser";

interface Recorded {
  readonly files: readonly string[];
  readonly links: Readonly<Record<string, string>>;
  readonly sets: readonly (readonly [string, string, readonly string[] | "refused"])[];
}

const recorded: Recorded = JSON.parse(readFileSync(join(fixtures, "recorded-filesets.json"), "utf8"));

/** What we leave unknown though Terraform knows it. */
const leftUnknown = new Set([
  // the library that Terraform uses has its own ideas of these
  "policies **/**/*.json",
  "policies [ab].json",
  "policies x[[]1].json",
  "policies \\*.json",
  // found under a name that begins with `..`
  "policies ../main.json",
  "policies/sub ../*.json",
  // behind a link to a folder
  "linked */*.json",
  "linked **/*.json",
]);

let folder: string;
beforeAll(async () => {
  await useParser();
  folder = mkdtempSync(join(tmpdir(), "tollgate-filesets-"));
  const tree = join(folder, "tree");
  for (const name of [...recorded.files, ...Object.keys(recorded.links)])
    mkdirSync(dirname(join(tree, name)), { recursive: true });
  for (const name of recorded.files) writeFileSync(join(tree, name), name);
  for (const [name, target] of Object.entries(recorded.links)) symlinkSync(target, join(tree, name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What ours makes of an expression in the folder. */
const ours = (text: string): Value =>
  evaluate({ kind: "hcl", text }, { lookup: () => undefined, files: new ProjectFiles(folder) }, "here");

const call = (base: string, pattern: string): string =>
  `fileset(${JSON.stringify(`tree/${base}`)}, ${JSON.stringify(pattern)})`;

test.each(recorded.sets)("%s %s", (base, pattern, expected) => {
  const found = ours(call(base, pattern));
  if (leftUnknown.has(`${base} ${pattern}`) || expected === "refused") expect(found).toBeInstanceOf(Unknown);
  else expect(found).toEqual(expected);
});

test("what is left unknown is among what was recorded", () => {
  const all = new Set(recorded.sets.map(([base, pattern]) => `${base} ${pattern}`));
  expect([...leftUnknown].filter((one) => !all.has(one))).toEqual([]);
});

test.each(["../..", "x/../../..", "policies/../../.."])("outside of the project nothing is looked for: %s", (base) => {
  expect(ours(call(base, "**"))).toBeInstanceOf(Unknown);
});

test.each(["/", "/etc"])("an absolute folder isn't looked into: %s", (base) => {
  expect(ours(`fileset(${JSON.stringify(base)}, "*")`)).toBeInstanceOf(Unknown);
});

test("a pattern with many alternatives ends", () => {
  expect(ours(call("policies", "{a,b,c,d}".repeat(12)))).toBeInstanceOf(Unknown);
  expect(ours(call("policies", `${"*a".repeat(5000)}b`))).toEqual([]);
});

test("files that were found are read, links within the project too, and each only once", () => {
  expect(ours('[for f in fileset("tree/policies", "{a,link}.json") : file("tree/policies/${f}")]')).toEqual([
    "policies/a.json",
    "policies/a.json",
  ]);
  const files = new ProjectFiles(folder);
  expect(files.get("tree/main.json")).toBe("main.json");
  writeFileSync(join(folder, "tree/main.json"), "changed");
  expect(files.get("tree/main.json")).toBe("main.json");
});

test.each([
  ["is larger than a policy", Buffer.alloc((1 << 20) + 1, "a")],
  ["is no text", Buffer.from([0xff, 0xfe, 0x00])],
])("a file that %s is not read", (_, content) => {
  writeFileSync(join(folder, "odd"), content);
  expect(new ProjectFiles(folder).get("odd")).toBeUndefined();
});

test.each(["../outside", "x/../../outside", "/etc/passwd", "tree", "missing", "tree/main.json/x", "a\0b", ""])(
  "%j is no file of the project",
  (path) => {
    expect(new ProjectFiles(folder).get(path)).toBeUndefined();
  },
);

test("a link out of the project leads nowhere, nor does one of its folders", () => {
  const outside = mkdtempSync(join(tmpdir(), "tollgate-outside-"));
  writeFileSync(join(outside, "secret.json"), "secret");
  symlinkSync(join(outside, "secret.json"), join(folder, "escape.json"));
  symlinkSync(outside, join(folder, "escape"));
  const files = new ProjectFiles(folder);
  expect([files.get("escape.json"), files.get("escape/secret.json"), files.inFolder("escape")]).toEqual(
    Array.from({ length: 3 }, () => undefined),
  );
  expect(ours('fileset(".", "escape/*.json")')).toBeInstanceOf(Unknown);
  expect(ours('fileset(".", "escape.json")')).toBeInstanceOf(Unknown);
  rmSync(outside, { recursive: true, force: true });
});
