/** The four questions of the rules: which requests they are about, and how their answers read. */
import { all, type Truth } from "../kernel/truth";
import type { Text } from "../kernel/value";
import { show, text } from "../kernel/value";
import { actionsOn } from "./compile";
import type { BucketWorld, Decision, EncryptedPuts, KeyWorld } from "./decision";
import { type ActionsOn, type Inquiry, inquire } from "./inquiry";
import type { Encryption } from "./keys";
import { isPublic } from "./public";
import type { PolicyReading, Service } from "./reading";

/** Whether `restrict_public_buckets` is in force on the bucket, by its own block or the account's. */
export interface PublicAccess {
  readonly restrictPublicBuckets: Truth;
}

/** Actions that people know, to be shown before others. */
const FAMILIAR = [
  "GetObject",
  "PutObject",
  "ListBucket",
  "DeleteObject",
  "GetObjectVersion",
  "Decrypt",
  "Encrypt",
  "GenerateDataKey",
  "DescribeKey",
  "CreateGrant",
];

const familiarFirst = (actions: readonly string[]): readonly string[] => [
  ...FAMILIAR.filter((action) => actions.includes(action)),
  ...actions.filter((action) => !FAMILIAR.includes(action)),
];

const OBJECT_ACTIONS = familiarFirst(actionsOn("s3", ["object"]));
const BUCKET_ACTIONS = familiarFirst(actionsOn("s3", ["bucket"]));
const LIST_ACTIONS = ["ListBucket", "ListBucketVersions", "ListBucketMultipartUploads"];
const KEY_ACTIONS = familiarFirst(actionsOn("kms", ["key"]));

/** Answers that don't need the document: no policy is `absent`'s answer. */
function answer(
  reading: PolicyReading,
  service: Service,
  world: BucketWorld,
  absent: () => Decision,
  inquiry: Inquiry,
): Decision {
  switch (reading.kind) {
    case "absent":
      return absent();
    case "refused":
      return { answer: "refused", problems: reading.problems };
    case "unknown":
      return {
        answer: "undecided",
        message: `\`${world.policyName}\` can't be told before apply`,
        gaps: reading.gaps,
      };
    case "document":
      if (reading.service !== service) throw new Error(`a ${reading.service} policy was asked about ${service}`);
      return inquire(reading, world, inquiry);
    default:
      return reading satisfies never;
  }
}

const PLAIN_HTTP: Inquiry = {
  service: "s3",
  domain: [
    { on: "an object", actions: OBJECT_ACTIONS },
    { on: "the bucket", actions: LIST_ACTIONS },
  ],
  services: false,
  outsidersOnly: false,
  needsAllow: false,
  tls: [false],
  shown: ["aws:SecureTransport"],
  message: (_witness, { action, target }) => `plain HTTP gets through: ${action} on ${target} is not denied`,
  remediation:
    "deny `s3:*` to `*` on the bucket's ARN and on `/*` below it where `aws:SecureTransport` is `false`, with no other condition",
  nothing: "nothing can be asked of the bucket",
};

/** A request of somebody of the own account, whom an identity policy may allow it. */
function byIdentityPolicy(
  world: BucketWorld,
  action: string,
  context: Readonly<Record<string, string>>,
  message: string,
  remediation: string,
): Decision {
  const role = text(["arn:", ...pieces(world.partition), ":iam::", ...pieces(world.account), ":role/reader"]);
  return {
    answer: "found",
    counterexample: {
      principal: show(role),
      action,
      resource: show(text([...pieces(world.arn), "/reports/2026/summary.csv"])),
      context,
    },
    message,
    trace: ["there is no bucket policy: whatever an identity policy allows is allowed"],
    remediation,
  };
}

const pieces = (value: string | Text): readonly (string | Text)[] => [value];

/**
 * `s3-tls-only`: does any read, write or list get through over plain HTTP? Calls by AWS services themselves are outside the
 * question, since they use TLS.
 */
export function anyPlainHttp(reading: PolicyReading, world: BucketWorld): Decision {
  const absent = (): Decision =>
    byIdentityPolicy(
      world,
      "s3:GetObject",
      { "aws:SecureTransport": "false" },
      "plain HTTP gets through: the bucket has no policy",
      PLAIN_HTTP.remediation,
    );
  return answer(reading, "s3", world, absent, PLAIN_HTTP);
}

const HEADER = "s3:x-amz-server-side-encryption";
const CUSTOMER_ALGORITHM = `${HEADER}-customer-algorithm`;

const PUT_WORDS: Readonly<Record<Encryption, string>> = {
  none: "without an encryption header",
  AES256: "with `AES256`",
  "customer-key": "with a customer-provided key alone",
  "aws:kms": "with `aws:kms`",
  "aws:kms:dsse": "with `aws:kms:dsse`",
};

