/** Turns somebody's project into one behind the gate, and says on standard output what is left to fill in. */
import { initialise } from "../gate/init";
import { said } from "../report/sanitize";
import { VERSION } from "../version";

/** The flags of `init`. */
export interface InitFlags {
  readonly dir?: string;
  readonly branch?: string;
  readonly force?: boolean;
}

/** Writes the CI files of a system; an InputError where they can't be or mustn't. */
export function run(system: string, { dir, branch, force }: InitFlags): number {
  const { files, next } = initialise(system, {
    cwd: process.cwd(),
    version: VERSION,
    ...(dir === undefined ? {} : { directory: dir }),
    ...(branch === undefined ? {} : { branch }),
    ...(force === undefined ? {} : { force }),
  });
  process.stdout.write(
    `wrote ${files.join(", ")}\n\nto fill in:\n${next.map((line) => `  ${said(line)}`).join("\n")}\n`,
  );
  return 0;
}
