/** The condition operators of IAM, from their names to what they compare and how. */

/** What an operator compares. */
export type Family =
  | "string"
  | "string-ignore-case"
  | "string-like"
  | "numeric"
  | "date"
  | "bool"
  | "binary"
  | "ip"
  | "arn"
  | "null";

/** How two ordered values are compared. */
export type Comparison = "equal" | "less" | "less-or-equal" | "greater" | "greater-or-equal";

/** An operator with its prefix and suffix (IAM user guide, «Condition operators»). */
export interface Operator {
  /** As written: `ForAnyValue:StringLikeIfExists`. */
  readonly name: string;
  readonly family: Family;
  readonly comparison: Comparison;
  /** `StringNotEquals`, `NotIpAddress`, …: true where no value matches. */
  readonly isNegated: boolean;
  readonly ifExists: boolean;
  readonly quantifier: "plain" | "for-all" | "for-any";
}

type Base = Pick<Operator, "family" | "comparison" | "isNegated">;

const base = (family: Family, isNegated = false, comparison: Comparison = "equal"): Base => ({
  family,
  comparison,
  isNegated,
});

const BASES = new Map<string, Base>([
  ["StringEquals", base("string")],
  ["StringNotEquals", base("string", true)],
  ["StringEqualsIgnoreCase", base("string-ignore-case")],
  ["StringNotEqualsIgnoreCase", base("string-ignore-case", true)],
  ["StringLike", base("string-like")],
  ["StringNotLike", base("string-like", true)],
  ["NumericEquals", base("numeric")],
  ["NumericNotEquals", base("numeric", true)],
  ["NumericLessThan", base("numeric", false, "less")],
  ["NumericLessThanEquals", base("numeric", false, "less-or-equal")],
  ["NumericGreaterThan", base("numeric", false, "greater")],
  ["NumericGreaterThanEquals", base("numeric", false, "greater-or-equal")],
  ["DateEquals", base("date")],
  ["DateNotEquals", base("date", true)],
  ["DateLessThan", base("date", false, "less")],
  ["DateLessThanEquals", base("date", false, "less-or-equal")],
  ["DateGreaterThan", base("date", false, "greater")],
  ["DateGreaterThanEquals", base("date", false, "greater-or-equal")],
  ["Bool", base("bool")],
  ["BinaryEquals", base("binary")],
  ["IpAddress", base("ip")],
  ["NotIpAddress", base("ip", true)],
  ["ArnEquals", base("arn")],
  ["ArnNotEquals", base("arn", true)],
  ["ArnLike", base("arn")],
  ["ArnNotLike", base("arn", true)],
  ["Null", base("null")],
]);

const SUFFIX = "IfExists";
const cache = new Map<string, Operator>();

/** The operator of that name, in AWS's own spelling; `undefined` where AWS has none. */
export function operatorOf(name: string): Operator | undefined {
  const known = cache.get(name);
  if (known) return known;
  const [, prefix = "", rest = ""] = /^(ForAllValues:|ForAnyValue:)?(.*)$/s.exec(name) ?? [];
  const ifExists = rest.endsWith(SUFFIX);
  const found = BASES.get(ifExists ? rest.slice(0, -SUFFIX.length) : rest);
  if (!found || (found.family === "null" && (ifExists || prefix !== ""))) return undefined;
  const quantifier = prefix === "" ? "plain" : prefix === "ForAllValues:" ? "for-all" : "for-any";
  const operator: Operator = { ...found, name, ifExists, quantifier };
  cache.set(name, operator);
  return operator;
}

/** How AWS writes the operator of a name in other capitals; `undefined` where it has none. */
export function operatorInAnyCase(name: string): string | undefined {
  const lower = name.toLowerCase();
  return [...BASES.keys()]
    .flatMap((base) => [base, base + SUFFIX])
    .flatMap((base) => [base, `ForAllValues:${base}`, `ForAnyValue:${base}`])
    .find((one) => one.toLowerCase() === lower && operatorOf(one) !== undefined);
}
