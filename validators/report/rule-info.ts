/** What a report may say about a rule: its title and texts, without the rule itself (reporters see only verdicts). */
import type { Severity } from "../kernel/index";

/** A rule as reports describe it; every rule of `rules/` satisfies this. */
export interface RuleInfo {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** `NIST-800-53-r5 SC-13` and the like. */
  readonly controls: readonly string[];
  readonly why: string;
  readonly fix: string;
  /** The fix as code; what `SUBJECT`, `NAME` and `EACH` in the HCL stand for, `fix-code.ts` says. */
  readonly snippets?: {
    readonly hcl: string;
    readonly typescript: string;
    /** They are the fix only where a caller gets in. */
    readonly onlyFor?: "callers";
  };
  readonly blindSpots: readonly string[];
  /** The ids of the same check in other tools. */
  readonly elsewhere: {
    readonly checkov: readonly string[];
    readonly trivy: readonly string[];
    readonly awsConfig: readonly string[];
    readonly securityHub: readonly string[];
  };
}
