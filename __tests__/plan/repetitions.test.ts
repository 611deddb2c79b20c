/** What repeats itself is taken and told again as it was, in rows or one by one, wherever a window ends. */
import fc from "fast-check";
import { ROW } from "../../validators/plan/forms";
import { Repetitions, type Section } from "../../validators/plan/repetitions";
import { Scanner } from "../../validators/plan/scan";

/** Elements that follow each other under keys that count up, and what is odd about one of them. */
interface Run {
  readonly base: string;
  readonly first: number;
  readonly count: number;
  readonly digits: number;
  readonly hasId: boolean;
  readonly odd: { readonly at: number; readonly how: (typeof ODD)[number] };
}

const ODD = ["nothing", "value", "head", "capital", "other key inside", "longer", "again"] as const;

const run: fc.Arbitrary<Run> = fc.record({
  base: fc.constantFrom("this", "other"),
  first: fc.nat(2_000),
  count: fc.integer({ min: 1, max: 3 * ROW }),
  digits: fc.constantFrom(1, 4),
  hasId: fc.boolean(),
  odd: fc.record({ at: fc.nat(3 * ROW), how: fc.constantFrom(...ODD) }),
});

function textsOf({ base, first, count, digits, hasId, odd }: Run): readonly string[] {
  return Array.from({ length: count }, (_, i) => {
    const how = i === odd.at ? odd.how : "nothing";
    const number = String(first + i - (how === "again" ? 1 : 0)).padStart(digits, "0");
    const head = { head: "w", capital: "U", longer: "uu" }[how as string] ?? "u";
    const key = `${head}nit-${number}`;
    const after = {
      bucket: how === "other key inside" ? `unit-${first + i + 1}` : key,
      tags: { of: key, level: how === "value" ? "odd" : "low" },
      ...(hasId ? { id: `0a1b2c3d-0000-4000-8000-${String(first + i).padStart(12, "0")}` } : {}),
    };
    const address = `aws_s3_bucket.${base}["${key}"]`;
    return JSON.stringify({ address, mode: "managed", type: "aws_s3_bucket", index: key, change: { after } });
  });
}

/** The same keys under several resources, one after the other, each with something odd at a place. */
interface Rounds {
  readonly keys: readonly string[];
  readonly rounds: readonly { readonly at: number; readonly how: (typeof ROUND)[number]; readonly hasId: boolean }[];
}

const ROUND = ["nothing", "value", "missing", "swapped", "again", "longer"] as const;

const rounds: fc.Arbitrary<Rounds> = fc.record({
  keys: fc.oneof(
    fc.uniqueArray(fc.stringMatching(/^[a-c][ab12-]{3}$/), { minLength: 2 * ROW, maxLength: 4 * ROW }),
    fc.uniqueArray(fc.stringMatching(/^[a-c][ab12-]{3,4}$/), { minLength: 2 * ROW, maxLength: 4 * ROW }),
    fc
      .tuple(fc.constantFrom(0, 80, 990), fc.integer({ min: 2 * ROW, max: 4 * ROW }))
      .map(([first, count]) => Array.from({ length: count }, (_, i) => `unit-${String(first + i).padStart(4, "0")}`)),
  ),
  rounds: fc.array(fc.record({ at: fc.nat(4 * ROW), how: fc.constantFrom(...ROUND), hasId: fc.boolean() }), {
    minLength: 2,
    maxLength: 4,
  }),
});

const textsOfRounds = ({ keys, rounds: all }: Rounds): readonly string[] =>
  all.flatMap(({ at, how, hasId }, round) => {
    const own = [...keys];
    const [here = "", next = ""] = own.slice(at, at + 2);
    if (next !== "" && how === "missing") own.splice(at, 1);
    if (next !== "" && how === "swapped") own.splice(at, 2, next, here);
    if (next !== "" && how === "again") own.splice(at, 2, here, here);
    if (next !== "" && how === "longer") own.splice(at, 1, `${here}-x`);
    return own.map((key, i) => {
      const id = `0a1b2c3d-0000-4000-800${round}-${String(7 * i).padStart(12, "0")}`;
      const level = how === "value" && i === at ? "odd" : "low";
      const after = { bucket: key, arn: `arn:${key}`, level, ...(hasId ? { id, arn: `arn:${id}/${key}` } : {}) };
      return JSON.stringify({
        address: `aws_s3_bucket.r${round}["${key}"]`,
        mode: "managed",
        index: key,
        change: { after },
      });
    });
  });

/** What is told of a list in the end, and how many of it were taken; `size`: bytes of a window. */
function told(section: Section, texts: readonly string[], size: number): { all: readonly string[]; taken: number } {
  const repetitions = new Repetitions();
  const others: string[] = [];
  const scanner = new Scanner({
    kind: "elements",
    take: (chunk, at) => repetitions.take(section, chunk, at),
    alone: (text) => {
      if (!repetitions.add(section, text, JSON.parse(text))) others.push(text);
    },
    done: (values) => others.push(...values.map((value) => JSON.stringify(value))),
  });
  const bytes = Buffer.from(`[${texts.join(",")}]`);
  for (let at = 0; at < bytes.length; at += size) scanner.write(Buffer.from(bytes.subarray(at, at + size)));
  scanner.end();
  const alike = repetitions
    .alike()
    .flatMap(({ elements, members }) =>
      members.flatMap((names) =>
        elements.map(({ form, places }) => form.filled(places.map((place) => names[place] ?? ""))),
      ),
    );
  return { all: [...alike, ...others].sort(), taken: repetitions.taken };
}

