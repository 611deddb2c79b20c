/** The court: every rule on every subject, in order; waivers by the day; secrets never shown; a broken rule is no pass. */
import { BrokenRuleError, type Config, judge, readConfig } from "../../validators/judge/index";
import { applyWaivers, isCovered } from "../../validators/judge/waivers";
import type { InputSummary, Result } from "../../validators/kernel/index";
import { RULES } from "../../validators/rules/index";
import { allFlags, bucket, graph, linked, none } from "../rules/subjects";

const input: InputSummary = {
  path: "plan.json",
  kind: "plan",
  sha256: "0".repeat(64),
  formatVersion: "1.2",
  resources: 1,
};
const ids = RULES.map((rule) => rule.id);
const attributeRules = RULES.filter((rule) => ["s3-block-public-access", "s3-encryption-configured"].includes(rule.id));
const run = (config: Config, subject = bucket({ accessBlocks: none }), today = "2026-06-01", secrets: string[] = []) =>
  judge(graph({ buckets: [subject], secrets: new Set(secrets) }), attributeRules, input, {
    version: "0.0.0",
    config,
    today,
  });
const waiver = {
  rule: "s3-block-public-access",
  address: "aws_s3_bucket.b",
  reason: "a public site",
  owner: "web-team",
  expires: "2026-06-30",
};

describe("judge", () => {
  test("reports every rule for every subject, sorted by address, then rule, passes included", () => {
    const world = graph({ buckets: [bucket({ address: "aws_s3_bucket.z" }), bucket({ address: "aws_s3_bucket.a" })] });
    const { results, summary, verdict } = judge(world, attributeRules, input, {
      version: "0",
      config: {},
      today: "2026-01-01",
    });
    expect(results.map((one) => `${one.address} ${one.rule}`)).toEqual([
      "aws_s3_bucket.a s3-block-public-access",
      "aws_s3_bucket.a s3-encryption-configured",
      "aws_s3_bucket.z s3-block-public-access",
      "aws_s3_bucket.z s3-encryption-configured",
    ]);
    expect([summary.pass, verdict]).toEqual([4, "pass"]);
  });

  test("a plan without subjects passes, and says that there was nothing to judge", () => {
    const report = judge(graph(), RULES, input, { version: "0", config: {}, today: "2026-01-01" });
    expect(report.verdict).toBe("pass");
    expect(report.notices).toEqual([{ message: expect.stringContaining("nothing to judge") }]);
  });

  test("a rule that throws is broken, not passed", () => {
    const broken = {
      ...RULES[0],
      judge: () => {
        throw new Error("boom");
      },
    };
    expect(() =>
      judge(graph({ buckets: [bucket()] }), [broken as (typeof RULES)[0]], input, {
        version: "0",
        config: {},
        today: "2026-01-01",
      }),
    ).toThrow(BrokenRuleError);
  });

  test("severity comes from the configuration where it is set", () => {
    const { results } = run({ rules: { "s3-block-public-access": { severity: "low" } } });
    expect(results[0]).toMatchObject({ rule: "s3-block-public-access", severity: "low" });
  });

  test("text that is marked sensitive appears in no report", () => {
    const subject = bucket({
      accessBlocks: linked({ ...allFlags, block_public_acls: false }),
      address: "aws_s3_bucket.b",
    });
    const report = run(
      {},
      {
        ...subject,
        accessBlocks: {
          linked: [{ address: "x.canary-1234", content: { ...allFlags, block_public_acls: false }, sensitive: true }],
          unlinked: [],
        },
      },
      "2026-06-01",
      ["canary-1234"],
    );
    expect(JSON.stringify(report)).not.toContain("canary");
    expect(JSON.stringify(report)).toContain("(sensitive value)");
  });
});

