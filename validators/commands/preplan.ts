/** Turns configuration that was not planned yet into the before-plan check's findings: what planning would run. */
import { loadConfig } from "../check";
import { ALLOWED } from "../gate/allowed";
import { checkBeforePlan } from "../gate/pre-plan-files";
import { withParser } from "../input";
import { said } from "../report/sanitize";
import { nativeAsJson } from "../source/index";

/** Prints what planning must not run, a line each: 1 if there is any, else 0. */
export async function run(paths: readonly string[], flags: { readonly config?: string }): Promise<number> {
  const { allow = {} } = loadConfig(flags.config);
  const allowed = {
    providers: [...ALLOWED.providers, ...(allow.providers ?? [])],
    modules: [...ALLOWED.modules, ...(allow.modules ?? [])],
    backends: [...ALLOWED.backends, ...(allow.backends ?? [])],
  };
  const findings = await withParser(() => checkBeforePlan(paths, allowed, nativeAsJson));
  for (const { file, at, message } of findings) process.stdout.write(`${said(`${file}: ${at}: ${message}`)}\n`);
  process.stdout.write(
    findings.length === 0
      ? "nothing here runs a program while it is planned, but for the providers that are allowed\n"
      : `${findings.length} to settle before anything is planned\n`,
  );
  return findings.length === 0 ? 0 : 1;
}
