/** Turns expressions into values: known, symbolic, or unknown at that spot only. */
import { Unknown, type Value, type ValueMap } from "../kernel/value";
import type { Body, Expression, Repetition, Variable } from "./configuration";
import type { Scope } from "./scope";

/** The instances of a resource or module call. `each` is by instance key, its values are `each.value`. */
export type Instances =
  | { readonly kind: "one" }
  | { readonly kind: "count"; readonly count: number }
  | { readonly kind: "each"; readonly each: ReadonlyMap<string, Value> }
  | { readonly kind: "unknown"; readonly unknown: Unknown };

/**
 * The value of an expression. `where` is the absolute path of what is evaluated
 * (`module.a.aws_s3_bucket_policy.p["x"].policy`): it names what stays unknown, and must differ for different values.
 * Never throws for what an expression says; throws {@link ParserMissing} where the parser is needed and not loaded.
 */
export function evaluate(_expression: Expression, _scope: Scope, where: string): Value {
  return new Unknown(where, "unresolved-expression");
}

/**
 * The values of a block's arguments and nested blocks (each type a list of maps, dynamic blocks expanded; `Unknown`
 * where their number is). Members are evaluated on demand. A nested block of JSON syntax may be one map instead of a list:
 * read blocks with `blocksOf`.
 */
export function evaluateBody(_body: Body, _scope: Scope, _where: string): ValueMap {
  return new Map();
}

/** Which instances `count` or `for_each` makes. */
export function instancesOf(_repetition: Repetition, _scope: Scope, where: string): Instances {
  return { kind: "unknown", unknown: new Unknown(where, "unresolved-expression") };
}

/** The value of a variable: what is given, else its default; converted to its type. `given: undefined` means not given. */
export function variableValue(_variable: Variable, _given: Value | undefined, where: string): Value {
  return new Unknown(where, "variable-without-value");
}
