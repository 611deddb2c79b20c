/** What every reporter is: a pure function from a report to text, and what it may be told besides. */
import type { Report, RuleInfo } from "../kernel/index";

/** One line of the picture: `from` uses, guards or lets in `to`. Both are addresses, ARNs or `account …`. */
export interface Link {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** What a reporter may be told besides the report. Nothing here changes a verdict. */
export interface RenderOptions {
  /** What the rules are about; results of a rule that isn't here are reported by its id alone. */
  readonly rules?: readonly RuleInfo[];
  /** Whether `undecided` blocks. Default: it does. */
  readonly undecidedBlocks?: boolean;
  /** Escape sequences for colours, in formats for a terminal. Default: none. */
  readonly colour?: boolean;
  /** Columns of the terminal. Default 80. */
  readonly width?: number;
  /** How things hang together, for the picture in `html`; without it the picture is drawn from the results alone. */
  readonly links?: readonly Link[];
  /** Characters of the page at most, in formats for a comment. Default: what every platform takes. */
  readonly limit?: number;
  /** Put in front of `help/RULE.md` where a format wants an absolute address: `https://example.com/tollgate/`. */
  readonly helpBase?: string;
}

/** The same report and options give the same text: no clock, no environment, no file. */
export type Reporter = (report: Report, options?: RenderOptions) => string | Promise<string>;
