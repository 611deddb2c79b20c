/**
 * Real files, made hostile, thrown at every reader: each is answered or refused in one line, soon, and leaves no trace.
 * `npm run fuzz` goes on for as long as it is told; what it finds is kept in `corpus/`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { useParser } from "../source/parser";
import { attack, cleanUp, READERS } from "./fuzz/readers";

beforeAll(useParser);
afterAll(cleanUp);

/** Inputs for each reader, and where they begin: the same in every run, unless `npm run fuzz` says otherwise. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 150);
const SEED = Number(process.env.FUZZ_SEED ?? 20261127);
const ONLY = process.env.FUZZ_READER;
jest.setTimeout(2_000_000_000);

const CORPUS = join(__dirname, "corpus");

const wanted = [...READERS].filter(([name]) => ONLY === undefined || name === ONLY);

test.each(wanted)(`%s: ${RUNS} inputs from seed ${SEED}`, async (_, reader) => {
  const outcomes = { answered: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(reader.inputs, async (bytes) => {
      outcomes[await attack(reader, bytes)]++;
    }),
    { numRuns: RUNS, seed: SEED },
  );
  // A fuzzer whose inputs all fall at the first hurdle tests only that.
  expect(outcomes.answered).toBeGreaterThan(0);
});

/** `plan.refused.key-twice.json`: the reader, what must become of it, why it is kept. */
const kept = readdirSync(CORPUS).map((name) => [name, ...name.split(".")] as const);
test.each(kept)("kept: %s", async (file, reader = "", outcome) => {
  const found = READERS.get(reader.replaceAll("-", " "));
  if (found === undefined) throw new Error(`no reader is called \`${reader}\``);
  expect(await attack(found, readFileSync(join(CORPUS, file)))).toBe(outcome);
});
