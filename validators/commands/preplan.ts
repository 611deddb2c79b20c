/** Turns configuration that was not planned yet into the before-plan check's findings: what planning would run. */
import { loadConfig } from "../check";
import { ALLOWED } from "../gate/allowed";
import { checkBeforePlan } from "../gate/pre-plan-files";
import { line } from "../report/sanitize";

/** Prints what planning must not run, a line each: 1 if there is any, else 0. */
export function run(paths: readonly string[], flags: { readonly config?: string }): number {
  const { allow = {} } = loadConfig(flags.config);
  const findings = checkBeforePlan(paths, {
    providers: [...ALLOWED.providers, ...(allow.providers ?? [])],
    modules: [...ALLOWED.modules, ...(allow.modules ?? [])],
    backends: [...ALLOWED.backends, ...(allow.backends ?? [])],
  });
  for (const { file, at, message } of findings) process.stdout.write(`${line(`${file}: ${at}: ${message}`)}\n`);
  process.stdout.write(
    findings.length === 0
      ? "nothing here runs a program while it is planned, but for the providers that are allowed\n"
      : `${findings.length} to settle before anything is planned\n`,
  );
  return findings.length === 0 ? 0 : 1;
}
