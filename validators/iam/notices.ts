/** The opposite fault: what is secure but useless. Turns policies into notices, which change no verdict. */
import type { Notice } from "../kernel/result";
import type { Caller } from "./callers";
import type { BucketWorld, EncryptedPuts, KeyWorld } from "./decision";
import { type ActionsOn, type Inquiry, inquire } from "./inquiry";
import type { Encryption } from "./keys";
import type { PolicyReading, Service } from "./reading";

type Document = PolicyReading & { readonly kind: "document" };

/**
 * What is useless about a bucket policy: nobody can put an object (each algorithm and the missing header are denied),
 * nobody can read one, the owner's account is locked out, two statements share a `Sid`.
 */
export function noticesOfBucketPolicy(
  reading: PolicyReading,
  world: BucketWorld,
  _puts: EncryptedPuts,
): readonly Notice[] {
  if (reading.kind !== "document") return [];
  const notices = duplicateSids(reading);
  if (!reading.document.statements.some(({ effect }) => effect === "Deny")) return notices;
  const tell = (isUseless: boolean, message: string): void => {
    if (isUseless) notices.push({ message });
  };
  const puts = { ...inquiryAbout("s3", "an object", ["PutObject"]), encryptions: EVERY_ENCRYPTION };
  tell(
    isShut(reading, world, puts),
    "no one can put an object: each algorithm and the missing header are denied to everybody",
  );
  tell(
    isShut(reading, world, inquiryAbout("s3", "an object", ["GetObject", "GetObjectVersion"])),
    "no one can read an object: every read is denied to everybody",
  );
  tell(
    isShut(reading, world, ofOwners(inquiryAbout("s3", "the bucket", ["PutBucketPolicy", "DeleteBucketPolicy"]))),
    "the owner's account is locked out: nobody in it can change or delete the bucket's policy, except its root user by S3's own rule",
  );
  return notices;
}

/** What is useless about a key policy: nobody is left who can manage the key, two statements share a `Sid`. */
export function noticesOfKeyPolicy(reading: PolicyReading, world: KeyWorld): readonly Notice[] {
  if (reading.kind !== "document") return [];
  const notices = duplicateSids(reading);
  const managing = ofOwners(inquiryAbout("kms", "the key", ["PutKeyPolicy"]));
  if (isShut(reading, world, { ...managing, needsAllow: true }))
    notices.push({
      message: "no one is left who can manage the key: nobody of its own account is allowed `kms:PutKeyPolicy`",
    });
  return notices;
}

const EVERY_ENCRYPTION: readonly Encryption[] = ["aws:kms", "none", "AES256", "aws:kms:dsse", "customer-key"];

/** Does anything that is asked get past every Deny, whoever asks? */
const inquiryAbout = (service: Service, on: ActionsOn["on"], actions: readonly string[]): Inquiry => ({
  service,
  domain: [{ on, actions }],
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

/** Whether nothing gets through, whatever the symbols turn out to be. */
const isShut = (reading: Document, world: BucketWorld, inquiry: Inquiry): boolean =>
  inquire(reading, world, inquiry).answer === "none";

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
