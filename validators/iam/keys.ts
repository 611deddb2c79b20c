/** Turns a condition key and a situation into what the key can be in a request: absent, one value, or any of a domain. */
import type { Caller } from "./caller";
import { findConditionKey, type Service, type ServiceConditionKey } from "./data/actions";
import { carriesKey } from "./data/key-actions";
import { Classes, domainOf, formOf, type Pattern } from "./pattern";

/** How a request reaches the service. */
export type Network = "internet" | "endpoint";

/** What a put says about encryption; `free` where the question doesn't care. */
export type Encryption = "none" | "customer-key" | "AES256" | "aws:kms" | "aws:kms:dsse";

/** Everything about a request that is settled before its texts are looked for. */
export interface Situation {
  readonly service: Service;
  readonly caller: Caller;
  /** Without the prefix: `GetObject`. */
  readonly action: string;
  /** `undefined`: either. */
  readonly tls: boolean;
  readonly network: Network;
  readonly encryption: Encryption;
  readonly account: string;
  readonly region: string;
}

/** What a key can be. Texts are written. */
export type KeyDomain =
  | { readonly kind: "absent" }
  | { readonly kind: "fixed"; readonly value: string }
  | {
      readonly kind: "choice";
      readonly values: readonly string[];
      readonly mayBeAbsent: boolean;
      readonly isMulti: boolean;
    }
  | {
      readonly kind: "typed";
      readonly type: "numeric" | "date" | "ip";
      readonly mayBeAbsent: boolean;
      readonly ordinary: string;
    }
  | {
      readonly kind: "text";
      readonly domain: Pattern;
      readonly ordinary: readonly string[];
      readonly mayBeAbsent: boolean;
      readonly isMulti: boolean;
    };

const ABSENT: KeyDomain = { kind: "absent" };
const fixed = (value: string): KeyDomain => ({ kind: "fixed", value });
const ANY_TEXT = domainOf([{ oneOrMore: Classes.any }]);
const twelveDigits = Array.from({ length: 12 }, () => ({ one: Classes.digit }));
const ACCOUNT = domainOf(twelveDigits);
const id = { oneOrMore: Classes.lower };
/** Ids and ARNs as AWS makes them (EC2 user guide, «Resource IDs»; Organizations API reference, `Organization`). */
const FORMS = {
  vpc: formOf(["vpc-", id], "vpc-id"),
  endpoint: formOf(["vpce-", id], "vpc-endpoint-id"),
  vpcArn: domainOf(["arn:", id, ":ec2:", id, ":", ...twelveDigits, ":vpc/", id]),
  organisation: formOf(["o-", id], "organization-id"),
  organisationPath: formOf(["o-", id], "organization-id", ["/", { anyNumber: Classes.path }]),
  alias: domainOf(["alias/", { oneOrMore: Classes.any }]),
  /** In China endings differ (KMS developer guide, `kms:ViaService`). */
  viaService: domainOf([{ oneOrMore: Classes.host }, ".amazonaws.com"]),
} as const;
const ANY_TEXT_OR_EMPTY = domainOf([{ anyNumber: Classes.any }]);

const text = (mayBeAbsent: boolean, ordinary: readonly string[], domain = ANY_TEXT, isMulti = false): KeyDomain => ({
  kind: "text",
  domain,
  ordinary,
  mayBeAbsent,
  isMulti,
});
const choice = (mayBeAbsent: boolean, ...values: string[]): KeyDomain => ({
  kind: "choice",
  values,
  mayBeAbsent,
  isMulti: false,
});
const typed = (type: "numeric" | "date" | "ip", mayBeAbsent: boolean, ordinary: string): KeyDomain => ({
  kind: "typed",
  type,
  mayBeAbsent,
  ordinary,
});

const HOST = domainOf([{ oneOrMore: Classes.host }]);
/** A tag's value, which may be empty. */
const TAG = text(true, ["example"], ANY_TEXT_OR_EMPTY);
const anyOrganisation = text(true, ["o-a1b2c3d4e5"], FORMS.organisation);
const organisationPaths = text(true, ["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"], FORMS.organisationPath, true);
const FLAG = choice(true, "false", "true");
const HEADER = "s3:x-amz-server-side-encryption";

/** What a key can be in a situation; `key` in lower case. */
export function domainOfKey(key: string, at: Situation): KeyDomain {
  if (key.startsWith("s3:") || key.startsWith("kms:")) return serviceKey(key, at);
  if (key.startsWith("aws:")) return globalKey(key, at);
  return isSigned(at.caller) ? text(true, ["example"]) : ABSENT;
}

