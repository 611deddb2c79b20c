/**
 * Turns a verdict on a plan file into its seal, and a plan file and a seal into the answer whether this very file passed.
 * A seal is an in-toto Statement v1 (https://in-toto.io/Statement/v1) with a SLSA verification summary
 * (https://slsa.dev/spec/v1.0/verification_summary), bare or in a signed DSSE envelope.
 */
import { createHash } from "node:crypto";
import { lstatSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename } from "node:path";
import * as v from "valibot";
import { InputError } from "../kernel/index";
import { isMissing } from "../reason";
import { json } from "../report/sanitize";
import { sha256OfFile } from "./digest";
import { messageOf } from "./plain";
import { type Envelope, open, readPublicKey, type Signer, seal } from "./signature";
import { isStream, writeWhole } from "./write";

const STATEMENT = "https://in-toto.io/Statement/v1";
const SUMMARY = "https://slsa.dev/verification_summary/v1";
const PAYLOAD = "application/vnd.in-toto+json";

/** Who verifies: Tollgate's package URL. */
const VERIFIER = "pkg:npm/tollgate";

/** Seals are small; a larger file is something else. */
const MOST_BYTES = 1024 * 1024;

/** How old a seal may be when nothing else is said, in seconds: a day, time enough for someone to approve. */
export const DEFAULT_MAX_AGE = 24 * 60 * 60;

/** How far two machines' clocks may differ, in seconds. */
const CLOCK_SKEW = 5 * 60;

/** What was judged, by what, and what came out. */
export interface Judged {
  /** The binary plan. */
  readonly planFile: string;
  /** SHA-256 of the plan file as it was when it was judged, hexadecimal. */
  readonly planSha256: string;
  /** SHA-256 of the JSON that `show -json` printed of it. */
  readonly planJsonSha256: string;
  /** See {@link rulesDigest}. */
  readonly rulesDigest: string;
  readonly toolVersion: string;
  readonly verdict: "pass" | "fail" | "undecided";
  /** The account that it was judged for: the flag's, else the configuration's. */
  readonly account?: string;
  /** The last day (`YYYY-MM-DD`) on which all waivers hold that waived something. */
  readonly waivedUntil?: string;
  /** The time of judging. */
  readonly now: Date;
}

/** What a seal must be like to be accepted. */
export interface VerifyOptions {
  readonly now: Date;
  /** The rules, configuration and version that would judge today, see {@link rulesDigest}. */
  readonly rulesDigest: string;
  readonly toolVersion: string;
  /** The account that it must have been judged for; any, if absent. */
  readonly account?: string;
  /** In seconds; default {@link DEFAULT_MAX_AGE}. */
  readonly maxAge?: number;
  /** File with the public key (PEM). With it, only a seal that this key signed is accepted. */
  readonly publicKey?: string;
  /** Accept a seal of an undecided run too, as `check --on-undecided allow` would. Default: no. */
  readonly allowUndecided?: boolean;
}

/** The answer: this very plan passed, or why it must not be applied, in one line. */
export type Verified =
  | {
      readonly verdict: "accepted";
      readonly planSha256: string;
      readonly judged: Date;
      readonly signed: boolean;
      /** The account that it was judged for, where there was one. */
      readonly account?: string;
    }
  | { readonly verdict: "refused"; readonly because: string };

const digest = v.object({ sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) });
const statementShape = v.object({
  _type: v.literal(STATEMENT),
  subject: v.tuple([v.object({ name: v.string(), digest })]),
  predicateType: v.literal(SUMMARY),
  predicate: v.object({
    verifier: v.object({ id: v.string(), version: v.object({ tollgate: v.string() }) }),
    timeVerified: v.pipe(v.string(), v.isoTimestamp()),
    resourceUri: v.string(),
    // Annotations are of every in-toto resource descriptor (https://github.com/in-toto/attestation, spec/v1).
    policy: v.object({
      uri: v.string(),
      digest,
      annotations: v.exactOptional(
        v.object({
          account: v.exactOptional(v.string()),
          waivedUntil: v.exactOptional(v.pipe(v.string(), v.isoDate())),
        }),
      ),
    }),
    inputAttestations: v.array(v.object({ uri: v.string(), digest })),
    verificationResult: v.picklist(["PASSED", "FAILED"]),
    verifiedLevels: v.array(v.string()),
  }),
});
const envelopeShape = v.object({
  payloadType: v.literal(PAYLOAD),
  payload: v.string(),
  signatures: v.array(v.object({ keyid: v.exactOptional(v.string()), sig: v.string() })),
});

/** The statement that a seal holds. */
export type Statement = v.InferOutput<typeof statementShape>;

/** What the levels say beside PASSED: nothing about SLSA's build levels, and whether anything stayed undecided. */
const DECIDED = "TOLLGATE_DECIDED";
const UNDECIDED = "TOLLGATE_UNDECIDED_ALLOWED";

