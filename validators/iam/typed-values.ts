/** Turns the texts of numbers, dates and IP addresses into values that can be ordered, and back. */
import { type Decimal, decimalOf, floorOf, isWhole, showDecimal } from "./decimal";

/** Whether text is a decimal number. */
export const isNumber = (text: string): boolean => numberOf(text) !== undefined;

/** The number that a text is; `undefined` for none. */
export const numberOf = (text: string): Decimal | undefined => decimalOf(text.trim());

const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/;

/** Whether text is a date as IAM takes it: a W3C form of ISO 8601, or seconds since 1970. */
export const isDate = (text: string): boolean => momentOf(text) !== undefined;

/** Seconds since 1970 of a date, with their fraction; `undefined` for none. */
export function momentOf(text: string): Decimal | undefined {
  const trimmed = text.trim();
  const parts = DATE.exec(trimmed);
  if (!parts) return /^\d+$/.test(trimmed) ? decimalOf(trimmed) : undefined;
  const [
    ,
    year = "1970",
    month = "01",
    day = "01",
    hour = "00",
    minute = "00",
    second = "00",
    fraction = "",
    zone = "Z",
  ] = parts;
  const offset = zone === "Z" ? "Z" : zone.includes(":") ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
  if (Number.isNaN(time)) return undefined;
  const whole = BigInt(Math.floor(time / 1000));
  const scale = Math.max(fraction.length - 1, 0);
  return { digits: whole * 10n ** BigInt(scale) + BigInt(fraction.slice(1)), scale };
}

/** Whole seconds since 1970 of a date; `undefined` for none. */
export function dateOf(text: string): number | undefined {
  const moment = momentOf(text);
  return moment && Number(floorOf(moment));
}

/** The first and the last second that have a year of four digits. */
const EARLIEST = -62_167_219_200;
const LATEST = 253_402_300_799;

/** A date as RFC 3339 text in UTC. */
export function showDate(seconds: number): string {
  const bounded = Math.min(Math.max(seconds, EARLIEST), LATEST);
  return new Date(bounded * 1000).toISOString().replace(".000Z", "Z");
}

/** A moment as text that {@link momentOf} reads, with its fraction; `undefined` where no text stands for it. */
export function showMoment(moment: Decimal): string | undefined {
  const whole = floorOf(moment);
  if (whole > LATEST) return isWhole(moment) ? String(whole) : undefined;
  if (whole < EARLIEST) return undefined;
  const fraction = showDecimal({ ...moment, digits: moment.digits - whole * 10n ** BigInt(moment.scale) }).slice(1);
  return showDate(Number(whole)).replace("Z", `${fraction}Z`);
}

/** A range of IP addresses of one version, both ends included. */
export interface IpRange {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** Whether text is an IP address or a range in CIDR notation. */
export const isIpRange = (text: string): boolean => ipRangeOf(text) !== undefined;

/** The range that an address or a CIDR block stands for; `undefined` for neither. */
export function ipRangeOf(text: string): IpRange | undefined {
  const [address = "", length, more] = text.trim().split("/");
  if (more !== undefined || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined;
  const parsed = address.includes(":") ? parse6(address) : parse4(address);
  if (parsed === undefined) return undefined;
  const version = address.includes(":") ? 6 : 4;
  const bits = version === 4 ? 32 : 128;
  const prefix = length === undefined ? bits : Number(length);
  if (prefix > bits) return undefined;
  const size = 1n << BigInt(bits - prefix);
  const first = parsed - (parsed % size);
  return { version, first, last: first + size - 1n };
}

function parse4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function parse6(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const groups = halves.map((half, i) => (half === "" ? [] : groupsOf(half, i === halves.length - 1)));
  const [left, right] = groups;
  if (!left || (halves.length === 2 && !right)) return undefined;
  const tail = right ?? [];
  const missing = 8 - left.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const all = [...left, ...Array<bigint>(Math.max(missing, 0)).fill(0n), ...tail];
  return all.reduce((sum, group) => (sum << 16n) + group, 0n);
}

/** The groups of a half; only the last may end in an IPv4 address (RFC 4291, 2.2). */
function groupsOf(half: string, isLast: boolean): bigint[] | undefined {
  const groups: bigint[] = [];
  const parts = half.split(":");
  for (const [i, part] of parts.entries()) {
    if (part.includes(".") && isLast && i === parts.length - 1) {
      const v4 = parse4(part);
      if (v4 === undefined) return undefined;
      groups.push(v4 >> 16n, v4 & 0xffffn);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}

/** An address as text. */
export function showIp(version: 4 | 6, address: bigint): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join(".");
  const groups = Array.from({ length: 8 }, (_, i) => ((address >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  return groups.join(":").replace(/(?:^|:)0(?::0)+(?::|$)/, "::");
}
