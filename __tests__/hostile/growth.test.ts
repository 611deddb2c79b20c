/** What a larger plan costs, counted in steps instead of seconds: evaluation grows with its forms of unit, reasoning with its forms of policy. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Action, grown, LAYOUTS, type Layout, RESULTS_PER_UNIT } from "../../bench/grow";
import { judgeInput } from "../../validators/check";
import { planFiles } from "../../validators/files";
import { Allowance as Reasoning } from "../../validators/iam/index";
import { workDone } from "../../validators/iam/language";
import { Allowance as Evaluation } from "../../validators/source/index";

const folder = mkdtempSync(join(tmpdir(), "tollgate-growth-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => jest.restoreAllMocks());

interface Work {
  readonly evaluated: number;
  readonly charged: number;
  readonly reasoned: number;
}

async function workOn(layout: Layout, action: Action, units: number): Promise<Work> {
  const plan = join(folder, `${layout}-${action}-${units}.json`);
  writeFileSync(plan, [...grown({ layout, action, units, violations: 0 })].join(""));
  const sums = { evaluated: 0, charged: 0 };
  const charge = Evaluation.prototype.charge;
  jest.spyOn(Evaluation.prototype, "charge").mockImplementation(function (this: Evaluation, work) {
    sums.evaluated += work;
    charge.call(this, work);
  });
  const reason = Reasoning.prototype.charge;
  jest.spyOn(Reasoning.prototype, "charge").mockImplementation(function (this: Reasoning, work) {
    sums.charged += work;
    reason.call(this, work);
  });
  const before = workDone();
  const { report } = await judgeInput(plan, {
    config: {},
    today: "2026-01-01",
    sources: layout === "calls" ? [] : [join(__dirname, "../../bench/seeds", layout)],
    files: planFiles,
  });
  jest.restoreAllMocks();
  expect(report.results).toHaveLength(units * RESULTS_PER_UNIT);
  return { ...sums, reasoned: workDone() - before };
}

const cases = LAYOUTS.flatMap((layout) => (["create", "mixed"] as const).map((action) => [layout, action] as const));

test.each(cases)("layout %s, action %s", async (layout, action) => {
  await workOn(layout, action, 100); // what other tests of this process have left in memory is used up
  const few = await workOn(layout, action, 100);
  const many = await workOn(layout, action, 400);
  // Without source, nothing is there to be evaluated where a block calls each unit, nor a policy where all is new.
  expect([few.evaluated > 0, few.charged > 0]).toEqual([layout !== "calls", layout !== "calls" || action !== "create"]);
  // Units that are alike are evaluated once, however many there are; those that a block each calls are not taken for alike.
  if (layout !== "calls" && action === "create") expect(many.evaluated).toBe(few.evaluated);
  else expect(many.evaluated).toBeLessThanOrEqual(few.evaluated * 4.01);
  // All units have policies of one form: four times as many cost nothing more, and what is known of it is not asked again.
  expect(many.charged).toBe(few.charged);
  expect([few.reasoned, many.reasoned]).toEqual([0, 0]);
});
