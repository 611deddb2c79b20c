/** Bundles `validators/` into `dist/`: one file a door, so that the command starts fast. Does nothing when it is up to date. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { refuseCircles, withPlainExports } from "./common-js.mjs";

const require = createRequire(import.meta.url);
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const stamp = join(dist, ".built");

/** Newest change below a path, in milliseconds. */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/**
 * commander can start a subcommand as a program of its own. Ours are none, and loading what that takes costs 10 ms. It also asks
 * for the module of what is a global, which Node.js compiles at each start.
 */
const COMMANDER_NEEDS = { "node:child_process": "module.exports = {};", "node:process": "module.exports = process;" };
const commanderStartsNoProcess = {
  name: "commander-starts-no-process",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:(child_process|process)$/ }, ({ path, importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path, namespace: "no-process" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "no-process" }, ({ path }) => ({ contents: COMMANDER_NEEDS[path] }));
  },
};

/** What Node.js 20 takes in patterns, which esbuild doesn't know of it. */
const PATTERNS = { "regexp-unicode-property-escapes": true };

/** What runs as WebAssembly: it stays a file of its own. */
const WASM = [
  "web-tree-sitter/web-tree-sitter.wasm",
  "@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm",
];

const readLock = () => JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));

/** Parts before the doors that load them. */
const doorsLast = (a, b) => Number(b.startsWith("part-")) - Number(a.startsWith("part-"));

/** A part of an earlier build that no process can still be about to load. */
const isStale = (name, parts) =>
  name.startsWith("part-") &&
  !parts.includes(name) &&
  (process.argv.includes("--force") || Date.now() - statSync(join(dist, name)).mtimeMs > 600_000);

/** What each file of the bundle imports, but for what it loads when it runs. */
const importsOf = ({ outputs }) =>
  new Map(
    Object.entries(outputs).map(([file, { imports }]) => [
      file,
      imports.filter(({ kind, external }) => kind === "import-statement" && !external).map(({ path }) => path),
    ]),
  );

/** Bundles these doors into a folder, with the parser's WebAssembly beside them; gives the files that went in. */
async function bundle(entryPoints, outdir, version) {
  const { build, transform } = await import("esbuild");
  mkdirSync(outdir, { recursive: true });
  // esbuild splits what is imported lazily into parts for ES modules only; each part is then made a CommonJS module,
  // since those start faster. So a command loads what it runs, and nothing twice.
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    target: "node20",
    outExtension: { ".js": ".cjs" },
    chunkNames: "part-[hash]",
    minifySyntax: true,
    legalComments: "none",
    // Patterns stay as they are written: made by a call, those that nobody uses would be made at every start all the same.
    supported: PATTERNS,
    // Its ES module asks for `import.meta.url`, which a CommonJS bundle doesn't have.
    alias: { "web-tree-sitter": require.resolve("web-tree-sitter") },
    define: { TOLLGATE_VERSION: JSON.stringify(version) },
    external: ["jest", "@jest/expect", "expect"],
    plugins: [commanderStartsNoProcess],
  });
  refuseCircles(importsOf(metafile));
  for (const { path, text } of outputFiles) {
    // Doors are for other people's programs, which look for their exports in the way that esbuild writes them.
    const isPart = basename(path).startsWith("part-");
    const { code } = await transform(isPart ? withPlainExports(text) : text, {
      format: "cjs",
      platform: "node",
      target: "node20",
      supported: { "dynamic-import": false, ...PATTERNS },
    });
    writeFileSync(path, code, { mode: code.startsWith("#!") ? 0o755 : 0o644 });
  }
  for (const wasm of WASM) copyFileSync(require.resolve(wasm), join(outdir, basename(wasm)));
  return Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
}

/** Doors that start with ready code: each opens its part through the launcher (validators/launcher.ts). */
const LAUNCHED = {
  cli: (part) => `#!/usr/bin/env node\n"use strict";\nrequire("./launcher.cjs").start("${part}");\n`,
  worker: (part) => `"use strict";\nrequire("./launcher.cjs").open("${part}");\n`,
};

