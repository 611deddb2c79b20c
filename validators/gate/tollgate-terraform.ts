#!/usr/bin/env node
/**
 * Turns `TERRAFORM_BINARY_NAME=tollgate-terraform cdktf deploy` into a deploy behind the gate: stands in for `terraform`,
 * passes everything through untouched, but an `apply` becomes plan, judge, and apply of that very plan file.
 */
import { setTimeout as pause } from "node:timers/promises";
import { InputError } from "../kernel/index";
import { readRequest } from "./arguments";
import { endBy, PASSED_ON } from "./child";
import { messageOf, plain } from "./plain";
import { deeper, type Exit, findTerraform, runTerraform, withoutExtraArguments } from "./terraform";

/**
 * A pseudo terminal's reader loses what was printed right before the exit: in milliseconds. An idle `cdktf` reads it within
 * 20, one on a busy machine took longer than 100.
 */
const LAST_WORDS = 1000;

async function main(argv: readonly string[]): Promise<Exit> {
  const terraform = findTerraform(process.env, process.cwd(), [__filename]);
  const env = deeper(process.env);
  const request = readRequest(argv, env);
  if (request.kind === "other")
    return runTerraform(terraform, request.args, { env: request.stripsExtra ? withoutExtraArguments(env) : env });

  const interruption = new AbortController();
  // Ours for the whole time: a signal between two children must not leave a plan file behind.
  for (const signal of PASSED_ON) process.on(signal, () => interruption.abort(signal));
  const { applyThroughGate } = await import("./apply");
  const { CLI, commandJudge } = await import("./judge");
  try {
    return await applyThroughGate(request, {
      terraform,
      env,
      judge: commandJudge(CLI, terraform, env),
      cwd: process.cwd(),
      input: process.stdin,
      output: process.stdout,
      error: process.stderr,
      interrupted: interruption.signal,
    });
  } finally {
    for (const signal of PASSED_ON) process.removeAllListeners(signal);
    if (process.stdout.isTTY) await pause(LAST_WORDS);
  }
}

// Whatever keeps the work from coming to its end, a run that ended without an answer is no pass.
process.exitCode = 2;
main(process.argv.slice(2)).then(
  ({ status, signal }) => {
    // Ended by a signal, as the child was: whoever started us sees the same.
    if (signal !== undefined) endBy(signal);
    process.exitCode = status;
  },
  async (error: unknown) => {
    const isOurs = !(error instanceof InputError);
    const said = isOurs ? `a fault of tollgate itself: ${messageOf(error)}; please report it` : messageOf(error);
    process.stderr.write(`tollgate-terraform: ${plain(said, 2000)}\n`);
    if (process.stderr.isTTY) await pause(LAST_WORDS);
    process.exitCode = 2;
  },
);
