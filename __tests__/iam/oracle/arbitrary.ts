/**
 * Turns randomness into small policies that are worth deciding: whole covers cut into complementary pieces, one piece
 * of which is then bent a little, and heaps of overlapping statements. Everything stays within what the grid can tell apart.
 */

import fc from "fast-check";
import { type Question, world } from "./domain";
import type { PolicyJson, StatementJson } from "./naive";

type Condition = Readonly<Record<string, Readonly<Record<string, string | boolean | readonly string[]>>>>;

/** Two conditions of which exactly one holds for every request; and near misses of the second one. */
interface Cut {
  readonly one: Condition;
  readonly other: Condition;
  readonly nearMisses: readonly Condition[];
}

const own = world.account;
const ownRole = `arn:aws:iam::${own}:role/app`;
const outside = "444455556666";

const when = (operator: string, key: string, value: string | boolean | readonly string[]): Condition => ({
  [operator]: { [key]: value },
});

/** A value that is none of the others, where it can't be any text. */
const strangers: Readonly<Record<string, string>> = { IpAddress: "192.0.2.0/24", ArnLike: "arn:aws:iam::1:x" };

/** A positive operator, its negation, and what people write instead of the negation. */
function cut(operator: string, negation: string, key: string, value: string | readonly string[]): Cut {
  return {
    one: when(operator, key, value),
    other: when(negation, key, value),
    nearMisses: [
      { ...when(negation, key, value), Null: { [key]: "false" } },
      when(`${operator}IfExists`, key, value),
      when(`ForAllValues:${operator}`, key, value),
      when(`ForAnyValue:${negation}`, key, value),
      when(negation, key, [...(typeof value === "string" ? [value] : value), strangers[operator] ?? "zzz"]),
      when("Null", key, "true"),
      when("Null", key, "false"),
    ],
  };
}

const strings = (key: string, ...values: readonly (string | readonly string[])[]): readonly Cut[] =>
  values.flatMap((value) => [
    cut("StringEquals", "StringNotEquals", key, value),
    cut("StringLike", "StringNotLike", key, value),
    cut("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", key, value),
  ]);

const booleans = (key: string, isAlwaysThere: boolean): readonly Cut[] => [
  {
    one: when("Bool", key, "true"),
    other: when(isAlwaysThere ? "Bool" : "BoolIfExists", key, "false"),
    nearMisses: [when("Bool", key, false), when("StringNotEquals", key, "false"), when("BoolIfExists", key, "true")],
  },
  cut("StringEquals", "StringNotEquals", key, "true"),
];

const presence = (key: string): Cut => ({
  one: when("Null", key, "true"),
  other: when("Null", key, "false"),
  nearMisses: [when("StringLike", key, "?*"), when("StringNotEquals", key, "")],
});

const header = "s3:x-amz-server-side-encryption";

const arns = (key: string, ...values: readonly string[]): readonly Cut[] =>
  values.flatMap((value) => [
    cut("ArnLike", "ArnNotLike", key, value),
    cut("ArnEquals", "ArnNotEquals", key, value),
    cut("StringLike", "StringNotLike", key, value),
  ]);

const everywhere: readonly Cut[] = [
  ...strings("aws:PrincipalAccount", own, outside, [own, outside], "1*", "anonymous"),
  ...arns("aws:PrincipalArn", ownRole, `arn:aws:iam::${own}:*`, "arn:aws:iam::*:role/*", "arn:*:iam::*:user/?da"),
  ...strings("aws:PrincipalOrgID", "o-own", ["o-own", "o-other"]),
  ...strings("aws:PrincipalTag/team", "red", "r?d", ["red", "blue"]),
  ...strings("aws:PrincipalType", "User", "Anonymous", ["Account", "User", "AssumedRole"]),
  ...strings("aws:username", "ada", "a*"),
  ...booleans("aws:PrincipalIsAWSService", false),
  ...booleans("aws:MultiFactorAuthPresent", false),
  ...booleans("aws:SecureTransport", true),
  presence("aws:PrincipalArn"),
  presence("aws:username"),
  presence("aws:PrincipalOrgID"),
  presence("aws:SourceVpce"),
  ...strings("aws:SourceVpce", "vpce-1", ["vpce-1", "vpce-2"], "vpce-?"),
  cut("IpAddress", "NotIpAddress", "aws:SourceIp", "203.0.113.0/24"),
  cut("IpAddress", "NotIpAddress", "aws:SourceIp", ["203.0.113.0/25", "203.0.113.128/25"]),
  cut("IpAddress", "NotIpAddress", "aws:SourceIp", "0.0.0.0/0"),
  cut("IpAddress", "NotIpAddress", "aws:VpcSourceIp", "10.0.0.0/8"),
  ...["2026-01-01T00:00:00Z", "2026-07-01T00:00:00Z", "2027-01-01T00:00:00Z"].map((day) => ({
    one: when("DateLessThan", "aws:CurrentTime", day),
    other: when("DateGreaterThanEquals", "aws:CurrentTime", day),
    nearMisses: [when("DateGreaterThan", "aws:CurrentTime", day), when("DateNotEquals", "aws:CurrentTime", day)],
  })),
];

