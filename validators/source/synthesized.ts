/** Turns Terraform JSON (`cdk.tf.json`, any `.tf.json`) into a module. */
import type { Json } from "../plan/plan";
import { emptyModule, type Module } from "./configuration";

/** One file of JSON syntax as a module, without children's configuration. `file` names it in positions. */
export function fromSynthesized(_json: Json, _file: string): Module {
  return emptyModule;
}
