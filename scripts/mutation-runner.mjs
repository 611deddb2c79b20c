/**
 * Turns a mutant into its verdict, as Stryker's test runner: bundles tests and instrumented code once, and evaluates that
 * bundle anew for each mutant, in one process. So what code remembers between calls never outlives its mutant, constants
 * of modules are mutated like everything else, and a mutant takes milliseconds; a run of jest takes seconds.
 *
 * The tests are jest's own files. They get those of its globals that they use, and its `expect`.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import vm from "node:vm";
import { build } from "esbuild";
import { expect } from "expect";
import fastCheck from "fast-check";
import { globSync } from "tinyglobby";

const require = createRequire(import.meta.url);
const GLOBALS = ["describe", "test", "it", "expect", "beforeAll", "afterAll", "jest"];

/** In a bundle each file still has its own `__dirname`. */
const knowsItsFolder = {
  name: "knows-its-folder",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/](__tests__|validators)[\\/].*\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const folder = text.includes("__dirname") ? `const __dirname = ${JSON.stringify(dirname(path))};` : "";
      return { contents: `${folder}${text}`, loader: "ts" };
    });
  },
};

/** A function that evaluates everything anew and returns, by path, what loads a test file. */
async function bundle(root, paths) {
  const files = paths.map((path) => `${JSON.stringify(path)}: () => require("./${path}")`);
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: { contents: `module.exports = {${files.join()}}`, resolveDir: root },
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node20",
    packages: "external",
    supported: { "dynamic-import": false },
    logLevel: "error",
    plugins: [knowsItsFolder],
  });
  const text = `(function (require, module, ${GLOBALS.join()}) {${outputFiles[0].text}\nreturn module.exports;})`;
  const script = new vm.Script(text, { filename: "mutation-bundle.cjs" });
  return (globals) => script.runInThisContext()(require, { exports: {} }, ...GLOBALS.map((name) => globals[name]));
}

/** A row's title: `%s` and `%j` take its cells in turn, `$name` the member of that name. */
function titled(name, cells) {
  const rest = [...cells];
  return name
    .replace(/\$(\w+)/g, (whole, key) => cells[0]?.[key] ?? whole)
    .replace(/%[sj]/g, (whole) => {
      if (rest.length === 0) return whole;
      const cell = rest.shift();
      return whole === "%j" ? JSON.stringify(cell) : String(cell);
    });
}

/** Everything freshly loaded, and the tests in it. */
class Environment {
  #loaders;
  #files = new Map();
  #ready = new Set();
  #block = { names: [], before: [] };
  #tests = [];

  constructor(evaluate) {
    const describe = (name, body) => {
      const outer = this.#block;
      this.#block = { names: [...outer.names, name], before: [...outer.before] };
      body();
      this.#block = outer;
    };
    const test = (name, body) => {
      const { names, before } = this.#block;
      this.#tests.push({ title: [...names, name].join(" "), body, before });
    };
    const each = (define) => (table) => (name, body) => {
      for (const row of table) {
        const cells = Array.isArray(row) ? row : [row];
        define(titled(name, cells), () => body(...cells));
      }
    };
    describe.each = each(describe);
    test.each = each(test);
    const beforeAll = (work) => this.#block.before.push(work);
    // What a file tidies up at its end it would miss in its next test.
    const afterAll = () => undefined;
    this.#loaders = evaluate({
      describe,
      test,
      it: test,
      expect,
      beforeAll,
      afterAll,
      jest: { setTimeout: () => undefined },
    });
  }

  /** The tests of a file, in its order. */
  testsOf(file) {
    const known = this.#files.get(file);
    if (known !== undefined) return known;
    this.#tests = [];
    this.#block = { names: [], before: [] };
    this.#files.set(file, this.#tests);
    this.#loaders[file]();
    return this.#tests;
  }

  /** Why a test of a file fails, or undefined. */
  async failureOf(file, index) {
    try {
      const test = this.testsOf(file)[index];
      if (test === undefined) return "the test is gone";
      for (const work of test.before) if (!this.#ready.has(work)) await work();
      for (const work of test.before) this.#ready.add(work);
      await test.body();
      return undefined;
    } catch (error) {
      return (error instanceof Error && error.message.slice(0, 1000)) || "it throws";
    }
  }
}

/** Stryker's state, which the instrumented code reads. */
function instrumentation() {
  globalThis.__stryker__ ??= {};
  return globalThis.__stryker__;
}

/**
 * Whether a mutant is one of those that are tried. `MUTATION_SAMPLE=iam:10` tries ten of a hundred in that room, drawn by
 * place and content, always the same ones; the others count as errors, which no score counts.
 */
function isDrawn({ fileName, location, replacement }) {
  const [room, percent] = (process.env.MUTATION_SAMPLE ?? "").split(":");
  const path = fileName.split(sep);
  if (percent === undefined || !path.includes(room)) return true;
  const name = JSON.stringify([path.at(-1), location, replacement]);
  return createHash("sha256").update(name).digest().readUInt32BE() % 100 < Number(percent);
}

