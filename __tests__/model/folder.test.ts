/**
 * Every plan in the folder that `TOLLGATE_PLANS` names is read and turned into a graph, or refused with one line: none may
 * crash, hang or be misread. Without the variable the recorded projects of this repository are taken.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../validators/kernel/index";
import { buildGraph, WANTED_TYPES } from "../../validators/model/index";
import { readPlan } from "../../validators/plan/index";
import { useParser } from "../source/parser";

beforeAll(useParser);

const folder = process.env.TOLLGATE_PLANS ?? join(__dirname, "..", "fixtures", "plans");
const plans = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith(".json") && !/(^|\/)(cdk\.tf|recording|index)\.json$/.test(name),
);

interface Raw {
  readonly resource_changes?: readonly {
    readonly type?: string;
    readonly mode?: string;
    readonly deposed?: string;
    readonly change?: { readonly actions?: readonly string[] };
  }[];
}

/** The number of buckets after apply, counted on the bare JSON. */
function bucketsIn(bytes: Buffer): number | undefined {
  const text = bytes[0] === 0xff ? bytes.toString("utf16le") : bytes.toString("utf8");
  const raw: Raw = JSON.parse(text.replace(/^\ufeff/, ""));
  return raw.resource_changes?.filter((one) => {
    const actions = one.change?.actions ?? [];
    const isGone = actions.includes("forget") || (actions.includes("delete") && !actions.includes("create"));
    return one.type === "aws_s3_bucket" && one.mode !== "data" && one.deposed === undefined && !isGone;
  }).length;
}

test("there is something to read", () => {
  expect(plans.length).toBeGreaterThan(0);
});

test.each(plans)("%s", (name) => {
  const bytes = readFileSync(join(folder, name));
  let graph: ReturnType<typeof buildGraph> | undefined;
  try {
    graph = buildGraph(readPlan([bytes], { wanted: WANTED_TYPES }));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message).toMatch(/^[^\n]{10,300}$/);
  }
  // with -target, what only the prior state holds comes on top
  if (graph !== undefined) expect(graph.buckets.length).toBeGreaterThanOrEqual(bucketsIn(bytes) ?? 0);
});
