/** Turns output that strangers have a say in into output in which GitHub Actions reads no commands. */
import { randomBytes } from "node:crypto";
import type { Environment } from "./child";

/**
 * Does work whose programs print what may come from a pull request, such as Terraform the values of outputs. On GitHub Actions
 * a line `::set-env …` or `::error …` would be obeyed: from here to the end of the work none is
 * (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#stopping-and-starting-workflow-commands).
 * The word that ends it is a new one each time, which those programs can't know.
 */
export async function withoutWorkflowCommands<T>(
  env: Environment,
  output: { write(text: string): unknown },
  work: () => Promise<T>,
): Promise<T> {
  if (env.GITHUB_ACTIONS !== "true") return await work();
  const word = randomBytes(16).toString("hex");
  output.write(`::stop-commands::${word}\n`);
  try {
    return await work();
  } finally {
    // on a line of its own, wherever the work left off
    output.write(`\n::${word}::\n`);
  }
}
