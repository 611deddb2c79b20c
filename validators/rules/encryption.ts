/** Turns a bucket's declared default encryption into what the three rules about encryption ask of it. */
import type { Judgement } from "../kernel/index";
import { type Truth, Unknown } from "../kernel/index";
import type { Bucket, Encryption, EncryptionRule } from "../model/graph";
import { byCompanion, every, fail, undecided } from "./rule";
import { gapsOf, isOneOf } from "./values";

/** KMS algorithms of `sse_algorithm` (S3 API, ServerSideEncryptionByDefault). */
export const KMS_ALGORITHMS = ["aws:kms", "aws:kms:dsse"];
/** Every algorithm that S3 takes as a default. */
export const ALGORITHMS = ["AES256", ...KMS_ALGORITHMS];

/** Judges each declared encryption rule of a bucket; `none` says what is missing where nothing is declared. */
export function judgeEncryption(
  bucket: Bucket,
  judgeRule: (rule: EncryptionRule, address: string) => Judgement,
): Judgement {
  return byCompanion(bucket.encryption, "encryption configuration", (companion) => {
    if (!companion) return undeclared(bucket);
    const { content, address } = companion;
    if (content instanceof Unknown) {
      return undecided("the default encryption can't be told before apply", gapsOf(content, `${address}.rule`), [
        address,
      ]);
    }
    if (content.length === 0) return undeclared(bucket);
    return every(content.map((rule) => judgeRule(rule, address)));
  });
}

function undeclared(bucket: Bucket): Judgement {
  if (bucket.encryptionOnlyComputed) {
    return undecided("the state shows an encryption that no resource in it declares", [
      { value: `${bucket.address}.server_side_encryption_configuration`, because: "outside-the-plan" },
    ]);
  }
  return fail({
    message: "no default encryption is declared (AWS's silent SSE-S3 is not a declaration)",
    remediation: `add an aws_s3_bucket_server_side_encryption_configuration with bucket = ${bucket.address}.id and sse_algorithm = "aws:kms"`,
  });
}

/** Whether the declared default is KMS: `no` where nothing is declared, `unknown` where it depends. */
export function isKmsByDefault(bucket: Bucket): readonly Truth[] {
  const kms = (content: Encryption): Truth[] =>
    content instanceof Unknown
      ? ["unknown"]
      : content.length === 0
        ? ["no"]
        : content.map((rule) => isOneOf(rule.algorithm, KMS_ALGORITHMS));
  const { linked, unlinked } = bucket.encryption;
  if (linked.length > 0) return linked.flatMap((one) => kms(one.content));
  if (bucket.encryptionOnlyComputed) return ["unknown"];
  return ["no", ...unlinked.flatMap((one) => kms(one.content))];
}
