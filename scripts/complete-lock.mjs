/**
 * Turns a lock file made against an incomplete mirror into a whole one: adds each platform's optional package that its
 * parent names and the mirror didn't serve then, and the checksum of each package that lacks it. Without the first `npm ci`
 * refuses the lock file on every machine; without the second it takes for the package whatever it is given.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

/** What the registry says of one version of a package (`npm view`). @throws Error where it has nothing to say. */
function askRegistry(name, version) {
  const fields = ["dist.integrity", "os", "cpu", "libc"];
  const said = execFileSync("npm", ["view", "--json", `${name}@${version}`, ...fields], { encoding: "utf8" });
  return said.trim() === "" ? {} : JSON.parse(said);
}

/** A package's place in the lock, by its path there: `node_modules/a/node_modules/@b/c` is `@b/c`. */
const nameAt = (path, { name }) => name ?? path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

const listOf = (value) => (value === undefined ? undefined : [value].flat());

function answered(ask, name, version) {
  const { "dist.integrity": integrity, ...rest } = ask(name, version);
  if (!/^sha512-/.test(integrity ?? ""))
    throw new Error(`${name}@${version}: expected a checksum from the registry, found ${integrity ?? "none"}`);
  const [cpu, libc, os] = [listOf(rest.cpu), listOf(rest.libc), listOf(rest.os)];
  return { integrity, platform: { ...(cpu && { cpu }), ...(libc && { libc }), ...(os && { os }) } };
}

/** The platform packages that are missing, by lock path. Only exact versions can be added. */
export function missingFrom(lock, ask) {
  const missing = {};
  for (const parent of Object.values(lock.packages))
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const path = `node_modules/${name}`;
      if (Object.keys(lock.packages).some((one) => one.endsWith(path)) || !/^\d/.test(version)) continue;
      const { integrity, platform } = answered(ask, name, version);
      if (platform.os === undefined) continue;
      missing[path] = { version, integrity, ...platform, ...(parent.dev ? { dev: true } : {}), optional: true };
    }
  return missing;
}

/** The entries that lack their checksum, with it. What another package brings along, and links, have none of their own. */
export function checksumsFor(lock, ask) {
  const lacking = Object.entries(lock.packages).filter(
    ([path, one]) => path !== "" && !one.link && !one.inBundle && one.integrity === undefined,
  );
  return Object.fromEntries(
    lacking.map(([path, { version, ...rest }]) => {
      const { integrity } = answered(ask, nameAt(path, rest), version);
      return [path, { version, integrity, ...rest }];
    }),
  );
}

if (process.argv[1]?.endsWith("complete-lock.mjs")) {
  const file = "package-lock.json";
  const lock = JSON.parse(readFileSync(file, "utf8"));
  const missing = missingFrom(lock, askRegistry);
  const completed = checksumsFor(lock, askRegistry);
  const packages = { ...lock.packages, ...missing, ...completed };
  const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`);
  const counts = [missing, completed].map((added) => Object.keys(added).length);
  process.stdout.write(`${counts[0]} platform packages and ${counts[1]} checksums added\n`);
}
