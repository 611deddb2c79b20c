/** Policies whose hole opens only to one kind of account number, user name or variable's value, each with that request. */

import type { Request, StatementJson } from "../naive";
import {
  allow,
  bucket,
  deny,
  denyPut,
  foreign,
  header,
  http,
  kmsPuts,
  openTo,
  outside,
  outsiders,
  overHttp,
  own,
  plainHttp,
  put,
  type Row,
  roleOf,
  third,
  userOf,
} from "./row";

const open = openTo(outsiders);
const plain = openTo(plainHttp);

const everyone = (condition?: StatementJson["Condition"]): StatementJson => allow({ Condition: condition });
const when = (condition: StatementJson["Condition"]): StatementJson =>
  deny({ Condition: { ...overHttp, ...condition } });

const account = "aws:PrincipalAccount";
const arn = "aws:PrincipalArn";
const tag = "aws:PrincipalTag/team";
const other = "aws:PrincipalTag/other";
const as = (principal: string, context: Request["context"] = {}): Request => foreign({ principal, context });
const tagged = (context: Request["context"]): Request => foreign({ context });

const accounts: readonly Row[] = [
  open(
    "accounts that start with 4, but not with 44",
    "there are others",
    as(roleOf("455555555555")),
    everyone({ StringLike: { [account]: "4*" }, StringNotLike: { [account]: "44*" } }),
  ),
  open(
    "accounts of one digit at the second place, less those of most at the first",
    "nine is left",
    as(roleOf("955555555555")),
    everyone({
      StringLike: { [account]: "?5*" },
      StringNotLike: { [account]: ["0*", "1*", "2*", "3*", "4*", "5*", "6*", "7*", "8*"] },
    }),
  ),
  open(
    "ARNs that start with a digit of an account",
    "the star takes the rest of the number as well",
    as(roleOf(third)),
    everyone({ StringLike: { [arn]: "arn:aws:iam::7*" } }),
  ),
  open(
    "ARNs that end with digits of an account",
    "another account's root",
    as("arn:aws:iam::121212127777:root"),
    everyone({ StringLike: { [arn]: "*7777:root" } }),
  ),
  open(
    "any account's role, less those of accounts that start with 4",
    "nine digits are left",
    as(roleOf(third, "admin")),
    everyone({
      StringLike: { [arn]: "arn:aws:iam::????????????:role/admin" },
      StringNotLike: { [arn]: "arn:aws:iam::4*" },
    }),
  ),
  open(
    "the own account in any part of an ARN",
    "the path of a role may hold colons",
    as(`arn:aws:iam::${outside}:role/::${own}:x/app`),
    everyone({ StringLike: { [arn]: `arn:aws:*::${own}:*` } }),
  ),
  open(
    "the own account behind any partition, as text",
    "the star takes more than the partition",
    as(`arn:aws:iam::${outside}:role/:iam::${own}:role/app`),
    everyone({ StringLike: { [arn]: `arn:*:iam::${own}:role/*` } }),
  ),
  plain(
    "two Denies of accounts by their digits",
    "accounts that start with 4, but not with 44",
    http({ principal: roleOf("455555555555") }),
    when({ StringNotLike: { [account]: "4*" } }),
    when({ StringLike: { [account]: "44*" } }),
  ),
];

