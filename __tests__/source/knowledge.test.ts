/** The law of knowledge: with a name symbolic or unknown, an expression says the same as Terraform, or less; never something else. */
import { Sym, Text, Unknown, type Value } from "../../validators/kernel";
import { inFrame, knownThoughRefused, type Mask, paths, recorded, scopeOfNames, symbolAt, unknownAt } from "./names";
import { useParser } from "./parser";

beforeAll(useParser);

/** The texts that symbols stand for. */
const meant: ReadonlyMap<string, string> = new Map([
  ["local.account", "123456789012"],
  ["local.list[0]", "a"],
  ["local.list[1]", "b"],
  ["local.objects[0].n", "x"],
  ["local.nested.rules[0].id", "r1"],
  ["var.tags.a", "one"],
  ["var.settings.name", "n"],
]);

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** Whether a value may turn out to be the recorded text: symbols that are meant to be something are it, others are anything. */
function allows(value: Value, expected: string): boolean {
  if (value instanceof Unknown) return true;
  if (!(value instanceof Text)) return value === expected;
  const pattern = value.parts.map((part) => {
    if (!(part instanceof Sym)) return literally(part);
    const text = meant.get(part.id);
    return text === undefined ? "[\\s\\S]*" : literally(text);
  });
  return new RegExp(`^${pattern.join("")}$`, "u").test(expected);
}

const masks: [string, Mask][] = [
  ...[...meant.keys()].map((path): [string, Mask] => [`${path} as any text`, symbolAt(path, "any")]),
  ["local.account as an account id", symbolAt("local.account", "account-id")],
  ["local.list[0] as a name", symbolAt("local.list[0]", "name")],
  ["var.tags.a as a region", symbolAt("var.tags.a", "region")],
  ...paths.map((path): [string, Mask] => [`${path} unknown`, unknownAt(path)]),
  ["local.list[1] unknown", unknownAt("local.list[1]")],
  ["local.map.a unknown", unknownAt("local.map.a")],
  ["local.objects[0].v unknown", unknownAt("local.objects[0].v")],
];

test.each(masks)("%s", (_name, mask) => {
  const scope = scopeOfNames(mask);
  const wrong = [...recorded].flatMap(([text, expected]) => {
    const value = inFrame(text, scope);
    return allows(value, expected) || knownThoughRefused.has(text) ? [] : [{ text, expected, value }];
  });
  expect(wrong).toEqual([]);
});

test("a masked name leaves most expressions that don't mention it decided", () => {
  const scope = scopeOfNames(symbolAt("local.account", "any"));
  const decided = [...recorded.keys()].filter((text) => typeof inFrame(text, scope) === "string");
  expect(decided.length).toBeGreaterThan(recorded.size * 0.85);
});
