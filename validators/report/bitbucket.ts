/** Turns a report into Bitbucket Code Insights: one report and its annotations in batches, ready to be sent as they are. */
import type { Report, Result } from "../kernel/index";
import type { RenderOptions } from "./reporter";
import {
  counts,
  detailLines,
  fingerprint,
  isBlocking,
  isClosed,
  noticeInWords,
  placeOf,
  ruleOf,
  subjectOf,
  verdictInWords,
  worstFirst,
} from "./result-text";
import { cut, json, line } from "./sanitize";
import { inWords } from "./words";

/** Limits of the API: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-reports/ */
const MOST_ANNOTATIONS = 1000;
const BATCH = 100;
const TITLE = 450;
const DETAILS = 2000;

type Outcome = "PASSED" | "FAILED" | "SKIPPED" | "IGNORED";

interface Annotation {
  readonly external_id: string;
  readonly title: string;
  readonly annotation_type: "VULNERABILITY";
  readonly summary: string;
  readonly details: string;
  readonly result: Outcome;
  readonly severity: "LOW" | "MEDIUM" | "HIGH" | "CRITICAL";
  readonly path?: string;
  readonly line?: number;
}

const SEVERITIES = { low: "LOW", medium: "MEDIUM", high: "HIGH", critical: "CRITICAL" } as const;

function outcomeOf(result: Result, options: RenderOptions): Outcome {
  if (isBlocking(result, options)) return "FAILED";
  return result.verdict === "waived" ? "IGNORED" : "SKIPPED";
}

function toAnnotation(result: Result, report: Report, options: RenderOptions): Annotation {
  const place = placeOf(result, report);
  const words = result.counterexample ? inWords(result.counterexample, result.rule) : line(result.message);
  return {
    external_id: `tollgate-${fingerprint(result)}`,
    title: cut(ruleOf(result, options.rules)?.title ?? result.rule, TITLE),
    annotation_type: "VULNERABILITY",
    summary: cut(`${result.rule} at ${line(subjectOf(result))}: ${words}`, TITLE),
    details: cut(detailLines(result).join("\n"), DETAILS),
    result: outcomeOf(result, options),
    severity: SEVERITIES[result.severity],
    ...(place.isSource ? { path: place.file } : {}),
    ...(place.isSource && place.line !== undefined ? { line: place.line } : {}),
  };
}

const inBatches = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / BATCH) }, (_, index) =>
    items.slice(index * BATCH, (index + 1) * BATCH),
  );

/**
 * `{ report, annotations }`: `report` is the body of the PUT of the report, each list in `annotations` the body of one
 * POST (100 at most, 1000 in all, the worst first).
 */
export function render(report: Report, options: RenderOptions = {}): string {
  const shown = worstFirst(report.results).filter(({ verdict }) => verdict !== "pass");
  const left = shown.length - MOST_ANNOTATIONS;
  const details = [
    `${verdictInWords(report, options)} (${counts(report)}).`,
    `judged: ${line(report.input.path)}, ${report.input.resources} resources`,
    ...(left > 0 ? [`${left} more results than Bitbucket takes are not shown here`] : []),
    ...report.notices.map((notice) => `note: ${noticeInWords(notice)}`),
  ].join("\n");
  const body = {
    title: "Tollgate",
    details: cut(details, DETAILS),
    report_type: "SECURITY",
    reporter: `${report.tool.name} ${report.tool.version}`,
    result: isClosed(report, options) ? "FAILED" : "PASSED",
    data: (["fail", "undecided", "pass", "waived"] as const).map((verdict) => ({
      title: verdict,
      type: "NUMBER",
      value: report.summary[verdict],
    })),
  };
  const annotations = inBatches(shown.slice(0, MOST_ANNOTATIONS).map((one) => toAnnotation(one, report, options)));
  return json({ report: body, annotations });
}
