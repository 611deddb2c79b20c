/**
 * Turns a CI file and a repository into a run of its steps' commands on this machine, in order, each job in a fresh checkout.
 * What only the system itself could do (roles, runners, approvals) is passed over; what isn't known is an error.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { globSync } from "tinyglobby";
import { parse } from "yaml";

/** What a run is about. */
export interface Occasion {
  /** The repository to check out. */
  readonly origin: string;
  /** The commit: what was pushed, or what a pull request proposes. */
  readonly commit: string;
  /** Of a pull request: the commit of the branch that it is to be merged into. */
  readonly base?: string;
  readonly env: NodeJS.ProcessEnv;
}

/** How a run ended. */
export interface CiResult {
  /** Jobs or steps that ran, in order. */
  readonly ran: readonly string[];
  /** The one that failed, and what was printed. */
  readonly failed?: { readonly job: string; readonly said: string };
}

type Files = ReadonlyMap<string, Buffer>;

const collect = (folder: string, patterns: readonly string[]): Files =>
  new Map(
    globSync([...patterns], { cwd: folder, dot: true, onlyFiles: true, expandDirectories: true })
      .sort()
      .map((name) => [name, readFileSync(join(folder, name))]),
  );

function put(folder: string, files: Files): void {
  for (const [name, content] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

function checkOut(origin: string, commit: string, folder: string): void {
  execFileSync("git", ["clone", "--quiet", "--no-checkout", origin, folder]);
  execFileSync("git", ["checkout", "--quiet", "--detach", commit], { cwd: folder });
}

function bash(script: string, cwd: string, env: NodeJS.ProcessEnv): { readonly status: number; readonly said: string } {
  const ran = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
    cwd,
    env,
    encoding: "utf8",
  });
  return { status: ran.status ?? 1, said: `${ran.stdout}${ran.stderr}` };
}

function inWorkspace<T>(work: (folder: string) => T): T {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "tollgate-job-")));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Values = Readonly<Record<string, string>>;

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | boolean>>;
  readonly env?: Values;
}

interface Job {
  readonly if?: string;
  readonly env?: Values;
  readonly outputs?: Values;
  readonly steps: readonly Step[];
}

/** A GitHub workflow's jobs, one after the other: all that the generated ones use of GitHub's expressions and actions. */
class Workflow {
  readonly #artifacts = new Map<string, Files>();
  readonly #outputs = new Map<string, string>();
  readonly #env: Values;

  constructor(
    private readonly file: { readonly env: Values; readonly jobs: Readonly<Record<string, Job>> },
    private readonly occasion: Occasion,
  ) {
    this.#env = file.env;
  }

  run(): CiResult {
    const ran: string[] = [];
    for (const [name, job] of Object.entries(this.file.jobs)) {
      if (this.#isPush() || job.if !== "github.event_name == 'push'") ran.push(name);
      else break;
      const said = inWorkspace((folder) => this.#runJob(name, job, folder));
      if (said !== undefined) return { ran, failed: { job: name, said } };
    }
    // What runs after the apply needs it.
    return { ran };
  }

  #isPush(): boolean {
    return this.occasion.base === undefined;
  }

  /** What was printed by the step that failed; `undefined` where none did. */
  #runJob(name: string, job: Job, folder: string): string | undefined {
    const env = { ...this.#env, ...job.env };
    let failed: string | undefined;
    for (const step of job.steps) {
      if (!this.#starts(step.if, failed !== undefined, folder)) continue;
      const said = this.#runStep(step, folder, env);
      failed ??= said;
    }
    // What a job that failed puts out is nobody's to take: no other starts.
    for (const [output, value] of failed === undefined ? Object.entries(job.outputs ?? {}) : [])
      this.#outputs.set(`needs.${name}.outputs.${output}`, this.#expand(value, env));
    return failed;
  }

  #starts(condition: string | undefined, hasFailed: boolean, folder: string): boolean {
    if (condition === undefined) return !hasFailed;
    if (condition === "github.event_name == 'push'") return !hasFailed && this.#isPush();
    const file = /^always\(\) && hashFiles\('([^']+)'\) != ''$/.exec(condition)?.[1];
    if (file === undefined) throw new Error(`an unknown condition: ${condition}`);
    return existsSync(join(folder, file));
  }

