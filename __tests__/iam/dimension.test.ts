/** Holds what a key is found to be, so that conditions hold or fail, against all that it likely could be and the naive evaluator. */
import fc from "fast-check";
import { type CompiledClaim, conditionClaim, type KeyValue } from "../../validators/iam/condition";
import { type Constraint, type Dimension, solve } from "../../validators/iam/dimension";
import type { KeyDomain } from "../../validators/iam/keys";
import { TooComplex } from "../../validators/iam/language";
import { operatorOf } from "../../validators/iam/operators";
import { type Approximation, Classes, domainOf, patternFrom } from "../../validators/iam/pattern";
import { conditionsHold } from "./oracle/naive-conditions";
import { runs, seed } from "./oracle/runs";
import { lore, plain, symbols } from "./symbol-fillings";

const numRuns = Math.max(300, Math.floor(runs / 2));
const KEY = "aws:PrincipalTag/team";

const TEXTS = [
  "",
  "a",
  "b",
  "A",
  "ab",
  "Ab",
  "ba",
  "a*",
  "example",
  "true",
  "True",
  "x",
  "arn:a:b:c:d:e",
  "arn:a:b::d:x/y",
];
const NUMBERS = [
  "0",
  "1",
  "4",
  "5",
  "5.0",
  "5.5",
  "6",
  "7",
  "10",
  "11",
  "-1",
  "-2.5",
  "2025",
  "2026",
  "2027",
  "02026",
  "00005",
];
const DATES = [
  "1970-01-01T00:00:05Z",
  "2025-12-31T23:59:59Z",
  "2026-01-01T00:00:00Z",
  "2026-01-01T00:00:01Z",
  "2026-06-01T00:00:00Z",
  "2030-01-01T00:00:00Z",
  "2099-01-01T00:00:00Z",
];
const ADDRESSES = [
  "10.0.0.7",
  "10.0.0.8",
  "10.1.2.3",
  "11.0.0.0",
  "9.255.255.255",
  "203.0.113.9",
  "0.0.0.0",
  "2001:db8::9",
  "2001:db8:1::",
  "::1",
];

/** Conditions of a family: names of operators and values to compare with. */
interface Family {
  readonly operators: readonly string[];
  readonly values: readonly string[];
  /** Compares text. */
  readonly isTextual: boolean;
}

const both = (...names: readonly string[]): readonly string[] => names.flatMap((name) => [name, `${name}IfExists`]);

const STRINGS: Family = {
  operators: both(
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
  ),
  values: ["a", "b", "A", "ab", "*", "?", "a*", "*b", "?b*", "*a*", "??", "true"],
  isTextual: true,
};
const ARNS: Family = {
  operators: ["ArnLike", "ArnNotLike", "ArnEquals"],
  values: ["arn:a:b:*:d:*", "arn:a:*:?:d:e", "arn:a:b::d:x/*"],
  isTextual: true,
};
const BOOLS: Family = { operators: both("Bool"), values: ["true", "false"], isTextual: true };
const COMPARISONS = ["LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals", "Equals", "NotEquals"];
const NUMERIC: Family = {
  operators: COMPARISONS.flatMap((name) => both(`Numeric${name}`)),
  values: ["5", "5.5", "10", "-1", "2026", "0", "6"],
  isTextual: false,
};
const MOMENTS: Family = {
  operators: COMPARISONS.flatMap((name) => both(`Date${name}`)),
  values: ["2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "5", "1767225601"],
  isTextual: false,
};
const IPS: Family = {
  operators: both("IpAddress", "NotIpAddress"),
  values: ["10.0.0.0/8", "10.0.0.8/29", "10.0.0.7", "0.0.0.0/0", "2001:db8::/32", "::/0"],
  isTextual: false,
};
const ALL = [STRINGS, STRINGS, ARNS, BOOLS, NUMERIC, MOMENTS, IPS];

/** One condition, and whether it must hold. */
interface Demand {
  readonly operator: string;
  readonly values: readonly string[];
  readonly wanted: boolean;
  readonly isTextual: boolean;
}

function demands(families: readonly Family[], quantifiers: readonly string[]): fc.Arbitrary<Demand> {
  const of = ({ operators, values, isTextual }: Family): fc.Arbitrary<Demand> =>
    fc.record({
      operator: fc
        .tuple(fc.constantFrom(...quantifiers), fc.constantFrom(...operators))
        .map(([set, name]) => set + name),
      values: fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 3 }),
      wanted: fc.boolean(),
      isTextual: fc.constant(isTextual),
    });
  const presence: Family = { operators: ["Null"], values: ["true", "false"], isTextual: false };
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...families).chain(of) },
    { weight: 1, arbitrary: of(presence).map((one) => ({ ...one, operator: "Null" })) },
  );
}

