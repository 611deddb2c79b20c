/** Turns what AWS makes certain into values: names, ARNs and ids of resources that don't exist yet. */
import { AWS_OWNED, isText, partsOf, Sym, type Text, text, Unknown, type Value } from "../kernel/value";
import { renderPolicyDocument, symbolOf } from "../source/index";
import type { Instance, World } from "./shape";
import { BUCKET_COMPANIONS } from "./wanted";

type Derive = (world: World, instance: Instance) => Value | undefined;
type Part = string | Sym | Text;

/** The attributes of an instance that are certain whatever the plan says. */
export const certainNames = (instance: Instance): Iterable<string> => tableOf(instance).keys();

/** Whether an attribute is one of them. */
export const isCertain = (instance: Instance, name: string): boolean => tableOf(instance).has(name);

/** The value of an attribute as AWS makes it (Service Authorization Reference, resource types); `undefined` if nothing is certain. */
export function certainValue(world: World, instance: Instance, name: string): Value | undefined {
  return tableOf(instance).get(name)?.(world, instance);
}

function tableOf(instance: Instance): ReadonlyMap<string, Derive> {
  if (instance.mode === "data") return DATA.get(instance.type) ?? EMPTY;
  return DERIVED.get(instance.type) ?? (BUCKET_COMPANIONS.has(instance.type) ? companion : EMPTY);
}

const EMPTY: ReadonlyMap<string, Derive> = new Map();

const attribute = (world: World, instance: Instance, name: string): Value | undefined =>
  world.valueOf(instance).get(name);

/** An attribute as text; a symbol of the given kind where it is unknown. */
function textOf(world: World, instance: Instance, name: string, kind: Sym["kind"]): string | Text {
  const value = attribute(world, instance, name);
  if (isText(value) && value !== "") return value;
  return text([symbolOfName(instance, name, kind, value instanceof Unknown ? value : undefined)]);
}

/** The symbol of a name that isn't known: what it is set to is the same symbol wherever it stands, `var.name` for example. */
function symbolOfName(
  instance: Instance,
  name: string,
  kind: Sym["kind"],
  given: Unknown | undefined,
  isPlain = false,
): Sym {
  const path = `${instance.address}.${name}`;
  const id = given === undefined || given.value === path ? path : symbolOf(given).id;
  return new Sym(id, kind, { ...given, isPlain });
}

/**
 * A name that the configuration gives (`name` or `bucket`), or that the provider makes from a prefix
 * (`name_prefix`, `bucket_prefix`). It is the value of the attribute itself.
 */
const named =
  (name: string, kind: Sym["kind"]): Derive =>
  (world, instance) => {
    const given = world.attributes.setting(instance, name);
    if (isText(given) && given !== "") return kind === "bucket-name" ? ofNewBucket(given) : given;
    const reason = given instanceof Unknown ? given : undefined;
    const prefix = reason ? null : world.attributes.setting(instance, `${name}_prefix`);
    const symbol = symbolOfName(instance, name, kind, reason, !reason || kind === "bucket-name");
    return text([...(isText(prefix) ? [prefix] : []), symbol]);
  };

/**
 * A bucket's name with what S3 takes in new ones in place of any text (S3 User Guide, "General purpose bucket naming
 * rules"): whoever knows only parts of a name knows it before the bucket is there.
 */
const ofNewBucket = (name: string | Text): string | Text =>
  text(
    partsOf(name).map((part) =>
      typeof part === "string" ? part : new Sym(part.id, part.kind, { ...part, isPlain: true }),
    ),
  );

/** The same value as another attribute. */
const same =
  (name: string): Derive =>
  (world, instance) =>
    attribute(world, instance, name);

/** `arn:<partition>:<service>:<region>:<account>:<resource>`. */
function arn(
  world: World,
  instance: Instance,
  service: string,
  where: "regional" | "global" | "bare",
  resource: Part[],
): Text | string {
  const home = world.homes.of(instance);
  const region = where === "regional" ? home.region : "";
  const account = where === "bare" ? "" : home.account;
  return text(["arn:", home.partition, `:${service}:`, region, ":", account, ":", ...resource]);
}

/** An ARN whose resource ends in an attribute. */
const arnOf =
  (
    service: string,
    where: "regional" | "global" | "bare",
    prefix: string,
    name: string,
    kind: Sym["kind"] = "name",
  ): Derive =>
  (world, instance) =>
    arn(world, instance, service, where, [prefix, textOf(world, instance, name, kind)]);

