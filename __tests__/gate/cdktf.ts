/** Turns the small CDKTF app in `fixtures/app` into a project of its own, deployed by the real `cdktf` through the gate. */
/// <reference types="@cdktf/node-pty-prebuilt-multiarch" />
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Emulator } from "../../scripts/emulator";
import { root } from "../../scripts/synth";
import { type Outcome, run } from "../../scripts/terraform";

/** The terminals that cdktf-cli itself uses. Its types go by the name that the package has besides (CONTRIBUTING.md). */
const { spawn: spawnInTerminal }: typeof import("@lydell/node-pty") = require("@cdktf/node-pty-prebuilt-multiarch");

/** Escape sequences of a terminal. */
const ESCAPES = /\u001b\[[0-9;?]*[A-Za-z]/g;

/** A CDKTF project in a private folder, and `cdktf` in it with the gate in place of terraform. */
export class Project {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "tollgate-cdktf-")));

  /** Where its programs put what is temporary: other tests have plans in the machine's own folder at the same time. */
  readonly temporary = join(this.folder, "tmp");

  constructor(private readonly emulator: Emulator) {
    copyFileSync(join(__dirname, "fixtures", "app", "main.ts"), join(this.folder, "main.ts"));
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    mkdirSync(join(this.folder, "bin"));
    mkdirSync(this.temporary);
    // As npm links a package's `bin`: cdktf looks for a bare name, from the stack's folder.
    symlinkSync(join(root, "dist", "tollgate-terraform.cjs"), join(this.folder, "bin", "tollgate-terraform"));
    const settings = {
      app: "node --import tsx main.ts",
      language: "typescript",
      projectId: "gate",
      sendCrashReports: "false",
    };
    writeFileSync(join(this.folder, "cdktf.json"), JSON.stringify(settings));
  }

  private env(broken: string): NodeJS.ProcessEnv {
    return {
      ...this.emulator.env,
      BROKEN: broken,
      TMPDIR: this.temporary,
      PATH: [join(this.folder, "bin"), process.env.PATH].join(delimiter),
      TERRAFORM_BINARY_NAME: "tollgate-terraform",
      CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
    };
  }

  /** The same without `CI`: with it, cdktf asks nothing. */
  private terminalEnv(): Record<string, string> {
    const { CI: _, ...env } = this.env("");
    return Object.fromEntries(
      Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
  }

  /** `cdktf ARGS`; the stacks in `broken` (comma-separated) break a rule. */
  cdktf(args: readonly string[], broken = ""): Promise<Outcome> {
    const command = join(root, "node_modules", ".bin", "cdktf");
    return run(command, args, { cwd: this.folder, env: this.env(broken) });
  }

  /** `cdktf ARGS` in a pseudo terminal, answering its question with these keys. */
  interactive(args: readonly string[], question: string, keys: string): Promise<{ status: number; said: string }> {
    const terminal = spawnInTerminal(join(root, "node_modules", ".bin", "cdktf"), [...args], {
      cwd: this.folder,
      env: this.terminalEnv(),
      cols: 200,
      rows: 50,
    });
    let said = "";
    let isAnswered = false;
    terminal.onData((data) => {
      said += data.replaceAll(ESCAPES, "");
      if (isAnswered || !said.includes(question)) return;
      isAnswered = true;
      // The question is drawn before its keys are listened to.
      setTimeout(() => terminal.write(keys), 1000);
    });
    return new Promise((done) => terminal.onExit(({ exitCode }) => done({ status: exitCode, said })));
  }

  /** Addresses in a stack's state; empty where there is none. */
  state(stack: string): readonly string[] {
    const file = join(this.folder, `terraform.${stack}.tfstate`);
    if (!existsSync(file)) return [];
    const { resources }: { resources: { mode: string; type: string; name: string }[] } = JSON.parse(
      readFileSync(file, "utf8"),
    );
    return resources
      .filter(({ mode }) => mode === "managed")
      .map(({ type }) => type)
      .sort();
  }

  /** The full report that the gate kept of a stack. */
  report(stack: string): string {
    return readFileSync(join(this.folder, "reports", `${stack}.txt`), "utf8");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