/** A key, and what is demanded of it. */
interface Case {
  readonly domain: KeyDomain;
  readonly demands: readonly Demand[];
  readonly excluded: readonly string[];
}

const ANY = domainOf([{ oneOrMore: Classes.any }]);
const ANY_OR_EMPTY = domainOf([{ anyNumber: Classes.any }]);
const flags = fc.record({ mayBeAbsent: fc.boolean(), isMulti: fc.boolean() });
const single = ["", "", "", "ForAllValues:", "ForAnyValue:"];

const texts: fc.Arbitrary<Case> = flags.chain((flag) =>
  fc.record({
    domain: fc
      .constantFrom(ANY, ANY_OR_EMPTY)
      .map((domain): KeyDomain => ({ kind: "text", domain, ordinary: ["example"], ...flag })),
    demands: fc.oneof(
      { weight: 3, arbitrary: fc.array(demands([STRINGS, STRINGS, STRINGS, ARNS, BOOLS], single), { maxLength: 5 }) },
      { weight: 1, arbitrary: fc.array(demands([NUMERIC, MOMENTS], single), { maxLength: 5 }) },
      { weight: 1, arbitrary: fc.array(demands(ALL, single), { maxLength: 4 }) },
    ),
    excluded: fc.array(fc.constantFrom("a*", "example", "?"), { maxLength: 2 }),
  }),
);

const choices: fc.Arbitrary<Case> = flags.chain((flag) =>
  fc.record({
    domain: fc
      .subarray(["a", "b", "ab", "true", "5"], { minLength: 1 })
      .map((values): KeyDomain => ({ kind: "choice", values, ...flag, isMulti: false })),
    demands: fc.array(demands([STRINGS, BOOLS, NUMERIC], single), { maxLength: 4 }),
    excluded: fc.constant([]),
  }),
);

const settled: fc.Arbitrary<Case> = fc.record({
  domain: fc.constantFrom<KeyDomain>({ kind: "absent" }, { kind: "fixed", value: "ab" }),
  demands: fc.array(demands([STRINGS, NUMERIC], single), { maxLength: 4 }),
  excluded: fc.constant([]),
});

const TYPES = [
  { type: "numeric", ordinary: "10", family: NUMERIC, texts: ["5", "1*", "*", "?", "?*5"] },
  { type: "date", ordinary: "2030-01-01T00:00:00Z", family: MOMENTS, texts: ["2026*", "*Z"] },
  { type: "ip", ordinary: "198.51.100.77", family: IPS, texts: ["10.*", "*:*", "10.0.0.7", "2001*"] },
] as const;

const typed: fc.Arbitrary<Case> = fc
  .tuple(fc.constantFrom(...TYPES), flags)
  .chain(([{ type, ordinary, family, texts }, flag]) =>
    fc.record({
      domain: fc.constant<KeyDomain>({ kind: "typed", type, ordinary, mayBeAbsent: flag.mayBeAbsent }),
      demands: fc.array(demands([family, family, { ...STRINGS, values: texts }], single), { maxLength: 5 }),
      excluded: fc.constant([]),
    }),
  );

/** Numbers and dates that the same text is compared with. */
const measured: fc.Arbitrary<Case> = fc.record({
  domain: fc.constant<KeyDomain>({
    kind: "text",
    domain: ANY,
    ordinary: ["example"],
    mayBeAbsent: false,
    isMulti: false,
  }),
  demands: fc.array(
    demands(
      [
        { ...NUMERIC, values: ["5", "10", "2026", "2028"] },
        { ...MOMENTS, values: ["5", "86400", "2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z"] },
      ],
      [""],
    ),
    { minLength: 2, maxLength: 4 },
  ),
  excluded: fc.constant([]),
});

