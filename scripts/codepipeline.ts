/** Turns the synthesized pipeline stack and a source archive into a run of all its stages on this machine, as CodePipeline orders them. */
import * as valibot from "valibot";
import { type BuildResult, runBuild } from "./codebuild";

const list = <T extends valibot.GenericSchema>(item: T) => valibot.optional(valibot.array(item), []);
const textMap = valibot.optional(valibot.record(valibot.string(), valibot.string()), {});

/** The part of a synthesized `aws_codepipeline` and its `aws_codebuild_project`s that a run needs. */
const schema = valibot.object({
  resource: valibot.object({
    aws_codepipeline: valibot.record(
      valibot.string(),
      valibot.object({
        stage: valibot.array(
          valibot.object({
            name: valibot.string(),
            action: valibot.array(
              valibot.object({
                category: valibot.picklist(["Source", "Build", "Approval"]),
                namespace: valibot.optional(valibot.string()),
                configuration: textMap,
                input_artifacts: list(valibot.string()),
                output_artifacts: list(valibot.string()),
              }),
            ),
          }),
        ),
      }),
    ),
    aws_codebuild_project: valibot.record(
      valibot.string(),
      valibot.object({
        name: valibot.string(),
        source: valibot.object({ buildspec: valibot.string() }),
        environment: valibot.object({
          environment_variable: list(valibot.object({ name: valibot.string(), value: valibot.string() })),
        }),
      }),
    ),
  }),
});

const environmentSchema = valibot.array(valibot.object({ name: valibot.string(), value: valibot.string() }));

/** A build project of the stack. */
interface Project {
  readonly buildspec: string;
  readonly variables: ReadonlyMap<string, string>;
}

/** The pipeline of a synthesized stack: what is rehearsed is what is deployed. */
export interface Pipeline {
  readonly stages: valibot.InferOutput<typeof schema>["resource"]["aws_codepipeline"][string]["stage"];
  readonly projects: ReadonlyMap<string, Project>;
}

/** Terraform's escapes undone: in the synthesized JSON a literal `${` is `$${`. */
const literal = (text: string): string => text.replaceAll("$${", "${").replaceAll("%%{", "%{");

/** Reads the one pipeline of a stack's JSON. @throws Error where it holds none, or something that can't be rehearsed. */
export function readPipeline(json: unknown): Pipeline {
  const { resource } = valibot.parse(schema, json);
  const [pipeline, ...more] = Object.values(resource.aws_codepipeline);
  if (pipeline === undefined || more.length > 0) throw new Error("expected one pipeline in the stack");
  const projects = Object.values(resource.aws_codebuild_project).map((project): [string, Project] => [
    project.name,
    {
      buildspec: literal(project.source.buildspec),
      variables: new Map(project.environment.environment_variable.map(({ name, value }) => [name, value])),
    },
  ]);
  return { stages: pipeline.stage, projects: new Map(projects) };
}

/** What a run is between two stages: what the stages before it handed on. */
export interface Underway {
  /** Artifacts by name, zips. */
  readonly artifacts: Map<string, Uint8Array>;
  /** Variables as `NAMESPACE.NAME`. */
  readonly variables: Map<string, string>;
}

/** How a run is made and watched. */
export interface RunOptions {
  readonly source: Uint8Array;
  readonly env: NodeJS.ProcessEnv;
  readonly log: (text: string) => void;
  /** The stage to begin with, and what the stages before it handed on; default: the first, with nothing. */
  readonly from?: { readonly stage: string; readonly run: Underway };
  /** The stage to wait before, such as an approval that has yet to come. */
  readonly until?: string;
}

/** How a run ended. */
export interface PipelineResult {
  /** Where it stopped: the stage, and the phase and command that failed; absent when it went all the way. */
  readonly stopped?: { readonly stage: string; readonly phase: string; readonly command: string };
  /** What each build left, by stage. */
  readonly builds: ReadonlyMap<string, BuildResult>;
  /** What was handed on so far. */
  readonly run: Underway;
  /** What approvers were told, by stage. */
  readonly told: ReadonlyMap<string, string>;
}

