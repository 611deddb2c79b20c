/** What `iam/` is asked and what it answers: the seam between policy reasoning and rules. */

import type { Text, Truth } from "../kernel/index";
import type { Counterexample, Gap } from "../kernel/result";

/** The bucket that a policy stands on, and what else bears on requests to it. */
export interface BucketWorld {
  /** `arn:aws:s3:::name`; symbols of kind `bucket-name` and `partition` where not known. */
  readonly arn: string | Text;
  readonly account: string | Text;
  readonly partition: string | Text;
  readonly region: string | Text;
  /** No request is earlier (RFC 3339). */
  readonly timestamp?: string;
  /** Unique ids (`AROA…`, `AIDA…`) of principals that are known, each with its account. */
  readonly principalIds?: ReadonlyMap<string, string | Text>;
  /** ARNs of other buckets of the same account: they tell no account, but services act on them for the own one. */
  readonly ownBuckets?: readonly (string | Text)[];
  /** What to call the policy in gaps: `aws_s3_bucket_policy.p.policy`. */
  readonly policyName: string;
}

/** The key that a policy stands on. */
export interface KeyWorld extends BucketWorld {}

/** Which algorithms a put may name, and whether it may name none. */
export interface EncryptedPuts {
  /** `kms`: the bucket's default is KMS, so `AES256` is too weak. `any`: `AES256` will do. */
  readonly strength: "kms" | "any";
  /** A put without an encryption header is fine (option `allowMissingHeader` with a KMS default). */
  readonly allowMissingHeader: boolean;
}

/** The answer to «does any request get through?». */
export type Decision =
  /** None does, for every value of the symbols. `coverage` says which statements cover what, a line each. */
  | { readonly answer: "none"; readonly coverage: readonly string[] }
  /** This one does, for every value of the symbols. */
  | {
      readonly answer: "found";
      readonly counterexample: Counterexample;
      /** The request in words: "plain HTTP gets through: `s3:ListBucket` on the bucket is not denied". */
      readonly message: string;
      /** Statement by statement, why it did not stop the request. */
      readonly trace: readonly string[];
      /** Number of the statement that is at fault, 1 for the first: it allows the request, or was meant to deny it. */
      readonly statement?: number;
      readonly remediation?: string;
    }
  /** It depends on these values; `counterexample` is a request that gets through for some of them. */
  | {
      readonly answer: "undecided";
      readonly message: string;
      readonly gaps: readonly Gap[];
      readonly counterexample?: Counterexample;
    }
  /** AWS would refuse the policy, or no one can tell what it says. One problem a line, with its place. */
  | { readonly answer: "refused"; readonly problems: readonly string[] };

/** Whether a policy is public in S3's own sense (not in this project's), statement by statement. */
export type IsPublic = Truth;
