/** Turns a plan, a state or configuration alone into the graph that rules see. */
import { groupIn } from "../kernel/stand-in";
import type { Plan } from "../plan/index";
import { fromPlanConfiguration, type Module, merge } from "../source/index";
import { Buckets } from "./buckets";
import type { ResourceGraph, UnreadModule } from "./graph";
import { Keys } from "./keys";
import { principalIds } from "./principals";
import { secretsOf } from "./secrets";
import type { ModuleInstance, World } from "./shape";
import { sourceOf } from "./source-location";
import { PlannedWorld, type WorldOptions } from "./world";

/**
 * The infrastructure after a plan is applied, or as a state holds it. Throws `ParserMissing` where an expression needs
 * the parser of native configuration and it isn't loaded.
 */
export function buildGraph(plan: Plan, options: WorldOptions = {}): ResourceGraph {
  if (plan.kind === "state") return graphOf(new PlannedWorld("state", undefined, plan, options), plan);
  const planned = fromPlanConfiguration(plan.configuration);
  const config = options.source === undefined ? planned : merge(planned, options.source);
  return graphOf(new PlannedWorld("plan", config, plan, options), plan, config);
}

/** The infrastructure that configuration alone describes: judged before there is a plan, with more left open. */
export function graphOfConfiguration(module: Module, options: Omit<WorldOptions, "source"> = {}): ResourceGraph {
  const world = new PlannedWorld("configuration", module, undefined, { ...options, source: module });
  return graphOf(world, undefined, module);
}

function graphOf(world: World, plan: Plan | undefined, config?: Module): ResourceGraph {
  const keys = new Keys(world);
  const buckets = new Buckets(world, keys);
  const marked = secretsOf(plan, config, (expression) => world.evaluate(expression, world.root, "var"));
  const standIns = plan?.standIns && new Map(plan.standIns.groups.map(({ number, members }) => [number, members]));
  return {
    buckets: buckets.all,
    keys: keys.all,
    unread: world.unread.map(unreadModule).sort((a, b) => order(a.address, b.address)),
    resources: resourcesIn(world, standIns),
    principalIds: principalIds(world),
    ...(plan?.timestamp === undefined ? {} : { timestamp: plan.timestamp }),
    notices: [...buckets.notices, ...keys.notices].sort(
      (a, b) => order(a.address ?? "", b.address ?? "") || order(a.message, b.message),
    ),
    ...(standIns === undefined ? {} : { standIns }),
    // what is asked for later, while rules judge, may bring more of them
    get secrets() {
      return new Set([...marked, ...world.sensitivity.texts()]);
    },
  };
}

/** How many managed resources there are: each of those for which another one stands. */
function resourcesIn({ managed }: World, standIns: ResourceGraph["standIns"]): number {
  if (standIns === undefined) return managed.length;
  return managed.reduce((sum, { address }) => sum + (standIns.get(groupIn(address) ?? -1)?.length ?? 1), 0);
}

function unreadModule({ path, call }: ModuleInstance): UnreadModule {
  const source = sourceOf({ config: call });
  return { address: path, from: call?.source ?? "", ...(source === undefined ? {} : { source }) };
}

/** By code units: the same order in every locale. */
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
