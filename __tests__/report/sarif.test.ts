/** SARIF: held against the official schema, and against Microsoft's validator with GitHub's upload rules. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log } from "sarif";
import { render } from "../../validators/report/sarif";
import { isSarif, sarifFolder } from "./readers";
import { clean, empty, mixed, open, rules } from "./reports";

const folder = sarifFolder();
const program =
  folder === undefined ? "" : join(folder, process.platform === "win32" ? "Sarif.Multitool.exe" : "Sarif.Multitool");
const skipped = test.skip;
/** A test that needs the validator; where it is missing, skipped under a name that says so. */
function withValidator(name: string, run: () => void): void {
  // Its install script would make it executable; this project runs none.
  if (existsSync(program)) chmodSync(program, 0o755);
  if (existsSync(program)) test(name, run);
  else skipped(`${name} (skipped: @microsoft/sarif-multitool has nothing for this platform)`, run);
}

const parse = (text: string): Log => JSON.parse(text);
const resultsOf = (text: string) => parse(text).runs[0]?.results ?? [];

withValidator("every report keeps to the official schema", () => {
  const is = isSarif();
  for (const report of [mixed, clean, empty, open]) {
    is(parse(render(report, { rules })));
    expect(is.errors ?? []).toEqual([]);
  }
  expect(is({ version: "2.1.0" })).toBe(false);
});

/** What the validator objects to: it exits with 0 whatever it finds, so its own output is read. */
function objections(text: string): string[] {
  const aside = mkdtempSync(join(tmpdir(), "tollgate-sarif-"));
  try {
    const [file, output] = [join(aside, "report.sarif"), join(aside, "output.sarif")];
    writeFileSync(file, text);
    spawnSync(program, ["validate", file, "--rule-kind", "Sarif;Ghas", "--output", output, "--log", "ForceOverwrite"]);
    return resultsOf(readFileSync(output, "utf8"))
      .filter(({ level }) => level === "error")
      .map(({ ruleId, message }) => `${ruleId}: ${JSON.stringify(message)}`);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

withValidator("Microsoft's validator finds no error, with GitHub's rules", () => {
  expect(objections(render(mixed, { rules }))).toEqual([]);
  expect(objections(render(mixed, { rules, helpBase: "https://example.com/tollgate/" }))).toEqual([]);
});

withValidator("Microsoft's validator does find errors", () => {
  const log = parse(render(mixed, { rules }));
  for (const result of log.runs[0]?.results ?? []) result.message = { id: "nobody-knows" };
  expect(objections(JSON.stringify(log))).not.toEqual([]);
});

test("a finding names the source line, the construct and the address", () => {
  const found = resultsOf(render(mixed, { rules })).find((one) => one.ruleId === "s3-tls-only");
  expect(found).toMatchObject({
    kind: "fail",
    level: "error",
    message: { text: expect.stringContaining("anyone, without TLS, can list the bucket") },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: "stacks/site.ts" }, region: { startLine: 42 } },
        logicalLocations: [
          { fullyQualifiedName: 'module.site["a"].aws_s3_bucket.this', kind: "resource" },
          { fullyQualifiedName: "site/logs/bucket", kind: "object" },
        ],
      },
    ],
  });
});

test("without a source the plan is the place", () => {
  const found = resultsOf(render(mixed, { rules })).find((one) => one.ruleId === "s3-block-public-access");
  expect(found?.locations?.[0]?.physicalLocation).toEqual({
    artifactLocation: { uri: "plan.json" },
    region: { startLine: 1 },
  });
});

test("undecided is open, waived is suppressed, and no pass can be taken for an alert", () => {
  const results = resultsOf(render(mixed, { rules }));
  expect(results).toHaveLength(5);
  expect(results.find((one) => one.ruleId === "s3-encrypted-puts-only")).toMatchObject({ kind: "open" });
  expect(results.find((one) => one.ruleId === "s3-encrypted-puts-only")).not.toHaveProperty("level");
  expect(results.find((one) => one.ruleId === "s3-kms-encryption")?.suppressions).toEqual([
    {
      kind: "external",
      status: "accepted",
      justification: "log delivery can't use KMS (platform-team, until 2027-01-31)",
    },
  ]);
  expect(parse(render(mixed, { rules })).runs[0]?.properties?.passed).toEqual(["kms-key-rotation aws_kms_key.data"]);
});

test("every rule is described, with its severity for GitHub", () => {
  const described = parse(render(clean, { rules })).runs[0]?.tool.driver.rules ?? [];
  expect(described.map((rule) => rule.id)).toEqual(rules.map((rule) => rule.id));
  for (const rule of described) {
    expect(rule.help?.markdown).toContain("**Fix:**");
    expect(rule.properties?.tags).toContain("security");
    expect(Number(rule.properties?.["security-severity"])).toBeGreaterThan(0);
  }
  expect(parse(render(mixed)).runs[0]?.tool.driver.rules?.map((rule) => rule.id)).toContain("s3-tls-only");
});

test("fingerprints survive moved lines and other messages", () => {
  const prints = (text: string) => resultsOf(text).map((one) => one.partialFingerprints);
  const moved = {
    ...mixed,
    results: mixed.results.map((one) => ({ ...one, message: "else", source: { file: "other.ts", line: 1 } })),
  };
  expect(prints(render(moved))).toEqual(prints(render(mixed)));
  expect(new Set(prints(render(mixed)).map((one) => JSON.stringify(one))).size).toBe(5);
});
