/** Turns each goal of the table into what this machine takes for it. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { EMPTY, fullParse, type Start, tollgate } from "./contestants";
import { type Growth, RESOURCES_PER_UNIT } from "./grow";
import { type Contestant, type Cost, inTurn, median, medianRatio } from "./measure";
import { installedPeers } from "./peers";
import { type GrownPlan, planOf } from "./plans";
import { showCost } from "./show-cost";

/** What was found for a goal; `isMet` is absent where nothing could be measured. */
export interface Figure {
  readonly found: string;
  readonly isMet?: boolean;
}

/** A line of the table. */
export interface Row {
  /** What `--only` calls it. */
  readonly id: string;
  readonly measure: string;
  readonly goal: string;
  /** Whether it takes many minutes, and is left out unless asked for. */
  readonly isLong: boolean;
  run(bench: Bench): Figure | Promise<Figure>;
}

/** Runs contestants and remembers what it has measured. */
export class Bench {
  /** Most memory of Tollgate by plan, MiB, and of an empty Node.js in the same round. */
  readonly peaks: { readonly plan: GrownPlan; readonly memory: number; readonly empty: number }[] = [];
  readonly #triples = new Map<string, Triple>();

  constructor(
    readonly folder: string,
    readonly rounds: number | undefined,
    readonly say: (progress: string) => void,
  ) {}

  /** A plan of some growth; the folder keeps it for the rows after. */
  plan(growth: Growth): GrownPlan {
    const { layout, action, units } = growth;
    this.say(`growing a plan: ${layout}, ${action}, ${units * RESOURCES_PER_UNIT} resources`);
    return planOf(growth, this.folder);
  }

  /** What contestants cost in turn. */
  inTurn(contestants: readonly Contestant[], rounds: number): Cost[][] {
    const work = join(this.folder, "work");
    mkdirSync(work, { recursive: true });
    const often = this.rounds ?? rounds;
    this.say(`${contestants.map(({ name }) => name).join(", ")}: ${often} rounds`);
    return inTurn(contestants, often, work);
  }

  /** Tollgate, a full parse and an empty Node.js, in turn on one plan. */
  triple(growth: Growth, rounds: number, start: Start = {}): Triple {
    const key = JSON.stringify([growth, start]);
    const known = this.#triples.get(key);
    if (known !== undefined) return known;
    const plan = this.plan(growth);
    const [ours = [], full = [], empty = []] = this.inTurn([tollgate(plan, start), fullParse(plan), EMPTY], rounds);
    this.note(plan, ours, empty);
    const triple = { plan, ours, full, empty };
    this.#triples.set(key, triple);
    return triple;
  }

  /** Keeps what memory a plan took. */
  note(plan: GrownPlan, ours: readonly Cost[], empty: readonly Cost[]): void {
    this.peaks.push({ plan, memory: median(ours.map(memoryOf)), empty: median(empty.map(memoryOf)) });
  }
}

interface Triple {
  readonly plan: GrownPlan;
  readonly ours: readonly Cost[];
  readonly full: readonly Cost[];
  readonly empty: readonly Cost[];
}

const memoryOf = ({ memory }: Cost): number => memory;
const cpuOf = (costs: readonly Cost[]): number => median(costs.map(({ cpu }) => cpu));
const times = (ratio: number): string => `${ratio.toFixed(2)} ×`;
const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;
const megabytes = ({ size }: GrownPlan): string => `${(size / 1e6).toFixed(0)} MB`;

/** Violations in every plan that is large enough: what is counted must be there to be found. */
const VIOLATIONS = 7;
const flat = (resources: number, action: Growth["action"] = "create"): Growth => ({
  layout: "flat",
  action,
  units: Math.ceil(resources / RESOURCES_PER_UNIT),
  violations: VIOLATIONS,
});
/** Ten resources or so: two units that exist, all that is to be known of them in the plan. */
const FEW: Growth = { layout: "flat", action: "no-op", units: 2 };

