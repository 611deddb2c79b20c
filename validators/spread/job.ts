/** What the threads of a run tell each other: an input to judge, its hearing or what kept it from being judged, and bytes. */
import type { MessagePort } from "node:worker_threads";
import { hearInput, type NamedInput } from "../check";
import { BrokenRuleError, type Config, type Hearing } from "../judge/index";
import { InputError } from "../kernel/index";

/** What all inputs of a run are judged by: data only, so that it can be handed to a thread. */
export interface JobOptions {
  readonly sources: readonly string[];
  readonly config: Config;
  readonly account?: string;
  readonly today: string;
}

/** What a thread is started with. */
export interface Setup {
  readonly options: JobOptions;
  /** Where bytes of remote inputs come from. */
  readonly bytes: MessagePort;
  /** Counts the messages to `bytes`, so that the thread can wait for the next one. */
  readonly signal: Int32Array;
}

/** One input, by its place in the report. */
export interface Job {
  readonly index: number;
  readonly input: NamedInput;
}

/** Why an input could not be judged: the input, or Tollgate itself. One line, with the input's path. */
export interface Trouble {
  readonly message: string;
  readonly isOurs: boolean;
}

/** How a job ended. */
export type Outcome = { readonly hearing: Hearing } | { readonly trouble: Trouble };

/** Judges one input; what keeps it from being judged keeps none of the others. */
export async function outcomeOf(input: NamedInput, options: Parameters<typeof hearInput>[1]): Promise<Outcome> {
  try {
    return { hearing: await hearInput(input, options) };
  } catch (error) {
    return { trouble: troubleOf(error, input.path) };
  }
}

/** The trouble that an error is, with the path of the input that it is about. */
export function troubleOf(error: unknown, path: string): Trouble {
  const message = error instanceof Error ? error.message : String(error);
  return {
    message: message.includes(path) ? message : `${path}: ${message}`,
    isOurs: !(error instanceof InputError) && !(error instanceof BrokenRuleError),
  };
}

/** The other way round, for the process door: a fault of Tollgate stays one. */
export const errorOf = ({ message, isOurs }: Trouble): Error => (isOurs ? new Error(message) : new InputError(message));
