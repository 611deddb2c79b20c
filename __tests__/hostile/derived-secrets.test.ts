/** What is made of a secret is one: by every function, on every way in, in every format, from code and from a plan. */
import { checkContent } from "../../validators/check";
import { judge } from "../../validators/judge/index";
import type { Report } from "../../validators/kernel/index";
import { graphOfConfiguration } from "../../validators/model/index";
import { FORMATS, isFormat, REPORTERS } from "../../validators/report/index";
import { RULES } from "../../validators/rules/index";
import { fromHcl } from "../../validators/source/index";
import { useParser } from "../source/parser";

beforeAll(useParser);
jest.setTimeout(120_000);

/** A secret, and what the functions below make of it. */
const CANARY = "Canary5f3e-token-xyz";

async function expectSilence(report: Report, derived: readonly string[]): Promise<void> {
  for (const name of FORMATS) {
    // The page's picture takes longer than all the rest.
    if (!isFormat(name) || name === "html") continue;
    const text = (await (await REPORTERS[name]())(report, { rules: RULES })).toLowerCase();
    for (const one of [CANARY, ...derived]) {
      const at = text.indexOf(one.toLowerCase());
      expect([name, one, at < 0 ? "" : text.slice(Math.max(0, at - 200), at + 60)]).toEqual([name, one, ""]);
    }
  }
}

const judged = (files: Readonly<Record<string, string>>): Report =>
  judge(
    graphOfConfiguration(fromHcl(new Map(Object.entries(files)))),
    RULES,
    { path: "p", kind: "source", sha256: "", resources: 0 },
    { version: "0", config: {}, today: "2026-01-01" },
  );

/** A bucket with a policy that says a value in each part that a report quotes. */
const quoting = (value: string) => `
resource "aws_s3_bucket" "b" {
  bucket = "logs"
}
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Sid = "x\${${value}}", Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:role/\${${value}}" }
    Action = "s3:*", Resource = "*", Condition = { StringEquals = { "aws:Referer" = ${value} } }
  }] })
}
`;
const VARIABLE = `variable "s" {\n  sensitive = true\n  default = "${CANARY}"\n}\n`;

/** Functions that change text, and what to look for in what they make. */
const CHANGES: readonly (readonly [expression: string, made: string])[] = [
  ["upper(var.s)", "CANARY5F3E-TOKEN"],
  ["lower(var.s)", "canary5f3e-token"],
  ["title(var.s)", "Canary5f3e-Token"],
  ["strrev(var.s)", "zyx-nekot"],
  ["substr(var.s, 2, 8)", "nary5f3e"],
  ['replace(var.s, "token", "nothing")', "Canary5f3e-nothing"],
  ['replace(var.s, "/[0-9]/", "#")', "Canary#f#e"],
  ['join("+", split("-", var.s))', "Canary5f3e+token"],
  ['split("-", var.s)[0]', "Canary5f3e"],
  ['element(split("-", var.s), 0)', "Canary5f3e"],
  ['trimprefix(var.s, "Can")', "ary5f3e"],
  ['trimsuffix(var.s, "xyz")', "Canary5f3e"],
  ['trim(var.s, "C")', "anary5f3e"],
  ['format("%s!", var.s)', "Canary5f3e"],
  ['format("%q", var.s)', "Canary5f3e"],
  ['formatlist("%s!", [var.s])[0]', "Canary5f3e"],
  ['regex("[a-z0-9]+$", var.s)', ""],
  ['regexall("nary[0-9a-f]+", var.s)[0]', "nary5f3e"],
  ["base64encode(var.s)", Buffer.from(CANARY).toString("base64")],
  ["base64decode(base64encode(var.s))", CANARY],
  ["urlencode(var.s)", "Canary5f3e"],
  ["sha256(var.s)", "0000"],
  ["md5(var.s)", "0000"],
  ["sha1(var.s)", "0000"],
  ["jsondecode(jsonencode({ a = upper(var.s) })).a", "CANARY5F3E-TOKEN"],
  ['yamldecode("a: ${upper(var.s)}").a', "CANARY5F3E-TOKEN"],
  ["try(upper(var.s), 1)", "CANARY5F3E-TOKEN"],
  ["coalesce(null, upper(var.s))", "CANARY5F3E-TOKEN"],
  ["one([upper(var.s)])", "CANARY5F3E-TOKEN"],
  ["merge({ a = 1 }, { a = upper(var.s) }).a", "CANARY5F3E-TOKEN"],
  ['lookup({ a = upper(var.s) }, "a")', "CANARY5F3E-TOKEN"],
  ["values({ a = upper(var.s) })[0]", "CANARY5F3E-TOKEN"],
  ["[for one in [var.s] : upper(one)][0]", "CANARY5F3E-TOKEN"],
  ["{ for key, one in { a = var.s } : key => upper(one) }.a", "CANARY5F3E-TOKEN"],
  ["([{ a = upper(var.s) }][*].a)[0]", "CANARY5F3E-TOKEN"],
  ['var.s == "" ? "a" : upper(var.s)', "CANARY5F3E-TOKEN"],
  ['var.s == "" ? "a" : "Chosen-by-secret"', "Chosen-by-secret"],
  ["%{ for one in [var.s] }${upper(one)}%{ endfor }", "CANARY5F3E-TOKEN"],
];

