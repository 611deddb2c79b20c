/** Policies with something in them that can't be known: symbols, and principals whose account nobody can tell. */

import { Sym, type Text, text } from "../../../../validators/kernel/index";
import type { StatementJson } from "../naive";
import {
  allow,
  allowKey,
  bucket,
  deny,
  denyKey,
  type Expected,
  keyOutsiders,
  objects,
  outside,
  outsiders,
  overHttp,
  own,
  plainHttp,
  policy,
  type TextRow,
} from "./row";

const name = new Sym("aws_s3_bucket.b.bucket", "bucket-name");
const otherName = new Sym("aws_s3_bucket.c.bucket", "bucket-name");
const account = new Sym("data.aws_caller_identity.me.account_id", "account-id");
const variable = new Sym("var.anything", "any");
const partition = new Sym("data.aws_partition.here.partition", "partition");
const entity = new Sym("aws_iam_user.ada.name", "name");

/** Puts symbols where the text has `<name>` and so on. */
const marks = { name, otherName, account, variable, partition, entity } as const;
const isMark = (mark: string): mark is keyof typeof marks => Object.hasOwn(marks, mark);

function symbolic(...statements: readonly StatementJson[]): string | Text {
  // a whole value that isn't known stands without quotes
  const json = JSON.stringify(policy(...statements)).replaceAll('"<anything>"', "<variable>");
  const pieces = json.split(/<(\w+)>/);
  return text(pieces.map((piece, index) => (index % 2 === 1 && isMark(piece) ? marks[piece] : piece)));
}

const byName = { arn: text(["arn:aws:s3:::", name]) };
const byAccount = { account: text([account]) };

const row = (
  ask: TextRow["ask"],
  title: string,
  expected: Expected,
  because: string,
  world: TextRow["world"],
  ...statements: readonly StatementJson[]
): TextRow => ({
  name: title,
  ask,
  policy: symbolic(...statements),
  expected,
  because,
  ...(world === undefined ? {} : { world }),
});

const ownArns = ["arn:aws:s3:::<name>", "arn:aws:s3:::<name>/*"];

/** Stands for a value of any type. */
const anything = "<anything>" as never;
const whole = "a whole value that isn't known may be anything";
const enough = "what is known is enough";

const versionless = JSON.stringify(policy(deny({ Condition: overHttp }))).replace('"2012-10-17"', "<variable>");
const ofVersion = (title: string, version: string): TextRow => ({
  name: title,
  ask: plainHttp,
  policy: text(
    versionless
      .replace("<variable>", version)
      .split(/<(\w+)>/)
      .map((piece, index) => (index % 2 === 1 && isMark(piece) ? marks[piece] : piece)),
  ),
  expected: "undecided",
  because: "AWS refuses all versions but two, and they differ in what `${…}` means",
});

/** A version that isn't known. */
const versions: readonly TextRow[] = [
  ofVersion("a version that is unknown altogether", "<variable>"),
  ofVersion("a version that is unknown in part", '"2012-10-<variable>"'),
];

/** Allows services to read objects for the sources that a condition names. */
const allowFrom = (Condition: StatementJson["Condition"]): StatementJson =>
  allow({ Principal: { Service: "logs.amazonaws.com" }, Condition });

