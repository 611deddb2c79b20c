/** Turns a report into JUnit XML, which CodeBuild report groups, GitLab and Bitbucket show as tests: a case a rule and subject. */
import XMLBuilder from "fast-xml-builder";
import type { Report, Result } from "../kernel/index";
import type { RenderOptions } from "./reporter";
import {
  counts,
  detailLines,
  isBlocking,
  noticeInWords,
  placeOf,
  subjectOf,
  verdictInWords,
  waiverInWords,
  worstFirst,
} from "./result-text";
import { block, cut, line, log } from "./sanitize";

/** CodeBuild takes this many cases of a report and no more: https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html */
const MOST_CASES = 500;

/** An element for the builder: `@name` is an attribute, `#text` the text, anything else child elements. */
interface Element {
  readonly [name: string]: string | Element | readonly Element[];
}

interface Case {
  /** The input that it is about, where there are several. */
  readonly input?: string;
  readonly outcome: "failure" | "skipped" | "passed";
  readonly element: Element;
}

function outcomeOf(result: Result, options: RenderOptions): Case["outcome"] {
  if (isBlocking(result, options)) return "failure";
  return result.verdict === "pass" ? "passed" : "skipped";
}

function toCase(result: Result, report: Report, options: RenderOptions): Case {
  const outcome = outcomeOf(result, options);
  const { file, line: number } = placeOf(result, report);
  const message = waiverInWords(result) ?? line(result.message);
  const text = block(detailLines(result).join("\n"));
  return {
    outcome,
    ...(result.input === undefined ? {} : { input: result.input }),
    element: {
      "@classname": result.rule,
      "@name": line(subjectOf(result)),
      "@file": file,
      ...(number === undefined ? {} : { "@line": String(number) }),
      "@time": "0",
      ...(outcome === "failure"
        ? { failure: { "@message": cut(message, 1000), "@type": result.verdict, "#text": text } }
        : outcome === "skipped"
          ? { skipped: { "@message": cut(message, 1000) } }
          : {}),
    },
  };
}

/** A case that stands for what is not a result of its own. */
const remark = (outcome: Case["outcome"], name: string, message: string): Case => ({
  outcome,
  element: {
    "@classname": "tollgate",
    "@name": name,
    "@time": "0",
    ...(outcome === "passed"
      ? {}
      : { [outcome]: { "@message": message, ...(outcome === "failure" ? { "@type": "fail" } : {}) } }),
  },
});

/** As many cases as fit, the worst first, and one that says what is missing. An empty report gets one that says so. */
function casesOf(report: Report, options: RenderOptions): Case[] {
  const cases = worstFirst(report.results).map((result) => toCase(result, report, options));
  if (cases.length === 0) return [remark("passed", "no bucket and no KMS key: nothing to judge", "")];
  if (cases.length <= MOST_CASES) return cases;
  const shown = cases.slice(0, MOST_CASES - 1);
  const left = cases.slice(MOST_CASES - 1);
  const failures = left.filter(({ outcome }) => outcome === "failure").length;
  const message = `${left.length} of ${cases.length} results are not shown, ${failures} of them failures: see the JSON report`;
  return [...shown, remark(failures > 0 ? "failure" : "skipped", "results that are not shown here", message)];
}

/** Counts of cases, and a name. No times: they would differ from run to run. */
function totalsOf(name: string, cases: readonly Case[]): Element {
  const count = (outcome: Case["outcome"]): string => String(cases.filter((one) => one.outcome === outcome).length);
  return {
    "@name": name,
    "@tests": String(cases.length),
    "@failures": count("failure"),
    "@errors": "0",
    "@skipped": count("skipped"),
    "@time": "0",
  };
}

const suite = (name: string, cases: readonly Case[]): Element => ({
  ...totalsOf(name, cases),
  testcase: cases.map(({ element }) => element),
});

/** One suite; of several inputs one each, in the report's order, and one for what is of none. */
function suitesOf(report: Report, cases: readonly Case[], notes: string): Element[] {
  const own = suite("tollgate", report.inputs ? cases.filter(({ input }) => input === undefined) : cases);
  const byInput = new Map<string, Case[]>();
  for (const one of cases) {
    if (one.input === undefined) continue;
    const before = byInput.get(one.input);
    if (before) before.push(one);
    else byInput.set(one.input, [one]);
  }
  return [
    ...(report.inputs ?? []).flatMap(({ path }) => {
      const cases = byInput.get(path);
      return cases ? [suite(line(path), cases)] : [];
    }),
    { ...own, "system-out": notes },
  ];
}

/** The document: suites with their cases. */
export function render(report: Report, options: RenderOptions = {}): string {
  const cases = casesOf(report, options);
  const notes = [
    `${line(report.input.path)}: ${verdictInWords(report, options)} (${counts(report)})`,
    ...report.notices.map((notice) => `note: ${noticeInWords(notice)}`),
  ].join("\n");
  const document: Element = {
    testsuites: { ...totalsOf("tollgate", cases), testsuite: suitesOf(report, cases, notes) },
  };
  const builder = new XMLBuilder({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    format: true,
    suppressEmptyNode: true,
    // Else a name that is just `true` loses its value, and XML its form.
    suppressBooleanAttributes: false,
  });
  return log(`<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(document)}`);
}
