/**
 * Every shape that a principal element takes («AWS JSON policy elements: Principal»), known and with symbols in it: whose
 * account it tells, or that it tells none.
 */

import {
  allow,
  allowKey,
  type Changes,
  deny,
  type Expected,
  keyOutsiders,
  outside,
  outsiders,
  overHttp,
  own,
  plainHttp,
  roleOf,
  rootOf,
  type TextRow,
  userOf,
} from "./row";
import { byAccount, row } from "./symbolic-row";

/** Who may read, by the principal element alone. */
const reader = (
  title: string,
  expected: Expected,
  because: string,
  Principal: Changes["Principal"],
  world?: TextRow["world"],
): TextRow => row(outsiders, title, expected, because, world, allow({ Principal }));

const oai = "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1";
const told = "the ARN tells the account";

/** Nothing of it is unknown. */
const known: readonly TextRow[] = [
  reader("an own role with a path", "none", told, { AWS: `arn:aws:iam::${own}:role/team/app` }),
  reader("another's role with a path", "found", told, { AWS: `arn:aws:iam::${outside}:role/team/app` }),
  reader("an own user with a path", "none", told, { AWS: `arn:aws:iam::${own}:user/staff/ada` }),
  reader("another's user with a path", "found", told, { AWS: `arn:aws:iam::${outside}:user/staff/ada` }),
  reader("an own federated user", "none", told, { AWS: `arn:aws:sts::${own}:federated-user/guest` }),
  reader("another's federated user", "found", told, { AWS: `arn:aws:sts::${outside}:federated-user/guest` }),
  reader("a role whose name has all that names may", "found", told, { AWS: `arn:aws:iam::${outside}:role/a+=,.@-_Z9` }),
  reader("an own OIDC provider", "none", told, { Federated: `arn:aws:iam::${own}:oidc-provider/idp.example.com` }),
  reader("another's OIDC provider", "found", told, {
    Federated: `arn:aws:iam::${outside}:oidc-provider/idp.example.com`,
  }),
  reader("the own number in China, as a SAML provider's", "found", "an account of another partition is another", {
    Federated: `arn:aws-cn:iam::${own}:saml-provider/idp`,
  }),
  reader("a provider that is all its name", "undecided", "help/s3-owner-account-only.md: its account can't be told", {
    Federated: "idp.example.com",
  }),
  reader("CloudFront's origin access identity", "found", "an account of AWS's own is another", { AWS: oai }),
  reader("the unique id of a user", "undecided", "help/s3-owner-account-only.md: its account can't be told", {
    AWS: "AIDAEXAMPLEID1234567",
  }),
  reader("any service", "found", "nothing binds it", { Service: "*" }),
  reader("a regional service", "found", "nothing binds it", { Service: "logs.eu-west-1.amazonaws.com" }),
  reader(
    "nobody",
    "none",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html: an empty object principal has no effect on the policy",
    {},
  ),
  reader(
    "nobody in a list",
    "none",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html: an empty array principal has no effect on the policy",
    { AWS: [] },
  ),
  row(
    plainHttp,
    "a Deny to nobody",
    "found",
    "an empty object principal has no effect on the policy",
    undefined,
    deny({ Principal: {}, Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a Deny to all but an origin access identity",
    "found",
    "it may come over plain HTTP as anybody",
    undefined,
    deny({ Principal: undefined, NotPrincipal: { AWS: oai }, Condition: overHttp }),
  ),
  row(
    plainHttp,
    "a Deny to all but a service",
    "none",
    "help/s3-tls-only.md: services' own calls are outside",
    undefined,
    deny({ Principal: undefined, NotPrincipal: { Service: "cloudtrail.amazonaws.com" }, Condition: overHttp }),
  ),
  row(
    outsiders,
    "another's SAML provider, kept out by its name",
    "none",
    "aws:FederatedProvider is the provider's ARN",
    undefined,
    allow({ Principal: { Federated: `arn:aws:iam::${outside}:saml-provider/idp` } }),
    deny({ Condition: { StringEquals: { "aws:FederatedProvider": `arn:aws:iam::${outside}:saml-provider/idp` } } }),
  ),
  row(
    outsiders,
    "another's SAML provider, kept out by another name",
    "found",
    "aws:FederatedProvider is the provider's ARN",
    undefined,
    allow({ Principal: { Federated: `arn:aws:iam::${outside}:saml-provider/idp` } }),
    deny({ Condition: { StringEquals: { "aws:FederatedProvider": `arn:aws:iam::${outside}:saml-provider/other` } } }),
  ),
  row(
    outsiders,
    "everybody over plain HTTP",
    "found",
    "anonymous callers come that way",
    undefined,
    allow({ Condition: overHttp }),
  ),
  row(
    outsiders,
    "everybody over TLS as it was",
    "found",
    "who asks for it gets it",
    undefined,
    allow({ Condition: { NumericLessThan: { "s3:TlsVersion": "1.1" } } }),
  ),
  row(
    outsiders,
    "everybody over no TLS",
    "found",
    "s3:TlsVersion is absent over plain HTTP",
    undefined,
    allow({ Condition: { Null: { "s3:TlsVersion": "true" } } }),
  ),
  row(
    keyOutsiders,
    "any service, in a key policy",
    "none",
    "help/kms-no-cross-account.md: services are not another account",
    undefined,
    allowKey({ Principal: { Service: "*" } }),
  ),
];

/** Who may read, and who else may not. */
const but = (
  title: string,
  expected: Expected,
  because: string,
  allowed: Changes["Principal"],
  ...denied: readonly Changes[]
): TextRow => row(outsiders, title, expected, because, undefined, allow({ Principal: allowed }), ...denied.map(deny));

const notToRead = (Principal: Changes["Principal"]): Changes => ({ Principal });
const chinese = { AWS: `arn:aws-cn:iam::${own}:root` } as const;
const idp = { Federated: `arn:aws:iam::${outside}:saml-provider/idp` } as const;

/** Somebody is let in, and somebody is kept out who may be the same. */
const kinds: readonly TextRow[] = [
  but(
    "another's role, without a web identity",
    "found",
    "roles are assumed otherwise as well",
    { AWS: roleOf(outside) },
    {
      Principal: { Federated: "accounts.google.com" },
    },
  ),
  but("another's SAML provider, without another one", "found", "they are two", idp, {
    Principal: { Federated: `arn:aws:iam::${outside}:saml-provider/other` },
  }),
  but("another's SAML provider, and not", "none", "they are one", idp, notToRead(idp)),
  but("another's SAML provider, without one role", "found", "sessions are of other roles", idp, {
    Principal: { AWS: roleOf(outside) },
  }),
  but(
    "another's SAML provider, without one role and all others",
    "none",
    "who comes from a provider has a role",
    idp,
    { Principal: { AWS: roleOf(outside) } },
    { Condition: { ArnNotEquals: { "aws:PrincipalArn": roleOf(outside) } } },
  ),
  but("another's SAML provider, without a user", "found", "a user is no role", idp, {
    Principal: { AWS: userOf(outside) },
  }),
  but(
    "another's role, without a unique id",
    "undecided",
    "the id may be the role's",
    { AWS: roleOf(outside) },
    {
      Principal: { AWS: "AROAEXAMPLEID1234567" },
    },
  ),
  but("everyone, without a unique id", "found", "it is one principal's", "*", {
    Principal: { AWS: "AROAEXAMPLEID1234567" },
  }),
  but(
    "another's role, without the id of an own one",
    "found",
    "it is the own role's",
    { AWS: roleOf(outside) },
    {
      Principal: { AWS: "<ownRole>" },
    },
  ),
  but(
    "an origin access identity, without another one",
    "found",
    "they are two",
    { AWS: oai },
    {
      Principal: { AWS: `${oai}X` },
    },
  ),
  but("an origin access identity, and not", "none", "they are one", { AWS: oai }, notToRead({ AWS: oai })),
  but(
    "another's role, without an origin access identity",
    "found",
    "it is no role",
    { AWS: roleOf(outside) },
    {
      Principal: { AWS: oai },
    },
  ),
  but("the own number in China, without the own number", "found", "it is this partition's", chinese, {
    Principal: { AWS: own },
  }),
  but("the own number in China, without the own account", "found", "it is this partition's", chinese, {
    Principal: { AWS: rootOf(own) },
  }),
  but("the own number in China, and not", "none", "they are one", chinese, notToRead(chinese)),
  but(
    "another account, without its number in China",
    "found",
    "they are two",
    { AWS: outside },
    {
      Principal: { AWS: `arn:aws-cn:iam::${outside}:root` },
    },
  ),
  but(
    "another's role, without something unknown of its account",
    "undecided",
    "it may be the role",
    { AWS: roleOf(outside) },
    {
      Principal: { AWS: `arn:aws:iam::${outside}:<variable>` },
    },
  ),
  but(
    "a service of an unknown region, without one of a region",
    "undecided",
    "it may be that region",
    {
      Service: "logs.<variable>.amazonaws.com",
    },
    { Principal: { Service: "logs.eu-west-1.amazonaws.com" } },
  ),
  but(
    "a service of a region, without one of an unknown region",
    "undecided",
    "it may be that region",
    {
      Service: "logs.eu-west-1.amazonaws.com",
    },
    { Principal: { Service: "logs.<variable>.amazonaws.com" } },
  ),
  but(
    "a service of an unknown region, without another service",
    "found",
    "nothing binds it",
    {
      Service: "logs.<variable>.amazonaws.com",
    },
    { Principal: { Service: "cloudtrail.amazonaws.com" } },
  ),
  but(
    "a service of an unknown region, and not",
    "none",
    "they are one",
    {
      Service: "logs.<variable>.amazonaws.com",
    },
    { Principal: { Service: "logs.<variable>.amazonaws.com" } },
  ),
];

const open = "it may be an own principal, or anybody";

/** A symbol is the principal, or a part of it. */
const symbolic: readonly TextRow[] = [
  reader("a variable for the principal", "undecided", open, { AWS: "<variable>" }),
  reader("a variable for a whole name", "undecided", open, { AWS: "<variable>:root" }),
  reader("an ARN that is a variable from its partition on", "undecided", open, { AWS: "arn:<variable>" }),
  reader("an ARN that is a variable from its account on", "undecided", open, { AWS: "arn:aws:iam::<variable>" }),
  reader("a variable for the account", "undecided", open, { AWS: "arn:aws:iam::<variable>:root" }),
  reader("an account that ends with a variable", "undecided", open, { AWS: "arn:aws:iam::1111<variable>:root" }),
  reader("two symbols for the account", "undecided", open, { AWS: "arn:aws:iam::<variable><account>:root" }),
  reader("a symbol for the bare account", "undecided", "it may be the own one", { AWS: "<account>" }),
  reader("the own account's symbol", "none", "it is the own one", { AWS: "<account>" }, byAccount),
  reader("the own account's symbol, and more", "undecided", open, { AWS: "<account><variable>" }, byAccount),
  reader("the own account's root by a symbol", "none", told, { AWS: "arn:aws:iam::<account>:root" }, byAccount),
  reader(
    "the own account's user by a symbol",
    "none",
    told,
    { AWS: "arn:aws:iam::<account>:user/<entity>" },
    byAccount,
  ),
  reader("something of the own account", "none", told, { AWS: `arn:aws:iam::${own}:<variable>` }),
  reader("something of the own account in a folder", "none", told, { AWS: `arn:aws:iam::${own}:<variable>/app` }),
  reader("a role of the own account, of unknown name", "none", told, { AWS: `arn:aws:iam::${own}:role<variable>` }),
  reader("an unknown service's principal of the own account", "none", told, { AWS: `arn:aws:<variable>::${own}:root` }),
  reader("the own root in an unknown region", "none", "AWS refuses any region but none", {
    AWS: `arn:aws:iam:<variable>:${own}:root`,
  }),
  reader("another's user by a user's symbol", "found", told, { AWS: `arn:aws:iam::${outside}:user/<entity>` }),
  reader("another's session of an unknown role", "found", told, {
    AWS: `arn:aws:sts::${outside}:assumed-role/<variable>/me`,
  }),
  row(
    outsiders,
    "another's federated user of unknown name, if it is called otherwise",
    "undecided",
    "it may be called that",
    undefined,
    allow({
      Principal: { AWS: `arn:aws:sts::${outside}:federated-user/<variable>` },
      Condition: { StringEquals: { "aws:userid": `${outside}:guest` } },
    }),
  ),
  reader("the own role's unique id", "none", "the plan tells its account", { AWS: "<ownRole>" }),
  reader("another's user's unique id", "found", "the plan tells its account", { AWS: "<otherUser>" }),
  reader("something that begins like the own role's unique id", "undecided", open, { AWS: "<ownRole><variable>" }),
  reader("a variable for the service", "found", "whichever it is, nothing binds it", { Service: "<variable>" }),
  reader("a service of an unknown region", "found", "whichever it is, nothing binds it", {
    Service: "logs.<variable>.amazonaws.com",
  }),
  reader("a variable for the provider", "undecided", "its account can't be told", { Federated: "<variable>" }),
  reader(
    "a provider of the own account's symbol",
    "none",
    told,
    {
      Federated: "arn:aws:iam::<account>:saml-provider/idp",
    },
    byAccount,
  ),
  reader("a provider of a variable's account", "undecided", "it may be the own one", {
    Federated: "arn:aws:iam::<variable>:saml-provider/idp",
  }),
  reader("a provider of an account that ends with a variable", "undecided", "it may be the own one", {
    Federated: "arn:aws:iam::1111<variable>:saml-provider/idp",
  }),
  reader("a provider of another account, of unknown kind", "found", told, {
    Federated: `arn:aws:iam::${outside}:<variable>/idp`,
  }),
  reader("a variable for the canonical user", "undecided", "its account can't be told", {
    CanonicalUser: "<variable>",
  }),
  reader("a star and a variable", "undecided", "nothing may be there", { AWS: "<variable>*" }),
  reader("a star between two variables", "undecided", "nothing may be there", { AWS: "<variable>*<variable>" }),
  reader("a star and a name", "refused", "a name is never nothing", { AWS: "<entity>*" }),
  reader("two stars and a variable", "refused", "two are none", { AWS: "*<variable>*" }),
  reader("a question mark and a variable", "refused", "nothing makes a principal of it", { AWS: "?<variable>" }),
  row(
    outsiders,
    "all but the own account, by its symbol",
    "found",
    "anonymous callers are let in",
    byAccount,
    allow({ Principal: undefined, NotPrincipal: { AWS: "<account>" } }),
  ),
  row(
    outsiders,
    "everybody but a Deny to all but a variable",
    "undecided",
    "it may be an own principal, or a star",
    undefined,
    allow(),
    deny({ Principal: undefined, NotPrincipal: { AWS: [rootOf(own), userOf(own), "<variable>"] } }),
  ),
];

/** All shapes of principals. */
export const principals: readonly TextRow[] = [...known, ...kinds, ...symbolic];
