/** Turns each of the four questions into the set of requests that it asks about, written from the rules' help pages and the IAM and S3 user guides. */

import { actionsOf } from "../../../validators/iam/data/actions";
import { type Caller, callerArn, evaluate, type PolicyJson, type Request, valuesOf } from "./naive";

/** The world that the oracle's policies stand in: one bucket, one key, one account. */
export const world = {
  bucket: "arn:aws:s3:::bkt",
  key: "arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012",
  account: "111122223333",
  partition: "aws",
  region: "eu-west-1",
  timestamp: "2026-06-01T00:00:00Z",
} as const;

/** A question of `s3-tls-only`, `s3-encrypted-puts-only`, `s3-owner-account-only` or `kms-no-cross-account`. */
export type Question =
  | { readonly ask: "plain-http" }
  | { readonly ask: "unencrypted-put"; readonly strength: "kms" | "any"; readonly allowMissingHeader: boolean }
  | { readonly ask: "bucket-outsider"; readonly restrictPublicBuckets: "yes" | "no" | "unknown" }
  | { readonly ask: "key-outsider" };

/** The questions with their options, as the property tests ask them. */
export const questions: readonly Question[] = [
  { ask: "plain-http" },
  { ask: "unencrypted-put", strength: "kms", allowMissingHeader: false },
  { ask: "unencrypted-put", strength: "kms", allowMissingHeader: true },
  { ask: "unencrypted-put", strength: "any", allowMissingHeader: false },
  { ask: "bucket-outsider", restrictPublicBuckets: "no" },
  { ask: "key-outsider" },
];

const listActions = ["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"];

/** Actions of a service on resources of one type, with the prefix: `s3:GetObject`. */
export const actionsOn = (service: "s3" | "kms", type: string): readonly string[] =>
  actionsOf(service)
    .filter((action) => action.resources.includes(type))
    .map((action) => `${service}:${action.name}`);

const objectActions = actionsOn("s3", "object");
const bucketActions = actionsOn("s3", "bucket");
const keyActions = actionsOn("kms", "key");

/** What the actions of a question act on. */
type Target = "bucket" | "object" | "key";

/** The actions that a question asks about, by what they act on. */
export function actionsOfQuestion(question: Question): readonly (readonly [Target, readonly string[]])[] {
  switch (question.ask) {
    case "plain-http":
      return [
        ["bucket", listActions],
        ["object", objectActions],
      ];
    case "unencrypted-put":
      return [["object", ["s3:PutObject"]]];
    case "bucket-outsider":
      return [
        ["bucket", bucketActions],
        ["object", objectActions],
      ];
    case "key-outsider":
      return [["key", keyActions]];
  }
}

function isTarget(target: Target, resource: string): boolean {
  if (target === "object") return resource.startsWith(`${world.bucket}/`) && resource.length > world.bucket.length + 1;
  return resource === (target === "key" ? world.key : world.bucket);
}

const isService = (caller: Caller): boolean => typeof caller === "object";

/** One value of a key, if it is in the request. */
const one = (request: Request, key: string): string | undefined =>
  valuesOf(request.context).get(key.toLowerCase())?.[0];

/** Whether the question is about this request; the request must be possible and complete. */
export function isAskedAbout(question: Question, request: Request): boolean {
  const hasKnownPair = actionsOfQuestion(question).some(
    ([target, actions]) => actions.includes(request.action) && isTarget(target, request.resource),
  );
  if (!hasKnownPair) return false;
  switch (question.ask) {
    case "plain-http":
      return one(request, "aws:SecureTransport") === "false" && !isService(request.principal);
    case "unencrypted-put":
      return isWeakPut(question, request);
    case "bucket-outsider":
      return isOutsider(request);
    case "key-outsider":
      return !isService(request.principal) && request.principal !== "*" && isOutsider(request);
  }
}

/** Of `s3-encrypted-puts-only`: a put that names no encryption or one too weak. What S3 rejects is {@link contradictions}' business. */
function isWeakPut(question: Question & { readonly ask: "unencrypted-put" }, request: Request): boolean {
  const algorithm = one(request, "s3:x-amz-server-side-encryption");
  const hasCustomerKey = one(request, "s3:x-amz-server-side-encryption-customer-algorithm") !== undefined;
  if (algorithm === undefined) return hasCustomerKey || !question.allowMissingHeader;
  return algorithm === "AES256" && question.strength === "kms";
}

