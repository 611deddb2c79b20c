/** Turns the number of instances into the work that all expressions of one input may cost together, and keeps count of it. */
import { TooComplex } from "./values/outcome";

/** What an input of any size may cost, in the steps of `limits.work`; a few seconds. */
const BASE = 10_000_000;
/** What each instance of a plan adds to that: several times what the expressions of an ordinary one cost. */
const FOR_EACH = 2_000;

/**
 * The work that the expressions of one input may cost together. It is counted in steps, not in seconds, so that the same input
 * gives the same answers wherever it is judged. Once it is spent, whatever is asked for is unknown, as too complex.
 */
export class Allowance {
  #left: number;
  /** What is left for work aside; as much as for all else. */
  #aside: number;
  #isAside = false;

  /** For a plan of so many instances; none where they are made by expressions themselves. */
  constructor(instances = 0) {
    this.#left = BASE + FOR_EACH * instances;
    this.#aside = this.#left;
  }

  /** Counts work. Throws {@link TooComplex} once there was too much. */
  charge(work: number): void {
    if (this.#isAside) this.#aside -= work;
    else this.#left -= work;
    if ((this.#isAside ? this.#aside : this.#left) < 0) throw new TooComplex();
  }

  /**
   * Does what no verdict needs: it takes nothing of what is left for the rest. Whether all of it could be done; once there was too
   * much, nothing is done any more.
   */
  aside(action: () => void): boolean {
    if (this.#aside < 0) return false;
    const before = this.#isAside;
    this.#isAside = true;
    try {
      action();
    } finally {
      this.#isAside = before;
    }
    return this.#aside >= 0;
  }
}
