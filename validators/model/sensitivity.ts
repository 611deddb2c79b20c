/** Turns marks of plan, schemas and code into what of a world is sensitive, and keeps the texts that come of it. */
import { isList, isMap, Text, type Value } from "../kernel/value";
import { type Json, member, type Plan } from "../plan/index";
import { type Body, type Expression, LazyMap, type Module, modulesIn, touch, touchAll, touches } from "../source/index";
import { References } from "./references";
import { collectValue } from "./secrets";
import { isSchemaSensitive } from "./sensitive-attributes";
import type { Instance, Sensitivities, World } from "./shape";

/**
 * Types that hand on in what they compute what they are given, which no provider marks then: a sensitive condition of a policy
 * document stands in its `json`.
 */
const PASSING: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["aws_iam_policy_document", new Set(["json", "minified_json", "id"])],
  ["template_file", new Set(["rendered"])],
  ["terraform_data", new Set(["output"])],
]);

/** What of a world is sensitive. Where nothing of it is marked at all, nobody looks further. */
export class Sensitivity implements Sensitivities {
  readonly #isAny: boolean;
  readonly #isAnyPassed: boolean;
  readonly #known = new WeakMap<Instance, Map<string, boolean>>();
  readonly #texts = new Set<string>();
  readonly #free = new Set<string>();
  readonly #collected = new WeakSet<object>();
  readonly #references: References;

  constructor(
    readonly world: World,
    config: Module | undefined,
    plan: Plan | undefined,
  ) {
    const isPassed = marksPassed(plan);
    this.#isAnyPassed = isPassed;
    this.#isAny = isPassed || isMarkedInCode(config, plan === undefined, this.#texts) || isMarkedInPlan(plan);
    this.#references = new References(world);
  }

