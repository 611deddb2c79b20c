/** Turns each reader of foreign bytes into a function that is thrown at: its real seeds, and what must hold of its answer. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { checkContent, judgeInput, loadConfig } from "../../../validators/check";
import { planFiles } from "../../../validators/files";
import { readPlanArchive } from "../../../validators/gate/archive";
import { rulesDigest, statementOf, verifySeal } from "../../../validators/gate/seal";
import { waiversInCode } from "../../../validators/judge/index";
import { InputError, type Report } from "../../../validators/kernel/index";
import { detectKind, readJson } from "../../../validators/plan/index";
import { FORMATS, isFormat, REPORTERS } from "../../../validators/report/index";
import { RULES } from "../../../validators/rules/index";
import { fromArchive } from "../../../validators/source/index";
import { sourceLinesOf } from "../../../validators/source-lines";
import { encoded, mutatedBytes, mutatedJson } from "./mutations";

/** A reader: what it is given, and what it does with it. Resolves, or throws an `InputError`; nothing else. */
export interface Reader {
  readonly inputs: fc.Arbitrary<Buffer>;
  read(bytes: Buffer): Promise<void>;
}

const PLANS = join(__dirname, "../../fixtures/plans");
const shapes = readdirSync(PLANS).sort();
const file = (...path: string[]): string => readFileSync(join(PLANS, ...path), "utf8");
const has = (shape: string, name: string): boolean => readdirSync(join(PLANS, shape)).includes(name);
const plans = shapes.filter((shape) => shape !== "state").map((shape) => file(shape, "plan.json"));
const states = [file("state", "plan.json")];
const synthesized = shapes.filter((shape) => has(shape, "cdk.tf.json")).map((shape) => file(shape, "cdk.tf.json"));
const native = shapes.filter((shape) => has(shape, "main.tf")).map((shape) => file(shape, "main.tf"));

