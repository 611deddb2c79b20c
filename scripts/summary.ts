/** Turns Jest's results, the checks that failed (as arguments) and the notes of the end-to-end tests into CI's last lines. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./synth";

/** The part of `jest --json` that is read: https://jestjs.io/docs/cli#--json */
interface JestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** What `__tests__/end-to-end/whole.ts` wrote for each test that needs the emulator. */
interface EndToEnd {
  readonly name: string;
  readonly missing: readonly string[];
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, "utf8"));
}

function endToEndNotes(): EndToEnd[] {
  const folder = join(root, "reports", "end-to-end");
  return existsSync(folder) ? readdirSync(folder).map((name) => readJson<EndToEnd>(join(folder, name))) : [];
}

/** What is wrong beyond a failed test: an end-to-end test that had all it needs and still did not run. */
function endToEndGaps(jest: JestResults, notes: readonly EndToEnd[]): string[] {
  if (notes.length === 0) return ["no end-to-end test said whether it ran"];
  const passed = jest.testResults
    .flatMap((file) => file.assertionResults)
    .filter((test) => test.status === "passed" || test.status === "failed");
  return notes
    .filter((note) => note.missing.length === 0 && !passed.some((test) => test.fullName.startsWith(note.name)))
    .map((note) => `all that the end-to-end test needs is there, but it did not run: ${note.name}`);
}

/** Skipped tests by the reason that stands in their names; those without one are a gap. */
function skipped(jest: JestResults, notes: readonly EndToEnd[]): { said: string[]; gaps: string[] } {
  const names = jest.testResults
    .flatMap((file) => file.assertionResults)
    .filter((test) => test.status === "pending" && !notes.some((note) => test.fullName.startsWith(note.name)))
    .map((test) => test.fullName);
  const reasons = new Map<string, string[]>();
  const gaps: string[] = [];
  for (const name of names) {
    const reason = /\(skipped: (.*?)\)(?: |$)/.exec(name)?.[1];
    if (reason === undefined) gaps.push(`skipped without a reason: ${name}`);
    else reasons.set(reason, [...(reasons.get(reason) ?? []), name.replace(/ ?\(skipped: .*?\)/, "")]);
  }
  const said = [...reasons].map(
    ([reason, tests]) =>
      `${tests.length} ${tests.length === 1 ? "test" : "tests"} skipped: ${reason}: ${tests.join("; ")}`,
  );
  return { said, gaps };
}

function main(failedChecks: readonly string[]): number {
  const file = join(root, "reports", "jest.json");
  if (!existsSync(file)) {
    process.stdout.write(`the tests left no results\n0 passed, ${Math.max(1, failedChecks.length)} failed\n`);
    return 1;
  }
  const jest = readJson<JestResults>(file);
  const notes = endToEndNotes();
  const lines: string[] = [];
  for (const { assertionResults } of jest.testResults)
    for (const test of assertionResults) if (test.status === "failed") lines.push(`failed: ${test.fullName}`);
  const { said, gaps: unexplained } = skipped(jest, notes);
  const gaps = [...endToEndGaps(jest, notes), ...unexplained];
  // A failed `npm test` counts by its tests; a suite that did not even load counts as one.
  const checks = failedChecks.filter((name) => name !== "npm test");
  const failed = jest.numFailedTests + jest.numRuntimeErrorTestSuites + checks.length + gaps.length;
  const silent = failedChecks.length > checks.length && failed === 0 ? 1 : 0;
  lines.push(...checks.map((name) => `failed: ${name}`), ...gaps);
  for (const { name, missing } of notes)
    if (missing.length > 0) lines.push(`end-to-end test skipped: ${name}: ${missing.join("; ")}`);
  lines.push(...said);
  lines.push(`${jest.numPassedTests} passed, ${failed + silent} failed`);
  process.stdout.write(`\n${lines.join("\n")}\n`);
  return failed + silent === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
