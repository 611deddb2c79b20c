/** Turns a function's name into the function. Terraform also knows each by `core::name`. */
import { arnFunctions } from "./arns";
import { collectionFunctions } from "./collections";
import { encodingFunctions } from "./encoding";
import type { TerraformFunction } from "./function";
import { networkFunctions } from "./networks";
import { numericFunctions } from "./numeric";
import { specialFunctions } from "./special";
import { textFunctions } from "./text";

export type { Call } from "./function";

const functions: ReadonlyMap<string, TerraformFunction> = new Map([
  ...arnFunctions,
  ...collectionFunctions,
  ...encodingFunctions,
  ...networkFunctions,
  ...numericFunctions,
  ...specialFunctions,
  ...textFunctions,
]);

/** The function of a name; `undefined` for one that can't be evaluated here. */
export const findFunction = (name: string): TerraformFunction | undefined =>
  functions.get(name.startsWith("core::") ? name.slice("core::".length) : name);
