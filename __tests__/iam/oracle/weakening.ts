/** Turns a policy into every policy that is one step weaker: a Deny that says less, an Allow that says more. */

import { type PolicyJson, type StatementJson, statementsOf } from "./naive";
import { outside, own, roleOf, rootOf } from "./tables/row";

/** A policy and the step that made it. */
export interface Weaker {
  readonly step: string;
  readonly policy: PolicyJson;
}

/** Statements that take the place of one statement. */
type Step = readonly [string, readonly StatementJson[]];
type OneOrMany = string | readonly string[];
type Conditions = NonNullable<StatementJson["Condition"]>;

const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T];

/** Every policy that is one step weaker. */
export function weakenings(policy: PolicyJson): readonly Weaker[] {
  const statements = statementsOf(policy);
  return statements.flatMap((statement, index) => {
    const steps = statement.Effect === "Deny" ? shrunk(statement) : grown(statement);
    return steps.map(([step, replacement]) => ({
      step: `statement ${index + 1}: ${step}`,
      policy: {
        ...policy,
        Statement: [...statements.slice(0, index), ...replacement, ...statements.slice(index + 1)],
      },
    }));
  });
}

/** The ways in which a Deny says less. */
function shrunk(statement: StatementJson): readonly Step[] {
  return [
    ["gone", []],
    ["allows instead", [{ ...statement, Effect: "Allow" }]],
    ...withElement(statement, "Action", fewer(statement.Action, actionPatterns)),
    ...withElement(statement, "NotAction", more(statement.NotAction, ["s3:GetObject", "s3:Put*", "kms:Decrypt"])),
    ...withElement(statement, "Resource", fewer(statement.Resource, resourcePatterns)),
    ...withElement(statement, "NotResource", more(statement.NotResource, ["arn:aws:s3:::bkt/a*", "arn:aws:s3:::bkt"])),
    ...principalsShrunk(statement),
    ...[...added, ...operatorSteps, ...valueSteps].flatMap((step) => withCondition(statement, step)),
  ];
}

/** The ways in which an Allow says more. */
function grown(statement: StatementJson): readonly Step[] {
  const { Principal, NotPrincipal, ...rest } = statement;
  const names = Principal === undefined || typeof Principal === "string" ? {} : Principal;
  const aws = list(names.AWS);
  return [
    ["for everyone", [{ ...rest, Principal: "*" }]],
    ["for another account", [{ ...rest, Principal: { ...names, AWS: [...aws, rootOf(outside)] } }]],
    ["for another's role", [{ ...rest, Principal: { AWS: roleOf(outside) } }]],
    ...withElement(statement, "Action", [["any action", "*"]]),
    ...withElement(statement, "Resource", [["any resource", "*"]]),
    ...[...removed, ...operatorSteps, ...valueSteps].flatMap((step) => withCondition(statement, step)),
  ];
}

function withElement(
  statement: StatementJson,
  element: "Action" | "NotAction" | "Resource" | "NotResource",
  values: readonly (readonly [string, OneOrMany])[],
): readonly Step[] {
  if (statement[element] === undefined) return [];
  return values.map(([step, value]) => [`${element} ${step}`, [{ ...statement, [element]: value }]]);
}

const actionPatterns = (pattern: string): readonly string[] =>
  pattern.endsWith("*")
    ? [`${pattern === "*" ? "s3:" : pattern.slice(0, -1)}G*`, `${pattern === "*" ? "s3:" : pattern.slice(0, -1)}*t`]
    : [`${pattern}?`];

const resourcePatterns = (pattern: string): readonly string[] =>
  pattern.endsWith("*")
    ? [`${pattern.slice(0, -1)}a*`, `${pattern}a`, `${pattern.slice(0, -1)}?`, `${pattern}*`.replace("**", "??*")]
    : [`${pattern}x`];

/** One value less, or one value narrower. */
function fewer(
  values: OneOrMany | undefined,
  narrower: (pattern: string) => readonly string[],
): readonly (readonly [string, OneOrMany])[] {
  const all = list(values);
  return all.flatMap((value, index) => {
    const others = [...all.slice(0, index), ...all.slice(index + 1)];
    const narrowed = narrower(value).map((pattern) => [`${value} to ${pattern}`, [...others, pattern]] as const);
    return others.length === 0 ? narrowed : [[`without ${value}`, others] as const, ...narrowed];
  });
}

const more = (values: OneOrMany | undefined, extra: readonly string[]): readonly (readonly [string, OneOrMany])[] =>
  extra.map((value) => [`with ${value}`, [...list(values), value]]);

