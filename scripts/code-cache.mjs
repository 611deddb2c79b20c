/** Runs a bundle's command as people do, and keeps beside each part the code that V8 made of it. Argument: the bundle's folder. */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [, , folder] = process.argv;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const { codeOf, start } = require(join(folder, "launcher.cjs"));
const [part] = /part-[A-Z0-9]+\.cjs/.exec(readFileSync(join(folder, "cli.cjs"), "utf8"));

/** What is judged: a plan that shows its policies, and one whose policies are in its synthesized source. */
const fixture = (name) => join(root, "__tests__/fixtures/plans", name);
const runs = [["unchanged/plan.json"], ["cdktf-jsonencode/plan.json", "--source", fixture("cdktf-jsonencode")]].map(
  ([plan, ...more]) => ["check", fixture(plan), ...more],
);

/** The first script of each file: V8 gives later ones of the same text the same code. */
const scripts = new Map();
function next() {
  const args = runs.shift();
  if (args === undefined) return keep();
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...args);
  for (const file of Object.keys(require.cache)) if (scripts.has(file)) delete require.cache[file];
  start(part, (script, file) => scripts.has(file) || scripts.set(file, script));
}

function keep() {
  for (const [file, script] of scripts) writeFileSync(codeOf(file), script.createCachedData());
  process.off("beforeExit", judged);
  process.exitCode = 0;
}

/** A run came to its end, with a verdict or without. */
function judged() {
  if (process.exitCode === 2) process.exit();
  setImmediate(next);
}
process.on("beforeExit", judged);
next();