/**
 * Digest of what decides a verdict besides the plan: the program itself ({@link programDigest}), its version, the rules' ids,
 * and the configuration (account, options, waivers) as JSON. The order of rules and of keys doesn't count.
 */
export function rulesDigest(program: string, ruleIds: readonly string[], toolVersion: string, config: unknown): string {
  const canonical = JSON.stringify({
    config: sorted(config ?? {}),
    program,
    rules: [...ruleIds].sort(),
    version: toolVersion,
  });
  return createHash("sha256").update(canonical).digest("hex");
}

/** The statement about a judged plan. A fail is stated as FAILED, so is an undecided run that was not allowed. */
export function statementOf(judged: Judged, undecidedAllowed = false): Statement {
  const hasPassed = judged.verdict === "pass" || (judged.verdict === "undecided" && undecidedAllowed);
  const name = basename(judged.planFile);
  const { account, waivedUntil } = judged;
  const annotations = { ...(account ? { account } : {}), ...(waivedUntil ? { waivedUntil } : {}) };
  return {
    _type: STATEMENT,
    subject: [{ name, digest: { sha256: judged.planSha256 } }],
    predicateType: SUMMARY,
    predicate: {
      verifier: { id: VERIFIER, version: { tollgate: judged.toolVersion } },
      timeVerified: judged.now.toISOString(),
      resourceUri: `file:${encodeURIComponent(name)}`,
      policy: {
        uri: `${VERIFIER}@${judged.toolVersion}#rules`,
        digest: { sha256: judged.rulesDigest },
        ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      },
      inputAttestations: [{ uri: `file:${encodeURIComponent(name)}.json`, digest: { sha256: judged.planJsonSha256 } }],
      verificationResult: hasPassed ? "PASSED" : "FAILED",
      verifiedLevels: [
        "SLSA_BUILD_LEVEL_UNEVALUATED",
        ...(hasPassed ? [judged.verdict === "pass" ? DECIDED : UNDECIDED] : []),
      ],
    },
  };
}

/**
 * Writes the seal of a judged plan, signed where there is a signer; whole or not at all, mode 0600.
 * The plan file is read again first: one that changed while it was judged gets no seal.
 * @throws InputError when the plan changed or the seal can't be written.
 */
export async function writeSeal(
  path: string,
  judged: Judged,
  options: { readonly signer?: Signer; readonly undecidedAllowed?: boolean } = {},
): Promise<void> {
  if ((await sha256OfFile(judged.planFile)) !== judged.planSha256)
    throw new InputError(`\`${judged.planFile}\` changed while it was judged: judge it again`);
  const statement = statementOf(judged, options.undecidedAllowed);
  const { signer } = options;
  const sealed =
    signer === undefined ? statement : await seal(PAYLOAD, Buffer.from(JSON.stringify(statement), "utf8"), signer);
  writeWhole(path, json(sealed));
}

/**
 * Takes an earlier seal away: a run that didn't pass must leave none behind. A device or pipe holds none and stays, as
 * {@link writeWhole} leaves it; it would be everybody's. @throws InputError when it can't be taken away.
 */
export function removeSeal(path: string): void {
  try {
    // A file below `/dev` (`/dev/shm`) is one all the same.
    if (!isStream(path) || lstatSync(path).isFile()) rmSync(path, { force: true });
  } catch (error) {
    if (!isMissing(error)) throw new InputError(`\`${path}\` can't be removed: ${messageOf(error)}`);
  }
}

/**
 * Whether this very plan file is the one that passed. Refused: a plan that differs by one byte, a seal of a failed or an
 * older run, one made by other rules or another version, for another account or by a waiver that has expired since, and,
 * where a key is demanded, one that the key didn't sign.
 * @throws InputError (exit 2) for files that can't be read, a seal that is none, a key that is none, and a signed seal
 * without the public key.
 */
export async function verifySeal(planFile: string, sealFile: string, options: VerifyOptions): Promise<Verified> {
  const read = readSeal(sealFile, options.publicKey);
  if ("because" in read) return { verdict: "refused", because: read.because };
  const { statement, signed } = read;
  const { predicate } = statement;
  const judged = new Date(predicate.timeVerified);
  const planSha256 = await sha256OfFile(planFile);
  const because =
    resultFault(statement, options) ??
    rulesFault(statement, options) ??
    circumstanceFault(statement, options) ??
    ageFault(judged, options) ??
    (statement.subject[0].digest.sha256 === planSha256
      ? undefined
      : `\`${planFile}\` is not the plan that was judged: expected SHA-256 ${statement.subject[0].digest.sha256}, found ${planSha256}`);
  if (because !== undefined) return { verdict: "refused", because };
  const { account } = predicate.policy.annotations ?? {};
  return { verdict: "accepted", planSha256, judged, signed, ...(account === undefined ? {} : { account }) };
}

