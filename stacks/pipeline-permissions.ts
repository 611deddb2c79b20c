/** Turns the pipeline's stages into the least that each one's role needs, and the limit that none of them can leave. */
import { stateObject } from "./aws-stack";
import { workload } from "./bucket";
import type { PolicyStatement, TrustStatement } from "./policy-document";

/** The account, partition and region that everything is in, as texts or tokens. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** `arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE` in this place. */
export function arnIn(place: Place, service: string, resource: string): string {
  return `arn:${place.partition}:${service}:${place.region}:${place.account}:${resource}`;
}

/** A bucket and its key, by ARN. */
export interface Storage {
  readonly bucket: string;
  readonly key: string;
}

/** The three builds of the pipeline. */
export type Stage = "plan" | "apply" | "verify";

/** What the roles' policies speak of. */
export interface Surroundings {
  readonly place: Place;
  /** The stack that the pipeline deploys. */
  readonly stack: string;
  readonly artifacts: Storage;
  readonly state: Storage;
  /** ARN of the key of logs and topic. */
  readonly operationsKey: string;
  readonly topic: string;
}

/** A statement that allows. */
export const allow = (
  Sid: string,
  Action: readonly string[],
  Resource: string | readonly string[],
  Condition?: PolicyStatement["Condition"],
): PolicyStatement => ({
  Sid,
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});

/** A CodeBuild project's name; its report groups and its log group are named after it. */
export function projectName(stage: Stage): string {
  return `tollgate-${stage}`;
}

/** The log group that CodeBuild writes to. */
export function logGroupName(stage: Stage): string {
  return `/aws/codebuild/${projectName(stage)}`;
}

/**
 * The report group of a stage. CodeBuild puts a buildspec's report `verdict` into the group PROJECT-verdict.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/test-report-group-naming.html
 */
export function reportGroupName(stage: Stage): string {
  return `${projectName(stage)}-verdict`;
}

/** Everything that reading the workload back takes: what the provider calls when it refreshes these resources. */
function readsWorkload({ place, stack }: Surroundings): PolicyStatement[] {
  return [
    allow(
      "ReadsWorkloadBucket",
      [
        "s3:GetAccelerateConfiguration",
        "s3:GetBucketAcl",
        "s3:GetBucketCORS",
        "s3:GetBucketLocation",
        "s3:GetBucketLogging",
        "s3:GetBucketObjectLockConfiguration",
        "s3:GetBucketOwnershipControls",
        "s3:GetBucketPolicy",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketRequestPayment",
        "s3:GetBucketTagging",
        "s3:GetBucketVersioning",
        "s3:GetBucketWebsite",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
      ],
      `arn:${place.partition}:s3:::${workload.bucketPrefix}*`,
    ),
    allow(
      "ReadsWorkloadKey",
      ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"],
      arnIn(place, "kms", "key/*"),
      { StringEquals: { [`aws:ResourceTag/${workload.tag}`]: stack } },
    ),
    // KMS lists all aliases or none: this action takes no resource.
    allow("ListsAliases", ["kms:ListAliases"], "*"),
  ];
}

/**
 * What applying takes beyond reading. No deletion: what holds data is deleted by a person, not by a pipeline. No
 * `kms:PutKeyPolicy`: who may tag a key could make any key of the account one of the workload's, and then take it over.
 * A key gets its policy when it is created, and a person changes it.
 */
function writesWorkload({ place, stack }: Surroundings): PolicyStatement[] {
  const alias = arnIn(place, "kms", `alias/${stack}/*`);
  const keys = arnIn(place, "kms", "key/*");
  const isWorkloads = { StringEquals: { [`aws:ResourceTag/${workload.tag}`]: stack } };
  return [
    allow(
      "WritesWorkloadBucket",
      [
        "s3:CreateBucket",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketTagging",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
      ],
      `arn:${place.partition}:s3:::${workload.bucketPrefix}*`,
    ),
    // A key that doesn't exist yet has no ARN: what is asked for is the tag that it will carry.
    allow("CreatesWorkloadKey", ["kms:CreateKey"], "*", {
      StringEquals: { [`aws:RequestTag/${workload.tag}`]: stack },
    }),
    // Creating a key with a tag asks for this as well. No other tag: those may mean something to others.
    allow("TagsWorkloadKey", ["kms:TagResource"], keys, {
      StringEquals: { [`aws:RequestTag/${workload.tag}`]: stack },
      "ForAllValues:StringEquals": { "aws:TagKeys": [workload.tag] },
    }),
    allow("WritesWorkloadKey", ["kms:EnableKeyRotation", "kms:UpdateKeyDescription"], keys, isWorkloads),
    allow("NamesWorkloadKey", ["kms:CreateAlias", "kms:UpdateAlias"], alias),
    allow("LetsWorkloadKeyBeNamed", ["kms:CreateAlias", "kms:UpdateAlias"], keys, isWorkloads),
  ];
}

/** Reading the state and holding its lock; writing it where the stage is the one that applies. */
function usesState({ state, stack }: Surroundings, stage: Stage): PolicyStatement[] {
  const object = `${state.bucket}/${stateObject(stack)}`;
  const lock = `${object}.tflock`;
  return [
    allow("FindsState", ["s3:ListBucket"], state.bucket, { StringEquals: { "s3:prefix": stateObject(stack) } }),
    allow("ReadsState", ["s3:GetObject"], [object, lock]),
    allow("LocksState", ["s3:DeleteObject", "s3:PutObject"], lock),
    ...(stage === "apply" ? [allow("WritesState", ["s3:PutObject"], object)] : []),
    allow("UsesStateKey", ["kms:Decrypt", "kms:GenerateDataKey"], state.key),
  ];
}

