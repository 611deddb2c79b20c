/** Reads real projects: what plan JSON says of them, their source, both together, and a plan's archive. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, Sym, Text, text, Unknown, type Value } from "../../validators/kernel";
import type { Json } from "../../validators/plan/plan";
import {
  type Expression,
  evaluate,
  evaluateBody,
  fromArchive,
  fromHcl,
  fromPlanConfiguration,
  fromSynthesized,
  instancesOf,
  isParserLoaded,
  LazyMap,
  type Module,
  merge,
  ParserMissing,
  renderPolicyDocument,
  type Scope,
  variableValue,
} from "../../validators/source";
import { fixtures } from "./names";
import { useParser } from "./parser";

const folder = join(fixtures, "projects");
const json = (name: string): Json => JSON.parse(readFileSync(join(folder, name), "utf8")) as Json;

/** All files below a directory, by path relative to it. */
function filesOf(directory: string, before = ""): Map<string, string> {
  const entries = readdirSync(join(directory, before), { withFileTypes: true });
  return new Map(
    entries.flatMap((entry): [string, string][] => {
      const path = before === "" ? entry.name : `${before}/${entry.name}`;
      if (entry.isDirectory()) return [...filesOf(directory, path)];
      return [[path, readFileSync(join(directory, path), "utf8")]];
    }),
  );
}

const nativeFiles = filesOf(join(folder, "native"));
const native = fromHcl(nativeFiles);
const nativePlan = fromPlanConfiguration(json("native.configuration.json"));
const styles = fromSynthesized(json("styles/cdk.tf.json"), "cdk.tf.json");
const stylesPlan = fromPlanConfiguration(json("styles.configuration.json"));

const must = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`no ${what}`);
  return value;
};
const resource = (module: Module, address: string) => must(module.resources.get(address), address);
const argument = (module: Module, address: string, name: string): Expression =>
  must(resource(module, address).body.arguments.get(name), `${address}.${name}`);

const bucket = new Sym("aws_s3_bucket.b.bucket", "bucket-name");
const arn = text(["arn:aws:s3:::", bucket]);

/** A small scope of a module: variables, locals, one bucket, its documents. */
function scopeOf(module: Module, more: ReadonlyMap<string, Value> = new Map()): Scope {
  const variables = new LazyMap(
    module.variables.keys(),
    (name) => variableValue(must(module.variables.get(name), name), undefined, `var.${name}`),
    "var",
  );
  const scope: Scope = {
    lookup: (name) => names.get(name) ?? more.get(name),
    ...(module.files === undefined ? {} : { files: module.files }),
  };
  const locals = new LazyMap(
    module.locals.keys(),
    (name) => evaluate(must(module.locals.get(name), name), scope, `local.${name}`),
    "local",
  );
  const b = new Map<string, Value>([
    ["arn", arn],
    ["id", text([bucket])],
  ]);
  const names = new Map<string, Value>([
    ["var", variables],
    ["local", locals],
    [
      "aws_s3_bucket",
      new Map([
        ["b", b],
        ["this", b],
      ]),
    ],
    ["path", new Map([["module", module.directory ?? "."]])],
  ]);
  return scope;
}

const show = (value: Value): string =>
  value instanceof Text
    ? value.parts.map((part) => (part instanceof Sym ? `<${part.id}>` : part)).join("")
    : String(value);

describe("without the parser", () => {
  test("plain references need none, anything else asks for it", () => {
    expect(isParserLoaded()).toBe(false);
    const policy = evaluate(
      argument(stylesPlan, "aws_s3_bucket_policy.stringified", "policy"),
      scopeOf(styles),
      "p.policy",
    );
    expect(JSON.parse(show(policy))).toMatchObject({
      Statement: [{ Resource: "arn:aws:s3:::<aws_s3_bucket.b.bucket>/${aws:username}/*" }],
    });
    const encoded = argument(stylesPlan, "aws_s3_bucket_policy.encoded", "policy");
    expect(() => evaluate(encoded, scopeOf(styles), "p.policy")).toThrow(ParserMissing);
  });
});

