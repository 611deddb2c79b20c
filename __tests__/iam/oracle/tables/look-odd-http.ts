/** Bucket policies that look odd and stop every request over plain HTTP, or every weak put. */

import { actionsOn } from "../domain";
import type { StatementJson } from "../naive";
import {
  anyPuts,
  both,
  bucket,
  closedTo,
  deny,
  denyPut,
  header,
  key,
  kmsPuts,
  lenientPuts,
  objects,
  overHttp,
  own,
  plainHttp,
  type Row,
  roleOf,
} from "./row";

const closed = closedTo(plainHttp);
const kms = closedTo(kmsPuts);
const lenient = closedTo(lenientPuts);
const any = closedTo(anyPuts);

const tls = (changes: Parameters<typeof deny>[0]): StatementJson => deny({ Condition: overHttp, ...changes });
const only = (condition: StatementJson["Condition"]): StatementJson => deny({ Condition: condition });
const when = (condition: StatementJson["Condition"]): StatementJson => only({ ...overHttp, ...condition });
const puts = (condition: StatementJson["Condition"]): StatementJson => denyPut({ Condition: condition });
const lists = ["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"];

const forms: readonly Row[] = [
  closed("a principal in a list", '{"AWS":["*"]} is everyone', tls({ Principal: { AWS: ["*"] } })),
  closed("a principal by AWS", '{"AWS":"*"} is everyone', tls({ Principal: { AWS: "*" } })),
  closed("a star among names", "a star is everyone", tls({ Principal: { AWS: [own, "*"] } })),
  closed("all actions of all services", "`*` covers `s3:*`", tls({ Action: "*" })),
  closed("shouting", "action names have no case", tls({ Action: ["S3:*"] })),
  closed("all resources", "`*` covers the bucket", tls({ Resource: "*" })),
  closed("one pattern for bucket and objects", "`bkt*` covers both", tls({ Resource: `${bucket}*` })),
  closed("objects by a key of at least one character", "no key is empty", tls({ Resource: [bucket, `${bucket}/?*`] })),
  closed("objects by a key that ends with a character", "no key is empty", tls({ Resource: [bucket, `${bucket}/*?`] })),
  closed("any partition", "`*` covers aws", tls({ Resource: ["arn:*:s3:::bkt", "arn:*:s3:::bkt/*"] })),
  closed("any bucket", "the policy stands on one", tls({ Resource: ["arn:aws:s3:::*"] })),
  closed(
    "all but a sibling",
    "NotResource leaves nothing of this bucket",
    tls({ Resource: undefined, NotResource: ["arn:aws:s3:::other", "arn:aws:s3:::other/*"] }),
  ),
  closed(
    "all but creating a bucket",
    "that is outside the data plane",
    tls({ Action: undefined, NotAction: "s3:CreateBucket" }),
  ),
  closed(
    "all but another service",
    "NotAction leaves nothing of S3",
    tls({ Action: undefined, NotAction: ["kms:*", "s3express:*"] }),
  ),
  closed("a JSON boolean", 'false is "false"', only({ Bool: { "aws:SecureTransport": false } })),
  closed("a capital letter", "Bool values have no case", only({ Bool: { "aws:SecureTransport": "FALSE" } })),
  closed("a list of one", "one value or a list", only({ Bool: { "aws:SecureTransport": ["false"] } })),
  closed("both values", "TLS is denied as well", only({ Bool: { "aws:SecureTransport": ["true", "false"] } })),
  closed("if it exists", "it always does", only({ BoolIfExists: { "aws:SecureTransport": "false" } })),
  closed("a key in another case", "condition keys have no case", only({ Bool: { "AWS:SECURETRANSPORT": "false" } })),
  closed(
    "a string operator",
    "Boolean keys are text to it",
    only({ StringEquals: { "aws:SecureTransport": "false" } }),
  ),
  closed(
    "a string operator without case",
    "FALSE is false there",
    only({ StringEqualsIgnoreCase: { "aws:SecureTransport": "FALSE" } }),
  ),
  closed("a pattern", "f* matches false", only({ StringLike: { "aws:SecureTransport": "f*" } })),
  closed(
    "a negated string operator",
    "false is not true",
    only({ StringNotEquals: { "aws:SecureTransport": "true" } }),
  ),
  closed("a negated pattern", "false has no t", only({ StringNotLike: { "aws:SecureTransport": "t*" } })),
  closed(
    "a set operator on one value",
    "one value is a set of one",
    only({ "ForAnyValue:Bool": { "aws:SecureTransport": "false" } }),
  ),
  closed(
    "the other set operator",
    "one value is a set of one",
    only({ "ForAllValues:StringEquals": { "aws:SecureTransport": "false" } }),
  ),
  closed(
    "an old TLS version, if there is one",
    "on plain HTTP there is none, so the condition holds",
    only({ NumericLessThanIfExists: { "s3:TlsVersion": "1.2" } }),
  ),
  closed(
    "an old TLS version, as a number",
    "JSON numbers are taken",
    only({ NumericLessThanIfExists: { "s3:TlsVersion": 1.3 } }),
  ),
  closed("no TLS version", "plain HTTP has none", only({ Null: { "s3:TlsVersion": "true" } })),
  closed(
    "no TLS version that differs",
    "a negated operator holds on an absent key",
    only({ NumericNotEquals: { "s3:TlsVersion": "1.3" } }),
  ),
  closed("everything is denied", "no condition at all", deny()),
  closed("conditions that always hold", "the time is always there", when({ Null: { "aws:CurrentTime": "false" } })),
  closed(
    "the own bucket's account",
    "aws:ResourceAccount is always the own",
    when({ StringEquals: { "aws:ResourceAccount": own } }),
  ),
  closed(
    "since last year",
    "the plan is later",
    when({ DateGreaterThan: { "aws:CurrentTime": "2026-01-01T00:00:00Z" } }),
  ),
  closed(
    "since last year, in seconds",
    "the plan is later",
    when({ DateGreaterThan: { "aws:EpochTime": "1735689600" } }),
  ),
  closed(
    "whoever isn't an AWS service",
    "services are outside the question",
    when({ BoolIfExists: { "aws:PrincipalIsAWSService": "false" } }),
  ),
  closed(
    "whoever isn't an AWS service, negated",
    "absent counts as different",
    when({ StringNotEquals: { "aws:PrincipalIsAWSService": "true" } }),
  ),
  {
    ...closed("an old version", "Deny works there as well"),
    policy: { Version: "2008-10-17", Statement: [deny({ Condition: overHttp })] },
  },
  {
    ...closed("no version and a single statement", "both are optional forms"),
    policy: { Statement: deny({ Condition: overHttp }) },
  },
];

