/**
 * Turns a payload into a signed envelope and back: DSSE (https://github.com/secure-systems-lab/dsse/blob/master/protocol.md)
 * with an Ed25519 or ECDSA P-256 key, from a PEM file or in AWS KMS.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign as signBytes,
  verify as verifyBytes,
} from "node:crypto";
import { readFileSync } from "node:fs";
import { InputError } from "../kernel/index";
import { messageOf } from "./plain";

/** DSSE envelope, as it stands in a file. */
export interface Envelope {
  readonly payloadType: string;
  /** Base64. */
  readonly payload: string;
  readonly signatures: readonly { readonly keyid?: string; readonly sig: string }[];
}

/** What signs: gives the signature of some bytes, and tells which key it was. */
export interface Signer {
  /** SHA-256 of the public key (SubjectPublicKeyInfo), hexadecimal. */
  readonly keyid: string;
  sign(bytes: Buffer): Promise<Buffer>;
}

/** What of `@aws-sdk/client-kms` is used; the package is optional and loaded only for a key in KMS. */
export interface KmsClient {
  /** `GetPublicKey`: the key as SubjectPublicKeyInfo. */
  publicKey(keyId: string): Promise<Uint8Array>;
  /** `Sign` with `ECDSA_SHA_256` over a message of at most 4096 bytes, which KMS hashes: a DER signature. */
  sign(keyId: string, message: Uint8Array): Promise<Uint8Array>;
}

const KMS_SCHEME = "awskms:///";

/** Pre-authentication encoding of DSSE: what is really signed. */
export function preAuthenticationEncoding(payloadType: string, payload: Buffer): Buffer {
  const type = Buffer.from(payloadType, "utf8");
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} `), type, Buffer.from(` ${payload.length} `), payload]);
}

/** Signs a payload. */
export async function seal(payloadType: string, payload: Buffer, signer: Signer): Promise<Envelope> {
  const signature = await signer.sign(preAuthenticationEncoding(payloadType, payload));
  return {
    payloadType,
    payload: payload.toString("base64"),
    signatures: [{ keyid: signer.keyid, sig: signature.toString("base64") }],
  };
}

/** The payload, if one of the envelope's signatures is the key's; else `undefined`. The `keyid` is a hint and not trusted. */
export function open(envelope: Envelope, publicKey: KeyObject): Buffer | undefined {
  const payload = Buffer.from(envelope.payload, "base64");
  const bytes = preAuthenticationEncoding(envelope.payloadType, payload);
  const algorithm = publicKey.asymmetricKeyType === "ed25519" ? null : "sha256";
  const isSigned = envelope.signatures.some(({ sig }) => {
    try {
      return verifyBytes(algorithm, bytes, { key: publicKey, dsaEncoding: "der" }, Buffer.from(sig, "base64"));
    } catch {
      return false;
    }
  });
  return isSigned ? payload : undefined;
}

/**
 * The signer that `--seal-key` names: a PEM file with a private key (not encrypted), or `awskms:///` and a key's id, ARN
 * or alias (a bare key or alias ARN will do). @throws InputError for anything else.
 */
export async function signerFor(key: string, kms: () => Promise<KmsClient> = loadKms): Promise<Signer> {
  const inKms = key.startsWith(KMS_SCHEME)
    ? key.slice(KMS_SCHEME.length)
    : /^arn:[^:]+:kms:/.test(key)
      ? key
      : undefined;
  return inKms === undefined ? localSigner(key) : kmsSigner(inKms, await kms());
}

/** A public key from PEM text. @throws InputError when it is none, or of another kind. */
export function readPublicKey(pem: string, file: string): KeyObject {
  let key: KeyObject;
  try {
    // `createPublicKey` would take a private key as well: who verifies must not need one.
    if (/PRIVATE KEY/.test(pem)) throw new Error("a private key");
    key = createPublicKey(pem);
  } catch (error) {
    throw new InputError(`\`${file}\`: expected a public key in PEM, found ${messageOf(error)}`);
  }
  return supported(key, file);
}

function localSigner(file: string): Signer {
  let key: KeyObject;
  try {
    key = createPrivateKey(readFileSync(file));
  } catch (error) {
    throw new InputError(
      `\`${file}\`: expected a private key in PEM or \`${KMS_SCHEME}KEY\`, found ${messageOf(error)}`,
    );
  }
  supported(key, file);
  const algorithm = key.asymmetricKeyType === "ed25519" ? null : "sha256";
  return {
    keyid: keyIdOf(createPublicKey(key).export({ type: "spki", format: "der" })),
    sign: async (bytes) => signBytes(algorithm, bytes, { key, dsaEncoding: "der" }),
  };
}

async function kmsSigner(keyId: string, kms: KmsClient): Promise<Signer> {
  try {
    const der = await kms.publicKey(keyId);
    supported(createPublicKey({ key: Buffer.from(der), format: "der", type: "spki" }), keyId);
    return {
      keyid: keyIdOf(der),
      sign: async (bytes) => {
        try {
          return Buffer.from(await kms.sign(keyId, bytes));
        } catch (error) {
          throw new InputError(`\`${keyId}\`: KMS did not sign: ${messageOf(error)}`);
        }
      },
    };
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      `\`${keyId}\`: expected an asymmetric signing key in KMS (ECC_NIST_P256): ${messageOf(error)}`,
    );
  }
}

function supported(key: KeyObject, file: string): KeyObject {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType === "ed25519" || (key.asymmetricKeyType === "ec" && curve === "prime256v1")) return key;
  throw new InputError(
    `\`${file}\`: expected an Ed25519 or ECDSA P-256 key, found \`${key.asymmetricKeyType ?? "none"}${curve ? ` ${curve}` : ""}\``,
  );
}

const keyIdOf = (der: Uint8Array): string => createHash("sha256").update(der).digest("hex");

/** The real KMS. The package is loaded by a name that the bundler doesn't follow: it is the user's to install. */
async function loadKms(): Promise<KmsClient> {
  const name = "@aws-sdk/client-kms";
  let sdk: typeof import("@aws-sdk/client-kms");
  try {
    sdk = await import(name);
  } catch {
    throw new InputError(`a seal key in KMS needs the package \`${name}\`: install it beside tollgate`);
  }
  const client = new sdk.KMSClient({});
  return {
    publicKey: async (keyId) => given((await client.send(new sdk.GetPublicKeyCommand({ KeyId: keyId }))).PublicKey),
    sign: async (keyId, message) => {
      const command = new sdk.SignCommand({
        KeyId: keyId,
        Message: message,
        // A statement is far smaller than the 4096 bytes that KMS takes.
        MessageType: "RAW",
        SigningAlgorithm: "ECDSA_SHA_256",
      });
      return given((await client.send(command)).Signature);
    },
  };
}

function given(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) throw new Error("an empty answer");
  return bytes;
}
