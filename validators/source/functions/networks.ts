/** Turns address ranges into parts of them: Terraform's functions on IPv4 prefixes. */
import type { Value } from "../../kernel/index";
import { toInteger, toKnownText } from "../values/convert";
import { Failed, Undecided } from "../values/outcome";
import { binary, type FunctionGroup, plain, unary } from "./function";

interface Prefix {
  /** The network's address as a number, host bits cleared. */
  readonly address: number;
  readonly length: number;
}

const addresses = 2 ** 32;

function parsePrefix(value: Value): Prefix {
  const text = toKnownText(value);
  // IPv6 prefixes are possible, and are left open
  if (text.includes(":")) throw new Undecided();
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  const numbers = (match ?? []).slice(1).map(Number);
  const [a = 0, b = 0, c = 0, d = 0, length = 0] = numbers;
  const isValid = match !== null && [a, b, c, d].every((octet) => octet < 256) && length <= 32;
  if (!isValid || /(?:^|\.)0\d/.test(text)) throw new Failed("expected an address prefix");
  const size = 2 ** (32 - length);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return { address: address - (address % size), length };
}

const show = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");

function subnet(prefix: Prefix, bits: number, number: number): Prefix {
  const length = prefix.length + bits;
  if (bits < 0 || length > 32 || number < 0 || number >= 2 ** bits) throw new Failed("no such subnet");
  return { address: prefix.address + number * 2 ** (32 - length), length };
}

function host(prefix: Prefix, number: number): string {
  const size = 2 ** (32 - prefix.length);
  if (number >= size || -number > size) throw new Failed("no such host");
  return show(prefix.address + (number < 0 ? size + number : number));
}

function subnets([prefix = null, ...bits]: readonly Value[]): Value {
  const whole = parsePrefix(prefix);
  let next = whole.address;
  return bits.map((value) => {
    const length = whole.length + toInteger(value);
    if (length > 32 || length <= whole.length) throw new Failed("no such subnet");
    const size = 2 ** (32 - length);
    const address = Math.ceil(next / size) * size;
    next = address + size;
    if (next > whole.address + 2 ** (32 - whole.length)) throw new Failed("not enough addresses");
    return `${show(address)}/${length}`;
  });
}

/** Network functions of Terraform, <https://developer.hashicorp.com/terraform/language/functions/cidrsubnet>. */
export const networkFunctions: FunctionGroup = [
  ["cidrhost", binary((prefix, number) => host(parsePrefix(prefix), toInteger(number)))],
  [
    "cidrnetmask",
    unary((value) => {
      const { length } = parsePrefix(value);
      return show(addresses - 2 ** (32 - length));
    }),
  ],
  [
    "cidrsubnet",
    plain(3, 3, ([prefix = null, bits = null, number = null]) => {
      const { address, length } = subnet(parsePrefix(prefix), toInteger(bits), toInteger(number));
      return `${show(address)}/${length}`;
    }),
  ],
  ["cidrsubnets", plain(1, Number.POSITIVE_INFINITY, subnets)],
];
