/**
 * Turns the small projects in `__tests__/fixtures/plans` into recorded plans, with the real Terraform against the AWS
 * emulator: `npm run fixtures:record -- [SHAPE…]`, all shapes by default. A project's `outside/` is applied first as
 * somebody else's and its `before/`, with the project's own modules, as its own earlier self. `recording.json` may name
 * `arguments` of `terraform plan`, say that the project's own apply `fails` halfway before it is planned, or name the kind
 * `state`: then it is applied and its state recorded. What `also` names is recorded besides, under that name; `of` says
 * whether of the earlier self. Terraform runs in a temporary folder, so that no path of this machine gets into a plan.
 */
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, emulatorOverrides, startEmulator } from "./emulator";

const FIXTURES = join(__dirname, "..", "__tests__", "fixtures", "plans");

/** What `recording.json` says. */
interface Recording {
  readonly arguments?: readonly string[];
  readonly fails?: true;
  readonly kind?: "state";
  readonly of?: "before";
  readonly also?: Readonly<Record<string, Recording>>;
}

class Run {
  constructor(
    readonly folder: string,
    readonly env: NodeJS.ProcessEnv,
  ) {}

  run(...args: readonly string[]): SpawnSyncReturns<string> {
    return spawnSync("terraform", args, { cwd: this.folder, env: this.env, encoding: "utf8", maxBuffer: 1 << 28 });
  }

  terraform(...args: readonly string[]): string {
    const result = this.run(...args);
    if (result.status !== 0) throw new Error(`terraform ${args.join(" ")}\n${result.stdout}${result.stderr}`);
    return result.stdout;
  }

  /** Puts a project's files in place of those that are there, and keeps state and provider. */
  load(project: string, modules?: string): void {
    for (const name of readdirSync(this.folder))
      if (!isKept(name)) rmSync(join(this.folder, name), { recursive: true });
    const folders = modules === undefined ? [] : readdirSync(modules, { withFileTypes: true });
    for (const entry of folders) if (entry.isDirectory()) this.#copy(modules ?? project, entry.name);
    for (const name of readdirSync(project)) this.#copy(project, name);
    writeFileSync(join(this.folder, "rehearsal_override.tf.json"), JSON.stringify(emulatorOverrides));
    this.terraform("init", "-input=false", "-no-color");
  }

  #copy(project: string, name: string): void {
    if (!isAbout(name)) cpSync(join(project, name), join(this.folder, name), { recursive: true });
  }
}

/** What lies in a project's folder and is no part of the project: recordings, what is said of them, and other projects. */
const isAbout = (name: string): boolean => /^(?:before|outside|(?!.*\.tf\.).*\.json)$/.test(name);

const isKept = (name: string): boolean => name.startsWith(".terraform") || name.startsWith("terraform.tfstate");

/** Records all that there is to record of a project, and gives the names. */
async function record(shape: string, emulator: Emulator): Promise<readonly string[]> {
  const project = join(FIXTURES, shape);
  const file = join(project, "recording.json");
  const recording: Recording = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const also = Object.entries(recording.also ?? {});
  await recordOne(project, recording, "plan", emulator);
  for (const [name, one] of also) await recordOne(project, one, name, emulator);
  return [shape, ...also.map(([name]) => name)];
}

async function recordOne(project: string, recording: Recording, name: string, emulator: Emulator): Promise<void> {
  await fetch(`${emulator.url}/moto-api/reset`, { method: "POST" });
  const env = { ...emulator.env, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
  const folder = mkdtempSync(join(tmpdir(), "tollgate-fixture-"));
  const other = mkdtempSync(join(tmpdir(), "tollgate-fixture-"));
  const before = join(project, "before");
  try {
    if (existsSync(join(project, "outside"))) apply(new Run(other, env), join(project, "outside"));
    const run = new Run(folder, env);
    if (existsSync(before)) apply(run, before, project);
    if (recording.of === undefined) run.load(project);
    if (recording.fails && run.run(...APPLY).status === 0)
      throw new Error(`${name}: expected an apply that fails, found one that doesn't`);
    if (recording.kind === "state" && !recording.fails) run.terraform(...APPLY);
    if (recording.kind !== "state")
      run.terraform("plan", "-input=false", "-no-color", "-out=plan.tfplan", ...(recording.arguments ?? []));
    const json = run.terraform("show", "-json", ...(recording.kind === "state" ? [] : ["plan.tfplan"]));
    if (json.includes(folder)) throw new Error(`${name}: the plan names the folder that it was made in`);
    writeFileSync(join(project, `${name}.json`), `${JSON.stringify(JSON.parse(json), null, 1)}\n`);
  } finally {
    for (const one of [folder, other]) rmSync(one, { recursive: true, force: true });
  }
}

const APPLY = ["apply", "-input=false", "-no-color", "-auto-approve"];

function apply(run: Run, project: string, modules?: string): void {
  run.load(project, modules);
  run.terraform(...APPLY);
}

async function main(): Promise<void> {
  const named = process.argv.slice(2);
  const shapes = named.length > 0 ? named : readdirSync(FIXTURES).sort();
  const failed: string[] = [];
  const emulator = await startEmulator();
  try {
    for (const shape of shapes) {
      try {
        for (const name of await record(shape, emulator)) process.stdout.write(`${name}\n`);
      } catch (error) {
        failed.push(shape);
        process.stderr.write(`${shape}: ${error instanceof Error ? error.message : String(error)}\n`);
      }
    }
  } finally {
    await emulator.stop();
  }
  if (failed.length > 0) {
    process.stderr.write(`not recorded: ${failed.join(", ")}\n`);
    process.exitCode = 1;
  }
}

void main();
