/** Bucket policies that look as if they stopped plain HTTP and don't, each with a request that gets through. */

import type { Request, StatementJson } from "../naive";
import {
  allow,
  both,
  bucket,
  deny,
  http,
  objects,
  outside,
  overHttp,
  own,
  plainHttp,
  policy,
  type Row,
  roleOf,
  rootOf,
  third,
  userOf,
} from "./row";

const hole = (name: string, because: string, through: Request, ...statements: readonly StatementJson[]): Row => ({
  name,
  ask: plainHttp,
  policy: policy(...statements),
  expected: "found",
  because,
  through,
});

/** A Deny of plain HTTP with something wrong. */
const tls = (changes: Parameters<typeof deny>[0]): StatementJson => deny({ Condition: overHttp, ...changes });

/** A Deny of plain HTTP that other conditions narrow. */
const when = (condition: StatementJson["Condition"]): StatementJson =>
  deny({ Condition: { ...overHttp, ...condition } });

const put = http({ action: "s3:PutObject" });
const listing = http({ action: "s3:ListBucket", resource: bucket });
const ofMine = http({ principal: roleOf(own) });
const ofOthers = http({ principal: roleOf(outside) });

const resources: readonly Row[] = [
  hole("bucket only", "objects are not the bucket", http(), tls({ Resource: bucket })),
  hole("objects only", "the bucket is not an object", listing, tls({ Resource: objects })),
  hole("a sibling bucket", "another name", http(), tls({ Resource: [`${bucket}-logs`, `${bucket}-logs/*`] })),
  hole("a slash without a star", "no object has an empty key", http(), tls({ Resource: [bucket, `${bucket}/`] })),
  hole("one level too deep", "a key needs no slash", http(), tls({ Resource: [bucket, `${bucket}/*/*`] })),
  hole(
    "keys with a dot",
    "a key needs no dot",
    http({ resource: `${bucket}/Makefile` }),
    tls({ Resource: [bucket, `${bucket}/*.*`] }),
  ),
  hole("keys of one character", "`?` is exactly one", http(), tls({ Resource: [bucket, `${bucket}/?`] })),
  hole(
    "keys of two and more characters",
    "a key can have one",
    http({ resource: `${bucket}/a` }),
    tls({ Resource: [bucket, `${bucket}/??*`] }),
  ),
  hole(
    "another case of the bucket's name",
    "resources have case",
    http(),
    tls({ Resource: ["arn:aws:s3:::BKT", "arn:aws:s3:::BKT/*"] }),
  ),
  hole(
    "one character of the name left open, and one too many",
    "`bkt` has three characters",
    http(),
    tls({ Resource: ["arn:aws:s3:::bkt?", "arn:aws:s3:::bkt?/*"] }),
  ),
  hole(
    "all but a public folder",
    "NotResource leaves the folder",
    http({ resource: `${bucket}/public/x` }),
    tls({ Resource: undefined, NotResource: `${bucket}/public/*` }),
  ),
  hole(
    "objects by NotResource of the objects",
    "the negation turned round",
    http(),
    tls({ Resource: undefined, NotResource: objects }),
  ),
  hole(
    "prefixes one by one",
    "there are other first characters",
    http({ resource: `${bucket}/Z` }),
    tls({ Resource: [bucket, ..."abcdefghijklmnopqrstuvwxyz0123456789".split("").map((c) => `${bucket}/${c}*`)] }),
  ),
  hole(
    "a variable for a star",
    "`${*}` is the character itself",
    http(),
    tls({ Resource: [bucket, `${bucket}/\${*}`] }),
  ),
  hole(
    "a folder for each user",
    "not everybody has a name, and not every key is in their folder",
    http(),
    tls({ Resource: [bucket, `${bucket}/\${aws:username}/*`] }),
  ),
  {
    ...hole(
      "a variable in the old version",
      "variables are plain text there",
      http({ principal: userOf(own), resource: `${bucket}/ada/x` }),
    ),
    policy: {
      Version: "2008-10-17",
      Statement: [
        tls({ Resource: [bucket, `${bucket}/\${aws:username}/*`] }),
        tls({ Resource: undefined, NotResource: `${bucket}/ada/*` }),
      ],
    },
  },
];

