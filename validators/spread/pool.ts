/** Turns inputs into their hearings on as many threads as are worth it, the largest first, each fed with what it asks for. */
import { join } from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import type { NamedInput } from "../check";
import { exhausted } from "../memory";
import { serveBytes } from "./bytes";
import { type Job, type JobOptions, type Outcome, type Setup, troubleOf } from "./job";
import type { Store } from "./store";

/** The thread's program: beside this file once bundled, in `dist/` of the checkout else. */
const WORKER = join(__dirname, __filename.endsWith(".ts") ? "../../dist/worker.cjs" : "worker.cjs");

/** How a pool works. */
export interface PoolOptions {
  readonly options: JobOptions;
  readonly threads: number;
  readonly store: () => Promise<Store>;
  readonly onDone: () => void;
}

/** The outcome of each input, in the inputs' order. A thread that dies costs its input, not the others. */
export async function hearInThreads(
  inputs: readonly NamedInput[],
  weights: readonly number[],
  { options, threads, store, onDone }: PoolOptions,
): Promise<Outcome[]> {
  const queue = inputs
    .map((input, index): Job => ({ index, input }))
    .sort((a, b) => (weights[b.index] ?? 0) - (weights[a.index] ?? 0));
  const outcomes: Outcome[] = [];
  let opened: Promise<Store> | undefined;
  const once = (): Promise<Store> => (opened ??= store());
  const renewed = async (thread: Thread): Promise<Thread> => {
    await thread.end();
    return new Thread(options, once);
  };
  const work = async (): Promise<void> => {
    let thread = new Thread(options, once);
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      // One that died after its answer costs nobody anything: it would never take another job.
      if (thread.hasEnded) thread = await renewed(thread);
      try {
        outcomes[job.index] = await thread.run(job);
      } catch (error) {
        const cause = isExhausted(error) ? exhausted() : error;
        outcomes[job.index] = { trouble: troubleOf(cause, job.input.path) };
        thread = await renewed(thread);
      }
      onDone();
    }
    await thread.end();
  };
  await Promise.all(Array.from({ length: threads }, work));
  return outcomes;
}

const isExhausted = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";

/** One thread, and what serves its bytes. */
class Thread {
  private readonly worker: Worker;
  private readonly closeBytes: () => void;
  /** Whether it can take no job any more. */
  hasEnded = false;

  constructor(options: JobOptions, store: () => Promise<Store>) {
    const { port1, port2 } = new MessageChannel();
    const signal = new Int32Array(new SharedArrayBuffer(4));
    const setup: Setup = { options, bytes: port2, signal };
    this.worker = new Worker(WORKER, { workerData: setup, transferList: [port2] });
    this.closeBytes = serveBytes(port1, signal, store);
    const note = (): void => {
      this.hasEnded = true;
    };
    this.worker.once("exit", note).on("error", note);
  }

  /** Judges one input. Rejects when the thread dies over it. */
  run(job: Job): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      // Only these: the worker has listeners of its own.
      const answered = (outcome: Outcome): void => settle(() => resolve(outcome));
      const failed = (error: Error): void => settle(() => reject(error));
      const ended = (code: number): void => failed(new Error(`the thread ended with status ${code}`));
      const settle = (act: () => void): void => {
        this.worker.off("message", answered).off("error", failed).off("exit", ended);
        act();
      };
      this.worker.on("message", answered).on("error", failed).on("exit", ended);
      this.worker.postMessage(job);
    });
  }

  async end(): Promise<void> {
    this.closeBytes();
    await this.worker.terminate();
  }
}
