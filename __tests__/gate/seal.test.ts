/** Turns verdicts into seals and back: what a seal lets through, and everything that it doesn't. */
import { execFileSync } from "node:child_process";
import { createHash, createVerify, generateKeyPairSync, sign } from "node:crypto";
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256OfFile } from "../../validators/gate/digest";
import { CLI } from "../../validators/gate/judge";
import { programDigest } from "../../validators/gate/program";
import {
  DEFAULT_MAX_AGE,
  type Judged,
  parseAge,
  removeSeal,
  rulesDigest,
  type VerifyOptions,
  verifySeal,
  writeSeal,
} from "../../validators/gate/seal";
import { type KmsClient, preAuthenticationEncoding, signerFor } from "../../validators/gate/signature";
import { writeWhole } from "../../validators/gate/write";
import { InputError } from "../../validators/kernel/index";

const now = new Date("2026-11-24T12:00:00Z");
const rules = rulesDigest("program", ["a", "b"], "0.1.0", {});
const options: VerifyOptions = { now, rulesDigest: rules, toolVersion: "0.1.0" };

jest.setTimeout(60_000);

let folder: string;
let plan: string;
let seal: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tollgate-seal-"));
  plan = join(folder, "plan.tfplan");
  seal = join(folder, "seal.json");
  writeFileSync(plan, "a plan of some bytes");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function judged(changes: Partial<Judged> = {}): Promise<Judged> {
  return {
    planFile: plan,
    planSha256: await sha256OfFile(plan),
    planJsonSha256: createHash("sha256").update("{}").digest("hex"),
    rulesDigest: rules,
    toolVersion: "0.1.0",
    verdict: "pass",
    now,
    ...changes,
  };
}

/** A pair of keys in PEM files. */
function keys(kind: "ed25519" | "P-256" | "P-384" = "ed25519"): { privateKey: string; publicKey: string } {
  const pair = kind === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve: kind });
  const [privateKey, publicKey] = [join(folder, `${kind}.key`), join(folder, `${kind}.pub`)];
  writeFileSync(privateKey, pair.privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(publicKey, pair.publicKey.export({ type: "spki", format: "pem" }));
  return { privateKey, publicKey };
}

const refusal = async (changes: Partial<VerifyOptions> = {}) => {
  const verified = await verifySeal(plan, seal, { ...options, ...changes });
  return verified.verdict === "refused" ? verified.because : undefined;
};

