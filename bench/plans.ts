/** Turns growths into plan files in a folder, each written once. */
import { closeSync, existsSync, openSync, renameSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type Growth, grown, RESOURCES_PER_UNIT } from "./grow";

/** A plan that was grown. */
export interface GrownPlan extends Growth {
  readonly file: string;
  /** Managed resources. */
  readonly resources: number;
  /** Bytes. */
  readonly size: number;
}

/** Characters that are written at a time. */
const PIECE = 1 << 20;

/** The plan of a growth, below a folder. */
export function planOf(growth: Growth, folder: string): GrownPlan {
  const { layout, action, units, violations = 0 } = growth;
  const file = join(folder, `${layout}-${action}-${units}-${violations}.json`);
  if (!existsSync(file)) {
    write(growth, `${file}.part`);
    renameSync(`${file}.part`, file);
  }
  return { ...growth, file, resources: units * RESOURCES_PER_UNIT, size: statSync(file).size };
}

function write(growth: Growth, file: string): void {
  const descriptor = openSync(file, "w");
  try {
    let piece = "";
    for (const text of grown(growth)) {
      piece += text;
      if (piece.length < PIECE) continue;
      writeSync(descriptor, piece);
      piece = "";
    }
    writeSync(descriptor, piece);
  } finally {
    closeSync(descriptor);
  }
}
