/** Turns recorded projects into graphs: from the plan alone, from plan and source, from the source alone. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildGraph, graphOfConfiguration, type ResourceGraph, WANTED_TYPES } from "../../validators/model/index";
import { type Plan, readPlan } from "../../validators/plan/index";
import { fromHcl, type Module, type SourceFiles } from "../../validators/source/index";

const FOLDER = join(__dirname, "..", "fixtures", "plans");

/** The names of all recorded projects. */
export const SHAPES: readonly string[] = readdirSync(FOLDER).sort();

/** Shapes whose source describes another world than their plan: it is destroyed, made by variables without a value, or made in part. */
export const OTHER_WORLDS: ReadonlySet<string> = new Set(["destroy", "target-module", "variables"]);

/** The recorded plan or state. */
export const planOf = (shape: string): Plan =>
  readPlan([readFileSync(join(FOLDER, shape, "plan.json"))], { wanted: WANTED_TYPES });

/** The project's files by path. */
export function filesOf(shape: string): SourceFiles {
  const root = join(FOLDER, shape);
  const files = new Map<string, string>();
  for (const name of readdirSync(root, { recursive: true, encoding: "utf8" }).sort())
    if (/\.(tf|tf\.json|tftpl)$/.test(name) && !/^(before|outside)\b/.test(name))
      files.set(name, readFileSync(join(root, name), "utf8"));
  return files;
}

/** The project's source. */
export const sourceOf = (shape: string): Module => fromHcl(filesOf(shape));

/** The three views of a project. */
export function viewsOf(shape: string): {
  readonly plan: ResourceGraph;
  readonly both: ResourceGraph;
  readonly source: ResourceGraph;
} {
  const [plan, source] = [planOf(shape), sourceOf(shape)];
  return { plan: buildGraph(plan), both: buildGraph(plan, { source }), source: graphOfConfiguration(source) };
}
