/** Policies at and beyond the sizes that AWS documents: judged, judged with a remark, refused. */
import { type BucketWorld, readPolicy, uselessInBucketPolicy, uselessInKeyPolicy } from "../../validators/iam/index";
import { Sym, type Text, text } from "../../validators/kernel/value";

const world: BucketWorld = {
  arn: "arn:aws:s3:::logs",
  account: "111122223333",
  partition: "aws",
  region: "eu-west-1",
  policyName: "aws_s3_bucket_policy.p.policy",
};
/** A policy with this in a `Sid`. */
const withSid = (sid: string | Text, resource = "arn:aws:s3:::logs/*"): string | Text =>
  text([
    '{"Version":"2012-10-17","Statement":[{"Sid":"',
    sid,
    `","Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"${resource}"}]}`,
  ]);
const own = withSid("").toString().length;
const ofBytes = (bytes: number): string | Text => withSid("a".repeat(bytes - own));

const REMARK = "the policy is longer than the 20 KB that AWS takes in a bucket policy: it may be refused";
const remarks = (policy: string | Text) =>
  uselessInBucketPolicy(readPolicy(policy, "s3"), world).notices.map(({ message }) => message);

test("as large as AWS documents", () => {
  expect(readPolicy(ofBytes(20_480), "s3").kind).toBe("document");
  expect(remarks(ofBytes(20_480))).toEqual([]);
});

test("a byte larger, and up to twice as large: judged as it stands, and said", () => {
  for (const bytes of [20_481, 40_960]) {
    expect(readPolicy(ofBytes(bytes), "s3").kind).toBe("document");
    expect(remarks(ofBytes(bytes))).toEqual([REMARK]);
  }
});

test("larger than any way to count allows: refused, with its size", () => {
  expect(readPolicy(ofBytes(40_961), "s3")).toMatchObject({
    kind: "refused",
    problems: ["40961 bytes without white space, twice the 20 KB that AWS takes in a bucket policy and more"],
  });
});

test("white space and long ways to write a character don't count", () => {
  const spaced = String(ofBytes(20_000)).replaceAll(",", `,\r\n\t${" ".repeat(30_000)}`);
  expect(spaced.length).toBeGreaterThan(100_000);
  expect(remarks(spaced)).toEqual([]);
  expect(remarks(withSid("\\u0041".repeat(20_000)))).toEqual([]);
  expect(remarks(withSid("\\u0041".repeat(21_000)))).toEqual([REMARK]);
});

test("blanks within a text count, and so do the bytes of each character", () => {
  expect(remarks(withSid(" ".repeat(20_480)))).toEqual([REMARK]);
  expect(remarks(withSid("é".repeat(10_240)))).toEqual([REMARK]);
  expect(remarks(withSid("é".repeat(10_000)))).toEqual([]);
  expect(remarks(withSid("🔑".repeat(5_120)))).toEqual([REMARK]);
  expect(remarks(withSid("🔑".repeat(5_000)))).toEqual([]);
});

test("a symbol counts as short as it can be", () => {
  const many = (kind: Sym["kind"], count: number) =>
    withSid(text(Array.from({ length: count }, () => new Sym("x", kind))));
  expect(readPolicy(many("any", 4_999), "s3").kind).toBe("document");
  expect(remarks(many("any", 4_999))).toEqual([]);
  expect(remarks(many("account-id", 1_690))).toEqual([]);
  expect(remarks(many("account-id", 1_710))).toEqual([REMARK]);
});

test("more symbols than there are letters for are left open", () => {
  const symbols = Array.from({ length: 7_000 }, (_, i) => new Sym(`local.x${i}`, "any"));
  expect(readPolicy(withSid(text(symbols)), "s3")).toMatchObject({
    kind: "unknown",
    gaps: [{ value: "the policy", because: "too-complex" }],
  });
});

test("a key policy has 32 KB", () => {
  const ofKey = (bytes: number) => {
    const start = withSid("", "*").toString().replace("s3:*", "kms:*");
    return start.replace('"Sid":"', `"Sid":"${"a".repeat(bytes - start.length)}`);
  };
  const said = (bytes: number) =>
    uselessInKeyPolicy(readPolicy(ofKey(bytes), "kms"), world).notices.map(({ message }) => message);
  expect(said(32_768)).toEqual([]);
  expect(said(32_769)).toEqual([
    "the policy is longer than the 32 KB that AWS takes in a key policy: it may be refused",
  ]);
  expect(readPolicy(ofKey(65_536), "kms").kind).toBe("document");
  expect(readPolicy(ofKey(65_537), "kms").kind).toBe("refused");
});
