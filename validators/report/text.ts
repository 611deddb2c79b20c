/** Turns a report into what a person reads in a terminal: what was judged, what blocks and why, what to do. */
import type { Counterexample, JudgedInput, Report, Result, RuleInfo } from "../kernel/index";
import { paint as inColour, inWords, jsonFrame, type Style, wrap } from "./frame";
import type { RenderOptions } from "./reporter";
import { counts, gapAsIs, kindInWords, noticeInWords, snippetOf, verdictInWords, waiverInWords } from "./result-text";
import { log, line as sanitize } from "./sanitize";

type Layout = { readonly width: number; readonly colour: boolean; readonly rules: readonly RuleInfo[] };
const MARKS = { pass: "✓", fail: "✗", undecided: "?", waived: "~" } as const;
const STYLES: Readonly<Record<Result["verdict"], Style>> = {
  pass: "green",
  fail: "red",
  undecided: "yellow",
  waived: "cyan",
};
/** Lines of a statement-by-statement explanation that are shown; the JSON report has them all. */
const MOST_TRACE = 5;

/** The whole report as text, with a final newline. */
export const render = (report: Report, options?: RenderOptions): string => [...pieces(report, options)].join("");

/** Characters of a piece, or a few more. */
const PIECE = 1 << 17;

/** The same text piece by piece, of whole lines each: that of a large plan is never held as one. */
export function* pieces(report: Report, options?: RenderOptions): Generator<string> {
  let lines: string[] = [];
  let length = 0;
  const written = (): string => `${log(lines.join("\n"))}\n`;
  for (const some of linesOf(report, options)) {
    for (let i = 0; i < some.length; i++) {
      const line = (some[i] ?? "").trimEnd();
      lines.push(line);
      length += line.length;
    }
    if (length < PIECE) continue;
    yield written();
    lines = [];
    length = 0;
  }
  if (lines.length > 0) yield written();
}

function* linesOf(
  report: Report,
  { width = 80, colour = false, undecidedBlocks = true, rules = [] }: RenderOptions = {},
): Generator<readonly string[]> {
  const paint: Paint = (style, words) => inColour(style, words, colour);
  const options = { width, colour, rules };
  yield [headline(report), ""];
  const blocking = report.results.filter(({ verdict }) => verdict === "fail" || verdict === "undecided");
  for (const verdict of ["fail", "undecided"] as const)
    for (const result of blocking)
      if (result.verdict === verdict) {
        yield block(result, options, paint);
        yield [""];
      }
  if (report.inputs) yield overview(report.inputs, paint);
  else yield* passes(report, options, paint);
  for (const notice of report.notices) yield hanging("note: ", noticeInWords(notice), options.width);
  if (report.notices.length > 0) yield [""];
  yield verdictLines(report, { undecidedBlocks }, paint);
}

function headline({ tool, input }: Report): string {
  const terraform = input.terraformVersion ? `, Terraform ${input.terraformVersion}` : "";
  return sanitize(
    `${tool.name} ${tool.version}: ${input.path === "-" ? "standard input" : input.path} (${kindInWords(input.kind)}${terraform}, ${count(input.resources, "resource")})`,
  );
}

type Paint = (style: Style, words: string) => string;

/** A result that blocks: what, the request that gets through, why nothing stopped it, what to do. */
function block(result: Result, { width, colour, rules }: Layout, paint: Paint): string[] {
  const snippet = snippetOf(result, rules);
  const style = STYLES[result.verdict];
  const input = result.input === undefined ? [] : [`  in ${sanitize(result.input)}`];
  const where = result.source ? `${result.source.file}${result.source.line ? `:${result.source.line}` : ""}` : "";
  const construct = result.source?.construct ? ` (${result.source.construct})` : "";
  return [
    `${paint(style, `${MARKS[result.verdict]} ${result.verdict.toUpperCase()}`)}  ${paint("bold", result.rule)}  ${sanitize(result.address)}`,
    ...input,
    ...(where ? [`  at ${sanitize(where + construct)}`] : []),
    ...hanging("  ", result.message, width),
    ...(result.counterexample ? request(result.counterexample, result.rule, width) : []),
    ...(result.trace ?? []).slice(0, MOST_TRACE).flatMap((line) => hanging("    - ", line, width)),
    ...result.undecided.slice(0, MOST_TRACE).flatMap((gap) => hanging("    - ", gapAsIs(gap), width)),
    ...(result.statement === undefined ? [] : indented(jsonFrame(result.statement, width - 6, colour), 6)),
    ...more(Math.max(result.trace?.length ?? 0, result.undecided.length) - MOST_TRACE),
    ...(result.remediation ? hanging("  fix: ", result.remediation, width) : []),
    ...(snippet === undefined ? [] : indented(paint("cyan", snippet))),
    `  why and how: tollgate explain ${result.rule}`,
  ];
}

