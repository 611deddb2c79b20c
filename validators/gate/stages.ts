/** Turns a stage's name and flags into its work: what each CI system calls, so that the logic stands once. */
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { join, relative, resolve } from "node:path";
import { InputError } from "../kernel/index";
import { json } from "../report/sanitize";
import { type Environment, type Exit, ended, start, withSignals } from "./child";
import { isBitbucket, publishCodeInsights } from "./code-insights";
import { sha256OfFile } from "./digest";
import { driftOf } from "./drift";
import { flagsFromEnvironment } from "./environment";
import { CLI } from "./judge";
import { messageOf, plain } from "./plain";
import { inPrivateFolder } from "./private-folder";
import { removeSeal } from "./seal";
import type { StageName } from "./stage-names";
import { findTerraform, planTo, runTerraform, showPlanTo, withoutExtraArguments } from "./terraform";
import { withoutWorkflowCommands } from "./workflow-commands";
import { writeWhole } from "./write";

/** The settings of a stage. */
interface Settings {
  /** The directory with the configuration. */
  readonly dir: string;
  /** `DIR/gate`: the plan, its seal, the reports. */
  readonly gate: string;
  readonly sealKey?: string;
  readonly publicKey?: string;
  readonly maxAge?: string;
  readonly env: Environment;
}

type Stage = (settings: Settings) => Promise<number>;

const WORK: Readonly<Record<StageName, Stage>> = { preplan, plan, judge, apply, verify };

/** Reports that a judged plan leaves behind, by format. */
const REPORTS = [
  ["json", "report.json"],
  ["text", "report.txt"],
  ["markdown", "report.md"],
  ["html", "report.html"],
  ["sarif", "report.sarif"],
  ["junit", "junit.xml"],
  ["github", "github.txt"],
  ["gitlab", "gitlab.json"],
  ["bitbucket", "bitbucket.json"],
] as const;

/** Largest plan whose drift is looked at in one piece, in bytes. */
const MOST_PLAN = 512 * 1024 * 1024;

/** The flags of a stage, as the command line gives them. */
export interface StageFlags {
  readonly dir?: string;
  readonly stack?: string;
  readonly config?: string;
  readonly sealKey?: string;
  readonly publicKey?: string;
  readonly maxAge?: string;
}

/** Runs a stage to its exit status (`tollgate gate --help` says which). Never throws, never prints a stack trace. */
export async function runStage(name: StageName, flags: StageFlags, env: Environment = process.env): Promise<number> {
  try {
    return await WORK[name](settingsOf(flags, env));
  } catch (error) {
    const said = error instanceof InputError ? error.message : `a fault of tollgate itself: ${messageOf(error)}`;
    process.stderr.write(`tollgate gate: ${plain(said, 2000)}\n`);
    return 2;
  }
}

function settingsOf({ dir, stack, config, ...flags }: StageFlags, env: Environment): Settings {
  const folder =
    dir ?? (stack === undefined ? undefined : stackFolder(stack)) ?? env.TOLLGATE_DIR ?? defaultFolder(env);
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new InputError(`\`${folder}\`: expected a directory with Terraform configuration, found none`);
  const chosen = {
    sealKey: flags.sealKey ?? env.TOLLGATE_SEAL_KEY,
    publicKey: flags.publicKey ?? env.TOLLGATE_PUBLIC_KEY,
    maxAge: flags.maxAge ?? env.TOLLGATE_MAX_AGE,
  };
  const given = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined && value !== ""));
  // Without one, the configuration in the working directory, as for every command: never one that lies beside what is
  // judged, since that may come from the pull request that it would excuse.
  const asked = { ...env, ...(config === undefined ? {} : { TOLLGATE_CONFIG: config }) };
  return { ...given, dir: resolve(folder), gate: resolve(folder, "gate"), env: quiet(asked) };
}

const stackFolder = (stack: string): string => {
  if (!/^[\w.-]+$/.test(stack)) throw new InputError(`\`--stack\`: expected a stack's name, found \`${stack}\``);
  return join("cdktf.out", "stacks", stack);
};

/** The stack that the environment names, else the only one there is, else here. */
function defaultFolder(env: Environment): string {
  if (env.TOLLGATE_STACK) return stackFolder(env.TOLLGATE_STACK);
  const stacks = join("cdktf.out", "stacks");
  if (!existsSync(stacks)) return ".";
  const names = readdirSync(stacks);
  const [only] = names;
  if (only !== undefined && names.length === 1) return join(stacks, only);
  throw new InputError(
    `expected \`--stack\` or \`--dir\`, as there are ${names.length} stacks: ${names.sort().join(", ")}`,
  );
}

