/** The door of the policy reasoning: policy texts and worlds in, decisions out. Synchronous and pure. */
import type { Notice } from "../kernel/result";
import type { Truth } from "../kernel/truth";
import { Unknown } from "../kernel/value";
import type { BucketWorld, Decision, EncryptedPuts, KeyWorld } from "./decision";
import type { PolicyReading, PolicyText, Service } from "./reading";

export type { BucketWorld, Decision, EncryptedPuts, KeyWorld } from "./decision";
export type { PolicyReading, PolicyText, Service } from "./reading";

/** Whether `restrict_public_buckets` is in force on the bucket, by its own block or the account's. */
export interface PublicAccess {
  readonly restrictPublicBuckets: Truth;
}

/** Reads a policy. */
export function readPolicy(value: PolicyText, service: Service): PolicyReading {
  if (value === null) return { kind: "absent", service };
  if (value instanceof Unknown)
    return { kind: "unknown", service, gaps: [{ value: value.value, because: value.because }] };
  return { kind: "unknown", service, gaps: [] };
}

const undecided = (reading: PolicyReading): Decision => ({
  answer: "undecided",
  message: "the policy can't be told before apply",
  gaps: reading.kind === "unknown" ? reading.gaps : [],
});

/** Rule 4. */
export const anyPlainHttp = (reading: PolicyReading, _world: BucketWorld): Decision => undecided(reading);

/** Rule 5. */
export const anyUnencryptedPut = (reading: PolicyReading, _world: BucketWorld, _puts: EncryptedPuts): Decision =>
  undecided(reading);

/** Rule 8. */
export const anyOutsider = (reading: PolicyReading, _world: BucketWorld, _access: PublicAccess): Decision =>
  undecided(reading);

/** Rule 7. */
export const anyOutsiderOfKey = (reading: PolicyReading, _world: KeyWorld): Decision => undecided(reading);

/** Whether a bucket policy is public in S3's own sense. */
export const isPublic = (_reading: PolicyReading, _world: BucketWorld): Truth => "unknown";

/** The opposite fault: a bucket policy that shuts its own people out. */
export const noticesOfBucketPolicy = (
  _reading: PolicyReading,
  _world: BucketWorld,
  _puts: EncryptedPuts,
): readonly Notice[] => [];

/** The opposite fault: a key policy that nobody can change any more. */
export const noticesOfKeyPolicy = (_reading: PolicyReading, _world: KeyWorld): readonly Notice[] => [];