function principalsShrunk(statement: StatementJson): readonly Step[] {
  const { Principal, NotPrincipal, ...rest } = statement;
  if (NotPrincipal !== undefined && typeof NotPrincipal !== "string") {
    const AWS = [...list(NotPrincipal.AWS), roleOf(outside)];
    return [["another role is exempt", [{ ...rest, NotPrincipal: { ...NotPrincipal, AWS } }]]];
  }
  return [
    ["for the own account only", [{ ...rest, Principal: { AWS: rootOf(own) } }]],
    ["for another account only", [{ ...rest, Principal: { AWS: outside } }]],
    ["a role is exempt", [{ ...rest, NotPrincipal: { AWS: roleOf(own) } }]],
  ];
}

/** Ways to change one `Condition` element. */
type ConditionStep = (condition: Conditions) => readonly (readonly [string, Conditions])[];

const withCondition = (statement: StatementJson, step: ConditionStep): readonly Step[] =>
  step(statement.Condition ?? {}).map(([name, Condition]) => [name, [{ ...statement, Condition }]]);

const extraEntries: readonly (readonly [string, string, string])[] = [
  ["StringEquals", "aws:PrincipalAccount", own],
  ["StringNotEquals", "aws:PrincipalArn", roleOf(own)],
  ["StringEquals", "aws:PrincipalAccount", "000000000000"],
  ["Null", "aws:PrincipalArn", "false"],
  ["IpAddress", "aws:SourceIp", "203.0.113.0/24"],
  ["Bool", "aws:PrincipalIsAWSService", "false"],
  ["DateGreaterThan", "aws:CurrentTime", "2027-01-01T00:00:00Z"],
];

const added: readonly ConditionStep[] = extraEntries.map(([operator, key, value]) => (condition) => {
  if (Object.hasOwn(condition[operator] ?? {}, key)) return [];
  return [[`also ${operator} ${key}`, { ...condition, [operator]: { ...condition[operator], [key]: value } }]];
});

/** One operator with its keys in the place of another. */
function replaced(condition: Conditions, operator: string, name: string, keys: Conditions[string]): Conditions {
  const { [operator]: _, ...rest } = condition;
  return Object.keys(keys).length === 0 ? rest : { ...rest, [name]: { ...rest[name], ...keys } };
}

const removed: readonly ConditionStep[] = [
  (condition) =>
    Object.entries(condition).flatMap(([operator, keys]) =>
      Object.keys(keys).map((key) => {
        const { [key]: _, ...others } = keys;
        return [`without ${operator} ${key}`, replaced(condition, operator, operator, others)] as const;
      }),
    ),
];

/** The operator that says the opposite; undefined where there is none. */
function negation(operator: string): string | undefined {
  const [, set = "", base = "", suffix = ""] = /^(\w+:)?(.*?)(IfExists)?$/.exec(operator) ?? [];
  if (/^(String|Arn|Date|Numeric)Not/.test(base)) return `${set}${base.replace("Not", "")}${suffix}`;
  if (base === "NotIpAddress") return `${set}IpAddress${suffix}`;
  if (base === "IpAddress") return `${set}NotIpAddress${suffix}`;
  if (/^(String|Arn)/.test(base)) return `${set}${base.replace(/^(String|Arn)/, "$1Not")}${suffix}`;
  return undefined;
}

const renamed = (condition: Conditions, operator: string, name: string | undefined) =>
  name === undefined || name === operator
    ? []
    : [[`${operator} to ${name}`, replaced(condition, operator, name, condition[operator] ?? {})] as const];

const operatorSteps: readonly ConditionStep[] = [
  (condition) =>
    Object.keys(condition)
      .filter((operator) => operator !== "Null")
      .flatMap((operator) => [
        ...renamed(condition, operator, operator.replace("IfExists", "")),
        ...renamed(condition, operator, operator.endsWith("IfExists") ? undefined : `${operator}IfExists`),
        ...renamed(condition, operator, operator.includes(":") ? undefined : `ForAllValues:${operator}`),
        ...renamed(condition, operator, operator.includes(":") ? undefined : `ForAnyValue:${operator}`),
        ...renamed(condition, operator, negation(operator)),
      ]),
];

/** Values of one key: one more, one less, or the other boolean. */
const valueSteps: readonly ConditionStep[] = [
  (condition) =>
    Object.entries(condition).flatMap(([operator, keys]) =>
      Object.entries(keys).flatMap(([key, value]) => {
        const all = list(value);
        const set = (values: (typeof keys)[string]) => ({ ...condition, [operator]: { ...keys, [key]: values } });
        const other = { true: "false", false: "true" }[String(value).toLowerCase()];
        return [
          ...(other === undefined ? [] : [[`${key} ${other}`, set(other)] as const]),
          ...(/^String|^For.*:String/.test(operator)
            ? [[`${key} also ${outside}`, set([...all, outside])] as const]
            : []),
          ...(all.length > 1 ? [[`${key} only ${all[0]}`, set(all.slice(0, 1))] as const] : []),
        ];
      }),
    ),
];