const glob = (text: string) => patternFrom([{ text, isVerbatim: false }], "glob");

function claimOf({ operator, values }: Demand, holes: readonly string[] = []): CompiledClaim {
  const known = operatorOf(operator);
  if (!known) throw new Error(`no condition operator \`${operator}\``);
  return conditionClaim({ operator: known, key: KEY, lower: KEY.toLowerCase(), values, holes }, undefined, plain);
}

/** What the engine finds; `too-complex` where it gives up. */
function found({ domain, demands, excluded }: Case): KeyValue | undefined | "too-complex" {
  const constraints = demands.map(
    (one): Constraint => ({ claim: claimOf(one).claim, wanted: one.wanted, way: "over" }),
  );
  const dimension: Dimension = {
    name: KEY.toLowerCase(),
    domain,
    excluded: excluded.slice(1).map(glob),
    unreal: excluded.slice(0, 1).map(glob),
    earliest: 0,
  };
  try {
    return solve(dimension, constraints, { lore: plain, budget: { left: 1e6 } });
  } catch (error) {
    if (error instanceof TooComplex) return "too-complex";
    throw error;
  }
}

/** Whether a key may be that, and everything demanded of it is so. */
function isRight({ domain, demands, excluded }: Case, value: KeyValue): boolean {
  if (!isPossible(domain, value)) return false;
  if (domain.kind === "text" && value?.some((text) => excluded.some((one) => likelyText(one, text)))) return false;
  const context = new Map(value === null ? [] : [[KEY.toLowerCase(), value]]);
  return demands.every(
    ({ operator, values, wanted }) => conditionsHold({ [operator]: { [KEY]: values } }, context, false) === wanted,
  );
}

const likelyText = (pattern: string, text: string): boolean =>
  conditionsHold({ StringLike: { key: pattern } }, new Map([["key", [text]]]), false);

function isPossible(domain: KeyDomain, value: KeyValue): boolean {
  if (domain.kind === "absent") return value === null;
  if (domain.kind === "fixed") return value?.length === 1 && value[0] === domain.value;
  if (value === null) return domain.mayBeAbsent;
  if (value.length !== 1 && (domain.kind !== "text" || !domain.isMulti)) return false;
  switch (domain.kind) {
    case "choice":
      return value.every((one) => domain.values.includes(one));
    case "typed":
      return value.every((one) => WRITTEN[domain.type].test(one));
    case "text":
      return value.every((one) => one !== "" || domain.domain === ANY_OR_EMPTY);
  }
}

const WRITTEN = {
  numeric: /^\d+$/,
  date: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$|^\d+$/,
  ip: /^\d+(\.\d+){3}$|^[\da-f:]*:[\da-f:]*$/,
} as const;

const POOL = [...TEXTS, ...NUMBERS, ...DATES, ...ADDRESSES];
const SMALL_POOL = ["", "a", "b", "A", "ab", "x", "ba", "true", "5", "7", "2026-06-01T00:00:00Z", "10.0.0.7"];
/** What keys are tried with: absent, each text, each two. */
const VALUES: readonly KeyValue[] = [
  null,
  ...POOL.map((one) => [one]),
  ...SMALL_POOL.flatMap((one, i) => SMALL_POOL.slice(i + 1).map((other) => [one, other])),
];

const shown = ({ domain, demands, excluded }: Case): string =>
  `${JSON.stringify({ ...domain, domain: undefined })} ${demands.map(({ operator, values, wanted }) => `${wanted ? "" : "not "}${operator} ${values}`).join(" and ")} without ${excluded}`;

/** What is compared both as text and otherwise may be more than what is looked at, and so may several numbers. */
const mayBeTooComplex = ({ domain, demands }: Case): boolean => {
  const isMulti = domain.kind === "text" && domain.isMulti;
  const isText = demands.some(({ isTextual }) => isTextual);
  const isOther = demands.some(({ isTextual, operator }) => !isTextual && operator !== "Null");
  return (isOther && (isMulti || isText)) || (domain.kind === "typed" && isText);
};

