/** Turns a grown plan and its code into variants in which one unit is not like the others, or somebody speaks of one, or of all. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Action, grown, type Layout } from "../../bench/grow";
import type { Json } from "../../validators/plan/plan";

type Object = { [key: string]: Json };

/** A plan that can be changed, and the text of its `main.tf`. */
export interface Draft {
  plan: {
    resource_changes: Object[];
    resource_drift?: Object[];
    variables: Object;
    configuration: { root_module: { resources?: Object[] } } & Object;
  } & Object;
  code: string;
}

/** A variant by its name. */
export interface Variant {
  readonly name: string;
  readonly layout?: Layout;
  readonly action?: Action;
  edit(draft: Draft): void;
}

/** Units of a variant: enough for a stand-in. */
export const UNITS = 40;
/** The unit of which variants speak. */
const ONE = "unit-0000037";
const FLAT = readFileSync(join(__dirname, "../../bench/seeds/flat/main.tf"), "utf8");
const UNIT = readFileSync(join(__dirname, "../../bench/seeds/unit/main.tf"), "utf8");
const MODULE = readFileSync(join(__dirname, "../../bench/seeds/module/main.tf"), "utf8").replace("../unit", "./unit");

/** The code of a layout, by file. */
export function filesOf(layout: Layout, code: string): ReadonlyMap<string, string> {
  if (layout === "flat") return new Map([["main.tf", code]]);
  const calls = Array.from({ length: UNITS }, (_, unit) => `unit-${String(unit + 1).padStart(7, "0")}`).map(
    (name) => `module "${name}" {\n  source = "./unit"\n  name   = "${name}"\n  label  = "old"\n}\n`,
  );
  return new Map([
    ["main.tf", layout === "module" ? MODULE : `provider "aws" {\n  region = "us-east-1"\n}\n${calls.join("")}`],
    ["unit/main.tf", code],
  ]);
}

/** The variant of a plan. */
export function drafted({ layout = "flat", action = "create", edit }: Variant): Draft {
  const plan = JSON.parse([...grown({ layout, action, units: UNITS, violations: 0 })].join(""));
  const draft: Draft = { plan, code: { flat: FLAT, module: UNIT, calls: "" }[layout] };
  edit(draft);
  return draft;
}

const replace = (draft: Draft, from: string, to: string): void => {
  if (!draft.code.includes(from)) throw new Error(`the code lacks ${from}`);
  draft.code = draft.code.replaceAll(from, to);
};

/** Every text of the plan, changed. */
const inPlan = (draft: Draft, change: (text: string) => string): void => {
  draft.plan = JSON.parse(change(JSON.stringify(draft.plan)));
};

const changesOf = (draft: Draft, type: string): Object[] =>
  draft.plan.resource_changes.filter((change) => change.type === type);
const changeOf = (
  draft: Draft,
  type: string,
  unit = ONE,
): Object & { change: { after: Object; after_unknown: Object } & Object } => {
  const found = changesOf(draft, type).find(({ address }) => String(address).includes(`"${unit}"`));
  if (found === undefined) throw new Error(`no ${type} of ${unit}`);
  return found as Object & { change: { after: Object; after_unknown: Object } & Object };
};

/** A resource more, of which everything is known that isn't `unknown`; `expressions` as plan JSON shows them. */
function add(
  draft: Draft,
  type: string,
  {
    known = {},
    unknown = {},
    expressions = {},
    code,
  }: { known?: Object; unknown?: Object; expressions?: Object; code?: string },
  name = "extra",
): void {
  const head = {
    address: `${type}.${name}`,
    mode: "managed",
    type,
    name,
    provider_name: "registry.terraform.io/hashicorp/aws",
  };
  draft.plan.resource_changes.push({
    ...head,
    change: {
      actions: ["create"],
      before: null,
      after: known,
      after_unknown: unknown,
      before_sensitive: false,
      after_sensitive: {},
    },
  });
  const { root_module } = draft.plan.configuration;
  root_module.resources = [
    ...(root_module.resources ?? []),
    { ...head, provider_config_key: "aws", expressions, schema_version: 0 },
  ];
  if (code !== undefined) draft.code += `\nresource "${type}" "${name}" {\n${code}\n}\n`;
}

const OPEN_POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::tollgate-${ONE}/*` }],
});

/** Another policy of one bucket, which is linked by a reference. */
const OPEN_BY_REFERENCE = {
  known: { policy: OPEN_POLICY },
  unknown: { bucket: true, id: true },
  expressions: {
    bucket: {
      references: [`aws_s3_bucket.this["${ONE}"].id`, `aws_s3_bucket.this["${ONE}"]`, "aws_s3_bucket.this"],
    },
  },
};

/** An access block that lets everything through, of a bucket that only the code tells. */
const addOpenBlock = (draft: Draft, references: readonly string[], code: string): void =>
  add(draft, "aws_s3_bucket_public_access_block", {
    known: {
      block_public_acls: false,
      block_public_policy: false,
      ignore_public_acls: false,
      restrict_public_buckets: false,
    },
    unknown: { bucket: true, id: true },
    expressions: { bucket: { references } },
    code,
  });

/** A bucket that is none of the units. */
const addCentralBucket = (draft: Draft): void =>
  add(draft, "aws_s3_bucket", {
    known: { bucket: "central-logs" },
    unknown: { id: true, arn: true },
    expressions: { bucket: { constant_value: "central-logs" } },
    code: '  bucket = "central-logs"',
  });

