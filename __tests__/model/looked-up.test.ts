/** Principals that data sources look up: their account is certain before anybody has looked. */
import { checkContent } from "../../validators/check";
import { useParser } from "../source/parser";

beforeAll(useParser);

const verdictOn = (principal: string, data: object): string | undefined => {
  const Principal = { AWS: principal };
  const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal, Action: "kms:*", Resource: "*" }] };
  const stack = {
    provider: { aws: [{ region: "eu-west-1" }, { alias: "other", region: "eu-west-1", profile: "other" }] },
    data,
    resource: { aws_kms_key: { k: { policy: `\${jsonencode(${JSON.stringify(policy)})}` } } },
    "//": { metadata: { stackName: "s" } },
  };
  const { results } = checkContent(stack, "cdk.tf.json", { config: {}, today: "2026-06-01" });
  return results.find((one) => one.rule === "kms-no-cross-account")?.verdict;
};

test.each([
  ["a role", "${data.aws_iam_role.x.arn}", { aws_iam_role: { x: { name: "deployer" } } }, "pass"],
  ["a user", "${data.aws_iam_user.x.arn}", { aws_iam_user: { x: { user_name: "deployer" } } }, "pass"],
  [
    "a role by a provider that may be another account's",
    "${data.aws_iam_role.x.arn}",
    { aws_iam_role: { x: { name: "deployer", provider: "aws.other" } } },
    "undecided",
  ],
  [
    "who knows who",
    "${data.aws_ssm_parameter.x.value}",
    { aws_ssm_parameter: { x: { name: "deployer" } } },
    "undecided",
  ],
])("%s", (_, principal, data, expected) => {
  expect(verdictOn(principal, data)).toBe(expected);
});
