/** Turns the arguments of an `aws_iam_policy_document` into the JSON text that the provider renders. */
import { isList, isMap, isText, Text, text, Unknown, type Value, type ValueMap } from "../kernel/index";
import { decodeJson, encodeIndented } from "./functions/json";
import { onceEach } from "./settled";
import { distinct, symbolOf, toText } from "./values/convert";
import { compareStrings } from "./values/order";
import { Failed, TooComplex, Undecided } from "./values/outcome";

/** Nested blocks of one type as a list of maps, whichever way they were written; `Unknown` where their number is. */
export function blocksOf(value: Value | undefined): readonly (ValueMap | Unknown)[] | Unknown {
  if (value === undefined || value === null) return [];
  if (value instanceof Unknown) return value;
  if (isMap(value)) return [value];
  const misread = new Unknown("block", "unresolved-expression");
  if (!isList(value)) return misread;
  return value.map((item) => (isMap(item) || item instanceof Unknown ? item : misread));
}

/** A statement on its way: members in the provider's order; or one of which nothing is known. */
type Statement = ValueMap | Unknown;

interface Document {
  readonly version: Value;
  readonly id: Value;
  readonly statements: readonly Statement[];
}

/**
 * The document's `json`, as hashicorp/aws renders it (its `policy_document_data_source.go` and `policy_model.go`).
 * `values` are the arguments: `statement` a list of maps, `source_policy_documents` resolved by the scope, and so on.
 * `where` is the data source's absolute address. An unknown part is a symbol: in quotes where it is text, else bare.
 */
export function renderPolicyDocument(values: ValueMap, where: string): string | Text | Unknown {
  try {
    return render(values, where);
  } catch (error) {
    if (error instanceof Failed) return new Unknown(`${where}.json`, "unresolved-expression");
    if (error instanceof Undecided) return new Unknown(`${where}.json`, error.because);
    if (error instanceof TooComplex) return new Unknown(`${where}.json`, "too-complex");
    throw error;
  }
}

function render(values: ValueMap, where: string): string | Text | Unknown {
  let merged: Document = { version: null, id: null, statements: [] };
  const sources = documents(values.get("source_policy_documents") ?? null, `${where}.source_policy_documents`);
  const sids = new Set<string>();
  for (const source of sources) {
    if (!(source instanceof Unknown)) refuseRepeated(source, sids);
    merged = combined(merged, source);
  }
  const own = ownDocument(values, where);
  refuseRepeated(own, new Set());
  merged = combined(merged, own);
  for (const override of documents(
    values.get("override_policy_documents") ?? null,
    `${where}.override_policy_documents`,
  )) {
    merged = combined(merged, override);
  }
  const members: [string, Value][] = [["Version", merged.version]];
  if (merged.id !== null) members.push(["Id", merged.id]);
  if (merged.statements.length > 0) members.push(["Statement", merged.statements]);
  return encodeIndented(new Map(members));
}

/** The JSON documents of a list, null ones left out. An unknown list is one unknown document. */
function documents(value: Value, path: string): readonly (Document | Unknown)[] {
  if (value === null) return [];
  if (value instanceof Unknown) return [value];
  if (!isList(value)) throw new Failed("expected a list of documents");
  return value.flatMap((item, i) => {
    if (item === null || item === "") return []; // the provider leaves out empty text as well
    if (item instanceof Unknown) return [item];
    return [parsed(item, `${path}[${i}]`)];
  });
}

function parsed(item: Value, path: string): Document | Unknown {
  try {
    const json = decodeJson(toText(item));
    if (json instanceof Unknown) return json;
    if (!isMap(json)) throw new Failed("expected a policy document");
    return parsedDocument(json, path);
  } catch (error) {
    if (error instanceof Undecided) return new Unknown(path, error.because);
    throw error;
  }
}

/** Go reads members by name in any case; the later of two wins. */
function field(json: ValueMap, name: string): Value {
  let found: Value = null;
  for (const [key, value] of json) if (key.toLowerCase() === name.toLowerCase()) found = value;
  return found;
}

