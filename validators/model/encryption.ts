/** Turns server-side encryption blocks into the rules that they declare, each with its key. */
import { isList, isMap, isText, Unknown, type Value, type ValueMap } from "../kernel/value";
import { blocksOf } from "../source/index";
import type { Encryption, EncryptionRule } from "./graph";
import type { Keys } from "./keys";
import type { Instance, World } from "./shape";

const APPLY = "apply_server_side_encryption_by_default";

/** What an `aws_s3_bucket_server_side_encryption_configuration` declares. */
export const standaloneEncryption = (world: World, keys: Keys, instance: Instance): Encryption =>
  rulesOf(keys, instance, world.attributes.setting(instance, "rule"), expressionsOf(world, instance, ["rule"]));

/** What the argument inside `aws_s3_bucket` declares. */
export function inlineEncryption(world: World, keys: Keys, bucket: Instance): Encryption {
  const name = "server_side_encryption_configuration";
  const blocks = blocksOf(world.attributes.setting(bucket, name));
  if (blocks instanceof Unknown) return blocks;
  const expressions = expressionsOf(world, bucket, [name, "rule"]);
  const rules: EncryptionRule[] = [];
  for (const block of blocks) {
    const declared = block instanceof Unknown ? block : rulesOf(keys, bucket, block.get("rule"), expressions);
    if (declared instanceof Unknown) return declared;
    rules.push(...declared);
  }
  return rules;
}

const expressionsOf = (world: World, instance: Instance, path: readonly string[]) =>
  world.attributes.expressionsAt(instance, [...path, APPLY, "kms_master_key_id"]);

type Expressions = ReturnType<typeof expressionsOf>;

function rulesOf(keys: Keys, instance: Instance, value: Value | undefined, expressions: Expressions): Encryption {
  const rules = blocksOf(value);
  if (rules instanceof Unknown) return rules;
  const declared: EncryptionRule[] = [];
  for (const rule of rules) {
    if (rule instanceof Unknown) return rule;
    const applied = blocksOf(rule.get(APPLY));
    if (applied instanceof Unknown) return applied;
    if (applied.length === 0) declared.push({ algorithm: null, key: { kind: "none" } });
    for (const apply of applied) {
      if (apply instanceof Unknown) return apply;
      declared.push(ruleOf(keys, instance, apply, expressions));
    }
  }
  return declared;
}

function ruleOf(keys: Keys, instance: Instance, apply: ValueMap, expressions: Expressions): EncryptionRule {
  const id = apply.get("kms_master_key_id") ?? null;
  const path = `${instance.address}.kms_master_key_id`;
  return { algorithm: apply.get("sse_algorithm") ?? null, key: keys.use(id, instance, expressions, path) };
}

/** Whether a bucket's computed encryption is more than S3's silent default (SSE-S3 without a key, since January 2023). */
export function isBeyondDefault(computed: Value): boolean {
  const blocks = blocksOf(computed);
  if (blocks instanceof Unknown) return false;
  return blocks.some((block) => {
    const rules = isMap(block) ? blocksOf(block.get("rule")) : [];
    return (
      isList(rules) &&
      rules.some((rule) => {
        const applied = isMap(rule) ? blocksOf(rule.get(APPLY)) : [];
        return isList(applied) && applied.some((apply) => isMap(apply) && isKms(apply.get("sse_algorithm")));
      })
    );
  });
}

const isKms = (algorithm: Value | undefined): boolean => isText(algorithm) && algorithm !== "AES256";
