/** Turns judgements into results: the vocabulary that rules, court and reports share. Their shapes stand in help/report.md. */
import type { UnknownReason } from "./value";

/** How much a finding matters, the least first: it orders reports and changes no verdict. */
export type Severity = "low" | "medium" | "high" | "critical";

/** One concrete request that gets through. Symbols in it are written as `${terraform.reference}`. */
export interface Counterexample {
  /** `"*"` (anonymous), an ARN, or an AWS service. */
  readonly principal: string | { readonly service: string };
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** A value that decides the verdict and can't be known before apply. */
export interface Gap {
  /** What is unknown: `aws_s3_bucket_policy.p.policy`. */
  readonly value: string;
  readonly because: UnknownReason;
  readonly expression?: string;
}

/** One reason for a `fail`. */
export interface Finding {
  /** Lower case, no final stop, user text in backticks. */
  readonly message: string;
  readonly counterexample?: Counterexample;
  /** Statement by statement, why it did not stop the request; plain sentences. */
  readonly trace?: readonly string[];
  /** The policy statement that is at fault, as parsed JSON. */
  readonly statement?: object;
  readonly remediation?: string;
  /** Plan addresses of the companions that the finding is about. */
  readonly related?: readonly string[];
}

/** What a rule says of one subject. A union, never a boolean: nobody can forget `undecided`. */
export type Judgement =
  | {
      readonly verdict: "pass";
      readonly evidence: string;
      readonly trace?: readonly string[];
      readonly related?: readonly string[];
    }
  | { readonly verdict: "fail"; readonly findings: readonly [Finding, ...Finding[]] }
  | {
      readonly verdict: "undecided";
      readonly message: string;
      readonly gaps: readonly Gap[];
      readonly remediation?: string;
      readonly related?: readonly string[];
    };

/** A remark that changes no verdict. */
export interface Notice {
  readonly message: string;
  readonly address?: string;
  readonly rule?: string;
  /** In a report of several inputs: the path of the one that it is about; absent where it is about all. */
  readonly input?: string;
}

/** Where in the user's code a thing was made. */
export interface SourceLocation {
  readonly file: string;
  readonly line?: number;
  /** CDKTF construct path, `site/logs/bucket`. */
  readonly construct?: string;
}

/** What a result says: `waived` would be `fail` or `undecided`, and a waiver covers it (help/report.md). */
export type Verdict = "pass" | "fail" | "undecided" | "waived";

/** Why a result is waived. */
export interface AppliedWaiver {
  readonly reason: string;
  readonly owner: string;
  readonly expires: string;
  /** What the verdict would be without the waiver. */
  readonly verdict: "fail" | "undecided";
}

/** One rule's verdict on one subject, as reports see it (help/report.md). */
export interface Result {
  /** In a report of several inputs: the path of the one that the address is of, as `inputs` has it. */
  readonly input?: string;
  readonly rule: string;
  readonly address: string;
  readonly verdict: Verdict;
  readonly severity: Severity;
  readonly controls: readonly string[];
  readonly message: string;
  readonly counterexample?: Counterexample;
  readonly undecided: readonly Gap[];
  readonly trace?: readonly string[];
  /** The policy statement that is at fault, as parsed JSON; symbols in it as `${terraform.reference}`. */
  readonly statement?: object;
  readonly remediation?: string;
  readonly related: readonly string[];
  readonly source?: SourceLocation;
  readonly help: string;
  readonly waiver?: AppliedWaiver;
}

/** What was judged; of several inputs together `mixed`, where they are not all of one kind. */
export interface InputSummary {
  readonly path: string;
  readonly kind: "plan" | "state" | "synth" | "source" | "mixed";
  readonly sha256: string;
  readonly formatVersion?: string;
  readonly terraformVersion?: string;
  /** Managed resources that exist after apply, all modules. */
  readonly resources: number;
}

/** One of several inputs, with the verdict that it would get alone. */
export interface JudgedInput extends InputSummary {
  readonly verdict: Report["verdict"];
  readonly summary: Report["summary"];
}

/** The whole report (help/report.md). */
export interface Report {
  readonly schemaVersion: "1.0";
  readonly tool: { readonly name: "tollgate"; readonly version: string };
  readonly verdict: "pass" | "fail" | "undecided";
  readonly summary: Readonly<Record<Verdict, number>>;
  readonly input: InputSummary;
  /** In a report of several inputs only: each of them, by path. `input` then speaks of all. */
  readonly inputs?: readonly JudgedInput[];
  readonly results: readonly Result[];
  readonly notices: readonly Notice[];
}

/**
 * Work that can't be done: the one line says what, where and what to do. The process door prints it and exits 2.
 * Everything a user's input can cause is one of these; anything else that is thrown is a fault of Tollgate.
 */
export class InputError extends Error {
  override readonly name = "InputError";

  constructor(message: string) {
    super(message.length > LONGEST ? `${message.slice(0, LONGEST - ENDING)}…${message.slice(-ENDING)}` : message);
  }
}

/** Most of a message, and of its end, in UTF-16 units: it may quote what a stranger wrote, of any length. */
const LONGEST = 1200;
const ENDING = 300;
