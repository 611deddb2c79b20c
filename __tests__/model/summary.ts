/** Turns a resource graph into lines that people can read and snapshots can hold. */
import { isList, isMap, isText, show, Unknown, type Value } from "../../validators/kernel/index";
import type { Attached, Encryption, KeyUse, ResourceGraph } from "../../validators/model/index";

const told = (value: Value): string => {
  if (value instanceof Unknown)
    return `unknown ${value.value} (${value.because}${value.expression === undefined ? "" : `: ${value.expression}`})`;
  if (isText(value)) return show(value);
  if (isMap(value)) return `{${[...value].map(([key, item]) => `${key}: ${told(item)}`).join(", ")}}`;
  if (isList(value)) return `[${value.map(told).join(", ")}]`;
  return String(value);
};

/** A policy on one line, however it was written. */
const policyTold = (policy: Value): string => {
  const text = told(policy);
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
};

function useTold(use: KeyUse): string {
  switch (use.kind) {
    case "none":
      return "without a key id";
    case "aws-managed":
      return "with aws/s3";
    case "in-plan":
      return `with ${use.key.address}`;
    case "outside": {
      const account = use.account === undefined ? "" : ` of account ${told(use.account)}`;
      return `with ${told(use.id)} outside${account}${use.shown ? `, shown by ${use.shown.address}` : ""}`;
    }
    case "unknown":
      return `with an unknown key (${use.gaps.map((gap) => `${gap.value}: ${gap.expression ?? gap.because}`).join("; ")})`;
  }
}

const encryptionTold = (content: Encryption): string =>
  content instanceof Unknown
    ? told(content)
    : content.map((rule) => `${told(rule.algorithm)} ${useTold(rule.key)}`).join("; ") || "no rule";

function* attached<T>(label: string, all: Attached<T>, tell: (content: T) => string): Generator<string> {
  for (const { address, sensitive, content } of all.linked)
    yield `  ${label} ${address}${sensitive ? " (sensitive)" : ""}: ${tell(content)}`;
  for (const { address, gap } of all.unlinked)
    yield `  ${label} ${address}, perhaps: ${gap.value} (${gap.expression ?? gap.because})`;
}

/** The graph, one line for each thing in it. */
export function* summaryOf(graph: ResourceGraph): Generator<string> {
  const flags = (content: object): string => Object.values(content).map(told).join(" ");
  for (const bucket of graph.buckets) {
    yield `${bucket.address}: ${told(bucket.arn)}, account ${told(bucket.home.account)}, region ${told(bucket.home.region)}`;
    if (bucket.encryptionOnlyComputed) yield "  encryption is only computed";
    yield* attached("access block", bucket.accessBlocks, flags);
    yield* attached("account access block", bucket.accountAccessBlocks, flags);
    yield* attached("encryption", bucket.encryption, encryptionTold);
    yield* attached("policy", bucket.policies, policyTold);
    yield* attached(
      "acl",
      bucket.acls,
      ({ canned, grants, owner }) =>
        `${told(canned)}, grants ${grants instanceof Unknown ? told(grants) : `[${grants.map((grant) => `${told(grant.permission)} to ${told(grant.type)} ${told(grant.grantee)}`).join(", ")}]`}, owner ${told(owner)}`,
    );
    yield* attached("ownership", bucket.ownership, told);
  }
  for (const key of graph.keys) {
    const { usage, spec, rotation, enabled, origin, customKeyStore } = key;
    yield `${key.address}: ${told(key.arn)}, ${Object.entries({
      usage,
      spec,
      rotation,
      enabled,
      origin,
      customKeyStore,
    })
      .map(([name, value]) => `${name} ${told(value)}`)
      .join(", ")}${key.primary ? `, a replica ${useTold(key.primary)}` : ""}`;
    for (const address of key.usedBy) yield `  used by ${address}`;
    yield* attached("policy", key.policies, policyTold);
    yield* attached("grant", key.grants, ({ grantee }) => `to ${told(grantee)}`);
  }
  for (const { message, address } of graph.notices) yield `notice ${address}: ${message}`;
  for (const secret of graph.secrets) yield `secret ${secret}`;
  yield `resources: ${graph.resources}`;
}
