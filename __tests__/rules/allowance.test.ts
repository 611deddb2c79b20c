/** Turns questions about policies into what an input is charged for them: the same whatever was judged before it. */
import { Allowance } from "../../validators/iam/index";
import { rule as tls } from "../../validators/rules/s3-tls-only";
import { bucket, context, linked } from "./subjects";

/** A bucket with a policy of some form; buckets with one form differ in their names only. */
const bucketWith = (name: string, form: number) =>
  bucket({
    name,
    arn: `arn:aws:s3:::${name}`,
    policies: linked(
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/f${form}-*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      }),
    ),
  });
type Asked = readonly [name: string, form: number];

/** What an input is charged for judging these, one after the other. */
function charged(asked: readonly Asked[], allowance = new Allowance(0)): number {
  const before = allowance.left;
  for (const [name, form] of asked) tls.judge(bucketWith(name, form), { ...context, allowance });
  return before - allowance.left;
}

test("an answer costs what it takes to find it, and nothing the second time", () => {
  const allowance = new Allowance(0);
  const first = charged([["logs", 1]], allowance);
  expect(first).toBeGreaterThan(300);
  expect(first).toBeLessThan(10_000);
  expect(charged([["logs", 1]], allowance)).toBeLessThan(first);
  expect(charged([["logs", 2]], allowance)).toBe(first);
});

test("an input is charged for what others have been charged for", () => {
  const asked: Asked[] = Array.from({ length: 40 }, (_, i) => [`logs-${i}`, 100 + (i % 7)]);
  const afresh = charged(asked);
  expect(charged(asked)).toBe(afresh);
  charged(asked.slice(0, 10));
  expect(charged(asked)).toBe(afresh);
});

test("what is forgotten, and so charged again, depends on the input alone", () => {
  // Two answers more than are remembered of one input: the first of all is asked once more at the end.
  const most = Array.from({ length: 4_002 }, (_, i): Asked => ["logs", 1_000 + i]);
  const asked: Asked[] = [...most, ["logs", 1_000]];
  charged(most.slice(0, 700));
  const once = charged(asked);
  charged(most.slice(3_000, 3_900));
  expect(charged(asked)).toBe(once);
});

test("after it is spent nothing is asked, and nothing passes", () => {
  const allowance = new Allowance(0);
  const judged = () => tls.judge(bucketWith("logs", 1), { ...context, allowance });
  expect(judged().verdict).toBe("fail");
  allowance.charge(allowance.left);
  expect(judged().verdict).toBe("fail");
  allowance.charge(1);
  expect(judged()).toMatchObject({
    verdict: "undecided",
    message: expect.stringContaining("the plan's policies together are too complex"),
    gaps: [{ value: "the policy", because: "too-complex" }],
  });
  // What needs no question is still answered.
  expect(tls.judge(bucket(), { ...context, allowance })).toMatchObject({ verdict: "fail" });
});

test("it grows with the input", () => {
  const [none, some] = [new Allowance(0).left, new Allowance(1_000).left];
  expect(some - none).toBe(1_000 * 50_000);
});
