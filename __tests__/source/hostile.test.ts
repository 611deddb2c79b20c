/** Hostile and odd input: nothing crashes, hangs, or is taken for known. */
import fc from "fast-check";
import { InputError, isMap, isText, Sym, Text, Unknown, type Value } from "../../validators/kernel";
import type { Json } from "../../validators/plan/plan";
import {
  Allowance,
  evaluate,
  evaluateBody,
  fromArchive,
  fromHcl,
  fromPlanConfiguration,
  fromSynthesized,
  instancesOf,
  LazyMap,
  type Module,
  merge,
  renderPolicyDocument,
  type Scope,
  variableValue,
} from "../../validators/source";
import { paths, recorded, scopeOfNames, unknownAt } from "./names";
import { useParser } from "./parser";

beforeAll(useParser);

const nothing: Scope = { lookup: () => undefined };
const hcl = (text: string, scope: Scope = nothing): Value => evaluate({ kind: "hcl", text }, scope, "here");
const template = (text: string, scope: Scope = nothing): Value =>
  evaluate({ kind: "json", value: text }, scope, "here");
const because = (value: Value): string | undefined => (value instanceof Unknown ? value.because : undefined);

const letters = "a".repeat(1000);
const tooMuch: [string, string][] = [
  ["nested parentheses", `${"(".repeat(20_000)}1${")".repeat(20_000)}`],
  ["nested lists", `${"[".repeat(5000)}${"]".repeat(5000)}`],
  ["nested objects", `${"{a=".repeat(3000)}1${"}".repeat(3000)}`],
  ["nested templates", `${'"${'.repeat(500)}1${'}"'.repeat(500)}`],
  ["nested calls", `${"upper(".repeat(2000)}"a"${")".repeat(2000)}`],
  ["nested conditionals", `${"true ? 1 : ".repeat(3000)}2`],
  ["a long sum", `1${" + 1".repeat(5000)}`],
  ["many nots", `${"!".repeat(5000)}true`],
  ["many minuses", `${"- ".repeat(5000)}1`],
  ["long accesses", `local${".a".repeat(5000)}`],
  ["loops in loops", "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a + b + c]]]"],
  ["a padded number", 'format("%1000000000d", 1)'],
  ["growing text", `replace(replace("${letters}", "a", "${letters}"), "a", "${letters}")`],
  ["joined text", `join("${letters}", [for i in range(1000) : join("${letters}", range(1000))])`],
  ["a product of sets", "setproduct(range(1000), range(1000), range(1000))"],
];

test.each(tooMuch)("%s is left unknown", (_name, text) => {
  expect(because(hcl(text))).toBeDefined();
  expect(because(template(`\${${text}}`))).toBeDefined();
});

const long = "flatten([for i in range(90) : range(1000)])";
const everyTime = (work: string): string => `[for a in range(1000) : [for b in range(300) : ${work}]]`;
test.each([
  ["a long list that is looked through", `alltrue(${long})`],
  ["a long list that is added up", `sum(${long})`],
  ["a long list that is turned round", `transpose({ a = ${long} })`],
  ["the type of what isn't taken", `true ? [${long}] : [["a"]]`],
  ["symbols that are held against each other", 'distinct([for c in range(900) : "${symbol}${c}"])'],
])("%s, again and again, is left unknown within the limits", (_name, work) => {
  const symbol = new Text([new Sym("symbol", "name", { because: "computed-at-apply" }), "x"]);
  const scope: Scope = { lookup: (name) => (name === "symbol" ? symbol : undefined) };
  const before = process.cpuUsage();
  // the value itself is worked out once, so that only what is done with it counts
  expect(because(hcl(everyTime(work), scope))).toBe("too-complex");
  expect((process.cpuUsage(before).user + process.cpuUsage(before).system) / 1e6).toBeLessThan(5);
});

test("symbolic text is as long as known text at most", () => {
  const symbol = new Text([new Sym("symbol", "name", { because: "computed-at-apply" }), letters.repeat(400)]);
  const scope: Scope = { lookup: (name) => (name === "symbol" ? symbol : undefined) };
  expect(hcl('"${symbol}"', scope)).toBeInstanceOf(Text);
  expect(because(hcl('"${symbol}${symbol}"', scope))).toBe("too-complex");
});