/**
 * The anonymous caller, a principal of another account (the own number in another partition is another account), or a
 * service that acts for somebody else or doesn't say for whom (the confused deputy of `s3-owner-account-only`).
 */
function isOutsider(request: Request): boolean {
  if (request.principal === "*") return true;
  if (isService(request.principal)) {
    const source = one(request, "aws:SourceAccount") ?? one(request, "aws:SourceArn")?.split(":")[4];
    return source !== world.account;
  }
  const arn = callerArn(request.principal);
  return arn !== undefined && (arn.account !== world.account || arn.partition !== world.partition);
}

/** Whether the request escapes: no Deny where the rule wants all denied, an Allow and no Deny where it asks who gets in. */
export function getsThrough(question: Question, policy: PolicyJson, request: Request): boolean {
  const outcome = evaluate(policy, request);
  return question.ask === "plain-http" || question.ask === "unencrypted-put" ? outcome !== "deny" : outcome === "allow";
}

/** The context with the keys that every such request carries, where they aren't there yet. */
export function complete(request: Request): Request {
  const present = valuesOf(request.context);
  const added = Object.entries({ ...alwaysThere(request), ...ofCaller(request.principal) }).filter(
    ([key]) => !present.has(key.toLowerCase()),
  );
  return { ...request, context: { ...request.context, ...Object.fromEntries(added) } };
}

/**
 * The requests that a counterexample can stand for. It shows what matters; where it shows no address, the request comes
 * from some address or through some VPC endpoint; where it shows no transport, over TLS or not.
 */
export function completions(counterexample: Request): readonly Request[] {
  const endpoint = { "aws:SourceVpce": "vpce-77", "aws:SourceVpc": "vpc-77", "aws:VpcSourceIp": "10.77.0.7" };
  const ways = [{}, endpoint].flatMap((way) => [way, { ...way, "aws:SecureTransport": "false" }]);
  return ways.map((way) => complete({ ...counterexample, context: { ...way, ...counterexample.context } }));
}

function alwaysThere(request: Request): Readonly<Record<string, string>> {
  const isKms = request.action.startsWith("kms:");
  const isOverTls = one(request, "aws:SecureTransport") !== "false";
  const time = one(request, "aws:CurrentTime") ?? timeFrom(one(request, "aws:EpochTime")) ?? world.timestamp;
  const usesEndpoint = ["aws:SourceVpce", "aws:SourceVpc", "aws:VpcSourceIp"].some((key) => one(request, key));
  return {
    "aws:SecureTransport": "true",
    "aws:CurrentTime": time,
    "aws:EpochTime": String(Math.floor(Date.parse(time) / 1000)),
    "aws:UserAgent": "aws-cli/2",
    "aws:ViaAWSService": "false",
    "aws:RequestedRegion": world.region,
    "aws:ResourceAccount": world.account,
    ...(isKms ? {} : { "s3:ResourceAccount": world.account }),
    ...(!isKms && isOverTls ? { "s3:TlsVersion": "1.3" } : {}),
    ...(usesEndpoint || isService(request.principal) ? {} : { "aws:SourceIp": "198.51.100.77" }),
  };
}

const timeFrom = (epoch: string | undefined): string | undefined =>
  epoch === undefined ? undefined : new Date(Number(epoch) * 1000).toISOString();

/** What a caller brings along ("AWS global condition context keys", "Properties of the principal"). */
export function ofCaller(caller: Caller): Readonly<Record<string, string>> {
  if (typeof caller === "object") {
    return { "aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": caller.service };
  }
  if (caller === "*") {
    return { "aws:PrincipalAccount": "anonymous", "aws:PrincipalType": "Anonymous", "aws:userid": "anonymous" };
  }
  const arn = callerArn(caller);
  if (arn === undefined) return {};
  const [kind = "", ...path] = arn.resource.split("/");
  const shared = {
    "aws:PrincipalArn": kind === "assumed-role" ? `arn:${arn.partition}:iam::${arn.account}:role/${path[0]}` : caller,
    "aws:PrincipalAccount": arn.account,
    "aws:PrincipalIsAWSService": "false",
    "kms:CallerAccount": arn.account,
  };
  if (kind === "root") return { ...shared, "aws:PrincipalType": "Account", "aws:userid": arn.account };
  if (kind === "user") {
    const name = path.at(-1) ?? "";
    return { ...shared, "aws:PrincipalType": "User", "aws:userid": "AIDAEXAMPLE", "aws:username": name };
  }
  if (kind === "federated-user") {
    return { ...shared, "aws:PrincipalType": "FederatedUser", "aws:userid": `${arn.account}:${path[0]}` };
  }
  return { ...shared, "aws:PrincipalType": "AssumedRole", "aws:userid": "AROAEXAMPLE:session" };
}

