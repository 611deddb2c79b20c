/** Rules that judge policies: 4, 5, 7 and 8, from the companion that holds the policy to what is said of it. */

import type { Judgement } from "../../validators/kernel/index";
import { Sym, Text, text, Unknown } from "../../validators/kernel/index";
import type { AccessBlock, Bucket, Encryption, Key } from "../../validators/model/graph";
import { RULES, remarksOn } from "../../validators/rules/index";
import { rule as kmsNoCrossAccount } from "../../validators/rules/kms-no-cross-account";
import { rule as s3EncryptedPutsOnly } from "../../validators/rules/s3-encrypted-puts-only";
import { rule as s3OwnerAccountOnly } from "../../validators/rules/s3-owner-account-only";
import { rule as s3TlsOnly } from "../../validators/rules/s3-tls-only";
import { problemsOf, told } from "./judgement";
import { allFlags, bucket, context, encryption, graph, home, key, linked, none, unlinked } from "./subjects";

type Statement = Readonly<Record<string, unknown>>;
const policyOf = (...statements: readonly Statement[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const everything = { Principal: "*", Action: "s3:*", Resource: ["arn:aws:s3:::b", "arn:aws:s3:::b/*"] };
const overHttp = { Effect: "Deny", ...everything, Condition: { Bool: { "aws:SecureTransport": "false" } } };
const denyPuts = (condition: Statement): Statement => ({
  Effect: "Deny",
  Principal: "*",
  Action: "s3:PutObject",
  Resource: "arn:aws:s3:::b/*",
  Condition: condition,
});
const header = "s3:x-amz-server-side-encryption";
const kmsOnly = policyOf(denyPuts({ StringNotEquals: { [header]: ["aws:kms", "aws:kms:dsse"] } }));
const anyEncryption = policyOf(denyPuts({ StringNotEquals: { [header]: ["AES256", "aws:kms", "aws:kms:dsse"] } }));
const allow = (principal: unknown, action = "s3:GetObject", resource = "arn:aws:s3:::b/*"): string =>
  policyOf({ Effect: "Allow", Principal: principal, Action: action, Resource: resource });
const outsider = { AWS: "arn:aws:iam::444455556666:root" };
const unknown = new Unknown("aws_s3_bucket_policy.p.policy", "computed-at-apply");
const secret = <T>(content: T) => ({
  linked: [{ address: "aws_s3_bucket_policy.p", content, sensitive: true }],
  unlinked: [],
});
const open = linked({ ...allFlags, restrict_public_buckets: false });

describe("s3-tls-only", () => {
  test.each<[string, Bucket["policies"], string]>([
    ["no policy", none, "fail"],
    ["a policy resource without a policy", linked(null), "fail"],
    ["a Deny of plain HTTP", linked(policyOf(overHttp)), "pass"],
    ["two policies, one without it", linked(policyOf(overHttp), allow(outsider)), "fail"],
    ["an unknown policy", linked(unknown), "undecided"],
    ["a policy that can't be linked", unlinked(policyOf(overHttp)), "undecided"],
    ["a policy that AWS would refuse", linked("{"), "fail"],
  ])("%s", (_, policies, expected) => {
    const judgement = s3TlsOnly.judge(bucket({ policies }), context);
    expect(judgement.verdict).toBe(expected);
    expect(problemsOf(judgement)).toEqual([]);
  });

  describe.each([
    ["is a variable", ""],
    ["ends in a variable", "logs-"],
  ])("where the bucket's name %s", (_, before) => {
    const variable = new Sym("var.name", "any", { because: "variable-without-value" });
    const name = text([before, variable]);
    const judged = (...resources: (string | Text)[]): string => {
      const list = resources.flatMap((resource, i) => [i > 0 ? '","' : "", resource]);
      const policy = text([
        '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["',
        ...list,
        '"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}}',
      ]);
      const arn = text(["arn:aws:s3:::", name]);
      return s3TlsOnly.judge(bucket({ name, arn, policies: linked(policy) }), context).verdict;
    };
    const arn = text(["arn:aws:s3:::", name]);

    test.each<[string, (string | Text)[], string]>([
      ["bucket and objects", [arn, text([arn, "/*"])], "pass"],
      ["both at once", [text([arn, "*"])], "pass"],
      ["objects only: no name has a slash in it or a wildcard", [text([arn, "/*"])], "fail"],
      ["the bucket only", [arn], "fail"],
      ["the objects below what is a name", [arn, text([arn, "/", variable, "/*"])], "fail"],
    ])("a Deny on %s", (_, resources, expected) => {
      expect(judged(...resources)).toBe(expected);
    });
  });

  test("shows the request that gets through, and says of each statement why it doesn't stop it", () => {
    const onBucket = { ...overHttp, Resource: "arn:aws:s3:::b" };
    expect(s3TlsOnly.judge(bucket({ policies: linked(policyOf(onBucket)) }), context)).toEqual({
      verdict: "fail",
      findings: [
        {
          message: "plain HTTP gets through: `s3:GetObject` on an object is not denied",
          counterexample: {
            principal: "*",
            action: "s3:GetObject",
            resource: expect.stringMatching(/^arn:aws:s3:::b\/./),
            context: { "aws:SecureTransport": "false" },
          },
          statement: onBucket,
          trace: [expect.stringContaining("statement 1")],
          remediation: expect.stringContaining("with no other condition"),
          related: ["companion.c0"],
        },
      ],
    });
  });

  test("without a policy there is nothing to point at", () => {
    expect(s3TlsOnly.judge(bucket(), context)).toMatchObject({ findings: [{ related: [] }] });
  });

  test("says everything for which AWS would refuse a policy", () => {
    const twice = policyOf({ ...overHttp, One: 1, Two: 2 });
    expect(told(s3TlsOnly.judge(bucket({ policies: linked(twice) }), context))[0]).toMatch(/`One`[^;]*; [^;]*`Two`/);
  });

  test("passes on the statement that stops it", () => {
    expect(s3TlsOnly.judge(bucket({ policies: linked(policyOf(overHttp)) }), context)).toEqual({
      verdict: "pass",
      evidence: expect.stringContaining("statement 1"),
      trace: [expect.stringContaining("statement 1")],
      related: ["companion.c0"],
    });
  });

  test("writes an ARN that isn't known yet as people do", () => {
    const arn = new Text(["arn:aws:s3:::", new Sym("aws_s3_bucket.b.bucket", "bucket-name")]);
    const shown = (policies: Bucket["policies"]) => {
      const judgement = s3TlsOnly.judge(bucket({ arn, policies }), context);
      return judgement.verdict === "fail" ? judgement.findings[0].counterexample?.resource : judgement;
    };
    expect(shown(none)).toMatch(/^\$\{aws_s3_bucket\.b\.arn\}\/\w/);
    const toObjects = text([
      '{"Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"',
      arn,
      '/*"}}',
    ]);
    expect(shown(linked(toObjects))).toBe("${aws_s3_bucket.b.arn}");
  });
});

describe("a policy that is marked sensitive is judged and never quoted", () => {
  test("a fail shows no request", () => {
    const judgement = s3TlsOnly.judge(bucket({ policies: secret(allow(outsider)) }), context);
    expect(judgement).toEqual({
      verdict: "fail",
      findings: [
        {
          message: "plain HTTP gets through (the policy is marked sensitive, so the request is not shown)",
          remediation: expect.stringContaining("deny `s3:*`"),
          related: ["aws_s3_bucket_policy.p"],
        },
      ],
    });
  });

  test.each<[string, string, (policies: Bucket["policies"]) => Judgement]>([
    [
      "s3-encrypted-puts-only",
      "a put without the encryption that the bucket asks for gets through",
      (policies) => s3EncryptedPutsOnly.judge(bucket({ policies }), context),
    ],
    [
      "s3-owner-account-only",
      "the bucket policy lets others in",
      (policies) => s3OwnerAccountOnly.judge(bucket({ policies }), context),
    ],
  ])("%s says in general what is wrong", (_, words, judge) => {
    expect(told(judge(secret(allow(outsider))))).toEqual([
      expect.stringContaining(`fail: ${words} (the policy is marked sensitive, so the request is not shown) -> `),
    ]);
  });

  test("a refusal quotes nothing", () => {
    const canary = policyOf({ ...overHttp, Canary: "x" });
    const judgement = s3TlsOnly.judge(bucket({ policies: secret(canary) }), context);
    expect(told(judgement)).toEqual([
      "fail: the policy is not one that AWS would take (it is marked sensitive, so nothing of it is shown) -> correct the policy @ aws_s3_bucket_policy.p",
    ]);
    const shown = s3TlsOnly.judge(bucket({ policies: linked(canary) }), context);
    expect(told(shown)).toEqual([
      expect.stringMatching(
        /^fail: the policy is not one that can be judged: .*`Canary`.* -> correct the policy @ companion\.c0$/,
      ),
    ]);
  });

  test("a pass shows no statement", () => {
    const canary = policyOf({ ...overHttp, Sid: "Canary" });
    expect(s3TlsOnly.judge(bucket({ policies: secret(canary) }), context)).toEqual({
      verdict: "pass",
      evidence: "the policy does it (it is marked sensitive, so nothing of it is shown)",
      trace: [],
      related: ["aws_s3_bucket_policy.p"],
    });
  });

  test("an undecided names the question", () => {
    expect(told(s3TlsOnly.judge(bucket({ policies: secret(unknown) }), context))).toEqual([
      "undecided: whether plain HTTP gets through can't be told before apply -> aws_s3_bucket_policy.p.policy (computed-at-apply) @ aws_s3_bucket_policy.p",
    ]);
  });
});

test.each([
  [s3TlsOnly, "bucket"],
  [s3EncryptedPutsOnly, "bucket"],
  [s3OwnerAccountOnly, "bucket"],
  [kmsNoCrossAccount, "key"],
])("$id names a policy that can't be linked", (rule, kind) => {
  const policies = unlinked(unknown);
  const judgement = rule.judge(rule === kmsNoCrossAccount ? key({ policies }) : bucket({ policies }), context);
  expect(told(judgement)).toEqual([
    expect.stringMatching(
      `^undecided: ${kind} policy \`companion\\.u0\` may belong to it or to another ${kind} -> companion\\.u0`,
    ),
  ]);
});

test("an unknown policy is named by its attribute, or by its own name", () => {
  expect(told(s3TlsOnly.judge(bucket({ policies: linked(unknown) }), context))).toEqual([
    "undecided: `companion.c0.policy` can't be told before apply -> aws_s3_bucket_policy.p.policy (computed-at-apply) @ companion.c0",
  ]);
});

describe("s3-encrypted-puts-only", () => {
  const aes = { algorithm: "AES256", key: { kind: "none" } } as const;
  const kms = { algorithm: "aws:kms", key: { kind: "none" } } as const;
  const openRule = { algorithm: new Unknown("x.y", "computed-at-apply"), key: { kind: "none" } } as const;
  const all = (...contents: Encryption[]): Bucket["encryption"] => linked(...contents);
  /** The verdict under a policy that lets KMS only through, and under one that lets `AES256` through as well. */
  test.each<[string, Partial<Bucket>, string, string]>([
    ["default KMS", { encryption: encryption("aws:kms") }, "pass", "fail"],
    ["default dsse", { encryption: encryption("aws:kms:dsse") }, "pass", "fail"],
    ["default AES256", { encryption: encryption("AES256") }, "pass", "pass"],
    ["no default", { encryption: none }, "pass", "pass"],
    ["a default without a rule", { encryption: linked([]) }, "pass", "pass"],
    ["a default that can't be told", { encryption: all([openRule]) }, "pass", "undecided"],
    [
      "a default unknown altogether",
      { encryption: linked(new Unknown("x.y", "computed-at-apply")) },
      "pass",
      "undecided",
    ],
    ["two defaults, one of them KMS", { encryption: all([aes], [kms]) }, "pass", "fail"],
    ["two rules, one of them KMS", { encryption: all([aes, kms]) }, "pass", "fail"],
    ["a default only computed in the state", { encryption: none, encryptionOnlyComputed: true }, "pass", "undecided"],
    ["a default KMS that may be another bucket's", { encryption: unlinked([kms]) }, "pass", "undecided"],
    ["a default AES256 that may be another bucket's", { encryption: unlinked([aes]) }, "pass", "pass"],
  ])("%s", (_, changes, strict, lenient) => {
    const verdict = (policy: string) =>
      s3EncryptedPutsOnly.judge(bucket({ ...changes, policies: linked(policy) }), context).verdict;
    expect([verdict(kmsOnly), verdict(anyEncryption)]).toEqual([strict, lenient]);
  });

  test("no policy lets every put through", () => {
    const judgement = s3EncryptedPutsOnly.judge(bucket(), context);
    expect(judgement).toMatchObject({
      verdict: "fail",
      findings: [{ counterexample: { action: "s3:PutObject", resource: expect.stringMatching(/^arn:aws:s3:::b\/./) } }],
    });
  });

  test.each<[string, Bucket["encryption"], boolean, string]>([
    ["off", encryption("aws:kms"), false, "fail"],
    ["on, under a KMS default", encryption("aws:kms"), true, "pass"],
    ["on, under another default", encryption("AES256"), true, "fail"],
    ["on, without a default", none, true, "fail"],
  ])("a put without a header where `allowMissingHeader` is %s", (_, declared, allowMissingHeader, expected) => {
    const named = { [header]: ["aws:kms", "aws:kms:dsse"] };
    const policy = policyOf(
      denyPuts({ StringNotEqualsIfExists: named, Null: { [header]: "false" } }),
      denyPuts({ Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" } }),
    );
    const subject = bucket({ encryption: declared, policies: linked(policy) });
    expect(s3EncryptedPutsOnly.judge(subject, { ...context, options: { allowMissingHeader } }).verdict).toBe(expected);
  });

  test.each<[string, Partial<Bucket>, readonly string[]]>([
    ["in the plan", { encryption: all([openRule, kms]) }, ["x.y"]],
    ["that can't be linked", { encryption: unlinked([kms]) }, ["companion.u0.bucket"]],
    ["unknown altogether", { encryption: linked(new Unknown("a.b", "computed-at-apply")) }, ["a.b"]],
  ])("names the default that decides: %s", (_, changes, values) => {
    const judgement = s3EncryptedPutsOnly.judge(bucket({ ...changes, policies: linked(anyEncryption) }), context);
    expect(judgement).toMatchObject({
      verdict: "undecided",
      message: "which encryption is strong enough depends on the bucket's default, which can't be told before apply",
      gaps: values.map((value) => ({ value })),
    });
  });
});

describe("kms-no-cross-account", () => {
  test.each<[string, Key["policies"], string]>([
    ["the own account", linked(allow({ AWS: "arn:aws:iam::111122223333:root" }, "kms:*", "*")), "pass"],
    ["another account", linked(allow(outsider, "kms:Decrypt", "*")), "fail"],
    ["an unknown policy", linked(unknown), "undecided"],
    ["a policy that can't be linked", unlinked(allow(outsider, "kms:Decrypt", "*")), "undecided"],
    ["no policy in the resource, and an open one", linked(null, allow(outsider, "kms:Decrypt", "*")), "fail"],
  ])("%s", (_, policies, expected) => {
    const judgement = kmsNoCrossAccount.judge(key({ policies }), context);
    expect(judgement.verdict).toBe(expected);
    expect(problemsOf(judgement)).toEqual([]);
  });

  test("a secret key policy is not quoted", () => {
    const judgement = kmsNoCrossAccount.judge(key({ policies: secret(allow(outsider, "kms:Decrypt", "*")) }), context);
    expect(told(judgement)).toEqual([
      expect.stringContaining("fail: the key policy lets another account in (the policy is marked sensitive"),
    ]);
  });

  test("a policy's gap and a grant's are both named", () => {
    const grants = linked({ grantee: new Unknown("g.grantee_principal", "computed-at-apply") });
    expect(kmsNoCrossAccount.judge(key({ policies: linked(unknown), grants }), context)).toMatchObject({
      gaps: [{ value: "aws_s3_bucket_policy.p.policy" }, { value: "g.grantee_principal" }],
    });
  });
});

describe("s3-owner-account-only", () => {
  const everyone = policyOf({ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" });
  const blocks = (restrict: AccessBlock["restrict_public_buckets"]): Bucket["accessBlocks"] =>
    linked({ ...allFlags, restrict_public_buckets: restrict });
  const openFlag = new Unknown("x.restrict", "computed-at-apply");
  test.each<[string, Partial<Bucket>, string]>([
    ["another account", { policies: linked(allow(outsider)) }, "fail"],
    ["everyone, shut out by the block", { policies: linked(everyone) }, "pass"],
    ["everyone", { policies: linked(everyone), accessBlocks: open }, "fail"],
    [
      "everyone, shut out by the account's block",
      { policies: linked(everyone), accessBlocks: none, accountAccessBlocks: linked(allFlags) },
      "pass",
    ],
    ["everyone, perhaps shut out", { policies: linked(everyone), accessBlocks: blocks(openFlag) }, "undecided"],
    [
      "everyone, perhaps shut out by a block that can't be linked",
      { policies: linked(everyone), accessBlocks: unlinked(allFlags) },
      "undecided",
    ],
    [
      "everyone, beside an open block that can't be linked",
      { policies: linked(everyone), accessBlocks: unlinked({ ...allFlags, restrict_public_buckets: false }) },
      "fail",
    ],
    [
      "everyone, under two blocks of which one is open",
      {
        policies: linked(everyone),
        accessBlocks: linked<AccessBlock>(allFlags, { ...allFlags, restrict_public_buckets: null }),
      },
      "fail",
    ],
    ["an unknown policy", { policies: linked(unknown) }, "undecided"],
  ])("%s", (_, changes, expected) => {
    const judgement = s3OwnerAccountOnly.judge(bucket(changes), context);
    expect(judgement.verdict).toBe(expected);
    expect(problemsOf(judgement)).toEqual([]);
  });

  test("a flag that can't be told decides nothing where the policy lets nobody else in", () => {
    const own = allow({ AWS: "arn:aws:iam::111122223333:root" });
    expect(
      s3OwnerAccountOnly.judge(bucket({ policies: linked(own), accessBlocks: blocks(openFlag) }), context),
    ).toEqual({
      verdict: "pass",
      evidence: expect.stringContaining("anybody outside"),
      trace: [expect.stringContaining("anybody outside")],
      related: ["companion.c0"],
    });
  });

  const gapsUnder = (accessBlocks: Bucket["accessBlocks"], accountAccessBlocks: Bucket["accessBlocks"] = none) => {
    const judgement = s3OwnerAccountOnly.judge(
      bucket({ policies: linked(everyone), accessBlocks, accountAccessBlocks }),
      context,
    );
    return judgement.verdict === "undecided" ? new Set(judgement.gaps.map(({ value }) => value)) : judgement;
  };

  test("names the flag that decides, in every block", () => {
    expect(gapsUnder(blocks(openFlag))).toContain("x.restrict");
    expect(gapsUnder(none, blocks(openFlag))).toContain("x.restrict");
    expect(gapsUnder(unlinked(allFlags))).toContain("companion.u0.bucket");
    expect(gapsUnder(linked<AccessBlock>({ ...allFlags, restrict_public_buckets: openFlag }, allFlags))).not.toContain(
      "companion.c1.restrict_public_buckets",
    );
  });

  test("names nothing but the policy's own gap where the flag is known", () => {
    const subject = bucket({ policies: linked(unknown), accountAccessBlocks: unlinked(allFlags) });
    expect(told(s3OwnerAccountOnly.judge(subject, context))).toEqual([
      "undecided: `companion.c0.policy` can't be told before apply -> aws_s3_bucket_policy.p.policy (computed-at-apply) @ companion.c0",
    ]);
  });
});

test("time: a Deny that began before the plan was made holds", () => {
  const since = {
    Bool: { "aws:SecureTransport": "false" },
    DateGreaterThan: { "aws:CurrentTime": "2026-01-01T00:00:00Z" },
  };
  const subject = bucket({ policies: linked(policyOf({ ...overHttp, Condition: since })) });
  const judgedAt = (timestamp?: string) =>
    s3TlsOnly.judge(subject, { ...context, graph: graph(timestamp === undefined ? {} : { timestamp }) }).verdict;
  expect([judgedAt("2026-06-01T00:00:00Z"), judgedAt("2025-06-01T00:00:00Z")]).toEqual(["pass", "fail"]);
});

test("two homes: a policy is judged in its subject's own", () => {
  const policies = linked(allow({ AWS: "arn:aws:iam::111122223333:root" }));
  const verdict = (changes: Partial<Bucket["home"]>) =>
    s3OwnerAccountOnly.judge(bucket({ policies, home: { ...home, ...changes } }), context).verdict;
  expect(verdict({})).toBe("pass");
  expect(verdict({ account: "444455556666" })).toBe("fail");
  expect(verdict({ partition: "aws-cn" })).toBe("fail");
});

test("an account of another partition is called so", () => {
  const policies = linked(allow({ AWS: "arn:aws-cn:iam::111122223333:root" }));
  expect(told(s3OwnerAccountOnly.judge(bucket({ policies }), context))).toEqual([
    expect.stringContaining("fail: account `111122223333` of partition `aws-cn` gets in"),
  ]);
});

describe("a service that acts for a bucket, whose ARN tells no account", () => {
  const name = new Text(["made-", new Sym("aws_s3_bucket.made.bucket", "bucket-name")]);
  const other = { ...home, account: "444455556666" };
  const buckets = [
    bucket({ address: "aws_s3_bucket.logged", name: "logged", arn: "arn:aws:s3:::logged" }),
    bucket({ address: "aws_s3_bucket.made", name, arn: text(["arn:aws:s3:::", name]) }),
    bucket({ address: "aws_s3_bucket.theirs", name: "theirs", arn: "arn:aws:s3:::theirs", home: other }),
  ];
  const forBucket = (source: string | Text, operator = "ArnLike"): string | Text =>
    text([
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"logging.s3.amazonaws.com"},',
      `"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*","Condition":{"${operator}":{"aws:SourceArn":"`,
      source,
      '"}}}}',
    ]);
  const judged = (content: string | Text, subject: Partial<Bucket> = {}) =>
    s3OwnerAccountOnly.judge(bucket({ policies: linked(content), ...subject }), {
      ...context,
      graph: graph({ buckets: [...buckets, bucket()] }),
    }).verdict;

  test.each<[string, string | Text, string]>([
    ["of the plan", forBucket("arn:aws:s3:::logged"), "pass"],
    ["of the plan, named by S3", forBucket(text(["arn:aws:s3:::", name])), "pass"],
    ["itself", forBucket("arn:aws:s3:::b"), "pass"],
    ["of the plan, by the ARNs of its objects", forBucket("arn:aws:s3:::logged/*"), "pass"],
    ["of nobody knows whom, by the ARNs of its objects", forBucket("arn:aws:s3:::elsewhere/*"), "fail"],
    ["of nobody knows whom", forBucket("arn:aws:s3:::elsewhere"), "undecided"],
    ["of the plan, but of another account", forBucket("arn:aws:s3:::theirs"), "undecided"],
    ["of the plan, or any whose name begins so", forBucket("arn:aws:s3:::logged*"), "fail"],
    ["of the plan, if there is one", forBucket("arn:aws:s3:::logged", "ArnLikeIfExists"), "fail"],
    ["other than that of the plan", forBucket("arn:aws:s3:::logged", "ArnNotLike"), "fail"],
  ])("%s", (_, policy, expected) => {
    expect(judged(policy)).toBe(expected);
  });

  test("of the account of the plan's other bucket", () => {
    expect(judged(forBucket("arn:aws:s3:::theirs"), { home: other })).toBe("pass");
    expect(judged(forBucket("arn:aws:s3:::logged"), { home: other })).toBe("undecided");
  });
});

describe("remarks on what can't be used", () => {
  const nobodyPuts = policyOf({ Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: "arn:aws:s3:::b/*" });
  const nobodyManages = allow({ Service: "logs.amazonaws.com" }, "kms:Decrypt", "*");

  test("a bucket that takes no object", () => {
    expect(remarksOn(bucket({ policies: linked(nobodyPuts) }), graph())).toEqual([expect.stringContaining("put")]);
    expect(remarksOn(bucket({ policies: linked(policyOf(overHttp)) }), graph())).toEqual([]);
  });

  test("a key that nobody can manage", () => {
    expect(remarksOn(key({ policies: linked(nobodyManages) }), graph())).toEqual([expect.stringContaining("manage")]);
    const own = allow({ AWS: "arn:aws:iam::111122223333:root" }, "kms:*", "*");
    expect(remarksOn(key({ policies: linked(own) }), graph())).toEqual([]);
  });

  test("a policy that is marked sensitive, unknown or not linked gets none", () => {
    expect(remarksOn(bucket({ policies: secret(nobodyPuts) }), graph())).toEqual([]);
    expect(remarksOn(bucket({ policies: linked(unknown) }), graph())).toEqual([]);
    expect(remarksOn(bucket({ policies: unlinked(nobodyPuts) }), graph())).toEqual([]);
  });
});

test("every rule is asked of every subject of its kind", () => {
  const world = graph({ buckets: [bucket()], keys: [key()] });
  const subjects = RULES.map((rule) => [rule.id, ...rule.subjects(world).map((one) => one.kind)]);
  expect(subjects).toEqual([
    ["s3-block-public-access", "bucket"],
    ["s3-encryption-configured", "bucket"],
    ["s3-kms-encryption", "bucket"],
    ["s3-tls-only", "bucket"],
    ["s3-encrypted-puts-only", "bucket"],
    ["kms-key-rotation", "key", "bucket"],
    ["kms-no-cross-account", "key", "bucket"],
    ["s3-owner-account-only", "bucket"],
  ]);
});
