/** Turns one stack into a verdict on the terminal: synthesize, plan, judge. Applies nothing, ever. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { findTerraform } from "../validators/gate/find";
import { InputError } from "../validators/kernel/index";
import {
  hasCredentials,
  placeholderAccount,
  placeholderOverrides,
  placeholderState,
  withPlaceholderAccount,
} from "./placeholder";
import { copyStack, root, type SynthesizedStack, synthesize } from "./synth";
import { isRegistryOutOfReach, quietEnvironment, run, succeed } from "./terraform";

/** Why there is no plan although nothing is wrong with the stack: Terraform or the provider can't be had here. */
class NoTerraform extends Error {}

/** What a person sees while something takes its time; standard output stays the verdict's. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Says what is being done, does it, and says how long it took where that was worth waiting for. */
async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const began = Date.now();
  say(`> ${what}`);
  const done = await work();
  const seconds = (Date.now() - began) / 1000;
  if (seconds > 2) say(`  took ${seconds.toFixed(1)} s`);
  return done;
}

/** `terraform init` and `plan` in `folder`, then the plan as JSON. The plan file is private, and gone when this returns. */
async function plan(
  terraform: string,
  folder: string,
  env: NodeJS.ProcessEnv,
  flags: readonly string[],
): Promise<string> {
  const at = { cwd: folder, env };
  const called = basename(terraform);
  const init = await step(`${called} init`, () => run(terraform, ["init", "-input=false", "-no-color"], at));
  if (isRegistryOutOfReach(init))
    throw new NoTerraform(
      `the AWS provider can't be had: the registry can't be reached and no filesystem mirror holds \`hashicorp/aws\`\n${init.stderr.trim()}`,
    );
  succeed(init, `\`${called} init\``);
  // A plan holds every secret in clear. mkdtemp makes a folder that only this user can enter.
  const secret = mkdtempSync(join(tmpdir(), "tollgate-"));
  try {
    const file = join(secret, "plan.tfplan");
    const made = await step(`${called} plan`, () =>
      run(terraform, ["plan", "-input=false", "-no-color", `-out=${file}`, ...flags], at),
    );
    succeed(made, `\`${called} plan\``);
    const shown = await step(`${called} show -json`, () => run(terraform, ["show", "-json", file], at));
    return succeed(shown, `\`${called} show\``).stdout;
  } finally {
    rmSync(secret, { recursive: true, force: true });
  }
}

function terraformHere(): string {
  try {
    return findTerraform().path;
  } catch (error) {
    throw error instanceof InputError ? new NoTerraform(error.message) : error;
  }
}

/** The plan of a stack, as JSON: with the caller's own credentials, or with placeholder ones in a folder of its own. */
async function planOf(name: string, stack: SynthesizedStack, usesOwn: boolean): Promise<string> {
  const terraform = terraformHere();
  const env = quietEnvironment();
  if (usesOwn) return plan(terraform, stack.folder, env, []);
  say(
    `  no AWS credentials: planning with placeholder ones, as account ${placeholderAccount}; nothing is looked up or changed`,
  );
  const folder = join(root, "cdktf.out", "placeholder", name);
  copyStack(stack, folder, placeholderOverrides);
  return withPlaceholderAccount(env, (placeholder) => plan(terraform, folder, placeholder, ["-lock=false"]));
}

/** Judges with the command that everybody else uses, so that what is shown here is what a pipeline would see. */
async function judge(args: readonly string[], input?: string): Promise<number> {
  const options = { cwd: root, show: true, ...(input === undefined ? {} : { input }) };
  return (await run(process.execPath, [join("dist", "cli.cjs"), "check", ...args], options)).status;
}

async function build(): Promise<void> {
  succeed(await run(process.execPath, [join("scripts", "build.mjs")], { cwd: root }), "building `dist/`");
}

/** Judges the synthesized JSON where there can be no plan, and says what that leaves open. */
async function judgeWithoutPlan(name: string, stack: SynthesizedStack, because: string): Promise<number> {
  say(`  ${because}`);
  say(`  judging the synthesized JSON of \`${name}\` instead of a plan`);
  const status = await judge([relative(root, stack.json)]);
  say("");
  say(
    "this was not a plan. It leaves undecided what only a plan can tell: values that data sources look up, what already",
  );
  say(
    "exists in the account and in the state, and what the plan deletes. For the whole verdict, install Terraform 1.5 or",
  );
  say(
    "newer (https://developer.hashicorp.com/terraform/install) or OpenTofu (https://opentofu.org/docs/intro/install),",
  );
  say("and let it reach its registry or a filesystem mirror that holds hashicorp/aws; then run `npm start` again.");
  return status;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      stack: { type: "string", default: "compliant-bucket" },
      credentials: { type: "string", default: "auto" },
    },
  });
  if (!["auto", "own", "placeholder"].includes(values.credentials))
    throw new Error(
      `expected \`--credentials\` to be \`auto\`, \`own\` or \`placeholder\`, found \`${values.credentials}\``,
    );
  const usesOwn = values.credentials === "auto" ? hasCredentials() : values.credentials === "own";
  const settings = usesOwn || process.env.TOLLGATE_STATE_BUCKET ? {} : placeholderState;
  const [stacks] = await step("cdktf synth", () => Promise.all([synthesize(settings), build()]));
  const stack = stacks.get(values.stack);
  if (stack === undefined)
    throw new Error(
      `expected \`--stack\` to be one of ${[...stacks.keys()].map((name) => `\`${name}\``).join(", ")}, found \`${values.stack}\``,
    );
  try {
    const json = await planOf(values.stack, stack, usesOwn);
    const status = await step(`judging the plan of \`${values.stack}\`\n`, () =>
      judge(["-", "--source", relative(root, stack.json)], json),
    );
    say("nothing was applied: `npm start` plans and judges, no more");
    return status;
  } catch (error) {
    if (error instanceof NoTerraform) return judgeWithoutPlan(values.stack, stack, error.message);
    throw error;
  }
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    say(`npm start: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 2;
  },
);
