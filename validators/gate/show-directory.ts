/** Turns a saved plan's path into the directory in which Terraform may show it: it runs the providers that lie there. */
import { existsSync, type Stats, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Environment } from "./child";

/** Write permission for the group and for everybody, and the sticky bit of a folder that all share (inode(7)). */
const WRITABLE_BY_GROUP = 0o020;
const WRITABLE_BY_ALL = 0o002;
const STICKY = 0o1000;

/**
 * The directory in which a saved plan can be shown by hand: Terraform needs the providers' schemas, so one that was
 * initialised. The nearest one from the plan's own upwards, else the working directory (also where `TF_DATA_DIR` says where
 * they are). It stops at a folder in which somebody else can put providers, as `/tmp` is: they run with our credentials.
 */
export function directoryFor(planFile: string, cwd: string = process.cwd(), env: Environment = process.env): string {
  if (env.TF_DATA_DIR !== undefined && env.TF_DATA_DIR !== "") return cwd;
  for (let folder = dirname(resolve(cwd, planFile)); isOurs(folder, cwd); folder = dirname(folder)) {
    if (existsSync(join(folder, ".terraform"))) return folder;
    if (dirname(folder) === folder) break;
  }
  return cwd;
}

/**
 * Whether nobody but this user, root and the owner of the working directory writes to a folder. A checkout that is open to
 * all as a whole is that of a container (GitLab's runner clones so), and as good as its own working directory.
 */
function isOurs(folder: string, cwd: string): boolean {
  const mine = process.getuid?.();
  if (mine === undefined || resolve(cwd) === folder) return true;
  try {
    const [here, there] = [statSync(cwd), statSync(folder)];
    if (![mine, 0, here.uid].includes(there.uid)) return false;
    return !isOpen(there) || (isWithin(folder, cwd) && isOpen(here) && ((here.mode | there.mode) & STICKY) === 0);
  } catch {
    return false;
  }
}

/** Whether others write to a folder; a group of the user's own (useradd(8), `USERGROUPS_ENAB`) is no other. */
const isOpen = ({ mode, gid }: Stats): boolean =>
  (mode & WRITABLE_BY_ALL) !== 0 || ((mode & WRITABLE_BY_GROUP) !== 0 && gid !== process.getgid?.());

function isWithin(folder: string, cwd: string): boolean {
  const way = relative(resolve(cwd), folder);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
