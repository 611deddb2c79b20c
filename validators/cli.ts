#!/usr/bin/env node
/** The process door: turns arguments into work, results into standard output, trouble into one line and an exit status. */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { gateCommand } from "./gate/command";
import { BrokenRuleError } from "./judge/index";
import { InputError } from "./kernel/index";
import { reasonOf } from "./reason";
import { said } from "./report/sanitize";
import { VERSION } from "./version";

/** Exit statuses (help/report.md). */
const STATUS = { clear: 0, fail: 1, unusable: 2, undecided: 3 } as const;

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

function account(value: string): string {
  if (!/^\d{12}$/.test(value)) throw new InvalidArgumentError("expected twelve digits");
  return value;
}

/** One line of trouble on standard error: it may quote a stranger's file, or a path out of one. */
const complain = (words: string): boolean => process.stderr.write(`tollgate: ${said(words)}\n`);

/** What commander says of wrong arguments (`error: unknown command 'chek'`, and below it what may be meant), in one line. */
const inOneLine = (text: string): string =>
  text
    .replace(/^error: /, "")
    .trim()
    .replace(/\n\(?Did you mean (.*?\?)\)?$/, "; did you mean $1");

/** Inputs are arguments or stand in a list: one of the two must be there. */
function expectInput(inputs: readonly string[], options: { readonly inputs?: string }, command: Command): void {
  if (inputs.length === 0 && options.inputs === undefined) command.error("error: missing required argument 'input'");
}

/** Takes the exit status of a command. */
type Exit = (status: number) => void;

/** Options of several commands, as commander takes them. */
const INPUTS = ["--inputs <file>", "more of them, one path a line; - for standard input"] as const;
const RULES = [
  "--rules <file>",
  "rules of your own beside Tollgate's: a CommonJS module or package, which is run (repeatable)",
  collect,
] as const;
const CONFIG = ["--config <file>", "configuration; default tollgate.json where there is one"] as const;
const ACCOUNT = ["--account <id>", "the account that the infrastructure belongs to", account] as const;

/** What makes each command, in the order of help. A command loads what it needs only when it runs: it must start fast. */
const COMMANDS: Readonly<Record<string, (command: Command, exit: Exit) => void>> = {
  check: (command, exit) => {
    command
      .description(
        "judge plan JSON, state JSON, synthesized JSON, a binary plan, a directory of .tf files, or - for standard input; several get one report",
      )
      .argument("[input...]", "what to judge: paths, s3://BUCKET/KEY, or s3://BUCKET/PREFIX/ for all below it")
      .option(...INPUTS)
      .option("--source <path>", "the code behind a plan: a cdk.tf.json or a directory (repeatable)", collect)
      .option("--format <name>", "text, json, sarif, junit, markdown, html, github, gitlab, bitbucket", "text")
      .option("--out <name=file>", "write another format to a file as well (repeatable)", collect)
      .option(...RULES)
      .option(...CONFIG)
      .option(...ACCOUNT)
      .addOption(
        new Option("--on-undecided <what>", "what an undecided rule does").choices(["block", "allow"]).default("block"),
      )
      .option("--seal <file>", "after a pass, write the seal of the plan file")
      .option("--seal-key <key>", "sign the seal: a PEM file, or awskms:///KEY")
      .option("--today <day>", "the day that waivers are held against, YYYY-MM-DD")
      // The gate's own: it knows where Terraform was initialised, and which configuration counts, if any.
      .addOption(new Option("--show-in <directory>").hideHelp())
      .addOption(new Option("--no-config").hideHelp())
      .action(async (inputs: string[], options) => {
        expectInput(inputs, options, command);
        exit(await (await import("./commands/check")).run(inputs, { source: [], out: [], ...options }));
      });
  },

  rules: (command, exit) => {
    command
      .description("list the rules: id, title, controls, severity")
      .option(...RULES)
      .addOption(new Option("--format <name>", "how to list them").choices(["text", "json"]).default("text"))
      .action(async (options) => exit((await import("./commands/rules")).list(options)));
  },

  explain: (command, exit) => {
    command
      .description("the help page of a rule")
      .argument("<rule>", "its id")
      .action(async (rule: string) => exit((await import("./commands/rules")).explain(rule)));
  },

  verify: (command, exit) => {
    command
      .description("say whether this very plan file is the one that passed the gate")
      .argument("<planfile>", "the binary plan")
      .requiredOption("--seal <file>", "its seal")
      .option("--public-key <file>", "accept only a seal that this key signed (PEM)")
      .option("--max-age <age>", "refuse an older seal: 90m, 24h, 7d; default 24h")
      .option(...RULES)
      .option(...CONFIG)
      .option(ACCOUNT[0], "refuse a seal of a judgement for another account; default the configuration's", ACCOUNT[2])
      .addOption(
        new Option("--on-undecided <what>", "allow: accept the seal of an undecided run as well")
          .choices(["block", "allow"])
          .default("block"),
      )
      .action(async (plan: string, options) => exit(await (await import("./commands/seal")).verify(plan, options)));
  },

  baseline: (command, exit) => {
    command
      .description("accept today's findings of an old project as waivers, so that only new ones block")
      .argument("[input...]", "what to judge, as for check; of several, each waiver names its input")
      .option(...INPUTS)
      .requiredOption("--owner <name>", "who answers for them")
      .requiredOption("--expires <day>", "the last day on which they are accepted, YYYY-MM-DD")
      .option("--reason <words>", "why", "found when Tollgate was introduced")
      .option("--source <path>", "the code behind a plan (repeatable)", collect)
      .option(...RULES)
      .option("--config <file>", "the configuration to write to", "tollgate.json")
      .option(...ACCOUNT)
      .action(async (inputs: string[], options) => {
        expectInput(inputs, options, command);
        exit(await (await import("./commands/baseline")).run(inputs, { source: [], ...options }));
      });
  },

  preplan: (command, exit) => {
    command
      .description("before anything is planned: only listed providers and modules, nothing that runs a program")
      .argument("<path...>", "synthesized JSON, or directories of .tf files")
      .option(...CONFIG)
      .action(async (paths: string[], options) => exit(await (await import("./commands/preplan")).run(paths, options)));
  },

  init: (command, exit) => {
    command
      .description("put a project behind the gate: write the file of its CI system, and say what to fill in")
      .argument("<system>", "github, gitlab, bitbucket or codebuild")
      .option("--dir <directory>", "where Terraform's configuration stands; default: the only CDKTF stack, else here")
      .option("--branch <name>", "the branch that is deployed; default main")
      .option("--force", "write over files that are there")
      .action(async (system: string, options) => exit((await import("./commands/init")).run(system, options)));
  },

  gate: gateCommand,
};