test.each(CHANGES)("%s", async (expression, made) => {
  const inner = expression.startsWith("%{") ? `"${expression}"` : expression;
  const report = judged({ "main.tf": `${VARIABLE}locals {\n  v = ${inner}\n}\n${quoting("local.v")}` });
  expect(report.results.some(({ verdict }) => verdict === "fail")).toBe(true);
  await expectSilence(report, made === "" || made === "0000" ? [] : [made]);
  const messages = report.results.filter(({ rule }) => rule === "s3-tls-only").map(({ message }) => message);
  expect(messages).toEqual([expect.stringContaining("is marked sensitive")]);
});

const CHILD = (inside: string) => `module "m" {\n  source = "./m"\n${inside}\n}\n`;

/** Ways in: files, and the value that is sensitive by them. */
const WAYS: readonly (readonly [way: string, value: string, files: Readonly<Record<string, string>>])[] = [
  ["a variable's default", "var.s", { "main.tf": VARIABLE }],
  [
    "a variable of terraform.tfvars",
    "var.s",
    { "main.tf": 'variable "s" {\n  sensitive = true\n}\n', "terraform.tfvars": `s = "${CANARY}"\n` },
  ],
  ["an ephemeral variable", "var.s", { "main.tf": VARIABLE.replace("sensitive", "ephemeral") }],
  ["a literal", `sensitive("${CANARY}")`, {}],
  [
    "an object's member",
    "local.o.a.secret",
    { "main.tf": `${VARIABLE}locals {\n  o = { a = { secret = var.s } }\n}\n` },
  ],
  [
    "a variable's object, by its type",
    "var.o.secret",
    {
      "main.tf": `variable "o" {\n  sensitive = true\n  type = object({ secret = string })\n  default = { secret = "${CANARY}" }\n}\n`,
    },
  ],
  [
    "an output of a module that is called sensitive",
    "module.m.o",
    {
      "main.tf": CHILD(""),
      "m/main.tf": `output "o" {\n  sensitive = true\n  value = "${CANARY}"\n}\n`,
    },
  ],
  [
    "a module's sensitive variable that is given a literal",
    "module.m.o",
    {
      "main.tf": CHILD(`  s = "${CANARY}"`),
      "m/main.tf": 'variable "s" {\n  sensitive = true\n}\noutput "o" {\n  value = var.s\n}\n',
    },
  ],
  [
    "a module's plain variable that is given a secret",
    "module.m.o",
    {
      "main.tf": `${VARIABLE}${CHILD('  o = { name = "a", secret = var.s }')}`,
      "m/main.tf":
        'variable "o" {\n  type = object({ name = string, secret = string })\n}\noutput "o" {\n  value = var.o.secret\n}\n',
    },
  ],
  [
    "a secret in a secret manager",
    "aws_secretsmanager_secret_version.v.secret_string",
    {
      "main.tf": `resource "aws_secretsmanager_secret_version" "v" {\n  secret_id = "a"\n  secret_string = "${CANARY}"\n}\n`,
    },
  ],
  [
    "a parameter's value",
    "aws_ssm_parameter.v.value",
    { "main.tf": `resource "aws_ssm_parameter" "v" {\n  name = "a"\n  type = "String"\n  value = "${CANARY}"\n}\n` },
  ],
  [
    "what a resource makes of a secret",
    "terraform_data.t.output",
    { "main.tf": `${VARIABLE}resource "terraform_data" "t" {\n  input = upper(var.s)\n}\n` },
  ],
];

