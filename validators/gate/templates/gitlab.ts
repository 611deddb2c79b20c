/** Turns a project into a GitLab pipeline: check, plan, judge, apply by hand, verify. */
import { type CiProject, proposedIn, yamlList } from "./project";

/** `.gitlab-ci.yml`. */
export function gitlabPipeline(project: CiProject): string {
  const proposed = proposedIn(project);
  const { isHandedOver, gate } = proposed;
  const script = (...commands: readonly string[]): string => `  script:\n${yamlList(commands, 4)}`;
  const withCredentials = (role: string): string => `  id_tokens:
    AWS_TOKEN:
      aud: sts.amazonaws.com
  variables:
    AWS_ROLE_ARN: $${role}
    AWS_WEB_IDENTITY_TOKEN_FILE: /tmp/aws-token`;
  // The SDK reads the token from a file; it is this job's alone.
  const token =
    'install -m 0600 /dev/null "$AWS_WEB_IDENTITY_TOKEN_FILE" && printf %s "$AWS_TOKEN" > "$AWS_WEB_IDENTITY_TOKEN_FILE"';
  const after = isHandedOver ? ".synthesized" : ".target-branch";
  const tools = [...project.terraform, ...project.install];
  // As it is now, not as it was when the merge request's branch grew from it. By its whole name, so that no tag is taken for it;
  // and without `&&`, after which a fetch that fails would be passed over.
  const target =
    'if [ -n "${CI_MERGE_REQUEST_TARGET_BRANCH_NAME:-}" ]; then git fetch --quiet origin "refs/heads/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"; git checkout --quiet --detach FETCH_HEAD; fi';
  return `# The gate: a plan is applied only as the very file that passed. help/threat-model.md says what holds and what doesn't.
# Fill in, as CI/CD variables: AWS_REGION, AWS_PLAN_ROLE (reads only; trusts this project), AWS_APPLY_ROLE (protected;
# trusts this project's protected branch only), and where seals are signed TOLLGATE_SEAL_KEY and TOLLGATE_PUBLIC_KEY.
# Protect the environment \`production\`, so that only approvers can start \`apply\`.
stages:
  - check
  - plan
  - judge
  - apply
  - verify

workflow:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == "${project.branch}"

default:
  image: node:22-bookworm
  interruptible: false

# A pipe fails with whichever of its commands fails.
.synthesized:
  before_script:
    - set -eo pipefail
${yamlList([...tools, ...project.synth], 4)}

.target-branch:
  before_script:
    - set -eo pipefail
${yamlList([target, ...proposed.unpack("$CI_COMMIT_SHA"), ...tools], 4)}

variables:
  # The whole history: the branch that is merged into is checked out as well.
  GIT_DEPTH: 0
  CHECKPOINT_DISABLE: "1"
  TERRAFORM_VERSION: "${project.terraformVersion}"
  TERRAFORM_SHA256: ${project.terraformSha256}
  TOLLGATE_DIR: ${proposed.directory}

# Runs the code of the merge request, so it has no credentials at all.
preplan:
  extends: .synthesized
  stage: check
${isHandedOver ? "" : `  variables:\n    TOLLGATE_DIR: ${project.directory}\n`}${script(...project.test, project.gate("preplan"))}
${
  isHandedOver
    ? `  artifacts:
    access: developer
    expire_in: 1 day
    paths:
      - ${project.directory}
    exclude:
      - ${project.directory}/.terraform/**/*
`
    : ""
}
# Credentials that only read. Tollgate, its rules, configuration and waivers come from the branch that is merged into: a
# merge request can't bring its own judge.
plan:
  extends: .target-branch
  stage: plan
  needs: [preplan]
${withCredentials("AWS_PLAN_ROLE")}
${script(project.gate("preplan"), token, project.gate("plan"))}
  artifacts:
    # The plan holds secrets in clear: for those who may push, and for a day.
    access: developer
    expire_in: 1 day
    paths:
      - ${gate}/plan.tfplan

# Neither state nor cloud: the plan says it all. Credentials only where a key in KMS signs the seal.
judge:
  extends: .target-branch
  stage: judge
  needs: [preplan, plan]
${withCredentials("AWS_PLAN_ROLE")}
${script(token, project.gate("judge"))}
  artifacts:
    when: always
    access: developer
    expire_in: 30 days
    paths:
      - ${gate}/seal.json
      - ${gate}/report.html
      - ${gate}/report.json
      - ${gate}/report.sarif
    reports:
      junit: ${gate}/junit.xml
      codequality: ${gate}/gitlab.json

# By hand, by those whom the environment allows.
apply:
  extends: ${after}
  stage: apply
  needs: [plan, judge]
  rules:
    - if: $CI_COMMIT_BRANCH == "${project.branch}"
      when: manual
  allow_failure: false
  environment:
    name: production
  resource_group: production
${withCredentials("AWS_APPLY_ROLE")}
${script(token, project.gate("apply"))}

verify:
  extends: ${after}
  stage: verify
  needs: [apply]
  rules:
    - if: $CI_COMMIT_BRANCH == "${project.branch}"
${withCredentials("AWS_PLAN_ROLE")}
${script(token, project.gate("verify"))}
  artifacts:
    when: always
    expire_in: 30 days
    paths:
      - ${gate}/drift.json
    reports:
      junit: ${gate}/junit.xml
`;
}
