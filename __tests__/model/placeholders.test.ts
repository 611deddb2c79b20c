/** A policy whose placeholders are replaced at apply, as the community's bucket module has it: by names with unknown parts. */
import { useParser } from "../source/parser";
import { verdictWithoutPlan } from "./synthesized";

beforeAll(useParser);

const STATEMENT = {
  effect: "Deny",
  actions: ["s3:*"],
  resources: ["_BUCKET_ARN_", "_BUCKET_ARN_/*", "arn:aws:s3:::_BUCKET_ID_"],
  principals: { type: "*", identifiers: ["*"] },
  condition: { test: "Bool", variable: "aws:SecureTransport", values: ["false"] },
};

/** The verdict on TLS where the bucket's name is this, and statement beside it names this principal. */
function verdictOn(bucket: object, resource: object = {}, principal = "*"): string | undefined {
  const beside = { ...STATEMENT, principals: { type: "AWS", identifiers: [principal] } };
  return verdictWithoutPlan("s3-tls-only", {
    data: { aws_iam_policy_document: { d: { statement: [STATEMENT, beside] } } },
    resource: {
      aws_s3_bucket: { b: bucket },
      aws_s3_bucket_policy: {
        p: {
          bucket: "${aws_s3_bucket.b.id}",
          policy:
            '${replace(replace(data.aws_iam_policy_document.d.json, "_BUCKET_ID_", aws_s3_bucket.b.id), "_BUCKET_ARN_", aws_s3_bucket.b.arn)}',
        },
      },
      ...resource,
    },
  });
}

const pet = (more: object = {}): object => ({ random_pet: { x: more } });
const named = (end: string): object => ({ bucket: `logs-\${${end}}` });

test.each<[string, object, object, string]>([
  ["the provider makes up the name", {}, {}, "pass"],
  ["the provider makes up its end", { bucket_prefix: "logs-" }, {}, "pass"],
  ["part of the name is a variable", named("terraform_data.x.id"), { terraform_data: { x: {} } }, "pass"],
  ["words are part of it", named("random_pet.x.id"), pet(), "pass"],
  ["letters are part of it", named("random_string.x.result"), { random_string: { x: { special: false } } }, "pass"],
])("where %s, no placeholder is in the name", (_, bucket, resource, expected) => {
  expect(verdictOn(bucket, resource)).toBe(expected);
});

const iam = "arn:aws:iam::111122223333:role";
test.each<[string, string, object, string]>([
  ["a role with words in its name", `${iam}/\${random_pet.x.id}`, pet(), "pass"],
  [
    "words with a placeholder between them",
    `${iam}/\${random_pet.x.id}`,
    pet({ separator: "_BUCKET_ID_" }),
    "undecided",
  ],
  ["words behind a prefix", `${iam}/\${random_pet.x.id}`, pet({ prefix: "team" }), "pass"],
  ["digits", `${iam}/\${random_id.x.hex}`, { random_id: { x: { byte_length: 8 } } }, "pass"],
  ["digits in base 64", `${iam}/\${random_id.x.b64_url}`, { random_id: { x: { byte_length: 8 } } }, "undecided"],
  ["a number", `${iam}/\${random_integer.x.id}`, { random_integer: { x: { min: 1, max: 9 } } }, "pass"],
  ["letters", `${iam}/\${random_string.x.result}`, { random_string: { x: { special: false } } }, "undecided"],
  [
    "small letters",
    `${iam}/\${random_string.x.result}`,
    { random_string: { x: { special: false, upper: false } } },
    "pass",
  ],
  [
    "a role that the provider names",
    "${aws_iam_role.x.arn}",
    { aws_iam_role: { x: { assume_role_policy: "{}" } } },
    "pass",
  ],
  ["a variable", `${iam}/\${terraform_data.x.id}`, { terraform_data: { x: {} } }, "undecided"],
])("%s beside the placeholders", (_, principal, resource, expected) => {
  expect(verdictOn({}, resource, principal)).toBe(expected);
});