  has(instance: Instance, name: string): boolean {
    if (isMarked(instance, name)) return true;
    if (!this.#isAny) return false;
    const known = this.#known.get(instance) ?? new Map<string, boolean>();
    this.#known.set(instance, known);
    const found = known.get(name);
    if (found !== undefined) return found;
    known.set(name, false); // what needs itself isn't sensitive by that
    const { allowance } = this.world;
    let isSensitive = false;
    const isDone = allowance.aside(() => {
      isSensitive = this.#follows(instance, name);
    });
    known.set(name, isSensitive || !isDone);
    return isSensitive || !isDone;
  }

  add(value: Value, isWhole: boolean): void {
    if (value instanceof Text) {
      // of what stands around symbols, a few marks are no secret: they end every policy
      const parts = isWhole ? value.parts : [];
      for (const part of parts)
        if (typeof part === "string" && /[\p{L}\p{N}]{4}/u.test(part)) collectValue(part, this.#texts);
      return;
    }
    if (typeof value === "object" && value !== null) {
      if (value instanceof LazyMap || this.#collected.has(value)) return;
      this.#collected.add(value);
      for (const item of isList(value) ? value : isMap(value) ? value.values() : []) this.add(item, isWhole);
      return;
    }
    collectValue(value, this.#texts);
  }

  free(value: Value): void {
    collectValue(value, this.#free);
  }

  /** The sensitive texts that have come up so far. */
  *texts(): Generator<string> {
    for (const text of this.#texts) if (!this.#free.has(text)) yield text;
  }

  /** Whether an attribute is made of something sensitive. */
  #follows(instance: Instance, name: string): boolean {
    const body = instance.config?.body;
    const hasPassed = PASSING.get(instance.type)?.has(name) === true;
    if (hasPassed && holdsMark(instance.planned?.sensitive)) return true;
    if (body === undefined) return false;
    const names = hasPassed ? namesIn(body) : [name];
    return touches(() => {
      for (const one of names) this.#visit(instance, one, body);
    });
  }

  #visit(instance: Instance, name: string, body: Body): void {
    const { attributes } = this.world;
    const given = expressionsIn(body, name);
    if (given.some((expression) => expression.kind === "references" && this.#mentions(instance, expression))) touch();
    if (given.some(({ kind }) => kind === "hcl" || kind === "json")) lookAt(attributes.configured(instance, name));
  }

  /** Whether what plan JSON shows of an expression names something that hands on what is sensitive. */
  #mentions(instance: Instance, expression: Expression): boolean {
    const { targets, isOpen } = this.#references.ofArgument(instance, expression);
    if (isOpen && this.#isAnyPassed) return true;
    return targets.some((target) =>
      target.attribute === undefined
        ? [...(PASSING.get(target.instance.type) ?? [])].some((name) => this.has(target.instance, name))
        : this.has(target.instance, target.attribute),
    );
  }
}

/** Asks for all of a value, what is lazy included. */
function lookAt(value: Value | undefined): void {
  if (value === undefined) return;
  touchAll(value);
  if (isList(value)) value.forEach(lookAt);
  else if (isMap(value)) for (const item of value.values()) lookAt(item);
}

const namesIn = ({ arguments: given, blocks }: Body): ReadonlySet<string> =>
  new Set([...given.keys(), ...blocks.map(({ type }) => type)]);

/** The expressions of an argument, or inside the nested blocks of a type. */
function expressionsIn(body: Body, name: string): Expression[] {
  const argument = body.arguments.get(name);
  const inner = body.blocks
    .filter(({ type }) => type === name)
    .flatMap(({ body: nested, dynamic }) => [
      ...(dynamic === undefined ? [] : [dynamic.forEach]),
      ...[...namesIn(nested)].flatMap((one) => expressionsIn(nested, one)),
    ]);
  return argument === undefined ? inner : [argument, ...inner];
}

/** Whether plan, state or schema mark an attribute. */
function isMarked({ planned, mode, type }: Instance, name: string): boolean {
  if (planned === undefined) return isSchemaSensitive(mode, type, name);
  return planned.sensitive === true || holdsMark(member(planned.sensitive, name));
}

/** Whether any place of a mask is marked. */
const holdsMark = (mask: Json | undefined): boolean =>
  mask === true || (typeof mask === "object" && mask !== null && Object.values(mask).some(holdsMark));

function isMarkedInPlan(plan: Plan | undefined): boolean {
  return (
    plan?.changes?.some(({ afterSensitive }) => afterSensitive !== false) === true ||
    plan?.prior.some(({ sensitive }) => sensitive !== false) === true
  );
}

/** Whether anything of a plan is marked that hands on what it is given. */
function marksPassed(plan: Plan | undefined): boolean {
  return (
    plan?.changes?.some(({ type, afterSensitive }) => afterSensitive !== false && PASSING.has(type)) === true ||
    plan?.prior.some(({ type, sensitive }) => sensitive !== false && PASSING.has(type)) === true
  );
}

/** Whether code marks anything; without a plan, also by the schema of what is in it. Texts that it calls sensitive are kept. */
function isMarkedInCode(config: Module | undefined, withSchemas: boolean, texts: Set<string>): boolean {
  let isAny = false;
  for (const module of modulesIn(config)) {
    for (const { sensitive, ephemeral } of module.variables.values()) isAny ||= sensitive || ephemeral;
    for (const { sensitive } of module.outputs.values()) isAny ||= sensitive;
    for (const expression of expressionsOf(module)) if (callsSensitive(expression, texts)) isAny = true;
    for (const { mode, type } of module.resources.values())
      isAny ||= mode === "ephemeral" || (withSchemas && isSchemaSensitive(mode, type));
  }
  return isAny;
}

function* expressionsOf(module: Module): Generator<Expression> {
  yield* module.locals.values();
  for (const { value } of module.outputs.values()) yield value;
  for (const call of module.calls.values()) {
    yield* call.arguments.values();
    if (call.forEach !== undefined) yield call.forEach;
  }
  for (const { body, forEach } of module.resources.values()) {
    if (forEach !== undefined) yield forEach;
    for (const name of namesIn(body)) yield* expressionsIn(body, name);
  }
}

/** Whether an expression calls `sensitive`. A text that stands in the call is written there as no value of it is. */
function callsSensitive(expression: Expression, texts: Set<string>): boolean {
  if (expression.kind === "hcl") return searched(expression.text, texts);
  return expression.kind === "json" && callsInJson(expression.value, texts);
}

function callsInJson(json: Json, texts: Set<string>): boolean {
  if (typeof json === "string") return searched(json, texts);
  let isFound = false;
  if (json !== null && typeof json === "object")
    for (const item of Object.values(json)) if (callsInJson(item, texts)) isFound = true;
  return isFound;
}

function searched(text: string, texts: Set<string>): boolean {
  if (!text.includes("sensitive")) return false;
  for (const [, written = ""] of text.matchAll(/(?<![\w-])sensitive\s*\(\s*"((?:[^"\\]|\\.)*)"/g))
    collectValue(written, texts);
  return /(?<![\w-])sensitive\s*\(/.test(text);
}