/** Whether an ARN is that of a session's role, whose path the session's own ARN leaves out; true for who is no session. */
function isRoleOf(caller: Caller, role: string | undefined): boolean {
  const name = /^assumed-role\/([^/]+)\//.exec(callerArn(caller)?.resource ?? "")?.[1];
  return name === undefined || role?.split(":role/")[1]?.split("/").at(-1) === name;
}

/** Keys that a caller can't bring along. */
function neverOf(caller: Caller): readonly string[] {
  const ofServices = ["aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:PrincipalServiceName"];
  const ofIdentities = ["aws:username", "aws:PrincipalOrgID", "aws:PrincipalTag/team", "aws:MultiFactorAuthPresent"];
  if (caller === "*") return [...ofServices, ...ofIdentities, "aws:PrincipalArn", "aws:PrincipalIsAWSService"];
  if (typeof caller === "object") return [...ofIdentities, "aws:PrincipalArn"];
  return callerArn(caller)?.resource.startsWith("user/") ? ofServices : [...ofServices, "aws:username"];
}

/** Why no such request exists, a line each; none for a request that can be made. */
export function contradictions(request: Request): readonly string[] {
  const found: string[] = [];
  const value = (key: string) => one(request, key);
  const claim = (isWrong: boolean, problem: string) => {
    if (isWrong) found.push(problem);
  };
  for (const key of neverOf(request.principal)) claim(value(key) !== undefined, `${key} of such a caller`);
  for (const [key, expected] of Object.entries(ofCaller(request.principal))) {
    const isFree =
      key === "aws:userid" && callerArn(request.principal)?.resource !== "root" && request.principal !== "*";
    const isBound = key !== "aws:PrincipalArn" && !isFree;
    claim(isBound && value(key) !== undefined && value(key) !== expected, `${key} is not ${expected}`);
  }
  claim(!isRoleOf(request.principal, value("aws:PrincipalArn")), "aws:PrincipalArn of another role");
  const transport = value("aws:SecureTransport");
  claim(transport !== "true" && transport !== "false", "aws:SecureTransport is a boolean");
  claim(transport === "false" && value("s3:TlsVersion") !== undefined, "s3:TlsVersion without TLS");
  claim(
    value("aws:SourceIp") !== undefined && value("aws:SourceVpce") !== undefined,
    "aws:SourceIp through a VPC endpoint",
  );
  claim(value("aws:ResourceAccount") !== world.account, "aws:ResourceAccount is the bucket's");
  const sourceArn = value("aws:SourceArn")?.split(":")[4];
  const sourceAccount = value("aws:SourceAccount");
  claim(
    sourceArn !== undefined && sourceArn !== "" && sourceAccount !== undefined && sourceArn !== sourceAccount,
    "aws:SourceArn and aws:SourceAccount disagree",
  );
  const now = Date.parse(value("aws:CurrentTime") ?? "");
  claim(!(now >= Date.parse(world.timestamp)), "before the plan's timestamp");
  claim(Math.floor(now / 1000) !== Number(value("aws:EpochTime")), "two different times");
  claimEncryption(value, claim);
  return found;
}

function claimEncryption(
  value: (key: string) => string | undefined,
  claim: (isWrong: boolean, problem: string) => void,
): void {
  const header = "s3:x-amz-server-side-encryption";
  const algorithm = value(header);
  const isKms = algorithm === "aws:kms" || algorithm === "aws:kms:dsse";
  claim(algorithm !== undefined && algorithm !== "AES256" && !isKms, "S3 knows no such algorithm");
  claim(value(`${header}-aws-kms-key-id`) !== undefined && !isKms, "a KMS key without a KMS algorithm");
  claim(algorithm !== undefined && value(`${header}-customer-algorithm`) !== undefined, "SSE-C with an SSE header");
}
