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

  /** For a plan of so many instances; none where they are made by expressions themselves. */
  constructor(instances = 0) {
    this.#left = BASE + FOR_EACH * instances;
  }

  /** Counts work. Throws {@link TooComplex} once there was too much. */
  charge(work: number): void {
    this.#left -= work;
    if (this.#left < 0) throw new TooComplex();
  }
}