const covers: readonly Row[] = [
  closed(
    "bucket and objects apart",
    "two statements cover both",
    tls({ Resource: bucket }),
    tls({ Resource: objects }),
  ),
  closed(
    "lists on the bucket, all on objects",
    "no other data action acts on the bucket",
    tls({ Action: lists, Resource: bucket }),
    tls({ Resource: objects }),
  ),
  closed(
    "every action by name",
    "complete against the pinned list",
    tls({ Action: [...lists, ...actionsOn("s3", "object")] }),
  ),
  closed(
    "reads and all but reads",
    "two halves of the actions",
    tls({ Action: "s3:Get*" }),
    tls({ Action: undefined, NotAction: "s3:Get*" }),
  ),
  closed(
    "a prefix and all but it",
    "two halves of the keys",
    tls({ Resource: [bucket, `${bucket}/a*`] }),
    tls({ Resource: undefined, NotResource: `${bucket}/a*` }),
  ),
  closed(
    "a suffix, a prefix, and the rest",
    "three parts",
    tls({ Resource: `${bucket}/*.csv` }),
    tls({ Resource: `${bucket}/a*` }),
    tls({ Resource: undefined, NotResource: [`${bucket}/*.csv`, `${bucket}/a*`] }),
  ),
  closed(
    "the own account and everybody else",
    "two halves of the callers",
    when({ StringEquals: { "aws:PrincipalAccount": own } }),
    when({ StringNotEquals: { "aws:PrincipalAccount": own } }),
  ),
  closed(
    "a role and all but it",
    "Principal and NotPrincipal",
    tls({ Principal: { AWS: roleOf(own) } }),
    tls({ Principal: undefined, NotPrincipal: { AWS: roleOf(own) } }),
  ),
  closed(
    "members, others, and who is in no organisation",
    "three parts",
    when({ StringEquals: { "aws:PrincipalOrgID": "o-own" } }),
    when({ StringNotEquals: { "aws:PrincipalOrgID": "o-own" }, Null: { "aws:PrincipalOrgID": "false" } }),
    when({ Null: { "aws:PrincipalOrgID": "true" } }),
  ),
  closed(
    "inside and outside an address range",
    "NotIpAddress holds where there is no address",
    when({ IpAddress: { "aws:SourceIp": "10.0.0.0/8" } }),
    when({ NotIpAddress: { "aws:SourceIp": "10.0.0.0/8" } }),
  ),
  closed(
    "all addresses in halves, and none",
    "IPv4, IPv6, VPC endpoints",
    when({ IpAddress: { "aws:SourceIp": ["0.0.0.0/1", "::/1"] } }),
    when({ IpAddress: { "aws:SourceIp": ["128.0.0.0/1", "8000::/1"] } }),
    when({ Null: { "aws:SourceIp": "true" } }),
  ),
  closed(
    "before and from a day",
    "no second between",
    when({ DateLessThan: { "aws:CurrentTime": "2027-01-01T00:00:00Z" } }),
    when({ DateGreaterThanEquals: { "aws:CurrentTime": "2027-01-01T00:00:00Z" } }),
  ),
  closed(
    "with and without MFA, or neither",
    "BoolIfExists takes the absent key",
    when({ StringEquals: { "aws:MultiFactorAuthPresent": "true" } }),
    when({ StringNotEquals: { "aws:MultiFactorAuthPresent": "true" } }),
  ),
  closed(
    "any tag and none",
    "ForAnyValue and its opposite",
    when({ "ForAnyValue:StringEquals": { "s3:RequestObjectTagKeys": ["a", "b"] } }),
    when({ "ForAllValues:StringNotEquals": { "s3:RequestObjectTagKeys": ["a", "b"] } }),
  ),
  closed(
    "versions below 1.2, beside no version",
    "together they cover plain HTTP",
    only({ NumericLessThan: { "s3:TlsVersion": 1.2 } }),
    only({ Null: { "s3:TlsVersion": true } }),
  ),
  closed(
    "all of it twice and more",
    "overlaps do no harm",
    tls({}),
    tls({ Action: "s3:Get*" }),
    tls({ Resource: `${bucket}/a*` }),
    { ...tls({}), Effect: "Deny" },
  ),
  closed(
    "a useless Allow beside it",
    "an explicit Deny wins",
    { Effect: "Allow", Principal: "*", Action: "s3:*", Resource: both },
    tls({}),
  ),
];

