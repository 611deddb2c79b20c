/** A canary in every place that can be secret: no format and no error line sings it, in no spelling. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkContent } from "../../validators/check";
import { judge } from "../../validators/judge/index";
import { InputError, type Report } from "../../validators/kernel/index";
import { graphOfConfiguration } from "../../validators/model/index";
import { FORMATS, isFormat, REPORTERS } from "../../validators/report/index";
import { RULES } from "../../validators/rules/index";
import { fromHcl } from "../../validators/source/index";
import { useParser } from "../source/parser";

beforeAll(useParser);
jest.setTimeout(120_000);

/** A text that stands in nothing by chance, in one case only and without a character that anything escapes. */
const CANARY = "Canary5f3e";
/** Secrets with what JSON, XML, HTML, Markdown and terminals write differently. */
const SPELLINGS = [
  CANARY,
  `${CANARY}"quoted"`,
  `${CANARY}\nand\tmore`,
  `<${CANARY}>&'`,
  `${CANARY}\\back`,
  `é${CANARY}/*`,
  `\u001b[31m${CANARY}\u202e`,
  `x-${CANARY}-${"long".repeat(200)}`,
];

const OPTIONS = { config: {}, today: "2026-01-01" };

async function expectSilence(report: Report, withPage = false): Promise<void> {
  for (const name of FORMATS) {
    // The page's picture takes longer than all the rest.
    if (!isFormat(name) || (name === "html" && !withPage)) continue;
    const text = await (await REPORTERS[name]())(report, { rules: RULES });
    const at = text.toLowerCase().indexOf(CANARY.toLowerCase());
    expect([name, at < 0 ? "" : text.slice(Math.max(0, at - 200), at + 60)]).toEqual([name, ""]);
  }
}

interface Given {
  readonly type: string;
  readonly name: string;
  readonly after: object;
  readonly sensitive?: object | true;
  readonly before?: object;
  readonly actions?: string[];
}
const planOf = (given: readonly Given[], more: object = {}): string =>
  JSON.stringify({
    format_version: "1.2",
    resource_changes: given.map(({ type, name, after, sensitive = {}, before, actions = ["create"] }) => ({
      address: `${type}.${name}`,
      mode: "managed",
      type,
      name,
      provider_name: "registry.terraform.io/hashicorp/aws",
      change: {
        actions,
        before: before ?? null,
        after,
        after_unknown: {},
        before_sensitive: before === undefined ? false : sensitive,
        after_sensitive: sensitive,
      },
    })),
    configuration: { root_module: {} },
    ...more,
  });

const statement = (more: object) => ({
  Effect: "Allow",
  Principal: "*",
  Action: "s3:GetObject",
  Resource: "*",
  ...more,
});
/** Statements that say the secret in each part that a counterexample, a trace or a complaint quotes. */
const statements = (secret: string): [string, object][] => [
  ["a Sid", statement({ Sid: secret })],
  ["a principal", statement({ Principal: { AWS: `arn:aws:iam::444455556666:role/${secret}` } })],
  ["a service", statement({ Principal: { Service: `${secret}.amazonaws.com` } })],
  ["a federated principal", statement({ Principal: { Federated: secret } })],
  ["a canonical user", statement({ Principal: { CanonicalUser: secret } })],
  ["no principal at all", statement({ Principal: { [secret]: "x" } })],
  ["an action", statement({ Action: `s3:${secret}` })],
  ["a resource", statement({ Resource: `arn:aws:s3:::logs/${secret}` })],
  ["a condition's value", statement({ Condition: { StringEquals: { "aws:UserAgent": secret } } })],
  ["a condition's tag", statement({ Condition: { StringEquals: { [`aws:PrincipalTag/${secret}`]: "x" } } })],
  ["a condition's key", statement({ Condition: { StringEquals: { [secret]: "x" } } })],
  ["an operator", statement({ Condition: { [secret]: { "aws:UserAgent": "x" } } })],
  ["an address", statement({ Condition: { IpAddress: { "aws:SourceIp": secret } } })],
  ["an account", statement({ Condition: { StringEquals: { "aws:PrincipalAccount": secret } } })],
  ["an effect", statement({ Effect: secret })],
  ["an unknown element", statement({ [secret]: 1 })],
];

