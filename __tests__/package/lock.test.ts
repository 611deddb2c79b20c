/** The lock file: whole for every platform (else `npm ci` refuses it), and silent about where packages come from. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");
const lock: {
  packages: Record<string, { version?: string; resolved?: string; optionalDependencies?: Record<string, string> }>;
} = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
const paths = Object.keys(lock.packages);

test("every platform's optional package is in it", () => {
  const named = Object.values(lock.packages).flatMap((one) => Object.keys(one.optionalDependencies ?? {}));
  const missing = named.filter((name) => !paths.some((path) => path.endsWith(`node_modules/${name}`)));
  expect([...new Set(missing)]).toEqual([]);
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
