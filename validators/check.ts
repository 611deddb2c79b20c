/** Turns an input's path into a report: the whole way from bytes to verdicts. */
import { existsSync } from "node:fs";
import type { CheckOptions } from "./check-options";
import { type Input, loadRuntime, naming, type PlanFiles, readBounded, readContent, readInput } from "./input";
import { type Config, isDay, judge, readConfig, waiversInCode } from "./judge/index";
import { InputError, type Report } from "./kernel/index";
import { buildGraph, graphOfConfiguration, type ResourceGraph } from "./model/index";
import { readJson } from "./plan/index";
import { RULES, type Rule, remarksOn } from "./rules/index";
import { ParserMissing } from "./source/index";
import { sourceLinesOf, withSourceLines } from "./source-lines";
import { VERSION } from "./version";

export type { CheckOptions } from "./check-options";

const DEFAULT_CONFIG = "tollgate.json";
/** Bytes of a configuration: room for waivers by the ten thousand. */
const MOST_CONFIG = 16 << 20;
const ACCOUNT = /^\d{12}$/;

/** A report, and what else a seal says of how it came about. */
export interface Judged {
  readonly report: Report;
  readonly config: Config;
  /** Of a binary plan: SHA-256 of the JSON that it was shown as. */
  readonly planJsonSha256?: string;
}

/** Judges one input by its path. Throws {@link InputError} where the work can't be done. */
export async function judgeInput(path: string, options: CheckOptions & { readonly files: PlanFiles }): Promise<Judged> {
  const { config, account, today } = settings(options);
  const input = await readInput(path, options.sources ?? [], options.files);
  const graph = await graphOf(input, account);
  const { planJsonSha256 } = input;
  const judged = verdictOn(input, graph, config, today, options);
  const synthesized = input.synthesized?.path;
  const report = synthesized === undefined ? judged : withSourceLines(judged, sourceLinesOf(synthesized));
  return { report, config, ...(planJsonSha256 === undefined ? {} : { planJsonSha256 }) };
}

/**
 * Judges JSON in memory. Synchronous: expressions that are more than plain references need the parser, so call
 * {@link loadRuntime} once before. Throws {@link InputError} where the work can't be done.
 */
export function checkContent(content: string | Uint8Array | object, name: string, options: CheckOptions): Report {
  const { config, account, today } = settings(options);
  const input = readContent(content, name);
  return verdictOn(input, build(input, account), config, today, options);
}

function settings(options: CheckOptions): { config: Config; account: string | undefined; today: string } {
  const { rules = RULES } = options;
  const config = typeof options.config === "object" ? options.config : loadConfig(options.config, rules);
  const account = options.account ?? config.account;
  if (account !== undefined && !ACCOUNT.test(account))
    throw new InputError(`--account: expected twelve digits, found \`${account}\``);
  const today = options.today ?? new Date().toISOString().slice(0, 10);
  if (!isDay(today)) throw new InputError(`--today: expected a day as \`YYYY-MM-DD\`, found \`${today}\``);
  return { config, account, today };
}

function verdictOn(input: Input, graph: ResourceGraph, config: Config, today: string, options: CheckOptions): Report {
  return judge(
    graph,
    options.rules ?? RULES,
    { ...input.summary, resources: graph.resources },
    {
      version: VERSION,
      config,
      today,
      waivers: input.synthesized
        ? waiversInCode(input.synthesized.json, input.synthesized.file, ruleIds(options.rules ?? RULES))
        : [],
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

const ruleIds = (rules: readonly Rule[]): string[] => rules.map((rule) => rule.id);

/** The configuration that is asked for, or the one in the working directory, or none. */
export function loadConfig(named: string | undefined, rules: readonly Rule[]): Config {
  const file = named ?? DEFAULT_CONFIG;
  if (named === undefined && !existsSync(file)) return {};
  const json = naming(file, () => readJson([readBounded(file, MOST_CONFIG)]));
  return readConfig(json, file, ruleIds(rules));
}
