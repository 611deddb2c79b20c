/** Turns the engine's habits to short runs: it optimizes what is really hot, and not all that runs some thousand times. */
import { setFlagsFromString } from "node:v8";

/**
 * V8's budget of bytecode before it optimizes a function, 30 times its default in Node.js 20. A run takes a second or two:
 * compiling whatever could be hot took a third of its CPU time and some memory (bench/). What scans and parses still is
 * optimized early in a large plan. The flag is known to be there in V8 11 to 13 (Node.js 20 to 24); others are left alone,
 * since V8 complains about a flag that it doesn't know.
 */
if (/^1[123]\./.test(process.versions.v8)) setFlagsFromString("--interrupt-budget=2000000");
