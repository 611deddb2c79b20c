/**
 * Turns Terraform's arguments into what they ask for: an apply, which the gate takes in hand, or another command, which it
 * lets through. Reads them as Terraform 1.x and OpenTofu do: Go's flag syntax, `TF_CLI_ARGS` included.
 */
import { InputError } from "../kernel/index";
import type { Environment } from "./child";
import { isAmbiguous, mayApply } from "./passed-commands";
import { plain } from "./plain";
import { shellWords } from "./shell-words";

/** An `apply` or `destroy`, taken apart into what its plan and its apply are to be told. */
export interface ApplyRequest {
  readonly kind: "apply";
  /** What stands before the command: `-chdir=DIR`. */
  readonly globals: readonly string[];
  /** The directory of `-chdir`, as given. */
  readonly chdir?: string;
  /** The saved plan to apply, as given. */
  readonly planFile?: string;
  /** Flags for `plan`. */
  readonly planFlags: readonly string[];
  /** Flags for `apply PLANFILE`. */
  readonly applyFlags: readonly string[];
  /** `-var` and `-var-file` of a plan that is still to be made: needed again by the apply where a variable is ephemeral. */
  readonly variables: readonly string[];
  readonly isApproved: boolean;
  readonly isDestroy: boolean;
  readonly isRefreshOnly: boolean;
  /** Machine-readable output was asked for. */
  readonly isJson: boolean;
}

/** What is asked for. */
export type Request =
  | ApplyRequest
  /** Not an apply. `stripsExtra`: Terraform would, or could, take a command from `TF_CLI_ARGS`. */
  | { readonly kind: "other"; readonly args: readonly string[]; readonly stripsExtra: boolean };

const HELP = new Set(["-h", "-help", "--help"]);
const VERSION = new Set(["-v", "-version", "--version"]);

/** Flags of `apply` that take a value, which may be the next argument. */
const VALUED = new Set([
  "backup",
  "deprecation",
  "exclude",
  "exclude-file",
  "invoke",
  "json-into",
  "lock-timeout",
  "parallelism",
  "replace",
  "state",
  "state-out",
  "target",
  "target-file",
  "var",
  "var-file",
]);

/** Flags of `apply` that are true or false: a value stands behind `=`. */
const BOOLEAN = new Set([
  "allow-deferral",
  "auto-approve",
  "compact-warnings",
  "concise",
  "consolidate-errors",
  "consolidate-warnings",
  "destroy",
  "input",
  "json",
  "lock",
  "no-color",
  "refresh",
  "refresh-only",
  "show-sensitive",
  "suppress-forget-errors",
]);

/** What Go's `strconv.ParseBool` takes for true, and for false. */
const TRUE = /^(?:1|t|T|TRUE|true|True)$/;
const FALSE = /^(?:0|f|F|FALSE|false|False)$/;

/** Flags that only an apply has. */
const APPLY_ONLY = new Set(["auto-approve", "backup", "state-out"]);

/** Flags that only a plan has: `apply` refuses them, and so must we, before they reach our own plan. */
const PLAN_ONLY = new Set(["out", "detailed-exitcode", "generate-config-out"]);

/** Flags that the apply of a saved plan takes as well. */
const ALSO_OF_APPLY = new Set([
  "backup",
  "compact-warnings",
  "concise",
  "consolidate-errors",
  "consolidate-warnings",
  "deprecation",
  "input",
  "json",
  "json-into",
  "lock",
  "lock-timeout",
  "no-color",
  "parallelism",
  "show-sensitive",
  "state",
  "state-out",
]);

/**
 * What `argv` (without the program's name) asks for.
 * @throws InputError for what no `apply` takes, and for what may be one to Terraform and isn't: neither must be guessed at.
 */
export function readRequest(argv: readonly string[], env: Environment): Request {
  const at = argv.findIndex((arg) => arg === "--" || (arg !== "" && !arg.startsWith("-")));
  const command = at === -1 ? undefined : argv[at];
  if (command === undefined || command === "--") return { kind: "other", args: argv, stripsExtra: true };
  if (command !== "apply" && command !== "destroy") {
    if (mayApply(command))
      throw new InputError(`expected \`apply\`, or a command that applies nothing, found \`${plain(command)}\``);
    return { kind: "other", args: argv, stripsExtra: isAmbiguous(command, argv[at + 1]) };
  }
  const given = [...extra(`TF_CLI_ARGS_${command}`, env), ...extra("TF_CLI_ARGS", env), ...argv.slice(at + 1)];
  const globals = argv.slice(0, at);
  // Terraform answers both wherever they stand; said alone they can't be misread as an apply.
  const all = [...globals, ...given];
  if (all.some((arg) => HELP.has(arg))) return { kind: "other", args: [command, "-help"], stripsExtra: true };
  if (all.some((arg) => VERSION.has(arg))) return { kind: "other", args: ["version"], stripsExtra: true };
  return applyRequest(command, globals, given);
}

