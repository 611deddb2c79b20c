/**
 * The roles' own policies at work, on the emulator with IAM enforced: real Terraform plans, applies and is refused. The
 * emulator knows action names and S3's resources, but no conditions, no other resources and no boundaries: what those hold is
 * decided in `__tests__/stacks/pipeline-permissions.test.ts`.
 */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateKeyCommand,
  KMSClient,
  ListKeysCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  ListBucketsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { Deployment } from "../../scripts/deployment";
import { type Emulator, emulatorAccount, enforce, startEmulator } from "../../scripts/emulator";
import { type SynthesizedStack, synthesize } from "../../scripts/synth";
import { buildStatements, type Stage, type Surroundings } from "../../stacks/pipeline-permissions";
import type { PolicyStatement } from "../../stacks/policy-document";
import { describeWithEmulator } from "./whole";

jest.setTimeout(900_000);

const stateBucket = "tollgate-state-roles";

/** A user's keys. */
interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

describeWithEmulator("the roles' policies, enforced", () => {
  const out = mkdtempSync(join(tmpdir(), "tollgate-synth-"));
  const deployments: Deployment[] = [];
  let emulator: Emulator;
  let stack: SynthesizedStack;
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
    const stacks = await synthesize({ TOLLGATE_STATE_BUCKET: stateBucket, TOLLGATE_STATE_KEY: stateKey }, out);
    const found = stacks.get("compliant-bucket");
    if (found === undefined) throw new Error("no stack compliant-bucket");
    stack = found;
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
    rmSync(out, { recursive: true, force: true });
    for (const deployment of deployments) deployment.remove();
    await emulator?.stop();
  });

  async function as(keys: Keys): Promise<Deployment> {
    const env = { ...emulator.env, AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey };
    const deployment = await Deployment.of(stack, env, { provider: { aws: [{ max_retries: 1 }] } });
    deployments.push(deployment);
    return deployment;
  }

  const names = async () =>
    ((await clients(users.root).s3.send(new ListBucketsCommand())).Buckets ?? []).map(({ Name }) => Name).sort();

  test("planning plans, and can apply nothing; applying applies that plan; planning then sees nothing to change", async () => {
    const planning = await as(users.plan);
    expect(await planning.plan()).toBe("changes");
    const refused = await planning.apply();
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/AccessDenied/);
    expect(await names()).toEqual([stateBucket]);
    expect((await clients(users.root).kms.send(new ListKeysCommand())).Keys).toHaveLength(1);

    const applying = await as(users.apply);
    copyFileSync(planning.planFile, applying.planFile);
    const applied = await applying.apply();
    expect({ status: applied.status, said: applied.status === 0 ? "" : applied.stderr }).toEqual({
      status: 0,
      said: "",
    });
    expect(await names()).toEqual([expect.stringMatching(/^tollgate-site-/), stateBucket]);
    expect(await planning.plan()).toBe("no changes");
  });

  const denied = { name: expect.stringMatching(/AccessDenied/) };

  test("applying changes neither guardrails nor permissions", async () => {
    const { s3, kms } = clients(users.apply);
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    await expect(s3.send(new PutBucketPolicyCommand({ Bucket: stateBucket, Policy: policy }))).rejects.toMatchObject(
      denied,
    );
    await expect(s3.send(new DeleteBucketCommand({ Bucket: stateBucket }))).rejects.toMatchObject(denied);
    await expect(
      kms.send(new PutKeyPolicyCommand({ KeyId: stateKey, PolicyName: "default", Policy: policy })),
    ).rejects.toMatchObject(denied);
    await expect(kms.send(new ScheduleKeyDeletionCommand({ KeyId: stateKey }))).rejects.toMatchObject(denied);
    for (const Action of ["PutUserPolicy", "PutRolePolicy", "DeleteRolePermissionsBoundary", "CreateAccessKey"])
      expect((await iam(users.apply, { Action, UserName: "tollgate-apply", RoleName: "r" })).status).toBe(403);
  });

  test("planning holds the state's lock, but can't write the state", async () => {
    const { s3 } = clients(users.plan);
    const state = "compliant-bucket/terraform.tfstate";
    const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket: stateBucket, Key, Body: "x" }));
    await expect(put(state)).rejects.toMatchObject(denied);
    await expect(put("pipeline/terraform.tfstate")).rejects.toMatchObject(denied);
    await expect(put(`${state}.tflock`)).resolves.toBeDefined();
  });
});
