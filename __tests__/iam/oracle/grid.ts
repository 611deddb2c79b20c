/**
 * Turns a question and a policy into a small grid of possible requests, and searches all of it for one that gets through.
 *
 * Only keys that the policy mentions vary. Principals with contexts and actions with resources are matched apart and
 * combined as bit masks of statements, which is the same as evaluating every request and a hundred times as fast.
 */

import {
  actionsOfQuestion,
  complete,
  contradictions,
  getsThrough,
  isAskedAbout,
  ofCaller,
  type Question,
  world,
} from "./domain";
import {
  actionMatches,
  type Caller,
  hasVariables,
  type PolicyJson,
  principalMatches,
  type Request,
  resourceMatches,
  type StatementJson,
  statementsOf,
  valuesOf,
} from "./naive";
import { type ContextValues, conditionsHold } from "./naive-conditions";

type Context = Readonly<Record<string, string | readonly string[]>>;

/** Who may call: the own account's, others', everybody's, and services. */
const callers: readonly Caller[] = [
  "*",
  `arn:aws:iam::${world.account}:root`,
  `arn:aws:iam::${world.account}:user/ada`,
  `arn:aws:iam::${world.account}:role/app`,
  "arn:aws:iam::444455556666:root",
  "arn:aws:iam::444455556666:user/ada",
  "arn:aws:iam::444455556666:role/app",
  "arn:aws:iam::777788889999:role/other",
  { service: "logging.s3.amazonaws.com" },
  { service: "cloudtrail.amazonaws.com" },
];

const letters = ["a", "b", "/"];
const two = letters.flatMap((first) => letters.map((second) => first + second));

/** Object keys that tell the patterns of the generators apart: every text of up to three letters, and some others. */
const objectKeys: readonly string[] = [
  ...letters,
  ...two,
  ...two.flatMap((start) => letters.map((end) => start + end)),
  "c",
  "ca",
  "ac",
  "cac",
  "home/ada/x",
];

/** Values that a group of keys can have together; absent keys are left out. */
type Choices = readonly Context[];

const each = (key: string, ...values: readonly (string | undefined)[]): Choices =>
  values.map((value) => (value === undefined ? {} : { [key]: value }));

/** Keys that go together, what they can be for a caller, and the actions whose requests can carry them. */
interface Group {
  readonly keys: readonly string[];
  readonly actions?: RegExp;
  readonly choices: (caller: Caller, question: Question) => Choices;
}

const isIdentity = (caller: Caller): boolean => typeof caller === "string" && caller !== "*";
const header = "s3:x-amz-server-side-encryption";
const instants = ["2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z", "2027-01-01T00:00:00Z", "2030-01-01T00:00:00Z"];