/** The program with the command that is asked for; with all of them where none is, since help and suggestions list them. */
function program(asked: string | undefined, exit: Exit): Command {
  const tollgate = new Command("tollgate")
    .description("decides, before apply, whether a Terraform plan keeps its buckets and keys safe")
    .version(VERSION)
    .showSuggestionAfterError(true)
    .configureOutput({ outputError: (text) => complain(inOneLine(text)) })
    .exitOverride();
  const isOne = asked !== undefined && Object.hasOwn(COMMANDS, asked);
  for (const [name, make] of Object.entries(COMMANDS)) if (!isOne || name === asked) make(tollgate.command(name), exit);
  return tollgate;
}

/** Runs the command line; gives the exit status. Never throws, never prints a stack trace. */
async function main(argv: readonly string[]): Promise<number> {
  let status: number = STATUS.clear;
  const tollgate = program(argv[2], (given) => {
    status = given;
  });
  try {
    // `tollgate complete bash|zsh|fish|powershell` prints the shell's script, which then asks `tollgate complete -- …`.
    if (argv[2] === "complete") (await import("@bomb.sh/tab/commander")).default(tollgate);
    await tollgate.parseAsync(argv);
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? STATUS.clear : STATUS.unusable;
    for (const one of error instanceof AggregateError ? error.errors : [error]) complain(troubleInWords(one));
    return STATUS.unusable;
  }
}

function troubleInWords(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  const isOurs = !(error instanceof InputError) && !(error instanceof BrokenRuleError);
  return isOurs ? `a fault of tollgate itself: ${words}; please report it` : words;
}

// A reader that goes away (`| head`) is no fault: the verdict's status still counts. Any other result that didn't arrive is.
let isLost = false;
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") return;
  isLost = true;
  process.exitCode = STATUS.unusable;
  complain(`standard output can't be written: ${reasonOf(error)}`);
});
// Nobody listens: the status still says it.
process.stderr.on("error", () => undefined);
// Whatever keeps the work from coming to its end, a run that ended without an answer is no pass.
process.exitCode = STATUS.unusable;
let isAnswered = false;
process.once("beforeExit", () => {
  if (!isAnswered) complain("a fault of tollgate itself: the work ended without an answer; please report it");
});
main(process.argv).then((status) => {
  isAnswered = true;
  process.exitCode = isLost ? STATUS.unusable : status;
});
