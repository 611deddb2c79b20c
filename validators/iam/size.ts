/** Turns a policy's text into the bytes that AWS counts at least, and says what it takes. */
import type { SymbolKind } from "../kernel/value";
import type { Letters } from "./letters";
import type { Service } from "./reading";

/**
 * Bytes that AWS documents: «bucket policies are limited to 20 KB in size» (S3 user guide), «key policy document size:
 * 32 KB (32,768 bytes)» (KMS, resource quotas).
 */
const LARGEST: Readonly<Record<Service, number>> = { s3: 20_480, kms: 32_768 };

/**
 * From how many times that on a policy is refused. AWS doesn't say how it counts, and S3 is known to count a normal
 * form of its own, which comes out shorter than the text: in between it is judged as it stands, and said.
 */
const SURELY = 2;

/** Characters that a symbol has at least. */
const SHORTEST: Readonly<Record<SymbolKind, number>> = {
  "account-id": 12,
  partition: 3,
  region: 0,
  "bucket-name": 3,
  "key-id": 0,
  "vpc-id": 4,
  "vpc-endpoint-id": 5,
  "organization-id": 2,
  name: 1,
  "role-id": 12,
  "user-id": 12,
  any: 0,
};

/** How large a policy is, against what AWS takes. */
export interface Size {
  readonly bytes: number;
  /** `over`: longer than documented; `refused`: longer than any way to count allows. */
  readonly is: "fine" | "over" | "refused";
}

/** The size of a written policy. */
export function sizeOf(written: string, letters: Letters, service: Service): Size {
  // a character has three bytes at most, and a letter stands for twelve at most
  const most = written.length * (letters.isEmpty ? 3 : 12);
  const bytes = most <= LARGEST[service] ? most : bytesAtLeast(written, letters);
  const is = bytes <= LARGEST[service] ? "fine" : bytes <= SURELY * LARGEST[service] ? "over" : "refused";
  return { bytes, is };
}

/** Bytes of the shortest JSON that says the same: without white space, in UTF-8, symbols as short as they can be. */
function bytesAtLeast(written: string, letters: Letters): number {
  let bytes = 0;
  let isInText = false;
  for (let at = 0; at < written.length; at++) {
    const code = written.charCodeAt(at);
    if (code === 0x22) isInText = !isInText;
    else if (!isInText && (code === 0x20 || (code >= 0x09 && code <= 0x0d))) continue;
    else if (isInText && code === 0x5c) {
      bytes += 1;
      at += written.charCodeAt(at + 1) === 0x75 ? 5 : 1;
      continue;
    }
    const symbol = letters.symbolAt(code);
    bytes += symbol ? SHORTEST[symbol.kind] : code < 0x80 ? 1 : code < 0x800 || isHalf(code) ? 2 : 3;
  }
  return bytes;
}

/** Half of a character of four bytes. */
const isHalf = (code: number): boolean => code >= 0xd800 && code <= 0xdfff;

/** What AWS takes, in words. */
export const limitOf = (service: Service): string =>
  `the ${LARGEST[service] / 1024} KB that AWS takes in a ${service === "s3" ? "bucket" : "key"} policy`;
