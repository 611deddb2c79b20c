/** Turns the gate into an AWS CodePipeline: plan and judge, have a person approve, apply that very plan, verify. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CodebuildProject } from "@cdktf/provider-aws/lib/codebuild-project";
import { CodebuildReportGroup } from "@cdktf/provider-aws/lib/codebuild-report-group";
import { CodeconnectionsConnection } from "@cdktf/provider-aws/lib/codeconnections-connection";
import {
  Codepipeline,
  type CodepipelineStage,
  type CodepipelineStageAction,
} from "@cdktf/provider-aws/lib/codepipeline";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { AwsStack, type RemoteState } from "./aws-stack";
import { CompliantBucket, keyAdministration } from "./compliant-bucket";
import {
  arnIn,
  boundaryStatements,
  buildStatements,
  logGroupName,
  type Place,
  pipelineStatements,
  projectName,
  reportGroupName,
  type Stage,
  type Storage,
  type Surroundings,
  sourceStatements,
  trustStatements,
} from "./pipeline-permissions";
import { type PolicyStatement, policyDocument } from "./policy-document";
import type { Source } from "./settings";

/** What the pipeline is built around. */
export interface PipelineProps {
  /** The stack that it deploys. */
  readonly stack: string;
  /** Where that stack's state is. */
  readonly state: RemoteState;
  /** Where the code comes from. */
  readonly source: Source;
  /** Mail addresses that are told when a plan waits for approval. */
  readonly notify: readonly string[];
  /** Where this stack's own state is; default: in the checkout. */
  readonly ownState?: RemoteState;
  /** Whether its buckets may be destroyed with what is in them. Default: no. */
  readonly removable?: boolean;
}

/** Days that the builds' logs are kept. */
const logDays = 365;

const buildspecs: Record<Stage, string> = { plan: "plan-and-judge.yml", apply: "apply.yml", verify: "verify.yml" };

const descriptions: Record<Stage, string> = {
  plan: "plans the stack and judges the plan",
  apply: "applies the plan that passed and was approved",
  verify: "judges what there is after the apply",
};

/** A buildspec's text as a literal: neither Terraform nor CDKTF is to see a reference in a shell's `${…}`. */
function buildspecOf(stage: Stage): string {
  const text = readFileSync(join(__dirname, "..", "pipelines", buildspecs[stage]), "utf8");
  return text.replaceAll("${", "$${").replaceAll("%{", "%%{");
}

