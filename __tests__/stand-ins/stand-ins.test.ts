/** A stand-in for many units says of each what judging it by itself says, word for word. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { judgeInput } from "../../validators/check";
import { planFiles } from "../../validators/files";
import type { Report } from "../../validators/kernel/index";
import { WANTED_TYPES } from "../../validators/model/index";
import { readPlan } from "../../validators/plan/index";
import { type Draft, drafted, filesOf, UNITS, VARIANTS } from "./variants";

const folder = mkdtempSync(join(tmpdir(), "tollgate-stand-ins-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

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
    after: { input: "tollgate-twin-" },
    after_unknown: {},
    before_sensitive: {},
    after_sensitive: {},
  },
};

const marked = (draft: Draft): Draft => ({
  ...draft,
  plan: { ...draft.plan, resource_drift: [...(draft.plan.resource_drift ?? []), MARK] },
});

let count = 0;

async function judged({ plan, code }: Draft, layout: Parameters<typeof filesOf>[0]): Promise<Report> {
  const project = join(folder, String(count++));
  mkdirSync(project);
  if (code !== "")
    for (const [name, text] of filesOf(layout, code)) {
      mkdirSync(dirname(join(project, name)), { recursive: true });
      writeFileSync(join(project, name), text);
    }
  const file = join(project, "plan.json");
  writeFileSync(file, JSON.stringify(plan));
  const { report } = await judgeInput(file, { config: {}, today: "2026-01-01", files: planFiles });
  return { ...report, input: { ...report.input, sha256: "" } };
}

test.each(VARIANTS.map((variant) => [variant.name.replace(/\s+/g, " "), variant] as const))(
  "%s",
  async (_, variant) => {
    const draft = drafted(variant);
    const layout = variant.layout ?? "flat";
    expect(await judged(draft, layout)).toEqual(await judged(marked(draft), layout));
  },
);

test.each(["flat", "calls"] as const)(
  "several of them at once, %s",
  async (which) => {
    const alone = VARIANTS.filter(({ layout = "flat", action = "create" }) => layout === which && action === "create");
    const some = fc.uniqueArray(fc.constantFrom(...alone), {
      minLength: 2,
      maxLength: 3,
      selector: ({ name }) => name,
    });
    await fc.assert(
      fc.asyncProperty(some, async (variants) => {
        const draft = drafted({
          name: "",
          layout: which,
          edit: (open) => {
            for (const { edit } of variants)
              try {
                edit(open);
              } catch {
                // what the one changes is what the other looks for
              }
          },
        });
        expect(await judged(draft, which)).toEqual(await judged(marked(draft), which));
      }),
      { numRuns: Number(process.env.STAND_INS_RUNS ?? 25), ...(process.env.STAND_INS_RUNS ? {} : { seed: 1 }) },
    );
  },
  600_000,
);

const groupsIn = ({ plan }: Draft) =>
  readPlan([Buffer.from(JSON.stringify(plan))], { wanted: WANTED_TYPES, standIns: true }).standIns?.groups ?? [];

test.each([
  ["nothing", [UNITS]],
  ["nothing, modules", [UNITS]],
  ["nothing, no-op", [UNITS]],
  ["nothing, calls, create", [UNITS]],
  ["nothing, calls, no-op", [UNITS]],
  ["one that is called with another label, calls, create", [UNITS - 1]],
  ["one whose label is another one's name, calls, create", [UNITS - 2]],
  ["all whose label is one's name, calls, create", [UNITS - 1]],
  ["one that isn't called, calls, create", [UNITS - 1]],
  ["one of another module, calls, create", [UNITS - 1]],
  ["an output of one, calls, create", [UNITS - 1]],
  ["a provider of one module, calls, create", [UNITS - 1]],
  ["modules with a module inside, calls, create", [UNITS]],
  ["names with an underscore, calls, create", []],
  ["modules in a module, calls, create", []],
  ["modules that are counted, calls, create", []],
  ["no configuration, calls, create", []],
  ["nothing, mixed", [UNITS - 2]],
  ["one whose flag is false", [UNITS - 1]],
  ["one without access block", [UNITS - 1]],
  ["one that is deleted", [UNITS - 1]],
  ["another policy of one bucket, by its name", [UNITS - 1]],
  ["one key for all, no-op", [UNITS - 1]],
  ["all are sensitive", []],
  ["keys with capitals", []],
  ["keys with quotes", []],
  ["short keys", [UNITS]],
  ["the name of a stand-in among the keys", []],
])("%s: so many units share a stand-in: %j", (name, sizes) => {
  const variant = VARIANTS.find((one) => one.name === name);
  if (variant === undefined) throw new Error(`no variant ${name}`);
  expect(groupsIn(drafted(variant)).map(({ members }) => members.length)).toEqual(sizes);
  expect(groupsIn(marked(drafted(variant)))).toEqual([]);
});
