/** Turns the committed sources under `bench/seeds` into small real plans beside them, with Terraform and the emulator. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../scripts/emulator";
import { run, succeed } from "../scripts/terraform";
import { ACTIONS, LAYOUTS, type Layout, seedFile, unitName } from "./grow";

const seeds = join(__dirname, "seeds");

/** Labels by unit: what the variable `units` of each layout holds. */
type Units = Readonly<Record<string, string>>;
const everyUnit: Units = { [unitName(1)]: "old", [unitName(2)]: "old", [unitName(3)]: "old" };
/** Unit 2 isn't there yet, unit 1 gets another label: exactly what `mixed` of `grow.ts` takes the three units for. */
const withoutTheNew: Units = { [unitName(1)]: "old", [unitName(3)]: "old" };
const mixed: Units = { ...everyUnit, [unitName(1)]: "new" };

function writeLayout(folder: string, layout: Layout, units: Units): void {
  const head = readFileSync(join(seeds, layout === "calls" ? "module" : layout, "main.tf"), "utf8");
  const calls = Object.entries(units).map(
    ([name, label]) => `module "${name}" {\n  source = "../unit"\n  name   = "${name}"\n  label  = "${label}"\n}\n`,
  );
  const text = layout === "calls" ? [head.slice(0, head.indexOf('variable "units"')), ...calls].join("\n") : head;
  writeFileSync(join(folder, "main.tf"), text);
  const variables = layout === "calls" ? {} : { units };
  writeFileSync(join(folder, "terraform.tfvars.json"), JSON.stringify(variables));
}

/** Records the three plans of a layout: nothing there yet, everything there, and one new and one changed unit. */
async function record(layout: Layout, work: string): Promise<void> {
  const emulator = await startEmulator();
  try {
    await recordOn(emulator, layout, work);
  } finally {
    await emulator.stop();
  }
}

async function recordOn(emulator: Emulator, layout: Layout, work: string): Promise<void> {
  const folder = join(work, layout);
  mkdirSync(folder);
  const terraform = async (...args: string[]) =>
    succeed(await run("terraform", args, { cwd: folder, env: emulator.env }), `${layout}: terraform ${args.join(" ")}`);
  const save = async (action: (typeof ACTIONS)[number], units: Units) => {
    writeLayout(folder, layout, units);
    await terraform("plan", "-input=false", "-out=plan");
    const { stdout } = await terraform("show", "-json", "plan");
    writeFileSync(join(seeds, seedFile(layout, action)), stdout.endsWith("\n") ? stdout : `${stdout}\n`);
  };
  writeLayout(folder, layout, everyUnit);
  await terraform("init", "-input=false");
  await save("create", everyUnit);
  await terraform("apply", "-input=false", "plan");
  await save("no-op", everyUnit);
  writeLayout(folder, layout, withoutTheNew);
  await terraform("apply", "-input=false", "-auto-approve");
  await save("mixed", mixed);
}

async function main(): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "tollgate-seeds-"));
  try {
    mkdirSync(join(work, "unit"));
    copyFileSync(join(seeds, "unit/main.tf"), join(work, "unit/main.tf"));
    for (const layout of LAYOUTS) await record(layout, work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  for (const layout of LAYOUTS)
    for (const action of ACTIONS) process.stdout.write(`bench/seeds/${seedFile(layout, action)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