/** AWS doesn't say whether seconds with a sign or a fraction are a date, and the naive evaluator takes more for one. */
const isDisputed = ({ demands }: Case, value: KeyValue | undefined): boolean =>
  demands.some(({ operator }) => operator.includes("Date")) &&
  (value ?? []).some((one) => !/^(\d+|\d{4}-.*|[A-Za-z*]*)$/.test(one));

describe(`what a key can be (seed ${seed}, ${numRuns} keys)`, () => {
  it.each([
    ["texts", texts],
    ["choices", choices],
    ["absent or fixed", settled],
    ["numbers, dates and addresses", typed],
    ["texts as numbers and dates", measured],
  ] as const)("%s", (_name, cases) => {
    fc.assert(
      fc.property(cases, (one) => {
        const value = found(one);
        if (value === "too-complex") {
          if (!mayBeTooComplex(one)) throw new Error(`${shown(one)}: too complex`);
          return;
        }
        if (isDisputed(one, value)) return;
        if (value !== undefined && !isRight(one, value))
          throw new Error(`${shown(one)}: found ${JSON.stringify(value)}`);
        const other =
          value === undefined ? VALUES.find((likely) => !isDisputed(one, likely) && isRight(one, likely)) : undefined;
        if (other !== undefined) throw new Error(`${shown(one)}: found nothing instead of ${JSON.stringify(other)}`);
      }),
      { seed, numRuns },
    );
  });
});

describe("what isn't known", () => {
  const domain: KeyDomain = { kind: "text", domain: ANY, ordinary: ["b"], mayBeAbsent: false, isMulti: false };
  const dimension: Dimension = { name: KEY.toLowerCase(), domain, excluded: [], unreal: [], earliest: 0 };
  /** A value with which a comparison with `a` and something unknown holds or fails. */
  const value = (operator: string, wanted: boolean, way: Approximation): KeyValue | undefined => {
    const { claim } = claimOf({ operator, values: ["a"], wanted, isTextual: true }, ["var.names"]);
    return solve(dimension, [{ claim, wanted, way }], { lore: plain, budget: { left: 1e6 } });
  };

  it("may be any value of a policy, or none", () => {
    expect(value("StringEquals", true, "over")).toEqual(["b"]);
    expect(value("StringEquals", false, "over")).toBeUndefined();
    expect(value("StringEquals", true, "under")).toEqual(["a"]);
    expect(value("StringEquals", false, "under")).toEqual(["b"]);
    expect(value("StringNotEquals", true, "over")).toEqual(["b"]);
    expect(value("StringNotEquals", false, "over")).toEqual(["a"]);
    expect(value("StringNotEquals", true, "under")).toBeUndefined();
    expect(value("StringNotEquals", false, "under")).toEqual(["b"]);
  });

  it("may be what is left out", () => {
    const excluded = [...symbols.keys()].map((letter) => patternFrom([{ text: letter, isVerbatim: true }], "literal"));
    const found = solve({ ...dimension, excluded: excluded.slice(2) }, [], { lore, budget: { left: 1e6 } });
    expect(found?.[0]).toMatch(/^[^a-z]/);
  });
});