const empty = "nothing may stand there, which no request has";
/** A symbol that may be nothing, or a policy variable: what requests have for it may be theirs to choose or not. */
const edges: readonly TextRow[] = [
  row(
    plainHttp,
    "a Deny on all but the objects that begin like a variable",
    "undecided",
    "it may be nothing: no object's key is empty",
    {},
    deny({ Resource: undefined, NotResource: `${bucket}/<variable>`, Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a Deny on all but an object whose key ends with a variable",
    "undecided",
    "it may be a policy variable that no request has",
    {},
    deny({ Resource: undefined, NotResource: `${bucket}/logs/<variable>`, Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a Deny on all but the object that is called like the bucket",
    "found",
    "whatever it is called, that object is left out",
    byName,
    deny({ Resource: undefined, NotResource: "arn:aws:s3:::<name>/<name>", Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a Deny to all but the account of a variable",
    "undecided",
    empty,
    {},
    deny({ Condition: { ...overHttp, StringNotEquals: { "aws:PrincipalAccount": "<variable>" } } }),
  ),
  row(
    plainHttp,
    "a Deny to all but another symbol's account",
    "found",
    "an account has principals, whichever it is",
    {},
    deny({ Condition: { ...overHttp, StringNotEquals: { "aws:PrincipalAccount": "<account>" } } }),
  ),
  row(
    plainHttp,
    "a Deny to all but the users of a variable's name",
    "undecided",
    empty,
    {},
    deny({ Condition: { ...overHttp, StringNotEquals: { "aws:username": "<variable>" } } }),
  ),
  row(
    plainHttp,
    "a Deny to all but the users of a user's name",
    "found",
    "there is one of that name",
    {},
    deny({ Condition: { ...overHttp, StringNotEquals: { "aws:username": "<entity>" } } }),
  ),
  row(
    plainHttp,
    "a Deny to all but a role of a variable's account",
    "undecided",
    empty,
    {},
    deny({ Condition: { ...overHttp, ArnNotEquals: { "aws:PrincipalArn": "arn:aws:iam::<variable>:role/app" } } }),
  ),
  row(
    plainHttp,
    "a Deny to all but a role of a variable's partition",
    "undecided",
    empty,
    {},
    deny({
      Condition: { ...overHttp, ArnNotEquals: { "aws:PrincipalArn": `arn:<variable>:iam::${outside}:role/app` } },
    }),
  ),
  row(
    plainHttp,
    "a Deny to all but a role of the own partition",
    "found",
    "it is one of AWS's partitions, whichever",
    { partition: text([partition]) },
    deny({
      Condition: { ...overHttp, ArnNotEquals: { "aws:PrincipalArn": `arn:<partition>:iam::${outside}:role/app` } },
    }),
  ),
  row(
    outsiders,
    "a Deny to all but the own account in a partition that begins with a variable",
    "undecided",
    "the own number in another partition is another account",
    {},
    allow(),
    deny({ Condition: { StringNotEquals: { "aws:PrincipalAccount": own } } }),
    deny({ Condition: { ArnNotLike: { "aws:PrincipalArn": `arn:<variable>aws:iam::${own}:*` } } }),
  ),
  row(
    plainHttp,
    "a Deny to all but a client of a variable's name",
    "undecided",
    empty,
    {},
    deny({ Condition: { ...overHttp, StringNotEquals: { "aws:UserAgent": "<variable>" } } }),
  ),
  row(
    outsiders,
    "an organisation of a variable's id",
    "undecided",
    empty,
    {},
    allow({ Condition: { StringEquals: { "aws:PrincipalOrgID": "<variable>" } } }),
  ),
  row(
    outsiders,
    "an organisation whose id begins with what is known",
    "undecided",
    "a policy variable that no request has may be behind it",
    {},
    allow({ Condition: { StringEquals: { "aws:PrincipalOrgID": "o-<variable>" } } }),
  ),
  row(
    outsiders,
    "another account's role of a variable's name",
    "found",
    "AWS takes no name of nobody",
    {},
    allow({ Principal: { AWS: `arn:aws:iam::${outside}:role/<variable>` } }),
  ),
  row(
    outsiders,
    "another account's user of a variable's name",
    "found",
    "AWS takes no name of nobody",
    {},
    allow({ Principal: { AWS: `arn:aws:iam::${outside}:user/staff/<variable>` } }),
  ),
  row(
    outsiders,
    "another account's federated user of a variable's name",
    "found",
    "AWS takes no name of nobody",
    {},
    allow({ Principal: { AWS: `arn:aws:sts::${outside}:federated-user/<variable>` } }),
  ),
  row(
    outsiders,
    "another account's user of a variable's name that must be its name",
    "undecided",
    "a path may be part of it",
    {},
    allow({
      Principal: { AWS: `arn:aws:iam::${outside}:user/<variable>` },
      Condition: { StringEquals: { "aws:username": "<variable>" } },
    }),
  ),
  row(
    outsiders,
    "a source whose ARN begins with a variable, and one that has colons behind",
    "undecided",
    "five colons may be in it, so that the star takes colons",
    {},
    allowFrom({
      ArnLike: { "aws:SourceArn": "<variable>x:*:z" },
      StringEquals: { "aws:SourceArn": `arn:aws:logs:eu-west-1:${outside}:x:a:b:z` },
    }),
  ),
  row(
    outsiders,
    "a tag in capitals that must be the partition in any",
    "undecided",
    "the partition may be aws",
    { partition: text([partition]) },
    allow({
      Condition: {
        StringEqualsIgnoreCase: { "aws:PrincipalTag/team": "<partition>" },
        StringEquals: { "aws:PrincipalTag/team": "AWS" },
      },
    }),
  ),
];

const either = "whatever it is, one of the two holds";
/** Statements of which one holds where the other doesn't. */
const complements: readonly TextRow[] = [
  row(
    plainHttp,
    "objects whose keys begin like a variable, and all others",
    "none",
    either,
    {},
    deny({ Resource: `${bucket}/<variable>*`, Condition: overHttp }),
    deny({ Resource: undefined, NotResource: `${bucket}/<variable>*`, Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a variable for the resource, and all others",
    "none",
    either,
    {},
    deny({ Resource: "<variable>", Condition: overHttp }),
    deny({ Resource: undefined, NotResource: "<variable>", Condition: overHttp }),
  ),
  row(
    plainHttp,
    "objects of a written bucket, and all others, where the own name isn't known",
    "none",
    either,
    byName,
    deny({ Resource: `${bucket}/a*`, Condition: overHttp }),
    deny({ Resource: undefined, NotResource: `${bucket}/a*`, Condition: overHttp }),
  ),
  row(
    plainHttp,
    "actions that end with a variable, and all others",
    "none",
    either,
    {},
    deny({ Action: "s3:Get<variable>", Condition: overHttp }),
    deny({ Action: undefined, NotAction: "s3:Get<variable>", Condition: overHttp }),
  ),
  row(
    plainHttp,
    "an organisation of a variable's id, and all others",
    "none",
    either,
    {},
    deny({ Condition: { ...overHttp, StringEquals: { "aws:PrincipalOrgID": "<variable>" } } }),
    deny({ Condition: { ...overHttp, StringNotEquals: { "aws:PrincipalOrgID": "<variable>" } } }),
  ),
  row(
    plainHttp,
    "the account of a variable, and all others",
    "none",
    either,
    {},
    deny({ Condition: { ...overHttp, StringEquals: { "aws:PrincipalAccount": "<variable>" } } }),
    deny({ Condition: { ...overHttp, StringNotEquals: { "aws:PrincipalAccount": "<variable>" } } }),
  ),
  row(
    plainHttp,
    "an organisation of a variable's id, and all that are there and are another",
    "found",
    "anonymous callers have none, whatever it is",
    {},
    deny({ Condition: { ...overHttp, StringEquals: { "aws:PrincipalOrgID": "<variable>" } } }),
    deny({
      Condition: {
        ...overHttp,
        StringNotEquals: { "aws:PrincipalOrgID": "<variable>" },
        Null: { "aws:PrincipalOrgID": "false" },
      },
    }),
  ),
  row(
    plainHttp,
    "an organisation of just a variable's id, and all that it doesn't take as a pattern",
    "undecided",
    "a star in it takes others",
    {},
    deny({ Condition: { ...overHttp, StringEquals: { "aws:PrincipalOrgID": "<variable>" } } }),
    deny({ Condition: { ...overHttp, StringNotLike: { "aws:PrincipalOrgID": "<variable>" } } }),
  ),
  row(
    plainHttp,
    "two variables, all but one and all of the other",
    "undecided",
    "they may be two",
    {},
    deny({ Condition: { ...overHttp, StringEquals: { "aws:PrincipalOrgID": "<variable>" } } }),
    deny({ Condition: { ...overHttp, StringNotEquals: { "aws:PrincipalOrgID": "<entity>" } } }),
  ),
  row(
    outsiders,
    "an organisation that is let in and kept out",
    "none",
    either,
    {},
    allow({ Condition: { StringEquals: { "aws:PrincipalOrgID": "<variable>" } } }),
    deny({ Condition: { StringEquals: { "aws:PrincipalOrgID": "<variable>" } } }),
  ),
];

/** A value of a statement that is unknown altogether: it may be what is missing, or nothing of the kind. */
const holes: readonly TextRow[] = [
  row(plainHttp, "a Deny of unknown actions", "undecided", whole, {}, deny({ Action: anything, Condition: overHttp })),
  row(
    plainHttp,
    "a Deny of all but unknown actions",
    "undecided",
    whole,
    {},
    deny({ NotAction: anything, Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a Deny on unknown resources",
    "undecided",
    whole,
    {},
    deny({ Resource: anything, Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a Deny on the bucket and something unknown",
    "undecided",
    whole,
    {},
    deny({ Resource: [bucket, anything], Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a Deny on all but something unknown",
    "undecided",
    whole,
    {},
    deny({ NotResource: anything, Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a Deny on the bucket, its objects and something unknown",
    "none",
    enough,
    {},
    deny({ Resource: [bucket, objects, anything], Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a Deny to unknown people",
    "undecided",
    whole,
    {},
    deny({ Principal: anything, Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a Deny to all but unknown people",
    "undecided",
    whole,
    {},
    deny({ NotPrincipal: anything, Condition: overHttp }),
  ),
  row(plainHttp, "a Deny under an unknown condition", "undecided", whole, {}, deny({ Condition: anything })),
  row(
    plainHttp,
    "a Deny where TLS is something unknown",
    "undecided",
    whole,
    {},
    deny({ Condition: { Bool: { "aws:SecureTransport": anything } } }),
  ),
  row(
    plainHttp,
    "a Deny, and something unknown",
    "none",
    enough,
    {},
    deny({ Condition: overHttp }),
    deny({ Action: anything }),
  ),
  row(outsiders, "an Allow of unknown effect", "undecided", whole, {}, allow({ Effect: anything, Principal: "*" })),
  row(outsiders, "an Allow to unknown people", "undecided", whole, {}, allow({ Principal: anything })),
  row(
    outsiders,
    "an Allow of unknown actions to the own account",
    "none",
    enough,
    {},
    allow({ Principal: { AWS: own }, Action: anything }),
  ),
  row(outsiders, "an Allow of unknown actions to everyone", "undecided", whole, {}, allow({ Action: anything })),
  row(outsiders, "an Allow on unknown resources to everyone", "undecided", whole, {}, allow({ Resource: anything })),
  row(
    outsiders,
    "an Allow under an unknown condition to another account",
    "undecided",
    whole,
    {},
    allow({ Principal: { AWS: outside }, Condition: anything }),
  ),
  row(
    outsiders,
    "an Allow to everyone, denied to everyone outside",
    "none",
    enough,
    {},
    allow({ Action: anything }),
    deny({ Condition: { StringNotEquals: { "aws:PrincipalAccount": own } } }),
  ),
];

/** Values that are no text, compared as text: what no value is written like holds, what may be written so is open. */
const asText: readonly TextRow[] = [
  row(
    plainHttp,
    "all but addresses that are no address",
    "none",
    "no request comes from there",
    undefined,
    deny({ Condition: { ...overHttp, StringNotEquals: { "aws:SourceIp": "office" } } }),
  ),
  row(
    plainHttp,
    "all but an address with a wildcard that is taken literally",
    "none",
    "no request comes from there",
    undefined,
    deny({ Condition: { ...overHttp, StringNotEquals: { "aws:SourceIp": "52.*" } } }),
  ),
  row(
    plainHttp,
    "all but a range, and what is written in many ways of it",
    "undecided",
    "ranges and patterns are not weighed against each other",
    undefined,
    deny({ Condition: { ...overHttp, NotIpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }),
    deny({
      Condition: {
        ...overHttp,
        StringLike: { "aws:SourceIp": ["10.0.0.?", "10.0.0.??", "10.255.255.255", "10.1.2.3"] },
      },
    }),
  ),
  row(
    plainHttp,
    "all but a year, as text",
    "undecided",
    "times are written in many ways",
    undefined,
    deny({ Condition: { ...overHttp, StringNotLike: { "aws:CurrentTime": "2031-*" } } }),
  ),
];

const ofAddress = "arn:aws:s3:::bkt/${aws:SourceIp}";
const inSymbols: readonly TextRow[] = [
  row(
    plainHttp,
    "a key that is there or isn't, as an unknown value says",
    "undecided",
    "it may say that it is there, as it always is",
    undefined,
    deny({ Condition: { Null: { "aws:SecureTransport": "<variable>" } } }),
  ),
  row(
    plainHttp,
    "a key that isn't there, or is, as an unknown value says",
    "undecided",
    "together they may take in both",
    undefined,
    deny({ Condition: { ...overHttp, Null: { "aws:username": "<variable>" } } }),
    deny({ Condition: { ...overHttp, Null: { "aws:username": "true" } } }),
  ),
  row(
    plainHttp,
    "a key that is there or isn't, whatever an unknown value adds",
    "none",
    enough,
    undefined,
    deny({ Condition: { ...overHttp, Null: { "aws:username": ["true", "false", "<variable>"] } } }),
  ),
  row(
    outsiders,
    "a principal of an unknown type",
    "undecided",
    "it may be the own account, or none",
    undefined,
    allow({ Principal: { "<variable>": own } }),
  ),
  row(
    plainHttp,
    "a star with something unknown behind it",
    "undecided",
    "nothing may be behind it",
    undefined,
    deny({ Principal: { AWS: "*<variable>" }, Condition: overHttp }),
  ),
  row(
    outsiders,
    "a service for accounts that begin like an unknown text",
    "undecided",
    "a star in it takes other accounts",
    undefined,
    allow({ Principal: { Service: "cloudtrail.amazonaws.com" } }),
    deny({ Condition: { StringNotLike: { "aws:SourceAccount": "11112<variable>" } } }),
  ),
  row(
    plainHttp,
    "users who aren't called as an unknown text says, and one who is called like it",
    "undecided",
    "a star in it takes other names",
    undefined,
    deny({ Condition: { ...overHttp, Null: { "aws:username": "true" } } }),
    deny({ Condition: { ...overHttp, StringNotLike: { "aws:username": "ab<variable>" } } }),
    deny({ Condition: { ...overHttp, StringEquals: { "aws:username": "ab<variable>" } } }),
  ),
  row(
    outsiders,
    "a folder for each address, without what is written like one",
    "undecided",
    "how addresses are written is not weighed",
    undefined,
    allow({ Resource: ofAddress }),
    deny({ Resource: ["arn:aws:s3:::bkt/*.*", "arn:aws:s3:::bkt/*:*"] }),
  ),
  row(
    outsiders,
    "a folder for each address, in a folder of words",
    "undecided",
    "no address begins like that, which is not weighed",
    undefined,
    allow({ Resource: ofAddress }),
    deny({ Resource: undefined, NotResource: "arn:aws:s3:::bkt/z*" }),
  ),
  row(
    outsiders,
    "a tag that is the address, and a word",
    "none",
    "no address is a word",
    undefined,
    allow({
      Condition: {
        StringEquals: { "aws:PrincipalTag/ip": "${aws:SourceIp}" },
        StringLike: { "aws:PrincipalTag/ip": "office" },
      },
    }),
  ),
  row(
    outsiders,
    "a folder for the time, in the past",
    "undecided",
    "how times are written is not weighed",
    undefined,
    allow({ Resource: "arn:aws:s3:::bkt/${aws:CurrentTime}" }),
    deny({ Resource: undefined, NotResource: "arn:aws:s3:::bkt/2025*" }),
  ),
  row(
    outsiders,
    "a tag's folder of two letters, that may not begin with the one",
    "undecided",
    "more values than are tried",
    undefined,
    allow({ Resource: "arn:aws:s3:::bkt/${aws:PrincipalTag/team}/x" }),
    deny({ Resource: undefined, NotResource: "arn:aws:s3:::bkt/??/x" }),
    deny({ Resource: ["arn:aws:s3:::bkt/x*", "arn:aws:s3:::bkt/*x/x"] }),
  ),
];

/** Rows that need more than concrete policies. */
export const undecided: readonly TextRow[] = [
  ...versions,
  ...edges,
  ...complements,
  ...holes,
  ...asText,
  ...inSymbols,
  row(
    plainHttp,
    "the new bucket's own ARN",
    "none",
    "a symbol equals itself",
    byName,
    deny({ Resource: ownArns, Condition: overHttp }),
  ),
  row(
    plainHttp,
    "another new bucket's ARN",
    "found",
    "S3 never gives a name twice",
    byName,
    deny({ Resource: ["arn:aws:s3:::<otherName>", "arn:aws:s3:::<otherName>/*"], Condition: overHttp }),
  ),
  row(
    plainHttp,
    "the new bucket without its objects",
    "found",
    "whatever its name is",
    byName,
    deny({ Resource: "arn:aws:s3:::<name>", Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a literal name and a new bucket",
    "undecided",
    "the new name may be that one",
    byName,
    deny({ Resource: [bucket, objects], Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a pattern that no bucket's name escapes",
    "none",
    "names are text",
    byName,
    deny({ Resource: "arn:aws:s3:::*", Condition: overHttp }),
  ),
  row(
    plainHttp,
    "any resource",
    "none",
    "whatever the variable is, the other one covers",
    byName,
    deny({ Resource: ["<variable>", "*"], Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a variable for the resource",
    "undecided",
    "it may be anything",
    byName,
    deny({ Resource: "<variable>", Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a variable for the value",
    "undecided",
    "it may be true or false",
    undefined,
    deny({ Condition: { StringEquals: { "aws:SecureTransport": "<variable>" } } }),
  ),
  row(
    plainHttp,
    "a variable for an exempt ARN",
    "undecided",
    "it may be the ARN of somebody who calls",
    undefined,
    deny({ Condition: { ...overHttp, StringNotEquals: { "aws:PrincipalArn": "<variable>" } } }),
  ),
  row(
    plainHttp,
    "the partition of the bucket",
    "none",
    "a symbol equals itself",
    { arn: text(["arn:", partition, ":s3:::bkt"]), partition: text([partition]) },
    deny({ Resource: ["arn:<partition>:s3:::bkt", "arn:<partition>:s3:::bkt/*"], Condition: overHttp }),
  ),
  row(
    outsiders,
    "the caller identity's account",
    "none",
    "a reference to it is the own account",
    byAccount,
    allow({ Principal: { AWS: "arn:aws:iam::<account>:root" } }),
  ),
  row(
    outsiders,
    "a literal account, with the own one unknown",
    "undecided",
    "it may be the own one",
    byAccount,
    allow({ Principal: { AWS: outside } }),
  ),
  row(
    outsiders,
    "two literal accounts, with the own one unknown",
    "found",
    "at least one is another",
    byAccount,
    allow({ Principal: { AWS: [own, outside] } }),
  ),
  row(outsiders, "everyone, with the own one unknown", "found", "everyone is everyone", byAccount, allow()),
  row(
    outsiders,
    "everyone of the caller identity's account",
    "none",
    "a symbol equals itself",
    byAccount,
    allow({ Condition: { StringEquals: { "aws:PrincipalAccount": "<account>" } } }),
  ),
  row(
    outsiders,
    "a canonical user",
    "undecided",
    "rules.md: its account can't be told",
    undefined,
    allow({ Principal: { CanonicalUser: "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" } }),
  ),
  row(
    outsiders,
    "a unique id",
    "undecided",
    "its account can't be told",
    undefined,
    allow({ Principal: { AWS: "AROAEXAMPLEID1234567" } }),
  ),
  row(
    outsiders,
    "a web identity provider",
    "undecided",
    "rules.md: its account can't be told",
    undefined,
    allow({ Principal: { Federated: "cognito-identity.amazonaws.com" } }),
  ),
  row(
    outsiders,
    "another account's SAML provider",
    "found",
    "the ARN tells the account",
    undefined,
    allow({ Principal: { Federated: `arn:aws:iam::${outside}:saml-provider/idp` } }),
  ),
  row(
    keyOutsiders,
    "a unique id in a key policy",
    "undecided",
    "rules.md: its account can't be told",
    undefined,
    allowKey({ Principal: { AWS: "AROAEXAMPLEID1234567" } }),
  ),
  row(
    keyOutsiders,
    "a unique id that is denied something, beside the own account",
    "none",
    "whatever its account: what lets the own account in lets no other in",
    undefined,
    allowKey(),
    denyKey({ Principal: { AWS: "AROAEXAMPLEID1234567" }, Action: "kms:ScheduleKeyDeletion" }),
  ),
  row(
    keyOutsiders,
    "everyone with a unique id as aws:userid",
    "undecided",
    "rules.md: its account can't be told",
    undefined,
    allowKey({ Principal: { AWS: "*" }, Condition: { StringLike: { "aws:userid": "AROAEXAMPLEID1234567:*" } } }),
  ),
  row(
    keyOutsiders,
    "a web identity provider in a key policy",
    "undecided",
    "rules.md: its account can't be told",
    undefined,
    allowKey({ Principal: { Federated: "accounts.google.com" } }),
  ),
  row(
    keyOutsiders,
    "another account's OIDC provider",
    "found",
    "the ARN tells the account",
    undefined,
    allowKey({ Principal: { Federated: `arn:aws:iam::${outside}:oidc-provider/idp.example.com` } }),
  ),
  row(
    keyOutsiders,
    "the caller identity's root",
    "none",
    "a reference to it is the own account",
    byAccount,
    allowKey({ Principal: { AWS: "arn:aws:iam::<account>:root" } }),
  ),
  row(
    keyOutsiders,
    "everyone, and a Deny on a key of a literal account, with the key's own one unknown",
    "undecided",
    "it may be this very key",
    {
      account: text([account]),
      arn: text(["arn:aws:kms:eu-west-1:", account, ":key/12345678-1234-1234-1234-123456789012"]),
    },
    allowKey({ Principal: "*" }),
    denyKey({ Resource: `arn:aws:kms:eu-west-1:${own}:key/12345678-1234-1234-1234-123456789012` }),
  ),
  row(
    keyOutsiders,
    "a literal account, with the key's own one unknown",
    "undecided",
    "it may be the own one",
    byAccount,
    allowKey({ Principal: { AWS: outside } }),
  ),
  row(
    keyOutsiders,
    "two literal accounts, with the key's own one unknown",
    "found",
    "at least one is another",
    byAccount,
    allowKey({ Principal: { AWS: own } }),
    allowKey({ Principal: { AWS: outside } }),
  ),
  row(
    keyOutsiders,
    "a service for another account",
    "found",
    "rules.md: the statement binds it to another account's resources",
    undefined,
    allowKey({
      Principal: { Service: "s3.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": outside } },
    }),
  ),
  row(
    keyOutsiders,
    "a service for another account's source",
    "found",
    "rules.md: the statement binds it to another account's resources",
    undefined,
    allowKey({
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Condition: { ArnLike: { "aws:SourceArn": `arn:aws:cloudtrail:*:${outside}:trail/*` } },
    }),
  ),
  row(
    keyOutsiders,
    "a service for another account's log groups",
    "found",
    "the encryption context holds the log group's ARN",
    undefined,
    allowKey({
      Principal: { Service: "logs.eu-west-1.amazonaws.com" },
      Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:*:${outside}:*` } },
    }),
  ),
  row(
    keyOutsiders,
    "a service for anybody's log groups",
    "none",
    "nothing binds it to another account's",
    undefined,
    allowKey({
      Principal: { Service: "logs.eu-west-1.amazonaws.com" },
      Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:*:*:*" } },
    }),
  ),
  row(
    { ask: "bucket-outsider", restrictPublicBuckets: "unknown" },
    "everybody, with the block unknown",
    "undecided",
    "with the block nobody gets in",
    undefined,
    allow(),
  ),
  row(
    { ask: "bucket-outsider", restrictPublicBuckets: "unknown" },
    "another account, with the block unknown",
    "found",
    "the block minds public policies only",
    undefined,
    allow({ Principal: { AWS: outside } }),
  ),
  row(
    outsiders,
    "a canonical user, if another account is its",
    "undecided",
    "it may be that account's",
    undefined,
    allow({
      Principal: { CanonicalUser: "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" },
      Condition: { StringEquals: { "aws:PrincipalAccount": outside } },
    }),
  ),
  row(
    outsiders,
    "a canonical user, and a Deny of one other account",
    "undecided",
    "it may be a third one's",
    undefined,
    allow({ Principal: { CanonicalUser: "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" } }),
    deny({ Principal: { AWS: outside } }),
  ),
  row(
    outsiders,
    "a folder of the new bucket named by a tag, and a Deny outside one folder",
    "found",
    "the tag may name that folder",
    byName,
    allow({ Resource: "arn:aws:s3:::<name>/${aws:PrincipalTag/team}/*" }),
    deny({ Resource: undefined, NotResource: "arn:aws:s3:::<name>/home/*" }),
  ),
  row(
    plainHttp,
    "twenty Denies, each of users without another letter in their names",
    "undecided",
    "more kinds of names than are looked at, and none of those gets through",
    undefined,
    ..."abcdefghijklmnopqrst"
      .split("")
      .map((letter) => deny({ Condition: { ...overHttp, StringNotLike: { "aws:username": `*${letter}*` } } })),
    deny({ Condition: { ...overHttp, Null: { "aws:username": "true" } } }),
    ..."abcdefghijklmnopqrst"
      .split("")
      .map((letter) => deny({ Condition: { ...overHttp, StringLike: { "aws:username": `*${letter}*` } } })),
  ),
  row(
    plainHttp,
    "sixty Denies, each of all users but five others",
    "none",
    "no user is one of two fives",
    undefined,
    ...Array.from({ length: 60 }, (_, i) =>
      deny({
        Condition: {
          ...overHttp,
          StringNotEquals: { "aws:username": Array.from({ length: 5 }, (_item, j) => `user-${i}-${j}`) },
        },
      }),
    ),
  ),
  row(
    outsiders,
    "accounts of many shapes",
    "found",
    "one of them",
    undefined,
    allow({
      Condition: { StringLike: { "aws:PrincipalAccount": Array.from({ length: 20 }, (_, i) => `*${i}*`) } },
    }),
  ),
];