  #runStep(step: Step, folder: string, env: Values): string | undefined {
    if (step.uses !== undefined) return this.#use(step.uses, step.with ?? {}, folder, env);
    const output = join(folder, "..", `${basename(folder)}.output`);
    writeFileSync(output, "");
    const given = Object.fromEntries(
      Object.entries({ ...env, ...step.env }).map(([name, value]) => [name, this.#expand(value, env)]),
    );
    const { status, said } = bash(step.run ?? "", folder, {
      ...this.occasion.env,
      ...given,
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_OUTPUT: output,
    });
    for (const [, name, value = ""] of readFileSync(output, "utf8").matchAll(/^([\w-]+)=(.*)$/gm))
      this.#outputs.set(`steps.${step.id}.outputs.${name}`, value);
    rmSync(output);
    return status === 0 ? undefined : `${step.run}\n${said}`;
  }

  #use(action: string, settings: Readonly<Record<string, string | boolean>>, folder: string, env: Values): undefined {
    const { origin, commit } = this.occasion;
    const text = (name: string): string => this.#expand(String(settings[name] ?? ""), env);
    switch (action.replace(/@.*/, "")) {
      case "actions/checkout":
        checkOut(origin, text("ref") || commit, join(folder, text("path")));
        return;
      case "actions/upload-artifact": {
        const paths = text("path").trim().split("\n");
        const found = collect(folder, paths);
        if (found.size === 0) throw new Error(`no file at ${paths.join(", ")}`);
        // One folder hands on what is in it; of several paths, what they have in common is left out.
        const top = paths.length === 1 ? (paths[0] ?? "") : dirname(paths[0] ?? "");
        const named = [...found].map(([name, content]): [string, Buffer] => [relative(top, name), content]);
        this.#artifacts.set(text("name"), new Map(named));
        return;
      }
      case "actions/download-artifact":
        put(join(folder, text("path")), this.#artifacts.get(text("name")) ?? new Map());
        return;
      case "actions/setup-node":
      case "hashicorp/setup-terraform":
      case "aws-actions/configure-aws-credentials":
      case "github/codeql-action/upload-sarif":
        return;
      default:
        throw new Error(`an unknown action: ${action}`);
    }
  }

  #expand(text: string, env: Values): string {
    return text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
      if (expression === "github.event.pull_request.base.sha || github.sha")
        return this.occasion.base ?? this.occasion.commit;
      if (expression.startsWith("vars.")) return "";
      if (expression.startsWith("env.")) return env[expression.slice("env.".length)] ?? "";
      const value = this.#outputs.get(expression);
      if (value === undefined) throw new Error(`an unknown expression: ${expression}`);
      return value;
    });
  }
}

/** Runs a GitHub workflow. */
export const runWorkflow = (text: string, occasion: Occasion): CiResult => new Workflow(parse(text), occasion).run();

interface BitbucketStep {
  readonly name: string;
  readonly script: readonly string[];
  readonly "after-script"?: readonly string[];
  readonly artifacts?: readonly string[];
}

/** Runs Bitbucket's steps: those of a pull request, or of the branch `main`, the manual one included. */
export function runBitbucket(text: string, occasion: Occasion): CiResult {
  const { origin, commit, base, env } = occasion;
  const { pipelines } = parse(text);
  const steps: { step: BitbucketStep }[] =
    base === undefined ? pipelines.branches.main : pipelines["pull-requests"]["**"];
  let artifacts: Files = new Map();
  const ran: string[] = [];
  for (const { step } of steps) {
    ran.push(step.name);
    const said = inWorkspace((folder) => {
      checkOut(origin, commit, folder);
      put(folder, artifacts);
      const given = {
        ...env,
        CI: "true",
        BITBUCKET_COMMIT: commit,
        BITBUCKET_STEP_OIDC_TOKEN: "token",
        ...(base === undefined ? {} : { BITBUCKET_PR_DESTINATION_COMMIT: base }),
      };
      const done = bash(step.script.join("\n"), folder, given);
      const after = bash((step["after-script"] ?? []).join("\n"), folder, given);
      artifacts = new Map([...artifacts, ...collect(folder, step.artifacts ?? [])]);
      return done.status === 0 && after.status === 0 ? undefined : `${done.said}${after.said}`;
    });
    if (said !== undefined) return { ran, failed: { job: step.name, said } };
  }
  return { ran };
}
