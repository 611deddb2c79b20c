/** Turns plan files into what they hold, with the Terraform that made them. */
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { PlanFiles } from "./input";

/**
 * Binary plans, shown (and loaded only when one comes) by the `terraform` or `tofu` in PATH: in `directory`, which was
 * initialised, else in the one that is found from the plan's path.
 */
export const planFilesIn = (directory?: string): PlanFiles => ({
  async archive(path) {
    return (await import("./gate/archive")).readPlanArchive(path);
  },
  async withShown(path, read) {
    const { findTerraform, showPlanTo } = await import("./gate/terraform");
    const { thenBySignal } = await import("./gate/child");
    const { tmpdir } = await import("node:os");
    const descriptor = nameless(tmpdir());
    try {
      const where = directory === undefined ? {} : { cwd: directory };
      await thenBySignal(() => showPlanTo(findTerraform(), path, descriptor, where));
      return read(descriptor);
    } finally {
      closeSync(descriptor);
    }
  },
});

/** {@link planFilesIn} nowhere in particular. */
export const planFiles = planFilesIn();

/** A private file that has no name any more: a plan's secrets stay nowhere, not even where this process is killed. */
function nameless(temporary: string): number {
  const folder = mkdtempSync(join(temporary, "tollgate-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    return openSync(join(folder, "plan.json"), "wx+", 0o600);
  } finally {
    try {
      remove();
    } catch {
      // Windows takes no file away that is open: it goes with the process.
      process.once("exit", remove);
    }
  }
}