/** `s3-encrypted-puts-only`: does any put without encryption, or with one that is too weak, get through? */
export function anyUnencryptedPut(reading: PolicyReading, world: BucketWorld, puts: EncryptedPuts): Decision {
  const encryptions: Encryption[] = [];
  if (!puts.allowMissingHeader) encryptions.push("none");
  if (puts.strength === "kms") encryptions.push("AES256");
  encryptions.push("customer-key");
  const strong = puts.strength === "kms" ? "`aws:kms` and `aws:kms:dsse`" : "`AES256`, `aws:kms` and `aws:kms:dsse`";
  const inquiry: Inquiry = {
    service: "s3",
    domain: [{ on: "an object", actions: ["PutObject"] }],
    services: true,
    outsidersOnly: false,
    needsAllow: false,
    tls: [true, false],
    encryptions,
    shown: [HEADER, CUSTOMER_ALGORITHM],
    message: ({ setting }) => `a put ${PUT_WORDS[setting.situation.encryption]} gets through: it is not denied`,
    remediation: `deny \`s3:PutObject\` on every object unless \`${HEADER}\` is one of ${strong}`,
    nothing: "nothing can be put",
  };
  const [first = "customer-key"] = encryptions;
  const context: Readonly<Record<string, string>> =
    first === "AES256" ? { [HEADER]: first } : first === "customer-key" ? { [CUSTOMER_ALGORITHM]: "AES256" } : {};
  const absent = (): Decision =>
    byIdentityPolicy(
      world,
      "s3:PutObject",
      context,
      `a put ${PUT_WORDS[first]} gets through: the bucket has no policy`,
      inquiry.remediation,
    );
  return answer(reading, "s3", world, absent, inquiry);
}

const ACCESS: readonly ActionsOn[] = [
  { on: "an object", actions: OBJECT_ACTIONS },
  { on: "the bucket", actions: BUCKET_ACTIONS },
];

/**
 * `s3-owner-account-only`, the policy's part: is anything allowed to an anonymous caller, to another account, or to a service
 * that acts for whomever it likes? With `restrict_public_buckets` and a policy that is public in S3's own sense, only services are.
 */
export function anyOutsider(reading: PolicyReading, world: BucketWorld, access: PublicAccess): Decision {
  const isOpen = access.restrictPublicBuckets === "no" ? "no" : isPublic(reading, world);
  const shut = all([isOpen, access.restrictPublicBuckets]);
  const inquiry: Inquiry = {
    service: "s3",
    domain: ACCESS,
    services: true,
    outsidersOnly: true,
    needsAllow: true,
    counts: (caller) => (caller.kind === "service" || shut === "no" ? "yes" : shut === "yes" ? "no" : "unknown"),
    onlyNamedServices: shut,
    doubts: [
      ...(access.restrictPublicBuckets === "unknown"
        ? [{ value: "restrict_public_buckets", because: "computed-at-apply" } as const]
        : []),
      ...(isOpen === "unknown"
        ? [{ value: `whether S3 takes ${world.policyName} for public`, because: "outside-the-plan" } as const]
        : []),
    ],
    tls: [true, false],
    shown: [],
    message: ({ setting }, { action, target, statement, caller }) =>
      setting.situation.caller.kind === "service"
        ? `${caller} may act here for any account or for another one: ${action} on ${target} is allowed by ${statement}`
        : `${caller} gets in: ${action} on ${target} is allowed by ${statement}`,
    remediation:
      "name principals of the own account only, and bind services with `aws:SourceAccount` or `aws:SourceArn` to the own account",
    nothing: "no statement allows anything to anybody outside the account",
  };
  const absent = (): Decision => ({
    answer: "none",
    coverage: ["there is no bucket policy that could let anybody in"],
  });
  return answer(reading, "s3", world, absent, inquiry);
}

const KEY_ACCESS: readonly ActionsOn[] = [{ on: "the key", actions: KEY_ACTIONS }];

/** `kms-no-cross-account`, the policy's part: is anything allowed to a principal of another account? */
export function anyOutsiderOfKey(reading: PolicyReading, world: KeyWorld): Decision {
  if (reading.kind === "document") {
    const { statements } = reading.document;
    const idle = statements.filter((statement) => !statement.resources);
    if (idle.length > 0)
      return {
        answer: "refused",
        problems: idle.map(
          (statement) =>
            `statement ${statement.number}: without \`Resource\` it has no effect in KMS, so that somebody meant something else`,
        ),
      };
  }
  const inquiry: Inquiry = {
    service: "kms",
    domain: KEY_ACCESS,
    services: true,
    outsidersOnly: true,
    needsAllow: true,
    bindsServices: true,
    tls: [true, false],
    shown: [],
    message: ({ setting }, { action, statement, caller }) =>
      setting.situation.caller.kind === "service"
        ? `${caller} is bound to another account's resources: ${action} is allowed by ${statement}`
        : `${caller} gets in: ${action} is allowed by ${statement}`,
    remediation: "name principals of the own account only, or confine the statement with `kms:CallerAccount`",
    nothing: "no statement allows anything to anybody outside the account",
  };
  const absent = (): Decision => ({
    answer: "none",
    coverage: ["the key has AWS's default policy, which lets in the own account only"],
  });
  return answer(reading, "kms", world, absent, inquiry);
}
