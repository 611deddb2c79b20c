/** Turns the hearings of several inputs into one report: each result names its input, each waiver is accounted for once. */
import { sha256Of } from "../cryptography";
import type { InputSummary, JudgedInput, Notice, Report, Result, Verdict } from "../kernel/index";
import type { Config } from "./config";
import { type Hearing, verdictOf } from "./court";
import { remarksOnWaivers } from "./waivers";

/**
 * One report of all. `hearings` come in the order that the report is to have, and `input.path` differs in each.
 * Results stay sorted by address and rule within an input. At least one hearing; a single one is a report of one input.
 */
export function together(hearings: readonly Hearing[], { config, today }: { config: Config; today: string }): Report {
  const [first] = hearings;
  if (first === undefined) throw new TypeError("a report is of one input at least");
  const reports = hearings.map(({ report }) => report);
  const { schemaVersion, tool } = first.report;
  const summary = sumOfSummaries(reports);
  const uses = sumOfUses(config, hearings);
  const onWaivers = remarksOnWaivers(config.waivers ?? [], uses, today);
  if (hearings.length === 1) return { ...first.report, notices: [...first.report.notices, ...onWaivers] };
  return {
    schemaVersion,
    tool,
    verdict: verdictOf(summary),
    summary,
    input: whole(reports.map(({ input }) => input)),
    inputs: reports.map(({ input, verdict, summary }): JudgedInput => ({ ...input, verdict, summary })),
    results: reports.flatMap(({ input, results }) =>
      results.map((result): Result => ({ input: input.path, ...result })),
    ),
    notices: [
      ...reports.flatMap(({ input, notices }) => notices.map((one): Notice => ({ input: input.path, ...one }))),
      ...onWaivers,
    ],
  };
}

const VERDICTS = ["pass", "fail", "undecided", "waived"] as const;

/** How many results of each verdict there are in all. */
export function sumOfSummaries(all: readonly Pick<Report, "summary">[]): Report["summary"] {
  const sum: Record<Verdict, number> = { pass: 0, fail: 0, undecided: 0, waived: 0 };
  for (const { summary } of all) for (const verdict of VERDICTS) sum[verdict] += summary[verdict];
  return sum;
}

/** How many results each waiver of the configuration covers in all. */
export const sumOfUses = ({ waivers = [] }: Config, all: readonly Pick<Hearing, "uses">[]): number[] =>
  waivers.map((_, index) => all.reduce((sum, { uses }) => sum + (uses[index] ?? 0), 0));

/** What is true of all inputs. The digest is that of the list of their digests, as `sha256sum` prints one. */
function whole(inputs: readonly InputSummary[]): InputSummary {
  const list = inputs.map(({ sha256, path }) => `${sha256}  ${path}\n`).join("");
  const formatVersion = shared(inputs.map((input) => input.formatVersion));
  const terraformVersion = shared(inputs.map((input) => input.terraformVersion));
  return {
    path: `${inputs.length} inputs`,
    kind: shared(inputs.map(({ kind }) => kind)) ?? "mixed",
    sha256: sha256Of(list),
    ...(formatVersion === undefined ? {} : { formatVersion }),
    ...(terraformVersion === undefined ? {} : { terraformVersion }),
    resources: inputs.reduce((sum, { resources }) => sum + resources, 0),
  };
}

/** The one value that all have. */
const shared = <T>([first, ...more]: readonly T[]): T | undefined =>
  more.every((one) => one === first) ? first : undefined;
