/** The fleet stack through the gate into the emulator, read back with AWS's own API, and away again. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetBucketEncryptionCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { Deployment } from "../../scripts/deployment";
import { clientSettings, type Emulator, emulatorOverrides, startEmulator } from "../../scripts/emulator";
import { synthesize } from "../../scripts/synth";
import { type MachineChecker, startMachineChecker } from "./machine-checker";
import { describeWithEmulator } from "./whole";

jest.setTimeout(900_000);

describeWithEmulator("the fleet stack", () => {
  const out = mkdtempSync(join(tmpdir(), "tollgate-synth-"));
  let emulator: Emulator;
  let deployment: Deployment;
  let checker: MachineChecker;
  let s3: S3Client;

  beforeAll(async () => {
    const [started, stacks] = await Promise.all([
      startEmulator(),
      synthesize({ TOLLGATE_FLEET_SCHEDULE: "rate(1 day)" }, out),
    ]);
    emulator = started;
    const stack = stacks.get("fleet");
    if (stack === undefined) throw new Error("no stack fleet");
    s3 = new S3Client({ ...clientSettings(emulator), forcePathStyle: true });
    checker = await startMachineChecker(emulator.url);
    deployment = await Deployment.of(stack, { ...emulator.env, ...checker.env }, emulatorOverrides);
  });

  afterAll(async () => {
    rmSync(out, { recursive: true, force: true });
    deployment?.remove();
    checker?.stop();
    s3?.destroy();
    await emulator?.stop();
  });

  test("passes the gate that it multiplies", async () => {
    expect(await deployment.plan()).toBe("changes");
    const { status, stdout } = await deployment.judge("--format", "json");
    const { verdict, summary } = JSON.parse(stdout);
    expect({ status, verdict, summary }).toMatchObject({
      status: 0,
      verdict: "pass",
      summary: { fail: 0, undecided: 0, waived: 0 },
    });
  });

  test("is applied as it was judged, and reads back without a difference", async () => {
    expect(await deployment.apply()).toMatchObject({ status: 0, stderr: "" });
    expect(await deployment.plan()).toBe("no changes");
    const machine = await deployment.output("state-machine");
    const { definition }: { definition: string } = JSON.parse(await described(machine));
    expect(checker.asked).toContain(definition);
    expect(JSON.parse(definition).States.JudgeAll.ItemReader.Parameters).toEqual({
      Bucket: await deployment.output("plans-bucket"),
    });
    for (const Bucket of [await deployment.output("plans-bucket"), await deployment.output("reports-bucket")]) {
      const { ServerSideEncryptionConfiguration: encryption } = await s3.send(
        new GetBucketEncryptionCommand({ Bucket }),
      );
      expect(encryption?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe("aws:kms");
    }
  });

  test("goes away whole", async () => {
    expect(await deployment.destroy()).toMatchObject({ status: 0 });
    expect((await s3.send(new ListBucketsCommand())).Buckets ?? []).toEqual([]);
  });

  /** The state machine as the emulator has it: it looks at the service that a call is signed for, not at the signature. */
  async function described(stateMachineArn: string): Promise<string> {
    const answer = await fetch(emulator.url, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "AWSStepFunctions.DescribeStateMachine",
        authorization: "AWS4-HMAC-SHA256 Credential=emulator/20260101/us-east-1/states/aws4_request",
      },
      body: JSON.stringify({ stateMachineArn }),
    });
    return await answer.text();
  }
});
