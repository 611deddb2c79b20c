/** Turns a stack's name into its deployment through the gate, or into its end: `npm run deploy -- STACK`, `npm run destroy -- STACK`. */
import { join } from "node:path";
import { ended, start, withSignals } from "../validators/gate/child";
import { InputError } from "../validators/kernel/index";
import { root, synthesize } from "./synth";
import { run, succeed } from "./terraform";

/** `cdktf deploy` or `destroy` with the gate in place of Terraform; what follows the command is cdktf's (`--auto-approve`). */
async function main([command = "", ...args]: readonly string[]): Promise<number> {
  if (!["deploy", "destroy"].includes(command) || args.length === 0)
    throw new InputError(
      "expected `npm run deploy -- STACK` or `npm run destroy -- STACK` (main.ts says which there are)",
    );
  succeed(await run(process.execPath, [join("scripts", "build.mjs")], { cwd: root }), "building `dist/`");
  // With the committed provider lock beside each stack: cdktf then needs no call to the registry to make one.
  await synthesize();
  const cdktf = join(root, "node_modules", ".bin", "cdktf");
  const child = start(cdktf, [command, "--skip-synth", ...args], {
    cwd: root,
    env: { ...process.env, TERRAFORM_BINARY_NAME: join(root, "dist", "tollgate-terraform.cjs") },
  });
  const { status } = await withSignals(child, () => ended(child, cdktf, "run `npm ci`"));
  return status;
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
