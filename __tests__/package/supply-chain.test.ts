/** What comes with the package: every library that is bundled is named, licensed, reproduced and locked; none needs a script. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");
const text = (path: string): string => readFileSync(join(root, path), "utf8");

interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses: readonly { readonly license: { readonly id: string } }[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}
let components: readonly Component[];
const lock: {
  packages: Record<string, { version?: string; integrity?: string; hasInstallScript?: boolean; name?: string }>;
} = JSON.parse(text("package-lock.json"));

/** Runs a function of a script of ours (an ES module) on JSON. */
const scripted = (script: string, call: string): unknown =>
  JSON.parse(
    execFileSync(
      process.execPath,
      ["--input-type=module", "-e", `import * as own from "./scripts/${script}"; console.log(JSON.stringify(${call}))`],
      {
        cwd: root,
        encoding: "utf8",
      },
    ),
  );

beforeAll(() => {
  execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: root });
  components = JSON.parse(text("dist/sbom.cdx.json")).components;
});

test("the bill of materials names each bundled library with its version, checksum and address", () => {
  expect(components.length).toBeGreaterThan(10);
  for (const { name, version, purl, hashes } of components) {
    const locked = lock.packages[`node_modules/${name}`];
    expect([name, version]).toEqual([name, locked?.version]);
    expect(purl).toBe(`pkg:npm/${name.replace("@", "%40")}@${version}`);
    const [digest] = hashes ?? [];
    expect(`sha512-${Buffer.from(digest?.content ?? "", "hex").toString("base64")}`).toBe(locked?.integrity);
  }
});

test("the licence of each is permissive, and its text is in the package", () => {
  const permissive = scripted("third-party.mjs", "own.PERMISSIVE");
  const texts = text("dist/LICENSES.txt").split(/^-{78}$/m);
  expect(texts).toHaveLength(components.length + 1);
  for (const { name, version, licenses } of components) {
    const id = licenses[0]?.license.id;
    expect(permissive).toContain(id);
    const own = texts.find((one) => one.startsWith(`\n${name} ${version} (${id})\n`));
    expect([name, /permission|licen[cs]e/i.test(own ?? ""), (own ?? "").length > 500]).toEqual([name, true, true]);
  }
});

test("every library that is asked for by name stands in the design's table, with its reason", () => {
  const { devDependencies }: { devDependencies: Record<string, string> } = JSON.parse(text("package.json"));
  const table = text("help/design.md").slice(text("help/design.md").indexOf("## Libraries"));
  const direct = components.map(({ name }) => name).filter((name) => Object.hasOwn(devDependencies, name));
  for (const name of direct) expect([name, table.includes(`\`${name}\``)]).toEqual([name, true]);
  const named = [...table.matchAll(/`(@?[\w./-]+)`/g)]
    .map(([, name = ""]) => name)
    .filter((name) => Object.hasOwn(devDependencies, name));
  expect(named.filter((name) => !direct.includes(name))).toEqual([]);
});

test("no package's install script is needed: each that has one is told not to run it", () => {
  const { allowScripts }: { allowScripts: Record<string, boolean> } = JSON.parse(text("package.json"));
  const withScripts = Object.entries(lock.packages)
    .filter(([, one]) => one.hasInstallScript)
    .map(([path]) => path.replace(/^.*node_modules\//, ""));
  expect(withScripts.length).toBeGreaterThan(0);
  for (const name of withScripts) expect([name, allowScripts[name]]).toEqual([name, false]);
});

test("an audit fails for what is inside the package only, and not for a registry that can't be asked", () => {
  const audit = (json: unknown) =>
    scripted("audit.mjs", `own.judgeAudit(${JSON.stringify(JSON.stringify(json))}, ["yaml"])`);
  const vulnerabilities = { yaml: { name: "yaml", severity: "high" }, cdktf: { name: "cdktf", severity: "low" } };
  expect(audit({ vulnerabilities })).toEqual({ asked: true, inside: ["yaml (high)"], around: ["cdktf (low)"] });
  expect(audit({ vulnerabilities: {} })).toEqual({ asked: true, inside: [], around: [] });
  expect(audit({ error: {}, message: "405" })).toEqual({ asked: false, inside: [], around: [] });
});
