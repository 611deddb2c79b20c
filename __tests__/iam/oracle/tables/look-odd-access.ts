/** Bucket and key policies that look odd and let nobody else in. */

import type { StatementJson } from "../naive";
import {
  allow,
  allowKey,
  both,
  bucket,
  closedTo,
  deny,
  denyKey,
  key,
  keyOutsiders,
  outside,
  outsiders,
  own,
  type Row,
  restricted,
  roleOf,
  rootOf,
  userOf,
} from "./row";

const closed = closedTo(outsiders);
const block = closedTo(restricted);
const closedKey = closedTo(keyOutsiders);

const everyone = (condition?: StatementJson["Condition"]): StatementJson => allow({ Condition: condition });
const everyoneOnKey = (condition?: StatementJson["Condition"]): StatementJson =>
  allowKey({ Principal: { AWS: "*" }, Condition: condition });
const trail = "cloudtrail.amazonaws.com";
const service = (condition?: StatementJson["Condition"]): StatementJson =>
  allow({ Principal: { Service: trail }, Action: "s3:PutObject", Condition: condition });

const buckets: readonly Row[] = [
  closed("the own number", "a bare number is the own account", allow({ Principal: { AWS: own } })),
  closed(
    "own role, user and root",
    "all of one account",
    allow({ Principal: { AWS: [roleOf(own), userOf(own), rootOf(own)] } }),
  ),
  closed(
    "a session of an own role",
    "the ARN tells the account",
    allow({ Principal: { AWS: `arn:aws:sts::${own}:assumed-role/app/me` } }),
  ),
  closed(
    "an own SAML provider",
    "the ARN tells the account",
    allow({ Principal: { Federated: `arn:aws:iam::${own}:saml-provider/idp` } }),
  ),
  closed(
    "everyone of the own account",
    "aws:PrincipalAccount is in each request",
    everyone({ StringEquals: { "aws:PrincipalAccount": own } }),
  ),
  closed(
    "everyone of the own account, as a pattern",
    "no wildcard in it",
    everyone({ StringLike: { "aws:PrincipalAccount": [own] } }),
  ),
  closed(
    "everyone of the own account, if it were a set",
    "ForAnyValue is false on an absent key",
    everyone({ "ForAnyValue:StringEquals": { "aws:PrincipalAccount": own } }),
  ),
  closed(
    "everyone with an own ARN",
    "the account stands in it",
    everyone({ ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${own}:*` } }),
  ),
  closed(
    "everyone with an own ARN, as text",
    "the account stands in it",
    everyone({ StringLike: { "aws:PrincipalArn": `arn:aws:iam::${own}:role/*` } }),
  ),
  closed(
    "everyone of the bucket's account, by a variable",
    "aws:ResourceAccount is the own",
    everyone({ StringEquals: { "aws:PrincipalAccount": "${aws:ResourceAccount}" } }),
  ),
  closed(
    "two conditions that never hold together",
    "nobody",
    everyone({
      StringEquals: { "aws:PrincipalAccount": [own, outside] },
      StringNotEquals: { "aws:PrincipalAccount": outside },
    }),
  ),
  closed("a key that is never absent is absent", "nobody", everyone({ Null: { "aws:SecureTransport": "true" } })),
  closed(
    "until last year",
    "the Allow is over",
    everyone({ DateLessThan: { "aws:CurrentTime": "2025-01-01T00:00:00Z" } }),
  ),
  closed(
    "everybody, and a Deny of other accounts",
    "a negated operator takes the anonymous caller too",
    everyone(),
    deny({ Condition: { StringNotEquals: { "aws:PrincipalAccount": own } } }),
  ),
  closed(
    "everybody, and a Deny of other ARNs",
    "a negated operator holds on an absent key",
    everyone(),
    deny({ Condition: { ArnNotLike: { "aws:PrincipalArn": `arn:aws:iam::${own}:*` } } }),
  ),
  closed(
    "everybody, and a Deny of all but the own",
    "NotPrincipal",
    everyone(),
    deny({ Principal: undefined, NotPrincipal: { AWS: [rootOf(own), roleOf(own)] } }),
  ),
  closed("everybody, and a Deny of the same", "a Deny wins", allow({ Action: "s3:Get*" }), deny({ Action: "s3:GET*" })),
  closed("everybody may read what doesn't exist", "another bucket", allow({ Resource: "arn:aws:s3:::bkt-other/*" })),
  closed(
    "everybody may do what doesn't act there",
    "ListBucket acts on the bucket, not on objects",
    allow({ Action: "s3:ListBucket" }),
  ),
  closed("everybody may get the bucket", "GetObject acts on objects, not on the bucket", allow({ Resource: bucket })),
  closed("another account in a Deny only", "nothing is allowed", deny({ Principal: { AWS: outside } })),
  closed(
    "others by prefix, all denied piece by piece",
    "two Denies cover the keys",
    everyone(),
    deny({ Resource: `${bucket}/a*`, Condition: { StringNotEquals: { "aws:PrincipalAccount": own } } }),
    deny({
      Resource: undefined,
      NotResource: `${bucket}/a*`,
      Condition: { StringNotEquals: { "aws:PrincipalAccount": own } },
    }),
  ),
  closed(
    "a service with a separate Deny of other sources",
    "StringNotEquals takes the absent key",
    service(),
    deny({ Principal: { Service: trail }, Condition: { StringNotEquals: { "aws:SourceAccount": own } } }),
  ),
  closed(
    "a service with a separate Deny, if it exists",
    "IfExists of a Deny takes the absent key",
    service(),
    deny({ Condition: { StringNotEqualsIfExists: { "aws:SourceAccount": own } } }),
  ),
  closed(
    "a service by an own source's ARN",
    "the account stands in it",
    service({ ArnLike: { "aws:SourceArn": `arn:aws:cloudtrail:*:${own}:trail/*` } }),
  ),
  closed(
    "a service, by a variable",
    "aws:ResourceAccount is the own",
    service({ StringEquals: { "aws:SourceAccount": "${aws:ResourceAccount}" } }),
  ),
  closed(
    "everyone for an own source",
    "only services name a source",
    everyone({ StringEquals: { "aws:SourceAccount": own } }),
  ),
  closed(
    "an old policy with a Deny",
    "no variables needed",
    everyone(),
    deny({ Condition: { StringNotEqualsIgnoreCase: { "aws:PrincipalAccount": own } } }),
  ),
  block("everybody, behind the block", "a public policy shuts everybody else out", everyone()),
  block(
    "everybody and another account, behind the block",
    "a public policy shuts everybody else out",
    everyone(),
    allow({ Principal: { AWS: outside } }),
  ),
  block("every address, behind the block", "that is public", everyone({ IpAddress: { "aws:SourceIp": "0.0.0.0/0" } })),
  block(
    "a user agent, behind the block",
    "no fixed value of S3's list",
    everyone({ StringEquals: { "aws:UserAgent": "secret" } }),
  ),
  closed("everything on both", "own account", allow({ Principal: { AWS: own }, Action: "s3:*", Resource: both })),
];

const keys: readonly Row[] = [
  closedKey("the own number", "a bare number is the own account", allowKey({ Principal: { AWS: own } })),
  closedKey(
    "everyone who calls from the own account",
    "kms:CallerAccount",
    everyoneOnKey({ StringEquals: { "kms:CallerAccount": own } }),
  ),
  closedKey(
    "everyone who calls from the own account, in another case",
    "condition keys have no case",
    everyoneOnKey({ StringEquals: { "KMS:callerAccount": [own] } }),
  ),
  closedKey(
    "everyone who calls from the own account, if it can be told",
    "KMS takes no request without credentials, and each has kms:CallerAccount",
    everyoneOnKey({ StringEqualsIfExists: { "kms:CallerAccount": own } }),
  ),
  closedKey(
    "everyone all of whose accounts are the own one",
    "KMS takes no request without credentials",
    everyoneOnKey({ "ForAllValues:StringEquals": { "aws:PrincipalAccount": own } }),
  ),
  closedKey(
    "everyone without an account",
    "nobody asks KMS without credentials",
    everyoneOnKey({ Null: { "kms:CallerAccount": "true" } }),
  ),
  closedKey(
    "everyone of the own account",
    "aws:PrincipalAccount",
    everyoneOnKey({ StringEquals: { "aws:PrincipalAccount": own } }),
  ),
  closedKey(
    "everyone with an own ARN",
    "the account stands in it",
    everyoneOnKey({ ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::${own}:role/*` } }),
  ),
  closedKey(
    "everyone, and a Deny of other callers",
    "a Deny wins",
    everyoneOnKey(),
    denyKey({ Condition: { StringNotEquals: { "kms:CallerAccount": own } } }),
  ),
  closedKey(
    "everyone, and a Deny of other callers in two halves",
    "actions and the rest",
    everyoneOnKey(),
    denyKey({ Action: "kms:*crypt*", Condition: { StringNotEquals: { "kms:CallerAccount": own } } }),
    denyKey({
      Action: undefined,
      NotAction: ["kms:*Crypt*"],
      Condition: { StringNotLike: { "kms:CallerAccount": own } },
    }),
  ),
  closedKey(
    "another account, and a Deny of it",
    "a Deny wins",
    allowKey(),
    allowKey({ Principal: { AWS: outside } }),
    denyKey({ Principal: { AWS: rootOf(outside) } }),
  ),
  closedKey(
    "another account in a Deny only",
    "nothing is allowed",
    allowKey(),
    denyKey({ Principal: { AWS: outside } }),
  ),
  closedKey(
    "a service",
    "services are not another account",
    allowKey({ Principal: { Service: "logs.eu-west-1.amazonaws.com" } }),
  ),
  closedKey(
    "a service for the own account, if it says so",
    "services need no binding here",
    allowKey({ Principal: { Service: trail }, Condition: { StringEqualsIfExists: { "aws:SourceAccount": own } } }),
  ),
  closedKey(
    "an own OIDC provider",
    "the ARN tells the account",
    allowKey({ Principal: { Federated: `arn:aws:iam::${own}:oidc-provider/idp.example.com` } }),
  ),
  closedKey(
    "everyone for an action that no key has",
    "no such request",
    allowKey({ Principal: { AWS: "*" }, Action: "kms:CreateKey" }),
  ),
  closedKey(
    "everyone through a service, of the own account",
    "both must hold",
    everyoneOnKey({ StringEquals: { "kms:CallerAccount": own, "kms:ViaService": "s3.eu-west-1.amazonaws.com" } }),
  ),
  closedKey("the key's own ARN", "it is the resource", allowKey({ Resource: key })),
  closedKey(
    "everyone, and a Deny of all but the own account",
    "NotPrincipal",
    everyoneOnKey(),
    denyKey({ Principal: undefined, NotPrincipal: { AWS: rootOf(own) } }),
  ),
];

const canonical = { CanonicalUser: "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" };
const ownOnly = { StringEquals: { "aws:PrincipalAccount": own } };
const notOwn = { StringNotEquals: { "aws:PrincipalAccount": own } };

/** Principals whose account can't be told, let in only where it is the own one. */
const unnamed: readonly Row[] = [
  closed(
    "a canonical user of the own account only",
    "whoever it is",
    allow({ Principal: canonical, Condition: ownOnly }),
  ),
  closed(
    "a canonical user, and a Deny of other accounts",
    "whoever it is",
    allow({ Principal: canonical }),
    deny({ Condition: notOwn }),
  ),
  closed(
    "a canonical user, and a Deny of other accounts' ARNs",
    "whoever it is",
    allow({ Principal: canonical }),
    deny({ Condition: { ArnNotLike: { "aws:PrincipalArn": `arn:aws:iam::${own}:*` } } }),
  ),
  closed(
    "a canonical user, and a Deny of all but the own account",
    "NotPrincipal",
    allow({ Principal: canonical }),
    deny({ Principal: undefined, NotPrincipal: { AWS: rootOf(own) } }),
  ),
  closed(
    "a unique id of the own account only",
    "whoever it is",
    allow({ Principal: { AWS: "AROAIIEXAMPLEEXAMPLE1" }, Condition: ownOnly }),
  ),
  closed(
    "a unique id by its sessions, and a Deny of other accounts",
    "whoever it is",
    everyone({ StringLike: { "aws:userid": "AROAIIEXAMPLEEXAMPLE1:*" } }),
    deny({ Condition: notOwn }),
  ),
  closed(
    "a web identity of the own account's roles",
    "whoever it is",
    allow({ Principal: { Federated: "accounts.google.com" }, Condition: ownOnly }),
  ),
];

/** Names and numbers that no one can have. */
const nobody: readonly Row[] = [
  closed(
    "accounts of every digit, less those of every digit",
    "none is left",
    everyone({
      StringLike: { "aws:PrincipalArn": "arn:aws:iam::????????????:role/admin" },
      StringNotLike: { "aws:PrincipalArn": [..."0123456789"].map((digit) => `arn:aws:iam::${digit}*`) },
    }),
  ),
  closed(
    "an account of thirteen digits",
    "there is none",
    everyone({ StringLike: { "aws:PrincipalAccount": "?????????????" } }),
  ),
  closed(
    "two tags that are alike, and Denies of all but different values",
    "they can't be both",
    everyone({ StringEquals: { "aws:PrincipalTag/x": `\${aws:PrincipalTag/y}` } }),
    deny({ Condition: { StringNotEquals: { "aws:PrincipalTag/x": "blue" } } }),
    deny({ Condition: { StringNotEquals: { "aws:PrincipalTag/y": "red" } } }),
  ),
  closed(
    "an account's folder, and a Deny outside the own one's",
    "the folder's name is the account",
    allow({ Resource: `${bucket}/\${aws:PrincipalAccount}/*` }),
    deny({ Resource: undefined, NotResource: `${bucket}/${own}/*` }),
  ),
  closed(
    "the own account behind any partition, as an ARN",
    "each part is compared by itself",
    everyone({ ArnLike: { "aws:PrincipalArn": `arn:*:iam::${own}:role/*` } }),
  ),
];

const session = `arn:aws:sts::${outside}:assumed-role/app/build`;
const forBucket = (name: string, more: StatementJson["Condition"] = {}): StatementJson =>
  allow({
    Principal: { Service: "s3.amazonaws.com" },
    Condition: { ArnLike: { "aws:SourceArn": `arn:aws:s3:::${name}` }, ...more },
  });

/** What callers of each kind are called: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>. */
const kinds: readonly Row[] = [
  closed(
    "another's roles whose `aws:userid` has no session",
    "each has one",
    allow({
      Principal: { AWS: outside },
      Condition: { StringLike: { "aws:userid": "AROA*" }, StringNotLike: { "aws:userid": "*:*" } },
    }),
  ),
  closed(
    "another's session of one name, and a Deny of sessions of that name",
    "`aws:userid` of a role ends with the session's name",
    allow({ Principal: { AWS: session } }),
    deny({ Condition: { StringLike: { "aws:userid": "*:build" } } }),
  ),
  closed(
    "another's session, and a Deny of all but another role",
    "the ARN of a session's role has the role's name",
    allow({ Principal: { AWS: session } }),
    deny({ Condition: { ArnNotLike: { "aws:PrincipalArn": `${roleOf(outside, "*")}ops` } } }),
  ),
  closed(
    "another's session, and a Deny of its role with any path and with none",
    "the ARN of a session's role ends with the role's name",
    allow({ Principal: { AWS: session } }),
    deny({ Condition: { ArnLike: { "aws:PrincipalArn": [roleOf(outside, "app"), roleOf(outside, "*/app")] } } }),
  ),
  closed(
    "a session of an account, and a Deny of that account",
    "the session is the account's",
    allow({ Principal: { AWS: session } }),
    deny({ Condition: { StringEquals: { "aws:PrincipalAccount": outside } } }),
  ),
  closed("a service for the own bucket", "a bucket's ARN is nobody else's", forBucket("bkt")),
  closed(
    "a service for the own account's buckets whose names begin alike",
    "the account is told",
    forBucket("log-*", { StringEquals: { "aws:SourceAccount": own } }),
  ),
  closed(
    "the user of a unique id, as a role",
    "ids that begin like that are users'",
    allow({
      Principal: { AWS: "AIDAEXAMPLEID12345" },
      Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/*" } },
    }),
  ),
];

/** Policies that look odd and let nobody else in. */
export const lookOddAccess: readonly Row[] = [...buckets, ...unnamed, ...nobody, ...keys, ...kinds];
