/** Turns the arguments of `tollgate check` into reports on standard output and in files, and an exit status. */
import { resolve } from "node:path";
import { planFilesIn } from "../files";
import { isStream, statOf, writeWhole } from "../gate/write";
import { isRemote } from "../input";
import { InputError, type Report } from "../kernel/index";
import { rulesFrom } from "../own-rules";
import { FORMATS, type FormatName, isFormat, piecesOf, REPORTERS } from "../report/index";
import { judgeInputs, onlyFile } from "./judge-inputs";

/** The flags of `check`, as the command line gives them (README.md). */
export interface Flags {
  readonly inputs?: string;
  readonly source: readonly string[];
  readonly format: string;
  readonly out: readonly string[];
  /** `false`: none, not even the one in the working directory. Internal, for the gate, which knows where it may lie. */
  readonly config?: string | false;
  readonly account?: string;
  readonly rules?: readonly string[];
  readonly onUndecided: "block" | "allow";
  readonly seal?: string;
  readonly sealKey?: string;
  readonly today?: string;
  /** Internal, for the gate: the initialised directory in which Terraform shows a binary plan. */
  readonly showIn?: string;
}

/** The exit status that a report means (help/report.md). */
export function statusOf(report: Report, onUndecided: Flags["onUndecided"]): number {
  switch (report.verdict) {
    case "pass":
      return 0;
    case "fail":
      return 1;
    case "undecided":
      return onUndecided === "block" ? 3 : 0;
  }
}

/** Judges the inputs, writes the reports, gives the exit status. Nothing is printed before everything is judged. */
export async function run(inputs: readonly string[], flags: Flags): Promise<number> {
  const format = formatOf(flags.format, "--format");
  const outs = flags.out.map(outOf);
  refuseCollisions(inputs, outs, flags);
  const given = { inputs, list: flags.inputs };
  const only = onlyFile(given);
  if (only === undefined && flags.seal !== undefined)
    throw new InputError("--seal: expected one plan file, since a seal is of one");
  if (flags.sealKey !== undefined && flags.seal === undefined)
    throw new InputError("--seal-key: expected --seal beside it, since it signs the seal");
  const { rules, marks } = rulesFrom(flags.rules);
  // Text says nothing of digests.
  const isUndigested = flags.seal === undefined && [format, ...outs.map(({ name }) => name)].every(isText);
  const files = { isUndigested, ...(flags.showIn === undefined ? {} : planFilesIn(flags.showIn)) };
  const { config, ...told } = { ...flags, rules, sources: flags.source };
  const chosen = config === undefined ? {} : { config: config === false ? {} : config };
  const { report, judged } = await judgeInputs(given, { ...told, ...chosen }, files);
  const options = { rules, undecidedBlocks: flags.onUndecided === "block" };
  for (const { name, file } of outs) writeWhole(file, await (await REPORTERS[name]())(report, options), 0o644);
  if (flags.seal !== undefined && judged && only !== undefined)
    await (await import("./seal")).sealPlan(only, judged, flags.seal, { ...flags, marks });
  const toTerminal = process.stdout.isTTY === true;
  const isPainted = format === "text" && (toTerminal || isForced());
  // A terminal that doesn't know its width says 0.
  const look = isPainted ? { colour: wantsColour(), width: Math.min(process.stdout.columns || 80, 100) } : {};
  for (const piece of await piecesOf(format, report, { ...options, ...look })) process.stdout.write(piece);
  return statusOf(report, flags.onUndecided);
}

/** https://no-color.org and the convention of FORCE_COLOR. */
const isForced = (): boolean => !["", "0", undefined].includes(process.env.FORCE_COLOR);
const wantsColour = (): boolean => isForced() || (!process.env.NO_COLOR && process.env.TERM !== "dumb");

const isText = (name: FormatName): boolean => name === "text";

function formatOf(name: string, flag: string): FormatName {
  if (isFormat(name)) return name;
  throw new InputError(`${flag}: expected ${FORMATS.map((one) => `\`${one}\``).join(", ")}, found \`${name}\``);
}

interface Out {
  readonly name: FormatName;
  readonly file: string;
}

function outOf(out: string): Out {
  const at = out.indexOf("=");
  if (at <= 0 || at === out.length - 1)
    throw new InputError(`--out: expected \`NAME=FILE\`, such as \`sarif=reports/tollgate.sarif\`, found \`${out}\``);
  if (isRemote(out.slice(at + 1)))
    throw new InputError(
      `--out: expected a file, found \`${out.slice(at + 1)}\`: write it here, then \`aws s3 cp\` it`,
    );
  return { name: formatOf(out.slice(0, at), "--out"), file: out.slice(at + 1) };
}

/** A file that is written must be no other file of the run: neither what is judged, nor another thing that is written. */
function refuseCollisions(inputs: readonly string[], outs: readonly Out[], flags: Flags): void {
  const taken = new Map<string, string>();
  const take = (flag: string, file: string | undefined): void => {
    if (file === undefined || file === "-" || isStream(file)) return;
    const stat = statOf(file);
    // Two names, one file: a link, or a file system that doesn't tell cases apart.
    for (const identity of [resolve(file), ...(stat === undefined ? [] : [`${stat.dev}:${stat.ino}`])]) {
      const before = taken.get(identity);
      if (before !== undefined && before !== flag && (flag.startsWith("--out") || flag === "--seal"))
        throw new InputError(`${flag}: \`${file}\` is ${before} as well: name another file`);
      taken.set(identity, flag);
    }
  };
  for (const input of inputs) if (!isRemote(input)) take("the input", input);
  if (flags.inputs !== undefined) take("the list of inputs", flags.inputs);
  if (flags.config !== false) take("the configuration", flags.config ?? "tollgate.json");
  for (const source of flags.source) take("the source", source);
  take("the key of the seal", flags.sealKey);
  for (const { name, file } of outs) take(`--out ${name}`, file);
  take("--seal", flags.seal);
}
