/** Numbers, dates and addresses as texts: what is one, and which. */
// IAM user guide, «IAM JSON policy elements: Condition operators»; dates: W3C's profile of ISO 8601; RFC 4291 and RFC 4632
import { showDecimal } from "../../validators/iam/decimal";
import {
  dateOf,
  ipRangeOf,
  isDate,
  isIpRange,
  isNumber,
  numberOf,
  showDate,
  showIp,
} from "../../validators/iam/typed-values";

test.each<[string, number]>([
  ["0", 0],
  ["10", 10],
  [" 10 ", 10],
  ["+1.5", 1.5],
  ["-1.50", -1.5],
  [".5", 0.5],
  ["5.", 5],
  ["1e3", 1000],
  ["1E+3", 1000],
  ["25e-1", 2.5],
])("the number `%s`", (text, expected) => {
  expect(Number(showDecimal(numberOf(text) ?? { digits: 0n, scale: 0 }))).toBe(expected);
  expect(isNumber(text)).toBe(true);
});

test.each([
  "",
  " ",
  ".",
  "+",
  "1,5",
  "1 000",
  "0x10",
  "1e",
  "1e1.5",
  "ten",
  "1x",
  "x1",
  "Infinity",
  "NaN",
  "--1",
  "1..2",
])("no number: `%s`", (text) => {
  expect(numberOf(text)).toBeUndefined();
  expect(isNumber(text)).toBe(false);
});

test.each<[string, string]>([
  ["2026", "2026-01-01T00:00:00Z"],
  ["2026-03", "2026-03-01T00:00:00Z"],
  ["2026-03-04", "2026-03-04T00:00:00Z"],
  [" 2026-03-04 ", "2026-03-04T00:00:00Z"],
  ["2026-03-04T05:06Z", "2026-03-04T05:06:00Z"],
  ["2026-03-04T05:06", "2026-03-04T05:06:00Z"],
  ["2026-03-04T05:06:07Z", "2026-03-04T05:06:07Z"],
  ["2026-03-04T05:06:07.999Z", "2026-03-04T05:06:07Z"],
  ["2026-03-04T05:06:07+02:00", "2026-03-04T03:06:07Z"],
  ["2026-03-04T05:06:07-0230", "2026-03-04T07:36:07Z"],
  ["1772600767", "2026-03-04T05:06:07Z"],
  ["0", "1970-01-01T00:00:00Z"],
])("the date `%s`", (text, expected) => {
  expect(showDate(dateOf(text) ?? Number.NaN)).toBe(expected);
  expect(isDate(text)).toBe(true);
});

test.each([
  "",
  "tomorrow",
  "2026-",
  "2026-3",
  "2026-13-01",
  "2026-03-32",
  "2026-03-04T",
  "2026-03-04T05",
  "2026-03-04T25:00Z",
])("no date: `%s`", (text) => {
  expect(dateOf(text)).toBeUndefined();
  expect(isDate(text)).toBe(false);
});

test.each(["2026-03-04T05:06:07+2", "2026-03-04T05:06:07z", "x2026-03-04", "2026-03-04x", "-5", "1.5", "12x", "x12"])(
  "no date either: `%s`",
  (text) => {
    expect(dateOf(text)).toBeUndefined();
  },
);

test("a date before the first year or after the last is shown as that", () => {
  expect(showDate(-1e15)).toBe("0000-01-01T00:00:00Z");
  expect(showDate(1e15)).toBe("9999-12-31T23:59:59Z");
});

test.each<[string, 4 | 6, string, string]>([
  ["203.0.113.7", 4, "203.0.113.7", "203.0.113.7"],
  ["203.0.113.7/32", 4, "203.0.113.7", "203.0.113.7"],
  ["203.0.113.7/24", 4, "203.0.113.0", "203.0.113.255"],
  ["203.0.113.7/25", 4, "203.0.113.0", "203.0.113.127"],
  ["203.0.113.200/25", 4, "203.0.113.128", "203.0.113.255"],
  [" 10.0.0.0/8 ", 4, "10.0.0.0", "10.255.255.255"],
  ["0.0.0.0/0", 4, "0.0.0.0", "255.255.255.255"],
  ["::", 6, "::", "::"],
  ["::1", 6, "::1", "::1"],
  ["1::", 6, "1::", "1::"],
  ["::/0", 6, "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["2001:DB8::/32", 6, "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["2001:db8:0:1:0:0:0:1", 6, "2001:db8:0:1::1", "2001:db8:0:1::1"],
  ["1:2:3:4:5:6:7:8", 6, "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
  ["1:2:3:4:5:6:7::", 6, "1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0"],
  ["::ffff:203.0.113.7", 6, "::ffff:cb00:7107", "::ffff:cb00:7107"],
  ["::ffff:203.0.113.7/120", 6, "::ffff:cb00:7100", "::ffff:cb00:71ff"],
])("the range `%s`", (text, version, first, last) => {
  const range = ipRangeOf(text);
  expect([range?.version, showIp(version, range?.first ?? -1n), showIp(version, range?.last ?? -1n)]).toEqual([
    version,
    first,
    last,
  ]);
  expect(isIpRange(text)).toBe(true);
});

test.each([
  "",
  "x",
  "203.0.113",
  "203.0.113.7.1",
  "203.0.113.256",
  "203.0.113.x",
  "203.0.113.",
  "203.0.113.0007",
  "203.0.113.7/33",
  "203.0.113.7/",
  "203.0.113.7/x",
  "203.0.113.7/1000",
  "203.0.113.7/24/24",
  "203.0.113.7/-1",
  ":",
  ":::",
  "1::2::3",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4::5:6:7:8",
  "g::",
  "12345::",
  "::g",
  "::/129",
  "::203.0.113",
  "203.0.113.7::",
  "1:203.0.113.7:1::",
])("no range: `%s`", (text) => {
  expect(ipRangeOf(text)).toBeUndefined();
  expect(isIpRange(text)).toBe(false);
});
