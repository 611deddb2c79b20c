/** What a rule is, and how judgements are put together without ever losing an `undecided`. */
import type { Allowance } from "../iam/index";
import type { Finding, Gap, Judgement, RuleInfo } from "../kernel/index";
import type { Attached, Bucket, Companion, Key, ResourceGraph } from "../model/graph";

/** A rule's option, from `tollgate.json`. */
export interface RuleOptions {
  /** Of `s3-encrypted-puts-only`: a put without an encryption header is fine when the bucket's declared default is KMS. */
  readonly allowMissingHeader: boolean;
}

/** What a rule may look at besides its subject. */
export interface RuleContext {
  readonly graph: ResourceGraph;
  readonly options: RuleOptions;
  /** What questions about policies may still cost; without one, as much as they like. */
  readonly allowance?: Allowance;
}

/** What a rule gives a verdict on; `kind` tells which it is, `address` is that of the result. */
export type Subject = Bucket | Key;

/** One example: a small Terraform configuration and what the rule must say of it. */
export interface Example {
  readonly says: "fail" | "pass" | "undecided";
  /** Address of the subject that the verdict is about. */
  readonly at: string;
  /** HCL, complete but for the provider. */
  readonly hcl: string;
}

/** One rule. Its file's name is its id; help page, `explain`, SARIF metadata and the README's table come from it. */
export interface Rule extends RuleInfo {
  readonly examples: readonly Example[];
  /** Whom it judges. */
  subjects(graph: ResourceGraph): readonly Subject[];
  /** Never throws for anything that a plan can hold; a throw is a broken rule (status 2). */
  judge(subject: Subject, context: RuleContext): Judgement;
}

/** A rule over every bucket. */
export function bucketRule(
  rule: Omit<Rule, "subjects" | "judge"> & { judge(bucket: Bucket, context: RuleContext): Judgement },
): Rule {
  return {
    ...rule,
    subjects: (graph) => graph.buckets,
    judge: (subject, context) => {
      if (subject.kind !== "bucket") throw new TypeError(`${rule.id} judges buckets, not ${subject.address}`);
      return rule.judge(subject, context);
    },
  };
}

/** The rules that this very copy of Tollgate made: one of another copy doesn't know this one's unknown values. */
const defined = new WeakSet<Rule>();

/** Whether something is a rule that {@link defineRule} made. */
export const isDefined = (value: unknown): value is Rule =>
  typeof value === "object" && value !== null && defined.has(value as Rule);

/**
 * A rule of your own, checked in form: it must have what every rule has, so that reports can say why it fires.
 * @throws TypeError where its id isn't lower-case words joined by `-`, or a text is missing.
 */
export function defineRule(rule: Rule): Rule {
  if (!/^[a-z0-9]+(-[a-z0-9]+)+$/.test(rule.id))
    throw new TypeError(`expected a rule id such as \`team-bucket-tags\`, found \`${rule.id}\``);
  for (const name of ["title", "why", "fix"] as const)
    if (rule[name].trim() === "") throw new TypeError(`rule \`${rule.id}\`: expected a ${name}`);
  defined.add(rule);
  return rule;
}

/** A `pass` with what it stands on. */
export const pass = (
  evidence: string,
  more: { trace?: readonly string[]; related?: readonly string[] } = {},
): Judgement => ({
  verdict: "pass",
  evidence,
  ...more,
});

/** A `fail` with one finding. */
export const fail = (finding: Finding): Judgement => ({ verdict: "fail", findings: [finding] });

/** An `undecided` with the values that decide it. */
export const undecided = (message: string, gaps: readonly Gap[], related: readonly string[] = []): Judgement => ({
  verdict: "undecided",
  message,
  gaps,
  related,
});

/** Every judgement must hold: a fail fails the whole (all findings are kept), else a gap leaves it undecided. */
export function every(judgements: readonly Judgement[]): Judgement {
  const [only, another] = judgements;
  if (only?.verdict === "pass" && another === undefined)
    return pass(only.evidence, { trace: unique(only.trace ?? NONE), related: unique(only.related ?? NONE) });
  const fails = judgements.filter((one) => one.verdict === "fail");
  const [first, ...rest] = fails.flatMap((one) => one.findings);
  if (first) return { verdict: "fail", findings: [first, ...rest] };
  const open = judgements.filter((one) => one.verdict === "undecided");
  if (open.length > 0) {
    return undecided(
      unique(open.map((one) => one.message)).join("; "),
      open.flatMap((one) => one.gaps),
      unique(open.flatMap((one) => one.related ?? [])),
    );
  }
  const passes = judgements.filter((one) => one.verdict === "pass");
  return pass(unique(passes.map((one) => one.evidence).filter((words) => words !== "")).join("; "), {
    trace: unique(passes.flatMap((one) => one.trace ?? [])),
    related: unique(passes.flatMap((one) => one.related ?? [])),
  });
}

/** One of these is true and nobody can tell which: they agree, or it stays undecided because of `gaps`. */
export function eitherOf(
  judgements: readonly [Judgement, ...Judgement[]],
  message: string,
  gaps: readonly Gap[],
): Judgement {
  const verdicts = new Set(judgements.map((one) => one.verdict));
  if (verdicts.size === 1 && !verdicts.has("undecided")) return judgements[0];
  const inner = judgements.flatMap((one) => (one.verdict === "undecided" ? one.gaps : []));
  return undecided(message, [...gaps, ...inner]);
}

/**
 * Judges a subject by its companions of one kind: each linked one must do, since nobody knows which wins; without one
 * the subject is judged bare, unless companions that can't be linked may be the missing one.
 */
export function byCompanion<T>(
  attached: Attached<T>,
  kind: string,
  judgeOne: (companion: Companion<T> | undefined) => Judgement,
): Judgement {
  if (attached.linked.length > 0) return every(attached.linked.map(judgeOne));
  const bare = judgeOne(undefined);
  if (attached.unlinked.length === 0) return bare;
  const [readBackIn, ...others] = new Set(attached.unlinked.map((one) => one.readBackIn));
  if (readBackIn !== undefined && others.length === 0)
    return eitherOf(
      [bare, ...attached.unlinked.map(judgeOne)],
      `the ${readBackIn} shows ${/^[aeiou]/i.test(kind) ? "an" : "a"} ${kind} that no resource in it declares`,
      attached.unlinked.map((one) => one.gap),
    );
  return eitherOf(
    [bare, ...attached.unlinked.map(judgeOne)],
    `${kind} ${attached.unlinked.map((one) => `\`${one.address}\``).join(", ")} may belong to it or to another ${kind.startsWith("key") ? "key" : "bucket"}`,
    attached.unlinked.map((one) => one.gap),
  );
}

const NONE: readonly never[] = [];

const unique = <T>(items: readonly T[]): readonly T[] => (items.length < 2 ? items : [...new Set(items)]);
