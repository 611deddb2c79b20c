/** Says what is wrong with a condition key or a condition value, if anything is. */
import { knownKey } from "./keys";
import type { Operator } from "./operators";
import type { Service } from "./reading";
import { isDate, isIpRange, isNumber } from "./typed-values";

/** Why AWS or a reader can't make sense of a condition key; `undefined` where it is one. */
export function problemOfKey(key: string, service: Service): string | undefined {
  const lower = key.toLowerCase();
  const [prefix = "", name = ""] = lower.split(/:(.*)/s);
  if (!lower.includes(":") || prefix === "" || name === "") return `unknown condition key \`${key}\``;
  if (prefix !== "s3" && prefix !== "kms") return undefined;
  if (prefix === service && knownKey(service, lower)) return undefined;
  const owner = service === "s3" ? "S3" : "KMS";
  return `${owner} has no condition key \`${key}\`, so that it is absent from every request`;
}

/** Why a value can't be compared by an operator; `undefined` where it can. */
export function problemOfValue(operator: Operator, value: string, hasVariables: boolean): string | undefined {
  if (hasVariables && value.includes("${")) return undefined;
  switch (operator.family) {
    case "numeric":
      return isNumber(value) ? undefined : `expected a number, found \`${value}\``;
    case "date":
      return isDate(value) ? undefined : `expected a date, found \`${value}\``;
    case "ip":
      return isIpRange(value) ? undefined : `expected an IP address or CIDR range, found \`${value}\``;
    case "bool":
    case "null":
      return /^(true|false)$/i.test(value) ? undefined : `expected \`true\` or \`false\`, found \`${value}\``;
    case "binary":
      return /^[A-Za-z0-9+/]*={0,2}$/.test(value) ? undefined : `expected base64, found \`${value}\``;
    case "string":
    case "string-ignore-case":
    case "string-like":
    case "arn":
      return undefined;
    default:
      return operator.family satisfies never;
  }
}
