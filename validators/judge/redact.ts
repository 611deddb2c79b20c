/** Turns a report into one in which no text that Terraform marks sensitive is left. */

const MASK = "(sensitive value)";

/**
 * Replaces every occurrence of a secret in every string of a JSON-like value. Longer secrets go first, so that one
 * inside another leaves nothing behind. Shorter than three characters would take apart ordinary words: left as they are.
 */
export function redact<T>(value: T, secrets: ReadonlySet<string>, keep: ReadonlySet<string> = new Set()): T {
  const wanted = [...secrets]
    .filter((secret) => secret.length >= 3 && !keep.has(secret))
    .sort((a, b) => b.length - a.length);
  if (wanted.length === 0) return value;
  const pattern = new RegExp(wanted.map((secret) => secret.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "g");
  const visit = (one: unknown): unknown => {
    if (typeof one === "string") return one.replace(pattern, MASK);
    if (Array.isArray(one)) return one.map(visit);
    if (one !== null && typeof one === "object")
      return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key.replace(pattern, MASK), visit(inner)]));
    return one;
  };
  return visit(value) as T;
}
