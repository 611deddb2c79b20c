/** Turns text into files that are either whole or not there, and plan files into what they hold. */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readPlanArchive } from "./gate/archive";
import { findTerraform, showPlanTo } from "./gate/terraform";
import { type PlanFiles, reasonOf } from "./input";
import { InputError } from "./kernel/index";

/** Writes a file whole or not at all: aside first, then under its name. Throws {@link InputError}. */
export function writeWhole(path: string, content: string): void {
  const aside = join(dirname(path), `.${randomBytes(6).toString("hex")}.tmp`);
  try {
    mkdirSync(dirname(path), { recursive: true });
    const descriptor = openSync(aside, "wx", 0o644);
    try {
      const bytes = Buffer.from(content);
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw new InputError(`${path}: can't be written: ${reasonOf(error)}`);
  }
}

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