function parsedDocument(json: ValueMap, path: string): Document | Unknown {
  const statements = field(json, "Statement");
  if (statements instanceof Unknown) return statements;
  if (statements !== null && !isList(statements)) throw new Failed("expected a list of statements");
  return {
    version: presentText(field(json, "Version")),
    id: presentText(field(json, "Id")),
    statements: (statements ?? []).map((statement, i) => {
      if (statement instanceof Unknown) return statement;
      if (!isMap(statement)) throw new Failed("expected a statement");
      return parsedStatement(statement, `${path}.Statement[${i}]`);
    }),
  };
}

const presentText = (value: Value): Value => (value === "" ? null : asText(value));

function parsedStatement(json: ValueMap, path: string): Statement {
  return statement([
    ["Sid", presentText(field(json, "Sid"))],
    ["Effect", presentText(field(json, "Effect"))],
    ["Action", field(json, "Action")],
    ["NotAction", field(json, "NotAction")],
    ["Resource", field(json, "Resource")],
    ["NotResource", field(json, "NotResource")],
    ["Principal", parsedPrincipal(field(json, "Principal"))],
    ["NotPrincipal", parsedPrincipal(field(json, "NotPrincipal"))],
    ["Condition", parsedConditions(field(json, "Condition"), path)],
  ]);
}

const statement = (members: readonly (readonly [string, Value])[]): ValueMap =>
  new Map(members.filter(([, value]) => value !== null));

/** A principal that is text is everyone, whatever it says; lists come back sorted, last first. */
function parsedPrincipal(json: Value): Value {
  if (json === null || json instanceof Unknown) return json;
  if (isText(json)) return "*";
  if (!isMap(json)) throw new Failed("expected principals");
  const principals = [...json].map(([type, ids]): Principal => {
    if (ids instanceof Unknown) return { type, ids };
    if (isList(ids)) return { type, ids: ids.map(asText) };
    return { type, ids: toText(ids) };
  });
  return renderPrincipals(principals);
}

/** Conditions of a document: booleans become text; numbers are lost, as in the provider. */
function parsedConditions(json: Value, path: string): Value {
  if (json === null || json instanceof Unknown) return json;
  if (!isMap(json)) throw new Failed("expected conditions");
  const conditions: Condition[] = [];
  for (const [test, keys] of json) {
    if (keys instanceof Unknown) return keys;
    if (!isMap(keys)) throw new Failed("expected condition keys");
    for (const [variable, values] of keys) {
      if (typeof values === "number" || values === null) continue;
      if (values instanceof Unknown) conditions.push({ test, variable, values });
      else if (isList(values)) conditions.push({ test, variable, values: values.map(conditionText) });
      else if (isMap(values)) throw new Undecided();
      else conditions.push({ test, variable, values: [toText(values)] });
    }
  }
  return renderConditions(conditions, path);
}

function conditionText(value: Value): Value {
  if (!isText(value) && !(value instanceof Unknown)) throw new Failed("expected text");
  return asText(value);
}

/** Statements of one document must not share a sid: the provider refuses them. */
function refuseRepeated(document: Document, sids: Set<string>): void {
  for (const item of document.statements) {
    const sid = item instanceof Unknown ? undefined : item.get("Sid");
    if (typeof sid !== "string") continue;
    if (sids.has(sid)) throw new Failed("two statements with one sid");
    sids.add(sid);
  }
}

/** Later documents replace statements by sid, raise the version and set the id. */
function combined(document: Document, next: Document | Unknown): Document {
  if (next instanceof Unknown) {
    // it may replace any statement that has a sid, and brings an unknown number of its own
    const kept = document.statements.map((item) => (item instanceof Unknown || item.has("Sid") ? next : item));
    return {
      version: laterVersion(document.version, symbolic(next, "Version")),
      id: document.id,
      statements: [...kept, next],
    };
  }
  const statements = [...document.statements];
  for (const item of next.statements) {
    const sid = item instanceof Unknown ? item : (item.get("Sid") ?? null);
    const at = sid === null ? -1 : placeOf(sid, statements);
    if (at < 0) statements.push(item);
    else statements[at] = item;
  }
  return { version: laterVersion(document.version, next.version), id: next.id ?? document.id, statements };
}

