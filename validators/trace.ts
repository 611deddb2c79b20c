/**
 * Turns the making of constructs into a file that says which line made which: `cdktf.out/tollgate-sources.json`. Loaded
 * before a CDKTF app (`"app": "node --require tollgate/trace --import tsx main.ts"`), since CDKTF 0.21 fills in no stack
 * traces of its own. Lines are relative to the working directory; nothing gets into the synthesized JSON itself.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

interface Node {
  readonly path: string;
  addMetadata(type: string, data: unknown, options?: unknown): void;
}

/** Frames that are looked at: a construct inside constructs is rarely deeper. */
const DEPTH = 40;

/** The innermost frame of the user's own code, as `file:line` parts. */
export function frameOf(stack: string, cwd: string): { file: string; line: number } | undefined {
  for (const text of stack.split("\n")) {
    const [, location, line] = /\(?((?:file:\/\/|\/|[A-Za-z]:\\)[^()]*?):(\d+):\d+\)?$/.exec(text.trim()) ?? [];
    if (location === undefined || line === undefined) continue;
    const path = location.startsWith("file:") ? fileURLToPath(location) : location;
    const file = relative(cwd, path).split(sep).join("/");
    const isOwn = !file.startsWith("..") && !file.includes("node_modules/") && path !== __filename;
    if (isOwn) return { file, line: Number(line) };
  }
  return undefined;
}

/** Watches the project's own copy of `constructs`: CDKTF calls `addMetadata("stacktrace", …)` for each element it makes. */
function watch(cwd: string, made: Map<string, { file: string; line: number }>): void {
  const constructs: { Node: { prototype: Node } } = createRequire(join(cwd, "package.json"))("constructs");
  const { prototype } = constructs.Node;
  const { addMetadata } = prototype;
  prototype.addMetadata = function (this: Node, type: string, data: unknown, options?: unknown): void {
    if (type === "stacktrace") {
      const before = Error.stackTraceLimit;
      Error.stackTraceLimit = DEPTH;
      const frame = frameOf(new Error().stack ?? "", cwd);
      Error.stackTraceLimit = before;
      if (frame) made.set(this.path, frame);
    }
    addMetadata.call(this, type, data, options);
  };
}

/** Starts watching; writes the file when the app ends. */
function main(): void {
  const cwd = process.cwd();
  const made = new Map<string, { file: string; line: number }>();
  // For a validation at synth, which runs in this very process.
  Object.assign(globalThis, { [Symbol.for("tollgate.traced")]: made });
  watch(cwd, made);
  process.once("exit", (status) => {
    if (status !== 0) return;
    const out = process.env.CDKTF_OUTDIR ?? join(cwd, "cdktf.out");
    mkdirSync(out, { recursive: true });
    const sorted = Object.fromEntries([...made].sort(([a], [b]) => (a < b ? -1 : 1)));
    writeFileSync(join(out, "tollgate-sources.json"), `${JSON.stringify(sorted, null, 2)}\n`);
  });
}

// Loaded by `--require`: then it is the main module's forerunner. In a test it is only imported.
if (process.env.JEST_WORKER_ID === undefined) main();
