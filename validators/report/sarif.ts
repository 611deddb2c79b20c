/** Turns a report into SARIF 2.1.0, which code scanning services and editors read. */
import type { Invocation, Location, Log, LogicalLocation, ReportingDescriptor, Result as SarifResult } from "sarif";
import type { Report, Result, RuleInfo, Severity } from "../kernel/index";
import type { RenderOptions } from "./reporter";
import {
  detailLines,
  fingerprint,
  inputFile,
  isClosed,
  noticeInWords,
  placeOf,
  requestLines,
  sourceInWords,
  subjectOf,
  verdictInWords,
  worstFirst,
} from "./result-text";
import { block, json, line } from "./sanitize";
import { inWords } from "./words";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** GitHub sorts alerts by these numbers: over 9 critical, 7 to 8.9 high, 4 to 6.9 medium, below low. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "3.0",
};

/** `s3-tls-only` as `S3TlsOnly`: SARIF wants a name that isn't the id. */
const pascal = (id: string): string =>
  id
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");

const sentence = (text: string): string => {
  const words = line(text);
  return words === "" ? "No text." : `${words.charAt(0).toUpperCase()}${words.slice(1).replace(/[.!?]$/, "")}.`;
};

function elsewhere({ elsewhere: { checkov, trivy, awsConfig, securityHub } }: RuleInfo): string[] {
  const named: [string, readonly string[]][] = [
    ["Checkov", checkov],
    ["Trivy", trivy],
    ["AWS Config", awsConfig],
    ["Security Hub", securityHub],
  ];
  return named.filter(([, ids]) => ids.length > 0).map(([tool, ids]) => `${tool} ${ids.join(", ")}`);
}

function helpOf(rule: RuleInfo): { text: string; markdown: string } {
  const same = elsewhere(rule);
  const parts: [string, string][] = [
    ["Why", sentence(rule.why)],
    ["Fix", sentence(rule.fix)],
    ...(rule.blindSpots.length > 0
      ? [["Blind spots", rule.blindSpots.map(sentence).join(" ")] as [string, string]]
      : []),
    ["Controls", rule.controls.join(", ")],
    ...(same.length > 0 ? [["Elsewhere", same.join("; ")] as [string, string]] : []),
  ];
  return {
    text: parts.map(([name, text]) => `${name}: ${text}`).join("\n"),
    markdown: parts.map(([name, text]) => `**${name}:** ${text}`).join("\n\n"),
  };
}

function toDescriptor(rule: RuleInfo, { helpBase }: RenderOptions): ReportingDescriptor {
  return {
    id: rule.id,
    name: pascal(rule.id),
    shortDescription: { text: sentence(rule.title) },
    fullDescription: { text: sentence(rule.why) },
    help: helpOf(rule),
    ...(helpBase === undefined ? {} : { helpUri: `${helpBase}help/${rule.id}.md` }),
    defaultConfiguration: { level: "error" },
    properties: {
      tags: ["security", ...rule.controls],
      precision: "very-high",
      "problem.severity": "error",
      "security-severity": SECURITY_SEVERITY[rule.severity],
    },
  };
}

/** A rule of which nothing is known but what its results say. */
const unknownRule = ({ rule, severity, controls }: Result): RuleInfo => ({
  id: rule,
  title: rule,
  severity,
  controls,
  why: "no description was given",
  fix: "see the rule's page",
  blindSpots: [],
  elsewhere: { checkov: [], trivy: [], awsConfig: [], securityHub: [] },
});

/** A path as a URI reference, relative where the path is; SARIF wants `/` and escapes. */
const uriOf = (path: string): string => {
  if (path.startsWith("s3://")) return `s3://${uriOf(path.slice("s3://".length))}`;
  const escaped = path.split("/").map(encodeURIComponent).join("/");
  return path.startsWith("/") ? `file://${escaped}` : escaped === "" ? "unnamed" : escaped;
};

/** GitHub takes no result without a physical location: where the source isn't known it is the plan itself. */
function locationOf(result: Result, report: Report): Location {
  const place = placeOf(result, report);
  const logical: LogicalLocation[] = [
    { fullyQualifiedName: line(subjectOf(result)), kind: "resource" },
    ...(result.source?.construct === undefined
      ? []
      : [{ fullyQualifiedName: line(result.source.construct), kind: "object" }]),
  ];
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(place.file) },
      region: { startLine: Math.max(1, place.line ?? 1) },
    },
    logicalLocations: logical,
  };
}

function messageOf(result: Result): { text: string; markdown: string } {
  const source = sourceInWords(result);
  const lines = detailLines(result).filter((one) => one !== `source: ${source}`);
  const text = block(`${line(subjectOf(result))}: ${lines.join("\n")}`);
  return { text, markdown: lines.map((one) => escapeMarkdown(one)).join("  \n") };
}

