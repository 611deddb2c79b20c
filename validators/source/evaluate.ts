/** Turns expressions into values: known, symbolic, or unknown at that spot only. */
import { isList, isMap, Text, Unknown, type Value, type ValueMap } from "../kernel/index";
import { StandInFails } from "../kernel/stand-in";
import type { Json } from "../plan/plan";
import type { Allowance } from "./allowance";
import type { Block, Body, Expression, Repetition, Variable } from "./configuration";
import { Evaluator } from "./evaluator";
import { LazyMap } from "./lazy-map";
import type { Scope } from "./scope";
import { touchAll } from "./sensitivity";
import { areClosed, isClosed, isSettled, settle } from "./settled";
import { parseExpression, parseJsonTemplate } from "./syntax/parser";
import { convertTo } from "./types";
import { toKnownText, toNumber } from "./values/convert";
import { compareStrings } from "./values/order";
import { Failed, TooComplex, Undecided } from "./values/outcome";
import { isSet } from "./values/sets";
import { unconverted } from "./values/unconverted";

/** The instances of a resource or module call. `each` is by instance key, its values are `each.value`. */
export type Instances =
  | { readonly kind: "one" }
  | { readonly kind: "count"; readonly count: number }
  | { readonly kind: "each"; readonly each: ReadonlyMap<string, Value> }
  | { readonly kind: "unknown"; readonly unknown: Unknown };

/** JSON of a plan is nested by people, not by attackers, up to here. */
const deepestJson = 100;

/**
 * The value of an expression. `where` is the absolute path of what is evaluated
 * (`module.a.aws_s3_bucket_policy.p["x"].policy`): it names what stays unknown, and must differ for different values.
 * Never throws for what an expression says; throws {@link ParserMissing} where the parser is needed and not loaded.
 */
export function evaluate(expression: Expression, scope: Scope, where: string): Value {
  scope.guard?.expression(expression);
  const known = closedValues.get(expression);
  if (known !== undefined && known !== OPEN) return known.value;
  const value = evaluateAfresh(expression, scope, where);
  // asked only once it is evaluated: until then its parser may be missing
  if (known === undefined)
    closedValues.set(expression, isClosed(expression) && isTheSame(settle(value)) ? { value } : OPEN);
  return value;
}

/** Whether a value says the same wherever it stands. */
const isTheSame = (value: Value): boolean => isSettled(value) || value === null || typeof value !== "object";

const OPEN = Symbol("open");

/** The values of expressions that mention nothing; `OPEN` for all others. */
const closedValues = new WeakMap<Expression, { readonly value: Value } | typeof OPEN>();

function evaluateAfresh(expression: Expression, scope: Scope, where: string): Value {
  return guarded(where, sourceText(expression), scope, () => {
    switch (expression.kind) {
      case "constant":
        return fromJsonLiterally(expression.value, 0, scope.guard);
      case "json":
        return evaluateJson(expression.value, new Evaluator(scope, where), 0);
      case "hcl":
        return new Evaluator(scope, where).run(parseExpression(expression.text));
      case "references":
        return new Unknown(where, "unresolved-expression", sourceText(expression));
    }
  });
}

/** Evaluation never fails towards the outside: Terraform would have refused such a plan, so the scope lacks something. */
function guarded<T>(
  where: string,
  expression: string | undefined,
  { guard }: Pick<Scope, "guard">,
  action: () => T,
): T | Unknown {
  try {
    return action();
  } catch (error) {
    if (error instanceof Failed || error instanceof Undecided || error instanceof TooComplex) guard?.unknown?.();
    if (error instanceof Failed) return new Unknown(where, "unresolved-expression", expression);
    if (error instanceof Undecided) return new Unknown(where, error.because, expression);
    if (error instanceof TooComplex || error instanceof RangeError)
      return new Unknown(where, "too-complex", expression);
    throw error;
  }
}

/** An expression as the user wrote it, for reports. */
function sourceText(expression: Expression): string {
  switch (expression.kind) {
    case "hcl":
      return expression.text.trim();
    case "references":
      return expression.references.join(", ");
    default:
      return typeof expression.value === "string" ? expression.value : JSON.stringify(expression.value).slice(0, 2000);
  }
}

