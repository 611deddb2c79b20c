/** Turns memory that runs out into one clear line, where the engine would abort the process without a word to the user. */
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ENGINE } from "./engine";
import { InputError } from "./kernel/index";

/** Share of the heap, and bytes, that stay free: enough for what happens between two looks, and to end in an orderly way. */
const SPARE_SHARE = 0.15;
const SPARE = 12 * 2 ** 20;
/** Steps of the work between two looks at the heap: a look takes some microseconds. */
const STEPS = 512;

/** What is said of an input that is too large for the memory at hand. */
export const exhausted = (where = ""): InputError =>
  new InputError(
    `${where}needs more memory than the ${Math.round(limitOfOld() / 2 ** 20)} MiB that Node.js takes at most: set \`NODE_OPTIONS=--max-old-space-size=MIB\` to more (about 4 KB a resource)`,
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

/** MiB that V8 sets aside for short-lived memory, by the first number of its version: three parts of 16, 64 or 32 each. */
const YOUNG: Readonly<Record<string, number>> = { 11: 48, 12: 48, 13: 192 };
const YOUNG_LATER = 96;

let limit: number | undefined;

/** Bytes for what stays, which no process changes while it runs. */
function limitOfOld(): number {
  limit ??= askedOrGiven();
  return limit;
}

/** What is short-lived counts in V8's limit of the heap, but is no room for what stays. */
function askedOrGiven(): number {
  const asked = [process.env.NODE_OPTIONS ?? "", ...process.execArgv].join(" ");
  const last = [...asked.matchAll(/--max[-_]old[-_]space[-_]size[= ](\d+)/g)].at(-1);
  if (last !== undefined) return Number(last[1]) * 2 ** 20;
  return getHeapStatistics().heap_size_limit - (YOUNG[ENGINE] ?? YOUNG_LATER) * 2 ** 20;
}

function isFull(): boolean {
  let used = 0;
  for (const { space_name, space_used_size } of getHeapSpaceStatistics())
    if (!space_name.startsWith("new_")) used += space_used_size;
  const most = limitOfOld();
  return used > most - Math.max(SPARE, SPARE_SHARE * most);
}

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const gc: unknown = runInNewContext("gc");
  if (typeof gc === "function") gc();
}
