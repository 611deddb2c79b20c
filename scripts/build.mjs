/** Bundles `validators/` into `dist/`: one file a door, so that the command starts fast. Does nothing when it is up to date. */
import {
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
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

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

const sources = ["validators", "help", "package.json", "scripts/build.mjs"]
  .map((name) => join(root, name))
  .filter(existsSync);
const isFresh = existsSync(stamp) && statSync(stamp).mtimeMs >= Math.max(...sources.map(newest));
if (!isFresh || process.argv.includes("--force")) {
  const { build } = await import("esbuild");
  mkdirSync(dist, { recursive: true });
  // Built aside and moved in, file by file: a second build at the same time never sees half a file.
  const aside = mkdtempSync(join(dist, ".building-"));
  try {
    const doors = {
      cli: "cli.ts",
      index: "index.ts",
      jest: "jest.ts",
      "tollgate-terraform": "gate/tollgate-terraform.ts",
    };
    const entryPoints = Object.fromEntries(
      Object.entries(doors)
        .map(([name, file]) => [name, join(root, "validators", file)])
        .filter(([, file]) => existsSync(file)),
    );
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    await build({
      absWorkingDir: root,
      entryPoints,
      outdir: aside,
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      outExtension: { ".js": ".cjs" },
      minifySyntax: true,
      legalComments: "eof",
      // Its ES module asks for `import.meta.url`, which a CommonJS bundle doesn't have.
      alias: { "web-tree-sitter": require.resolve("web-tree-sitter") },
      define: { TOLLGATE_VERSION: JSON.stringify(version) },
      external: ["jest", "@jest/expect", "expect"],
    });
    for (const [from, name] of [
      ["web-tree-sitter/web-tree-sitter.wasm", "web-tree-sitter.wasm"],
      ["@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm", "tree-sitter-terraform.wasm"],
    ])
      copyFileSync(require.resolve(from), join(aside, name));
    for (const name of readdirSync(aside)) renameSync(join(aside, name), join(dist, name));
    writeFileSync(stamp, "");
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
