/**
 * Turns a buildspec and its input artifacts into what a CodeBuild build would leave: the phases' fate, exported variables,
 * reports and a zipped artifact. Runs on this machine, with the rules of buildspec version 0.2; what it does not know, it refuses.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
 */
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { unzipSync, zipSync } from "fflate";
import { globSync } from "tinyglobby";
import * as valibot from "valibot";
import { parse } from "yaml";

const commands = valibot.optional(valibot.array(valibot.string()), []);

/** The phases that run commands, in their order. */
const phaseNames = ["install", "pre_build", "build", "post_build"] as const;

/** A phase that runs commands. */
export type PhaseName = (typeof phaseNames)[number];

const phase = valibot.strictObject({
  "on-failure": valibot.optional(valibot.picklist(["ABORT", "CONTINUE"])),
  // The machine's own versions are used; the rehearsal is not of the image.
  "runtime-versions": valibot.optional(
    valibot.record(valibot.string(), valibot.union([valibot.string(), valibot.number()])),
  ),
  commands,
  finally: commands,
});

const files = { "base-directory": valibot.optional(valibot.string(), "."), files: valibot.array(valibot.string()) };

/** The part of the buildspec syntax that is rehearsed. Strict: an unknown key is refused rather than silently not rehearsed. */
const schema = valibot.strictObject({
  version: valibot.literal(0.2),
  env: valibot.optional(
    valibot.strictObject({
      shell: valibot.optional(valibot.picklist(["bash", "sh"]), "sh"),
      variables: valibot.optional(valibot.record(valibot.string(), valibot.string()), {}),
      "exported-variables": valibot.optional(valibot.array(valibot.string()), []),
    }),
    {},
  ),
  phases: valibot.strictObject({
    install: valibot.optional(phase),
    pre_build: valibot.optional(phase),
    build: valibot.optional(phase),
    post_build: valibot.optional(phase),
  }),
  reports: valibot.optional(
    valibot.record(
      valibot.string(),
      valibot.strictObject({ ...files, "file-format": valibot.optional(valibot.literal("JUNITXML"), "JUNITXML") }),
    ),
    {},
  ),
  artifacts: valibot.optional(valibot.strictObject(files)),
});

/** A buildspec, read. */
export type Buildspec = valibot.InferOutput<typeof schema>;

/** Reads a buildspec. @throws Error that names the place where it is not what can be rehearsed. */
export function readBuildspec(text: string): Buildspec {
  const read = valibot.safeParse(schema, parse(text));
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw new Error(`buildspec: ${valibot.getDotPath(issue) ?? "top"}: ${issue.message}`);
}

/** What a build is given. */
export interface BuildInput {
  /** The project's name. */
  readonly project: string;
  readonly buildspec: string;
  /** The primary input artifact, a zip. */
  readonly source: Uint8Array;
  /** Further input artifacts by name, zips: each is unpacked to where `CODEBUILD_SRC_DIR_NAME` says. */
  readonly secondary: ReadonlyMap<string, Uint8Array>;
  /** The environment, PATH included, that the machine and the project give. */
  readonly env: NodeJS.ProcessEnv;
  /** Gets what the commands print, as it comes. */
  readonly log: (text: string) => void;
}

/** How one phase went. */
export interface PhaseResult {
  readonly phase: PhaseName;
  /** The command that failed, where one did. */
  readonly failed?: string;
}

/** What a build leaves. */
export interface BuildResult {
  readonly succeeded: boolean;
  /** The phases that ran, in order. */
  readonly phases: readonly PhaseResult[];
  readonly exported: ReadonlyMap<string, string>;
  /** Report files by report name and path. */
  readonly reports: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The output artifact, a zip; absent where the build failed or hands nothing on. */
  readonly artifact?: Uint8Array;
}

/** Writes a zip's files below a folder. The zips are made here or by {@link BuildResult}; a path out of the folder is refused. */
export function unpack(zip: Uint8Array, folder: string): void {
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    if (name.startsWith("/") || name.split("/").includes("..")) throw new Error(`artifact: \`${name}\` leads outside`);
    if (name.endsWith("/")) continue;
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    // Archives made here carry no modes; scripts are called through their interpreter.
    chmodSync(file, 0o644);
  }
}

function pack(folder: string, patterns: readonly string[]): Uint8Array {
  const found = globSync([...patterns], { cwd: folder, dot: true, onlyFiles: true }).sort();
  if (found.length === 0) throw new Error(`artifacts: no file matches ${patterns.join(", ")}`);
  return zipSync(Object.fromEntries(found.map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))])));
}

/** One shell for all the commands, as version 0.2 has it: what one command exports, the next one sees. */
class Shell {
  private readonly child;
  private readonly gone: Promise<number>;
  private answers = "";
  private waiting: (() => void) | undefined;
  private isOver = false;

