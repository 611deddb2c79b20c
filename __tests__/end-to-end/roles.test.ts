/**
 * The roles' own policies at work, on the emulator with IAM enforced: calls are made as each role, and refused. The emulator
 * knows action names and S3's resources, but no conditions, no other resources and no boundaries: what those hold is decided
 * in `__tests__/stacks/pipeline-permissions.test.ts`.
 */
import { CreateKeyCommand, KMSClient, PutKeyPolicyCommand, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  ListBucketsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { type Emulator, emulatorAccount, enforce, startEmulator } from "../../scripts/emulator";
import { buildStatements, type Stage, type Surroundings } from "../../stacks/pipeline-permissions";
import type { PolicyStatement } from "../../stacks/policy-document";
import { describeWithEmulator } from "./whole";

jest.setTimeout(120_000);

const stateBucket = "tollgate-state-roles";

/** A user's keys. */
interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

describeWithEmulator("the roles' policies, enforced", () => {
  let emulator: Emulator;
  let stateKey: string;
  let users: Readonly<Record<"plan" | "apply" | "root", Keys>>;

  /** A call of IAM's query API; the emulator tells the service by the credential's scope. */
  async function iam(keys: Keys, parameters: Record<string, string>): Promise<{ status: number; text: string }> {
    const answer = await fetch(emulator.url, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        authorization: `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: new URLSearchParams({ Version: "2010-05-08", ...parameters }),
    });
    return { status: answer.status, text: await answer.text() };
  }

  /** A user with these statements. Of other services than S3 the emulator knows no resource: theirs become `*`. */
  async function user(name: string, statements: readonly PolicyStatement[]): Promise<Keys> {
    const nobody = { accessKeyId: "emulator", secretAccessKey: "emulator" };
    await iam(nobody, { Action: "CreateUser", UserName: name });
    const document = statements.map(({ Condition: _, ...statement }) => ({
      ...statement,
      Resource: [statement.Action].flat().every((action) => action.startsWith("s3:")) ? statement.Resource : "*",
    }));
    await iam(nobody, {
      Action: "PutUserPolicy",
      UserName: name,
      PolicyName: "role",
      PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: document }),
    });
    const { text } = await iam(nobody, { Action: "CreateAccessKey", UserName: name });
    const part = (tag: string) => new RegExp(`<${tag}>([^<]+)<`).exec(text)?.[1] ?? "";
    return { accessKeyId: part("AccessKeyId"), secretAccessKey: part("SecretAccessKey") };
  }

  const clients = (credentials: Keys) => {
    const common = { endpoint: emulator.url, region: "us-east-1", credentials };
    return { s3: new S3Client({ ...common, forcePathStyle: true }), kms: new KMSClient(common) };
  };

  beforeAll(async () => {
    emulator = await startEmulator({ unsigned: true });
    const { s3, kms } = clients({ accessKeyId: "emulator", secretAccessKey: "emulator" });
    await s3.send(new CreateBucketCommand({ Bucket: stateBucket }));
    stateKey = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? "";
    const surroundings: Surroundings = {
      place: { partition: "aws", region: "us-east-1", account: emulatorAccount },
      stack: "compliant-bucket",
      artifacts: { bucket: "arn:aws:s3:::tollgate-artifacts-roles", key: stateKey },
      state: { bucket: `arn:aws:s3:::${stateBucket}`, key: stateKey },
      operationsKey: stateKey,
      topic: `arn:aws:sns:us-east-1:${emulatorAccount}:tollgate-approvals`,
    };
    const role = (stage: Stage) => user(`tollgate-${stage}`, buildStatements(surroundings, stage));
    users = {
      plan: await role("plan"),
      apply: await role("apply"),
      root: await user("root", [{ Sid: "All", Effect: "Allow", Action: "*", Resource: "*" }]),
    };
    await enforce(emulator);
  });

  afterAll(async () => {
    await emulator?.stop();
  });

  /** Whether a call was refused. To calls of KMS the emulator answers in XML, which the SDK can't read: there the status tells. */
  async function isRefused(call: Promise<unknown>): Promise<boolean> {
    try {
      await call;
      return false;
    } catch (error) {
      const { name, $response } = error as { name: string; $response?: { statusCode?: number } };
      return /AccessDenied/.test(name) || $response?.statusCode === 403;
    }
  }

  const names = async () =>
    ((await clients(users.root).s3.send(new ListBucketsCommand())).Buckets ?? []).map(({ Name }) => Name).sort();

  test("planning makes nothing; applying makes what is this workload's, and no other bucket", async () => {
    const [plan, apply] = [clients(users.plan), clients(users.apply)];
    const workloadBucket = "tollgate-site-roles";
    const make = ({ s3 }: typeof plan, Bucket: string) => s3.send(new CreateBucketCommand({ Bucket }));
    expect(await isRefused(make(plan, workloadBucket))).toBe(true);
    expect(await isRefused(plan.kms.send(new CreateKeyCommand({})))).toBe(true);
    expect(await isRefused(make(apply, "somebody-elses"))).toBe(true);
    expect(await isRefused(make(apply, workloadBucket))).toBe(false);
    expect(await names()).toEqual([workloadBucket, stateBucket].sort());
    expect(await isRefused(apply.kms.send(new CreateKeyCommand({})))).toBe(false);
  });

  test("applying changes neither guardrails nor permissions", async () => {
    const { s3, kms } = clients(users.apply);
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    expect(await isRefused(s3.send(new PutBucketPolicyCommand({ Bucket: stateBucket, Policy: policy })))).toBe(true);
    expect(await isRefused(s3.send(new DeleteBucketCommand({ Bucket: stateBucket })))).toBe(true);
    expect(
      await isRefused(kms.send(new PutKeyPolicyCommand({ KeyId: stateKey, PolicyName: "default", Policy: policy }))),
    ).toBe(true);
    expect(await isRefused(kms.send(new ScheduleKeyDeletionCommand({ KeyId: stateKey })))).toBe(true);
    for (const Action of ["PutUserPolicy", "PutRolePolicy", "DeleteRolePermissionsBoundary", "CreateAccessKey"])
      expect((await iam(users.apply, { Action, UserName: "tollgate-apply", RoleName: "r" })).status).toBe(403);
  });

  test("planning holds the state's lock, but can't write the state", async () => {
    const { s3 } = clients(users.plan);
    const state = "compliant-bucket/terraform.tfstate";
    const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket: stateBucket, Key, Body: "x" }));
    expect(await isRefused(put(state))).toBe(true);
    expect(await isRefused(put("pipeline/terraform.tfstate"))).toBe(true);
    await expect(put(`${state}.tflock`)).resolves.toBeDefined();
  });
});
