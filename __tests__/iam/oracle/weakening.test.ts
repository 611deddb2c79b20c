/** Holds the engine to the weakening law: no policy that is one step weaker still passes where a request gets through. */

import { decideJson, objections } from "./engine";
import { searchGrid } from "./grid";
import { documentedBuckets } from "./tables/documented-buckets";
import { documentedKeys } from "./tables/documented-keys";
import { lookOddAccess } from "./tables/look-odd-access";
import { lookOddDenies } from "./tables/look-odd-http";
import type { Row } from "./tables/row";
import { weakenings } from "./weakening";

/** The grid knows neither the block's effect nor variables. */
const isForGrid = ({ ask, policy }: Row): boolean =>
  !(ask.ask === "bucket-outsider" && ask.restrictPublicBuckets === "yes") && !JSON.stringify(policy).includes("${");

const compliant = [...documentedBuckets, ...documentedKeys, ...lookOddDenies, ...lookOddAccess].filter(
  (row) => row.expected === "none" && isForGrid(row),
);

const counts = { weaker: 0, open: 0 };

/** What is wrong with the engine's answers, and how many weakenings there were and let something through. */
function judge({ ask, policy }: Row): readonly string[] {
  return weakenings(policy).flatMap((weaker) => {
    const decision = decideJson(ask, weaker.policy);
    const hole = searchGrid(ask, weaker.policy);
    counts.weaker += 1;
    if (hole !== undefined) counts.open += 1;
    const told = `${weaker.step}: ${JSON.stringify(weaker.policy)}`;
    if (decision.answer === "found") {
      return objections(ask, weaker.policy, decision.counterexample).map((problem) => `${told}: ${problem}`);
    }
    return decision.answer === "none" && hole !== undefined ? [`${told}: passes, but ${JSON.stringify(hole)}`] : [];
  });
}

describe("every policy one step weaker", () => {
  it.each(compliant.map((row) => [`${row.ask.ask}: ${row.name}`, row] as const))("%s", (_name, row) => {
    expect(judge(row)).toEqual([]);
  });

  it("lets something through as a rule", () => {
    expect(counts.weaker).toBeGreaterThan(3000);
    expect(counts.open).toBeGreaterThan(counts.weaker / 4);
  });
});
