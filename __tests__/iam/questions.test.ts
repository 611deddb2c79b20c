/** What the four questions answer where there is no policy, and how their answers read. */

import {
  anyOutsider,
  anyOutsiderOfKey,
  anyPlainHttp,
  anyUnencryptedPut,
  type BucketWorld,
  type Decision,
  type EncryptedPuts,
  readPolicy,
} from "../../validators/iam/index";
import { Sym, text } from "../../validators/kernel/index";
import { decide } from "./oracle/engine";
import type { StatementJson } from "./oracle/naive";
import {
  allow,
  allowKey,
  bucket,
  deny,
  denyPut,
  header,
  keyOutsiders,
  kmsPuts,
  outside,
  outsiders,
  overHttp,
  own,
  plainHttp,
  policy,
} from "./oracle/tables/row";

const world: BucketWorld = {
  arn: bucket,
  account: text([new Sym("data.aws_caller_identity.me.account_id", "account-id")]),
  partition: "aws",
  region: "eu-west-1",
  policyName: "aws_s3_bucket_policy.p.policy",
};
const none = { kind: "absent", service: "s3" } as const;
const anybody = {
  principal: `arn:aws:iam::\${data.aws_caller_identity.me.account_id}:role/reader`,
  resource: `${bucket}/reports/2026/summary.csv`,
};
const trace = ["there is no bucket policy: whatever an identity policy allows is allowed"];

describe("without a policy", () => {
  it("lets plain HTTP through", () => {
    expect(anyPlainHttp(none, world)).toEqual({
      answer: "found",
      counterexample: { ...anybody, action: "s3:GetObject", context: { "aws:SecureTransport": "false" } },
      message: "plain HTTP gets through: the bucket has no policy",
      trace,
      remediation:
        "deny `s3:*` to `*` on the bucket's ARN and on `/*` below it where `aws:SecureTransport` is `false`, with no other condition",
    });
  });

  it.each<[string, EncryptedPuts, Record<string, string>, string]>([
    [
      "without an encryption header",
      { strength: "kms", allowMissingHeader: false },
      {},
      "`aws:kms` and `aws:kms:dsse`",
    ],
    [
      "with `AES256`",
      { strength: "kms", allowMissingHeader: true },
      { [header]: "AES256" },
      "`aws:kms` and `aws:kms:dsse`",
    ],
    [
      "without an encryption header",
      { strength: "any", allowMissingHeader: false },
      {},
      "`AES256`, `aws:kms` and `aws:kms:dsse`",
    ],
    [
      "with a customer-provided key alone",
      { strength: "any", allowMissingHeader: true },
      { [`${header}-customer-algorithm`]: "AES256" },
      "`AES256`, `aws:kms` and `aws:kms:dsse`",
    ],
  ])("lets a put %s through", (how, puts, context, strong) => {
    expect(anyUnencryptedPut(none, world, puts)).toEqual({
      answer: "found",
      counterexample: { ...anybody, action: "s3:PutObject", context },
      message: `a put ${how} gets through: the bucket has no policy`,
      trace,
      remediation: `deny \`s3:PutObject\` on every object unless \`${header}\` is one of ${strong}`,
    });
  });

  it("lets nobody in from outside the account", () => {
    expect(anyOutsider(none, world, { restrictPublicBuckets: "no" })).toEqual({
      answer: "none",
      coverage: ["there is no bucket policy that could let anybody in"],
    });
    expect(anyOutsiderOfKey({ kind: "absent", service: "kms" }, world)).toEqual({
      answer: "none",
      coverage: ["the key has AWS's default policy, which lets in the own account only"],
    });
  });
});

it("takes no policy of another service", () => {
  const reading = readPolicy(JSON.stringify(policy(allow())), "s3");
  expect(() => anyOutsiderOfKey(reading, world)).toThrow("a s3 policy was asked about kms");
});

const said = (decision: Decision): string => ("message" in decision ? decision.message : decision.answer);
const told = (...asked: Parameters<typeof decide>): string => said(decide(...asked));

