/** Reports to render in tests: one with everything in it, a clean one, an empty one, a large one, and hostile ones. */
import * as fc from "fast-check";
import type { Counterexample, Report, Result, Severity, Verdict } from "../../validators/kernel/index";
import type { RuleInfo } from "../../validators/report/index";
import { RULES } from "../../validators/rules/index";

/** The real rules' texts. */
export const rules: readonly RuleInfo[] = RULES;

const base = { severity: "high", controls: ["NIST-800-53-r5 SC-13"], undecided: [], related: [] } as const;

const result = (rule: string, address: string, verdict: Verdict, more: Partial<Result> = {}): Result => ({
  ...base,
  rule,
  address,
  verdict,
  message: "all is as it should be",
  help: `help/${rule}.md`,
  ...more,
});

/** A report of these results, counted. */
export function reportOf(results: readonly Result[], more: Partial<Report> = {}): Report {
  const summary: Record<Verdict, number> = { pass: 0, fail: 0, undecided: 0, waived: 0 };
  for (const one of results) summary[one.verdict] += 1;
  return {
    schemaVersion: "1.0",
    tool: { name: "tollgate", version: "0.1.0" },
    verdict: summary.fail > 0 ? "fail" : summary.undecided > 0 ? "undecided" : "pass",
    summary,
    input: {
      path: "plan.json",
      kind: "plan",
      sha256: "0".repeat(64),
      formatVersion: "1.2",
      terraformVersion: "1.11.4",
      resources: 12,
    },
    results,
    notices: [],
    ...more,
  };
}

const site = 'module.site["a"].aws_s3_bucket.this';
const plainHttp: Counterexample = {
  principal: "*",
  action: "s3:ListBucket",
  resource: "arn:aws:s3:::logs",
  context: { "aws:SecureTransport": "false" },
};

