/** The words in which the tables of policies are written: rows, questions, and statements with everything usual left out. */

import type { BucketWorld } from "../../../../validators/iam/index";
import type { Text } from "../../../../validators/kernel/index";
import { type Question, world } from "../domain";
import type { PolicyJson, Request, StatementJson } from "../naive";

/** What the engine has to answer; `fail` leaves open whether it shows a request or refuses the policy. */
export type Expected = "none" | "found" | "undecided" | "refused" | "fail";

/** One policy with its verdict. */
export interface Row {
  readonly name: string;
  readonly ask: Question;
  readonly policy: PolicyJson;
  readonly expected: Expected;
  /** The page that the policy or the verdict stands on, or the reason for the verdict. */
  readonly because: string;
  /** A request that gets through, for the naive evaluator; its context is completed. */
  readonly through?: Request;
}

/** A policy that isn't a policy, or one with symbols in it: as text. */
export interface TextRow extends Omit<Row, "policy"> {
  readonly policy: string | Text;
  readonly world?: Partial<BucketWorld>;
}

export const { bucket, key, account: own } = world;
export const outside = "444455556666";
export const third = "777788889999";
export const objects = `${bucket}/*`;
export const both = [bucket, objects];
export const header = "s3:x-amz-server-side-encryption";

export const rootOf = (account: string): string => `arn:aws:iam::${account}:root`;
export const roleOf = (account: string, name = "app"): string => `arn:aws:iam::${account}:role/${name}`;
export const userOf = (account: string, name = "ada"): string => `arn:aws:iam::${account}:user/${name}`;

export const plainHttp: Question = { ask: "plain-http" };
export const kmsPuts: Question = { ask: "unencrypted-put", strength: "kms", allowMissingHeader: false };
export const lenientPuts: Question = { ask: "unencrypted-put", strength: "kms", allowMissingHeader: true };
export const anyPuts: Question = { ask: "unencrypted-put", strength: "any", allowMissingHeader: false };
export const outsiders: Question = { ask: "bucket-outsider", restrictPublicBuckets: "no" };
export const restricted: Question = { ask: "bucket-outsider", restrictPublicBuckets: "yes" };
export const keyOutsiders: Question = { ask: "key-outsider" };

/** A policy of today's version. */
export const policy = (...statements: readonly StatementJson[]): PolicyJson => ({
  Version: "2012-10-17",
  Statement: statements,
});

/** Elements of a statement; `undefined` takes a usual one away. */
export type Changes = { readonly [Name in keyof StatementJson]?: StatementJson[Name] | undefined };

function statement(usual: StatementJson, changes: Changes): StatementJson {
  const opposite: Readonly<Record<string, keyof StatementJson>> = {
    NotAction: "Action",
    NotResource: "Resource",
    NotPrincipal: "Principal",
  };
  const replaced = new Set(Object.keys(changes).map((name) => opposite[name]));
  const kept = Object.entries(usual).filter(([name]) => ![...replaced].some((other) => other === name));
  const all = { ...Object.fromEntries(kept), ...changes };
  return {
    Effect: usual.Effect,
    ...Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
  };
}

/** Denies everyone everything on the bucket and its objects, but for the changes. */
export const deny = (changes: Changes = {}): StatementJson =>
  statement({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: both }, changes);

/** Allows everyone to read objects, but for the changes. */
export const allow = (changes: Changes = {}): StatementJson =>
  statement({ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: objects }, changes);

/** Allows the own account everything on the key, but for the changes. */
export const allowKey = (changes: Changes = {}): StatementJson =>
  statement({ Effect: "Allow", Principal: { AWS: rootOf(own) }, Action: "kms:*", Resource: "*" }, changes);

/** Denies everyone everything on the key, but for the changes. */
export const denyKey = (changes: Changes = {}): StatementJson =>
  statement({ Effect: "Deny", Principal: { AWS: "*" }, Action: "kms:*", Resource: "*" }, changes);

/** Denies everyone to put objects, but for the changes. */
export const denyPut = (changes: Changes = {}): StatementJson =>
  deny({ Action: "s3:PutObject", Resource: objects, ...changes });

/** The condition of a Deny that stops plain HTTP. */
export const overHttp = { Bool: { "aws:SecureTransport": "false" } } as const;

/** A request; by default an anonymous read of an object over plain HTTP. */
export const request = (changes: Partial<Request> = {}): Request => ({
  principal: "*",
  action: "s3:GetObject",
  resource: `${bucket}/report.csv`,
  context: {},
  ...changes,
});

/** A request over plain HTTP. */
export const http = (changes: Partial<Request> = {}): Request =>
  request({ ...changes, context: { "aws:SecureTransport": "false", ...changes.context } });

/** A put of an object with these context keys. */
export const put = (context: Request["context"] = {}, changes: Partial<Request> = {}): Request =>
  request({ principal: roleOf(own), action: "s3:PutObject", context, ...changes });

/** Another account's role that reads an object. */
export const foreign = (changes: Partial<Request> = {}): Request => request({ principal: roleOf(outside), ...changes });

/** Another account's role that decrypts. */
export const foreignDecrypt = (changes: Partial<Request> = {}): Request =>
  request({ principal: roleOf(outside), action: "kms:Decrypt", resource: key, ...changes });

/** Rows of one question about policies that let nothing through. */
export const closedTo =
  (ask: Question) =>
  (name: string, because: string, ...statements: readonly StatementJson[]): Row => ({
    name,
    ask,
    policy: policy(...statements),
    expected: "none",
    because,
  });

/** Rows of one question about policies that a request gets through. */
export const openTo =
  (ask: Question) =>
  (name: string, because: string, through: Request, ...statements: readonly StatementJson[]): Row => ({
    name,
    ask,
    policy: policy(...statements),
    expected: "found",
    because,
    through,
  });
