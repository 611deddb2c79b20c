/** Turns the records of a run's batches into its summary: what every stack came to, and what kept any from being judged. */
import * as v from "valibot";
import { type Config, remarksOnWaivers, sumOfSummaries, sumOfUses } from "../validators/judge/index";
import { InputError } from "../validators/kernel/index";
import { json } from "../validators/report/sanitize";
import { VERSION } from "../validators/version";
import { type BatchRecord, batchRecord, runOutcome, type Stack } from "./batch";
import { configOf, type Storage, storage, textOf } from "./storage";

/** The run's exit status, as `tollgate check` would have it over all; what could not be judged makes it 2. */
type Status = 0 | 1 | 2 | 3;

/** What the state machine goes on with. */
export interface Outcome {
  readonly status: Status;
  /** The summary's object in the bucket of reports. */
  readonly summary: string;
  readonly stacks: number;
  readonly notJudged: number;
}

/** The function of a run: writes `summaries/RUN.json` and `summary.json`, which is always that of the last run. */
export async function summarise(event: unknown): Promise<Outcome> {
  const { run, batches } = v.parse(runOutcome, event);
  const place = await storage(process.env);
  const config = await configOf(place);
  const stacks: Stack[] = [];
  const records: BatchRecord[] = [];
  for (const batch of batches) {
    if ("notJudged" in batch) {
      stacks.push(...batch.notJudged.map((key) => ({ key, trouble: `its batch broke off: ${batch.because}` })));
      continue;
    }
    const record = await recordOf(place, batch.record);
    records.push(record);
    stacks.push(...record.stacks);
  }
  stacks.sort((a, b) => (a.key < b.key ? -1 : 1));
  const { status, summary } = summaryOf(run, stacks, config, sumOfUses(config, records));
  const name = `summaries/${run}.json`;
  const text = json(summary);
  await place.write(name, text);
  await place.write("summary.json", text);
  return { status, summary: name, stacks: stacks.length, notJudged: summary.notJudged.length };
}

async function recordOf({ store, reports }: Storage, name: string) {
  const text = await textOf(store, `${reports}${name}`);
  if (text === undefined) throw new InputError(`${name}: expected the record of a batch, found none`);
  return v.parse(batchRecord, JSON.parse(text));
}

function summaryOf(run: string, stacks: readonly Stack[], config: Config, uses: readonly number[]) {
  const judged = stacks.flatMap((one) => ("verdict" in one ? [one] : []));
  const notJudged = stacks.flatMap((one) => ("trouble" in one ? [one] : []));
  const count = (verdict: string): number => judged.filter((one) => one.verdict === verdict).length;
  const verdicts = { pass: count("pass"), fail: count("fail"), undecided: count("undecided") };
  // A run over nothing has judged nothing: that is no pass.
  const isWhole = notJudged.length === 0 && judged.length > 0;
  const status: Status = !isWhole ? 2 : verdicts.fail > 0 ? 1 : verdicts.undecided > 0 ? 3 : 0;
  return {
    status,
    summary: {
      schemaVersion: "1.0",
      tool: { name: "tollgate", version: VERSION },
      run,
      status,
      stacks: { judged: judged.length, notJudged: notJudged.length, ...verdicts },
      summary: sumOfSummaries(judged),
      notJudged,
      judged,
      notices: remarksOnWaivers(config.waivers ?? [], uses, new Date().toISOString().slice(0, 10)),
    },
  };
}
