/** Turns what `iam/` answers about a policy into a judgement; a sensitive policy is judged but never quoted. */
import { type BucketWorld, type Decision, isFinal, type PolicyReading, remembered, SPENT } from "../iam/index";
import {
  type Counterexample,
  isStandInText,
  isText,
  type Judgement,
  partsOf,
  type Sym,
  show,
  type Text,
  type Unknown,
} from "../kernel/index";
import type { Bucket, Companion, Key, ResourceGraph } from "../model/graph";
import { fail, pass, type RuleContext, undecided } from "./rule";
import { isSame } from "./values";

/** A companion that holds a policy. */
export type PolicyCompanion = Companion<string | Text | Unknown | null>;

/** The world that a policy of this bucket or key stands in. */
export function worldOf(
  subject: Bucket | Key,
  policy: PolicyCompanion | undefined,
  { graph }: Pick<RuleContext, "graph">,
): BucketWorld {
  const { timestamp, principalIds } = graph;
  const mentioned = idsIn(policy?.content, principalIds);
  const ownBuckets = ownBucketsIn(policy?.content, subject, graph);
  return {
    arn: subject.arn,
    account: subject.home.account,
    partition: subject.home.partition,
    region: subject.home.region,
    policyName: policy ? `${policy.address}.policy` : `${subject.address}.policy`,
    ...(timestamp === undefined ? {} : { timestamp }),
    ...(mentioned.size === 0 ? {} : { principalIds: mentioned }),
    ...(ownBuckets.length === 0 ? {} : { ownBuckets }),
  };
}

/** Buckets by their names, as `show` writes them, of each graph that was asked about. */
const bucketsByName = new WeakMap<ResourceGraph, ReadonlyMap<string, readonly Bucket[]>>();

function bucketsOf(graph: ResourceGraph): ReadonlyMap<string, readonly Bucket[]> {
  const known = bucketsByName.get(graph);
  if (known) return known;
  const found = new Map<string, Bucket[]>();
  for (const bucket of graph.buckets) {
    const name = show(bucket.name);
    const before = found.get(name);
    if (before) before.push(bucket);
    else found.set(name, [bucket]);
  }
  bucketsByName.set(graph, found);
  return found;
}

/**
 * The ARNs of other buckets, of the subject's own account, that a policy binds services to: a bucket's ARN tells no
 * account, but there can't be another bucket of that name.
 */
function ownBucketsIn(
  content: PolicyCompanion["content"] | undefined,
  subject: Bucket | Key,
  graph: ResourceGraph,
): readonly (string | Text)[] {
  const isMentioned = (part: string | Sym): boolean => typeof part === "string" && /aws:sourcearn/i.test(part);
  if (!isText(content) || !partsOf(content).some(isMentioned)) return [];
  const names = new Set([...show(content).matchAll(/:s3:::([^"\\*?/]+)["/]/g)].map(([, name = ""]) => name));
  const buckets = bucketsOf(graph);
  return [...names]
    .flatMap((name) => buckets.get(name) ?? [])
    .filter((bucket) => bucket !== subject && isSame(bucket.home.account, subject.home.account) === "yes")
    .map(({ arn }) => arn);
}

/** The principals that a policy's text names by their unique ids. */
function idsIn(
  content: PolicyCompanion["content"] | undefined,
  ids: ResourceGraph["principalIds"],
): ResourceGraph["principalIds"] {
  if (ids.size === 0 || !isText(content)) return NO_IDS;
  const literals = partsOf(content).filter((part) => typeof part === "string");
  const naming = literals.filter((part) => /A(ROA|IDA)/.test(part));
  return naming.length === 0 ? NO_IDS : new Map([...ids].filter(([id]) => naming.some((part) => part.includes(id))));
}

const NO_IDS: ResourceGraph["principalIds"] = new Map();

/** The answer to a question about a policy; `asked` names the question and its options. Policies that are alike are asked once. */
export function decisionOn(
  asked: string,
  subject: Bucket | Key,
  policy: PolicyCompanion | undefined,
  context: RuleContext,
  question: (reading: PolicyReading, world: BucketWorld) => Decision,
): Decision {
  const service = subject.kind === "key" ? "kms" : "s3";
  const { allowance } = context;
  if (allowance?.isSpent && isText(policy?.content)) return SPENT;
  const world = worldOf(subject, policy, context);
  return remembered(asked, policy?.content ?? null, service, world, question, isFinal, allowance);
}

/** An ARN that isn't known yet is shown as people write it: `${aws_s3_bucket.b.arn}/key`, not by its invented parts. */
function byReference(counterexample: Counterexample, { arn, address }: Bucket | Key): Counterexample {
  const shown = show(arn);
  const { resource } = counterexample;
  if (typeof arn === "string" || isStandInText(arn) || !resource.startsWith(shown)) return counterexample;
  return { ...counterexample, resource: `\${${address}.arn}${resource.slice(shown.length)}` };
}

/** The judgement that a decision is; `question` names the policy's shortcoming where nothing of it may be quoted. */
export function judgementOf(
  decision: Decision,
  subject: Bucket | Key,
  policy: PolicyCompanion | undefined,
  question: string,
  fix: string,
): Judgement {
  const related = policy ? [policy.address] : [];
  const isSecret = policy?.sensitive === true;
  switch (decision.answer) {
    case "none":
      return isSecret
        ? pass("the policy does it (it is marked sensitive, so nothing of it is shown)", { related })
        : pass(decision.coverage[0] ?? "no request gets through", { related, trace: decision.coverage });
    case "found":
      return isSecret
        ? fail({
            message: `${question} (the policy is marked sensitive, so the request is not shown)`,
            remediation: fix,
            related,
          })
        : fail({
            message: decision.message,
            counterexample: byReference(decision.counterexample, subject),
            trace: decision.trace,
            ...statementIn(policy?.content, decision.statement),
            remediation: decision.remediation ?? fix,
            related,
          });
    case "refused":
      return fail({
        message: isSecret
          ? "the policy is not one that AWS would take (it is marked sensitive, so nothing of it is shown)"
          : `the policy is not one that can be judged: ${decision.problems.join("; ")}`,
        remediation: "correct the policy",
        related,
      });
    case "undecided":
      return undecided(
        isSecret ? `whether ${question} can't be told before apply` : decision.message,
        decision.gaps,
        related,
      );
  }
}

/** The statement of a number; nothing where the policy isn't at hand as text. */
function statementIn(
  content: PolicyCompanion["content"] | undefined,
  number: number | undefined,
): { statement?: object } {
  if (number === undefined || !isText(content)) return {};
  try {
    const { Statement: statements }: { Statement?: unknown } = JSON.parse(show(content));
    const statement: unknown = [statements].flat()[number - 1];
    return typeof statement === "object" && statement !== null ? { statement } : {};
  } catch {
    // Symbols outside quotes: the sentences must do.
    return {};
  }
}
