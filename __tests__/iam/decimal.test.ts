/** Decimal numbers: what a text is, in which order they are, and what lies between. */
import fc from "fast-check";
import {
  compareDecimals,
  decimalOf,
  floorOf,
  isWhole,
  representatives,
  showDecimal,
} from "../../validators/iam/decimal";

const decimal = (text: string) => {
  const found = decimalOf(text);
  if (!found) throw new Error(`\`${text}\` is no decimal`);
  return found;
};

test.each([
  ["1e100", `1${"0".repeat(100)}`],
  ["-25e-3", "-0.025"],
  ["+.5E1", "5"],
  ["100.00", "100"],
  ["-0", "0"],
  ["007", "7"],
])("the decimal `%s`", (text, shown) => {
  expect(showDecimal(decimal(text))).toBe(shown);
});

test.each(["", "1e101", "1e-101", "1e999999999", ".", "e5", " 1", "1.2.3", "-"])("no decimal: `%s`", (text) => {
  expect(decimalOf(text)).toBeUndefined();
});

test.each([
  ["-1.5", -2n, false],
  ["1.5", 1n, false],
  ["-2.0", -2n, true],
  ["0.0", 0n, true],
])("the whole number below `%s`", (text, floor, whole) => {
  expect(floorOf(decimal(text))).toBe(floor);
  expect(isWhole(decimal(text))).toBe(whole);
});

const texts = fc
  .tuple(fc.bigInt({ min: -1000n, max: 1000n }), fc.nat({ max: 3 }))
  .map(([digits, scale]) => showDecimal({ digits, scale }));

test("what is shown is read again, and decimals are ordered as numbers are", () => {
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      expect(showDecimal(decimal(a))).toBe(a);
      expect(Math.sign(compareDecimals(decimal(a), decimal(b)))).toBe(Math.sign(Number(a) - Number(b)));
    }),
  );
});

test("of each stretch between limits there is one number, in order", () => {
  expect(representatives([])).toEqual([]);
  expect(representatives(["6", "5", "5.0", "9"].map(decimal)).map(showDecimal)).toEqual([
    "4",
    "5",
    "5.5",
    "6",
    "7",
    "9",
    "10",
  ]);
  fc.assert(
    fc.property(fc.array(texts, { minLength: 1 }), texts, (limits, probe) => {
      const found = representatives(limits.map(decimal)).map(showDecimal).map(Number);
      expect([...found].sort((a, b) => a - b)).toEqual(found);
      const stretch = (number: number) => limits.map((limit) => Math.sign(number - Number(limit))).join();
      expect(found.map(stretch)).toContain(stretch(Number(probe)));
    }),
  );
});
