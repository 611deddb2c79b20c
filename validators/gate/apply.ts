/**
 * Turns an `apply` into a plan, its judgement, and the apply of that very plan file. What wasn't judged is never applied:
 * the file is private, its digest is taken before the judging and again before the apply, and it is gone afterwards.
 */
import { chmodSync, copyFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { Readable, Writable } from "node:stream";
import { InputError } from "../kernel/index";
import { ask, questionOf, withoutQuestions, workspaceOf } from "./approval";
import { readPlanArchive } from "./archive";
import type { ApplyRequest } from "./arguments";
import { type Environment, type Exit, signalled } from "./child";
import { sha256OfFile } from "./digest";
import type { Terraform } from "./find";
import { type Judge, reportFor } from "./judge";
import { messageOf } from "./plain";
import { inPrivateFolder } from "./private-folder";
import { planTo, runTerraform, withoutExtraArguments } from "./terraform";

/** Where the apply happens. */
export interface ApplyContext {
  readonly terraform: Terraform;
  readonly judge: Judge;
  readonly cwd: string;
  readonly env: Environment;
  readonly input: Readable;
  readonly output: Writable & { readonly isTTY?: boolean };
  readonly error: Writable;
  /** Aborted by a signal to this process. */
  readonly interrupted: AbortSignal;
}

/**
 * Plans (unless a saved plan was given), judges, asks where nobody approved, applies. Gives what to exit with:
 * Terraform's own end; 1 or 3 where the gate objects; 2 where it couldn't judge; 1 where the answer wasn't `yes`.
 */
export async function applyThroughGate(request: ApplyRequest, context: ApplyContext): Promise<Exit> {
  return inPrivateFolder((folder) => gated(request, context, folder));
}

async function gated(request: ApplyRequest, context: ApplyContext, folder: string): Promise<Exit> {
  const cwd = resolve(context.cwd, request.chdir ?? ".");
  const planFile = join(folder, "plan.tfplan");
  const planned = await makePlan(request, context, planFile, cwd);
  if (typeof planned === "object") return planned.failed;
  if (context.interrupted.aborted) return stopped(context);

  const planSha256 = await sha256OfFile(planFile);
  const reportAt = reportFor(cwd, context.env);
  const isColourful = context.output.isTTY === true && !request.applyFlags.some((flag) => /^--?no-color/.test(flag));
  const judgement = await context.judge({
    planFile,
    planSha256,
    folder,
    cwd,
    isColourful,
    ...(reportAt === undefined ? {} : { reportAt }),
  });
  // Machine-readable output stays Terraform's alone.
  const say = (text: string): void => void (request.isJson ? context.error : context.output).write(text);
  say(withoutQuestions(endWithNewline(judgement.text)));
  const kept = reportAt === undefined ? "" : `; report: ${relative(context.cwd, reportAt)}.txt`;
  if (context.interrupted.aborted) return stopped(context);
  if (!judgement.passes) {
    say(`tollgate: blocked, nothing was applied (plan sha256 ${planSha256.slice(0, 12)})${kept}\n`);
    return { status: judgement.status === 0 ? 2 : judgement.status };
  }
  say(`tollgate: passed (plan sha256 ${planSha256.slice(0, 12)})${kept}\n`);

  if (planned === "changes" && !request.isApproved) {
    const answer = await ask(
      questionOf(request, workspaceOf(cwd, context.env)),
      context.input,
      context.output,
      context.interrupted,
    );
    if (answer === "end-of-input") {
      context.error.write("\nError: error asking for approval: EOF\n");
      return { status: 1 };
    }
    if (answer === "no") {
      context.output.write(`\n${request.isDestroy ? "Destroy" : "Apply"} cancelled.\n`);
      return context.interrupted.aborted ? stopped(context) : { status: 1 };
    }
  }
  if ((await sha256OfFile(planFile)) !== planSha256)
    throw new InputError("the plan file changed after it was judged: nothing was applied");
  return runTerraform(
    context.terraform,
    [...request.globals, "apply", ...request.applyFlags, ...ephemeralVariables(request, planFile), planFile],
    { cwd: context.cwd, env: withoutExtraArguments(context.env) },
  );
}

/** The end by the signal that interrupted us before anything was applied. */
const stopped = (context: ApplyContext): Exit => signalled(context.interrupted.reason);

type Made = "changes" | "approved" | "no-changes" | { readonly failed: Exit };

/** A new plan, or a private copy of the given one (which needs no approval, as with Terraform itself). */
async function makePlan(request: ApplyRequest, context: ApplyContext, planFile: string, cwd: string): Promise<Made> {
  if (request.planFile !== undefined) {
    try {
      copyFileSync(resolve(cwd, request.planFile), planFile);
      chmodSync(planFile, 0o600);
    } catch (error) {
      throw new InputError(`\`${request.planFile}\`: expected a saved plan, found ${messageOf(error)}`);
    }
    return "approved";
  }
  return await planTo(context.terraform, planFile, request.planFlags, {
    globals: request.globals,
    cwd: context.cwd,
    // Keeps Terraform from recommending an apply of the private file.
    env: { ...withoutExtraArguments(context.env), TF_IN_AUTOMATION: "1" },
  });
}

/**
 * A saved plan holds its variables' values, and versions of Terraform refuse to hear them again; but not those of
 * ephemeral ones (https://developer.hashicorp.com/terraform/language/block/variable#ephemeral), which must be said twice.
 */
function ephemeralVariables(request: ApplyRequest, planFile: string): readonly string[] {
  if (request.variables.length === 0) return [];
  let files: Iterable<string>;
  try {
    files = readPlanArchive(planFile).values();
  } catch {
    // A plan that lives in HCP Terraform is a bookmark without an archive; its variables live there as well.
    return [];
  }
  const hasEphemeral = [...files].some((text) => /\bephemeral"?\s*[=:]\s*true/.test(text));
  return hasEphemeral ? request.variables : [];
}

const endWithNewline = (text: string): string => (text === "" || text.endsWith("\n") ? text : `${text}\n`);