/** How the code names a unit's bucket with its objects, and links its policy. */
const BUCKET_AND_OBJECTS = '[aws_s3_bucket.this[each.key].arn, "${aws_s3_bucket.this[each.key].arn}/*"]';
const LINK = "policy   = data.aws_iam_policy_document.this[each.key].json";

/** A policy of one more statement, whose condition or resource is written in the code. */
const statement = (body: string): string => `statement {
    sid = "More"
    effect = "Allow"
    actions = ["s3:GetObject"]
    principals {
      type = "AWS"
      identifiers = ["*"]
    }
    ${body}
  }
}

resource "aws_s3_bucket_policy" "this"`;
const more = (draft: Draft, body: string): void =>
  replace(draft, `}\n\nresource "aws_s3_bucket_policy" "this"`, statement(body));

const OWN = 'resources = ["${aws_s3_bucket.this[each.key].arn}/*"]';
const account = (values: string): string => `${OWN}
    condition {
      test = "StringEquals"
      variable = "aws:PrincipalAccount"
      values = ${values}
    }`;

/** What is said of units in code that reads their keys, put into the place of a list of accounts. */
const READS: readonly string[] = [
  `[each.key == "${ONE}" ? "*" : "111122223333"]`,
  `[endswith(each.key, "37") ? "999988887777" : "111122223333"]`,
  `[substr(each.key, 10, 2) == "37" ? "999988887777" : "111122223333"]`,
  `[length(regexall("3.$", each.key)) > 0 ? "999988887777" : "111122223333"]`,
  `[lookup({ "${ONE}" = "999988887777" }, each.key, "111122223333")]`,
  `[try({ "${ONE}" = "999988887777" }[each.key], "111122223333")]`,
  `[contains(["${ONE}"], each.key) ? "999988887777" : "111122223333"]`,
  `[each.value == "old" ? "111122223333" : "999988887777"]`,
  `[replace(each.key, "unit-00000", "1111222233")]`,
  `[format("1111222233%02d", index(keys(var.units), each.key))]`,
  `[upper(each.key) == "X" ? "1" : "111122223333"]`,
  `[length(each.key) == 12 ? "111122223333" : "999988887777"]`,
  `[for unit in keys(var.units) : unit == each.key ? "111122223333" : "111122223334"]`,
  `[tonumber(substr(each.key, 5, 7)) > 36 ? "999988887777" : "111122223333"]`,
  `[coalesce(each.key, "x") == "${ONE}" ? "999988887777" : "111122223333"]`,
  `[can(regex("37", each.key)) ? "999988887777" : "111122223333"]`,
  `distinct([each.key, "${ONE}"])`,
  `[base64encode(each.key)]`,
  `[jsondecode(jsonencode({ a = each.key })).a == "${ONE}" ? "*" : "111122223333"]`,
  `[local.account]`,
];

const RESOURCES: readonly string[] = [
  'resources = ["arn:aws:s3:::tollgate-${each.key}/*"]',
  'resources = ["arn:aws:s3:::tollgate-*7/*"]',
  'resources = ["arn:aws:s3:::tollgate-unit-00000?7/*"]',
  'resources = ["arn:aws:s3:::tollgate-unit-*/*"]',
  `resources = ["arn:aws:s3:::tollgate-${ONE}/*"]`,
  'resources = [for b in aws_s3_bucket.this : "${b.arn}/*"]',
  "resources = values(aws_s3_bucket.this)[*].arn",
  `resources = [aws_s3_bucket.this["${ONE}"].arn]`,
  'resources = ["arn:aws:s3:::tollgate-${substr(each.key, 0, 11)}*/*"]',
];

const IN_CODE: readonly Variant[] = [
  ...READS.map(
    (values): Variant => ({
      name: `reads ${values}`,
      edit: (draft) => {
        more(draft, account(values));
        draft.code += `\nlocals {\n  account = "111122223333"\n}\n`;
      },
    }),
  ),
  ...RESOURCES.map((resources): Variant => ({ name: `names ${resources}`, edit: (draft) => more(draft, resources) })),
  {
    name: "denies by a pattern that covers some keys only",
    edit: (draft) => replace(draft, BUCKET_AND_OBJECTS, '["arn:aws:s3:::tollgate-*7", "arn:aws:s3:::tollgate-*7/*"]'),
  },
  {
    name: "denies by a pattern that covers every key",
    edit: (draft) => replace(draft, BUCKET_AND_OBJECTS, '["arn:aws:s3:::tollgate-*", "arn:aws:s3:::tollgate-*/*"]'),
  },
  {
    name: "denies by the written name",
    edit: (draft) =>
      replace(
        draft,
        BUCKET_AND_OBJECTS,
        '["arn:aws:s3:::tollgate-${each.key}", "arn:aws:s3:::tollgate-${each.key}/*"]',
      ),
  },
  {
    name: "denies all but one",
    edit: (draft) => replace(draft, 'effect    = "Deny"', `effect    = each.key == "${ONE}" ? "Allow" : "Deny"`),
  },
  {
    name: "links by a function of the key",
    edit: (draft) => replace(draft, LINK, "policy   = data.aws_iam_policy_document.this[lower(each.key)].json"),
  },
  {
    name: "links to the document of one",
    edit: (draft) => replace(draft, LINK, `policy   = data.aws_iam_policy_document.this["${ONE}"].json`),
  },
  {
    name: "links through a local map",
    edit: (draft) => {
      replace(draft, LINK, "policy   = local.policies[each.key]");
      draft.code +=
        "\nlocals {\n  policies = { for key, document in data.aws_iam_policy_document.this : key => document.json }\n}\n";
    },
  },
  {
    name: "encrypts one with another algorithm",
    edit: (draft) => {
      changeOf(draft, "aws_s3_bucket_server_side_encryption_configuration").change.after.rule = [
        {
          apply_server_side_encryption_by_default: [{ kms_master_key_id: "", sse_algorithm: "AES256" }],
          bucket_key_enabled: true,
        },
      ];
      replace(
        draft,
        'sse_algorithm     = "aws:kms"',
        `sse_algorithm     = each.key == "${ONE}" ? "AES256" : "aws:kms"`,
      );
    },
  },
];