const groups: readonly Group[] = [
  {
    keys: ["aws:SecureTransport", "s3:TlsVersion"],
    choices: (_caller, question) => [
      { "aws:SecureTransport": "false" },
      ...(question.ask === "plain-http"
        ? []
        : ["1.2", "1.3"].map((version) => ({
            "aws:SecureTransport": "true",
            ...(question.ask !== "key-outsider" && { "s3:TlsVersion": version }),
          }))),
    ],
  },
  {
    keys: ["aws:SourceIp", "aws:SourceVpce", "aws:SourceVpc", "aws:VpcSourceIp"],
    choices: (caller) =>
      // AWS's services come from neither
      typeof caller === "object"
        ? [{}]
        : [
            ...each("aws:SourceIp", "198.51.100.7", "203.0.113.7", "203.0.113.130", "10.0.0.1"),
            ...["1", "2"].map((n) => ({
              "aws:SourceVpce": `vpce-${n}`,
              "aws:SourceVpc": `vpc-${n}`,
              "aws:VpcSourceIp": `10.0.0.${n}`,
            })),
          ],
  },
  {
    keys: ["aws:CurrentTime", "aws:EpochTime"],
    choices: () =>
      instants.flatMap((instant) =>
        [0, 1000].map((later) => {
          const time = Date.parse(instant) + later;
          return { "aws:CurrentTime": new Date(time).toISOString(), "aws:EpochTime": String(time / 1000) };
        }),
      ),
  },
  {
    keys: ["aws:PrincipalOrgID"],
    choices: (caller) => (isIdentity(caller) ? each("aws:PrincipalOrgID", undefined, "o-own", "o-other") : [{}]),
  },
  {
    keys: ["aws:PrincipalTag/team"],
    choices: (caller) =>
      isIdentity(caller) && !String(caller).endsWith(":root")
        ? each("aws:PrincipalTag/team", undefined, "red", "blue")
        : [{}],
  },
  {
    keys: ["aws:MultiFactorAuthPresent"],
    choices: (caller) => (isIdentity(caller) ? each("aws:MultiFactorAuthPresent", undefined, "true", "false") : [{}]),
  },
  {
    keys: ["aws:SourceAccount", "aws:SourceArn"],
    choices: (caller) =>
      typeof caller === "object"
        ? [
            {},
            ...[world.account, "444455556666"].map((account) => ({ "aws:SourceAccount": account })),
            ...[world.account, "444455556666"].map((account) => ({
              "aws:SourceAccount": account,
              "aws:SourceArn": `arn:aws:cloudtrail:eu-west-1:${account}:trail/t`,
            })),
          ]
        : [{}],
  },
  {
    keys: [header, `${header}-aws-kms-key-id`, `${header}-customer-algorithm`],
    actions: /^s3:PutObject$/,
    choices: (_caller, question) => [
      {},
      { [header]: "AES256" },
      ...["aws:kms", "aws:kms:dsse"].flatMap((algorithm) => [
        { [header]: algorithm },
        { [header]: algorithm, [`${header}-aws-kms-key-id`]: world.key },
      ]),
      // S3 takes a customer-provided key over TLS only
      ...(question.ask === "plain-http" ? [] : [{ [`${header}-customer-algorithm`]: "AES256" }]),
    ],
  },
  {
    keys: ["s3:x-amz-acl"],
    actions: /^s3:PutObject(Acl)?$/,
    choices: () => each("s3:x-amz-acl", undefined, "private", "bucket-owner-full-control"),
  },
  {
    keys: ["s3:prefix"],
    actions: /^s3:ListBucket(Versions|MultipartUploads)?$/,
    choices: () => each("s3:prefix", undefined, "", "a", "home/"),
  },
  {
    keys: ["s3:RequestObjectTagKeys"],
    actions: /^s3:PutObject(Tagging)?$/,
    choices: () => [{}, ...[["red"], ["blue"], ["red", "blue"]].map((tags) => ({ "s3:RequestObjectTagKeys": tags }))],
  },
  {
    keys: ["kms:ViaService"],
    choices: () => each("kms:ViaService", undefined, "s3.eu-west-1.amazonaws.com", "ec2.eu-west-1.amazonaws.com"),
  },
  {
    keys: ["kms:GrantIsForAWSResource"],
    actions: /Grant$/,
    choices: () => each("kms:GrantIsForAWSResource", undefined, "true", "false"),
  },
  {
    keys: ["kms:EncryptionContext:team"],
    actions: /^kms:(Encrypt|Decrypt|GenerateDataKey)$/,
    choices: () => each("kms:EncryptionContext:team", undefined, "red", "blue"),
  },
];

/** Condition keys of a policy, in lower case, those inside variables too. */
function mentioned(policy: PolicyJson): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const statement of statementsOf(policy)) {
    for (const operator of Object.values(statement.Condition ?? {}))
      for (const key of Object.keys(operator)) keys.add(key.toLowerCase());
  }
  for (const [, key = ""] of JSON.stringify(policy).matchAll(/\$\{([^},]+)[},]/g)) keys.add(key.toLowerCase());
  return keys;
}

/** A context that puts a caller's request among those that the question asks about. */
function typical(question: Question, caller: Caller): Context {
  const source: Context = typeof caller === "object" ? { "aws:SourceAccount": "444455556666" } : {};
  if (question.ask === "plain-http") return { ...source, "aws:SecureTransport": "false" };
  if (question.ask !== "unencrypted-put") return source;
  if (question.strength === "kms") return { ...source, [header]: "AES256" };
  return question.allowMissingHeader ? { ...source, [`${header}-customer-algorithm`]: "AES256" } : source;
}

const withChoice = (context: Context, group: Group, choice: Context): Context => ({
  ...Object.fromEntries(Object.entries(context).filter(([key]) => !group.keys.includes(key))),
  ...choice,
});

const isOn = (group: Group, action: string): boolean => group.actions === undefined || group.actions.test(action);

/** What the keys of a group can be, so that the request stays among those that the question asks about. */
function choicesOf(question: Question, group: Group, caller: Caller, action: string): Choices {
  if (!isOn(group, action)) return [{}];
  const resource = resourcesOf(targetOf(question, action))[0] ?? "";
  return group.choices(caller, question).filter((choice) => {
    const context = withChoice(typical(question, caller), group, choice);
    return isPossibleIn(question, complete({ principal: caller, action, resource, context }));
  });
}

/** The groups that tell requests apart: those that the policy mentions and those that the question does. */
function groupsOf(question: Question, policy: PolicyJson): readonly Group[] {
  const keys = mentioned(policy);
  const asked = new Set(callers.flatMap((caller) => Object.keys(typical(question, caller))));
  return groups.filter((group) => group.keys.some((key) => keys.has(key.toLowerCase()) || asked.has(key)));
}