/** Callers with credentials of their own. */
const isSigned = (caller: Caller): boolean => caller.kind !== "anonymous" && caller.kind !== "service";

/** Sessions: what has temporary credentials for sure, or may have. */
const hasSession = (caller: Caller): boolean => isSigned(caller) && caller.kind !== "root";

function serviceKey(key: string, at: Situation): KeyDomain {
  if (!key.startsWith(`${at.service}:`) || !carriesKey(at.service, key, at.action)) return ABSENT;
  const bound = at.service === "s3" ? s3Key(key, at) : (contextKey(key, at.caller) ?? kmsKey(key, at));
  if (bound) return bound;
  const known = knownKey(at.service, key);
  if (!known) return text(true, ["example"]);
  switch (known.type) {
    case "Bool":
      return FLAG;
    case "Numeric":
      return typed("numeric", true, "10");
    case "Date":
      return typed("date", true, "2030-01-01T00:00:00Z");
    case "ARN":
      return text(true, ["arn:aws:s3:::another-bucket"], ANY_TEXT, known.isMultiValued);
    case "String":
      return known.isPrefix ? TAG : text(true, ["example"], ANY_TEXT, known.isMultiValued);
    default:
      return known.type satisfies never;
  }
}

const knownKeys = new Map<string, ServiceConditionKey | undefined>();
const MOST_KEYS = 2000;

/** A key of the service's own, looked up once. */
export function knownKey(service: Service, lower: string): ServiceConditionKey | undefined {
  const name = `${service} ${lower}`;
  if (knownKeys.has(name)) return knownKeys.get(name);
  if (knownKeys.size > MOST_KEYS) knownKeys.clear();
  const found = findConditionKey(service, lower);
  knownKeys.set(name, found);
  return found;
}

function s3Key(key: string, at: Situation): KeyDomain | undefined {
  switch (key) {
    case "s3:resourceaccount":
      return fixed(at.account);
    case "s3:tlsversion":
      return at.tls ? choice(false, "1.3", "1.2", "1.1", "1.0") : ABSENT;
    case "s3:authtype":
      return at.caller.kind === "anonymous" ? ABSENT : choice(false, "REST-HEADER", "REST-QUERY-STRING", "POST");
    case "s3:signatureversion":
      return at.caller.kind === "anonymous"
        ? ABSENT
        : choice(false, "AWS4-HMAC-SHA256", "AWS", "AWS4-ECDSA-P256-SHA256");
    case "s3:signatureage":
      return at.caller.kind === "anonymous" ? ABSENT : typed("numeric", true, "1000");
    case "s3:x-amz-acl":
      return choice(
        true,
        "private",
        "bucket-owner-full-control",
        "bucket-owner-read",
        "public-read",
        "public-read-write",
        "authenticated-read",
        "aws-exec-read",
        "log-delivery-write",
      );
    case "s3:prefix":
    case "s3:delimiter":
      return text(true, [key === "s3:prefix" ? "reports/" : "/"], ANY_TEXT_OR_EMPTY);
    case "s3:dataaccesspointaccount":
      return text(true, ["444455556666"], ACCOUNT);
    case "s3:accesspointnetworkorigin":
      return choice(true, "Internet", "VPC");
    case HEADER:
      return at.encryption === "none" || at.encryption === "customer-key" ? ABSENT : fixed(at.encryption);
    case `${HEADER}-aws-kms-key-id`:
      return at.encryption.startsWith("aws:kms")
        ? text(true, ["arn:aws:kms:us-east-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab"])
        : ABSENT;
    case `${HEADER}-customer-algorithm`:
      return at.encryption === "customer-key" ? fixed("AES256") : ABSENT;
    default:
      return undefined;
  }
}

/**
 * A service that encrypts what belongs to a resource puts the resource's ARN into the encryption context
 * (`aws:logs:arn`, `aws:cloudtrail:arn`, …), or its account: it is of the account that the service acts for.
 */
function contextKey(key: string, { source }: Caller): KeyDomain | undefined {
  if (source?.keys.arns.has(key)) return text(true, source.ordinaryArns, source.arns);
  return source?.keys.accounts.has(key) ? choice(true, source.account) : undefined;
}

