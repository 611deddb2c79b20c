/** Holds the expressions that are read without the grammar against what the grammar makes of them. */
import fc from "fast-check";
import { parseExpression } from "../../validators/source/syntax/parser";
import { parsePlainly } from "../../validators/source/syntax/plain";
import { useParser } from "./parser";

beforeAll(useParser);

const plainly = (text: string) => parsePlainly(text, parseExpression);
/** What stands in parentheses is never read plainly. */
const byGrammar = (text: string) => parseExpression(`(${text}\n)`);

test.each([
  "null",
  "true",
  "007",
  "a",
  'a-b_c.d-e.0[1]["k/x"].f',
  "aws_s3_bucket.this[each.key].arn",
  "a[b[c.d].e][0][f]",
  '""',
  '"a$${b}%%{c}\\n"',
  '"${aws_s3_bucket.this[each.key].arn}/*"',
  '"a${b[c]}d${"e"}"',
  "[]",
  "[ ]",
  "[a]",
  '[a.b, "c-${d}", [1, null], e(f),]',
  '[\n  "a",\n  b.c,\n]',
  "map(string)",
  "list(map(any))",
  "f()",
  'f(a, [b], "c",)',
  "[for-each, fort]",
])("is read plainly: %s", (text) => {
  const tree = plainly(text);
  expect(tree).toBeDefined();
  expect(tree).toEqual(byGrammar(text));
});

test.each([
  "",
  "1.5",
  "1e3",
  "0x1f",
  "-1",
  "a b",
  "a.",
  "a[*].b",
  "a[b + 1]",
  "a[ b ]",
  "a[true]",
  "a[-1]",
  "a ? b : c",
  "(a)",
  "[for x in y : x]",
  "[ for.x ]",
  "[a b]",
  "[a,,b]",
  "[,]",
  "[a",
  "[a]]",
  "[a][0]",
  "[a, # why\n b]",
  "f(a...)",
  "f (a)",
  "f(a).b",
  "f(,)",
  "{ a = b }",
  "true.x",
  "[null.x]",
  '"a',
  '"\\x"',
  '"a" "b"',
  '["a${"]',
  "a::b(c)",
  `${"[".repeat(21)}${"]".repeat(21)}`,
  `${"a[".repeat(21)}b${"]".repeat(21)}`,
])("is left to the grammar: %s", (text) => {
  expect(plainly(text)).toBeUndefined();
});

test("what is nested without end, or too long, is not read", () => {
  const nested = `${"a[".repeat(200_000)}b${"]".repeat(200_000)}`;
  const long = `["${"a".repeat(2_000_000)}"]`;
  for (const text of [nested, long])
    expect(parseExpression(text)).toMatchObject({ kind: "broken", because: "too-complex" });
});

/** Pieces of expressions, some in places where they belong. */
const piece = fc.constantFrom(
  ...'a b.c each.key [ ] ( ) , . 0 12 1.5 null true for in "x" "${a}" "$${" " { } = : ? * - + ... # // /* */ \\ ${ } <<E \n'.split(
    " ",
  ),
  " ",
  "\n",
);
const expression = fc.letrec<{ readonly any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom("a", "b.c", "d.0", "each.key", "7", "null", "true", '"x"', '"y${z}"', "for", "f()"),
    tie("any").map((inner) => `[${inner}]`),
    tie("any").map((inner) => `a[${inner}].b`),
    tie("any").map((inner) => `"${"$"}{${inner}}-"`),
    fc
      .tuple(tie("any"), tie("any"), fc.constantFrom(",", ", ", " ,\n", " ", "", ",,"))
      .map(([a, b, by]) => `[${a}${by}${b}]`),
    fc.tuple(tie("any"), tie("any"), fc.constantFrom("", ",", "...")).map(([a, b, end]) => `f(${a}, ${b}${end})`),
  ),
})).any;

test("whatever is read plainly is what the grammar makes of it", () => {
  let plain = 0;
  const check = (text: string) => {
    const tree = plainly(text);
    // where an interpolation is no expression, the grammar makes nothing of the whole, and neither is ever known
    if (tree === undefined || JSON.stringify(tree).includes('"broken"')) return;
    plain++;
    expect(tree).toEqual(byGrammar(text));
  };
  const texts = fc.oneof(
    expression,
    fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join("")),
  );
  fc.assert(fc.property(texts, check), { numRuns: 3_000, seed: Number(process.env.PLAIN_SEED ?? 1) });
  expect(plain).toBeGreaterThan(500);
});
