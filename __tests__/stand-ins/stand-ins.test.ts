/** A stand-in for many units says of each what judging it by itself says, word for word. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { judgeInput } from "../../validators/check";
import { planFiles } from "../../validators/files";
import type { Report } from "../../validators/kernel/index";
import * as model from "../../validators/model/index";
import { buildGraph } from "../../validators/model/index";
import { type Draft, drafted, filesOf, VARIANTS } from "./variants";

const folder = mkdtempSync(join(tmpdir(), "tollgate-stand-ins-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
void buildGraph;
void model;

/** Something that says the name of a stand-in, but nothing of any subject: with it, no stand-in is made. */
const MARK = {
  address: "terraform_data.mark",
  mode: "managed",
  type: "terraform_data",
  name: "mark",
  provider_name: "terraform.io/builtin/terraform",
  change: {
    actions: ["update"],
    before: { input: "" },
    after: { input: "tollgate.twin." },
    after_unknown: {},
    before_sensitive: {},
    after_sensitive: {},
  },
};

let count = 0;

async function judged({ plan, code }: Draft, layout: Parameters<typeof filesOf>[0]): Promise<Report> {
  const project = join(folder, String(count++));
  if (code !== "")
    for (const [name, text] of filesOf(layout, code)) {
      mkdirSync(dirname(join(project, name)), { recursive: true });
      writeFileSync(join(project, name), text);
    }
  mkdirSync(project, { recursive: true });
  const file = join(project, "plan.json");
  writeFileSync(file, JSON.stringify(plan));
  const { report } = await judgeInput(file, { config: {}, today: "2026-01-01", files: planFiles });
  return { ...report, input: { ...report.input, sha256: "" } };
}

test.each(VARIANTS.map((variant) => [variant.name, variant] as const))("%s", async (_, variant) => {
  const draft = drafted(variant);
  const layout = variant.layout ?? "flat";
  const single = { ...draft, plan: { ...draft.plan, resource_drift: [...(draft.plan.resource_drift ?? []), MARK] } };
  expect(await judged(draft, layout)).toEqual(await judged(single, layout));
});