const names: readonly Row[] = [
  open(
    "users by a letter, less those by two",
    "there are others",
    as(userOf(outside, "ada"), { "aws:username": "ada" }),
    everyone({ StringLike: { "aws:username": "a*" }, StringNotLike: { "aws:username": "ax*" } }),
  ),
  open(
    "a user in any case, less two spellings",
    "there are more",
    as(userOf(outside, "BOB"), { "aws:username": "BOB" }),
    everyone({
      StringEqualsIgnoreCase: { "aws:username": "Bob" },
      StringNotEquals: { "aws:username": ["Bob", "bob"] },
    }),
  ),
  open(
    "a user whose name is compared as well",
    "the name is the same",
    as(userOf(outside, "bob"), { "aws:username": "bob" }),
    allow({ Principal: { AWS: userOf(outside, "bob") }, Condition: { StringLike: { "aws:username": "b*" } } }),
  ),
  open(
    "a user by name, less those without a path",
    "users have paths",
    as(`arn:aws:iam::${outside}:user/staff/bob`, { "aws:username": "bob" }),
    everyone({
      StringEquals: { "aws:username": "bob" },
      ArnNotLike: { [arn]: "arn:aws:iam::*:user/bob" },
    }),
  ),
  plain(
    "two Denies of users by their letters",
    "users that start with a, but not with ax",
    http({ principal: userOf(outside, "ada"), context: { "aws:username": "ada" } }),
    when({ StringNotLike: { "aws:username": "a*" } }),
    when({ StringLike: { "aws:username": "ax*" } }),
  ),
];

const variables: readonly Row[] = [
  open(
    "the account that the caller's own tag names",
    "whoever tags the role chooses it",
    tagged({ [tag]: outside }),
    everyone({ StringEquals: { [account]: `\${${tag}}` } }),
  ),
  open(
    "the own account, if no tag says otherwise",
    "a default counts where there is no tag",
    tagged({ [tag]: outside }),
    everyone({ StringEquals: { [account]: `\${${tag}, '${own}'}` } }),
  ),
  open(
    "roles of the account that the caller's own tag names",
    "whoever tags the role chooses it",
    tagged({ [tag]: outside }),
    everyone({ ArnLike: { [arn]: `arn:aws:iam::\${${tag}}:role/*` } }),
  ),
  open(
    "two tags that are alike, and a Deny of all but one value",
    "that value",
    tagged({ [tag]: "blue", [other]: "blue" }),
    everyone({ StringEquals: { [tag]: `\${${other}}` } }),
    deny({ Condition: { StringNotEquals: { [tag]: "blue" } } }),
  ),
  open(
    "two tags that are alike, and Denies of all but some shapes of each",
    "a value of both shapes",
    tagged({ [tag]: "ble", [other]: "ble" }),
    everyone({ StringEquals: { [tag]: `\${${other}}` } }),
    deny({ Condition: { StringNotLike: { [tag]: "b*e" } } }),
    deny({ Condition: { StringNotLike: { [other]: "*l*" } } }),
  ),
  open(
    "a tag that starts with what another holds",
    "the other holds the rest",
    tagged({ [tag]: "pre-blue", [other]: "blue" }),
    everyone({ StringEquals: { [tag]: `pre-\${${other}}` } }),
    deny({ Condition: { StringNotEquals: { [tag]: "pre-blue" } } }),
  ),
  open(
    "two tags that differ",
    "they may",
    tagged({ [tag]: "red", [other]: "blue" }),
    everyone({ StringNotEquals: { [tag]: `\${${other}}` }, Null: { [tag]: "false", [other]: "false" } }),
  ),
  open(
    "a folder named by a tag, and a Deny outside one folder",
    "the tag may name that folder",
    foreign({ resource: `${bucket}/home/x`, context: { [tag]: "home" } }),
    allow({ Resource: `${bucket}/\${${tag}}/*` }),
    deny({ Resource: undefined, NotResource: `${bucket}/home/*` }),
  ),
  open(
    "a user's folder, and a Deny outside one user's",
    "that user may be another account's",
    foreign({ principal: userOf(outside, "bob"), resource: `${bucket}/bob/x`, context: { "aws:username": "bob" } }),
    allow({ Resource: `${bucket}/\${aws:username}/*` }),
    deny({ Resource: undefined, NotResource: `${bucket}/bob/*` }),
  ),
  open(
    "an account's folder, and a Deny outside one account's",
    "which is another one",
    foreign({ principal: roleOf(third), resource: `${bucket}/${third}/x` }),
    allow({ Resource: `${bucket}/\${${account}}/*` }),
    deny({ Resource: undefined, NotResource: `${bucket}/${third}/*` }),
  ),
  plain(
    "everybody but the account that a tag names",
    "it may name the own",
    http({ principal: roleOf(own), context: { [tag]: own } }),
    when({ StringNotEquals: { [account]: `\${${tag}}` } }),
  ),
  plain(
    "transport compared with a tag",
    "which may say `false` too",
    http({ principal: roleOf(own), context: { [tag]: "false" } }),
    deny({ Condition: { StringNotEquals: { "aws:SecureTransport": `\${${tag}}` } } }),
  ),
  plain(
    "all objects but the one that a tag names, and all longer ones",
    "tags can be empty",
    http({ principal: roleOf(own), resource: `${bucket}/x`, context: { [tag]: "" } }),
    deny({ Resource: [bucket, `${bucket}/x?*`] }),
    deny({ Resource: undefined, NotResource: `${bucket}/x\${${tag}}` }),
  ),
  openTo(kmsPuts)(
    "puts that aren't encrypted as a tag says",
    "the tag may say AES256",
    put({ [header]: "AES256", [tag]: "AES256" }),
    denyPut({ Condition: { StringNotEquals: { [header]: `\${${tag}, 'aws:kms'}` } } }),
  ),
  openTo(kmsPuts)(
    "puts whose encryption doesn't hold what a tag says",
    "the tag may say AES",
    put({ [header]: "AES256", [tag]: "AES" }),
    denyPut({ Condition: { StringNotLike: { [header]: `*\${${tag}, 'kms'}*` } } }),
  ),
];

