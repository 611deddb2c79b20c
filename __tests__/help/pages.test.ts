/** Each rule's page says what the rule says: title, severity, controls, blind spots, and the same check in other tools. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RULES } from "../../validators/rules/index";

const TOOLS = { Checkov: "checkov", Trivy: "trivy", "AWS Config": "awsConfig", "Security Hub": "securityHub" } as const;

/** The text under a heading. */
function under(page: string, heading: string): string {
  const [, text = ""] = page.split(`\n## ${heading}\n`);
  return text.split("\n## ")[0] ?? "";
}

describe.each(RULES.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
  const page = readFileSync(join(__dirname, `../../help/${id}.md`), "utf8");

  test("title, severity and controls", () => {
    const controls = rule.controls.map((control) => control.replace(/^NIST-800-53-r5 /, ""));
    expect(page.split("\n").slice(0, 3).join("\n")).toContain(
      `# ${rule.title}\n\n\`${rule.id}\` · severity ${rule.severity} · NIST 800-53 r5 ${controls.join(", ")} · judges each `,
    );
    for (const control of rule.controls) expect(control).toMatch(/^NIST-800-53-r5 [A-Z]{2}-\d+$/);
  });

  test("the headings", () => {
    for (const heading of ["Fix", "Why", "What fails", "What is decided how"])
      expect(under(page, heading)).not.toBe("");
  });

  test("as many blind spots, each a sentence", () => {
    expect(under(page, "Blind spots").match(/^- /gm) ?? []).toHaveLength(rule.blindSpots.length);
    for (const spot of rule.blindSpots) expect(spot).toMatch(/^[^\n]{30,}[^.]$/);
  });

  test("the same check elsewhere, and no other", () => {
    const rows = under(page, "The same check elsewhere")
      .split("\n")
      .map((line) => line.split("|").map((cell) => cell.trim()));
    for (const [tool, name] of Object.entries(TOOLS)) {
      const listed = rows.filter(([, first]) => first === tool).flatMap(([, , ids = ""]) => ids.split(", "));
      expect([tool, ...listed.sort()]).toEqual([tool, ...[...rule.elsewhere[name]].sort()]);
    }
  });
});
