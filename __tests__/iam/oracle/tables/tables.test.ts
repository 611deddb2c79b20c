/** Holds the engine against the tables of policies, and the tables against the naive evaluator. */

import { decide, decideJson, objections, unshown } from "../engine";
import { searchGrid } from "../grid";
import { asWritten } from "./as-written";
import { despiteSymbols } from "./despite-symbols";
import { documentedBuckets } from "./documented-buckets";
import { documentedKeys } from "./documented-keys";
import { forms } from "./forms";
import { lookOddAccess } from "./look-odd-access";
import { lookOddDenies } from "./look-odd-http";
import { lookRightAccess } from "./look-right-access";
import { lookRightHttp } from "./look-right-http";
import { lookRightNames } from "./look-right-names";
import { lookRightPuts } from "./look-right-puts";
import { principals } from "./principals";
import { refusals } from "./refusals";
import { refused } from "./refused";
import type { Row } from "./row";
import { sources } from "./sources";
import { undecided } from "./undecided";
import { values } from "./values";

const tables: readonly (readonly [string, readonly Row[], number])[] = [
  ["what AWS documents", [...documentedBuckets, ...documentedKeys], 40],
  ["what looks right and isn't", [...lookRightHttp, ...lookRightPuts, ...lookRightAccess, ...lookRightNames], 80],
  ["what looks odd and is right", [...lookOddDenies, ...lookOddAccess], 60],
  ["what people write", asWritten, 100],
  ["values in between", [...values, ...forms, ...sources], 30],
];

const named = (rows: readonly Row[]) => rows.map((row) => [`${row.ask.ask}: ${row.name}`, row] as const);

/** The grid knows neither the block's effect nor variables. */
const isForGrid = ({ ask, policy }: Row): boolean =>
  !(ask.ask === "bucket-outsider" && ask.restrictPublicBuckets === "yes") && !JSON.stringify(policy).includes("${");

describe.each(tables)("%s", (_name, rows, least) => {
  it("is a table worth its name", () => {
    expect(rows.length).toBeGreaterThanOrEqual(least);
    expect(new Set(named(rows).map(([name]) => name)).size).toBe(rows.length);
  });

  describe("by the naive evaluator", () => {
    it.each(named(rows))("%s", (_title, row) => {
      if (row.expected === "found") expect(row.through).toBeDefined();
      if (row.through !== undefined) expect(objections(row.ask, row.policy, row.through)).toEqual([]);
      if (row.expected === "none" && isForGrid(row)) expect(searchGrid(row.ask, row.policy)).toBeUndefined();
    });
  });

  describe("by the engine", () => {
    it.each(named(rows))("%s", (_title, row) => {
      const decision = decideJson(row.ask, row.policy);
      const isRight =
        row.expected === "fail"
          ? decision.answer === "found" || decision.answer === "refused"
          : decision.answer === row.expected;
      expect(isRight ? row.expected : decision).toEqual(row.expected);
      if (decision.answer === "found" && row.expected !== "fail") {
        expect(objections(row.ask, row.policy, decision.counterexample)).toEqual([]);
        expect(unshown(row.policy, decision.counterexample)).toEqual([]);
      }
    });
  });
});

describe("what AWS would refuse", () => {
  it("is a table worth its name", () => {
    expect(refused.length).toBeGreaterThanOrEqual(40);
    const names = refused.map((row) => row.name);
    expect([...refusals.keys()].filter((name) => !names.includes(name))).toEqual([]);
  });

  it.each(refused.map((row) => [row.name, row] as const))("%s", (_title, row) => {
    const decision = decide(row.ask, row.policy);
    expect(decision).toEqual({ answer: "refused", problems: expect.any(Array) });
    const problems = decision.answer === "refused" ? decision.problems : [];
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(problem).toMatch(/^[^\n]{5,400}$/);
    expect(problems.join("; ")).toEqual(refusals.get(row.name) ?? expect.any(String));
  });
});

describe("what can't be known, or only in part", () => {
  it.each([...undecided, ...despiteSymbols, ...principals].map((row) => [`${row.ask.ask}: ${row.name}`, row] as const))(
    "%s",
    (_title, row) => {
      const decision = decide(row.ask, row.policy, row.world);
      expect(decision.answer === row.expected ? row.expected : decision).toEqual(row.expected);
      if (decision.answer === "undecided") expect(decision.gaps.length).toBeGreaterThan(0);
    },
  );
});
