/** The lock file: whole for every platform (else `npm ci` refuses it), sure of what each package is, and silent about where it comes from. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");
interface Entry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
const lock: { readonly packages: Readonly<Record<string, Entry>> } = JSON.parse(
  readFileSync(join(root, "package-lock.json"), "utf8"),
);
const paths = Object.keys(lock.packages);

test("every platform's optional package is in it", () => {
  const named = Object.values(lock.packages).flatMap((one) => Object.keys(one.optionalDependencies ?? {}));
  const missing = named.filter((name) => !paths.some((path) => path.endsWith(`node_modules/${name}`)));
  expect([...new Set(missing)]).toEqual([]);
});

test("every package has its checksum: what it is, no registry decides", () => {
  const lacking = Object.entries(lock.packages)
    // What another package brings along comes under that one's checksum; a link is a folder of ours.
    .filter(([path, one]) => path !== "" && !one.link && !one.inBundle)
    .filter(([, { integrity }]) => !/^sha512-[0-9A-Za-z+/]{86}==$/.test(integrity ?? ""));
  expect(lacking.map(([path]) => path)).toEqual([]);
});

describe("scripts/complete-lock.mjs", () => {
  const checksum = `sha512-${"A".repeat(86)}==`;
  /** Runs a function of the script on a lock, with a registry that knows `@a/linux-x64` and `b` only; gives what it printed. */
  function completed(call: "missingFrom" | "checksumsFor", packages: Readonly<Record<string, Entry>>): unknown {
    const code = `
      import * as own from "./scripts/complete-lock.mjs";
      const known = {
        "@a/linux-x64@1.0.0": { "dist.integrity": "${checksum}", os: ["linux"], cpu: "x64", libc: ["glibc"] },
        "b@2.0.0": { "dist.integrity": "${checksum}" },
      };
      const lock = ${JSON.stringify({ packages })};
      console.log(JSON.stringify(own.${call}(lock, (name, version) => known[name + "@" + version] ?? {})));`;
    const ran = spawnSync(process.execPath, ["--input-type=module", "-e", code], { cwd: root, encoding: "utf8" });
    return ran.status === 0 ? JSON.parse(ran.stdout) : ran.stderr;
  }

  test("adds what a parent names, with what the registry says of it", () => {
    const a = { version: "1.0.0", integrity: checksum, optionalDependencies: { "@a/linux-x64": "1.0.0", b: "2.0.0" } };
    expect(completed("missingFrom", { "node_modules/a": a })).toEqual({
      "node_modules/@a/linux-x64": {
        version: "1.0.0",
        integrity: checksum,
        cpu: ["x64"],
        libc: ["glibc"],
        os: ["linux"],
        optional: true,
      },
    });
  });

  test("adds the checksums that are missing, and none to what has none of its own", () => {
    const packages = {
      "": { version: "1.0.0" },
      "node_modules/a/node_modules/b": { version: "2.0.0" },
      "node_modules/c": { version: "1.0.0", inBundle: true },
      "node_modules/d": { link: true },
      "node_modules/e": { version: "1.0.0", integrity: checksum },
    };
    expect(completed("checksumsFor", packages)).toEqual({
      "node_modules/a/node_modules/b": { version: "2.0.0", integrity: checksum },
    });
  });

  test("refuses to leave one out that the registry doesn't tell", () => {
    expect(completed("checksumsFor", { "node_modules/x": { version: "1.0.0" } })).toContain(
      "x@1.0.0: expected a checksum from the registry, found none",
    );
  });
});

test("no registry's address is in it", () => {
  expect(Object.values(lock.packages).filter((one) => one.resolved !== undefined)).toEqual([]);
});

test("versions in package.json are exact", () => {
  const { devDependencies }: { devDependencies: Record<string, string> } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  );
  for (const version of Object.values(devDependencies))
    expect(version).toMatch(/^(?:npm:@?[\w./-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/);
});