const UPPER = CANARY.toUpperCase();

test.each(WAYS)("by way of %s", async (_way, value, files) => {
  const main = `${files["main.tf"] ?? ""}${quoting(`upper(${value})`)}`;
  const report = judged({ ...files, "main.tf": main });
  await expectSilence(report, [UPPER]);
  const messages = report.results.filter(({ rule }) => rule === "s3-tls-only").map(({ message }) => message);
  expect(messages).toEqual([expect.stringContaining("is marked sensitive")]);
});

/** A policy document whose arguments hold a value, each in another place. */
const DOCUMENTS: readonly (readonly [place: string, inside: string])[] = [
  [
    "a document to start from",
    'source_policy_documents = [jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:*", Resource = "*", Condition = { StringEquals = { "aws:Referer" = VALUE } } }] })]',
  ],
  [
    "a document that overrides",
    'override_policy_documents = [jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:role/${VALUE}" }, Action = "s3:*", Resource = "*" }] })]',
  ],
  [
    "a condition's operator",
    'override_policy_documents = [jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:*", Resource = "*", Condition = { (VALUE) = { "aws:Referer" = "a" } } }] })]',
  ],
  [
    "a condition's value beside a symbol",
    `statement {
      principals {
        type = "*"
        identifiers = ["*"]
      }
      actions = ["s3:*"]
      resources = ["*"]
      condition {
        test = "StringEquals"
        variable = "aws:Referer"
        values = ["\${VALUE}-\${aws_s3_bucket.o.id}"]
      }
    }`,
  ],
  [
    "a dynamic block",
    `statement {
      principals {
        type = "*"
        identifiers = ["*"]
      }
      actions = ["s3:*"]
      resources = ["*"]
      dynamic "condition" {
        for_each = { a = VALUE }
        content {
          test = "StringEquals"
          variable = "aws:Referer"
          values = [condition.value]
        }
      }
    }`,
  ],
];

const documentIn = (inside: string, value: string) => `
resource "aws_s3_bucket" "o" {}
resource "aws_s3_bucket" "b" {
  bucket = "logs"
}
data "aws_iam_policy_document" "d" {
  ${inside.replaceAll("VALUE", value)}
}
data "aws_iam_policy_document" "again" {
  source_policy_documents = [data.aws_iam_policy_document.d.json]
}
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.b.id
  policy = data.aws_iam_policy_document.again.json
}
`;

test.each(DOCUMENTS)("in %s of a policy document", async (_place, inside) => {
  const main = `${VARIABLE}${documentIn(inside, "upper(var.s)")}`;
  await expectSilence(judged({ "main.tf": main }), [UPPER]);
  expect(judged({ "main.tf": main }).results.some(({ message }) => message.includes("is marked sensitive"))).toBe(true);
});

test("in each instance that for_each makes of a map with secrets", async () => {
  const main = `${VARIABLE}resource "aws_s3_bucket" "b" {
  for_each = { a = { name = "first-logs", secret = upper(var.s) }, c = { name = "other-logs", secret = "none" } }
  bucket = each.value.name
}
resource "aws_s3_bucket_policy" "p" {
  for_each = { a = { secret = upper(var.s) }, c = { secret = "none" } }
  bucket = aws_s3_bucket.b[each.key].id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:role/\${each.value.secret}" }, Action = "s3:*", Resource = "*" }] })
}`;
  const report = judged({ "main.tf": main });
  await expectSilence(report, [UPPER]);
  const found = report.results
    .filter(({ rule }) => rule === "s3-tls-only")
    .map(({ message }) => message.includes("marked"));
  expect(found).toEqual([true, false]);
});

