/** Bucket and key policies that look as if only the own account came in, each with a request of somebody else. */

import type { Request, StatementJson } from "../naive";
import {
  allow,
  allowKey,
  both,
  bucket,
  deny,
  denyKey,
  foreign,
  foreignDecrypt,
  keyOutsiders,
  outside,
  outsiders,
  own,
  policy,
  type Row,
  request,
  restricted,
  roleOf,
  rootOf,
  third,
  userOf,
} from "./row";

const hole = (name: string, because: string, through: Request, ...statements: readonly StatementJson[]): Row => ({
  name,
  ask: outsiders,
  policy: policy(...statements),
  expected: "found",
  because,
  through,
});

const keyHole = (name: string, because: string, through: Request, ...statements: readonly StatementJson[]): Row => ({
  ...hole(name, because, through, ...statements),
  ask: keyOutsiders,
});

const everyone = (condition?: StatementJson["Condition"]): StatementJson => allow({ Condition: condition });
const everyoneOnKey = (condition?: StatementJson["Condition"]): StatementJson =>
  allowKey({ Principal: { AWS: "*" }, Condition: condition });

const trail = "cloudtrail.amazonaws.com";
const service = (condition?: StatementJson["Condition"]): StatementJson =>
  allow({ Principal: { Service: trail }, Action: "s3:PutObject", Condition: condition });
const delivered = (context: Request["context"] = {}): Request =>
  request({ principal: { service: trail }, action: "s3:PutObject", context });

const principals: readonly Row[] = [
  hole(
    "another account's number",
    "a bare number is the whole account",
    foreign(),
    allow({ Principal: { AWS: outside } }),
  ),
  hole("another among the own", "one is enough", foreign(), allow({ Principal: { AWS: [own, rootOf(outside)] } })),
  hole(
    "another's role of the same name",
    "the account differs",
    foreign(),
    allow({ Principal: { AWS: roleOf(outside) } }),
  ),
  hole(
    "the own number in another partition",
    "another account",
    request({ principal: `arn:aws-cn:iam::${own}:root` }),
    allow({ Principal: { AWS: `arn:aws-cn:iam::${own}:root` } }),
  ),
  hole(
    "a session of another's role",
    "the ARN tells the account",
    request({ principal: `arn:aws:sts::${outside}:assumed-role/app/me` }),
    allow({ Principal: { AWS: `arn:aws:sts::${outside}:assumed-role/app/me` } }),
  ),
  hole(
    "everyone in one list",
    "a star in a list is a star",
    request(),
    allow({ Principal: { AWS: [rootOf(own), "*"] } }),
  ),
];

