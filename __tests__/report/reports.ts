/** Reports to render in tests: one with everything in it, a clean one, an empty one, a large one, and hostile ones. */
import * as fc from "fast-check";
import type {
  Counterexample,
  Report,
  Result,
  RuleInfo,
  Severity,
  UnknownReason,
  Verdict,
} from "../../validators/kernel/index";
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

/** Text that breaks what doesn't escape: what terminals, pages, comments, spreadsheets and CI systems obey. */
export const HOSTILE_TEXTS: readonly string[] = [
  "\u001b[2J\u001b[31mred\u001b]0;title\u0007",
  "\u001b]8;;https://example.com\u001b\\link\u001b]8;;\u001b\\",
  "\u001bP+q544e\u001b\\ \u001b_x\u001b\\",
  "\u009b2J\u0090x\u009c\u0085y\u009d0;t\u009c",
  "a\u0000b\u0008\u0008\u007f\u007f\u000b\u000c",
  "user\u202etxt.exe\u202c \u2066x\u2069 \u200e\u200f\u061c",
  "ad\u200bmin\u00ad\ufeff\u2060\u{e0041}\u{e007f}\ufe0f",
  "real\roverwritten",
  "one\ntwo\r\n\n\nthree",
  "para\u2028graph\u2029s\u0085",
  "\ud800",
  "a\udc00b\ud83d",
  "::error file=a::b",
  "::add-mask::x",
  "\n::set-output name=x::y",
  "\u00a0\u3000::stop-commands::x",
  "x\n \t::error::y",
  "%0A::error::x",
  "##vso[task.setvariable variable=x]y",
  "###VSO[task.complete result=Succeeded]",
  "##[group]x\n##[error]y",
  "#\u200b#[x]",
  "##teamcity[blockOpened name='x']",
  "section_start:1560896352:x[collapsed=true]\r\u001b[0Kx",
  "</script><script>alert(1)</script>",
  "]]><x/>",
  "--> <img src=x onerror=alert(1)>",
  "<!-- x --></details></table>",
  "' onmouseover='alert(1)' \" autofocus onfocus=\"alert(1)",
  "&amp;&#x0;&#27;&lt;b&gt;",
  "=cmd|' /C calc'!A0",
  "@SUM(1+1)*cmd",
  "`code` ``` ```` | [a](javascript:alert(1)) @everyone #1",
  "[x]: https://example.com\n![y](https://example.com/y.png)",
  "| a | b |\n|---|---|\n# heading\n- [ ] task\n/approve\n~~~",
  "https://example.com/@x www.example.com GH-1 owner/name#1",
  "$(id) `id` ${{ secrets.X }} $((1))",
  "true",
  "__proto__",
  "constructor",
  '"];graph{a->b}',
  "\\u001b \\x1b \\N{GEL}",
];

const nasty = fc.oneof(fc.string({ unit: "binary", maxLength: 40 }), fc.constantFrom(...HOSTILE_TEXTS));

/** A reason, which a rule of the user's own, in plain JavaScript, may make of any text. */
const reasonOf = (text: string) => text as UnknownReason;

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
    gap: fc.record({ value: nasty, because: nasty.map(reasonOf), expression: nasty }),
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

/** The same results as several inputs have them: each of one of the inputs, all of them counted. */
const severalOf = (results: readonly Result[], paths: readonly string[], more: Partial<Report>): Report => {
  const whole = reportOf(
    results.map((one, index) => ({ input: paths[index % paths.length] ?? "", ...one })),
    more,
  );
  const { kind, sha256, resources } = whole.input;
  return {
    ...whole,
    input: { path: `${paths.length} inputs`, kind: "mixed", sha256, resources },
    inputs: paths.map((path) => {
      const { verdict, summary } = reportOf(whole.results.filter(({ input }) => input === path));
      return { path, kind, sha256, resources, verdict, summary };
    }),
  };
};

/** Any report, every foreign text hostile: of one input or several. */
export const hostile: fc.Arbitrary<Report> = fc
  .record({
    results: fc.array(hostileResult, { maxLength: 6 }),
    path: nasty,
    paths: fc.option(fc.uniqueArray(nasty, { minLength: 2, maxLength: 3 }), { nil: undefined }),
    notices: fc.array(fc.record({ message: nasty, address: nasty }), { maxLength: 2 }),
    terraformVersion: nasty,
  })
  .map(({ results, path, paths, notices, terraformVersion }) =>
    paths === undefined
      ? reportOf(results, { notices, input: { ...reportOf([]).input, path, terraformVersion } })
      : severalOf(results, paths, { notices: notices.map((one) => ({ input: paths[0] ?? "", ...one })) }),
  );

/** One text in every place that a stranger's text reaches, in results of every verdict; of one input and of two. */
export function everywhere(text: string): Report[] {
  const everything: Partial<Result> = {
    message: text,
    remediation: text,
    related: [text, `aws_kms_key.k[${JSON.stringify(text)}]`],
    trace: [text, `statement \`${text}\` is not about it`],
    source: { file: text, line: 3, construct: text },
    statement: { Sid: text, [text]: { [text]: [text] } },
    counterexample: { principal: text, action: text, resource: text, context: { [text]: text, [`${text}2`]: [text] } },
    undecided: [{ value: text, because: reasonOf(text), expression: text }],
  };
  const waiver = { reason: text, owner: text, expires: "2027-01-31", verdict: "fail" } as const;
  const results = [
    result("s3-tls-only", text, "fail", everything),
    result("s3-tls-only", `aws_s3_bucket.b[${JSON.stringify(text)}]`, "fail", {
      ...everything,
      source: { file: text },
      counterexample: { principal: { service: text }, action: "s3:PutObject", resource: text, context: {} },
    }),
    result("nobody-knows", text, "undecided", everything),
    result("s3-kms-encryption", text, "waived", { ...everything, waiver }),
    result("kms-key-rotation", text, "pass", everything),
  ];
  const notices = [{ message: text, address: text }, { message: text }];
  const { input } = reportOf([]);
  return [
    reportOf(results, { notices, input: { ...input, path: text, formatVersion: text, terraformVersion: text } }),
    severalOf(results, [text, `${text}2`], { notices: notices.map((one) => ({ input: text, ...one })) }),
  ];
}
