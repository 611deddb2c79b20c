/**
 * Turns a lock file made against an incomplete mirror into a whole one: adds each platform's optional package that its
 * parent names and the mirror doesn't serve. Without them `npm ci` refuses the lock file on every machine. A platform
 * package is named after its platform, so that `os`, `cpu` and `libc` are known; its checksum isn't, and is left out.
 */
import { readFileSync, writeFileSync } from "node:fs";

const OS = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const CPU = ["arm64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"];

/** What a platform package's name says: `@unrs/resolver-binding-linux-arm-musleabihf`. */
export function platformOf(name) {
  const words = name.slice(name.lastIndexOf("/") + 1).split("-");
  const os = OS.find((one) => words.includes(one));
  const cpu = CPU.find((one) => words.includes(one));
  const libc = words.some((word) => word.startsWith("musl"))
    ? "musl"
    : words.some((word) => word.startsWith("gnu"))
      ? "glibc"
      : undefined;
  if (!os || !cpu) return undefined;
  return { cpu: [cpu], ...(libc && os === "linux" ? { libc: [libc] } : {}), os: [os] };
}

/** The entries that are missing, by lock path. Only exact versions can be added. */
export function missingFrom(lock) {
  const missing = {};
  for (const parent of Object.values(lock.packages))
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const path = `node_modules/${name}`;
      const platform = platformOf(name);
      if (Object.keys(lock.packages).some((one) => one.endsWith(path)) || !platform || !/^\d/.test(version)) continue;
      missing[path] = { version, ...platform, ...(parent.dev ? { dev: true } : {}), optional: true };
    }
  return missing;
}

if (process.argv[1]?.endsWith("complete-lock.mjs")) {
  const file = "package-lock.json";
  const lock = JSON.parse(readFileSync(file, "utf8"));
  const missing = missingFrom(lock);
  const packages = { ...lock.packages, ...missing };
  const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`);
  process.stdout.write(`${Object.keys(missing).length} platform packages added\n`);
}
