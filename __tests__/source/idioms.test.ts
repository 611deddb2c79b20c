/** The ways in which people write policies and modules: what must be decided though ARNs aren't known yet. */
import { isMap, Sym, Text, text, Unknown, type Value } from "../../validators/kernel";
import { evaluate, evaluateBody, fromHcl, LazyMap, renderPolicyDocument, type Scope } from "../../validators/source";
import { useParser } from "./parser";

beforeAll(useParser);

const account = new Sym("account", "account-id");
const bucketName = new Sym("bucket", "bucket-name");
const arn = text(["arn:aws:s3:::", bucketName]);
const keyArn = text(["arn:aws:kms:eu-central-1:", account, ":key/", new Sym("key", "key-id")]);
const role = text(["arn:aws:iam::", account, ":role/", new Sym("role", "name")]);
const anything = new Text([new Sym("anything", "any")]);
const bucket = new Map<string, Value>([
  ["arn", arn],
  ["id", text([bucketName])],
]);
const entries: [string, Value][] = [
  [
    "aws_s3_bucket",
    new Map<string, Value>([
      ["this", [bucket]],
      ["none", []],
      ["b", bucket],
      ["each", new Map([["a", bucket]])],
    ]),
  ],
  ["aws_kms_key", new Map<string, Value>([["this", [new Map<string, Value>([["arn", keyArn]])]]])],
  [
    "aws_iam_role",
    new Map<string, Value>([
      [
        "r",
        new Map<string, Value>([
          ["arn", role],
          ["odd", anything],
        ]),
      ],
    ]),
  ],
  [
    "var",
    new LazyMap(
      ["create", "empty", "accounts", "actions", "unknown", "policy", "arns", "nothing", "sse", "statements"],
      (name): Value => {
        switch (name) {
          case "create":
            return true;
          case "empty":
            return new Map();
          case "accounts":
            return [text([account]), "210987654321"];
          case "actions":
            return ["s3:GetObject", "s3:PutObject"];
          case "unknown":
            return new Unknown("var.unknown", "variable-without-value");
          case "policy":
            return text([
              '{"Version":"2012-10-17","Statement":[{"Sid":"Given","Effect":"Deny","Resource":"',
              arn,
              '"}]}',
            ]);
          case "arns":
            return [arn, keyArn];
          case "sse":
            return new Map([["rule", new Map<string, Value>([["apply", new Map<string, Value>([["key", keyArn]])]])]]);
          case "statements":
            return new Map([["one", new Map<string, Value>([["actions", ["kms:*"]]])]]);
          default:
            return null;
        }
      },
      "var",
    ),
  ],
  ["data", new Map([["aws_caller_identity", new Map([["me", new Map([["account_id", text([account])]])]])]])],
];
const names = new Map(entries);
const scope: Scope = { lookup: (name) => names.get(name) };

const evaluated = (expression: string): Value => evaluate({ kind: "hcl", text: expression }, scope, "here");

/** A value as JSON text, symbols as `<id>`, unknowns as `?`. */
function show(value: Value): string {
  const plain = (part: Value): unknown => {
    if (part instanceof Unknown) return "?";
    if (part instanceof Text)
      return part.parts.map((piece) => (piece instanceof Sym ? `<${piece.id}>` : piece)).join("");
    if (isMap(part)) return Object.fromEntries([...part].map(([key, item]) => [key, plain(item)]));
    return Array.isArray(part) ? (part as readonly Value[]).map(plain) : part;
  };
  return JSON.stringify(plain(value));
}

