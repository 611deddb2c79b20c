/** Turns a command into what it cost: CPU time, wall time, peak memory, and whether it did its work. */
import { spawnSync } from "node:child_process";
import { closeSync, fstatSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { join } from "node:path";

/** One way to do some work. */
export interface Contestant {
  readonly name: string;
  /** The program; Node's own where it is left out, measured from inside by `usage.cjs`. */
  readonly program?: string;
  readonly args: readonly string[];
  /** The exit status that shows that the work was done. */
  readonly status: number;
  /** Whether the end of what it printed shows that it did all of it: counts of what was found. */
  isDone?(printed: string): boolean;
  /** Its environment; default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Flags of Node itself, before the script. */
  readonly node?: readonly string[];
}

/** What one run cost. */
export interface Cost {
  /** User and system, milliseconds; of a program that isn't Node with all its children. */
  readonly cpu: number;
  /** Milliseconds. */
  readonly wall: number;
  /** Peak resident memory, MiB. */
  readonly memory: number;
}

/** Most bytes of its output that are looked at to see whether it is done. */
const TAIL = 1 << 20;

/** Runs it once. @throws Error when its status or its output doesn't show that it did its work. */
export function runOnce(contestant: Contestant, work: string): Cost {
  const { name, program, args, status, node = [] } = contestant;
  const figures = join(work, "usage.json");
  rmSync(figures, { force: true });
  const out = openSync(join(work, "stdout"), "w");
  const errors = openSync(join(work, "stderr"), "w");
  const started = process.hrtime.bigint();
  const [command, given] =
    program === undefined
      ? [process.execPath, [...node, "--require", join(__dirname, "usage.cjs"), ...args]]
      : ["/usr/bin/time", ["-f", "%U %S %M", "-o", figures, program, ...args]];
  try {
    const ended = spawnSync(command, given, {
      stdio: ["ignore", out, errors],
      env: { ...(contestant.env ?? process.env), TOLLGATE_BENCH_USAGE: figures, NO_COLOR: "1" },
      cwd: work,
    });
    const wall = Number(process.hrtime.bigint() - started) / 1e6;
    if (ended.error) throw new Error(`${name}: ${ended.error.message}`);
    if (ended.status !== status)
      throw new Error(
        `${name}: expected exit status ${status}, found ${ended.status ?? ended.signal}: ${readFileSync(join(work, "stderr"), "utf8").slice(0, 2000)}`,
      );
    if (contestant.isDone?.(tailOf(join(work, "stdout"))) === false)
      throw new Error(`${name}: it did not find what there is to find: ${tailOf(join(work, "stdout")).slice(-500)}`);
    return { ...costIn(readFileSync(figures, "utf8"), program === undefined), wall };
  } finally {
    closeSync(out);
    closeSync(errors);
  }
}

function tailOf(file: string): string {
  const descriptor = openSync(file, "r");
  try {
    const from = Math.max(0, fstatSync(descriptor).size - TAIL);
    const bytes = Buffer.alloc(TAIL);
    return bytes.toString("utf8", 0, readSync(descriptor, bytes, 0, TAIL, from));
  } finally {
    closeSync(descriptor);
  }
}

function costIn(text: string, isNode: boolean): Omit<Cost, "wall"> {
  if (isNode) {
    const { cpu, maxRSS }: { cpu: number; maxRSS: number } = JSON.parse(text);
    return { cpu: cpu / 1000, memory: maxRSS / 1024 };
  }
  // GNU time puts a line in front where the command's status isn't 0.
  const [user = 0, system = 0, peak = 0] = (text.trim().split("\n").pop() ?? "").split(" ").map(Number);
  return { cpu: (user + system) * 1000, memory: peak / 1024 };
}

/** What several contestants cost, run in turn, round by round, after one round that warms the caches. */
export function inTurn(contestants: readonly Contestant[], rounds: number, work: string): Cost[][] {
  for (const contestant of contestants) runOnce(contestant, work);
  const costs: Cost[][] = contestants.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [place, contestant] of contestants.entries()) costs[place]?.push(runOnce(contestant, work));
  return costs;
}

/** The middle one of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Median of the ratios of each round: what a machine's mood does to both cancels out. */
export const medianRatio = (ours: readonly Cost[], theirs: readonly Cost[]): number =>
  median(ours.map(({ cpu }, round) => cpu / (theirs[round]?.cpu ?? Number.NaN)));
