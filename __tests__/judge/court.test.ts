/** The court: every rule on every subject, in order; waivers by the day; secrets never shown; a broken rule is no pass. */
import { BrokenRuleError, type Config, judge, readConfig } from "../../validators/judge/index";
import { applyWaivers, isCovered } from "../../validators/judge/waivers";
import {
  type Finding,
  InputError,
  type InputSummary,
  type Judgement,
  type Report,
  type Result,
} from "../../validators/kernel/index";
import { RULES, type Rule } from "../../validators/rules/index";
import { allFlags, bucket, graph, key, linked, none } from "../rules/subjects";

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

/** A rule on buckets that says this. */
const saying = (says: () => Judgement): Rule => ({
  ...(attributeRules[0] as Rule),
  id: "team-rule",
  severity: "low",
  controls: ["TEAM-1"],
  subjects: ({ buckets }) => buckets,
  judge: says,
});
/** What every result of it has. */
const shared = {
  rule: "team-rule",
  address: "aws_s3_bucket.b",
  severity: "low",
  controls: ["TEAM-1"],
  help: "help/team-rule.md",
};
const usual = { version: "1.2.3", config: {}, today: "2026-06-01" };
const judgeBy = (rules: readonly Rule[], config: Config = {}) =>
  judge(graph({ buckets: [bucket()] }), rules, input, { ...usual, config });

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

  test("a rule that breaks is named, with the subject and the reason", () => {
    const breaking = (cause: unknown) =>
      saying(() => {
        throw cause;
      });
    expect(() => judgeBy([breaking(new Error("boom"))])).toThrow(
      new BrokenRuleError("team-rule", "aws_s3_bucket.b", new Error("boom")),
    );
    expect(() => judgeBy([breaking(new Error("boom"))])).toThrow("rule `team-rule` broke on `aws_s3_bucket.b`: boom");
    expect(() => judgeBy([breaking("boom")])).toThrow("rule `team-rule` broke on `aws_s3_bucket.b`: boom");
  });

  test("a pass stands on its evidence", () => {
    const passing = { verdict: "pass", evidence: "it holds" } as const;
    expect(judgeBy([saying(() => passing)]).results).toEqual([
      { ...shared, verdict: "pass", message: "it holds", undecided: [], related: [] },
    ]);
    const trace = ["statement 1 stops it"];
    expect(judgeBy([saying(() => ({ ...passing, trace, related: ["x.y"] }))]).results).toEqual([
      { ...shared, verdict: "pass", message: "it holds", undecided: [], trace, related: ["x.y"] },
    ]);
    expect(judgeBy([saying(() => ({ ...passing, trace: [] }))]).results[0]).not.toHaveProperty("trace");
  });

  test("an undecided names each value once", () => {
    const gap = { value: "x.y", because: "computed-at-apply" };
    const open = { verdict: "undecided", message: "it can't be told", gaps: [gap, { ...gap }] } as const;
    expect(judgeBy([saying(() => open)]).results).toEqual([
      { ...shared, verdict: "undecided", message: "it can't be told", undecided: [gap], related: [] },
    ]);
    expect(judgeBy([saying(() => ({ ...open, remediation: "say it", related: ["x.y"] }))]).results).toEqual([
      {
        ...shared,
        verdict: "undecided",
        message: "it can't be told",
        undecided: [gap],
        remediation: "say it",
        related: ["x.y"],
      },
    ]);
  });

  test("a fail says everything that is wrong, and shows the request that gets through", () => {
    const counterexample = { principal: "*", action: "s3:GetObject", resource: "arn:aws:s3:::b/x", context: {} };
    const plain = { message: "one thing", remediation: "mend it", related: ["x.y"] };
    const shown = {
      message: "another",
      counterexample,
      trace: ["so"],
      remediation: "deny it",
      related: ["x.z", "x.y"],
    };
    const failing = (...findings: [Finding, ...Finding[]]) => [saying(() => ({ verdict: "fail", findings }))];
    expect(judgeBy(failing(plain, { ...plain }, shown)).results).toEqual([
      {
        ...shared,
        verdict: "fail",
        message: "one thing; another",
        counterexample,
        undecided: [],
        trace: ["so"],
        remediation: "deny it",
        related: ["x.y", "x.z"],
      },
    ]);
    expect(judgeBy(failing({ message: "one thing", trace: [] })).results).toEqual([
      { ...shared, verdict: "fail", message: "one thing", undecided: [], related: [] },
    ]);
    expect(judgeBy(failing(plain)).results[0]).toMatchObject({ remediation: "mend it" });
  });

  test("the place in the code stands in the result", () => {
    const source = { file: "stacks/site.ts", line: 42 };
    const { results } = judge(graph({ buckets: [bucket({ source })] }), attributeRules, input, usual);
    expect(results.map((one) => one.source)).toEqual([source, source]);
  });

  test.each<[string, readonly Judgement["verdict"][], Report["verdict"]]>([
    ["passes only", ["pass", "pass"], "pass"],
    ["an undecided among passes", ["pass", "undecided"], "undecided"],
    ["a fail among undecided", ["undecided", "fail", "pass"], "fail"],
  ])("the verdict of the whole: %s", (_, verdicts, expected) => {
    const report = judgeBy(
      verdicts.map((verdict) =>
        saying(() => ({
          evidence: "so",
          message: "so",
          gaps: [],
          findings: [{ message: "so" }],
          ...({ verdict } as Judgement),
        })),
      ),
    );
    const count = (verdict: string) => verdicts.filter((one) => one === verdict).length;
    expect(report.verdict).toBe(expected);
    expect(report.summary).toEqual({
      pass: count("pass"),
      fail: count("fail"),
      undecided: count("undecided"),
      waived: 0,
    });
  });

  test("says what it is, and what was judged", () => {
    expect(judgeBy([])).toMatchObject({ schemaVersion: "1.0", tool: { name: "tollgate", version: "1.2.3" }, input });
  });

  test("keeps every remark: the reader's, the graph's, the subjects', the waivers'", () => {
    const report = judge(
      graph({ buckets: [bucket()], keys: [key()], notices: [{ message: "of the graph" }] }),
      attributeRules,
      input,
      {
        ...usual,
        notices: [{ message: "of the reader" }],
        config: { waivers: [{ ...waiver, rule: "s3-tls-only" }] },
        waivers: [{ ...waiver, rule: "kms-key-rotation" }],
        remarksOn: ({ address }) => [`on ${address}`],
      },
    );
    expect(report.notices).toEqual([
      { message: "of the reader" },
      { message: "of the graph" },
      { message: "on aws_s3_bucket.b", address: "aws_s3_bucket.b" },
      { message: "on aws_kms_key.k", address: "aws_kms_key.k" },
      {
        message: "waiver of `s3-tls-only` for `aws_s3_bucket.b` (web-team) matches nothing: remove it",
        rule: "s3-tls-only",
      },
      {
        message: "waiver of `kms-key-rotation` for `aws_s3_bucket.b` (web-team) matches nothing: remove it",
        rule: "kms-key-rotation",
      },
    ]);
  });

  test("a rule gets its own options only", () => {
    const seen: boolean[] = [];
    const looking: Rule = {
      ...saying(() => ({ verdict: "pass", evidence: "so" })),
      judge: (_, { options }) => {
        seen.push(options.allowMissingHeader);
        return { verdict: "pass", evidence: "so" };
      },
    };
    judgeBy([looking, { ...looking, id: "other-rule" }], { rules: { "team-rule": { allowMissingHeader: true } } });
    judgeBy([looking]);
    expect(seen).toEqual([true, false, false]);
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

  test("takes every setting that there is", () => {
    const example = {
      $schema: "tollgate.schema.json",
      rules: { "s3-tls-only": { severity: "critical" }, "kms-key-rotation": { severity: "medium" } },
      allow: { providers: ["hashicorp/aws"], modules: ["./modules"], backends: ["s3"] },
    };
    expect(readConfig(example, "tollgate.json", ids)).toEqual(example);
    expect(readConfig({}, "tollgate.json", ids)).toEqual({});
    expect(readConfig({ rules: { "s3-tls-only": { severity: "high" } } }, "c", ids).rules).toBeDefined();
  });

  test("takes the white space off a waiver's words", () => {
    const config = readConfig({ waivers: [{ ...waiver, owner: " web-team " }] }, "tollgate.json", ids);
    expect(config.waivers).toEqual([waiver]);
  });

  const tls = (settings: unknown) => ({ rules: { "s3-tls-only": settings } });
  const waived = (changes: object) => ({ waivers: [{ ...waiver, ...changes }] });
  const noRule = (found: string) => `expected a rule id (\`tollgate rules\` lists them), found \`${found}\``;
  test.each<[string, unknown, string]>([
    ["a list", [], "expected a JSON object"],
    ["null", null, "expected a JSON object"],
    ["a text", "x", "expected a JSON object"],
    ["an unknown key", { acount: "123456789012" }, "`acount`: unknown key `acount`"],
    ["an unknown rule", { rules: { "s3-tls": {} } }, `\`rules\`: ${noRule("s3-tls")}`],
    ["a rule that is switched off", tls(false), "`rules.s3-tls-only`: expected an object, found false"],
    ["rules as text", { rules: "s3-tls-only" }, "`rules`: expected an object of rule settings"],
    ["an unknown setting", tls({ enabled: false }), "`rules.s3-tls-only.enabled`: unknown key `enabled`"],
    [
      "a severity that doesn't exist",
      tls({ severity: "none" }),
      "`rules.s3-tls-only.severity`: expected `low`, `medium`, `high` or `critical`",
    ],
    [
      "an option of another rule",
      tls({ allowMissingHeader: false }),
      "`rules.s3-tls-only.allowMissingHeader`: only `s3-encrypted-puts-only` has this option",
    ],
    [
      "an option that is no flag",
      { rules: { "s3-encrypted-puts-only": { allowMissingHeader: "yes" } } },
      "`rules.s3-encrypted-puts-only.allowMissingHeader`: expected `true` or `false`",
    ],
    ["a schema that is no text", { $schema: 3 }, "`$schema`: expected a text"],
    ["an account with letters", { account: "12345678901x" }, "`account`: expected twelve digits"],
    ["an account of thirteen digits", { account: "1234567890123" }, "`account`: expected twelve digits"],
    ["an account after a word", { account: "x123456789012" }, "`account`: expected twelve digits"],
    ["an account as a number", { account: 123456789012 }, "`account`: expected an account id"],
    ["waivers that are no list", { waivers: waiver }, "`waivers`: expected a list of waivers"],
    ["a waiver that is a text", { waivers: ["x"] }, "`waivers.0`: expected an object, found `x`"],
    ["a waiver without a reason", waived({ reason: undefined }), "`waivers.0.reason`: expected a reason"],
    ["a waiver with an empty reason", waived({ reason: "" }), "`waivers.0.reason`: expected a reason, found nothing"],
    ["a waiver with an empty owner", waived({ owner: " " }), "`waivers.0.owner`: expected an owner, found nothing"],
    ["a waiver of nothing", waived({ rule: "" }), "`waivers.0.rule`: expected a rule id, found nothing"],
    ["a waiver for nothing", waived({ address: "" }), "`waivers.0.address`: expected a plan address, found nothing"],
    [
      "a waiver without expiry",
      { waivers: [{ rule: "s3-tls-only", address: "a", reason: "r", owner: "o" }] },
      "`waivers.0.expires`: missing `expires`",
    ],
    ["a day that is a number", waived({ expires: 20260630 }), "`waivers.0.expires`: expected a day as `YYYY-MM-DD`"],
    ...["2026-02-30", "2026-13-01", "tomorrow", "2026-06-30T00:00:00Z", "on 2026-06-30", "+2026-06-30"].map(
      (expires): [string, unknown, string] => [
        `the day ${expires}`,
        waived({ expires }),
        "`waivers.0.expires`: expected a day that exists, as `YYYY-MM-DD`",
      ],
    ),
    [
      "a second waiver, of an unknown rule",
      { waivers: [waiver, { ...waiver, rule: "nope-rule" }] },
      `\`waivers.1.rule\`: ${noRule("nope-rule")}`,
    ],
    [
      "a waiver of every rule",
      waived({ rule: "*" }),
      "`waivers.0.rule`: expected one rule id: a waiver is for one rule",
    ],
    ["a prototype's name as a rule", JSON.parse('{"rules":{"__proto__":{}}}'), `\`rules\`: ${noRule("__proto__")}`],
    [
      "a provider without a name",
      { allow: { providers: [""] } },
      "`allow.providers.0`: expected a provider's source address, found nothing",
    ],
    [
      "a module without a source",
      { allow: { modules: [""] } },
      "`allow.modules.0`: expected a module's source, found nothing",
    ],
    [
      "a backend without a name",
      { allow: { backends: [""] } },
      "`allow.backends.0`: expected a backend's name, found nothing",
    ],
  ])("refuses %s in one line", (_, json, message) => {
    expect(() => readConfig(json, "tollgate.json", ids)).toThrow(new InputError(`tollgate.json: ${message}`));
  });
});
