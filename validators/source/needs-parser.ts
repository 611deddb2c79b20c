/** Turns configuration into whether any of it needs the parser. */
import type { Json } from "../plan/plan";
import type { Body, Expression, Module } from "./configuration";
import { templateNeedsParser } from "./syntax/parser";
import { parsePlainly } from "./syntax/reference";

/** Whether some expression of a module or its children is more than literals and plain references, which need no parser. */
export function needsParser(module: Module): boolean {
  const expressions = [
    ...module.locals.values(),
    ...[...module.outputs.values()].map((output) => output.value),
    ...[...module.variables.values()].flatMap((variable) => variable.default ?? []),
    ...module.refactorings.flatMap((refactoring) => [refactoring.id ?? [], refactoring.forEach ?? []].flat()),
  ];
  const repeated = [...module.resources.values(), ...module.calls.values()];
  const bodies = [...module.resources.values(), ...module.providers.values()].map((block) => block.body);
  return (
    expressions.some(isHard) ||
    repeated.some(({ count, forEach }) => (count && isHard(count)) || (forEach && isHard(forEach))) ||
    bodies.some(hasHard) ||
    [...module.variables.values()].some((variable) => variable.type !== undefined && !parsePlainly(variable.type)) ||
    [...module.calls.values()].some(
      (call) => [...call.arguments.values()].some(isHard) || (call.module !== undefined && needsParser(call.module)),
    )
  );
}

function isHard(expression: Expression): boolean {
  if (expression.kind === "hcl") return parsePlainly(expression.text) === undefined;
  return expression.kind === "json" && isHardJson(expression.value, 0);
}

function isHardJson(json: Json, depth: number): boolean {
  if (typeof json === "string") return templateNeedsParser(json);
  // beyond this nothing is evaluated
  if (json === null || typeof json !== "object" || depth > 100) return false;
  return Object.entries(json).some(([key, item]) => templateNeedsParser(key) || isHardJson(item, depth + 1));
}

const hasHard = (body: Body): boolean =>
  [...body.arguments.values()].some(isHard) ||
  body.blocks.some((block) => (block.dynamic !== undefined && isHard(block.dynamic.forEach)) || hasHard(block.body));
