/** What S3 itself calls public: `restrict_public_buckets` shuts others out of such a bucket, and of no other. */
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html, «The meaning of "public"»
import { type BucketWorld, readPolicy } from "../../validators/iam/index";
import { isPublic } from "../../validators/iam/public";
import { Sym, Text, type Truth, Unknown } from "../../validators/kernel/index";

const world: BucketWorld = {
  arn: "arn:aws:s3:::b",
  account: "111122223333",
  partition: "aws",
  region: "eu-central-1",
  policyName: "aws_s3_bucket_policy.p.policy",
};
const about = (policy: Parameters<typeof readPolicy>[0]): Truth => isPublic(readPolicy(policy, "s3"), world);
const document = (version: string, ...statements: readonly object[]): string =>
  JSON.stringify({
    Version: version,
    Statement: statements.map((one) => ({
      Effect: "Allow",
      Principal: "*",
      Action: "s3:GetObject",
      Resource: "arn:aws:s3:::b/*",
      ...one,
    })),
  });
const policy = (...statements: readonly object[]): string => document("2012-10-17", ...statements);
const held = (operator: string, key: string, value: unknown, version = "2012-10-17"): string =>
  document(version, { Condition: { [operator]: { [key]: value } } });

test.each<[string, readonly object[], Truth]>([
  ["everyone", [{}], "yes"],
  ["everyone, in two words", [{ Principal: { AWS: "*" } }], "yes"],
  ["an account", [{ Principal: { AWS: "arn:aws:iam::444455556666:root" } }], "no"],
  ["a role", [{ Principal: { AWS: "arn:aws:iam::444455556666:role/x" } }], "no"],
  ["a service", [{ Principal: { Service: "logs.amazonaws.com" } }], "no"],
  ["a SAML provider", [{ Principal: { Federated: "arn:aws:iam::444455556666:saml-provider/x" } }], "no"],
  ["a web identity provider", [{ Principal: { Federated: "accounts.google.com" } }], "yes"],
  ["everyone but one", [{ Principal: undefined, NotPrincipal: { AWS: "arn:aws:iam::444455556666:root" } }], "yes"],
  ["a Deny to everyone", [{ Effect: "Deny" }], "no"],
  ["everyone in the second statement", [{ Principal: { Service: "logs.amazonaws.com" } }, {}], "yes"],
  ["everyone, and a Deny that leaves no fixed values", [{}, { Effect: "Deny" }], "yes"],
  ["an account and everyone", [{ Principal: { AWS: ["arn:aws:iam::444455556666:root", "*"] } }], "yes"],
])("%s", (_, statements, expected) => {
  expect(about(policy(...statements))).toBe(expected);
});

test.each([
  "aws:PrincipalArn",
  "aws:PrincipalAccount",
  "aws:PrincipalOrgID",
  "aws:PrincipalOrgPaths",
  "aws:PrincipalServiceName",
  "aws:SourceArn",
  "aws:SourceVpc",
  "aws:SourceVpce",
  "aws:SourceOwner",
  "aws:SourceAccount",
  "aws:SourceOrgID",
  "aws:userid",
  "s3:x-amz-server-side-encryption-aws-kms-key-id",
  "s3:DataAccessPointArn",
  "s3:DataAccessPointAccount",
])("a fixed value of %s holds a statement, in any case; a wildcard or a variable doesn't", (key) => {
  const quantifier = key === "aws:PrincipalOrgPaths" ? "ForAnyValue:" : "";
  const fixed = (operator: string, value: unknown, version?: string) =>
    about(held(`${quantifier}${operator}`, key, value, version));
  expect(fixed("StringEquals", "x")).toBe("no");
  expect(about(held(`${quantifier}StringEquals`, key.toUpperCase(), "x"))).toBe("no");
  expect(fixed("StringEqualsIgnoreCase", ["x", "y"])).toBe("no");
  expect(fixed("StringLike", "x")).toBe("no");
  expect(fixed("StringEquals", "x*")).toBe("no");
  expect(fixed("StringLike", "x*")).toBe("yes");
  expect(fixed("StringLike", ["x", "y?"])).toBe("yes");
  expect(fixed("StringEquals", "${aws:username}")).toBe("yes");
  expect(fixed("StringEquals", "${aws:username}", "2008-10-17")).toBe("no");
});

