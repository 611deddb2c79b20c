/** The court: every rule on every subject, in order; secrets never shown; a broken rule is no pass. */
import { assert as check, property, shuffledSubarray } from "fast-check";
import { BrokenRuleError, type CourtOptions, judge } from "../../validators/judge/index";
import type { Finding, Judgement, Report, UnknownReason } from "../../validators/kernel/index";
import type { ResourceGraph } from "../../validators/model/index";
import { RULES, type Rule } from "../../validators/rules/index";
import { allFlags, bucket, graph, key, linked } from "../rules/subjects";
import { attributeRules, input, judgeBy, run, saying, shared, usual, waiver } from "./given";

describe("judge", () => {
  test("reports every rule for every subject, sorted by address, then rule, passes included", () => {
    const world = graph({ buckets: [bucket({ address: "aws_s3_bucket.z" }), bucket({ address: "aws_s3_bucket.a" })] });
    const { results, summary, verdict } = judge(world, [...attributeRules].reverse(), input, {
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

  test.each<[string, UnknownReason, string | undefined]>([
    ["provider.aws.account_id", "outside-the-plan", "`--account`"],
    ["module.site.provider.aws.eu.account_id", "outside-the-plan", "`--account`"],
    ["data.aws_caller_identity.me.account_id", "deferred-data-source", "`--account`"],
    ["aws_s3_bucket.b's key", "outside-the-plan", "declare the key"],
    ["var.account", "variable-without-value", "judge the plan"],
    ["aws_s3_bucket_policy.p.policy", "computed-at-apply", undefined],
  ])("says what to do where only the user can tell: %s, %s", (value, because, expected) => {
    const undecided = { verdict: "undecided", message: "who knows", gaps: [{ value, because }] } as const;
    const shown = (judgement: Judgement) => judgeBy([saying(() => judgement)]).results[0]?.remediation;
    expect(shown(undecided)).toEqual(expected && expect.stringContaining(expected));
    expect(shown({ ...undecided, remediation: "do this" })).toBe("do this");
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
    const thrown = new BrokenRuleError("team-rule", "aws_s3_bucket.b", "boom");
    expect([thrown.name, thrown.cause]).toEqual(["BrokenRuleError", "boom"]);
    expect(() => judgeBy([breaking("boom")])).toThrow("rule `team-rule` broke on `aws_s3_bucket.b`: boom");
  });

  test("a pass stands on its evidence", () => {
    const passing = { verdict: "pass", evidence: "it holds" } as const;
    expect(judgeBy([saying(() => passing)]).results).toStrictEqual([
      { ...shared, verdict: "pass", message: "it holds", undecided: [], related: [] },
    ]);
    const trace = ["statement 1 stops it"];
    expect(judgeBy([saying(() => ({ ...passing, trace, related: ["x.y"] }))]).results).toStrictEqual([
      { ...shared, verdict: "pass", message: "it holds", undecided: [], trace, related: ["x.y"] },
    ]);
    expect(judgeBy([saying(() => ({ ...passing, trace: [] }))]).results[0]).not.toHaveProperty("trace");
  });

  test("an undecided names each value once", () => {
    const gap = { value: "x.y", because: "computed-at-apply" } as const;
    const open = { verdict: "undecided", message: "it can't be told", gaps: [gap, { ...gap }] } as const;
    expect(judgeBy([saying(() => open)]).results).toStrictEqual([
      { ...shared, verdict: "undecided", message: "it can't be told", undecided: [gap], related: [] },
    ]);
    expect(judgeBy([saying(() => ({ ...open, remediation: "say it", related: ["x.y"] }))]).results).toStrictEqual([
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
    expect(judgeBy(failing(plain, { ...plain }, shown)).results).toStrictEqual([
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
    expect(judgeBy(failing({ message: "one thing", trace: [] })).results).toStrictEqual([
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

  test("where the allowance ends midway, what is left out is the same for every order of the resources", () => {
    const spending = (subjects: Pick<ResourceGraph, "buckets" | "keys">) => {
      const remarksOn: CourtOptions["remarksOn"] = ({ address }, allowance) => {
        if (allowance.isSpent) return [];
        allowance.charge(15_000_000);
        return [`on ${address}`];
      };
      return judge(graph(subjects), [], input, { ...usual, remarksOn }).notices.map(({ address }) => address);
    };
    const buckets = ["b", "a", "d", "c"].map((name) => bucket({ address: `aws_s3_bucket.${name}` }));
    const keys = ["b", "a"].map((name) => key({ address: `aws_kms_key.${name}` }));
    const told = spending({ buckets, keys });
    expect(told.filter((address) => address !== undefined)).toEqual(
      ["a", "b", "c"].map((one) => `aws_s3_bucket.${one}`),
    );
    check(
      property(shuffledSubarray(buckets, { minLength: 4 }), shuffledSubarray(keys, { minLength: 2 }), (some, others) =>
        expect(spending({ buckets: some, keys: others })).toEqual(told),
      ),
    );
  });

  test("a rule gets its own options only", () => {
    const seen: string[] = [];
    const looking = (id: string): Rule => ({
      ...saying(() => ({ verdict: "pass", evidence: "so" })),
      id,
      judge: (_, { options }) => {
        seen.push(`${id} ${options.allowMissingHeader}`);
        return { verdict: "pass", evidence: "so" };
      },
    });
    const rules = [looking("team-rule"), looking("other-rule")];
    judgeBy(rules, { rules: { "team-rule": { allowMissingHeader: true } } });
    judgeBy([looking("team-rule")]);
    expect(seen).toEqual(["other-rule false", "team-rule true", "team-rule false"]);
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

describe("a secret that equals one of the report's own words", () => {
  test.each(["team-rule", "low", "TEAM-1", "help/team-rule.md", "pass", "tollgate", "undecided"])("%s", (secret) => {
    const secrets = new Set([secret, "canary-1234"]);
    const rule = saying(() => ({ verdict: "pass", evidence: "canary-1234 holds" }));
    const { results, verdict } = judge(graph({ buckets: [bucket()], secrets }), [rule], input, usual);
    expect(verdict).toBe("pass");
    expect(results).toEqual([
      { ...shared, verdict: "pass", message: "(sensitive value) holds", undecided: [], related: [] },
    ]);
  });

  test.each(["tollgate", "pass", "fail", "undecided", "waived", "aws", "s3", "kms", "true", "false"])(
    "a sentence keeps the word %s, which no secret can be read from",
    (word) => {
      const evidence = `<${word}> canary-1234`;
      const rule = saying(() => ({ verdict: "pass", evidence }));
      const secrets = new Set([word, "canary-1234"]);
      const { results } = judge(graph({ buckets: [bucket()], secrets }), [rule], input, usual);
      expect(results[0]?.message).toBe(`<${word}> (sensitive value)`);
    },
  );

  test("notices hide secrets too", () => {
    const world = graph({ notices: [{ message: "on canary-1234" }], secrets: new Set(["canary-1234"]) });
    expect(judge(world, [], input, usual).notices).toContainEqual({ message: "on (sensitive value)" });
  });
});
