/** Turns a real file into hostile ones: JSON changed where it means something, text and bytes anywhere. */
import * as fc from "fast-check";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const KEYS = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "",
  "a.b",
  'a"]',
  "\ud800",
  "\u202e\u0000",
  "*",
];
const TEXTS = [
  ...KEYS,
  "${",
  "${aws_s3_bucket.b.arn}",
  "%{ if }",
  "${local.nowhere[0].x}",
  "NaN",
  "-0",
  "true",
  "{}",
  '{"Statement":',
  "arn:aws:s3:::",
  "arn:aws:iam::444455556666:root",
  'module.a["x.y"].aws_s3_bucket.b[0]',
  "aws_s3_bucket.b[",
  "x".repeat(70_000),
  "${".repeat(2000),
  "*?".repeat(500),
  "\u0000\u001b]8;;http://x\u0007",
  "2026-02-30T25:61:61Z",
];
const NUMBERS = [0, -0, -1, 0.5, 1e21, 1e308, 5e-324, 2 ** 53, -(2 ** 31)];

/** `levels` containers inside each other. */
const nested = (levels: number, kind: "list" | "object"): Json => {
  let json: Json = "deep";
  for (let level = 0; level < levels; level++) json = kind === "list" ? [json] : { a: json };
  return json;
};

const anything: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, false, [], {}, [[]], [{}], [null], nested(60, "list"), nested(60, "object")),
  fc.constantFrom<Json>(...TEXTS),
  fc.constantFrom<Json>(...NUMBERS),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom(...KEYS).map((key): Json => JSON.parse(`{${JSON.stringify(key)}:{"polluted":true}}`)),
);

/** One change; `at` says where, as a share of what can be changed. */
type Change = { readonly at: number } & (
  | { readonly kind: "put"; readonly value: Json }
  | { readonly kind: "delete" | "double" | "wrap" | "unwrap" | "empty" | "reverse" }
  | { readonly kind: "rename" | "add"; readonly key: string; readonly value: Json }
  | { readonly kind: "copy"; readonly from: number }
);
const share = fc.integer({ min: 0, max: 9999 });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ at: share, kind: fc.constant("put" as const), value: anything }),
  fc.record({ at: share, kind: fc.constantFrom("delete", "double", "wrap", "unwrap", "empty", "reverse") }),
  fc.record({
    at: share,
    kind: fc.constantFrom("rename" as const, "add" as const),
    key: fc.constantFrom(...KEYS, "id", "count", "for_each", "policy", "bucket", "//", "values", "change"),
    value: anything,
  }),
  fc.record({ at: share, kind: fc.constant("copy" as const), from: share }),
);

interface Place {
  readonly parent: Json[] | { [key: string]: Json };
  readonly key: string;
}
const isContainer = (json: Json | undefined): json is Json[] | { [key: string]: Json } =>
  typeof json === "object" && json !== null;
const read = ({ parent, key }: Place): Json => Object.getOwnPropertyDescriptor(parent, key)?.value ?? null;
const write = ({ parent, key }: Place, value: Json): void => {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
};

function placesOf(json: Json): Place[] {
  const places: Place[] = [];
  const visit = (parent: Json): void => {
    if (!isContainer(parent)) return;
    for (const key of Object.keys(parent)) {
      const place = { parent, key };
      places.push(place);
      visit(read(place));
    }
  };
  visit(json);
  return places;
}

/** Changes a document in place. */
function apply(root: { root: Json }, one: Change): void {
  const places = placesOf(root as { [key: string]: Json });
  const pick = (at: number): Place | undefined => places[Math.floor((at / 10_000) * places.length)];
  const place = pick(one.at);
  if (place === undefined) return;
  const { parent, key } = place;
  const value = read(place);
  const copy = (json: Json): Json => JSON.parse(JSON.stringify(json));
  const drop = () => (Array.isArray(parent) ? parent.splice(Number(key), 1) : Reflect.deleteProperty(parent, key));
  const isObject = isContainer(value) && !Array.isArray(value);
  if (one.kind === "put") write(place, copy(one.value));
  else if (one.kind === "copy") write(place, copy(read(pick(one.from) ?? place)));
  else if (one.kind === "wrap") write(place, [value]);
  else if (one.kind === "unwrap") write(place, isContainer(value) ? (Object.values(value)[0] ?? null) : value);
  else if (one.kind === "empty") write(place, Array.isArray(value) ? [] : isObject ? {} : "");
  else if (one.kind === "reverse" && Array.isArray(value)) value.reverse();
  else if (one.kind === "double" && Array.isArray(parent)) parent.push(copy(value));
  else if (one.kind === "delete") drop();
  else if (one.kind === "add" && isObject) write({ parent: value, key: one.key }, copy(one.value));
  else if (one.kind === "rename" && !Array.isArray(parent)) {
    drop();
    write({ parent, key: one.key }, value);
  }
}

/** JSON of real files with up to six changes of meaning, as text. */
export const mutatedJson = (seeds: readonly string[]): fc.Arbitrary<Buffer> =>
  fc.tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 6 })).map(([seed, changes]) => {
    const root: { root: Json } = { root: JSON.parse(seed) };
    for (const one of changes) apply(root, one);
    return Buffer.from(JSON.stringify(root.root) ?? "null");
  });

const PIECES = [
  ...'{}[]()":,.\\/*?$%@#=-+ \n\t\u0000',
  "${",
  "%{",
  "<<E\n",
  "null",
  "1e999",
  "\ufeff",
  "\ud800",
  "é",
  "😀",
  '"__proto__":{"polluted":true},',
  "[".repeat(600),
  '{"a":'.repeat(600),
  "9".repeat(400),
  "PK\u0001\u0002",
  "dynamic",
  "module",
  "for_each",
];

/** Text or bytes of real files, cut, doubled and filled in anywhere. */
export const mutatedBytes = (seeds: readonly (string | Uint8Array)[]): fc.Arbitrary<Buffer> =>
  fc
    .tuple(
      fc.constantFrom(...seeds),
      fc.array(
        fc.record({
          at: share,
          cut: fc.oneof(fc.nat(4), fc.nat(4000)),
          piece: fc.oneof(
            fc.constantFrom(...PIECES).map((text) => Buffer.from(text)),
            fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
          ),
          from: fc.option(share, { nil: undefined }),
        }),
        { minLength: 1, maxLength: 5 },
      ),
    )
    .map(([seed, edits]) => {
      let bytes = Buffer.from(seed);
      for (const { at, cut, piece, from } of edits) {
        const where = Math.floor((at / 10_000) * (bytes.length + 1));
        const begin = from === undefined ? 0 : Math.floor((from / 10_000) * bytes.length);
        const filling = from === undefined ? piece : bytes.subarray(begin, begin + cut);
        bytes = Buffer.concat([bytes.subarray(0, where), filling, bytes.subarray(where + cut)]);
      }
      return bytes;
    });

/** The same characters in another encoding, which editors and shells write. */
export const encoded = (bytes: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  fc.tuple(bytes, fc.constantFrom("as it is", "mark", "utf16le", "utf16be")).map(([content, encoding]) => {
    const text = content.toString("utf8");
    switch (encoding) {
      case "mark":
        return Buffer.from(`\ufeff${text}`);
      case "utf16le":
        return Buffer.from(`\ufeff${text}`, "utf16le");
      case "utf16be":
        return Buffer.from(`\ufeff${text}`, "utf16le").swap16();
      default:
        return content;
    }
  });
