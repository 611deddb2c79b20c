/** Policies that bind a service to the resources of an account, by ARNs that are compared as text or by other keys. */

import type { Request, StatementJson } from "../naive";
import {
  allow,
  allowKey,
  closedTo,
  keyOutsiders,
  openTo,
  outside,
  outsiders,
  own,
  type Row,
  request,
  third,
} from "./row";

type Condition = StatementJson["Condition"];

const FORMS =
  "service authorization reference, «Resource types defined by AWS CloudTrail»: no colon behind the account";
const NAMES = "a resource of another account may be called like it";

const delivers = (service: string, condition: Condition): StatementJson =>
  allow({ Principal: { Service: `${service}.amazonaws.com` }, Action: "s3:PutObject", Condition: condition });
const delivered = (service: string, arn: string): Request =>
  request({
    principal: { service: `${service}.amazonaws.com` },
    action: "s3:PutObject",
    context: { "aws:SourceArn": arn, "aws:SourceAccount": arn.split(":")[4] ?? "" },
  });
const encrypts = (service: string, condition: Condition): StatementJson =>
  allowKey({ Principal: { Service: `${service}.amazonaws.com` }, Condition: condition });

const closed = closedTo(outsiders);
const open = openTo(outsiders);
const closedKey = closedTo(keyOutsiders);
/** A service's request is no counterexample to the naive evaluator, which knows not what binds it. */
const boundKey = (name: string, because: string, ...statements: readonly StatementJson[]): Row => ({
  ...closedKey(name, because, ...statements),
  expected: "fail",
});

const trailsOf = (account: string): string => `arn:aws:cloudtrail:*:${account}:trail/*`;
const logsOf = (account: string): string => `arn:aws:logs:*:${account}:*`;
const likeSource = (...arns: readonly string[]): Condition => ({ StringLike: { "aws:SourceArn": arns } });
const likeContext = (name: string, ...arns: readonly string[]): Condition => ({
  StringLike: { [`kms:EncryptionContext:${name}`]: arns },
});

const buckets: readonly Row[] = [
  closed("trails of the own account, as text", FORMS, delivers("cloudtrail", likeSource(trailsOf(own)))),
  open(
    "trails of two accounts, as text",
    "one of them is another one",
    delivered("cloudtrail", `arn:aws:cloudtrail:eu-west-1:${third}:trail/t`),
    delivers("cloudtrail", likeSource(trailsOf(own), trailsOf(third))),
  ),
  closed("rules of the own account, as text", FORMS, delivers("events", likeSource(`arn:aws:events:*:${own}:rule/*`))),
  closed(
    "load balancers of the own account, none of others kept out",
    FORMS,
    delivers("delivery.logs", undefined),
    allow({
      Effect: "Deny",
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Action: "s3:*",
      Condition: { StringNotLike: { "aws:SourceArn": `arn:aws:elasticloadbalancing:*:${own}:loadbalancer/*` } },
    }),
  ),
  open(
    "logs of the own account, as text",
    `${NAMES}: a log group`,
    delivered("logs", `arn:aws:logs:us-east-1:${outside}:log-group:${own}:*`),
    delivers("logs", likeSource(logsOf(own))),
  ),
  closed(
    "log groups of the own account, as text",
    "CloudWatch Logs API reference, `LogGroup`: a group's name takes no colons",
    delivers("logs", likeSource(`arn:aws:logs:*:${own}:log-group:*`)),
  ),
  open(
    "whatever is called like the own account, as text",
    NAMES,
    delivered("cloudtrail", `arn:aws:cloudtrail:eu-west-1:${outside}:trail/${own}`),
    delivers("cloudtrail", likeSource(`*${own}*`)),
  ),
  open(
    "alarms of the own account, as text",
    `${NAMES}: an alarm's name takes colons`,
    delivered("cloudwatch", `arn:aws:cloudwatch:eu-west-1:${outside}:alarm:x:${own}:alarm:y`),
    delivers("cloudwatch", likeSource(`arn:aws:cloudwatch:*:${own}:alarm:*`)),
  ),
  open(
    "anything of the own account, as text",
    `${NAMES}: an alarm`,
    delivered("cloudwatch", `arn:aws:cloudwatch:eu-west-1:${outside}:alarm:x:${own}:y`),
    delivers("cloudwatch", likeSource(`arn:aws:*:${own}:*`)),
  ),
  closed("topics of the own account, as text", FORMS, delivers("sns", likeSource(`arn:aws:sns:*:${own}:*`))),
];

