/** Turns a report into one page that needs nothing else: it works offline, by keyboard, in the dark and on paper. */
import { createHash } from "node:crypto";
import type { Report, Result, Verdict } from "../kernel/index";
import { laidOut } from "./frame";
import { type Picture, pictureOf } from "./page/links";
import { Markup, markup, type Piece, prose } from "./page/markup";
import { drawingOf } from "./page/picture";
import { SCRIPT, STYLE } from "./page/style";
import type { RenderOptions } from "./reporter";
import {
  counts,
  gapInWords,
  inputFile,
  isBlocking,
  isClosed,
  kindInWords,
  requestLines,
  ruleOf,
  snippetOf,
  sourceInWords,
  subjectOf,
  verdictInWords,
  waiverInWords,
  worstFirst,
} from "./result-text";
import { line, log } from "./sanitize";
import { inWords } from "./words";

/** Only this page's own style and script run; nothing is loaded, sent or framed. */
const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const POLICY = `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}; base-uri 'none'; form-action 'none'`;

/** A sign beside the colour, for those who don't see it. */
const SIGNS: Readonly<Record<Verdict, string>> = { fail: "✗", undecided: "?", waived: "~", pass: "✓" };

const badge = (verdict: Verdict): Markup => markup`<span class="badge ${verdict}">${SIGNS[verdict]} ${verdict}</span>`;

const list = (title: string, items: readonly Piece[]): Markup | undefined =>
  items.length === 0 ? undefined : markup`<h4>${title}</h4><ul>${items.map((item) => markup`<li>${item}</li>`)}</ul>`;

function banner(report: Report, options: RenderOptions): Markup {
  const verdict = isClosed(report, options) ? report.verdict : "pass";
  return markup`<header class="banner ${verdict}"><h1>Tollgate: ${verdictInWords(report, options)}</h1>
<p>${badge(report.verdict)} ${counts(report)}</p></header>`;
}

