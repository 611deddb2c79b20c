/** Turns work that goes on into one line on a terminal, once it has taken longer than anybody waits without a word. */

/** Milliseconds before the first word, and between two. */
const PATIENCE = 2_000;
const PACE = 200;

/** A line that replaces itself. */
export interface Progress {
  /** Says how far it is. Costs nothing while it is too early, and where standard error is no terminal. */
  show(done: number, all: number): void;
  /** Takes the line away, so that what follows stands alone. */
  clear(): void;
}

/** Progress of so many `what`, from now on, on standard error. */
export function progressOf(what: string): Progress {
  let next = Date.now() + PATIENCE;
  let isShown = false;
  return {
    show(done, all) {
      const now = Date.now();
      if (now < next) return;
      next = now + PACE;
      if (process.stderr.isTTY !== true) return;
      isShown = true;
      process.stderr.write(`\r\u001b[Ktollgate: ${done} of ${all} ${what}`);
    },
    clear() {
      if (isShown) process.stderr.write("\r\u001b[K");
      isShown = false;
    },
  };
}
