/** Turns several inputs into one report: small runs in this thread, larger ones spread over the cores. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { type NamedInput, settings } from "../check";
import { planFiles } from "../files";
import { isRemote } from "../input";
import { together } from "../judge/index";
import { InputError, type Report } from "../kernel/index";
import { RULES } from "../rules/index";
import { errorOf, type JobOptions, type Outcome, outcomeOf } from "./job";
import { namedInputs } from "./name";
import type { SpreadOptions } from "./options";
import type { Store } from "./store";

export { inputsOf } from "./inputs";

/** S3, with the credentials that the AWS SDK finds. @throws InputError where the SDK isn't installed. */
export const s3Store = async (): Promise<Store> => (await import("./s3")).s3Store();

/** Up to this many bytes in all, starting threads is taken to cost more than it saves; an estimate, no measurement. */
const INLINE_BYTES = 8 << 20;
/** A thread more for each of these. */
const BYTES_A_THREAD = 4 << 20;
/** What can't be told without reading counts as this much: a directory, an object. */
const UNTOLD_BYTES = 1 << 20;
/** A binary plan is shown by a Terraform of its own, which costs more than any JSON. */
const BINARY_BYTES = 64 << 20;
const MOST_THREADS = 16;

/**
 * Judges all inputs into one report, sorted by the inputs' names. A single input gets the report of one, as `judgeInput`
 * makes it for local ones.
 * @throws AggregateError with an error for each input that can't be judged: there is no report of the rest.
 */
export async function judgeAll(paths: readonly string[], options: SpreadOptions = {}): Promise<Report> {
  // Looked up once: the configuration and the day are those of the whole run.
  const { config, today } = settings(options);
  const outcomes = await hearAll(paths, { ...options, config, today });
  const troubles = outcomes.flatMap((one) => ("trouble" in one ? [one.trouble] : []));
  if (troubles.length > 0) {
    const distinct = [...new Map(troubles.map((one) => [one.message, one])).values()];
    throw new AggregateError(distinct.map(errorOf), `${troubles.length} of ${paths.length} inputs can't be judged`);
  }
  return together(
    outcomes.flatMap((one) => ("hearing" in one ? [one.hearing] : [])),
    { config, today },
  );
}

/** An input and how it went. */
export type Heard = NamedInput & Outcome;

/** Judges each input by itself: one that can't be judged keeps none of the others from it. Sorted by name. */
export async function hearAll(paths: readonly string[], options: SpreadOptions = {}): Promise<Heard[]> {
  const { config, account, today, rules } = settings(options);
  const sources = options.sources ?? [];
  if (sources.length > 1)
    throw new InputError(`--source: expected one file or directory for all inputs, found ${sources.length}`);
  const inputs = namedInputs(paths);
  const given: JobOptions = { sources, config, today, ...(account === undefined ? {} : { account }) };
  const isRemoteRun = inputs.some(({ path }) => isRemote(path)) || sources.some(isRemote);
  const weights = inputs.map(({ path }) => weightOf(path));
  const bytes = weights.reduce((sum, weight) => sum + weight, 0);
  let done = 0;
  const onDone = (): void => options.onDone?.(++done, inputs.length);
  // Rules of the caller's own are functions, which can't be handed to a thread.
  const threads = rules === RULES ? (options.threads ?? threadsFor(inputs.length, bytes, isRemoteRun)) : 0;
  const outcomes =
    threads === 0 && !isRemoteRun
      ? await hearInline(inputs, { ...given, rules, files: planFiles }, onDone)
      : await (await import("./pool")).hearInThreads(inputs, weights, {
          options: given,
          threads: Math.max(1, Math.min(threads, inputs.length)),
          store: options.store ?? s3Store,
          onDone,
        });
  return inputs.flatMap((input, index) => {
    const outcome = outcomes[index];
    return outcome === undefined ? [] : [{ ...input, ...outcome }];
  });
}

/** A thread that waits for a network uses no core: there can be more of them. Objects are always read in a thread. */
function threadsFor(inputs: number, bytes: number, isRemoteRun: boolean): number {
  const cores = availableParallelism();
  if (isRemoteRun) return Math.min(inputs, MOST_THREADS, 2 * cores);
  const isSmall = bytes <= INLINE_BYTES || inputs === 1 || cores === 1;
  return isSmall ? 0 : Math.min(inputs, MOST_THREADS, cores, Math.ceil(bytes / BYTES_A_THREAD));
}

async function hearInline(
  inputs: readonly NamedInput[],
  options: Parameters<typeof outcomeOf>[1],
  onDone: () => void,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const input of inputs) {
    outcomes.push(await outcomeOf(input, options));
    onDone();
  }
  return outcomes;
}

/** About how much work an input is, in bytes of JSON. What isn't there weighs nothing: its judge says so. */
function weightOf(path: string): number {
  if (path === "-" || isRemote(path)) return UNTOLD_BYTES;
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return UNTOLD_BYTES;
    return isArchive(path) ? BINARY_BYTES : stat.size;
  } catch {
    return 0;
  }
}

/** Whether a file begins like a saved plan. */
function isArchive(path: string): boolean {
  const descriptor = openSync(path, "r");
  try {
    const head = Buffer.alloc(2);
    return readSync(descriptor, head, 0, 2, 0) === 2 && head.toString("latin1") === "PK";
  } finally {
    closeSync(descriptor);
  }
}