describe("in words", () => {
  it.each<[string, Decision | string, string]>([
    [
      "a list over plain HTTP",
      told(plainHttp, JSON.stringify(policy(deny({ Resource: `${bucket}/*` })))),
      "plain HTTP gets through: `s3:ListBucket` on the bucket is not denied",
    ],
    [
      "a put without a header",
      told(kmsPuts, JSON.stringify(policy(allow()))),
      "a put without an encryption header gets through: it is not denied",
    ],
    [
      "a put with a weak one",
      told(kmsPuts, JSON.stringify(policy(denyPut({ Condition: { Null: { [header]: "true" } } })))),
      "a put with `AES256` gets through: it is not denied",
    ],
    [
      "a put with a customer's key",
      told(
        kmsPuts,
        JSON.stringify(
          policy(
            denyPut({ Condition: { StringEquals: { [header]: "AES256" } } }),
            denyPut({ Condition: { Null: { [header]: "true", [`${header}-customer-algorithm`]: "true" } } }),
          ),
        ),
      ),
      "a put with a customer-provided key alone gets through: it is not denied",
    ],
    [
      "a list by another account",
      told(
        outsiders,
        JSON.stringify(policy(allow({ Principal: { AWS: outside }, Action: "s3:List*", Resource: bucket }))),
      ),
      `account \`${outside}\` gets in: \`s3:ListBucket\` on the bucket is allowed by statement 1`,
    ],
    [
      "a service",
      told(outsiders, JSON.stringify(policy(allow({ Principal: { Service: "logs.amazonaws.com" } })))),
      "the service `logs.amazonaws.com` may act here for any account or for another one: `s3:GetObject` on an object is allowed by statement 1",
    ],
    [
      "another account on a key",
      told(keyOutsiders, JSON.stringify(policy(allowKey(), allowKey({ Principal: { AWS: outside } })))),
      `account \`${outside}\` gets in: \`kms:Decrypt\` is allowed by statement 2`,
    ],
    [
      "a service bound to another account",
      told(
        keyOutsiders,
        JSON.stringify(
          policy(
            allowKey({
              Principal: { Service: "logs.amazonaws.com" },
              Condition: { StringEquals: { "aws:SourceAccount": outside } },
            }),
          ),
        ),
      ),
      "the service `logs.amazonaws.com` is bound to another account's resources: `kms:Decrypt` is allowed by statement 1",
    ],
  ])("%s", (_title, message, expected) => {
    expect(message).toBe(expected);
  });

  it("names the block where nobody knows it", () => {
    const decision = decide(
      { ask: "bucket-outsider", restrictPublicBuckets: "unknown" },
      JSON.stringify(policy(allow())),
    );
    expect(decision).toMatchObject({
      answer: "undecided",
      gaps: [{ value: "restrict_public_buckets", because: "computed-at-apply" }],
    });
  });

  it("names the time where no plan tells it", () => {
    const since = { DateGreaterThan: { "aws:CurrentTime": "2020-01-01T00:00:00Z" } };
    const old = deny({ Condition: { ...overHttp, ...since } });
    const reading = readPolicy(JSON.stringify(policy(old)), "s3");
    const state = { ...world, account: own };
    expect(anyPlainHttp(reading, state)).toMatchObject({
      answer: "undecided",
      message: expect.stringMatching(/^it depends on `timestamp` whether plain HTTP gets through/),
      gaps: [{ value: "timestamp", because: "outside-the-plan" }],
    });
    expect(anyPlainHttp(reading, { ...state, timestamp: "2026-06-01T00:00:00Z" }).answer).toBe("none");
  });

  it("names what else isn't known: S3's answer, a partition, a service", () => {
    const restricted = { ask: "bucket-outsider", restrictPublicBuckets: "yes" } as const;
    const held = allow({ Condition: { StringEquals: { "aws:VpceOrgID": "o-a1b2c3d4e5" } } });
    expect(decide(restricted, JSON.stringify(policy(held)))).toMatchObject({
      gaps: [{ value: "whether S3 takes aws_s3_bucket_policy.p.policy for public", because: "outside-the-plan" }],
    });
    const withSymbol = (symbol: Sym, ...statements: readonly StatementJson[]) => {
      const [before = "", after = ""] = JSON.stringify(policy(...statements)).split("<>");
      return decide(outsiders, text([before, symbol, after]));
    };
    const partition = new Sym("data.aws_partition.here.partition", "partition");
    expect(withSymbol(partition, allow({ Principal: { AWS: `arn:<>:iam::${own}:root` } }))).toMatchObject({
      gaps: [{ value: partition.id }],
    });
    const region = new Sym("var.region", "any");
    const ofRegion = allow({ Principal: { Service: "logs.<>.amazonaws.com" } });
    const notOfOne = deny({ Principal: { Service: "logs.eu-west-1.amazonaws.com" } });
    expect(withSymbol(region, ofRegion, notOfOne)).toMatchObject({ gaps: [{ value: region.id }] });
  });

  it("shows the header of a put", () => {
    expect(
      decide(kmsPuts, JSON.stringify(policy(denyPut({ Condition: { Null: { [header]: "true" } } })))),
    ).toMatchObject({
      counterexample: { context: { [header]: "AES256" } },
    });
  });
});