const ofBuckets: readonly Cut[] = [
  {
    one: when("NumericLessThan", "s3:TlsVersion", "1.2"),
    other: when("NumericGreaterThanEqualsIfExists", "s3:TlsVersion", "1.2"),
    nearMisses: [
      when("NumericGreaterThanEquals", "s3:TlsVersion", "1.2"),
      when("NumericGreaterThanIfExists", "s3:TlsVersion", "1.2"),
    ],
  },
  presence("s3:TlsVersion"),
  ...strings(header, "aws:kms", "AES256", ["aws:kms", "aws:kms:dsse"], "aws:*", "*"),
  presence(header),
  presence(`${header}-aws-kms-key-id`),
  presence(`${header}-customer-algorithm`),
  ...strings(`${header}-aws-kms-key-id`, world.key),
  ...arns(`${header}-aws-kms-key-id`, world.key, "arn:aws:kms:*:444455556666:key/*"),
  ...strings("s3:x-amz-acl", "bucket-owner-full-control", ["private", "bucket-owner-full-control"]),
  ...strings("s3:prefix", "", "a*", "home/"),
  {
    one: when("ForAnyValue:StringEquals", "s3:RequestObjectTagKeys", ["red"]),
    other: when("ForAllValues:StringNotEquals", "s3:RequestObjectTagKeys", ["red"]),
    nearMisses: [
      when("ForAnyValue:StringNotEquals", "s3:RequestObjectTagKeys", ["red"]),
      when("ForAllValues:StringEquals", "s3:RequestObjectTagKeys", ["blue"]),
      when("Null", "s3:RequestObjectTagKeys", "true"),
    ],
  },
  ...strings("aws:SourceAccount", own, outside, [own, outside]),
  ...arns("aws:SourceArn", `arn:aws:cloudtrail:*:${own}:trail/*`, "arn:aws:*:*:*:*"),
];

const ofKeys: readonly Cut[] = [
  ...strings("kms:CallerAccount", own, outside, [own, outside], "1*"),
  ...strings("kms:ViaService", "s3.eu-west-1.amazonaws.com", "*.amazonaws.com"),
  ...booleans("kms:GrantIsForAWSResource", false),
  ...strings("kms:EncryptionContext:team", "red"),
];

/** What encrypts a put, for `s3-encrypted-puts-only`: these make whole covers likely. */
const ofPuts: readonly Cut[] = ofBuckets.filter((cut) => JSON.stringify(cut).includes("server-side"));

type Element = Pick<StatementJson, "Action" | "NotAction" | "Resource" | "NotResource" | "Principal" | "NotPrincipal">;

const actionPatterns = {
  s3: [
    ["s3:Get*", "s3:Put*"],
    "s3:GetObject",
    "s3:PutObject",
    "S3:PUTOBJECT",
    "s3:*Object",
    "s3:*Object*",
    "s3:List*",
    ["s3:ListBucket", "s3:ListBucketVersions"],
    "s3:?etObject",
    "s3:*t*t*",
    ["s3:DeleteObject", "s3:Abort*"],
    "s3:PutObject*",
    "s3:Replicate*",
  ],
  kms: [
    "kms:Decrypt",
    "kms:*crypt*",
    ["kms:Describe*", "kms:Get*", "kms:List*"],
    "kms:CreateGrant",
    "kms:Put*",
    "s3:*",
  ],
} as const;

const objectPatterns = [
  "/a*",
  "/*a",
  "/?",
  "/??*",
  "/*a*",
  "/*a*b*",
  "/a/*",
  "/b?",
  ["/a*", "/b*"],
  ["/a*", "/b*", "/c*", "/h*", "//*"],
  "/?*",
  "/ab",
  "/home/*",
  "*",
] as const;

const wholeBucket = [
  [world.bucket, `${world.bucket}/*`],
  "*",
  `${world.bucket}*`,
  [world.bucket, `${world.bucket}/?*`],
  "arn:aws:s3:::*",
  "arn:*:s3:::bkt*",
  ["arn:aws:s3:::bk?", "arn:aws:s3:::*/*"],
] as const;

