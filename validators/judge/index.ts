/** The court's door. */
export { type Config, isDay, readConfig, type Waiver } from "./config";
export { BrokenRuleError, type CourtOptions, judge } from "./court";
export type { GivenWaiver } from "./waivers";
export { waiversInCode } from "./waivers-in-code";
