/** Turns a real plan into what `terraform show -json` of it costs, and into the check of what that prints. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator } from "../scripts/emulator";
import { run, succeed } from "../scripts/terraform";
import { tollgate } from "./contestants";
import { RESOURCES_PER_UNIT, unitName } from "./grow";
import { type Contestant, type Cost, runOnce } from "./measure";

/** What showing the plan cost, and the contestant that judges it. */
export interface Shown {
  readonly costs: readonly Cost[];
  readonly check: Contestant;
}

const isInstalled = (program: string, flag: string): boolean => spawnSync(program, [flag]).error === undefined;

/** Plans so many units of one module for real, against the emulator, and shows the plan in so many rounds. `undefined` where Terraform or the emulator isn't there. */
export async function showCost(work: string, units: number, rounds: number): Promise<Shown | undefined> {
  if (!isInstalled("terraform", "-version") || !isInstalled("moto_server", "--version")) return undefined;
  const seeds = join(__dirname, "seeds");
  const folder = join(work, "real");
  for (const name of ["unit", "module"]) {
    mkdirSync(join(folder, name), { recursive: true });
    copyFileSync(join(seeds, name, "main.tf"), join(folder, name, "main.tf"));
  }
  const stack = join(folder, "module");
  const labels = Object.fromEntries(Array.from({ length: units }, (_, unit) => [unitName(unit + 1), "one"]));
  writeFileSync(join(stack, "terraform.tfvars.json"), JSON.stringify({ units: labels }));
  const emulator = await startEmulator();
  try {
    for (const args of [
      ["init", "-input=false"],
      ["plan", "-input=false", "-out=plan"],
    ])
      succeed(await run("terraform", args, { cwd: stack, env: emulator.env }), `terraform ${args[0]}`);
    const show: Contestant = {
      name: "terraform show -json",
      program: "terraform",
      args: [`-chdir=${stack}`, "show", "-json", "plan"],
      status: 0,
      env: emulator.env,
    };
    const costs: Cost[] = [];
    for (let round = 0; round < rounds; round++) costs.push(runOnce(show, work));
    const file = join(folder, "plan.json");
    const json = readFileSync(join(work, "stdout"));
    writeFileSync(file, json);
    const resources = units * RESOURCES_PER_UNIT;
    return {
      costs,
      check: tollgate({ layout: "module", action: "create", units, file, resources, size: json.length }),
    };
  } finally {
    await emulator.stop();
  }
}
