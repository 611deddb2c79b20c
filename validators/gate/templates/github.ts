/** Turns a project into a GitHub Actions workflow: four jobs, each with the least it needs. */
import { type CiProject, gateFolder, proposedIn } from "./project";

/** Actions by commit: a tag can be moved to other code, a commit can't. */
const ACTIONS = {
  checkout: "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
  node: "actions/setup-node@249970729cb0ef3589644e2896645e5dc5ba9c38 # v6.5.0",
  upload: "actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0",
  download: "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1",
  terraform: "hashicorp/setup-terraform@dfe3c3f87815947d99a8997f908cb6525fc44e9e # v4.0.1",
  credentials: "aws-actions/configure-aws-credentials@e6de054238d6b7531b4efff3b6587d9aade6a06c # v6.2.3",
  sarif: "github/codeql-action/upload-sarif@8aad20d150bbac5944a9f9d289da16a4b0d87c1e # v4.36.2",
} as const;

/** `.github/workflows/tollgate.yml`. */
export function githubWorkflow(project: CiProject): string {
  const proposed = proposedIn(project);
  const { isHandedOver, gate } = proposed;
  const setUp = (ref?: string, node = "22"): string => `      - uses: ${ACTIONS.checkout}
        with:
          persist-credentials: false${ref === undefined ? "" : `\n          ref: ${ref}`}
      - uses: ${ACTIONS.node}
        with:
          node-version: ${node}
          package-manager-cache: false
${runs(project.install)}`;
  const terraform = `      - uses: ${ACTIONS.terraform}
        with:
          terraform_version: \${{ env.TERRAFORM_VERSION }}
          terraform_wrapper: false`;
  const credentials = (role: string): string => `      - uses: ${ACTIONS.credentials}
        with:
          role-to-assume: \${{ vars.${role} }}
          aws-region: \${{ vars.AWS_REGION }}
          role-duration-seconds: 3600`;
  return `# The gate: a plan is applied only as the very file that passed. help/threat-model.md says what holds and what doesn't.
# Fill in, as variables of the repository: AWS_REGION, AWS_PLAN_ROLE (reads only), AWS_APPLY_ROLE (of the environment
# \`production\`, which has reviewers), and where seals are signed TOLLGATE_SEAL_KEY and TOLLGATE_PUBLIC_KEY.
name: tollgate

on:
  pull_request:
    branches: [${project.branch}]
  push:
    branches: [${project.branch}]

# Each job asks for what it needs; what isn't asked for isn't there.
permissions: {}

concurrency:
  group: tollgate-\${{ github.ref }}
  cancel-in-progress: false

env:
  CHECKPOINT_DISABLE: "1"
  TERRAFORM_VERSION: ${project.terraformVersion}
  TOLLGATE_DIR: ${project.directory}
${project.variables.map((name) => `  ${name}: \${{ vars.${name} }}\n`).join("")}
defaults:
  run:
    # With \`pipefail\`: a pipe fails with whichever of its commands fails.
    shell: bash

jobs:
${
  project.nodes === undefined
    ? ""
    : `  # Runs the code of the pull request, so it has no credentials at all; with each Node.js that is supported.
  test:
    strategy:
      fail-fast: false
      matrix:
        node: [${project.nodes.join(", ")}]
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    permissions:
      contents: read
    steps:
${setUp(undefined, "${{ matrix.node }}")}
${terraform}
${runs(project.test)}

`
}  # Runs the code of the pull request, so it has no credentials at all.
  preplan:
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    permissions:
      contents: read
    steps:
${setUp()}
${runs([...(project.nodes === undefined ? project.test : []), ...project.synth, project.gate("preplan")])}
${
  isHandedOver
    ? `      - uses: ${ACTIONS.upload}
        with:
          name: configuration
          path: ${project.directory}
          # The provider lock's name begins with a dot.
          include-hidden-files: true
          if-no-files-found: error
          retention-days: 1
`
    : ""
}
  # Plans with credentials that only read. Tollgate, its rules, configuration and waivers come from the branch that is
  # merged into: a pull request can't bring its own judge.
  plan:
    needs: ${project.nodes === undefined ? "preplan" : "[test, preplan]"}
    if: github.event_name == 'push' || github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    permissions:
      contents: read
      id-token: write
      security-events: write
${isHandedOver ? "" : `    env:\n      TOLLGATE_DIR: ${proposed.directory}\n`}    outputs:
      plan-sha256: \${{ steps.digest.outputs.sha256 }}
    steps:
${setUp("${{ github.event.pull_request.base.sha || github.sha }}")}
${
  isHandedOver
    ? `      - run: rm -rf "$TOLLGATE_DIR"
      - uses: ${ACTIONS.download}
        with:
          name: configuration
          path: ${project.directory}
`
    : `      - uses: ${ACTIONS.checkout}
        with:
          persist-credentials: false
          path: proposed
`
}${terraform}
      # Once more, by the judge of the branch that is merged into, and before there are credentials.
${runs([project.gate("preplan")])}
${credentials("AWS_PLAN_ROLE")}
${runs([project.gate("plan")])}
      - name: ${project.gate("judge")}
        run: ${project.gate("judge")}
        env:
          TOLLGATE_SEAL_KEY: \${{ vars.TOLLGATE_SEAL_KEY }}
      # Past the artifacts: who could change those can't change this.
      - id: digest
        run: echo "sha256=$(sha256sum < "$TOLLGATE_DIR/gate/plan.tfplan" | cut -c1-64)" >> "$GITHUB_OUTPUT"
      - if: always() && hashFiles('${gate}/report.sarif') != ''
        uses: ${ACTIONS.sarif}
        with:
          sarif_file: ${gate}/report.sarif
          category: tollgate
      - if: always() && hashFiles('${gate}/report.html') != ''
        uses: ${ACTIONS.upload}
        with:
          name: report
          path: |
            ${gate}/report.*
            ${gate}/junit.xml
          retention-days: 30
      # The plan holds secrets in clear: only where it will be applied, and for a day.
      - if: github.event_name == 'push'
        uses: ${ACTIONS.upload}
        with:
          name: plan
          path: |
            ${gate}/plan.tfplan
            ${gate}/seal.json
          if-no-files-found: error
          retention-days: 1

  # The environment's reviewers let it start; its role trusts this environment only.
  apply:
    needs: plan
    if: github.event_name == 'push'
    runs-on: ubuntu-24.04
    timeout-minutes: 120
    environment: production
    permissions:
      contents: read
      id-token: write
    steps:
${setUp()}
${runs(project.synth)}${project.synth.length > 0 ? "\n" : ""}${terraform}
      - uses: ${ACTIONS.download}
        with:
          name: plan
          path: ${gateFolder(project)}
      - run: echo "$PLAN_SHA256  $TOLLGATE_DIR/gate/plan.tfplan" | sha256sum --check --strict -
        env:
          PLAN_SHA256: \${{ needs.plan.outputs.plan-sha256 }}
${credentials("AWS_APPLY_ROLE")}
      - name: ${project.gate("apply")}
        run: ${project.gate("apply")}
        env:
          TOLLGATE_PUBLIC_KEY: \${{ vars.TOLLGATE_PUBLIC_KEY }}

  verify:
    needs: apply
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    permissions:
      contents: read
      id-token: write
    steps:
${setUp()}
${runs(project.synth)}${project.synth.length > 0 ? "\n" : ""}${terraform}
${credentials("AWS_PLAN_ROLE")}
${runs([project.gate("verify")])}
      # Also of what it objects to.
      - if: always() && hashFiles('${gateFolder(project)}/junit.xml') != ''
        uses: ${ACTIONS.upload}
        with:
          name: verified
          path: |
            ${gateFolder(project)}/drift.json
            ${gateFolder(project)}/junit.xml
          retention-days: 30
`;
}

const runs = (commands: readonly string[]): string => commands.map((command) => `      - run: ${command}`).join("\n");