  constructor(shell: string, cwd: string, env: NodeJS.ProcessEnv, log: (text: string) => void) {
    const args = shell === "bash" ? ["--noprofile", "--norc"] : [];
    this.child = spawn(shell, args, { cwd, env, stdio: ["pipe", "pipe", "pipe", "pipe"] });
    const { stdin, stdout, stderr, stdio } = this.child;
    for (const stream of [stdout, stderr]) stream?.on("data", (chunk: Buffer) => log(chunk.toString("utf8")));
    // A shell that ended takes no more commands; `run` says so.
    stdin?.on("error", () => undefined);
    const answers = stdio[3] as Readable | null;
    answers?.on("data", (chunk: Buffer) => {
      this.answers += chunk.toString("utf8");
      this.waiting?.();
    });
    this.gone = new Promise((resolve) => {
      this.child.once("error", () => resolve(127));
      this.child.once("close", (status) => resolve(status ?? 1));
    });
    void this.gone.then(() => {
      this.isOver = true;
      this.waiting?.();
    });
  }

  /** Runs one command; its exit status. A command that ends the shell itself counts as failed. */
  async run(command: string): Promise<number> {
    if (this.isOver) return 1;
    this.answers = "";
    // `eval` of one quoted word: a syntax error stays inside it, and `</dev/null` keeps the command off our own commands.
    this.child.stdin?.write(`eval '${command.replaceAll("'", "'\\''")}' </dev/null\nprintf '%s\\n' "$?" >&3\n`);
    while (!this.answers.endsWith("\n")) {
      if (this.isOver) return (await this.gone) || 1;
      await new Promise<void>((resolve) => {
        this.waiting = resolve;
      });
    }
    return Number(this.answers.trim());
  }

  /** A variable's value as the next command would see it. */
  async valueOf(name: string): Promise<string> {
    if (this.isOver) return "";
    this.answers = "";
    this.child.stdin?.write(`printf '%s\\0\\n' "\${${name}-}" >&3\n`);
    while (!this.answers.endsWith("\0\n")) {
      if (this.isOver) return "";
      await new Promise<void>((resolve) => {
        this.waiting = resolve;
      });
    }
    return this.answers.slice(0, -2);
  }

  async end(): Promise<void> {
    this.child.stdin?.end();
    await this.gone;
  }
}

/** Runs commands until one fails; the one that did. */
async function runAll(shell: Shell, list: readonly string[], log: (text: string) => void): Promise<string | undefined> {
  for (const command of list) {
    log(`$ ${command}\n`);
    if ((await shell.run(command)) !== 0) return command;
  }
  return undefined;
}

/**
 * The phases, with CodeBuild's transitions: a failure in install or pre_build ends the build, after a failed build phase
 * post_build still runs (unless `on-failure: ABORT`), `finally` runs in any case.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html
 */
async function runPhases(spec: Buildspec, shell: Shell, log: (text: string) => void): Promise<PhaseResult[]> {
  const results: PhaseResult[] = [];
  for (const name of phaseNames) {
    const given = spec.phases[name];
    if (given === undefined) continue;
    const isSucceeding = results.every((result) => result.failed === undefined);
    await shell.run(`export CODEBUILD_BUILD_SUCCEEDING=${isSucceeding ? 1 : 0}`);
    log(`== ${name}\n`);
    const failed = await runAll(shell, given.commands, log);
    const failedAtLast = await runAll(shell, given.finally, log);
    const blamed = failed ?? failedAtLast;
    results.push({ phase: name, ...(blamed === undefined ? {} : { failed: blamed }) });
    if (blamed === undefined) continue;
    const goesOn = given["on-failure"] === "CONTINUE" || (given["on-failure"] === undefined && name === "build");
    if (!goesOn) break;
  }
  return results;
}

function collectReports(spec: Buildspec, folder: string): Map<string, Map<string, string>> {
  return new Map(
    Object.entries(spec.reports).map(([name, report]) => {
      const base = join(folder, report["base-directory"]);
      const found = globSync(report.files, { cwd: base, dot: true, onlyFiles: true }).sort();
      return [name, new Map(found.map((file) => [file, readFileSync(join(base, file), "utf8")]))];
    }),
  );
}

/** Runs a build to its end in a folder of its own, which is gone afterwards. @throws Error when it can't be rehearsed at all. */
export async function runBuild(input: BuildInput): Promise<BuildResult> {
  const spec = readBuildspec(input.buildspec);
  const folder = mkdtempSync(join(tmpdir(), `${input.project}-`));
  try {
    const source = join(folder, "src");
    unpack(input.source, source);
    const env: NodeJS.ProcessEnv = {
      ...spec.env.variables,
      ...input.env,
      CODEBUILD_BUILD_ID: `${input.project}:rehearsal`,
      CODEBUILD_SRC_DIR: source,
    };
    for (const [name, zip] of input.secondary) {
      const place = join(folder, `secondary-${name}`);
      unpack(zip, place);
      env[`CODEBUILD_SRC_DIR_${name}`] = place;
    }
    const shell = new Shell(spec.env.shell, source, env, input.log);
    const phases = await runPhases(spec, shell, input.log);
    const exported = new Map<string, string>();
    for (const name of spec.env["exported-variables"]) exported.set(name, await shell.valueOf(name));
    await shell.end();
    const succeeded = phases.every((result) => result.failed === undefined);
    const reports = collectReports(spec, source);
    const artifacts = succeeded ? spec.artifacts : undefined;
    const artifact = artifacts && pack(join(source, artifacts["base-directory"]), artifacts.files);
    return { succeeded, phases, exported, reports, ...(artifact ? { artifact } : {}) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
