/** Turns a waiver in the code of a CDKTF app into a note in its synthesized JSON, where the gate finds it. */
import type { Waiver } from "./judge/index";

/** As much of a construct as a waiver needs; CDKTF's and CDK Terrain's fit. */
export interface Waivable {
  readonly node: { findAll(): readonly unknown[] };
}

interface Element {
  readonly terraformResourceType: string;
  addOverride(path: string, value: unknown): void;
}

const isElement = (one: unknown): one is Element =>
  typeof one === "object" &&
  one !== null &&
  "terraformResourceType" in one &&
  "addOverride" in one &&
  typeof one.addOverride === "function";

/** Types that are subjects of rules. */
const SUBJECTS = /^aws_(s3_bucket|kms_(external_|replica_|replica_external_)?key)$/;
const noted = new WeakMap<object, Omit<Waiver, "address">[]>();

/**
 * Waives one rule for a bucket or key, or for every one inside a construct: `waive(bucket, { rule, reason, owner,
 * expires })`. It stands in the synthesized JSON beside the resource, is held to the same form as one in
 * `tollgate.json`, and shows in every report.
 * @throws TypeError where nothing inside the construct is a subject of a rule.
 */
export function waive(construct: Waivable, waiver: Omit<Waiver, "address">): void {
  const elements = construct.node.findAll().filter(isElement);
  const subjects = elements.filter((element) => SUBJECTS.test(element.terraformResourceType));
  if (subjects.length === 0) throw new TypeError("expected a bucket or a KMS key to waive a rule for, found none");
  for (const element of subjects) {
    const waivers = [...(noted.get(element) ?? []), waiver];
    noted.set(element, waivers);
    element.addOverride("//.tollgate", { waivers });
  }
}