/** Where the statement with this sid stands; undecided where sids that aren't known could be equal. */
function placeOf(sid: Value, statements: readonly Statement[]): number {
  for (const [at, other] of statements.entries()) {
    const known = other instanceof Unknown ? other : (other.get("Sid") ?? null);
    if (known === null) continue;
    if (typeof known !== "string" || typeof sid !== "string") {
      // an unknown statement has been replaced by whatever it is replaced by: it stays unknown
      if (other instanceof Unknown && typeof sid === "string") continue;
      throw new Undecided();
    }
    if (known === sid) return at;
  }
  return -1;
}

function laterVersion(a: Value, b: Value): Value {
  if (a === null || b === null) return a ?? b;
  // there is no later one
  if (a === "2012-10-17" || b === "2012-10-17") return "2012-10-17";
  if (typeof a !== "string") return a;
  if (typeof b !== "string") return b;
  return compareStrings(b, a) > 0 ? b : a;
}

const symbolic = (unknown: Unknown, member: string): Text =>
  new Text([symbolOf(new Unknown(`${unknown.value}.${member}`, unknown.because, unknown.expression))]);

/** The document that the arguments themselves describe. */
function ownDocument(values: ValueMap, where: string): Document {
  const blocks = blocksOf(values.get("statement"));
  if (blocks instanceof Unknown) throw new Undecided(blocks.because);
  const version = asText(values.get("version") ?? null) ?? "2012-10-17";
  return {
    version,
    id: presentText(values.get("policy_id") ?? null),
    statements: blocks.map((block, i) =>
      block instanceof Unknown ? block : ownStatement(block, `${where}.statement[${i}]`),
    ),
  };
}

function ownStatement(block: ValueMap, path: string): Statement {
  const get = (name: string): Value => block.get(name) ?? null;
  return statement([
    ["Sid", presentText(get("sid"))],
    ["Effect", asText(get("effect")) ?? "Allow"],
    ["Action", textSet(get("actions"))],
    ["NotAction", textSet(get("not_actions"))],
    ["Resource", withVariables(textSet(get("resources")))],
    ["NotResource", withVariables(textSet(get("not_resources")))],
    ["Principal", ownPrincipals(get("principals"))],
    ["NotPrincipal", ownPrincipals(get("not_principals"))],
    ["Condition", ownConditions(get("condition"), path)],
  ]);
}

/** Text of an argument: what is unknown is text all the same. */
function asText(value: Value): Value {
  if (value === null) return null;
  return value instanceof Unknown ? new Text([symbolOf(value)]) : toText(value);
}

/** A set of text as the provider decodes it: one element is that text, more are sorted, last first. */
const textSet = onceEach((value) => {
  if (value === null || value instanceof Unknown) return value;
  const items = isList(value) ? value : [value];
  if (items.includes(null)) throw new Failed("expected text, found null");
  const texts = distinct(items.map(asText));
  const [first] = texts;
  if (first === undefined) return null;
  return texts.length === 1 ? first : lastFirst(texts);
});

/** Sorted, last first; symbolic text as it is shown. */
const lastFirst = (texts: readonly Value[]): readonly Value[] =>
  [...texts].sort((a, b) => compareStrings(sortKey(b), sortKey(a)));

const sortKey = (value: Value): string =>
  value instanceof Text
    ? value.parts.map((part) => (typeof part === "string" ? part : `\${${part.id}}`)).join("")
    : String(value);

/** `&{aws:username}` stands for the IAM variable `${aws:username}`, which Terraform would take for its own. */
function withVariables(value: Value): Value {
  if (typeof value === "string") return value.replaceAll("&{", "${");
  if (value instanceof Text) {
    return text(value.parts.map((part) => (typeof part === "string" ? part.replaceAll("&{", "${") : part)));
  }
  return isList(value) ? value.map(withVariables) : value;
}

