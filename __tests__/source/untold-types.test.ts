/** Variables of plan JSON, which shows neither their types nor whether they are nullable: what a type may convert is open. */
import { Unknown, type Value } from "../../validators/kernel/index";
import { evaluate, fromPlanConfiguration, merge, variableValue } from "../../validators/source/index";
import { useParser } from "./parser";

beforeAll(useParser);

const configuration = { root_module: { variables: { v: {}, d: { default: "Allow" } } } };
const found = (name: string, given: Value, text: string): Value => {
  const variable = fromPlanConfiguration(configuration).variables.get(name);
  if (variable === undefined) throw new Error(name);
  const value = variableValue(variable, given, `var.${name}`);
  return evaluate({ kind: "hcl", text }, { lookup: (asked) => (asked === "v" ? value : undefined) }, "here");
};

test.each<[string, Value, string]>([
  ["v", true, "v == true"],
  ["v", 1, "v == 1"],
  ["v", ["z", "a"], "[for x in v : x][0]"],
  ["v", new Map([["x", true]]), "v.x == true"],
  ["d", null, "v == null"],
])("`%s` given %j: %s is open", (name, given, text) => {
  expect(found(name, given, text)).toBeInstanceOf(Unknown);
});

test.each<[string, Value, string, Value]>([
  ["v", "111122223333", "v", "111122223333"],
  ["v", new Map([["x", "y"]]), "v.x", "y"],
  ["v", ["z", "a"], 'contains(v, "a")', true],
  ["v", null, "v == null", true],
])("`%s` given %j: %s is known", (name, given, text, expected) => {
  expect(found(name, given, text)).toEqual(expected);
});

test("with the source at hand the type is known", () => {
  const plan = fromPlanConfiguration(configuration);
  const told = { name: "v", nullable: true, sensitive: false, ephemeral: false };
  const source = { ...plan, variables: new Map([["v", told]]), hasSource: true };
  const variable = merge(plan, source).variables.get("v");
  expect(variable && variableValue(variable, true, "var.v")).toBe(true);
});