/** `#{Namespace.NAME}` replaced; an unknown variable fails the action in AWS, so it is an error here. */
function resolveVariables(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/#\{([\w.-]+)\}/g, (_whole, name: string) => {
    const value = variables.get(name);
    if (value === undefined) throw new Error(`expected the variable \`${name}\` to be exported before it is used`);
    return value;
  });
}

type Action = Pipeline["stages"][number]["action"][number];

async function runAction(pipeline: Pipeline, action: Action, run: Underway, options: RunOptions): Promise<BuildResult> {
  const name = action.configuration.ProjectName ?? "";
  const project = pipeline.projects.get(name);
  if (project === undefined) throw new Error(`expected a project \`${name}\` in the stack`);
  const inputs = action.input_artifacts.map((input): [string, Uint8Array] => {
    const zip = run.artifacts.get(input);
    if (zip === undefined) throw new Error(`expected an artifact \`${input}\` from an earlier stage`);
    return [input, zip];
  });
  const primary = action.configuration.PrimarySource ?? action.input_artifacts[0];
  const source = inputs.find(([input]) => input === primary)?.[1];
  if (source === undefined) throw new Error(`expected \`${primary}\` among the input artifacts`);
  const given = valibot.parse(environmentSchema, JSON.parse(action.configuration.EnvironmentVariables ?? "[]"));
  const variables = given.map(({ name: variable, value }): [string, string] => [
    variable,
    resolveVariables(value, run.variables),
  ]);
  return runBuild({
    project: name,
    buildspec: project.buildspec,
    source,
    secondary: new Map(inputs.filter(([input]) => input !== primary)),
    env: { ...options.env, ...Object.fromEntries(project.variables), ...Object.fromEntries(variables) },
    log: options.log,
  });
}

/** Runs the stages one after the other until one fails, or until the one to wait before. */
export async function runPipeline(pipeline: Pipeline, options: RunOptions): Promise<PipelineResult> {
  const names = pipeline.stages.map((stage) => stage.name);
  const { from, until } = options;
  for (const name of [from?.stage, until])
    if (name !== undefined && !names.includes(name)) throw new Error(`expected a stage \`${name}\` in the pipeline`);
  const first = from === undefined ? 0 : names.indexOf(from.stage);
  const stages = pipeline.stages.slice(first, until === undefined ? undefined : names.indexOf(until));
  const run: Underway = { artifacts: new Map(from?.run.artifacts), variables: new Map(from?.run.variables) };
  const builds = new Map<string, BuildResult>();
  const told = new Map<string, string>();
  for (const stage of stages)
    for (const action of stage.action) {
      options.log(`\n#### ${stage.name}\n`);
      if (action.category === "Approval")
        told.set(stage.name, resolveVariables(action.configuration.CustomData ?? "", run.variables));
      if (action.category === "Source")
        for (const output of action.output_artifacts) run.artifacts.set(output, options.source);
      if (action.category !== "Build") continue;
      const build = await runAction(pipeline, action, run, options);
      builds.set(stage.name, build);
      const failed = build.phases.find((result) => result.failed !== undefined);
      if (failed?.failed !== undefined) {
        const stopped = { stage: stage.name, phase: failed.phase, command: failed.failed };
        return { stopped, builds, run, told };
      }
      handOn(action, build, run);
    }
  return { builds, run, told };
}

/** Puts what a build leaves where later stages find it. */
function handOn(action: Action, build: BuildResult, run: Underway): void {
  for (const output of action.output_artifacts) if (build.artifact) run.artifacts.set(output, build.artifact);
  if (action.namespace === undefined) return;
  for (const [variable, value] of build.exported) run.variables.set(`${action.namespace}.${variable}`, value);
}