function kmsKey(key: string, at: Situation): KeyDomain | undefined {
  switch (key) {
    case "kms:calleraccount":
      return accountOf(at.caller) ?? ABSENT;
    case "kms:keyorigin":
      return choice(false, "AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE");
    case "kms:keyspec":
    case "kms:customermasterkeyspec":
      return text(false, ["SYMMETRIC_DEFAULT"]);
    case "kms:keyusage":
    case "kms:customermasterkeyusage":
      return choice(false, "ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT");
    case "kms:multiregion":
      return choice(false, "false", "true");
    case "kms:multiregionkeytype":
      return choice(true, "PRIMARY", "REPLICA");
    case "kms:viaservice":
      return text(true, ["s3.us-east-1.amazonaws.com"], at.caller.partition === "aws" ? FORMS.viaService : HOST);
    case "kms:requestalias":
      return text(true, ["alias/example"], FORMS.alias);
    case "kms:resourcealiases":
      return text(true, ["alias/example"], FORMS.alias, true);
    default:
      return undefined;
  }
}

/** The account of a caller: known, any, or none. */
function accountOf(caller: Caller): KeyDomain | undefined {
  if (caller.account !== undefined) return fixed(caller.account);
  return isSigned(caller) ? text(false, ["444455556666"], ACCOUNT) : undefined;
}

function globalKey(key: string, at: Situation): KeyDomain {
  const { caller } = at;
  return (
    requestKey(key, at) ??
    networkKey(key, at) ??
    callerKey(key, caller) ??
    sourceKey(key, caller) ??
    (/^aws:(principal|ec2|source|vpce|assumed|federated|token|multifactor|chatbot)/.test(key) && !isSigned(caller)
      ? ABSENT
      : text(true, ["example"]))
  );
}

function callerKey(key: string, caller: Caller): KeyDomain | undefined {
  const signed = isSigned(caller);
  const isService = caller.kind === "service";
  switch (key) {
    case "aws:principalarn":
      return bound(caller.arn);
    case "aws:userid":
      return bound(caller.userid);
    case "aws:username":
      return bound(caller.username);
    case "aws:principalaccount":
      return caller.kind === "anonymous" ? fixed("anonymous") : (accountOf(caller) ?? ABSENT);
    case "aws:principaltype":
      return isService ? ABSENT : typeOf(caller);
    case "aws:principalisawsservice":
      return caller.kind === "anonymous" ? ABSENT : fixed(String(isService));
    case "aws:principalservicename":
      return isService && caller.named !== undefined ? fixed(caller.named) : ABSENT;
    case "aws:principalservicenameslist":
      return isService && caller.named !== undefined ? fixed(caller.named) : ABSENT;
    case "aws:principalorgid":
      return signed ? anyOrganisation : ABSENT;
    case "aws:principalorgpaths":
      return signed ? organisationPaths : ABSENT;
    case "aws:federatedprovider":
      if (caller.kind === "provider" && caller.named !== undefined) return fixed(caller.named);
      return caller.kind === "role" ? text(true, ["accounts.google.com"]) : ABSENT;
    case "aws:multifactorauthpresent":
    case "aws:assumedroot":
      return hasSession(caller) || caller.kind === "root" ? FLAG : ABSENT;
    case "aws:multifactorauthage":
      return signed ? typed("numeric", true, "300") : ABSENT;
    case "aws:tokenissuetime":
      return signed ? typed("date", true, "2030-01-01T00:00:00Z") : ABSENT;
    case "aws:sourceidentity":
      return signed ? text(true, ["jane"]) : ABSENT;
    default:
      return key.startsWith("aws:principaltag/") ? (hasSession(caller) ? TAG : ABSENT) : undefined;
  }
}

function bound(value: Caller["arn"]): KeyDomain {
  if (!value) return ABSENT;
  return "fixed" in value ? fixed(value.fixed) : text(false, value.ordinary, value.domain);
}

function typeOf(caller: Caller): KeyDomain {
  switch (caller.kind) {
    case "anonymous":
      return fixed("Anonymous");
    case "root":
      return fixed("Account");
    case "user":
      return fixed("User");
    case "federated-user":
      return fixed("FederatedUser");
    case "role":
    case "provider":
      return fixed("AssumedRole");
    case "canonical":
    case "unique":
    case "identity":
    case "service":
      return choice(false, "AssumedRole", "User", "Account");
    default:
      return caller.kind satisfies never;
  }
}