const decided: [string, unknown][] = [
  ['try(aws_s3_bucket.this[0].id, "")', "<bucket>"],
  ['try(aws_s3_bucket.none[0].id, aws_s3_bucket.this[0].id, "")', "<bucket>"],
  ['try(aws_s3_bucket.none[0].id, "")', ""],
  ["one(aws_s3_bucket.this[*].arn)", "arn:aws:s3:::<bucket>"],
  ["one(aws_s3_bucket.none[*].arn)", null],
  ['join("", aws_s3_bucket.this.*.id)', "<bucket>"],
  ['join("", aws_s3_bucket.none.*.id)', ""],
  ['concat(aws_s3_bucket.this.*.id, [""])[0]', "<bucket>"],
  ['element(concat(aws_s3_bucket.none[*].id, ["none"]), 0)', "none"],
  ["aws_s3_bucket.this[0].arn != null ? 1 : 0", 1],
  ['aws_s3_bucket.this[0].arn == "" ? 1 : 0', 0],
  ["var.create ? 1 : 0", 1],
  ["var.nothing == null ? [] : [1]", []],
  ["length(aws_s3_bucket.none) > 0", false],
  ["can(aws_s3_bucket.none[0])", false],
  ["can(aws_s3_bucket.this[0].arn)", true],
  ['split(":", aws_kms_key.this[0].arn)[4]', "<account>"],
  ['element(split("/", aws_kms_key.this[0].arn), 1)', "<key>"],
  ['split(":::", aws_s3_bucket.b.arn)[1]', "<bucket>"],
  ['replace(aws_s3_bucket.b.arn, "/", "-")', "arn:aws:s3:::<bucket>"],
  ['replace(aws_kms_key.this[0].arn, "key/", "alias/")', "arn:aws:kms:eu-central-1:<account>:alias/<key>"],
  ['replace(aws_s3_bucket.b.arn, "arn:aws:s3:::", "")', "<bucket>"],
  ['replace("${aws_s3_bucket.b.arn}/*", "/*", "")', "arn:aws:s3:::<bucket>"],
  ['trimprefix(aws_s3_bucket.b.arn, "arn:aws:s3:::")', "<bucket>"],
  ['trimsuffix("${aws_s3_bucket.b.arn}/*", "/*")', "arn:aws:s3:::<bucket>"],
  ['startswith(aws_kms_key.this[0].arn, "arn:aws:kms:")', true],
  ['startswith(aws_kms_key.this[0].arn, "arn:aws:s3:")', false],
  ['endswith("${aws_s3_bucket.b.arn}/*", "/*")', true],
  ['strcontains(aws_kms_key.this[0].arn, ":key/")', true],
  ['strcontains(aws_kms_key.this[0].arn, "*")', false],
  ["substr(aws_s3_bucket.b.arn, 0, 7)", "arn:aws"],
  ['formatlist("%s/*", aws_s3_bucket.this[*].arn)', ["arn:aws:s3:::<bucket>/*"]],
  [
    'formatlist("arn:aws:iam::%s:root", var.accounts)',
    ["arn:aws:iam::<account>:root", "arn:aws:iam::210987654321:root"],
  ],
  ['format("arn:aws:iam::%s:root", data.aws_caller_identity.me.account_id)', "arn:aws:iam::<account>:root"],
  [
    '[for a in var.accounts : "arn:aws:iam::${a}:root"]',
    ["arn:aws:iam::<account>:root", "arn:aws:iam::210987654321:root"],
  ],
  [
    'flatten([for a in var.arns : [a, "${a}/*"]])',
    [
      "arn:aws:s3:::<bucket>",
      "arn:aws:s3:::<bucket>/*",
      "arn:aws:kms:eu-central-1:<account>:key/<key>",
      "arn:aws:kms:eu-central-1:<account>:key/<key>/*",
    ],
  ],
  [
    "distinct(concat(var.arns, [aws_s3_bucket.b.arn]))",
    ["arn:aws:s3:::<bucket>", "arn:aws:kms:eu-central-1:<account>:key/<key>"],
  ],
  ["length(distinct(concat(var.arns, [aws_s3_bucket.b.arn])))", 2],
  ["length(toset(var.arns))", 2],
  ["distinct(var.accounts)", ["<account>", "210987654321"]],
  ['compact([aws_s3_bucket.b.arn, "", null])', ["arn:aws:s3:::<bucket>"]],
  ["coalesce(var.nothing, aws_s3_bucket.b.arn)", "arn:aws:s3:::<bucket>"],
  ['coalesce("", aws_kms_key.this[0].arn)', "arn:aws:kms:eu-central-1:<account>:key/<key>"],
  ["sort(var.arns) == null", false],
  ["merge({ a = aws_s3_bucket.b.arn }, var.empty).a", "arn:aws:s3:::<bucket>"],
  ['lookup({ a = aws_s3_bucket.b.arn }, "a", "")', "arn:aws:s3:::<bucket>"],
  ['lookup(var.empty, "a", "none")', "none"],
  ["jsondecode(var.policy).Statement[0].Sid", "Given"],
  ["jsondecode(var.policy).Statement[0].Resource", "arn:aws:s3:::<bucket>"],
  ["jsondecode(jsonencode({ a = aws_s3_bucket.b.arn, b = var.unknown })).a", "arn:aws:s3:::<bucket>"],
  ['concat(jsondecode(var.policy).Statement, [{ Sid = "More" }])[*].Sid', ["Given", "More"]],
  ["try(jsondecode(var.actions), var.actions)", ["s3:GetObject", "s3:PutObject"]],
  ['try(flatten([var.empty["rule"]]), [])', []],
  ['try(var.sse["rule"].apply.key, null)', "arn:aws:kms:eu-central-1:<account>:key/<key>"],
  ['try(var.sse["rule"].apply.missing, null)', null],
  ["{ for k, v in var.statements : k => try(v.principals, []) }", { one: [] }],
  ["upper(data.aws_caller_identity.me.account_id)", "<account>"],
  ["provider::aws::arn_parse(aws_kms_key.this[0].arn).account_id", "<account>"],
  [
    'provider::aws::arn_build("aws", "iam", "", data.aws_caller_identity.me.account_id, "root")',
    "arn:aws:iam::<account>:root",
  ],
  ["toset([aws_s3_bucket.b.arn])", ["arn:aws:s3:::<bucket>"]],
  ['zipmap(["a"], aws_s3_bucket.this[*].arn)', { a: "arn:aws:s3:::<bucket>" }],
  ["[for k, v in aws_s3_bucket.each : v.arn]", ["arn:aws:s3:::<bucket>"]],
  ["values(aws_s3_bucket.each)[*].arn", ["arn:aws:s3:::<bucket>"]],
  ['contains(var.actions, "s3:PutObject")', true],
  ["contains(var.arns, aws_s3_bucket.b.arn)", true],
  ['contains(var.arns, "*")', false],
  ['"%{ if var.create }${aws_s3_bucket.b.arn}%{ endif }"', "arn:aws:s3:::<bucket>"],
  ["var.unknown ? aws_s3_bucket.b.arn : aws_s3_bucket.this[0].arn", "arn:aws:s3:::<bucket>"],
];

