/** Turns the system's temporary folder into a new one that only this user can enter, and that nobody can swap for another. */
import { mkdtempSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../kernel/index";
import { messageOf } from "./plain";

/** Write permission for everybody, and the sticky bit that keeps them from renaming what isn't theirs (inode(7)). */
const WRITABLE_BY_ALL = 0o002;
const STICKY = 0o1000;

/**
 * A new folder, mode 0700, for a plan: it holds secrets in clear, and what is applied must be what was judged.
 * @throws InputError where there is no temporary folder, or one in which somebody else could put another in its place.
 */
function privateFolder(): string {
  try {
    const parent = realpathSync(tmpdir());
    const { mode, uid } = statSync(parent);
    const isShared = (mode & WRITABLE_BY_ALL) !== 0 && (mode & STICKY) === 0;
    const mine = process.getuid?.();
    if (mine !== undefined && (isShared || (uid !== mine && uid !== 0)))
      throw new Error(`\`${parent}\`, in which others can rename folders (set \`TMPDIR\` to one of your own)`);
    return mkdtempSync(join(parent, "tollgate-"));
  } catch (error) {
    throw new InputError(`expected a private temporary folder for the plan, found ${messageOf(error)}`);
  }
}

/** Does the work in such a folder, which is gone afterwards: also where the process ends in the middle. @throws as {@link privateFolder}. */
export async function inPrivateFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = privateFolder();
  const forget = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", forget);
  try {
    return await work(folder);
  } finally {
    process.off("exit", forget);
    forget();
  }
}