/** Flags that the environment adds right behind the command. */
function extra(name: string, env: Environment): readonly string[] {
  return shellWords(env[name] ?? "", name);
}

function applyRequest(
  command: "apply" | "destroy",
  globals: readonly string[],
  given: readonly string[],
): ApplyRequest {
  const chdir = globals
    .filter((arg) => arg.startsWith("-chdir="))
    .at(-1)
    ?.slice("-chdir=".length);
  const { flags, rest } = readFlags(given);
  const [planFile, ...more] = rest;
  const surplus = command === "destroy" ? planFile : more[0];
  if (surplus !== undefined)
    throw new InputError(
      `\`${command}\`: expected ${command === "apply" ? "at most one saved plan, after all flags" : "flags only"}, found \`${surplus}\``,
    );
  const planOnly = flags.find(({ name }) => PLAN_ONLY.has(name));
  if (planOnly !== undefined) throw new InputError(`\`${command}\` has no flag \`-${planOnly.name}\``);
  if (planFile !== undefined) refuseUnknown(flags, planFile);
  const isApproved = isSet(flags, "auto-approve");
  const isJson = isSet(flags, "json");
  if (isJson && !isApproved && planFile === undefined)
    throw new InputError("`-json`: expected `-auto-approve` or a saved plan beside it, since nobody can be asked then");
  const words = (wanted: (name: string) => boolean): readonly string[] =>
    flags.filter(({ name }) => wanted(name)).flatMap((flag) => flag.words);
  return {
    kind: "apply",
    globals,
    ...(chdir === undefined ? {} : { chdir }),
    ...(planFile === undefined ? {} : { planFile }),
    planFlags: [...words((name) => !APPLY_ONLY.has(name)), ...(command === "destroy" ? ["-destroy"] : [])],
    // Of a saved plan Terraform hears all of them, and refuses or ignores what doesn't fit.
    applyFlags: words((name) => planFile !== undefined || ALSO_OF_APPLY.has(name)),
    variables: planFile === undefined ? words((name) => name === "var" || name === "var-file") : [],
    isApproved,
    isDestroy: command === "destroy" || isSet(flags, "destroy"),
    isRefreshOnly: isSet(flags, "refresh-only"),
    isJson,
  };
}

/** A flag that isn't known may take the next word for its value, and that would be the plan: Terraform would make another. */
function refuseUnknown(flags: readonly Flag[], planFile: string): void {
  const unknown = flags.find(({ name }) => !VALUED.has(name) && !BOOLEAN.has(name));
  if (unknown !== undefined)
    throw new InputError(`\`apply\`: expected flags that are known before \`${planFile}\`, found \`-${unknown.name}\``);
}

interface Flag {
  readonly name: string;
  readonly value?: string;
  /** As they stood. */
  readonly words: readonly string[];
}

/** Flags up to the first argument that is none, as Go's `flag` package reads them, and the rest. */
function readFlags(given: readonly string[]): { flags: readonly Flag[]; rest: readonly string[] } {
  const flags: Flag[] = [];
  for (let at = 0; at < given.length; at++) {
    const word = given[at] ?? "";
    if (word === "--") return { flags, rest: given.slice(at + 1) };
    if (word.length < 2 || !word.startsWith("-")) return { flags, rest: given.slice(at) };
    const [, name = "", value] = /^--?([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (value !== undefined && BOOLEAN.has(name) && !TRUE.test(value) && !FALSE.test(value))
      throw new InputError(`\`-${name}\`: expected \`true\` or \`false\`, found \`${value}\``);
    if (value !== undefined || !VALUED.has(name)) {
      flags.push({ name, ...(value === undefined ? {} : { value }), words: [word] });
      continue;
    }
    const next = given[++at];
    if (next === undefined) throw new InputError(`\`-${name}\`: expected a value, found none`);
    flags.push({ name, value: next, words: [word, next] });
  }
  return { flags, rest: [] };
}

/** Whether a Boolean flag is on: the last one counts. */
function isSet(flags: readonly Flag[], name: string): boolean {
  const last = flags.filter((flag) => flag.name === name).at(-1);
  return last !== undefined && TRUE.test(last.value ?? "true");
}
