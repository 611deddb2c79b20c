/** Turns an input's path into a report: the whole way from bytes to verdicts. */
import { existsSync, readFileSync } from "node:fs";
import { type Input, loadRuntime, type PlanFiles, readInput, reasonOf } from "./input";
import { type Config, isDay, judge, readConfig } from "./judge/index";
import { InputError, type Report } from "./kernel/index";
import { buildGraph, graphOfConfiguration, type ResourceGraph } from "./model/index";
import { RULES, remarksOn } from "./rules/index";
import { ParserMissing } from "./source/index";
import { VERSION } from "./version";

/** What `tollgate check` can be told. */
export interface CheckOptions {
  /** `--source`. */
  readonly sources?: readonly string[];
  /** `--config`; default `tollgate.json` in the working directory, where there is one. */
  readonly config?: string;
  /** `--account`; wins over the configuration's. */
  readonly account?: string;
  /** `--today`, `YYYY-MM-DD`: the day that waivers are held against. Default: the clock's, UTC. */
  readonly today?: string;
  readonly files: PlanFiles;
}

const DEFAULT_CONFIG = "tollgate.json";
const ACCOUNT = /^\d{12}$/;

/** Judges one input. Throws {@link InputError} where the work can't be done. */
export async function checkInput(path: string, options: CheckOptions): Promise<Report> {
  const config = loadConfig(options.config);
  const account = options.account ?? config.account;
  if (account !== undefined && !ACCOUNT.test(account))
    throw new InputError(`--account: expected twelve digits, found \`${account}\``);
  const today = options.today ?? new Date().toISOString().slice(0, 10);
  if (!isDay(today)) throw new InputError(`--today: expected a day as \`YYYY-MM-DD\`, found \`${today}\``);
  const input = await readInput(path, options.sources ?? [], options.files);
  const graph = await graphOf(input, account);
  return judge(
    graph,
    RULES,
    { ...input.summary, resources: graph.resources },
    {
      version: VERSION,
      config,
      today,
      notices: input.notices,
      remarksOn: (subject) => remarksOn(subject, graph),
    },
  );
}

/** The parser is loaded only where some expression needs it: most plans don't, and it costs as much as all the rest. */
async function graphOf(input: Input, account: string | undefined): Promise<ResourceGraph> {
  try {
    return build(input, account);
  } catch (error) {
    if (!(error instanceof ParserMissing)) throw error;
    await loadRuntime();
    return build(input, account);
  }
}

function build({ plan, source }: Input, account: string | undefined): ResourceGraph {
  const known = account === undefined ? {} : { account };
  if (plan) return buildGraph(plan, { ...known, ...(source ? { source } : {}) });
  if (source) return graphOfConfiguration(source, known);
  throw new TypeError("an input has a plan or a source");
}

/** The configuration that is asked for, or the one in the working directory, or none. */
function loadConfig(named: string | undefined): Config {
  const file = named ?? DEFAULT_CONFIG;
  if (named === undefined && !existsSync(file)) return {};
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? `expected JSON: ${error.message}` : reasonOf(error);
    throw new InputError(`${file}: ${why}`);
  }
  return readConfig(
    json,
    file,
    RULES.map((rule) => rule.id),
  );
}
