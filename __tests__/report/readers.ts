/**
 * Turns a rendered report into whether its reader takes it as it was meant: each format is read back by a parser that is
 * not Tollgate's, and none holds anything that a terminal, page or CI log obeys.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DOMParser } from "@xmldom/xmldom";
import Ajv, { type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import MarkdownIt from "markdown-it";
import { type DefaultTreeAdapterMap, parse } from "parse5";
import type { Report } from "../../validators/kernel/index";
import type { FormatName } from "../../validators/report/index";

/** What a terminal obeys, what hides text or turns it around, halves of characters; not tabs and newlines. */
const OBEYED =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]|\p{Surrogate}/u;
/** What CI systems take for a command: GitHub at the start of a line, Azure and TeamCity anywhere in it. */
const COMMAND = /^[^\S\n]*::|##[a-z]{0,16}\[/im;

/** Nothing in a text is obeyed by what shows it. */
export function expectPlain(text: string): void {
  const at = text.search(OBEYED);
  expect(at < 0 ? "" : JSON.stringify(text.slice(Math.max(0, at - 60), at + 20))).toBe("");
}

/** No line of a text is a command. */
export function expectNoCommand(text: string): void {
  const at = text.search(COMMAND);
  expect(at < 0 ? "" : JSON.stringify(text.slice(Math.max(0, at - 60), at + 60))).toBe("");
}

/** An element of a page. */
export type Element = DefaultTreeAdapterMap["element"];

/** Every element of a page, in document order, as browsers parse it. */
export function elementsOf(page: string): Element[] {
  const found: Element[] = [];
  const visit = (node: DefaultTreeAdapterMap["node"]): void => {
    if ("tagName" in node) found.push(node);
    if ("childNodes" in node) node.childNodes.forEach(visit);
  };
  visit(parse(page));
  return found;
}

/** The value of an element's attribute. */
export const attribute = (element: Element, name: string): string | undefined =>
  element.attrs.find((one) => one.name === name)?.value;

/** The text in an element. */
export const textOf = (element: Element): string =>
  element.childNodes.map((node) => ("value" in node ? node.value : "tagName" in node ? textOf(node) : "")).join("");

/** What the page and its picture are made of; nothing else, whatever a plan holds. */
const ELEMENTS = new Set(
  (
    "html head meta title style script body main header section article h1 h2 h3 h4 p ul li dl dt dd pre code kbd a " +
    "span div details summary fieldset legend label input table thead tbody tr th td figure figcaption " +
    "svg g path polygon polyline ellipse text"
  ).split(" "),
);

