/** Turns the inputs of a command into their report: one as it is, several spread over the cores; progress on a terminal. */
import { type CheckOptions, type Judged, judgeInput } from "../check";
import { planFiles } from "../files";
import { statOf } from "../gate/write";
import { isRemote, type PlanFiles } from "../input";
import type { Report } from "../kernel/index";
import { progressOf } from "../progress";

/** The inputs as the command line gives them: arguments, and the file that lists more of them. */
export interface GivenInputs {
  readonly inputs: readonly string[];
  readonly list?: string | undefined;
}

/** The one local file that is meant, where it is one: it is judged as it is, and can be sealed. */
export function onlyFile({ inputs: [only, ...more], list }: GivenInputs): string | undefined {
  return only !== undefined && more.length === 0 && list === undefined && !isRemote(only) ? only : undefined;
}

/**
 * Judges what is meant into one report; `judged` where it is one file. `files` is how that one file is read. Throws an
 * InputError, or one for each input.
 */
export async function judgeInputs(
  given: GivenInputs,
  options: CheckOptions,
  files: Partial<PlanFiles> = {},
): Promise<{ readonly report: Report; readonly judged?: Judged }> {
  const only = onlyFile(given);
  if (only === undefined) return { report: await judgeSeveral(given, options) };
  const judged = await judgeOne(only, options, files);
  return { report: judged.report, judged };
}

const inMiB = (bytes: number): number => Math.round(bytes / (1 << 20));

async function judgeOne(input: string, options: CheckOptions, files: Partial<PlanFiles>): Promise<Judged> {
  const progress = progressOf("MiB");
  const size = statOf(input)?.size ?? 0;
  // Standard input doesn't say how long it is.
  const watch = size === 0 ? {} : { onRead: (bytes: number) => progress.show(inMiB(bytes), inMiB(size)) };
  try {
    return await judgeInput(input, { ...options, files: { ...planFiles, ...files, ...watch } });
  } finally {
    progress.clear();
  }
}

/** Loaded for several inputs and remote ones only: one file must stay as fast as it is. */
async function judgeSeveral({ inputs, list }: GivenInputs, options: CheckOptions): Promise<Report> {
  const { judgeAll, inputsOf, s3Store } = await import("../spread/index");
  const progress = progressOf("inputs");
  try {
    return await judgeAll(await inputsOf(inputs, list, s3Store), { ...options, onDone: progress.show });
  } finally {
    progress.clear();
  }
}