/** Terraform without questions and calls home. */
const quiet = (env: Environment): Environment => ({
  CHECKPOINT_DISABLE: "1",
  ...env,
  TF_IN_AUTOMATION: "1",
  TF_INPUT: "0",
});

/** The before-plan check of the directory, as Terraform loads it. */
function preplan(settings: Settings): Promise<number> {
  return tollgate(["preplan", relativeTo(settings), ...flagsFromEnvironment("preplan", settings.env)], settings);
}

/** The directory as a person would name it from here. */
const relativeTo = ({ dir }: Settings): string => relative(process.cwd(), dir) || ".";

/** A new plan in a `gate` folder in which nothing of an earlier run is left. */
async function plan(settings: Settings): Promise<number> {
  rmSync(settings.gate, { recursive: true, force: true });
  // In CI the directory may come from another job, with providers in it that nobody checked.
  if (settings.env.CI) rmSync(join(settings.dir, ".terraform"), { recursive: true, force: true });
  const initialised = await init(settings, []);
  if (initialised !== 0) return initialised;
  mkdirSync(settings.gate, { recursive: true });
  const made = await asText(settings, () =>
    planTo(findTerraform(settings.env), join(settings.gate, "plan.tfplan"), ["-input=false"], {
      cwd: settings.dir,
      env: settings.env,
    }),
  );
  return typeof made === "object" ? statusOf(made.failed, "plan") : 0;
}

/** The status of an end that Terraform itself explained, unless a signal left it no time to. */
function statusOf({ status, signal }: Exit, command: string): number {
  if (signal !== undefined) process.stderr.write(`tollgate gate: terraform ${command} was ended by ${signal}\n`);
  return status;
}

/** What Terraform prints is text: it holds what a pull request wrote. */
const asText = <T>({ env }: Settings, work: () => Promise<T>): Promise<T> =>
  withoutWorkflowCommands(env, process.stdout, work);

/** `init`; a lock file, where there is one, is obeyed and not changed. */
async function init(settings: Settings, flags: readonly string[]): Promise<number> {
  const { dir, env } = settings;
  const lock = existsSync(join(dir, ".terraform.lock.hcl")) ? ["-lockfile=readonly"] : [];
  const exit = await asText(settings, () =>
    runTerraform(findTerraform(env), ["init", "-input=false", ...lock, ...flags], { cwd: dir, env }),
  );
  return statusOf(exit, "init");
}

/** The plan's verdict, all reports, and its seal where it passed. */
async function judge(settings: Settings): Promise<number> {
  const { gate, dir, sealKey } = settings;
  // Whatever happens now, an earlier seal is none of this run's.
  removeSeal(join(gate, "seal.json"));
  // On another machine than the plan's: showing a plan needs the providers, but neither state nor credentials.
  if (!existsSync(join(dir, ".terraform"))) {
    const initialised = await init(settings, ["-backend=false"]);
    if (initialised !== 0) return initialised;
  }
  const status = await check(join(gate, "plan.tfplan"), settings, [
    // Not in `gate`, which may come from another job, with providers in it that nobody checked.
    ...["--show-in", dir],
    ...["--seal", join(gate, "seal.json")],
    ...(sealKey === undefined ? [] : ["--seal-key", sealKey]),
  ]);
  publishOnGitHub(settings);
  await publishOnBitbucket(settings);
  return status;
}

async function check(input: string, settings: Settings, flags: readonly string[]): Promise<number> {
  const outs = REPORTS.flatMap(([format, file]) => ["--out", `${format}=${join(settings.gate, file)}`]);
  return tollgate(["check", input, ...outs, ...flagsFromEnvironment("check", settings.env), ...flags], settings);
}

/** Runs our own command line with our streams. */
async function tollgate(args: readonly string[], { env }: Settings): Promise<number> {
  const child = start(process.execPath, [CLI, ...args], { env, stdio: "inherit" });
  const exit = await withSignals(child, () => ended(child, process.execPath, "it is the Node.js that runs tollgate"));
  return exit.status;
}

/** Annotations are commands on standard output, the summary is a file that GitHub names. */
function publishOnGitHub({ gate, env }: Settings): void {
  if (env.GITHUB_ACTIONS !== "true") return;
  const [annotations, summary] = [join(gate, "github.txt"), join(gate, "report.md")];
  if (existsSync(annotations)) process.stdout.write(readFileSync(annotations));
  if (env.GITHUB_STEP_SUMMARY && existsSync(summary)) appendFileSync(env.GITHUB_STEP_SUMMARY, readFileSync(summary));
}