describe("an unsigned seal", () => {
  test("lets the plan through that was judged", async () => {
    await writeSeal(seal, await judged());
    expect(await verifySeal(plan, seal, options)).toEqual({
      verdict: "accepted",
      planSha256: await sha256OfFile(plan),
      judged: now,
      signed: false,
    });
  });

  test("is an in-toto statement with a verification summary", async () => {
    await writeSeal(seal, await judged());
    const sha256 = createHash("sha256").update("a plan of some bytes").digest("hex");
    expect(JSON.parse(readFileSync(seal, "utf8"))).toEqual({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "plan.tfplan", digest: { sha256 } }],
      predicateType: "https://slsa.dev/verification_summary/v1",
      predicate: {
        verifier: { id: "pkg:npm/tollgate", version: { tollgate: "0.1.0" } },
        timeVerified: "2026-11-24T12:00:00.000Z",
        resourceUri: "file:plan.tfplan",
        policy: { uri: "pkg:npm/tollgate@0.1.0#rules", digest: { sha256: rules } },
        inputAttestations: [
          { uri: "file:plan.tfplan.json", digest: { sha256: createHash("sha256").update("{}").digest("hex") } },
        ],
        verificationResult: "PASSED",
        verifiedLevels: ["SLSA_BUILD_LEVEL_UNEVALUATED", "TOLLGATE_DECIDED"],
      },
    });
  });

  test("is private, and leaves nothing beside it", async () => {
    await writeSeal(seal, await judged());
    expect(statSync(seal).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).sort()).toEqual(["plan.tfplan", "seal.json"]);
  });

  test("refuses a plan with any one byte changed, one more, or one less", async () => {
    await writeSeal(seal, await judged());
    const bytes = readFileSync(plan);
    const others = [Buffer.concat([bytes, Buffer.from(" ")]), bytes.subarray(1), Buffer.alloc(0)];
    for (let at = 0; at < bytes.length; at++) {
      const other = Buffer.from(bytes);
      other[at] = (other[at] ?? 0) ^ 1;
      others.push(other);
    }
    for (const other of others) {
      writeFileSync(plan, other);
      expect(await refusal()).toMatch(/not the plan that was judged/);
    }
  });

  test.each([
    ["fail", /of a run that failed/],
    ["undecided", /of a run that failed/],
  ] as const)("of a run that ended with %s is refused", async (verdict, because) => {
    await writeSeal(seal, await judged({ verdict }));
    expect(await refusal()).toMatch(because);
    expect(await refusal({ allowUndecided: true })).toMatch(because);
  });

  test("of an undecided run that was allowed needs to be allowed again", async () => {
    await writeSeal(seal, await judged({ verdict: "undecided" }), { undecidedAllowed: true });
    expect(await refusal()).toMatch(/stayed undecided/);
    expect(await refusal({ allowUndecided: true })).toBeUndefined();
  });

  test("of other rules, another configuration or another version is refused", async () => {
    await writeSeal(seal, await judged());
    expect(await refusal({ rulesDigest: rulesDigest("program", ["a"], "0.1.0", {}) })).toMatch(/other rules/);
    expect(await refusal({ rulesDigest: rulesDigest("another", ["a", "b"], "0.1.0", {}) })).toMatch(/other rules/);
    expect(await refusal({ rulesDigest: rulesDigest("program", ["a", "b"], "0.1.0", { waivers: [1] }) })).toMatch(
      /configuration/,
    );
    expect(await refusal({ toolVersion: "0.1.1" })).toMatch(/expected 0.1.1, found 0.1.0/);
  });

  test("says for which account it was, and refuses where another one is expected", async () => {
    await writeSeal(seal, await judged({ account: "111122223333" }));
    expect(await verifySeal(plan, seal, options)).toMatchObject({ verdict: "accepted", account: "111122223333" });
    expect(await refusal({ account: "111122223333" })).toBeUndefined();
    expect(await refusal({ account: "444455556666" })).toBe(
      "the plan was judged for another account: expected 444455556666, found 111122223333",
    );
    await writeSeal(seal, await judged());
    expect(await refusal({ account: "444455556666" })).toMatch(/expected 444455556666, found none/);
  });

  test("holds no longer than the waivers that it rests on", async () => {
    await writeSeal(seal, await judged({ waivedUntil: "2026-11-24" }));
    const hours = (count: number) => ({ now: new Date(now.getTime() + count * 3_600_000) });
    expect(await refusal(hours(11))).toBeUndefined();
    expect(await refusal(hours(12))).toBe("the plan passed by a waiver that expired on 2026-11-24: judge it again");
  });

  test("grows old", async () => {
    await writeSeal(seal, await judged());
    const later = (seconds: number) => ({ now: new Date(now.getTime() + seconds * 1000) });
    expect(await refusal(later(DEFAULT_MAX_AGE))).toBeUndefined();
    expect(await refusal(later(DEFAULT_MAX_AGE + 1))).toMatch(/1d old/);
    expect(await refusal({ ...later(61), maxAge: 60 })).toMatch(/the limit is 1m/);
    expect(await refusal({ ...later(DEFAULT_MAX_AGE + 1), maxAge: 7 * DEFAULT_MAX_AGE })).toBeUndefined();
    expect(await refusal(later(-3600))).toMatch(/from the future/);
    expect(await refusal({ maxAge: Number.NaN })).toMatch(/old/);
  });

  test("is not enough where a key is demanded", async () => {
    await writeSeal(seal, await judged());
    expect(await refusal({ publicKey: keys().publicKey })).toBe("the seal is not signed");
  });

  test("is not written for a plan that changed while it was judged", async () => {
    const before = await judged();
    writeFileSync(plan, "another plan");
    await expect(writeSeal(seal, before)).rejects.toThrow(/changed while it was judged/);
    expect(readdirSync(folder)).toEqual(["plan.tfplan"]);
  });
});

