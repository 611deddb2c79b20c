/** Turns a judgement into what is wrong with its form: every verdict stands on something that people can read and act on. */
import type { Judgement } from "../../validators/kernel/index";

/** Lower case but for names, no final stop, one line (house.md). */
const MESSAGE = /^(?![A-Z][a-z]+ [a-z])[^\n]{10,600}[^.\n\s]$/;

/** What is wrong, or nothing. `related` may name these companions only. */
export function problemsOf(judgement: Judgement): readonly string[] {
  const problems: string[] = [];
  const demand = (isMet: boolean, what: string): void => {
    if (!isMet) problems.push(`${what}: ${JSON.stringify(judgement)}`);
  };
  switch (judgement.verdict) {
    case "pass":
      demand(MESSAGE.test(judgement.evidence), "a pass says what it stands on");
      break;
    case "undecided":
      demand(MESSAGE.test(judgement.message), "an undecided says what can't be told");
      demand(judgement.gaps.length > 0, "an undecided names the values that decide it");
      for (const gap of judgement.gaps) demand(gap.value !== "", "a value has a name");
      break;
    case "fail":
      for (const { message, remediation } of judgement.findings) {
        demand(MESSAGE.test(message), "a finding says what is wrong");
        demand(remediation !== undefined && remediation.length > 10, "a finding says what to do");
      }
      break;
  }
  return problems;
}