/** An ARN of an IAM entity: type, path, name. */
const iamArn =
  (entity: string): Derive =>
  (world, instance) => {
    const path = world.attributes.setting(instance, "path");
    return arn(world, instance, "iam", "global", [
      entity,
      isText(path) && path !== "" ? path : path instanceof Unknown ? new Sym(`${instance.address}.path`, "any") : "/",
      textOf(world, instance, "name", "name"),
    ]);
  };

const iam = (entity: string): ReadonlyMap<string, Derive> =>
  new Map<string, Derive>([
    ["name", named("name", "name")],
    ["id", same("name")],
    ["arn", iamArn(entity)],
  ]);

/** Roles and users have a unique id of the account, which no other principal ever has. */
const principal = (entity: "role" | "user"): ReadonlyMap<string, Derive> =>
  new Map<string, Derive>([
    ...iam(entity),
    [
      "unique_id",
      (world, instance) => {
        const { account } = world.homes.of(instance);
        const path = `${instance.address}.unique_id`;
        return text([new Sym(path, `${entity}-id`, { account })]);
      },
    ],
  ]);

/** A companion's id is its bucket's name, with the expected owner behind it where one is given. An ACL's id says more. */
const companion = new Map<string, Derive>([
  [
    "id",
    (world, instance) => {
      if (instance.type === "aws_s3_bucket_acl") return undefined;
      const name = world.attributes.setting(instance, "bucket");
      const owner = world.attributes.setting(instance, "expected_bucket_owner");
      if (owner === null || owner === "") return name;
      return isText(name) && isText(owner) ? text([name, ",", owner]) : undefined;
    },
  ],
]);

const domain = (world: World, instance: Instance): string => {
  const { partition } = world.homes.of(instance);
  return typeof partition === "string" && partition.startsWith("aws-cn") ? "amazonaws.com.cn" : "amazonaws.com";
};

const bucket = new Map<string, Derive>([
  ["bucket", named("bucket", "bucket-name")],
  ["id", same("bucket")],
  ["arn", arnOf("s3", "bare", "", "bucket", "bucket-name")],
  ["region", (world, instance) => world.homes.of(instance).region],
  [
    "bucket_domain_name",
    (world, instance) => text([textOf(world, instance, "bucket", "bucket-name"), `.s3.${domain(world, instance)}`]),
  ],
  [
    "bucket_regional_domain_name",
    (world, instance) =>
      text([
        textOf(world, instance, "bucket", "bucket-name"),
        ".s3.",
        world.homes.of(instance).region,
        `.${domain(world, instance)}`,
      ]),
  ],
]);

const keyId: Derive = (_, instance) => text([new Sym(`${instance.address}.key_id`, "key-id")]);

const key = new Map<string, Derive>([
  ["key_id", keyId],
  ["id", same("key_id")],
  ["arn", arnOf("kms", "regional", "key/", "key_id", "key-id")],
]);

/** A replica has the key id of its primary (KMS Developer Guide, multi-Region keys). */
const replica = new Map<string, Derive>([
  ...key,
  [
    "key_id",
    (world, instance) => {
      const primary = attribute(world, instance, "primary_key_arn");
      const parts = primary === undefined || !isText(primary) || typeof primary === "string" ? [] : primary.parts;
      const id = parts[parts.length - 1];
      if (typeof primary === "string") return /:key\/([^:/]+)$/.exec(primary)?.[1] ?? keyId(world, instance);
      return id instanceof Sym && id.kind === "key-id" ? text([id]) : keyId(world, instance);
    },
  ],
]);

const document: Derive = (world, instance) => {
  const names = [
    "policy_id",
    "version",
    "statement",
    "source_json",
    "source_policy_documents",
    "override_json",
    "override_policy_documents",
  ];
  const values = new Map<string, Value>();
  for (const name of names) {
    const value = world.attributes.configuredFirst(instance, name);
    if (value !== undefined && value !== null) values.set(name, value);
  }
  return renderPolicyDocument(values, instance.address);
};

const identity = new Map<string, Derive>([
  ["account_id", (world, instance) => world.homes.of(instance).account],
  ["id", same("account_id")],
  [
    "arn",
    (world, instance) => {
      const { account, partition } = world.homes.of(instance);
      const part = (name: string, kind: Sym["kind"]): Sym =>
        new Sym(`${instance.address}.arn.${name}`, kind, { because: "deferred-data-source" });
      // a user's is IAM's, a role's session is STS's
      return text(["arn:", partition, ":", part("service", "name"), "::", account, ":", part("resource", "any")]);
    },
  ],
]);

const partitionData = new Map<string, Derive>([
  ["partition", (world, instance) => world.homes.of(instance).partition],
  ["id", same("partition")],
  ["dns_suffix", domain],
]);

