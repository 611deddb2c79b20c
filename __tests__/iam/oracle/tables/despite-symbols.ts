/** Policies with symbols that are decided all the same, since they hold or fail for each value that these may turn out to be. */

import { text } from "../../../../validators/kernel/index";
import {
  allow,
  allowKey,
  bucket,
  deny,
  denyKey,
  key,
  keyOutsiders,
  kmsPuts,
  outside,
  outsiders,
  overHttp,
  own,
  plainHttp,
  type TextRow,
  third,
} from "./row";
import { byAccount, isMark, marks, row } from "./symbolic-row";

const same = "what is one of them is taken by the other as well";
const ada = `arn:<partition>:iam::${outside}:user/ada`;
const app = "arn:aws:iam::<account>:role/app";
const root = "arn:aws:iam::<account>:root";
const ownOnly = { StringEquals: { "kms:CallerAccount": own } } as const;

/** Two statements about one text, which their operators read in different ways. */
const readTwice: readonly TextRow[] = [
  row(
    plainHttp,
    "a Deny to all referrers but one, and one to that in any capitals",
    "none",
    same,
    undefined,
    deny({ Condition: { ...overHttp, StringNotEquals: { "aws:Referer": "https://<variable>" } } }),
    deny({ Condition: { ...overHttp, StringEqualsIgnoreCase: { "aws:Referer": "https://<variable>" } } }),
  ),
  row(
    plainHttp,
    "a Deny to all referrers but one in any capitals, and one to that as it is written",
    "undecided",
    "it may be written in other capitals, if it has letters",
    undefined,
    deny({ Condition: { ...overHttp, StringNotEqualsIgnoreCase: { "aws:Referer": "<variable>" } } }),
    deny({ Condition: { ...overHttp, StringEquals: { "aws:Referer": "<variable>" } } }),
  ),
  row(
    plainHttp,
    "a Deny to all users but one who is called like an account in any capitals, and one to that as it is written",
    "found",
    "who is called so with a capital is the one, but not as it is written",
    undefined,
    deny({ Condition: { ...overHttp, StringNotEqualsIgnoreCase: { "aws:username": "a<account>" } } }),
    deny({ Condition: { ...overHttp, StringEquals: { "aws:username": "a<account>" } } }),
  ),
  row(
    plainHttp,
    "a Deny to all endpoints but one, and one to those that its text takes as a pattern",
    "none",
    same,
    undefined,
    deny({ Condition: { ...overHttp, StringNotEquals: { "aws:SourceVpce": "<variable>" } } }),
    deny({ Condition: { ...overHttp, StringLike: { "aws:SourceVpce": "<variable>" } } }),
  ),
  row(
    plainHttp,
    "a Deny to all endpoints but those that a text takes as a pattern, and one to the one that it is",
    "undecided",
    "it may be a wildcard, which takes all of them",
    undefined,
    deny({ Condition: { ...overHttp, StringNotLike: { "aws:SourceVpce": "<variable>" } } }),
    deny({ Condition: { ...overHttp, StringEquals: { "aws:SourceVpce": "<variable>" } } }),
  ),
  row(
    plainHttp,
    "a Deny to all but a pattern that is a user, and one to that user",
    "none",
    "a partition has no wildcards",
    undefined,
    deny({ Condition: { ...overHttp, StringNotLike: { "aws:PrincipalArn": ada } } }),
    deny({ Condition: { ...overHttp, StringEquals: { "aws:PrincipalArn": ada } } }),
  ),
  row(
    plainHttp,
    "a Deny to all but a user, and one to the users of that account",
    "none",
    "that user is one of them",
    undefined,
    deny({ Condition: { ...overHttp, ArnNotEquals: { "aws:PrincipalArn": "arn:aws:iam::<account>:user/<entity>" } } }),
    deny({ Condition: { ...overHttp, StringLike: { "aws:PrincipalArn": "arn:aws:iam::<account>:user/*" } } }),
  ),
  row(
    plainHttp,
    "a Deny outside the folder of a variable, and one on all that begins like it",
    "none",
    "one is part of the other, unless a variable stands there",
    undefined,
    deny({ Resource: undefined, NotResource: `${bucket}/<entity>/*`, Condition: overHttp }),
    deny({ Resource: `${bucket}/<entity>*`, Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a Deny on all but one object, and one on objects of at least one character",
    "none",
    "a name has one",
    undefined,
    deny({ Resource: undefined, NotResource: `${bucket}/<entity>`, Condition: overHttp }),
    deny({ Resource: [bucket, `${bucket}/?*`], Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a Deny on all but one object, and one on objects of at least two characters",
    "undecided",
    "a name may have one",
    undefined,
    deny({ Resource: undefined, NotResource: `${bucket}/<entity>`, Condition: overHttp }),
    deny({ Resource: [bucket, `${bucket}/??*`], Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a Deny on all but the folder of an account, and one on objects of twelve characters and more",
    "none",
    "an account's number has twelve",
    undefined,
    deny({ Resource: undefined, NotResource: `${bucket}/<account>/*`, Condition: overHttp }),
    deny({ Resource: [bucket, `${bucket}/????????????/*`], Condition: overHttp }),
  ),
  row(
    keyOutsiders,
    "an Allow to one who tags himself, and a Deny to that tag in any capitals",
    "none",
    same,
    undefined,
    allowKey({ Principal: "*", Condition: { StringEquals: { "aws:PrincipalTag/team": "<variable>" } } }),
    denyKey({ Condition: { StringEqualsIgnoreCase: { "aws:PrincipalTag/team": "<variable>" } } }),
  ),
];

/** ARN operators with what is no ARN, whatever its symbols are. */
const noArns: readonly TextRow[] = [
  row(
    plainHttp,
    "a Deny to all but the ARN that is an account's number",
    "none",
    "a number is no ARN",
    undefined,
    deny({ Condition: { ...overHttp, ArnNotLike: { "aws:PrincipalArn": "<account>" } } }),
  ),
  row(
    plainHttp,
    "a Deny to all but the ARN that a variable is",
    "undecided",
    "it may be one",
    undefined,
    deny({ Condition: { ...overHttp, ArnNotLike: { "aws:PrincipalArn": "<variable>" } } }),
  ),
  row(
    keyOutsiders,
    "an Allow to the ARN that is a name",
    "none",
    "a name has no colons",
    undefined,
    allowKey({ Principal: "*", Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam:<entity>" } } }),
  ),
  row(
    keyOutsiders,
    "an Allow unless the ARN is a name",
    "found",
    "no ARN is",
    undefined,
    allowKey({ Principal: "*", Condition: { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam:<entity>" } } }),
  ),
  row(
    kmsPuts,
    "a Deny unless the key is a name",
    "none",
    "a name is no ARN",
    undefined,
    deny({ Condition: { ArnNotLike: { "s3:x-amz-server-side-encryption-aws-kms-key-id": "<entity>" } } }),
  ),
];

/** Principal elements that name one symbol. */
const named: readonly TextRow[] = [
  row(
    plainHttp,
    "a Deny to all but a role of an unknown account, and one to that role",
    "none",
    "it is one role, whoever's it is",
    undefined,
    deny({ Principal: undefined, NotPrincipal: { AWS: app }, Condition: overHttp }),
    deny({ Principal: { AWS: app }, Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a Deny to all but an unknown account, and one to that account",
    "none",
    "it is one account",
    undefined,
    deny({ Principal: undefined, NotPrincipal: { AWS: root }, Condition: overHttp }),
    deny({ Principal: { AWS: root }, Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a Deny to all but an unknown account by its number, and one to that account",
    "none",
    "it is one account",
    undefined,
    deny({ Principal: undefined, NotPrincipal: { AWS: "<account>" }, Condition: overHttp }),
    deny({ Principal: { AWS: "<account>" }, Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a Deny to all but an unknown account, and one to a role of it",
    "found",
    "it has other callers",
    undefined,
    deny({ Principal: undefined, NotPrincipal: { AWS: root }, Condition: overHttp }),
    deny({ Principal: { AWS: app }, Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a Deny to all but a role of an unknown account, and one to that account by a condition",
    "none",
    "a role's ARN tells its account",
    undefined,
    deny({ Principal: undefined, NotPrincipal: { AWS: app }, Condition: overHttp }),
    deny({ Condition: { ...overHttp, ArnLike: { "aws:PrincipalArn": "arn:aws:iam::<account>:*" } } }),
  ),
  row(
    keyOutsiders,
    "an Allow to all but an unknown account, and a Deny to all but it",
    "none",
    "each is left out by one of them",
    undefined,
    allowKey({ Principal: undefined, NotPrincipal: { AWS: root } }),
    denyKey({ Principal: undefined, NotPrincipal: { AWS: root } }),
    denyKey({ Principal: { AWS: root } }),
  ),
];

/** Callers of an account that is unknown, about whom is only asked if it isn't the own one. */
const others: readonly TextRow[] = [
  row(
    keyOutsiders,
    "an Allow to an unknown account if it is the own one",
    "none",
    "if it isn't, the condition keeps it out",
    undefined,
    allowKey({ Principal: { AWS: root }, Condition: ownOnly }),
  ),
  row(
    keyOutsiders,
    "an Allow to an unknown account if it isn't the own one",
    "undecided",
    "it may be either",
    undefined,
    allowKey({ Principal: { AWS: root }, Condition: { StringNotEquals: { "kms:CallerAccount": own } } }),
  ),
  row(
    keyOutsiders,
    "an Allow to a role of an unknown account, and a Deny to all other accounts",
    "none",
    "the Deny keeps it out, if it is another one's",
    undefined,
    allowKey({ Principal: { AWS: app } }),
    denyKey({ Condition: { StringNotEquals: { "aws:PrincipalAccount": own } } }),
  ),
  row(
    keyOutsiders,
    "an Allow to a role of an unknown account, and a Deny to all but two accounts",
    "undecided",
    "it may be the other one of the two",
    undefined,
    allowKey({ Principal: { AWS: app } }),
    denyKey({ Condition: { StringNotEquals: { "aws:PrincipalAccount": [own, third] } } }),
  ),
  row(
    keyOutsiders,
    "an Allow to an unknown account by the own one's ARNs",
    "none",
    "another one's have its number",
    undefined,
    allowKey({
      Principal: { AWS: root },
      Condition: { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${own}:role/*` } },
    }),
  ),
  row(
    keyOutsiders,
    "an Allow to everyone, and a Deny to an unknown account",
    "found",
    "there are accounts beside it, whichever it is",
    undefined,
    allowKey({ Principal: "*" }),
    denyKey({ Principal: { AWS: root } }),
  ),
  row(
    keyOutsiders,
    "an Allow to all accounts that begin alike, and a Deny to an unknown one",
    "undecided",
    "that there are several of them isn't counted",
    undefined,
    allowKey({ Principal: "*", Condition: { StringLike: { "kms:CallerAccount": "44445555666?" } } }),
    denyKey({ Principal: { AWS: root } }),
  ),
  row(
    keyOutsiders,
    "an Allow to all but an unknown account",
    "found",
    "there are accounts beside it, whichever it is",
    undefined,
    allowKey({ Principal: undefined, NotPrincipal: { AWS: app } }),
    denyKey({ Principal: { AWS: root } }),
  ),
  row(
    keyOutsiders,
    "an Allow to an unknown account on the key of that account",
    "none",
    "if it isn't the own one, it isn't this key",
    undefined,
    allowKey({ Principal: { AWS: root }, Resource: key.replace(own, "<account>") }),
  ),
  row(
    keyOutsiders,
    "an Allow to an unknown account on the keys of that account or another one",
    "undecided",
    "they may be those of the other one",
    undefined,
    allowKey({ Principal: { AWS: root }, Resource: key.replace(own, "????????????") }),
  ),
  row(
    outsiders,
    "an Allow to an unknown account if it is the own one, and a Deny on a folder",
    "none",
    "if it isn't, the condition keeps it out",
    undefined,
    allow({ Principal: { AWS: root }, Condition: { StringEquals: { "aws:PrincipalAccount": own } } }),
    deny({ Resource: `${bucket}/<entity>/*` }),
  ),
  row(
    outsiders,
    "an Allow to a service for an unknown account if that is the own one",
    "none",
    "for another one the service may not act",
    undefined,
    allow({
      Principal: { Service: "logs.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": "<account>" }, StringLike: { "aws:SourceAccount": own } },
    }),
  ),
  row(
    outsiders,
    "an Allow to the own number in an unknown partition",
    "undecided",
    "the own number in another partition is another account",
    undefined,
    allow({
      Principal: { AWS: `arn:<partition>:iam::${own}:root` },
      Condition: { StringEquals: { "aws:PrincipalAccount": own } },
    }),
  ),
];

/** Effects of which enough is known. */
const effects: readonly TextRow[] = [
  row(plainHttp, "an effect that can only be Deny", "none", "AWS refuses all but two words", undefined, {
    ...deny({ Condition: overHttp }),
    Effect: "De<variable>" as never,
  }),
  row(plainHttp, "an effect that can only be Allow", "found", "AWS refuses all but two words", undefined, {
    ...deny({ Condition: overHttp }),
    Effect: "A<variable>" as never,
  }),
  row(plainHttp, "an effect that may be either", "undecided", "both words may stand there", undefined, {
    ...deny({ Condition: overHttp }),
    Effect: "<variable>" as never,
  }),
  row(plainHttp, "an effect with a name behind it", "refused", "a name has at least one character", undefined, {
    ...deny({ Condition: overHttp }),
    Effect: "Deny<entity>" as never,
  }),
];

const fromEndpoint = { StringEquals: { "aws:SourceVpce": "<endpoint>" } } as const;
/** Ids of what the plan makes: each is what requests can have for its key, and nothing else. */
const ids: readonly TextRow[] = [
  row(
    outsiders,
    "everyone through an endpoint that is yet to be made",
    "found",
    "others may be there",
    undefined,
    allow({ Condition: fromEndpoint }),
  ),
  row(
    outsiders,
    "everyone through an endpoint that is called like a variable",
    "undecided",
    "it may be called like none",
    undefined,
    allow({ Condition: { StringEquals: { "aws:SourceVpce": "<variable>" } } }),
  ),
  row(
    outsiders,
    "everyone through an endpoint that is called like a name",
    "undecided",
    "it may be called like none",
    undefined,
    allow({ Condition: { StringEquals: { "aws:SourceVpce": "<entity>" } } }),
  ),
  row(
    outsiders,
    "everyone of an organisation that is yet to be made",
    "found",
    "it has other accounts",
    undefined,
    allow({ Condition: { StringEquals: { "aws:PrincipalOrgID": "<organization>" } } }),
  ),
  row(
    outsiders,
    "everyone of an organisation that is yet to be made, by its paths",
    "found",
    "it has other accounts",
    undefined,
    allow({ Condition: { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "<organization>/*" } } }),
  ),
  row(
    outsiders,
    "everyone of an organisation that is called like an endpoint",
    "none",
    "none is",
    undefined,
    allow({ Condition: { StringEquals: { "aws:PrincipalOrgID": "vpce-<entity>" } } }),
  ),
  row(
    outsiders,
    "everyone through access points of an account that isn't known",
    "found",
    "others may use them",
    undefined,
    allow({ Condition: { StringEquals: { "s3:DataAccessPointAccount": "<account>" } } }),
  ),
  row(
    outsiders,
    "everyone through access points of the own account, which isn't known",
    "found",
    "others may use them",
    byAccount,
    allow({ Condition: { StringEquals: { "s3:DataAccessPointAccount": "<account>" } } }),
  ),
  row(
    outsiders,
    "everyone through access points of the own account, which isn't known, by their ARN",
    "found",
    "others may use them",
    byAccount,
    allow({ Condition: { ArnLike: { "s3:DataAccessPointArn": "arn:aws:s3:*:<account>:accesspoint/*" } } }),
  ),
  row(
    outsiders,
    "everyone through endpoints of the own account, which isn't known",
    "found",
    "others may be there",
    byAccount,
    allow({ Condition: { StringEquals: { "aws:VpceAccount": "<account>" } } }),
  ),
  row(
    outsiders,
    "everyone from VPCs of the own account, which isn't known, by their ARN",
    "found",
    "others may be there",
    byAccount,
    allow({ Condition: { ArnLike: { "aws:SourceVpcArn": "arn:*:ec2:*:<account>:vpc/*" } } }),
  ),
  row(
    outsiders,
    "everyone through access points of the own account, which isn't known, and of a written one",
    "undecided",
    "the own one may be that",
    byAccount,
    allow({
      Condition: {
        StringEquals: { "s3:DataAccessPointAccount": "<account>" },
        StringLike: { "s3:DataAccessPointAccount": outside },
      },
    }),
  ),
  row(
    outsiders,
    "a service for one who owns its source, while the own account isn't known",
    "undecided",
    "the own account may be that one",
    byAccount,
    allow({ Principal: { Service: "sns.amazonaws.com" }, Condition: { StringEquals: { "aws:SourceOwner": third } } }),
  ),
  row(
    outsiders,
    "a service for another one who owns its source",
    "found",
    "the service may act for that one",
    undefined,
    allow({ Principal: { Service: "sns.amazonaws.com" }, Condition: { StringEquals: { "aws:SourceOwner": third } } }),
  ),
  row(
    plainHttp,
    "a Deny through access points of the own account, which isn't known, and of all others, and without one",
    "none",
    "each request is one of these",
    byAccount,
    deny({ Condition: { ...overHttp, StringEquals: { "s3:DataAccessPointAccount": "<account>" } } }),
    deny({ Condition: { ...overHttp, StringNotEquals: { "s3:DataAccessPointAccount": "<account>" } } }),
  ),
  row(
    plainHttp,
    "a Deny to all but an endpoint that is yet to be made",
    "found",
    "inside goes on",
    undefined,
    deny({ Condition: { ...overHttp, StringNotEquals: { "aws:SourceVpce": "<endpoint>" } } }),
  ),
  row(
    plainHttp,
    "a Deny to all but an endpoint that is yet to be made, and one to that",
    "none",
    same,
    undefined,
    deny({ Condition: { ...overHttp, StringNotEquals: { "aws:SourceVpce": "<endpoint>" } } }),
    deny({ Condition: { ...overHttp, ...fromEndpoint } }),
  ),
];

/** A statement of which some members aren't known, in JSON of its own. */
const unread = (title: string, because: string, inside: string, ask: TextRow["ask"] = plainHttp): TextRow => ({
  name: title,
  ask,
  policy: text(
    `{"Version":"2012-10-17",${inside}}`
      .split(/<(\w+)>/)
      .map((piece, index) => (index % 2 === 1 && isMark(piece) ? marks[piece] : piece)),
  ),
  expected: "undecided",
  because,
});

const element = "any element may stand there";
const everything = '"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"';
const without = (name: string): string =>
  `"Statement":{${everything.replace(new RegExp(`"${name}":"[^"]*",?`), "").replace(/,$/, "")},<variable>}`;
const condition = (block: string): string => `"Statement":{${everything},"Condition":${block}}`;
const members: readonly TextRow[] = [
  unread("a policy of unknown elements", element, "<variable>"),
  ...["Effect", "Principal", "Action", "Resource"].map((name) =>
    unread(`a statement that may have its ${name} in what isn't known`, element, without(name)),
  ),
  unread(
    "a key's statement that may have its resource in what isn't known",
    element,
    '"Statement":{"Effect":"Allow","Principal":"*","Action":"kms:*",<variable>}',
    keyOutsiders,
  ),
  unread(
    "a principal that ends in what isn't known",
    "it may be a star",
    `"Statement":{"Effect":"Deny","Principal":"<variable>*","Action":"s3:*","Resource":"*"}`,
  ),
  unread(
    "an operator that isn't known",
    "it may hold or not",
    condition('{"Bool<variable>":{"aws:SecureTransport":"false"}}'),
  ),
  unread("keys of an operator that aren't known", "they may hold or not", condition('{"Bool":<variable>}')),
  unread("a key that isn't known", "it may hold or not", condition('{"Bool":{"aws:<variable>":"false"}}')),
  unread(
    "a condition of which some isn't known",
    "it may hold or not",
    condition('{"Bool":{"aws:SecureTransport":"false"},<variable>}'),
  ),
  unread(
    "keys of which some aren't known",
    "they may hold or not",
    condition('{"Bool":{"aws:SecureTransport":"false",<variable>}}'),
  ),
  unread(
    "a kind of principal that isn't known",
    "it may be everyone",
    `"Statement":{"Effect":"Deny","Principal":{"A<variable>":"*"},"Action":"s3:*","Resource":"*"}`,
  ),
];

export const despiteSymbols: readonly TextRow[] = [
  ...readTwice,
  ...noArns,
  ...named,
  ...others,
  ...ids,
  ...effects,
  ...members,
];
