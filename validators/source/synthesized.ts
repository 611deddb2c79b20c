/** Turns Terraform JSON (`cdk.tf.json`, any `.tf.json`) into a module. */
import type { Json } from "../plan/plan";
import { assemble } from "./assemble";
import type { Module } from "./configuration";
import { besideRoot, type SourceFiles } from "./files";
import type { ReadableFiles } from "./readable-files";
import { fromJsonSyntax } from "./top-blocks";

/** One file of JSON syntax as a module, without children's configuration. `file` names it in positions. */
export const fromSynthesized = (json: Json, file: string): Module =>
  assemble(fromJsonSyntax(json, file), [], () => undefined, ".");

/** The same with its child modules, as far as `files` hold them (see `fromHcl`). Its expressions read `readable`. */
export const fromStack = (json: Json, file: string, files: SourceFiles, readable: ReadableFiles): Module => ({
  ...besideRoot(fromJsonSyntax(json, file), files),
  files: readable,
});
