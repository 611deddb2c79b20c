/** Turns what made an object or a list into what Terraform takes it for: an object or tuple, or a map or list of one type. */
import type { Value } from "../../kernel/index";

/** Values have one kind of object and of list; Terraform has two of each, and converts the members of only one of them. */
const written = new WeakSet<object>();
const typed = new WeakSet<object>();

/** Marks what an expression writes out, `{ a = 1 }` or `[1, "a"]`: an object or tuple, whose members have types of their own. */
export function asWritten<T extends object>(value: T): T {
  written.add(value);
  return value;
}

/** Marks what was converted to a map, list or set: its members have one type. */
export function asTyped<T extends object>(value: T): T {
  typed.add(value);
  return value;
}

/** Whether a value is certainly an object or a tuple. */
export const isWritten = (value: Value): boolean => typeof value === "object" && value !== null && written.has(value);

/** Whether a value is certainly a map, a list or a set. */
export const isTyped = (value: Value): boolean => typeof value === "object" && value !== null && typed.has(value);
