/** Turns a bucket of plans and states into a bucket of reports: Step Functions hands the objects out, Lambda judges them. */
import { join } from "node:path";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { AssetType, Fn, TerraformAsset, TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { AwsStack, type RemoteState } from "./aws-stack";
import { CompliantBucket, keyAdministration } from "./compliant-bucket";
import { machineDefinition } from "./fleet-machine";
import {
  type FleetFunction,
  type FleetSurroundings,
  functionLogs,
  functionNames,
  functionTrust,
  judgeStatements,
  machineLogs,
  machineName,
  machineStatements,
  summariseStatements,
} from "./fleet-permissions";
import { allow, arnIn, type Place, trustStatements } from "./pipeline-permissions";
import { type PolicyStatement, policyDocument, type TrustStatement } from "./policy-document";

/** What can be chosen. */
export interface FleetProps {
  /** When every plan is judged, as EventBridge Scheduler reads it: `rate(1 day)`. Default: whenever somebody starts it. */
  readonly schedule?: string;
  /** Where this stack's own state is; default: in the checkout. */
  readonly state?: RemoteState;
}

/** Days that logs are kept. */
const logDays = 365;
/** At this size a function has a whole core: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const oneCore = 1769;

/** The whole fleet, with the buckets that it reads from and writes to. */
export class FleetStack extends AwsStack {
  private readonly place: Place;
  private readonly logsKey: KmsKey;
  private readonly code: TerraformAsset;

  constructor(scope: Construct, id: string, props: FleetProps = {}) {
    super(scope, id, props.state);
    this.place = {
      partition: new DataAwsPartition(this, "partition").partition,
      region: new DataAwsRegion(this, "region").id,
      account: new DataAwsCallerIdentity(this, "account").accountId,
    };
    this.logsKey = this.addLogsKey();
    this.code = new TerraformAsset(this, "code", {
      path: join(__dirname, "..", "dist", "fleet"),
      type: AssetType.ARCHIVE,
    });
    const plans = this.addBucket("plans");
    const reports = this.addBucket("reports");
    const surroundings: FleetSurroundings = {
      place: this.place,
      plans: { bucket: plans.bucket.arn, key: plans.key.arn },
      reports: { bucket: reports.bucket.arn, key: reports.key.arn },
    };
    const variables = {
      TOLLGATE_PLANS: plans.bucket.bucket,
      TOLLGATE_REPORTS: reports.bucket.bucket,
      TOLLGATE_REPORTS_KEY: reports.key.arn,
    };
    const judge = this.addFunction("judge", judgeStatements(surroundings), variables);
    const summarise = this.addFunction("summarise", summariseStatements(surroundings), variables);
    const machine = this.addMachine(surroundings, plans.bucket.bucket, judge, summarise);
    if (props.schedule !== undefined) this.addSchedule(machine, props.schedule);
    this.addOutputs(plans, reports, machine);
  }

  private addBucket(name: string): CompliantBucket {
    return new CompliantBucket(this, name, {
      bucketPrefix: `tollgate-fleet-${name}-`,
      accountId: this.place.account,
      partition: this.place.partition,
    });
  }

  /** The key of the logs: the logs service may use it for the fleet's own groups, and nobody outside the account. */
  private addLogsKey(): KmsKey {
    const { partition, region, account } = this.place;
    const groups = [functionLogs("judge"), functionLogs("summarise"), machineLogs];
    const key = new KmsKey(this, "logs-key", {
      description: "encrypts the logs of the fleet",
      enableKeyRotation: true,
      policy: policyDocument([
        {
          Sid: "AccountAdministersKey",
          Effect: "Allow",
          Principal: { AWS: `arn:${partition}:iam::${account}:root` },
          Action: keyAdministration,
          Resource: "*",
        },
        {
          Sid: "LogsUseKeyForTheseGroups",
          Effect: "Allow",
          Principal: { Service: `logs.${region}.amazonaws.com` },
          Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
          Resource: "*",
          Condition: {
            ArnEquals: {
              "kms:EncryptionContext:aws:logs:arn": groups.map((name) =>
                arnIn(this.place, "logs", `log-group:${name}`),
              ),
            },
          },
        },
      ]),
    });
    new KmsAlias(this, "logs-alias", { name: `alias/${this.node.id}/logs`, targetKeyId: key.keyId });
    return key;
  }

  private addLogs(name: string, group: string): CloudwatchLogGroup {
    return new CloudwatchLogGroup(this, `${name}-logs`, {
      name: group,
      kmsKeyId: this.logsKey.arn,
      retentionInDays: logDays,
    });
  }

  private addRole(name: string, trust: readonly TrustStatement[], statements: readonly PolicyStatement[]): IamRole {
    const role = new IamRole(this, `${name}-role`, {
      name: `${machineName}-${name}`,
      assumeRolePolicy: policyDocument(trust),
    });
    new IamRolePolicy(this, `${name}-policy`, { name, role: role.name, policy: policyDocument(statements) });
    return role;
  }

  private addFunction(
    name: FleetFunction,
    statements: readonly PolicyStatement[],
    variables: Record<string, string>,
  ): LambdaFunction {
    const logs = this.addLogs(name, functionLogs(name));
    return new LambdaFunction(this, name, {
      functionName: functionNames[name],
      description: { judge: "judges a batch of plans and states", summarise: "sums up a run" }[name],
      role: this.addRole(name, functionTrust, statements).arn,
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: `fleet.${name}`,
      filename: this.code.path,
      sourceCodeHash: this.code.assetHash,
      memorySize: oneCore,
      timeout: 300,
      environment: { variables },
      dependsOn: [logs],
    });
  }

  private addMachine(
    surroundings: FleetSurroundings,
    plans: string,
    judge: LambdaFunction,
    summarise: LambdaFunction,
  ): SfnStateMachine {
    const logs = this.addLogs("machine", machineLogs);
    const role = this.addRole(
      "machine",
      trustStatements(this.place, "states.amazonaws.com", arnIn(this.place, "states", `stateMachine:${machineName}`)),
      machineStatements(surroundings, [judge.arn, summarise.arn]),
    );
    const definition = machineDefinition({
      partition: this.place.partition,
      plans,
      judge: judge.arn,
      summarise: summarise.arn,
    });
    return new SfnStateMachine(this, "machine", {
      name: machineName,
      roleArn: role.arn,
      definition: Fn.jsonencode(definition),
      // What is handed on are names of objects; what is in them stays out of the log.
      loggingConfiguration: { level: "ERROR", includeExecutionData: false, logDestination: `${logs.arn}:*` },
    });
  }

  private addSchedule(machine: SfnStateMachine, expression: string): void {
    const role = this.addRole(
      "schedule",
      trustStatements(this.place, "scheduler.amazonaws.com", arnIn(this.place, "scheduler", "schedule-group/default")),
      [allow("StartsMachine", ["states:StartExecution"], machine.arn)],
    );
    new SchedulerSchedule(this, "schedule", {
      name: machineName,
      scheduleExpression: expression,
      flexibleTimeWindow: { mode: "OFF" },
      target: { arn: machine.arn, roleArn: role.arn, input: "{}" },
    });
  }

  private addOutputs(plans: CompliantBucket, reports: CompliantBucket, machine: SfnStateMachine): void {
    new TerraformOutput(this, "plans-bucket", { value: plans.bucket.bucket, description: "put plans and states here" });
    new TerraformOutput(this, "plans-key", { value: plans.key.arn, description: "the key that these puts must name" });
    new TerraformOutput(this, "reports-bucket", {
      value: reports.bucket.bucket,
      description: "reports are written here",
    });
    new TerraformOutput(this, "state-machine", { value: machine.arn, description: "start it to judge all plans" });
  }
}
