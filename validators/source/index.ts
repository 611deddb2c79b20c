/** The one door of `source/`: Terraform configuration in, unevaluated shape and symbolic values out. */
export { Allowance } from "./allowance";
export * from "./configuration";
export { evaluate, evaluateBody, type Instances, instancesOf, variableValue } from "./evaluate";
export { fromArchive, fromHcl, isSource, type SourceFiles } from "./files";
export { LazyMap } from "./lazy-map";
export { merge } from "./merge";
export { nativeAsJson } from "./native-json";
export { fromPlanConfiguration } from "./plan-configuration";
export { blocksOf, renderPolicyDocument } from "./policy-document";
export type { FolderEntry, ReadableFiles } from "./readable-files";
export { loadParser } from "./runtime";
export type { Guard, Scope } from "./scope";
export { ParserMissing } from "./syntax/missing";
export { isParserLoaded } from "./syntax/parser";
export { fromStack, fromSynthesized } from "./synthesized";
export { symbolOf } from "./values/convert";
export { isSet } from "./values/sets";
export { equals } from "./values/text";
