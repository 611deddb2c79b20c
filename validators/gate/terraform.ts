/** Turns questions to Terraform into runs of the real binary: its version, a saved plan as JSON, a new plan. */
import type { ChildProcess } from "node:child_process";
import { resolve } from "node:path";
import { InputError } from "../kernel/index";
import { type Environment, type Exit, ended, passSignals, type RunOptions, start, tail, withSignals } from "./child";
import { HOW_TO_GET_IT, type Terraform } from "./find";
import { directoryFor } from "./show-directory";

export type { Environment, Exit, RunOptions } from "./child";
export { deeper, findTerraform, type Terraform } from "./find";

/**
 * Environment without the flags that Terraform would add from `TF_CLI_ARGS` and `TF_CLI_ARGS_<command>`
 * (https://developer.hashicorp.com/terraform/cli/config/environment-variables#tf_cli_args-and-tf_cli_args_name).
 */
export function withoutExtraArguments(env: Environment): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^TF_CLI_ARGS(?:_|$)/i.test(name)));
}

/**
 * Runs the binary to its end. Streams are inherited unless told otherwise, signals that reach this process are passed on,
 * the status comes back. @throws InputError when it can't be started.
 */
export async function runTerraform(
  terraform: Terraform,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Exit> {
  const child = start(terraform.path, args, { ...options, stdio: options.stdio ?? "inherit" });
  return withSignals(child, () => ended(child, terraform.path, HOW_TO_GET_IT));
}

/** What a child printed, and how it ended. Standard output is bounded by the caller's limit. */
export interface Captured extends Exit {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the binary with its output captured: for short answers only (`version`, `output`), at most `limit` bytes.
 * @throws InputError when it can't be started or says more than that.
 */
export async function captureTerraform(
  terraform: Terraform,
  args: readonly string[],
  options: RunOptions & { readonly limit?: number } = {},
): Promise<Captured> {
  const limit = options.limit ?? 16 * 1024 * 1024;
  const child = start(terraform.path, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const stderr = tail(child);
  const chunks: Buffer[] = [];
  let length = 0;
  child.stdout?.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
    else child.kill("SIGKILL");
  });
  const exit = await withSignals(child, () => ended(child, terraform.path, HOW_TO_GET_IT));
  if (length > limit) throw new InputError(`\`${terraform.name} ${args[0] ?? ""}\` said more than ${limit} bytes`);
  return { ...exit, stdout: Buffer.concat(chunks).toString("utf8"), stderr: stderr() };
}

/** The version, `1.11.4`. @throws InputError when the binary doesn't tell it. */
export async function terraformVersion(terraform: Terraform, options: RunOptions = {}): Promise<string> {
  const env = withoutExtraArguments(options.env ?? process.env);
  const said = await captureTerraform(terraform, ["version", "-json"], { ...options, env });
  let version: unknown;
  try {
    const json: unknown = JSON.parse(said.stdout);
    if (typeof json === "object" && json !== null && "terraform_version" in json) version = json.terraform_version;
  } catch {
    // Said below: what isn't JSON has no version either.
  }
  if (said.status !== 0 || typeof version !== "string")
    throw new InputError(
      `\`${terraform.path} version -json\`: expected a version, found ${reason(said.stderr) ?? "none"}: ${HOW_TO_GET_IT}`,
    );
  return version;
}

/**
 * Writes `show -json PLANFILE` to a file descriptor: the child writes there itself, nothing passes through this process,
 * whatever the size. @throws InputError with Terraform's own reason when it fails; what was written then is no plan.
 */
export async function showPlanTo(
  terraform: Terraform,
  planFile: string,
  descriptor: number,
  options: RunOptions = {},
): Promise<void> {
  const { child, stderr, cwd } = startShow(terraform, planFile, descriptor, options);
  const exit = await withSignals(child, () => ended(child, terraform.path, HOW_TO_GET_IT));
  refuseFailedShow(terraform, planFile, cwd, exit, stderr());
}

/**
 * The bytes of `show -json PLANFILE` as they come. The iteration ends normally only after Terraform ended well; an early
 * `return` ends Terraform. @throws InputError with Terraform's own reason when it fails, after the last byte.
 */
export async function* showPlan(
  terraform: Terraform,
  planFile: string,
  options: RunOptions = {},
): AsyncGenerator<Buffer, void, undefined> {
  const { child, stderr, cwd } = startShow(terraform, planFile, "pipe", options);
  const end = ended(child, terraform.path, HOW_TO_GET_IT);
  // Looked at again below; without this a failure before the first read would be an unhandled rejection.
  end.catch(() => undefined);
  const release = passSignals(child);
  try {
    if (child.stdout !== null) for await (const chunk of child.stdout) if (Buffer.isBuffer(chunk)) yield chunk;
    refuseFailedShow(terraform, planFile, cwd, await end, stderr());
  } finally {
    release();
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
  }
}

/** How a `plan -out` ended. */
export type Planned = "no-changes" | "changes" | { readonly failed: Exit };

/**
 * Runs `plan ARGS -detailed-exitcode -out=FILE`: the last of a flag counts. `args` are flags of `plan`; `globals` stand before the command (`-chdir=…`).
 * A failed plan may leave a file: it must not be applied. Flags in the environment (`TF_CLI_ARGS_plan`) count. The file holds
 * every secret in clear: only this user can read it.
 */
export async function planTo(
  terraform: Terraform,
  file: string,
  args: readonly string[],
  options: RunOptions & { readonly globals?: readonly string[] } = {},
): Promise<Planned> {
  const mask = process.umask(0o077);
  const exit = await runTerraform(
    terraform,
    [...(options.globals ?? []), "plan", ...args, "-detailed-exitcode", `-out=${file}`],
    options,
  ).finally(() => process.umask(mask));
  if (exit.signal === undefined && exit.status === 0) return "no-changes";
  if (exit.signal === undefined && exit.status === 2) return "changes";
  return { failed: exit };
}

function startShow(
  terraform: Terraform,
  planFile: string,
  stdout: number | "pipe",
  options: RunOptions,
): { child: ChildProcess; stderr: () => string; cwd: string } {
  const env = withoutExtraArguments(options.env ?? process.env);
  const cwd = options.cwd ?? directoryFor(planFile, process.cwd(), env);
  // Absolute, so that neither another directory nor a leading `-` changes what is shown.
  const file = resolve(planFile);
  const child = start(terraform.path, ["show", "-json", "-no-color", file], {
    cwd,
    env,
    stdio: ["ignore", stdout, "pipe"],
  });
  return { child, stderr: tail(child), cwd };
}

function refuseFailedShow(terraform: Terraform, planFile: string, cwd: string, exit: Exit, stderr: string): void {
  if (exit.status === 0) return;
  const why = reason(stderr) ?? (exit.signal === undefined ? `status ${exit.status}` : `signal ${exit.signal}`);
  const isUninitialised = /schema|plugin|provider|init/i.test(why);
  const what = isUninitialised ? `: run \`${terraform.name} init\` in \`${cwd}\` first` : "";
  throw new InputError(
    `\`${planFile}\`: expected a saved plan that \`${terraform.name} show\` reads, found: ${why}${what}`,
  );
}

/** The first error in what Terraform printed, in one line without its frame; `undefined` where it printed none. */
export function reason(stderr: string): string | undefined {
  const lines = stderr
    .replaceAll(/\u001b\[[0-9;]*m/g, "")
    .split("\n")
    .map((line) => line.replace(/^[│╷╵\s]+/, "").trim())
    .filter((line) => line !== "");
  const error = lines.findIndex((line) => line.startsWith("Error: "));
  const said = error === -1 ? lines.at(-1) : lines[error]?.slice("Error: ".length);
  return said?.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, "").slice(0, 300);
}
