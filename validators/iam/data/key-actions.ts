/** Turns the pinned list of which action carries which condition key (`key-actions.json`) into a look-up. */

import type { Service } from "./actions";
import document from "./key-actions.json";

type ActionsByKey = ReadonlyMap<string, ReadonlySet<string>>;

const table = (entries: Readonly<Record<string, readonly string[]>>): ActionsByKey =>
  new Map(Object.entries(entries).map(([key, actions]) => [key, new Set(actions)]));

const tables = new Map<Service, ActionsByKey>();

/** The list of a service, which is made when it is asked for. */
function tableOf(service: Service): ActionsByKey {
  const made = tables.get(service) ?? table(document.services[service]);
  tables.set(service, made);
  return made;
}

/** What the reference leaves out, though the API takes it. */
const ALSO: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["s3:prefix", new Set(["ListBucketMultipartUploads"])],
  ["s3:delimiter", new Set(["ListBucketMultipartUploads"])],
  ["kms:grantisforawsresource", new Set(["ListGrants", "RetireGrant"])],
]);

/**
 * Whether requests of an action can carry one of the service's own keys (`key` in lower case). Keys that most actions
 * carry aren't in the list: every action is taken to carry them.
 */
export function carriesKey(service: Service, key: string, action: string): boolean {
  if (ALSO.get(key)?.has(action)) return true;
  const own = tableOf(service).get(key) ?? byPrefix(service, key);
  return own === undefined || own.has(action);
}

/** The entry of a key whose last part the caller chooses. */
function byPrefix(service: Service, key: string): ReadonlySet<string> | undefined {
  for (const [known, actions] of tableOf(service)) if (/[/:]$/.test(known) && key.startsWith(known)) return actions;
  return undefined;
}