/** Every request of the grid; for small policies and few actions only. */
function* requestsOf(question: Question, policy: PolicyJson, isTried: (action: string) => boolean): Generator<Request> {
  const varying = groupsOf(question, policy);
  for (const caller of callers) {
    for (const [target, actions] of actionsOfQuestion(question)) {
      for (const action of actions.filter(isTried)) {
        const contexts = varying.reduce<Choices>(
          (before, group) =>
            before.flatMap((context) =>
              choicesOf(question, group, caller, action).map((choice) => withChoice(context, group, choice)),
            ),
          [{}],
        );
        for (const context of contexts)
          for (const resource of resourcesOf(target)) {
            const request = complete({ principal: caller, action, resource, context });
            if (isPossibleIn(question, request)) yield request;
          }
      }
    }
  }
}

const isPossibleIn = (question: Question, request: Request): boolean =>
  isAskedAbout(question, request) && contradictions(request).length === 0;

function targetOf(question: Question, action: string): "bucket" | "object" | "key" {
  return actionsOfQuestion(question).find(([, actions]) => actions.includes(action))?.[0] ?? "bucket";
}

function resourcesOf(target: "bucket" | "object" | "key"): readonly string[] {
  if (target === "object") return objectKeys.map((key) => `${world.bucket}/${key}`);
  return [target === "key" ? world.key : world.bucket];
}

/** The search without masks: every request is evaluated. */
export function searchSlowly(
  question: Question,
  policy: PolicyJson,
  isTried: (action: string) => boolean = () => true,
): Request | undefined {
  for (const request of requestsOf(question, policy, isTried))
    if (getsThrough(question, policy, request)) return request;
  return undefined;
}

/** Bit `i` is set where statement `i` matches. */
type Mask = number;

const maskOf = (statements: readonly StatementJson[], matches: (statement: StatementJson) => boolean): Mask =>
  statements.reduce((mask, statement, index) => (matches(statement) ? mask | (1 << index) : mask), 0);

/** One context, and the values that conditions see of it. */
interface Sight {
  readonly context: Context;
  readonly values: ContextValues;
}

const answers = new Map<string, readonly boolean[]>();

/** Answers that come again and again: the generators have few elements and conditions, and the grid few requests. */
function remembered(name: string, work: () => readonly boolean[]): readonly boolean[] {
  const known = answers.get(name);
  if (known !== undefined) return known;
  if (answers.size > 100_000) answers.clear();
  const found = work();
  answers.set(name, found);
  return found;
}

/** For each item the statements that take it in; `about` names the items and what of a statement looks at them. */
function masksOver<T>(
  items: readonly T[],
  statements: readonly StatementJson[],
  about: (statement: StatementJson) => readonly unknown[],
  matches: (statement: StatementJson, item: T) => boolean,
): readonly Mask[] {
  const columns = statements.map((statement) =>
    remembered(JSON.stringify(about(statement)), () => items.map((item) => matches(statement, item))),
  );
  return items.map((_, row) => columns.reduce((mask, column, bit) => (column[row] ? mask | (1 << bit) : mask), 0));
}

/** What a caller's choices for a group look like, under a name of their own. */
interface Sights {
  readonly name: string;
  readonly all: readonly Sight[];
}

const sights = new Map<string, Sights>();

/** {@link choicesOf} with what conditions see, worked out once. */
function sightsOf(question: Question, group: Group | undefined, caller: Caller, action: string): Sights {
  const kind = group === undefined ? "" : `${group.keys[0]} ${isOn(group, action)}`;
  const name = JSON.stringify([question, kind, caller, targetOf(question, action) === "key"]);
  const known = sights.get(name);
  if (known !== undefined) return known;
  const choices = group === undefined ? [{}] : choicesOf(question, group, caller, action);
  const all = choices.map((context) => ({
    context,
    values: valuesOf(complete({ principal: caller, action, resource: "", context }).context),
  }));
  sights.set(name, { name, all });
  return { name, all };
}

type Conditions = NonNullable<StatementJson["Condition"]>;

/** The part of each statement's conditions that is about some keys. */
function partsAbout(statements: readonly StatementJson[], isAbout: (key: string) => boolean): readonly Conditions[] {
  return statements.map((statement) =>
    Object.fromEntries(
      Object.entries(statement.Condition ?? {}).map(([operator, keys]) => [
        operator,
        Object.fromEntries(Object.entries(keys).filter(([key]) => isAbout(key.toLowerCase()))),
      ]),
    ),
  );
}

