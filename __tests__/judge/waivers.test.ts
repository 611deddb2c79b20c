/** Waivers, of `tollgate.json` and of the code: what they cover, until when, and what is said of them. */
import { waiversInCode } from "../../validators/judge/index";
import { applyWaivers, isCovered, remarksOnWaivers } from "../../validators/judge/waivers";
import { InputError, type Result } from "../../validators/kernel/index";
import { ids, run, shared, waiver } from "./given";

describe("waivers", () => {
  test("a valid waiver turns a fail into waived, and says what it was", () => {
    const report = run({ waivers: [waiver] });
    expect(report.results[0]).toMatchObject({ verdict: "waived", waiver: { owner: "web-team", verdict: "fail" } });
    expect([report.verdict, report.summary.waived, report.notices]).toEqual(["pass", 1, []]);
  });

  test("it holds on its last day and not on the next", () => {
    expect(run({ waivers: [waiver] }, undefined, "2026-06-30")).toMatchObject({ verdict: "pass", notices: [] });
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

  const passed: Result = { ...shared, severity: "low", verdict: "pass", message: "so", undecided: [], related: [] };
  const failed = (count: number): Result[] =>
    Array.from({ length: count }, (_, i) => ({
      ...passed,
      rule: "s3-block-public-access",
      address: `aws_s3_bucket.b${i}`,
      verdict: "fail",
    }));

  test.each([
    [10, []],
    [11, ["waiver of `s3-block-public-access` for `aws_s3_bucket.b*` (web-team) is broad: it covers 11 results"]],
  ])("one that covers %s results", (count, expected) => {
    const waivers = [{ ...waiver, address: "aws_s3_bucket.b*" }];
    const { results, uses } = applyWaivers(failed(count), waivers, "2026-06-01");
    expect(results.every((one) => one.verdict === "waived")).toBe(true);
    expect(remarksOnWaivers(waivers, uses, "2026-06-01").map((one) => one.message)).toEqual(expected);
  });

  test("an undecided is waived like a fail, and says that it was one", () => {
    const [one] = failed(1).map((result): Result => ({ ...result, verdict: "undecided" }));
    const { results } = applyWaivers(one ? [one] : [], [{ ...waiver, address: "aws_s3_bucket.b0" }], "2026-06-01");
    expect(results[0]?.waiver).toEqual({
      reason: "a public site",
      owner: "web-team",
      expires: "2026-06-30",
      verdict: "undecided",
    });
  });

  test("one of another rule waives nothing", () => {
    const { results } = applyWaivers(failed(1), [{ ...waiver, rule: "s3-tls-only", address: "*" }], "2026-06-01");
    expect(results).toEqual(failed(1));
  });

  test("the one that still holds waives what another no longer does, and each is told of", () => {
    const late = { ...waiver, address: "aws_s3_bucket.b0", owner: "gone-team", expires: "2026-01-31" };
    const waivers = [late, { ...waiver, address: "aws_s3_bucket.b0" }];
    const { results, uses } = applyWaivers(failed(1), waivers, "2026-06-01");
    expect(results[0]).toMatchObject({ verdict: "waived", waiver: { owner: "web-team" } });
    expect(remarksOnWaivers(waivers, uses, "2026-06-01")).toEqual([
      {
        message:
          "waiver of `s3-block-public-access` for `aws_s3_bucket.b0` (gone-team) expired on 2026-01-31 and waives nothing",
        rule: "s3-block-public-access",
      },
    ]);
  });

  test.each([
    ["aws_s3_bucket.b", true],
    ["aws_s3_bucket.b[0]", true],
    ['aws_s3_bucket.b["logs"]', true],
    ["aws_s3_bucket.b2", false],
    ["module.m.aws_s3_bucket.b[0]", false],
  ])("one in the code covers every instance of its resource: %s: %s", (address, covered) => {
    const result: Result = { ...passed, rule: waiver.rule, address, verdict: "fail" };
    const waivedBy = (given: object) =>
      applyWaivers([result], [{ ...waiver, ...given }], "2026-06-01").results[0]?.verdict;
    expect(waivedBy({ instances: true })).toBe(covered ? "waived" : "fail");
    expect(waivedBy({})).toBe(address === waiver.address ? "waived" : "fail");
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
    ["aws_kms_key.k", "aws_s3_bucket.*", false],
    ["aws_kms_key.of_the_site", "aws_s3_bucket.*", false],
    ["aws_s3_bucket.a_logs", "*_logs", true],
    ["aws_s3_bucket.logs_a", "*_logs", false],
    ["module.a.aws_s3_bucket.logs[0]", "module.*.aws_s3_bucket.*[0]", true],
    ["module.a.aws_kms_key.logs[0]", "module.*.aws_s3_bucket.*[0]", false],
    ["aws_s3_bucket.a.b", "aws_s3_bucket.*b*a*b", false],
    ["xab", "*ab*ab", false],
    ["abxab", "*ab*ab", true],
    ["ab", "a**b", true],
  ])("%s by %s: %s", (address, pattern, covered) => {
    expect(isCovered(address, pattern)).toBe(covered);
  });
});

describe("waiversInCode", () => {
  const noted = (waivers: unknown, type = "aws_s3_bucket", name = "b") => ({
    resource: {
      [type]: { [name]: { bucket: "example", "//": { metadata: { path: "site/b" }, tollgate: { waivers } } } },
    },
  });
  const { address: _, ...inCode } = waiver;

  test("takes what `waive()` left beside a resource, for each of its instances", () => {
    expect(waiversInCode(noted([inCode, { ...inCode, rule: "s3-tls-only" }]), "cdk.tf.json", ids)).toEqual([
      { ...waiver, instances: true },
      { ...waiver, rule: "s3-tls-only", instances: true },
    ]);
    expect(waiversInCode(noted([inCode], "aws_kms_key", "k"), "cdk.tf.json", ids)).toMatchObject([
      { address: "aws_kms_key.k" },
    ]);
  });

  test.each([
    ["no resource", {}],
    ["null", null],
    ["a list", []],
    ["a resource without notes", { resource: { aws_s3_bucket: { b: { bucket: "x" } } } }],
    ["notes of CDKTF only", { resource: { aws_s3_bucket: { b: { "//": { metadata: {} } } } } }],
    ["a comment that is text", { resource: { aws_s3_bucket: { b: { "//": "a comment" } } } }],
    ["resources as a list", { resource: { aws_s3_bucket: [{ b: {} }] } }],
    ["a body that is null", { resource: { aws_s3_bucket: { b: null } } }],
  ])("finds none in %s", (_name, json) => {
    expect(waiversInCode(json, "cdk.tf.json", ids)).toEqual([]);
  });

  test.each<[string, unknown, string]>([
    ["no list", inCode, "cdk.tf.json: `aws_s3_bucket.b`: expected a list of waivers"],
    ["no object", ["x"], "cdk.tf.json: `aws_s3_bucket.b`: `waivers.0.rule`: missing `rule`"],
    [
      "no owner",
      [{ ...inCode, owner: "" }],
      "cdk.tf.json: `aws_s3_bucket.b`: `waivers.0.owner`: expected an owner, found nothing",
    ],
    [
      "an address of its own",
      [{ ...inCode, adress: "aws_s3_bucket.c" }],
      "cdk.tf.json: `aws_s3_bucket.b`: `waivers.0.adress`: unknown key `adress`",
    ],
  ])("refuses %s", (_name, waivers, message) => {
    expect(() => waiversInCode(noted(waivers), "cdk.tf.json", ids)).toThrow(new InputError(message));
  });

  test("takes no waiver from a prototype", () => {
    const json = JSON.parse('{"resource":{"aws_s3_bucket":{"b":{"__proto__":{"//":{"tollgate":{"waivers":[{}]}}}}}}}');
    expect(waiversInCode(json, "cdk.tf.json", ids)).toEqual([]);
  });
});
