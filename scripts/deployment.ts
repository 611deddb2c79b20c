/** Turns a synthesized stack into a folder that Terraform deploys from, one command at a time. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTerraform } from "../validators/gate/find";
import { copyStack, root, type SynthesizedStack } from "./synth";
import { type Outcome, run, succeed } from "./terraform";

/** A stack in a private folder of its own, initialised, with its state beside it. */
export class Deployment {
  readonly folder = mkdtempSync(join(tmpdir(), "tollgate-deployment-"));
  /** The saved plan; there once {@link plan} was called. */
  readonly planFile = join(this.folder, "plan.tfplan");
  private readonly terraform = findTerraform().path;

  private constructor(private readonly env: NodeJS.ProcessEnv) {}

  /** Copies the stack and initialises it. @throws Error with Terraform's words when that fails. */
  static async of(stack: SynthesizedStack, env: NodeJS.ProcessEnv, overrides: object): Promise<Deployment> {
    const deployment = new Deployment(env);
    copyStack(stack, deployment.folder, overrides);
    succeed(await deployment.run("init", "-input=false", "-no-color"), "`terraform init`");
    return deployment;
  }

  /** Runs one Terraform command in the folder. */
  run(...args: string[]): Promise<Outcome> {
    return run(this.terraform, args, { cwd: this.folder, env: this.env });
  }

  /** Plans into {@link planFile}; says whether anything would change. @throws Error when there is no plan. */
  async plan(...flags: string[]): Promise<"changes" | "no changes"> {
    const args = ["plan", "-input=false", "-no-color", "-detailed-exitcode", `-out=${this.planFile}`, ...flags];
    const outcome = await this.run(...args);
    if (outcome.status === 2) return "changes";
    succeed(outcome, "`terraform plan`");
    return "no changes";
  }

  /** The gate's word on {@link planFile}: what it printed, and its exit status. */
  async judge(...flags: string[]): Promise<Outcome> {
    const cli = join(root, "dist", "cli.cjs");
    return run(process.execPath, [cli, "check", this.planFile, ...flags], { cwd: this.folder, env: this.env });
  }

  /** Applies {@link planFile}, that very file. */
  apply(): Promise<Outcome> {
    return this.run("apply", "-input=false", "-no-color", this.planFile);
  }

  /** Plans and applies the end of everything. */
  async destroy(): Promise<Outcome> {
    return this.run("destroy", "-input=false", "-no-color", "-auto-approve");
  }

  /** An output's value, as text. @throws Error when there is none. */
  async output(name: string): Promise<string> {
    return succeed(await this.run("output", "-raw", name), `the output \`${name}\``).stdout;
  }

  /** Removes the folder, with state and plan. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
