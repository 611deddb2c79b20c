/** Says what is wrong with an action, a condition key or a condition value, if anything is. */
import { actionsOf, actionsSource } from "./data/actions";
import { knownKey } from "./keys";
import type { Operator } from "./operators";
import type { Service } from "./reading";
import { isDate, isIpRange, isNumber } from "./typed-values";

const namesOfS3 = new Set(actionsOf("s3").map(({ name }) => name.toLowerCase()));

/**
 * Why AWS would refuse an action; `undefined` where it wouldn't. A service's name takes no wildcards, and S3 takes no
 * name that isn't an action («Policy has invalid action»).
 */
export function problemOfAction(action: string, service: Service): string | undefined {
  if (action === "*") return undefined;
  const [, prefix = "", name = ""] = /^([^:]*):(.+)$/s.exec(action) ?? [];
  if (!/^([A-Za-z0-9-]+|\*)$/.test(prefix)) return `an action is \`${service}:\` and a name, found \`${action}\``;
  const isName = service === "s3" && prefix.toLowerCase() === "s3" && !/[*?]/.test(name);
  if (!isName || namesOfS3.has(name.toLowerCase())) return undefined;
  return `S3 has no action \`${action}\` (as of ${actionsSource.date})`;
}

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

/**
 * Why a value can't be compared by an operator; `undefined` where it can. Only string and ARN operators take policy
 * variables (IAM Access Analyzer, «Invalid variable for operator»).
 */
export function problemOfValue(operator: Operator, value: string, hasVariables: boolean): string | undefined {
  switch (operator.family) {
    case "numeric":
    case "date":
    case "ip":
    case "bool":
    case "null":
    case "binary":
      if (hasVariables && value.includes("${")) return `it takes no policy variable, found \`${value}\``;
      break;
    case "string":
    case "string-ignore-case":
    case "string-like":
      return undefined;
    case "arn":
      return problemOfArn(value);
    default:
      return operator.family satisfies never;
  }
  return problemOfTyped(operator.family, value);
}

/**
 * AWS says that each of an ARN's six parts can have wildcards, and that what is compared is an ARN; whether the first part may be
 * anything but `arn` it doesn't say (IAM user guide, «ARN condition operators»).
 */
function problemOfArn(value: string): string | undefined {
  const [first = "", ...rest] = value.split(":");
  const isUnclear = rest.length >= 5 && /^[arn]*[*?][arn*?]*$/.test(first);
  return isUnclear ? `expected an ARN that begins with \`arn:\`, found \`${value}\`` : undefined;
}

type TypedFamily = Exclude<Operator["family"], "string" | "string-ignore-case" | "string-like" | "arn">;

function problemOfTyped(family: TypedFamily, value: string): string | undefined {
  switch (family) {
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
    default:
      return family satisfies never;
  }
}
