/** Turns sensitivity masks into the texts that no report may show. */
import { isList, isMap, Text, type Value } from "../kernel/value";
import { isObject, type Json, member, type Plan } from "../plan/index";
import { type Expression, type Module, modulesIn } from "../source/index";
import type { Instance } from "./shape";

/** Leaves inside sensitive JSON that are words of policies and of every plan, not secrets. */
const WORDS =
  /^(\d{4}-\d{2}-\d{2}|Allow|Deny|true|false|null|\*|[a-z0-9-]+:[A-Za-z*?]+|aws:kms(:dsse)?|AES256|AWS|Service|Federated|arn:[\w-]*:[\w-]*:[\w-]*:\d*:)$/;

/** Shortest text that is kept: shorter ones stand in every report by chance. */
const SHORTEST = 4;

/** Whether an attribute of an instance is sensitive, in whole or in part: as Terraform marks it, or by what it is made of. */
export const isSensitive = (instance: Instance, name: string): boolean =>
  instance.module.world.sensitivity.has(instance, name);

/**
 * Every sensitive text of a plan, and of the variables that its configuration calls sensitive. `evaluate` gives the value of
 * an expression in code.
 */
export function secretsOf(
  plan: Plan | undefined,
  root: Module | undefined,
  evaluate: (expression: Expression) => Value,
): ReadonlySet<string> {
  const secrets = new Set<string>();
  for (const change of [...(plan?.changes ?? []), ...(plan?.drift ?? [])]) {
    collect(change.after, change.afterSensitive, secrets);
    collect(change.before, change.beforeSensitive, secrets);
  }
  for (const resource of [...(plan?.prior ?? []), ...(plan?.planned ?? [])])
    collect(resource.values, resource.sensitive, secrets);
  for (const variable of root?.variables.values() ?? []) {
    if (!variable.sensitive && !variable.ephemeral) continue;
    collect(plan?.variables.get(variable.name) ?? null, true, secrets);
  }
  for (const module of modulesIn(root))
    for (const variable of module.variables.values())
      if (variable.sensitive || variable.ephemeral)
        for (const given of [variable.default, variable.assigned])
          if (given !== undefined) collectValue(evaluate(given), secrets);
  return secrets;
}

/** Every text of a sensitive value, into a set. */
export function collectValue(value: Value, into: Set<string>): void {
  if (typeof value === "string" || typeof value === "number") add(value, into);
  else if (value instanceof Text) for (const part of value.parts) if (typeof part === "string") add(part, into);
  if (isList(value)) for (const item of value) collectValue(item, into);
  else if (isMap(value)) for (const item of value.values()) collectValue(item, into);
}

function collect(value: Json, mask: Json, into: Set<string>): void {
  if (mask === false || mask === null) return;
  if (Array.isArray(value)) {
    value.forEach((item, i) => {
      collect(item, mask === true ? true : ((Array.isArray(mask) ? mask[i] : undefined) ?? false), into);
    });
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value))
      collect(item, mask === true ? true : (member(mask, key) ?? false), into);
  } else if (mask === true) add(value, into);
}

function add(value: Json, into: Set<string>): void {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || text.length < SHORTEST || WORDS.test(text)) return;
  into.add(text);
  if (!/^\s*[[{]/.test(text)) return;
  try {
    leaves(JSON.parse(text), into, 0);
  } catch {
    // no JSON after all: the text as a whole is kept
  }
}

function leaves(json: Json, into: Set<string>, depth: number): void {
  if (depth > 100) return;
  if (typeof json === "string") {
    if (json.length >= SHORTEST && !WORDS.test(json)) into.add(json);
  } else if (Array.isArray(json)) for (const item of json) leaves(item, into, depth + 1);
  else if (isObject(json)) for (const item of Object.values(json)) leaves(item, into, depth + 1);
}
