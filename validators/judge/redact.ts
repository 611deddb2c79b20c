/** Turns a report into one in which no text that Terraform marks sensitive is left. */

const MASK = "(sensitive value)";

/**
 * A function that replaces every occurrence of a secret in every string of a JSON-like value: made once for many values.
 * Longer secrets go first, so that one inside another leaves nothing behind. Shorter than three characters would take
 * apart ordinary words: left as they are.
 */
export function redactor(secrets: ReadonlySet<string>, keep: ReadonlySet<string> = new Set()): <T>(value: T) => T {
  const wanted = [...secrets]
    .filter((secret) => secret.length >= 3 && !keep.has(secret))
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  if (wanted.length === 0) return (value) => value;
  const pattern = new RegExp(wanted.map((secret) => secret.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "g");
  const visit = (one: unknown): unknown => {
    if (typeof one === "string") return one.replace(pattern, MASK);
    if (Array.isArray(one)) return one.map(visit);
    if (one !== null && typeof one === "object")
      return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key.replace(pattern, MASK), visit(inner)]));
    return one;
  };
  return <T>(value: T) => visit(value) as T;
}
