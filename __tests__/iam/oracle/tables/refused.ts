/** Texts that AWS would refuse as a policy, or of which no one can tell what they say. */

import { refusedPrincipals } from "./refused-principals";
import { bucket, keyOutsiders, objects, outside, own, plainHttp, type TextRow } from "./row";

/** A statement that is right, as text, to be spoiled. */
const right = `"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["${bucket}","${objects}"]`;
const overHttp = `"Condition":{"Bool":{"aws:SecureTransport":"false"}}`;

const text = (name: string, because: string, policy: string): TextRow => ({
  name,
  ask: plainHttp,
  policy,
  expected: "refused",
  because,
});

/** One statement in an otherwise right policy. */
const statement = (name: string, because: string, inside: string): TextRow =>
  text(name, because, `{"Version":"2012-10-17","Statement":[{${inside}}]}`);

/** A right statement with a condition. */
const condition = (name: string, because: string, inside: string): TextRow =>
  statement(name, because, `${right},"Condition":${inside}`);

const keyStatement = (name: string, because: string, inside: string): TextRow => ({
  ...statement(name, because, inside),
  ask: keyOutsiders,
});

const grammar = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html";
const operators =
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html";
const principals = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html";

const empty =
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html: an empty list has no effect";

/** Texts that are no policy. */
export const refused: readonly TextRow[] = [
  text("nothing", grammar, ""),
  text("no JSON", grammar, "Version: 2012-10-17"),
  text("a list", grammar, "[]"),
  text("a number", grammar, "42"),
  text("null", grammar, "null"),
  text("a string", grammar, `"policy"`),
  text("an empty object", grammar, "{}"),
  text("cut off", grammar, `{"Version":"2012-10-17","Statement":[{${right}`),
  text("something behind the end", grammar, `{"Version":"2012-10-17","Statement":[{${right},${overHttp}}]} x`),
  text("a comma too many", grammar, `{"Version":"2012-10-17","Statement":[{${right},${overHttp}},]}`),
  text("a comment", grammar, `{"Version":"2012-10-17",/* all */"Statement":[{${right},${overHttp}}]}`),
  text("an empty list of statements", grammar, '{"Version":"2012-10-17","Statement":[]}'),
  text("an id that is a number", grammar, `{"Version":"2012-10-17","Id":7,"Statement":[{${right}}]}`),
  text(
    "a name of a statement that is a list",
    grammar,
    `{"Version":"2012-10-17","Statement":[{"Sid":["x"],${right}}]}`,
  ),
  text("a flag", grammar, "true"),
  text("no statement", grammar, `{"Version":"2012-10-17"}`),
  text("a statement that is text", grammar, `{"Version":"2012-10-17","Statement":"all"}`),
  text("a list of null", grammar, `{"Version":"2012-10-17","Statement":[null]}`),
  text("an unknown element", grammar, `{"Version":"2012-10-17","Statements":[],"Statement":[{${right},${overHttp}}]}`),
  text("a version of another day", grammar, `{"Version":"2012-10-18","Statement":[{${right},${overHttp}}]}`),
  text("a version that is a number", grammar, `{"Version":20121017,"Statement":[{${right},${overHttp}}]}`),
  text(
    "the same key twice",
    "help/design.md: AWS refuses duplicate keys or no one can tell which counts",
    `{"Version":"2012-10-17","Statement":[{${right},${overHttp},${overHttp}}]}`,
  ),
  text(
    "the same element twice",
    "help/design.md: AWS refuses duplicate keys or no one can tell which counts",
    `{"Version":"2012-10-17","Statement":[{${right},${overHttp},"Effect":"Allow"}]}`,
  ),
  text("ten thousand lists", "no text may end in a stack overflow", "[".repeat(10_000)),
  text(
    "six thousand objects in an element",
    "no text may end in a stack overflow",
    `{"Version":"2012-10-17","Statement":${`{"a":`.repeat(6_000)}1${"}".repeat(6_000)}}`,
  ),
  text(
    "longer than twice S3's limit",
    "S3 user guide: bucket policies are limited to 20 KB in size",
    `{"Version":"2012-10-17","Id":"${"a".repeat(41_000)}","Statement":[{${right},${overHttp}}]}`,
  ),
  statement("no effect", grammar, `"Principal":"*","Action":"s3:*","Resource":"*"`),
  statement("an effect in small letters", grammar, `"Effect":"deny","Principal":"*","Action":"s3:*","Resource":"*"`),
  statement("an effect that isn't one", grammar, `"Effect":"Block","Principal":"*","Action":"s3:*","Resource":"*"`),
  statement("an effect in a list", grammar, `"Effect":["Deny"],"Principal":"*","Action":"s3:*","Resource":"*"`),
  statement("no action", grammar, `"Effect":"Deny","Principal":"*","Resource":"*"`),
  statement("both kinds of action", grammar, `${right},"NotAction":"s3:Get*"`),
  statement("no resource", grammar, `"Effect":"Deny","Principal":"*","Action":"s3:*"`),
  statement("both kinds of resource", grammar, `${right},"NotResource":"*"`),
  statement("no principal", grammar, `"Effect":"Deny","Action":"s3:*","Resource":"*"`),
  statement("both kinds of principal", grammar, `${right},"NotPrincipal":{"AWS":"${own}"}`),
  statement("an element that isn't one", grammar, `${right},"Conditions":{"Bool":{"aws:SecureTransport":"false"}}`),
  statement(
    "an action without a service",
    grammar,
    `"Effect":"Deny","Principal":"*","Action":"GetObject","Resource":"*"`,
  ),
  statement(
    "a service with a wildcard in its name",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html",
    `"Effect":"Deny","Principal":"*","Action":"s*:*","Resource":"*"`,
  ),
  statement(
    "an action that S3 doesn't have",
    "S3 answers `Policy has invalid action`",
    `"Effect":"Deny","Principal":"*","Action":["s3:*","s3:ListObjects"],"Resource":"*"`,
  ),
  statement("an action that is a number", grammar, `"Effect":"Deny","Principal":"*","Action":7,"Resource":"*"`),
  statement("an action that is null", grammar, `"Effect":"Deny","Principal":"*","Action":null,"Resource":"*"`),
  statement("a resource that is no ARN", grammar, `"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"bkt/*"`),
  statement("a resource that is an object", grammar, `"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":{}`),
  statement(
    "a principal that is an ARN",
    principals,
    `"Effect":"Deny","Principal":"arn:aws:iam::${own}:root","Action":"s3:*","Resource":"*"`,
  ),
  statement(
    "a principal that is a list",
    principals,
    `"Effect":"Deny","Principal":["*"],"Action":"s3:*","Resource":"*"`,
  ),
  statement(
    "a principal of an unknown kind",
    principals,
    `"Effect":"Deny","Principal":{"User":"ada"},"Action":"s3:*","Resource":"*"`,
  ),
  statement(
    "a wildcard in a principal's ARN",
    principals,
    `"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::${own}:role/*"},"Action":"s3:*","Resource":"*"`,
  ),
  statement(
    "a principal that is no principal",
    principals,
    `"Effect":"Deny","Principal":{"AWS":"arn:aws:s3:::bkt"},"Action":"s3:*","Resource":"*"`,
  ),
  statement(
    "a role's name with a colon",
    "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html",
    `"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::${own}:role/team:app"},"Action":"s3:*","Resource":"*"`,
  ),
  statement(
    "a user's name with a space",
    "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html",
    `"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::${own}:user/ada lovelace"},"Action":"s3:*","Resource":"*"`,
  ),
  statement(
    "an account number with eleven digits",
    principals,
    `"Effect":"Deny","Principal":{"AWS":"11112222333"},"Action":"s3:*","Resource":"*"`,
  ),
  statement(
    "a principal that is a number",
    principals,
    `"Effect":"Deny","Principal":{"AWS":111122223333},"Action":"s3:*","Resource":"*"`,
  ),
  condition("conditions in a list", grammar, `[{"Bool":{"aws:SecureTransport":"false"}}]`),
  condition("an operator that isn't one", operators, `{"StringMatches":{"aws:username":"ada"}}`),
  condition(
    "an operator in small letters",
    "help/design.md: operator names have case",
    `{"bool":{"aws:SecureTransport":"false"}}`,
  ),
  condition("an operator with half a suffix", operators, `{"BoolIfExist":{"aws:SecureTransport":"false"}}`),
  condition("Null with IfExists", operators, `{"NullIfExists":{"aws:SecureTransport":"false"}}`),
  condition("Null of any value", operators, `{"ForAnyValue:Null":{"aws:CalledVia":"false"}}`),
  condition(
    "an operator of all values in other capitals",
    operators,
    `{"forallvalues:stringlike":{"aws:CalledVia":"a"}}`,
  ),
  condition(
    "an operator of any value in other capitals",
    operators,
    `{"ForAnyvalue:StringLike":{"aws:CalledVia":"a"}}`,
  ),
  condition("an operator with something before it", operators, `{"xForAnyValue:StringLike":{"aws:CalledVia":"a"}}`),
  condition("an unknown set operator", operators, `{"ForSomeValues:StringEquals":{"aws:TagKeys":"a"}}`),
  condition("an operator without keys", grammar, `{"Bool":"false"}`),
  condition("a value that is an object", grammar, `{"Bool":{"aws:SecureTransport":{}}}`),
  condition("a value that is null", grammar, `{"Bool":{"aws:SecureTransport":null}}`),
  condition(
    "the same key twice, in different capitals",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html",
    `{"Bool":{"aws:SecureTransport":"false","aws:securetransport":"false"}}`,
  ),
  condition(
    "a variable where addresses are compared",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html",
    `{"NotIpAddress":{"aws:SourceIp":"\${aws:PrincipalTag/net}"}}`,
  ),
  condition(
    "a variable where booleans are compared",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html",
    `{"Bool":{"aws:SecureTransport":"\${aws:PrincipalTag/tls, 'false'}"}}`,
  ),
  condition("a number that isn't one", operators, `{"NumericLessThan":{"s3:TlsVersion":"new"}}`),
  condition("a day that isn't one", operators, `{"DateLessThan":{"aws:CurrentTime":"tomorrow"}}`),
  condition("an address that isn't one", operators, `{"IpAddress":{"aws:SourceIp":"300.0.0.0/8"}}`),
  condition("a range that is too narrow", operators, `{"IpAddress":{"aws:SourceIp":"10.0.0.0/33"}}`),
  condition("a boolean that isn't one", operators, `{"Bool":{"aws:SecureTransport":"no"}}`),
  condition("a presence that isn't one", operators, `{"Null":{"aws:SourceVpce":"maybe"}}`),
  condition(
    "an S3 key with a typo",
    "help/design.md: a typo is always absent",
    `{"Null":{"s3:x-amz-server-side-encription":"true"}}`,
  ),
  condition(
    "a key of S3 that is a global one",
    "help/design.md: a typo is always absent",
    `{"Bool":{"s3:SecureTransport":"false"}}`,
  ),
  keyStatement(
    "a KMS key with a typo",
    "help/design.md: a typo is always absent",
    `"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"kms:CallerAcount":"${own}"}}`,
  ),
  keyStatement("a key policy without actions", grammar, `"Effect":"Allow","Principal":"*","Resource":"*"`),
  statement(
    "a problem under a name",
    grammar,
    `"Sid":"Tls","Effect":"deny","Principal":"*","Action":"s3:*","Resource":"*"`,
  ),
  statement(
    "a problem under an empty name",
    grammar,
    `"Sid":"","Effect":"deny","Principal":"*","Action":"s3:*","Resource":"*"`,
  ),
  keyStatement(
    "a key policy without a resource",
    "help/kms-no-cross-account.md: a statement without Resource has no effect in KMS",
    `"Effect":"Allow","Principal":{"AWS":"${own}"},"Action":"kms:*"`,
  ),
  keyStatement(
    "a wildcard in a principal's ARN of a key policy",
    principals,
    `"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::${outside}:role/*"},"Action":"kms:*","Resource":"*"`,
  ),
  condition(
    "an ARN that begins with a wildcard",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN",
    `{"ArnNotLike":{"aws:PrincipalArn":"*:aws:iam::${own}:role/app"}}`,
  ),
  condition("all values but none", empty, `{"StringNotEquals":{"aws:SourceVpce":[]}}`),
  condition("all values of several but none", empty, `{"ForAllValues:StringNotLike":{"aws:CalledVia":[]}}`),
  condition("all addresses but none, if there is one", empty, `{"NotIpAddressIfExists":{"aws:SourceIp":[]}}`),
  statement("all actions but none", empty, `"Effect":"Deny","Principal":"*","NotAction":[],"Resource":"*"`),
  statement("all resources but none", empty, `"Effect":"Deny","Principal":"*","Action":"s3:*","NotResource":[]`),
  statement("all principals but none", empty, `"Effect":"Deny","NotPrincipal":{},"Action":"s3:*","Resource":"*"`),
  statement(
    "all principals but those of an empty list",
    empty,
    `"Effect":"Deny","NotPrincipal":{"AWS":[]},"Action":"s3:*","Resource":"*"`,
  ),
  ...refusedPrincipals.map(([name, type, value]) =>
    statement(
      name,
      principals,
      `"Effect":"Deny","Principal":${JSON.stringify({ [type]: value })},"Action":"s3:*","Resource":"*"`,
    ),
  ),
];
