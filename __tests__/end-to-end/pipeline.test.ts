/** The pipeline stack through the gate into the emulator (and, where that has no such service, the stand-in), and away again. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Deployment } from "../../scripts/deployment";
import { type Emulator, emulatorOverrides, startEmulator } from "../../scripts/emulator";
import { placeholderState } from "../../scripts/placeholder";
import { synthesize } from "../../scripts/synth";
import { type StandIn, startStandIn } from "./stand-in";
import { describeWithEmulator } from "./whole";

jest.setTimeout(900_000);

describeWithEmulator("the pipeline stack", () => {
  const out = mkdtempSync(join(tmpdir(), "tollgate-synth-"));
  let emulator: Emulator;
  let standIn: StandIn;
  let deployment: Deployment;

  beforeAll(async () => {
    const settings = {
      ...placeholderState,
      TOLLGATE_NOTIFY: "approver@example.com",
      TOLLGATE_SOURCE: "github:example/site@main",
    };
    const [started, stood, stacks] = await Promise.all([startEmulator(), startStandIn(), synthesize(settings, out)]);
    emulator = started;
    standIn = stood;
    const stack = stacks.get("pipeline");
    if (stack === undefined) throw new Error("no stack pipeline");
    deployment = await Deployment.of(stack, { ...emulator.env, ...standIn.env }, emulatorOverrides);
  });

  afterAll(async () => {
    rmSync(out, { recursive: true, force: true });
    deployment?.remove();
    standIn?.stop();
    await emulator?.stop();
  });

  test("passes the gate that it is itself made of", async () => {
    expect(await deployment.plan()).toBe("changes");
    expect(await deployment.judge()).toMatchObject({ status: 0 });
  });

  test("is applied, and reads back without a difference", async () => {
    expect(await deployment.apply()).toMatchObject({ status: 0 });
    expect(standIn.unknown).toEqual([]);
    expect(await deployment.plan()).toBe("no changes");
    expect(await deployment.judge()).toMatchObject({ status: 0 });
  });

  test("has its stages in order, and hands the plan's digest past the artifacts", () => {
    const pipeline = standIn.stored("pipeline").get("tollgate");
    expect(pipeline).toMatchObject({
      pipelineType: "V2",
      executionMode: "QUEUED",
      artifactStore: { encryptionKey: { type: "KMS" } },
      stages: [
        { name: "Source" },
        { name: "PlanAndJudge", actions: [{ namespace: "PlanAndJudge", outputArtifacts: [{ name: "Plan" }] }] },
        { name: "Approve", actions: [{ actionTypeId: { category: "Approval", provider: "Manual" } }] },
        {
          name: "Apply",
          actions: [
            {
              inputArtifacts: [{ name: "Source" }, { name: "Plan" }],
              configuration: { EnvironmentVariables: expect.stringContaining("#{PlanAndJudge.PLAN_SHA256}") },
            },
          ],
        },
        { name: "Verify" },
      ],
    });
    expect([...standIn.stored("connection").values()]).toMatchObject([{ ProviderType: "GitHub" }]);
    expect([...standIn.stored("project").keys()].sort()).toEqual([
      "tollgate-apply",
      "tollgate-plan",
      "tollgate-verify",
    ]);
    for (const project of standIn.stored("project").values())
      expect(project).toMatchObject({ environment: { privilegedMode: false }, artifacts: { type: "CODEPIPELINE" } });
  });

  test("can be taken away", async () => {
    expect(await deployment.destroy()).toMatchObject({ status: 0 });
    for (const kind of ["pipeline", "project", "report-group", "connection"])
      expect([...standIn.stored(kind).keys()]).toEqual([]);
  });
});
