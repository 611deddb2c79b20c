/**
 * The law of knowledge over every recorded plan, and every attribute, leaf, data source and variable in it: what becomes unknown,
 * with source beside the plan or without, flips no verdict, hides no subject and leaves no pass that stood on it (help/design.md).
 */
import { judge } from "../../validators/judge/index";
import type { Report, Verdict } from "../../validators/kernel/index";
import { buildGraph, WANTED_TYPES } from "../../validators/model/index";
import { readPlan } from "../../validators/plan/index";
import { RULES } from "../../validators/rules/index";
import type { Module } from "../../validators/source/index";
import { SHAPES, sourceOf, textOf } from "../model/fixtures";
import { useParser } from "../source/parser";

beforeAll(useParser);
jest.setTimeout(120_000);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };
const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === "object" && json !== null && !Array.isArray(json);
const objectsIn = (json: Json | undefined): JsonObject[] => (Array.isArray(json) ? json.filter(isObject) : []);

const planFrom = (text: string): JsonObject => {
  const json: Json = JSON.parse(text);
  if (!isObject(json)) throw new Error("expected a plan");
  return json;
};

/** Verdicts by address and rule. */
function verdictsOf(json: Json, source: Module | undefined): ReadonlyMap<string, Verdict> {
  const plan = readPlan([Buffer.from(JSON.stringify(json))], { wanted: WANTED_TYPES });
  const graph = buildGraph(plan, source === undefined ? {} : { source });
  const input = { path: "plan.json", kind: "plan", sha256: "", resources: 0 } as const;
  const report: Report = judge(graph, RULES, input, { version: "0", config: {}, today: "2026-01-01" });
  return new Map(report.results.map((one) => [`${one.address} ${one.rule}`, one.verdict]));
}

/** Something that can be known, and then isn't, or is something else. */
interface Leaf {
  readonly where: string;
  forget(plan: JsonObject): void;
  /** Undefined where another value would be another kind of plan. */
  change?(plan: JsonObject): void;
}

/** Types whose values the eight rules look at; of others, only what they are called and where they live matters. */
const isJudged = (type: Json | undefined): boolean => typeof type === "string" && WANTED_TYPES.has(type);

/** The paths of all attributes as a whole and of all leaves in them. */
function* pathsIn(json: Json, path: readonly (string | number)[] = []): Generator<readonly (string | number)[]> {
  if (json === null) return;
  if (typeof json !== "object") {
    yield path;
    return;
  }
  if (path.length === 1) yield path;
  for (const [key, item] of Object.entries(json))
    yield* pathsIn(item, [...path, Array.isArray(json) ? Number(key) : key]);
}

/** JSON with another value at a path; objects and lists on the way are made where they are missing. */
function withAt(json: Json | undefined, [step, ...rest]: readonly (string | number)[], value: Json): Json {
  if (step === undefined) return value;
  if (typeof step === "number") {
    const list = Array.isArray(json) ? [...json] : [];
    while (list.length < step) list.push(false);
    list[step] = withAt(list[step], rest, value);
    return list;
  }
  return { ...(isObject(json) ? json : {}), [step]: withAt(isObject(json) ? json[step] : undefined, rest, value) };
}

const at = (json: Json | undefined, path: readonly (string | number)[]): Json | undefined =>
  path.reduce<Json | undefined>(
    (inner, step) =>
      typeof step === "number"
        ? Array.isArray(inner)
          ? inner[step]
          : undefined
        : isObject(inner)
          ? inner[step]
          : undefined,
    json,
  );