test.each(decided)("%s", (expression, expected) => {
  expect(JSON.parse(show(evaluated(expression)))).toEqual(expected);
});

const undecided = [
  "var.unknown ? 1 : 2",
  'aws_s3_bucket.b.id == "logs"',
  'try(var.unknown.x, "fallback")',
  'try(jsondecode(aws_iam_role.r.odd), "fallback")',
  "can(var.unknown.x)",
  "length(var.unknown)",
  "length(toset([aws_iam_role.r.odd, aws_s3_bucket.b.arn]))",
  "tolist(toset(var.arns))[0]",
  '[for x in toset([aws_iam_role.r.odd, "a"]) : 1][0]',
  'length([for x in toset([aws_iam_role.r.odd, "a"]) : 1])',
  'length(distinct([aws_iam_role.r.odd, "a"]))',
  'distinct([aws_iam_role.r.odd, "a"])[1]',
  "element(tolist(toset(var.arns)), 0)",
  'join(",", toset(var.arns))',
  "upper(aws_s3_bucket.b.arn)",
  "lower(aws_s3_bucket.b.arn)",
  'replace(aws_s3_bucket.b.arn, "a", "b")',
  'replace("${aws_s3_bucket.b.id}-logs", "x-l", "")',
  'replace("a-${aws_s3_bucket.b.id}", "-b", "")',
  'split("/x", aws_iam_role.r.odd)',
  "trimspace(aws_iam_role.r.odd)",
  'startswith(aws_iam_role.r.odd, "arn:")',
  "concat(var.unknown, [1])",
  "merge({ a = 1 }, var.unknown)",
  "[for x in var.unknown : x]",
  "{ (aws_s3_bucket.b.arn) = 1 }",
  "var.unknown[0]",
  "sha256(aws_s3_bucket.b.arn)",
  'contains([aws_iam_role.r.odd], "x")',
  'index([aws_iam_role.r.odd, "x"], "x")',
  "var.unknown == null",
  "coalesce(var.unknown, 1)",
  'coalesce(aws_iam_role.r.odd, "x")',
  "compact([aws_iam_role.r.odd])",
  "tonumber(aws_iam_role.r.odd)",
  "!var.unknown",
  "true && var.unknown",
  "missing_resource.x.y",
  "[for x in [1, 2] : x if var.unknown]",
  'toset([aws_iam_role.r.odd, "a"]) == toset(["a"])',
  'regex("a", aws_s3_bucket.b.arn)',
];