const keys: readonly Row[] = [
  boundKey(
    "trails of two accounts by the encryption context, as text",
    "one of them is another one",
    encrypts("cloudtrail", likeContext("aws:cloudtrail:arn", trailsOf(own), trailsOf(third))),
  ),
  boundKey(
    "trails of another account by the encryption context, as text",
    "the service is bound to it",
    encrypts("cloudtrail", likeContext("aws:cloudtrail:arn", trailsOf(third))),
  ),
  boundKey(
    "trails of another account, as text",
    "the service is bound to it",
    encrypts("cloudtrail", likeSource(trailsOf(third))),
  ),
  boundKey(
    "logs of another account, as text",
    "a log group that is called like it doesn't make it anybody's",
    encrypts("logs", likeSource(logsOf(third))),
  ),
  boundKey(
    "logs of the own account and of another one, as text",
    "the service is bound to it",
    encrypts("logs", likeSource(logsOf(own), logsOf(third))),
  ),
  boundKey(
    "what holds another account's number",
    "somebody means that account",
    encrypts("cloudtrail", likeSource(`*:${third}:*`)),
  ),
  closedKey(
    "logs of the own account, as text",
    "the service is bound to it, and a log group that is called like it may be anybody's",
    encrypts("logs", likeSource(logsOf(own))),
  ),
  closedKey("trails of the own account, as text", FORMS, encrypts("cloudtrail", likeSource(trailsOf(own)))),
  closedKey(
    "trails of anybody, as text",
    "AWS services are not another account",
    encrypts("cloudtrail", likeSource("arn:aws:cloudtrail:*:*:trail/*")),
  ),
];

const CONTEXTS = "the services' own pages, «encryption context»";

/** Keys of the encryption context that tell for whom a service encrypts, with a value for an account. */
const contexts: readonly (readonly [service: string, key: string, valueFor: (account: string) => string])[] = [
  ["events", "aws:events:event-bus:arn", (account) => `arn:aws:events:eu-west-1:${account}:event-bus/orders`],
  ["states", "aws:states:stateMachineArn", (account) => `arn:aws:states:eu-west-1:${account}:stateMachine:orders`],
  ["sns", "aws:sns:topicArn", (account) => `arn:aws:sns:eu-west-1:${account}:orders`],
  ["sqs", "aws:sqs:arn", (account) => `arn:aws:sqs:eu-west-1:${account}:orders`],
  ["lambda", "aws:lambda:FunctionArn", (account) => `arn:aws:lambda:eu-west-1:${account}:function:orders`],
  ["scheduler", "SourceArn", (account) => `arn:aws:scheduler:eu-west-1:${account}:schedule/default/orders`],
  ["ssm", "PARAMETER_ARN", (account) => `arn:aws:ssm:eu-west-1:${account}:parameter/orders`],
  ["secretsmanager", "SecretARN", (account) => `arn:aws:secretsmanager:eu-west-1:${account}:secret:orders-a1b2c3`],
  ["backup", "aws:backup:backup-vault", (account) => `arn:aws:backup:eu-west-1:${account}:backup-vault:orders`],
  ["dynamodb", "aws:dynamodb:subscriberId", (account) => account],
  ["glue", "aws:glue_catalog_id", (account) => account],
];

const byContext = (service: string, key: string, ...values: readonly string[]): StatementJson =>
  encrypts(service, { StringEquals: { [`kms:EncryptionContext:${key}`]: values } });

const encryptionContexts: readonly Row[] = [
  ...contexts.flatMap(([service, key, valueFor]) => [
    boundKey(`\`${key}\` of another account`, CONTEXTS, byContext(service, key, valueFor(third))),
    boundKey(
      `\`${key}\` of the own account and of another one`,
      CONTEXTS,
      byContext(service, key, valueFor(own), valueFor(third)),
    ),
    closedKey(`\`${key}\` of the own account`, CONTEXTS, byContext(service, key, valueFor(own))),
  ]),
  boundKey(
    "event buses of another account, as text",
    CONTEXTS,
    encrypts("events", likeContext("aws:events:event-bus:arn", `arn:aws:events:*:${third}:event-bus/*`)),
  ),
  closedKey(
    "a bucket by the encryption context",
    "S3 user guide, «Encryption context»: a bucket's ARN, which tells no account",
    byContext("s3", "aws:s3:arn", "arn:aws:s3:::orders"),
  ),
  closedKey("a table's name", "it tells no account", byContext("dynamodb", "aws:dynamodb:tableName", "orders")),
  closedKey("a number of its own", "it is no key of AWS's", byContext("events", "ticket", third)),
];

/** All of them. */
export const sources: readonly Row[] = [...buckets, ...keys, ...encryptionContexts];
