/** The compliant stack through the gate into the emulator and back through AWS's own API; the other stack no further than the gate. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetKeyRotationStatusCommand, KMSClient, ListAliasesCommand, ListKeysCommand } from "@aws-sdk/client-kms";
import {
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { Deployment } from "../../scripts/deployment";
import {
  clientSettings,
  type Emulator,
  emulatorAccount,
  emulatorOverrides,
  startEmulator,
} from "../../scripts/emulator";
import { type SynthesizedStack, synthesize } from "../../scripts/synth";
import { describeWithEmulator } from "./whole";

jest.setTimeout(600_000);

describeWithEmulator("a deployment through the gate", () => {
  const out = mkdtempSync(join(tmpdir(), "tollgate-synth-"));
  let emulator: Emulator;
  let stacks: Map<string, SynthesizedStack>;
  let s3: S3Client;
  let kms: KMSClient;
  const deployments: Deployment[] = [];

  beforeAll(async () => {
    [emulator, stacks] = await Promise.all([startEmulator(), synthesize({}, out)]);
    const client = clientSettings(emulator);
    s3 = new S3Client({ ...client, forcePathStyle: true });
    kms = new KMSClient(client);
  });

  afterAll(async () => {
    rmSync(out, { recursive: true, force: true });
    for (const deployment of deployments) deployment.remove();
    s3?.destroy();
    kms?.destroy();
    await emulator?.stop();
  });

  async function deploy(name: string): Promise<Deployment> {
    const stack = stacks.get(name);
    if (stack === undefined) throw new Error(`no stack ${name}`);
    const deployment = await Deployment.of(stack, emulator.env, emulatorOverrides);
    deployments.push(deployment);
    return deployment;
  }

  test("the non-compliant stack stops at the gate, every rule fires, and the emulator holds nothing of it", async () => {
    const deployment = await deploy("non-compliant");
    expect(await deployment.plan()).toBe("changes");
    const judged = await deployment.judge("--format", "json");
    expect(judged.status).toBe(1);
    const report: { results: { rule: string; verdict: string; counterexample?: unknown }[] } = JSON.parse(
      judged.stdout,
    );
    const failed = report.results.filter((result) => result.verdict === "fail");
    expect([...new Set(failed.map((result) => result.rule))].sort()).toEqual([
      "kms-key-rotation",
      "kms-no-cross-account",
      "s3-block-public-access",
      "s3-encrypted-puts-only",
      "s3-encryption-configured",
      "s3-kms-encryption",
      "s3-owner-account-only",
      "s3-tls-only",
    ]);
    const policyRules = ["s3-tls-only", "s3-encrypted-puts-only", "kms-no-cross-account", "s3-owner-account-only"];
    for (const result of failed)
      if (policyRules.includes(result.rule)) expect(result.counterexample).toHaveProperty("action");
    expect((await s3.send(new ListBucketsCommand())).Buckets ?? []).toEqual([]);
    expect((await kms.send(new ListKeysCommand())).Keys).toEqual([]);
  });

  describe("the compliant stack", () => {
    let deployment: Deployment;
    let bucket: string;
    let key: string;

    beforeAll(async () => {
      deployment = await deploy("compliant-bucket");
      expect(await deployment.plan()).toBe("changes");
      expect(await deployment.judge()).toMatchObject({ status: 0 });
      expect(await deployment.apply()).toMatchObject({ status: 0 });
      bucket = await deployment.output("bucket");
      key = await deployment.output("key");
    });

    test("is private", async () => {
      const { PublicAccessBlockConfiguration } = await s3.send(new GetPublicAccessBlockCommand({ Bucket: bucket }));
      expect(PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      const { OwnershipControls } = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket: bucket }));
      expect(OwnershipControls?.Rules).toEqual([{ ObjectOwnership: "BucketOwnerEnforced" }]);
    });

    test("is encrypted with the stack's own key", async () => {
      const answer = await s3.send(new GetBucketEncryptionCommand({ Bucket: bucket }));
      expect(answer.ServerSideEncryptionConfiguration?.Rules).toEqual([
        {
          ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: key },
          BucketKeyEnabled: true,
        },
      ]);
      expect(key).toContain(`:${emulatorAccount}:key/`);
    });

    test("rotates its key, and names it", async () => {
      expect((await kms.send(new GetKeyRotationStatusCommand({ KeyId: key }))).KeyRotationEnabled).toBe(true);
      const { Aliases } = await kms.send(new ListAliasesCommand({ KeyId: key }));
      expect(Aliases?.map((alias) => alias.AliasName)).toEqual(["alias/compliant-bucket/site"]);
    });

    test("keeps versions", async () => {
      expect((await s3.send(new GetBucketVersioningCommand({ Bucket: bucket }))).Status).toBe("Enabled");
    });

    // The emulator ignores policy conditions, so what it would refuse proves nothing: the text is read back, and judged.
    test("has the policy that the gate judged, with its ARNs filled in", async () => {
      const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));
      const everything = `arn:aws:s3:::${bucket}/*`;
      const puts = { Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: everything };
      expect(JSON.parse(Policy ?? "")).toEqual({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "DenyPlainHttp",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [`arn:aws:s3:::${bucket}`, everything],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
          {
            Sid: "DenyPutsWithoutKms",
            ...puts,
            Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption": ["aws:kms", "aws:kms:dsse"] } },
          },
          {
            Sid: "DenyPutsWithAnotherKey",
            ...puts,
            Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": key } },
          },
        ],
      });
    });

    test("passes again as it now stands, with nothing left to change", async () => {
      expect(await deployment.plan()).toBe("no changes");
      expect(await deployment.judge()).toMatchObject({ status: 0 });
    });
  });
});
