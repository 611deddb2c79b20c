/** The shapes that the state machine hands from a batch's judge to the summary, checked where they come in. */
import * as v from "valibot";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const summary = v.object({ pass: count, fail: count, undecided: count, waived: count });

/** What the judge is called with: Distributed Map's batch, and the run's name. */
export const batchInput = v.object({
  BatchInput: v.object({ run: v.pipe(v.string(), v.regex(/^[\w.-]{1,80}$/)) }),
  Items: v.array(v.object({ Key: v.string() })),
});

/** One object of a batch: judged, with its report, or why it could not be. */
const stack = v.union([
  v.object({ key: v.string(), verdict: v.picklist(["pass", "fail", "undecided"]), summary, report: v.string() }),
  v.object({ key: v.string(), trouble: v.string() }),
]);
/** One object as the record has it: `key` is its own in the bucket of plans, `report` that of its report in the other. */
export type Stack = v.InferOutput<typeof stack>;

/** The record of a batch, as its judge writes it: every stack, and how often each waiver of the configuration was used. */
export const batchRecord = v.object({ stacks: v.array(stack), uses: v.array(count) });
/** A record, read back and checked. */
export type BatchRecord = v.InferOutput<typeof batchRecord>;

/** What a batch comes to in the state machine: where its record is, or the objects that nobody could judge. */
const batchOutcome = v.union([
  v.object({ record: v.string() }),
  v.object({ notJudged: v.array(v.string()), because: v.string() }),
]);

/** What the summary is called with. */
export const runOutcome = v.object({
  run: v.pipe(v.string(), v.regex(/^[\w.-]{1,80}$/)),
  batches: v.array(batchOutcome),
});
