/** Turns text into a file that is whole or not there: written aside, then renamed. */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { InputError } from "../kernel/index";
import { messageOf } from "./plain";

/**
 * Writes a file atomically, readable by its owner only (mode 0600) unless told otherwise. Whatever interrupts it (a full
 * disk, a signal), the name holds what it held before or all of the new text. Makes missing folders. @throws InputError when it can't be written.
 */
export function writeWhole(path: string, text: string, mode = 0o600): void {
  const aside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  let isThere = false;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const descriptor = openSync(aside, "wx", mode);
    isThere = true;
    try {
      const bytes = Buffer.from(text, "utf8");
      for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(aside, path);
    isThere = false;
  } catch (error) {
    throw new InputError(`\`${path}\` can't be written: ${messageOf(error)}`);
  } finally {
    if (isThere) rmSync(aside, { force: true });
  }
}