const nearBuckets = [
  `${world.bucket}/*`,
  world.bucket,
  "arn:aws:s3:::bkt-other/*",
  "arn:aws:s3:::bk?",
  "arn:aws-cn:s3:::*",
  ...objectPatterns.map((pattern) =>
    typeof pattern === "string" ? world.bucket + pattern : pattern.map((part) => world.bucket + part),
  ),
];

const principals = [
  { AWS: `arn:aws:iam::${own}:root` },
  { AWS: own },
  { AWS: ownRole },
  { AWS: [ownRole, `arn:aws:iam::${own}:user/ada`] },
  { AWS: `arn:aws:iam::${outside}:role/app` },
  { AWS: outside },
  { AWS: [`arn:aws:iam::${own}:root`, `arn:aws:iam::${outside}:root`] },
] as const;

const services = [
  { Service: "logging.s3.amazonaws.com" },
  { Service: ["logging.s3.amazonaws.com", "cloudtrail.amazonaws.com"] },
] as const;

const from = <T>(items: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...items);

/** Which part of a statement is cut. */
const cutsOf = (question: Question): fc.Arbitrary<readonly [Change, Change, readonly Change[]]> => {
  const isKey = question.ask === "key-outsider";
  const conditions = isKey ? [...everywhere, ...ofKeys] : [...everywhere, ...ofBuckets];
  const condition = (pool: readonly Cut[]) =>
    from(pool).map(({ one, other, nearMisses }): [Change, Change, readonly Change[]] => [
      { condition: one },
      { condition: other },
      nearMisses.map((miss) => ({ condition: miss })),
    ]);
  const action = from<string | readonly string[]>(isKey ? actionPatterns.kms : actionPatterns.s3).map(
    (Action): [Change, Change, readonly Change[]] => [{ Action }, { NotAction: Action }, []],
  );
  const resource = from(nearBuckets).map((Resource): [Change, Change, readonly Change[]] => [
    { Resource },
    { NotResource: Resource },
    [],
  ]);
  const principal = from(principals).map((Principal): [Change, Change, readonly Change[]] => [
    { Principal },
    { NotPrincipal: Principal },
    [],
  ]);
  return fc.oneof(
    { weight: 5, arbitrary: condition(conditions) },
    { weight: question.ask === "unencrypted-put" ? 5 : 0, arbitrary: condition(ofPuts) },
    { weight: 2, arbitrary: action },
    { weight: isKey ? 0 : 3, arbitrary: resource },
    { weight: 1, arbitrary: principal },
  );
};

type Change = Partial<Element> & { readonly condition?: Condition };

/** The statement narrowed by a change: elements are replaced, conditions added to what is there. */
function narrowed(statement: StatementJson, change: Change): StatementJson {
  const { condition, ...elements } = change;
  const { Action, NotAction, Resource, NotResource, Principal, NotPrincipal, ...rest } = statement;
  const isIn = (...names: readonly (keyof Element)[]) => names.some((name) => elements[name] !== undefined);
  return {
    ...rest,
    ...(isIn("Principal", "NotPrincipal") ? {} : defined({ Principal, NotPrincipal })),
    ...(isIn("Action", "NotAction") ? {} : defined({ Action, NotAction })),
    ...(isIn("Resource", "NotResource") ? {} : defined({ Resource, NotResource })),
    ...elements,
    ...(condition === undefined ? {} : { Condition: merged(statement.Condition ?? {}, condition) }),
  };
}

const defined = (elements: { readonly [Name in keyof Element]: Element[Name] | undefined }): Partial<Element> =>
  Object.fromEntries(Object.entries(elements).filter(([, value]) => value !== undefined));

/** Both conditions; where they speak of the same operator and key the later one stays. */
function merged(one: NonNullable<StatementJson["Condition"]>, other: Condition): StatementJson["Condition"] & object {
  const operators = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...operators].map((operator) => [operator, { ...one[operator], ...other[operator] }]));
}

/** A statement cut into complementary pieces up to three times; at times a piece is lost or bent. */
function pieces(question: Question, whole: fc.Arbitrary<StatementJson>): fc.Arbitrary<readonly StatementJson[]> {
  const faults = fc.oneof(
    { weight: 6, arbitrary: fc.constant("none" as const) },
    { weight: 1, arbitrary: fc.constant("bend" as const) },
    { weight: 1, arbitrary: fc.constant("lose" as const) },
  );
  const cuts = fc.array(fc.tuple(cutsOf(question), fc.nat({ max: 7 }), faults, fc.nat({ max: 10 })), { maxLength: 3 });
  return fc.tuple(whole, cuts).map(([statement, list]) => {
    let statements: readonly StatementJson[] = [statement];
    for (const [[one, other, misses], where, fault, which] of list) {
      const index = where % statements.length;
      const target = statements[index];
      if (target === undefined) continue;
      const bent = fault === "bend" && misses.length > 0 ? misses[which % misses.length] : other;
      const second = fault === "lose" || bent === undefined ? [] : [narrowed(target, bent)];
      statements = [...statements.slice(0, index), narrowed(target, one), ...second, ...statements.slice(index + 1)];
    }
    return statements;
  });
}

