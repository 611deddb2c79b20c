/** Turns two functions and a bucket into the state machine that judges every object of it: AWS does the scheduling. */

/** What the definition speaks of, as texts or tokens. */
export interface Machinery {
  readonly partition: string;
  /** Name of the bucket that holds plans and states. */
  readonly plans: string;
  /** ARN of the function that judges a batch. */
  readonly judge: string;
  /** ARN of the function that sums a run up. */
  readonly summarise: string;
}

/** Objects that one call judges at most: at a few hundred milliseconds each, well inside its five minutes. */
const BATCH = 25;
/** Calls at a time. An account has 1,000 of all functions unless it asks for more. */
const CONCURRENCY = 50;

/** What Lambda itself may get wrong: https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#bp-lambda-serviceexception */
const TRANSIENT = [
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.TooManyRequestsException",
];

const call = (partition: string, FunctionName: string, payload: object) => ({
  Type: "Task",
  Resource: `arn:${partition}:states:::lambda:invoke`,
  Parameters: { FunctionName, ...payload },
  OutputPath: "$.Payload",
  Retry: [
    { ErrorEquals: TRANSIENT, IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2, JitterStrategy: "FULL" },
    { ErrorEquals: ["States.TaskFailed", "States.Timeout"], IntervalSeconds: 5, MaxAttempts: 1 },
  ],
});

/**
 * The definition in Amazon States Language. A batch that breaks off twice becomes a list of objects that were not judged,
 * so that it costs the other batches nothing and still shows: the run then ends in `NotJudged`. Nothing else is tolerated.
 *
 * The map's results are small (where a batch's record is), so they stay in the machine: a `ResultWriter` would put them
 * into the bucket without naming an encryption, which the bucket's policy denies.
 */
export function machineDefinition({ partition, plans, judge, summarise }: Machinery): object {
  const ends = (error: string, cause: string) => ({ Type: "Fail", Error: error, Cause: cause });
  return {
    Comment: "judges every plan and state of a bucket, and sums it up",
    StartAt: "JudgeAll",
    States: {
      JudgeAll: {
        Type: "Map",
        Label: "JudgeAll",
        ItemReader: { Resource: `arn:${partition}:states:::s3:listObjectsV2`, Parameters: { Bucket: plans } },
        ItemSelector: { "Key.$": "$$.Map.Item.Value.Key" },
        ItemBatcher: {
          MaxItemsPerBatch: BATCH,
          MaxInputBytesPerBatch: 131_072,
          BatchInput: { "run.$": "$$.Execution.Name" },
        },
        MaxConcurrency: CONCURRENCY,
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
          StartAt: "JudgeBatch",
          States: {
            JudgeBatch: {
              ...call(partition, judge, { "Payload.$": "$" }),
              Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.trouble", Next: "BrokeOff" }],
              End: true,
            },
            BrokeOff: {
              Type: "Pass",
              Parameters: { "notJudged.$": "$.Items[*].Key", "because.$": "$.trouble.Error" },
              End: true,
            },
          },
        },
        Next: "Summarise",
      },
      Summarise: {
        ...call(partition, summarise, { Payload: { "run.$": "$$.Execution.Name", "batches.$": "$" } }),
        Next: "Verdict",
      },
      Verdict: {
        Type: "Choice",
        Choices: [
          { Variable: "$.status", NumericEquals: 0, Next: "Clear" },
          { Variable: "$.status", NumericEquals: 1, Next: "Fails" },
          { Variable: "$.status", NumericEquals: 3, Next: "Undecided" },
        ],
        Default: "NotJudged",
      },
      Clear: { Type: "Succeed" },
      Fails: ends("Tollgate.Fail", "at least one stack fails a rule: see summary.json in the bucket of reports"),
      Undecided: ends("Tollgate.Undecided", "no stack fails, something is undecided: see summary.json"),
      NotJudged: ends("Tollgate.NotJudged", "not every object could be judged, or there was none: see summary.json"),
    },
  };
}
