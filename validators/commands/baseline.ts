/** Turns today's findings of an old project into waivers in its configuration, so that only new ones block. */
import { existsSync } from "node:fs";
import { loadOwnConfig } from "../check";
import { writeWhole } from "../gate/write";
import { isDay, readConfig, type Waiver } from "../judge/index";
import { InputError, type Result } from "../kernel/index";
import { rulesFrom } from "../own-rules";
import { json, said } from "../report/sanitize";
import { judgeInputs } from "./judge-inputs";

/** The flags of `baseline`. */
export interface BaselineFlags {
  readonly owner: string;
  readonly expires: string;
  readonly reason: string;
  readonly source: readonly string[];
  readonly config: string;
  readonly account?: string;
  readonly rules?: readonly string[];
  readonly inputs?: string;
}

/**
 * Adds a waiver for each fail and undecided that none covers yet; says how many. Of several inputs, each waiver names its
 * own: the same address elsewhere is another finding. Status 0, or an InputError, and then nothing is written.
 */
export async function run(inputs: readonly string[], flags: BaselineFlags): Promise<number> {
  if (!isDay(flags.expires))
    throw new InputError(`--expires: expected a day as \`YYYY-MM-DD\`, found \`${flags.expires}\``);
  const { rules } = rulesFrom(flags.rules);
  const isThere = existsSync(flags.config);
  const config = isThere ? loadOwnConfig(flags.config, rules) : {};
  const { report } = await judgeInputs(
    { inputs, list: flags.inputs },
    {
      config: isThere ? flags.config : config,
      rules,
      sources: flags.source,
      ...(flags.account === undefined ? {} : { account: flags.account }),
    },
  );
  const { owner, expires, reason } = flags;
  const open = report.results.filter(({ verdict }) => verdict === "fail" || verdict === "undecided");
  const found = open
    .filter((result) => !isAmbiguous(result))
    .map(
      ({ rule, address, input }): Waiver => ({
        rule,
        address,
        ...(input === undefined ? {} : { input }),
        reason,
        owner,
        expires,
      }),
    );
  const next = { ...config, waivers: [...(config.waivers ?? []), ...found] };
  // Held to the same form as one that is read: an empty owner must not get in through this door.
  readConfig(
    next,
    flags.config,
    rules.map((rule) => rule.id),
  );
  if (found.length > 0) writeWhole(flags.config, json(next), 0o644);
  if (open.length === 0) process.stdout.write("nothing to accept: no finding is left that a waiver doesn't cover\n");
  if (found.length > 0)
    process.stdout.write(
      `${found.length} ${found.length === 1 ? "finding" : "findings"} accepted until ${expires} in ${said(flags.config)}\n`,
    );
  for (const { rule, address } of open.filter(isAmbiguous))
    process.stdout.write(
      `not accepted: \`${rule}\` for \`${said(address)}\`, since a waiver takes its \`*\` for anything: write one by hand if that is meant\n`,
    );
  return 0;
}

/** Whether a waiver of a result would cover others as well: a key of `for_each` and a folder may be called `*`. */
const isAmbiguous = ({ address, input = "" }: Result): boolean => `${address}${input}`.includes("*");
