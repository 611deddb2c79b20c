/**
 * The fleet stack at the gate: planned by Terraform against the emulator, and judged. It isn't applied there: moto lacks
 * `ValidateStateMachineDefinition`, which the provider calls first.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Deployment } from "../../scripts/deployment";
import { type Emulator, emulatorOverrides, startEmulator } from "../../scripts/emulator";
import { synthesize } from "../../scripts/synth";
import { describeWithEmulator } from "./whole";

jest.setTimeout(900_000);

describeWithEmulator("the fleet stack", () => {
  const out = mkdtempSync(join(tmpdir(), "tollgate-synth-"));
  let emulator: Emulator;
  let deployment: Deployment;

  beforeAll(async () => {
    const [started, stacks] = await Promise.all([
      startEmulator(),
      synthesize({ TOLLGATE_FLEET_SCHEDULE: "rate(1 day)" }, out),
    ]);
    emulator = started;
    const stack = stacks.get("fleet");
    if (stack === undefined) throw new Error("no stack fleet");
    deployment = await Deployment.of(stack, emulator.env, emulatorOverrides);
  });

  afterAll(async () => {
    rmSync(out, { recursive: true, force: true });
    deployment?.remove();
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
});