function fromJsonLiterally(json: Json, depth: number, guard: Scope["guard"]): Value {
  if (depth > deepestJson) throw new TooComplex();
  if (typeof json === "string") return guard?.text?.(json) ?? json;
  if (json === null || typeof json !== "object") return json;
  if (isJsonList(json)) return json.map((item) => fromJsonLiterally(item, depth + 1, guard));
  return new Map(
    Object.entries(json).map(([key, item]) => {
      // no member is called by a symbol
      if (typeof guard?.text?.(key) === "object") throw new StandInFails();
      return [key, fromJsonLiterally(item, depth + 1, guard)];
    }),
  );
}

const isJsonList = (json: Json): json is readonly Json[] => Array.isArray(json);

/** JSON-syntax expression: strings and object keys are templates; `"//"` keys are comments. */
function evaluateJson(json: Json, evaluator: Evaluator, depth: number): Value {
  if (depth > deepestJson) throw new TooComplex();
  evaluator.spend(1);
  if (typeof json === "string") return evaluator.run(parseJsonTemplate(json));
  if (json === null || typeof json !== "object") return json;
  if (isJsonList(json)) return json.map((item) => evaluateJson(item, evaluator, depth + 1));
  const map = new Map<string, Value>();
  for (const [key, item] of Object.entries(json)) {
    const name = evaluator.run(parseJsonTemplate(key));
    map.set(toKnownText(name), evaluateJson(item, evaluator, depth + 1));
  }
  return map;
}

/**
 * The values of a block's arguments and nested blocks (each type a list of maps, dynamic blocks expanded; `Unknown`
 * where their number is). Members are evaluated on demand. A nested block of JSON syntax may be one map instead of a list:
 * read blocks with `blocksOf`.
 */
export function evaluateBody(body: Body, scope: Scope, where: string): ValueMap {
  const { blocks, names, settledGroups } = membersOf(body);
  const compute = (name: string): Value => {
    const argument = body.arguments.get(name);
    const group = blocks.get(name);
    if (group !== undefined) return settledGroups.get(name) ?? evaluateGroup(group, name);
    if (argument === undefined) return null;
    const value = evaluate(argument, scope, `${where}.${name}`);
    touchAll(value);
    return argument.kind === "json" ? opened(value, `${where}.${name}`) : value;
  };
  const evaluateGroup = (group: readonly Block[], name: string): Value => {
    const value = evaluateBlocks(group, scope, `${where}.${name}`);
    if (!settledGroups.has(name))
      settledGroups.set(name, areClosed(group) && isSettled(settle(value)) ? value : undefined);
    return value;
  };
  return new LazyMap(names, compute, where);
}

/** The members of a body, which are the same for each of its instances. */
interface Members {
  readonly blocks: ReadonlyMap<string, readonly Block[]>;
  readonly names: ReadonlySet<string>;
  /** Groups of nested blocks that say the same in every instance; `undefined` for one that doesn't. */
  readonly settledGroups: Map<string, Value | undefined>;
}

const known = new WeakMap<Body, Members>();

function membersOf(body: Body): Members {
  const found = known.get(body);
  if (found !== undefined) return found;
  const blocks = new Map<string, Block[]>();
  for (const block of body.blocks) {
    const group = blocks.get(block.type);
    if (group === undefined) blocks.set(block.type, [block]);
    else group.push(block);
  }
  const names = new Set([...body.arguments.keys(), ...blocks.keys()]);
  const members = { blocks, names, settledGroups: new Map<string, Value | undefined>() };
  known.set(body, members);
  return members;
}

/** An object of JSON syntax may in truth be a block, of which nobody knows here what else it holds. */
function opened(value: Value, path: string): Value {
  if (isMap(value)) {
    return new LazyMap(value.keys(), (name) => opened(value.get(name) ?? null, `${path}.${name}`), path);
  }
  return isList(value) && value.some(isMap) ? value.map((item, i) => opened(item, `${path}[${i}]`)) : value;
}