const anyRuns = fc.array(run, { minLength: 1, maxLength: 6 });
const anySize = fc.constantFrom(150, 1_000, 5_000, 1 << 20);

test("each is told once, word for word", () => {
  fc.assert(
    fc.property(anyRuns, anySize, (runs, size) => {
      const texts = runs.flatMap(textsOf);
      expect(told("resource_changes", texts, size).all).toEqual([...texts].sort());
    }),
    { numRuns: 300 },
  );
});

test("each is told once, word for word, where keys come in rounds", () => {
  fc.assert(
    fc.property(rounds, anySize, (all, size) => {
      const texts = textsOfRounds(all);
      expect(told("resource_changes", texts, size).all).toEqual([...texts].sort());
    }),
    { numRuns: 300 },
  );
});

test("what is only planned is taken as often as changes are, and forgotten", () => {
  fc.assert(
    fc.property(anyRuns, anySize, (runs, size) => {
      // a key that may not be taken out makes no unit; it is nobody's in what is planned as well
      const texts = runs.filter(({ odd }) => odd.how !== "capital").flatMap(textsOf);
      const planned = told("planned_values", texts, size);
      const changes = told("resource_changes", texts, size);
      expect([planned.taken, planned.all.length]).toEqual([changes.taken, texts.length - planned.taken]);
    }),
    { numRuns: 300 },
  );
});

test.each(ODD)("in a row, one with %s is told as it is", (how) => {
  for (let at = 0; at < 2 * ROW; at++) {
    const texts = textsOf({ base: "this", first: 10, count: 3 * ROW, digits: 4, hasId: true, odd: { at, how } });
    expect(told("resource_changes", texts, 1 << 20).all).toEqual([...texts].sort());
  }
});

test("a row of keys that no unit has is nobody's", () => {
  const keys = ["aaaa", "bbbb", ...Array.from({ length: 2 * ROW }, (_, i) => String((i % 9) + 1).repeat(4))];
  const texts = keys.map((key) => JSON.stringify({ address: `aws_s3_bucket.this["${key}"]`, index: key }));
  expect(told("resource_changes", texts, 1 << 20)).toEqual({ all: [...texts].sort(), taken: 2 });
});

describe("a row that differs from what was to be expected as one row may from another", () => {
  const letters = [..."abcdefghijklmnop"];
  const elements = (base: string, keys: readonly string[]): readonly string[] =>
    keys.map((key) => JSON.stringify({ address: `aws_s3_bucket.${base}["${key}"]`, index: key }));
  const START = ["start-1", "start-2"];

  test.each<[string, readonly string[], readonly string[], readonly string[]]>([
    [
      "in more than the last character",
      letters.map((one) => `key-${one}-11`),
      letters.map((one) => `key-${one}-22`),
      letters.map((one) => `key-${one}-12`),
    ],
    [
      "in what the row before differs in itself",
      letters.map((one) => `key-${one}-1`),
      letters.map((one) => `key-p-${one}`),
      letters.map((one) => `key-${one}-${one}`),
    ],
    [
      "in nothing: it is the row before",
      letters.map((one) => `key-1-${one}`),
      letters.map((one) => `key-2-${one}`),
      letters.map((one) => `key-1-${one}`),
    ],
    [
      "in their lengths",
      letters.map((one) => `key-1-${one}`),
      letters.map((one) => `key-12-${one}`),
      letters.map((one) => `key-1-${one}`),
    ],
  ])("%s", (_, row, next, instead) => {
    const first = elements("first", [...START, ...row, ...next, ...instead.filter((key) => !row.includes(key))]);
    const texts = [...first, ...elements("second", [...START, ...row, ...instead])];
    expect(told("resource_changes", texts, 1 << 20)).toEqual({ all: [...texts].sort(), taken: texts.length });
  });

  test("with one by itself between them, where a window ends", () => {
    const [row, next] = [letters.map((one) => `key-1${one}`), letters.map((one) => `key-2${one}`)];
    const start = ["start-1", "key-1z", ...row];
    const before = [...elements("first", [...start, "key-2y", ...next]), ...elements("second", start)];
    const texts = [...before, ...elements("second", ["key-2y", ...row])];
    const size = Buffer.byteLength(`[${before.join(",")},`);
    expect(told("resource_changes", texts, size)).toEqual({ all: [...texts].sort(), taken: texts.length });
  });

  test("after another resource's row, whose last unit it begins with", () => {
    const all = [..."abcdefghijklmnopqrstuvwxyz0123456"];
    const [some, others] = [all.slice(0, 17), all.slice(17)];
    const [row, between, next] = [
      others.map((one) => `key-1${one}`),
      some.map((one) => `key-2${one}`),
      others.map((one) => `key-2${one}`),
    ];
    const start = ["start-1", "key-1-", ...row];
    const texts = [
      // the longer one ends the first row without a look at the next
      ...elements("first", [...start, "key-1-longer", ...between, ...next]),
      ...elements("second", start),
      ...elements("third", [row[15] ?? "", ...between]),
      ...elements("second", [between[16] ?? "", between[16] ?? "", ...row]),
    ];
    expect(told("resource_changes", texts, 1 << 20)).toEqual({ all: [...texts].sort(), taken: texts.length });
  });
});
