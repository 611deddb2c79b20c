/** A thread's door: turns each input that it is sent into its hearing, or into what kept it from being judged. */
import { parentPort, workerData } from "node:worker_threads";
import { planFiles } from "../files";
import type { PlanFiles } from "../input";
import { bytesOf } from "./bytes";
import { type Job, outcomeOf, type Setup } from "./job";

/** What {@link Setup} holds, sent by the pool that started this thread. */
const { options, bytes, signal }: Setup = workerData;

const files: PlanFiles = { ...planFiles, remote: (uri) => bytesOf(uri, bytes, signal) };

parentPort?.on("message", async ({ input }: Job) =>
  parentPort?.postMessage(await outcomeOf(input, { ...options, files })),
);
