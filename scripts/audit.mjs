/**
 * Turns npm's list of known vulnerabilities into a verdict: one in a library that Tollgate holds fails (status 1), one in
 * a tool of development is named. Where the registry can't be asked, that is said, and nothing fails.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What `npm audit --json` printed, as `{ asked, inside, around }`; the lists hold `name (severity)`. */
export function judgeAudit(printed, held) {
  let json;
  try {
    json = JSON.parse(printed);
  } catch {
    return { asked: false, inside: [], around: [] };
  }
  if (json.error || typeof json.vulnerabilities !== "object") return { asked: false, inside: [], around: [] };
  const found = Object.values(json.vulnerabilities);
  const named = (list) => list.map(({ name, severity }) => `${name} (${severity})`).sort();
  return {
    asked: true,
    inside: named(found.filter(({ name }) => held.includes(name))),
    around: named(found.filter(({ name }) => !held.includes(name))),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const bill = JSON.parse(readFileSync(join(root, "dist/sbom.cdx.json"), "utf8"));
  const { stdout } = spawnSync("npm", ["audit", "--json"], { cwd: root, encoding: "utf8", timeout: 120_000 });
  const { asked, inside, around } = judgeAudit(
    stdout ?? "",
    bill.components.map(({ name }) => name),
  );
  if (!asked) process.stdout.write("audit: the registry couldn't be asked for known vulnerabilities: not checked\n");
  for (const one of inside) process.stdout.write(`audit: ${one} is inside the package: renew it\n`);
  if (around.length > 0)
    process.stdout.write(`audit: tools of development, not in the package: ${around.join(", ")}\n`);
  if (asked && inside.length === 0) process.stdout.write("audit: nothing known against what the package holds\n");
  process.exitCode = inside.length > 0 ? 1 : 0;
}
