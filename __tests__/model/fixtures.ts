/** Turns recorded projects into graphs: from the plan alone, from plan and source, from the source alone. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildGraph, graphOfConfiguration, type ResourceGraph, WANTED_TYPES } from "../../validators/model/index";
import { type Plan, readPlan } from "../../validators/plan/index";
import { ProjectFiles } from "../../validators/project-files";
import { fromHcl, type Module, type SourceFiles } from "../../validators/source/index";

const FOLDER = join(__dirname, "..", "fixtures", "plans");

/** What `recording.json` says of a project, and of what else is recorded of it under a name of its own. */
interface Recording {
  readonly of?: "before";
  readonly also?: Readonly<Record<string, Recording>>;
}

/** A recording: its file, and the project that it was made of. */
interface Recorded {
  readonly file: string;
  readonly project: string;
  /** Whether it is of the project's earlier self. */
  readonly isBefore: boolean;
}

function recordingsOf(project: string): (readonly [string, Recorded])[] {
  const folder = join(FOLDER, project);
  const file = join(folder, "recording.json");
  const { also = {} }: Recording = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const more = Object.entries(also).map(
    ([shape, { of }]) => [shape, { file: join(folder, `${shape}.json`), project, isBefore: of === "before" }] as const,
  );
  return [[project, { file: join(folder, "plan.json"), project, isBefore: false }], ...more];
}

const recorded: ReadonlyMap<string, Recorded> = new Map(readdirSync(FOLDER).flatMap(recordingsOf));

/** The names of all recordings: those of the projects, and of what else is recorded of one. */
export const SHAPES: readonly string[] = [...recorded.keys()].sort();

function recordingOf(shape: string): Recorded {
  const found = recorded.get(shape);
  if (found === undefined) throw new Error(`no recording is called \`${shape}\``);
  return found;
}

/** The recorded JSON as it was written. */
export const textOf = (shape: string): string => readFileSync(recordingOf(shape).file, "utf8");

/**
 * Shapes whose source describes another world than their plan: it is destroyed, made by variables without a value, made in
 * part, or what an earlier one left stays in force.
 */
export const OTHER_WORLDS: ReadonlySet<string> = new Set(["destroy", "key-policy-stays", "target-module", "variables"]);

/** The recorded plan or state. */
export const planOf = (shape: string): Plan => readPlan([Buffer.from(textOf(shape))], { wanted: WANTED_TYPES });

/** What the verdicts must be, by the rules' help pages: by address, for each rule in order; `-` where the rule has nothing to say. */
export function expectedOf(shape: string): Readonly<Record<string, string>> | undefined {
  const file = join(FOLDER, shape, "expected.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** A project's configuration by path. Its earlier self has the same modules. */
function filesOf(shape: string): SourceFiles {
  const { project, isBefore } = recordingOf(shape);
  const root = join(FOLDER, project);
  const files = new Map<string, string>();
  for (const name of readdirSync(root, { recursive: true, encoding: "utf8" }).sort()) {
    if (!/\.(tf|tf\.json|tfvars|tftpl)$/.test(name) || /^outside\b/.test(name)) continue;
    const isEarlier = name.startsWith("before/");
    if (isBefore ? isEarlier || name.includes("/") : !isEarlier)
      files.set(isEarlier ? name.slice("before/".length) : name, readFileSync(join(root, name), "utf8"));
  }
  return files;
}

/** The project's source, which reads the other files of its folder. */
export const sourceOf = (shape: string): Module =>
  fromHcl(filesOf(shape), "", new ProjectFiles(join(FOLDER, recordingOf(shape).project)));

/** The three views of a project. */
export function viewsOf(shape: string): {
  readonly plan: ResourceGraph;
  readonly both: ResourceGraph;
  readonly source: ResourceGraph;
} {
  const [plan, source] = [planOf(shape), sourceOf(shape)];
  return { plan: buildGraph(plan), both: buildGraph(plan, { source }), source: graphOfConfiguration(source) };
}
