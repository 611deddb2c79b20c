/** Turns memory that runs out into one clear line, where the engine would abort the process without a word to the user. */
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { InputError } from "./kernel/index";

/** Share of the heap, and bytes, that stay free: enough for what happens between two looks, and to end in an orderly way. */
const SPARE_SHARE = 0.15;
const SPARE = 12 * 2 ** 20;
/** Steps of the work between two looks at the heap: a look takes some microseconds. */
const STEPS = 512;

/** What is said of an input that is too large for the memory at hand. */
export const exhausted = (where = ""): InputError =>
  new InputError(
    `${where}needs more memory than the ${Math.round((getHeapStatistics().heap_size_limit - YOUNG) / 2 ** 20)} MiB that Node.js takes at most: set \`NODE_OPTIONS=--max-old-space-size=MIB\` to more (about 4 KB a resource)`,
  );

/** Looks at the heap now. Throws {@link InputError}, with `where` before it, where it is full of what is still needed. */
export function checkMemory(where = ""): void {
  if (!isFull()) return;
  collectGarbage();
  if (isFull()) throw exhausted(where);
}

/** A function to be called at every step of long work over an input, which looks at the heap now and then. */
export function memoryGuard(path: string): () => void {
  let steps = 0;
  return () => {
    if (++steps % STEPS === 0) checkMemory(`${path}: `);
  };
}

/** MiB of a half of the memory for what is short-lived: from V8 13 (Node.js 24) on 64, before 16, if nobody asked for another size. */
function semiSpace(): number {
  const asked = [...process.execArgv, process.env.NODE_OPTIONS ?? ""].join(" ");
  const [, size] = /--max[-_]semi[-_]space[-_]size[= ](\d+)/.exec(asked) ?? [];
  return size === undefined ? (Number.parseInt(process.versions.v8, 10) >= 13 ? 64 : 16) : Number(size);
}

/** What V8 sets aside for short-lived memory, which is in its limit of the heap: three halves. */
const YOUNG = 3 * semiSpace() * 2 ** 20;

function isFull(): boolean {
  let used = 0;
  for (const { space_name, space_used_size } of getHeapSpaceStatistics())
    if (!space_name.startsWith("new_")) used += space_used_size;
  const limit = getHeapStatistics().heap_size_limit - YOUNG;
  return used > limit - Math.max(SPARE, SPARE_SHARE * limit);
}

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const gc: unknown = runInNewContext("gc");
  if (typeof gc === "function") gc();
}
