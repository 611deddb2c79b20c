/** Turns the ways in which evaluation can end without a value into signals that are thrown and caught inside `source/`. */
import type { UnknownReason } from "../../kernel/value";

/** Terraform itself would refuse: an index out of range, a text where a list must be. `try` and `can` see this. */
export class Failed {
  constructor(readonly reason: string) {}
}

/** The value can't be told. `mayFail`: Terraform might refuse once it is known, so `try` can't tell either. */
export class Undecided {
  constructor(
    readonly because: UnknownReason = "unresolved-expression",
    readonly mayFail = true,
  ) {}
}

/** The work or the result is too large. Nothing inside an expression catches this. */
export class TooComplex {}

/** The limits of one evaluation. Real policies stay a thousand times below. */
export const limits = {
  /** Syntax nodes and list elements that are visited. */
  work: 400_000,
  /** Elements of one value, nested ones included. */
  size: 100_000,
  /** Characters of one text; a symbol counts as a hundred. */
  length: 500_000,
  /** Nested expressions, through locals, variables and outputs. */
  depth: 400,
} as const;