function facts({ input, inputs, tool }: Report, file: string): Markup {
  const rows: [string, string | number | undefined][] = [
    ["judged", file],
    ["kind", kindInWords(input.kind)],
    ["SHA-256", inputs ? undefined : input.sha256],
    ["Terraform", input.terraformVersion],
    ["resources", input.resources],
    ["judged by", `${tool.name} ${tool.version}`],
  ];
  const shown = rows.filter(([, value]) => value !== undefined);
  return markup`<dl class="facts">${shown.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

/** Several inputs: each with its verdict. Nothing for one, of which the facts say all. */
function inputsTable({ inputs }: Report): Markup | undefined {
  if (!inputs) return undefined;
  return markup`
<section aria-labelledby="inputs"><h2 id="inputs">Inputs (${inputs.length})</h2><table class="passes"><thead><tr><th scope="col">input</th><th scope="col">verdict</th><th scope="col">results</th><th scope="col">resources</th><th scope="col">SHA-256</th></tr></thead><tbody>
${inputs.map(
  (input) =>
    markup`<tr><td><code>${line(inputFile({ input }))}</code></td><td>${badge(input.verdict)}</td><td>${counts(input)}</td><td>${input.resources}</td><td><code>${input.sha256.slice(0, 12)}</code></td></tr>
`,
)}</tbody></table></section>`;
}

function request({ counterexample, rule }: Result): Markup | undefined {
  if (!counterexample) return undefined;
  return markup`<h4>The request that gets through</h4><div class="request"><p>${prose(inWords(counterexample, rule))}</p>
<table>${requestLines(counterexample).map(
    ([name, value]) => markup`<tr><th scope="row">${name}</th><td><code>${value}</code></td></tr>`,
  )}</table></div>`;
}

function about(result: Result, options: RenderOptions): Markup {
  const rule = ruleOf(result, options.rules);
  const { helpBase } = options;
  const page =
    helpBase === undefined
      ? markup`<code>tollgate explain ${result.rule}</code>`
      : markup`<a href="${helpBase}help/${encodeURIComponent(result.rule)}.md">help</a>`;
  return markup`<p class="about">${rule ? markup`${prose(rule.why)}. ` : undefined}Severity ${result.severity}. ${result.controls.join(", ")}. ${page}</p>`;
}

/** One result that is told in full. */
function article(result: Result, id: string, options: RenderOptions): Markup {
  const rule = ruleOf(result, options.rules);
  const source = sourceInWords(result);
  const waiver = waiverInWords(result);
  const snippet = snippetOf(result, options.rules);
  return markup`<article id="${id}" class="${result.verdict}" data-verdict="${result.verdict}" tabindex="-1" aria-labelledby="${id}-title">
<header>${badge(result.verdict)} <h3 id="${id}-title">${rule?.title ?? result.rule}</h3> <code>${result.rule}</code></header>
<p class="place"><code>${line(result.address)}</code>${result.input === undefined ? undefined : markup` in <code>${line(result.input)}</code>`}${source === undefined ? undefined : markup` at <code>${source}</code>`}</p>
<p>${prose(line(result.message))}</p>
${waiver === undefined ? undefined : markup`<p>${prose(waiver)}</p>`}
${request(result)}
${list(
  "Why nothing stopped it",
  (result.trace ?? []).map((reason) => prose(line(reason))),
)}
${result.statement === undefined ? undefined : markup`<h4>The statement at fault</h4><pre tabindex="0"><code>${laidOut(result.statement, 100)}</code></pre>`}
${list(
  "Not known before apply",
  result.undecided.map((gap) => prose(gapInWords(gap))),
)}
${result.remediation === undefined ? undefined : markup`<h4>Fix</h4><p>${prose(line(result.remediation))}</p>`}
${snippet === undefined ? undefined : markup`<pre tabindex="0"><code>${snippet}</code></pre>`}
${list(
  "See also",
  result.related
    .filter((address) => address !== result.address)
    .map((address) => markup`<code>${line(address)}</code>`),
)}
${about(result, options)}</article>
`;
}

function tools(results: readonly Result[]): Markup {
  const verdicts = (["fail", "undecided", "waived", "pass"] as const).filter((verdict) =>
    results.some((result) => result.verdict === verdict),
  );
  const boxes = verdicts.map(
    (verdict) => markup`<label><input type="checkbox" value="${verdict}" checked> ${verdict}</label>`,
  );
  return markup`<div class="tools" role="search" hidden><label>Search <input type="search" id="search" aria-keyshortcuts="/" aria-describedby="keys" autocomplete="off"></label>
<fieldset><legend>Show</legend>${boxes}</fieldset><span id="shown" role="status"></span>
<span id="keys" class="about"><kbd>/</kbd> searches, <kbd>j</kbd> and <kbd>k</kbd> go from finding to finding</span></div>`;
}

function passes(results: readonly Result[]): Markup | undefined {
  if (results.length === 0) return undefined;
  return markup`<section aria-labelledby="passes"><details class="list"><summary><h2 id="passes">Passed (${results.length})</h2></summary>
<table class="passes"><thead><tr><th scope="col">address</th><th scope="col">rule</th><th scope="col">because</th></tr></thead><tbody>
${results.map(
  (result) =>
    markup`<tr data-verdict="pass"><td><code>${line(subjectOf(result))}</code></td><td>${result.rule}</td><td>${prose(line(result.message))}</td></tr>
`,
)}</tbody></table></details></section>`;
}

/** The drawing, and the same in words for those who can't see it. */
async function figure(picture: Picture, anchors: ReadonlyMap<string, string>): Promise<Markup | undefined> {
  if (picture.nodes.length === 0) return undefined;
  let drawing: Markup;
  try {
    drawing = await drawingOf(picture, anchors);
  } catch (error) {
    // A picture never keeps a verdict from being read.
    drawing = markup`<p>The picture could not be drawn: ${error instanceof Error ? line(error.message) : "unknown"}</p>`;
  }
  const words = picture.links.map(
    ({ from, to, label, isLetIn }) =>
      markup`<li><code>${line(from)}</code> ${isLetIn ? "gets in with" : ""} ${line(label)} ${isLetIn ? "at" : ""} <code>${line(to)}</code></li>`,
  );
  return markup`<section aria-labelledby="picture"><h2 id="picture">How it hangs together</h2><figure><div class="drawing" tabindex="0" role="group" aria-label="drawing, can be scrolled">${drawing}</div>
<figcaption id="picture-words">Buckets are cylinders, keys octagons; an ellipse and a thick line are callers that get in and should not.${
    picture.left > 0 ? markup` ${picture.left} more buckets and keys are not drawn.` : undefined
  }</figcaption>
${words.length === 0 ? undefined : markup`<details><summary>The same in words</summary><ul>${words}</ul></details>`}</figure></section>`;
}

/** The page. The picture is drawn by Graphviz as WebAssembly, hence the promise. */
export async function render(report: Report, options: RenderOptions = {}): Promise<string> {
  const results = worstFirst(report.results);
  const told = results.filter(({ verdict }) => verdict !== "pass");
  const ids = new Map(told.map((result, index) => [result, `finding-${index + 1}`]));
  const anchors = new Map<string, string>();
  for (const [result, id] of ids) if (!anchors.has(subjectOf(result))) anchors.set(subjectOf(result), id);
  const articles = told.map((result) => article(result, ids.get(result) ?? "", options));
  const blocking = told.filter((result) => isBlocking(result, options)).length;
  const notices = report.notices.map(
    ({ message, address, input }) =>
      markup`<li>${[input, address].map((one) => (one === undefined ? undefined : markup`<code>${line(one)}</code>: `))}${prose(line(message))}</li>`,
  );
  const page = markup`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
<title>Tollgate: ${report.verdict}, ${line(inputFile(report))}</title>
<style>${new Markup(STYLE)}</style></head>
<body><a class="skip" href="#findings">To the findings</a>
${banner(report, options)}
<main>${facts(report, inputFile(report))}${inputsTable(report)}
<section aria-labelledby="findings"><h2 id="findings">${blocking > 0 ? `What keeps the gate closed (${blocking})` : "Findings"}</h2>
${results.length === 0 ? undefined : tools(results)}
${articles.length === 0 ? markup`<p>None.</p>` : articles}</section>
${await figure(pictureOf(report, options), anchors)}
${passes(results.filter(({ verdict }) => verdict === "pass"))}
${notices.length === 0 ? undefined : markup`<section aria-labelledby="notices"><h2 id="notices">Notices</h2><ul>${notices}</ul></section>`}
</main><script>${new Markup(SCRIPT)}</script></body></html>
`;
  return log(page.source);
}
