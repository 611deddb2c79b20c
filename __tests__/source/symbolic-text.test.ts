/** Symbolic text against all texts that its symbols may stand for: no answer about it is ever wrong. */
import fc from "fast-check";
import { isUniqueKind, Sym, type SymbolKind, Text, text, Unknown, type Value } from "../../validators/kernel";
import { evaluate, type Scope } from "../../validators/source";
import { occursInLiteralsOnly, splitText } from "../../validators/source/values/text";
import { useParser } from "./parser";

beforeAll(useParser);

/**
 * Texts that a symbol of a kind may be; small alphabets, so that things meet. No quotes: a symbol inside a JSON string
 * stands for the text that is read there, whatever escapes it needs.
 */
const meanings: Readonly<Record<SymbolKind, readonly string[]>> = {
  "account-id": ["123456789012", "111111111111"],
  partition: ["aws", "aws-cn"],
  region: ["eu-a-1", "us-1"],
  "bucket-name": ["aaa", "a-a", "aab", "a.a"],
  "key-id": ["aa-1", "mrk-a"],
  "vpc-id": ["vpc-a", "vpc-1a"],
  "vpc-endpoint-id": ["vpce-a", "vpce-1a"],
  "organization-id": ["o-a", "o-1a"],
  name: ["a", " a", "A-a", "a b"],
  "role-id": ["AROAX", "A1"],
  "user-id": ["AIDAX", "A1"],
  any: ["", "a", ":a", "a/", "*", " a ", "-", "$1"],
};

const kinds = Object.keys(meanings) as SymbolKind[];
const literal = fc.string({ unit: fc.constantFrom("a", "b", "A", ":", "/", "-", "*", " "), maxLength: 4 });
/** Of names and of what may be anything, each second one is plain: part of a bucket's name, or made up by the provider. */
const isPlain = (name: string, kind: SymbolKind): boolean =>
  name === "t" && ["any", "name", "bucket-name"].includes(kind);
const symbol = fc
  .tuple(fc.constantFrom("s", "t"), fc.constantFrom(...kinds))
  .map(([name, kind]) => new Sym(`${name}:${kind}`, kind, { isPlain: isPlain(name, kind) }));
const meaningsOf = (name: string, kind: SymbolKind): readonly string[] =>
  meanings[kind].filter((one) => !isPlain(name, kind) || /^[a-z0-9.-]*$/.test(one));
const symbolic = fc.array(fc.oneof(literal, symbol), { maxLength: 4 }).map((parts) => text(parts));

/** Text with a meaning for each symbol. */
const meant = (value: string | Text, choice: ReadonlyMap<string, string>): string =>
  value instanceof Text
    ? value.parts.map((part) => (part instanceof Sym ? (choice.get(part.id) ?? "") : part)).join("")
    : value;

const scopeWith = (...values: Value[]): Scope => {
  const names = new Map<string, Value>(values.map((value, i) => [`v${i}`, value]));
  return { lookup: (name) => names.get(name) };
};

const expressions = [
  "v0 == v1",
  "v0 != v1",
  "startswith(v0, w)",
  "endswith(v0, w)",
  "strcontains(v0, w)",
  "split(w, v0)",
  'replace(v0, w, "-x-")',
  "replace(v0, w, v1)",
  'replace(w, "/([ab])-*/", v1)',
  'replace(w, "/a*/", "<${v1}>")',
  "trimprefix(v0, w)",
  "trimsuffix(v0, w)",
  "trimspace(v0)",
  "trim(v0, w)",
  "lower(v0)",
  "upper(v0)",
  "substr(v0, 0, 2)",
  "substr(v0, 1, 1)",
  "length(v0)",
  "[v0, v1, w]",
  "distinct([v0, v1, w])",
  "length(distinct([v0, v1, w]))",
  "length(toset([v0, v1]))",
  "contains([v0, w], v1)",
  "index([v0, w], v1)",
  "compact([v0, v1])",
  "coalesce(v0, w)",
  "join(w, [v0, v1])",
  'format("%s/%s", v0, v1)',
  'format("${v0}-%s", v1)',
  'format("%s${v0}:%s", w, v1)',
  'formatlist("${v0}-%s", [w, v1])',
  "jsonencode([v0])",
  "jsondecode(jsonencode({ a = v0 })).a",
  "try(tonumber(v0), v1)",
  "setintersection([v0], [v1])",
  "setsubtract([v0, w], [v1])",
  "sort([v0, v1])[0]",
  "provider::aws::arn_parse(v0).account_id",
  'v0 == w ? "same" : "other"',
  "{ a = v0 }[w]",
  "indent(2, v0)",
  "one(toset([v0, v1]))",
  "can(regex(w, v0))",
  "[for x in toset([v0, v1]) : x][0]",
  "[for x in distinct([v0, v1]) : 1]",
];

/** The text of a value as far as it is known; `undefined` where anything is possible. */
function known(value: Value, choice: ReadonlyMap<string, string>): Value | undefined {
  if (value instanceof Unknown) return undefined;
  if (typeof value === "string" || value instanceof Text) {
    const isOpen = value instanceof Text && value.parts.some((part) => part instanceof Sym && !choice.has(part.id));
    return isOpen ? undefined : meant(value, choice);
  }
  if (Array.isArray(value)) {
    const items = (value as readonly Value[]).map((item) => known(item, choice));
    return items.includes(undefined) ? undefined : (items as Value[]);
  }
  return value;
}

/** Lists without repetition, in one order: sets of symbolic text may hold what turns out to be equal, in any order. */
const asSet = (value: Value | undefined): Value | undefined =>
  Array.isArray(value) ? [...new Set((value as readonly Value[]).map((item) => JSON.stringify(item)))].sort() : value;