function expectPage(page: string, report: Report): void {
  const elements = elementsOf(page);
  expect(elements.filter(({ tagName }) => !ELEMENTS.has(tagName))).toEqual([]);
  for (const { name, value } of elements.flatMap(({ attrs }) => attrs)) {
    if (/^(on|src|style$)/.test(name)) throw new Error(`an attribute ${name}`);
    if (name === "href" && !/^#finding/.test(value)) throw new Error(`a link to ${value}`);
  }
  expect(elements.filter((one) => one.tagName === "script")).toHaveLength(1);
  expect(elements.filter((one) => attribute(one, "data-verdict") !== undefined)).toHaveLength(report.results.length);
}

/** The document as a strict XML parser reads it. */
export function documentOf(xml: string) {
  return new DOMParser({
    onError: (level, message) => {
      throw new Error(`${level}: ${message}`);
    },
  }).parseFromString(xml, "text/xml");
}

function expectJUnit(xml: string, report: Report): void {
  const cases = [...documentOf(xml).getElementsByTagName("testcase")];
  expect(cases).toHaveLength(Math.max(1, report.results.length));
  for (const one of cases) expect(one.getElementsByTagName("*").length).toBeLessThanOrEqual(1);
}

/** As the platforms read comments: HTML passes, bare addresses become links. */
const reader = new MarkdownIt({ html: true, linkify: true });
const TAGS = new Set("pre h2 h3 p ul li strong b code details summary table thead tbody tr th td".split(" "));

/** The page that a comment becomes. */
export const commentOf = (markdown: string): string => reader.render(markdown);

function expectComment(markdown: string): void {
  const page = commentOf(markdown);
  for (const [, tag] of page.matchAll(/<([a-z][a-z0-9]*)\b[^>]*>/gi)) expect(TAGS).toContain(tag);
  // Closed as opened: the folded parts are balanced, which a strict parser sees.
  const folds = (page.match(/<details>/g) ?? []).length;
  expect(page.match(/<\/details>/g) ?? []).toHaveLength(folds);
  expect(page.match(/<summary>/g) ?? []).toHaveLength(folds);
  expect(page.replace(/<code[^>]*>.*?<\/code>/gs, "")).not.toMatch(/@(?=\w)/);
  for (const line of markdown.split("\n")) expect(line).not.toMatch(/^\s*\/[a-z]/i);
  documentOf(`<page>${page.replace("<!-- tollgate -->", "")}</page>`);
}

/** What GitHub's runner makes of a line: https://github.com/actions/toolkit, command.ts, read backwards. */
const ANNOTATION = /^::(error|warning|notice)(?: ((?:file|line|title)=[^,:]*(?:,(?:file|line|title)=[^,:]*)*))?::(.*)$/;

function expectAnnotations(text: string, report: Report): void {
  const lines = text.split("\n");
  expect(lines.pop()).toBe("");
  expect(lines.pop()).toMatch(/^tollgate: /);
  for (const line of lines) expect(line).toMatch(ANNOTATION);
  const shown = report.results.filter((one) => one.verdict !== "pass").length + report.notices.length;
  expect(lines).toHaveLength(report.verdict === "pass" ? shown + 1 : shown);
  expectNoCommand(lines.map((line) => line.replace(/^::/, "")).join("\n"));
}

/** Where the official schema of SARIF is, with Microsoft's validator; that is there for common platforms. */
export function sarifFolder(): string | undefined {
  const found = { linux: "linux", win32: "win32", darwin: "darwin" }[process.platform as string];
  try {
    return dirname(require.resolve(`@microsoft/sarif-multitool-${found}/package.json`));
  } catch {
    return undefined;
  }
}

let sarif: ValidateFunction | undefined;

/** SARIF against the official schema; where that is missing, a log with runs. */
export function isSarif(): ValidateFunction {
  if (sarif !== undefined) return sarif;
  const file = join(sarifFolder() ?? "", "sarif-2.1.0.json");
  const schema = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { type: "object", required: ["runs"] };
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  sarif = ajv.compile({ ...schema, $schema: undefined, id: undefined });
  return sarif;
}

/** https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
export const isCodeQuality = new Ajv({ allErrors: true }).compile({
  type: "array",
  items: {
    type: "object",
    required: ["description", "check_name", "fingerprint", "severity", "location"],
    properties: {
      description: { type: "string", minLength: 1 },
      check_name: { type: "string", minLength: 1 },
      fingerprint: { type: "string", pattern: "^[0-9a-f]{64}$" },
      severity: { enum: ["info", "minor", "major", "critical", "blocker"] },
      location: {
        type: "object",
        required: ["path", "lines"],
        properties: {
          path: { type: "string", not: { pattern: "^\\./" } },
          lines: { type: "object", required: ["begin"], properties: { begin: { type: "integer", minimum: 1 } } },
        },
      },
    },
  },
});

const text = (maxLength: number) => ({ type: "string", minLength: 1, maxLength });
/** https://developer.atlassian.com/cloud/bitbucket/rest/api-group-reports/ */
export const isInsights = new Ajv({ allErrors: true }).compile({
  type: "object",
  additionalProperties: false,
  required: ["report", "annotations"],
  properties: {
    report: {
      type: "object",
      additionalProperties: false,
      required: ["title", "details", "report_type", "result"],
      properties: {
        title: text(450),
        details: text(2000),
        report_type: { enum: ["SECURITY", "COVERAGE", "TEST", "BUG"] },
        reporter: text(450),
        result: { enum: ["PASSED", "FAILED", "PENDING"] },
        data: {
          type: "array",
          maxItems: 10,
          items: {
            type: "object",
            required: ["title", "type", "value"],
            properties: { title: text(450), type: { const: "NUMBER" }, value: { type: "integer" } },
          },
        },
      },
    },
    annotations: {
      type: "array",
      maxItems: 10,
      items: {
        type: "array",
        minItems: 1,
        maxItems: 100,
        items: {
          type: "object",
          additionalProperties: false,
          required: ["external_id", "annotation_type", "summary"],
          properties: {
            external_id: text(450),
            title: text(450),
            annotation_type: { enum: ["VULNERABILITY", "CODE_SMELL", "BUG"] },
            summary: text(450),
            details: text(2000),
            result: { enum: ["PASSED", "FAILED", "SKIPPED", "IGNORED"] },
            severity: { enum: ["CRITICAL", "HIGH", "MEDIUM", "LOW"] },
            path: { type: "string" },
            line: { type: "integer", minimum: 1 },
          },
        },
      },
    },
  },
});

function expectForm(is: ValidateFunction, json: string): void {
  is(JSON.parse(json));
  expect(is.errors ?? []).toEqual([]);
}

/** Texts of a report as its own format may write them: line breaks stay, halves of characters can't be written. */
const READERS: Readonly<Record<FormatName, (rendered: string, report: Report) => void>> = {
  text: expectNoCommand,
  json: (rendered, report) => expect(JSON.parse(rendered)).toEqual(JSON.parse(JSON.stringify(report))),
  sarif: (rendered) => expectForm(isSarif(), rendered),
  junit: expectJUnit,
  markdown: expectComment,
  html: expectPage,
  github: expectAnnotations,
  gitlab: (rendered) => expectForm(isCodeQuality, rendered),
  bitbucket: (rendered) => expectForm(isInsights, rendered),
};

/** Holds a rendered report to what its reader, and whoever shows it, makes of it. */
export function expectHarmless(format: FormatName, rendered: string, report: Report): void {
  expectPlain(rendered);
  if (format !== "github") expectNoCommand(rendered);
  READERS[format](rendered, report);
}
