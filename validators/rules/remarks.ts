/** Turns a subject into remarks about the opposite fault: what is judged secure and can't be used. Never a verdict. */
import { noticesOfBucketPolicy, noticesOfKeyPolicy, readPolicy } from "../iam/index";
import type { ResourceGraph } from "../model/graph";
import { isKmsByDefault } from "./encryption";
import { worldOf } from "./policy";
import type { Subject } from "./rule";

/** Remarks on a bucket's or key's policies, a sentence each; a sensitive policy gets none, since they would quote it. */
export function remarksOn(subject: Subject, graph: ResourceGraph): readonly string[] {
  const context = { graph, options: { allowMissingHeader: false } };
  return subject.policies.linked
    .filter((policy) => !policy.sensitive)
    .flatMap((policy) => {
      const world = worldOf(subject, policy, context);
      if (subject.kind === "key") return noticesOfKeyPolicy(readPolicy(policy.content, "kms"), world);
      const strength = isKmsByDefault(subject).includes("yes") ? "kms" : "any";
      return noticesOfBucketPolicy(readPolicy(policy.content, "s3"), world, { strength, allowMissingHeader: false });
    })
    .map((notice) => notice.message);
}
