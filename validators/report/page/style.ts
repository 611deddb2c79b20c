/** The page's own style and script: constants, so that their hashes can stand in its content security policy. */

/** Light and dark by the reader's setting, narrow screens, print. Contrast at least 4.5:1 in both. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #fff; --card: #f6f7f9; --ink: #1b1f24; --soft: #57606a; --line: #c8ced6; --link: #0550ae;
  --fail: #b3161f; --undecided: #8a5a00; --waived: #57606a; --pass: #176b34; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171b; --card: #1e2329; --ink: #e9edf1; --soft: #a5afba; --line: #414b56; --link: #79b8ff;
  --fail: #ff8a80; --undecided: #f0c060; --waived: #a5afba; --pass: #7bd88f; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem 1rem 4rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0; }
p, ul, dl, table { margin: .5rem 0; }
code, .code { font: .9em/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { background: var(--card); border-radius: .3rem; padding: .6rem .8rem; margin: .5rem 0; overflow-x: auto; font-size: .9rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.banner { border: 1px solid var(--line); border-left: .5rem solid var(--mark); border-radius: .4rem; padding: 1rem; background: var(--card); }
.banner p { margin: .4rem 0 0; }
.fail { --mark: var(--fail); } .undecided { --mark: var(--undecided); } .waived { --mark: var(--waived); } .pass { --mark: var(--pass); }
.badge { display: inline-block; border: 1px solid var(--mark); color: var(--mark); border-radius: 1rem; padding: 0 .6rem; font-size: .8rem; font-weight: 600; white-space: nowrap; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; font-size: .9rem; color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.tools { display: flex; flex-wrap: wrap; gap: .75rem 1.25rem; align-items: center; margin: 1rem 0; }
.tools[hidden] { display: none; }
.tools fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
.tools legend { float: left; margin-right: 1rem; }
.tools label { white-space: nowrap; }
input[type=search] { font: inherit; padding: .35rem .6rem; border: 1px solid var(--soft); border-radius: .3rem; background: var(--paper); color: inherit; min-width: 16rem; max-width: 100%; }
article { border: 1px solid var(--line); border-left: .35rem solid var(--mark); border-radius: .4rem; padding: .9rem 1rem; margin: 1rem 0; scroll-margin-top: 1rem; }
article header { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; }
article .place { color: var(--soft); font-size: .9rem; margin: .15rem 0 .5rem; overflow-wrap: anywhere; }
article h4 { font-size: .9rem; margin: .9rem 0 .2rem; }
article ul { padding-left: 1.2rem; }
.request { background: var(--card); border-radius: .3rem; padding: .6rem .8rem; }
.request p { margin: 0 0 .4rem; font-weight: 600; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.request th { width: 12rem; font-weight: normal; color: var(--soft); }
.request tr:last-child > * { border-bottom: 0; }
.about { color: var(--soft); font-size: .9rem; }
summary { cursor: pointer; } summary h2 { display: inline; }
details.list { margin-top: 2.5rem; }
figure { margin: 1rem 0; border: 1px solid var(--line); border-radius: .4rem; padding: .75rem; }
figure .drawing { overflow-x: auto; }
figcaption { font-size: .9rem; color: var(--soft); }
svg { height: auto; max-width: 100%; min-width: 32rem; display: block; margin: 0 auto; }
svg .graph > polygon { fill: none; stroke: none; }
svg text { fill: var(--ink); font-family: system-ui, sans-serif; }
svg .node polygon, svg .node path, svg .node ellipse, svg .node polyline { fill: var(--card); stroke: var(--mark, var(--soft)); stroke-width: 1.5; }
svg .edge path { stroke: var(--mark, var(--soft)); } svg .edge polygon { fill: var(--mark, var(--soft)); stroke: var(--mark, var(--soft)); }
svg .fail path, svg .fail polygon, svg .fail ellipse { stroke-width: 2.5; }
svg a { text-decoration: none; }
.hidden { display: none; }
@media (max-width: 30rem) { .request th { width: auto; } table.passes, table.passes tbody, table.passes tr, table.passes td { display: block; } table.passes thead { display: none; } table.passes td { border: 0; padding: 0; } table.passes tr { border-bottom: 1px solid var(--line); padding: .4rem 0; } }
@media print { :root { font-size: 10pt; color-scheme: light; --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #999; --link: #000; --fail: #9d0d16; --undecided: #704800; --waived: #444; --pass: #0f5527; }
  body { max-width: none; padding: 0; } .tools, .skip { display: none; } article, figure, tr { break-inside: avoid; } pre { white-space: pre-wrap; } .hidden { display: revert; } svg { min-width: 0; } summary { list-style: none; } }
.skip { position: absolute; left: -99rem; } .skip:focus { position: static; }
`;

/** Filter by verdict and text; `/` goes to the search, `j` and `k` to the next and previous finding; all opens for print. */
export const SCRIPT = `
(() => {
  const tools = document.querySelector(".tools");
  const search = document.querySelector("#search");
  const status = document.querySelector("#shown");
  const boxes = [...document.querySelectorAll(".tools input[type=checkbox]")];
  const items = [...document.querySelectorAll("[data-verdict]")];
  if (!tools || !search || !status) return;
  tools.hidden = false;
  const texts = new Map(items.map((item) => [item, item.textContent.toLowerCase()]));
  const apply = () => {
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const verdicts = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let count = 0;
    for (const item of items) {
      const isShown = verdicts.has(item.dataset.verdict) && words.every((word) => texts.get(item).includes(word));
      item.classList.toggle("hidden", !isShown);
      if (isShown) count += 1;
    }
    status.textContent = count + " of " + items.length + " results shown";
    if (words.length > 0) for (const fold of document.querySelectorAll("details.list")) fold.open = true;
  };
  search.addEventListener("input", apply);
  for (const box of boxes) box.addEventListener("change", apply);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target === search;
    if (event.key === "Escape" && isTyping) { search.value = ""; apply(); search.blur(); }
    if (isTyping) return;
    if (event.key === "/") { event.preventDefault(); search.focus(); }
    if (event.key !== "j" && event.key !== "k") return;
    const shown = items.filter((item) => item.tagName === "ARTICLE" && !item.classList.contains("hidden"));
    const at = shown.indexOf(document.activeElement);
    const next = shown[event.key === "j" ? at + 1 : Math.max(0, at - 1)];
    if (next) next.focus();
  });
  let folds = [];
  addEventListener("beforeprint", () => {
    folds = [...document.querySelectorAll("details:not([open])")];
    for (const fold of folds) fold.open = true;
  });
  addEventListener("afterprint", () => { for (const fold of folds) fold.open = false; });
  apply();
})();
`;