/** The whole pipeline, with all it stands on except the state bucket. */
export class PipelineStack extends AwsStack {
  private readonly place: Place;
  private readonly surroundings: Surroundings;
  private readonly operationsKey: KmsKey;
  private readonly boundary: IamPolicy;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PipelineProps,
  ) {
    super(scope, id, props.ownState);
    this.place = {
      partition: new DataAwsPartition(this, "partition").partition,
      region: new DataAwsRegion(this, "region").id,
      account: new DataAwsCallerIdentity(this, "account").accountId,
    };
    this.operationsKey = this.addOperationsKey();
    const topic = this.addTopic();
    const artifacts = this.addBucket("artifacts");
    const source = this.addSource();
    this.surroundings = {
      place: this.place,
      stack: props.stack,
      artifacts,
      state: { bucket: `arn:${this.place.partition}:s3:::${props.state.bucket}`, key: props.state.key },
      operationsKey: this.operationsKey.arn,
      topic: topic.arn,
    };
    const policies = {
      pipeline: pipelineStatements(this.surroundings, source.statements),
      plan: buildStatements(this.surroundings, "plan"),
      apply: buildStatements(this.surroundings, "apply"),
      verify: buildStatements(this.surroundings, "verify"),
    };
    this.boundary = new IamPolicy(this, "boundary", {
      name: "tollgate-boundary",
      description: "what no role of the pipeline can leave",
      policy: policyDocument(boundaryStatements(this.surroundings, Object.values(policies).flat())),
    });
    for (const stage of ["plan", "apply", "verify"] as const) this.addBuild(stage, policies[stage], artifacts);
    const role = this.addRole(
      "pipeline",
      "codepipeline.amazonaws.com",
      arnIn(this.place, "codepipeline", "tollgate"),
      policies.pipeline,
    );
    this.addPipeline(role, source.action, topic, artifacts);
  }

  /** The key of logs and topic. The logs service may use it for the pipeline's own log groups, and nobody outside the account. */
  private addOperationsKey(): KmsKey {
    const { partition, region, account } = this.place;
    const root = { AWS: `arn:${partition}:iam::${account}:root` };
    const use = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"];
    const key = new KmsKey(this, "operations-key", {
      description: "encrypts the logs of the pipeline and what it tells approvers",
      enableKeyRotation: true,
      policy: policyDocument([
        { Sid: "AccountAdministersKey", Effect: "Allow", Principal: root, Action: keyAdministration, Resource: "*" },
        {
          Sid: "AccountUsesKeyThroughSns",
          Effect: "Allow",
          Principal: root,
          Action: use,
          Resource: "*",
          Condition: { StringEquals: { "kms:ViaService": `sns.${region}.amazonaws.com` } },
        },
        {
          Sid: "LogsUseKeyForTheseGroups",
          Effect: "Allow",
          Principal: { Service: `logs.${region}.amazonaws.com` },
          Action: use,
          Resource: "*",
          Condition: {
            ArnLike: {
              "kms:EncryptionContext:aws:logs:arn": arnIn(this.place, "logs", "log-group:/aws/codebuild/tollgate-*"),
            },
          },
        },
      ]),
    });
    new KmsAlias(this, "operations-alias", { name: `alias/${this.node.id}/operations`, targetKeyId: key.keyId });
    return key;
  }

  /** Where approvers are told; over TLS only, by whom IAM lets in this account. */
  private addTopic(): SnsTopic {
    const topic = new SnsTopic(this, "approvals", {
      name: "tollgate-approvals",
      kmsMasterKeyId: this.operationsKey.keyId,
    });
    new SnsTopicPolicy(this, "approvals-policy", {
      arn: topic.arn,
      policy: policyDocument([
        {
          Sid: "DenyPlainHttp",
          Effect: "Deny",
          Principal: "*",
          Action: "sns:Publish",
          Resource: topic.arn,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ]),
    });
    this.props.notify.forEach((endpoint, index) => {
      new SnsTopicSubscription(this, `approver-${index}`, { topicArn: topic.arn, protocol: "email", endpoint });
    });
    return topic;
  }

  /** A bucket of the project's own construct, for what stages hand on (a plan holds secrets) or for the source. */
  private addBucket(name: string): Storage & { readonly name: string } {
    const { bucket, key } = new CompliantBucket(this, name, {
      bucketPrefix: `tollgate-${name}-`,
      accountId: this.place.account,
      partition: this.place.partition,
      noncurrentDays: 30,
      forceDestroy: this.props.removable ?? false,
    });
    return { name: bucket.bucket, bucket: bucket.arn, key: key.arn };
  }

  /** The pipeline's first action and what its role needs for it. */
  private addSource(): { action: CodepipelineStageAction; statements: PolicyStatement[] } {
    const { source } = this.props;
    const common = { name: "Source", category: "Source", owner: "AWS", version: "1", outputArtifacts: ["Source"] };
    if (source.kind === "repository") {
      // A connection begins as "pending": somebody has to accept it once, in the console.
      const { arn } = new CodeconnectionsConnection(this, "connection", {
        name: "tollgate",
        providerType: source.host,
      });
      const configuration = { ConnectionArn: arn, FullRepositoryId: source.repository, BranchName: source.branch };
      return {
        action: { ...common, provider: "CodeStarSourceConnection", configuration },
        statements: sourceStatements({ connection: arn }),
      };
    }
    const archive = this.addBucket("source");
    new TerraformOutput(this, "source-bucket", {
      value: archive.name,
      description: `put ${source.object} here to deploy it`,
    });
    new TerraformOutput(this, "source-key", { value: archive.key, description: "the key that this put must name" });
    const configuration = { S3Bucket: archive.name, S3ObjectKey: source.object, PollForSourceChanges: "true" };
    return {
      action: { ...common, provider: "S3", configuration },
      statements: sourceStatements({ archive, object: source.object }),
    };
  }

  /** A role that one service may take on for one pipeline or project, inside the boundary. */
  private addRole(name: string, service: string, source: string, statements: readonly PolicyStatement[]): IamRole {
    const role = new IamRole(this, `${name}-role`, {
      name: `tollgate-${name}`,
      assumeRolePolicy: policyDocument(trustStatements(this.place, service, source)),
      permissionsBoundary: this.boundary.arn,
    });
    new IamRolePolicy(this, `${name}-policy`, { name, role: role.name, policy: policyDocument(statements) });
    return role;
  }

  private addBuild(stage: Stage, statements: readonly PolicyStatement[], artifacts: Storage): void {
    const name = projectName(stage);
    const logs = new CloudwatchLogGroup(this, `${stage}-logs`, {
      name: logGroupName(stage),
      kmsKeyId: this.operationsKey.arn,
      retentionInDays: logDays,
    });
    if (stage !== "apply")
      new CodebuildReportGroup(this, `${stage}-reports`, {
        name: reportGroupName(stage),
        type: "TEST",
        deleteReports: true,
        exportConfig: { type: "NO_EXPORT" },
      });
    const role = this.addRole(
      stage,
      "codebuild.amazonaws.com",
      arnIn(this.place, "codebuild", `project/${name}`),
      statements,
    );
    new CodebuildProject(this, `${stage}-build`, {
      name,
      description: descriptions[stage],
      serviceRole: role.arn,
      encryptionKey: artifacts.key,
      buildTimeout: 60,
      // Two applies at once would wait for each other's lock; one after the other is plain to read.
      concurrentBuildLimit: 1,
      artifacts: { type: "CODEPIPELINE" },
      source: { type: "CODEPIPELINE", buildspec: buildspecOf(stage) },
      logsConfig: { cloudwatchLogs: { groupName: logs.name, status: "ENABLED" } },
      environment: {
        computeType: "BUILD_GENERAL1_MEDIUM",
        image: "aws/codebuild/standard:7.0",
        type: "LINUX_CONTAINER",
        imagePullCredentialsType: "CODEBUILD",
        privilegedMode: false,
        environmentVariable: [
          { name: "TOLLGATE_STACK", value: this.props.stack },
          { name: "TOLLGATE_STATE_BUCKET", value: this.props.state.bucket },
          { name: "TOLLGATE_STATE_KEY", value: this.props.state.key },
        ],
      },
    });
  }

  private addPipeline(
    role: IamRole,
    source: CodepipelineStageAction,
    topic: SnsTopic,
    artifacts: Storage & { readonly name: string },
  ): void {
    const build = (name: string, stage: Stage, more: Partial<CodepipelineStageAction> = {}): CodepipelineStage => ({
      name,
      action: [
        {
          name,
          category: "Build",
          owner: "AWS",
          provider: "CodeBuild",
          version: "1",
          inputArtifacts: ["Source"],
          ...more,
          configuration: { ProjectName: projectName(stage), ...more.configuration },
        },
      ],
    });
    new Codepipeline(this, "pipeline", {
      name: "tollgate",
      pipelineType: "V2",
      // One after the other: a newer run must not overtake a plan that waits for its approval.
      executionMode: "QUEUED",
      roleArn: role.arn,
      artifactStore: [{ location: artifacts.name, type: "S3", encryptionKey: { id: artifacts.key, type: "KMS" } }],
      stage: [
        { name: "Source", action: [source] },
        build("PlanAndJudge", "plan", { namespace: "PlanAndJudge", outputArtifacts: ["Plan"] }),
        {
          name: "Approve",
          action: [
            {
              name: "Approve",
              category: "Approval",
              owner: "AWS",
              provider: "Manual",
              version: "1",
              configuration: {
                NotificationArn: topic.arn,
                CustomData:
                  "#{PlanAndJudge.VERDICT}. Plan sha256 #{PlanAndJudge.PLAN_SHA256}. The report is in the artifact Plan.",
              },
            },
          ],
        },
        build("Apply", "apply", {
          inputArtifacts: ["Source", "Plan"],
          configuration: {
            PrimarySource: "Source",
            // Past the artifacts: see the buildspec of the plan stage.
            EnvironmentVariables: JSON.stringify([
              { name: "PLAN_SHA256", value: "#{PlanAndJudge.PLAN_SHA256}", type: "PLAINTEXT" },
            ]),
          },
        }),
        build("Verify", "verify"),
      ],
    });
  }
}