function evaluateBlocks(blocks: readonly Block[], scope: Scope, where: string): Value {
  const values: Value[] = [];
  for (const block of blocks) {
    if (block.dynamic === undefined) {
      values.push(evaluateBody(block.body, scope, `${where}[${values.length}]`));
      continue;
    }
    const over = evaluate(block.dynamic.forEach, scope, `${where}.for_each`);
    touchAll(over);
    const turns = turnsOf(over);
    if (turns instanceof Unknown) return turns;
    if (turns.length + values.length > 10_000)
      return new Unknown(where, "too-complex", sourceText(block.dynamic.forEach));
    for (const [key, value] of turns) {
      const iterator = new Map([
        ["key", key],
        ["value", value],
      ]);
      const name = block.dynamic.iterator;
      const inner = withName(scope, name, iterator);
      values.push(evaluateBody(block.body, inner, `${where}[${values.length}]`));
    }
  }
  return values;
}

/** A scope that has one name more. */
function withName(scope: Scope, name: string, value: Value): Scope {
  const lookup = (asked: string): Value | undefined => (asked === name ? value : scope.lookup(asked));
  return { lookup, allowance: scope.allowance, files: scope.files, secrets: scope.secrets, guard: scope.guard };
}

/** The turns of a dynamic block: keys and values, in Terraform's order. */
function turnsOf(over: Value): readonly (readonly [Value, Value])[] | Unknown {
  if (over instanceof Unknown) return over;
  if (over === null) return [];
  if (isMap(over)) return sortedEntries(over);
  if (!isList(over)) return new Unknown("for_each", "unresolved-expression");
  return isSet(over) ? over.map((item) => [item, item]) : over.map((item, i) => [i, item]);
}

const sortedEntries = (map: ValueMap): [string, Value][] => [...map].sort(([a], [b]) => compareStrings(a, b));

/** Which instances `count` or `for_each` makes. */
export function instancesOf(repetition: Repetition, scope: Scope, where: string): Instances {
  if (repetition.count !== undefined) return countOf(repetition.count, scope, `${where}.count`);
  if (repetition.forEach !== undefined) return eachOf(repetition.forEach, scope, `${where}.for_each`);
  return { kind: "one" };
}

function countOf(expression: Expression, scope: Scope, where: string): Instances {
  const value = evaluate(expression, scope, where);
  const count = guarded(where, sourceText(expression), scope, () => toNumber(value));
  if (typeof count === "number" && Number.isInteger(count) && count >= 0 && count <= 100_000)
    return { kind: "count", count };
  return { kind: "unknown", unknown: asUnknown(value, where, expression) };
}

function eachOf(expression: Expression, scope: Scope, where: string): Instances {
  const value = evaluate(expression, scope, where);
  if (isMap(value)) return { kind: "each", each: value };
  // `for_each` takes sets of text; a list whose elements are known text is one that lost its type on the way
  if (isList(value) && value.every((item) => typeof item === "string")) {
    touchAll(value);
    return { kind: "each", each: new Map(value.map((item) => [String(item), item])) };
  }
  return { kind: "unknown", unknown: asUnknown(value, where, expression) };
}

function asUnknown(value: Value, where: string, expression: Expression): Unknown {
  if (value instanceof Unknown) return value;
  const because = value instanceof Text ? "computed-at-apply" : "unresolved-expression";
  return new Unknown(where, because, sourceText(expression));
}

/**
 * The value of a variable: what is given, else what a `.tfvars` file assigns, else its default; converted to its type.
 * `given: undefined` means not given. A variable that isn't nullable takes its default for null.
 */
export function variableValue(
  variable: Variable,
  given: Value | undefined,
  where: string,
  allowance?: Allowance,
): Value {
  const nothing: Scope = { lookup: () => undefined, allowance };
  const isNulled =
    variable.assigned !== undefined && !variable.nullable && evaluate(variable.assigned, nothing, where) === null;
  const fallback = isNulled ? variable.default : (variable.assigned ?? variable.default);
  const isGiven = given !== undefined && !(given === null && !variable.nullable && fallback !== undefined);
  if (!isGiven && fallback === undefined) return new Unknown(where, "variable-without-value");
  const value = isGiven ? given : fallback === undefined ? null : evaluate(fallback, nothing, where);
  const type = variable.type;
  if (type === undefined && variable.isUntold !== true) return value;
  if (type === undefined) {
    // one that isn't nullable has its default instead
    if (value === null && fallback !== undefined) return new Unknown(where, "unresolved-expression");
    return unconverted(value, where, true);
  }
  return guarded(where, undefined, nothing, () =>
    convertTo(parseExpression(type), value, (work) => allowance?.charge(work)),
  );
}
