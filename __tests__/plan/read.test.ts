/** Reading plans from a stream: equal to `JSON.parse`, or refused with one line. */
import * as fc from "fast-check";
import { InputError } from "../../validators/kernel/result";
import { detectKind, type Json, readPlan } from "../../validators/plan/index";

const bytes = (text: string): Uint8Array => Buffer.from(text, "utf8");

function* windows(all: Uint8Array, size: number): Generator<Uint8Array> {
  // one buffer used over and over, as the process door does
  const window = new Uint8Array(size);
  for (let at = 0; at < all.length; at += size) {
    const part = all.subarray(at, at + size);
    window.set(part);
    yield window.subarray(0, part.length);
  }
}

const bucket = (name: string, extra: Record<string, Json> = {}): Record<string, Json> => ({
  address: `aws_s3_bucket.${name}`,
  mode: "managed",
  type: "aws_s3_bucket",
  name,
  provider_name: "registry.terraform.io/hashicorp/aws",
  change: { actions: ["create"], before: null, after: { bucket: name }, after_unknown: { id: true } },
  ...extra,
});

const plan = (extra: Record<string, Json> = {}): Record<string, Json> => ({
  format_version: "1.2",
  terraform_version: "1.11.4",
  variables: { a: { value: "ä\u2028 \ud83d\ude00" } },
  planned_values: { root_module: { resources: [{ address: "aws_s3_bucket.a" }] } },
  resource_changes: [bucket("a"), bucket("b")],
  prior_state: { format_version: "1.0", values: { root_module: {} } },
  configuration: { root_module: { resources: [{ address: "aws_s3_bucket.a", expressions: {} }] } },
  timestamp: "2026-01-01T00:00:00Z",
  complete: true,
  errored: false,
  ...extra,
});