describe.each(SPELLINGS)("%j", (secret) => {
  test.each(statements(secret).map(([where]) => where))("as %s of a sensitive policy", async (where) => {
    const found = statements(secret).find(([name]) => name === where)?.[1];
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [found] });
    const plan = planOf([
      { type: "aws_s3_bucket", name: "b", after: { bucket: "logs" } },
      { type: "aws_s3_bucket_policy", name: "p", after: { bucket: "logs", policy }, sensitive: { policy: true } },
      { type: "aws_kms_key", name: "k", after: { policy, enable_key_rotation: true }, sensitive: { policy: true } },
    ]);
    await expectSilence(checkContent(plan, "plan.json", OPTIONS), where === "a principal");
  });

  test("as a policy that is no JSON", async () => {
    for (const policy of [secret, `{"Statement":${secret}`, `{"${secret}`, `["${secret}"]`]) {
      const plan = planOf([
        { type: "aws_s3_bucket", name: "b", after: { bucket: "logs" } },
        { type: "aws_s3_bucket_policy", name: "p", after: { bucket: "logs", policy }, sensitive: { policy: true } },
      ]);
      await expectSilence(checkContent(plan, "plan.json", OPTIONS));
    }
  });

  test("as an attribute of every resource that is judged", async () => {
    const all = { bucket: secret, id: secret, arn: secret, tags: { [secret]: secret }, acl: secret, key_id: secret };
    const rule = [{ apply_server_side_encryption_by_default: [{ sse_algorithm: secret, kms_master_key_id: secret }] }];
    const access = [{ grant: [{ permission: secret, grantee: [{ id: secret, type: secret, uri: secret }] }] }];
    const types = [
      "aws_s3_bucket",
      "aws_s3_bucket_policy",
      "aws_s3_bucket_acl",
      "aws_s3_bucket_public_access_block",
      "aws_s3_bucket_server_side_encryption_configuration",
      "aws_s3_bucket_ownership_controls",
      "aws_s3_account_public_access_block",
      "aws_kms_key",
      "aws_kms_alias",
      "aws_kms_grant",
      "aws_kms_key_policy",
      "aws_kms_replica_key",
      "aws_kms_external_key",
    ];
    const after = {
      ...all,
      rule,
      access_control_policy: access,
      account_id: secret,
      policy: secret,
      target_key_id: secret,
      primary_key_arn: secret,
      grantee_principal: secret,
      key_usage: secret,
      customer_master_key_spec: secret,
      custom_key_store_id: secret,
    };
    const mask = Object.fromEntries(Object.keys(after).map((key) => [key, true]));
    for (const sensitive of [true as const, mask]) {
      const given = types.map((type): Given => ({ type, name: "r", after, sensitive }));
      await expectSilence(checkContent(planOf(given), "plan.json", OPTIONS));
      const gone = given.map((one): Given => ({ ...one, before: after, actions: ["update"] }));
      await expectSilence(checkContent(planOf(gone), "plan.json", OPTIONS));
    }
  });

  test("as a sensitive variable, its default, and what is made of it", async () => {
    const plan = planOf([{ type: "aws_s3_bucket", name: "b", after: {} }], {
      variables: { s: { value: secret } },
      configuration: {
        root_module: {
          variables: { s: { sensitive: true, default: secret } },
          resources: [
            {
              address: "aws_s3_bucket.b",
              mode: "managed",
              type: "aws_s3_bucket",
              name: "b",
              expressions: { bucket: { references: ["var.s"] } },
            },
          ],
        },
      },
    });
    await expectSilence(checkContent(plan, "plan.json", OPTIONS));
  });

  test("as a default in code, judged before there is a plan", async () => {
    const quoted = JSON.stringify(secret).replaceAll("${", "$${");
    const files = new Map([
      [
        "main.tf",
        `variable "s" {\n  sensitive = true\n  default = ${quoted}\n}\nresource "aws_s3_bucket" "b" {\n  bucket = var.s\n}\nresource "aws_s3_bucket_policy" "p" {\n  bucket = aws_s3_bucket.b.id\n  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::444455556666:role/\${var.s}" }, Action = "*", Resource = "*" }] })\n}\n`,
      ],
    ]);
    const report = judge(
      graphOfConfiguration(fromHcl(files)),
      RULES,
      { path: "p", kind: "source", sha256: "", resources: 0 },
      { version: "0", config: {}, today: "2026-01-01" },
    );
    expect(report.results.length).toBeGreaterThan(0);
    await expectSilence(report);
  });

  test("as a sensitive value of a state", async () => {
    const policy = JSON.stringify({ Statement: statements(secret).map(([, one]) => one) });
    const resource = (type: string, values: object, sensitive: object) => ({
      address: `${type}.r`,
      mode: "managed",
      type,
      name: "r",
      provider_name: "registry.terraform.io/hashicorp/aws",
      values,
      sensitive_values: sensitive,
    });
    const resources = [
      resource("aws_s3_bucket", { bucket: secret, policy }, { bucket: true, policy: true }),
      resource("aws_s3_bucket_policy", { bucket: secret, policy }, { bucket: true, policy: true }),
      resource("aws_kms_key", { policy, key_id: secret, arn: secret }, { policy: true, key_id: true, arn: true }),
    ];
    const state = JSON.stringify({ format_version: "1.0", values: { root_module: { resources } } });
    await expectSilence(checkContent(state, "state.json", OPTIONS));
  });
});

test("an error line shows no part of a secret, wherever the input is damaged", () => {
  const policy = JSON.stringify({ Statement: statements(CANARY).map(([, one]) => one) });
  const plan = planOf([
    { type: "aws_s3_bucket", name: "b", after: { bucket: CANARY, policy }, sensitive: { bucket: true, policy: true } },
  ]);
  const said = new Set<string>();
  const refuse = (text: string) => {
    try {
      checkContent(text, "plan.json", OPTIONS);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      said.add(error.message);
    }
  };
  for (let at = 0; at < plan.length; at += 19)
    for (const piece of ["", '"', "\\", "}", "\n", "\u0000"]) {
      refuse(plan.slice(0, at) + piece + plan.slice(at + 1));
      if (piece === "") refuse(plan.slice(0, at));
      refuse(`${plan}${piece}${plan.slice(at)}`);
    }
  expect(said.size).toBeGreaterThan(20);
  expect([...said].filter((line) => /canar|anary|ary5f3e/i.test(line))).toEqual([]);
});

test("a recorded plan with sensitive values", async () => {
  const plan = readFileSync(join(__dirname, "../fixtures/plans/sensitive/plan.json"), "utf8");
  expect(plan).toContain("canary-");
  await expectSilence(checkContent(plan.replaceAll("canary-", `${CANARY}-`), "plan.json", OPTIONS), true);
});
