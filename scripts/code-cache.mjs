/**
 * Runs a bundle's command as people do. Writes into one file what every run loads, and keeps beside each file the code that
 * V8 made of it. Argument: the bundle's folder.
 */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [, , folder] = process.argv;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const { asBody, codeOf, start, TOGETHER } = require(join(folder, "launcher.cjs"));
const [part] = /part-[A-Z0-9]+\.cjs/.exec(readFileSync(join(folder, "cli.cjs"), "utf8"));
const fixture = (name) => join(root, "__tests__/fixtures/plans", name);

/** A plan alone, that nothing needs to be looked up for in its source. */
const alone = mkdtempSync(join(tmpdir(), "tollgate-build-"));
copyFileSync(fixture("unchanged/plan.json"), join(alone, "plan.json"));

/** Scripts of a run by file, in the order in which they are loaded; the first of each: V8 gives later ones of the same text the same code. */
const scripts = new Map();
const watch = (script, file) => scripts.has(file) || scripts.set(file, script);

/** What is done: a plan is judged alone, then with source that needs no parser, then with source that needs it. */
const steps = [
  () => check(join(alone, "plan.json")),
  putTogether,
  () => check(join(alone, "plan.json")),
  keep,
  () => check(fixture("unchanged/plan.json")),
  () => check(fixture("cdktf-jsonencode/plan.json"), "--source", fixture("cdktf-jsonencode")),
  keep,
];

function check(...args) {
  process.argv.splice(2, Number.POSITIVE_INFINITY, "check", ...args);
  for (const file of Object.keys(require.cache)) if (file.startsWith(folder)) delete require.cache[file];
  start(part, watch);
}

/** Writes what a plan alone made the command load into one file, from which it is loaded from now on. */
function putTogether() {
  const bodies = [...scripts.keys()].map((file) => [basename(file), asBody(readFileSync(file, "latin1"))]);
  const text = `({\n${bodies.map(([name, body]) => `${JSON.stringify(name)}: ${body}`).join(",\n")}\n})\n`;
  writeFileSync(join(folder, TOGETHER), text, "latin1");
  scripts.clear();
}

/** What is kept once stays: code for more than the shortest run takes longer to read than it saves. */
function keep() {
  for (const [file, script] of scripts)
    if (!existsSync(codeOf(file))) writeFileSync(codeOf(file), script.createCachedData());
  process.exitCode = 0;
}

/** The next step, when a run has come to its end, with a verdict or without. */
process.on("beforeExit", () => {
  if (process.exitCode === 2) process.exit();
  const step = steps.shift();
  if (step) setImmediate(step);
});
process.on("exit", () => rmSync(alone, { recursive: true, force: true }));
