/** Every recorded project, judged from its plan, from plan and source, and from its source: the three never contradict each other. */
import { isText, show, Text, Unknown } from "../../validators/kernel/index";
import type { Attached, Bucket, Key, ResourceGraph } from "../../validators/model/index";
import { useParser } from "../source/parser";
import { OTHER_WORLDS, planOf, SHAPES, viewsOf } from "./fixtures";
import { summaryOf } from "./summary";

beforeAll(useParser);

const companionsOf = (subject: Bucket | Key): readonly (readonly [string, Attached<unknown>])[] =>
  subject.kind === "bucket"
    ? [
        ["access block", subject.accessBlocks],
        ["encryption", subject.encryption],
        ["policy", subject.policies],
        ["acl", subject.acls],
        ["ownership", subject.ownership],
      ]
    : [["grant", subject.grants]];

/** Those that are surely there: an unknown legacy argument may turn out to be null. */
const addresses = (attached: Attached<unknown>): string[] =>
  attached.linked.filter((one) => !(one.content instanceof Unknown)).map((one) => one.address);
const isCertain = (attached: Attached<unknown>): boolean =>
  attached.unlinked.length === 0 && !attached.linked.some((one) => one.content instanceof Unknown);
const subjectsOf = (graph: ResourceGraph): ReadonlyMap<string, Bucket | Key> =>
  new Map([...graph.buckets, ...graph.keys].map((subject) => [subject.address, subject]));

/** What one view links, another doesn't link differently; it may leave it open. */
function expectNoContradiction(one: ResourceGraph, other: ResourceGraph): void {
  const others = subjectsOf(other);
  expect([...others.keys()].sort()).toEqual([...subjectsOf(one).keys()].sort());
  for (const [address, subject] of subjectsOf(one)) {
    const counterpart = others.get(address);
    if (counterpart === undefined) continue;
    const kinds = new Map(companionsOf(counterpart));
    for (const [kind, attached] of companionsOf(subject)) {
      const there = kinds.get(kind) ?? { linked: [], unlinked: [] };
      if (attached.unlinked.length + there.unlinked.length > 0) continue;
      const [known, knownThere] = [addresses(attached), addresses(there)];
      if (isCertain(there)) expect([address, kind, knownThere]).toEqual([address, kind, expect.arrayContaining(known)]);
      if (isCertain(attached))
        expect([address, kind, known]).toEqual([address, kind, expect.arrayContaining(knownThere)]);
    }
  }
}

/** Policies that two views both know without symbols say the same. */
function expectSamePolicies(one: ResourceGraph, other: ResourceGraph): void {
  const others = subjectsOf(other);
  for (const [address, subject] of subjectsOf(one)) {
    const counterpart = others.get(address);
    for (const policy of subject.policies.linked) {
      const match = counterpart?.policies.linked.find((candidate) => candidate.address === policy.address);
      const [a, b] = [policy.content, match?.content ?? null];
      if (!isText(a) || !isText(b) || a instanceof Text || b instanceof Text) continue;
      expect(JSON.parse(show(b))).toEqual(JSON.parse(show(a)));
    }
  }
}

test("there are at least sixty shapes", () => {
  expect(SHAPES.length).toBeGreaterThanOrEqual(60);
});

describe.each(SHAPES)("%s", (shape) => {
  test("is the graph that it was reviewed to be", () => {
    const { plan, both, source } = viewsOf(shape);
    const [fromPlan, fromBoth, fromSource] = [plan, both, source].map((graph) => [...summaryOf(graph)]);
    expect(fromPlan).toMatchSnapshot("from the plan");
    // only what differs: the rest is the same line by line
    expect(fromBoth?.filter((line) => !fromPlan?.includes(line))).toMatchSnapshot("more with the source");
    expect(fromSource?.filter((line) => !fromBoth?.includes(line))).toMatchSnapshot("otherwise from the source alone");
  });

  test("does not contradict itself", () => {
    const { plan, both, source } = viewsOf(shape);
    expectNoContradiction(plan, both);
    expectSamePolicies(plan, both);
    if (OTHER_WORLDS.has(shape)) return;
    expectNoContradiction(both, source);
  });

  test("names no folder of the machine that it was recorded on", () => {
    expect(JSON.stringify([...planOf(shape).variables, planOf(shape).configuration])).not.toMatch(
      /\/(tmp|home|root|work)\//,
    );
  });
});
