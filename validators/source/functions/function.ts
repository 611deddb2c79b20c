/** Turns what a Terraform function is into a type: how it is called, and what it may ask of the evaluation. */
import type { Unknown, UnknownReason, Value, ValueMap } from "../../kernel/index";
import type { Scope } from "../scope";
import type { Syntax } from "../syntax/tree";
import type { Failed } from "../values/outcome";

/** What a function may ask of the evaluation that calls it. */
export interface Call {
  readonly scope: Scope;
  /** Counts work; throws `TooComplex` beyond the limit. */
  spend(amount: number): void;
  run(tree: Syntax): Value;
  /** Does something of which the value looks at nothing sensitive thereby; `note` is told whether it did. */
  apart<T>(action: () => T, note?: (isSensitive: boolean) => void): T;
  attempt(tree: Syntax): { readonly value: Value | Failed; readonly isCertain: boolean };
  runWith(tree: Syntax, names: ValueMap): Value;
  unknown(expression: string, because: UnknownReason, mayFail?: boolean): Unknown;
  impure(expression: string): Unknown;
}

/**
 * A function on values. `run` throws `Failed` where Terraform refuses the arguments, `Undecided` where what is unknown
 * decides. Unless said otherwise, null arguments fail and unknown ones make the result unknown before `run` is called.
 */
export interface PlainFunction {
  readonly kind: "plain";
  readonly least: number;
  readonly most: number;
  readonly takesNull: boolean;
  readonly takesUnknown: boolean;
  /** Each element is held against each other one. */
  readonly comparesAll: boolean;
  run(values: readonly Value[], call: Call, text: string): Value;
}

/** A function that sees its arguments' expressions: `try`, `can`, `templatefile`. */
export interface SpecialFunction {
  readonly kind: "special";
  run(call: Call, trees: readonly Syntax[], text: string): Value;
}

/** A function of https://developer.hashicorp.com/terraform/language/functions; `kind` tells what it is given. */
export type TerraformFunction = PlainFunction | SpecialFunction;

/** A group of functions by name. */
export type FunctionGroup = readonly (readonly [string, TerraformFunction])[];

type Options = { readonly takesNull?: boolean; readonly takesUnknown?: boolean; readonly comparesAll?: boolean };

/** A function of `least` to `most` arguments. */
export function plain(least: number, most: number, run: PlainFunction["run"], options: Options = {}): PlainFunction {
  return { kind: "plain", least, most, takesNull: false, takesUnknown: false, comparesAll: false, ...options, run };
}

/** A function of exactly one argument. */
export const unary = (run: (value: Value, call: Call) => Value, options: Options = {}): PlainFunction =>
  plain(1, 1, ([value = null], call) => run(value, call), options);

/** A function of exactly two arguments. */
export const binary = (run: (a: Value, b: Value, call: Call) => Value, options: Options = {}): PlainFunction =>
  plain(2, 2, ([a = null, b = null], call) => run(a, b, call), options);