const actions: readonly Row[] = [
  hole("reads only", "writes go on", put, tls({ Action: "s3:Get*" })),
  hole(
    "gets and puts",
    "deletes and lists go on",
    http({ action: "s3:DeleteObject" }),
    tls({ Action: ["s3:Get*", "s3:Put*"] }),
  ),
  hole(
    "gets, puts, deletes and lists",
    "a restore is none of them",
    http({ action: "s3:RestoreObject" }),
    tls({ Action: ["s3:Get*", "s3:Put*", "s3:Delete*", "s3:List*"] }),
  ),
  hole(
    "everything that ends with Object",
    "tags, ACLs and versions go on",
    http({ action: "s3:GetObjectTagging" }),
    tls({ Action: ["s3:*Object", "s3:List*"] }),
  ),
  hole(
    "everything with Object in its name, and lists",
    "an upload is aborted without it",
    http({ action: "s3:AbortMultipartUpload" }),
    tls({ Action: ["s3:*Object*", "s3:List*"] }),
  ),
  hole(
    "one way of listing",
    "versions are listed by another action",
    http({ action: "s3:ListBucketVersions", resource: bucket }),
    tls({ Action: ["s3:ListBucket"], Resource: bucket }),
    tls({ Resource: objects }),
  ),
  hole("all but reads", "NotAction leaves them", http(), tls({ Action: undefined, NotAction: "s3:GetObject" })),
  hole(
    "all but what starts with Get",
    "NotAction leaves them",
    http({ action: "s3:GetObjectVersion" }),
    tls({ Action: undefined, NotAction: "s3:get*" }),
  ),
  hole("three letters too many", "GetObject is shorter", http(), tls({ Action: "s3:???GetObject*" })),
];

const principals: readonly Row[] = [
  hole("the own account", "everybody else goes on", http(), tls({ Principal: { AWS: rootOf(own) } })),
  hole(
    "the own account and another",
    "there are more",
    http({ principal: roleOf(third) }),
    tls({ Principal: { AWS: [own, outside] } }),
  ),
  hole("one role", "and the others?", ofOthers, tls({ Principal: { AWS: roleOf(own) } })),
  hole(
    "all but a role",
    "NotPrincipal exempts it",
    ofMine,
    tls({ Principal: undefined, NotPrincipal: { AWS: roleOf(own) } }),
  ),
  hole(
    "all but a role and its account",
    "NotPrincipal exempts them",
    ofMine,
    tls({ Principal: undefined, NotPrincipal: { AWS: [roleOf(own), rootOf(own)] } }),
  ),
  hole("services only", "people go on", http(), tls({ Principal: { Service: "cloudtrail.amazonaws.com" } })),
];

