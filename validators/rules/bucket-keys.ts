/** Turns buckets into the keys that they use, and tells which buckets are subjects of the key rules themselves. */
import { type Gap, type Text, Unknown } from "../kernel/index";
import type { Bucket, KeyUse, ResourceGraph } from "../model/graph";
import { gapsOf, isOneOf } from "./values";

/** The keys that a bucket's declared KMS encryption may use. */
export function keyUsesOf(bucket: Bucket): readonly KeyUse[] {
  const companions = bucket.encryption.linked;
  return companions.flatMap(({ content, address }) =>
    content instanceof Unknown
      ? [{ kind: "unknown", gaps: gapsOf(content, `${address}.rule`) } as const]
      : content
          .filter((one) => isOneOf(one.algorithm, ["AES256"]) !== "yes" && one.algorithm !== null)
          .map((one) => one.key),
  );
}

/**
 * Subjects of rules 6 and 7 besides the keys: buckets on the AWS managed key, on a key outside the plan, or on one that
 * can't be told. A bucket whose keys are all in the plan is judged there.
 */
export const bucketsOnOtherKeys = (graph: ResourceGraph): readonly Bucket[] =>
  graph.buckets.filter((bucket) => keyUsesOf(bucket).some((use) => use.kind !== "in-plan"));

/** The gap that a customer key outside the plan is. */
export const gapsOfOutsideKey = (id: string | Text, bucket: Bucket): readonly Gap[] => [
  {
    value: `${bucket.address}'s key`,
    because: "outside-the-plan",
    ...(typeof id === "string" ? { expression: id } : {}),
  },
];