describe("with the parser", () => {
  beforeAll(useParser);

  test.each([
    ["plan", stylesPlan],
    ["source", styles],
    ["both", merge(stylesPlan, styles)],
  ])("the policy styles of CDKTF, from %s", (_name, module) => {
    const scope = scopeOf(styles);
    const policy = (name: string): Value =>
      evaluate(
        argument(module, `aws_s3_bucket_policy.${name}`, "policy"),
        scope,
        `aws_s3_bucket_policy.${name}.policy`,
      );
    expect(JSON.parse(show(policy("encoded")))).toMatchObject({
      Statement: [{ Resource: ["arn:aws:s3:::<aws_s3_bucket.b.bucket>", "arn:aws:s3:::<aws_s3_bucket.b.bucket>/*"] }],
    });
    expect(JSON.parse(show(policy("stringified")))).toMatchObject({
      Statement: [{ Resource: "arn:aws:s3:::<aws_s3_bucket.b.bucket>/${aws:username}/*" }],
    });
    expect(JSON.parse(show(policy("account")))).toMatchObject({
      Statement: [{ Principal: { AWS: "arn:aws:iam::123456789012:root" } }],
    });
    expect(policy("document")).toBeInstanceOf(Unknown);
  });

  test("a document of CDKTF has its dynamic statements from the source only, and the plan says that it may lack some", () => {
    const address = "data.aws_iam_policy_document.doc";
    const statements = (module: Module): number => {
      const { body } = resource(module, address);
      const rendered = renderPolicyDocument(evaluateBody(body, scopeOf(styles), address), address);
      return (JSON.parse(show(rendered)) as { Statement: unknown[] }).Statement.length;
    };
    expect(resource(stylesPlan, address).body.complete).toBe(false);
    expect(statements(stylesPlan)).toBe(1);
    expect(resource(styles, address).body.complete).toBe(true);
    expect(statements(styles)).toBe(3);
    expect(statements(merge(stylesPlan, styles))).toBe(3);
  });

  test("what synthesized JSON says beside expressions", () => {
    expect(resource(styles, "aws_s3_bucket.b")).toMatchObject({
      construct: "styles/logs/bucket",
      provider: "aws",
      lifecycle: { ignoreChanges: ["tags"] },
      position: { file: "cdk.tf.json" },
    });
    expect(resource(styles, "aws_s3_bucket.each").provider).toBe("aws.west");
    expect([...styles.providers.keys()]).toEqual(["aws", "aws.west"]);
    expect(styles.outputs.get("o")?.sensitive).toBe(true);
    const literal = must(styles.variables.get("literal"), "literal");
    expect(variableValue(literal, undefined, "var.literal")).toBe("${not.a.template}");
    expect([...resource(styles, "aws_s3_bucket.each").body.arguments.keys()]).toEqual(["bucket_prefix"]);
  });

  test("instances of for_each and count", () => {
    const each = instancesOf(resource(stylesPlan, "aws_s3_bucket.each"), scopeOf(styles), "aws_s3_bucket.each");
    expect(each.kind === "each" && [...each.each]).toEqual([
      ["one", "one"],
      ["two", "two"],
    ]);
    const stores = instancesOf(must(native.calls.get("stores"), "stores"), scopeOf(native), "module.stores");
    expect(stores.kind === "each" && [...stores.each.keys()]).toEqual(["one", "two"]);
    expect(instancesOf(resource(native, "aws_s3_bucket_policy.p"), scopeOf(native), "p")).toEqual({
      kind: "count",
      count: 1,
    });
    expect(instancesOf(resource(native, "aws_s3_bucket.b"), scopeOf(native), "b")).toEqual({ kind: "one" });
    const references = { forEach: { kind: "references", references: ["var.x"] } } as const;
    expect(instancesOf(references, scopeOf(native), "r").kind).toBe("unknown");
  });

  test("native files: overrides, variables from files, positions, lifecycles, providers, refactorings", () => {
    expect(resource(native, "aws_s3_bucket.b").position).toEqual({ file: "main.tf", line: 41 });
    expect([...resource(native, "aws_s3_bucket.b").body.arguments.keys()]).toEqual(["bucket_prefix", "force_destroy"]);
    expect(resource(native, "aws_s3_bucket.b").lifecycle.ignoreChanges).toEqual(["tags", "bucket_prefix"]);
    expect(argument(native, "aws_s3_bucket_policy.p", "policy")).toMatchObject({
      position: { file: "main.tf", line: 52 },
    });
    const variables = scopeOf(native).lookup("var");
    expect(isMap(variables) && variables.get("account")).toBe("123456789012");
    expect(isMap(variables) && variables.get("stores")).toEqual(
      new Map([
        ["one", new Map([["tls", true]])],
        ["two", new Map([["tls", false]])],
      ]),
    );
    expect([...native.providers.keys()]).toEqual(["aws", "aws.west"]);
    expect(native.calls.get("stores")?.providers).toEqual(new Map([["aws", "aws.west"]]));
    expect(native.refactorings).toMatchObject([
      { kind: "moved", from: "aws_s3_bucket.old", to: "aws_s3_bucket.b" },
      { kind: "removed", from: "aws_s3_bucket.gone", destroys: false },
    ]);
    expect(native.directory).toBe(".");
  });

  test("native child modules by local path, with path.module and template files", () => {
    const store = must(native.calls.get("stores")?.module, "store");
    expect(store.directory).toBe("modules/store");
    expect(store.calls.get("deep")?.module?.directory).toBe("modules/deep");
    expect(resource(store, "aws_s3_bucket.this").position).toEqual({ file: "modules/store/main.tf", line: 18 });
    const scope = scopeOf({ ...store, files: nativeFiles });
    const policy = evaluate(argument(store, "aws_s3_bucket_policy.this", "policy"), scope, "p.policy");
    expect(JSON.parse(show(policy))).toMatchObject({
      Statement: [
        { Action: "s3:GetObject", Resource: "arn:aws:s3:::<aws_s3_bucket.b.bucket>/*" },
        { Action: "s3:PutObject" },
      ],
    });
    const without = evaluate(argument(store, "aws_s3_bucket_policy.this", "policy"), scopeOf(store), "p.policy");
    expect(without).toMatchObject({
      because: "unresolved-expression",
      expression: expect.stringContaining("templatefile"),
    });
  });

  test("plan JSON of native configuration has references, and the source fills them in", () => {
    expect(argument(nativePlan, "aws_s3_bucket_policy.p", "policy")).toEqual({
      kind: "references",
      references: ["aws_s3_bucket.b.arn", "aws_s3_bucket.b"],
    });
    const merged = merge(nativePlan, native);
    const policy = evaluate(argument(merged, "aws_s3_bucket_policy.p", "policy"), scopeOf(merged), "p.policy");
    expect(JSON.parse(show(policy))).toMatchObject({
      Statement: [{ Resource: "arn:aws:s3:::<aws_s3_bucket.b.bucket>/*" }],
    });
    const document = resource(merged, "data.aws_iam_policy_document.d");
    const rendered = renderPolicyDocument(evaluateBody(document.body, scopeOf(merged), "d"), "d");
    expect(JSON.parse(show(rendered))).toMatchObject({
      Statement: [
        { Sid: "Static", Resource: "arn:aws:s3:::<aws_s3_bucket.b.bucket>/${aws:username}/*" },
        { Sid: "Dynamica", Action: "s3:Lista" },
        { Sid: "Dynamicb" },
      ],
    });
    const child = must(merged.calls.get("stores")?.module, "store");
    expect(resource(child, "aws_s3_bucket.this").provider).toBe("aws.west");
    expect(argument(child, "aws_s3_bucket.this", "bucket")).toMatchObject({ kind: "hcl", text: "var.name" });
  });

  test("the archive of a saved plan, where modules lie by their keys", () => {
    const directories: [string, string, string][] = [
      ["", "", "."],
      ["stores", "modules/store/", "modules/store"],
      ["stores.deep", "modules/deep/", "modules/deep"],
    ];
    const entries = new Map<string, string>([
      ["tfplan", "binary"],
      ["tfconfig/modules.json", JSON.stringify(directories.map(([Key, , Dir]) => ({ Key, Dir })))],
    ]);
    for (const [key, prefix] of directories) {
      for (const [path, content] of nativeFiles) {
        const name = path.slice(prefix.length);
        if (path.startsWith(prefix) && !name.includes("/")) entries.set(`tfconfig/m-${key}/${name}`, content);
      }
    }
    const module = must(fromArchive(entries), "module");
    expect(resource(module, "aws_s3_bucket.b").position).toEqual({ file: "main.tf", line: 41 });
    const store = must(module.calls.get("stores")?.module, "store");
    expect(store.directory).toBe("modules/store");
    expect(resource(store, "aws_s3_bucket.this").position?.file).toBe("modules/store/main.tf");
    expect(store.calls.get("deep")?.module?.outputs.has("value")).toBe(true);
    expect(fromArchive(new Map([["tfplan", "x"]]))).toBeUndefined();
  });
});

