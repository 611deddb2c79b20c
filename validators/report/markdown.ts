/** Turns a report into Markdown for a pull request's comment: the verdict, what to do, then the details folded away. */
import type { Report, Result, Verdict } from "../kernel/index";
import { laidOut } from "./frame";
import type { RenderOptions } from "./reporter";
import {
  counts,
  gapInWords,
  inputFile,
  isBlocking,
  isClosed,
  requestLines,
  ruleOf,
  snippetOf,
  sourceInWords,
  subjectOf,
  verdictInWords,
  waiverInWords,
  worstFirst,
} from "./result-text";
import { block, cut, line, log } from "./sanitize";
import { inWords } from "./words";

/** Bitbucket takes 32,768 characters of a comment, GitHub 65,536, GitLab a million: this fits everywhere. */
const LIMIT = 32_768;
/** Room for what is said when something is left out, and for what closes the page. */
const RESERVE = 400;
/** One line of somebody's text. */
const LONGEST = 600;

/** The comment's first line: whoever posts it finds the old one by it and replaces it. */
const MARKER = "<!-- tollgate -->";

/** A code span around any text: its fence is longer than any run of backticks inside. */
function code(text: string): string {
  const content = cut(line(text), LONGEST);
  if (content.trim() === "") return "(empty)";
  const longest = Math.max(0, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = content.startsWith("`") || content.endsWith("`") ? " " : "";
  return `${fence}${pad}${content}${pad}${fence}`;
}

/** Lines of code that no fence inside can end, with an empty line after. */
function fenced(language: string, text: string): string[] {
  const content = block(cut(text, 2000));
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return [`${fence}${language}`, content, fence, ""];
}

/** What platforms make links or notifications of: mentions, references to issues, bare addresses. */
const TRIGGER = /[@＠]|#\d|:\/\/|www\.|GH-\d/i;

/**
 * Text that Markdown shows as it is: no markup, link, mention, reference or HTML of a stranger survives. A word that a
 * platform would make a link of becomes code: platforms look at the page as rendered, where no escape is left.
 */
const plain = (text: string): string =>
  text
    .split(/( +)/)
    .map((word) =>
      TRIGGER.test(word)
        ? code(word)
        : word
            .replace(/[\\`*_{}[\]()#+!|~$]/g, "\\$&")
            .replace(/&/g, "&amp;")
            .replace(/</g, "&lt;")
            .replace(/>/g, "&gt;"),
    )
    .join("");

/** A code span in a table, where a `|` would end the cell. */
const cell = (text: string): string => code(text).replaceAll("|", "\\|");

/** A message: what stands in backticks is code, the rest is plain. */
const prose = (message: string): string =>
  cut(line(message), LONGEST)
    .split(/(`[^`]+`)/)
    .map((part, index) => (index % 2 === 1 ? code(part.slice(1, -1)) : plain(part)))
    .join("");

const ICONS: Readonly<Record<Verdict, string>> = { fail: "❌", undecided: "❔", waived: "⚪", pass: "✅" };

const folded = (summary: string, body: string): string =>
  `<details>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`;

/** The text between `<summary>` tags is HTML, not Markdown. */
const html = (text: string): string =>
  cut(line(text), LONGEST).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

function head(report: Report, options: RenderOptions): string {
  const icon = isClosed(report, options) ? ICONS[report.verdict] : ICONS.pass;
  const terraform = report.input.terraformVersion ? `, Terraform ${plain(line(report.input.terraformVersion))}` : "";
  return [
    MARKER,
    `## ${icon} Tollgate: ${verdictInWords(report, options)}`,
    "",
    `${counts(report)} in ${report.inputs ? inputFile(report) : code(inputFile(report))} (${report.input.resources} resources${terraform})`,
  ].join("\n");
}

/** Of several inputs a line each, the worst first. */
const inputsOf = ({ inputs = [] }: Report): string[] =>
  (["fail", "undecided", "pass"] as const).flatMap((verdict) =>
    inputs
      .filter((input) => input.verdict === verdict)
      .map((input) => `- ${ICONS[verdict]} ${code(inputFile({ input }))}: ${counts(input)}`),
  );

/** A result's address, and its input's path where there are several. */
const subject = ({ input, address }: Result): string =>
  input === undefined ? code(address) : `${code(address)} in ${code(input)}`;

/** One line to do, for one result. */
function task(result: Result): string {
  const source = sourceInWords(result);
  const where = source === undefined ? "" : ` (${code(source)})`;
  const what = result.remediation ?? result.message;
  return `- **${plain(result.rule)}** at ${subject(result)}${where}: ${prose(what)}`;
}

function request(result: Result): string[] {
  const { counterexample, rule } = result;
  if (!counterexample) return [];
  return [
    `**Gets through:** ${prose(inWords(counterexample, rule))}`,
    "",
    "| | |",
    "|---|---|",
    ...requestLines(counterexample).map(([name, value]) => `| ${cell(name)} | ${cell(value)} |`),
    "",
  ];
}

/** Everything about one result that blocks, folded under one line. */
function finding(result: Result, options: RenderOptions): string {
  const rule = ruleOf(result, options.rules);
  const snippet = snippetOf(result, options.rules);
  const page =
    options.helpBase === undefined
      ? `\`tollgate explain ${plain(result.rule)}\``
      : `[help](${options.helpBase}help/${encodeURIComponent(result.rule)}.md)`;
  const body = [
    `${ICONS[result.verdict]} ${prose(result.message)}`,
    "",
    ...request(result),
    ...(result.trace ?? []).slice(0, 10).map((reason) => `- ${prose(reason)}`),
    ...(result.statement === undefined ? [] : ["", ...fenced("json", laidOut(result.statement, 100))]),
    ...result.undecided.slice(0, 10).map((gap) => `- not known before apply: ${prose(gapInWords(gap))}`),
    "",
    ...(result.remediation === undefined ? [] : [`**Fix:** ${prose(result.remediation)}`, ""]),
    ...(snippet === undefined ? [] : fenced(result.source?.construct === undefined ? "hcl" : "ts", snippet)),
    `${rule ? `${plain(rule.title)}. ` : ""}Severity ${result.severity}; ${result.controls.map(plain).join(", ")}; ${page}`,
  ];
  return folded(
    `${ICONS[result.verdict]} <b>${html(result.rule)}</b> <code>${html(subjectOf(result))}</code>`,
    body.join("\n").replace(/\n{3,}/g, "\n\n"),
  );
}

const quiet = (result: Result): string =>
  `- ${ICONS[result.verdict]} ${plain(result.rule)} at ${subject(result)}: ${prose(waiverInWords(result) ?? result.message)}`;

/** As many whole items as fit in `room`, and how many don't. */
function fitting(items: readonly string[], room: number, separator: string): { shown: string[]; left: number } {
  const shown: string[] = [];
  let used = 0;
  for (const item of items) {
    used += item.length + separator.length;
    if (used > room) break;
    shown.push(item);
  }
  return { shown, left: items.length - shown.length };
}

/** A part of the page: whole items only, and a count of those that didn't fit. Nothing at all without items. */
function part(items: readonly string[], room: number, separator: string, enclose: (body: string) => string): string {
  if (items.length === 0) return "";
  const { shown, left } = fitting(items, room - enclose("").length, separator);
  if (left > 0)
    shown.push(`${shown.length > 0 ? "… and " : ""}${left} more that would not fit here: see the JSON report`);
  return enclose(shown.join(separator));
}

/**
 * The page, `options.limit` characters at most. What fails comes first; where room is short, passes go before notices,
 * those before details, those before tasks.
 */
export function render(report: Report, options: RenderOptions = {}): string {
  const limit = options.limit ?? LIMIT;
  const results = worstFirst(report.results);
  const blocking = results.filter((result) => isBlocking(result, options));
  const told = results.filter((result) => result.verdict === "undecided" && !isBlocking(result, options));
  const parts: string[] = [head(report, options)];
  const room = () => limit - RESERVE - parts.reduce((sum, one) => sum + one.length + 2, 0);
  const add = (text: string) => {
    if (text !== "") parts.push(text);
  };
  // Half of the page at most for tasks, so that the first findings are always told in full.
  add(part(blocking.map(task), Math.min(room(), limit / 2), "\n", (body) => `### What to do\n\n${body}`));
  add(
    part(
      [...blocking, ...told].map((one) => finding(one, options)),
      room(),
      "\n\n",
      (body) => `### Details\n\n${body}`,
    ),
  );
  add(part(inputsOf(report), room(), "\n", (body) => `### Inputs\n\n${body}`));
  const notices = report.notices.map(
    ({ message, address, input }) =>
      `- ${[input, address].flatMap((one) => (one === undefined ? [] : [`${code(one)}: `])).join("")}${prose(message)}`,
  );
  add(part(notices, room(), "\n", (body) => `### Notices\n\n${body}`));
  for (const [verdict, title] of [
    ["waived", "Waived"],
    ["pass", "Passed"],
  ] as const) {
    const items = results.filter((one) => one.verdict === verdict).map(quiet);
    add(part(items, room(), "\n", (body) => folded(`${title} (${items.length})`, body)));
  }
  // The file may be printed into a CI log on its way.
  return log(`${parts.join("\n\n")}\n`);
}
