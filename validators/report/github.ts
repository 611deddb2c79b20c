/** Turns a report into GitHub workflow commands: each annotates a line of the pull request's files. */
import type { Report, Result } from "../kernel/index";
import type { RenderOptions } from "./reporter";
import {
  counts,
  detailLines,
  isBlocking,
  isClosed,
  noticeInWords,
  placeOf,
  sourceInWords,
  subjectOf,
  verdictInWords,
  waiverInWords,
  worstFirst,
} from "./result-text";
import { cut, line, log } from "./sanitize";

type Level = "error" | "warning" | "notice";

/** GitHub cuts an annotation's message at 64 KB; nobody reads that much. */
const LONGEST = 4000;

/**
 * A value after `::`; what GitHub decodes again. `##[…]` inside would be taken for a command by other agents.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
const data = (text: string): string => log(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

/** A value between `name=` and `,`. */
const property = (text: string): string => data(line(text)).replaceAll(":", "%3A").replaceAll(",", "%2C");

function command(level: Level, properties: readonly (readonly [string, string])[], message: string): string {
  const named = properties.map(([name, value]) => `${name}=${property(value)}`).join(",");
  return `::${level}${named === "" ? "" : ` ${named}`}::${data(cut(message, LONGEST))}`;
}

function levelOf(result: Result, options: RenderOptions): Level | undefined {
  if (isBlocking(result, options)) return "error";
  if (result.verdict === "undecided") return "warning";
  return result.verdict === "waived" ? "notice" : undefined;
}

function annotation(result: Result, report: Report, options: RenderOptions): string[] {
  const level = levelOf(result, options);
  if (level === undefined) return [];
  const place = placeOf(result, report);
  // Without a source there is no line of the pull request to stand at: the annotation is the run's.
  const where: [string, string][] = place.isSource
    ? [["file", place.file], ...(place.line === undefined ? [] : [["line", String(place.line)] as [string, string]])]
    : [];
  return [command(level, [...where, ["title", `${result.rule}: ${result.verdict}`]], messageOf(result))];
}

function messageOf(result: Result): string {
  if (result.verdict === "waived") return `${line(subjectOf(result))}: ${waiverInWords(result) ?? ""}`;
  const source = sourceInWords(result);
  const [message = "", ...more] = detailLines(result);
  const said = [`source: ${source}`, `input: ${line(result.input ?? "")}`, `address: ${line(result.address)}`];
  return [`${line(subjectOf(result))}: ${message}`, ...more.filter((one) => !said.includes(one))].join("\n");
}

/** The worst first: GitHub shows ten errors, ten warnings and ten notices of a step. Ends with a line for the log. */
export function render(report: Report, options: RenderOptions = {}): string {
  const level: Level = isClosed(report, options) ? "error" : "notice";
  const summary = `${verdictInWords(report, options)} (${counts(report)})`;
  return `${[
    ...worstFirst(report.results).flatMap((result) => annotation(result, report, options)),
    ...report.notices.map((notice) => command("notice", [["title", "tollgate"]], noticeInWords(notice))),
    ...(level === "error" ? [] : [command(level, [["title", "tollgate"]], summary)]),
    log(`tollgate: ${line(report.input.path)}: ${summary}`),
  ].join("\n")}\n`;
}
