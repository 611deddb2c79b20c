/** The library door: what `import { … } from "tollgate"` gives. Nothing here starts a process or needs CDKTF. */
import { checkContent, judgeInput } from "./check";
import type { CheckOptions } from "./check-options";
import { planFiles } from "./files";
import { loadRuntime } from "./input";
import type { Report } from "./kernel/index";

export type { CheckOptions } from "./check-options";
export type { Config, Waiver } from "./judge/index";
export type * from "./kernel/index";
export { InputError } from "./kernel/index";
export type * from "./model/graph";
export { REPORTERS, type RenderOptions, type Reporter } from "./report/index";
export type { Example, Rule, RuleContext, RuleOptions, Subject } from "./rules/index";
export { RULES } from "./rules/index";
export { bucketRule, defineRule, every, fail, pass, undecided } from "./rules/rule";
export { gapsOf, isOneOf, isSet } from "./rules/values";
export { VERSION as version } from "./version";
export { type Waivable, waive } from "./waive";

/** Makes the parser of native expressions ready; once is enough. {@link check} and {@link checkFile} see to it themselves. */
export async function loadParser(): Promise<void> {
  await loadRuntime();
}

/** Judges what stands at a path: plan, state or synthesized JSON, a binary plan, a directory. Throws {@link InputError}. */
export async function checkFile(path: string, options: CheckOptions = {}): Promise<Report> {
  return (await judgeInput(path, { ...options, files: planFiles })).report;
}

/** Judges JSON in memory: plan, state or synthesized Terraform JSON, as text or as an object. Throws {@link InputError}. */
export async function check(content: string | Uint8Array | object, options: CheckOptions = {}): Promise<Report> {
  await loadRuntime();
  return checkContent(content, "input", options);
}
