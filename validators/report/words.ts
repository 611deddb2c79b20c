/** Turns a counterexample into a sentence that needs no knowledge of IAM: "anyone, without TLS, can list the bucket". */
import type { Counterexample } from "../kernel/index";
import { line } from "./sanitize";

const ALGORITHM = "s3:x-amz-server-side-encryption";

/** What an action does, in words; `@` stands for the object's key or for the bucket. */
const DEEDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "s3:listbucket": "list the bucket",
    "s3:listbucketversions": "list the versions of the bucket's objects",
    "s3:listbucketmultipartuploads": "list the bucket's unfinished uploads",
    "s3:getobject": "read @",
    "s3:getobjectversion": "read old versions of @",
    "s3:putobject": "write @",
    "s3:deleteobject": "delete @",
    "s3:deleteobjectversion": "delete versions of @ for good",
    "s3:getobjectacl": "read the ACL of @",
    "s3:putobjectacl": "change the ACL of @",
    "s3:putbucketacl": "change the bucket's ACL",
    "s3:getbucketpolicy": "read the bucket's policy",
    "s3:putbucketpolicy": "change the bucket's policy",
    "s3:deletebucketpolicy": "remove the bucket's policy",
    "s3:deletebucket": "delete the bucket",
    "kms:decrypt": "decrypt with the key",
    "kms:encrypt": "encrypt with the key",
    "kms:generatedatakey": "make data keys with the key",
    "kms:creategrant": "pass the key on by a grant",
    "kms:putkeypolicy": "change the key's policy",
    "kms:schedulekeydeletion": "delete the key",
    "kms:describekey": "look at the key",
  }),
);

/** Keys that the sentence says in its own words, or that say nothing a reader needs. */
const SAID = new Set([
  "aws:securetransport",
  "aws:principalisawsservice",
  "aws:sourceaccount",
  "kms:viaservice",
  ALGORITHM,
]);

/** One value, or several with commas between; in backticks. */
const quoted = (value: string | readonly string[]): string =>
  (typeof value === "string" ? [value] : value).map((one) => `\`${line(one)}\``).join(", ");

/** Keys that get words of their own, `@` standing for the value; AWS ignores their case. */
const CIRCUMSTANCES: readonly (readonly [string, string])[] = [
  ["aws:sourceaccount", "acting for account @"],
  ["kms:viaservice", "through @"],
];

/** Every key of the context by its lower-case name; the first of two that differ in case only. */
function contextOf(counterexample: Counterexample): Map<string, string | readonly string[]> {
  const context = new Map<string, string | readonly string[]>();
  for (const [key, value] of Object.entries(counterexample.context)) {
    const name = key.toLowerCase();
    if (!context.has(name)) context.set(name, value);
  }
  return context;
}

/** Who asks, in words; user text in backticks. */
export function who(principal: Counterexample["principal"]): string {
  if (typeof principal !== "string") return `the service \`${line(principal.service)}\``;
  if (principal === "*") return "anyone";
  const [, , service, , account = "", ...rest] = line(principal).split(":");
  const name = rest.join(":");
  if (service !== "iam" && service !== "sts") return `\`${line(principal)}\``;
  if (name === "root") return `account \`${account}\``;
  const [kind = "", ...path] = name.split("/");
  if (kind === "assumed-role") return `role \`${path[0] ?? ""}\` of account \`${account}\``;
  return `${kind.replaceAll("-", " ")} \`${path.join("/")}\` of account \`${account}\``;
}

/** `objects` for a key that stands for any, else `the object` and its key. */
function objectOf(resource: string): string {
  const slash = line(resource).indexOf("/");
  const key = slash < 0 ? "" : line(resource).slice(slash + 1);
  return key === "" || key === "*" ? "objects" : `the object \`${key}\``;
}

function what({ action, resource }: Counterexample): string {
  const deed = DEEDS.get(action.toLowerCase());
  if (deed) return deed.replace("@", () => objectOf(resource));
  return `call \`${line(action)}\` on \`${line(resource)}\``;
}

/** How the put is encrypted, where that is the point: a put over TLS that names no or a weak algorithm. */
function encryption(
  counterexample: Counterexample,
  context: ReadonlyMap<string, string | readonly string[]>,
): string[] {
  if (counterexample.action.toLowerCase() !== "s3:putobject") return [];
  const algorithm = context.get(ALGORITHM);
  if (algorithm !== undefined) return [`naming the encryption ${quoted(algorithm)}`];
  return [];
}

/**
 * The counterexample in words, lower case, no final stop: "anyone, without TLS, can list the bucket". `rule` is the id
 * of the rule that it breaks: it tells a put without encryption from a put that should not be possible at all.
 */
export function inWords(counterexample: Counterexample, rule?: string): string {
  const context = contextOf(counterexample);
  const circumstances = [
    ...(context.get("aws:securetransport") === "false" ? ["without TLS"] : []),
    ...CIRCUMSTANCES.flatMap(([key, words]) => {
      const value = context.get(key);
      return value === undefined ? [] : [words.replace("@", () => quoted(value))];
    }),
    ...encryption(counterexample, context),
    ...(rule === "s3-encrypted-puts-only" && !context.has(ALGORITHM) ? ["naming no encryption"] : []),
  ];
  const rest = Object.entries(counterexample.context).filter(([key]) => !SAID.has(key.toLowerCase()));
  const conditions = rest.slice(0, 3).map(([key, value]) => `${line(key)} ${quoted(value)}`);
  if (rest.length > 3) conditions.push(`${rest.length - 3} more`);
  return [
    [who(counterexample.principal), ...circumstances, ""]
      .join(", ")
      .replace(/, $/, circumstances.length > 0 ? "," : ""),
    ` can ${what(counterexample)}`,
    conditions.length > 0 ? ` (with ${conditions.join(", ")})` : "",
  ].join("");
}
