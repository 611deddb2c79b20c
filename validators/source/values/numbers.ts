/** Turns numbers into text and back as Terraform does; a number that JavaScript can't hold exactly is undecided. */
import { Undecided } from "./outcome";

/** A number as Terraform prints it: no exponent, no trailing zeros. Throws {@link Undecided} where digits would be made up. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) throw new Undecided("too-complex");
  if (Number.isInteger(value)) {
    if (!Number.isSafeInteger(value)) throw new Undecided("too-complex");
    return String(value === 0 ? 0 : value);
  }
  const text = String(value);
  const exponent = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/.exec(text);
  if (exponent === null) return text;
  const [, sign = "", first = "", rest = "", zeros = "1"] = exponent;
  return `${sign}0.${"0".repeat(Number(zeros) - 1)}${first}${rest}`;
}

/** The number that text spells, `undefined` if it spells none. Throws {@link Undecided} for one that can't be held exactly. */
export function parseNumber(text: string): number | undefined {
  if (!/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text)) return undefined;
  const value = Number(text);
  const digits = text
    .replace(/[eE].*$/, "")
    .replace(/\D/g, "")
    .replace(/^0+|0+$/g, "");
  if (digits.length > 15 || !Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    throw new Undecided("too-complex", false);
  }
  return value;
}

/** The result of arithmetic, where it is exact: whole numbers, or decimals with few digits. */
export function exact(value: number): number {
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  const rounded = Number(value.toPrecision(14));
  // 0.1 + 0.2 is 0.3 for Terraform; what needs more than 12 digits is not told apart from rounding
  if (Number.isFinite(value) && Math.abs(value) < 2 ** 53 && String(rounded).replace(/\D/g, "").length <= 12)
    return rounded;
  throw new Undecided("too-complex", false);
}
