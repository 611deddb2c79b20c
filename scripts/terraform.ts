/** Turns a command line into what it printed and how it ended, in an environment that keeps Terraform and CDKTF quiet. */
import { existsSync } from "node:fs";
import { ended, start, withSignals } from "../validators/gate/child";

/** How a command ended. With `show`, what it printed went to the terminal and is empty here. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and with what a command runs; with `show`, its streams are the terminal's. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What it reads on standard input; default: nothing. */
  readonly input?: string;
  readonly show?: boolean;
}

/** Runs one command to its end, without a shell. @throws InputError when it can't be started. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const stream = options.show ? "inherit" : "pipe";
  const child = start(command, args, {
    cwd: options.cwd ?? process.cwd(),
    env: options.env ?? process.env,
    stdio: [options.input === undefined ? "ignore" : "pipe", stream, stream],
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
  // A child that ends without reading everything breaks the pipe; its exit status tells the story.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(options.input);
  const { status } = await withSignals(child, () => ended(child, command, "is it installed?"));
  return { status, stdout: Buffer.concat(stdout).toString("utf8"), stderr: Buffer.concat(stderr).toString("utf8") };
}

/** The outcome, where it was a success. @throws Error with what the command printed otherwise. */
export function succeed(outcome: Outcome, what: string): Outcome {
  if (outcome.status !== 0) throw new Error(`${what} failed\n${outcome.stderr || outcome.stdout}`.trimEnd());
  return outcome;
}

/**
 * The environment for Terraform and CDKTF: no call home, no question asked, no note on a CLI configuration file that the
 * environment names but that isn't there (Terraform would repeat it at each call, and CDKTF shows it as an error).
 */
export function quietEnvironment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    CHECKPOINT_DISABLE: "1",
    CI: "true",
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
  };
  if (env.TF_CLI_CONFIG_FILE && !existsSync(env.TF_CLI_CONFIG_FILE)) delete env.TF_CLI_CONFIG_FILE;
  return env;
}

/** How `terraform init` says that it asked a registry and got no answer. */
const registryOutOfReach =
  /failed to (query available provider packages|install provider)|could not (connect to|query provider registry)|registry service is unreachable|discovery document|no such host/i;

/** Whether a failed `terraform init` failed because the provider can't be had, rather than because of what it was given. */
export function isRegistryOutOfReach(init: Outcome): boolean {
  return init.status !== 0 && registryOutOfReach.test(init.stderr);
}
