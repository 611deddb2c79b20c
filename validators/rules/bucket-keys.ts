/** Turns buckets into the keys that they use, and tells which buckets are subjects of the key rules themselves. */
import { all, type Gap, show, type Text, type Truth, Unknown } from "../kernel/index";
import type { Bucket, Companion, Encryption, KeyPlace, KeyUse, ResourceGraph } from "../model/graph";
import { gapsOf, isOneOf, isSame } from "./values";

/** The keys that declared KMS encryption may use. */
function usesIn({ content, address }: Companion<Encryption>): readonly KeyUse[] {
  if (content instanceof Unknown) return [{ kind: "unknown", gaps: gapsOf(content, `${address}.rule`) }];
  return content
    .filter((one) => isOneOf(one.algorithm, ["AES256"]) !== "yes" && one.algorithm !== null)
    .map((one) => one.key);
}

/** The keys that a bucket's declared KMS encryption may use. */
export const keyUsesOf = (bucket: Bucket): readonly KeyUse[] => bucket.encryption.linked.flatMap(usesIn);

const isJudgedHere = (use: KeyUse): boolean => use.kind !== "in-plan";

/**
 * The same, and the key of encryption that may be the bucket's or another's: nobody can tell which key it is then. A key of
 * the plan is judged there, whosever it is.
 */
export function possibleUsesOf(bucket: Bucket): readonly KeyUse[] {
  const { linked, unlinked } = bucket.encryption;
  if (linked.length > 0) return linked.flatMap(usesIn);
  return unlinked
    .filter((one) => usesIn(one).some(isJudgedHere))
    .map(({ gap }): KeyUse => ({ kind: "unknown", gaps: [gap] }));
}

/**
 * Whether a key is of the bucket's own account, as far as its ARN places it: the own number in another partition is another
 * account. A bare id or alias is looked up in the account of the caller: the bucket's own.
 */
export function isOfOwnAccount(key: KeyPlace, { home }: Bucket): Truth {
  const { account = home.account, partition = home.partition } = key;
  return all([isSame(account, home.account), isSame(partition, home.partition)]);
}

/**
 * Subjects of the rules about keys besides the keys: buckets on the AWS managed key, on a key outside the plan, or on one
 * that can't be told. A bucket whose keys are all in the plan is judged there.
 */
export const bucketsOnOtherKeys = (graph: ResourceGraph): readonly Bucket[] =>
  graph.buckets.filter((bucket) => possibleUsesOf(bucket).some(isJudgedHere));

/** What a key that is not of the bucket's account is; the number alone may be the same. */
export function foreignKey({ account, partition }: KeyPlace, { home }: Bucket): string {
  const isNumber = account !== undefined && isSame(account, home.account) === "yes";
  return isNumber && partition !== undefined
    ? `a key of partition \`${show(partition)}\`, where the same number is another account`
    : "a key of another account";
}

/** What isn't known of a key's account and partition and of the bucket's. */
export function gapsOfAccounts(key: KeyPlace, { home }: Bucket): readonly Gap[] {
  return [key.account, home.account, key.partition, home.partition].flatMap((one) =>
    one === undefined || typeof one === "string" ? [] : gapsOf(one, "the key's account"),
  );
}

/** The gap that a customer key outside the plan is. */
export const gapsOfOutsideKey = (id: string | Text, bucket: Bucket): readonly Gap[] => [
  {
    value: `${bucket.address}'s key`,
    because: "outside-the-plan",
    ...(typeof id === "string" ? { expression: id } : {}),
  },
];