/** What Terraform doesn't mark either stays readable. */
const OPEN: readonly (readonly [name: string, locals: string])[] = [
  ["a member beside a secret", '{ name = "plain-name", secret = var.s }.name'],
  ["a list's item beside a secret", '[var.s, "plain-name"][1]'],
  ["a loop over members beside a secret", '[for one in { a = { name = "plain-name", secret = var.s } } : one.name][0]'],
  ["what isn't chosen", 'true ? "plain-name" : var.s'],
  ["what nonsensitive gives free", `nonsensitive("\${length(var.s)}-plain-name")`],
];

test.each(OPEN)("%s isn't hidden", (_name, expression) => {
  const report = judged({ "main.tf": `${VARIABLE}locals {\n  v = ${expression}\n}\n${quoting("local.v")}` });
  const found = report.results.filter(({ rule }) => rule === "s3-tls-only");
  expect(JSON.stringify(found)).toContain("plain-name");
  expect(found.map(({ message }) => message)).toEqual([expect.not.stringContaining("is marked sensitive")]);
});

/** A plan as Terraform 1.11.4 writes it: the data source's arguments are marked, its `json` and the policy are not. */
const planOf = (known: string | undefined, references: readonly string[]): string => {
  const head = (mode: string, type: string, name: string) => ({
    address: `${mode === "data" ? "data." : ""}${type}.${name}`,
    mode,
    type,
    name,
    provider_name: "registry.terraform.io/hashicorp/aws",
  });
  const change = (after: object, unknown: object, sensitive: object, actions = ["create"]) => ({
    change: {
      actions,
      before: null,
      after,
      after_unknown: unknown,
      before_sensitive: false,
      after_sensitive: sensitive,
    },
  });
  const document = { source_policy_documents: known === undefined ? [] : [known], json: known ?? null };
  const mask = { source_policy_documents: [true] };
  return JSON.stringify({
    format_version: "1.2",
    variables: { s: { value: CANARY } },
    resource_changes: [
      { ...head("managed", "aws_s3_bucket", "b"), ...change({ bucket: "logs" }, {}, {}) },
      ...(known === undefined
        ? [
            {
              ...head("data", "aws_iam_policy_document", "d"),
              ...change({}, { json: true, source_policy_documents: true }, mask, ["read"]),
            },
          ]
        : []),
      {
        ...head("managed", "aws_s3_bucket_policy", "p"),
        ...change(
          { bucket: "logs", ...(known === undefined ? {} : { policy: known }) },
          known ? {} : { policy: true },
          {},
        ),
      },
    ],
    prior_state:
      known === undefined
        ? undefined
        : {
            format_version: "1.0",
            values: {
              root_module: {
                resources: [
                  { ...head("data", "aws_iam_policy_document", "d"), values: document, sensitive_values: mask },
                ],
              },
            },
          },
    configuration: {
      root_module: {
        variables: { s: { sensitive: true } },
        resources: [
          { ...head("managed", "aws_s3_bucket", "b"), expressions: { bucket: { constant_value: "logs" } } },
          {
            ...head("data", "aws_iam_policy_document", "d"),
            expressions: { source_policy_documents: { references: ["var.s"] } },
          },
          {
            ...head("managed", "aws_s3_bucket_policy", "p"),
            expressions: { bucket: { references: ["aws_s3_bucket.b.id", "aws_s3_bucket.b"] }, policy: { references } },
          },
        ],
      },
    },
  });
};

test.each([
  [["data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d"]],
  [["data.aws_iam_policy_document.d"]],
  [["local.policy"]],
])("a plan alone, whose policy mentions %j", async (references) => {
  const statement = {
    Effect: "Allow",
    Principal: "*",
    Action: "s3:*",
    Resource: "*",
    Condition: { StringEquals: { "aws:Referer": UPPER } },
  };
  const known = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const report = checkContent(planOf(known, references), "plan.json", { config: {}, today: "2026-01-01" });
  await expectSilence(report, [UPPER]);
  expect(report.results.some(({ message }) => message.includes("is marked sensitive"))).toBe(true);
  const open = checkContent(planOf(undefined, references), "plan.json", { config: {}, today: "2026-01-01" });
  await expectSilence(open, [UPPER]);
});
