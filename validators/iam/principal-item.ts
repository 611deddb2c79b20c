/** Turns one value of a principal element into whom it names, or into what is wrong with it. */
import { isPrincipalKind, text } from "../kernel/value";
import { isAwsOwned } from "./aws-owned";
import type { PrincipalItem } from "./document";
import { hasLetter, type Letters } from "./letters";

/** A principal, or the reason why AWS would refuse it. */
export type ReadPrincipal = { readonly item: PrincipalItem } | { readonly problem: string };

const ACCOUNT = /^\d{12}$/;
const UNIQUE_ID = /^A[A-Z0-9]{15,127}$/;
const CANONICAL_ID = /^[0-9a-zA-Z]+$/;

/** Whether a written text can only be one account: twelve digits, or one symbol of an account. */
const isAccount = (written: string, letters: Letters): boolean =>
  ACCOUNT.test(written) || (written.length === 1 && letters.symbolAt(written.charCodeAt(0)) !== undefined);

const isPartition = (written: string): boolean => hasLetter(written) || /^aws(-[a-z]+)*$/.test(written);

const refused = (problem: string): ReadPrincipal => ({ problem });

/** A value of `AWS`. */
export function readAwsPrincipal(written: string, letters: Letters): ReadPrincipal {
  if (written === "*") return { item: { kind: "everyone", written } };
  if (written.includes("*") || written.includes("?"))
    return mayBeStar(written, letters)
      ? { item: { kind: "opaque", written } }
      : refused("a wildcard can't be part of a principal: expected `*` alone or the whole name");
  if (written.includes("${")) return refused("expected a principal's name, found a policy variable");
  if (ACCOUNT.test(written)) return { item: { kind: "account", written, partition: undefined, account: written } };
  if (written.startsWith("arn:")) return readArn(written, letters);
  if (hasLetter(written)) return readSymbolic(written, letters);
  if (UNIQUE_ID.test(written)) return { item: { kind: "unique", written } };
  return refused("expected `*`, an account number, an ARN or a unique id");
}

/** Whether what stands beside a `*` may turn out to be nothing. */
const mayBeStar = (written: string, letters: Letters): boolean =>
  written.split("*").join("") !== "" &&
  written.split("*").length === 2 &&
  [...written].every((char) => char === "*" || letters.symbolAt(char.charCodeAt(0))?.kind === "any");

function readSymbolic(written: string, letters: Letters): ReadPrincipal {
  const symbol = letters.symbolAt(written.charCodeAt(0));
  if (written.length === 1 && symbol?.kind === "account-id")
    return { item: { kind: "account", written, partition: undefined, account: written } };
  if (written.length === 1 && isPrincipalKind(symbol?.kind)) return { item: { kind: "unique", written } };
  return { item: { kind: "opaque", written } };
}

function readArn(written: string, letters: Letters): ReadPrincipal {
  const [, partition = "", service, region, account = "", ...rest] = written.split(":");
  const resource = rest.join(":");
  const isSymbolic = hasLetter(written);
  if (partition === "" || service === undefined || region === undefined || resource === "")
    return isSymbolic ? { item: { kind: "opaque", written } } : refused("expected an ARN of six parts");
  if (service === "iam" && account === "cloudfront" && resource.startsWith("user/"))
    return { item: { kind: "identity", written } };
  if (!isPartition(partition)) return refused("expected a partition such as `aws` in a principal's ARN");
  if (region !== "" && !hasLetter(region)) return refused("expected no region in a principal's ARN");
  if (!isAccount(account, letters))
    return hasLetter(account)
      ? { item: { kind: "opaque", written } }
      : refused("expected a twelve-digit account number in a principal's ARN");
  if (hasLetter(service) || hasLetter(region)) return { item: { kind: "within", written, partition, account } };
  if (service === "iam" && resource === "root") return { item: { kind: "account", written, partition, account } };
  const type = typeOf(service, resource);
  if (type) return { item: { kind: "arn", type, written, partition, account } };
  if (isSymbolic && hasLetter(resource.slice(0, 16)) && !/^[a-z-]+\//.test(resource))
    return { item: { kind: "within", written, partition, account } };
  if (service === "iam" && /^(saml|oidc)-provider\//.test(resource))
    return { item: { kind: "provider", written, partition, account } };
  return refused("expected the ARN of an account's root, a user, a role or a session");
}

/** Names, and paths before them, as IAM takes them (IAM API reference, `CreateRole`, `CreateUser`); letters are symbols. */
const IN_NAME = "[\\w+=,.@\\uE000-\\uF8FF-]+";
const IN_PATH = "(?:[!-~\\uE000-\\uF8FF]+/)?";
const RESOURCES = [
  ["iam", "user", new RegExp(`^user/${IN_PATH}${IN_NAME}$`)],
  ["iam", "role", new RegExp(`^role/${IN_PATH}${IN_NAME}$`)],
  ["sts", "session", new RegExp(`^assumed-role/${IN_NAME}/${IN_NAME}$`)],
  ["sts", "federated-user", new RegExp(`^federated-user/${IN_NAME}$`)],
] as const;

const typeOf = (service: string, resource: string): (typeof RESOURCES)[number][1] | undefined =>
  RESOURCES.find(([of, , names]) => of === service && names.test(resource))?.[1];

/** A value of `Service`. */
export function readServicePrincipal(written: string): ReadPrincipal {
  if (written === "*") return { item: { kind: "service", written } };
  if (/[*?]/.test(written)) return refused("a wildcard can't be part of a service's name");
  if (!hasLetter(written) && !/^[a-zA-Z0-9][a-zA-Z0-9.-]*\.[a-zA-Z0-9.-]+$/.test(written))
    return refused("expected a service such as `cloudtrail.amazonaws.com`");
  return { item: { kind: "service", written } };
}

/** A value of `Federated`. */
export function readProvider(written: string, letters: Letters): ReadPrincipal {
  if (/[*?]/.test(written)) return refused("a wildcard can't be part of a provider's name");
  if (!written.startsWith("arn:")) return { item: { kind: "provider", written } };
  const [, partition = "", service, , account = "", resource = ""] = written.split(":");
  if (!hasLetter(written) && (service !== "iam" || !/^(saml|oidc)-provider\//.test(resource)))
    return refused("expected the ARN of a SAML or OIDC provider");
  return isAccount(account, letters)
    ? { item: { kind: "provider", written, partition, account } }
    : { item: { kind: "provider", written } };
}

/** A value of `CanonicalUser`. */
export function readCanonicalUser(written: string, letters: Letters): ReadPrincipal {
  if (!hasLetter(written) && !CANONICAL_ID.test(written))
    return refused("expected a canonical user id of hexadecimal digits");
  const [symbol] = letters.symbolsIn(written);
  if (isAwsOwned(symbol !== undefined && written.length === 1 ? text([symbol]) : written))
    return { item: { kind: "identity", written } };
  return { item: { kind: "canonical", written } };
}
