/** The harness for rules of one's own: our own rules keep the laws, and each fault that a rule can have is found. */
import {
  bucketRule,
  defineRule,
  fail,
  gapsOf,
  isOneOf,
  lawsOf,
  pass,
  RULES,
  type Rule,
  undecided,
} from "../../validators/index";

jest.setTimeout(120_000);

test.each(RULES.map((rule) => [rule.id, rule] as const))("%s keeps the laws", async (_, rule) => {
  expect((await lawsOf(rule)).broken).toEqual([]);
});

test("what a rule doesn't notice is listed", async () => {
  const rule = RULES.find(({ id }) => id === "s3-block-public-access");
  const { unnoticed } = await lawsOf(rule as Rule);
  expect(unnoticed).toEqual(["without `aws_s3_bucket.logs.bucket`"]);
});

const bucket = 'resource "aws_s3_bucket" "b" {\n  bucket = "x"\n}\n';
const owned = (value: string) =>
  `${bucket}resource "aws_s3_bucket_ownership_controls" "b" {\n  bucket = aws_s3_bucket.b.id\n  rule {\n    object_ownership = ${value}\n  }\n}\n`;
/** A rule that judges by `judge`, with the three examples that a right one has. */
const ruleOf = (judge: Parameters<typeof bucketRule>[0]["judge"], more: Partial<Rule> = {}): Rule =>
  defineRule(
    bucketRule({
      id: "team-owner-enforced",
      title: "ACLs are switched off",
      severity: "low",
      controls: ["NIST-800-53-r5 AC-3"],
      why: "an ACL is a second place where access is given",
      fix: "add ownership controls with `BucketOwnerEnforced`",
      blindSpots: [],
      elsewhere: { checkov: [], trivy: [], awsConfig: [], securityHub: [] },
      examples: [
        { says: "fail", at: "aws_s3_bucket.b", hcl: bucket },
        { says: "pass", at: "aws_s3_bucket.b", hcl: owned('"BucketOwnerEnforced"') },
        { says: "undecided", at: "aws_s3_bucket.b", hcl: `variable "v" {\n  type = string\n}\n${owned("var.v")}` },
      ],
      judge,
      ...more,
    }),
  );
const open = { message: "ACLs are on", remediation: "switch them off" };

test("a rule with its three arms keeps them", async () => {
  const right = ruleOf((one) => {
    const [linked] = one.ownership.linked;
    const [unlinked] = one.ownership.unlinked;
    if (!linked) return unlinked ? undecided("they may be another bucket's", [unlinked.gap]) : fail(open);
    const truth = isOneOf(linked.content, ["BucketOwnerEnforced"]);
    if (truth === "unknown")
      return undecided("it can't be told", gapsOf(linked.content, `${linked.address}.object_ownership`));
    return truth === "yes" ? pass("ACLs are off") : fail(open);
  });
  expect(await lawsOf(right)).toEqual({ broken: [], unnoticed: ["without `aws_s3_bucket.b.bucket`"] });
});

test.each<[string, Rule, RegExp]>([
  [
    "an unknown value taken for a wrong one",
    ruleOf((one) =>
      isOneOf(one.ownership.linked[0]?.content ?? null, ["BucketOwnerEnforced"]) === "yes" ? pass("off") : fail(open),
    ),
    /^knowledge: the example `pass`: `aws_s3_bucket_ownership_controls\.b\.rule\.object_ownership` unknown: `aws_s3_bucket\.b` flips from `pass` to `fail`$/,
  ],
  [
    "a rule that always passes",
    ruleOf(() => pass("fine")),
    /^exactness: the example `fail`: expected `fail` at `aws_s3_bucket\.b`, found `pass`$/,
  ],
  [
    "a rule that throws",
    ruleOf(() => {
      throw new Error("boom");
    }),
    /^the example `fail`: rule `team-owner-enforced` broke on `aws_s3_bucket\.b`: boom$/,
  ],
  [
    "no examples",
    ruleOf(() => pass("fine"), { examples: [] }),
    /^exactness: expected an example that says `fail`, found none$/,
  ],
  [
    "a message with a capital",
    ruleOf(() => fail({ message: "Bad.", remediation: "mend it" })),
    /^wording: the example `fail`: expected lower case and no final stop, found `Bad\.`$/,
  ],
  ["a fail without a fix", ruleOf(() => fail({ message: "bad" })), /`fail`: a fail says how to mend it/],
])("it finds %s", async (_, rule, fault) => {
  const { broken } = await lawsOf(rule);
  expect(broken.filter((one) => fault.test(one))).toHaveLength(1);
});
