/** Turns the engine's habits to short runs: it optimizes what is really hot, and not all that runs some thousand times. */
import { setFlagsFromString } from "node:v8";

/** The first number of V8's version: 11 in Node.js 20. */
export const ENGINE = Number.parseInt(process.versions.v8, 10);

/** The parser of native configuration is WebAssembly, which would be optimized for a few kilobytes of it: a third of a second and 20 MB. */
const NO_WASM_TIERING = "--wasm-tiering-budget=60000000";
/**
 * One thread clears short-lived memory instead of several, which look for work most of the time: some hundredths of the CPU
 * time.
 */
const ONE_SCAVENGER = "--no-parallel-scavenge";
/** Memory is marked when it is full, and not bit by bit beside the work: a twentieth of the CPU time. */
const MARKED_AT_ONCE = "--no-incremental-marking";
/** A pattern is compiled when it has run a hundred times, and not when it runs again: few do in a short run. */
const LATE_PATTERNS = "--regexp-tier-up-ticks=100";
/** How often a function runs before it is optimized for good, 33 times the default. */
const LATE_TURBOFAN = "--invocation-count-for-turbofan=100000";

/**
 * Flags by the first number of V8's version; V8 complains on standard error about a flag that it doesn't know, so versions
 * that nobody has measured are left alone. A run takes a second or two: compiling whatever could be hot takes a fifth to a third of
 * its CPU time (bench/). What scans and parses is still optimized early in a large plan.
 */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  // Node.js 20: a budget of bytecode before a function is optimized, 30 times the default.
  11: ["--interrupt-budget=2000000", LATE_PATTERNS, NO_WASM_TIERING, ONE_SCAVENGER, MARKED_AT_ONCE],
  // Node.js 22
  12: [LATE_TURBOFAN, NO_WASM_TIERING, ONE_SCAVENGER, MARKED_AT_ONCE],
  // Node.js 24: memory for what is short-lived would grow to 192 MiB, for nothing.
  13: [LATE_TURBOFAN, NO_WASM_TIERING, "--semi-space-growth-factor=1"],
  // Node.js 26
  14: [LATE_TURBOFAN, NO_WASM_TIERING],
};

/** Sets them for the whole process. */
export function tuneForShortRuns(): void {
  for (const flag of FLAGS[ENGINE] ?? []) setFlagsFromString(flag);
}
