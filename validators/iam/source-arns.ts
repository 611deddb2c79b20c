/** Says which texts are nobody's ARN, though they look like one of a resource for which a service acts. */
import { Classes, type DomainPiece, domainOf, type Pattern } from "./pattern";

/**
 * Services of whose resources no ARN has a colon behind the account: neither the forms nor the names take one (service
 * authorization reference, «Resource types defined by»; API references: a trail's name, `[A-Za-z0-9._-]`, an event bus',
 * `[/.\-_A-Za-z0-9]`, a queue's, `[A-Za-z0-9_-]`, …). A subscription of SNS, which has one, is no source.
 *
 * Every other service's are taken to be anything: an alarm, a stage's path or an object may be called `x:111122223333:y`.
 */
const WITHOUT_COLONS: readonly string[] = [
  "bcm-data-exports",
  "cloudtrail",
  "cur",
  "elasticloadbalancing",
  "events",
  "firehose",
  "guardduty",
  "pipes",
  "scheduler",
  "sns",
  "sqs",
];

/**
 * What stands in front of a log group's name, and behind no name: it takes no colons, and nothing but `:*`, or `:log-stream:`
 * and the stream's name, follows it (CloudWatch Logs API reference, `LogGroup`).
 */
const LOG_GROUP = ":log-group:";

const ANYTHING: DomainPiece = { anyNumber: Classes.any };

/** What looks like the ARN of a resource of an account, or of none where that is empty, and is none. */
export function unrealArns(partition: string, account: string): readonly Pattern[] {
  const of = (service: string, ...resource: readonly DomainPiece[]): Pattern =>
    domainOf([`arn:${partition}:${service}:`, { anyNumber: Classes.lower }, `:${account}:`, ...resource]);
  return [
    ...WITHOUT_COLONS.map((service) => of(service, ANYTHING, ":", ANYTHING)),
    of("logs", { oneOrMore: Classes.any }, LOG_GROUP, ANYTHING),
  ];
}

/**
 * A log group that is called like an account: its ARN is compared with `arn:aws:logs:*:111122223333:*` as text. An export
 * to S3 has it as `aws:SourceArn` (CloudWatch Logs user guide, «Export log data to Amazon S3»).
 */
export const logGroupNamed = (name: string, partition: string, account: string): string =>
  `arn:${partition}:logs:us-east-1:${account}:log-group:${name}:*`;

/** Texts that hold one of some account numbers. */
export const holding = (numbers: readonly string[]): readonly Pattern[] =>
  numbers.map((number) => domainOf([ANYTHING, number, ANYTHING]));