describe("a source that isn't the plan's", () => {
  const planned = (expressions: Json): Module =>
    fromPlanConfiguration({ root_module: { resources: [{ mode: "managed", type: "t", name: "n", expressions }] } });
  const source = (body: string): Module =>
    fromHcl(new Map([["main.tf", `resource "t" "n" {\n${body}\n}\nresource "t" "new" {}`]]));

  test("says nothing about what exists", () => {
    expect([...merge(planned({}), source("a = 1")).resources.keys()]).toEqual(["t.n"]);
  });

  test("is not believed where it mentions something else", () => {
    const plan = planned({ a: { references: ["var.x"] } });
    expect(argument(merge(plan, source("a = var.x")), "t.n", "a").kind).toBe("hcl");
    expect(argument(merge(plan, source("a = var.y")), "t.n", "a").kind).toBe("references");
    expect(argument(merge(plan, source("a = jsonencode(var . x)")), "t.n", "a").kind).toBe("hcl");
  });

  test("is not believed over a constant or a template of the plan", () => {
    const constants = merge(
      planned({ a: { constant_value: "${x}" }, b: { references: ["var.z"] } }),
      source('a = "y"'),
    );
    expect(argument(constants, "t.n", "a")).toEqual({ kind: "constant", value: "${x}" });
    const templates = merge(planned({ a: { constant_value: "${var.a}", references: ["var.a"] } }), source('a = "y"'));
    expect(argument(templates, "t.n", "a")).toMatchObject({ kind: "json", value: "${var.a}" });
  });

  test("a constant of a configuration of unclear syntax is a template unless it only holds IAM's variables", () => {
    const plan = planned({ a: { constant_value: "${aws:username}/${*}" }, b: { constant_value: '${toset(["x"])}' } });
    expect(argument(plan, "t.n", "a").kind).toBe("constant");
    expect(argument(plan, "t.n", "b").kind).toBe("json");
  });
});

