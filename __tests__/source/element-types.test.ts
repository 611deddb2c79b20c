/** What a variable's type makes of elements of several types: Terraform finds one type for all of them. */
import { Unknown, type Value } from "../../validators/kernel/index";
import { evaluate, variableValue } from "../../validators/source/index";
import { useParser } from "./parser";

beforeAll(useParser);

const hcl = (text: string) => ({ kind: "hcl", text }) as const;
const common = { name: "v", nullable: true, sensitive: false, ephemeral: false };
/** What a variable of a type makes of a value, as JSON; `"unknown"`. */
function made(type: string, value: string): string {
  const given = evaluate(hcl(value), { lookup: () => undefined }, "given");
  const v = variableValue({ ...common, type }, given, "var.v");
  const scope = { lookup: (name: string): Value | undefined => (name === "v" ? v : undefined) };
  const text = evaluate(hcl("jsonencode(v)"), scope, "here");
  return text instanceof Unknown ? "unknown" : String(text);
}

/** As Terraform 1.11.4 does it. */
test.each([
  ["map(any)", '{ tls = true, owner = "a" }', '{"owner":"a","tls":"true"}'],
  ["map(any)", "{ tls = true, other = false }", '{"other":false,"tls":true}'],
  ["list(any)", '[1, "a"]', '["1","a"]'],
  ["set(any)", '[true, "a"]', '["a","true"]'],
  ["map", '{ a = 1, b = "x" }', '{"a":"1","b":"x"}'],
  ["list", '[1, "a"]', '["1","a"]'],
  ["object({ o = optional(map(any), { a = 1 }) })", '{ o = { a = 1, b = "x" } }', '{"o":{"a":"1","b":"x"}}'],
  ["map(object({ v = any }))", '{ a = { v = 1 }, b = { v = "x" } }', '{"a":{"v":"1"},"b":{"v":"x"}}'],
  ["list(any)", '[{ a = 1 }, { b = "x" }]', '[{"a":"1"},{"b":"x"}]'],
  ["any", '{ tls = true, owner = "a" }', '{"owner":"a","tls":true}'],
  ["map(string)", "{ tls = true }", '{"tls":"true"}'],
])("%s of %s", (type, value, expected) => {
  expect(made(type, value)).toBe(expected);
});

test("what isn't known may be text, which makes text of what stands beside it", () => {
  const unknown = new Unknown("x", "computed-at-apply");
  const scope = { lookup: (name: string): Value | undefined => (name === "x" ? unknown : undefined) };
  const value = (text: string) => evaluate(hcl(text), scope, "here");
  for (const text of ["tolist([1, x])[0]", "(true ? true : x) == true", "coalesce(1, x)", "tomap({ a = 1, b = x }).a"])
    expect(value(text)).toBeInstanceOf(Unknown);
  for (const text of ['tolist(["a", x])[0]', '(true ? "a" : x)', "true ? [] : x"])
    expect(value(text)).not.toBeInstanceOf(Unknown);
  // what a length is, its name tells
  expect(value("true ? 1 : length(x)")).toBe(1);
  expect(value("true ? true : x == 1")).toBe(true);
});

test("an object that may be a map is left open where that decides", () => {
  const plain: Value = new Map([["a", "x"]]);
  const scope = { lookup: (name: string): Value | undefined => (name === "plain" ? plain : undefined) };
  const value = (text: string) => evaluate(hcl(text), scope, "here");
  expect(value('lookup(plain, "b", false)')).toBeInstanceOf(Unknown);
  expect(value('lookup(plain, "b", "c")')).toBe("c");
  expect(value('lookup({ a = "x" }, "b", false)')).toBe(false);
  expect(value('lookup(tomap({ a = "x" }), "b", false)')).toBe("false");
});
