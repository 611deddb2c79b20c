/** Turns Terraform JSON (`cdk.tf.json`, any `.tf.json`) into a module. */
import type { Json } from "../plan/plan";
import { assemble } from "./assemble";
import type { Module } from "./configuration";
import { fromJsonSyntax } from "./top-blocks";

/** One file of JSON syntax as a module, without children's configuration. `file` names it in positions. */
export const fromSynthesized = (json: Json, file: string): Module =>
  assemble(fromJsonSyntax(json, file), [], () => undefined, ".");
