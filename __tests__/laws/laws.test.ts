/** The laws of verdicts, over every recorded plan: order, determinism, redaction, and the three views (help/design.md). */
import { checkContent } from "../../validators/check";
import { judge } from "../../validators/judge/index";
import type { Report, Verdict } from "../../validators/kernel/index";
import type { ResourceGraph } from "../../validators/model/index";
import { RULES } from "../../validators/rules/index";
import { expectedOf, OTHER_WORLDS, SHAPES, textOf, viewsOf } from "../model/fixtures";
import { useParser } from "../source/parser";

beforeAll(useParser);
jest.setTimeout(120_000);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
const isObject = (json: Json | undefined): json is { [key: string]: Json } =>
  typeof json === "object" && json !== null && !Array.isArray(json);
const jsonOf = (shape: string): Json => JSON.parse(textOf(shape));
const check = (json: Json): Report =>
  checkContent(JSON.stringify(json), "plan.json", { config: {}, today: "2026-01-01" });
const verdictsOf = (report: Report): ReadonlyMap<string, Verdict> =>
  new Map(report.results.map((one) => [`${one.address} ${one.rule}`, one.verdict]));
const judged = (graph: ResourceGraph): ReadonlyMap<string, Verdict> =>
  verdictsOf(
    judge(
      graph,
      RULES,
      { path: "p", kind: "plan", sha256: "", resources: 0 },
      { version: "0", config: {}, today: "2026-01-01" },
    ),
  );

/** What two verdicts on one question may not be. */
const contradict = (one: Verdict | undefined, other: Verdict | undefined): boolean =>
  (one === "pass" && other === "fail") || (one === "fail" && other === "pass");
const contradictions = (one: ReadonlyMap<string, Verdict>, other: ReadonlyMap<string, Verdict>): string[] =>
  [...one].filter(([question, verdict]) => contradict(verdict, other.get(question))).map(([question]) => question);

const changesOf = (json: Json): { [key: string]: Json }[] =>
  isObject(json) && Array.isArray(json.resource_changes) ? json.resource_changes.filter(isObject) : [];

/** The verdicts that a project's `expected.json` names, as {@link verdictsOf} would have them. */
const readExpected = (expected: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(expected).flatMap(([address, verdicts]) =>
      verdicts.split(" ").flatMap((verdict, i) => (verdict === "-" ? [] : [[`${address} ${RULES[i]?.id}`, verdict]])),
    ),
  );

const sorted = (map: ReadonlyMap<string, string>): string[] => [...map].map((pair) => pair.join(": ")).sort();

describe.each(SHAPES.filter(expectedOf))("%s", (shape) => {
  const expected = readExpected(expectedOf(shape) ?? {});

  test("plan with source says what the rules' pages say", () => {
    expect(sorted(judged(viewsOf(shape).both))).toEqual(sorted(expected));
  });

  test("plan alone and source alone say the same or leave it open", () => {
    const { plan, source } = viewsOf(shape);
    for (const view of OTHER_WORLDS.has(shape) ? [plan] : [plan, source])
      for (const [question, verdict] of judged(view))
        if (verdict !== "undecided" && expected.has(question))
          expect(`${question}: ${verdict}`).toBe(`${question}: ${expected.get(question)}`);
  });
});

describe.each(SHAPES)("%s", (shape) => {
  test("plan, plan with source, and source alone never contradict each other", () => {
    const { plan, both, source } = viewsOf(shape);
    expect(contradictions(judged(plan), judged(both))).toEqual([]);
    if (!OTHER_WORLDS.has(shape)) expect(contradictions(judged(both), judged(source))).toEqual([]);
  });

  test("order: shuffled resources, keys and statements change nothing", () => {
    const json = jsonOf(shape);
    const [one, other] = [check(json), check(reversed(json))];
    expect(verdictsOf(other)).toEqual(verdictsOf(one));
    // Every word of the report: what it names first, its requests and its notices.
    expect({ ...other, input: one.input }).toEqual(one);
  });

  test("determinism: the same bytes each time", () => {
    const json = jsonOf(shape);
    expect(JSON.stringify(check(json))).toBe(JSON.stringify(check(json)));
  });

  test("redaction: a canary in a sensitive attribute appears in no report", () => {
    const canary = "canary-5f3e";
    const json = withCanary(jsonOf(shape), canary);
    expect(JSON.stringify(check(json))).not.toContain(canary);
  });
});

/** Lists that mean the same in any order, turned round; every object's keys turned round. */
function reversed(json: Json, name = ""): Json {
  if (Array.isArray(json)) {
    const items = json.map((one) => reversed(one));
    return ["resource_changes", "resources", "child_modules"].includes(name) ? items.reverse() : items;
  }
  if (!isObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json)
      .reverse()
      .map(([key, value]) => [key, reversed(value, key)]),
  );
}

/** Every text attribute of every change that can carry it ends in the canary, and is marked sensitive. */
function withCanary(json: Json, canary: string): Json {
  for (const change of changesOf(json)) {
    const inner = change.change;
    if (!isObject(inner) || !isObject(inner.after)) continue;
    const texts = Object.entries(inner.after).filter(([key, value]) => typeof value === "string" && key !== "bucket");
    for (const [key, value] of texts)
      inner.after[key] = key === "policy" ? secretPolicy(String(value), canary) : `${String(value)}${canary}`;
    inner.after_sensitive = Object.fromEntries(texts.map(([key]) => [key, true]));
  }
  return json;
}

/** A policy with the canary in a principal, which a counterexample would quote. */
function secretPolicy(policy: string, canary: string): string {
  const statement = {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::444455556666:role/${canary}` },
    Action: "*",
    Resource: "*",
  };
  const document: { Statement?: unknown } = policy === "" ? {} : JSON.parse(policy);
  return JSON.stringify({ ...document, Statement: [statement, document.Statement ?? []].flat() });
}
