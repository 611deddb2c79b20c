/** Turns plan files into what they hold, with the Terraform that made them. */
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPlanArchive } from "./gate/archive";
import { findTerraform, showPlanTo } from "./gate/terraform";
import type { PlanFiles } from "./input";

/** Binary plans, shown by the `terraform` or `tofu` in PATH. */
export const planFiles: PlanFiles = {
  archive: readPlanArchive,
  async withShown(path, read) {
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