/** The worst that a value could be instead. */
function otherThan(value: Json, name: string | number | undefined): Json {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 1;
  if (name === "sse_algorithm") return "AES256";
  if (name === "grantee_principal") return "arn:aws:iam::444455556666:root";
  if (name === "policy") {
    const statement = { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" };
    return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  }
  if (name === "object_ownership") return "ObjectWriter";
  if (name === "acl") return "public-read";
  return "another";
}

/** What other attributes make certain: another value would be no plan that there is. */
const CERTAIN = new Set([
  "arn",
  "id",
  "key_id",
  "bucket",
  "region",
  "bucket_domain_name",
  "bucket_regional_domain_name",
]);

/** Leaves of the changes: what the plan knows of the world after it. */
function* leavesOfChanges(plan: JsonObject): Generator<Leaf> {
  for (const [index, change] of objectsIn(plan.resource_changes).entries()) {
    const inner = change.change;
    if (!isObject(inner) || !isObject(inner.after)) continue;
    for (const path of pathsIn(inner.after)) {
      const name = path.findLast((step) => typeof step === "string");
      const edit = (json: JsonObject, known: Json, isUnknown: boolean): void => {
        const one = objectsIn(json.resource_changes)[index]?.change;
        if (!isObject(one)) return;
        one.after = withAt(one.after, path, known);
        if (isUnknown) one.after_unknown = withAt(one.after_unknown, path, true);
        // what changes can't be a change of nothing
        if (Array.isArray(one.actions) && one.actions[0] === "no-op") one.actions = ["update"];
      };
      const value = at(inner.after, path) ?? null;
      // as a whole it looks like what nobody set: help/limits.md, the plan alone
      if (change.type === "aws_s3_bucket" && path.length === 1 && typeof value === "object") continue;
      yield {
        where: `${String(change.address)}.${path.join(".")}`,
        forget: (json) => edit(json, null, true),
        ...(isJudged(change.type) &&
        typeof value !== "object" &&
        change.mode === "managed" &&
        !CERTAIN.has(String(path[0]))
          ? { change: (json) => edit(json, otherThan(value, name), false) }
          : {}),
      };
    }
  }
}

/** Leaves of data sources that were read while planning: forgotten, the source is read during apply. */
function* leavesOfData(plan: JsonObject): Generator<Leaf> {
  const resources = (json: JsonObject): { readonly data: JsonObject; readonly list: Json[] }[] => {
    const found: { data: JsonObject; list: Json[] }[] = [];
    const visit = (module: Json | undefined): void => {
      if (!isObject(module)) return;
      const list = module.resources;
      if (Array.isArray(list)) for (const data of objectsIn(list)) if (data.mode === "data") found.push({ data, list });
      for (const child of objectsIn(module.child_modules)) visit(child);
    };
    visit(at(json.prior_state, ["values", "root_module"]));
    return found;
  };
  for (const [index, { data }] of resources(plan).entries()) {
    if (!isObject(data.values)) continue;
    for (const [name, value] of Object.entries(data.values)) {
      if (value === null) continue;
      const forget = (json: JsonObject): void => {
        const one = resources(json)[index];
        if (one === undefined || !isObject(one.data.values)) return;
        one.list.splice(one.list.indexOf(one.data), 1);
        const { values, sensitive_values, schema_version, ...head } = one.data;
        const module = /^((?:module\.[^.[]+(?:\[[^\]]*\])?\.)*)/.exec(String(head.address))?.[1]?.slice(0, -1) ?? "";
        const after = Object.fromEntries(Object.entries(values).filter(([other]) => other !== name));
        const change: JsonObject = {
          ...head,
          ...(module === "" ? {} : { module_address: module }),
          change: {
            actions: ["read"],
            before: null,
            after,
            after_unknown: { [name]: true },
            before_sensitive: false,
            after_sensitive: {},
          },
        };
        json.resource_changes = [...(Array.isArray(json.resource_changes) ? json.resource_changes : []), change];
      };
      yield { where: `${String(data.address)}.${name}`, forget };
    }
  }
}

/** Values of the root module's variables. */
function* leavesOfVariables(plan: JsonObject): Generator<Leaf> {
  if (!isObject(plan.variables)) return;
  for (const name of Object.keys(plan.variables))
    yield {
      where: `var.${name}`,
      forget: (json) => {
        if (isObject(json.variables))
          json.variables = Object.fromEntries(Object.entries(json.variables).filter(([one]) => one !== name));
      },
    };
}

const flips = (before: ReadonlyMap<string, Verdict>, after: ReadonlyMap<string, Verdict>): string[] =>
  [...before].flatMap(([question, verdict]) => {
    const then = after.get(question);
    return (verdict === "pass" && then === "fail") || (verdict === "fail" && then === "pass")
      ? [`${question}: ${verdict} -> ${then}`]
      : [];
  });
const subjects = (verdicts: ReadonlyMap<string, Verdict>) =>
  new Set([...verdicts.keys()].map((one) => one.split(" ")[0]));

const leavesOf = (plan: JsonObject): readonly Leaf[] => [
  ...leavesOfChanges(plan),
  ...leavesOfData(plan),
  ...leavesOfVariables(plan),
];

describe.each(SHAPES)("%s", (shape) => {
  const text = textOf(shape);
  const leaves = leavesOf(planFrom(text));

  test.each(["alone", "with its source"])("the plan %s: less known, no other verdict and no subject less", (view) => {
    const source = view === "alone" ? undefined : sourceOf(shape);
    const before = verdictsOf(planFrom(text), source);
    const broken = leaves.flatMap(({ where, forget }) => {
      const plan = planFrom(text);
      forget(plan);
      const after = verdictsOf(plan, source);
      const lost = [...subjects(before)].filter((one) => !subjects(after).has(one)).map((one) => `${one} is gone`);
      return [...flips(before, after), ...lost].map((words) => `${where}: ${words}`);
    });
    expect(broken).toEqual([]);
  });

  test("without configuration: no pass is left that another value would break", () => {
    const bare = { ...planFrom(text), configuration: { root_module: {} } };
    const bareText = JSON.stringify(bare);
    const broken = leaves.flatMap(({ where, forget, change }) => {
      if (change === undefined) return [];
      const [unknown, other] = [planFrom(bareText), planFrom(bareText)];
      forget(unknown);
      change(other);
      const [left, worse] = [verdictsOf(unknown, undefined), verdictsOf(other, undefined)];
      return [...left]
        .filter(([question, verdict]) => verdict === "pass" && worse.get(question) === "fail")
        .map(([question]) => `${where}: ${question}`);
    });
    expect(broken).toEqual([]);
  });
});
