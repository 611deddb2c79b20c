/** What is said of a rule, without the rule itself: reporters see only verdicts, and describe rules by this. */
import type { Severity } from "./result";

/** A rule's texts, plain English without markup of any format; code and user text in backticks. */
export interface RuleInfo {
  /** The name of its file and of its help page, such as `s3-tls-only`. */
  readonly id: string;
  readonly title: string;
  /** Where the configuration says nothing else. */
  readonly severity: Severity;
  /** `NIST-800-53-r5 SC-13` and the like. */
  readonly controls: readonly string[];
  readonly why: string;
  readonly fix: string;
  /**
   * The fix as code, a few lines: HCL, in which `SUBJECT` is the bucket's or key's reference, `NAME` its name and a line `EACH`
   * what repeats a resource as often as it (nothing where there is one only), and TypeScript for CDKTF, in which they are
   * called `bucket` and `key`.
   */
  readonly snippets?: {
    readonly hcl: string;
    readonly typescript: string;
    /** They confine callers: shown where one gets in, not for a service, an ACL or a policy that can't be judged. */
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
