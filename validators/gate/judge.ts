/** Turns a saved plan into a verdict by running `tollgate check` on it, in a process of its own. */
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { InputError } from "../kernel/index";
import { type Environment, ended, start, tail, withSignals } from "./child";
import { flagsFromEnvironment } from "./environment";
import { TERRAFORM_VARIABLE, type Terraform } from "./find";
import { messageOf, plain } from "./plain";

/** The command line: beside this file once bundled, in `dist/` of the checkout else. */
export const CLI = join(__dirname, __filename.endsWith(".ts") ? "../../dist/cli.cjs" : "cli.cjs");

/** What is to be judged, and where the words go. */
export interface JudgeRequest {
  /** A private copy of the saved plan; nobody else writes to it. */
  readonly planFile: string;
  /** SHA-256 of that file, taken before. */
  readonly planSha256: string;
  /** A private folder. */
  readonly folder: string;
  /** The directory that Terraform works in: initialised. */
  readonly cwd: string;
  /** Where the readable and the JSON report are kept, without extension; nowhere, if absent. */
  readonly reportAt?: string;
  /** Whether a terminal will show the words. */
  readonly isColourful: boolean;
}

/** The gate's answer. Only `passes` lets an apply go on. */
export interface Judgement {
  readonly passes: boolean;
  /** Exit status of `tollgate check` (help/report.md): 0, 1, 2 or 3. */
  readonly status: number;
  /** The report for people. */
  readonly text: string;
}

/** Judges a saved plan. */
export type Judge = (request: JudgeRequest) => Promise<Judgement>;

/** Most bytes of a report that are shown on a terminal; the file holds all of it. */
const MOST_TEXT = 1024 * 1024;

/** A judge that runs a `cli.cjs`. Settings come from the environment, as nothing may be said on Terraform's command line. */
export function commandJudge(cli: string, terraform: Terraform, env: Environment): Judge {
  return async (request) => {
    const report = join(request.folder, "report.json");
    const outs = [`json=${report}`];
    if (request.reportAt !== undefined) {
      mkdirSync(dirname(request.reportAt), { recursive: true });
      outs.push(`text=${request.reportAt}.txt`, `json=${request.reportAt}.json`);
    }
    const args = [
      cli,
      "check",
      request.planFile,
      ...["--show-in", request.cwd],
      ...outs.flatMap((out) => ["--out", out]),
      ...settings(request.cwd, env),
    ];
    const child = start(process.execPath, args, {
      cwd: request.cwd,
      env: {
        ...env,
        [TERRAFORM_VARIABLE]: terraform.path,
        ...(request.isColourful && !env.NO_COLOR ? { FORCE_COLOR: "1" } : {}),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const stderr = tail(child);
    const chunks: Buffer[] = [];
    let length = 0;
    child.stdout?.on("data", (chunk: Buffer) => {
      if (length < MOST_TEXT) chunks.push(chunk.subarray(0, MOST_TEXT - length));
      length += chunk.length;
    });
    const exit = await withSignals(child, () => ended(child, process.execPath, "it is the Node.js that runs tollgate"));
    const text = `${Buffer.concat(chunks).toString("utf8")}${stderr()}`;
    if (exit.status === 0) confirm(report, request);
    return { passes: exit.status === 0, status: exit.status, text };
  };
}

/** Flags from the environment and the project's configuration file. */
function settings(cwd: string, env: Environment): readonly string[] {
  const config = env.TOLLGATE_CONFIG || configFor(cwd);
  const flags = flagsFromEnvironment("check", { ...env, TOLLGATE_CONFIG: config });
  // Said also where there is none: else `check` would look beside the stack for itself.
  return config === undefined ? ["--no-config", ...flags] : flags;
}

/** A status of 0 alone isn't trusted: the report must be there, about this very file, and say so too. */
function confirm(report: string, { planSha256 }: JudgeRequest): void {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(report, "utf8"));
  } catch (error) {
    throw new InputError(`expected a report from \`tollgate check\`, found none: ${messageOf(error)}`);
  }
  const { verdict, input } = json as { verdict?: unknown; input?: { sha256?: unknown } };
  if (verdict !== "pass" && verdict !== "undecided")
    throw new InputError(`expected the verdict \`pass\`, found \`${plain(String(verdict))}\``);
  if (input?.sha256 !== planSha256) throw new InputError("the report is about another plan than the one to apply");
}

/** The project that a directory belongs to: the nearest folder above with a `cdktf.json`, else with a `.git`, else itself. */
function projectOf(cwd: string): string {
  for (const mark of ["cdktf.json", ".git"])
    for (let folder = resolve(cwd); ; folder = dirname(folder)) {
      if (existsSync(join(folder, mark))) return folder;
      if (dirname(folder) === folder) break;
    }
  return resolve(cwd);
}

/**
 * The project's `tollgate.json`: beside the configuration, else at the top of the project. In a CDKTF project at the top
 * only: what lies beside a synthesized stack was written by the code that is judged, and nobody reviewed it.
 */
function configFor(cwd: string): string | undefined {
  const project = projectOf(cwd);
  const folders = existsSync(join(project, "cdktf.json")) ? [project] : [resolve(cwd), project];
  return folders.map((folder) => join(folder, "tollgate.json")).find(isFile);
}

/**
 * Where the reports of a stack are kept, without extension: in `TOLLGATE_REPORTS`, else in `reports/` of a CDKTF project
 * (its terminal loses output), else nowhere. One name a stack, as stacks are deployed side by side.
 */
export function reportFor(cwd: string, env: Environment): string | undefined {
  const name = basename(resolve(cwd)).replaceAll(/[^\w.-]/g, "_");
  if (env.TOLLGATE_REPORTS) return join(resolve(env.TOLLGATE_REPORTS), name);
  const project = projectOf(cwd);
  return existsSync(join(project, "cdktf.json")) ? join(project, "reports", name) : undefined;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
