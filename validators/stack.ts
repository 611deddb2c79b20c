/** Turns a stack of a CDKTF or CDK Terrain app into its synthesized JSON, and into what is wrong with it at synth. */
import { join } from "node:path";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { checkContent } from "./check";
import type { CheckOptions } from "./check-options";
import type { Report } from "./kernel/index";
import { isBlocking, sourceInWords } from "./report/result-text";
import { said } from "./report/sanitize";
import { inWords } from "./report/words";
import { ParserMissing } from "./source/index";
import { type SourceLines, withSourceLines } from "./source-lines";

/** As much of a stack as judging it needs; CDKTF's and CDK Terrain's fit. */
export interface Stack {
  readonly node: { readonly path: string };
  toTerraform(): unknown;
  prepareStack?(): void;
}

/** Whether something is a stack. */
export const isStack = (value: unknown): value is Stack =>
  typeof value === "object" && value !== null && "toTerraform" in value && typeof value.toTerraform === "function";

/** A stack as its `cdk.tf.json`, with construct paths and waivers. Aspects are run by the synthesis only, not by this. */
export function synthesized(stack: Stack): object {
  stack.prepareStack?.();
  const json = stack.toTerraform();
  if (typeof json !== "object" || json === null) throw new TypeError("expected the stack's Terraform JSON, found none");
  return json;
}

/** Where the lines are kept that `tollgate/trace` finds in this very process. */
const TRACED: unique symbol = Symbol.for("tollgate.traced");
const traced = (): SourceLines => (globalThis as { [TRACED]?: SourceLines })[TRACED] ?? new Map();

/** What a judgement at synth can be told. */
export interface SynthOptions extends Omit<CheckOptions, "sources"> {
  /** Whether `undecided` blocks as well. Default: no, since much is known only once there is a plan. */
  readonly undecidedBlocks?: boolean;
}

/**
 * Judges a stack while it is synthesized: `stack.node.addValidation(passesGate(stack))`. What fails is said by the
 * framework, and nothing is written. A convenience for whoever writes the stack: `skipValidation` goes round it, so the
 * gate is still the plan's.
 */
export function passesGate(stack: Stack, options: SynthOptions = {}): { validate(): string[] } {
  return {
    validate: () => {
      const { undecidedBlocks = false, ...told } = options;
      const report = withSourceLines(judged(synthesized(stack), `stack ${stack.node.path}`, told), traced());
      return report.results
        .filter((result) => isBlocking(result, { undecidedBlocks }))
        .map((result) =>
          said(
            [
              `${result.rule} at ${sourceInWords(result) ?? result.address}: ${result.message}`,
              ...(result.counterexample ? [`gets through: ${inWords(result.counterexample, result.rule)}`] : []),
              ...(result.remediation === undefined ? [] : [`fix: ${result.remediation}`]),
            ].join("; "),
          ),
        );
    },
  };
}

/** What the thread runs: the library's own `check`, which can wait for the parser. */
const THREAD = `
const { workerData: { library, json, options, port, done } } = require("node:worker_threads");
require(library).check(json, options)
  .then((report) => port.postMessage({ report }), (error) => port.postMessage({ error: error.message }))
  .finally(() => { Atomics.store(done, 0, 1); Atomics.notify(done, 0); });
`;
const LONGEST_WAIT = 120_000;

/** A validation can't wait, and the parser can't be loaded without waiting: then a thread judges, and this one stands still. */
function judged(json: object, name: string, options: CheckOptions): Report {
  try {
    return checkContent(json, name, options);
  } catch (error) {
    if (!(error instanceof ParserMissing)) throw error;
  }
  if (options.rules !== undefined)
    throw new Error("judging by rules of your own at synth: call `await loadParser()` before `app.synth()`");
  const library = join(__dirname, __filename.endsWith(".ts") ? "../dist/index.cjs" : "index.cjs");
  const { port1, port2 } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { library, json: JSON.stringify(json), options, port: port2, done };
  const thread = new Worker(THREAD, { eval: true, execArgv: [], workerData, transferList: [port2] });
  Atomics.wait(done, 0, 0, LONGEST_WAIT);
  const { message } = (receiveMessageOnPort(port1) ?? {}) as { message?: { report?: Report; error?: string } };
  port1.close();
  thread.unref();
  if (message?.report) return message.report;
  throw new Error(`${name}: ${message?.error ?? "it was not judged in two minutes"}`);
}
