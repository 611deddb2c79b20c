/** Turns a run's size into the work that all its questions about policies may cost together, and keeps count of it. */
import type { Decision } from "./decision";

/** What a run of any size may cost, in states looked at; about twenty seconds. */
const BASE = 40_000_000;
/** What each bucket and key adds to that: several times what an ordinary policy costs in all its questions. */
const FOR_EACH = 50_000;

/** Answers of an input since the last were forgotten, and characters of their policies. */
export interface Kept {
  answers: number;
  characters: number;
}

/**
 * The work that questions about the policies of one input may cost together. It is counted in steps, not in seconds, so
 * that the same input gives the same answers wherever it is judged.
 */
export class Allowance {
  #left: number;

  /** For an input of so many buckets and keys. `kept`: what is remembered of the input's answers. */
  constructor(
    private readonly subjects: number,
    readonly kept: Kept = { answers: 0, characters: 0 },
  ) {
    this.#left = BASE + FOR_EACH * subjects;
  }

  /** As much again, for questions about the same input that may take nothing from the others. */
  apart(): Allowance {
    return new Allowance(this.subjects, this.kept);
  }

  charge(work: number): void {
    this.#left -= work;
  }

  /** What is left, in states looked at; the last question may cost more than there was. */
  get left(): number {
    return this.#left;
  }

  /** Nothing more may be asked. */
  get isSpent(): boolean {
    return this.#left < 0;
  }
}

/** The answer to every question that is asked after an allowance is spent. */
export const SPENT: Decision = {
  answer: "undecided",
  message: "the plan's policies together are too complex to be decided in one run: this one was not looked at any more",
  gaps: [{ value: "the policy", because: "too-complex" }],
};
