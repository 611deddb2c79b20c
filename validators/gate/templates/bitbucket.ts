/** Turns a project into Bitbucket Pipelines: check, plan and judge, apply by hand, verify. */
import { type CiProject, proposedIn, yamlList } from "./project";

/** `bitbucket-pipelines.yml`. */
export function bitbucketPipelines(project: CiProject): string {
  const proposed = proposedIn(project);
  const { isHandedOver, gate } = proposed;
  const prepare = (directory: string): readonly string[] => [
    // A pipe fails with whichever of its commands fails.
    "set -eo pipefail",
    "export CHECKPOINT_DISABLE=1",
    `export TERRAFORM_VERSION=${project.terraformVersion}`,
    `export TERRAFORM_SHA256=${project.terraformSha256}`,
    `export TOLLGATE_DIR=${directory}`,
  ];
  const tools = [...project.terraform, ...project.install];
  const unpack = proposed.unpack("$BITBUCKET_COMMIT");
  const target = ['git checkout --quiet --detach "${BITBUCKET_PR_DESTINATION_COMMIT:-$BITBUCKET_COMMIT}"', ...unpack];
  // The SDK reads the token from a file outside the clone, so that no artifact takes it along.
  const credentials = (role: string): readonly string[] => [
    "export AWS_WEB_IDENTITY_TOKEN_FILE=/tmp/aws-token",
    `export AWS_ROLE_ARN=$${role}`,
    'install -m 0600 /dev/null "$AWS_WEB_IDENTITY_TOKEN_FILE"',
    'printf %s "$BITBUCKET_STEP_OIDC_TOKEN" > "$AWS_WEB_IDENTITY_TOKEN_FILE"',
  ];
  // Bitbucket finds test reports in folders of this name; it publishes them whatever the step's end.
  const tests = `[ ! -f ${gate}/junit.xml ] || install -D ${gate}/junit.xml test-results/tollgate.xml`;
  const script = (commands: readonly string[], directory = proposed.directory): string =>
    `        script:\n${yamlList([...prepare(directory), ...commands], 10)}`;
  return `# The gate: a plan is applied only as the very file that passed. help/threat-model.md says what holds and what doesn't.
# Fill in, as repository variables: AWS_REGION, AWS_PLAN_ROLE (reads only), and where seals are signed TOLLGATE_SEAL_KEY
# and TOLLGATE_PUBLIC_KEY; as variable of the deployment \`production\`, which only approvers may start: AWS_APPLY_ROLE.
# The roles trust this workspace's OpenID Connect provider; the apply role, this deployment's environment only.
image: node:22-bookworm

definitions:
  steps:
    # Runs the code of the pull request, so it has no credentials at all.
    - step: &check
        name: Check before plan
${script([...tools, ...project.synth, ...project.test, project.gate("preplan")], project.directory)}
${isHandedOver ? `        artifacts:\n          - ${project.directory}/**` : ""}
    # Credentials that only read. Tollgate, its rules, configuration and waivers come from the branch that is merged into:
    # a pull request can't bring its own judge. Verdict and annotations go to Code Insights.
    - step: &plan
        name: Plan and judge
        oidc: true
        clone:
          depth: full
${script([...target, ...tools, project.gate("preplan"), ...credentials("AWS_PLAN_ROLE"), project.gate("plan"), project.gate("judge")])}
        after-script:
${yamlList([tests], 10)}
        artifacts:
          # The plan holds secrets in clear: Bitbucket keeps artifacts for 14 days, for those who may read the repository.
          - ${gate}/plan.tfplan
          - ${gate}/seal.json
          - ${gate}/report.*
    # By hand, by those whom the deployment allows.
    - step: &apply
        name: Apply the plan that passed
        deployment: production
        trigger: manual
        oidc: true
${script([...unpack, ...tools, ...project.synth, ...credentials("AWS_APPLY_ROLE"), project.gate("apply")])}
    - step: &verify
        name: Verify what there is now
        oidc: true
${script([...unpack, ...tools, ...project.synth, ...credentials("AWS_PLAN_ROLE"), project.gate("verify")])}
        after-script:
${yamlList([tests], 10)}

pipelines:
  pull-requests:
    '**':
      - step: *check
      - step: *plan
  branches:
    ${project.branch}:
      - step: *check
      - step: *plan
      - step: *apply
      - step: *verify
`;
}
