/** Holds rendered policy documents against what the real provider rendered (see fixtures/documents/record.mjs). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Sym, Text, text, Unknown, type Value } from "../../validators/kernel";
import { evaluate, evaluateBody, fromHcl, LazyMap, renderPolicyDocument, type Scope } from "../../validators/source";
import { fixtures } from "./names";
import { useParser } from "./parser";

beforeAll(useParser);

const folder = join(fixtures, "documents");
const recorded = JSON.parse(readFileSync(join(folder, "recorded.json"), "utf8")) as Record<string, string>;
const configuration = fromHcl(new Map([["documents.tf", readFileSync(join(folder, "documents.tf"), "utf8")]]));

const document = (name: string, scope: Scope): Value => {
  const address = `data.aws_iam_policy_document.${name}`;
  const resource = configuration.resources.get(address);
  if (resource === undefined) throw new Error(`no document ${name}`);
  return renderPolicyDocument(evaluateBody(resource.body, scope, address), address);
};

/** The scope of documents.tf, with some locals replaced. */
function scopeWith(replaced: ReadonlyMap<string, Value>): Scope {
  const scope: Scope = {
    lookup: (name) => (name === "local" ? locals : name === "data" ? data : undefined),
  };
  const locals = new LazyMap(
    configuration.locals.keys(),
    (name) => {
      const local = configuration.locals.get(name);
      return replaced.get(name) ?? (local === undefined ? null : evaluate(local, scope, `local.${name}`));
    },
    "local",
  );
  const documents = new LazyMap(
    Object.keys(recorded),
    (name) => new Map([["json", document(name, scope)]]),
    "documents",
  );
  const data = new Map<string, Value>([["aws_iam_policy_document", documents]]);
  return scope;
}

const names = Object.keys(recorded);

test.each(names)("%s is rendered byte by byte", (name) => {
  expect(document(name, scopeWith(new Map()))).toBe(recorded[name]);
});

/** JSON in which the order of lists, which policies don't see, is made equal. */
function normal(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(normal).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, normal(value)]));
}

const known = new Map([
  ["arn", "arn:aws:s3:::demo"],
  ["other", "arn:aws:s3:::other"],
  ["account", "123456789012"],
]);

test.each(names)("%s with symbols for its locals is the same once they are known", (name) => {
  const symbols = new Map([...known.keys()].map((local) => [local, new Text([new Sym(local, "any")])]));
  const rendered = document(name, scopeWith(symbols));
  const parts = rendered instanceof Text ? rendered.parts : [rendered];
  const filled = parts.map((part) => (part instanceof Sym ? (known.get(part.id) ?? part.id) : part)).join("");
  expect(normal(JSON.parse(filled))).toEqual(normal(JSON.parse(recorded[name] ?? "")));
});

const render = (values: readonly (readonly [string, Value])[]): Value =>
  renderPolicyDocument(new Map(values), "data.d");
const unknown = new Unknown("x", "computed-at-apply");
const show = (value: Value): string =>
  value instanceof Text
    ? value.parts.map((part) => (part instanceof Sym ? `<${part.id}>` : part)).join("")
    : String(value);

test("an unknown list of actions is a bare symbol, an unknown action a quoted one", () => {
  const whole = render([["statement", [new Map<string, Value>([["actions", unknown]])]]]);
  expect(show(whole)).toContain('"Action": <x>');
  const one = render([["statement", [new Map<string, Value>([["actions", [unknown, "a"]]])]]]);
  expect(show(one)).toContain('"<x>"');
});

test("an unknown number of statements leaves nothing known", () => {
  expect(render([["statement", unknown]])).toBeInstanceOf(Unknown);
});

test("an unknown override may replace every statement that has a sid, and adds its own", () => {
  const statements = [new Map([["sid", "A"]]), new Map<string, Value>([["actions", ["s3:Get*"]]])];
  const rendered = show(
    render([
      ["statement", statements],
      ["override_policy_documents", [unknown]],
    ]),
  );
  expect(rendered).not.toContain('"A"');
  expect(rendered).toContain('"s3:Get*"');
  expect(rendered.match(/<x>/g)).toHaveLength(2);
});

test("a source document with a hole in it keeps what is around the hole", () => {
  const arn = new Sym("aws_s3_bucket.b.bucket", "bucket-name");
  const source = text(['{"Statement":[{"Sid":"S","Effect":"Deny","Resource":"arn:aws:s3:::', arn, '/*"}]}']);
  expect(show(render([["source_policy_documents", [source]]]))).toContain('"arn:aws:s3:::<aws_s3_bucket.b.bucket>/*"');
});

test("what the provider refuses is not rendered", () => {
  const twice = [new Map([["sid", "A"]]), new Map([["sid", "A"]])];
  expect(render([["statement", twice]])).toBeInstanceOf(Unknown);
  expect(render([["source_policy_documents", ['{"Statement":{}}']]])).toBeInstanceOf(Unknown);
  expect(render([["source_policy_documents", ["no json"]]])).toBeInstanceOf(Unknown);
});
