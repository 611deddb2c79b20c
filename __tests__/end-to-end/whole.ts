/** Turns what this machine has into whether an end-to-end test runs or is skipped by name, and writes that down for CI. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { missingForEmulator } from "../../scripts/emulator";
import { root } from "../../scripts/synth";

/**
 * `describe` where Terraform, the AWS provider and moto are there. Elsewhere the same tests are skipped under a name that
 * says why, the reason is printed, and a file in `reports/end-to-end/` tells `.ci/run`.
 */
export function describeWithEmulator(name: string, tests: () => void): void {
  const missing = missingForEmulator();
  const reports = join(root, "reports", "end-to-end");
  mkdirSync(reports, { recursive: true });
  writeFileSync(join(reports, `${name.replace(/\W+/g, "-")}.json`), JSON.stringify({ name, missing }));
  if (missing.length === 0) {
    describe(name, tests);
    return;
  }
  const reason = missing.join("; ");
  process.stderr.write(`end-to-end test skipped: ${name}: ${reason}\n`);
  const unavailable = describe.skip;
  unavailable(`${name} (skipped: ${reason})`, tests);
}