const parts: readonly Row[] = [
  plain(
    "all but what a user's name ends, and nobody is called so by chance",
    "a user may be called like the end of the bucket's name",
    http({
      principal: userOf(own, "kt"),
      action: "s3:ListBucket",
      resource: bucket,
      context: { "aws:username": "kt" },
    }),
    deny({ Resource: undefined, NotResource: "arn:aws:s3:::b${aws:username}", Condition: overHttp }),
  ),
  open(
    "users called after the request's region",
    "whoever makes users can call them so",
    as(userOf(outside, "x-eu-west-1"), { "aws:username": "x-eu-west-1" }),
    everyone({ StringLike: { "aws:username": "*-${aws:RequestedRegion}" } }),
  ),
  open(
    "a user of another account, whose ARN is compared with itself",
    "it is itself",
    as(userOf(outside)),
    allow({ Principal: { AWS: userOf(outside) }, Condition: { StringEquals: { [arn]: `\${${arn}}` } } }),
  ),
  open(
    "an account in an ARN in other capitals",
    "case doesn't count",
    as(userOf(third, "app")),
    everyone({ StringEqualsIgnoreCase: { [arn]: `ARN:AWS:iam::${third}:User/App` } }),
    deny({ Principal: { AWS: roleOf(third) } }),
  ),
  open(
    "accounts of which one text shows the beginning and another one the end, with a limit between",
    "it takes one that is below the limit",
    as(roleOf("455555555557")),
    everyone({ StringLike: { [account]: "4*7" }, NumericLessThan: { "aws:PrincipalAccount": "455555555558" } }),
    deny({ Condition: { NumericLessThan: { [account]: "455555555557" } } }),
  ),
  open(
    "users with the own account's number and colons in their path",
    "paths are free text",
    as(`arn:aws:iam::${outside}:user/x:${own}:/ada`, { "aws:username": "ada" }),
    everyone({
      StringLike: { [arn]: `arn:aws:iam::*:user/*:${own}:*` },
      StringEquals: { "aws:PrincipalType": "User" },
    }),
  ),
];

/** Policies that look closed and are open to one kind of request. */
export const lookRightNames: readonly Row[] = [...accounts, ...names, ...variables, ...parts];
