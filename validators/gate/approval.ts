/** Turns a plan that passed into Terraform's own question and a person's answer. CDKTF reads these sentences and types the answer. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { ApplyRequest } from "./arguments";
import type { Environment } from "./child";
import { plain } from "./plain";

/** Sentences that CDKTF takes for a question or an answer of Terraform (facts-cdktf: its deploy machine). */
const SENTENCES: readonly RegExp[] = [
  /Do you (?=want to perform these actions)/gi,
  /Do you (?=really want to destroy all resources)/gi,
  /Do you (?=want to override the soft failed policy check)/gi,
  /(?:approved|discarded|overridden) (?=using the UI or API)/gi,
  /Enter a (?=value:)/gi,
];

/** A report in which no sentence is left that CDKTF would act on; a name in a plan may contain one. */
export const withoutQuestions = (text: string): string =>
  SENTENCES.reduce((said, sentence) => said.replaceAll(sentence, (words) => `${words.trimEnd()}_`), text);

/** The workspace that is selected, `default` where none is. */
export function workspaceOf(cwd: string, env: Environment): string {
  if (env.TF_WORKSPACE) return env.TF_WORKSPACE;
  const file = join(resolve(cwd, env.TF_DATA_DIR || ".terraform"), "environment");
  return existsSync(file) ? readFileSync(file, "utf8").trim() || "default" : "default";
}

/** Terraform's question before an apply that nobody approved yet, in its words. */
export function questionOf(request: Pick<ApplyRequest, "isDestroy" | "isRefreshOnly">, workspace: string): string {
  const where = workspace === "default" ? "" : ` in workspace ${plain(JSON.stringify(workspace))}`;
  const [question, details] = request.isDestroy
    ? [
        `Do you really want to destroy all resources${where}?`,
        "Terraform will destroy all your managed infrastructure, as shown above.\n  There is no undo. Only 'yes' will be accepted to confirm.",
      ]
    : request.isRefreshOnly
      ? [
          `Would you like to update the Terraform state${where} to reflect these detected changes?`,
          "Terraform will write these changes to the state without modifying any real infrastructure.\n  There is no undo. Only 'yes' will be accepted to confirm.",
        ]
      : [
          `Do you want to perform these actions${where}?`,
          "Terraform will perform the actions described above.\n  Only 'yes' will be accepted to approve.",
        ];
  return `\n${question}\n  ${details}\n\n  Enter a value: `;
}

/** The answer: only `yes` is one. `end-of-input` where nobody can answer. */
export type Answer = "yes" | "no" | "end-of-input";

/** Asks, and waits for a line. `interrupted` ends the waiting with `no`. */
export function ask(question: string, input: Readable, output: Writable, interrupted: AbortSignal): Promise<Answer> {
  return new Promise((answer) => {
    let line = "";
    const done = (given: Answer): void => {
      input.off("data", read).off("end", end).off("error", end).pause();
      interrupted.removeEventListener("abort", stop);
      output.write("\n");
      answer(given);
    };
    const read = (chunk: Buffer | string): void => {
      line += chunk.toString();
      const [said, ...more] = line.split(/\r?\n/);
      if (more.length > 0) done(said?.trim() === "yes" ? "yes" : "no");
      // Nobody says yes in more than this: what never ends is no answer.
      else if (line.length > 1024) done("no");
    };
    const end = (): void => done("end-of-input");
    const stop = (): void => done("no");
    interrupted.addEventListener("abort", stop);
    output.write(question);
    input.on("data", read).on("end", end).on("error", end).resume();
    if (interrupted.aborted) stop();
  });
}
