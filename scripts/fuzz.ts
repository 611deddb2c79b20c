/**
 * Turns minutes into inputs that nobody thought of, for every reader: rounds of `__tests__/hostile/fuzz.test.ts`, each from
 * another seed, until the time is over or something breaks. `npm run fuzz -- --minutes 60 --reader plan --seed 1`.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    runs: { type: "string", default: "2000" },
    reader: { type: "string" },
    seed: { type: "string" },
  },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  process.stderr.write("--minutes: expected a number above zero\n");
  process.exit(2);
}

const root = join(import.meta.dirname, "..");
const end = Date.now() + minutes * 60_000;
let seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
for (let round = 1; round === 1 || Date.now() < end; round++, seed++) {
  process.stdout.write(
    `round ${round}: ${values.runs} inputs for ${values.reader ?? "every reader"} from seed ${seed}\n`,
  );
  const { status } = spawnSync("npx", ["jest", "-w", "1", "--silent", "__tests__/hostile/fuzz.test.ts"], {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      FUZZ_SEED: String(seed),
      FUZZ_RUNS: values.runs,
      ...(values.reader === undefined ? {} : { FUZZ_READER: values.reader }),
    },
  });
  if (status !== 0) {
    process.stderr.write(
      `seed ${seed} breaks something: keep the input that is printed above in __tests__/hostile/corpus/, then repair\n`,
    );
    process.exit(1);
  }
}
