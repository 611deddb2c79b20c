/** Turns the wrapper's source into a program in a folder of its own, with a made-up terraform and a made-up judge beside it. */
import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** Answers like Terraform as far as the wrapper looks: plans into `-out`, shows what was applied, logs how it was called. */
const TERRAFORM = `#!/bin/sh
printf '%s\\n' "$*" >> "$LOG"
env | grep ^TF_CLI_ARGS >> "$LOG"
# One program in the background and a wait: dash forgets a signal that comes while it starts a program.
until_signal() {
  sleep 60 < /dev/null > /dev/null 2>&1 &
  trap "kill $!; echo CAUGHT INT; exit 9" INT
  trap "kill $!; echo CAUGHT TERM; exit 9" TERM
  echo READY
  wait
}
chdir=""
for arg in "$@"; do case "$arg" in -chdir=*) chdir="\${arg#-chdir=}"; shift;; *) break;; esac; done
[ -n "$chdir" ] && cd "$chdir"
command="$1"
case "$command" in
  plan)
    for arg in "$@"; do case "$arg" in -out=*) out="\${arg#-out=}";; esac; done
    echo "the plan"
    printf '%s' "\${FAKE_PLAN:-planned}" > "$out"
    ls -l "$out" | cut -c1-10 >> "$LOG"
    exit "\${FAKE_PLAN_STATUS:-2}" ;;
  apply)
    for arg in "$@"; do last="$arg"; done
    echo "APPLIED $(cat "$last")"
    [ -n "$FAKE_SLOW" ] && until_signal
    exit "\${FAKE_APPLY_STATUS:-0}" ;;
  console) cat; echo "in $(pwd)"; echo "to stderr" >&2; exit 0 ;;
  validate) exit 7 ;;
  graph) kill -TERM $$ ;;
  refresh) until_signal ;;
  *) echo "terraform $*" ;;
esac
`;

/** Judges as the environment says, and reports as \`tollgate check\` does. */
const JUDGE = `
const { readFileSync, writeFileSync, appendFileSync } = require("node:fs");
const { createHash } = require("node:crypto");
const args = process.argv.slice(2);
appendFileSync(process.env.LOG, "tollgate " + args.map((arg) => arg.replace(/=.*[/]/, "=")).map((arg) => arg.replace(/^.*[/]/, "")).join(" ") + "\\n");
const sha256 = process.env.FAKE_SHA ?? createHash("sha256").update(readFileSync(args[1])).digest("hex");
const report = JSON.stringify({ verdict: process.env.FAKE_VERDICT ?? "pass", input: { sha256 } });
if (!process.env.FAKE_SILENT) args.forEach((arg, at) => {
  if (args[at - 1] !== "--out") return;
  const [name, file] = arg.split(/=(.*)/s);
  writeFileSync(file, name === "json" ? report : "the report\\n");
});
if (process.env.FAKE_CHANGE) appendFileSync(args[1], "!");
process.stdout.write(process.env.FAKE_TEXT ?? "the verdict\\n");
process.exitCode = Number(process.env.FAKE_STATUS ?? "0");
`;

/** What a run left behind. */
export interface Ran {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** How Terraform and the judge were called, line by line; paths shortened. */
  readonly calls: readonly string[];
}

/** A folder with the wrapper, a made-up terraform and a made-up judge. */
export class Workshop {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "tollgate-wrapper-")));
  readonly work = join(this.folder, "work");
  readonly private = join(this.folder, "private");
  readonly wrapper = join(this.folder, "bin", "tollgate-terraform");
  readonly log = join(this.folder, "log");

  constructor() {
    for (const name of ["bin", "real", "work", "private"]) mkdirSync(join(this.folder, name));
    buildSync({
      entryPoints: [join(__dirname, "../../validators/gate/tollgate-terraform.ts")],
      outfile: this.wrapper,
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
    });
    chmodSync(this.wrapper, 0o755);
    writeFileSync(join(this.folder, "bin", "cli.cjs"), JUDGE);
    writeFileSync(join(this.folder, "real", "terraform"), TERRAFORM);
    chmodSync(join(this.folder, "real", "terraform"), 0o755);
  }

  /** The environment in which the wrapper stands in for terraform; plans are kept below `private`. */
  env(more: Record<string, string> = {}): Record<string, string> {
    rmSync(this.log, { force: true });
    const path = [join(this.folder, "bin"), join(this.folder, "real"), process.env.PATH ?? ""].join(":");
    return { PATH: path, LOG: this.log, TMPDIR: this.private, HOME: this.folder, ...more };
  }

  start(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
    return spawn(this.wrapper, [...args], { cwd: this.work, env: this.env(env), stdio: "pipe" });
  }

  /** Runs the wrapper to its end. `during` sees standard output as it grows. */
  run(
    args: readonly string[],
    env: Record<string, string> = {},
    input = "",
    during: (stdout: string, child: ChildProcess) => void = () => undefined,
  ): Promise<Ran> {
    const child = this.start(args, env);
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (chunk) => {
      stdout += chunk;
      during(stdout, child);
    });
    child.stderr?.on("data", (chunk) => {
      stderr += chunk;
    });
    child.stdin?.on("error", () => undefined).end(input);
    return new Promise((done) => {
      child.on("close", (status, signal) => done({ status, signal, stdout, stderr, calls: this.calls() }));
    });
  }

  calls(): readonly string[] {
    if (!existsSync(this.log)) return [];
    const lines = readFileSync(this.log, "utf8").trimEnd().split("\n");
    return lines.map((line) => line.replaceAll(/[^\s=]*\/private\/tollgate-\w+/g, "PRIVATE"));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