/** One of everything: a fail with a request, one without, an undecided, a waived, passes, notices. */
export const mixed: Report = reportOf(
  [
    result("s3-tls-only", site, "fail", {
      message: "plain HTTP gets through: `s3:ListBucket` on the bucket is not denied",
      counterexample: plainHttp,
      trace: ["statement `DenyHttp` does not match: its Resource has only `arn:aws:s3:::logs/*`"],
      statement: { Sid: "DenyHttp", Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::logs/*" },
      remediation: "add the bucket's own ARN to the Deny statement's Resource",
      related: ['module.site["a"].aws_s3_bucket_policy.this'],
      source: { file: "stacks/site.ts", line: 42, construct: "site/logs/bucket" },
    }),
    result("s3-block-public-access", site, "fail", {
      severity: "critical",
      message: "no public access block belongs to this bucket",
      remediation: "add an aws_s3_bucket_public_access_block",
    }),
    result("s3-encrypted-puts-only", site, "undecided", {
      severity: "medium",
      message: "the policy can't be told before apply",
      undecided: [
        { value: "aws_s3_bucket_policy.p.policy", because: "computed-at-apply", expression: "${data.x.y.json}" },
      ],
    }),
    result("s3-kms-encryption", "aws_s3_bucket.access_logs", "waived", {
      message: "AES256 is declared",
      waiver: { reason: "log delivery can't use KMS", owner: "platform-team", expires: "2027-01-31", verdict: "fail" },
    }),
    result("kms-no-cross-account", "aws_kms_key.data", "fail", {
      message: "`kms:Decrypt` is allowed to another account",
      counterexample: {
        principal: "arn:aws:iam::444455556666:role/reader",
        action: "kms:Decrypt",
        resource: "${aws_kms_key.data.arn}",
        context: { "aws:SecureTransport": "true" },
      },
      related: ["aws_kms_key.data"],
    }),
    result("kms-key-rotation", "aws_kms_key.data", "pass", {
      message: "the key rotates automatically",
      related: [site],
    }),
  ],
  { notices: [{ message: "two policies overwrite each other", address: site }, { message: "nothing else" }] },
);

/** Nothing to object to. */
export const clean: Report = reportOf([
  result("s3-tls-only", "aws_s3_bucket.site", "pass"),
  result("kms-key-rotation", "aws_kms_key.site", "pass", { related: ["aws_s3_bucket.site"] }),
]);

/** No bucket and no key. */
export const empty: Report = reportOf([], {
  notices: [{ message: "no bucket and no KMS key exists after apply: there was nothing to judge" }],
});

/** Only undecided. */
export const open: Report = reportOf([
  result("s3-tls-only", "aws_s3_bucket.site", "undecided", { undecided: [{ value: "x", because: "too-complex" }] }),
]);

/** Many results, `fails` of them failing, the failing ones last. */
export const large = (count: number, fails: number): Report =>
  reportOf(
    Array.from({ length: count }, (_, index) =>
      index < count - fails
        ? result("s3-tls-only", `aws_s3_bucket.b[${index}]`, "pass")
        : result("s3-tls-only", `aws_s3_bucket.b[${index}]`, "fail", {
            message: `plain HTTP gets through to number ${index}`,
            counterexample: plainHttp,
            trace: ["statement `A` is an Allow", "statement `B` has another Resource"],
          }),
    ),
  );

/** Text that breaks what doesn't escape. */
const nasty = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(
    "</script><script>alert(1)</script>",
    "]]><x/>",
    "--> <img src=x onerror=alert(1)>",
    "::error file=a::b",
    "\n::set-output name=x::y",
    "##vso[task.setvariable variable=x]y",
    "%0A::error::x",
    "`code` ``` ```` | [a](javascript:alert(1)) @everyone #1",
    "<!-- x --></details></table>",
    "true",
    "__proto__",
    "constructor",
    "a\u202eb\u0000\u001b[2J",
    "&amp;&#x0;",
    "\ud800",
    "https://example.com/@x",
    '"];graph{a->b}',
  ),
);

/** Any result, of rules that exist and of one that doesn't, every foreign text hostile. */
const hostileResult: fc.Arbitrary<Result> = fc
  .record({
    rule: fc.constantFrom("s3-tls-only", "kms-no-cross-account", "nobody-knows"),
    address: nasty,
    verdict: fc.constantFrom<Verdict>("pass", "fail", "undecided", "waived"),
    severity: fc.constantFrom<Severity>("low", "medium", "high", "critical"),
    message: nasty,
    remediation: nasty,
    related: fc.array(nasty, { maxLength: 3 }),
    trace: fc.array(nasty, { maxLength: 3 }),
    gap: fc.record({ value: nasty, because: nasty, expression: nasty }),
    source: fc.option(fc.record({ file: nasty, line: fc.integer({ min: 1, max: 9999 }), construct: nasty }), {
      nil: undefined,
    }),
    counterexample: fc.option(
      fc.record({
        principal: fc.oneof(
          nasty,
          nasty.map((service) => ({ service })),
        ),
        action: nasty,
        resource: nasty,
        context: fc.dictionary(nasty, fc.oneof(nasty, fc.array(nasty, { maxLength: 2 })), { maxKeys: 3 }),
      }),
      { nil: undefined },
    ),
    waiver: fc.record({ reason: nasty, owner: nasty }),
    statement: fc.option(fc.dictionary(nasty, fc.oneof(nasty, fc.array(nasty, { maxLength: 2 })), { maxKeys: 3 }), {
      nil: undefined,
    }),
  })
  .map(({ gap, source, counterexample, waiver, statement, ...rest }) => ({
    ...rest,
    controls: base.controls,
    help: `help/${rest.rule}.md`,
    undecided: rest.verdict === "undecided" ? [gap] : [],
    ...(source ? { source } : {}),
    ...(counterexample && rest.verdict === "fail" ? { counterexample } : {}),
    ...(statement && rest.verdict === "fail" ? { statement } : {}),
    ...(rest.verdict === "waived" ? { waiver: { ...waiver, expires: "2027-01-31", verdict: "fail" as const } } : {}),
  }));

/** Any report, every foreign text hostile. */
export const hostile: fc.Arbitrary<Report> = fc
  .record({
    results: fc.array(hostileResult, { maxLength: 6 }),
    path: nasty,
    notices: fc.array(fc.record({ message: nasty, address: nasty }), { maxLength: 2 }),
  })
  .map(({ results, path, notices }) => reportOf(results, { notices, input: { ...reportOf([]).input, path } }));
