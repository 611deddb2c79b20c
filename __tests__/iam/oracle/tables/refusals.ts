/** What is said of each refused text: the place, what was expected, what was found. */

import { refusedPrincipals } from "./refused-principals";

const nothing = "names nothing, so that no one can tell whether everything or nothing is meant";

/** The problems by the row's name in `refused`, joined by `; `. */
export const refusals: ReadonlyMap<string, string> = new Map([
  ["nothing", "not JSON: expected a value at line 1, column 1, found its end"],
  ["no JSON", "not JSON: expected a value at line 1, column 1, found `V`"],
  ["a list", "a policy is an object, found a list"],
  ["a number", "a policy is an object, found a number"],
  ["null", "a policy is an object, found null"],
  ["a string", "a policy is an object, found a string"],
  ["an empty object", "expected `Statement`, found none"],
  ["cut off", "not JSON: expected `,` or `}` at line 1, column 139, found its end"],
  ["something behind the end", "not JSON: expected the end of the policy at line 1, column 196, found `x`"],
  ["a comma too many", "not JSON: expected a value at line 1, column 194, found `]`"],
  ["a comment", 'not JSON: expected `"` at line 1, column 25, found `/`'],
  ["an empty list of statements", "expected a statement, found an empty list"],
  ["an id that is a number", "`Id` is a string, found a number"],
  ["a name of a statement that is a list", "statement 1: `Sid` is a string, found a list"],
  ["a flag", "a policy is an object, found a boolean"],
  ["no statement", "expected `Statement`, found none"],
  ["a statement that is text", "statement 1: a statement is an object, found a string"],
  ["a list of null", "statement 1: a statement is an object, found null"],
  ["an unknown element", "unknown element `Statements`"],
  ["a version of another day", "`Version` is `2012-10-17` or `2008-10-17`, found `2012-10-18`"],
  ["a version that is a number", "`Version` is `2012-10-17` or `2008-10-17`, found a number"],
  ["the same key twice", "the key `Condition` stands twice in one object"],
  ["the same element twice", "the key `Effect` stands twice in one object"],
  ["ten thousand lists", "nested deeper than 40 levels"],
  ["six thousand objects in an element", "nested deeper than 40 levels"],
  [
    "longer than twice S3's limit",
    "41202 bytes without white space, twice the 20 KB that AWS takes in a bucket policy and more",
  ],
  ["no effect", "statement 1: `Effect` is `Allow` or `Deny`, found none"],
  ["an effect in small letters", "statement 1: `Effect` is `Allow` or `Deny`, found `deny`"],
  ["an effect that isn't one", "statement 1: `Effect` is `Allow` or `Deny`, found `Block`"],
  ["an effect in a list", "statement 1: `Effect` is `Allow` or `Deny`, found a list"],
  ["no action", "statement 1: expected `Action`, found none"],
  ["both kinds of action", "statement 1: `Action` and `NotAction` stand together"],
  ["no resource", "statement 1: expected `Resource`, found none"],
  ["both kinds of resource", "statement 1: `Resource` and `NotResource` stand together"],
  ["no principal", "statement 1: expected `Principal`, found none"],
  ["both kinds of principal", "statement 1: `Principal` and `NotPrincipal` stand together"],
  ["an element that isn't one", "statement 1: unknown element `Conditions`"],
  ["an action without a service", "statement 1: an action is `s3:` and a name, found `GetObject`"],
  ["a service with a wildcard in its name", "statement 1: an action is `s3:` and a name, found `s*:*`"],
  ["an action that S3 doesn't have", "statement 1: S3 has no action `s3:ListObjects` (as of 2026-09-26)"],
  ["an action that is a number", "statement 1: `Action` is a string or a list of strings, found a number"],
  ["an action that is null", "statement 1: expected `Action`, found none"],
  ["a resource that is no ARN", "statement 1: a resource is `*` or an ARN, found `bkt/*`"],
  ["a resource that is an object", "statement 1: `Resource` is a string or a list of strings, found an object"],
  [
    "a principal that is an ARN",
    "statement 1: `Principal` is `*` or an object, found `arn:aws:iam::111122223333:root`",
  ],
  ["a principal that is a list", "statement 1: `Principal` is `*` or an object, found a list"],
  [
    "a principal of an unknown kind",
    "statement 1: `Principal` takes `AWS`, `Service`, `Federated` and `CanonicalUser`, found `User`",
  ],
  [
    "a wildcard in a principal's ARN",
    "statement 1: `Principal` `arn:aws:iam::111122223333:role/*`: a wildcard can't be part of a principal: expected `*` alone or the whole name",
  ],
  [
    "a principal that is no principal",
    "statement 1: `Principal` `arn:aws:s3:::bkt`: expected a twelve-digit account number in a principal's ARN",
  ],
  [
    "an account number with eleven digits",
    "statement 1: `Principal` `11112222333`: expected `*`, an account number, an ARN or a unique id",
  ],
  ["a principal that is a number", "statement 1: `Principal.AWS` is a string or a list of strings, found a number"],
  ["conditions in a list", "statement 1: `Condition` is an object, found a list"],
  ["an operator that isn't one", "statement 1: unknown condition operator `StringMatches`"],
  ["an operator in small letters", "statement 1: unknown condition operator `bool`: it is written `Bool`"],
  ["an operator with half a suffix", "statement 1: unknown condition operator `BoolIfExist`"],
  [
    "an operator of all values in other capitals",
    "statement 1: unknown condition operator `forallvalues:stringlike`: it is written `ForAllValues:StringLike`",
  ],
  [
    "an operator of any value in other capitals",
    "statement 1: unknown condition operator `ForAnyvalue:StringLike`: it is written `ForAnyValue:StringLike`",
  ],
  ["Null of any value", "statement 1: unknown condition operator `ForAnyValue:Null`"],
  ["Null with IfExists", "statement 1: unknown condition operator `NullIfExists`"],
  ["an unknown set operator", "statement 1: unknown condition operator `ForSomeValues:StringEquals`"],
  ["an operator without keys", "statement 1: `Bool` is an object of condition keys, found a string"],
  [
    "a value that is an object",
    "statement 1: `Bool aws:SecureTransport` is a string or a list of strings, found an object",
  ],
  ["a value that is null", "statement 1: `Bool aws:SecureTransport` is a string or a list of strings, found null"],
  [
    "the same key twice, in different capitals",
    "statement 1: `Bool` has `aws:securetransport` twice, in different capitals",
  ],
  [
    "a variable where addresses are compared",
    "statement 1: `NotIpAddress` `aws:SourceIp`: it takes no policy variable, found `${aws:PrincipalTag/net}`",
  ],
  [
    "a variable where booleans are compared",
    "statement 1: `Bool` `aws:SecureTransport`: it takes no policy variable, found `${aws:PrincipalTag/tls, 'false'}`",
  ],
  ["a number that isn't one", "statement 1: `NumericLessThan` `s3:TlsVersion`: expected a number, found `new`"],
  ["a day that isn't one", "statement 1: `DateLessThan` `aws:CurrentTime`: expected a date, found `tomorrow`"],
  [
    "an address that isn't one",
    "statement 1: `IpAddress` `aws:SourceIp`: expected an IP address or CIDR range, found `300.0.0.0/8`",
  ],
  [
    "a range that is too narrow",
    "statement 1: `IpAddress` `aws:SourceIp`: expected an IP address or CIDR range, found `10.0.0.0/33`",
  ],
  ["a boolean that isn't one", "statement 1: `Bool` `aws:SecureTransport`: expected `true` or `false`, found `no`"],
  ["a presence that isn't one", "statement 1: `Null` `aws:SourceVpce`: expected `true` or `false`, found `maybe`"],
  [
    "an S3 key with a typo",
    "statement 1: S3 has no condition key `s3:x-amz-server-side-encription`, so that it is absent from every request",
  ],
  [
    "a key of S3 that is a global one",
    "statement 1: S3 has no condition key `s3:SecureTransport`, so that it is absent from every request",
  ],
  [
    "a KMS key with a typo",
    "statement 1: KMS has no condition key `kms:CallerAcount`, so that it is absent from every request",
  ],
  [
    "a key policy without a resource",
    "statement 1: without `Resource` it has no effect in KMS, so that somebody meant something else",
  ],
  [
    "a wildcard in a principal's ARN of a key policy",
    "statement 1: `Principal` `arn:aws:iam::444455556666:role/*`: a wildcard can't be part of a principal: expected `*` alone or the whole name",
  ],
  [
    "all values but none",
    "statement 1: `StringNotEquals` `aws:SourceVpce` compares with nothing, so that no one can tell whether it always or never holds",
  ],
  ["all actions but none", `statement 1: \`NotAction\` ${nothing}`],
  ["all resources but none", `statement 1: \`NotResource\` ${nothing}`],
  ["all principals but none", `statement 1: \`NotPrincipal\` ${nothing}`],
  ["all principals but those of an empty list", `statement 1: \`NotPrincipal\` ${nothing}`],
  ...refusedPrincipals.map(
    ([name, , value, problem]) => [name, `statement 1: \`Principal\` \`${value}\`: ${problem}`] as const,
  ),
]);