/** Organisations that a policy names are taken for the own one: a fixed organisation binds a service. */
export const ANOTHER_ORGANISATION = "o-zz99zz99zz";

/** Keys of calls that services make for a resource's owner; the other keys of the source agree with its account. */
function sourceKey(key: string, caller: Caller): KeyDomain | undefined {
  if (!/^aws:source(account|arn|orgid|orgpaths|owner)$/.test(key)) return undefined;
  const { source } = caller;
  if (!source) return ABSENT;
  switch (key) {
    case "aws:sourceaccount":
    case "aws:sourceowner":
      return choice(true, source.account);
    case "aws:sourcearn":
      return text(true, source.ordinaryArns, source.arns);
    case "aws:sourceorgid":
      return source.isOwn ? anyOrganisation : choice(true, ANOTHER_ORGANISATION);
    default:
      return source.isOwn ? organisationPaths : choice(true, `${ANOTHER_ORGANISATION}/r-zz99/`);
  }
}

/** S3 and KMS see either an address or a VPC endpoint, never both. */
function networkKey(key: string, at: Situation): KeyDomain | undefined {
  const isEndpoint = at.network === "endpoint";
  switch (key) {
    case "aws:sourceip":
      if (isEndpoint) return ABSENT;
      return typed("ip", at.caller.kind === "service", "198.51.100.77");
    case "aws:vpcsourceip":
      return isEndpoint ? typed("ip", false, "10.0.0.7") : ABSENT;
    case "aws:sourcevpc":
      return isEndpoint ? text(false, ["vpc-0a1b2c3d4e5f67890"], FORMS.vpc) : ABSENT;
    case "aws:sourcevpce":
      return isEndpoint ? text(false, ["vpce-0a1b2c3d4e5f67890"], FORMS.endpoint) : ABSENT;
    case "aws:sourcevpcarn":
      return isEndpoint
        ? text(true, ["arn:aws:ec2:us-east-1:444455556666:vpc/vpc-0a1b2c3d4e5f67890"], FORMS.vpcArn)
        : ABSENT;
    case "aws:vpceorgid":
      return isEndpoint ? anyOrganisation : ABSENT;
    case "aws:vpceaccount":
      return isEndpoint ? text(true, ["444455556666"], ACCOUNT) : ABSENT;
    case "aws:vpceorgpaths":
      return isEndpoint ? organisationPaths : ABSENT;
    default:
      return undefined;
  }
}

function requestKey(key: string, at: Situation): KeyDomain | undefined {
  const signed = isSigned(at.caller);
  switch (key) {
    case "aws:securetransport":
      return fixed(String(at.tls));
    case "aws:currenttime":
    case "aws:epochtime":
      return typed("date", false, "");
    case "aws:resourceaccount":
      return fixed(at.account);
    case "aws:requestedregion":
      return fixed(at.region);
    case "aws:useragent":
      return text(false, ["aws-cli/2"]);
    case "aws:referer":
      return text(true, ["https://www.example.com/"]);
    case "aws:viaawsservice":
      return signed ? choice(false, "false", "true") : fixed("false");
    case "aws:calledvia":
      return signed ? text(true, ["athena.amazonaws.com"], ANY_TEXT, true) : ABSENT;
    case "aws:calledviafirst":
    case "aws:calledvialast":
      return signed ? text(true, ["athena.amazonaws.com"]) : ABSENT;
    case "aws:tagkeys":
      return text(true, ["example"], ANY_TEXT, true);
    case "aws:resourceorgid":
      return anyOrganisation;
    case "aws:resourceorgpaths":
      return organisationPaths;
    default:
      return /^aws:(resourcetag|requesttag)\//.test(key) ? TAG : undefined;
  }
}

/** Groups of keys that hang together, and which of them a policy mentions. */
export const isNetworkKey = (key: string): boolean =>
  /^aws:(sourceip|vpcsourceip|sourcevpc|sourcevpce|sourcevpcarn|vpce(account|orgid|orgpaths))$/.test(key);

/** Keys of encryption headers. */
export const isEncryptionKey = (key: string): boolean => key.startsWith(HEADER);

/** Keys that depend on whether the request came over TLS. */
export const isTransportKey = (key: string): boolean => key === "aws:securetransport" || key === "s3:tlsversion";

/** `aws:CurrentTime` and `aws:EpochTime` are one and the same instant. */
export const isTimeKey = (key: string): boolean => key === "aws:currenttime" || key === "aws:epochtime";
