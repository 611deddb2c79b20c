/** What rules see: the infrastructure after apply, each bucket and key with all that belongs to it. */
import type { Gap, SourceLocation } from "../kernel/result";
import type { Text, Unknown, Value } from "../kernel/value";
import type { Group } from "../plan/index";

/** Where a subject lives. An account that isn't known is one symbol of kind `account-id` per provider configuration. */
export interface Home {
  readonly account: string | Text;
  /** Why the account isn't known, where it isn't; `ambiguous` if several are allowed. */
  readonly partition: string | Text;
  readonly region: string | Text;
}

/** Where an ARN places a key, as far as it tells. */
export type KeyPlace = Partial<Pick<Home, "account" | "partition">>;

/** A resource that belongs to a bucket or key. `T` is what it says. */
export interface Companion<T> {
  /** Its plan address; the owner's own address for legacy arguments inside the owner. */
  readonly address: string;
  readonly content: T;
  /** Whether Terraform marks the content sensitive: no message may quote it. */
  readonly sensitive: boolean;
  /** What shows it, where only what was read back of the owner itself tells of it: it may be gone, or another's. */
  readonly readBackIn?: "state" | "plan";
}

/** All companions of one kind. Two of one kind overwrite each other: a rule must hold whichever wins. */
export interface Attached<T> {
  readonly linked: readonly Companion<T>[];
  /** Companions of this kind that may belong here but can't be linked: each is a gap. Empty is the normal case. */
  readonly unlinked: readonly (Companion<T> & { readonly gap: Gap })[];
}

/** The four flags of a public access block; `null` is unset, which S3 takes for false. */
export interface AccessBlock {
  readonly block_public_acls: Value;
  readonly block_public_policy: Value;
  readonly ignore_public_acls: Value;
  readonly restrict_public_buckets: Value;
}

/** The KMS key that a default encryption rule names. */
export type KeyUse =
  /** No key id: S3 uses the AWS managed key `aws/s3` for KMS algorithms. */
  | { readonly kind: "none" }
  /** A key that AWS manages; its account as far as its ARN shows it. */
  | (KeyPlace & { readonly kind: "aws-managed" })
  | { readonly kind: "in-plan"; readonly key: Key }
  /** A customer key outside the plan; its account as far as its ARN shows it; `shown` where a data source shows the key itself. */
  | (KeyPlace & {
      readonly kind: "outside";
      readonly id: string | Text;
      readonly shown?: {
        readonly address: string;
        readonly enabled: Value;
        readonly origin: Value;
        readonly manager: Value;
        readonly usage: Value;
        readonly spec: Value;
        readonly customKeyStore: Value;
      };
    })
  | { readonly kind: "unknown"; readonly gaps: readonly Gap[] };

/** One `rule` of a server-side encryption configuration. */
export interface EncryptionRule {
  /** `sse_algorithm`; `null` where the rule names none. */
  readonly algorithm: Value;
  readonly key: KeyUse;
}

/** What an encryption configuration declares; `Unknown` where not even the number of rules is known. */
export type Encryption = readonly EncryptionRule[] | Unknown;

/** An ACL: a canned one, explicit grants, or both. */
export interface Acl {
  /** `private`, `public-read`, …; `null` where unset. */
  readonly canned: Value;
  readonly grants: readonly AclGrant[] | Unknown;
  /** Canonical user id of the owner, where the ACL names it. */
  readonly owner: Value;
}

/** One grant of an ACL, `aws_s3_bucket_acl`'s `access_control_policy` or `aws_s3_bucket`'s `grant`: who may do what. */
export interface AclGrant {
  /** `CanonicalUser`, `Group`, `AmazonCustomerByEmail`. */
  readonly type: Value;
  /** Canonical id, group URI or e-mail address. */
  readonly grantee: Value;
  readonly permission: Value;
}

/** An `aws_s3_bucket` that exists after apply, with all that belongs to it, set on itself or by resources of their own. */
export interface Bucket {
  readonly kind: "bucket";
  readonly address: string;
  /** The bucket's name, symbolic where S3 makes it up. */
  readonly name: string | Text;
  /** `arn:<partition>:s3:::<name>`. */
  readonly arn: string | Text;
  readonly home: Home;
  readonly accessBlocks: Attached<AccessBlock>;
  /** `aws_s3_account_public_access_block` of the same account. */
  readonly accountAccessBlocks: Attached<AccessBlock>;
  readonly encryption: Attached<Encryption>;
  /** State JSON shows an encryption that no resource declares, so whether one is declared can't be told. */
  readonly encryptionOnlyComputed: boolean;
  /** Policy text; `null` for a policy that is set to nothing. */
  readonly policies: Attached<string | Text | Unknown | null>;
  /**
   * A policy that is in force on a bucket which is there already, and that nothing in the plan declares or deletes: it holds
   * whoever it lets in, and demands nothing of anybody that the code could be relied on for.
   */
  readonly undeclaredPolicy?: Attached<string | Text | Unknown | null>["unlinked"][number];
  readonly acls: Attached<Acl>;
  /** `object_ownership` of ownership controls. */
  readonly ownership: Attached<Value>;
  readonly source?: SourceLocation;
}

/** A KMS key that exists after apply, with its policies and grants. */
export interface Key {
  readonly kind: "key";
  readonly address: string;
  readonly type: "aws_kms_key" | "aws_kms_external_key" | "aws_kms_replica_key" | "aws_kms_replica_external_key";
  readonly arn: string | Text;
  readonly home: Home;
  /** `null` is unset: AWS's default. */
  readonly usage: Value;
  readonly spec: Value;
  readonly rotation: Value;
  readonly enabled: Value;
  /** `EXTERNAL`, `AWS_KMS`, … as far as the resource tells; `custom_key_store_id` and `xks_key_id` beside it. */
  readonly origin: Value;
  readonly customKeyStore: Value;
  /** A replica's primary: in the plan, else its ARN, else unknown. */
  readonly primary?: KeyUse;
  readonly policies: Attached<string | Text | Unknown | null>;
  readonly grants: Attached<KeyGrant>;
  /** Addresses of the buckets whose default encryption uses this key. */
  readonly usedBy: readonly string[];
  readonly source?: SourceLocation;
}

/** An `aws_kms_grant`. */
export interface KeyGrant {
  readonly grantee: Value;
}

/** A module call whose code was not read: it may make buckets and keys that nobody has seen. */
export interface UnreadModule {
  /** Its address, `module.site`. */
  readonly address: string;
  /** Its `source` argument, as written. */
  readonly from: string;
  readonly source?: SourceLocation;
}

/** The infrastructure after apply. */
export interface ResourceGraph {
  readonly buckets: readonly Bucket[];
  readonly keys: readonly Key[];
  /** Modules that only a plan shows; empty where there is one. */
  readonly unread: readonly UnreadModule[];
  /** Managed resources that exist after apply, of every type. */
  readonly resources: number;
  /** Unique ids (`AROA…`, `AIDA…`) of roles and users that exist already, with their accounts. */
  readonly principalIds: ReadonlyMap<string, string | Text>;
  /** RFC 3339; no request is earlier. */
  readonly timestamp?: string;
  /** Remarks of the model itself: companions that overwrite each other, companions that belong to no bucket here. */
  readonly notices: readonly { readonly message: string; readonly address?: string }[];
  /** What stand-ins among buckets and keys stand for, by the number of their group; absent where all stand by themselves. */
  readonly standIns?: ReadonlyMap<number, Group["members"]>;
  /** Text that Terraform marks sensitive: no report may show it. */
  readonly secrets: ReadonlySet<string>;
}