const IN_PLAN: readonly Variant[] = [
  { name: "nothing", edit: () => undefined },
  {
    name: "no code",
    edit: (draft) => {
      draft.code = "";
    },
  },
  {
    name: "another policy of one bucket, by its name",
    edit: (draft) =>
      add(draft, "aws_s3_bucket_policy", {
        known: { bucket: `tollgate-${ONE}`, policy: OPEN_POLICY },
        code: `  bucket = "tollgate-${ONE}"\n  policy = jsonencode(${OPEN_POLICY})`,
      }),
  },
  {
    name: "another policy of one bucket, by reference",
    edit: (draft) =>
      add(draft, "aws_s3_bucket_policy", {
        ...OPEN_BY_REFERENCE,
        code: `  bucket = aws_s3_bucket.this["${ONE}"].id\n  policy = jsonencode(${OPEN_POLICY})`,
      }),
  },
  {
    name: "another policy of one bucket, by reference, without code",
    edit: (draft) => {
      draft.code = "";
      add(draft, "aws_s3_bucket_policy", {
        ...OPEN_BY_REFERENCE,
      });
    },
  },
  {
    name: "another access block of one bucket, by a computed key",
    edit: (draft) =>
      addOpenBlock(draft, ["aws_s3_bucket.this", "var.units"], "  bucket = aws_s3_bucket.this[keys(var.units)[36]].id"),
  },
  {
    name: "another access block of one bucket, by a made up key",
    edit: (draft) =>
      addOpenBlock(draft, ["aws_s3_bucket.this"], '  bucket = aws_s3_bucket.this["unit-00000${30 + 7}"].id'),
  },
  {
    name: "another access block of one bucket, by a split of all",
    edit: (draft) =>
      addOpenBlock(draft, ["aws_s3_bucket.this"], "  bucket = [for key, bucket in aws_s3_bucket.this : bucket.id][36]"),
  },
  {
    name: "a bucket that encrypts with one unit's key",
    edit: (draft) => {
      addCentralBucket(draft);
      add(draft, "aws_s3_bucket_server_side_encryption_configuration", {
        known: {
          bucket: "central-logs",
          rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: "aws:kms" }], bucket_key_enabled: true }],
        },
        unknown: { rule: [{ apply_server_side_encryption_by_default: [{ kms_master_key_id: true }] }], id: true },
        expressions: {
          bucket: { constant_value: "central-logs" },
          rule: [
            {
              apply_server_side_encryption_by_default: [
                {
                  kms_master_key_id: {
                    references: [`aws_kms_key.this["${ONE}"].arn`, `aws_kms_key.this["${ONE}"]`, "aws_kms_key.this"],
                  },
                  sse_algorithm: { constant_value: "aws:kms" },
                },
              ],
              bucket_key_enabled: { constant_value: true },
            },
          ],
        },
        code: `  bucket = "central-logs"\n  rule {\n    apply_server_side_encryption_by_default {\n      sse_algorithm = "aws:kms"\n      kms_master_key_id = aws_kms_key.this["${ONE}"].arn\n    }\n    bucket_key_enabled = true\n  }`,
      });
    },
  },
  {
    name: "a bucket whose policy lets all the others in",
    edit: (draft) => {
      addCentralBucket(draft);
      add(draft, "aws_s3_bucket_policy", {
        known: { bucket: "central-logs" },
        unknown: { policy: true, id: true },
        expressions: { bucket: { constant_value: "central-logs" }, policy: { references: ["aws_s3_bucket.this"] } },
        code: `  bucket = "central-logs"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "logging.s3.amazonaws.com" }, Action = "s3:PutObject", Resource = "arn:aws:s3:::central-logs/*", Condition = { ArnLike = { "aws:SourceArn" = [for b in aws_s3_bucket.this : b.arn] } } }] })`,
      });
    },
  },
  {
    name: "a bucket whose policy lets some others in by a known text",
    edit: (draft) => {
      addCentralBucket(draft);
      add(draft, "aws_s3_bucket_policy", {
        known: {
          bucket: "central-logs",
          policy: JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Principal: { Service: "logging.s3.amazonaws.com" },
                Action: "s3:PutObject",
                Resource: "arn:aws:s3:::central-logs/*",
                Condition: { ArnLike: { "aws:SourceArn": "arn:aws:s3:::tollgate-unit-000003?" } },
              },
            ],
          }),
        },
        unknown: { id: true },
        expressions: { bucket: { constant_value: "central-logs" }, policy: {} },
      });
    },
  },
  {
    name: "one without access block",
    edit: (draft) => {
      draft.plan.resource_changes = draft.plan.resource_changes.filter(
        (one) => one !== changeOf(draft, "aws_s3_bucket_public_access_block"),
      );
    },
  },
  {
    name: "one whose flag is false",
    edit: (draft) => {
      changeOf(draft, "aws_s3_bucket_public_access_block").change.after.block_public_policy = false;
    },
  },
  {
    name: "one whose flag isn't known",
    edit: (draft) => {
      const { change } = changeOf(draft, "aws_s3_bucket_public_access_block");
      delete change.after.block_public_policy;
      change.after_unknown.block_public_policy = true;
    },
  },
  {
    name: "all whose flag is false",
    edit: (draft) => {
      for (const { change } of changesOf(draft, "aws_s3_bucket_public_access_block") as { change: { after: Object } }[])
        change.after.block_public_policy = false;
    },
  },
  {
    name: "one that isn't rotated",
    edit: (draft) => {
      changeOf(draft, "aws_kms_key").change.after.enable_key_rotation = false;
    },
  },
  {
    name: "one that is deleted",
    edit: (draft) => {
      changeOf(draft, "aws_s3_bucket").change.actions = ["delete"];
    },
  },
  {
    name: "one that is sensitive",
    edit: (draft) => {
      changeOf(draft, "aws_s3_bucket").change.after_sensitive = { bucket: true };
    },
  },
  {
    name: "all are sensitive",
    edit: (draft) => {
      for (const { change } of changesOf(draft, "aws_s3_bucket") as { change: Object }[])
        change.after_sensitive = { bucket: true };
    },
  },
  {
    name: "one name for all",
    edit: (draft) =>
      inPlan(draft, (text) => text.replaceAll(/"bucket":"tollgate-unit-\d+"/g, '"bucket":"tollgate-unit"')),
  },
  { name: "keys with capitals", edit: (draft) => inPlan(draft, (text) => text.replaceAll("unit-", "Unit-")) },
  {
    name: "keys with quotes",
    edit: (draft) =>
      inPlan(draft, (text) =>
        text
          .replaceAll(/\[\\"unit-(\d+)\\"\]/g, '[\\"u\\\\\\"$1\\"]')
          .replaceAll(/"index":"unit-(\d+)"/g, '"index":"u\\"$1"'),
      ),
  },
  { name: "short keys", edit: (draft) => inPlan(draft, (text) => text.replaceAll("unit-00000", "u")) },
  {
    name: "keys that are parts of each other",
    edit: (draft) =>
      inPlan(draft, (text) =>
        text.replaceAll(/unit-00000(\d\d)/g, (_, digits: string) => "unit".repeat(Number(digits))),
      ),
  },
  { name: "a key that is a word of reports", edit: (draft) => inPlan(draft, (text) => text.replaceAll(ONE, "bucket")) },
  {
    name: "keys that are words of reports",
    edit: (draft) => {
      const words = [
        "account",
        "bucket",
        "statement",
        "objects",
        "default",
        "encryption",
        "aws",
        "kms",
        "key",
        "policy",
      ];
      inPlan(draft, (text) =>
        text.replaceAll(/unit-00000(\d\d)/g, (unit, digits: string) => words[Number(digits)] ?? unit),
      );
    },
  },
  {
    name: "the name of a stand-in among the keys",
    edit: (draft) => inPlan(draft, (text) => text.replaceAll(ONE, "tollgate-twin-0-key0-")),
  },
  {
    name: "an account's number as part of keys",
    edit: (draft) => inPlan(draft, (text) => text.replaceAll("unit-00000", "a-1111222233")),
  },
  {
    name: "a block of the account",
    edit: (draft) =>
      add(draft, "aws_s3_account_public_access_block", {
        known: {
          block_public_acls: true,
          block_public_policy: true,
          ignore_public_acls: true,
          restrict_public_buckets: true,
        },
        unknown: { account_id: true, id: true },
      }),
  },
];