const encryption: readonly Row[] = [
  kms(
    "another algorithm or none",
    "StringNotEquals holds on an absent key",
    puts({ StringNotEquals: { [header]: ["aws:kms", "aws:kms:dsse"] } }),
  ),
  kms(
    "another algorithm, if it exists",
    "IfExists holds on an absent key",
    puts({ StringNotEqualsIfExists: { [header]: "aws:kms" } }),
  ),
  kms("not like KMS", "StringNotLike holds on an absent key", puts({ StringNotLike: { [header]: "aws:kms*" } })),
  kms(
    "all values differ",
    "ForAllValues holds on an absent key",
    puts({ "ForAllValues:StringNotEquals": { [header]: "aws:kms" } }),
  ),
  kms(
    "AES256, if it exists",
    "IfExists holds on an absent key",
    puts({ StringEqualsIfExists: { [header]: "AES256" } }),
  ),
  kms(
    "all values are AES256",
    "ForAllValues holds on an absent key",
    puts({ "ForAllValues:StringEquals": { [header]: "AES256" } }),
  ),
  kms("no key id", "a weak put can't name one", puts({ Null: { [`${header}-aws-kms-key-id`]: "true" } })),
  kms(
    "another key id",
    "a weak put names none, and a negated operator holds on an absent key",
    puts({ StringNotEquals: { [`${header}-aws-kms-key-id`]: key } }),
  ),
  kms(
    "missing and wrong apart",
    "two Denies",
    puts({ Null: { [header]: true } }),
    puts({ StringEquals: { [header]: "AES256" } }),
  ),
  kms("a value that nobody can send", "everything is denied", puts({ StringNotEquals: { [header]: "AWS:KMS" } })),
  kms("all puts", "no condition", denyPut()),
  kms(
    "all actions on all resources",
    "wider than needed",
    deny({ Condition: { StringNotEquals: { [header]: "aws:kms" } } }),
  ),
  kms(
    "the action in another case",
    "action names have no case",
    denyPut({ Action: "S3:putobject", Condition: { StringNotEquals: { [header]: "aws:kms" } } }),
  ),
  kms(
    "all but reads",
    "NotAction takes puts in",
    denyPut({
      Action: undefined,
      NotAction: ["s3:Get*", "s3:List*"],
      Condition: { StringNotEquals: { [header]: "aws:kms" } },
    }),
  ),
  kms(
    "the key space in two",
    "a prefix and all but it",
    denyPut({ Resource: `${bucket}/a*` }),
    denyPut({
      Resource: undefined,
      NotResource: `${bucket}/a*`,
      Condition: { StringNotEquals: { [header]: "aws:kms" } },
    }),
  ),
  kms(
    "over TLS and not",
    "two halves",
    puts({ Bool: { "aws:SecureTransport": "false" } }),
    puts({ StringNotEquals: { [header]: "aws:kms" }, Bool: { "aws:SecureTransport": "true" } }),
  ),
  lenient(
    "a wrong header that is there, and customers' keys",
    "a missing header is fine here",
    puts({ StringNotEquals: { [header]: "aws:kms" }, Null: { [header]: "false" } }),
    puts({ Null: { [`${header}-customer-algorithm`]: "false" } }),
  ),
  lenient(
    "AES256 and customers' keys",
    "a missing header is fine here",
    puts({ StringEquals: { [header]: "AES256" } }),
    puts({ StringLike: { [`${header}-customer-algorithm`]: "*" } }),
  ),
  any("a missing header", "AES256 and stronger are fine", puts({ Null: { [header]: "true" } })),
  any(
    "another than the three",
    "AES256 and stronger are fine",
    puts({ StringNotLike: { [header]: ["AES256", "aws:*"] } }),
  ),
];

/** Policies that look odd and stop what they have to. */
export const lookOddDenies: readonly Row[] = [...forms, ...covers, ...encryption];
