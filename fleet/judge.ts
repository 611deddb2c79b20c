/** Turns a batch of objects, as Distributed Map hands them out, into a report for each and a record of the batch. */
import { createHash } from "node:crypto";
import * as v from "valibot";
import { type Hearing, sumOfUses } from "../validators/judge/index";
import { render } from "../validators/report/json";
import { json, said } from "../validators/report/sanitize";
import { hearAll } from "../validators/spread/index";
import { isPlanObject } from "../validators/spread/inputs";
import { type BatchRecord, batchInput, type Stack } from "./batch";
import { CONFIG_OBJECT, configOf, storage } from "./storage";

/** A function has one core; a second thread reads while the first one judges. */
const THREADS = 2;

/**
 * The function of a batch. An object that can't be judged is said in the record and costs the others nothing; whatever
 * else goes wrong throws, so that the state machine tries the batch again. Gives where the record is.
 */
export async function judge(event: unknown): Promise<{ record: string }> {
  const { BatchInput, Items } = v.parse(batchInput, event);
  const place = await storage(process.env);
  const config = await configOf(place);
  const keys = Items.map(({ Key }) => Key).filter((key) => isPlanObject(key) && key !== CONFIG_OBJECT);
  const heard =
    keys.length === 0
      ? []
      : await hearAll(
          keys.map((key) => `${place.plans}${key}`),
          { config, threads: THREADS, store: async () => place.store },
        );
  const hearings: Hearing[] = [];
  const stacks: Stack[] = [];
  for (const one of heard) {
    const key = one.path.slice(place.plans.length);
    if ("trouble" in one) {
      if (one.trouble.isOurs) process.stderr.write(`${said(one.trouble.message)}\n`);
      stacks.push({ key, trouble: one.trouble.message });
      continue;
    }
    const { report } = one.hearing;
    hearings.push(one.hearing);
    const name = `reports/${key}`;
    await place.write(name, render(report));
    stacks.push({ key, verdict: report.verdict, summary: report.summary, report: name });
  }
  const record: BatchRecord = { stacks, uses: sumOfUses(config, hearings) };
  // The same batch has the same name, so that a second try replaces the first one's.
  const digest = createHash("sha256").update(JSON.stringify(keys)).digest("hex").slice(0, 32);
  const name = `runs/${BatchInput.run}/${digest}.json`;
  await place.write(name, json(record));
  return { record: name };
}
