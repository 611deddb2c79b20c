/** Policies that compare keys whose values AWS makes in one way: ids and ARNs, which patterns of that form cover. */

import type { Request, StatementJson } from "../naive";
import {
  allow,
  allowKey,
  closedTo,
  deny,
  denyKey,
  foreign,
  foreignDecrypt,
  http,
  keyOutsiders,
  kmsPuts,
  openTo,
  outsiders,
  overHttp,
  own,
  plainHttp,
  put,
  type Row,
  roleOf,
} from "./row";

const [closed, hole] = [closedTo(plainHttp), openTo(plainHttp)];
const [closedKey, holeOfKey] = [closedTo(keyOutsiders), openTo(keyOutsiders)];

const when = (condition: StatementJson["Condition"]): StatementJson =>
  deny({ Condition: { ...overHttp, ...condition } });
const lacking = (key: string): StatementJson => when({ Null: { [key]: "true" } });
const anyIp = when({ IpAddress: { "aws:SourceIp": ["0.0.0.0/0", "::/0"] } });

const IDS = "EC2 user guide, «Resource IDs»: the type of the resource, a hyphen, letters and digits";
const ORGANISATIONS = "Organizations API reference, `Organization`: `^o-[a-z0-9]{10,32}$`";
const VIA = "KMS developer guide, `kms:ViaService`: `<service>.<region>.amazonaws.com`";

const networks: readonly Row[] = [
  closed(
    "through endpoints, and not",
    IDS,
    when({ StringLike: { "aws:SourceVpce": "vpce-*" } }),
    lacking("aws:SourceVpce"),
  ),
  closed(
    "through endpoints, and all that is no endpoint's id",
    IDS,
    when({ StringLike: { "aws:SourceVpce": "vpce-?*" } }),
    when({ StringNotLike: { "aws:SourceVpce": "vpce-*" } }),
  ),
  closed("from VPCs, and from addresses", IDS, when({ StringLike: { "aws:SourceVpc": "vpc-*" } }), anyIp),
  closed("from what is called like a VPC in any capitals", IDS, when({ StringNotLike: { "aws:SourceVpc": "VPC-*" } })),
  closed(
    "from VPCs by their ARN, by its parts, and without one",
    "IAM user guide, `aws:SourceVpcArn`: the ARN of a VPC",
    when({ ArnLike: { "aws:SourceVpcArn": "arn:*:ec2:*:*:vpc/*" } }),
    lacking("aws:SourceVpcArn"),
  ),
  closed(
    "through what is no VPC",
    "an endpoint isn't called like a VPC",
    when({ StringNotLike: { "aws:SourceVpce": "vpc-*" } }),
  ),
  hole(
    "from endpoints that are called like VPCs",
    "none is",
    http({ context: { "aws:SourceVpce": "vpce-1" } }),
    when({ StringLike: { "aws:SourceVpce": "vpc-*" } }),
    lacking("aws:SourceVpce"),
  ),
  hole(
    "through endpoints whose ids begin with 0",
    "others don't",
    http({ context: { "aws:SourceVpce": "vpce-1" } }),
    when({ StringLike: { "aws:SourceVpce": "vpce-0*" } }),
    lacking("aws:SourceVpce"),
  ),
  hole(
    "through endpoints with one more hyphen",
    "that they have but one is not relied upon, that they have letters or digits is",
    http({ context: { "aws:SourceVpce": "vpce-1" } }),
    when({ StringLike: { "aws:SourceVpce": "vpce-*-*" } }),
    lacking("aws:SourceVpce"),
  ),
  closedTo(outsiders)(
    "everyone through an endpoint that is called like a VPC",
    IDS,
    allow({ Condition: { StringEquals: { "aws:SourceVpce": "vpc-1a2b3c4d" } } }),
  ),
  openTo(outsiders)(
    "everyone from a VPC",
    "others may be there",
    foreign({ context: { "aws:SourceVpc": "vpc-1a2b3c4d" } }),
    allow({ Condition: { StringEquals: { "aws:SourceVpc": "vpc-1a2b3c4d" } } }),
  ),
];

