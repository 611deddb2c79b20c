/** Turns policies that differ in their names only into answers: each the same as asked afresh, and asked once for all. */
import {
  anyOutsider,
  anyPlainHttp,
  anyUnencryptedPut,
  type BucketWorld,
  type Decision,
  isFinal,
  type PolicyReading,
  readPolicy,
  remembered,
} from "../../validators/iam/index";
import { standInFor, withSymbols } from "../../validators/kernel/stand-in";
import { Sym, type Text, text } from "../../validators/kernel/value";

type Ask = (reading: PolicyReading, world: BucketWorld) => Decision;
const QUESTIONS: readonly (readonly [string, Ask])[] = [
  ["plain-http", anyPlainHttp],
  ["puts", (reading, world) => anyUnencryptedPut(reading, world, { strength: "kms", allowMissingHeader: false })],
  ["outsider", (reading, world) => anyOutsider(reading, world, { restrictPublicBuckets: "no" })],
];

/** A bucket's name, known or not, as a plan shows it in its ARN. */
type Naming = (name: string) => string | Text;
const known: Naming = (name) => name;
const symbolic: Naming = (name) =>
  text([
    new Sym(`aws_s3_bucket.this["${name}"].bucket`, "bucket-name", {
      because: "unresolved-expression",
      expression: `"x-\${var.${name}}"`,
    }),
  ]);

const worldOf = (bucket: string | Text, name: string): BucketWorld => ({
  arn: text(["arn:aws:s3:::", bucket]),
  account: "111122223333",
  partition: "aws",
  region: "eu-west-1",
  policyName: `aws_s3_bucket_policy.this["${name}"].policy`,
});

const deny = (sid: string | Text, resources: readonly (string | Text)[], principal = '"*"'): string | Text =>
  text([
    '{"Version":"2012-10-17","Statement":[{"Sid":"',
    sid,
    `","Effect":"Deny","Principal":${principal},"Action":"s3:*","Resource":["`,
    ...resources.flatMap((resource, at) => (at === 0 ? [resource] : ['","', resource])),
    '"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}',
  ]);

/** A policy of a bucket of some name, and for which names it is asked about once for all. */
type Case = readonly [string, (bucket: string | Text, name: string) => string | Text, readonly string[]];
const arn = (bucket: string | Text, rest = ""): string | Text => text(["arn:aws:s3:::", bucket, rest]);
const BOTH = ["known", "symbolic"];
const CASES: readonly Case[] = [
  ["that denies", (bucket) => deny("Tls", [arn(bucket), arn(bucket, "/*")]), BOTH],
  ["that leaves the bucket open", (bucket) => deny("Tls", [arn(bucket, "/*")]), BOTH],
  [
    "with a resource of which nothing is known",
    (_, name) =>
      deny("Tls", [text([new Sym(`data.d.this["${name}"].json`, "any", { because: "deferred-data-source" })])]),
    BOTH,
  ],
  [
    "with a symbol beside a literal",
    (bucket, name) => deny("Tls", [arn(bucket, "/*"), text([new Sym(`var.prefix_${name}`, "any"), "-b/*"])]),
    ["symbolic"],
  ],
  ["that AWS refuses", (bucket) => deny("Tls", [arn(bucket, '","Oops":]')]), []],
  ["that names its bucket in a Sid", (bucket, name) => deny(`Of${name}`, [arn(bucket), arn(bucket, "/*")]), []],
  ["for the buckets of a prefix", () => deny("Tls", ["arn:aws:s3:::logs-*"]), ["symbolic"]],
];
const NAMES = ["logs-1", "logs-22", "logs-333", "other-1", "x22"];

describe.each(CASES)("a policy %s", (title, policyOf, once) => {
  test.each<[string, Naming]>([
    ["known", known],
    ["symbolic", symbolic],
  ])("of buckets whose names are %s", (kind, naming) => {
    for (const [asked, question] of QUESTIONS) {
      let count = 0;
      const counted: Ask = (reading, world) => {
        count++;
        return question(reading, world);
      };
      for (const name of NAMES) {
        const [policy, world] = [policyOf(naming(name), name), worldOf(naming(name), name)];
        const decision = remembered(`${title} ${kind} ${asked}`, policy, "s3", world, counted, isFinal);
        expect(decision).toEqual(question(readPolicy(policy, "s3"), world));
      }
      if (once.includes(kind)) expect(count).toBe(1);
      // what only denies lets nobody in under any name
      else if (asked !== "outsider") expect(count).toBeGreaterThan(1);
    }
  });
});

test("a policy that writes a stand-in out is asked about as it stands", () => {
  const policy = deny("tollgate.stand-in.0.name", [arn("logs-1", "/*")]);
  const decision = remembered("spelt out", policy, "s3", worldOf("logs-1", "logs-1"), anyPlainHttp, isFinal);
  expect(decision).toEqual(anyPlainHttp(readPolicy(policy, "s3"), worldOf("logs-1", "logs-1")));
});

describe("a stand-in, and a bucket for which it stands", () => {
  const bucketOf = (name: string): string | Text => withSymbols(`x-${name}-logs`);
  const STAND_IN = standInFor(1, 0, "key");

  test("are asked about once for both", () => {
    let count = 0;
    const counted: Ask = (reading, world) => {
      count++;
      return anyPlainHttp(reading, world);
    };
    const [standIn, one] = [STAND_IN, "unit-1"].map((name) => {
      const bucket = bucketOf(name);
      const policy = deny("Tls", [arn(bucket), arn(bucket, "/*")]);
      return remembered("of stand-ins", policy, "s3", worldOf(bucket, name), counted, isFinal);
    });
    expect([count, standIn?.answer, one?.answer]).toEqual([1, "none", "none"]);
  });

  test("are not where the name stands in other places as well", () => {
    const role = (name: string): string | Text =>
      text(['{"AWS":"arn:aws:iam::111122223333:role/', withSymbols(name), '"}']);
    const statement = (name: string): string | Text =>
      text([
        '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":',
        role(name),
        ',"Action":"s3:GetObject","Resource":"',
        arn(bucketOf(name), "/*"),
        '"}}',
      ]);
    for (const name of [STAND_IN, "unit-1"]) {
      const [policy, world] = [statement(name), worldOf(bucketOf(name), name)];
      const afresh = anyPlainHttp(readPolicy(policy, "s3"), world);
      const shared = remembered("of others too", policy, "s3", world, anyPlainHttp, isFinal);
      // a stand-in is shown by its name where it is a bucket's, as the bucket is
      expect(bare(shared)).toEqual(bare(afresh));
      expect(JSON.stringify(shared)).toContain(name);
    }
  });

  const bare = (decision: Decision): string => JSON.stringify(decision).replace(/\$\{([^}]*)\}/g, "$1");
});