const conditions: readonly Row[] = [
  hole(
    "the wrong way round",
    "it denies TLS",
    http(),
    deny({ Condition: { Bool: { "aws:SecureTransport": "true" } } }),
  ),
  hole(
    "the wrong way round, if it exists",
    "it denies TLS",
    http(),
    deny({ Condition: { BoolIfExists: { "aws:SecureTransport": "true" } } }),
  ),
  hole(
    "an Allow for a Deny",
    "it allows plain HTTP",
    http(),
    allow({ Action: "s3:*", Resource: both, Condition: overHttp }),
  ),
  hole(
    "an Allow over TLS",
    "identity policies still allow plain HTTP",
    ofMine,
    allow({ Action: "s3:*", Resource: both, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
  ),
  hole(
    "a string operator and a capital letter",
    "string operators compare with `false`",
    http(),
    deny({ Condition: { StringEquals: { "aws:SecureTransport": "False" } } }),
  ),
  hole(
    "a key that is always there is missing",
    "aws:SecureTransport is in each request",
    http(),
    deny({ Condition: { Null: { "aws:SecureTransport": "true" } } }),
  ),
  hole(
    "an old TLS version",
    "s3:TlsVersion is absent on plain HTTP",
    http(),
    deny({ Condition: { NumericLessThan: { "s3:TlsVersion": 1.2 } } }),
  ),
  hole(
    "one TLS version",
    "s3:TlsVersion is absent on plain HTTP",
    http(),
    deny({ Condition: { NumericEquals: { "s3:TlsVersion": ["1.0", "1.1"] } } }),
  ),
  hole(
    "plain HTTP and an old TLS version",
    "both never hold together",
    http(),
    when({ NumericLessThan: { "s3:TlsVersion": "1.2" } }),
  ),
  hole(
    "the own account, by condition",
    "others go on",
    ofOthers,
    when({ StringEquals: { "aws:PrincipalAccount": own } }),
  ),
  hole("other accounts", "the own one goes on", ofMine, when({ StringNotEquals: { "aws:PrincipalAccount": own } })),
  hole(
    "accounts other than the bucket's, by a variable",
    "the own one goes on",
    ofMine,
    when({ StringNotEquals: { "aws:PrincipalAccount": "${aws:ResourceAccount}" } }),
  ),
  hole(
    "an account that doesn't exist",
    "it is everybody else",
    http(),
    when({ StringEquals: { "aws:PrincipalAccount": "000000000000" } }),
  ),
  hole(
    "all but an administrator",
    "the administrator goes on",
    http({ principal: roleOf(own, "admin") }),
    when({ ArnNotLike: { "aws:PrincipalArn": roleOf(own, "admin*") } }),
  ),
  hole(
    "all but two users",
    "a negated operator is false for each of its values",
    http({ principal: userOf(own, "bob") }),
    when({ StringNotEquals: { "aws:PrincipalArn": [userOf(own), userOf(own, "bob")] } }),
  ),
  hole("with a principal", "the anonymous caller has none", http(), when({ Null: { "aws:PrincipalArn": "false" } })),
  hole("without a principal", "who signs goes on", ofMine, when({ Null: { "aws:PrincipalArn": "true" } })),
  hole(
    "no AWS service",
    "the key is absent for the anonymous caller, and Bool is false on an absent key",
    http(),
    deny({ Condition: { Bool: { "aws:SecureTransport": "false", "aws:PrincipalIsAWSService": "false" } } }),
  ),
  hole(
    "without MFA",
    "long-term credentials and the anonymous caller don't have the key",
    http(),
    deny({ Condition: { Bool: { "aws:SecureTransport": "false", "aws:MultiFactorAuthPresent": "false" } } }),
  ),
  hole(
    "outside the organisation",
    "members go on",
    http({ principal: roleOf(own), context: { "aws:PrincipalOrgID": "o-own" } }),
    when({ StringNotEquals: { "aws:PrincipalOrgID": "o-own" } }),
  ),
  hole(
    "two organisations and who is in none, badly split",
    "who has no organisation is in neither part",
    http(),
    when({ StringEquals: { "aws:PrincipalOrgID": "o-own" } }),
    when({ StringNotEquals: { "aws:PrincipalOrgID": "o-own" }, Null: { "aws:PrincipalOrgID": "false" } }),
  ),
  hole(
    "untagged callers",
    "tagged ones go on",
    http({ principal: userOf(own), context: { "aws:PrincipalTag/exempt": "true" } }),
    when({ StringNotEquals: { "aws:PrincipalTag/exempt": "true" } }),
  ),
  hole(
    "outside an address range",
    "inside goes on",
    http({ context: { "aws:SourceIp": "10.1.2.3" } }),
    when({ NotIpAddress: { "aws:SourceIp": "10.0.0.0/8" } }),
  ),
  hole(
    "from any IPv4 address",
    "there are IPv6 and VPC endpoints",
    http({ context: { "aws:SourceIp": "2001:db8::1" } }),
    when({ IpAddress: { "aws:SourceIp": "0.0.0.0/0" } }),
  ),
  hole(
    "the address space in two halves",
    "through a VPC endpoint there is no aws:SourceIp",
    http({ context: { "aws:SourceVpce": "vpce-1" } }),
    when({ IpAddress: { "aws:SourceIp": ["0.0.0.0/1", "::/0"] } }),
    when({ IpAddress: { "aws:SourceIp": "128.0.0.0/1" } }),
  ),
  hole(
    "outside a VPC endpoint",
    "inside goes on",
    http({ context: { "aws:SourceVpce": "vpce-1" } }),
    when({ StringNotEquals: { "aws:SourceVpce": "vpce-1" } }),
  ),
  hole(
    "outside a VPC, if there is one",
    "inside goes on",
    http({ context: { "aws:SourceVpc": "vpc-1", "aws:SourceVpce": "vpce-1" } }),
    when({ StringNotEqualsIfExists: { "aws:SourceVpc": "vpc-1" } }),
  ),
  hole(
    "anonymous callers",
    "signed requests go on",
    ofMine,
    when({ StringEquals: { "aws:PrincipalType": "Anonymous" } }),
  ),
  hole(
    "browsers",
    "a user agent says what it likes",
    http({ context: { "aws:UserAgent": "curl/8" } }),
    when({ StringLike: { "aws:UserAgent": "Mozilla*" } }),
  ),
  hole(
    "all but one referer",
    "anybody can send it",
    http({ context: { "aws:Referer": "https://example.com/" } }),
    when({ StringNotLike: { "aws:Referer": "https://example.com/*" } }),
  ),
  hole(
    "from next year on",
    "until then it is open",
    http({ context: { "aws:CurrentTime": "2026-12-31T00:00:00Z" } }),
    when({ DateGreaterThanEquals: { "aws:CurrentTime": "2027-01-01T00:00:00Z" } }),
  ),
  hole(
    "until next year",
    "then it is open",
    http({ context: { "aws:CurrentTime": "2027-01-02T00:00:00Z" } }),
    when({ DateLessThan: { "aws:CurrentTime": "2027-01-01T00:00:00Z" } }),
  ),
  hole(
    "until and from, with a second between",
    "the day itself",
    http({ context: { "aws:CurrentTime": "2027-01-01T00:00:00Z" } }),
    when({ DateLessThan: { "aws:CurrentTime": "2027-01-01T00:00:00Z" } }),
    when({ DateGreaterThan: { "aws:CurrentTime": "2027-01-01T00:00:00Z" } }),
  ),
  hole(
    "any value of an absent key",
    "ForAnyValue is false on an absent key",
    http(),
    when({ "ForAnyValue:StringNotEquals": { "aws:PrincipalOrgPaths": "o-own/r-1/*" } }),
  ),
  hole(
    "all values of a key that is there",
    "ForAllValues is false where one value differs",
    http({ principal: roleOf(own), context: { "aws:PrincipalOrgPaths": ["o-own/r-1/"] } }),
    when({ "ForAllValues:StringEquals": { "aws:PrincipalOrgPaths": "o-other/r-1/" } }),
  ),
  hole(
    "an ARN operator with a name",
    "what is no ARN matches nothing",
    http(),
    when({ ArnLike: { "aws:PrincipalArn": "*" } }),
  ),
  hole(
    "two conditions that never hold together",
    "everything goes on",
    http(),
    when({ StringEquals: { "aws:PrincipalAccount": own }, StringNotEquals: { "aws:PrincipalAccount": own } }),
  ),
  hole("nothing at all", "a Deny of something else", http(), deny({ Action: "s3:DeleteBucket", Resource: bucket })),
];

const together: readonly Row[] = [
  hole(
    "reads on objects, lists on the bucket",
    "writes on objects",
    put,
    tls({ Action: "s3:Get*", Resource: objects }),
    tls({ Action: "s3:List*", Resource: bucket }),
  ),
  hole(
    "two prefixes",
    "the other keys",
    http({ resource: `${bucket}/c` }),
    tls({ Resource: [bucket, `${bucket}/a*`] }),
    tls({ Resource: `${bucket}/b*` }),
  ),
  hole(
    "one prefix, and all but a longer one",
    "what is between",
    http({ resource: `${bucket}/ac` }),
    tls({ Resource: `${bucket}/ab*` }),
    tls({ Resource: undefined, NotResource: `${bucket}/a*` }),
  ),
  hole(
    "people by name, in three parts of two",
    "the third",
    http({ principal: userOf(own, "carol") }),
    when({ StringEquals: { "aws:username": "ada" } }),
    when({ StringNotEquals: { "aws:username": ["ada", "carol"] } }),
  ),
  hole(
    "actions in two statements, each with its own condition",
    "writes by others",
    http({ principal: roleOf(outside), action: "s3:PutObject" }),
    tls({ Action: "s3:Get*" }),
    deny({
      Action: undefined,
      NotAction: "s3:Get*",
      Condition: { ...overHttp, StringEquals: { "aws:PrincipalAccount": own } },
    }),
  ),
];

const listOf = (maxKeys: string) =>
  http({ action: "s3:ListBucket", resource: bucket, context: { "s3:max-keys": maxKeys } });

/** Numbers and addresses that are compared as text. */
const asText: readonly Row[] = [
  hole(
    "all but addresses that begin with 52",
    "those begin so",
    http({ context: { "aws:SourceIp": "52.0.0.1" } }),
    when({ StringNotLike: { "aws:SourceIp": "52.*" } }),
  ),
  hole(
    "all but addresses of a range, and all but those of a pattern",
    "what is in both",
    http({ context: { "aws:SourceIp": "52.10.0.1" } }),
    when({ NotIpAddress: { "aws:SourceIp": "52.0.0.0/8" } }),
    when({ StringNotLike: { "aws:SourceIp": "52.1?.*" } }),
  ),
  hole("all but lists of less than ten", "five are less", listOf("5"), when({ StringNotLike: { "s3:max-keys": "?" } })),
  hole(
    "all but lists of seven, seventy and more, and the seven",
    "seventy is another number",
    listOf("70"),
    when({ StringNotLike: { "s3:max-keys": "7*" } }),
    when({ StringEquals: { "s3:max-keys": "7" } }),
  ),
];

/** Policies that look as if they stopped plain HTTP. */
export const lookRightHttp: readonly Row[] = [
  ...resources,
  ...actions,
  ...principals,
  ...conditions,
  ...together,
  ...asText,
];
