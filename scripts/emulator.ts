/** Turns the AWS emulator (moto) into a place to deploy to: started on a free port of loopback, and gone afterwards. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { awsProviderVersions } from "../stacks/aws-stack";
import { findTerraform } from "../validators/gate/find";
import { listenOnLoopback } from "./loopback";
import { committedLock, root } from "./synth";
import { isRegistryOutOfReach, quietEnvironment } from "./terraform";

/** The account that moto plays. */
export const emulatorAccount = "123456789012";

/** A running emulator. */
export interface Emulator {
  /** `http://127.0.0.1:PORT`: an IP address, so that the SDK puts bucket names into the path rather than the host. */
  readonly url: string;
  /** The environment in which Terraform, the SDK and everything else talk to the emulator only. */
  readonly env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** What a client of the AWS SDK is given so that it talks to the emulator. */
export const clientSettings = ({ url }: Pick<Emulator, "url">) => ({
  endpoint: url,
  region: "us-east-1",
  credentials: { accessKeyId: "emulator", secretAccessKey: "emulator" },
});

/**
 * What the real configuration leaves to the environment, for a run against the emulator: state on disk, and a few tries of each
 * call, since a loaded machine may lose an answer, but not 25, since moto answers calls that it doesn't know with status 500.
 */
export const emulatorOverrides = {
  terraform: { backend: { local: {} } },
  provider: { aws: [{ max_retries: 3 }] },
};

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenOnLoopback(server);
  await new Promise((closed) => server.close(closed));
  return port;
}

async function answers(url: string, child: ChildProcess): Promise<boolean> {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) return false;
    try {
      if ((await fetch(`${url}/moto-api/data.json`)).ok) return true;
    } catch {
      // Not up yet.
    }
    await wait(100);
  }
  return false;
}

/**
 * moto without the check of signatures: it gets those of Terraform's S3 calls wrong, and would refuse every one once it
 * enforces policies. Python runs a module of this name before anything else (https://docs.python.org/3/library/site.html).
 */
const UNSIGNED = `from moto.iam.access_control import IAMRequestBase
IAMRequestBase.check_signature = lambda self: None
`;

/**
 * Starts moto. With `unsigned`, it takes any signature, so that it can be told to enforce policies ({@link enforce}).
 * @throws Error when it doesn't answer within half a minute.
 */
export async function startEmulator({ unsigned = false } = {}): Promise<Emulator> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const modules = mkdtempSync(join(tmpdir(), "tollgate-moto-"));
  if (unsigned) writeFileSync(join(modules, "sitecustomize.py"), UNSIGNED);
  const child = spawn("moto_server", ["-H", "127.0.0.1", "-p", String(port)], {
    stdio: "ignore",
    env: unsigned ? { ...process.env, PYTHONPATH: modules } : process.env,
  });
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.once("error", () => undefined);
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.pid !== undefined) child.kill("SIGKILL");
    await gone;
    rmSync(modules, { recursive: true, force: true });
  };
  if (!(await answers(url, child))) {
    await stop();
    throw new Error("`moto_server` did not start");
  }
  return { url, env: emulatorEnvironment(url), stop };
}

/**
 * From now on every call needs a policy that allows it. moto looks at action names and at the resources of S3 only, and at no
 * condition (http://docs.getmoto.org/en/latest/docs/iam.html).
 */
export async function enforce({ url }: Emulator): Promise<void> {
  const answer = await fetch(`${url}/moto-api/reset-auth`, {
    method: "POST",
    headers: { "content-type": "text/plain" },
    body: "0",
  });
  if (!answer.ok) throw new Error(`moto does not enforce policies: status ${answer.status}`);
}

function emulatorEnvironment(url: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...quietEnvironment() };
  // What would lead the SDK to somebody's real account or past the emulator.
  for (const name of Object.keys(env)) if (name.startsWith("AWS_")) delete env[name];
  return {
    ...env,
    AWS_ACCESS_KEY_ID: "emulator",
    AWS_SECRET_ACCESS_KEY: "emulator",
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ENDPOINT_URL: url,
    NO_PROXY: "127.0.0.1",
  };
}

/**
 * What is missing for a deployment to the emulator, in words: Terraform, the AWS provider, moto. Empty where all is there.
 * Synchronous, so that tests can decide before they are collected; takes some seconds, since it really asks each.
 */
export function missingForEmulator(): string[] {
  const missing: string[] = [];
  try {
    const { path } = findTerraform();
    const provider = missingProvider(path);
    if (provider !== undefined) missing.push(provider);
  } catch {
    missing.push("neither `terraform` nor `tofu` is in PATH");
  }
  if (spawnSync("moto_server", ["--help"], { stdio: "ignore" }).status !== 0)
    missing.push("`moto_server` (Python package moto with its server extra) can't be run");
  return missing;
}

/** Why the AWS provider can't be had, by asking `terraform init` in a folder that is kept for that. */
function missingProvider(terraform: string): string | undefined {
  // Jest may run several files at once, and two `terraform init` in one folder get in each other's way.
  const folder = join(root, "cdktf.out", `probe-${process.env.JEST_WORKER_ID ?? "0"}`);
  mkdirSync(folder, { recursive: true });
  const required = { aws: { source: "hashicorp/aws", version: awsProviderVersions } };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers: required } }));
  copyFileSync(committedLock, join(folder, ".terraform.lock.hcl"));
  const init = spawnSync(terraform, ["init", "-input=false", "-no-color"], {
    cwd: folder,
    env: quietEnvironment(),
    encoding: "utf8",
  });
  if (init.status === 0) return undefined;
  const outcome = { status: init.status ?? 2, stdout: init.stdout, stderr: init.stderr };
  return isRegistryOutOfReach(outcome)
    ? "the AWS provider can't be had: neither the registry nor a filesystem mirror answers"
    : `\`terraform init\` fails: ${init.stderr.trim()}`;
}
