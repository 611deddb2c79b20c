/**
 * Holds what the engine says of policies with symbols and holes against all that these may turn out to be: a pass must hold
 * for each, a fail must be one for each. What AWS refuses then is never in force, and breaks no pass.
 *
 * One policy for ten of `ORACLE_RUNS` a question, from `ORACLE_SEED`.
 */

import fc from "fast-check";
import { show } from "../../../validators/kernel/index";
import { type Question, questions, world } from "./domain";
import { decide } from "./engine";
import { searchGrid } from "./grid";
import type { PolicyJson } from "./naive";
import { runs, seed } from "./runs";
import { type Filling, type SymbolicPolicy, symbolicPolicies } from "./symbolic";

/** Fillings of one policy that are looked at; a policy with three symbols can have thousands. */
const MOST_FILLINGS = 200;
/** Of these the ones that the slow evaluator looks at as well. */
const MOST_FOR_GRID = 10;

/** How many policies were undecided, and of how many that was for nothing: whatever is unknown, the answer is the same. */
interface Tally {
  policies: number;
  undecided: number;
  forNothing: number;
}

/** What is wrong with the engine's answer, or undefined. */
function objection(question: Question, symbolic: SymbolicPolicy, tally: Tally): string | undefined {
  const decision = decide(question, symbolic.policy, symbolic.world);
  const answers = new Set<string>();
  let looked = 0;
  for (const filling of symbolic.fillings()) {
    if (looked++ === MOST_FILLINGS) break;
    const { answer } = decide(question, filling.policy, filling.world);
    answers.add(answer === "refused" ? "found" : answer);
    const values = JSON.stringify(filling.values);
    if (decision.answer === "none" && answer === "found") return `none, but not with ${values}`;
    if ((decision.answer === "found" || decision.answer === "refused") && answer === "none")
      return `${decision.answer}, but not with ${values}`;
    if (decision.answer !== "none" || answer !== "none" || looked > MOST_FOR_GRID || !isForGrid(filling)) continue;
    const policy: PolicyJson = JSON.parse(filling.policy);
    const hole = searchGrid(question, policy);
    if (hole !== undefined) return `none, but with ${values} ${JSON.stringify(hole)} gets through`;
  }
  tally.policies++;
  if (decision.answer !== "undecided") return undefined;
  tally.undecided++;
  if (answers.size === 1 && !answers.has("undecided")) tally.forNothing++;
  return undefined;
}

/** The grid knows neither variables, nor another world. */
const isForGrid = ({ policy, world: { account = world.account, arn = world.bucket } }: Filling): boolean =>
  account === world.account && arn === world.bucket && !policy.includes("${");

const count = Math.max(Math.floor(runs / 10), 6);

describe(`symbols are what they may turn out to be (seed ${seed}, ${count} policies a question)`, () => {
  it.each(questions)("%j", (question) => {
    const tally: Tally = { policies: 0, undecided: 0, forNothing: 0 };
    fc.assert(
      fc.property(symbolicPolicies(question), (symbolic) => {
        const problem = objection(question, symbolic, tally);
        if (problem !== undefined)
          throw new Error(`${show(symbolic.policy)}\n${JSON.stringify(symbolic.world)}\n${problem}`);
      }),
      { seed, numRuns: count },
    );
    // what the fillings agree on by chance counts as well: none of them may be the one value that decides
    expect(tally.forNothing).toBeLessThan(0.2 * tally.policies + 3);
  });
});