test("all expressions of an input together have an allowance, whatever each may cost", () => {
  const scope: Scope = { lookup: () => undefined, allowance: new Allowance() };
  const work = "length([for a in range(1000) : [for b in range(60) : a + b]])";
  const answers = Array.from({ length: 60 }, () => hcl(work, scope));
  expect(answers[0]).toBe(1000);
  expect(because(answers[59] ?? null)).toBe("too-complex");
  expect(because(hcl("1 + 1", scope))).toBe("too-complex");
  expect(hcl("1 + 1")).toBe(2);
  const variable = { name: "v", type: "list(string)", nullable: true, sensitive: false, ephemeral: false };
  expect(because(variableValue(variable, ["x"], "var.v", scope.allowance))).toBe("too-complex");
});

test("a plan has more, the more it holds", () => {
  const rounds = (allowance: Allowance): number => {
    let count = 0;
    while (
      because(
        hcl("length([for a in range(1000) : [for b in range(90) : 1]])", { lookup: () => undefined, allowance }),
      ) === undefined
    )
      count++;
    return count;
  };
  expect(rounds(new Allowance(2000))).toBeGreaterThan(rounds(new Allowance()));
});

test.each([
  ["regex", `regex("^(a+)+$", "${letters}!")`],
  ["regexall", `regexall("(a|aa)+$", "${letters}!")`],
  ["replace", `replace("${letters}!", "/(a*)*b/", "x")`],
])("%s takes linear time", (_name, text) => {
  expect(hcl(`try(${text}, "none")`)).toBeDefined();
});

test("locals that double each other stay small", () => {
  const scope: Scope = {
    lookup: (name) => (name === "local" ? locals : undefined),
  };
  const locals: LazyMap = new LazyMap(
    Array.from({ length: 60 }, (_local, i) => `n${i}`),
    (name) => {
      const before = `local.n${Number(name.slice(1)) - 1}`;
      return name === "n0"
        ? "x"
        : hcl(name.endsWith("1") ? `"\${${before}}\${${before}}"` : `[${before}, ${before}]`, scope);
    },
    "local",
  );
  const value = hcl("jsonencode(local.n59)", scope);
  expect(value instanceof Unknown || value instanceof Text).toBe(true);
});

test("text that doubles", () => {
  const scope: Scope = { lookup: (name) => (name === "local" ? locals : undefined) };
  const locals: LazyMap = new LazyMap(
    Array.from({ length: 60 }, (_local, i) => `n${i}`),
    (name) =>
      name === "n0"
        ? "x"
        : hcl(`"\${local.n${Number(name.slice(1)) - 1}}\${local.n${Number(name.slice(1)) - 1}}"`, scope),
    "local",
  );
  const value = hcl("local.n59", scope);
  expect(value instanceof Unknown || (isText(value) && value instanceof Text && value.parts.length < 10_000)).toBe(
    true,
  );
});

test("a chain of ten thousand locals, and one that bites its tail", () => {
  const scope: Scope = { lookup: (name) => (name === "local" ? locals : undefined) };
  const locals: LazyMap = new LazyMap(
    Array.from({ length: 10_000 }, (_local, i) => `n${i}`),
    (name) => hcl(`local.n${(Number(name.slice(1)) + 1) % 10_000}`, scope),
    "local",
  );
  expect(because(hcl("local.n0", scope))).toBeDefined();
  const circle: Scope = { lookup: (name) => (name === "local" ? round : undefined) };
  const round: LazyMap = new LazyMap(
    ["a", "b"],
    (name) => hcl(name === "a" ? '"x${local.b}"' : '"y${local.a}"', circle),
    "local",
  );
  expect(hcl("local.a", circle)).toBeInstanceOf(Text);
});

test("keys that reach for prototypes are keys", () => {
  const value = hcl('{ "__proto__" = 1, constructor = 2, toString = 3 }');
  expect(isMap(value) && [...value]).toEqual([
    ["__proto__", 1],
    ["constructor", 2],
    ["toString", 3],
  ]);
  expect(because(hcl("__proto__.polluted"))).toBe("unresolved-expression");
  expect(because(hcl("constructor(1)"))).toBe("unresolved-expression");
  expect(hcl('try({}.constructor, "none")')).toBe("none");
  expect(hcl('jsondecode("{\\"__proto__\\": {\\"x\\": 1}}").__proto__.x')).toBe(1);
});