test.each(undecided)("%s is not known", (expression) => {
  const value = evaluated(expression);
  expect(
    value instanceof Unknown ||
      (value instanceof Text && value.parts.some((part) => part instanceof Sym && part.kind === "any")),
  ).toBe(true);
});

const decisive: [string, Value][] = [
  ["false && var.unknown", false],
  ["var.unknown && false", false],
  ["true || var.unknown", true],
  ["alltrue([false, var.unknown])", false],
  ["anytrue([true, var.unknown])", true],
  ['contains([var.unknown, "a"], "a")', true],
  ['try(var.nothing.x, "n")', "n"],
];
test.each(decisive)("%s is known whatever is unknown", (expression, expected) => {
  expect(evaluated(expression)).toBe(expected);
});

test("an unknown element leaves the rest of a policy known", () => {
  const policy = evaluated(
    'jsonencode({ Statement = [{ Effect = "Deny", Resource = [aws_s3_bucket.b.arn, "${var.unknown}/*"], Principal = var.unknown }] })',
  );
  expect(
    policy instanceof Text && policy.parts.map((part) => (part instanceof Sym ? `<${part.id}>` : part)).join(""),
  ).toBe(
    '{"Statement":[{"Effect":"Deny","Principal":<var.unknown>,"Resource":["arn:aws:s3:::<bucket>","<var.unknown>/*"]}]}',
  );
});

test("the reason of an unknown is its expression, and equal unknowns are equal", () => {
  expect(evaluated('format("%d", aws_iam_role.r.odd)')).toEqual(
    new Unknown("here", "computed-at-apply", 'format("%d", aws_iam_role.r.odd)'),
  );
  expect(evaluated("var.unknown.a.b")).toEqual(new Unknown("var.unknown.a.b", "variable-without-value"));
  expect(evaluated("var.unknown.a == var.unknown.b")).toBeInstanceOf(Unknown);
});

test("a KMS module's document: dynamic statements over objects with optional members", () => {
  const module = fromHcl(
    new Map([
      [
        "main.tf",
        `data "aws_iam_policy_document" "this" {
  source_policy_documents = compact([var.create ? var.policy : "", ""])
  dynamic "statement" {
    for_each = var.create ? [1] : []
    content {
      sid       = "Default"
      actions   = ["kms:*"]
      resources = ["*"]
      principals {
        type        = "AWS"
        identifiers = ["arn:aws:iam::\${data.aws_caller_identity.me.account_id}:root"]
      }
    }
  }
  dynamic "statement" {
    for_each = var.statements
    content {
      sid       = try(statement.value.sid, statement.key)
      actions   = try(statement.value.actions, null)
      resources = try(statement.value.resources, ["*"])
      dynamic "principals" {
        for_each = try(statement.value.principals, [])
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }
    }
  }
}`,
      ],
    ]),
  );
  const document = module.resources.get("data.aws_iam_policy_document.this");
  if (document === undefined) throw new Error("no document");
  const rendered = renderPolicyDocument(evaluateBody(document.body, scope, "data.d"), "data.d");
  expect(JSON.parse(JSON.parse(show(rendered)) as string)).toEqual({
    Version: "2012-10-17",
    Statement: [
      { Sid: "Given", Effect: "Deny", Resource: "arn:aws:s3:::<bucket>" },
      {
        Sid: "Default",
        Effect: "Allow",
        Action: "kms:*",
        Resource: "*",
        Principal: { AWS: "arn:aws:iam::<account>:root" },
      },
      { Sid: "one", Effect: "Allow", Action: "kms:*", Resource: "*" },
    ],
  });
});
