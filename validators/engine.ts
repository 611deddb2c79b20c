/** Turns the engine's habits to short runs: it optimizes what is really hot, and not all that runs some thousand times. */
import { setFlagsFromString } from "node:v8";

/**
 * V8's budget of bytecode before it optimizes a function, 30 times its default in Node.js 20. A run takes a second or two:
 * compiling whatever could be hot took a third of its CPU time and some memory (bench/). What scans and parses still is
 * optimized early in a large plan. The same for WebAssembly, where the parser of native configuration would be optimized for a
 * few kilobytes of it: a third of a second and 20 MB. One thread clears short-lived memory instead of several, which look for work most of the
 * time: some hundredths of the CPU time. V8 11 (Node.js 20) has these flags; the first is gone in Node.js 22 and 24, and
 * V8 complains on standard error about a flag that it doesn't know, so others are left alone. They hold for the whole process.
 */
export function tuneForShortRuns(): void {
  if (!/^11\./.test(process.versions.v8)) return;
  setFlagsFromString("--interrupt-budget=2000000");
  setFlagsFromString("--wasm-tiering-budget=60000000");
  setFlagsFromString("--no-parallel-scavenge");
}
