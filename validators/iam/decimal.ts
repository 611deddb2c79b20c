/** Turns the texts of decimal numbers into exact values that can be ordered, and into values between and beside them. */

/** An exact number: `digits` with the decimal point `scale` places from the right. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** Larger exponents are those of no number that AWS or anybody else computes with. */
const LARGEST_EXPONENT = 100;

const powers: bigint[] = [];

/** Ten to a power; small ones are kept, since numbers are compared again and again. */
function tenTo(power: number): bigint {
  if (power > 2 * LARGEST_EXPONENT) return 10n ** BigInt(power);
  const known = powers[power];
  if (known !== undefined) return known;
  const made = 10n ** BigInt(power);
  powers[power] = made;
  return made;
}

/** The decimal that a text is, with or without an exponent; `undefined` for none. */
export function decimalOf(text: string): Decimal | undefined {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^([+-]?)(?=\.?\d)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (whole === "" && fraction === "") return undefined;
  const power = Number(exponent);
  if (Math.abs(power) > LARGEST_EXPONENT) return undefined;
  const digits = BigInt(`${whole}${fraction}`) * (sign === "-" ? -1n : 1n);
  const scale = fraction.length - power;
  return scale < 0 ? { digits: digits * tenTo(-scale), scale: 0 } : { digits, scale };
}

/** A whole number. */
const wholeDecimal = (value: number | bigint): Decimal => ({ digits: BigInt(value), scale: 0 });

const scaled = ({ digits, scale }: Decimal, to: number): bigint => (to === scale ? digits : digits * tenTo(to - scale));

/** Negative where the first is less, positive where it is greater, else 0. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const difference = scaled(a, scale) - scaled(b, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The greatest whole number that isn't greater. */
export function floorOf({ digits, scale }: Decimal): bigint {
  const unit = tenTo(scale);
  const whole = digits / unit;
  return digits < 0n && whole * unit !== digits ? whole - 1n : whole;
}

/** Whether it is a whole number. */
export const isWhole = ({ digits, scale }: Decimal): boolean => digits % tenTo(scale) === 0n;

/** A number between two different ones, a whole one where there is one. */
function between(less: Decimal, greater: Decimal): Decimal {
  const whole = wholeDecimal(floorOf(less) + 1n);
  if (compareDecimals(whole, greater) < 0) return whole;
  const scale = Math.max(less.scale, greater.scale) + 1;
  return { digits: (scaled(less, scale) + scaled(greater, scale)) / 2n, scale };
}

/**
 * One number of each stretch that limits cut the numbers into: below the least, each limit, between each two neighbours,
 * and above the greatest. Whatever is only compared with the limits can't tell the numbers of a stretch apart.
 */
export function representatives(limits: readonly Decimal[]): readonly Decimal[] {
  const sorted = [...limits].sort(compareDecimals);
  const found: Decimal[] = [];
  for (const limit of sorted) {
    const last = found.at(-1);
    if (last === undefined) found.push(wholeDecimal(floorOf(limit) - 1n));
    else if (compareDecimals(last, limit) === 0) continue;
    else found.push(between(last, limit));
    found.push(limit);
  }
  const greatest = sorted.at(-1);
  if (greatest) found.push(wholeDecimal(floorOf(greatest) + 1n));
  return found;
}

/** The number as text without exponent: `-0.5`. */
export function showDecimal({ digits, scale }: Decimal): string {
  const sign = digits < 0n ? "-" : "";
  const all = String(digits < 0n ? -digits : digits).padStart(scale + 1, "0");
  const fraction = all.slice(all.length - scale).replace(/0+$/, "");
  return `${sign}${all.slice(0, all.length - scale)}${scale > 0 && fraction !== "" ? `.${fraction}` : ""}`;
}
