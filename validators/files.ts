/** Turns plan files into what they hold, with the Terraform that made them. */
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlanFiles } from "./input";

/** Binary plans, shown (and loaded only when one comes) by the `terraform` or `tofu` in PATH. */
export const planFiles: PlanFiles = {
  async archive(path) {
    return (await import("./gate/archive")).readPlanArchive(path);
  },
  async withShown(path, read) {
    const { findTerraform, showPlanTo } = await import("./gate/terraform");
    const folder = mkdtempSync(join(tmpdir(), "tollgate-"));
    try {
      const shown = join(folder, "plan.json");
      const descriptor = openSync(shown, "wx", 0o600);
      try {
        await showPlanTo(findTerraform(), path, descriptor);
      } finally {
        closeSync(descriptor);
      }
      return read(shown);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