const indented = (lines: string, by = 4): string[] => lines.split("\n").map((one) => `${" ".repeat(by)}${one}`);

const more = (left: number): string[] => (left > 0 ? [`    - and ${left} more`] : []);

function request(counterexample: Counterexample, rule: string, width: number): string[] {
  const { principal, action, resource, context } = counterexample;
  const who = typeof principal === "string" ? (principal === "*" ? "anyone" : principal) : principal.service;
  const conditions = Object.entries(context).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : `[${value.join(", ")}]`}`,
  );
  return [
    ...hanging("  gets through: ", inWords(counterexample, rule), width),
    ...hanging(
      "    ",
      `${who} ${action} ${resource}${conditions.length > 0 ? ` with ${conditions.join(", ")}` : ""}`,
      width,
    ),
  ];
}

/** Lines that are handed over together, or a few more. */
const MANY = 500;

/** What passed and what is waived, subject by subject, a line each. Thousands of subjects say the same: it is wrapped once. */
function* passes({ results }: Report, { width }: Layout, paint: Paint): Generator<readonly string[]> {
  let lines: string[] = [];
  let before: readonly Result[] = [];
  let said = "";
  for (let from = 0, to = 0; from < results.length; from = to) {
    const address = results[from]?.address ?? "";
    while (results[to]?.address === address) to++;
    if (to - from !== before.length || !saysTheSame(results, from, before)) {
      before = results.slice(from, to);
      const own = before.filter(({ verdict }) => verdict === "pass" || verdict === "waived");
      said = own.map((result) => settled(result, width, paint)).join("\n");
    }
    if (said === "") continue;
    lines.push(sanitize(address), said, "");
    if (lines.length < MANY) continue;
    yield lines;
    lines = [];
  }
  yield lines;
}

/** Whether results from one on say the same as others do, of another subject. */
function saysTheSame(results: readonly Result[], from: number, others: readonly Result[]): boolean {
  for (let i = 0; i < others.length; i++) {
    const one = results[from + i];
    const other = others[i];
    if (one?.rule !== other?.rule || one?.verdict !== other?.verdict) return false;
    if (one?.message !== other?.message || one?.waiver !== other?.waiver) return false;
  }
  return true;
}

/** What passed or is waived, on its lines. */
function settled(result: Result, width: number, paint: Paint): string {
  const { rule, verdict, message } = result;
  const why = waiverInWords(result) ?? message;
  const [first = "", ...rest] = hanging(`  ${MARKS[verdict]} ${rule.padEnd(24)} `, why, width);
  const lines = [first.replace(MARKS[verdict], paint(STYLES[verdict], MARKS[verdict])), ...rest];
  return lines.map((line) => line.trimEnd()).join("\n");
}

/** Several inputs, a line each: what passed in all of them would scroll away what matters. */
function overview(inputs: readonly JudgedInput[], paint: Paint): string[] {
  const lines = inputs.map((input) => {
    const mark = paint(STYLES[input.verdict], MARKS[input.verdict]);
    return `${mark} ${sanitize(input.path)} (${count(input.resources, "resource")}): ${counts(input)}`;
  });
  return [...lines, ""];
}

/** The last line, `1 fail, 13 pass`, is for programs as well. */
function verdictLines(report: Report, options: RenderOptions, paint: Paint): string[] {
  const { verdict } = report;
  return [
    `${paint("bold", paint(STYLES[verdict], verdict.toUpperCase()))}: ${verdictInWords(report, options)}`,
    counts(report),
  ];
}

/** Lines that were wrapped last, by label: several rules say the same of a subject, and one rule the same of many. */
const hung = new Map<string, { readonly width: number; readonly lines: Map<string, readonly string[]> }>();
const MOST_HUNG = 64;

/** Text after a label, wrapped, with the further lines set in under it. */
function hanging(label: string, words: string, width: number): readonly string[] {
  let known = hung.get(label);
  if (known?.width !== width || known.lines.size > MOST_HUNG) {
    if (hung.size > MOST_HUNG) hung.clear();
    known = { width, lines: new Map() };
    hung.set(label, known);
  }
  let lines = known.lines.get(words);
  if (lines === undefined) {
    lines = wrap(sanitize(words), width, " ".repeat(label.length), label).split("\n");
    known.lines.set(words, lines);
  }
  return lines;
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
