/** Principals, organisations and sources of services' calls: something is certain of them before anybody has looked or made them. */
import { useParser } from "../source/parser";
import { verdictWithoutPlan } from "./synthesized";

beforeAll(useParser);

const verdictOn = (principal: string, data: object, more: object = {}, resources: object = {}): string | undefined => {
  const statement = { Effect: "Allow", Principal: { AWS: principal }, Action: "kms:*", Resource: "*", ...more };
  const policy = { Version: "2012-10-17", Statement: [statement] };
  return verdictWithoutPlan("kms-no-cross-account", {
    provider: { aws: [{ region: "eu-west-1" }, { alias: "other", region: "eu-west-1", profile: "other" }] },
    data,
    resource: { aws_kms_key: { k: { policy: `\${jsonencode(${JSON.stringify(policy)})}` } }, ...resources },
  });
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

test.each([
  // it has an id, and other accounts
  ["data.aws_organizations_organization.x.id", "fail"],
  // it may be nothing at all, which no request has
  ["data.aws_ssm_parameter.x.value", "undecided"],
])("everybody of the organisation `%s`", (id, expected) => {
  const data = { aws_organizations_organization: { x: {} }, aws_ssm_parameter: { x: { name: "organisation" } } };
  const Condition = { StringEquals: { "aws:PrincipalOrgID": `\${${id}}` } };
  expect(verdictOn("*", data, { Condition })).toBe(expected);
});

test.each([
  ["aws_cloudwatch_event_rule", {}, "pass"],
  ["aws_cloudwatch_metric_alarm", {}, "pass"],
  ["aws_ses_receipt_rule", {}, "pass"],
  ["aws_cloudwatch_event_rule", { provider: "aws.other" }, "undecided"],
  // its ARN tells no account
  ["aws_route53_zone", {}, "undecided"],
])("a service that acts for `%s` %j of the plan", (type, more, expected) => {
  const statement = {
    Principal: { Service: "events.amazonaws.com" },
    Condition: { ArnEquals: { "aws:SourceArn": `\${${type}.x.arn}` } },
  };
  expect(verdictOn("", {}, statement, { [type]: { x: more } })).toBe(expected);
});

test.each([
  [{}, "pass"],
  [{ provider: "aws.other" }, "undecided"],
])("a role that AWS makes for a service: %j", (more, expected) => {
  const role = { x: { aws_service_name: "autoscaling.amazonaws.com", ...more } };
  expect(verdictOn("${aws_iam_service_linked_role.x.arn}", {}, {}, { aws_iam_service_linked_role: role })).toBe(
    expected,
  );
});
