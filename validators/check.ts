/** Turns an input's path into a report: the whole way from bytes to verdicts. */
import { existsSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import type { CheckOptions } from "./check-options";
import { naming, readBounded } from "./file-bytes";
import { type Input, type PlanFiles, readContent, readInput, withParser } from "./input";
import {
  type Config,
  type CourtOptions,
  extended,
  type Hearing,
  hear,
  isDay,
  judge,
  ownPreset,
  readConfig,
  readPreset,
  waiversInCode,
} from "./judge/index";
import { type Apart, InputError, type InputSummary, type Notice, type Report, StandInFails } from "./kernel/index";
import { memoryGuard } from "./memory";
import { buildGraph, graphOfConfiguration, type ResourceGraph } from "./model/index";
import { type Plan, readJson } from "./plan/index";
import { RULES, type Rule, remarksOn } from "./rules/index";
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
  /** The account that it was judged for. */
  readonly account?: string;
  /** Of a binary plan: SHA-256 of the JSON that it was shown as. */
  readonly planJsonSha256?: string;
}

/** Judges one input by its path. Throws {@link InputError} where the work can't be done. */
export async function judgeInput(path: string, options: CheckOptions & { readonly files: PlanFiles }): Promise<Judged> {
  const given = settings(options);
  const input = await readInput(path, options.sources ?? [], options.files);
  const { planJsonSha256 } = input;
  const report = await withParser(() =>
    onGraph(input, given, (graph) =>
      judge(graph, given.rules, summaryOf(input, graph), courtOptions(input, graph, given)),
    ),
  );
  return {
    report: completed(report, input),
    config: given.config,
    ...(given.account === undefined ? {} : { account: given.account }),
    ...(planJsonSha256 === undefined ? {} : { planJsonSha256 }),
  };
}

/** One of several inputs: where it is, and the path by which reports name it. */
export interface NamedInput {
  readonly path: string;
  readonly name: string;
}

/**
 * Judges one of several inputs. Files of its source are named below the input's own folder, as several may have a
 * `main.tf`; those that `--source` names are the same for all. Throws {@link InputError} where the work can't be done.
 */
export async function hearInput(
  { path, name }: NamedInput,
  options: CheckOptions & { readonly files: PlanFiles },
): Promise<Hearing> {
  const given = settings(options);
  const input = await readInput(path, options.sources ?? [], options.files);
  const { report, uses } = await withParser(() =>
    onGraph(input, given, (graph) => {
      const summary = { ...summaryOf(input, graph), path: name };
      return hear(graph, given.rules, summary, courtOptions(input, graph, given));
    }),
  );
  const { input: summary } = report;
  const isFolder = summary.kind === "source" || (summary.kind === "synth" && !name.endsWith(input.summary.path));
  const folder = isFolder ? name : name.slice(0, Math.max(0, name.lastIndexOf("/")));
  const placed = folder === "" || options.sources?.length ? report : inFolder(report, folder);
  return { report: completed(placed, input), uses };
}

const inFolder = (report: Report, folder: string): Report => ({
  ...report,
  results: report.results.map((result) =>
    result.source ? { ...result, source: { ...result.source, file: `${folder}/${result.source.file}` } } : result,
  ),
});

/**
 * Judges JSON in memory. Synchronous: expressions that are more than plain references need the parser, so call
 * `loadRuntime` once before. Throws {@link InputError} where the work can't be done.
 */
export function checkContent(content: string | Uint8Array | object, name: string, options: CheckOptions): Report {
  const given = settings(options);
  const input = readContent(content, name);
  return onGraph(input, given, (graph) =>
    judge(graph, given.rules, summaryOf(input, graph), courtOptions(input, graph, given)),
  );
}

/** What the options mean, with what they leave out looked up. */
export interface Settings {
  readonly config: Config;
  readonly account: string | undefined;
  readonly today: string;
  readonly rules: readonly Rule[];
}

/** Reads the configuration and the clock where the options don't say. Throws {@link InputError}. */
export function settings(options: CheckOptions): Settings {
  const { rules = RULES } = options;
  const config =
    typeof options.config === "object"
      ? withPresets(options.config, "config", ".", rules)
      : loadConfig(options.config, rules);
  const account = options.account ?? config.account;
  if (account !== undefined && !ACCOUNT.test(account))
    throw new InputError(`--account: expected twelve digits, found \`${account}\``);
  const today = options.today ?? new Date().toISOString().slice(0, 10);
  if (!isDay(today)) throw new InputError(`--today: expected a day as \`YYYY-MM-DD\`, found \`${today}\``);
  return { config, account, today, rules };
}

