/** Turns claims into three-valued truth: what holds, what doesn't, and what can't be told yet. */

/** A three-valued truth. `unknown` is never taken for `yes` or `no` by any operation here. */
export type Truth = "yes" | "no" | "unknown";

/** A boolean as a truth. */
export const truth = (claim: boolean): Truth => (claim ? "yes" : "no");

/** The opposite; the opposite of `unknown` is `unknown`. */
export function not(claim: Truth): Truth {
  if (claim === "unknown") return "unknown";
  return claim === "yes" ? "no" : "yes";
}

/** `no` if any claim is `no`, else `unknown` if any is, else `yes` (Kleene's conjunction; `yes` for none). */
export function all(claims: Iterable<Truth>): Truth {
  let result: Truth = "yes";
  for (const claim of claims) {
    if (claim === "no") return "no";
    if (claim === "unknown") result = "unknown";
  }
  return result;
}

/** `yes` if any claim is `yes`, else `unknown` if any is, else `no` (Kleene's disjunction; `no` for none). */
export function any(claims: Iterable<Truth>): Truth {
  let result: Truth = "no";
  for (const claim of claims) {
    if (claim === "yes") return "yes";
    if (claim === "unknown") result = "unknown";
  }
  return result;
}