test.each<[string, string, string, unknown, Truth]>([
  ["a negated operator", "StringNotEquals", "aws:PrincipalOrgID", "o-1", "yes"],
  ["an operator that an absent key fulfils", "StringEqualsIfExists", "aws:PrincipalOrgID", "o-1", "yes"],
  ["a quantifier that an absent key fulfils", "ForAllValues:StringEquals", "aws:PrincipalOrgPaths", "o-1/r/", "yes"],
  ["a key that holds nobody", "StringEquals", "aws:UserAgent", "x", "yes"],
  ["a key that holds nobody, as a flag", "Bool", "aws:SecureTransport", "true", "yes"],
  ["presence", "Null", "aws:PrincipalOrgID", "false", "yes"],
  ["an ARN", "ArnEquals", "aws:SourceArn", "arn:aws:sns:eu-central-1:111122223333:t", "no"],
  ["an ARN with a wildcard", "ArnLike", "aws:SourceArn", "arn:aws:sns:*:*:t", "yes"],
  ["an account's ARN with a wildcard", "ArnLike", "aws:SourceArn", "arn:aws:sns:*:111122223333:t", "unknown"],
  ["the same as text, which takes colons", "StringLike", "aws:SourceArn", "arn:aws:sns:*:111122223333:t", "yes"],
  ["an account's roles", "StringLike", "aws:PrincipalArn", "arn:aws:iam::999988887777:role/*", "unknown"],
  ["any account's roles", "StringLike", "aws:PrincipalArn", "arn:aws:iam::*:role/x", "yes"],
  ["a VPC by its ARN", "ArnEquals", "aws:SourceVpcArn", "arn:aws:ec2:us-east-1:111122223333:vpc/vpc-1", "unknown"],
  ["an account's VPCs", "ArnLike", "aws:SourceVpcArn", "arn:aws:ec2:*:111122223333:vpc/*", "unknown"],
  ["any VPC by its ARN", "ArnLike", "aws:SourceVpcArn", "arn:aws:ec2:*:*:vpc/*", "yes"],
  ["an account's endpoints", "StringEquals", "aws:VpceAccount", "999988887777", "unknown"],
  ["endpoints of accounts that begin alike", "StringLike", "aws:VpceAccount", "9999*", "yes"],
  ["an organisation's endpoints", "StringEquals", "aws:VpceOrgID", "o-a1b2c3d4e5", "unknown"],
  ["endpoints of a part of it", "ForAnyValue:StringLike", "aws:VpceOrgPaths", "o-a1b2c3d4e5/r-1/*", "unknown"],
  ["an organisation's paths", "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/*", "unknown"],
  ["any organisation's paths", "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a*/*", "yes"],
  ["an address as text", "StringEquals", "aws:SourceIp", "203.0.113.7", "unknown"],
  ["addresses as text", "StringLike", "aws:SourceIp", "203.0.113.*", "yes"],
  [
    "any access point of an account",
    "ArnLike",
    "s3:DataAccessPointArn",
    "arn:aws:s3:*:111122223333:accesspoint/*",
    "no",
  ],
  ["access points of any account", "ArnLike", "s3:DataAccessPointArn", "arn:aws:s3:*:*:accesspoint/x", "yes"],
  ["access points of 13 digits", "ArnLike", "s3:DataAccessPointArn", "arn:aws:s3:*:1111222233334:accesspoint/*", "yes"],
  [
    "an access point's ARN after a word",
    "StringLike",
    "s3:DataAccessPointArn",
    "x-arn:aws:s3:*:111122223333:accesspoint/*",
    "yes",
  ],
  ["sessions of one role", "StringLike", "aws:userid", "AROAEXAMPLEID:*", "unknown"],
  ["sessions of one user", "StringLike", "aws:userid", "AIDAEXAMPLEID:*", "unknown"],
  ["sessions of any role", "StringLike", "aws:userid", "AROA*:*", "yes"],
  ["sessions that begin alike", "StringLike", "aws:userid", "AROAEXAMPLEID:a*", "yes"],
  ["an id after a word", "StringLike", "aws:userid", "xAROAEXAMPLEID:*", "yes"],
  ["one address", "IpAddress", "aws:SourceIp", "203.0.113.7", "no"],
  ["a range of /8", "IpAddress", "aws:SourceIp", "11.0.0.0/8", "no"],
  ["a range of /7", "IpAddress", "aws:SourceIp", "12.0.0.0/7", "yes"],
  ["a range of /7 among others", "IpAddress", "aws:SourceIp", ["203.0.113.0/24", "12.0.0.0/7"], "yes"],
  ["everywhere", "IpAddress", "aws:SourceIp", "0.0.0.0/0", "yes"],
  ["a private range", "IpAddress", "aws:SourceIp", "10.0.0.0/8", "no"],
  ["an IPv6 range of /32", "IpAddress", "aws:SourceIp", "2001:db8::/32", "no"],
  ["an IPv6 range of /31", "IpAddress", "aws:SourceIp", "2001:db8::/31", "yes"],
  ["everywhere but a range", "NotIpAddress", "aws:SourceIp", "203.0.113.0/24", "yes"],
  ["an address inside the VPC", "IpAddress", "aws:VpcSourceIp", "10.0.0.0/8", "yes"],
])("%s", (_, operator, key, value, expected) => {
  expect(about(held(operator, key, value))).toBe(expected);
});

