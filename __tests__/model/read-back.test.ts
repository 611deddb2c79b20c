/** What a state shows of a bucket itself, where no resource in it declares it. */
import { checkContent } from "../../validators/check";

const AWS = "registry.terraform.io/hashicorp/aws";
const OWNER = { id: "75aa57f0", type: "CanonicalUser", uri: "", permissions: ["FULL_CONTROL"] };
const EVERYBODY = {
  id: "",
  type: "Group",
  uri: "http://acs.amazonaws.com/groups/global/AllUsers",
  permissions: ["READ"],
};
const resource = (type: string, values: object) => ({
  address: `${type}.b`,
  mode: "managed",
  type,
  name: "b",
  provider_name: AWS,
  schema_version: 0,
  values,
  sensitive_values: {},
});
const bucket = (values: object) =>
  resource("aws_s3_bucket", { bucket: "acme", id: "acme", arn: "arn:aws:s3:::acme", acl: null, policy: "", ...values });
const verdictsOf = (...resources: object[]) => {
  const state = { format_version: "1.0", terraform_version: "1.11.4", values: { root_module: { resources } } };
  const { results } = checkContent(state, "state.json", { config: {}, today: "2026-01-01" });
  return Object.fromEntries(
    results.filter((one) => one.address === "aws_s3_bucket.b").map((one) => [one.rule, one.verdict]),
  );
};
const policy = (statement: object) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Principal: "*", Resource: ["arn:aws:s3:::acme", "arn:aws:s3:::acme/*"], ...statement }],
  });
const tls = policy({ Effect: "Deny", Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "false" } } });
const open = policy({ Effect: "Allow", Action: "s3:*" });

test.each<[string, object, string, string]>([
  ["nothing", { grant: [OWNER] }, "fail", "pass"],
  ["a policy that stops plain HTTP", { policy: tls, grant: [OWNER] }, "undecided", "pass"],
  ["a policy that lets everybody in", { policy: open, grant: [OWNER] }, "fail", "undecided"],
  ["a grant to everybody", { grant: [OWNER, EVERYBODY] }, "fail", "undecided"],
  ["a canned ACL, which only a configuration sets", { acl: "public-read", grant: [OWNER, EVERYBODY] }, "fail", "fail"],
  ["a private one", { acl: "private", grant: [OWNER] }, "fail", "pass"],
])("%s", (_, values, tlsOnly, ownerOnly) => {
  expect(verdictsOf(bucket(values))).toMatchObject({ "s3-tls-only": tlsOnly, "s3-owner-account-only": ownerOnly });
});

test("a resource that declares it tells better", () => {
  const declared = resource("aws_s3_bucket_policy", { bucket: "acme", id: "acme", policy: tls });
  expect(verdictsOf(bucket({ policy: open, grant: [OWNER] }), declared)).toMatchObject({
    "s3-tls-only": "pass",
    "s3-owner-account-only": "pass",
  });
});