/** What every build does: take its input, write its log, and hand in its report and its output where it has one. */
function builds({ place, artifacts }: Surroundings, stage: Stage): PolicyStatement[] {
  const objects = `${artifacts.bucket}/*`;
  const isReporting = stage !== "apply";
  return [
    allow("TakesArtifacts", ["s3:GetObject", "s3:GetObjectVersion"], objects),
    ...(stage === "plan" ? [allow("HandsOnArtifacts", ["s3:PutObject"], objects)] : []),
    allow(
      "UsesArtifactsKey",
      stage === "plan" ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"],
      artifacts.key,
    ),
    allow(
      "WritesLog",
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      arnIn(place, "logs", `log-group:${logGroupName(stage)}:*`),
    ),
    ...(isReporting
      ? [
          allow(
            "Reports",
            ["codebuild:BatchPutTestCases", "codebuild:CreateReport", "codebuild:UpdateReport"],
            arnIn(place, "codebuild", `report-group/${reportGroupName(stage)}`),
          ),
        ]
      : []),
  ];
}

/** The policy of a build's role. */
export function buildStatements(surroundings: Surroundings, stage: Stage): PolicyStatement[] {
  return [
    ...builds(surroundings, stage),
    ...usesState(surroundings, stage),
    ...readsWorkload(surroundings),
    ...(stage === "apply" ? writesWorkload(surroundings) : []),
  ];
}

/** The policy of the pipeline's own role: hand artifacts on, start the three builds, tell the approvers. */
export function pipelineStatements(
  { place, artifacts, operationsKey, topic }: Surroundings,
  source: readonly PolicyStatement[],
): PolicyStatement[] {
  const projects = (["plan", "apply", "verify"] as const).map((stage) =>
    arnIn(place, "codebuild", `project/${projectName(stage)}`),
  );
  return [
    ...source,
    allow("HandsOnArtifacts", ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"], `${artifacts.bucket}/*`),
    allow("FindsArtifacts", ["s3:GetBucketLocation", "s3:GetBucketVersioning"], artifacts.bucket),
    allow("UsesArtifactsKey", ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"], artifacts.key),
    allow("StartsBuilds", ["codebuild:BatchGetBuilds", "codebuild:StartBuild"], projects),
    allow("TellsApprovers", ["sns:Publish"], topic),
    allow("UsesTopicKey", ["kms:Decrypt", "kms:GenerateDataKey"], operationsKey, {
      StringEquals: { "kms:ViaService": `sns.${place.region}.amazonaws.com` },
    }),
  ];
}

/** What taking an archive from a bucket needs, and what taking it through a connection needs. */
export function sourceStatements(
  from: { readonly archive: Storage; readonly object: string } | { readonly connection: string },
): PolicyStatement[] {
  if ("connection" in from) return [allow("TakesSource", ["codeconnections:UseConnection"], from.connection)];
  const { archive, object } = from;
  return [
    allow(
      "TakesSource",
      ["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionTagging"],
      `${archive.bucket}/${object}`,
    ),
    allow("FindsSource", ["s3:GetBucketLocation", "s3:GetBucketVersioning"], archive.bucket),
    allow("UsesSourceKey", ["kms:Decrypt"], archive.key),
  ];
}

/** A role's trust: one service, and it only on behalf of the one pipeline or project (else it is a confused deputy). */
export function trustStatements(place: Place, service: string, source: string): TrustStatement[] {
  return [
    {
      Sid: "OnlyForItsOwn",
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": place.account }, ArnEquals: { "aws:SourceArn": source } },
    },
  ];
}

/** What no role of the pipeline may ever do, whatever its policy comes to say: see {@link boundaryStatements}. */
const outOfReach = [
  "cloudformation:*",
  "codebuild:BatchDelete*",
  "codebuild:Create*Project",
  "codebuild:CreateWebhook",
  "codebuild:Delete*",
  "codebuild:PutResourcePolicy",
  "codebuild:UpdateProject*",
  "codebuild:UpdateReportGroup",
  "codebuild:UpdateWebhook",
  "codepipeline:*",
  "iam:*",
  "organizations:*",
  "sts:AssumeRole*",
];

/**
 * The permissions boundary of every role here: the union of what they do, less the pipeline itself, anybody's permissions,
 * and the guardrails around artifacts, state and logs. A role's own policy is the narrower of the two at each point.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function boundaryStatements(
  { place, artifacts, state, operationsKey }: Surroundings,
  granted: readonly PolicyStatement[],
): PolicyStatement[] {
  const actions = new Set(granted.flatMap((statement) => statement.Action));
  const deny = (Sid: string, Action: readonly string[], Resource: string | readonly string[]): PolicyStatement => ({
    Sid,
    Effect: "Deny",
    Action,
    Resource,
  });
  return [
    allow("WhatTheRolesDo", [...actions].sort(), "*"),
    deny("PipelineAndPermissions", outOfReach, "*"),
    deny(
      "GuardrailsOfStorage",
      ["s3:DeleteBucket*", "s3:PutBucket*", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration"],
      [artifacts.bucket, state.bucket],
    ),
    deny(
      "GuardrailsOfKeys",
      ["kms:CreateGrant", "kms:Disable*", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:TagResource"],
      [artifacts.key, state.key, operationsKey],
    ),
    deny(
      "GuardrailsOfLogs",
      ["logs:Delete*", "logs:DisassociateKmsKey", "logs:PutRetentionPolicy"],
      arnIn(place, "logs", "log-group:/aws/codebuild/tollgate-*"),
    ),
  ];
}
