/** Turns a subject into remarks about the opposite fault: what is judged secure and can't be used. Never a verdict. */
import { type Allowance, remembered, type Uselessness, uselessInBucketPolicy, uselessInKeyPolicy } from "../iam/index";
import type { ResourceGraph } from "../model/graph";
import { worldOf } from "./policy";
import type { Subject } from "./rule";

/** Remarks on a bucket's or key's policies, a sentence each; a sensitive policy gets none, since they would quote it. */
export function remarksOn(subject: Subject, graph: ResourceGraph, allowance?: Allowance): readonly string[] {
  const [service, question] =
    subject.kind === "key" ? (["kms", uselessInKeyPolicy] as const) : (["s3", uselessInBucketPolicy] as const);
  return subject.policies.linked
    .filter((policy) => !policy.sensitive)
    .flatMap((policy) => {
      if (allowance?.isSpent) return [];
      const world = worldOf(subject, policy, { graph });
      const isFinal = ({ isCertain }: Uselessness, isSame: boolean) => isCertain || isSame;
      return remembered("useless", policy.content, service, world, question, isFinal, allowance).notices;
    })
    .map((notice) => notice.message);
}
