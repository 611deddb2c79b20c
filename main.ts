/** Turns the command `cdktf synth` into Terraform JSON: says which stacks there are, nothing else. */
import { App, type AppConfig } from "cdktf";
import { BucketStack } from "./stacks/bucket";
import { NonCompliantStack } from "./stacks/non-compliant";

/** The app with all its stacks, not yet synthesized, so that a test can look at it. */
export function app(config: AppConfig = {}): App {
  const stacks = new App(config);
  new BucketStack(stacks, "compliant-bucket");
  new NonCompliantStack(stacks, "non-compliant");
  return stacks;
}

if (require.main === module) app().synth();