test("a template file that names itself", () => {
  const scope: Scope = { lookup: () => undefined, files: new Map([["a.tpl", '${templatefile("a.tpl", {})}']]) };
  expect(hcl('templatefile("a.tpl", {})', scope)).toBeInstanceOf(Unknown);
});

test.each([
  "1 2",
  "a b = c",
  "1)\nb = (2",
  "1) (2",
  '"a',
  "<<E\nx",
  "{ a = 1",
  "[1",
  "1 +",
  "%{",
  "${",
  "a..b",
  "a.b.",
  "a[",
  "f(",
  "f(1,,2)",
  "{ a b }",
  "{ a = }",
  "for x in y",
  "[for x in y]",
  "[for in y : 1]",
  "{for k, v in x : k}",
  "a ? b",
  "a ? : c",
  "?",
  ":",
  "=",
  "=>",
  "...",
  "a...",
  "'single'",
  "`x`",
  "a; b",
  "a\0b",
  "\u0000",
  "0x1F",
  "1.2.3",
  ".5",
  "a::b",
  "null.x",
  "<<-\nE",
  '"\\q"',
  '"\\u12"',
  '"\\ud800"',
  "a.*.*",
  "a[*",
  "!",
  "-",
  "()",
  "a()()",
  "(a)(b)",
])("no expression: %j", (text) => {
  expect(hcl(text)).toBeInstanceOf(Unknown);
});

test.each([
  "${",
  "%{",
  "${}",
  "%{}",
  "%{ if }x%{ endif }",
  "%{ if true }",
  "%{ endif }",
  "%{ else }",
  "%{ for x in }%{ endfor }",
  "%{ for x in [1] }",
  "${1",
  "${1}}${",
  "%{ foo }",
  "${aws:username}",
  "%{ if true }%{ else }%{ else }%{ endif }",
  "%{ if true }%{ endfor }",
])("no template: %j", (text) => {
  expect(typeof template(text)).toBe("object");
});

const pieces = [
  ..."()[]{}\"$%~.,:?=!<>+-*/&|#\n \\0'_;@",
  "${",
  "%{",
  "$${",
  "%%{",
  "<<E\n",
  "<<-E\n",
  "\nE\n",
  "for ",
  "in ",
  "if ",
  "else",
  "endif",
  "endfor",
  "=>",
  "...",
  "==",
  "&&",
  "||",
  "a",
  "local",
  ".list",
  "[0]",
  "[*]",
  ".*",
  "1",
  "2.5",
  "null",
  "true",
  "try(",
  "jsonencode(",
  "format(",
  '"',
  "//",
  "/*",
  "*/",
  "é",
  "\u{1f600}",
  "\ud800",
];
const noise = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(""));

test("noise is evaluated without a crash, as expression, as template, and as JSON", () => {
  const scope = scopeOfNames();
  fc.assert(
    fc.property(noise, fc.string({ unit: "binary" }), (text, other) => {
      for (const source of [text, other]) {
        hcl(source, scope);
        template(source, scope);
        evaluate({ kind: "json", value: { [source]: [source] } }, scope, "here");
        variableValue({ name: "v", type: source, nullable: true, sensitive: false, ephemeral: false }, "x", "var.v");
      }
    }),
    { numRuns: 1500 },
  );
});

test("mutilated expressions never become known without being what Terraform would make of them", () => {
  const scope = scopeOfNames();
  const texts = [...recorded.keys()];
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.nat(200),
      fc.nat(5),
      fc.constantFrom(...pieces),
      (text, at, length, piece) => {
        hcl(text.slice(0, at) + piece + text.slice(at + length), scope);
      },
    ),
    { numRuns: 1500 },
  );
});

test("an unknown name is never known again: expressions in expressions", () => {
  const usable = [...recorded].filter(
    ([text, expected]) => expected !== "refused" && !text.includes("<<") && !text.includes("#") && !text.includes("//"),
  );
  const masks = paths.map((path) => scopeOfNames(unknownAt(path)));
  const plain = scopeOfNames();
  const wrappers = [
    "[%]",
    "{ a = % }",
    "jsonencode(%)",
    "try(%, null)",
    "can(%)",
    "(%) == null",
    "[for x in [%] : x]",
    "true ? % : null",
    '"${jsonencode(%)}"',
    "merge({}, { a = % })",
    'coalesce(%, "x")',
    "[%][*]",
    "one([%])",
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...usable),
      fc.array(fc.constantFrom(...wrappers), { maxLength: 3 }),
      fc.constantFrom(...masks),
      ([text], around, masked) => {
        const whole = around.reduce((inner, wrapper) => wrapper.replace("%", () => inner), `(${text})`);
        const known = hcl(`jsonencode(${whole})`, plain);
        const less = hcl(`jsonencode(${whole})`, masked);
        if (typeof less === "string" && typeof known === "string") expect(less).toBe(known);
        if (typeof less === "string") expect(known).toBe(less);
      },
    ),
    { numRuns: 2000 },
  );
});