test("what is said of symbolic text holds for every text that it may turn out to be", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...expressions),
      symbolic,
      symbolic,
      fc.string({ unit: fc.constantFrom("a", "b", ":", "/", "-", "*", " "), maxLength: 3 }),
      fc.array(fc.nat(20), { minLength: 2 * kinds.length, maxLength: 2 * kinds.length }),
      (pattern, a, b, w, picks) => {
        const expression = pattern.replace(/\bw\b/g, () => JSON.stringify(w));
        const choice = new Map(
          ["s", "t"].flatMap((name, n) =>
            kinds.map((kind, k): [string, string] => {
              const options = meaningsOf(name, kind);
              // such names and ids are never given twice
              const pick = (picks[n * kinds.length + k] ?? 0) % options.length;
              const distinct = isUniqueKind(kind);
              return [
                `${name}:${kind}`,
                options[distinct ? (pick % Math.floor(options.length / 2)) * 2 + n : pick] ?? "",
              ];
            }),
          ),
        );
        const said = known(evaluate({ kind: "hcl", text: expression }, scopeWith(a, b), "here"), choice);
        if (said === undefined) return;
        const real = evaluate({ kind: "hcl", text: expression }, scopeWith(meant(a, choice), meant(b, choice)), "here");
        if (/distinct|toset|set/.test(pattern)) expect(asSet(said)).toEqual(asSet(real));
        else expect(said).toEqual(real);
      },
    ),
    { numRuns: 8_000 },
  );
});

test("a format may hold symbols in which no verb can begin or end", () => {
  const name = text([new Sym("b.bucket", "bucket-name")]);
  const open = text([new Sym("var.x", "any")]);
  const formatted = (format: string, value: Value): Value =>
    evaluate({ kind: "hcl", text: `format(${format}, "a", "b")` }, scopeWith(value), "here");
  expect(formatted('"%s-${v0}%%/%s"', name)).toEqual(text(["a-", name, "%/b"]));
  for (const format of ['"%${v0}%s%s"', '"%s%-2${v0}s"']) expect(formatted(format, name)).toBeInstanceOf(Unknown);
  expect(formatted('"${v0}%s%s"', open)).toBeInstanceOf(Unknown);
});

test("a pattern is replaced by symbolic text in which nothing can name a group", () => {
  const arn = text(["arn:aws:s3:::", new Sym("b.bucket", "bucket-name")]);
  const open = text([new Sym("var.x", "any")]);
  const replaced = (by: string, value: Value): Value =>
    evaluate({ kind: "hcl", text: `replace("@BUCKET@ and @ARN@/*", "/@[A-Z]+@/", ${by})` }, scopeWith(value), "here");
  expect(replaced("v0", arn)).toEqual(text([arn, " and ", arn, "/*"]));
  expect(replaced('"$1${v0}"', arn)).toBeInstanceOf(Unknown);
  expect(replaced("v0", open)).toBeInstanceOf(Unknown);
});

/** What symbols may turn out to be where only two letters matter. */
const SHORT = ["", "a", "b", "ab", "ba", "aa"];
const [open, next] = [new Sym("var.x", "any"), new Sym("var.y", "any")];
const [id, other] = [new Sym("k", "vpc-id"), new Sym("l", "vpc-id")];
const shortMeanings = new Map([open, next, id, other].map((one) => [one, SHORT.slice(one.kind === "any" ? 0 : 1)]));

test("what occurs in literals only occurs nowhere else, whatever the symbols are", () => {
  const part = fc.oneof(
    fc.string({ unit: fc.constantFrom("a", "b", ":"), maxLength: 3 }),
    fc.constantFrom(...shortMeanings.keys()),
  );
  const needles = fc.string({ unit: fc.constantFrom("a", "b", ":"), minLength: 1, maxLength: 4 });
  const choices = product(...shortMeanings.values()).map(
    (texts) => new Map([...shortMeanings.keys()].map((one, i) => [one.id, texts[i] ?? ""])),
  );
  let certain = 0;
  const run = fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), needles, (pieces, needle) => {
    const value = text(pieces);
    if (!(value instanceof Text) || !occursInLiteralsOnly(value, needle)) return;
    certain++;
    const inLiterals = splitText(value, needle).length;
    for (const choice of choices)
      if (meant(value, choice).split(needle).length !== inLiterals)
        throw new Error(`${needle} in ${meant(value, choice)}`);
  });
  fc.assert(run, { numRuns: 3_000 });
  expect(certain).toBeGreaterThan(100);
});

function product(...lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return lists.reduce<readonly (readonly string[])[]>(
    (all, list) => all.flatMap((one) => list.map((item) => [...one, item])),
    [[]],
  );
}

test.each<readonly [string, readonly (string | Sym)[], string, boolean]>([
  ["split over two symbols", [id, other], "a-b", false],
  ["split over two symbols that can't hold all of it", [id, other], "a:b", true],
  ["with its ends in two symbols and its middle between them", [id, ":", other], "a:b", false],
  ["whose middle is not what stands between two symbols", [id, "/", other], "a:b", true],
  ["around a symbol that may be nothing", ["a", open, "b"], "ab", false],
  ["around a symbol that is something", [":", id, ":"], "::", true],
  ["around two symbols that may be nothing", [":", open, next, ":"], "::", false],
  ["over a symbol and the literals beside it", [":", id, ":"], ":a:", false],
  ["over a symbol and literals that are others", ["/", id, ":"], ":a:", true],
  ["over three parts and more", ["x:", id, ":", other, ":y"], ":a:b:", false],
  ["of which a symbol may hold half a character", [open, "b"], "\u{1F511}", false],
])("a text %s", (_name, parts, needle, expected) => {
  expect(occursInLiteralsOnly(text(parts), needle)).toBe(expected);
});
