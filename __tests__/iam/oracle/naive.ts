/**
 * Turns one policy and one concrete request into allow, deny or neither, the slow and obvious way.
 *
 * Written straight from "Policy evaluation logic" and the policy element reference of the IAM User Guide, to be held
 * against the engine; it shares no code with it. No symbols, no sets of requests, no cleverness.
 */

import { type ContextValues, conditionsHold } from "./naive-conditions";
import { fillIn, glob } from "./naive-text";

/** Who calls: anonymous, an IAM or STS ARN, an AWS service, or an S3 canonical user. */
export type Caller = "*" | string | { readonly service: string };

/** One concrete request. */
export interface Request {
  readonly principal: Caller;
  /** `s3:GetObject`. */
  readonly action: string;
  readonly resource: string;
  /** Everything that is in the request; a key that isn't here is absent. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** A policy as `JSON.parse` gives it. */
export interface PolicyJson {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: StatementJson | readonly StatementJson[];
}

type OneOrMany = string | readonly string[];
type Scalar = string | number | boolean;

/** Who a statement is about. */
export type PrincipalJson = "*" | Readonly<Record<string, OneOrMany>>;

/** A statement as `JSON.parse` gives it. */
export interface StatementJson {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: PrincipalJson;
  readonly NotPrincipal?: PrincipalJson;
  readonly Action?: OneOrMany;
  readonly NotAction?: OneOrMany;
  readonly Resource?: OneOrMany;
  readonly NotResource?: OneOrMany;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Scalar | readonly Scalar[]>>>>;
}

/** What the policy says of the request. */
export type Outcome = "allow" | "deny" | "neither";

const list = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

/** The statements of a policy; a single one need not be in a list. */
export const statementsOf = (policy: PolicyJson): readonly StatementJson[] => list(policy.Statement);

/** Evaluates a policy: an explicit Deny wins, else an Allow counts, else nothing was said. */
export function evaluate(policy: PolicyJson, request: Request): Outcome {
  const matching = statementsOf(policy).filter((statement) => applies(statement, request, policy.Version));
  if (matching.some((statement) => statement.Effect === "Deny")) return "deny";
  return matching.some((statement) => statement.Effect === "Allow") ? "allow" : "neither";
}

/** Whether a statement applies to the request: every element must match. */
function applies(statement: StatementJson, request: Request, version: string | undefined): boolean {
  const context = valuesOf(request.context);
  return (
    principalMatches(statement, request.principal, context) &&
    actionMatches(statement, request.action) &&
    resourceMatches(statement, request.resource, hasVariables(version) ? context : undefined) &&
    conditionsHold(statement.Condition ?? {}, context, hasVariables(version))
  );
}

/** Policy variables came with the newer of the two versions; in the older one they are plain text. */
export const hasVariables = (version: string | undefined): boolean => version === "2012-10-17";

/** A context as values by lower-case key: keys have no case, values are lists. */
export function valuesOf(context: Request["context"]): ContextValues {
  return new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), list(value)]));
}

/** Whether the `Action` or `NotAction` of a statement takes the action in. */
export function actionMatches(statement: StatementJson, action: string): boolean {
  const isNamed = (patterns: OneOrMany) => list(patterns).some((p) => glob(p.toLowerCase(), action.toLowerCase()));
  if (statement.Action !== undefined) return isNamed(statement.Action);
  if (statement.NotAction !== undefined) return !isNamed(statement.NotAction);
  return false;
}

/** Whether `Resource` or `NotResource` takes the resource in; one with a variable that has no value names nothing. */
export function resourceMatches(
  statement: StatementJson,
  resource: string,
  variables: ContextValues | undefined,
): boolean {
  const isNamed = (patterns: OneOrMany) =>
    list(patterns).some((raw) => {
      const pattern = variables === undefined ? { text: raw } : fillIn(raw, variables);
      return pattern !== undefined && glob(pattern.text, resource, pattern.literal);
    });
  if (statement.Resource !== undefined) return isNamed(statement.Resource);
  if (statement.NotResource !== undefined) return !isNamed(statement.NotResource);
  return false;
}

/** Whether the `Principal` or `NotPrincipal` of a statement takes the caller in. */
export function principalMatches(statement: StatementJson, caller: Caller, context: ContextValues): boolean {
  if (statement.Principal !== undefined) return isNamedBy(statement.Principal, caller, context);
  if (statement.NotPrincipal !== undefined) return !isNamedBy(statement.NotPrincipal, caller, context);
  return false;
}

/** `"*"` and `{"AWS":"*"}` are everyone, signed in or not ("AWS JSON policy elements: Principal"). */
function isNamedBy(principal: PrincipalJson, caller: Caller, context: ContextValues): boolean {
  if (principal === "*") return true;
  if (typeof principal === "string") return false;
  return Object.entries(principal).some(([kind, names]) =>
    list(names).some((name) => {
      if (kind === "AWS") return name === "*" || awsNames(caller, context).includes(name);
      if (kind === "Service") return typeof caller === "object" && caller.service === name;
      return typeof caller === "string" && caller === name;
    }),
  );
}

/**
 * Every way in which `{"AWS": …}` can name a caller: by its own ARN, a session also by its role's, and by its account
 * as bare number or root ARN, which stand for everybody in the account. A session's ARN leaves out its role's path, which
 * `aws:PrincipalArn` tells; without the key the role has none.
 */
function awsNames(caller: Caller, context: ContextValues): readonly string[] {
  const parsed = callerArn(caller);
  if (parsed === undefined || typeof caller !== "string") return [];
  const { partition, account, resource } = parsed;
  const session = /^assumed-role\/([^/]+)\/[^/]+$/.exec(resource);
  return [
    caller,
    ...(session === null
      ? []
      : (context.get("aws:principalarn") ?? [`arn:${partition}:iam::${account}:role/${session[1]}`])),
    account,
    `arn:${partition}:iam::${account}:root`,
  ];
}

/** The parts of a caller's ARN; undefined for the anonymous caller and for services. */
export function callerArn(
  caller: Caller,
): { readonly partition: string; readonly account: string; readonly resource: string } | undefined {
  if (typeof caller !== "string") return undefined;
  const match = /^arn:([^:]*):(?:iam|sts)::(\d{12}):(.+)$/.exec(caller);
  if (match === null) return undefined;
  const [, partition = "", account = "", resource = ""] = match;
  return { partition, account, resource };
}