describe("a signed seal", () => {
  test.each(["ed25519", "P-256"] as const)("with %s lets the plan through with the public key only", async (kind) => {
    const { privateKey, publicKey } = keys(kind);
    await writeSeal(seal, await judged(), { signer: await signerFor(privateKey) });
    expect(await verifySeal(plan, seal, { ...options, publicKey })).toMatchObject({
      verdict: "accepted",
      signed: true,
    });
    await expect(verifySeal(plan, seal, options)).rejects.toThrow(/expected the public key/);
    expect(await refusal({ publicKey: keys(kind).publicKey })).toBe("the seal was not signed by this key");
  });

  test("that was changed is refused", async () => {
    const { privateKey, publicKey } = keys();
    await writeSeal(seal, await judged({ verdict: "fail" }), { signer: await signerFor(privateKey) });
    const envelope = JSON.parse(readFileSync(seal, "utf8"));
    const payload = Buffer.from(envelope.payload, "base64").toString().replace("FAILED", "PASSED");
    writeFileSync(seal, JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString("base64") }));
    expect(await refusal({ publicKey })).toBe("the seal was not signed by this key");
    writeFileSync(seal, JSON.stringify({ ...envelope, signatures: [] }));
    expect(await refusal({ publicKey })).toBe("the seal was not signed by this key");
    writeFileSync(seal, JSON.stringify({ ...envelope, signatures: [{ sig: "!" }, ...envelope.signatures] }));
    expect(await refusal({ publicKey })).toBe("the seal is of a run that failed");
  });

  test("is DSSE that another implementation verifies", async () => {
    const { privateKey, publicKey } = keys("P-256");
    await writeSeal(seal, await judged(), { signer: await signerFor(privateKey) });
    const { payloadType, payload, signatures } = JSON.parse(readFileSync(seal, "utf8"));
    const body = Buffer.from(payload, "base64");
    // The example of the specification: DSSEv1 29 http://example.com/HelloWorld 11 hello world
    expect(preAuthenticationEncoding("http://example.com/HelloWorld", Buffer.from("hello world")).toString()).toBe(
      "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
    );
    const signed = `DSSEv1 ${payloadType.length} ${payloadType} ${body.length} ${body}`;
    const verifier = createVerify("sha256").update(signed);
    expect(verifier.verify(readFileSync(publicKey), signatures[0].sig, "base64")).toBe(true);
  });

  test("with a key in KMS lets the plan through with the public key", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const asked: string[] = [];
    const kms: KmsClient = {
      publicKey: async (keyId) => {
        asked.push(keyId);
        return publicKey.export({ type: "spki", format: "der" });
      },
      sign: async (_keyId, message) => {
        expect(message.length).toBeLessThanOrEqual(4096);
        return sign("sha256", message, privateKey);
      },
    };
    const file = join(folder, "kms.pub");
    writeFileSync(file, publicKey.export({ type: "spki", format: "pem" }));
    const arn = "arn:aws:kms:eu-west-1:123456789012:key/1";
    await writeSeal(seal, await judged(), { signer: await signerFor("awskms:///alias/seal", async () => kms) });
    expect(await refusal({ publicKey: file })).toBeUndefined();
    await signerFor(arn, async () => kms);
    expect(asked).toEqual(["alias/seal", arn]);
  });

  test("needs a key of a kind that is known", async () => {
    const { privateKey, publicKey } = keys("P-384");
    await expect(signerFor(privateKey)).rejects.toThrow(/expected an Ed25519 or ECDSA P-256 key, found `ec secp384r1`/);
    await writeSeal(seal, await judged(), { signer: await signerFor(keys().privateKey) });
    await expect(verifySeal(plan, seal, { ...options, publicKey })).rejects.toThrow(/P-256/);
    await expect(verifySeal(plan, seal, { ...options, publicKey: keys().privateKey })).rejects.toThrow(
      /found a private key/,
    );
    await expect(verifySeal(plan, seal, { ...options, publicKey: plan })).rejects.toThrow(/public key in PEM/);
    await expect(signerFor(join(folder, "none"))).rejects.toThrow(InputError);
  });
});

