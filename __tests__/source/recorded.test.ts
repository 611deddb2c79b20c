/** Holds the evaluator against what the real Terraform made of each expression (see fixtures/record.mjs). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Value } from "../../validators/kernel";
import { evaluate, fromHcl, LazyMap, type Scope, variableValue } from "../../validators/source";
import { useParser } from "./parser";

const fixtures = join(__dirname, "fixtures");
const recorded = new Map(
  Object.entries(JSON.parse(readFileSync(join(fixtures, "recorded.json"), "utf8")) as Record<string, string>),
);

/** What we leave unknown though Terraform knows it. Nothing else may be unknown. */
const leftUnknown = new Set<string>([
  // numbers that JavaScript can't hold, and exponents without a fraction, which the grammar doesn't know
  "10 / 3",
  "1e5",
  "100000000000000000000",
  "12345678901234567890 + 1",
  "5 / 0",
  'try(1 / 0, "div")',
  // values here don't tell tuples from lists
  "[] == []",
  "var.empty_list == []",
  "contains([[1], [2]], [1])",
  // versions of Terraform differ
  'element(["a"], -1)',
  'try(false && local.list[9] == "a", "short")',
  'format("%v %v %v", ["x", 1], { a = 1 }, null)',
  'format("%s", null)',
  // YAML 1.1 and 1.2 differ
  'yamldecode("a: 1\\nb: [x, yes, null, 1.5]")',
  // the files at hand may not be all files
  'fileexists("missing.txt")',
  // not built
  'yamlencode({ a = "b" })',
  'timeadd("2020-01-01T00:00:00Z", "1h")',
  'formatdate("YYYY", "2020-01-01T00:00:00Z")',
]);

/** What Terraform refuses by the static types of its values, which ours don't carry. */
const knownThoughRefused = new Set<string>(["var.empty_list[*].id"]);

beforeAll(useParser);

function scopeOfNames(): Scope {
  const text = readFileSync(join(fixtures, "names.tf"), "utf8");
  const module = fromHcl(new Map([["names.tf", text]]));
  const variables = new LazyMap(
    module.variables.keys(),
    (name) => {
      const variable = module.variables.get(name);
      return variable === undefined ? null : variableValue(variable, undefined, `var.${name}`);
    },
    "var",
  );
  const scope: Scope = {
    lookup: (name): Value | undefined => (name === "var" ? variables : name === "local" ? locals : undefined),
  };
  const locals = new LazyMap(
    module.locals.keys(),
    (name) => {
      const local = module.locals.get(name);
      return local === undefined ? null : evaluate(local, scope, `local.${name}`);
    },
    "local",
  );
  return scope;
}

const ours = (expression: string): Value =>
  evaluate(
    { kind: "hcl", text: `try(jsonencode(nonsensitive(\n${expression}\n)), "refused")` },
    scopeOfNames(),
    "here",
  );

describe("each recorded expression", () => {
  const decided = [...recorded].filter(([text]) => !leftUnknown.has(text) && !knownThoughRefused.has(text));

  test.each(decided)("%s", (text, expected) => {
    expect(ours(text)).toBe(expected);
  });

  test.each([...leftUnknown])("is left unknown: %s", (text) => {
    expect(recorded.has(text)).toBe(true);
    expect(typeof ours(text)).toBe("object");
  });

  test.each([...knownThoughRefused])("Terraform refuses by static type: %s", (text) => {
    expect(recorded.get(text)).toBe("refused");
  });
});