/** JSON of any shape, with keys that configuration readers look for. */
const keys = fc.constantFrom(
  "resource",
  "data",
  "module",
  "locals",
  "variable",
  "output",
  "provider",
  "moved",
  "import",
  "removed",
  "dynamic",
  "content",
  "for_each",
  "count",
  "//",
  "metadata",
  "path",
  "lifecycle",
  "ignore_changes",
  "source",
  "providers",
  "aws_s3_bucket",
  "b",
  "expressions",
  "references",
  "constant_value",
  "root_module",
  "provider_config",
  "resources",
  "module_calls",
  "outputs",
  "variables",
  "type",
  "name",
  "mode",
  "address",
  "expression",
  "alias",
  "__proto__",
  "statement",
  "iterator",
  "default",
  "constructor",
);
const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.integer(),
      fc.constantFrom("", "x", "managed", "data", "${a.b}", "%{", "./x"),
      noise,
    ),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(keys, tie("value")), { maxLength: 5 }).map((entries) => {
      const object: Record<string, Json> = Object.create(null) as Record<string, Json>;
      for (const [key, value] of entries) object[key] = value;
      return object;
    }),
  ),
})).value;

/** Synthesized JSON as a module; an empty one where it is refused for its shape. */
function synthesized(json: Json): Module {
  try {
    return fromSynthesized(json, "cdk.tf.json");
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return fromSynthesized({}, "cdk.tf.json");
  }
}

test("configuration of any shape is read without a crash", () => {
  const scope = scopeOfNames();
  const block = fc.dictionary(keys, json, { maxKeys: 4 });
  const blocks = fc.dictionary(
    fc.constantFrom("resource", "data", "locals", "variable", "module", "output", "provider"),
    fc.dictionary(keys, fc.dictionary(keys, block, { maxKeys: 3 }), { maxKeys: 3 }),
    { maxKeys: 4 },
  );
  fc.assert(
    fc.property(json, fc.oneof(json, blocks), (a, b) => {
      const plan = fromPlanConfiguration(a);
      const source = synthesized(b);
      const merged = merge(plan, source);
      for (const resource of [...merged.resources.values(), ...source.resources.values()]) {
        const values = evaluateBody(resource.body, scope, resource.address);
        for (const name of values.keys()) values.get(name);
        instancesOf(resource, scope, resource.address);
        renderPolicyDocument(values, resource.address);
      }
    }),
    { numRuns: 1500 },
  );
});

test("files of any text are read, or refused with one line", () => {
  fc.assert(
    fc.property(noise, fc.string({ unit: "binary" }), json, (text, other, content) => {
      const files = new Map([
        ["main.tf", text],
        ["other.tf", other],
        ["x.tf.json", JSON.stringify(content)],
        ["m_override.tf", text],
        ["terraform.tfvars", text],
        [".terraform/modules/modules.json", JSON.stringify({ Modules: content })],
      ]);
      try {
        fromHcl(files);
        fromArchive(new Map([...files].map(([name, value]) => [`tfconfig/m-/${name}`, value])));
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        expect((error as InputError).message).not.toContain("\n");
      }
    }),
    { numRuns: 1000 },
  );
});

test("symbols of uuid() differ, other unknowns are equal to themselves", () => {
  const twice = hcl('"${uuid()}-${uuid()}"');
  const [first, , second] = twice instanceof Text ? twice.parts : [];
  expect(first instanceof Sym && second instanceof Sym && first.id !== second.id).toBe(true);
  const turns = hcl('[for x in ["a", "b"] : "${bcrypt(x)}."]');
  const ids = Array.isArray(turns)
    ? turns.map((turn: Value) => (turn instanceof Text ? (turn.parts[0] as Sym).id : ""))
    : [];
  expect(new Set(ids).size).toBe(2);
});