/** Statements of every unit's policy: what fails or stays open of one does of all. */
const BODIES: readonly string[] = [
  OWN,
  account('["111122223333"]'),
  account("[data.aws_caller_identity.current.account_id]"),
  account("[each.key]"),
  `${OWN}
    condition {
      test = "StringLike"
      variable = "aws:PrincipalArn"
      values = ["arn:aws:iam::*:role/\${each.key}"]
    }`,
  `${OWN}
    condition {
      test = "ArnLike"
      variable = "aws:SourceArn"
      values = ["arn:aws:s3:::tollgate-\${each.key}"]
    }`,
  `${OWN}
    condition {
      test = "ArnLike"
      variable = "aws:SourceArn"
      values = [aws_s3_bucket.this[each.key].arn]
    }`,
  `${OWN}
    condition {
      test = "StringEquals"
      variable = "aws:SourceVpce"
      values = ["vpce-\${each.key}"]
    }`,
  `${OWN}
    condition {
      test = "NumericLessThan"
      variable = "s3:max-keys"
      values = [each.key]
    }`,
  `${OWN}
    condition {
      test = "StringEquals"
      variable = "s3:prefix"
      values = ["home/\${each.key}/"]
    }`,
  `${OWN}
    condition {
      test = "IpAddress"
      variable = "aws:SourceIp"
      values = ["10.0.0.0/8"]
    }`,
  'not_resources = ["${aws_s3_bucket.this[each.key].arn}/*"]',
  'resources = [aws_s3_bucket.this[each.key].arn, "arn:aws:s3:::other/*"]',
  'resources = ["${aws_s3_bucket.this[each.key].arn}/${each.key}/*", "${aws_s3_bucket.this[each.key].arn}"]',
];

