/** The court's door. */
export { type Config, isDay, type Preset, type RuleSettings, readConfig, readPreset, type Waiver } from "./config";
export { BrokenRuleError, type CourtOptions, type Hearing, hear, judge } from "./court";
export { extended, ownPreset, PRESETS } from "./presets";
export { sumOfSummaries, sumOfUses, together } from "./together";
export { type GivenWaiver, remarksOnWaivers } from "./waivers";
export { waiversInCode } from "./waivers-in-code";
