/**
 * Makes a request first and then policies around it that let it through: none of them may pass. The grid of the property test
 * knows few values of each key; here every value is another one, and conditions are cut out of the request's own values.
 */

import fc from "fast-check";
import { show } from "../../../validators/kernel/index";
import { complete, contradictions, getsThrough, isAskedAbout, type Question, questions } from "./domain";
import { decide, decideJson, objections } from "./engine";
import type { PolicyJson, StatementJson } from "./naive";
import { runs, seed } from "./runs";
import { Chance, conditionsAround, requestFor, withSymbol } from "./witness";

/** Each request stands in up to eight policies, of which each is a question. */
const requests = Math.ceil(runs / 10);

/** A policy of a few statements, each with conditions that are cut out of a request. */
function policyAround(question: Question, request: ReturnType<typeof requestFor>, chance: Chance): PolicyJson {
  const isAccess = question.ask === "bucket-outsider" || question.ask === "key-outsider";
  const statement = (Effect: "Allow" | "Deny"): StatementJson => ({
    Effect,
    ...chance.elementAround(request.principal, Effect),
    Action: chance.one(["*", `${request.action.split(":")[0]}:*`, request.action]),
    Resource: "*",
    Condition: conditionsAround(request, chance),
  });
  const denies = Array.from({ length: chance.upTo(isAccess ? 2 : 3) }, () => statement("Deny"));
  return {
    Version: "2012-10-17",
    Statement: isAccess ? [statement("Allow"), ...denies] : [statement("Deny"), ...denies],
  };
}

/** What is wrong with the engine's answer about a policy that a request gets through, or undefined. */
function objection(question: Question, policy: PolicyJson, chance: Chance): string | undefined {
  const unsure = chance.is(4) ? withSymbol(question, policy, chance) : undefined;
  if (unsure !== undefined && decide(question, unsure.policy, unsure.world).answer === "none")
    return `none: ${show(unsure.policy)}`;
  const decision = decideJson(question, policy);
  if (decision.answer === "none") return "none";
  if (decision.answer !== "found") return undefined;
  const problems = objections(question, policy, decision.counterexample);
  return problems.length > 0 ? problems.join("\n") : undefined;
}

describe(`what a request gets through never passes (seed ${seed}, ${requests} requests a question)`, () => {
  it.each(questions)("%j", (question) => {
    let tried = 0;
    fc.assert(
      fc.property(fc.integer(), (start) => {
        const chance = new Chance(start);
        const request = complete(requestFor(question, chance));
        if (!isAskedAbout(question, request) || contradictions(request).length > 0) return;
        for (let attempt = 0; attempt < 8; attempt++) {
          const policy = policyAround(question, request, chance);
          if (!getsThrough(question, policy, request)) continue;
          tried++;
          const problem = objection(question, policy, chance);
          if (problem !== undefined)
            throw new Error(`${problem}\n${JSON.stringify(policy)}\n${JSON.stringify(request)}`);
        }
      }),
      { seed, numRuns: requests, endOnFailure: true },
    );
    // of a few requests nearly none may get through anything
    expect(tried).toBeGreaterThan(requests < 20 ? 0 : requests);
  });
});
