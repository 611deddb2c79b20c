/** The dress rehearsal of the pipeline, act by act: `npm run rehearsal` shows the same for people. */
import { type Act, isAsExpected, rehearse } from "../../scripts/rehearsal";
import { describeWithEmulator } from "./whole";

jest.setTimeout(1_800_000);

describeWithEmulator("the rehearsal of the pipeline", () => {
  let acts: readonly Act[];
  let printed = "";

  beforeAll(async () => {
    acts = await rehearse((text) => {
      printed += text;
    });
  });

  test.each([
    "non-compliant code stops at the gate",
    "a plan tampered with between the stages stops at apply",
    "a plan tampered with, digest and all, stops at the seal",
    "compliant code arrives at a deployed bucket that is verified",
    "a plan made stale by another deployment stops at apply",
    "what somebody changed by hand after the apply is found",
  ])("%s", (name) => {
    const act = acts.find((one) => one.name === name);
    if (act === undefined) throw new Error(`no such act; the builds printed\n${printed.slice(-10_000)}`);
    expect({ stopped: act.result.stopped, checks: act.checks, isAsExpected: isAsExpected(act) }).toEqual({
      stopped: act.expected && {
        stage: act.expected.stage,
        phase: expect.any(String),
        command: expect.stringContaining(act.expected.command),
      },
      checks: act.checks.map(({ what }) => ({ what, holds: true })),
      isAsExpected: true,
    });
  });
});