/** Makes these doors open through the launcher, and keeps the code that V8 makes of what a first run loads. */
async function launch(outdir) {
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: root,
    entryPoints: [join(root, "validators/launcher.ts")],
    outfile: join(outdir, "launcher.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
  });
  for (const [name, door] of Object.entries(LAUNCHED)) {
    const file = join(outdir, `${name}.cjs`);
    const text = readFileSync(file, "utf8").replace(/^#!.*\n/, "");
    const part = `part-${createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase()}.cjs`;
    writeFileSync(join(outdir, part), text);
    writeFileSync(file, door(part));
    chmodSync(file, 0o755);
  }
  const { status, stderr } = spawnSync(process.execPath, [join(root, "scripts/code-cache.mjs"), outdir], {
    env: { PATH: process.env.PATH },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`expected the bundle to run once, found ${stderr}`);
}

const sources = [
  "validators",
  "fleet",
  "help",
  "package.json",
  "scripts/build.mjs",
  "scripts/code-cache.mjs",
  "scripts/common-js.mjs",
  "scripts/declarations.mjs",
  "scripts/third-party.mjs",
]
  .map((name) => join(root, name))
  .filter(existsSync);
/** Ready code is of one version of Node.js. */
const isOfThisNode = existsSync(stamp) && readFileSync(stamp, "utf8") === process.version;
const isFresh = isOfThisNode && statSync(stamp).mtimeMs >= Math.max(...sources.map(newest));
if (!isFresh || process.argv.includes("--force")) {
  mkdirSync(dist, { recursive: true });
  // Built aside and moved in, file by file: a second build at the same time never sees half a file.
  const aside = mkdtempSync(join(dist, ".building-"));
  try {
    const doors = {
      cli: "cli.ts",
      index: "index.ts",
      jest: "jest.ts",
      trace: "trace.ts",
      "tollgate-terraform": "gate/tollgate-terraform.ts",
      worker: "spread/worker.ts",
    };
    const entryPoints = Object.fromEntries(
      Object.entries(doors)
        .map(([name, file]) => [name, join(root, "validators", file)])
        .filter(([, file]) => existsSync(file)),
    );
    const product = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const inside = await bundle(entryPoints, aside, product.version);
    await launch(aside);
    // A Lambda function's folder holds what it runs and nothing else.
    const fleet = join(aside, "fleet");
    const functions = { fleet: join(root, "fleet/fleet.ts"), worker: join(root, "validators/spread/worker.ts") };
    inside.push(...(await bundle(functions, fleet, product.version)));
    rmSync(join(dist, "fleet"), { recursive: true, force: true });
    renameSync(fleet, join(dist, "fleet"));
    const { billOf, bundled, licencesOf } = await import("./third-party.mjs");
    const libraries = bundled(root, [...inside, ...WASM.map((wasm) => `node_modules/${wasm}`)]);
    writeFileSync(join(aside, "LICENSES.txt"), licencesOf(libraries));
    writeFileSync(join(aside, "sbom.cdx.json"), billOf(product, libraries, readLock()));
    const { declarationsOf } = await import("./declarations.mjs");
    const declarations = declarationsOf(join(root, "validators"), ["index.ts", "jest.ts"]);
    for (const [name, text] of declarations) {
      mkdirSync(join(dist, "types", dirname(name)), { recursive: true });
      writeFileSync(join(aside, "declaration"), text);
      renameSync(join(aside, "declaration"), join(dist, "types", name));
    }
    const parts = readdirSync(aside);
    for (const name of parts.sort(doorsLast)) renameSync(join(aside, name), join(dist, name));
    for (const name of readdirSync(dist)) if (isStale(name, parts)) rmSync(join(dist, name), { force: true });
    for (const name of readdirSync(join(dist, "types"), { recursive: true, encoding: "utf8" }))
      if (name.endsWith(".d.ts") && !declarations.has(name.split(sep).join("/"))) rmSync(join(dist, "types", name));
    writeFileSync(stamp, process.version);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
