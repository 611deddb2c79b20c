/** Says whether a bucket policy is public in S3's own sense, which is not this project's. */
import { all, any, type Truth, truth } from "../kernel/truth";
import type { BucketWorld } from "./decision";
import type { Condition, PolicyDocument, Statement } from "./document";
import { hasLetter, type Letters } from "./letters";
import type { PolicyReading } from "./reading";
import { type IpRange, ipRangeOf } from "./typed-values";

/** Keys that hold a statement to fixed values (S3 user guide, «The meaning of "public"»). */
const HOLDING_KEYS = new Set([
  "aws:principalarn",
  "aws:principalaccount",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:principalservicename",
  "aws:sourcearn",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:sourceowner",
  "aws:sourceaccount",
  "aws:sourceorgid",
  "aws:userid",
  "s3:x-amz-server-side-encryption-aws-kms-key-id",
  "s3:dataaccesspointarn",
  "s3:dataaccesspointaccount",
]);

/**
 * Whether a bucket policy is public: S3 takes it for public unless every statement that allows grants only to fixed
 * values. Deny statements don't matter to S3 here.
 */
export function isPublic(reading: PolicyReading, _world: BucketWorld): Truth {
  switch (reading.kind) {
    case "absent":
      return "no";
    case "refused":
    case "unknown":
      return "unknown";
    case "document":
      return any(reading.document.statements.map((statement) => grantsToAnybody(statement, reading.document)));
    default:
      return reading satisfies never;
  }
}

function grantsToAnybody(statement: Statement, document: PolicyDocument): Truth {
  if (statement.effect === "Deny") return "no";
  const isOpen = opensTo(statement);
  if (isOpen === "no") return "no";
  const isHeld = any([
    ...statement.conditions.map((condition) => isHolding(condition, document)),
    ...(statement.holes.length > 0 ? (["unknown"] as const) : []),
  ]);
  if (isHeld === "yes") return "no";
  return statement.effect === "unknown" || isHeld === "unknown" ? "unknown" : isOpen;
}

/** Whether the principals are not fixed ones. */
function opensTo({ principals }: Statement): Truth {
  if (principals.isNegated) return "yes";
  const isOpen = any(
    principals.items.map((item): Truth => {
      if (item.kind === "everyone") return "yes";
      if (item.kind === "opaque") return "unknown";
      return truth(item.kind === "provider" && item.account === undefined);
    }),
  );
  return isOpen === "yes" || principals.holes.length === 0 ? isOpen : "unknown";
}

/** Whether a condition holds a statement to fixed values: no wildcard, no variable, and not true for an absent key. */
function isHolding(condition: Condition, document: PolicyDocument): Truth {
  const { operator, lower, values, holes } = condition;
  if (operator.isNegated || operator.ifExists || operator.quantifier === "for-all") return "no";
  if (operator.family === "ip" && lower === "aws:sourceip")
    return holes.length > 0 ? "unknown" : all(values.map((value) => isNarrow(value)));
  if (!HOLDING_KEYS.has(lower)) return "no";
  switch (operator.family) {
    case "string":
    case "string-ignore-case":
    case "string-like":
    case "arn":
      break;
    case "ip":
    case "numeric":
    case "date":
    case "bool":
    case "binary":
    case "null":
      return "no";
    default:
      return operator.family satisfies never;
  }
  const isFixed = all(values.map((value) => isFixedValue(lower, value, operator.family, document)));
  return isFixed === "yes" && holes.length > 0 ? "unknown" : isFixed;
}

function isFixedValue(key: string, value: string, family: string, { version, letters }: PolicyDocument): Truth {
  if (version === "2012-10-17" && value.includes("${")) return "no";
  const isExact = family === "string" || family === "string-ignore-case";
  if (!isExact && /[*?]/.test(value)) {
    if (key === "s3:dataaccesspointarn") return truth(/^arn:[^:]*:s3:[^:]*:\d{12}:accesspoint\//.test(value));
    if (key === "aws:userid" && (/^A(ROA|IDA)[A-Z0-9]+:\*$/.test(value) || hasLetter(value))) return "unknown";
    return "no";
  }
  return isExact ? "yes" : knownFixed(value, letters);
}

/** A symbol that could be anything could be a wildcard. */
function knownFixed(value: string, letters: Letters): Truth {
  if (!hasLetter(value)) return "yes";
  return letters.symbolsIn(value).some((symbol) => symbol.kind === "any") ? "unknown" : "yes";
}

/** RFC 1918's private ranges, which are never too broad. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** Ranges broader than /8 (IPv4) or /32 (IPv6) are public. */
function isNarrow(value: string): Truth {
  if (hasLetter(value)) return "unknown";
  const range = ipRangeOf(value);
  if (!range) return "no";
  const size = range.last - range.first + 1n;
  const isPrivate = PRIVATE.map(ipRangeOf).some((one) => one !== undefined && isInside(range, one));
  return truth(isPrivate || size <= 1n << (range.version === 4 ? 24n : 96n));
}

const isInside = (inner: IpRange, outer: IpRange): boolean =>
  inner.version === outer.version && inner.first >= outer.first && inner.last <= outer.last;
