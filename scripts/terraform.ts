/** Turns the environment into the Terraform that can be run, and a command line into what it printed and how it ended. */
import { spawn } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** How a child process ended; `status` 127 also stands for one that could not be started. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and with what a child runs; with `show`, its streams are the terminal's and nothing is captured. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly show?: boolean;
}

/** Runs one command to its end, without a shell. Never rejects: a command that can't be started is an outcome too. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const stream = options.show ? "inherit" : "pipe";
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: [options.input === undefined ? "ignore" : "pipe", stream, stream],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", (error) => resolve({ status: 127, stdout: "", stderr: error.message }));
    child.on("close", (code) =>
      resolve({
        status: code ?? 2,
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8"),
      }),
    );
    // A child that ends without reading everything breaks the pipe; its exit status tells the story.
    child.stdin?.on("error", () => {});
    child.stdin?.end(options.input);
  });
}

/** Whether PATH, or the path itself, leads to something that may be run. */
function isRunnable(command: string): boolean {
  const places = command.includes("/") ? [""] : (process.env.PATH ?? "").split(delimiter);
  return places.some((place) => {
    try {
      accessSync(join(place, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The Terraform to run: what `TOLLGATE_TERRAFORM` says, else `terraform`, else `tofu`; nothing where none can be run. */
export function findTerraform(): string | undefined {
  const chosen = process.env.TOLLGATE_TERRAFORM;
  return (chosen ? [chosen] : ["terraform", "tofu"]).find(isRunnable);
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
