/** Turns a project into two CodeBuild buildspecs: plan and judge, and apply. */
import { type CiProject, gateFolder, yamlList } from "./project";

const head = (project: CiProject): string => `version: 0.2

env:
  shell: bash
  variables:
    CHECKPOINT_DISABLE: "1"
    TERRAFORM_VERSION: "${project.terraformVersion}"
    TERRAFORM_SHA256: ${project.terraformSha256}
    TOLLGATE_DIR: ${project.directory}`;

const install = (project: CiProject): string => `  install:
    on-failure: ABORT
    runtime-versions:
      nodejs: 22
    commands:
      # One shell runs all commands (version 0.2): from here on a pipe fails with whichever of its commands fails.
      - set -eo pipefail
${yamlList([...project.terraform, ...project.install, ...project.synth], 6)}`;

/** `tollgate-plan.buildspec.yml`: the project of the stage *Plan and judge*. Its role only reads. */
export function planBuildspec(project: CiProject): string {
  const gate = gateFolder(project);
  return `# The gate: plans, judges the plan, and hands on the very file that passed, with its seal.
${head(project)}
  exported-variables:
    - PLAN_SHA256

phases:
${install(project)}
  build:
    on-failure: ABORT
    commands:
${yamlList([...project.test, project.gate("preplan"), project.gate("plan"), project.gate("judge")], 6)}
      # Past the artifacts: who could change those can't change this.
      - PLAN_SHA256="$(sha256sum < ${gate}/plan.tfplan | cut -c1-64)"
      - export PLAN_SHA256

reports:
  tollgate:
    files:
      - ${gate}/junit.xml
    file-format: JUNITXML

artifacts:
  base-directory: ${gate}
  files:
    - plan.tfplan
    - seal.json
    - report.*
`;
}

/** `tollgate-apply.buildspec.yml`: the project of the stage *Apply*, after the approval. Its role writes. */
export function applyBuildspec(project: CiProject): string {
  const gate = gateFolder(project);
  return `# Applies the very plan file that passed, and nothing else. Its input: the source, and as second source \`Plan\` the
# artifact of the stage before; PLAN_SHA256 is that stage's exported variable (\`#{Plan.PLAN_SHA256}\`).
${head(project)}

phases:
${install(project)}
  build:
    on-failure: ABORT
    commands:
      - mkdir -p ${gate}
      - cp "$CODEBUILD_SRC_DIR_Plan/plan.tfplan" "$CODEBUILD_SRC_DIR_Plan/seal.json" ${gate}/
      - echo "$PLAN_SHA256  ${gate}/plan.tfplan" | sha256sum --check --strict -
${yamlList([project.gate("apply"), project.gate("verify")], 6)}

reports:
  verified:
    files:
      - ${gate}/junit.xml
    file-format: JUNITXML

artifacts:
  base-directory: ${gate}
  files:
    - drift.json
`;
}