function resultFault(statement: Statement, options: VerifyOptions): string | undefined {
  if (statement.predicate.verificationResult !== "PASSED") return "the seal is of a run that failed";
  if (statement.predicate.verifiedLevels.includes(DECIDED)) return undefined;
  return options.allowUndecided === true ? undefined : "the seal is of a run in which something stayed undecided";
}

function rulesFault({ predicate }: Statement, options: VerifyOptions): string | undefined {
  const { id, version } = predicate.verifier;
  if (id !== VERIFIER) return `the seal is another tool's: expected \`${VERIFIER}\`, found \`${id}\``;
  if (version.tollgate !== options.toolVersion)
    return `the seal was made by another version: expected ${options.toolVersion}, found ${version.tollgate}`;
  if (predicate.policy.digest.sha256 !== options.rulesDigest)
    return "the seal was made by other rules or another configuration: judge the plan again";
  return undefined;
}

/** What `check` was told besides the configuration: for which account, and on which day its waivers held. */
function circumstanceFault({ predicate }: Statement, { account, now }: VerifyOptions): string | undefined {
  const { account: judgedFor, waivedUntil } = predicate.policy.annotations ?? {};
  if (account !== undefined && judgedFor !== account)
    return `the plan was judged for another account: expected ${account}, found ${judgedFor ?? "none"}`;
  if (waivedUntil !== undefined && waivedUntil < now.toISOString().slice(0, 10))
    return `the plan passed by a waiver that expired on ${waivedUntil}: judge it again`;
  return undefined;
}

function ageFault(judged: Date, options: VerifyOptions): string | undefined {
  const age = (options.now.getTime() - judged.getTime()) / 1000;
  const most = options.maxAge ?? DEFAULT_MAX_AGE;
  if (age < -CLOCK_SKEW) return `the seal is from the future (${judged.toISOString()}): one of the clocks is wrong`;
  if (!(age <= most))
    return `the seal is ${asAge(age)} old (${judged.toISOString()}), the limit is ${asAge(most)}: judge again`;
  return undefined;
}

function readSeal(
  sealFile: string,
  publicKey: string | undefined,
): { readonly statement: Statement; readonly signed: boolean } | { readonly because: string } {
  const json = readJson(sealFile);
  const envelope = v.safeParse(envelopeShape, json);
  if (!envelope.success) {
    const statement = parseStatement(json, sealFile);
    return publicKey === undefined ? { statement, signed: false } : { because: "the seal is not signed" };
  }
  if (publicKey === undefined)
    throw new InputError(`\`${sealFile}\` is signed: expected the public key (\`--public-key\`), found none`);
  const payload = open(envelope.output satisfies Envelope, readPublicKey(readText(publicKey), publicKey));
  if (payload === undefined) return { because: "the seal was not signed by this key" };
  return { statement: parseStatement(parseJson(payload.toString("utf8"), sealFile), sealFile), signed: true };
}

function parseStatement(json: unknown, file: string): Statement {
  const parsed = v.safeParse(statementShape, json);
  if (parsed.success) return parsed.output;
  const at = v.getDotPath(parsed.issues[0]);
  throw new InputError(
    `\`${file}\`: expected a seal (\`tollgate check --seal\`), found another shape${at === null ? "" : ` at \`${at}\``}`,
  );
}

const readJson = (file: string): unknown => parseJson(readText(file), file);

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`\`${file}\`: expected a seal in JSON, found ${messageOf(error)}`);
  }
}

function readText(file: string): string {
  try {
    if (statSync(file).size > MOST_BYTES) throw new Error(`more than ${MOST_BYTES} bytes`);
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new InputError(`\`${file}\` can't be read: ${messageOf(error)}`);
  }
}

const UNITS = new Map([
  ["s", 1],
  ["m", 60],
  ["h", 3600],
  ["d", 86400],
]);

/** An age as people write it, in seconds: `90s`, `30m`, `24h`, `7d`. @throws InputError for anything else. */
export function parseAge(text: string, flag = "--max-age"): number {
  const [, count = "", unit = ""] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (UNITS.get(unit) ?? Number.NaN);
  if (count === "" || !Number.isFinite(seconds) || seconds <= 0)
    throw new InputError(`\`${flag}\`: expected an age such as \`30m\`, \`24h\` or \`7d\`, found \`${text}\``);
  return seconds;
}

function asAge(seconds: number): string {
  const [unit, size] = [...UNITS].reverse().find(([, each]) => seconds >= each) ?? ["s", 1];
  return `${Math.floor(seconds / size)}${unit}`;
}

/** JSON with its keys in order, so that equal configurations have equal text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
