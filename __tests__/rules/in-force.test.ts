/** What stays in force, though the configuration doesn't have it: recorded plans of buckets and keys that are there already. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkContent } from "../../validators/check";

test("an encryption that Terraform forgets is declared by nobody any more, as one that it deletes", () => {
  const plan = readFileSync(join(__dirname, "../fixtures/plans/delete-encryption/plan.json"), "utf8");
  const verdicts = (text: string) => {
    const { results } = checkContent(text, "plan.json", { config: {}, today: "2026-01-01" });
    return results.filter(({ rule }) => /encrypt/.test(rule)).map(({ rule, verdict }) => [rule, verdict]);
  };
  const forgotten = plan.replace(/"delete"/g, '"forget"');
  expect(forgotten).not.toBe(plan);
  expect(verdicts(forgotten)).toEqual(verdicts(plan));
  expect(verdicts(plan)).toContainEqual(["s3-encryption-configured", "fail"]);
});

const verdictOf = (fixture: string, rule: string, address: string): string | undefined => {
  const plan = readFileSync(join(__dirname, "../fixtures/plans", fixture, "plan.json"));
  const { results } = checkContent(plan, "plan.json", { config: {}, today: "2026-01-01", account: "123456789012" });
  return results.find((one) => one.rule === rule && one.address === address)?.verdict;
};

test.each<[string, string, string, string, string]>([
  [
    "a public grant whose `aws_s3_bucket_acl` goes: the provider deletes no ACL",
    "acl-left",
    "s3-owner-account-only",
    "aws_s3_bucket.b",
    "undecided",
  ],
  ["a policy that Terraform forgets", "policy-left", "s3-owner-account-only", "aws_s3_bucket.b", "undecided"],
  [
    "a policy whose argument nobody sets any more",
    "policy-argument-dropped",
    "s3-owner-account-only",
    "aws_s3_bucket.b",
    "undecided",
  ],
  ["it is nothing to rely on", "policy-argument-dropped", "s3-tls-only", "aws_s3_bucket.b", "fail"],
  ["a policy that the plan deletes is gone", "delete-policy", "s3-owner-account-only", "aws_s3_bucket.b", "pass"],
  [
    "a key policy that the provider leaves as it is when its resource goes",
    "key-policy-stays",
    "kms-no-cross-account",
    "aws_kms_key.k",
    "fail",
  ],
  [
    "a key policy that doesn't follow its `key_id`",
    "key-policy-moved",
    "kms-no-cross-account",
    "aws_kms_key.second",
    "fail",
  ],
  ["it stays with its first key", "key-policy-moved", "kms-no-cross-account", "aws_kms_key.first", "pass"],
  [
    "a grant on whatever key has an alias that no resource of the plan is",
    "key-looked-up",
    "kms-no-cross-account",
    "aws_kms_key.k",
    "undecided",
  ],
  [
    "a policy of a key that nobody knows takes the place of the one that is read back",
    "key-policy-behind-lookup",
    "kms-no-cross-account",
    "aws_kms_key.k",
    "undecided",
  ],
])("%s", (_, fixture, rule, address, verdict) => {
  expect(verdictOf(fixture, rule, address)).toBe(verdict);
});
