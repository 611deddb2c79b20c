/** Turns a report into GitLab's Code Quality JSON, which a merge request shows beside its changes. */
import type { Report, Result, Severity } from "../kernel/index";
import type { RenderOptions } from "./reporter";
import { fingerprint, isBlocking, placeOf, subjectOf } from "./result-text";
import { cut, json, line } from "./sanitize";
import { inWords } from "./words";

/** One entry, as GitLab documents it: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
interface Entry {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: "info" | "minor" | "major" | "critical" | "blocker";
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

const SEVERITIES: Readonly<Record<Severity, Entry["severity"]>> = {
  critical: "blocker",
  high: "critical",
  medium: "major",
  low: "minor",
};

function toEntry(result: Result, report: Report, options: RenderOptions): Entry {
  const { file, line: number = 1 } = placeOf(result, report);
  const request = result.counterexample ? `: ${inWords(result.counterexample, result.rule)}` : "";
  const fix = result.remediation === undefined ? "" : ` – ${line(result.remediation)}`;
  return {
    description: cut(`${line(subjectOf(result))}: ${line(result.message)}${request}${fix}`, 2000),
    check_name: result.rule,
    fingerprint: fingerprint(result),
    severity: isBlocking(result, options) ? SEVERITIES[result.severity] : "info",
    location: { path: file, lines: { begin: Math.max(1, number) } },
  };
}

/** Fails and undecided; the format has no word for what is waived or passed. An empty list says that all is well. */
export function render(report: Report, options: RenderOptions = {}): string {
  const entries = report.results
    .filter(({ verdict }) => verdict === "fail" || verdict === "undecided")
    .map((result) => toEntry(result, report, options));
  return json(entries);
}