const regionData = new Map<string, Derive>([
  ["name", (world, instance) => world.homes.of(instance).region],
  ["id", same("name")],
  ["region", same("name")],
]);

/** Names of aliases and log groups may hold slashes. */
const aliasName: Derive = named("name", "any");

/** The key that an alias stands for, as its target argument names it. */
const aliasTarget: Derive = (world, instance) => {
  const target = attribute(world, instance, "target_key_id");
  if (typeof target === "string" && !target.startsWith("arn:"))
    return arn(world, instance, "kms", "regional", ["key/", target]);
  if (!isText(target) || typeof target === "string") return target;
  const [only] = target.parts;
  return target.parts.length === 1 && only instanceof Sym && only.kind === "key-id"
    ? arn(world, instance, "kms", "regional", ["key/", only])
    : target;
};

const dataBucket = new Map<string, Derive>([
  ["arn", arnOf("s3", "bare", "", "bucket", "bucket-name")],
  ["id", same("bucket")],
]);

/** A data source shows a key under the name that it is asked for: an ARN is the ARN. */
const dataKeyArn: Derive = (world, instance) => {
  const asked = world.attributes.setting(instance, "key_id");
  if (!isText(asked)) return undefined;
  const [first] = typeof asked === "string" ? [asked] : asked.parts;
  if (
    typeof first === "string" &&
    first.startsWith("arn:") &&
    !(typeof asked === "string" && asked.includes(":alias/"))
  )
    return asked;
  return undefined;
};

const onlyArn = (derive: Derive, ...more: (readonly [string, Derive])[]): ReadonlyMap<string, Derive> =>
  new Map<string, Derive>([["arn", derive], ...more]);

/** A role or user that is looked up is the own account's; nobody knows its path before. */
const lookedUp = (entity: "role" | "user", name: string): ReadonlyMap<string, Derive> =>
  onlyArn((world, instance) =>
    arn(world, instance, "iam", "global", [
      `${entity}/`,
      new Sym(`${instance.address}.path`, "any", { because: "deferred-data-source" }),
      textOf(world, instance, name, "name"),
    ]),
  );

/** An id that the provider or AWS makes up. */
const ofKind =
  (name: string, kind: Sym["kind"]): Derive =>
  (_, instance) =>
    text([new Sym(`${instance.address}.${name}`, kind)]);
/** One without `:`, `/`, `*` and `?`. */
const plainName = (name: string): Derive => ofKind(name, "name");

/**
 * Resources that AWS services act for, each with its service: account and region of the ARN are those of its provider, what
 * comes behind is left open (Service Authorization Reference, resource types).
 */
const SOURCES: readonly (readonly [type: string, service: string])[] = [
  ["aws_athena_workgroup", "athena"],
  ["aws_backup_vault", "backup"],
  ["aws_cloudwatch_composite_alarm", "cloudwatch"],
  ["aws_cloudwatch_event_rule", "events"],
  ["aws_cloudwatch_metric_alarm", "cloudwatch"],
  ["aws_codecommit_repository", "codecommit"],
  ["aws_config_config_rule", "config"],
  ["aws_datasync_task", "datasync"],
  ["aws_db_instance", "rds"],
  ["aws_ecr_repository", "ecr"],
  ["aws_ecs_cluster", "ecs"],
  ["aws_eks_cluster", "eks"],
  ["aws_flow_log", "ec2"],
  ["aws_glue_job", "glue"],
  ["aws_msk_cluster", "kafka"],
  ["aws_rds_cluster", "rds"],
  ["aws_redshift_cluster", "redshift"],
  ["aws_route53_resolver_query_log_config", "route53resolver"],
  ["aws_scheduler_schedule", "scheduler"],
  ["aws_secretsmanager_secret", "secretsmanager"],
  ["aws_ses_receipt_rule", "ses"],
  ["aws_sfn_state_machine", "states"],
  ["aws_ssm_parameter", "ssm"],
  ["aws_transfer_server", "transfer"],
  ["aws_wafv2_web_acl", "wafv2"],
];
const openArn =
  (service: string): Derive =>
  (world, instance) =>
    arn(world, instance, service, "regional", [new Sym(`${instance.address}.arn`, "any")]);

/** What the random provider generates: lower-case letters, digits and hyphens where `isPlain`, else capitals and `_` as well. */
const generated = (instance: Instance, name: string, isPlain: boolean): Sym =>
  new Sym(`${instance.address}.${name}`, "name", { isPlain });

