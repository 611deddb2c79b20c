/** Turns what a stack declares into the verdict of one rule on it, judged as synthesized JSON: without a plan. */
import { checkContent } from "../../validators/check";
import type { Verdict } from "../../validators/kernel/index";

/** The verdict of a rule; undefined where it has no subject. `declared` are the stack's blocks: `resource`, `data`, … */
export function verdictWithoutPlan(rule: string, declared: object): Verdict | undefined {
  const stack = { provider: { aws: [{ region: "eu-west-1" }] }, ...declared, "//": { metadata: { stackName: "s" } } };
  const { results } = checkContent(stack, "cdk.tf.json", { config: {}, today: "2026-06-01" });
  return results.find((one) => one.rule === rule)?.verdict;
}
