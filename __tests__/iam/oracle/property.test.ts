/**
 * Holds the engine against the brute force: for thousands of generated policies both must agree.
 *
 * `ORACLE_RUNS` policies a question, from `ORACLE_SEED` (a number, or `fresh` for another one each time); the seed
 * stands in the name of each test, and a failure is shown with the smallest policy that fast-check can find.
 */

import fc from "fast-check";
import { policies } from "./arbitrary";
import { type Question, questions } from "./domain";
import { decideJson, objections } from "./engine";
import { searchGrid } from "./grid";
import type { PolicyJson } from "./naive";
import { runs, seed } from "./runs";

/** What is wrong with the engine's answer, or undefined. */
function objection(question: Question, policy: PolicyJson): string | undefined {
  const decision = decideJson(question, policy);
  const hole = searchGrid(question, policy);
  switch (decision.answer) {
    case "none":
      return hole === undefined ? undefined : `none, but ${JSON.stringify(hole)} gets through`;
    case "found": {
      const problems = objections(question, policy, decision.counterexample);
      return problems.length > 0 ? problems.join("\n") : undefined;
    }
    case "undecided":
      return `nothing is unknown, but undecided: ${decision.message}`;
    case "refused":
      return `refused: ${decision.problems.join("; ")}`;
  }
}

describe(`the engine agrees with the brute force (seed ${seed}, ${runs} policies a question)`, () => {
  it.each(questions)("%j", (question) => {
    fc.assert(
      fc.property(policies(question), (policy) => {
        const problem = objection(question, policy);
        if (problem !== undefined) throw new Error(`${JSON.stringify(policy)}\n${problem}`);
      }),
      { seed, numRuns: runs },
    );
  });
});