const conditions: readonly Row[] = [
  hole(
    "the organisation",
    "it has other accounts",
    foreign({ context: { "aws:PrincipalOrgID": "o-own" } }),
    everyone({ StringEquals: { "aws:PrincipalOrgID": "o-own" } }),
  ),
  hole(
    "some organisation",
    "any has one",
    foreign({ context: { "aws:PrincipalOrgID": "o-x" } }),
    everyone({ Null: { "aws:PrincipalOrgID": "false" } }),
  ),
  hole("signed requests", "others sign too", foreign(), everyone({ Null: { "aws:PrincipalArn": "false" } })),
  hole(
    "all accounts but one",
    "there are more",
    request({ principal: roleOf(third) }),
    everyone({ StringNotEquals: { "aws:PrincipalAccount": outside } }),
  ),
  hole(
    "the own number, one digit open",
    "ten accounts match",
    request({ principal: roleOf("111122223334") }),
    everyone({ StringLike: { "aws:PrincipalAccount": "11112222333?" } }),
  ),
  hole(
    "numbers that start like the own",
    "others do",
    request({ principal: roleOf("111199998888") }),
    everyone({ StringLike: { "aws:PrincipalAccount": "1111*" } }),
  ),
  hole(
    "the own account or another",
    "values are OR-ed",
    foreign(),
    everyone({ StringEquals: { "aws:PrincipalAccount": [own, outside] } }),
  ),
  hole(
    "an ARN with any account",
    "the account is open",
    foreign(),
    everyone({ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/app" } }),
  ),
  hole(
    "an ARN by its end",
    "the account is open",
    foreign(),
    everyone({ StringLike: { "aws:PrincipalArn": "*:role/app" } }),
  ),
  hole(
    "an own ARN, if there is one",
    "the anonymous caller has none",
    request(),
    everyone({ ArnLikeIfExists: { "aws:PrincipalArn": `arn:aws:iam::${own}:*` } }),
  ),
  hole(
    "the organisation, if there is one",
    "many have none",
    foreign(),
    everyone({ StringEqualsIfExists: { "aws:PrincipalOrgID": "o-own" } }),
  ),
  hole(
    "all values of an absent key",
    "ForAllValues is true on an absent key",
    foreign(),
    everyone({ "ForAllValues:StringEquals": { "aws:PrincipalOrgPaths": "o-own/r/*" } }),
  ),
  hole(
    "a user's name",
    "names are not unique",
    request({ principal: userOf(outside) }),
    everyone({ StringEquals: { "aws:username": "ada" } }),
  ),
  hole(
    "IAM users",
    "others have users",
    request({ principal: userOf(outside) }),
    everyone({ StringEquals: { "aws:PrincipalType": "User" } }),
  ),
  hole(
    "a tag of the principal",
    "others tag too",
    foreign({ context: { "aws:PrincipalTag/team": "red" } }),
    everyone({ StringEquals: { "aws:PrincipalTag/team": "red" } }),
  ),
  hole(
    "MFA",
    "others have MFA",
    foreign({ context: { "aws:MultiFactorAuthPresent": "true" } }),
    everyone({ Bool: { "aws:MultiFactorAuthPresent": "true" } }),
  ),
  hole("TLS", "it says nothing of who", request(), everyone({ Bool: { "aws:SecureTransport": "true" } })),
  hole(
    "an office's addresses",
    "it says nothing of who",
    request({ context: { "aws:SourceIp": "203.0.113.9" } }),
    everyone({ IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }),
  ),
  hole(
    "the own VPC endpoint",
    "others' credentials go through it",
    foreign({ context: { "aws:SourceVpce": "vpce-1" } }),
    everyone({ StringEquals: { "aws:SourceVpce": "vpce-1" } }),
  ),
  hole(
    "a referer",
    "anybody can send it",
    request({ context: { "aws:Referer": "https://example.com/" } }),
    everyone({ StringLike: { "aws:Referer": "https://example.com/*" } }),
  ),
  hole(
    "a user agent",
    "anybody can send it",
    request({ context: { "aws:UserAgent": "secret" } }),
    everyone({ StringEquals: { "aws:UserAgent": "secret" } }),
  ),
  hole(
    "the resource's account",
    "it is always the own one",
    request(),
    everyone({ StringEquals: { "aws:ResourceAccount": own } }),
  ),
  hole(
    "the resource's account, by S3's key",
    "it is always the own one",
    request(),
    everyone({ StringEquals: { "s3:ResourceAccount": own } }),
  ),
  hole(
    "the own account's access points",
    "they can let others in",
    foreign({ context: { "s3:DataAccessPointAccount": own } }),
    everyone({ StringEquals: { "s3:DataAccessPointAccount": own } }),
  ),
  hole(
    "the caller's account is the caller's account",
    "a variable compared with itself",
    foreign(),
    everyone({ StringEquals: { "aws:PrincipalAccount": "${aws:PrincipalAccount}" } }),
  ),
  hole(
    "until a day to come",
    "today it is open",
    request({ context: { "aws:CurrentTime": "2026-07-01T00:00:00Z" } }),
    everyone({ DateLessThan: { "aws:CurrentTime": "2027-01-01T00:00:00Z" } }),
  ),
  hole(
    "from a day to come",
    "then it opens",
    request({ context: { "aws:CurrentTime": "2027-02-01T00:00:00Z" } }),
    everyone({ DateGreaterThan: { "aws:CurrentTime": "2027-01-01T00:00:00Z" } }),
  ),
];

const denies: readonly Row[] = [
  hole(
    "a Deny of others on another action",
    "the listing",
    foreign({ action: "s3:ListBucket", resource: bucket }),
    allow({ Action: "s3:*", Resource: both }),
    deny({ Action: "s3:*Object*", Condition: { StringNotEquals: { "aws:PrincipalAccount": own } } }),
  ),
  hole(
    "a Deny of others on the bucket",
    "the objects",
    foreign(),
    allow(),
    deny({ Resource: bucket, Condition: { StringNotEquals: { "aws:PrincipalAccount": own } } }),
  ),
  hole(
    "a Deny of the anonymous",
    "other accounts sign",
    foreign(),
    allow(),
    deny({ Condition: { Null: { "aws:PrincipalArn": "true" } } }),
  ),
  hole(
    "a Deny of others who have a principal",
    "the anonymous caller has none",
    request(),
    allow(),
    deny({ Condition: { StringNotEquals: { "aws:PrincipalAccount": own }, Null: { "aws:PrincipalArn": "false" } } }),
  ),
  hole(
    "a Deny of one account",
    "there are more",
    request({ principal: roleOf(third) }),
    allow(),
    deny({ Principal: { AWS: outside } }),
  ),
  hole(
    "a Deny of all but another's role",
    "the role",
    foreign(),
    allow(),
    deny({ Principal: undefined, NotPrincipal: { AWS: [rootOf(own), roleOf(outside)] } }),
  ),
  hole(
    "a Deny outside the organisation",
    "members come in",
    foreign({ context: { "aws:PrincipalOrgID": "o-own" } }),
    allow(),
    deny({ Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-own" } } }),
  ),
  hole(
    "a Deny of any other organisation",
    "who is in none",
    foreign(),
    allow(),
    deny({ Condition: { "ForAnyValue:StringNotEquals": { "aws:PrincipalOrgID": "o-own" } } }),
  ),
  hole(
    "a Deny over plain HTTP",
    "over TLS it is public",
    request(),
    allow(),
    deny({ Condition: { Bool: { "aws:SecureTransport": "false" } } }),
  ),
  hole(
    "a Deny on one prefix",
    "the other keys",
    foreign({ resource: `${bucket}/open/x` }),
    allow(),
    deny({ Resource: `${bucket}/private/*` }),
  ),
];

const services: readonly Row[] = [
  hole("a service for anybody", "a confused deputy", delivered({ "aws:SourceAccount": outside }), service()),
  hole(
    "a service for another account",
    "bound to the wrong one",
    delivered({ "aws:SourceAccount": outside }),
    service({ StringEquals: { "aws:SourceAccount": outside } }),
  ),
  hole(
    "a service for two accounts",
    "one is another",
    delivered({ "aws:SourceAccount": outside }),
    service({ StringEquals: { "aws:SourceAccount": [own, outside] } }),
  ),
  hole(
    "a service for the own account, if it says so",
    "an IfExists doesn't bind",
    delivered(),
    service({ StringEqualsIfExists: { "aws:SourceAccount": own } }),
  ),
  hole(
    "a service for all of no accounts",
    "ForAllValues is true on an absent key",
    delivered(),
    service({ "ForAllValues:StringEquals": { "aws:SourceAccount": own } }),
  ),
  hole(
    "a service for trails of any account",
    "the account is open",
    delivered({ "aws:SourceArn": `arn:aws:cloudtrail:eu-west-1:${outside}:trail/t`, "aws:SourceAccount": outside }),
    service({ ArnLike: { "aws:SourceArn": "arn:aws:cloudtrail:*:*:trail/*" } }),
  ),
  hole(
    "a service with an ACL",
    "it says nothing of for whom",
    delivered({ "s3:x-amz-acl": "bucket-owner-full-control" }),
    service({ StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } }),
  ),
  hole(
    "a service that is a service",
    "they all are",
    delivered(),
    service({ Bool: { "aws:PrincipalIsAWSService": "true" } }),
  ),
  hole(
    "a Deny of other sources that name themselves",
    "who names none",
    delivered(),
    service(),
    deny({ Condition: { StringNotEquals: { "aws:SourceAccount": own }, Null: { "aws:SourceAccount": "false" } } }),
  ),
  hole(
    "one of two services is bound",
    "the other isn't",
    request({ principal: { service: "config.amazonaws.com" }, action: "s3:PutObject" }),
    service({ StringEquals: { "aws:SourceAccount": own } }),
    allow({ Principal: { Service: "config.amazonaws.com" }, Action: "s3:PutObject" }),
  ),
  hole(
    "reading is bound and writing isn't",
    "the put",
    delivered(),
    allow({
      Principal: { Service: trail },
      Action: "s3:GetBucketAcl",
      Resource: bucket,
      Condition: { StringEquals: { "aws:SourceAccount": own } },
    }),
    service(),
  ),
];

const behindTheBlock: readonly Row[] = [
  {
    ...hole(
      "a fixed account, and nothing public",
      "the block minds public policies only",
      foreign(),
      allow({ Principal: { AWS: outside } }),
    ),
    ask: restricted,
  },
  {
    ...hole(
      "the organisation, behind the block",
      "S3 doesn't call that public",
      foreign({ context: { "aws:PrincipalOrgID": "o-own" } }),
      everyone({ StringEquals: { "aws:PrincipalOrgID": "o-own" } }),
    ),
    ask: restricted,
  },
  {
    ...hole(
      "a narrow address range",
      "S3 doesn't call that public",
      request({ context: { "aws:SourceIp": "203.0.113.9" } }),
      everyone({ IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }),
    ),
    ask: restricted,
  },
  {
    ...hole(
      "a service for anybody, beside a public statement",
      "services are not shut out",
      delivered(),
      service(),
      everyone(),
    ),
    ask: restricted,
  },
];

const keys: readonly Row[] = [
  keyHole("another account", "named", foreignDecrypt(), allowKey(), allowKey({ Principal: { AWS: rootOf(outside) } })),
  keyHole(
    "another account's number",
    "a bare number is the account",
    foreignDecrypt(),
    allowKey({ Principal: { AWS: [own, outside] } }),
  ),
  keyHole(
    "another's role for one action",
    "one is enough",
    foreignDecrypt(),
    allowKey({ Principal: { AWS: roleOf(outside) }, Action: "kms:Decrypt" }),
  ),
  keyHole("everyone", "no condition", foreignDecrypt(), everyoneOnKey()),
  keyHole(
    "everyone through a service",
    "kms:ViaService says nothing of the account",
    foreignDecrypt({ context: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } }),
    everyoneOnKey({ StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } }),
  ),
  keyHole(
    "everyone over TLS",
    "anybody can use it",
    foreignDecrypt({ context: { "aws:SecureTransport": "true" } }),
    everyoneOnKey({ Bool: { "aws:SecureTransport": "true" } }),
  ),
  keyHole(
    "everyone for AWS resources",
    "others have them too",
    foreignDecrypt({ action: "kms:CreateGrant", context: { "kms:GrantIsForAWSResource": "true" } }),
    allowKey({
      Principal: { AWS: "*" },
      Action: "kms:CreateGrant",
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    }),
  ),
  keyHole(
    "everyone with an encryption context",
    "others can send it",
    foreignDecrypt({ context: { "kms:EncryptionContext:app": "x" } }),
    everyoneOnKey({ StringEquals: { "kms:EncryptionContext:app": "x" } }),
  ),
  keyHole(
    "the own account or another",
    "values are OR-ed",
    foreignDecrypt(),
    everyoneOnKey({ StringEquals: { "kms:CallerAccount": [own, outside] } }),
  ),
  keyHole(
    "callers that start like the own",
    "others do",
    foreignDecrypt({ principal: roleOf("111199998888") }),
    everyoneOnKey({ StringLike: { "kms:CallerAccount": "1111*" } }),
  ),
  keyHole(
    "all callers but one",
    "there are more",
    foreignDecrypt({ principal: roleOf(third) }),
    everyoneOnKey({ StringNotEquals: { "kms:CallerAccount": outside } }),
  ),
  keyHole(
    "the organisation",
    "it has other accounts",
    foreignDecrypt({ context: { "aws:PrincipalOrgID": "o-own" } }),
    everyoneOnKey({ StringEquals: { "aws:PrincipalOrgID": "o-own" } }),
  ),
  keyHole(
    "any account's role of one name",
    "the account is open",
    foreignDecrypt(),
    everyoneOnKey({ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/app" } }),
  ),
  keyHole(
    "the key's own account",
    "it is always the own one",
    foreignDecrypt(),
    everyoneOnKey({ StringEquals: { "aws:ResourceAccount": own } }),
  ),
  keyHole(
    "the own number in another partition",
    "another account",
    foreignDecrypt({ principal: `arn:aws-us-gov:iam::${own}:root` }),
    allowKey({ Principal: { AWS: `arn:aws-us-gov:iam::${own}:root` } }),
  ),
  keyHole(
    "a Deny of other callers for one action",
    "the other actions",
    foreignDecrypt({ action: "kms:Encrypt" }),
    everyoneOnKey(),
    denyKey({ Action: "kms:Decrypt", Condition: { StringNotEquals: { "kms:CallerAccount": own } } }),
  ),
  keyHole(
    "a Deny of one account",
    "there are more",
    foreignDecrypt({ principal: roleOf(third) }),
    everyoneOnKey(),
    denyKey({ Principal: { AWS: outside } }),
  ),
  keyHole(
    "a Deny of all but two",
    "the other of the two",
    foreignDecrypt(),
    everyoneOnKey(),
    denyKey({ Principal: undefined, NotPrincipal: { AWS: [rootOf(own), roleOf(outside)] } }),
  ),
  keyHole(
    "a Deny of other callers that come through S3",
    "who comes directly",
    foreignDecrypt(),
    everyoneOnKey(),
    denyKey({ Condition: { StringNotEquals: { "kms:CallerAccount": own }, StringLike: { "kms:ViaService": "s3.*" } } }),
  ),
  keyHole(
    "objects of all but reads",
    "NotAction",
    foreignDecrypt(),
    allowKey({ Principal: { AWS: outside }, Action: undefined, NotAction: "kms:Describe*" }),
  ),
];

const names: readonly Row[] = [
  hole(
    "users who are called like their account",
    "anybody can call a user so",
    foreign({ principal: userOf(outside, outside) }),
    allow({ Condition: { StringEquals: { "aws:PrincipalAccount": "${aws:username}" } } }),
  ),
];

const session = `arn:aws:sts::${outside}:assumed-role/app/build`;
/** Allows another account's callers of some kind, as a condition tells it. */
const ofOutside = (Condition: StatementJson["Condition"]): StatementJson =>
  allow({ Principal: { AWS: outside }, Condition });
const asUserid = (value: string, principal = roleOf(outside)): Request =>
  foreign({ principal, context: { "aws:userid": value } });

/** What callers of each kind are called: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>. */
const kinds: readonly Row[] = [
  hole(
    "another's sessions of one name",
    "`aws:userid` of a role ends with the session's name",
    asUserid("AROAEXAMPLE:build-1"),
    ofOutside({ StringLike: { "aws:userid": "*:build-*" } }),
  ),
  hole(
    "another's session, and a Deny of the ARN that its role would have without a path",
    "a session's ARN leaves out its role's path",
    foreign({ principal: session, context: { "aws:PrincipalArn": roleOf(outside, "team/app") } }),
    allow({ Principal: { AWS: session } }),
    deny({ Condition: { ArnEquals: { "aws:PrincipalArn": roleOf(outside, "app") } } }),
  ),
  hole(
    "another's users by how their ids begin",
    "`aws:userid` of a user is its id",
    asUserid("AIDAZZEXAMPLE", userOf(outside)),
    ofOutside({ StringLike: { "aws:userid": "AIDAZZ*" } }),
  ),
  hole(
    "another's users of one name, without one path and without any",
    "there are more paths",
    foreign({ principal: `arn:aws:iam::${outside}:user/ops/ada` }),
    ofOutside({ StringEquals: { "aws:username": "ada" } }),
    deny({ Condition: { ArnLike: { "aws:PrincipalArn": [userOf(outside), userOf(outside, "staff/*")] } } }),
  ),
  hole(
    "another's federated users by what `aws:userid` begins with",
    "it is the account and the name",
    asUserid(`${outside}:bob`, `arn:aws:sts::${outside}:federated-user/bob`),
    ofOutside({ StringLike: { "aws:userid": `${outside}:bob*` } }),
  ),
  hole(
    "another's federated users by their ARN",
    "they are users of STS",
    foreign({ principal: `arn:aws:sts::${outside}:federated-user/bob` }),
    ofOutside({ ArnLike: { "aws:PrincipalArn": `arn:aws:sts::${outside}:federated-user/b*` } }),
  ),
  hole(
    "another's root by its `aws:userid`",
    "it is the account",
    asUserid(outside, rootOf(outside)),
    ofOutside({ StringEquals: { "aws:userid": outside } }),
  ),
  hole(
    "a session of another's role, by how the role's id begins",
    "ids may begin so",
    asUserid("AROAZEXAMPLE:build", session),
    allow({ Principal: { AWS: session } }),
    deny({ Condition: { StringNotLike: { "aws:userid": "AROAZ*:build" } } }),
  ),
  hole(
    "a session of another's role, and a Deny of other roles",
    "its role",
    foreign({ principal: session }),
    allow({ Principal: { AWS: session } }),
    deny({ Condition: { ArnNotEquals: { "aws:PrincipalArn": roleOf(outside) } } }),
  ),
  hole(
    "services, without some of them",
    "there are more",
    request({
      principal: { service: "events.amazonaws.com" },
      context: { "aws:SourceAccount": outside },
    }),
    everyone({
      Bool: { "aws:PrincipalIsAWSService": "true" },
      StringNotEquals: {
        "aws:PrincipalServiceName": ["cloudtrail.amazonaws.com", "config.amazonaws.com", "sns.amazonaws.com"],
      },
    }),
  ),
  hole(
    "a service for buckets whose names begin alike",
    "a bucket's ARN tells no account",
    request({
      principal: { service: "s3.amazonaws.com" },
      context: { "aws:SourceArn": "arn:aws:s3:::log-1", "aws:SourceAccount": outside },
    }),
    allow({
      Principal: { Service: "s3.amazonaws.com" },
      Condition: { ArnLike: { "aws:SourceArn": "arn:aws:s3:::log-*" } },
    }),
  ),
];

/** Policies that look as if only the own account came in. */
export const lookRightAccess: readonly Row[] = [
  ...principals,
  ...conditions,
  ...denies,
  ...services,
  ...behindTheBlock,
  ...keys,
  ...names,
  ...kinds,
];
