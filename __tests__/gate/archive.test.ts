/** Turns saved plans, whole, damaged and hostile, into configuration files or one line of refusal. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { strToU8, type Zippable, zipSync } from "fflate";
import { isArchive, readPlanArchive } from "../../validators/gate/archive";
import { InputError } from "../../validators/kernel/index";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tollgate-archive-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const small = { entries: 10, fileBytes: 1000, totalBytes: 1500 };

function saved(entries: Zippable): Buffer {
  return Buffer.from(zipSync(entries));
}

function read(bytes: Uint8Array, limits = small): ReadonlyMap<string, string> {
  const path = join(folder, "plan");
  writeFileSync(path, bytes);
  return readPlanArchive(path, limits);
}

const whole: Zippable = {
  tfplan: strToU8("binary"),
  tfstate: strToU8("{}"),
  "tfconfig/modules.json": strToU8('[{"Key":"","Dir":"."}]'),
  "tfconfig/m-/cdk.tf.json": strToU8('{"//":"é"}'),
  "tfconfig/m-child/main.tf": [strToU8("locals {}"), { level: 0 }],
};

test("gives the configuration, and nothing of plan and state", () => {
  expect([...read(saved(whole))]).toEqual([
    ["tfconfig/m-/cdk.tf.json", '{"//":"é"}'],
    ["tfconfig/m-child/main.tf", "locals {}"],
    ["tfconfig/modules.json", '[{"Key":"","Dir":"."}]'],
  ]);
});

test("knows an archive by its first bytes", () => {
  expect(isArchive(saved(whole))).toBe(true);
  expect(isArchive(Buffer.from("{}"))).toBe(false);
  expect(isArchive(Buffer.alloc(0))).toBe(false);
});

test("a name like a prototype's member is a name", () => {
  const files = read(saved({ tfplan: strToU8(""), "tfconfig/__proto__": strToU8("x") }));
  expect(files.get("tfconfig/__proto__")).toBe("x");
});

test.each([
  ["no archive", Buffer.from("{}"), /no zip archive/],
  ["an archive of something else", saved({ a: strToU8("a") }), /without a plan/],
  [
    "too many entries",
    saved(Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`tfplan${i}`, strToU8("")]))),
    /11 entries/,
  ],
  ["a large file", saved({ tfplan: strToU8(""), "tfconfig/a": new Uint8Array(1001) }), /more than the limit of 1000/],
  [
    "large files together",
    saved({ tfplan: strToU8(""), "tfconfig/a": new Uint8Array(800), "tfconfig/b": new Uint8Array(800) }),
    /limit of 1500/,
  ],
])("refuses %s", (_, bytes, message) => {
  expect(() => read(bytes)).toThrow(InputError);
  expect(() => read(bytes)).toThrow(message);
});

test("a large plan entry costs nothing: it isn't unpacked", () => {
  expect(read(saved({ tfplan: new Uint8Array(5_000_000), "tfconfig/a": strToU8("a") })).get("tfconfig/a")).toBe("a");
});

test("a bomb that says it is small isn't unpacked beyond what it says", () => {
  const bytes = saved({ tfplan: strToU8(""), "tfconfig/a": new Uint8Array(900) });
  const at = bytes.lastIndexOf("tfconfig/a") - 46;
  bytes.writeUInt32LE(10, at + 24);
  expect(() => read(bytes)).toThrow(/damaged/);
});

test("entries that share their bytes are no reason to read them over and over", () => {
  const names = Array.from({ length: 8 }, (_, i) => `tfconfig/${i}`);
  const bytes = saved({ tfplan: strToU8(""), ...Object.fromEntries(names.map((name) => [name, strToU8("")])) });
  for (const name of names) bytes.writeUInt32LE(bytes.length >> 2, bytes.lastIndexOf(name) - 46 + 20);
  expect(() => read(bytes)).toThrow(/overlap/);
});

test("an archive behind something else, which readers find in two ways, is refused", () => {
  const bytes = saved(whole);
  const local = Buffer.from([0x50, 0x4b, 3, 4]);
  expect(() => read(Buffer.concat([local, bytes]))).toThrow(/something before/);
  const end = bytes.length - 22;
  expect(() => read(Buffer.concat([bytes.subarray(0, end), local, bytes.subarray(end)]))).toThrow(/something before/);
});

test("the directory says a name twice", () => {
  const bytes = saved({ tfplan: strToU8(""), "tfconfig/a": strToU8("1"), "tfconfig/b": strToU8("2") });
  bytes.write("tfconfig/a", bytes.lastIndexOf("tfconfig/b"));
  expect(() => read(bytes)).toThrow(/one name twice/);
});

test("truncated anywhere, it is refused", () => {
  const bytes = saved(whole);
  for (let length = 0; length < bytes.length; length++)
    expect(() => read(bytes.subarray(0, length))).toThrow(InputError);
});

test("damaged anywhere, it is read or refused in one line", () => {
  const bytes = saved(whole);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }),
      (changes) => {
        const damaged = Buffer.from(bytes);
        for (const [at, byte] of changes) damaged[at] = byte;
        try {
          read(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect(String(error).split("\n")).toHaveLength(1);
        }
      },
    ),
  );
});

test("a file that isn't there is refused in one line", () => {
  expect(() => readPlanArchive(join(folder, "none"))).toThrow(InputError);
});

test("a plan that Terraform saved", () => {
  // Written by Terraform 1.11.4: data descriptors, deflated entries, a child module.
  const path = join(__dirname, "fixtures", "saved-plan.zip");
  const files = readPlanArchive(path);
  expect([...files.keys()]).toEqual(["tfconfig/m-/main.tf.json", "tfconfig/m-m/main.tf", "tfconfig/modules.json"]);
  expect(files.get("tfconfig/m-m/main.tf")).toContain('resource "terraform_data" "b"');
  expect(isArchive(readFileSync(path))).toBe(true);
});
