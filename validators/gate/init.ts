/** Turns somebody's project into one behind the gate: writes the CI file, and says what to fill in. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../kernel/index";
import type { StageName } from "./stage-names";
import { bitbucketPipelines } from "./templates/bitbucket";
import { applyBuildspec, planBuildspec } from "./templates/codebuild";
import { githubWorkflow } from "./templates/github";
import { gitlabPipeline } from "./templates/gitlab";
import { type CiProject, FETCH_TERRAFORM, TERRAFORM } from "./templates/project";
import { writeWhole } from "./write";

/** The CI systems that there is a template for. */
export const SYSTEMS = ["github", "gitlab", "bitbucket", "codebuild"] as const;
/** One of {@link SYSTEMS}, as the command line names it. */
export type System = (typeof SYSTEMS)[number];

/** What `init` is told. */
export interface InitOptions {
  /** The project's top. */
  readonly cwd: string;
  /** Writes over files that are there. Default: refuses. */
  readonly force?: boolean;
  /** The directory with Terraform's configuration; default: the only CDKTF stack, else the top. */
  readonly directory?: string;
  /** The branch that is deployed; default `main`. */
  readonly branch?: string;
  /** This tollgate's version, which a project without `package.json` installs. */
  readonly version: string;
}

/** What was written, and what is left to do. */
export interface Initialised {
  /** Relative to the top. */
  readonly files: readonly string[];
  /** Lines for a person. */
  readonly next: readonly string[];
}

/** The files of a system, by path. */
export function filesOf(system: System, project: CiProject): ReadonlyMap<string, string> {
  switch (system) {
    case "github":
      return new Map([[".github/workflows/tollgate.yml", githubWorkflow(project)]]);
    case "gitlab":
      return new Map([[".gitlab-ci.yml", gitlabPipeline(project)]]);
    case "bitbucket":
      return new Map([["bitbucket-pipelines.yml", bitbucketPipelines(project)]]);
    case "codebuild":
      return new Map([
        ["tollgate-plan.buildspec.yml", planBuildspec(project)],
        ["tollgate-apply.buildspec.yml", applyBuildspec(project)],
      ]);
  }
}

/**
 * Writes the CI files of a system into a project; all or none.
 * @throws InputError for an unknown system, a name that no shell line may hold, and files that are there already.
 */
export function initialise(system: string, options: InitOptions): Initialised {
  const known = SYSTEMS.find((one) => one === system);
  if (known === undefined)
    throw new InputError(`expected ${SYSTEMS.map((one) => `\`${one}\``).join(", ")}, found \`${system}\``);
  const project = projectIn(options);
  const files = [...filesOf(known, project)];
  const there = files.map(([name]) => name).filter((name) => existsSync(join(options.cwd, name)));
  if (there.length > 0 && options.force !== true)
    throw new InputError(`\`${there.join("`, `")}\` is there already: \`--force\` writes over it`);
  for (const [name, text] of files) writeWhole(join(options.cwd, name), text, 0o644);
  return { files: files.map(([name]) => name), next: nextSteps(known, project) };
}

/** The project as it is found: CDKTF or plain Terraform, with a `package.json` or without. */
export function projectIn({ cwd, directory, branch = "main", version }: InitOptions): CiProject {
  const isCdktf = existsSync(join(cwd, "cdktf.json"));
  const folder = safe("--dir", directory ?? (isCdktf ? onlyStack(cwd) : "."));
  const hasLock = existsSync(join(cwd, "package-lock.json"));
  return {
    directory: folder,
    branch: safe("--branch", branch),
    variables: [],
    gate: (stage: StageName) => `npx --no-install tollgate gate ${stage}`,
    install: [
      hasLock
        ? "npm ci --ignore-scripts --no-audit --no-fund"
        : `npm install --ignore-scripts --no-audit --no-fund --no-save tollgate@${version}`,
    ],
    synth: isCdktf ? ["npx --no-install cdktf synth"] : [],
    test: hasTests(cwd) ? ["npm test"] : [],
    terraform: FETCH_TERRAFORM,
    terraformVersion: TERRAFORM.version,
    terraformSha256: TERRAFORM.sha256,
  };
}

function onlyStack(cwd: string): string {
  const stacks = join(cwd, "cdktf.out", "stacks");
  const names = existsSync(stacks) ? readdirSync(stacks).sort() : [];
  const [only] = names;
  if (only !== undefined && names.length === 1) return `cdktf.out/stacks/${only}`;
  throw new InputError(
    `expected \`--dir cdktf.out/stacks/STACK\`, as ${names.length === 0 ? "nothing is synthesized yet" : `there are ${names.join(", ")}`}`,
  );
}

function hasTests(cwd: string): boolean {
  try {
    const json: unknown = JSON.parse(readFileSync(join(cwd, "package.json"), "utf8"));
    const scripts = typeof json === "object" && json !== null && "scripts" in json ? json.scripts : undefined;
    return typeof scripts === "object" && scripts !== null && Object.hasOwn(scripts, "test");
  } catch {
    return false;
  }
}

/** A name that stands in YAML and shell lines as it is. */
function safe(flag: string, name: string): string {
  if (/^[A-Za-z0-9_.][A-Za-z0-9_./-]*$/.test(name) && !name.split("/").includes("..")) return name;
  throw new InputError(`\`${flag}\`: expected letters, digits, \`.\`, \`_\`, \`-\` and \`/\`, found \`${name}\``);
}

function nextSteps(system: System, project: CiProject): readonly string[] {
  const roles = [
    "make two roles that trust this system's OpenID Connect provider: one that reads, for planning; one that writes what this workload needs, for applying, and that nobody but the approved job can take",
    `keep the state in S3 (${project.directory}: \`backend "s3"\`), where both roles reach it; commit \`.terraform.lock.hcl\``,
  ];
  const seal =
    "to sign seals, set TOLLGATE_SEAL_KEY (`awskms:///KEY`, which needs the package `@aws-sdk/client-kms` beside tollgate) and TOLLGATE_PUBLIC_KEY (a PEM file in this repository)";
  switch (system) {
    case "github":
      return [
        ...roles,
        "set the repository's variables AWS_REGION, AWS_PLAN_ROLE, AWS_APPLY_ROLE",
        "let the plan role trust `repo:OWNER/NAME:pull_request` and `repo:OWNER/NAME:ref:refs/heads/BRANCH`: whoever may push a branch can use it, so it only reads",
        "make the environment `production` with required reviewers and this branch only; let the apply role trust `repo:OWNER/NAME:environment:production`",
        "protect the branch: require the jobs `preplan` and `plan`",
        seal,
      ];
    case "gitlab":
      return [
        ...roles,
        "set the CI/CD variables AWS_REGION, AWS_PLAN_ROLE and, protected, AWS_APPLY_ROLE",
        "protect the environment `production` and the branch; let the apply role trust `project_path:GROUP/NAME:ref_type:branch:ref:BRANCH`",
        seal,
      ];
    case "bitbucket":
      return [
        ...roles,
        "set the repository variables AWS_REGION, AWS_PLAN_ROLE; the deployment `production` gets AWS_APPLY_ROLE and its approvers",
        "let the apply role trust the deployment's environment id in the token's subject",
        seal,
      ];
    case "codebuild":
      return [
        ...roles,
        "make a CodePipeline with the stages Source, Plan (`tollgate-plan.buildspec.yml`, namespace `Plan`), a manual approval, Apply (`tollgate-apply.buildspec.yml`, with the artifact of Plan as second input and PLAN_SHA256 = `#{Plan.PLAN_SHA256}`)",
        seal,
      ];
  }
}
