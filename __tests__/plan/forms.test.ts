/** A form fits the elements that differ from its own in their names, and nothing else. */
import fc from "fast-check";
import { Form, isKey, placeAt, placeIn } from "../../validators/plan/forms";
import { KeyFinder } from "../../validators/plan/key-finder";

const UUIDS = ["0a1b2c3d-0000-4000-8000-00000000000a", "0a1b2c3d-0000-4000-8000-00000000000b"] as const;
const OTHERS = ["ffffffff-1111-4111-9111-111111111111", "eeeeeeee-2222-4222-9222-222222222222"] as const;

/** An element with a key in four places and two UUIDs, one of them twice. */
const element = (key: string, [first, second]: readonly string[]): string =>
  `{"address":"aws_s3_bucket.b[\\"${key}\\"]","index":"${key}","change":{"after":{"bucket":"x-${key}-logs","é":"${first}","id":"${second}","arn":"arn:${first}/${key}"}}}`;

const formOf = (key: string): Form => {
  const form = Form.of(element(key, UUIDS), { key, kind: "key" });
  if (form === undefined) throw new Error("no form");
  return form;
};

/** Where the element ends behind some bytes, and its names. */
function fitted(form: Form, text: string, before = "[ "): { readonly end: number; readonly names: readonly string[] } {
  const bytes = Buffer.from(`${before}${text},`);
  const end = form.match(bytes, before.length);
  const names: string[] = [];
  if (end >= 0) {
    names.push(form.keyIn(bytes));
    form.namesIn(bytes, names);
  }
  return { end: end < 0 ? end : end - before.length, names };
}

const key = fc.stringMatching(/^[a-z][a-z0-9.-]{2,12}$/);
const uuid = fc.uuid().map((one) => one.toLowerCase());

test("what differs in names fits, with any of them, in any order", () => {
  const form = formOf("unit-1");
  fc.assert(
    fc.property(fc.array(fc.tuple(key, uuid, uuid), { minLength: 1, maxLength: 5 }), (all) => {
      for (const [own, first, second] of all) {
        if (first === second) continue;
        const text = element(own, [first, second]);
        expect(fitted(form, text)).toEqual({ end: Buffer.byteLength(text), names: [own, first, second] });
        expect(form.filled([own, first, second])).toBe(text);
      }
    }),
  );
});

test("a byte that differs doesn't, wherever it is", () => {
  const form = formOf("unit-1");
  const text = element("unit-2", OTHERS);
  expect(fitted(form, text).end).toBeGreaterThan(0);
  for (let at = 0; at < text.length; at++) {
    const changed = `${text.slice(0, at)}${text[at] === "!" ? "?" : "!"}${text.slice(at + 1)}`;
    expect([at, fitted(form, changed).end]).toEqual([at, -1]);
    expect(fitted(form, text).end).toBeGreaterThan(0);
  }
});

test("a name that differs in one of its places doesn't, though every place has one", () => {
  const form = formOf("unit-1");
  const text = element("unit-2", OTHERS);
  for (const name of ["unit-2", OTHERS[0]])
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1))
      expect([
        at,
        fitted(form, text.slice(0, at) + (name === "unit-2" ? "unit-3" : OTHERS[1]) + text.slice(at + name.length)).end,
      ]).toEqual([at, -1]);
});

test("what was tried in vain leaves nothing behind", () => {
  const form = formOf("unit-1");
  const short = element("abc", OTHERS);
  const long = element("a-much-longer-key", OTHERS);
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom(short, long, `${long.slice(0, 60)}!`, `${short.slice(0, 40)}x${short.slice(40)}`, "{}"),
        { maxLength: 8 },
      ),
      (texts) => {
        for (const text of texts) {
          const isWhole = text === short || text === long;
          expect(fitted(form, text).end).toBe(isWhole ? Buffer.byteLength(text) : -1);
        }
      },
    ),
  );
});

test("bytes that end first don't fit", () => {
  const form = formOf("unit-1");
  const text = element("unit-2", OTHERS);
  for (let size = 0; size < text.length; size++) expect(form.match(Buffer.from(text).subarray(0, size), 0)).toBe(-1);
});

