/** The laws that hold over all rules: identity, exactness of their examples, completeness, order (help/design.md). */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { loadRuntime } from "../../validators/input";
import { judge } from "../../validators/judge/index";
import type { Report } from "../../validators/kernel/index";
import { graphOfConfiguration } from "../../validators/model/index";
import { RULES } from "../../validators/rules/index";
import { fromHcl } from "../../validators/source/index";

beforeAll(loadRuntime);

const judgeHcl = (hcl: string): Report =>
  judge(
    graphOfConfiguration(fromHcl(new Map([["main.tf", hcl]])), {}),
    RULES,
    { path: "main.tf", kind: "source", sha256: "", resources: 0 },
    { version: "0", config: {}, today: "2026-01-01" },
  );

describe("identity", () => {
  const files = readdirSync(join(__dirname, "../../validators/rules"))
    .filter((name) => /^(s3|kms)-.*\.ts$/.test(name))
    .map((name) => name.replace(/\.ts$/, ""));

  test("file name = id = index entry", () => {
    expect(RULES.map((rule) => rule.id).sort()).toEqual(files.sort());
  });

  test.each(RULES.map((rule) => [rule.id, rule] as const))(
    "%s has a help page, a reason, a fix and controls",
    (id, rule) => {
      expect(existsSync(join(__dirname, `../../help/${id}.md`))).toBe(true);
      expect(rule.controls.length).toBeGreaterThan(0);
      for (const words of [rule.title, rule.why, rule.fix]) expect(words.length).toBeGreaterThan(20);
    },
  );
});

describe("exactness", () => {
  const cases = RULES.flatMap((rule) =>
    rule.examples.map((example) => ({ rule, example, name: `${rule.id}: ${example.says}` })),
  );

  test("each rule shows a fail, a pass and an undecided", () => {
    for (const rule of RULES)
      expect(rule.examples.map((one) => one.says).sort()).toEqual(["fail", "pass", "undecided"]);
  });

  test.each(cases)("$name", ({ rule, example }) => {
    const { results } = judgeHcl(example.hcl);
    const own = results.filter((result) => result.rule === rule.id);
    expect(own.map(({ address, verdict }) => ({ address, verdict }))).toContainEqual({
      address: example.at,
      verdict: example.says,
    });
    expect(own.filter((result) => result.verdict === example.says)).toHaveLength(1);
    for (const result of own) {
      if (result.verdict === "undecided") expect(result.undecided.length).toBeGreaterThan(0);
      if (result.verdict === "fail") expect(result.remediation).toBeDefined();
    }
  });

  test.each(
    cases
      .filter(({ example }) => example.says === "fail")
      .filter(({ rule }) =>
        ["s3-tls-only", "s3-encrypted-puts-only", "kms-no-cross-account", "s3-owner-account-only"].includes(rule.id),
      ),
  )("$name comes with a counterexample", ({ rule, example }) => {
    const result = judgeHcl(example.hcl).results.find((one) => one.rule === rule.id && one.verdict === "fail");
    expect(result?.counterexample).toMatchObject({
      principal: expect.anything(),
      action: expect.stringMatching(/^(s3|kms):/),
    });
  });
});