describe("the time of a request", () => {
  const keys = ["aws:CurrentTime", "aws:EpochTime"];
  const start = Date.parse("2026-01-01T00:00:00Z") / 1000;
  const limits = [
    "2025-06-01T00:00:00Z",
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:01Z",
    "2026-06-01T00:00:00.5Z",
    "2150-01-01T00:00:00Z",
    "1767225601",
    "5",
  ];
  const family: Family = { ...MOMENTS, values: limits };
  const times = fc.array(fc.tuple(demands([family], [""]), fc.constantFrom(...keys)), { maxLength: 4 });
  const contextAt = (date: string) =>
    new Map([
      ["aws:currenttime", [date]],
      ["aws:epochtime", [String(Math.floor(Date.parse(date) / 1000))]],
    ]);
  const isRightAt = (date: string, all: readonly (readonly [Demand, string])[]): boolean =>
    all.every(
      ([{ operator, values, wanted }, key]) =>
        conditionsHold({ [operator]: { [key]: values } }, contextAt(date), false) === wanted,
    );
  const candidates = limits
    .map((limit) => (limit.includes("-") ? Date.parse(limit) / 1000 : Number(limit)))
    .flatMap((limit) => [
      Math.floor(limit) - 1,
      Math.floor(limit),
      Math.floor(limit) + 1,
      4_600_000_000,
      7_000_000_000,
    ]);

  it.each([
    ["from the plan's own on", start],
    ["at any time", 0],
    ["later than all that is known", Number.POSITIVE_INFINITY],
  ] as const)("%s", (_name, earliest) => {
    fc.assert(
      fc.property(times, (all) => {
        const constraints = all.map(([{ operator, values, wanted }, key]): Constraint => {
          const known = operatorOf(operator);
          if (!known) throw new Error(`no condition operator \`${operator}\``);
          const { claim } = conditionClaim(
            { operator: known, key, lower: key.toLowerCase(), values, holes: [] },
            undefined,
            plain,
          );
          return { claim, wanted, way: "over" };
        });
        const domain: KeyDomain = { kind: "typed", type: "date", mayBeAbsent: false, ordinary: "" };
        const found = solve({ name: "time", domain, excluded: [], unreal: [], earliest }, constraints, {
          lore: plain,
          budget: { left: 1e6 },
        });
        const title = all
          .map(([{ operator, values, wanted }, key]) => `${wanted ? "" : "not "}${operator} ${key} ${values}`)
          .join(" and ");
        const [date] = found ?? [];
        if (date !== undefined) {
          const isLate = Date.parse(date) / 1000 >= Math.min(earliest, 4_000_000_000);
          if (!isLate || !isRightAt(date, all)) throw new Error(`${title}: found ${date}`);
          return;
        }
        const other = candidates
          .filter((time) => time >= earliest)
          .map((time) => new Date(time * 1000).toISOString())
          .find((time) => isRightAt(time, all));
        if (other !== undefined) throw new Error(`${title}: found nothing instead of ${other}`);
      }),
      { seed, numRuns },
    );
  });
});

describe("a value that no likely one stands for", () => {
  const solved = (domain: KeyDomain, taken: readonly string[], left: readonly string[]) =>
    found({
      domain,
      demands: [
        { operator: "StringLike", values: taken, wanted: true, isTextual: true },
        { operator: "StringLike", values: left, wanted: false, isTextual: true },
      ],
      excluded: [],
    });

  it("is searched for among all that wildcards take, beside what is written out", () => {
    const domain: KeyDomain = { kind: "text", domain: ANY, ordinary: ["example"], mayBeAbsent: false, isMulti: false };
    expect(solved(domain, ["a", "b*"], ["a", "b", "bexample"])).toEqual([expect.stringMatching(/^b.$/)]);
    expect(solved(domain, ["a", "b"], ["a", "b"])).toBeUndefined();
  });

  it.each([
    ["ip", "*:*", "2001:*"],
    ["date", "2026*", "2026-0*"],
    ["numeric", "1*", "10*"],
  ] as const)("is there, or may be: %s", (type, taken, left) => {
    const domain: KeyDomain = { kind: "typed", type, ordinary: "10", mayBeAbsent: false };
    expect(solved(domain, [taken], [left])).toBeDefined();
  });

  it("is a year where a number is a date", () => {
    const domain: KeyDomain = { kind: "text", domain: ANY, ordinary: ["example"], mayBeAbsent: false, isMulti: false };
    const demands = [
      { operator: "NumericLessThan", values: ["2028"], wanted: true, isTextual: false },
      { operator: "DateGreaterThan", values: ["2026-06-01T00:00:00Z"], wanted: true, isTextual: false },
    ];
    expect(found({ domain, demands, excluded: [] })).toEqual(["2027"]);
  });

  it("is none where no address or number is written so", () => {
    expect(
      solved({ kind: "typed", type: "ip", ordinary: "10.0.0.7", mayBeAbsent: false }, ["*x*"], [""]),
    ).toBeUndefined();
    expect(
      solved({ kind: "typed", type: "numeric", ordinary: "10", mayBeAbsent: false }, ["*.*"], [""]),
    ).toBeUndefined();
  });
});
