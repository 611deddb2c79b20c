/** Turns `main.ts` into `cdktf.out`: `cdktf synth`, with the committed provider lock beside each synthesized stack. */
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { quietEnvironment, run, succeed } from "./terraform";

/** The checkout that this script belongs to. */
export const root = dirname(__dirname);

/** The provider lock under version control. */
export const committedLock = join(root, "stacks", ".terraform.lock.hcl");

/** Where a stack was synthesized to: its folder, and the Terraform JSON in it. */
export interface SynthesizedStack {
  readonly folder: string;
  readonly json: string;
}

/** The stacks by name, as `manifest.json` lists them. The manifest is CDKTF's own, just written. */
function synthesizedStacks(out: string): Map<string, SynthesizedStack> {
  const manifest: { stacks: Record<string, { workingDirectory: string; synthesizedStackPath: string }> } = JSON.parse(
    readFileSync(join(out, "manifest.json"), "utf8"),
  );
  return new Map(
    Object.entries(manifest.stacks).map(([name, stack]) => [
      name,
      { folder: join(out, stack.workingDirectory), json: join(out, stack.synthesizedStackPath) },
    ]),
  );
}

/**
 * Synthesizes all stacks into `out`; `settings` are variables for `stacks/settings.ts`. Throws with what CDKTF printed when it fails.
 *
 * The lock is copied only where none is: Terraform keeps its own up to date, and `cdktf deploy` then needs no call to the
 * registry to make one.
 */
export async function synthesize(
  settings: NodeJS.ProcessEnv = {},
  out: string = join(root, "cdktf.out"),
): Promise<Map<string, SynthesizedStack>> {
  const command = join(root, "node_modules", ".bin", "cdktf");
  succeed(
    await run(command, ["synth", "--output", out], { cwd: root, env: { ...quietEnvironment(), ...settings } }),
    "`cdktf synth`",
  );
  const stacks = synthesizedStacks(out);
  for (const { folder } of stacks.values()) {
    const lock = join(folder, ".terraform.lock.hcl");
    if (!existsSync(lock)) copyFileSync(committedLock, lock);
  }
  return stacks;
}

/**
 * Fills `folder` with a copy of a synthesized stack and an override file, so that it can be planned in another way than
 * its own without a trace in `cdktf.out/stacks`. Terraform's `.terraform` is kept: a provider is fetched once.
 * https://developer.hashicorp.com/terraform/language/files/override
 */
export function copyStack(stack: SynthesizedStack, folder: string, overrides: object): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (name !== ".terraform") rmSync(join(folder, name), { recursive: true });
  copyFileSync(stack.json, join(folder, "cdk.tf.json"));
  const assets = join(stack.folder, "assets");
  if (existsSync(assets)) cpSync(assets, join(folder, "assets"), { recursive: true });
  copyFileSync(committedLock, join(folder, ".terraform.lock.hcl"));
  writeFileSync(join(folder, "copy_override.tf.json"), JSON.stringify(overrides, undefined, 2));
}

if (require.main === module)
  synthesize().then(
    (stacks) => process.stdout.write(`synthesized into cdktf.out: ${[...stacks.keys()].join(", ")}\n`),
    (error: Error) => {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 2;
    },
  );
