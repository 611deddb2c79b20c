/** What an expression can refer to: the seam between `source/`, which evaluates, and `model/`, which knows the plan. */
import type { Text, Value } from "../kernel/value";
import type { Allowance } from "./allowance";
import type { Expression } from "./configuration";
import type { ReadableFiles } from "./readable-files";
import type { Secrets } from "./sensitivity";

/**
 * The names that an expression sees. `lookup` gets the first name of a reference (`var`, `local`, `data`, `module`,
 * `each`, `count`, `self`, `path`, `terraform`, or a resource type such as `aws_s3_bucket`) and gives its value: usually
 * a map whose members are evaluated when they are asked for (see `LazyMap`). `undefined`: no such name.
 * A resource with `count` is a list of its instances, one with `for_each` a map of them.
 */
export interface Scope {
  lookup(name: string): Value | undefined;
  /** What `file`, `templatefile` and `fileset` may read. */
  readonly files?: ReadableFiles | undefined;
  /** What all expressions of the input may cost together; without one, only each by itself is limited. */
  readonly allowance?: Allowance | undefined;
  /** Takes the sensitive texts that come up; absent where nobody asks for them. */
  readonly secrets?: Secrets | undefined;
  /** Looks on, where instances of the scope stand for others. */
  readonly guard?: Guard | undefined;
}

/** Sees to it that nothing is told of a stand-in that isn't true of each instance for which it stands: it may throw. */
export interface Guard {
  /** An expression is about to be evaluated. */
  expression(expression: Expression): void;
  /** An expression of a stand-in can't be told, or not in full; absent where the scope is no stand-in's. */
  unknown?(): void;
  /** Text that is given to a stand-in, with symbols in place of its names; absent where the scope is no stand-in's. */
  text?(value: string): string | Text;
}
