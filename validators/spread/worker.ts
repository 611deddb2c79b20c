/** A thread's door: turns each input that it is sent into its hearing, or into what kept it from being judged. */
import { parentPort, workerData } from "node:worker_threads";
import { hearInput } from "../check";
import { planFiles } from "../files";
import type { PlanFiles } from "../input";
import { bytesOf } from "./bytes";
import { type Job, type Outcome, type Setup, troubleOf } from "./job";

/** What {@link Setup} holds, sent by the pool that started this thread. */
const { options, bytes, signal }: Setup = workerData;

const files: PlanFiles = { ...planFiles, remote: (uri) => bytesOf(uri, bytes, signal) };

async function outcomeOf({ input }: Job): Promise<Outcome> {
  try {
    return { hearing: await hearInput(input, { ...options, files }) };
  } catch (error) {
    return { trouble: troubleOf(error, input.path) };
  }
}

parentPort?.on("message", async (job: Job) => parentPort?.postMessage(await outcomeOf(job)));
