/** Names what a pipeline does, one stage after the other. */

/** The stages in the order in which a pipeline runs them. */
export const STAGES = ["preplan", "plan", "judge", "apply", "verify"] as const;
/** One of them. */
export type StageName = (typeof STAGES)[number];
