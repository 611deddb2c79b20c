/** Turns a function's name into the function, once all of them are loaded: most plans call none, and they are many. */
import { ParserMissing } from "../syntax/missing";
import type { TerraformFunction } from "./function";

let find: ((name: string) => TerraformFunction | undefined) | undefined;

/** Makes the functions ready; once is enough. */
export async function loadFunctions(): Promise<void> {
  find = (await import("./index")).findFunction;
}

/** The function of a name; `undefined` for one that can't be evaluated here. Throws {@link ParserMissing} before they are loaded. */
export function findFunction(name: string): TerraformFunction | undefined {
  if (find === undefined) throw new ParserMissing("Terraform's functions aren't loaded");
  return find(name);
}
