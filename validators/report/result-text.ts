/** Turns results into the plain lines and orders that all formats share, so that they say the same thing everywhere. */
import { sha256Of } from "../cryptography";
import type { Counterexample, Gap, Notice, Report, Result, RuleInfo, Severity, Verdict } from "../kernel/index";
import { fixCode } from "./fix-code";
import type { RenderOptions } from "./reporter";
import { line } from "./sanitize";
import { inWords } from "./words";

/** Whether a result keeps the gate closed. */
export const isBlocking = (result: Result, options: RenderOptions = {}): boolean =>
  result.verdict === "fail" || (result.verdict === "undecided" && options.undecidedBlocks !== false);

/** Whether the whole report keeps the gate closed. */
export const isClosed = (report: Report, options: RenderOptions = {}): boolean =>
  report.verdict === "fail" || (report.verdict === "undecided" && options.undecidedBlocks !== false);

const VERDICT_ORDER: Readonly<Record<Verdict, number>> = { fail: 0, undecided: 1, waived: 2, pass: 3 };
const SEVERITY_ORDER: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2, low: 3 };

/** The results, what fails first, then by severity, else in the report's own order. */
export const worstFirst = (results: readonly Result[]): Result[] =>
  [...results].sort(
    (a, b) =>
      VERDICT_ORDER[a.verdict] - VERDICT_ORDER[b.verdict] || SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity],
  );

/** The rule that a result is about, as far as the caller told. */
export const ruleOf = (result: Result, rules: readonly RuleInfo[] = []): RuleInfo | undefined =>
  rules.find((rule) => rule.id === result.rule);

/** The address, which several inputs may share, behind the path of its input where there are several. */
export const subjectOf = ({ input, address }: { readonly input?: string; readonly address: string }): string =>
  input === undefined ? address : `${input}: ${address}`;

/** A notice with what it is about, on one line. */
export function noticeInWords({ message, address, input }: Notice): string {
  const about = [input, address].filter((one) => one !== undefined);
  return line([...about, message].join(": "));
}

/** What the verdict means for whoever waits at the gate. */
export function verdictInWords(report: Report, options: RenderOptions = {}): string {
  switch (report.verdict) {
    case "pass":
      return report.summary.waived > 0 ? "nothing to object to that is not waived" : "nothing to object to";
    case "fail":
      return "the gate stays closed";
    case "undecided":
      return isClosed(report, options)
        ? "the gate stays closed: nothing fails, but some values that decide a rule are not known"
        : "let through: nothing fails, though some values that decide a rule are not known";
  }
}

/** `2 fail, 1 undecided, 13 pass, 1 waived`; zeros are left out. */
export function counts({ summary }: Pick<Report, "summary">): string {
  const said = (["fail", "undecided", "pass", "waived"] as const)
    .filter((verdict) => summary[verdict] > 0)
    .map((verdict) => `${summary[verdict]} ${verdict}`);
  return said.length > 0 ? said.join(", ") : "nothing was judged";
}

/** What kind of thing was judged. */
export const kindInWords = (kind: Report["input"]["kind"]): string =>
  ({ plan: "plan", state: "state", synth: "synthesized JSON", source: "source", mixed: "several kinds" })[kind];

/**
 * The fix as code in the language of the source: TypeScript where a construct made it, else HCL. What confines callers is
 * no fix where none gets in.
 */
export function snippetOf(result: Result, rules: readonly RuleInfo[] = []): string | undefined {
  const { snippets } = ruleOf(result, rules) ?? {};
  if (!snippets || result.verdict !== "fail") return undefined;
  if (snippets.onlyFor === "callers" && typeof result.counterexample?.principal !== "string") return undefined;
  if (result.source?.construct !== undefined) return snippets.typescript;
  return fixCode(snippets.hcl, result.address);
}

/** A place in a file of the user: the source where it is known, else the input that was judged. */
export interface Place {
  /** Relative, `/` between folders, no `./` in front. */
  readonly file: string;
  /** Absent where only the file is known. */
  readonly line?: number;
  readonly isSource: boolean;
}

/** Where a result is shown. */
export function placeOf(result: Result, report: Report): Place {
  const { source } = result;
  if (!source) return { file: tidy(result.input ?? report.input.path), isSource: false };
  return { file: tidy(source.file), ...(source.line === undefined ? {} : { line: source.line }), isSource: true };
}

/** The judged input as a relative path or name; of several, how many. */
export const inputFile = ({ input }: Pick<Report, "input">): string => tidy(input.path);

/** `-` is standard input, which has no name. */
const tidy = (path: string): string =>
  path === "-"
    ? "standard-input"
    : line(path)
        .replaceAll("\\", "/")
        .replace(/^(?:\.\/+)+/, "");

/** `stacks/site.ts:42 (site/logs/bucket)`; `undefined` where the source can't be told. */
export function sourceInWords({ source }: Result): string | undefined {
  if (!source) return undefined;
  const place = source.line === undefined ? source.file : `${source.file}:${source.line}`;
  return line(source.construct === undefined ? place : `${place} (${source.construct})`);
}

/**
 * Stays the same when lines move, messages change and other results come and go: it is of rule and subject alone, and
 * where there are several inputs of the input's path.
 */
export const fingerprint = ({ rule, address, input }: Result): string =>
  sha256Of([rule, address, ...(input === undefined ? [] : [input])].join("\u0000"));

/** The request as AWS would see it: principal, action, resource, and the context key by key. */
export function requestLines({ principal, action, resource, context }: Counterexample): [string, string][] {
  return [
    ["principal", typeof principal === "string" ? line(principal) : `service ${line(principal.service)}`],
    ["action", line(action)],
    ["resource", line(resource)],
    ...Object.entries(context).map(([key, value]): [string, string] => [
      line(key),
      line(typeof value === "string" ? value : value.join(", ")),
    ]),
  ];
}

/** `` `aws_s3_bucket_policy.p.policy` (computed-at-apply): `${…}` ``, for who sanitizes it: there may be as many as results. */
export const gapAsIs = ({ value, because, expression }: Gap): string =>
  `\`${value}\` (${because})${expression === undefined ? "" : `: \`${expression}\``}`;

/** The same on one line, sanitized. */
export const gapInWords = (gap: Gap): string => line(gapAsIs(gap));

/** Who waived it, until when, why. */
export function waiverInWords({ waiver }: Result): string | undefined {
  if (!waiver) return undefined;
  return line(`waived by ${waiver.owner} until ${waiver.expires} (${waiver.verdict}): ${waiver.reason}`);
}

/** Everything that is known of a result, as plain lines for formats without markup. */
export function detailLines(result: Result): string[] {
  const source = sourceInWords(result);
  const waiver = waiverInWords(result);
  return [
    line(result.message),
    ...(result.input === undefined ? [] : [`input: ${line(result.input)}`]),
    `address: ${line(result.address)}`,
    ...(source === undefined ? [] : [`source: ${source}`]),
    ...(waiver === undefined ? [] : [waiver]),
    ...(result.counterexample
      ? [
          `gets through: ${inWords(result.counterexample, result.rule)}`,
          ...requestLines(result.counterexample).map(([name, value]) => `  ${name}: ${value}`),
        ]
      : []),
    ...(result.trace ?? []).map((reason) => `- ${line(reason)}`),
    ...result.undecided.map((gap) => `not known before apply: ${gapInWords(gap)}`),
    ...(result.remediation === undefined ? [] : [`fix: ${line(result.remediation)}`]),
    ...(result.related.length > 0 ? [`see also: ${result.related.map(line).join(", ")}`] : []),
    `controls: ${result.controls.join(", ")}`,
  ];
}