describe("what is no seal is status 2, in one line", () => {
  test.each([
    ["no JSON", "{", /in JSON/],
    ["other JSON", "{}", /expected a seal/],
    [
      "another predicate",
      JSON.stringify({ _type: "https://in-toto.io/Statement/v1", predicateType: "x" }),
      /expected a seal/,
    ],
    ["an empty envelope", '{"payloadType":"application/vnd.in-toto+json","payload":"","signatures":[]}', /public key/],
  ])("%s", async (_, text, message) => {
    writeFileSync(seal, text);
    await expect(verifySeal(plan, seal, options)).rejects.toThrow(InputError);
    await expect(verifySeal(plan, seal, options)).rejects.toThrow(message);
  });

  test("a seal cut off anywhere", async () => {
    await writeSeal(seal, await judged());
    const text = readFileSync(seal, "utf8").trimEnd();
    for (let length = 0; length < text.length; length += 7) {
      writeFileSync(seal, text.slice(0, length));
      await expect(verifySeal(plan, seal, options)).rejects.toThrow(InputError);
    }
  });

  test("a seal with any one character changed is refused, unusable, or says the same", async () => {
    await writeSeal(seal, await judged());
    const text = readFileSync(seal, "utf8");
    for (let at = 0; at < text.length; at++) {
      writeFileSync(seal, `${text.slice(0, at)}#${text.slice(at + 1)}`);
      const verified = await verifySeal(plan, seal, options).catch((error: unknown) => {
        expect(error).toBeInstanceOf(InputError);
        return undefined;
      });
      // Names and links may change; an accepted seal is still about this very plan, these rules, this version.
      if (verified?.verdict === "accepted") expect(verified.planSha256).toBe(await sha256OfFile(plan));
    }
  });

  test("missing files, and a file that is too large", async () => {
    await expect(verifySeal(plan, seal, options)).rejects.toThrow(/can't be read/);
    await writeSeal(seal, await judged());
    await expect(verifySeal(join(folder, "none"), seal, options)).rejects.toThrow(/can't be read/);
    writeFileSync(seal, " ".repeat(2_000_000));
    await expect(verifySeal(plan, seal, options)).rejects.toThrow(/more than/);
  });
});

test("the digest of the rules doesn't depend on order", () => {
  expect(rulesDigest("program", ["b", "a"], "1", { x: 1, y: { p: [1, 2], q: 2 } })).toBe(
    rulesDigest("program", ["a", "b"], "1", { y: { q: 2, p: [1, 2] }, x: 1 }),
  );
  expect(rulesDigest("program", ["a"], "1", { x: [1, 2] })).not.toBe(rulesDigest("program", ["a"], "1", { x: [2, 1] }));
  expect(rulesDigest("program", ["a"], "1", undefined)).toBe(rulesDigest("program", ["a"], "1", {}));
});

describe("the program that judges", () => {
  /** A program in a folder, as the bundler would write it. */
  function program(files: Record<string, string>): string {
    const at = mkdtempSync(join(folder, "program-"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(at, name), text);
    return join(at, "cli.cjs");
  }
  const files = {
    "cli.cjs": 'var import_part_AAAA = require("./part-AAAA.cjs"); import("./part-BBBB.cjs")',
    "part-AAAA.cjs": 'kernel; "node_modules/valibot/index.cjs"',
    "part-BBBB.cjs": 'rules; require("./part-AAAA.cjs"); require("./part-BBBB.cjs")',
    "parser.wasm": "wasm",
  };
  let digest: string;
  beforeEach(() => {
    digest = programDigest(program(files));
  });

  test("is the same wherever it was built, and whatever an earlier build left", () => {
    const renamed = Object.fromEntries(
      Object.entries(files).map(([name, text]) => [name, text].map((one) => one.replaceAll("AAAA", "ZZZZ"))),
    );
    expect(programDigest(program(renamed))).toBe(digest);
    expect(programDigest(program({ ...files, "part-CCCC.cjs": "old" }))).toBe(digest);
    const linked = files["part-AAAA.cjs"].replace('"', '"../../elsewhere/');
    expect(programDigest(program({ ...files, "part-AAAA.cjs": linked }))).toBe(digest);
  });

  test.each(["cli.cjs", "part-AAAA.cjs", "part-BBBB.cjs", "parser.wasm"] as const)(
    "is another with another %s",
    (name) => {
      expect(programDigest(program({ ...files, [name]: `${files[name]} ` }))).not.toBe(digest);
    },
  );

  test("of this checkout is whole", () => {
    expect(programDigest(CLI)).toMatch(/^[0-9a-f]{64}$/);
    expect(() => programDigest(join(folder, "none.cjs"))).toThrow(InputError);
  });
});

test("ages are read as people write them", () => {
  expect(["90s", "30m", "24h", "7d"].map((text) => parseAge(text))).toEqual([90, 1800, 86400, 604800]);
  for (const text of ["", "0h", "1", "1w", "-1h", "1.5h", " 1h"]) expect(() => parseAge(text)).toThrow(InputError);
});

test("an earlier seal is taken away, and taking away none is fine", async () => {
  await writeSeal(seal, await judged());
  removeSeal(seal);
  removeSeal(seal);
  expect(readdirSync(folder)).toEqual(["plan.tfplan"]);
});

test("a pipe, or a link to one, is no earlier seal: it stays", () => {
  const [pipe, link] = [join(folder, "pipe"), join(folder, "link")];
  execFileSync("mkfifo", [pipe]);
  symlinkSync(pipe, link);
  for (const path of [pipe, link, join(folder, "nowhere")]) removeSeal(path);
  expect(readdirSync(folder).sort()).toEqual(["link", "pipe", "plan.tfplan"]);
  expect(lstatSync(pipe).isFIFO()).toBe(true);
});

test("a file that can't be written leaves the old one and nothing else", () => {
  writeWhole(seal, "old");
  expect(() => writeWhole(join(seal, "x"), "new")).toThrow(InputError);
  expect(() => writeWhole(folder, "new")).toThrow(InputError);
  expect(readFileSync(seal, "utf8")).toBe("old");
  expect(readdirSync(folder).sort()).toEqual(["plan.tfplan", "seal.json"]);
});
