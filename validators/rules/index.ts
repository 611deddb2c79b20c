/** All rules, in the order of the policy that they come from. */
import { rule as kmsKeyRotation } from "./kms-key-rotation";
import { rule as kmsNoCrossAccount } from "./kms-no-cross-account";
import type { Rule } from "./rule";
import { rule as s3BlockPublicAccess } from "./s3-block-public-access";
import { rule as s3EncryptedPutsOnly } from "./s3-encrypted-puts-only";
import { rule as s3EncryptionConfigured } from "./s3-encryption-configured";
import { rule as s3KmsEncryption } from "./s3-kms-encryption";
import { rule as s3OwnerAccountOnly } from "./s3-owner-account-only";
import { rule as s3TlsOnly } from "./s3-tls-only";

export { remarksOn } from "./remarks";
export { type Example, isDefined, type Rule, type RuleContext, type RuleOptions, type Subject } from "./rule";

/** The eight rules; each has its page, `help/RULE.md`. */
export const RULES: readonly Rule[] = [
  s3BlockPublicAccess,
  s3EncryptionConfigured,
  s3KmsEncryption,
  s3TlsOnly,
  s3EncryptedPutsOnly,
  kmsKeyRotation,
  kmsNoCrossAccount,
  s3OwnerAccountOnly,
];
