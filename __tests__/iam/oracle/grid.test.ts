/** Holds the grid and the generators against what the property tests need of them. */

import fc from "fast-check";
import { policies } from "./arbitrary";
import { contradictions, getsThrough, isAskedAbout, questions } from "./domain";
import { searchGrid, searchSlowly } from "./grid";

const seed = 20261124;

describe("the grid", () => {
  it.each(questions)("finds with masks what it finds request by request: %j", (question) => {
    const small = policies(question).filter((policy) => JSON.stringify(policy).length < 400);
    const isTried = (action: string) => /:(GetObject|PutObject|ListBucket|Decrypt|CreateGrant)$/.test(action);
    for (const policy of fc.sample(small, { seed, numRuns: 4 })) {
      const isOpen = searchSlowly(question, policy, isTried) !== undefined;
      expect(searchGrid(question, policy, isTried) !== undefined).toBe(isOpen);
    }
  });

  it.each(questions)("sees both kinds of policies: %j", (question) => {
    const sample = fc.sample(policies(question), { seed, numRuns: 200 });
    const closed = sample.filter((policy) => searchGrid(question, policy) === undefined).length;
    expect(closed).toBeGreaterThan(20);
    expect(closed).toBeLessThan(180);
  });

  it.each(questions)("shows requests that are possible, asked about, and get through: %j", (question) => {
    for (const policy of fc.sample(policies(question), { seed, numRuns: 200 })) {
      const hole = searchGrid(question, policy);
      if (hole === undefined) continue;
      expect(contradictions(hole)).toEqual([]);
      expect(isAskedAbout(question, hole)).toBe(true);
      expect(getsThrough(question, policy, hole)).toBe(true);
    }
  });
});