const resources = (question: Question): fc.Arbitrary<string | readonly string[]> =>
  question.ask === "key-outsider"
    ? from<string | readonly string[]>(["*", world.key, "arn:aws:kms:*:*:key/*"])
    : fc.oneof({ weight: 3, arbitrary: from(wholeBucket) }, { weight: 1, arbitrary: from(nearBuckets) });

const everyAction = (question: Question): fc.Arbitrary<string> =>
  from(question.ask === "key-outsider" ? ["kms:*", "*", "KMS:*"] : ["s3:*", "*", "s3:?*"]);

/** The condition that a whole Deny of the question stands under: nothing more than the question itself. */
const questionCondition = (question: Question): fc.Arbitrary<StatementJson["Condition"] | undefined> => {
  switch (question.ask) {
    case "plain-http":
      return from([
        when("Bool", "aws:SecureTransport", "false"),
        when("Bool", "aws:SecureTransport", false),
        when("BoolIfExists", "AWS:SecureTransport", ["False"]),
        when("StringEquals", "aws:SecureTransport", "false"),
        when("NumericLessThanIfExists", "s3:TlsVersion", "1.2"),
        undefined,
      ]);
    case "unencrypted-put":
      return from([
        when("StringNotEquals", header, question.strength === "kms" ? ["aws:kms", "aws:kms:dsse"] : "AES256"),
        when("StringNotLike", header, "aws:kms*"),
        when("StringNotEqualsIfExists", header, "aws:kms"),
        undefined,
      ]);
    case "bucket-outsider":
      return from([
        when("StringNotEquals", "aws:PrincipalAccount", own),
        when("ArnNotLike", "aws:PrincipalArn", `arn:aws:iam::${own}:*`),
        when("StringNotEqualsIfExists", "aws:PrincipalAccount", own),
        undefined,
      ]);
    case "key-outsider":
      return from([
        when("StringNotEquals", "kms:CallerAccount", own),
        when("StringNotEquals", "aws:PrincipalAccount", [own]),
        undefined,
      ]);
  }
};

function statement(
  question: Question,
  effect: "Allow" | "Deny",
  condition: fc.Arbitrary<StatementJson["Condition"] | undefined>,
): fc.Arbitrary<StatementJson> {
  const everyone = from<StatementJson["Principal"]>(["*", { AWS: "*" }, { AWS: ["*"] }]);
  const named = from<StatementJson["Principal"]>(
    question.ask === "bucket-outsider" ? [...principals, ...services] : principals,
  );
  return fc
    .tuple(
      fc.oneof({ weight: effect === "Deny" ? 8 : 2, arbitrary: everyone }, { weight: 1, arbitrary: named }),
      everyAction(question),
      resources(question),
      condition,
    )
    .map(([Principal, Action, Resource, Condition]) => ({
      Effect: effect,
      ...(Principal === undefined ? {} : { Principal }),
      Action,
      Resource,
      ...(Condition === undefined ? {} : { Condition }),
    }));
}

/** Policies that bear on a question, about half of which let nothing through. */
export function policies(question: Question): fc.Arbitrary<PolicyJson> {
  const denies = pieces(question, statement(question, "Deny", questionCondition(question)));
  const isAccess = question.ask === "bucket-outsider" || question.ask === "key-outsider";
  const confinement: fc.Arbitrary<StatementJson["Condition"] | undefined> =
    question.ask === "key-outsider"
      ? from([when("StringEquals", "kms:CallerAccount", own), undefined, undefined])
      : from([when("StringEquals", "aws:PrincipalAccount", own), undefined, undefined]);
  const allows = pieces(question, statement(question, "Allow", confinement));
  const noise = pieces(question, statement(question, "Deny", fc.constant(undefined))).map((list) => list.slice(0, 1));
  return fc
    .tuple(
      isAccess ? allows : fc.constant([]),
      denies,
      fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: noise }),
      fc.boolean(),
      from(["2012-10-17", "2012-10-17", "2008-10-17", undefined]),
    )
    .map(([some, others, more, isReversed, Version]) => {
      const all = [...some, ...others, ...more];
      const Statement = isReversed ? all.reverse() : all;
      return { ...(Version === undefined ? {} : { Version }), Statement };
    });
}