const summaryOf = (input: Input, { resources }: ResourceGraph): InputSummary => ({ ...input.summary, resources });

function courtOptions(input: Input, graph: ResourceGraph, { config, today, rules }: Settings): CourtOptions {
  return {
    version: VERSION,
    config,
    today,
    waivers: input.synthesized ? waiversInCode(input.synthesized.json, input.synthesized.file, ruleIds(rules)) : [],
    notices: input.notices,
    onStep: memoryGuard(input.summary.path),
    remarksOn: (subject, allowance) => remarksOn(subject, graph, allowance),
  };
}

/** With the lines of the user's own code, where the app was traced, and the digest of all that a directory's judging read. */
function completed(report: Report, input: Input): Report {
  const { synthesized, digest } = input;
  const told = lacksSource(report, input) ? { ...report, notices: [...report.notices, SOURCE_WOULD_TELL] } : report;
  const whole = digest ? { ...told, input: { ...told.input, sha256: digest() } } : told;
  return synthesized?.path === undefined ? whole : withSourceLines(whole, sourceLinesOf(synthesized.path));
}

const SOURCE_WOULD_TELL: Notice = {
  message:
    "no code was found beside the plan: with `--source`, the folder of its `.tf` files or its `cdk.tf.json`, much of what is undecided can be told",
};

/** Whether something stays open that a plan leaves out and its code may tell. */
const lacksSource = ({ results }: Report, { plan, source, summary }: Input): boolean =>
  plan !== undefined &&
  source === undefined &&
  summary.kind === "plan" &&
  results.some(({ undecided }) => undecided.some(({ because }) => because === "computed-at-apply"));

/**
 * Does something with the input's graph: first with stand-ins for what is alike, and where these can't tell what is asked,
 * with each by itself.
 */
function onGraph<T>(input: Input, { account, rules }: Settings, work: (graph: ResourceGraph) => T): T {
  const apart = (plan: Plan | undefined, which: Apart): Plan | undefined =>
    naming(input.summary.path, () => plan?.standIns?.without(which) ?? plan);
  // a rule of the user's may ask for anything: what an address is called, how many there are
  const areOurs = rules.every((rule) => RULES.includes(rule));
  // code calls modules by their names
  const hasNames = input.source !== undefined;
  const fitting = (plan: Plan | undefined): Plan | undefined => {
    const unfit = plan?.standIns?.groups.filter(({ isOfModules }) => !areOurs || (hasNames && isOfModules)) ?? [];
    const isGroup = (number: number): boolean => unfit.some((group) => group.number === number);
    return unfit.length === 0 ? plan : fitting(apart(plan, { isGroup }));
  };
  for (let plan = fitting(input.plan); ; )
    try {
      return work(build({ ...input, ...(plan ? { plan } : {}) }, account));
    } catch (error) {
      if (!(error instanceof StandInFails) || plan?.standIns === undefined) throw error;
      plan = fitting(apart(plan, error.apart));
    }
}

function build(input: Input, account: string | undefined): ResourceGraph {
  const { plan, source } = input;
  const known = { onStep: memoryGuard(input.summary.path), ...(account === undefined ? {} : { account }) };
  if (plan) return buildGraph(plan, { ...known, ...(source ? { source } : {}) });
  if (source) return graphOfConfiguration(source, known);
  throw new TypeError("an input has a plan or a source");
}

const ruleIds = (rules: readonly Rule[]): string[] => rules.map((rule) => rule.id);

/**
 * The configuration that is asked for, or the one in the working directory, or none; with the presets that it extends.
 * Without `rules` nobody knows which there are: then any id will do.
 */
export function loadConfig(named: string | undefined, rules?: readonly Rule[]): Config {
  const file = named ?? DEFAULT_CONFIG;
  if (named === undefined && !existsSync(file)) return {};
  return withPresets(loadOwnConfig(file, rules), file, dirname(file), rules);
}

/** The configuration in a file as it stands there, for who writes it back. */
export const loadOwnConfig = (file: string, rules?: readonly Rule[]): Config =>
  readConfig(jsonIn(file), file, rules && ruleIds(rules));

function withPresets(config: Config, file: string, folder: string, rules?: readonly Rule[]): Config {
  return extended(config, (name) => {
    if (!/^\.{0,2}\//.test(name)) return ownPreset(name, file);
    const path = isAbsolute(name) ? name : join(folder, name);
    return readPreset(jsonIn(path), path, rules && ruleIds(rules));
  });
}

const jsonIn = (file: string): unknown => naming(file, () => readJson([readBounded(file, MOST_CONFIG)]));