const organisations: readonly Row[] = [
  closed(
    "from organisations, and from none",
    ORGANISATIONS,
    when({ StringLike: { "aws:PrincipalOrgID": "o-*" } }),
    lacking("aws:PrincipalOrgID"),
  ),
  closed(
    "from any path of an organisation, and from none",
    "IAM user guide, `aws:PrincipalOrgPaths`: the organisation's id, a slash, the root, …",
    when({ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-*/*" } }),
    lacking("aws:PrincipalOrgPaths"),
  ),
  hole(
    "from roots of organisations that are called r-1",
    "others are called otherwise",
    http({ principal: roleOf(own), context: { "aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/r-ab12/"] } }),
    when({ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-*/r-1*/*" } }),
    lacking("aws:PrincipalOrgPaths"),
  ),
  hole(
    "from the organisations of which the ids begin with a",
    "others begin otherwise",
    http({ principal: roleOf(own), context: { "aws:PrincipalOrgID": "o-b1b2c3d4e5" } }),
    when({ StringLike: { "aws:PrincipalOrgID": "o-a*" } }),
    lacking("aws:PrincipalOrgID"),
  ),
  closedTo(outsiders)(
    "everyone of an organisation, by the id of its root",
    ORGANISATIONS,
    allow({ Condition: { StringLike: { "aws:PrincipalOrgID": "r-*" } } }),
  ),
  closed(
    "accounts of twelve digits, and callers without one",
    "an account has twelve",
    when({ StringLike: { "aws:PrincipalAccount": ["????????????", "anonymous"] } }),
  ),
  closed(
    "callers with an ARN, and others",
    "IAM user guide, `aws:PrincipalArn`",
    when({ StringLike: { "aws:PrincipalArn": "arn:aws*:*:*:*:*" } }),
    lacking("aws:PrincipalArn"),
  ),
  closed(
    "callers by the kind of their ids",
    "IAM user guide, «Unique identifiers» and `aws:userid`",
    when({ StringLike: { "aws:userid": ["AIDA*", "AROA*:*", "????????????", "????????????:*", "anonymous"] } }),
    lacking("aws:userid"),
  ),
];

const keys: readonly Row[] = [
  closedKey(
    "everyone but through a service, and nobody without one",
    VIA,
    allowKey({ Principal: "*", Condition: { StringNotLike: { "kms:ViaService": "*.amazonaws.com" } } }),
    denyKey({ Condition: { Null: { "kms:ViaService": "true" } } }),
  ),
  holeOfKey(
    "everyone but through S3, and nobody without a service",
    "there are other services",
    foreignDecrypt({ context: { "kms:ViaService": "ec2.eu-west-1.amazonaws.com" } }),
    allowKey({ Principal: "*", Condition: { StringNotLike: { "kms:ViaService": "s3.*.amazonaws.com" } } }),
    denyKey({ Condition: { Null: { "kms:ViaService": "true" } } }),
  ),
  closedKey(
    "everyone through what is called by its name alone",
    VIA,
    allowKey({ Principal: "*", Condition: { StringEquals: { "kms:ViaService": "s3" } } }),
  ),
  closedKey(
    "everyone by an alias, without the word",
    "KMS developer guide, `kms:RequestAlias`: `alias/` and the name",
    allowKey({ Principal: "*", Condition: { StringEquals: { "kms:RequestAlias": "own-key" } } }),
  ),
  holeOfKey(
    "everyone by an alias",
    "others may name it",
    foreignDecrypt({ context: { "kms:RequestAlias": "alias/own-key" } }),
    allowKey({ Principal: "*", Condition: { StringEquals: { "kms:RequestAlias": "alias/own-key" } } }),
  ),
  closedKey(
    "everyone if an alias of the key is called otherwise than aliases are",
    "KMS developer guide, `kms:ResourceAliases`: `alias/` and the name",
    allowKey({ Principal: "*", Condition: { "ForAnyValue:StringNotLike": { "kms:ResourceAliases": "alias/*" } } }),
  ),
  openTo(kmsPuts)(
    "puts with a key by its ARN",
    "AWS doesn't say that it is always one",
    put({ "s3:x-amz-server-side-encryption": "AES256" }),
    deny({ Condition: { ArnLike: { "s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:*:kms:*:*:key/*" } } }),
  ),
];

const stranger = "999988887777";
const byStranger = (principal = roleOf(stranger)): Request => foreign({ principal });
const shaped = openTo(outsiders);
const ofService = (name: string): Request => put({ "aws:SourceAccount": stranger }, { principal: { service: name } });
const puts = (Condition: StatementJson["Condition"]): StatementJson => allow({ Action: "s3:PutObject", Condition });
const logs = (Condition: StatementJson["Condition"]): StatementJson =>
  allowKey({ Principal: { Service: "logs.amazonaws.com" }, Condition });
const contextArn = "kms:EncryptionContext:aws:logs:arn";

/** Accounts and services that policies name by a part of them: there is one like that. */
const shapes: readonly Row[] = [
  shaped(
    "ids that begin with an account's digits",
    "a root's id is its account",
    byStranger(`arn:aws:iam::${stranger}:root`),
    allow({ Condition: { StringLike: { "aws:userid": "9999*" } } }),
  ),
  shaped(
    "ids of federated users by a part of their account",
    "a federated user's id begins with his account",
    foreign({
      principal: `arn:aws:sts::${stranger}:federated-user/guest`,
      context: { "aws:userid": `${stranger}:guest` },
    }),
    allow({ Condition: { StringLike: { "aws:userid": "99998888777?:*" } } }),
  ),
  shaped(
    "accounts by one digit and many stars",
    "stars are one star",
    byStranger(),
    allow({ Condition: { StringLike: { "aws:PrincipalAccount": `9${"*".repeat(40)}` } } }),
  ),
  shaped(
    "accounts by all digits with stars between",
    "stars may be nothing",
    byStranger(),
    allow({ Condition: { StringLike: { "aws:PrincipalAccount": `*${[...stranger].join("*")}*` } } }),
  ),
  shaped(
    "accounts above a number",
    "an account is a number",
    byStranger(),
    allow({ Condition: { NumericGreaterThan: { "aws:PrincipalAccount": "900000000000" } } }),
  ),
  shaped(
    "accounts below a number",
    "an account may begin with zeros",
    byStranger(roleOf("000000000001")),
    allow({ Condition: { NumericLessThan: { "aws:PrincipalAccount": "5" } } }),
  ),
  closedTo(outsiders)(
    "accounts above all numbers",
    "an account has twelve digits",
    allow({ Condition: { NumericGreaterThan: { "aws:PrincipalAccount": "999999999999" } } }),
  ),
  closedTo(outsiders)(
    "accounts between two numbers that have none between them",
    "an account is a whole number",
    allow({
      Condition: {
        NumericGreaterThan: { "aws:PrincipalAccount": "5" },
        NumericLessThan: { "aws:PrincipalAccount": "6" },
      },
    }),
  ),
  shaped(
    "services that begin alike",
    "there are some",
    ofService("logs.amazonaws.com"),
    puts({ StringLike: { "aws:PrincipalServiceName": "logs.*" } }),
  ),
  shaped(
    "a service in capitals",
    "in any capitals it is that one",
    ofService("logs.amazonaws.com"),
    puts({ StringEqualsIgnoreCase: { "aws:PrincipalServiceName": "LOGS.amazonaws.com" } }),
  ),
  shaped(
    "roles of accounts that begin alike, in one go",
    "a star takes the colon",
    byStranger(),
    allow({ Condition: { StringLike: { "aws:PrincipalArn": "arn:aws:iam::9999*/app" } } }),
  ),
  shaped(
    "roles of accounts that end alike, in one go",
    "a star takes the colons",
    byStranger(),
    allow({ Condition: { StringLike: { "aws:PrincipalArn": "arn:aws:i*7777:role/app" } } }),
  ),
  shaped(
    "roles of accounts that have digits in common, in one go",
    "stars take the colons",
    byStranger(),
    allow({ Condition: { StringLike: { "aws:PrincipalArn": "arn:aws:i*8888*e/app" } } }),
  ),
  shaped(
    "roles of accounts that begin alike behind a question mark",
    "it takes the colon",
    byStranger(),
    allow({ Condition: { StringLike: { "aws:PrincipalArn": "arn:aws:iam:?9999*" } } }),
  ),
  shaped(
    "roles of accounts that end alike before a question mark",
    "it takes the colon",
    byStranger(),
    allow({ Condition: { StringLike: { "aws:PrincipalArn": "arn:aws:iam::*7777?role/app" } } }),
  ),
  shaped(
    "services that begin alike but one",
    "there are others of them",
    ofService("logs.eu-west-1.amazonaws.com"),
    puts({
      StringLike: { "aws:PrincipalServiceName": "logs.*" },
      StringNotEquals: { "aws:PrincipalServiceName": "logs.amazonaws.com" },
    }),
  ),
  closedTo(outsiders)(
    "a service by a name that none has",
    "a name has no capitals",
    puts({ StringLike: { "aws:PrincipalServiceName": "Logs.*" } }),
  ),
  {
    ...closedKey(
      "a service for accounts that begin alike, by the context",
      "it is bound to them",
      logs({ ArnLike: { [contextArn]: "arn:aws:logs:*:9999*:log-group:*" } }),
    ),
    expected: "fail",
  },
  {
    ...closedKey(
      "a service for accounts that begin alike",
      "it is bound to them",
      logs({ StringLike: { "aws:SourceAccount": "9999*" } }),
    ),
    expected: "fail",
  },
  closedKey(
    "a service for any account, by its digits",
    "nothing binds it",
    logs({ StringLike: { "aws:SourceAccount": "????????????" } }),
  ),
];

const TIMES = "IAM user guide, «Date condition operators»: dates of ISO 8601, or seconds since 1970";
const times: readonly Row[] = [
  closed("at all times, as text", "every text is taken", when({ StringLike: { "aws:CurrentTime": "*" } })),
  closed("at times that begin with a character", TIMES, when({ StringLike: { "aws:CurrentTime": "?*" } })),
  closed("at times but a word", TIMES, when({ StringNotEquals: { "aws:CurrentTime": "never" } })),
  closed("at times but those with a word in them", TIMES, when({ StringNotLike: { "aws:CurrentTime": "*day*" } })),
  closed(
    "at times but those of one character too few",
    "a date is not empty",
    when({ StringNotEquals: { "aws:CurrentTime": "" } }),
  ),
  closed(
    "in a year as it is written, and in all others",
    "one of them holds",
    when({ StringLike: { "aws:CurrentTime": "2031-*" } }),
    when({ StringNotLike: { "aws:CurrentTime": "2031-*" } }),
  ),
  closed(
    "at seconds that begin with 1, and all others",
    "one of them holds",
    when({ StringLike: { "aws:EpochTime": "1*" } }),
    when({ StringNotLike: { "aws:EpochTime": "1*" } }),
  ),
  closed("at seconds but those with a hyphen", "they are digits", when({ StringNotLike: { "aws:EpochTime": "*-*" } })),
  closed("at a date, as an ARN", "no date is an ARN", when({ ArnNotLike: { "aws:CurrentTime": "arn:*:*:*:*:*" } })),
  hole(
    "at no time, as text",
    "every text is taken, so that the opposite never holds",
    http(),
    when({ StringNotLike: { "aws:CurrentTime": "*" } }),
  ),
  hole("at seconds with a hyphen", "they are digits", http(), when({ StringLike: { "aws:EpochTime": "*-*" } })),
  closed(
    "to sessions of any time, and to those without one",
    "every text is taken",
    when({ StringLike: { "aws:TokenIssueTime": "*" } }),
    lacking("aws:TokenIssueTime"),
  ),
  closed("to sessions but those of a word", TIMES, when({ StringNotLike: { "aws:TokenIssueTime": "*now*" } })),
  closedTo(outsiders)("everyone today", TIMES, allow({ Condition: { StringEquals: { "aws:CurrentTime": "today" } } })),
  closedTo(outsiders)(
    "everyone whose session begins on Monday",
    TIMES,
    allow({ Condition: { StringLike: { "aws:TokenIssueTime": "Mon*" } } }),
  ),
];

export const forms: readonly Row[] = [...networks, ...organisations, ...keys, ...shapes, ...times];
