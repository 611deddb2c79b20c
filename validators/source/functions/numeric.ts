/** Turns numbers into numbers, and values into other types: Terraform's numeric and conversion functions. */
import { isText, Unknown, type Value } from "../../kernel/index";
import { toBoolean, toInteger, toKnownText, toNumber, toText } from "../values/convert";
import { exact, parseNumber } from "../values/numbers";
import { Failed, Undecided } from "../values/outcome";
import { binary, type FunctionGroup, plain, unary } from "./function";

const many = Number.POSITIVE_INFINITY;

function parseInteger(value: string, base: number): number {
  if (base < 2 || base > 62) throw new Failed("expected a base from 2 to 62");
  if (base > 36) throw new Undecided();
  const digits = "0123456789abcdefghijklmnopqrstuvwxyz".slice(0, base);
  const [, sign = "", body = ""] = /^([+-]?)([0-9a-zA-Z]+)$/.exec(value) ?? [];
  if (body === "" || [...body.toLowerCase()].some((digit) => !digits.includes(digit)))
    throw new Failed("expected a number");
  return exact(Number.parseInt(body, base) * (sign === "-" ? -1 : 1));
}

/** A conversion that lets null through. */
const converting = (convert: (value: Value) => Value): ((value: Value) => Value) => {
  return (value) => (value === null ? null : convert(value));
};

const toNumberOrFail = (value: Value): number => {
  if (typeof value === "string" && parseNumber(value) === undefined) throw new Failed("expected a number");
  return toNumber(value);
};

/** Numeric and conversion functions of Terraform, <https://developer.hashicorp.com/terraform/language/functions>. */
export const numericFunctions: FunctionGroup = [
  ["abs", unary((value) => Math.abs(toNumber(value)))],
  ["ceil", unary((value) => exact(Math.ceil(toNumber(value))))],
  ["floor", unary((value) => exact(Math.floor(toNumber(value))))],
  ["signum", unary((value) => Math.sign(toInteger(value)))],
  ["min", plain(1, many, (values) => Math.min(...values.map(toNumber)))],
  ["max", plain(1, many, (values) => Math.max(...values.map(toNumber)))],
  ["pow", binary((a, b) => exact(toNumber(a) ** toNumber(b)))],
  ["parseint", binary((value, base) => parseInteger(toKnownText(value), toInteger(base)))],
  [
    "tostring",
    unary(
      converting((value) => (isText(value) ? value : toText(value))),
      { takesNull: true },
    ),
  ],
  ["tonumber", unary(converting(toNumberOrFail), { takesNull: true })],
  ["tobool", unary(converting(toBoolean), { takesNull: true })],
  [
    "ephemeralasnull",
    unary((value) => (value instanceof Unknown ? value : undecided()), { takesNull: true, takesUnknown: true }),
  ],
];

function undecided(): never {
  throw new Undecided();
}
