/**
 * Principals that AWS refuses («AWS JSON policy elements: Principal», IAM API reference, «Invalid principal format» and «Invalid
 * partition» of Access Analyzer's policy checks), with the words that say why.
 */

import { outside, own } from "./row";

const shape = "expected `*`, an account number, an ARN or a unique id";
const wildcard = "a wildcard can't be part of a principal: expected `*` alone or the whole name";
const whose = "expected the ARN of an account's root, a user, a role or a session";
const parts = "expected an ARN of six parts";
const account = "expected a twelve-digit account number in a principal's ARN";
const service = "expected a service such as `cloudtrail.amazonaws.com`";
const iam = `arn:aws:iam::${own}`;
const sts = `arn:aws:sts::${own}`;

type Refused = readonly [name: string, type: string, value: string, problem: string];

/** What is wrong, the key of the principal element, its value, and the problem. */
export const refusedPrincipals: readonly Refused[] = [
  ["a principal that is a bare name", "AWS", "ada", shape],
  ["a principal that is nothing", "AWS", "", shape],
  ["an account number with a digit too much", "AWS", `${own}4`, shape],
  ["an account number with a letter before it", "AWS", `a${own}`, shape],
  ["a unique id that is too short", "AWS", "AIDA1234567", shape],
  ["a unique id that doesn't begin like one", "AWS", "BAIDAEXAMPLEID1234567", shape],
  ["a unique id with something before it", "AWS", "xAIDAEXAMPLEID1234567", shape],
  ["a unique id with something behind it", "AWS", "AIDAEXAMPLEID1234567:app", shape],
  ["a principal with a question mark", "AWS", `${iam}:user/ad?`, wildcard],
  ["two stars for a principal", "AWS", "**", wildcard],
  ["a star and a name for a principal", "AWS", "*ada", wildcard],
  [
    "a policy variable in a principal",
    "AWS",
    `${iam}:user/\${aws:username}`,
    "expected a principal's name, found a policy variable",
  ],
  ["a principal's ARN of five parts", "AWS", iam, parts],
  ["a principal's ARN of three parts", "AWS", "arn:aws:iam", parts],
  ["a principal's ARN of two parts", "AWS", "arn:aws", parts],
  ["a principal's ARN without a resource", "AWS", `${iam}:`, parts],
  ["a principal's ARN without a partition", "AWS", `arn::iam::${own}:root`, parts],
  [
    "a principal's ARN of a partition that AWS doesn't have",
    "AWS",
    `arn:azure:iam::${own}:root`,
    "expected a partition such as `aws` in a principal's ARN",
  ],
  [
    "a principal's ARN with a region",
    "AWS",
    `arn:aws:iam:eu-west-1:${own}:root`,
    "expected no region in a principal's ARN",
  ],
  ["a principal's ARN without an account", "AWS", "arn:aws:iam:::root", account],
  ["a principal's ARN of another service's account", "AWS", "arn:aws:iam::elasticache:user/app", account],
  ["a role of CloudFront's", "AWS", "arn:aws:iam::cloudfront:role/app", account],
  ["CloudFront's users in STS", "AWS", "arn:aws:sts::cloudfront:user/CloudFront Origin Access Identity E1", account],
  ["a group for a principal", "AWS", `${iam}:group/admins`, whose],
  ["a policy for a principal", "AWS", `${iam}:policy/read`, whose],
  ["STS's root for a principal", "AWS", `${sts}:root`, whose],
  ["a root with something behind it", "AWS", `${iam}:rooted`, whose],
  ["a role without a name", "AWS", `${iam}:role/`, whose],
  ["a role with an empty path", "AWS", `${iam}:role//app`, whose],
  ["a role in STS", "AWS", `${sts}:role/app`, whose],
  ["a user in STS", "AWS", `${sts}:user/ada`, whose],
  ["a session in IAM", "AWS", `${iam}:assumed-role/app/me`, whose],
  ["a session without a name", "AWS", `${sts}:assumed-role/app`, whose],
  ["a session with a path", "AWS", `${sts}:assumed-role/team/app/me`, whose],
  ["a federated user without a name", "AWS", `${sts}:federated-user/`, whose],
  ["a federated user with a path", "AWS", `${sts}:federated-user/team/guest`, whose],
  ["something else that ends like a role", "AWS", `${iam}:my-role/app`, whose],
  ["something else that ends like a provider", "AWS", `${iam}:my-saml-provider/idp`, whose],
  ["a provider in STS", "AWS", `${sts}:saml-provider/idp`, whose],
  ["a service without a dot", "Service", "cloudtrail", service],
  ["a service that is nothing", "Service", "", service],
  ["a service that begins with a dot", "Service", ".amazonaws.com", service],
  ["a service with a blank", "Service", "cloudtrail.amazonaws.com ", service],
  ["a wildcard in a service", "Service", "*.amazonaws.com", "a wildcard can't be part of a service's name"],
  ["a question mark in a service", "Service", "s?.amazonaws.com", "a wildcard can't be part of a service's name"],
  ["a wildcard for a provider", "Federated", "*", "a wildcard can't be part of a provider's name"],
  [
    "a question mark in a provider",
    "Federated",
    `${iam}:saml-provider/id?`,
    "a wildcard can't be part of a provider's name",
  ],
  ["a role for a provider", "Federated", `${iam}:role/app`, "expected the ARN of a SAML or OIDC provider"],
  [
    "something else that ends like a provider, for one",
    "Federated",
    `${iam}:my-saml-provider/idp`,
    "expected the ARN of a SAML or OIDC provider",
  ],
  [
    "a provider of another service",
    "Federated",
    `arn:aws:sso::${outside}:saml-provider/idp`,
    "expected the ARN of a SAML or OIDC provider",
  ],
  [
    "a canonical user with a hyphen",
    "CanonicalUser",
    "79a59df9-00b949e5",
    "expected a canonical user id of hexadecimal digits",
  ],
  ["a canonical user that is nothing", "CanonicalUser", "", "expected a canonical user id of hexadecimal digits"],
  [
    "a canonical user that begins with a hyphen",
    "CanonicalUser",
    "-79a59df9",
    "expected a canonical user id of hexadecimal digits",
  ],
];