const folder = mkdtempSync(join(tmpdir(), "tollgate-fuzz-"));
/** Takes the readers' files away. */
export const cleanUp = (): void => rmSync(folder, { recursive: true, force: true });
const at = (name: string, content: Uint8Array | string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const OPTIONS = { config: {}, today: "2026-01-01" };

/** A report counts right, renders in every format, and shows nothing that a terminal obeys. */
async function expectWhole(report: Report): Promise<void> {
  const total = Object.values(report.summary).reduce((sum, count) => sum + count, 0);
  expect(total).toBe(report.results.length);
  if (report.verdict === "pass") expect([report.summary.fail, report.summary.undecided]).toEqual([0, 0]);
  // The page draws a picture, which takes longer than all the rest.
  for (const name of FORMATS.filter((one) => isFormat(one) && one !== "html")) {
    const text = isFormat(name) ? await (await REPORTERS[name]())(report, { rules: RULES }) : "";
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  }
}

const judged = (name: string) => async (bytes: Buffer) => expectWhole(checkContent(bytes, name, OPTIONS));

const policies = plans.flatMap((plan) =>
  [...plan.matchAll(/"policy": ("(?:[^"\\]|\\.)+")/g)].map(([, text = '""']) => text),
);
const policyTexts = [...new Set(policies)].map((text): string => JSON.parse(text)).filter((text) => text !== "");

/** A plan in which a text is the policy of a bucket and of a key. */
function withPolicy(policy: string): string {
  const resource = (type: string, after: object) => ({
    address: `${type}.r`,
    mode: "managed",
    type,
    name: "r",
    provider_name: "registry.terraform.io/hashicorp/aws",
    change: { actions: ["create"], before: null, after, after_unknown: {} },
  });
  return JSON.stringify({
    format_version: "1.2",
    resource_changes: [
      resource("aws_s3_bucket", { bucket: "logs" }),
      resource("aws_s3_bucket_policy", { bucket: "logs", policy }),
      resource("aws_kms_key", { policy, enable_key_rotation: true }),
    ],
    configuration: { root_module: {} },
  });
}

const waiver = { rule: "s3-tls-only", address: "a.*", reason: "because", owner: "me", expires: "2030-01-01" };
const configs = [
  { account: "123456789012", rules: { "kms-key-rotation": { severity: "low" } }, waivers: [waiver] },
  { allow: { providers: ["hashicorp/aws"], modules: ["./x"], backends: ["s3"] }, waivers: [waiver, waiver] },
  { rules: { "s3-encrypted-puts-only": { allowMissingHeader: true } } },
].map((config) => JSON.stringify(config));
const withWaivers = JSON.stringify({
  resource: {
    aws_s3_bucket: { b: { "//": { tollgate: { waivers: [{ ...waiver, address: undefined }] } }, bucket: "b" } },
  },
});

const digest = "0".repeat(64);
const now = new Date("2026-01-01T00:00:00Z");
const seals = [
  statementOf(
    {
      planFile: "plan.tfplan",
      planSha256: digest,
      planJsonSha256: digest,
      rulesDigest: rulesDigest("p", [], "0", {}),
      toolVersion: "0",
      verdict: "pass",
      now,
    },
    true,
  ),
  { payloadType: "application/vnd.in-toto+json", payload: "e30=", signatures: [{ keyid: "k", sig: "AA==" }] },
].map((seal) => JSON.stringify(seal));
const archives = [readFileSync(join(__dirname, "../../gate/fixtures/saved-plan.zip"))];
const lines = [JSON.stringify({ "site/logs": { file: "main.ts", line: 3 } })];

const both = (seeds: readonly string[]): fc.Arbitrary<Buffer> =>
  fc.oneof({ weight: 3, arbitrary: mutatedJson(seeds) }, { weight: 1, arbitrary: encoded(mutatedBytes(seeds)) });

/** Every reader of bytes that somebody else wrote, by name. */
export const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["plan", { inputs: both(plans), read: judged("plan.json") }],
  ["state", { inputs: both(states), read: judged("state.json") }],
  ["synthesized", { inputs: both(synthesized), read: judged("cdk.tf.json") }],
  [
    "hcl",
    {
      inputs: mutatedBytes(native),
      async read(bytes) {
        const directory = mkdtempSync(join(folder, "hcl-"));
        try {
          writeFileSync(join(directory, "main.tf"), bytes);
          await expectWhole((await judgeInput(directory, { ...OPTIONS, files: planFiles })).report);
        } finally {
          rmSync(directory, { recursive: true });
        }
      },
    },
  ],
  [
    "policy",
    {
      inputs: fc.oneof(mutatedJson(policyTexts), mutatedBytes(policyTexts)),
      read: (bytes) => judged("plan.json")(Buffer.from(withPolicy(bytes.toString("utf8")))),
    },
  ],
  [
    "configuration",
    {
      inputs: both(configs),
      async read(bytes) {
        const config = loadConfig(at("tollgate.json", bytes), RULES);
        for (const one of config.waivers ?? []) expect([one.owner, one.reason, one.expires].every(Boolean)).toBe(true);
      },
    },
  ],
  [
    "waivers in code",
    {
      inputs: both([withWaivers]),
      async read(bytes) {
        const ids = RULES.map((rule) => rule.id);
        for (const one of waiversInCode(readJson([bytes]), "cdk.tf.json", ids)) expect(ids).toContain(one.rule);
      },
    },
  ],
  [
    "plan archive",
    {
      inputs: mutatedBytes(archives),
      async read(bytes) {
        fromArchive(readPlanArchive(at("plan.zip", bytes)));
      },
    },
  ],
  [
    "seal",
    {
      inputs: both(seals),
      async read(bytes) {
        const plan = at("plan.tfplan", "a plan that no seal is about");
        const options = { now, rulesDigest: rulesDigest("p", [], "0", {}), toolVersion: "0" };
        expect((await verifySeal(plan, at("seal.json", bytes), options)).verdict).toBe("refused");
      },
    },
  ],
  [
    "kind",
    {
      inputs: mutatedBytes([...plans.slice(0, 3), ...states, ...synthesized.slice(0, 3), ...native.slice(0, 3)]),
      async read(bytes) {
        expect(detectKind(bytes.subarray(0, 1 << 16))).toMatch(/^[a-z-]+$/);
      },
    },
  ],
  [
    "source lines",
    {
      inputs: both(lines),
      async read(bytes) {
        at("tollgate-sources.json", bytes);
        for (const [, made] of sourceLinesOf(join(folder, "cdk.tf.json"))) expect(typeof made.file).toBe("string");
      },
    },
  ],
]);

/** Most CPU time that one input of this size may take, in milliseconds; generous, since machines differ. */
const MOST_CPU = 10_000;

/** Throws one input at a reader and holds the answer to what is promised: an answer or one line, soon, and no traces. */
export async function attack(reader: Reader, bytes: Buffer): Promise<"answered" | "refused"> {
  const before = process.cpuUsage();
  let outcome: "answered" | "refused" = "answered";
  try {
    await reader.read(bytes);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message.trim()).not.toBe("");
    expect(error.message.length).toBeLessThan(2000);
    outcome = "refused";
  }
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(MOST_CPU);
  expect(Reflect.get({}, "polluted")).toBeUndefined();
  expect([Object.keys(Object.prototype), Object.keys(Array.prototype)]).toEqual([[], []]);
  return outcome;
}
