/** Turns text into encoded text and hashes, and back. */
import { cryptography } from "../../cryptography";
import { isText, type Value } from "../../kernel/index";
import { toKnownText, toText } from "../values/convert";
import { Failed, Undecided } from "../values/outcome";
import { decodeCsv } from "./csv";
import { type FunctionGroup, plain, unary } from "./function";
import { decodeJson, encodeJson } from "./json";
import { decodeYaml } from "./yaml";

/** Text that must be known; not knowing it is no doubt about success. */
const known = (value: Value): string => {
  try {
    return toKnownText(value);
  } catch (error) {
    if (error instanceof Undecided && isText(value)) throw new Undecided(error.because, false);
    throw error;
  }
};

const hash =
  (algorithm: string, encoding: "hex" | "base64") =>
  (value: Value): string =>
    cryptography().createHash(algorithm).update(known(value), "utf8").digest(encoding);

function decodeBase64(value: string): string {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value))
    throw new Failed("expected base64");
  const bytes = Buffer.from(value, "base64");
  const decoded = bytes.toString("utf8");
  if (!Buffer.from(decoded, "utf8").equals(bytes)) throw new Failed("expected text in base64");
  return decoded;
}

/** Go's `url.QueryEscape`. */
const encodeUrl = (value: string): string =>
  encodeURIComponent(Buffer.from(value, "utf8").toString("utf8"))
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");

/** Encoding and hash functions of Terraform, <https://developer.hashicorp.com/terraform/language/functions>. */
export const encodingFunctions: FunctionGroup = [
  [
    "jsonencode",
    plain(1, 1, ([value = null], call) => encodeJson(value, (amount) => call.spend(amount)), {
      takesNull: true,
      takesUnknown: true,
    }),
  ],
  ["jsondecode", unary((value) => decodeJson(toText(value)))],
  [
    "yamldecode",
    unary((value, call) =>
      decodeYaml(toKnownText(value), (scalar) => call.unknown(scalar, "unresolved-expression", false)),
    ),
  ],
  ["csvdecode", unary((value) => decodeCsv(toKnownText(value)))],
  ["base64encode", unary((value) => Buffer.from(known(value), "utf8").toString("base64"))],
  ["base64decode", unary((value) => decodeBase64(toKnownText(value)))],
  ["urlencode", unary((value) => encodeUrl(known(value)))],
  ["md5", unary(hash("md5", "hex"))],
  ["sha1", unary(hash("sha1", "hex"))],
  ["sha256", unary(hash("sha256", "hex"))],
  ["sha512", unary(hash("sha512", "hex"))],
  ["base64sha256", unary(hash("sha256", "base64"))],
  ["base64sha512", unary(hash("sha512", "base64"))],
];
