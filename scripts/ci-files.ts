/** Turns this project's own settings into its CI files, by the templates of `tollgate init`: `npm run ci:files`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { filesOf } from "../validators/gate/init";
import { type CiProject, TERRAFORM } from "../validators/gate/templates/project";
import { root } from "./synth";

/** This project: the compliant stack, deployed by its own gate. */
export const ownProject: CiProject = {
  directory: "cdktf.out/stacks/compliant-bucket",
  gate: (stage) => `npm run -s gate:${stage}`,
  // Nothing that a package brings runs while it is installed; our own build then runs by name.
  install: ["npm ci --ignore-scripts --no-audit --no-fund", "npm run -s build"],
  synth: ["npm run -s synth"],
  test: ["npm run -s check"],
  // What `engines` in package.json takes, in the versions with long support.
  nodes: [20, 22, 24],
  terraform: ["bash pipelines/install-terraform.sh"],
  terraformVersion: TERRAFORM.version,
  terraformSha256: TERRAFORM.sha256,
  branch: "main",
  variables: ["TOLLGATE_STATE_BUCKET", "TOLLGATE_STATE_KEY"],
};

/** The CI files of this project by path. CodeBuild's are written by hand: `pipelines/`. */
export const ownFiles = (): ReadonlyMap<string, string> =>
  new Map((["github", "gitlab", "bitbucket"] as const).flatMap((system) => [...filesOf(system, ownProject)]));

if (require.main === module)
  for (const [name, text] of ownFiles()) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
