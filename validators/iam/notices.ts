/** The opposite fault: what is secure but useless. Turns policies into notices, which change no verdict. */
import type { Notice } from "../kernel/result";
import type { Caller } from "./caller";
import type { BucketWorld, KeyWorld } from "./decision";
import { type ActionsOn, type Inquiry, inquire } from "./inquiry";
import type { Encryption } from "./keys";
import type { PolicyReading, Service } from "./reading";
import { limitOf, sizeOf } from "./size";

type Document = PolicyReading & { readonly kind: "document" };

/** What is useless about a policy. `isCertain`: it holds, and nothing else does, for every value of the symbols. */
export interface Uselessness {
  readonly notices: readonly Notice[];
  readonly isCertain: boolean;
}

const NOTHING_TO_SAY: Uselessness = { notices: [], isCertain: false };

/**
 * What is useless about a bucket policy: nobody can put an object (each algorithm and the missing header are denied),
 * nobody can read one, the owner's account is locked out, two statements share a `Sid`.
 */
export function uselessInBucketPolicy(reading: PolicyReading, world: BucketWorld): Uselessness {
  if (reading.kind !== "document") return NOTHING_TO_SAY;
  const notices = [...length(reading), ...duplicateSids(reading)];
  if (!reading.document.statements.some(({ effect }) => effect === "Deny")) return { notices, isCertain: true };
  let isCertain = true;
  const tell = (inquiry: Inquiry, message: string): void => {
    const { answer } = inquire(reading, world, inquiry);
    if (answer === "none") notices.push({ message });
    if (answer === "undecided") isCertain = false;
  };
  tell(
    { ...inquiryAbout("s3", PUTS), encryptions: EVERY_ENCRYPTION },
    "no one can put an object: each algorithm and the missing header are denied to everybody",
  );
  tell(inquiryAbout("s3", READS), "no one can read an object: every read is denied to everybody");
  tell(
    ofOwners(inquiryAbout("s3", POLICY_CHANGES)),
    "the owner's account is locked out: nobody in it can change or delete the bucket's policy, except its root user by S3's own rule",
  );
  return { notices, isCertain };
}

/** What is useless about a key policy: nobody is left who can manage the key, two statements share a `Sid`, its length. */
export function uselessInKeyPolicy(reading: PolicyReading, world: KeyWorld): Uselessness {
  if (reading.kind !== "document") return NOTHING_TO_SAY;
  const notices = [...length(reading), ...duplicateSids(reading)];
  const { answer } = inquire(reading, world, { ...ofOwners(inquiryAbout("kms", KEY_CHANGES)), needsAllow: true });
  if (answer === "none")
    notices.push({
      message: "no one is left who can manage the key: nobody of its own account is allowed `kms:PutKeyPolicy`",
    });
  return { notices, isCertain: answer !== "undecided" };
}

const EVERY_ENCRYPTION: readonly Encryption[] = ["aws:kms", "none", "AES256", "aws:kms:dsse", "customer-key"];

const PUTS: readonly ActionsOn[] = [{ on: "an object", actions: ["PutObject"] }];
const READS: readonly ActionsOn[] = [{ on: "an object", actions: ["GetObject", "GetObjectVersion"] }];
const POLICY_CHANGES: readonly ActionsOn[] = [{ on: "the bucket", actions: ["PutBucketPolicy", "DeleteBucketPolicy"] }];
const KEY_CHANGES: readonly ActionsOn[] = [{ on: "the key", actions: ["PutKeyPolicy"] }];

/** Does anything that is asked get past every Deny, whoever asks? */
const inquiryAbout = (service: Service, domain: readonly ActionsOn[]): Inquiry => ({
  service,
  domain,
  services: service === "s3",
  outsidersOnly: false,
  needsAllow: false,
  tls: [true, false],
  shown: [],
  message: (_witness, { action }) => `${action} is not denied`,
  remediation: "",
  nothing: "nothing is asked",
});

/** The same, asked by the own account only. */
const ofOwners = (inquiry: Inquiry): Inquiry => ({
  ...inquiry,
  services: false,
  counts: (caller: Caller) => (caller.isOutsider === "no" ? "yes" : "no"),
});

/** AWS may refuse a policy that is longer than it documents; how it counts isn't known. */
function length({ written, document: { letters }, service }: Document): Notice[] {
  const { is } = sizeOf(written, letters, service);
  return is === "fine" ? [] : [{ message: `the policy is longer than ${limitOf(service)}: it may be refused` }];
}

function duplicateSids({ document: { statements, letters } }: Document): Notice[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { sid } of statements) {
    if (sid === undefined) continue;
    if (seen.has(sid)) twice.add(sid);
    seen.add(sid);
  }
  return [...twice].map((sid) => ({ message: `several statements have the \`Sid\` \`${letters.show(sid)}\`` }));
}
