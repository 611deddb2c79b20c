/** Turns text into a file that is whole or not there: written aside, then renamed. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { cryptography } from "../cryptography";
import { InputError } from "../kernel/index";
import { isMissing } from "../reason";
import { messageOf } from "./plain";

/**
 * Writes a file atomically, readable by its owner only (mode 0600) unless told otherwise. Whatever interrupts it (a full
 * disk, a signal), the name holds what it held before or all of the new text. Makes missing folders. A device or pipe
 * (`/dev/stderr`) is written to as it is: replacing it would take it from everybody. A link is replaced, not followed:
 * a stranger's checkout must not choose the file. @throws InputError when it can't be written.
 */
export function writeWhole(path: string, text: string, mode = 0o600): void {
  const aside = join(dirname(path), `.${basename(path)}.${cryptography().randomBytes(6).toString("hex")}.tmp`);
  let isThere = false;
  try {
    if (isStream(path)) {
      writeFileSync(path, text, { flag: "a" });
      return;
    }
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

/** What is at a path, links followed; `undefined` where nothing is. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * Whether a path leads to something that is written to and never replaced: a device, a pipe, a socket. `/dev/stdout` is
 * one even where it leads to a file: the name is the system's.
 */
export function isStream(path: string): boolean {
  if (/^\/(?:dev|proc)\//.test(resolve(path))) return true;
  const stat = statOf(path);
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}
