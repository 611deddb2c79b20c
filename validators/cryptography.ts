/** Turns to Node.js' cryptography once something needs it: loading that takes longer than judging a small plan. */

/** `node:crypto`. */
export const cryptography = (): typeof import("node:crypto") => require("node:crypto") as typeof import("node:crypto");

/** A digest in the making, and its hexadecimal digits. */
export interface Digest {
  update(bytes: Uint8Array | string): unknown;
  digest(encoding: "hex"): string;
}

/** A SHA-256 in the making. */
export const sha256 = (): Digest => cryptography().createHash("sha256");

/** SHA-256 of bytes, or of text in UTF-8, hexadecimal. */
export const sha256Of = (bytes: Uint8Array | string): string =>
  cryptography().createHash("sha256").update(bytes).digest("hex");

/** Stands where nobody will look at a digest: empty text. */
export const NO_DIGEST: Digest = { update: () => undefined, digest: () => "" };
