/** Holds the evaluator against what the real Terraform made of each expression (see fixtures/record.mjs). */
import { inFrame, knownThoughRefused, recorded, scopeOfNames } from "./names";
import { useParser } from "./parser";

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
  'yamldecode("Version: 2012-02-30\\nOther: a")',
  'yamldecode("2012-10-17 1:00")',
  // YAML itself lets the own value win
  'yamldecode("a: &a {x: 1}\\nb: {x: 2, <<: *a}\\n")',
  // refused, as we would have to be sure of
  'yamldecode("a: &a {x: 1}\\nb: {<<: [*a]}\\n")',
  'yamldecode("a: *a\\n")',
  'yamldecode("a: &a [*a]\\n")',
  // the files at hand may not be all files
  'fileexists("missing.txt")',
  // a conditional that Terraform refuses is in no plan
  "true ? {a=1,b=[1]} : {}",
  "true ? 1 : true",
  // an empty map doesn't say of what type its members would be
  'lookup(tomap({}),"b",false)',
  // not built
  'yamlencode({ a = "b" })',
  'timeadd("2020-01-01T00:00:00Z", "1h")',
  'formatdate("YYYY", "2020-01-01T00:00:00Z")',
]);

beforeAll(useParser);

const ours = (expression: string) => inFrame(expression, scopeOfNames());

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
