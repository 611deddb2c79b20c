/** Turns fixtures/names.tf into the scope that recorded expressions see, with some of its values masked. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Sym, type SymbolKind, Text, Unknown, type Value } from "../../validators/kernel";
import { evaluate, fromHcl, LazyMap, type Scope, variableValue } from "../../validators/source";

/** The folder of recorded fixtures. */
export const fixtures = join(__dirname, "fixtures");

/** Each recorded expression with what the real Terraform made of it: JSON text, or `refused`. */
export const recorded: ReadonlyMap<string, string> = new Map(
  Object.entries(JSON.parse(readFileSync(join(fixtures, "recorded.json"), "utf8")) as Record<string, string>),
);

/** What Terraform refuses by the static types of its values, which ours don't carry. */
export const knownThoughRefused = new Set<string>([
  "var.empty_list[*].id",
  'true ? {Effect="Deny",Resource=["a"]} : {}',
  'true ? {Effect="Deny",Resource=["a"]} : {Effect="Deny"}',
  'true ? [{Effect="Deny",R=["a"]}] : [{Effect="Deny"}]',
  'true ? [{Effect="Deny",R=["a"]},{Effect="Deny",R="a"}] : []',
  'true ? [{Effect="Deny",R=["a"]},{Effect="Deny",N="x"}] : []',
]);

/** What a name is replaced by, and how deep: the value itself, or each text in it. */
export type Mask = (path: string, value: Value) => Value;

const same: Mask = (_path, value) => value;

/** Makes every text of the value at a path a symbol. */
export const symbolAt =
  (masked: string, kind: SymbolKind): Mask =>
  (path, value) =>
    path === masked && typeof value === "string" ? new Text([new Sym(path, kind)]) : value;

/** Makes the value at a path unknown altogether. */
export const unknownAt =
  (masked: string): Mask =>
  (path, value) =>
    path === masked ? new Unknown(`unknown ${path}`, "computed-at-apply") : value;

const named = fromHcl(new Map([["names.tf", readFileSync(join(fixtures, "names.tf"), "utf8")]]));

/** The paths of all names: `var.tags`, `local.list`. */
export const paths = [
  ...[...named.variables.keys()].map((name) => `var.${name}`),
  ...[...named.locals.keys()].map((name) => `local.${name}`),
];

/** The scope of names.tf. */
export function scopeOfNames(mask: Mask = same): Scope {
  const variables = new LazyMap(
    named.variables.keys(),
    (name) => {
      const variable = named.variables.get(name);
      const value = variable === undefined ? null : variableValue(variable, undefined, `var.${name}`);
      return masked(`var.${name}`, value, mask);
    },
    "var",
  );
  const scope: Scope = {
    lookup: (name) => (name === "var" ? variables : name === "local" ? locals : undefined),
  };
  const locals = new LazyMap(
    named.locals.keys(),
    (name) => {
      const local = named.locals.get(name);
      return masked(`local.${name}`, local === undefined ? null : evaluate(local, scope, `local.${name}`), mask);
    },
    "local",
  );
  return scope;
}

/** Masks a value and what is inside plain lists and objects; sets stay as they are, since they know that they are sets. */
function masked(path: string, value: Value, mask: Mask): Value {
  const whole = mask(path, value);
  if (whole !== value || path.startsWith("var.names")) return whole;
  if (Array.isArray(value)) {
    const items = (value as readonly Value[]).map((item, i) => masked(`${path}[${i}]`, item, mask));
    return items.every((item, i) => item === (value as readonly Value[])[i]) ? value : items;
  }
  if (value instanceof Map) {
    const map = value as ReadonlyMap<string, Value>;
    const members = [...map].map(([key, item]) => [key, masked(`${path}.${key}`, item, mask)] as const);
    // what is whole remembers its type
    return members.every(([key, item]) => item === map.get(key)) ? value : new Map(members);
  }
  return whole;
}

/** What ours makes of an expression, in the frame in which it was recorded. */
export const inFrame = (expression: string, scope: Scope): Value =>
  evaluate({ kind: "hcl", text: `try(jsonencode(nonsensitive(\n${expression}\n)), "refused")` }, scope, "here");
