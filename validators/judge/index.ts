/** The court's door. */
export { type Config, isDay, readConfig, type Waiver } from "./config";
export { BrokenRuleError, type CourtOptions, type Hearing, hear, judge } from "./court";
export { together } from "./together";
export { type GivenWaiver, remarksOnWaivers } from "./waivers";
export { waiversInCode } from "./waivers-in-code";