/** Beside the commit; that it can't be shown there is said and changes no verdict. */
async function publishOnBitbucket({ gate, env }: Settings): Promise<void> {
  const report = join(gate, "bitbucket.json");
  if (!isBitbucket(env) || !existsSync(report)) return;
  const trouble = await publishCodeInsights(report, env);
  if (trouble !== undefined) process.stderr.write(`tollgate: ${plain(trouble)}\n`);
}

/** The seal first, on a private copy of the plan; nothing of the artifacts runs before. Then that very copy is applied. */
async function apply(settings: Settings): Promise<number> {
  const { gate, dir, env } = settings;
  return inPrivateFolder(async (folder) => {
    const planFile = join(folder, "plan.tfplan");
    try {
      copyFileSync(join(gate, "plan.tfplan"), planFile);
    } catch (error) {
      throw new InputError(`expected a plan to apply (\`gate plan\` makes it), found ${messageOf(error)}`);
    }
    const sealed = await sha256OfFile(planFile);
    const verified = await tollgate(
      ["verify", planFile, "--seal", join(gate, "seal.json"), ...verifyFlags(settings)],
      settings,
    );
    if (verified !== 0) return verified;
    const initialised = await init(settings, []);
    if (initialised !== 0) return initialised;
    if ((await sha256OfFile(planFile)) !== sealed) throw new InputError("the plan changed after its seal was verified");
    // No flag of the environment may change what a saved plan does.
    const exit = await asText(settings, () =>
      runTerraform(findTerraform(env), ["apply", "-input=false", planFile], {
        cwd: dir,
        env: withoutExtraArguments(env),
      }),
    );
    return statusOf(exit, "apply");
  });
}

const verifyFlags = ({ publicKey, maxAge, env }: Settings): readonly string[] => [
  ...(publicKey === undefined ? [] : ["--public-key", publicKey]),
  ...(maxAge === undefined ? [] : ["--max-age", maxAge]),
  ...flagsFromEnvironment("verify", env),
];

/** Judges the state that there is now, then looks for what isn't as it was left. */
async function verify(settings: Settings): Promise<number> {
  const { dir, env, gate } = settings;
  const initialised = await init(settings, []);
  if (initialised !== 0) return initialised;
  mkdirSync(gate, { recursive: true });
  return inPrivateFolder(async (folder) => {
    const terraform = findTerraform(env);
    const state = join(folder, "state.json");
    const descriptor = openSync(state, "wx", 0o600);
    const shown = await asText(settings, () =>
      runTerraform(terraform, ["show", "-json"], {
        cwd: dir,
        env: withoutExtraArguments(env),
        stdio: ["ignore", descriptor, "inherit"],
      }),
    ).finally(() => closeSync(descriptor));
    if (shown.status !== 0) return statusOf(shown, "show");
    const status = await check(state, settings, ["--source", dir]);
    return status === 0 ? lookForDrift(settings, folder) : status;
  });
}

async function lookForDrift(settings: Settings, folder: string): Promise<number> {
  const { dir, env, gate } = settings;
  const terraform = findTerraform(env);
  const planFile = join(folder, "drift.tfplan");
  const made = await asText(settings, () =>
    planTo(terraform, planFile, ["-input=false"], {
      cwd: dir,
      env,
      stdio: ["ignore", "ignore", "inherit"],
    }),
  );
  if (typeof made === "object") return statusOf(made.failed, "plan");
  const shown = join(folder, "drift.json");
  const descriptor = openSync(shown, "wx", 0o600);
  await showPlanTo(terraform, planFile, descriptor, { cwd: dir, env }).finally(() => closeSync(descriptor));
  if (statSync(shown).size > MOST_PLAN)
    throw new InputError(`a plan of more than ${MOST_PLAN} bytes: its drift isn't read`);
  const drift = driftOf(JSON.parse(readFileSync(shown, "utf8")));
  writeWhole(join(gate, "drift.json"), json(drift));
  for (const { address, kind, attributes } of drift)
    process.stdout.write(`${kind} ${plain(address)}: ${attributes.map((name) => `\`${plain(name)}\``).join(", ")}\n`);
  process.stderr.write(
    drift.length === 0 ? "tollgate: no drift\n" : `tollgate: ${drift.length} not as they were left\n`,
  );
  return drift.length === 0 ? 0 : 1;
}