/** The folders that a mutated file is in. */
const rooms = (fileName) => new Set(dirname(fileName).split("validators").at(-1).split(sep).filter(Boolean));

/** How many policies a property is tried with, unless `ORACLE_RUNS` says it. */
const PROPERTY_RUNS = "12";

class InProcessRunner {
  #root;
  #paths;
  #evaluate;
  /** By id. */
  #tests = new Map();
  /** How often a test has noticed a mutant, by the mutated file and the test's id. */
  #kills = new Map();
  /** How often a test comes by a mutant, by the ids of both. */
  #hits = {};

  constructor({ testFiles }, root) {
    this.#root = root;
    this.#paths = globSync(testFiles, { cwd: root }).sort();
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    process.env.ORACLE_RUNS ??= PROPERTY_RUNS;
    // That a property fails is enough: nobody reads the smallest case in which it does.
    fastCheck.configureGlobal({ endOnFailure: true });
    this.#evaluate = await bundle(this.#root, this.#paths);
    instrumentation().activeMutant = undefined;
    for (const file of this.#paths)
      for (const [index, { title }] of new Environment(this.#evaluate).testsOf(file).entries()) {
        const id = `${file}: ${title}`;
        this.#tests.set(this.#tests.has(id) ? `${id} #${index}` : id, { file, index, milliseconds: 0 });
      }
  }

  /** Each test alone in a fresh environment, so that it's known to cover all that it would run by itself. */
  async dryRun() {
    const state = instrumentation();
    state.mutantCoverage = undefined;
    const results = [];
    for (const [id, test] of this.#tests) {
      const environment = new Environment(this.#evaluate);
      environment.testsOf(test.file);
      state.currentTestId = id;
      const start = process.cpuUsage();
      const failureMessage = await environment.failureOf(test.file, test.index);
      const { user, system } = process.cpuUsage(start);
      state.currentTestId = undefined;
      test.milliseconds = (user + system) / 1000;
      results.push({
        id,
        name: id,
        fileName: test.file,
        timeSpentMs: test.milliseconds,
        ...(failureMessage === undefined ? { status: 0 } : { status: 1, failureMessage }),
      });
    }
    this.#hits = state.mutantCoverage?.perTest ?? {};
    return { status: "complete", tests: results, mutantCoverage: state.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }) {
    if (!isDrawn(activeMutant)) return { status: "error", errorMessage: "not in the sample" };
    const state = instrumentation();
    Object.assign(state, { activeMutant: activeMutant.id, hitCount: hitLimit === undefined ? undefined : 0, hitLimit });
    // Tests that cover the mutant by id; all of them, for what runs while modules are loaded, by file.
    const chosen = testFilter === undefined ? undefined : new Set(testFilter);
    const isWanted = ([id, { file }]) => chosen?.has(id) || chosen?.has(join(this.#root, file));
    const wanted = [...this.#tests].filter((one) => chosen === undefined || isWanted(one));
    if (wanted.length === 0) throw new Error(`no test is known of ${activeMutant.id}`);
    const kills = this.#killsIn(activeMutant.fileName);
    let environment;
    let nrOfTests = 0;
    for (const [id, { file, index }] of this.#inOrder(wanted, activeMutant.fileName)) {
      if (hitLimit !== undefined) {
        state.hitCount = 0;
        state.hitLimit = Math.min(hitLimit, 1000 + 100 * (this.#hits[id]?.[activeMutant.id] ?? hitLimit));
      }
      let failureMessage;
      try {
        environment ??= new Environment(this.#evaluate);
        nrOfTests += 1;
        failureMessage = await environment.failureOf(file, index);
      } catch (error) {
        failureMessage = String(error);
      }
      if (state.hitCount > state.hitLimit) return { status: "timeout", reason: `more than ${state.hitLimit} times` };
      if (failureMessage === undefined) continue;
      kills.set(id, (kills.get(id) ?? 0) + 1);
      return { status: "killed", killedBy: [id], failureMessage, nrOfTests };
    }
    return { status: "survived", nrOfTests };
  }

  #killsIn(fileName) {
    const known = this.#kills.get(fileName) ?? new Map();
    this.#kills.set(fileName, known);
    return known;
  }

  /** First those that have noticed the most mutants of that file, then its room's, the quick ones first: most mutants die early. */
  #inOrder(tests, fileName) {
    const kills = this.#killsIn(fileName);
    const room = rooms(fileName);
    const rank = ([id, { file, milliseconds }]) => {
      const isNear = file.split("/").some((folder) => room.has(folder));
      return milliseconds - 1e6 * (isNear ? 1 : 0) - 1e7 * (kills.get(id) ?? 0);
    };
    return tests.sort((one, other) => rank(one) - rank(other));
  }
}

/** Made by Stryker in each of its worker processes, whose folder is the sandbox. */
const create = (options) => new InProcessRunner(options, process.cwd());
create.inject = ["options"];

export const strykerPlugins = [{ kind: "TestRunner", name: "in-process", factory: create }];