/**
 * A request of the grid that gets through, or undefined; at most thirty statements, and no variables. A condition looks at
 * one key, a key belongs to one group: what statements say of each group is worked out apart and combined.
 */
export function searchGrid(
  question: Question,
  policy: PolicyJson,
  isTried: (action: string) => boolean = () => true,
): Request | undefined {
  const statements = statementsOf(policy);
  const denies = maskOf(statements, (statement) => statement.Effect === "Deny");
  const isAccess = question.ask === "bucket-outsider" || question.ask === "key-outsider";
  const varying = groupsOf(question, policy);
  const grouped = new Set(varying.flatMap((group) => group.keys.map((key) => key.toLowerCase())));
  const parts = [
    { group: undefined, conditions: partsAbout(statements, (key) => !grouped.has(key)) },
    ...varying.map((group) => ({
      group,
      conditions: partsAbout(statements, (key) => group.keys.some((own) => own.toLowerCase() === key)),
    })),
  ];
  const masks = new Map<string, ReadonlyMap<Mask, Context>>();
  const callerMasks = masksOver(
    callers,
    statements,
    ({ Principal, NotPrincipal }) => ["callers", Principal, NotPrincipal],
    (statement, caller) => principalMatches(statement, caller, valuesOf(ofCaller(caller))),
  );
  for (const [target, actions] of actionsOfQuestion(question)) {
    const resources = resourcesOf(target);
    const resourceMasks = masksOver(
      resources,
      statements,
      ({ Resource, NotResource }) => [target, Resource, NotResource],
      (statement, resource) => resourceMatches(statement, resource, undefined),
    );
    const byResource = new Map(resources.map((resource, index) => [resourceMasks[index] ?? 0, resource]));
    for (const [action, actionMask] of representatives(question, actions.filter(isTried), statements, varying)) {
      if (isAccess && (actionMask & ~denies) === 0) continue;
      for (const [index, caller] of callers.entries()) {
        const callerMask = (callerMasks[index] ?? 0) & actionMask;
        if (isAccess && (callerMask & ~denies) === 0) continue;
        let combined: ReadonlyMap<Mask, Context> = new Map([[callerMask, {}]]);
        for (const [part, { group, conditions }] of parts.entries()) {
          const name = `${part} ${JSON.stringify(caller)} ${group === undefined || isOn(group, action)}`;
          const here =
            masks.get(name) ?? masksOf(conditions, sightsOf(question, group, caller, action), policy.Version);
          masks.set(name, here);
          combined = meet(combined, here);
        }
        for (const [mask, context] of combined)
          for (const [resourceMask, resource] of byResource) {
            const matching = mask & resourceMask;
            if ((matching & denies) !== 0 || (isAccess && matching === 0)) continue;
            const request = complete({ principal: caller, action, resource, context });
            if (isPossibleIn(question, request)) return request;
          }
      }
    }
  }
  return undefined;
}

function masksOf(
  conditions: readonly Conditions[],
  { name, all }: Sights,
  version: string | undefined,
): ReadonlyMap<Mask, Context> {
  const columns = conditions.map((condition) =>
    remembered(JSON.stringify([name, version, condition]), () =>
      all.map(({ values }) => conditionsHold(condition, values, hasVariables(version))),
    ),
  );
  const found = new Map<Mask, Context>();
  for (const [row, { context }] of all.entries()) {
    const mask = columns.reduce((bits, column, bit) => (column[row] ? bits | (1 << bit) : bits), 0);
    if (!found.has(mask)) found.set(mask, context);
  }
  return found;
}

function meet(some: ReadonlyMap<Mask, Context>, others: ReadonlyMap<Mask, Context>): ReadonlyMap<Mask, Context> {
  const met = new Map<Mask, Context>();
  for (const [one, context] of some)
    for (const [other, more] of others) if (!met.has(one & other)) met.set(one & other, { ...context, ...more });
  return met;
}

/** One action, with its mask, for each way in which statements take it in and its requests carry the keys that vary. */
function representatives(
  question: Question,
  actions: readonly string[],
  statements: readonly StatementJson[],
  varying: readonly Group[],
): readonly (readonly [string, Mask])[] {
  const masks = masksOver(
    actions,
    statements,
    ({ Action, NotAction }) => [question.ask, actions.length, actions[0], Action, NotAction],
    actionMatches,
  );
  const kinds = new Map<string, readonly [string, Mask]>();
  for (const [index, action] of actions.entries()) {
    const mask = masks[index] ?? 0;
    const kind = `${mask} ${varying.map((group) => isOn(group, action))}`;
    if (!kinds.has(kind)) kinds.set(kind, [action, mask]);
  }
  return [...kinds.values()];
}