test.each([
  ["abc", true],
  ["a-1.b", true],
  ["ab", false],
  ["1ab", false],
  ["Abc", false],
  ["a_c", false],
  ["", false],
  ["a b c", false],
])("the key %j: %s", (text, expected) => expect(isKey(text)).toBe(expected));

test.each([
  ['aws_s3_bucket.b["logs"]', "logs", "aws_s3_bucket.b[]"],
  ['module.m["logs"].aws_s3_bucket.b[0]', "logs", "module.m[].aws_s3_bucket.b[0]"],
  ['module.m["logs"].aws_s3_bucket.b["data"]', "logs", 'module.m[].aws_s3_bucket.b["data"]'],
  ['module.m[0].aws_s3_bucket.b["data"]', "data", "module.m[0].aws_s3_bucket.b[]"],
  ["module.logs.aws_s3_bucket.b", "logs", "module.[].aws_s3_bucket.b", "module"],
  ["module.logs.module.data.aws_s3_bucket.b[0]", "logs", "module.[].module.data.aws_s3_bucket.b[0]", "module"],
  ['module.logs.aws_s3_bucket.b["data"]', "data", "module.logs.aws_s3_bucket.b[]"],
])("%s stands under %s", (address, own, base, kind = "key") => {
  expect(placeIn(address)).toEqual({ key: own, base, kind });
  const text = `{"address":${JSON.stringify(address)},"mode":"managed"}`;
  expect(placeAt(Buffer.from(text), 0)).toEqual({ key: own, base, kind });
  expect(placeAt(Buffer.from(text).subarray(0, text.indexOf(",")), 0)).toEqual({ key: own, base, kind });
  expect(placeAt(Buffer.from(text).subarray(0, text.indexOf(",") - 1), 0)).toBeUndefined();
});

test.each([
  "aws_s3_bucket.b",
  "aws_s3_bucket.b[0]",
  'aws_s3_bucket.b["Logs"]',
  'aws_s3_bucket.b["a\\"b"]',
  'module.m["x y"].aws_s3_bucket.b["logs"]',
  "module.m_1.aws_s3_bucket.b",
  "module.Logs.aws_s3_bucket.b",
  "module.logs[0].aws_s3_bucket.b",
  "module.logs",
])("%s stands under none", (address) => {
  expect(placeIn(address)).toBeUndefined();
  expect(placeAt(Buffer.from(`{"address":${JSON.stringify(address)}}`), 0)).toBeUndefined();
});

const LOGS = { key: "logs", kind: "key" } as const;

test("a key that goes on where it stands first has no form", () => {
  expect(Form.of('{"address":"aws_s3_bucket.logs-x[\\"logs\\"]"}', LOGS)).toBeUndefined();
  expect(Form.of('{"address":"module.logs[\\"logs\\"].aws_s3_bucket.b"}', LOGS)).toBeDefined();
});

test("keys are found inside of words, each once", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(key, { maxLength: 6 }),
      fc.array(fc.oneof(key, fc.constantFrom("", "-", "arn:", "."))),
      (keys, words) => {
        const text = words.join("");
        expect([...new KeyFinder(keys).in(text)].sort()).toEqual(keys.filter((one) => text.includes(one)).sort());
      },
    ),
  );
  expect([...new KeyFinder(["unit-1", "unit-10", "it-1"]).in("tollgate-unit-10/x unit-1")].sort()).toEqual([
    "it-1",
    "unit-1",
    "unit-10",
  ]);
  expect(new KeyFinder([]).mayBeIn("anything")).toBe(false);
  const spent = new KeyFinder(["abc"], 10);
  expect([spent.mayBeIn("abd abd"), spent.isSpent]).toEqual([false, false]);
  expect([spent.mayBeIn("a".repeat(1000)), spent.mayBeIn(`${"ab".repeat(200)}`), spent.isSpent]).toEqual([
    true,
    true,
    true,
  ]);
});
