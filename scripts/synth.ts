/** Turns `main.ts` into `cdktf.out`: `cdktf synth`, with the committed provider lock beside each synthesized stack. */
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { quietEnvironment, run } from "./terraform";

/** The checkout that this script belongs to. */
export const root = dirname(__dirname);

/** Where a stack was synthesized to: its folder, and the Terraform JSON in it. */
export interface SynthesizedStack {
  readonly folder: string;
  readonly json: string;
}

/** The stacks by name, as `cdktf.out/manifest.json` lists them. The manifest is CDKTF's own, just written. */
function synthesizedStacks(): Map<string, SynthesizedStack> {
  const out = join(root, "cdktf.out");
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
 * Synthesizes all stacks. Throws with what CDKTF printed when it fails.
 *
 * The lock is copied only where none is: Terraform keeps its own up to date, and `cdktf deploy` then needs no call to the
 * registry to make one.
 */
export async function synthesize(): Promise<Map<string, SynthesizedStack>> {
  const command = join(root, "node_modules", ".bin", "cdktf");
  const outcome = await run(command, ["synth"], { cwd: root, env: quietEnvironment() });
  if (outcome.status !== 0) throw new Error(`\`cdktf synth\` failed\n${outcome.stdout}${outcome.stderr}`);
  const stacks = synthesizedStacks();
  for (const { folder } of stacks.values()) {
    const lock = join(folder, ".terraform.lock.hcl");
    if (!existsSync(lock)) copyFileSync(join(root, "stacks", ".terraform.lock.hcl"), lock);
  }
  return stacks;
}

if (require.main === module)
  synthesize().then(
    (stacks) => process.stdout.write(`synthesized into cdktf.out: ${[...stacks.keys()].join(", ")}\n`),
    (error: Error) => {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 2;
    },
  );
