/** Turns a resource graph and rules into a report: every rule on every subject, waivers applied, nothing lost. */
import { Allowance } from "../iam/index";
import {
  type Gap,
  type InputSummary,
  type Judgement,
  mentionsStandIn,
  type Notice,
  type Report,
  type Result,
  StandInFails,
  type Verdict,
} from "../kernel/index";
import type { ResourceGraph, UnreadModule } from "../model/graph";
import type { Rule, RuleOptions, Subject } from "../rules/index";
import type { Config } from "./config";
import { redactor } from "./redact";
import { ofEach } from "./stand-ins";
import { applyWaivers, type GivenWaiver, remarksOnWaivers } from "./waivers";

/** A rule that throws: a fault of the rule, so the work could not be done (status 2). Never a pass. */
export class BrokenRuleError extends Error {
  override name = "BrokenRuleError";
  constructor(rule: string, address: string, cause: unknown) {
    super(`rule \`${rule}\` broke on \`${address}\`: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

/** What a court needs besides the graph. */
export interface CourtOptions {
  readonly version: string;
  readonly config: Config;
  /** Waivers from elsewhere than the configuration: the code's own, a baseline. */
  readonly waivers?: readonly GivenWaiver[];
  /** The day on which it judges, `YYYY-MM-DD`. */
  readonly today: string;
  /** Remarks of whoever read the input. */
  readonly notices?: readonly Notice[];
  /** Called at every step; may throw to end the work. */
  onStep?(): void;
  /** Remarks about a subject that no rule makes. */
  remarksOn?(subject: Subject, allowance: Allowance): readonly string[];
}

/** One of several inputs, judged: all but what can be said of the configuration's waivers over all inputs only. */
export interface Hearing {
  readonly report: Report;
  /** How many results each waiver of the configuration covers, by its index. */
  readonly uses: readonly number[];
}

/** Judges a graph. The same graph and options give the same report, in the same order. */
export function judge(
  graph: ResourceGraph,
  rules: readonly Rule[],
  input: InputSummary,
  options: CourtOptions,
): Report {
  const { results, remarks, waivers, uses } = resultsOf(graph, rules, input, options);
  return reportOf(graph, input, results, [...remarks, ...remarksOnWaivers(waivers, uses, options.today)], options);
}

/** Judges the graph of one of several inputs. */
export function hear(
  graph: ResourceGraph,
  rules: readonly Rule[],
  input: InputSummary,
  options: CourtOptions,
): Hearing {
  const { results, remarks, waivers, uses } = resultsOf(graph, rules, input, options);
  const configured = options.config.waivers?.length ?? 0;
  const onWaivers = remarksOnWaivers(waivers.slice(configured), uses.slice(configured), options.today);
  const report = reportOf(graph, input, results, [...remarks, ...onWaivers], options);
  return { report, uses: uses.slice(0, configured) };
}

/** Every rule on every subject, waivers applied: the configuration's first; and remarks on each subject. */
function resultsOf(
  graph: ResourceGraph,
  rules: readonly Rule[],
  input: InputSummary,
  options: CourtOptions,
): { results: Result[]; remarks: readonly Notice[]; waivers: readonly GivenWaiver[]; uses: readonly number[] } {
  const { config, today } = options;
  const allowance = allowanceFor(graph);
  const remarks = new Remarks(graph, options, allowance.apart());
  const judged: Result[] = [];
  let before: Subject | undefined;
  for (const [subject, rule] of bySubject(rules, graph)) {
    options.onStep?.();
    if (before !== undefined && before !== subject) remarks.on(before);
    judged.push(toResult(rule, subject, judgeOne(rule, subject, graph, config, allowance), config));
    before = subject;
  }
  for (const module of graph.unread)
    for (const rule of rules) judged.push(toResult(rule, module, ofUnread(module), config));
  const waivers = [...(config.waivers ?? []), ...(options.waivers ?? [])];
  const { results, uses } = applyWaivers(ofEach(judged, graph, options.onStep), waivers, today, input.path);
  results.sort((a, b) => compare(a.address, b.address) || compare(a.rule, b.rule));
  const made = remarks.all();
  if (graph.standIns !== undefined && mentionsStandIn(made)) throw new StandInFails();
  return { results, remarks: made, waivers, uses };
}

function reportOf(
  graph: ResourceGraph,
  input: InputSummary,
  results: readonly Result[],
  remarks: readonly Notice[],
  options: CourtOptions,
): Report {
  const summary: Record<Verdict, number> = { pass: 0, fail: 0, undecided: 0, waived: 0 };
  results.forEach(({ verdict }) => {
    summary[verdict] += 1;
  });
  const report: Report = {
    schemaVersion: "1.0",
    tool: { name: "tollgate", version: options.version },
    verdict: verdictOf(summary),
    summary,
    input,
    results,
    notices: [
      ...(options.notices ?? []),
      ...(results.length === 0
        ? [{ message: "no bucket and no KMS key exists after apply: there was nothing to judge" }]
        : []),
      ...graph.notices,
      ...remarks,
    ],
  };
  return graph.secrets.size === 0 ? report : redacted(report, graph);
}

/** The verdict of the whole: the worst that there is. */
export const verdictOf = (summary: Report["summary"]): Report["verdict"] =>
  summary.fail > 0 ? "fail" : summary.undecided > 0 ? "undecided" : "pass";

/**
 * What is to be judged by what, in the order of the report: all questions about one policy follow each other, so that
 * what is known of it need not be looked for again.
 */
function bySubject(rules: readonly Rule[], graph: ResourceGraph): (readonly [Subject, Rule])[] {
  const pairs = rules.flatMap((rule) =>
    rule.subjects(graph).map((subject): readonly [Subject, Rule] => [subject, rule]),
  );
  return pairs.sort(([a, rule], [b, other]) => compare(a.address, b.address) || compare(rule.id, other.id));
}

/** What a module makes that nobody has read may break any rule: only a plan shows it. */
const ofUnread = ({ address, from }: UnreadModule): Judgement => ({
  verdict: "undecided",
  message: "the module's code was not read, so what it makes can't be judged before there is a plan",
  gaps: [{ value: address, because: "unread-module", expression: from }],
  remediation: "judge the output of `terraform plan`, which holds all that the module makes",
});

/** The same for every order in which resources stand in an input, as results are worked out in the report's own. */
const allowanceFor = ({ buckets, keys }: ResourceGraph): Allowance => new Allowance(buckets.length + keys.length);

function judgeOne(rule: Rule, subject: Subject, graph: ResourceGraph, config: Config, allowance: Allowance): Judgement {
  const options: RuleOptions = { allowMissingHeader: config.rules?.[rule.id]?.allowMissingHeader ?? false };
  try {
    return rule.judge(subject, { graph, options, allowance });
  } catch (cause) {
    if (cause instanceof StandInFails) throw cause;
    throw new BrokenRuleError(rule.id, subject.address, cause);
  }
}

const NONE: readonly never[] = [];

const helpPages = new Map<string, string>();

/** The help page of a rule: one text for all its results. */
function helpOf(rule: string): string {
  const known = helpPages.get(rule);
  if (known !== undefined) return known;
  const page = `help/${rule}.md`;
  helpPages.set(rule, page);
  return page;
}

/** An account of a provider, or of whoever plans, that only the user can tell. */
const OWN_ACCOUNT = /(?:^|\.)(?:provider|aws_caller_identity)\..*account_id$/;

/** A bucket's key that no resource of the plan is. */
const OUTSIDE_KEY = /'s key$/;

/** What the user can tell or change, so that it isn't left open. */
function remediationOf(gaps: readonly Gap[]): string | undefined {
  const isOpen = (what: RegExp): boolean => gaps.some(({ value }) => what.test(value));
  if (isOpen(OWN_ACCOUNT))
    return "say which account this is: with `--account`, or with `allowed_account_ids` of the provider";
  if (gaps.some(({ because }) => because === "variable-without-value"))
    return "judge the plan, which knows the values of variables, or give them in `terraform.tfvars`";
  if (isOpen(OUTSIDE_KEY)) return "declare the key beside the bucket, or waive this and say who sees to the key";
  return undefined;
}

function toResult(
  rule: Rule,
  subject: Pick<Subject, "address" | "source">,
  judgement: Judgement,
  config: Config,
): Result {
  const { address, source } = subject;
  const { id, controls } = rule;
  const severity = config.rules?.[id]?.severity ?? rule.severity;
  const help = helpOf(id);
  const shared = () => ({ rule: id, address, severity, controls, ...(source ? { source } : {}), help });
  switch (judgement.verdict) {
    case "pass": {
      // written out, since a large plan has a million of these, and a spread object takes ten times the room
      const { verdict, evidence: message, trace, related = NONE } = judgement;
      const undecided = NONE;
      if (trace === undefined || trace.length === 0)
        return source === undefined
          ? { rule: id, address, severity, controls, help, verdict, message, undecided, related }
          : { rule: id, address, severity, controls, source, help, verdict, message, undecided, related };
      return source === undefined
        ? { rule: id, address, severity, controls, help, verdict, message, undecided, trace, related }
        : { rule: id, address, severity, controls, source, help, verdict, message, undecided, trace, related };
    }
    case "undecided": {
      const { remediation = remediationOf(judgement.gaps) } = judgement;
      return {
        ...shared(),
        verdict: "undecided",
        message: judgement.message,
        undecided: distinct(judgement.gaps),
        ...(remediation === undefined ? {} : { remediation }),
        related: judgement.related ?? NONE,
      };
    }
    case "fail": {
      const { findings } = judgement;
      const shown = findings.find((finding) => finding.counterexample) ?? findings[0];
      return {
        ...shared(),
        verdict: "fail",
        message: distinct(findings.map((finding) => finding.message)).join("; "),
        ...(shown.counterexample ? { counterexample: shown.counterexample } : {}),
        undecided: NONE,
        ...(shown.trace && shown.trace.length > 0 ? { trace: shown.trace } : {}),
        ...(shown.statement === undefined ? {} : { statement: shown.statement }),
        ...(shown.remediation === undefined ? {} : { remediation: shown.remediation }),
        related: distinct(findings.flatMap((finding) => finding.related ?? NONE)),
      };
    }
  }
}

/**
 * Remarks on each subject, made while its policies are at hand from judging it. They have an allowance of their own: what
 * they cost takes no verdict away.
 */
class Remarks {
  readonly #on = new Map<Subject, readonly string[]>();

  constructor(
    private readonly graph: ResourceGraph,
    private readonly options: CourtOptions,
    private readonly allowance: Allowance,
  ) {}

  on(subject: Subject): void {
    if (!this.#on.has(subject)) this.#on.set(subject, this.options.remarksOn?.(subject, this.allowance) ?? NONE);
  }

  /** On all subjects, those that no rule judged included: buckets first, each kind by address. */
  all(): readonly Notice[] {
    return [this.graph.buckets, this.graph.keys].flatMap((subjects) =>
      [...subjects]
        .sort((a, b) => compare(a.address, b.address))
        .flatMap((subject) => {
          this.on(subject);
          return (this.#on.get(subject) ?? NONE).map((message) => ({ message, address: subject.address }));
        }),
    );
  }
}

/** Rule ids, addresses of this plan's subjects and the tool's own words are no secrets, even if one equals a secret. */
function redacted(report: Report, graph: ResourceGraph): Report {
  const keep = new Set(["tollgate", "pass", "fail", "undecided", "waived", "aws", "s3", "kms", "true", "false"]);
  const masked = redactor(graph.secrets, keep);
  return {
    ...report,
    results: report.results.map((result) => ({
      ...masked(result),
      rule: result.rule,
      severity: result.severity,
      verdict: result.verdict,
      controls: result.controls,
      help: result.help,
    })),
    notices: masked(report.notices),
  };
}

/** Code-unit order: the same in every locale. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Each once, by content, in order. */
const distinct = <T>(items: readonly T[]): readonly T[] =>
  items.length < 2 ? items : [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
