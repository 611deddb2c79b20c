/** Says whether a statement matches one concrete request: the plain evaluation that every found request is checked by. */
import type { Compiler, Part } from "./compile";
import { holds } from "./condition";
import type { Statement } from "./document";
import type { Approximation } from "./pattern";
import type { Witness } from "./search";

/** Whether a part of a statement holds for the request. */
export function partHolds(part: Part, witness: Witness, way: Approximation): boolean {
  if (typeof part.verdict === "boolean") return part.verdict;
  const { dimension } = part.verdict;
  const value = dimension === "resource" ? [witness.resource] : (witness.values.get(dimension) ?? null);
  return holds(part.verdict, value, way);
}

/** Whether a statement matches the request: every part of it holds. */
export function matchesRequest(
  statement: Statement,
  witness: Witness,
  compiler: Compiler,
  way: Approximation,
): boolean {
  return (
    statement.resources !== undefined &&
    compiler.parts(statement, witness.setting, way).every((part) => partHolds(part, witness, way))
  );
}
