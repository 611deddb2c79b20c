/** The opposite fault: what is secure but useless. Turns policies into notices, which change no verdict. */
import type { Notice } from "../kernel/result";
import type { BucketWorld, EncryptedPuts, KeyWorld } from "./decision";
import type { PolicyReading } from "./reading";

/** What is useless about a bucket policy. */
export function noticesOfBucketPolicy(
  reading: PolicyReading,
  _world: BucketWorld,
  _puts: EncryptedPuts,
): readonly Notice[] {
  return duplicateSids(reading);
}

/** What is useless about a key policy. */
export function noticesOfKeyPolicy(reading: PolicyReading, _world: KeyWorld): readonly Notice[] {
  return duplicateSids(reading);
}

function duplicateSids(reading: PolicyReading): Notice[] {
  if (reading.kind !== "document") return [];
  const { statements, letters } = reading.document;
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { sid } of statements) {
    if (sid === undefined) continue;
    if (seen.has(sid)) twice.add(sid);
    seen.add(sid);
  }
  return [...twice].map((sid) => ({ message: `two statements have the \`Sid\` \`${letters.show(sid)}\`` }));
}