interface Principal {
  readonly type: string;
  /** One text, or a list of texts. */
  readonly ids: Value;
}

const ownPrincipals = onceEach((value) => {
  const blocks = blocksOf(value);
  if (blocks instanceof Unknown) return blocks;
  const principals: Principal[] = [];
  for (const block of blocks) {
    if (block instanceof Unknown) return block;
    const type = block.get("type") ?? null;
    if (typeof type !== "string") return type instanceof Unknown ? type : unknownOf(asText(type));
    principals.push({ type, ids: withVariables(textSet(block.get("identifiers") ?? null) ?? []) });
  }
  return renderPrincipals(principals);
});

/** What stands for a whole element whose inner name isn't known. */
function unknownOf(value: Value): Unknown {
  if (value instanceof Text)
    for (const part of value.parts) if (typeof part !== "string") return new Unknown(part.id, part.because);
  return new Unknown("principals", "unresolved-expression");
}

/** Principals of one type are joined; only `{"*": "*"}` alone is `"*"`. */
function renderPrincipals(principals: readonly Principal[]): Value {
  const [only] = principals;
  if (only === undefined) return null;
  if (principals.length === 1 && only.type === "*" && (only.ids === "*" || isOnlyStar(only.ids))) return "*";
  const found = new Map<string, Value>();
  for (const { type, ids } of principals) {
    const before = found.get(type);
    if (ids instanceof Unknown || before instanceof Unknown) found.set(type, before instanceof Unknown ? before : ids);
    else if (isList(ids)) found.set(type, [...asList(before), ...lastFirst(ids)]);
    else found.set(type, before === undefined ? ids : [...asList(before), ids]);
  }
  return new Map([...found].sort(([a], [b]) => compareStrings(a, b)));
}

const isOnlyStar = (ids: Value): boolean => isList(ids) && ids.length === 1 && ids[0] === "*";

function asList(value: Value | undefined): readonly Value[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

interface Condition {
  readonly test: string;
  readonly variable: string;
  readonly values: Value;
}

const ownConditions = onceEach((value, path: string) => {
  const blocks = blocksOf(value);
  if (blocks instanceof Unknown) return blocks;
  const conditions: Condition[] = [];
  for (const block of blocks) {
    if (block instanceof Unknown) return block;
    const [test, variable] = [block.get("test") ?? null, block.get("variable") ?? null];
    if (typeof test !== "string" || typeof variable !== "string") {
      return new Unknown(`${path}.condition`, "computed-at-apply");
    }
    const values = block.get("values") ?? null;
    conditions.push({
      test,
      variable,
      values: values instanceof Unknown ? values : withVariables(conditionValues(values)),
    });
  }
  return renderConditions(conditions, path);
});

/** The provider keeps empty text in lists of values, and takes null for it. */
const conditionValues = (values: Value): Value =>
  (isList(values) ? values : values === null ? [] : [values]).map((item) => asText(item) ?? "");

/** Conditions nest by test and key; values of the same are joined; one value alone is unwrapped. */
function renderConditions(conditions: readonly Condition[], path: string): Value {
  if (conditions.length === 0) return null;
  const tests = new Map<string, Map<string, Value>>();
  for (const { test, variable, values } of conditions) {
    const keys = tests.get(test) ?? new Map<string, Value>();
    const before = keys.get(variable);
    tests.set(test, keys);
    if (before instanceof Unknown) continue;
    if (values instanceof Unknown)
      keys.set(variable, before === undefined ? values : new Unknown(`${path}.condition`, values.because));
    else keys.set(variable, [...asList(before), ...asList(values)]);
  }
  const unwrapped = [...tests].map(([test, keys]): [string, Value] => [
    test,
    new Map(
      [...keys]
        .sort(byKey)
        .map(([key, values]) => [key, isList(values) && values.length === 1 ? (values[0] ?? null) : values]),
    ),
  ]);
  return new Map(unwrapped.sort(byKey));
}

const byKey = ([a]: readonly [string, Value], [b]: readonly [string, Value]): number => compareStrings(a, b);