/** What `each.value` is told to be, and code that reads it. */
const VALUES: readonly (readonly [name: string, told: (unit: string) => Json])[] = [
  ["the same", () => "old"],
  ["a text with the key", (unit) => `role-${unit}`],
  [
    "an object with the key",
    (unit) => ({ name: `x-${unit}`, readers: ["111122223333"], deep: { names: [unit, "all"] } }),
  ],
  ["an object that says the same", () => ({ name: "x", readers: ["111122223333"], deep: { names: ["all"] } })],
  ["another one for one", (unit) => (unit === ONE ? "999988887777" : "111122223333")],
  ["an object that differs for one", (unit) => ({ name: "x", readers: unit === ONE ? ["*"] : ["111122223333"] })],
  ["an object with another key", () => ({ name: ONE, readers: ["111122223333"] })],
  ["another one for each", (unit) => `${unit.split("").reverse().join("")}`],
  ["an object with the key as a name", (unit) => ({ [unit]: "111122223333", name: "x", readers: [] })],
];
const READING: readonly string[] = [
  "[each.value]",
  "[each.value.name]",
  "each.value.readers",
  'try(each.value.deep.names, ["111122223333"])',
  '[lookup(each.value, each.key, "111122223333")]',
];

const BY_VALUE: readonly Variant[] = VALUES.flatMap(([name, told]) =>
  READING.map(
    (values): Variant => ({
      name: `values are ${name}, read by ${values}`,
      edit: (draft) => {
        const units = Array.from({ length: UNITS }, (_, i) => `unit-${String(i + 1).padStart(7, "0")}`);
        draft.plan.variables.units = { value: Object.fromEntries(units.map((unit) => [unit, told(unit)])) };
        replace(draft, "type = map(string)", "type = any");
        more(draft, account(values));
      },
    }),
  ),
);

/** What units are made for, another way. */
const BY_REPETITION: readonly Variant[] = [
  ["a set of their names", "toset(keys(var.units))"],
  ["an object of their names", "{ for key, value in var.units : key => key }"],
  [
    "an object of what differs",
    `{ for key, value in var.units : key => key == "${ONE}" ? "999988887777" : "111122223333" }`,
  ],
  ["a local", "local.units"],
  ["what others are made for", "aws_s3_bucket.this"],
  ["a part of all", `{ for key, value in var.units : key => value if key != "${ONE}" }`],
].flatMap(([name = "", forEach = ""]) =>
  ["[each.value]", "[each.key]", '["111122223333"]'].map(
    (values): Variant => ({
      name: `made for ${name}, with ${values}`,
      edit: (draft) => {
        draft.code += '\nlocals {\n  units = { for key, value in var.units : key => "x-${key}" }\n}\n';
        replace(
          draft,
          'data "aws_iam_policy_document" "this" {\n  for_each = var.units',
          `data "aws_iam_policy_document" "this" {\n  for_each = ${forEach}`,
        );
        more(draft, account(values));
      },
    }),
  ),
);

