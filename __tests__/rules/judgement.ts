/** Turns a judgement into what people get to read of it, and into what is wrong with its form. */
import type { Judgement } from "../../validators/kernel/index";

/** One line, lower case but for names, no final stop (CONTRIBUTING.md). */
const MESSAGE = /^(?![A-Z][a-z]+ [a-z])[^\n]{10,600}[^.\n\s]$/;

/** What is wrong, or nothing: every verdict stands on something that people can read and act on. */
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

/** What is read of it, a line for each finding: the message, `->` what to do or the values that decide it, `@` the companions. */
export function told(judgement: Judgement): readonly string[] {
  const at = (related: readonly string[] | undefined): string => (related?.length ? ` @ ${related.join(", ")}` : "");
  switch (judgement.verdict) {
    case "pass":
      return [`pass: ${judgement.evidence}${at(judgement.related)}`];
    case "undecided": {
      const gaps = judgement.gaps.map(
        ({ value, because, expression }) => `${value} (${because}${expression === undefined ? "" : `, ${expression}`})`,
      );
      return [`undecided: ${judgement.message} -> ${gaps.join(", ")}${at(judgement.related)}`];
    }
    case "fail":
      return judgement.findings.map((one) => `fail: ${one.message} -> ${one.remediation}${at(one.related)}`);
  }
}