/** A plan against a full parse of it. */
function againstFull(bench: Bench, growth: Growth, limit: number, rounds: number): Figure {
  const { plan, ours, full } = bench.triple(growth, rounds);
  const ratio = medianRatio(ours, full);
  return {
    found: `${times(ratio)} (${seconds(cpuOf(ours))} of ${seconds(cpuOf(full))}; ${megabytes(plan)})`,
    isMet: ratio <= limit,
  };
}

const parseRow = (
  id: string,
  measure: string,
  growth: Growth,
  limit: number,
  rounds: number,
  isLong: boolean,
): Row => ({
  id,
  measure,
  goal: `at most ${limit.toFixed(1)} ×`,
  isLong,
  run: (bench) => againstFull(bench, growth, limit, rounds),
});

/** MiB that a plan of so many resources may take on top of an empty Node.js. */
const allowance = (resources: number): number => 48 + (resources * 1000) / (1 << 20);

function memory(bench: Bench): Figure {
  if (bench.peaks.length === 0) bench.triple(flat(6_000), 3);
  let worst: { readonly share: number; readonly found: string } | undefined;
  for (const { plan, memory, empty } of bench.peaks) {
    const limit = empty + allowance(plan.resources);
    const found = `${memory.toFixed(0)} MiB of ${limit.toFixed(0)} (${plan.resources} resources, ${plan.layout}, ${megabytes(plan)})`;
    if (worst === undefined || memory / limit > worst.share) worst = { share: memory / limit, found };
  }
  return { found: `at worst ${worst?.found}`, isMet: (worst?.share ?? 2) <= 1 };
}

/** CPU of a resource more, between the plan of ten resources and larger ones. */
function growth(bench: Bench, sizes: readonly number[]): Figure {
  const few: Growth = { ...FEW, action: "create" };
  const per = sizes.map((size) => {
    const [small, large] = [bench.plan(few), bench.plan(flat(size))];
    const rounds = size > 50_000 ? 1 : 5;
    const [base = [], ours = []] = bench.inTurn([tollgate(small), tollgate(large)], rounds);
    return ours.map(({ cpu }, round) => ((cpu - (base[round]?.cpu ?? 0)) * 1000) / (large.resources - small.resources));
  });
  const each = per.map(median);
  const spread = Math.max(...each) / Math.min(...each);
  const list = each.map((cost, at) => `${sizes[at]}: ${cost.toFixed(0)} µs`).join(", ");
  return { found: `${times(spread)} (${list})`, isMet: spread <= 1.3 };
}

/** The whole run, divided by its buckets: each policy is recovered from source, decided four times, and reported. */
function recovered(bench: Bench, buckets: number): Figure {
  const plan = bench.plan({ layout: "flat", action: "create", units: buckets, violations: VIOLATIONS });
  const [ours = []] = bench.inTurn([tollgate(plan)], 3);
  const each = cpuOf(ours) / buckets;
  return { found: `${each.toFixed(2)} ms (${buckets} buckets, reading and reporting included)`, isMet: each < 1 };
}

function peers(bench: Bench): Figure {
  const found = installedPeers();
  if (found.length === 0) return { found: "none is installed" };
  const lines: string[] = [];
  let isMet = true;
  for (const { name, contestant } of found)
    for (const [resources, limit] of [
      [102, 1],
      [6_000, 20],
    ] as const) {
      const plan = bench.plan(flat(resources));
      try {
        const [theirs = [], ours = []] = bench.inTurn([contestant(plan), tollgate(plan)], resources > 1_000 ? 3 : 7);
        const ratio = medianRatio(theirs, ours);
        isMet &&= ratio >= limit;
        lines.push(`${name}, ${plan.resources} resources: ${times(ratio)}`);
      } catch (error) {
        lines.push(`${name}: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`);
      }
    }
  return { found: lines.join("; "), isMet };
}

