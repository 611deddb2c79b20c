/** Turns the command `cdktf synth` into Terraform JSON: says which stacks there are, nothing else. */
import { App, type AppConfig } from "cdktf";
import { BucketStack } from "./stacks/bucket";
import { FleetStack } from "./stacks/fleet";
import { NonCompliantStack } from "./stacks/non-compliant";
import { PipelineStack } from "./stacks/pipeline";
import { type Settings, settingsFrom } from "./stacks/settings";
import { StateStack } from "./stacks/state";

/** The app with all its stacks, not yet synthesized, so that a test can look at it. */
export function app(
  config: AppConfig = {},
  { state, source, notify, removable, fleetSchedule }: Settings = settingsFrom(process.env),
): App {
  const stacks = new App(config);
  new BucketStack(stacks, "compliant-bucket", { forceDestroy: removable, ...(state ? { state } : {}) });
  new NonCompliantStack(stacks, "non-compliant");
  const { state: made } = new StateStack(stacks, "state", { removable });
  new PipelineStack(stacks, "pipeline", {
    stack: "compliant-bucket",
    state: state ?? made,
    source,
    notify,
    removable,
    ...(state ? { ownState: state } : {}),
  });
  new FleetStack(stacks, "fleet", {
    ...(state ? { state } : {}),
    ...(fleetSchedule ? { schedule: fleetSchedule } : {}),
  });
  return stacks;
}

if (require.main === module) app().synth();
