/** Turns one `Condition` element and the context of one request into yes or no ("IAM JSON policy elements: Condition operators"). */

import { type ContextValues, fillIn, glob } from "./naive-text";

export type { ContextValues };

type Scalar = string | number | boolean;

/** Whether the value of the request matches one value of the policy. */
type Test = (actual: string, wanted: string, literal?: ReadonlySet<number>) => boolean;

/** How many digits after the decimal point are looked at. */
const PLACES = 60;

/** A decimal number in units of its last place; NaN, which is less or greater than nothing, when it is none. */
function number(text: string): bigint | number {
  const [, sign = "", whole = "", fraction = ""] = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === "") return Number.NaN;
  return BigInt(whole + fraction.padEnd(PLACES, "0")) * (sign === "-" ? -1n : 1n);
}

/** Epoch seconds or a W3C date; NaN when it is neither. */
function moment(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) && text.length !== 4 ? Number(text) * 1000 : Date.parse(text);
}

/** The value of each 16-bit group (IPv6) or byte (IPv4) as bits. */
function bitsOf(address: string): string | undefined {
  if (/^\d+(\.\d+){3}$/.test(address)) {
    return address
      .split(".")
      .map((byte) => Number(byte).toString(2).padStart(8, "0"))
      .join("");
  }
  if (!/^[0-9a-f:]+$/i.test(address) || !address.includes(":")) return undefined;
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups = tail === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill("0"), ...right];
  return groups.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, "0")).join("");
}

function isInRange(actual: string, range: string): boolean {
  const [base = "", length] = range.split("/");
  const network = bitsOf(base);
  const bits = bitsOf(actual);
  if (network === undefined || bits === undefined || network.length !== bits.length) return false;
  const size = length === undefined ? bits.length : Number(length);
  return network.slice(0, size) === bits.slice(0, size);
}

/** Six parts, each compared by itself; a text that is no ARN matches nothing. */
function isLikeArn(actual: string, wanted: string, literal?: ReadonlySet<number>): boolean {
  const parts = (arn: string) => /^([^:]*):([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s.exec(arn)?.slice(1);
  const have = parts(actual);
  const want = parts(wanted);
  if (have === undefined || want === undefined || have[0] !== "arn" || want[0] !== "arn") return false;
  let offset = 0;
  return want.every((part, index) => {
    const here = new Set([...(literal ?? [])].map((at) => at - offset));
    offset += part.length + 1;
    return glob(part, have[index] ?? "", here);
  });
}

const positive: Readonly<Record<string, Test>> = {
  StringEquals: (actual, wanted) => actual === wanted,
  StringEqualsIgnoreCase: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  StringLike: (actual, wanted, literal) => glob(wanted, actual, literal),
  NumericEquals: (actual, wanted) => number(actual) === number(wanted),
  NumericLessThan: (actual, wanted) => number(actual) < number(wanted),
  NumericLessThanEquals: (actual, wanted) => number(actual) <= number(wanted),
  NumericGreaterThan: (actual, wanted) => number(actual) > number(wanted),
  NumericGreaterThanEquals: (actual, wanted) => number(actual) >= number(wanted),
  DateEquals: (actual, wanted) => moment(actual) === moment(wanted),
  DateLessThan: (actual, wanted) => moment(actual) < moment(wanted),
  DateLessThanEquals: (actual, wanted) => moment(actual) <= moment(wanted),
  DateGreaterThan: (actual, wanted) => moment(actual) > moment(wanted),
  DateGreaterThanEquals: (actual, wanted) => moment(actual) >= moment(wanted),
  Bool: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  BinaryEquals: (actual, wanted) => actual === wanted,
  IpAddress: isInRange,
  ArnEquals: isLikeArn,
  ArnLike: isLikeArn,
};

/** Each negated operator and the one that it negates. */
const negated: Readonly<Record<string, string>> = {
  StringNotEquals: "StringEquals",
  StringNotEqualsIgnoreCase: "StringEqualsIgnoreCase",
  StringNotLike: "StringLike",
  NumericNotEquals: "NumericEquals",
  DateNotEquals: "DateEquals",
  NotIpAddress: "IpAddress",
  ArnNotEquals: "ArnEquals",
  ArnNotLike: "ArnLike",
};

/** Variables stand in string and ARN comparisons only. */
const takesVariables = (operator: string): boolean => /^(String|Arn)/.test(operator);

/** Whether every operator and every key of a `Condition` element holds. */
export function conditionsHold(
  condition: Readonly<Record<string, Readonly<Record<string, Scalar | readonly Scalar[]>>>>,
  context: ContextValues,
  hasVariables: boolean,
): boolean {
  return Object.entries(condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => {
      const wanted = (Array.isArray(values) ? values : [values]).map(String);
      return holds(operator, context.get(key.toLowerCase()), wanted, hasVariables ? context : undefined);
    }),
  );
}

function holds(
  name: string,
  actual: readonly string[] | undefined,
  wanted: readonly string[],
  variables: ContextValues | undefined,
): boolean {
  if (name === "Null") return wanted.some((value) => (value.toLowerCase() === "true") === (actual === undefined));
  const [, set, base = "", ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/.exec(name) ?? [];
  const isNegated = Object.hasOwn(negated, base);
  const operator = negated[base] ?? base;
  const test = positive[operator];
  if (test === undefined) throw new Error(`no condition operator \`${name}\``);
  if (actual === undefined || actual.length === 0) {
    if (ifExists !== undefined || set === "ForAllValues") return true;
    return set === "ForAnyValue" ? false : isNegated;
  }
  const matchesOne = (value: string) =>
    wanted.some((raw) => {
      const filled = variables !== undefined && takesVariables(operator) ? fillIn(raw, variables) : { text: raw };
      return filled !== undefined && test(value, filled.text, filled.literal);
    });
  const passes = (value: string) => matchesOne(value) !== isNegated;
  if (set === "ForAllValues") return actual.every(passes);
  if (set === "ForAnyValue") return actual.some(passes);
  // without a set operator a key has one value; with more, a plain operator matches if any does, its negation if none
  return isNegated ? !actual.some(matchesOne) : actual.some(matchesOne);
}