const DENY = { Effect: "Deny", Action: "s3:*", Resource: ["arn:aws:s3:::b", "arn:aws:s3:::b/*"] };
const unless = (operator: string, key: string, value: string) => ({ Condition: { [operator]: { [key]: value } } });

test.each<[string, object, Truth]>([
  ["an organisation", unless("StringNotEquals", "aws:PrincipalOrgID", "o-1"), "unknown"],
  ["an organisation, if there is one", unless("StringNotEqualsIfExists", "aws:PrincipalOrgID", "o-1"), "unknown"],
  ["a VPC", unless("StringNotEquals", "aws:SourceVpc", "vpc-1"), "unknown"],
  ["addresses", unless("NotIpAddress", "aws:SourceIp", "203.0.113.0/24"), "unknown"],
  ["an account by a younger key", unless("StringNotEquals", "aws:VpceAccount", "999988887777"), "unknown"],
  [
    "an organisation, of those who are no service",
    {
      Condition: {
        StringNotEquals: { "aws:PrincipalOrgID": "o-1" },
        BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
      },
    },
    "unknown",
  ],
  ["an account", { Principal: undefined, NotPrincipal: { AWS: "arn:aws:iam::444455556666:root" } }, "unknown"],
  ["nobody", {}, "yes"],
  ["whom has TLS", unless("StringNotEquals", "s3:TlsVersion", "1.3"), "yes"],
  ["any organisation", unless("StringNotLike", "aws:PrincipalOrgID", "o-*"), "yes"],
  ["everywhere", unless("NotIpAddress", "aws:SourceIp", "0.0.0.0/0"), "yes"],
  ["who has no path", unless("ForAnyValue:StringNotEquals", "aws:PrincipalOrgPaths", "o-1/r/"), "yes"],
  [
    "an account's role",
    { Principal: { AWS: "arn:aws:iam::444455556666:root" }, ...unless("StringNotEquals", "aws:PrincipalOrgID", "o-1") },
    "yes",
  ],
  ["an organisation, of puts", { Action: "s3:Put*", ...unless("StringNotEquals", "aws:PrincipalOrgID", "o-1") }, "yes"],
  [
    "an organisation, of another bucket",
    { Resource: "arn:aws:s3:::c/*", ...unless("StringNotEquals", "aws:PrincipalOrgID", "o-1") },
    "yes",
  ],
  [
    "an organisation, of all actions but puts",
    { Action: undefined, NotAction: "s3:Put*", ...unless("StringNotEquals", "aws:PrincipalOrgID", "o-1") },
    "unknown",
  ],
])("everyone, and a Deny of all but %s", (_, changes, expected) => {
  expect(about(policy({}, { ...DENY, ...changes }))).toBe(expected);
});

test("one holding condition is enough", () => {
  const condition = { StringEquals: { "aws:UserAgent": "x", "aws:PrincipalOrgID": "o-1" } };
  expect(about(policy({ Condition: condition }))).toBe("no");
});

describe("what can't be told before apply", () => {
  const organisation = new Sym("var.org", "any", { because: "variable-without-value" });
  const withSymbol = (operator: string, key: string, symbol: Sym): Truth => {
    const [before = "", after = ""] = held(operator, key, "<>").split("<>");
    return about(new Text([before, symbol, after]));
  };

  test.each<[string, string, string, Sym, Truth]>([
    ["equal to any text: its stars are stars only", "StringEquals", "aws:PrincipalOrgID", organisation, "no"],
    ["like any text: it may be a wildcard", "StringLike", "aws:PrincipalOrgID", organisation, "unknown"],
    ["like a name, which has no wildcard", "StringLike", "aws:PrincipalOrgID", new Sym("a.b", "account-id"), "no"],
    ["an address that isn't known", "IpAddress", "aws:SourceIp", organisation, "unknown"],
  ])("%s", (_, operator, key, symbol, expected) => {
    expect(withSymbol(operator, key, symbol)).toBe(expected);
  });

  test("no policy isn't public; of one that is unknown or refused nobody knows", () => {
    expect(about(null)).toBe("no");
    expect(about(new Unknown("x.y", "computed-at-apply"))).toBe("unknown");
    expect(about("{")).toBe("unknown");
  });
});
