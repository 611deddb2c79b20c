/** Turns the fleet's parts into the least that each one's role needs. */
import { allow, arnIn, type Place, type Storage } from "./pipeline-permissions";
import type { PolicyStatement, TrustStatement } from "./policy-document";

/** What the roles' policies speak of. */
export interface FleetSurroundings {
  readonly place: Place;
  readonly plans: Storage;
  readonly reports: Storage;
}

/** The two functions, by name. */
export const functionNames = { judge: "tollgate-fleet-judge", summarise: "tollgate-fleet-summarise" } as const;
/** What a function does: `judge` a batch, `summarise` the batches. */
export type FleetFunction = keyof typeof functionNames;

/** The state machine's name, and with `tollgate-fleet` in front that of everything else here. */
export const machineName = "tollgate-fleet";

/** The log group that Lambda, or Step Functions, writes to. */
export const functionLogs = (name: FleetFunction): string => `/aws/lambda/${functionNames[name]}`;
/**
 * The same of the state machine: below `/aws/vendedlogs/`, so that the policy of log delivery doesn't grow.
 * https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html
 */
export const machineLogs = `/aws/vendedlogs/states/${machineName}`;

/** A function's trust. Lambda names no source when it takes on an execution role, so there is none to ask for. */
export const functionTrust: TrustStatement[] = [
  { Sid: "OnlyLambda", Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
];

const writesLog = (place: Place, name: FleetFunction): PolicyStatement =>
  allow(
    "WritesLog",
    ["logs:CreateLogStream", "logs:PutLogEvents"],
    arnIn(place, "logs", `log-group:${functionLogs(name)}:*`),
  );

/** Reads plans, their source and the configuration; writes a report each, and the record of its batch. */
export function judgeStatements({ place, plans, reports }: FleetSurroundings): PolicyStatement[] {
  return [
    allow("ReadsPlans", ["s3:GetObject"], `${plans.bucket}/*`),
    // Without it S3 answers 403 for an object that isn't there, as for one that may not be read.
    allow("KnowsWhatIsThere", ["s3:ListBucket"], plans.bucket),
    allow("UsesPlansKey", ["kms:Decrypt"], plans.key),
    allow("WritesReports", ["s3:PutObject"], [`${reports.bucket}/reports/*`, `${reports.bucket}/runs/*`]),
    allow("UsesReportsKey", ["kms:GenerateDataKey"], reports.key),
    writesLog(place, "judge"),
  ];
}

/** Reads the batches' records and the configuration; writes the summary. It sees no plan. */
export function summariseStatements({ place, plans, reports }: FleetSurroundings): PolicyStatement[] {
  return [
    allow("ReadsConfiguration", ["s3:GetObject"], `${plans.bucket}/tollgate.json`),
    allow("KnowsWhatIsThere", ["s3:ListBucket"], plans.bucket),
    allow("UsesPlansKey", ["kms:Decrypt"], plans.key),
    allow("ReadsRecords", ["s3:GetObject"], `${reports.bucket}/runs/*`),
    allow("WritesSummary", ["s3:PutObject"], [`${reports.bucket}/summaries/*`, `${reports.bucket}/summary.json`]),
    allow("UsesReportsKey", ["kms:Decrypt", "kms:GenerateDataKey"], reports.key),
    writesLog(place, "summarise"),
  ];
}

/** Lists the bucket, calls the functions, and starts and watches the children of its own map. */
export function machineStatements(
  { place, plans }: FleetSurroundings,
  functions: readonly string[],
): PolicyStatement[] {
  return [
    allow("ListsPlans", ["s3:ListBucket"], plans.bucket),
    allow("CallsFunctions", ["lambda:InvokeFunction"], functions),
    // https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
    allow("StartsChildren", ["states:StartExecution"], arnIn(place, "states", `stateMachine:${machineName}`)),
    allow(
      "WatchesChildren",
      ["states:DescribeExecution", "states:StopExecution"],
      arnIn(place, "states", `execution:${machineName}/*`),
    ),
    // None of these takes a resource: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
    allow(
      "DeliversLog",
      [
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
      ],
      "*",
    ),
  ];
}