describe("native syntax", () => {
  const refused: [string, string][] = [
    ['resource "a" "b" {', "line 1"],
    ['resource "a" "b" {}\n}', "line 2"],
    ["locals {\n  a = \n}", "line 2"],
    ['locals {\n  a = "x\n}', "line"],
    ["locals {\n  a = [1\n}", "line"],
    ["resource 5 {}", "line 1"],
    ["=", "line 1"],
  ];

  test.each(refused)("%j is refused with its line", (content, where) => {
    expect(() => fromHcl(new Map([["main.tf", content]]))).toThrow(where);
  });

  test("comments, heredocs, strings and one-line blocks with braces in them", () => {
    const module = fromHcl(
      new Map([
        [
          "main.tf",
          `/* { */ # }
// {
locals { one = "}" }
locals {
  two = <<-EOT
    }
    \${upper("}")}
    EOT
  three = { a = "{" } // }
  four  = [
    1, # ]
    2 /* ] */
  ]
  five = 6 / 2 # a division
}
variable "x" {}
`,
        ],
      ]),
    );
    expect(
      [...module.locals].map(([name, expression]) => [name, expression.kind === "hcl" && expression.position?.line]),
    ).toEqual([
      ["one", 3],
      ["two", 5],
      ["three", 9],
      ["four", 10],
      ["five", 14],
    ]);
    expect(module.variables.has("x")).toBe(true);
    expect(evaluate(must(module.locals.get("five"), "five"), scopeOf(module), "local.five")).toBe(3);
    expect(evaluate(must(module.locals.get("four"), "four"), scopeOf(module), "local.four")).toEqual([1, 2]);
    expect(evaluate(must(module.locals.get("two"), "two"), scopeOf(module), "local.two")).toBe("}\n}\n");
  });

  test("JSON files beside native ones, and both shapes of JSON blocks", () => {
    const module = fromHcl(
      new Map([
        ["main.tf", 'resource "t" "a" {}'],
        [
          "more.tf.json",
          '{"resource": [{"t": {"b": [{"x": 1}]}}, {"t": [{"c": {"x": 2}}]}], "locals": [{"p": 1}, {"q": 2}]}',
        ],
        ["notes.txt", "{"],
        ["sub/other.tf", "= broken"],
      ]),
    );
    expect([...module.resources.keys()]).toEqual(["t.a", "t.b", "t.c"]);
    expect([...module.locals.keys()]).toEqual(["p", "q"]);
    expect(() => fromHcl(new Map([["main.tf.json", "{"]]))).toThrow("`main.tf.json`");
  });

  test("modules from a registry by Terraform's list of modules", () => {
    const module = fromHcl(
      new Map([
        ["main.tf", 'module "m" {\n  source = "acme/store/aws"\n}\nmodule "n" {\n  source = "acme/other/aws"\n}'],
        [
          ".terraform/modules/modules.json",
          '{"Modules":[{"Key":"","Dir":"."},{"Key":"m","Dir":".terraform/modules/m"}]}',
        ],
        [".terraform/modules/m/main.tf", 'output "x" {\n  value = 1\n}'],
      ]),
    );
    expect(module.calls.get("m")?.module?.outputs.has("x")).toBe(true);
    expect(module.calls.get("m")?.module?.directory).toBe(".terraform/modules/m");
    expect(module.calls.get("n")?.module).toBeUndefined();
  });

  test("modules without end are refused: what is left out could hold anything", () => {
    const calling = (...sources: string[]) =>
      sources.map((source, i) => `module "m${i}" {\n  source = "${source}"\n}\n`).join("");
    expect(() => fromHcl(new Map([["main.tf", calling("./")]]))).toThrow(/deeper than 100 levels/);
    const doubling = Array.from({ length: 40 }, (_, i): [string, string] => [
      `m${i}/main.tf`,
      calling(`../m${i + 1}`, `../m${i + 1}`),
    ]);
    expect(() => fromHcl(new Map([["main.tf", calling("./m0")], ...doubling]))).toThrow(/more than 10000 modules/);
  });

  test("modules fifty deep are read", () => {
    const chain = Array.from({ length: 50 }, (_, i): [string, string] => [
      `m${i}/main.tf`,
      i < 49 ? `module "m" {\n  source = "../m${i + 1}"\n}` : 'resource "aws_s3_bucket" "b" {}',
    ]);
    let module = fromHcl(new Map([["main.tf", 'module "m" {\n  source = "./m0"\n}'], ...chain]));
    for (let deep = 0; deep < 50; deep++) module = module.calls.get("m")?.module ?? module;
    expect(module.resources.has("aws_s3_bucket.b")).toBe(true);
  });
});