describe("waivers", () => {
  test("a valid waiver turns a fail into waived, and says what it was", () => {
    const report = run({ waivers: [waiver] });
    expect(report.results[0]).toMatchObject({ verdict: "waived", waiver: { owner: "web-team", verdict: "fail" } });
    expect([report.verdict, report.summary.waived, report.notices]).toEqual(["pass", 1, []]);
  });

  test("it holds on its last day and not on the next", () => {
    expect(run({ waivers: [waiver] }, undefined, "2026-06-30").verdict).toBe("pass");
    const late = run({ waivers: [waiver] }, undefined, "2026-07-01");
    expect(late.verdict).toBe("fail");
    expect(late.notices[0]?.message).toContain("expired on 2026-06-30");
  });

  test("one that matches nothing is a notice", () => {
    const report = run({ waivers: [{ ...waiver, address: "aws_s3_bucket.gone" }] });
    expect(report.verdict).toBe("fail");
    expect(report.notices[0]?.message).toContain("matches nothing");
  });

  test("one that covers everything says so", () => {
    expect(run({ waivers: [{ ...waiver, address: "*" }] }).notices[0]?.message).toContain("broad");
  });

  test("a pass is never waived", () => {
    const passed = { rule: "s3-tls-only", address: "a", verdict: "pass" } as Result;
    const { results } = applyWaivers([passed], [{ ...waiver, rule: "s3-tls-only", address: "a" }], "2026-01-01");
    expect(results).toEqual([passed]);
  });

  test.each([
    ['module.m["a.b"].aws_s3_bucket.x[0]', 'module.m["*"].aws_s3_bucket.*', true],
    ["aws_s3_bucket.logs", "aws_s3_bucket.log", false],
    ["aws_s3_bucket.logs", "aws_s3_bucket.l*s", true],
    ["aws_s3_bucket.ls", "aws_s3_bucket.ls*s", false],
    ["aws_s3_bucket.logs", "*", true],
    ["aws_s3_bucketXlogs", "aws_s3_bucket.logs", false],
    ["abcabc", "abc*abc", true],
    ["abca", "abc*abc", false],
  ])("%s by %s: %s", (address, pattern, covered) => {
    expect(isCovered(address, pattern)).toBe(covered);
  });
});

describe("readConfig", () => {
  test("takes the contract's example", () => {
    const example = {
      account: "123456789012",
      rules: { "s3-encrypted-puts-only": { allowMissingHeader: true }, "kms-key-rotation": { severity: "low" } },
      waivers: [{ ...waiver, rule: "s3-kms-encryption", address: "aws_s3_bucket.access_logs" }],
    };
    expect(readConfig(example, "tollgate.json", ids)).toEqual(example);
  });

  test.each<[string, unknown, RegExp]>([
    ["no object", [], /tollgate\.json/],
    ["an unknown key", { acount: "123456789012" }, /acount/],
    ["an unknown rule", { rules: { "s3-tls": {} } }, /s3-tls/],
    ["a rule that is switched off", { rules: { "s3-tls-only": false } }, /s3-tls-only/],
    ["an unknown setting", { rules: { "s3-tls-only": { enabled: false } } }, /enabled/],
    [
      "an option of another rule",
      { rules: { "s3-tls-only": { allowMissingHeader: true } } },
      /only `s3-encrypted-puts-only`/,
    ],
    ["an account with letters", { account: "12345678901x" }, /twelve digits/],
    ["a waiver without a reason", { waivers: [{ ...waiver, reason: undefined }] }, /reason/],
    ["a waiver with an empty owner", { waivers: [{ ...waiver, owner: " " }] }, /owner/],
    [
      "a waiver without expiry",
      { waivers: [{ rule: "s3-tls-only", address: "a", reason: "r", owner: "o" }] },
      /expires/,
    ],
    ["a day that doesn't exist", { waivers: [{ ...waiver, expires: "2026-02-30" }] }, /expires.*day/],
    ["a waiver of an unknown rule", { waivers: [{ ...waiver, rule: "nope-rule" }] }, /nope-rule/],
    ["a waiver of every rule", { waivers: [{ ...waiver, rule: "*" }] }, /one rule/],
    ["a prototype's name as a rule", JSON.parse('{"rules":{"__proto__":{}}}'), /__proto__|unknown/],
  ])("refuses %s in one line", (_, json, message) => {
    const refused = () => readConfig(json, "tollgate.json", ids);
    expect(refused).toThrow(message);
    expect(refused).toThrow(/^[^\n]*$/);
  });
});
