/** Tells the canonical user ids of AWS's own accounts from those of its customers. */
import { AWS_OWNED, partsOf, Sym, type Text } from "../kernel/value";

/**
 * The account by which CloudFront writes standard logs (legacy), and the one in China: whoever has one of them in an ACL or
 * policy lets an account of AWS's in (CloudFront Developer Guide, "Permissions required to configure standard logging"; hashicorp/aws,
 * `aws_cloudfront_log_delivery_canonical_user_id`).
 */
const OWNED: ReadonlySet<string> = new Set([
  "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0",
  "a52cb28745c0c06e84ec548334e44bfa7fc2a85c54af20cd59e4969344b7af56",
]);

/** Whether a canonical user id is that of an account of AWS's own, as far as that is known. */
export function isAwsOwned(id: string | Text): boolean {
  const [only, ...more] = partsOf(id);
  if (more.length > 0) return false;
  return only instanceof Sym ? only.account === AWS_OWNED : only !== undefined && OWNED.has(only);
}