async function besideShow(bench: Bench, units: number): Promise<Figure> {
  bench.say(`terraform plan of ${units} units, then terraform show -json`);
  const shown = await showCost(bench.folder, units, bench.rounds ?? 3);
  if (shown === undefined) return { found: "terraform or moto_server is not installed" };
  const { costs, check } = shown;
  const [ours = []] = bench.inTurn([check], costs.length);
  const ratio = medianRatio(ours, costs);
  return {
    found: `${(ratio * 100).toFixed(1)} % (${seconds(cpuOf(ours))} of ${seconds(cpuOf(costs))}; ${units * RESOURCES_PER_UNIT} resources)`,
    isMet: ratio <= 0.05,
  };
}

/** The table, in the order of the goals. */
export const ROWS: readonly Row[] = [
  {
    id: "start",
    measure: "a plan of ten resources, whole process, against `node -e 0`",
    goal: "at most 1.6 ×",
    isLong: false,
    run: (bench) => {
      const { ours, empty } = bench.triple(FEW, 15);
      const ratio = medianRatio(ours, empty);
      return {
        found: `${times(ratio)} (${cpuOf(ours).toFixed(0)} ms of ${cpuOf(empty).toFixed(0)} ms)`,
        isMet: ratio <= 1.6,
      };
    },
  },
  parseRow("10mb", "10 MB plan (6,000 resources), CPU against full parse", flat(6_000), 1, 7, false),
  parseRow("60mb", "60 MB plan, mixed (16,000 resources)", flat(16_000, "mixed"), 0.8, 5, false),
  parseRow("100k-created", "100,000 resources, created", flat(100_000), 0.6, 3, true),
  parseRow("100k-mixed", "100,000 resources, mixed", flat(100_000, "mixed"), 0.6, 3, true),
  parseRow(
    "100k-modules",
    "100,000 resources, a module block per unit",
    { ...flat(100_000), layout: "calls" },
    0.6,
    3,
    true,
  ),
  {
    id: "memory",
    measure: "peak memory, worst of the plans above",
    goal: "Node's own + 48 MiB + 1 KB a resource",
    isLong: false,
    run: memory,
  },
  {
    id: "huge",
    measure: "1.8 GB plan (500,000 resources, mixed), 512 MB heap",
    goal: "finishes, right verdicts",
    isLong: true,
    run: (bench) => {
      const plan = bench.plan(flat(500_000, "mixed"));
      const start = { node: ["--max-old-space-size=512"] };
      const [ours = [], empty = []] = bench.inTurn([tollgate(plan, start), EMPTY], 1);
      bench.note(plan, ours, empty);
      return {
        found: `${seconds(cpuOf(ours))}, ${median(ours.map(memoryOf)).toFixed(0)} MiB; ${megabytes(plan)}`,
        isMet: true,
      };
    },
  },
  {
    id: "growth",
    measure: "CPU of one more resource, from 1,000 to 30,000",
    goal: "within 1.3 × of each other",
    isLong: false,
    run: (bench) => growth(bench, [1_000, 6_000, 30_000]),
  },
  {
    id: "growth-long",
    measure: "CPU of one more resource, from 1,000 to 500,000",
    goal: "within 1.3 × of each other",
    isLong: true,
    run: (bench) => growth(bench, [1_000, 10_000, 100_000, 500_000]),
  },
  {
    id: "recovered",
    measure: "one bucket whose policy is recovered from source and decided, over 10,000",
    goal: "under 1 ms on average",
    isLong: false,
    run: (bench) => recovered(bench, 10_000),
  },
  {
    id: "peers",
    measure: "CPU of other tools with equivalent rules against ours",
    goal: "at least 20 × from 6,000 resources up, never less than ours above 100",
    isLong: false,
    run: peers,
  },
  {
    id: "show",
    measure: "`tollgate check` against the `terraform show -json` that made its input",
    goal: "at most 5 % of its CPU",
    isLong: false,
    run: (bench) => besideShow(bench, 100),
  },
];
