/** Turns plans into the commands that are held against each other: Tollgate, a bare parse, an empty Node.js. */
import { join } from "node:path";
import { RESULTS_PER_UNIT } from "./grow";
import type { Contestant } from "./measure";
import type { GrownPlan } from "./plans";

const cli = join(__dirname, "../dist/cli.cjs");

/** An empty Node.js process. */
export const EMPTY: Contestant = { name: "node -e 0", args: ["-e", "0"], status: 0 };

/** One bare process that parses the plan whole and counts its resources. */
export const fullParse = (plan: GrownPlan): Contestant => ({
  name: "full parse",
  args: [join(__dirname, "full-parse.cjs"), plan.file, String(plan.resources)],
  status: 0,
});

/** How Tollgate is started. */
export interface Start {
  /** Flags of Node.js. */
  readonly node?: readonly string[];
}

/**
 * `tollgate check` of a plan, all eight rules. A plan that creates doesn't show its policies: they are recovered from the
 * source beside the seed. Units that call a module each have no source of their own here: the three rules about a bucket's
 * policy stay undecided for them.
 */
export function tollgate(plan: GrownPlan, { node = [] }: Start = {}): Contestant {
  const { layout, action, units, violations = 0 } = plan;
  // three of each unit whose policy the plan doesn't show
  const open = layout === "calls" && action === "create" ? 3 * units : 0;
  const counts = [
    ...(violations > 0 ? [`${violations} fail`] : []),
    ...(open > 0 ? [`${open} undecided`] : []),
    `${units * RESULTS_PER_UNIT - violations - open} pass`,
  ];
  const source = layout === "calls" ? [] : ["--source", join(__dirname, "seeds", layout)];
  return {
    name: `tollgate check ${layout}-${action}-${units}`,
    node,
    args: [cli, "check", plan.file, ...(action === "no-op" ? [] : source), "--today", "2026-01-01"],
    status: violations > 0 ? 1 : open > 0 ? 3 : 0,
    isDone: (printed) => printed.trimEnd().endsWith(`\n${counts.join(", ")}`),
  };
}
