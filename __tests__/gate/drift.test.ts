/** Turns plans into drift: what somebody changed, without what only looks changed. */
import { driftOf } from "../../validators/gate/drift";
import { InputError } from "../../validators/kernel/index";

type Values = Record<string, unknown>;

const drifted = (type: string, before: Values | null, after: Values | null) => ({
  address: `${type}.x`,
  type,
  change: { actions: after === null ? ["delete"] : ["update"], before, after },
});
const idle = (type: string, after: Values) => ({
  address: `${type}.y`,
  type,
  change: { actions: ["no-op"], before: after, after },
});
const plan = (drift: unknown[], changes: unknown[] = []) => ({
  format_version: "1.2",
  resource_changes: changes,
  resource_drift: drift,
});

test.each<[string, Values, Values]>([
  ["nothing and empty", { tags: null, description: null }, { tags: {}, description: "" }],
  ["lists in another order", { list: ["a", "b"] }, { list: ["b", "a"] }],
  ["JSON written otherwise", { policy: '{"a":1,"b":[2]}' }, { policy: '{ "b": [2], "a": 1 }' }],
  ["an attribute that came with the provider", {}, { new_attribute: null }],
])("%s is no drift", (_, before, after) => {
  expect(driftOf(plan([drifted("aws_thing", before, after)]))).toEqual([]);
});

test("what changed is named, never its value", () => {
  const drift = driftOf(plan([drifted("aws_thing", { secret: "a", same: 1 }, { secret: "b", same: 1 })]));
  expect(drift).toEqual([{ address: "aws_thing.x", kind: "drift", attributes: ["secret"] }]);
});

test("what is gone is drift", () => {
  expect(driftOf(plan([drifted("aws_thing", { a: 1 }, null)]))).toEqual([
    { address: "aws_thing.x", kind: "drift", attributes: ["deleted"] },
  ]);
});

test("a bucket's mirror of its companion is none; a policy that no companion holds is", () => {
  const bucket = drifted("aws_s3_bucket", { bucket: "b", policy: "" }, { bucket: "b", policy: "{}x" });
  expect(driftOf(plan([bucket], [idle("aws_s3_bucket_policy", { bucket: "b" })]))).toEqual([]);
  expect(driftOf(plan([bucket], [idle("aws_s3_bucket_policy", { bucket: "other" })]))).toHaveLength(1);
  expect(driftOf(plan([bucket]))).toEqual([{ address: "aws_s3_bucket.x", kind: "drift", attributes: ["policy"] }]);
});

test("a policy attached to a role by hand is drift; one that the code attaches isn't", () => {
  const role = (arns: string[]) =>
    drifted("aws_iam_role", { name: "r", managed_policy_arns: [] }, { name: "r", managed_policy_arns: arns });
  const attachment = idle("aws_iam_role_policy_attachment", { role: "r", policy_arn: "mine" });
  expect(driftOf(plan([role(["mine"])], [attachment]))).toEqual([]);
  expect(driftOf(plan([role(["mine", "theirs"])], [attachment]))).toHaveLength(1);
  const inline = (names: string[]) =>
    drifted(
      "aws_iam_role",
      { name: "r", inline_policy: [] },
      { name: "r", inline_policy: names.map((name) => ({ name, policy: "{}" })) },
    );
  const policy = idle("aws_iam_role_policy", { role: "r", name: "mine" });
  expect(driftOf(plan([inline(["mine"])], [policy]))).toEqual([]);
  expect(driftOf(plan([inline(["theirs"])], [policy]))).toHaveLength(1);
});

test("a change that isn't applied is one too, and names come in order", () => {
  const change = (address: string) => ({
    address,
    type: "t",
    change: { actions: ["update"], before: { a: 1 }, after: { a: 2 }, after_unknown: { b: true } },
  });
  expect(driftOf(plan([], [change("t.b"), change("t.a"), idle("t", { a: 1 })]))).toEqual([
    { address: "t.a", kind: "change", attributes: ["a", "b"] },
    { address: "t.b", kind: "change", attributes: ["a", "b"] },
  ]);
});

test("what is no plan is refused", () => {
  for (const json of [null, [], {}, "x", { resource_drift: [] }]) expect(() => driftOf(json)).toThrow(InputError);
  expect(driftOf({ format_version: "1.2" })).toEqual([]);
});
