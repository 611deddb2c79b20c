/** Policies as people and tools write them, some in good faith and some not: whether they do what they are for. */

import type { Request, StatementJson } from "../naive";
import {
  allow,
  allowKey,
  anyPuts,
  both,
  bucket,
  closedTo,
  deny,
  denyKey,
  denyPut,
  foreign,
  foreignDecrypt,
  header,
  http,
  keyOutsiders,
  kmsPuts,
  lenientPuts,
  objects,
  openTo,
  outside,
  outsiders,
  overHttp,
  own,
  plainHttp,
  put,
  type Row,
  roleOf,
  rootOf,
  third,
  userOf,
} from "./row";

const tls = closedTo(plainHttp);
const plain = openTo(plainHttp);
const when = (condition: StatementJson["Condition"]): StatementJson =>
  deny({ Condition: { ...overHttp, ...condition } });
const ofMine = (context: Request["context"] = {}): Request => http({ principal: roleOf(own), context });

const transport: readonly Row[] = [
  plain(
    "over HTTP unless an administrator asks",
    "whoever is exempt may use HTTP",
    ofMine({ "aws:PrincipalArn": roleOf(own) }),
    when({ StringNotLike: { "aws:PrincipalArn": roleOf(own, "*") } }),
  ),
  plain(
    "over HTTP by all of one service on behalf of whom it is called",
    "a call by another service is not only of that one",
    ofMine({ "aws:CalledVia": ["cloudformation.amazonaws.com"] }),
    when({ "ForAllValues:StringEquals": { "aws:CalledVia": ["athena.amazonaws.com"] } }),
  ),
  tls(
    "over HTTP by all of one service, and by any other",
    "one of all values is another, or none is",
    when({ "ForAllValues:StringEquals": { "aws:CalledVia": ["athena.amazonaws.com"] } }),
    when({ "ForAnyValue:StringNotEquals": { "aws:CalledVia": ["athena.amazonaws.com"] } }),
  ),
  plain(
    "all actions over HTTP but two",
    "one of them reads",
    http(),
    deny({ Action: undefined, NotAction: ["s3:GetObject", "s3:GetBucketLocation"], Condition: overHttp }),
  ),
  tls(
    "all actions over HTTP but two about the bucket's settings",
    "they are neither reads nor writes of objects nor lists",
    deny({ Action: undefined, NotAction: ["s3:GetBucketPolicy", "s3:PutBucketPolicy"], Condition: overHttp }),
  ),
  tls(
    "all actions over HTTP but those of other services and of jobs",
    "they are none of objects",
    deny({ Action: undefined, NotAction: ["iam:*", "kms:*", "s3:*Job", "s3:*Jobs"], Condition: overHttp }),
  ),
  plain(
    "all resources over HTTP but those that begin like the bucket",
    "the bucket does",
    http(),
    deny({ Resource: undefined, NotResource: [`${bucket}*`], Condition: overHttp }),
  ),
  tls(
    "all resources over HTTP but those of a bucket whose name is longer",
    "it is another one",
    deny({ Resource: undefined, NotResource: [`${bucket}-logs`, `${bucket}-logs/*`], Condition: overHttp }),
  ),
  plain(
    "everyone over HTTP but two of the own account",
    "they may use HTTP",
    ofMine(),
    deny({ Principal: undefined, NotPrincipal: { AWS: [rootOf(own), roleOf(own)] }, Condition: overHttp }),
  ),
  plain(
    "a folder by a tag, else the shared one",
    "there are other objects",
    http(),
    deny({ Resource: [bucket, `${bucket}/\${aws:PrincipalTag/team, 'shared'}/*`], Condition: overHttp }),
  ),
  plain(
    "a tag that isn't itself",
    "where there is one it is",
    ofMine({ "aws:PrincipalTag/team": "red" }),
    when({ StringNotEquals: { "aws:PrincipalTag/team": "${aws:PrincipalTag/team, 'none'}" } }),
  ),
  tls(
    "a tag that is itself, or none",
    "one of them is so",
    when({ StringEquals: { "aws:PrincipalTag/team": "${aws:PrincipalTag/team}" } }),
    when({ Null: { "aws:PrincipalTag/team": "true" } }),
  ),
  tls(
    "the transport as text, in any capitals",
    "it is true or false",
    deny({ Condition: { StringEqualsIgnoreCase: { "AWS:securetransport": "FALSE" } } }),
  ),
  plain(
    "the transport as text, with a capital",
    "texts have capitals",
    http(),
    deny({ Condition: { StringEquals: { "aws:SecureTransport": "False" } } }),
  ),
  tls(
    "the transport as text that isn't true, if there is one",
    "there is one",
    deny({ Condition: { StringNotEqualsIfExists: { "aws:SecureTransport": "true" } } }),
  ),
  plain(
    "requests without a transport",
    "each has one",
    http(),
    deny({ Condition: { Null: { "aws:SecureTransport": "true" } } }),
  ),
  tls(
    "true and false",
    "it is one of them, so that nobody gets in",
    deny({ Condition: { Bool: { "aws:SecureTransport": ["true", "false"] } } }),
  ),
  plain(
    "old TLS over HTTP",
    "without TLS there is no version of it",
    http(),
    when({ NumericLessThan: { "s3:TlsVersion": "1.2" } }),
  ),
  tls(
    "old TLS, and none",
    "without TLS there is no version of it",
    deny({ Condition: { NumericLessThan: { "s3:TlsVersion": 1.2 } } }),
    deny({ Condition: { Null: { "s3:TlsVersion": true } } }),
  ),
  plain(
    "callers by what looks like the beginning of an ARN",
    "an ARN has six parts",
    ofMine(),
    when({ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*" } }),
    when({ Null: { "aws:PrincipalArn": "true" } }),
  ),
  plain(
    "callers of IAM, and those without an ARN",
    "a federated user's ARN is one of STS",
    http({ principal: `arn:aws:sts::${own}:federated-user/guest` }),
    when({ StringLike: { "aws:PrincipalArn": "arn:aws:iam::*" } }),
    when({ Null: { "aws:PrincipalArn": "true" } }),
  ),
  plain(
    "all but AWS's services",
    "an anonymous caller doesn't say that it is none",
    http(),
    when({ Bool: { "aws:PrincipalIsAWSService": "false" } }),
  ),
  tls(
    "all but AWS's services, if it is said",
    "services always use TLS",
    when({ BoolIfExists: { "aws:PrincipalIsAWSService": "false" } }),
  ),
  plain(
    "all but those with a tag of any value",
    "who has it may use HTTP",
    ofMine({ "aws:PrincipalTag/exempt": "no" }),
    when({ StringNotLike: { "aws:PrincipalTag/exempt": "*" } }),
  ),
  plain(
    "all but requests through access points",
    "these may be made over HTTP as well",
    ofMine({ "s3:DataAccessPointAccount": own }),
    when({ StringNotEquals: { "s3:DataAccessPointAccount": own } }),
  ),
  plain(
    "all signatures but today's",
    "signed requests may be made over HTTP",
    ofMine({ "s3:signatureversion": "AWS4-HMAC-SHA256" }),
    when({ StringNotEquals: { "s3:signatureversion": "AWS4-HMAC-SHA256" } }),
  ),
  tls(
    "all ways to sign, and none",
    "there are three of them",
    when({ StringEquals: { "s3:authType": ["REST-HEADER", "REST-QUERY-STRING", "POST"] } }),
    when({ Null: { "s3:authType": "true" } }),
  ),
  plain(
    "object lambdas only",
    "they are another service's",
    http(),
    deny({ Action: "s3-object-lambda:*", Condition: overHttp }),
  ),
  tls(
    "one ACL, and all others",
    "one of them is so",
    when({ StringEquals: { "s3:x-amz-acl": "private" } }),
    when({ StringNotEquals: { "s3:x-amz-acl": "private" } }),
  ),
  tls(
    "short lists, long ones, and what is no list",
    "the ranges meet",
    when({ NumericLessThan: { "s3:max-keys": "10" } }),
    when({ NumericGreaterThanEquals: { "s3:max-keys": "10" } }),
    when({ Null: { "s3:max-keys": "true" } }),
  ),
  plain(
    "short lists, long ones, and what is no list, with a gap",
    "ten is neither less nor more than ten",
    http({ action: "s3:ListBucket", resource: bucket, context: { "s3:max-keys": "10" } }),
    when({ NumericLessThan: { "s3:max-keys": "10" } }),
    when({ NumericGreaterThan: { "s3:max-keys": "10" } }),
    when({ Null: { "s3:max-keys": "true" } }),
  ),
  tls("what is the own account's", "the bucket is", when({ StringEquals: { "s3:ResourceAccount": own } })),
  plain(
    "what is another account's",
    "the bucket isn't",
    http(),
    when({ StringNotEquals: { "aws:ResourceAccount": own } }),
  ),
  plain(
    "objects but tagged ones",
    "they may be read over HTTP",
    http({ context: { "s3:ExistingObjectTag/public": "yes" } }),
    when({ StringNotEquals: { "s3:ExistingObjectTag/public": "yes" } }),
  ),
  plain(
    "requests that no service makes for its caller",
    "one that a service makes may be made over HTTP",
    ofMine({ "aws:ViaAWSService": "true" }),
    when({ Bool: { "aws:ViaAWSService": "false" } }),
  ),
  tls(
    "three ways of which one holds for everybody",
    "each request is anonymous, of the own account or of another one",
    when({ StringEquals: { "aws:PrincipalAccount": own } }),
    when({ StringEquals: { "aws:PrincipalType": "Anonymous" } }),
    when({ StringNotEquals: { "aws:PrincipalAccount": [own, "anonymous"] } }),
  ),
];

const strict = closedTo(kmsPuts);
const weak = openTo(kmsPuts);
const keyId = `${header}-aws-kms-key-id`;
const customer = `${header}-customer-algorithm`;
const puts = (condition: StatementJson["Condition"]): StatementJson => denyPut({ Condition: condition });
const ownKey = `arn:aws:kms:eu-west-1:${own}:key/12345678-1234-1234-1234-123456789012`;

const encryption: readonly Row[] = [
  strict(
    "another algorithm than one, if there is any",
    "a missing one is another",
    puts({ StringNotEqualsIfExists: { [header]: "aws:kms" } }),
  ),
  strict("no key by its id", "AES256 and a missing header have none", puts({ Null: { [keyId]: "true" } })),
  strict("another key than the own one", "no key is another", puts({ ArnNotEquals: { [keyId]: ownKey } })),
  strict(
    "another key than the own one, if there is any",
    "no key is another",
    puts({ ArnNotEqualsIfExists: { [keyId]: ownKey } }),
  ),
  weak(
    "another key than the own one, where one is named",
    "AES256 names none",
    put({ [header]: "AES256" }),
    puts({ StringNotEquals: { [keyId]: ownKey }, Null: { [keyId]: "false" } }),
  ),
  weak(
    "any value that isn't KMS",
    "a missing header has no values",
    put(),
    puts({ "ForAnyValue:StringNotEquals": { [header]: ["aws:kms", "aws:kms:dsse"] } }),
  ),
  strict(
    "all values that aren't KMS",
    "a missing header has no other ones",
    puts({ "ForAllValues:StringNotEquals": { [header]: ["aws:kms", "aws:kms:dsse"] } }),
  ),
  closedTo(lenientPuts)(
    "all values that aren't KMS, where a missing header is fine",
    "customers' keys come without the header",
    puts({ "ForAllValues:StringNotEquals": { [header]: ["aws:kms", "aws:kms:dsse"] } }),
  ),
  openTo(lenientPuts)(
    "AES256 where a missing header is fine",
    "customers' keys are stored nowhere",
    put({ [customer]: "AES256" }),
    puts({ StringEquals: { [header]: "AES256" } }),
  ),
  closedTo(anyPuts)(
    "customers' keys and what is neither of two",
    "AES256 and stronger are fine",
    puts({ Null: { [customer]: "false" } }),
    puts({ StringNotLike: { [header]: ["AES???", "aws:kms*"] } }),
  ),
  openTo(anyPuts)(
    "what is neither of two, if it is named",
    "a missing header is no other one, IfExists or not: for a negated operator it is",
    put(),
    puts({ StringNotEquals: { [header]: ["AES256", "aws:kms"] }, Null: { [header]: "false" } }),
  ),
  strict(
    "outside an endpoint, and without KMS inside",
    "one of them holds",
    puts({ StringNotEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" } }),
    puts({ StringEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" }, StringNotLike: { [header]: "aws:kms*" } }),
  ),
  weak(
    "all but services",
    "these put as well",
    put({}, { principal: { service: "logging.s3.amazonaws.com" } }),
    puts({ StringNotLike: { [header]: "aws:kms*" }, BoolIfExists: { "aws:PrincipalIsAWSService": "false" } }),
  ),
  weak(
    "unless the ACL is private",
    "it may be",
    put({ [header]: "AES256", "s3:x-amz-acl": "private" }),
    puts({ StringNotLike: { [header]: "aws:kms*" }, StringNotEquals: { "s3:x-amz-acl": "private" } }),
  ),
  weak(
    "unless the object is tagged",
    "whoever puts it tags it",
    put({ "s3:RequestObjectTag/plain": "yes" }),
    puts({ StringNotLike: { [header]: "aws:kms*" }, StringNotEquals: { "s3:RequestObjectTag/plain": "yes" } }),
  ),
  weak(
    "another algorithm than the caller's tag",
    "the tag may be AES256",
    put({ [header]: "AES256", "aws:PrincipalTag/sse": "AES256" }),
    puts({ StringNotEquals: { [header]: "${aws:PrincipalTag/sse, 'aws:kms'}" } }),
  ),
  strict(
    "another algorithm, in any capitals",
    "texts in any capitals",
    puts({ StringNotEqualsIgnoreCase: { [header]: ["AWS:KMS", "AWS:KMS:DSSE"] } }),
  ),
  weak(
    "puts of ACLs",
    "the object itself is put by another action",
    put(),
    deny({ Action: "s3:PutObjectAcl", Condition: { StringNotLike: { [header]: "aws:kms*" } } }),
  ),
  weak(
    "puts below a folder",
    "there are other objects",
    put(),
    denyPut({ Resource: `${bucket}/secure/*`, Condition: { StringNotLike: { [header]: "aws:kms*" } } }),
  ),
  strict(
    "puts below a folder and beside it",
    "one of them holds",
    denyPut({ Resource: `${bucket}/secure/*`, Condition: { StringNotLike: { [header]: "aws:kms*" } } }),
    denyPut({
      Resource: undefined,
      NotResource: [bucket, `${bucket}/secure/*`],
      Condition: { StringNotEquals: { [header]: ["aws:kms", "aws:kms:dsse"] } },
    }),
  ),
  weak(
    "a wrong key of each caller's own account",
    "the account of the caller's key is no algorithm",
    put({ [header]: "AES256" }),
    puts({
      StringNotLike: { [keyId]: "arn:aws:kms:*:${aws:PrincipalAccount}:key/*" },
      StringNotEquals: { [header]: "AES256" },
    }),
  ),
];

const nobody = closedTo(outsiders);
const anybody = openTo(outsiders);
const everyone = (condition?: StatementJson["Condition"]): StatementJson => allow({ Condition: condition });
const logs = (condition: StatementJson["Condition"]): StatementJson =>
  allow({ Principal: { Service: "logs.amazonaws.com" }, Action: "s3:PutObject", Condition: condition });
const byLogs = (context: Request["context"]): Request => put(context, { principal: { service: "logs.amazonaws.com" } });

const access: readonly Row[] = [
  anybody(
    "everyone of whom all paths are the own organisation's",
    "a caller without paths has no other ones",
    http({ context: { "aws:SecureTransport": "true" } }),
    everyone({ "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*" } }),
  ),
  anybody(
    "the own account, if it is said",
    "a service doesn't say it",
    byLogs({ "aws:SourceAccount": outside }),
    allow({ Action: "s3:PutObject", Condition: { StringEqualsIfExists: { "aws:PrincipalAccount": own } } }),
  ),
  nobody(
    "the own account, if it is said, and no services",
    "anonymous callers say that they are",
    everyone({ StringEqualsIfExists: { "aws:PrincipalAccount": own } }),
    deny({ Condition: { Bool: { "aws:PrincipalIsAWSService": "true" } } }),
  ),
  anybody(
    "everyone on what is the own account's",
    "the bucket is",
    foreign(),
    everyone({ StringEquals: { "s3:ResourceAccount": own } }),
  ),
  nobody(
    "those whom a provider of the own account vouches for",
    "they are of the own account",
    allow({ Principal: { Federated: `arn:aws:iam::${own}:saml-provider/corporate` } }),
  ),
  nobody(
    "a service for the own organisation",
    "a fixed organisation binds it",
    logs({ StringEquals: { "aws:SourceOrgID": "o-a1b2c3d4e5" } }),
  ),
  nobody(
    "a service for the bucket's own organisation",
    "it is not the other one that the service acts for",
    logs({ StringEquals: { "aws:SourceOrgID": "${aws:ResourceOrgID}" } }),
  ),
  nobody(
    "a service, but not for another organisation than the bucket's",
    "a Deny binds as well",
    logs(undefined),
    deny({
      Condition: {
        StringNotEquals: { "aws:SourceOrgID": "${aws:ResourceOrgID}" },
        Bool: { "aws:PrincipalIsAWSService": "true" },
      },
    }),
  ),
  anybody(
    "an account of the bucket's organisation",
    "the organisation has other accounts",
    foreign({ context: { "aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:ResourceOrgID": "o-a1b2c3d4e5" } }),
    everyone({ StringEquals: { "aws:PrincipalOrgID": "${aws:ResourceOrgID}" } }),
  ),
  anybody(
    "a service for the own organisation, if it is said",
    "what need not be said binds nothing",
    byLogs({ "aws:SourceAccount": outside }),
    logs({ StringEqualsIfExists: { "aws:SourceOrgID": "o-a1b2c3d4e5" } }),
  ),
  nobody(
    "a service for the own account's log groups",
    "the ARN tells the account",
    logs({ ArnLike: { "aws:SourceArn": `arn:aws:logs:*:${own}:log-group:*` } }),
  ),
  anybody(
    "a service for accounts that begin alike",
    "there are others of them",
    byLogs({ "aws:SourceArn": "arn:aws:logs:eu-west-1:111122229999:log-group:a" }),
    logs({ ArnLike: { "aws:SourceArn": "arn:aws:logs:*:11112222*:log-group:*" } }),
  ),
  anybody(
    "a service for the own account or another one's logs",
    "one of two is enough",
    byLogs({ "aws:SourceAccount": third }),
    logs({ StringEquals: { "aws:SourceAccount": [own, third] } }),
  ),
  nobody(
    "a service for two accounts, and never for one of them",
    "the own one is left",
    logs({ StringEquals: { "aws:SourceAccount": [own, third] } }),
    deny({ Principal: { Service: "logs.amazonaws.com" }, Condition: { StringEquals: { "aws:SourceAccount": third } } }),
  ),
  nobody(
    "everyone, and nobody but the own account",
    "a missing account is another one, for services too",
    everyone(),
    deny({ Condition: { StringNotEquals: { "aws:PrincipalAccount": own } } }),
  ),
  anybody(
    "everyone, and nobody but the own account, where it is said",
    "services don't say it",
    byLogs({ "aws:SourceAccount": outside }),
    allow({ Action: "s3:*" }),
    deny({
      Condition: { StringNotEquals: { "aws:PrincipalAccount": own }, Null: { "aws:PrincipalAccount": "false" } },
    }),
  ),
  anybody(
    "everyone, and nobody of other organisations",
    "the organisation has other accounts",
    foreign({ context: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }),
    everyone(),
    deny({ Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } } }),
  ),
  anybody(
    "everyone through the own account's endpoints",
    "others may be there",
    foreign({ context: { "aws:VpceAccount": own, "aws:SourceVpce": "vpce-1" } }),
    everyone({ StringEquals: { "aws:VpceAccount": own } }),
  ),
  anybody(
    "another account, with a second factor",
    "it is another account",
    foreign({ context: { "aws:MultiFactorAuthPresent": "true" } }),
    allow({ Principal: { AWS: outside }, Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }),
  ),
  anybody(
    "everyone with a tag of the team",
    "anybody tags himself",
    foreign({ context: { "aws:PrincipalTag/team": "red" } }),
    everyone({ StringEquals: { "aws:PrincipalTag/team": "red" } }),
  ),
  nobody(
    "an address and an endpoint",
    "no request comes from both",
    everyone({ IpAddress: { "aws:SourceIp": "0.0.0.0/0" }, StringLike: { "aws:SourceVpce": "*" } }),
  ),
  nobody(
    "no TLS of a new version",
    "without TLS there is no version",
    everyone({ Bool: { "aws:SecureTransport": "false" }, NumericGreaterThan: { "s3:TlsVersion": "1.1" } }),
  ),
  nobody("reads of the bucket itself", "objects are read", allow({ Principal: { AWS: outside }, Resource: bucket })),
  nobody("lists of objects", "the bucket is listed", allow({ Principal: { AWS: outside }, Action: "s3:ListBucket" })),
  nobody(
    "another bucket's objects",
    "a policy says nothing of another bucket",
    allow({ Principal: "*", Resource: "arn:aws:s3:::bkt-logs/*" }),
  ),
  anybody(
    "the settings of the bucket",
    "whoever writes the policy gets in",
    foreign({ action: "s3:PutBucketPolicy", resource: bucket }),
    allow({ Principal: { AWS: outside }, Action: "s3:Put*Policy", Resource: both }),
  ),
  nobody(
    "reads by the own account's ARNs, by parts",
    "an account's part takes no more",
    everyone({
      ArnLike: { "aws:PrincipalArn": `arn:*:*::${own}:*` },
      StringNotLike: { "aws:PrincipalArn": "arn:aws-*" },
    }),
  ),
  anybody(
    "everyone whose account begins like the own one",
    "there are others of them",
    foreign({ principal: roleOf("111122220000") }),
    everyone({ StringLike: { "aws:PrincipalAccount": "11112222*" } }),
  ),
  nobody(
    "everyone whose account is a number between two that leave one",
    "it is the own one",
    everyone({
      NumericGreaterThan: { "aws:PrincipalAccount": "111122223332" },
      NumericLessThan: { "aws:PrincipalAccount": "111122223334" },
    }),
  ),
  nobody(
    "a session of the own account, and the users of another one that has none",
    "no user is a session",
    allow({
      Principal: { AWS: [`arn:aws:sts::${own}:assumed-role/app/one`, userOf(outside)] },
      Condition: { StringEquals: { "aws:PrincipalType": "AssumedRole" } },
    }),
  ),
  nobody(
    "everyone who is nobody",
    "who has an ARN has a type",
    everyone({ Null: { "aws:PrincipalArn": "false", "aws:PrincipalType": "true" } }),
  ),
  anybody(
    "the own user by a name",
    "others have users of that name",
    foreign({ principal: userOf(outside) }),
    everyone({ StringEquals: { "aws:username": "ada" } }),
  ),
  nobody(
    "the own user by his path",
    "a path begins behind the account",
    everyone({ StringLike: { "aws:PrincipalArn": `arn:aws:iam::${own}:user/*` } }),
  ),
];

const noKey = closedTo(keyOutsiders);
const key = openTo(keyOutsiders);
const all = (condition?: StatementJson["Condition"]): StatementJson =>
  allowKey({ Principal: "*", Condition: condition });
const trails = (condition: StatementJson["Condition"]): StatementJson =>
  allowKey({
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "kms:GenerateDataKey*",
    Condition: condition,
  });
/** What the naive evaluator doesn't ask about: services that act for other accounts. */
const failing = (name: string, because: string, ...statements: readonly StatementJson[]): Row => ({
  ...noKey(name, because, ...statements),
  expected: "fail",
});

const keys: readonly Row[] = [
  noKey(
    "everyone of the own account through S3",
    "AWS documents it for its managed keys",
    all({ StringEquals: { "kms:CallerAccount": own, "kms:ViaService": "s3.eu-west-1.amazonaws.com" } }),
  ),
  key(
    "everyone through S3",
    "S3 calls for other accounts too",
    foreignDecrypt({ context: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } }),
    all({ StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } }),
  ),
  key(
    "everyone of two accounts",
    "one of them is another one",
    foreignDecrypt(),
    all({ StringEquals: { "kms:CallerAccount": [own, outside] } }),
  ),
  noKey(
    "everyone of two accounts, and nobody of one",
    "the own one is left",
    all({ StringEquals: { "kms:CallerAccount": [own, outside] } }),
    denyKey({ Principal: { AWS: outside } }),
  ),
  key(
    "another account, for AWS's resources",
    "a grant lets in whom it names",
    foreignDecrypt({ action: "kms:CreateGrant", context: { "kms:GrantIsForAWSResource": "true" } }),
    allowKey({
      Principal: { AWS: rootOf(outside) },
      Action: "kms:CreateGrant",
      Condition: { Bool: { "kms:GrantIsForAWSResource": true } },
    }),
  ),
  failing(
    "a trail of another account",
    "the service is bound to it",
    trails({ ArnLike: { "aws:SourceArn": `arn:aws:cloudtrail:*:${outside}:trail/*` } }),
  ),
  noKey(
    "a trail of the own account",
    "the service is bound to the own one",
    trails({ StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": `arn:aws:cloudtrail:*:${own}:trail/*` } }),
  ),
  noKey(
    "the own account, if it is said",
    "services are no other account",
    all({ StringEqualsIfExists: { "kms:CallerAccount": own } }),
  ),
  key(
    "accounts that begin like the own one",
    "there are others of them",
    foreignDecrypt({ principal: roleOf("111122223399") }),
    all({ StringLike: { "kms:CallerAccount": "1111222233*" } }),
  ),
  noKey(
    "the own account as a number",
    "each account is another number",
    all({ NumericEquals: { "kms:CallerAccount": own } }),
  ),
  key(
    "everyone whose account is his own",
    "it always is",
    foreignDecrypt(),
    all({ StringEquals: { "aws:PrincipalAccount": "${kms:CallerAccount}" } }),
  ),
  noKey(
    "everyone, and nobody but the own account's root",
    "another account is kept out",
    all(),
    denyKey({ Principal: undefined, NotPrincipal: { AWS: [rootOf(own), roleOf(own)] } }),
  ),
  noKey(
    "everyone, and none of whose accounts is another",
    "each has one",
    all(),
    denyKey({ Condition: { "ForAnyValue:StringNotEquals": { "kms:CallerAccount": own } } }),
  ),
  noKey(
    "everyone, and nobody all of whose accounts are others",
    "each has one",
    all(),
    denyKey({ Condition: { "ForAllValues:StringNotEquals": { "aws:PrincipalAccount": own } } }),
  ),
  key(
    "everyone, and nobody else to decrypt",
    "there are other actions",
    foreignDecrypt({ action: "kms:Encrypt" }),
    all(),
    denyKey({
      Action: ["kms:Decrypt", "kms:ReEncrypt*"],
      Condition: { StringNotEquals: { "kms:CallerAccount": own } },
    }),
  ),
  key(
    "everyone, and nobody else but to look",
    "another account may look",
    foreignDecrypt({ action: "kms:DescribeKey" }),
    all(),
    denyKey({
      Action: undefined,
      NotAction: ["kms:Describe*", "kms:List*"],
      Condition: { StringNotEquals: { "kms:CallerAccount": own } },
    }),
  ),
  noKey(
    "another key of the account",
    "a policy says nothing of another key",
    allowKey({ Principal: { AWS: outside }, Resource: ownKey.replace("12345678", "87654321") }),
  ),
  noKey(
    "another account without an account",
    "it has one",
    allowKey({ Principal: { AWS: outside }, Condition: { Null: { "kms:CallerAccount": "true" } } }),
  ),
  key(
    "the own account in China",
    "it is another account",
    foreignDecrypt({ principal: `arn:aws-cn:iam::${own}:role/app` }),
    allowKey({ Principal: { AWS: [rootOf(own), `arn:aws-cn:iam::${own}:root`] } }),
  ),
  key(
    "everyone on keys that AWS made",
    "this is one",
    foreignDecrypt({ context: { "kms:KeyOrigin": "AWS_KMS" } }),
    all({ StringEquals: { "kms:KeyOrigin": "AWS_KMS" } }),
  ),
  key(
    "a role of another account for its own bucket",
    "it is another account",
    foreignDecrypt({ context: { "kms:EncryptionContext:aws:s3:arn": bucket } }),
    allowKey({
      Principal: { AWS: roleOf(outside) },
      Condition: { StringLike: { "kms:EncryptionContext:aws:s3:arn": [bucket, objects] } },
    }),
  ),
  noKey(
    "everyone of the own account, twice",
    "either is enough",
    all({ StringEquals: { "kms:CallerAccount": own }, ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/*" } }),
  ),
];

const more: readonly Row[] = [
  tls(
    "old TLS as a number with a zero behind it, and none",
    "1.20 is 1.2",
    deny({ Condition: { NumericLessThanIfExists: { "s3:TlsVersion": "1.20" } } }),
  ),
  tls(
    "all values of the transport",
    "it has one",
    deny({ Condition: { "ForAllValues:Bool": { "aws:SecureTransport": "false" } } }),
  ),
  tls(
    "any value of the transport",
    "it has one",
    deny({ Condition: { "ForAnyValue:Bool": { "aws:SecureTransport": "false" } } }),
  ),
  plain(
    "nobody over HTTP",
    "an empty list names nobody",
    http(),
    deny({ Principal: { AWS: [] }, Condition: overHttp }),
  ),
  plain("what equals nothing", "nothing does", http(), when({ StringEquals: { "aws:UserAgent": [] } })),
  tls(
    "a question mark in the bucket's name",
    "it takes the letter",
    deny({ Resource: ["arn:aws:s3:::bk?", "arn:aws:s3:::b?t/*"], Condition: overHttp }),
  ),
  tls(
    "stars for region and account",
    "they are empty, which a star takes",
    deny({ Resource: ["arn:aws:s3:*:*:bkt", "arn:aws:s3:*:*:bkt/*"], Condition: overHttp }),
  ),
  plain(
    "question marks for region and account",
    "they are empty, which a question mark doesn't take",
    http(),
    deny({ Resource: ["arn:aws:s3:?:?:bkt", "arn:aws:s3:?:?:bkt/*"], Condition: overHttp }),
  ),
  plain(
    "objects in folders",
    "others are in none",
    http(),
    deny({ Resource: [bucket, `${bucket}/*/*`], Condition: overHttp }),
  ),
  tls(
    "objects in folders and in none",
    "each is one of them",
    deny({ Resource: [bucket, `${bucket}/*/*`], Condition: overHttp }),
    deny({ Resource: undefined, NotResource: `${bucket}/*/*`, Condition: overHttp }),
  ),
  tls(
    "all but sessions by their ARN",
    "aws:PrincipalArn is the role's, never the session's",
    when({ ArnNotLike: { "aws:PrincipalArn": `arn:aws:sts::${own}:assumed-role/app/*` } }),
  ),
  plain(
    "sessions by their ARN, and callers without one",
    "aws:PrincipalArn is the role's",
    ofMine(),
    when({ ArnLike: { "aws:PrincipalArn": `arn:aws:sts::*:assumed-role/*` } }),
    when({ Null: { "aws:PrincipalArn": "true" } }),
  ),
  plain(
    "all but one role by its id",
    "it may use HTTP",
    ofMine({ "aws:userid": "AROAEXAMPLEID1234567:session" }),
    when({ StringNotLike: { "aws:userid": "AROAEXAMPLEID1234567:*" } }),
  ),
  plain(
    "lists outside a folder",
    "lists of the folder go on",
    http({ action: "s3:ListBucket", resource: bucket, context: { "s3:prefix": "home/ada" } }),
    when({ StringNotLike: { "s3:prefix": "home/*" } }),
  ),
  weak(
    "puts without a header, by all actions but reads",
    "AES256 is a header",
    put({ [header]: "AES256" }),
    deny({ Action: undefined, NotAction: "s3:Get*", Condition: { Null: { [header]: "true" } } }),
  ),
  weak(
    "what is no copy",
    "copies are put as well",
    put({ "s3:x-amz-copy-source": "bkt/a" }),
    puts({ StringNotLike: { [header]: "aws:kms*" }, Null: { "s3:x-amz-copy-source": "true" } }),
  ),
  strict(
    "copies, and what is none",
    "each put is one of them",
    puts({ StringNotLike: { [header]: "aws:kms*" }, Null: { "s3:x-amz-copy-source": "true" } }),
    puts({ StringNotLike: { [header]: "aws:kms*", "s3:x-amz-copy-source": "" } }),
  ),
  weak(
    "what is neither KMS nor AES256",
    "AES256 is too weak here",
    put({ [header]: "AES256" }),
    puts({ StringNotEquals: { [header]: ["aws:kms", "AES256"] } }),
  ),
  weak(
    "an old TLS version and no KMS",
    "over plain HTTP there is no version",
    put({ "aws:SecureTransport": "false" }),
    puts({ StringNotLike: { [header]: "aws:kms*" }, NumericGreaterThanEquals: { "s3:TlsVersion": "1.2" } }),
    puts({ StringNotLike: { [header]: "aws:kms*" }, NumericLessThan: { "s3:TlsVersion": "1.2" } }),
  ),
  nobody(
    "sessions of the own account by their ARN",
    "aws:PrincipalArn is the role's, never the session's",
    everyone({ ArnLike: { "aws:PrincipalArn": `arn:aws:sts::${own}:assumed-role/*` } }),
  ),
  anybody(
    "everyone who comes from the website",
    "anybody can say so",
    { ...http({ context: { "aws:Referer": "https://www.example.com/a" } }) },
    everyone({ StringLike: { "aws:Referer": "https://www.example.com/*" } }),
  ),
  anybody(
    "any service",
    "nothing binds it",
    byLogs({ "aws:SourceAccount": outside }),
    allow({ Action: "s3:PutObject", Condition: { Bool: { "aws:PrincipalIsAWSService": "true" } } }),
  ),
  nobody(
    "a service by its name for the own account",
    "that binds it",
    allow({
      Action: "s3:PutObject",
      Condition: { StringEquals: { "aws:PrincipalServiceName": "logs.amazonaws.com", "aws:SourceAccount": own } },
    }),
  ),
  anybody(
    "a service by its name",
    "nothing binds it",
    byLogs({ "aws:SourceAccount": outside }),
    allow({
      Action: "s3:PutObject",
      Condition: { StringEquals: { "aws:PrincipalServiceName": "logs.amazonaws.com" } },
    }),
  ),
  nobody(
    "the own account of an organisation",
    "both must be so",
    everyone({ StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:PrincipalAccount": own } }),
  ),
  anybody(
    "everyone, and nobody who is of another account and another organisation",
    "another account of the organisation is only one of both",
    foreign({ context: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }),
    everyone(),
    deny({ Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:PrincipalAccount": own } } }),
  ),
  anybody(
    "everyone, and nobody but two accounts",
    "one of them is another one",
    foreign(),
    everyone(),
    deny({ Condition: { StringNotEquals: { "aws:PrincipalAccount": [own, outside] } } }),
  ),
  nobody(
    "everyone, and nobody whose ARN is another one's, if he has any",
    "who has none has another one",
    everyone(),
    deny({
      Condition: { ArnNotLikeIfExists: { "aws:PrincipalArn": [`arn:aws:iam::${own}:*`, `arn:aws:sts::${own}:*`] } },
    }),
  ),
  anybody(
    "everyone, and nobody whose ARN is another one's, where he has one",
    "anonymous callers have none",
    http({ context: { "aws:SecureTransport": "true" } }),
    everyone(),
    deny({
      Condition: { ArnNotLike: { "aws:PrincipalArn": `arn:aws:iam::${own}:*` }, Null: { "aws:PrincipalArn": "false" } },
    }),
  ),
  nobody(
    "everyone, by a tag that nobody has twice",
    "a tag has one value",
    everyone({ StringEquals: { "aws:PrincipalTag/team": "red" }, StringLike: { "aws:PrincipalTag/team": "blue*" } }),
  ),
  anybody(
    "everyone whose tag is his account",
    "anybody tags himself so",
    foreign({ context: { "aws:PrincipalTag/account": outside } }),
    everyone({ StringEquals: { "aws:PrincipalTag/account": "${aws:PrincipalAccount}" } }),
  ),
  nobody(
    "everyone whose account is the bucket's",
    "the bucket's is the own one",
    everyone({ StringEquals: { "aws:PrincipalAccount": "${aws:ResourceAccount}" } }),
  ),
  anybody(
    "everyone whose account isn't the bucket's",
    "that are the others",
    foreign(),
    everyone({ StringNotEquals: { "aws:PrincipalAccount": "${aws:ResourceAccount}" } }),
  ),
  nobody(
    "everyone, and nobody whose account isn't the bucket's",
    "that are the others",
    everyone(),
    deny({ Condition: { StringNotEquals: { "aws:PrincipalAccount": "${s3:ResourceAccount}" } } }),
  ),
  nobody(
    "an address in the own account by two ranges that don't meet",
    "no address is in both",
    everyone({ IpAddress: { "aws:SourceIp": "10.0.0.0/8" }, NotIpAddress: { "aws:SourceIp": "10.0.0.0/7" } }),
  ),
  anybody(
    "an address by two ranges that meet",
    "it is in both",
    foreign({ context: { "aws:SourceIp": "10.1.2.3" } }),
    everyone({ IpAddress: { "aws:SourceIp": "10.0.0.0/8" }, NotIpAddress: { "aws:SourceIp": "10.128.0.0/9" } }),
  ),
  key(
    "everyone but another account",
    "there are more of them",
    foreignDecrypt({ principal: roleOf(third) }),
    all({ StringNotEquals: { "kms:CallerAccount": outside } }),
  ),
  key("everyone who has an account", "everyone has", foreignDecrypt(), all({ Null: { "kms:CallerAccount": "false" } })),
  noKey(
    "the own account behind a space",
    "no account is written so",
    all({ StringEquals: { "aws:PrincipalAccount": ` ${own}` } }),
  ),
  noKey(
    "the own account in any capitals",
    "digits have none",
    all({ StringEqualsIgnoreCase: { "kms:CallerAccount": own } }),
  ),
  noKey(
    "the own account by what binds it twice, and a service",
    "the service is no other account",
    all({ StringLike: { "kms:CallerAccount": own, "aws:PrincipalAccount": "1*" } }),
    trails(undefined),
  ),
  failing(
    "a service for another account, by a separate Deny",
    "all but that one are denied",
    trails(undefined),
    denyKey({ Condition: { StringNotEquals: { "aws:SourceAccount": outside } } }),
  ),
  noKey(
    "a service for the own account, by a separate Deny",
    "all but the own one are denied",
    trails(undefined),
    denyKey({
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Condition: { StringNotEquals: { "aws:SourceAccount": own } },
    }),
  ),
  key(
    "everyone whose account is the one of the context",
    "the context is the caller's to say",
    foreignDecrypt({ context: { "kms:EncryptionContext:account": outside } }),
    all({ StringEquals: { "kms:EncryptionContext:account": "${aws:PrincipalAccount}" } }),
  ),
  noKey(
    "everyone through S3 whose account isn't another one",
    "that is the own one",
    all({ StringLike: { "kms:ViaService": "s3.*.amazonaws.com" } }),
    denyKey({ Condition: { StringNotLike: { "kms:CallerAccount": [own] } } }),
  ),
  key(
    "users of the own name in another account's root",
    "a root is all of its account",
    foreignDecrypt({ principal: userOf(outside) }),
    allowKey({ Principal: { AWS: rootOf(outside) }, Condition: { StringEquals: { "aws:username": "ada" } } }),
  ),
  noKey(
    "a role of the own account, and another account's in a Deny",
    "a Deny lets nobody in",
    allowKey({ Principal: { AWS: roleOf(own) } }),
    denyKey({ Principal: { AWS: roleOf(outside) } }),
  ),
  anybody(
    "users whose name is a number from two on",
    "a user may be called `3`",
    foreign({ principal: `arn:aws:iam::${outside}:user/3`, context: { "aws:username": "3" } }),
    allow({
      Condition: { NumericGreaterThanEquals: { "aws:username": "2" }, StringEquals: { "aws:PrincipalType": "User" } },
    }),
  ),
  anybody(
    "users whose name is an address of a network",
    "a user may be called `10.0.0.0`",
    foreign({ principal: `arn:aws:iam::${outside}:user/10.0.0.0`, context: { "aws:username": "10.0.0.0" } }),
    allow({ Condition: { IpAddress: { "aws:username": "10.0.0.0/8" } } }),
  ),
  anybody(
    "federated users of an account between wildcards that go on behind it",
    "a wildcard takes the colon and what is behind",
    foreign({
      principal: "arn:aws:sts::111120223333:federated-user/gf",
      context: { "aws:PrincipalArn": "arn:aws:sts::111120223333:federated-user/gf" },
    }),
    allow({ Condition: { StringLike: { "aws:PrincipalArn": "arn:aws:sts::1?11202233?3*?*?d-us*?" } } }),
  ),
  anybody(
    "users whose name begins inside of the wildcard that takes their path",
    "a wildcard takes slashes as well",
    foreign({
      principal: `arn:aws:iam::${outside}:user/h/989ll`,
      context: { "aws:PrincipalArn": `arn:aws:iam::${outside}:user/h/989ll`, "aws:username": "989ll" },
    }),
    allow({
      Condition: { StringLike: { "aws:username": "989l?", "aws:PrincipalArn": `arn:aws:iam::${outside}:u?e*89ll` } },
    }),
  ),
  anybody(
    "users by an ARN in other capitals, and by their name",
    "the name may be in small letters",
    foreign({
      principal: "arn:aws:iam::111122223233:user/f/rmrn4uo2",
      context: { "aws:PrincipalArn": "arn:aws:iam::111122223233:user/f/rmrn4uo2", "aws:username": "rmrn4uo2" },
    }),
    allow({
      Condition: {
        StringEqualsIgnoreCase: { "aws:PrincipalArn": "aRN:aws:IAM::111122223233:useR/F/RmRN4uo2" },
        StringLike: { "aws:username": "rmrn?*o2" },
      },
    }),
  ),
  anybody(
    "two accounts by a part of their number, one of them in a partition that isn't",
    "the other one is there",
    foreign({
      principal: "arn:aws:iam::298621987529:user/6Xx",
      context: { "aws:PrincipalArn": "arn:aws:iam::298621987529:user/6Xx" },
    }),
    allow({
      Condition: {
        ArnEquals: { "aws:PrincipalArn": ["arn:?vs:i*::29*87529:us?r/6??", "arn:aws:ia*::?9862*?87529:us**"] },
      },
    }),
  ),
];

export const asWritten: readonly Row[] = [...transport, ...encryption, ...access, ...keys, ...more];
