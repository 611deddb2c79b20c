/** Turns the pinned list of AWS's own actions and condition keys (`actions.json`) into typed look-ups. */

import document from "./actions.json";

/** A service whose policies are judged. */
export type Service = "s3" | "kms";

/** Access level of the Service Authorization Reference; "permissions" is its "Permissions management". */
export type Access = "read" | "write" | "list" | "tagging" | "permissions";

/** One action of the Service Authorization Reference. */
export interface ServiceAction {
  /** Without the service prefix: `GetObject`. */
  readonly name: string;
  readonly access: Access;
  /** Types of the resources that it acts on: `object`, `bucket`, `key` …; none when it acts on `*` only. */
  readonly resources: readonly string[];
}

/** One of the service's own condition keys (global `aws:` keys are not listed). */
export interface ServiceConditionKey {
  /** As documented, `s3:x-amz-acl`; for a prefix without the part that the caller chooses, `s3:ExistingObjectTag/`. */
  readonly name: string;
  readonly type: ConditionKeyType;
  /** Several values in one request: `kms:GrantOperations`. */
  readonly isMultiValued: boolean;
  /** Whether any non-empty text may follow the name. */
  readonly isPrefix: boolean;
}

/** What the key's value is, in the reference's own words. */
export type ConditionKeyType = "String" | "Numeric" | "Bool" | "Date" | "ARN";

function accessOf(text: string): Access {
  switch (text) {
    case "read":
    case "write":
    case "list":
    case "tagging":
    case "permissions":
      return text;
    default:
      throw new Error(`expected an access level, found \`${text}\``);
  }
}

function typeOf(text: string): ConditionKeyType {
  switch (text) {
    case "String":
    case "Numeric":
    case "Bool":
    case "Date":
    case "ARN":
      return text;
    default:
      throw new Error(`expected a condition key type, found \`${text}\``);
  }
}

interface KeyEntry {
  readonly name: string;
  readonly type: string;
  readonly multiValued?: boolean;
  readonly prefix?: boolean;
}

const keysFrom = (entries: readonly KeyEntry[]): readonly ServiceConditionKey[] =>
  entries.map((entry) => ({
    name: entry.name,
    type: typeOf(entry.type),
    isMultiValued: entry.multiValued === true,
    isPrefix: entry.prefix === true,
  }));

const actionsFrom = (
  entries: readonly { readonly name: string; readonly access: string; readonly resources: readonly string[] }[],
): readonly ServiceAction[] => entries.map((entry) => ({ ...entry, access: accessOf(entry.access) }));

const { s3, kms } = document.services;
const actions = { s3: actionsFrom(s3.actions), kms: actionsFrom(kms.actions) };
const conditionKeys = { s3: keysFrom(s3.conditionKeys), kms: keysFrom(kms.conditionKeys) };

/** Where the list comes from; `date` (YYYY-MM-DD) is the day that the list was taken from AWS's reference. */
export const actionsSource: {
  readonly package: string;
  readonly license: string;
  readonly version: string;
  readonly date: string;
} = document.source;

/** Every action of a service, by name. */
export const actionsOf = (service: Service): readonly ServiceAction[] => actions[service];

/** Every condition key of a service's own, by name. */
export const conditionKeysOf = (service: Service): readonly ServiceConditionKey[] => conditionKeys[service];

/** The service's own condition key that a policy names in any case, prefixes included; undefined when it has none such. */
export function findConditionKey(service: Service, name: string): ServiceConditionKey | undefined {
  const wanted = name.toLowerCase();
  return conditionKeys[service].find((key) => {
    const known = key.name.toLowerCase();
    return key.isPrefix ? wanted.startsWith(known) && wanted.length > known.length : wanted === known;
  });
}
