/** Turns a question of the oracle and a policy's text into the engine's own decision, and its counterexample into what is wrong with it. */

import {
  anyOutsider,
  anyOutsiderOfKey,
  anyPlainHttp,
  anyUnencryptedPut,
  type BucketWorld,
  type Decision,
  readPolicy,
} from "../../../validators/iam/index";
import type { Text } from "../../../validators/kernel/index";
import type { Counterexample } from "../../../validators/kernel/result";
import { completions, contradictions, getsThrough, isAskedAbout, ofCaller, type Question, world } from "./domain";
import { type PolicyJson, statementsOf, valuesOf } from "./naive";

const bucketWorld: BucketWorld = {
  arn: world.bucket,
  account: world.account,
  partition: world.partition,
  region: world.region,
  timestamp: world.timestamp,
  policyName: "aws_s3_bucket_policy.p.policy",
};

const keyWorld: BucketWorld = { ...bucketWorld, arn: world.key, policyName: "aws_kms_key.k.policy" };

/** What the engine answers; `text` is the policy as the plan has it, `changes` alter the world. */
export function decide(question: Question, text: string | Text, changes: Partial<BucketWorld> = {}): Decision {
  const reading = readPolicy(text, question.ask === "key-outsider" ? "kms" : "s3");
  const bucket = { ...bucketWorld, ...changes };
  switch (question.ask) {
    case "plain-http":
      return anyPlainHttp(reading, bucket);
    case "unencrypted-put":
      return anyUnencryptedPut(reading, bucket, question);
    case "bucket-outsider":
      return anyOutsider(reading, bucket, question);
    case "key-outsider":
      return anyOutsiderOfKey(reading, { ...keyWorld, ...changes });
  }
}

/** What the engine answers for a policy of the oracle. */
export const decideJson = (question: Question, policy: PolicyJson): Decision =>
  decide(question, JSON.stringify(policy));

/** What is wrong with a request that is said to get through, a line each; none for one that really does. */
export function objections(question: Question, policy: PolicyJson, counterexample: Counterexample): readonly string[] {
  const tries = completions(counterexample).map((request) =>
    [
      ...contradictions(request),
      ...(isAskedAbout(question, request) ? [] : ["not asked about"]),
      ...(getsThrough(question, policy, request) ? [] : ["does not get through"]),
    ].map((problem) => `${problem}: ${JSON.stringify(request)}`),
  );
  return tries.some((problems) => problems.length === 0) ? [] : tries.flat();
}

/** Keys that the policy compares, the caller has and a counterexample doesn't show: none. */
export function unshown(policy: PolicyJson, { principal, context }: Counterexample): readonly string[] {
  const shown = valuesOf(context);
  const has = new Set(Object.keys(ofCaller(principal)).map((key) => key.toLowerCase()));
  return statementsOf(policy)
    .flatMap(({ Condition = {} }) => Object.values(Condition).flatMap((keys) => Object.keys(keys)))
    .filter((key) => has.has(key.toLowerCase()) && !shown.has(key.toLowerCase()));
}