/** Attributes of the random provider, behind a prefix as it is given, where there is one. */
function generatedNames(isPlain: boolean, prefix: string | undefined, ...names: string[]): ReadonlyMap<string, Derive> {
  const derive =
    (name: string): Derive =>
    (world, instance) => {
      const given = prefix === undefined ? null : (world.attributes.setting(instance, prefix) ?? null);
      if (given !== null && !isText(given)) return undefined;
      return text([given ?? "", generated(instance, name, isPlain)]);
    };
  return new Map(names.map((name): [string, Derive] => [name, derive(name)]));
}

/** Words of lower-case letters, with separators between them and behind a prefix. */
const pet: Derive = (world, instance) => {
  const prefix = world.attributes.setting(instance, "prefix") ?? null;
  const separator = world.attributes.setting(instance, "separator") ?? "-";
  if (typeof separator !== "string" || /[:/*?]/.test(separator)) return undefined;
  const words = generated(instance, "id", /^[a-z0-9.-]*$/.test(separator));
  if (prefix === null || prefix === "") return text([words]);
  return isText(prefix) ? text([prefix, separator, words]) : undefined;
};

/** Letters and digits where special characters are not asked for. */
const randomString: Derive = (world, instance) =>
  world.attributes.setting(instance, "special") === false
    ? text([generated(instance, "result", world.attributes.setting(instance, "upper") === false)])
    : undefined;

/** What S3 calls an account of AWS's own. */
const awsCanonicalUser =
  (name: string): Derive =>
  (_, instance) =>
    text([new Sym(`${instance.address}.${name}`, "any", { because: "deferred-data-source", account: AWS_OWNED })]);

/** A CloudFront origin access identity (CloudFront Developer Guide, "Restrict access to an Amazon S3 origin"). */
const originAccessIdentity = new Map<string, Derive>([
  ["s3_canonical_user_id", awsCanonicalUser("s3_canonical_user_id")],
  [
    "iam_arn",
    (world, instance) => {
      const { partition } = world.homes.of(instance);
      const id = textOf(world, instance, "id", "name");
      return text(["arn:", partition, ":iam::cloudfront:user/CloudFront Origin Access Identity ", id]);
    },
  ],
]);

const DERIVED: ReadonlyMap<string, ReadonlyMap<string, Derive>> = new Map<string, ReadonlyMap<string, Derive>>([
  ["aws_s3_bucket", bucket],
  ["aws_kms_key", key],
  ["aws_kms_external_key", key],
  ["aws_kms_replica_key", replica],
  ["aws_kms_replica_external_key", replica],
  [
    "aws_kms_alias",
    new Map<string, Derive>([
      ["name", aliasName],
      ["id", same("name")],
      ["arn", arnOf("kms", "regional", "", "name", "any")],
      ["target_key_arn", aliasTarget],
    ]),
  ],
  ["aws_iam_role", principal("role")],
  ["aws_iam_user", principal("user")],
  ["aws_iam_group", iam("group")],
  ["aws_iam_policy", iam("policy")],
  ["aws_iam_instance_profile", iam("instance-profile")],
  ["aws_iam_saml_provider", onlyArn(arnOf("iam", "global", "saml-provider/", "name"))],
  [
    "aws_iam_openid_connect_provider",
    onlyArn((world, instance) => {
      const url = attribute(world, instance, "url");
      return typeof url === "string"
        ? arn(world, instance, "iam", "global", [`oidc-provider/${url.replace(/^https:\/\//, "")}`])
        : undefined;
    }),
  ],
  [
    "aws_cloudfront_distribution",
    onlyArn(arnOf("cloudfront", "global", "distribution/", "id"), ["id", plainName("id")]),
  ],
  ["aws_cloudfront_origin_access_identity", originAccessIdentity],
  ["aws_cloudtrail", onlyArn(arnOf("cloudtrail", "regional", "trail/", "name"))],
  ["aws_sns_topic", onlyArn(arnOf("sns", "regional", "", "name"), ["name", named("name", "name")])],
  ["aws_sqs_queue", onlyArn(arnOf("sqs", "regional", "", "name"), ["name", named("name", "name")])],
  ["aws_lambda_function", onlyArn(arnOf("lambda", "regional", "function:", "function_name"))],
  [
    "aws_cloudwatch_log_group",
    onlyArn(arnOf("logs", "regional", "log-group:", "name", "any"), ["name", named("name", "any")]),
  ],
  ["aws_dynamodb_table", onlyArn(arnOf("dynamodb", "regional", "table/", "name"))],
  ["aws_codepipeline", onlyArn(arnOf("codepipeline", "regional", "", "name"))],
  ["aws_codebuild_project", onlyArn(arnOf("codebuild", "regional", "project/", "name"))],
  ["aws_kinesis_firehose_delivery_stream", onlyArn(arnOf("firehose", "regional", "deliverystream/", "name"))],
  ["aws_kinesis_stream", onlyArn(arnOf("kinesis", "regional", "stream/", "name"))],
  ["aws_guardduty_detector", onlyArn(arnOf("guardduty", "regional", "detector/", "id"), ["id", plainName("id")])],
  ["aws_lb", onlyArn(arnOf("elasticloadbalancing", "regional", "loadbalancer/", "arn_suffix", "any"))],
  [
    "aws_vpc",
    new Map<string, Derive>([
      ["id", ofKind("id", "vpc-id")],
      ["arn", arnOf("ec2", "regional", "vpc/", "id", "vpc-id")],
    ]),
  ],
  [
    "aws_vpc_endpoint",
    new Map<string, Derive>([
      ["id", ofKind("id", "vpc-endpoint-id")],
      ["arn", arnOf("ec2", "regional", "vpc-endpoint/", "id", "vpc-endpoint-id")],
    ]),
  ],
  ...SOURCES.map(([type, service]) => [type, onlyArn(openArn(service))] as const),
  [
    "aws_iam_service_linked_role",
    onlyArn((world, instance) =>
      arn(world, instance, "iam", "global", [
        "role/aws-service-role/",
        textOf(world, instance, "aws_service_name", "name"),
        "/",
        textOf(world, instance, "name", "name"),
      ]),
    ),
  ],
  [
    "aws_s3_directory_bucket",
    new Map<string, Derive>([
      ["bucket", named("bucket", "bucket-name")],
      ["id", same("bucket")],
      ["arn", arnOf("s3express", "regional", "bucket/", "bucket", "bucket-name")],
    ]),
  ],
  ["aws_s3_access_point", onlyArn(arnOf("s3", "regional", "accesspoint/", "name"))],
  // its output is its input, once it is applied (https://developer.hashicorp.com/terraform/language/resources/terraform-data)
  [
    "terraform_data",
    new Map<string, Derive>([["output", (world, instance) => world.attributes.setting(instance, "input")]]),
  ],
  ["aws_organizations_organization", new Map([["id", ofKind("id", "organization-id")]])],
  [
    "random_id",
    new Map([...generatedNames(true, "prefix", "hex", "dec"), ...generatedNames(false, "prefix", "b64_url")]),
  ],
  ["random_integer", generatedNames(true, undefined, "id")], // its `result` is no text
  ["random_pet", new Map<string, Derive>([["id", pet]])],
  [
    "random_string",
    new Map<string, Derive>([
      ["result", randomString],
      ["id", same("result")],
    ]),
  ],
  ["random_uuid", generatedNames(true, undefined, "result", "id")],
]);

/** An account of AWS's own, which a data source knows for each region. */
const awsAccount = new Map<string, Derive>([
  [
    "id",
    (_, instance) => {
      const path = `${instance.address}.id`;
      return text([new Sym(path, "account-id", { because: "deferred-data-source", account: AWS_OWNED })]);
    },
  ],
  [
    "arn",
    (world, instance) => {
      const { partition } = world.homes.of(instance);
      return text(["arn:", partition, ":iam::", textOf(world, instance, "id", "account-id"), ":root"]);
    },
  ],
]);

const DATA: ReadonlyMap<string, ReadonlyMap<string, Derive>> = new Map<string, ReadonlyMap<string, Derive>>([
  ["aws_s3_bucket", dataBucket],
  [
    "aws_iam_policy_document",
    new Map<string, Derive>([
      ["json", document],
      ["minified_json", document],
      ["version", (world, instance) => world.attributes.setting(instance, "version") ?? "2012-10-17"],
    ]),
  ],
  ["aws_caller_identity", identity],
  ["aws_partition", partitionData],
  ["aws_region", regionData],
  [
    "aws_canonical_user_id",
    new Map<string, Derive>([["id", (world, instance) => world.homes.canonicalUser(instance)]]),
  ],
  ["aws_cloudfront_log_delivery_canonical_user_id", new Map([["id", awsCanonicalUser("id")]])],
  ["aws_cloudfront_origin_access_identity", originAccessIdentity],
  ["aws_elb_service_account", awsAccount],
  ["aws_redshift_service_account", awsAccount],
  ["aws_cloudtrail_service_account", awsAccount],
  ["aws_billing_service_account", awsAccount],
  ["aws_kms_key", onlyArn(dataKeyArn)],
  ["aws_iam_role", lookedUp("role", "name")],
  ["aws_iam_user", lookedUp("user", "user_name")],
  ["aws_organizations_organization", new Map([["id", ofKind("id", "organization-id")]])],
]);
