/** Bucket policies that look as if every put carried encryption and don't, each with a put that gets through. */

import type { Question } from "../domain";
import type { Request, StatementJson } from "../naive";
import {
  anyPuts,
  bucket,
  denyPut,
  header,
  key,
  kmsPuts,
  lenientPuts,
  objects,
  own,
  policy,
  put,
  type Row,
  roleOf,
  rootOf,
} from "./row";

const hole = (
  name: string,
  ask: Question,
  because: string,
  through: Request,
  ...statements: readonly StatementJson[]
): Row => ({ name, ask, policy: policy(...statements), expected: "found", because, through });

const when = (condition: StatementJson["Condition"]): StatementJson => denyPut({ Condition: condition });

/** A Deny of every put that isn't KMS, with something else wrong. */
const notKms = (changes: Parameters<typeof denyPut>[0]): StatementJson =>
  denyPut({ Condition: { StringNotEquals: { [header]: "aws:kms" } }, ...changes });

const bare = put();
const aes = put({ [header]: "AES256" });
const ownKeyOnly = put({ [`${header}-customer-algorithm`]: "AES256" });

/** Policies that look as if puts had to carry encryption. */
export const lookRightPuts: readonly Row[] = [
  hole("the header is there", kmsPuts, "AES256 is there as well", aes, when({ Null: { [header]: "true" } })),
  hole("AES256 for a KMS default", kmsPuts, "too weak", aes, when({ StringNotEquals: { [header]: "AES256" } })),
  hole(
    "either algorithm for a KMS default",
    kmsPuts,
    "AES256 is too weak",
    aes,
    when({ StringNotEquals: { [header]: ["AES256", "aws:kms"] } }),
  ),
  hole(
    "a wrong header that is there",
    kmsPuts,
    "the header may be missing",
    bare,
    when({ StringNotEquals: { [header]: "aws:kms" }, Null: { [header]: "false" } }),
  ),
  hole(
    "a wrong header that is there, where a missing one is fine",
    lenientPuts,
    "a customer's own key comes without the header",
    ownKeyOnly,
    when({ StringNotEquals: { [header]: "aws:kms" }, Null: { [header]: "false" } }),
  ),
  hole("AES256 by name", kmsPuts, "the header may be missing", bare, when({ StringEquals: { [header]: "AES256" } })),
  hole(
    "AES256 in small letters",
    lenientPuts,
    "StringEquals has case",
    aes,
    when({ StringEquals: { [header]: "aes256" } }),
  ),
  hole(
    "whatever doesn't look like anything",
    kmsPuts,
    "everything does",
    aes,
    when({ StringNotLike: { [header]: "*" } }),
  ),
  hole(
    "whatever doesn't start with a",
    kmsPuts,
    "patterns ignore nothing: AES256 is matched by `?ES*`",
    aes,
    when({ StringNotLike: { [header]: ["aws:*", "?ES*"] } }),
  ),
  hole(
    "any value that differs",
    kmsPuts,
    "ForAnyValue is false on an absent key",
    bare,
    when({ "ForAnyValue:StringNotEquals": { [header]: "aws:kms" } }),
  ),
  hole(
    "a missing header without a customer's key",
    anyPuts,
    "a customer's key alone names no acceptable encryption",
    ownKeyOnly,
    when({ Null: { [header]: "true", [`${header}-customer-algorithm`]: "true" } }),
  ),
  hole(
    "another key than the bucket's",
    kmsPuts,
    "without a key id the condition is false",
    bare,
    when({ StringNotEquals: { [`${header}-aws-kms-key-id`]: key }, Null: { [`${header}-aws-kms-key-id`]: "false" } }),
  ),
  hole("the ACL action", kmsPuts, "another action", bare, notKms({ Action: "s3:PutObjectAcl" })),
  hole("one letter too many", kmsPuts, "`?` is exactly one", bare, notKms({ Action: "s3:PutObject?" })),
  hole("all but puts", kmsPuts, "NotAction exempts them", bare, notKms({ Action: undefined, NotAction: "s3:Put*" })),
  hole("the bucket", kmsPuts, "a put acts on an object", bare, notKms({ Resource: bucket })),
  hole("one folder", kmsPuts, "the others", bare, notKms({ Resource: `${bucket}/private/*` })),
  hole(
    "all but one folder",
    kmsPuts,
    "that one",
    put({}, { resource: `${bucket}/tmp/x` }),
    notKms({ Resource: undefined, NotResource: [`${bucket}/tmp/*`] }),
  ),
  hole("a sibling bucket", kmsPuts, "another name", bare, notKms({ Resource: "arn:aws:s3:::bkt-data/*" })),
  hole(
    "the own account",
    kmsPuts,
    "others put as well",
    put({}, { principal: "*" }),
    notKms({ Principal: { AWS: own } }),
  ),
  hole(
    "all but a role",
    kmsPuts,
    "the role",
    bare,
    notKms({ Principal: undefined, NotPrincipal: { AWS: [roleOf(own), rootOf(own)] } }),
  ),
  hole(
    "all but a role, by condition",
    kmsPuts,
    "the role",
    bare,
    when({ StringNotEquals: { [header]: "aws:kms" }, ArnNotEquals: { "aws:PrincipalArn": roleOf(own) } }),
  ),
  hole(
    "all but AWS services",
    kmsPuts,
    "puts by services count: s3-encrypted-puts-only says «by anyone»",
    put({}, { principal: { service: "logging.s3.amazonaws.com" } }),
    when({ StringNotEquals: { [header]: "aws:kms" }, BoolIfExists: { "aws:PrincipalIsAWSService": "false" } }),
  ),
  hole(
    "over plain HTTP",
    kmsPuts,
    "over TLS it goes through",
    bare,
    when({ StringNotEquals: { [header]: "aws:kms" }, Bool: { "aws:SecureTransport": "false" } }),
  ),
  hole(
    "over TLS",
    kmsPuts,
    "over plain HTTP it goes through",
    put({ "aws:SecureTransport": "false" }),
    when({ StringNotEquals: { [header]: "aws:kms" }, Bool: { "aws:SecureTransport": "true" } }),
  ),
  hole(
    "with an ACL",
    kmsPuts,
    "a put needs none",
    bare,
    when({ StringNotEquals: { [header]: "aws:kms", "s3:x-amz-acl": "private" }, Null: { "s3:x-amz-acl": "false" } }),
  ),
  hole(
    "two folders, of which one is misspelt",
    kmsPuts,
    "the hole between",
    put({}, { resource: `${bucket}/a` }),
    notKms({ Resource: `${bucket}/a/*` }),
    notKms({ Resource: undefined, NotResource: `${bucket}/a*` }),
  ),
  hole(
    "one Deny a half: header missing, or wrong and KMS key missing",
    kmsPuts,
    "AES256 is neither",
    aes,
    when({ Null: { [header]: "true" } }),
    when({ StringEquals: { [header]: "aws:kms" }, Null: { [`${header}-aws-kms-key-id`]: "true" } }),
  ),
  hole(
    "two algorithms, each in a Deny of the other",
    anyPuts,
    "neither looks at a missing header",
    bare,
    when({ StringEquals: { [header]: "aws:kms" } }),
    when({ StringEquals: { [header]: "AES256" } }),
  ),
  hole("a Deny on nothing but lists", kmsPuts, "no put", bare, notKms({ Action: "s3:List*", Resource: objects })),
];