/** Everything that Markdown or HTML would obey, but the backticks that mark user text. */
const escapeMarkdown = (text: string): string =>
  text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/([\\*_[\]#|~!])/g, "\\$1");

/**
 * `open` is SARIF's own word for what can't be decided on what is known. No level then: the specification gives it
 * `none`, and services that don't know kinds take the rule's.
 */
function kindOf(result: Result): Pick<SarifResult, "kind" | "level"> {
  const verdict = result.waiver?.verdict ?? result.verdict;
  return verdict === "undecided" ? { kind: "open" } : { kind: "fail", level: "error" };
}

function toResult(result: Result, report: Report, ruleIndex: number): SarifResult {
  return {
    ruleId: result.rule,
    ruleIndex,
    ...kindOf(result),
    message: messageOf(result),
    locations: [locationOf(result, report)],
    ...(result.related.length === 0
      ? {}
      : {
          relatedLocations: result.related.map((address, index) => ({
            id: index + 1,
            logicalLocations: [{ fullyQualifiedName: line(subjectOf({ ...result, address })), kind: "resource" }],
            message: { text: line(address) === "" ? "related" : line(address) },
          })),
        }),
    partialFingerprints: { "tollgateRuleAndSubject/v1": fingerprint(result) },
    ...(result.waiver
      ? {
          suppressions: [
            {
              kind: "external",
              status: "accepted",
              justification: line(`${result.waiver.reason} (${result.waiver.owner}, until ${result.waiver.expires})`),
            },
          ],
        }
      : {}),
    properties: {
      ...(result.input === undefined ? {} : { input: line(result.input) }),
      address: line(result.address),
      verdict: result.verdict,
      severity: result.severity,
      controls: [...result.controls],
      ...(result.counterexample
        ? {
            request: inWords(result.counterexample, result.rule),
            counterexample: requestLines(result.counterexample).map(([name, value]) => `${name}: ${value}`),
          }
        : {}),
    },
  };
}

function invocationOf(report: Report, options: RenderOptions): Invocation {
  return {
    executionSuccessful: true,
    exitCode: report.verdict === "fail" ? 1 : isClosed(report, options) ? 3 : 0,
    exitCodeDescription: verdictInWords(report, options),
    ...(report.notices.length === 0
      ? {}
      : {
          toolExecutionNotifications: report.notices.map((notice) => ({
            level: "note",
            message: { text: noticeInWords(notice) },
          })),
        }),
  };
}

/**
 * Results are what fails, what is undecided and what is waived (with its suppression). Passes are listed in the run's
 * properties: GitHub takes every result for an alert, whatever its `kind`.
 */
export function render(report: Report, options: RenderOptions = {}): string {
  const rules = new Map((options.rules ?? []).map((rule) => [rule.id, rule]));
  for (const result of report.results) if (!rules.has(result.rule)) rules.set(result.rule, unknownRule(result));
  const indexes = new Map([...rules.keys()].map((id, index) => [id, index]));
  const log: Log = {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Tollgate",
            version: report.tool.version,
            semanticVersion: report.tool.version,
            ...(options.helpBase === undefined ? {} : { informationUri: options.helpBase }),
            rules: [...rules.values()].map((rule) => toDescriptor(rule, options)),
          },
        },
        columnKind: "utf16CodeUnits",
        invocations: [invocationOf(report, options)],
        artifacts: artifactsOf(report),
        results: worstFirst(report.results)
          .filter(({ verdict }) => verdict !== "pass")
          .map((result) => toResult(result, report, indexes.get(result.rule) ?? 0)),
        properties: {
          verdict: report.verdict,
          summary: report.summary,
          passed: report.results
            .filter(({ verdict }) => verdict === "pass")
            .map((result) => `${result.rule} ${line(subjectOf(result))}`),
        },
      },
    ],
  };
  return json(log);
}

/** The judged inputs with their hashes, and every source file that a result names. */
function artifactsOf(report: Report) {
  const inputs = (report.inputs ?? [report.input]).map((input) => ({ uri: uriOf(inputFile({ input })), ...input }));
  const judged = new Set(inputs.map(({ uri }) => uri));
  const shown = report.results
    .filter(({ verdict }) => verdict !== "pass")
    .map((one) => uriOf(placeOf(one, report).file));
  return [
    ...inputs.map(({ uri, sha256 }) => ({
      location: { uri },
      roles: ["analysisTarget" as const],
      hashes: { "sha-256": sha256 },
    })),
    ...[...new Set(shown)].filter((uri) => !judged.has(uri)).map((uri) => ({ location: { uri } })),
  ];
}