const read = (json: unknown, size = 1 << 20) => readPlan(windows(bytes(JSON.stringify(json)), size));
const refusal = (input: Uint8Array): string => {
  try {
    readPlan([input]);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return "";
};

describe("readPlan", () => {
  test("reads heads, variables, changes and configuration", () => {
    const result = read(plan());
    expect(result).toMatchObject({
      kind: "plan",
      formatVersion: "1.2",
      terraformVersion: "1.11.4",
      timestamp: "2026-01-01T00:00:00Z",
      complete: true,
      configuration: { root_module: { resources: [{ address: "aws_s3_bucket.a", expressions: {} }] } },
    });
    expect(result.variables.get("a")).toBe("ä\u2028 \ud83d\ude00");
    expect(result.changes?.map((change) => change.address)).toEqual(["aws_s3_bucket.a", "aws_s3_bucket.b"]);
    expect(result.changes?.[0]).toMatchObject({ after: { bucket: "a" }, afterUnknown: { id: true }, module: "" });
  });

  test("gives the same plan whatever the window, also where keys and tags are named like sections", () => {
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(null, true, false, 0, -1.5e-7, 1e21, ""),
        fc.string({ unit: "binary", maxLength: 8 }),
        fc.constantFrom('"', "\\", '"resource_changes":[', "\u0000", "é", "😀", "\ud800"),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(
          fc.oneof(fc.constantFrom("resource_changes", "configuration", "__proto__", "address"), fc.string()),
          tie("value"),
          { maxKeys: 3 },
        ),
      ),
    })).value as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(
        fc.array(json, { maxLength: 5 }),
        json,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(undefined, 1, "\t"),
        fc.boolean(),
        (values, other, size, space, first) => {
          const tagged = values.map((after, i) =>
            bucket(`b${i}`, { change: { actions: ["create"], after: { after }, tags: other } }),
          );
          const document = {
            ...(first ? { output_changes: other } : {}),
            ...plan({ resource_changes: tagged, variables: { x: { value: other } }, checks: other }),
          };
          const text = JSON.stringify(document, null, space);
          const result = readPlan(windows(bytes(text), size));
          const expected = JSON.parse(text) as { resource_changes: { change: { after: Json } }[] };
          expect(result.changes?.map((change) => change.after)).toEqual(
            expected.resource_changes.map((change) => change.change.after),
          );
          expect(result.variables.get("x")).toEqual(
            (expected as unknown as { variables: { x: { value: Json } } }).variables.x.value,
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test("accepts and refuses JSON exactly as JSON.parse does", () => {
    const pieces = fc.constantFrom(
      ...'{}[]:,"\\ \n\t0123456789.eE+-truefalsn/u',
      "null",
      "true",
      "false",
      '"a"',
      '""',
      "1.5",
      "-0",
      "1e5",
      "\\u12ab",
      "\u0001",
      "é",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), fc.integer({ min: 1, max: 9 }), (parts, size) => {
        const text = `{"format_version":"1.2","resource_changes":[],"x":${parts.join("")}}`;
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        let isRead = true;
        try {
          readPlan(windows(bytes(text), size));
        } catch (error) {
          // a key that occurs twice is valid JSON, and refused
          if (!(error instanceof InputError)) throw error;
          if (error.message.includes("occurs twice")) return;
          isRead = false;
        }
        expect(isRead).toBe(isJson);
      }),
      { numRuns: 5000 },
    );
  });

  test("refuses a plan that is cut off at any byte", () => {
    const all = bytes(JSON.stringify(plan()));
    for (let size = 0; size < all.length; size++) expect(refusal(all.subarray(0, size))).not.toBe("");
  });

  test("reads long lists of elements in groups, and one element that is longer than a window", () => {
    const many = Array.from({ length: 3000 }, (_, i) => bucket(`b${i}`));
    const long = bucket("long", { change: { actions: ["create"], after: { policy: "x".repeat(300_000) } } });
    const result = read(plan({ resource_changes: [...many, long] }), 65_536);
    expect(result.changes).toHaveLength(3001);
    expect(result.changes?.[3000]?.after).toEqual({ policy: "x".repeat(300_000) });
  });

  test("keeps deposed objects beside the living one of the same address", () => {
    const deposed = bucket("a", {
      deposed: "1234abcd",
      change: { actions: ["delete"], before: { bucket: "a" }, after: null },
    });
    const result = read(plan({ resource_changes: [bucket("a"), deposed] }));
    expect(result.changes?.map((change) => change.deposed)).toEqual([undefined, "1234abcd"]);
  });

  test("keeps only what is wanted", () => {
    const after = { bucket: "a", policy: "{}", tags: { a: "b" }, acl: null };
    const other = { id: "x", description: "y".repeat(600), list: ["a"], map: { a: "b" } };
    const changes = [
      bucket("a", { change: { actions: ["create"], after } }),
      { ...bucket("o", { change: { actions: ["create"], after: other } }), type: "aws_other" },
    ];
    const wanted = new Map([["aws_s3_bucket", new Set(["bucket", "acl"])]]);
    const result = readPlan([bytes(JSON.stringify(plan({ resource_changes: changes })))], { wanted });
    expect(result.changes?.map((change) => change.after)).toEqual([{ bucket: "a" }, { id: "x", list: ["a"] }]);
  });

  test("keeps of the prior state data sources and what the changes don't tell", () => {
    const resource = (address: string, mode: string) => ({ address, mode, type: "t", name: "n", values: { id: "1" } });
    const values = {
      root_module: {
        resources: [resource("aws_s3_bucket.a", "managed"), resource("aws_s3_bucket.gone", "managed")],
        child_modules: [{ address: 'module.m["x.y"]', resources: [resource('module.m["x.y"].data.t.n', "data")] }],
      },
    };
    const result = read(plan({ prior_state: { format_version: "1.0", values } }));
    expect(result.prior.map((entry) => [entry.address, entry.module])).toEqual([
      ["aws_s3_bucket.gone", ""],
      ['module.m["x.y"].data.t.n', 'module.m["x.y"]'],
    ]);
  });

  test("passes over what the changes tell of the prior state, wherever it stands and however it is written", () => {
    const prior = (address: string, more: Record<string, Json> = {}): Record<string, Json> => ({
      address,
      mode: "managed",
      type: "aws_s3_bucket",
      name: "x",
      values: { bucket: address },
      ...more,
    });
    const key = 'aws_s3_bucket.b["a \\"k\\", \u00e9 \\\\"]';
    const told = [prior("aws_s3_bucket.a"), prior(key), prior("aws_s3_bucket.a", { deposed_key: "00000001" })];
    const untold = [
      prior("aws_s3_bucket.c"),
      prior("data.aws_s3_bucket.a", { mode: "data" }),
      prior('aws_s3_bucket.b["a"]'),
    ];
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...told, ...untold]),
        fc.integer({ min: 1, max: 400 }),
        fc.constantFrom(0, 1),
        (resources, size, indent) => {
          const json = plan({
            resource_changes: [bucket("a"), { ...bucket("b"), address: key }],
            prior_state: { values: { root_module: { resources } } },
          });
          const { prior: found, changes } = readPlan(windows(bytes(JSON.stringify(json, null, indent)), size));
          expect(found.map(({ values }) => values)).toEqual(
            resources.filter((one) => untold.includes(one)).map(({ values }) => values),
          );
          expect(changes?.length).toBe(2);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("an address in the prior state that is no JSON is refused as such", () => {
    const text = JSON.stringify(plan({ prior_state: { values: { root_module: { resources: [bucket("a")] } } } }));
    const at = text.lastIndexOf('"prior_state"');
    const broken = text.slice(0, at) + text.slice(at).replace("aws_s3_bucket.a", "aws_s3_bucket.\\q");
    expect(refusal(bytes(broken))).toMatch(/^invalid JSON inside .*expected an escape/);
  });

  test("shares the configuration of calls of the same module", () => {
    const module = { resources: [{ address: "aws_s3_bucket.b" }] };
    const result = read(plan({ configuration: { root_module: { module_calls: { a: { module }, b: { module } } } } }));
    expect(result.configuration).toEqual({ root_module: { module_calls: { a: { module }, b: { module } } } });
  });

  test("reads state JSON", () => {
    const resources = [
      { address: "aws_s3_bucket.a", mode: "managed", type: "aws_s3_bucket", name: "a", values: { bucket: "x" } },
    ];
    const result = read({ format_version: "1.0", terraform_version: "1.11.4", values: { root_module: { resources } } });
    expect(result).toMatchObject({ kind: "state", prior: [{ address: "aws_s3_bucket.a", values: { bucket: "x" } }] });
    expect(read({ format_version: "1.0" })).toMatchObject({ kind: "state", prior: [] });
  });

  test("reads resource drift without addresses, as Terraform 1.0.0 wrote it", () => {
    const { address: _, ...rest } = bucket("a");
    const result = read(plan({ resource_drift: [{ ...rest, module_address: "module.m", index: "k" }] }));
    expect(result.drift[0]?.address).toBe('module.m.aws_s3_bucket.a["k"]');
  });

  test("reads a byte-order mark and UTF-16", () => {
    const text = JSON.stringify(plan());
    const utf16 = Buffer.from(`\ufeff${text}`, "utf16le");
    const swapped = Buffer.from(utf16).swap16();
    for (const input of [bytes(`\ufeff${text}`), utf16, swapped])
      for (const size of [1, 3, 4096])
        expect(readPlan(windows(input, size)).variables.get("a")).toBe("ä\u2028 \ud83d\ude00");
  });
});

describe("readPlan refuses with one line that says what to do", () => {
  const json = (value: unknown): Uint8Array => bytes(JSON.stringify(value));
  const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ["nothing", bytes(""), /^the input is empty/],
    ["white space", bytes(" \n"), /empty|ends too early/],
    ["bytes after the end", bytes(`${JSON.stringify(plan())}\n::debug::done`), /after the end .*`::debug::`/],
    ["lines before", bytes(`[command]/usr/bin/terraform show\n${JSON.stringify(plan())}`), /other lines before/],
    [
      "the same section twice",
      bytes('{"format_version":"1.2","resource_changes":[],"resource_changes":[]}'),
      /`resource_changes` occurs twice/,
    ],
    [
      "invalid UTF-8",
      Buffer.concat([bytes('{"format_version":"1.2","x":"'), Buffer.from([0xff]), bytes('"}')]),
      /invalid UTF-8 \(byte 29\)/,
    ],
    ["deep nesting", bytes(`{"format_version":"1.2","x":${"[".repeat(600)}`), /512 levels/],
    ["synthesized JSON", json({ "//": {}, terraform: {}, resource: {} }), /synthesized Terraform JSON/],
    ["a template of CloudFormation", json({ AWSTemplateFormatVersion: "2010-09-09", Resources: {} }), /CloudFormation/],
    [
      "a raw state file",
      json({ version: 4, terraform_version: "1.11.4", serial: 1, lineage: "x", resources: [] }),
      /raw state file/,
    ],
    ["a binary plan", Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), /binary plan/],
    ["source", bytes('resource "aws_s3_bucket" "b" {\n}\n'), /HCL/],
    ["the log of a plan", json({ "@level": "info", "@message": "Terraform 1.11.4" }), /terraform plan/],
    ["what a plan prints", bytes("Terraform used the selected providers"), /terraform plan/],
    ["other JSON", json({ hello: "world" }), /JSON of another kind/],
    ["a list", json([1]), /another kind/],
    ["an unsupported format", json(plan({ format_version: "2.0" })), /format version .*found `2\.0`/],
    ["a missing format", json({ resource_changes: [] }), /`format_version`/],
    ["a failed plan", json(plan({ errored: true })), /failed/],
    [
      "changes left out",
      json({ format_version: "1.2", planned_values: { root_module: { resources: [{ address: "a.b" }] } } }),
      /no `resource_changes`/,
    ],
    ["changes of another type", json(plan({ resource_changes: {} })), /expected a list at `resource_changes`/],
    [
      "attributes that are none",
      json(plan({ resource_changes: [bucket("a", { change: { actions: ["create"], after: "public" } })] })),
      /attributes of `resource_changes\[0\]`/,
    ],
    [
      "an unknown action",
      json(plan({ resource_changes: [bucket("a", { change: { actions: ["explode"] } })] })),
      /actions/,
    ],
  ];
  test.each(cases)("%s", (_, input, message) => {
    const line = refusal(input);
    expect(line).toMatch(message);
    expect(line).not.toMatch(/\n/);
  });

  test("an empty plan without changes is a plan", () => {
    expect(
      read({ format_version: "1.2", planned_values: { root_module: {} }, configuration: {} }).changes,
    ).toBeUndefined();
    expect(read({ format_version: "1.2", planned_values: { root_module: {} }, resource_changes: [] }).changes).toEqual(
      [],
    );
  });
});

test("what a document is, all keys of its head tell, not the first alone", () => {
  const kindOf = (json: object): string => detectKind(Buffer.from(JSON.stringify(json)));
  expect(kindOf({ format_version: "1.2", resource: {} })).toBe("synth");
  expect(kindOf({ format_version: "1.2", variables: { a: { value: { resource: "]" } } }, planned_values: {} })).toBe(
    "plan",
  );
  expect(kindOf({ format_version: "1.2", variables: {}, values: {} })).toBe("state");
  expect(kindOf({ format_version: "1.2", terraform_version: "1.11.4" })).toBe("plan");
});
