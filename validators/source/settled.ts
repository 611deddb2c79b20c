/** Turns what mentions nothing into its value, once for all instances of a resource: a literal says the same in each. */
import { isList, isMap, Text, Unknown, type Value } from "../kernel/index";
import type { Json } from "../plan/plan";
import type { Block, Body, Expression } from "./configuration";
import { parseExpression } from "./syntax/parser";
import { isLiteral } from "./syntax/template";
import type { Syntax } from "./syntax/tree";

/** Values that are the same for all instances: known throughout, and never changed. */
const settled = new WeakSet<object>();

const isObject = (value: Value): value is Value & object => typeof value === "object" && value !== null;

/** Remembers that a value is the same for all instances. What is unknown in part has a place, and isn't. */
export function settle(value: Value): Value {
  if (isObject(value) && isKnown(value)) settled.add(value);
  return value;
}

/** Whether a value is known to be the same for all instances. Text and numbers need no remembering. */
export const isSettled = (value: Value): value is Value & object => isObject(value) && settled.has(value);

function isKnown(value: Value): boolean {
  if (value instanceof Unknown || value instanceof Text) return false;
  if (isList(value)) return value.every(isKnown);
  return !isMap(value) || [...value.values()].every(isKnown);
}

/** The same work, done once for each value that is the same for all instances. */
export function onceEach<R extends Value, More extends readonly unknown[]>(
  work: (value: Value, ...more: More) => R,
): (value: Value, ...more: More) => R {
  const results = new WeakMap<object, R>();
  return (value, ...more) => {
    if (!isSettled(value)) return work(value, ...more);
    const known = results.get(value);
    if (known !== undefined) return known;
    const result = work(value, ...more);
    if (isObject(result) && !isSettled(settle(result))) return result;
    results.set(value, result);
    return result;
  };
}

/** Whether an expression mentions nothing and calls nothing, so that it has one value everywhere. */
export function isClosed(expression: Expression): boolean {
  switch (expression.kind) {
    case "constant":
      return true;
    case "json":
      return isClosedJson(expression.value, 0);
    case "hcl":
      return isClosedTree(parseExpression(expression.text));
    case "references":
      return false;
  }
}

function isClosedJson(json: Json, depth: number): boolean {
  if (depth > DEEPEST) return false;
  if (typeof json === "string") return isLiteral(json);
  if (json === null || typeof json !== "object") return true;
  return Object.entries(json).every(([key, item]) => isLiteral(key) && isClosedJson(item, depth + 1));
}

/** Deeper ones are left to the evaluation, which has limits of its own. */
const DEEPEST = 20;

function isClosedTree(tree: Syntax, depth = 0): boolean {
  if (depth > DEEPEST) return false;
  switch (tree.kind) {
    case "literal":
      return true;
    case "list":
      return tree.items.every((item) => isClosedTree(item, depth + 1));
    case "object":
      return tree.entries.every(({ key, value }) => isClosedTree(key, depth + 1) && isClosedTree(value, depth + 1));
    default:
      return false;
  }
}

/** Whether all blocks of a group are written out and mention nothing. */
export const areClosed = (blocks: readonly Block[]): boolean =>
  blocks.every(({ dynamic, body }) => dynamic === undefined && isClosedBody(body));

const isClosedBody = ({ arguments: given, blocks }: Body): boolean =>
  [...given.values()].every(isClosed) && areClosed(blocks);
