/** Turns a command into a child process and its end into a status: signals that reach us are passed on, streams are the caller's choice. */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants as system } from "node:os";
import { InputError } from "../kernel/index";

/** Environment, as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How a child ended. */
export interface Exit {
  /** Exit status; `128 + n` where signal `n` ended it. */
  readonly status: number;
  readonly signal?: NodeJS.Signals;
}

/** Where and with what a child runs. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Environment;
  /** Default: all three inherited. */
  readonly stdio?: SpawnOptions["stdio"];
}

/** Longest standard error that is kept of a child whose output is captured, in bytes. */
const MOST_STDERR = 64 * 1024;

/** The signals that ask a process to end. */
export const PASSED_ON = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const satisfies readonly NodeJS.Signals[];

/**
 * Starts a program. A signal that comes meanwhile waits for {@link passSignals}, which is called at once: it must not end us
 * and leave the program behind. @throws InputError when the system refuses at once (arguments too long, a NUL byte in one).
 */
export function start(path: string, args: readonly string[], options: RunOptions): ChildProcess {
  const hold = (): void => undefined;
  for (const signal of PASSED_ON) process.on(signal, hold);
  setImmediate(() => {
    for (const signal of PASSED_ON) process.removeListener(signal, hold);
  });
  try {
    return spawn(path, [...args], {
      cwd: options.cwd ?? process.cwd(),
      env: { ...(options.env ?? process.env) },
      stdio: options.stdio ?? "inherit",
      windowsHide: true,
    });
  } catch (error) {
    throw new InputError(`\`${path}\` can't be run: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Waits for the end of a child. @throws InputError with `advice` when it never ran. */
export function ended(child: ChildProcess, path: string, advice: string): Promise<Exit> {
  return new Promise((done, failed) => {
    child.once("error", (error) => {
      // `kill` failing on a child that has gone is reported here as well; only a child that never ran has no pid.
      if (child.pid === undefined) failed(new InputError(`\`${path}\` can't be run (${error.message}): ${advice}`));
    });
    child.once("close", (status, signal) => {
      if (signal === null) done({ status: status ?? 1 });
      else done(signalled(signal));
    });
  });
}

/** Does the work on a child, passing signals on meanwhile. */
export async function withSignals<T>(child: ChildProcess, work: () => Promise<T>): Promise<T> {
  const release = passSignals(child);
  try {
    return await work();
  } finally {
    release();
  }
}

/**
 * Passes signals on to the child as long as it runs, instead of dying before it. A terminal's Ctrl-C reaches the child by
 * itself, as one of the foreground group; passed on a second time it would make Terraform stop without saving its state.
 */
export function passSignals(child: ChildProcess): () => void {
  const listeners = PASSED_ON.map((signal) => {
    const listener = (): void => {
      if ((signal === "SIGINT" || signal === "SIGQUIT") && isInForeground()) return;
      child.kill(signal);
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  return () => {
    for (const { signal, listener } of listeners) process.removeListener(signal, listener);
  };
}

/**
 * Does work during which signals are passed on to a child, and then ends by the one that came, as without the child: whoever
 * started us sees it, and nothing that a child left is taken for whole. Other listeners, a host's own, decide for themselves.
 */
export async function thenBySignal<T>(work: () => Promise<T>): Promise<T> {
  let came: NodeJS.Signals | undefined;
  const listen = (signal: NodeJS.Signals): void => {
    came ??= signal;
  };
  for (const signal of PASSED_ON) process.on(signal, listen);
  try {
    return await work();
  } finally {
    // A signal that came with the child's end is told now, and what `start` holds is let go.
    await new Promise<void>((done) => setImmediate(done));
    for (const signal of PASSED_ON) process.removeListener(signal, listen);
    if (came !== undefined && process.listenerCount(came) === 0) process.kill(process.pid, came);
  }
}

/** Whether a terminal sends its Ctrl-C to this process's group (and so to its children too). */
function isInForeground(): boolean {
  try {
    // proc(5): after the command in brackets come state, ppid, pgrp, session, tty_nr, tpgid.
    const stat = readFileSync("/proc/self/stat", "utf8");
    const [, , group, , terminal, foreground] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return terminal !== "0" && group === foreground;
  } catch {
    return process.stdin.isTTY === true || process.stdout.isTTY === true;
  }
}

/** The end by a signal, as shells tell it: `128 + n`. */
export const signalled = (signal: NodeJS.Signals): Exit => ({ status: 128 + (system.signals[signal] ?? 0), signal });

/**
 * Ends this process by a signal, so that whoever started it sees the same end as of the child. No listener may keep it: those
 * of {@link start} are still there where a child ended before the event loop came round.
 */
export function endBy(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** The last of a child's standard error, bounded. */
export function tail(child: ChildProcess): () => string {
  let kept = Buffer.alloc(0);
  child.stderr?.on("data", (chunk: Buffer) => {
    kept = Buffer.concat([kept, chunk]).subarray(-MOST_STDERR);
  });
  return () => kept.toString("utf8");
}