const OF_ALL: readonly Variant[] = [
  ...BODIES.map(
    (body): Variant => ({
      name: `every policy says ${body}`,
      edit: (draft) => {
        more(draft, body);
        draft.code += '\ndata "aws_caller_identity" "current" {}\n';
      },
    }),
  ),
  {
    name: "all without access block",
    edit: (draft) => {
      draft.plan.resource_changes = draft.plan.resource_changes.filter(
        (one) => one.type !== "aws_s3_bucket_public_access_block",
      );
    },
  },
  {
    name: "all without encryption",
    edit: (draft) => {
      draft.plan.resource_changes = draft.plan.resource_changes.filter(
        (one) => one.type !== "aws_s3_bucket_server_side_encryption_configuration",
      );
    },
  },
  {
    name: "all without policy",
    edit: (draft) => {
      draft.plan.resource_changes = draft.plan.resource_changes.filter((one) => one.type !== "aws_s3_bucket_policy");
    },
  },
  {
    name: "all without rotation",
    edit: (draft) => {
      for (const { change } of changesOf(draft, "aws_kms_key") as { change: { after: Object } }[])
        change.after.enable_key_rotation = false;
    },
  },
  {
    name: "all with another algorithm",
    edit: (draft) => inPlan(draft, (text) => text.replaceAll('"sse_algorithm":"aws:kms"', '"sse_algorithm":"AES256"')),
  },
  {
    name: "all with an algorithm by their key",
    edit: (draft) => inPlan(draft, (text) => text.replaceAll(/"sse_algorithm":"aws:kms"/g, '"sse_algorithm":null')),
  },
  {
    name: "all flags unknown",
    edit: (draft) => {
      for (const { change } of changesOf(draft, "aws_s3_bucket_public_access_block") as {
        change: { after: Object; after_unknown: Object };
      }[]) {
        delete change.after.block_public_policy;
        change.after_unknown.block_public_policy = true;
      }
    },
  },
  ...["public-read", "private", "unit", "log-delivery-write"].map(
    (acl): Variant => ({
      name: `all with the ACL ${acl}`,
      edit: (draft) => {
        for (let unit = 1; unit <= UNITS; unit++) {
          const key = `unit-${String(unit).padStart(7, "0")}`;
          const head = {
            address: `aws_s3_bucket_acl.this["${key}"]`,
            mode: "managed",
            type: "aws_s3_bucket_acl",
            name: "this",
            index: key,
            provider_name: "registry.terraform.io/hashicorp/aws",
          };
          draft.plan.resource_changes.push({
            ...head,
            change: {
              actions: ["create"],
              before: null,
              after: { acl: acl === "unit" ? key : acl, bucket: `tollgate-${key}` },
              after_unknown: { id: true, access_control_policy: true },
              before_sensitive: false,
              after_sensitive: {},
            },
          });
        }
        draft.code += `\nresource "aws_s3_bucket_acl" "this" {\n  for_each = var.units\n  bucket = "tollgate-\${each.key}"\n  acl = ${acl === "unit" ? "each.key" : `"${acl}"`}\n}\n`;
      },
    }),
  ),
  ...["arn:aws:iam::111122223333:root", "*", "arn:aws:iam::111122223333:role/unit-0000001"].map(
    (principal): Variant => ({
      name: `keys that let ${principal} in`,
      edit: (draft) => {
        for (const { change, index } of changesOf(draft, "aws_kms_key") as {
          index: string;
          change: { after: Object; after_unknown: Object };
        }[]) {
          const Principal = { AWS: principal.replace("unit-0000001", index) };
          change.after.policy = JSON.stringify({
            Version: "2012-10-17",
            Statement: [{ Sid: index, Effect: "Allow", Principal, Action: "kms:*", Resource: "*" }],
          });
          delete change.after_unknown.policy;
        }
      },
    }),
  ),
];

const EXISTING: readonly Variant[] = (["no-op", "mixed"] as const).flatMap((action): Variant[] => [
  { name: `nothing, ${action}`, action, edit: () => undefined },
  {
    name: `nothing without code, ${action}`,
    action,
    edit: (draft) => {
      draft.code = "";
    },
  },
  {
    name: `one policy is open, ${action}`,
    action,
    edit: (draft) => {
      const { change } = changeOf(draft, "aws_s3_bucket_policy");
      for (const side of ["before", "after"]) change[side] = { ...(change[side] as Object), policy: OPEN_POLICY };
    },
  },
  {
    name: `all policies name one bucket, ${action}`,
    action,
    edit: (draft) =>
      inPlan(draft, (text) => text.replaceAll(/arn:aws:s3:::tollgate-unit-\d+/g, `arn:aws:s3:::tollgate-${ONE}`)),
  },
  {
    name: `policies by a pattern, ${action}`,
    action,
    edit: (draft) =>
      inPlan(draft, (text) => text.replaceAll(/arn:aws:s3:::tollgate-unit-\d+\/\*/g, "arn:aws:s3:::tollgate-*7/*")),
  },
  {
    name: `one key for all, ${action}`,
    action,
    edit: (draft) =>
      inPlan(draft, (text) => {
        const uuid = /[0-9a-f]{8}-0000-4000-8000-000000000037/.exec(text)?.[0] ?? "";
        return text.replaceAll(/("kms_master_key_id":"[^"]*)[0-9a-f]{8}-0000-4000-8000-\d{12}/g, `$1${uuid}`);
      }),
  },
  {
    name: `another unit's key for one, ${action}`,
    action,
    edit: (draft) => {
      const one = changeOf(draft, "aws_s3_bucket_server_side_encryption_configuration");
      const text = JSON.stringify(one).replaceAll("-000000000037", "-000000000038");
      draft.plan.resource_changes[draft.plan.resource_changes.indexOf(one)] = JSON.parse(
        text.replaceAll("unit-0000038", ONE),
      );
    },
  },
]);

const MODULES: readonly Variant[] = [
  { name: "nothing, modules", layout: "module", edit: () => undefined },
  {
    name: "nothing, modules without code",
    layout: "module",
    edit: (draft) => {
      draft.code = "";
    },
  },
  { name: "nothing, modules that exist", layout: "module", action: "no-op", edit: () => undefined },
  { name: "nothing, modules of which some are new", layout: "module", action: "mixed", edit: () => undefined },
  ...["var.name", "var.label"]
    .flatMap((name) => [
      `${name} == "${ONE}" ? "999988887777" : "111122223333"`,
      `endswith(${name}, "7") ? "999988887777" : "111122223333"`,
      `length(${name}) > 3 ? "999988887777" : "111122223333"`,
      `substr(${name}, 10, 2)`,
    ])
    .map(
      (value): Variant => ({
        name: `modules that read ${value}`,
        layout: "module",
        edit: (draft) => more(draft, account(`[${value}]`).replaceAll("[each.key]", "")),
      }),
    ),
  {
    name: "modules whose name is a number",
    layout: "module",
    edit: (draft) => {
      replace(draft, 'variable "name" {\n  type = string', 'variable "name" {\n  type = number');
    },
  },
];

