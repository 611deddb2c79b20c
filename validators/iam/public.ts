/** Says whether a bucket policy is public in S3's own sense, which is not this project's. */
import { all, any, type Truth, truth } from "../kernel/truth";
import type { BucketWorld } from "./decision";
import type { Condition, Element, PolicyDocument, Statement } from "./document";
import { hasLetter, type Letters } from "./letters";
import { matches, NO_SYMBOLS, patternFrom } from "./pattern";
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

/** Younger keys of the same kind, of which the page says nothing: it is older than they are. */
const YOUNGER_KEYS = new Set([
  "aws:sourceorgpaths",
  "aws:sourcevpcarn",
  "aws:vpceaccount",
  "aws:vpceorgid",
  "aws:vpceorgpaths",
]);

/**
 * Whether a bucket policy is public: "To be considered non-public, a bucket policy must grant access only to fixed values
 * (values that don't contain a wildcard or an AWS Identity and Access Management Policy Variable)" of some keys. Where the
 * page leaves S3's answer open it is unknown, as either would let somebody in or shut somebody out for sure: fixed values of
 * younger keys; an address that is compared as text, where the page speaks of ranges; a wildcard behind an account or
 * organisation that is fixed; and a Deny that leaves fixed values only, since the page says neither that it counts nor that it
 * doesn't.
 */
export function isPublic(reading: PolicyReading, _world: BucketWorld): Truth {
  switch (reading.kind) {
    case "absent":
      return "no";
    case "refused":
    case "unknown":
      return "unknown";
    case "document":
      return any(
        reading.document.statements.map((statement) => {
          const isOpen = grantsToAnybody(statement, reading.document);
          return isOpen === "yes" && isNarrowed(statement, reading.document) ? "unknown" : isOpen;
        }),
      );
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

/** Whether Denies may leave only fixed values of what a statement allows. */
function isNarrowed(allow: Statement, document: PolicyDocument): boolean {
  return document.statements.some(
    (deny) =>
      deny.effect !== "Allow" &&
      mayCover(deny.actions, allow.actions) &&
      (!deny.resources || !allow.resources || mayCover(deny.resources, allow.resources)) &&
      leavesFixed(deny, document),
  );
}

/** Whether all that one element names may be among what another one does, as far as the texts tell. */
function mayCover(wide: Element, narrow: Element): boolean {
  if (wide.isNegated || wide.holes.length > 0) return true;
  if (narrow.isNegated || narrow.holes.length > 0) return wide.values.some((value) => /[*?]/.test(value));
  const patterns = wide.values.map((text) => patternFrom([{ text, isVerbatim: false }], "glob-ignore-case"));
  return narrow.values.every(
    (value) =>
      hasLetter(value) || patterns.some((one) => hasLetter(one.text) || matches(one, value, "over", NO_SYMBOLS)),
  );
}

/** Whether a Deny is of everybody but for fixed principals, or but for fixed values of a key. */
function leavesFixed({ principals, conditions, holes }: Statement, document: PolicyDocument): boolean {
  if (principals.isNegated || holes.length > 0) return true;
  if (!principals.items.some(({ kind }) => kind === "everyone" || kind === "opaque")) return false;
  return conditions.some((condition) => {
    const { operator } = condition;
    if (!operator.isNegated || operator.quantifier === "for-any") return false;
    return holdsTo({ ...condition, operator: { ...operator, isNegated: false } }, document) !== "no";
  });
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
  const { operator } = condition;
  if (operator.isNegated || operator.ifExists || operator.quantifier === "for-all") return "no";
  return holdsTo(condition, document);
}

/** Whether a comparison is one with fixed values of a key that counts, whatever an absent key is to it. */
function holdsTo({ operator, lower, values, holes }: Condition, document: PolicyDocument): Truth {
  if (operator.family === "ip" && lower === "aws:sourceip")
    return holes.length > 0 ? "unknown" : all(values.map((value) => isNarrow(value)));
  const isOpenQuestion = YOUNGER_KEYS.has(lower) || lower === "aws:sourceip";
  if (!HOLDING_KEYS.has(lower) && !isOpenQuestion) return "no";
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
  return isFixed === "yes" && (holes.length > 0 || isOpenQuestion) ? "unknown" : isFixed;
}

const ARN_KEYS = new Set(["aws:principalarn", "aws:sourcearn", "aws:sourcevpcarn"]);
/** What is fixed in front of a wildcard: the account of an ARN, compared part by part or as text, or the organisation of a path. */
const FIXED_PART = /^(?:[^:]*:){4}(?:\d{12}|[\uE000-\uF8FF]):/;
const FIXED_START = /^(?:[^:*?]*:){4}(?:\d{12}|[\uE000-\uF8FF]):/;
const FIXED_ORGANISATION = /^o-[a-z0-9]+\//;

function hasFixedStart(key: string, value: string, family: string): boolean {
  if (ARN_KEYS.has(key)) return (family === "arn" ? FIXED_PART : FIXED_START).test(value);
  return key.endsWith("orgpaths") && FIXED_ORGANISATION.test(value);
}

function isFixedValue(key: string, value: string, family: string, { version, letters }: PolicyDocument): Truth {
  if (version === "2012-10-17" && value.includes("${")) return "no";
  const isExact = family === "string" || family === "string-ignore-case";
  if (!isExact && /[*?]/.test(value)) {
    if (key === "s3:dataaccesspointarn") return truth(/^arn:[^:]*:s3:[^:]*:\d{12}:accesspoint\//.test(value));
    if (hasFixedStart(key, value, family)) return "unknown";
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
