/**
 * Turns the first words of Terraform's arguments into whether they are a command that the gate passes on.
 *
 * Terraform's library for command lines takes the longest command that the words, joined, begin with, and then looks only
 * whether that command stands somewhere before a space or the end (https://github.com/mitchellh/cli, `processArgs`). So
 * `applyapply`, `apply/apply` and `applyx myapply` are an `apply` to it: what begins like one and isn't it is never passed on.
 */

/**
 * The commands that apply a plan, and `cloud`, `stacks` and `rpcapi`, by which an apply can be approved or run that never
 * comes by the gate.
 */
const APPLYING = ["apply", "destroy", "cloud", "stacks", "rpcapi"];

/** Whether Terraform may take a first word for a command that applies. */
export const mayApply = (word: string): boolean => APPLYING.some((command) => word.startsWith(command));

/** The other commands of Terraform 1.x and OpenTofu 1.x, each with those below it. */
const COMMANDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    console: [],
    env: ["delete", "list", "new", "select"],
    fmt: [],
    "force-unlock": [],
    get: [],
    graph: [],
    import: [],
    init: [],
    login: [],
    logout: [],
    metadata: ["functions"],
    modules: [],
    output: [],
    plan: [],
    providers: ["lock", "mirror", "schema"],
    push: [],
    query: [],
    refresh: [],
    show: [],
    state: ["identities", "list", "ls", "move", "mv", "pull", "push", "remove", "replace-provider", "rm", "show"],
    taint: [],
    test: [],
    untaint: [],
    validate: [],
    version: [],
    workspace: ["delete", "list", "new", "select", "show"],
  } satisfies Record<string, readonly string[]>).map(([name, below]) => [name, new Set(below)]),
);

/**
 * Whether Terraform may not find the command among the arguments as it stands (`state "list "`, a command of a later
 * version): then it puts the words of `TF_CLI_ARGS` in front of them, and the first of those is the command.
 */
export function isAmbiguous(command: string, next: string | undefined): boolean {
  const below = COMMANDS.get(command);
  if (below === undefined) return true;
  return below.size > 0 && next !== undefined && !next.startsWith("-") && !below.has(next);
}