/** A module's call in the configuration of a plan. */
type Call = Object & { expressions: Object; module: { resources: Object[] } & Object };
const callsOf = (draft: Draft): { [name: string]: Call } =>
  (draft.plan.configuration.root_module as unknown as { module_calls: { [name: string]: Call } }).module_calls;
function callOf(draft: Draft, name = ONE): Call {
  const call = callsOf(draft)[name];
  if (call === undefined) throw new Error(`no call of ${name}`);
  return call;
}

/** What stands in one module. */
function inModule(draft: Draft, type: string): Object & { change: { after: Object } & Object } {
  const found = changesOf(draft, type).find(({ address }) => String(address).startsWith(`module.${ONE}.`));
  if (found === undefined) throw new Error(`no ${type} in ${ONE}`);
  return found as Object & { change: { after: Object } & Object };
}

const outputOf = (draft: Draft, references: readonly string[]): void => {
  Object.assign(draft.plan.configuration.root_module, { outputs: { one: { expression: { references } } } });
};
const ofModule = (what: string): readonly string[] => [`module.${ONE}.${what}`, `module.${ONE}`];

const CALLS: readonly Variant[] = (
  [
    ["nothing", () => undefined],
    ["code beside the plan", (draft) => void Object.assign(draft, { code: UNIT })],
    [
      "one whose flag is false",
      (draft) => {
        inModule(draft, "aws_s3_bucket_public_access_block").change.after.block_public_acls = false;
      },
    ],
    [
      "one that is deleted",
      (draft) => {
        const { change } = inModule(draft, "aws_s3_bucket");
        Object.assign(change, { actions: ["delete"], before: change.after, after: null, after_unknown: {} });
      },
    ],
    [
      "one that was called otherwise",
      (draft) => {
        inModule(draft, "aws_s3_bucket").previous_address = "module.other.aws_s3_bucket.this";
      },
    ],
    [
      "one that was called like another one",
      (draft) => {
        inModule(draft, "aws_s3_bucket").previous_address = "module.unit-0000003.aws_s3_bucket.this";
      },
    ],
    [
      "one that is called with another label",
      (draft) => void Object.assign(callOf(draft).expressions, { label: { constant_value: "new" } }),
    ],
    [
      "one whose label is another one's name",
      (draft) => void Object.assign(callOf(draft).expressions, { label: { constant_value: "unit-0000003" } }),
    ],
    [
      "all whose label is one's name",
      (draft) => {
        for (const call of Object.values(callsOf(draft))) call.expressions.label = { constant_value: ONE };
      },
    ],
    [
      "all are called with references",
      (draft) => {
        for (const call of Object.values(callsOf(draft))) call.expressions.name = { references: ["var.name"] };
      },
    ],
    [
      "all are called with templates",
      (draft) => {
        for (const [name, call] of Object.entries(callsOf(draft)))
          call.expressions.name = { constant_value: `\${var.prefix}${name}`, references: ["var.prefix"] };
      },
    ],
    [
      "all are called with a list and an object",
      (draft) => {
        for (const [name, call] of Object.entries(callsOf(draft)))
          call.expressions.label = { constant_value: [name, { name, [name]: 1 }] };
      },
    ],
    [
      "one that isn't called",
      (draft) => {
        delete callsOf(draft)[ONE];
      },
    ],
    [
      "a call of nothing",
      (draft) => {
        callsOf(draft)["unit-0000999"] = callOf(draft);
      },
    ],
    [
      "one of another module",
      (draft) => {
        const call = callOf(draft);
        const [first, ...others] = call.module.resources;
        callsOf(draft)[ONE] = { ...call, module: { ...call.module, resources: [...others, { ...first, x: 1 }] } };
      },
    ],
    [
      "one whose module lacks a resource",
      (draft) => {
        const call = callOf(draft);
        callsOf(draft)[ONE] = { ...call, module: { ...call.module, resources: call.module.resources.slice(1) } };
      },
    ],
    [
      "no configuration",
      (draft) => {
        draft.plan.configuration = { root_module: {} };
      },
    ],
    [
      "another policy of a bucket that a local names",
      (draft) =>
        add(draft, "aws_s3_bucket_policy", {
          known: { policy: OPEN_POLICY },
          unknown: { bucket: true, id: true },
          expressions: { bucket: { references: ["local.bucket"] } },
        }),
    ],
    [
      "another policy of a bucket that nobody knows",
      (draft) =>
        add(draft, "aws_s3_bucket_policy", {
          known: { policy: OPEN_POLICY },
          unknown: { bucket: true, id: true },
          expressions: { bucket: { references: ["var.bucket"] } },
        }),
    ],
    [
      "a policy of another key, which a local names",
      (draft) =>
        add(draft, "aws_kms_key_policy", {
          known: { policy: OPEN_POLICY },
          unknown: { key_id: true, id: true },
          expressions: { key_id: { references: ["local.key"] } },
        }),
    ],
    [
      "a bucket of the root that one module is given",
      (draft) => {
        add(draft, "aws_s3_bucket", { known: { bucket: "x" }, unknown: { arn: true, id: true } });
        callOf(draft).expressions.label = { references: ["aws_s3_bucket.extra.id", "aws_s3_bucket.extra"] };
      },
    ],
    [
      "a bucket of the root that all modules are given",
      (draft) => {
        add(draft, "aws_s3_bucket", { known: { bucket: "x" }, unknown: { arn: true, id: true } });
        for (const call of Object.values(callsOf(draft)))
          call.expressions.label = { references: ["aws_s3_bucket.extra.id", "aws_s3_bucket.extra"] };
      },
    ],
    ["an output of one", (draft) => outputOf(draft, ofModule("arn"))],
    ["an output of one module as a whole", (draft) => outputOf(draft, [`module.${ONE}`])],
    [
      "another policy of one bucket, by a reference",
      (draft) =>
        add(draft, "aws_s3_bucket_policy", {
          known: { policy: OPEN_POLICY },
          unknown: { bucket: true, id: true },
          expressions: { bucket: { references: ofModule("bucket") } },
        }),
    ],
    [
      "another policy of one bucket, by its name",
      (draft) =>
        add(draft, "aws_s3_bucket_policy", {
          known: { bucket: `tollgate-${ONE}`, policy: OPEN_POLICY },
          expressions: { bucket: { constant_value: `tollgate-${ONE}` } },
        }),
    ],
    [
      "a policy that names one module in configuration only",
      (draft) =>
        add(draft, "aws_s3_bucket_policy", {
          unknown: { bucket: true, policy: true, id: true },
          expressions: { bucket: { constant_value: `tollgate-${ONE}` }, policy: { references: ["var.policy"] } },
        }),
    ],
    [
      "a bucket of all keys by `for_each`, of which one is called like a module",
      (draft) => {
        add(draft, "aws_s3_bucket", { known: { bucket: "x" }, unknown: { arn: true, id: true } });
        Object.assign(draft.plan.resource_changes.at(-1) ?? {}, {
          address: `aws_s3_bucket.extra["${ONE}"]`,
          index: ONE,
        });
      },
    ],
    [
      "a key that every bucket may use",
      (draft) => {
        const encryption = "aws_s3_bucket_server_side_encryption_configuration";
        for (const call of Object.values(callsOf(draft)))
          for (const resource of call.module.resources)
            if (resource.type === encryption) resource.expressions = { bucket: { references: ["var.bucket"] } };
      },
    ],
    [
      "a provider of one module",
      (draft) => {
        draft.plan.configuration.provider_config = {
          ...(draft.plan.configuration.provider_config as Object),
          [`module.${ONE}:aws`]: { name: "aws", module_address: `module.${ONE}` },
        };
      },
    ],
    ["names with capitals", (draft) => inPlan(draft, (text) => text.replaceAll("unit-", "Unit-"))],
    ["names with an underscore", (draft) => inPlan(draft, (text) => text.replaceAll("unit-", "unit_"))],
    ["names of a few letters", (draft) => inPlan(draft, (text) => text.replaceAll("unit-00000", "u"))],
    [
      "the name of a stand-in among the modules",
      (draft) => inPlan(draft, (text) => text.replaceAll(ONE, "tollgate-twin-0-module0-")),
    ],
    [
      "the name of a stand-in in configuration",
      (draft) =>
        void Object.assign(callOf(draft).expressions, { label: { constant_value: "tollgate-twin-0-module0-" } }),
    ],
    [
      "modules in a module",
      (draft) =>
        inPlan(draft, (text) => text.replaceAll(/module\.(unit-\d+)\./g, (_, name) => `module.all.module.${name}.`)),
    ],
    [
      "modules with a module inside",
      (draft) => {
        inPlan(draft, (text) => text.replaceAll(/module\.(unit-\d+)\./g, (_, name) => `module.${name}.module.in.`));
        const calls = callsOf(draft);
        for (const [name, call] of Object.entries(calls)) {
          const inner = { ...call, expressions: { name: { references: ["var.name"] }, label: call.expressions.label } };
          calls[name] = { ...call, module: { resources: [], module_calls: { in: inner }, variables: {} } } as never;
        }
      },
    ],
    [
      "instances in modules",
      (draft) => inPlan(draft, (text) => text.replaceAll(/(module\.unit-\d+\.aws_s3_bucket\.this)/g, '$1[\\"one\\"]')),
    ],
    [
      "modules that are counted",
      (draft) => inPlan(draft, (text) => text.replaceAll(/(module\.unit-\d+)\./g, "$1[0].")),
    ],
    [
      "a variable that holds one's name",
      (draft) => {
        draft.plan.variables = { ...draft.plan.variables, which: { value: ONE } };
        Object.assign(draft.plan.configuration.root_module, { variables: { which: {} } });
        for (const call of Object.values(callsOf(draft))) call.expressions.label = { references: ["var.which"] };
      },
    ],
  ] satisfies readonly (readonly [string, (draft: Draft) => void])[]
).flatMap(([name, edit]): readonly Variant[] =>
  (["create", "no-op", "mixed"] as const).map((action) => ({
    name: `${name}, calls, ${action}`,
    layout: "calls",
    action,
    edit,
  })),
);

export const VARIANTS: readonly Variant[] = [
  ...CALLS,
  ...IN_PLAN,
  ...IN_CODE,
  ...BY_VALUE,
  ...BY_REPETITION,
  ...OF_ALL,
  ...EXISTING,
  ...MODULES,
];
