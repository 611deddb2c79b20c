/**
 * When a condition key is in a request, as its documentation says («AWS global condition context keys»; «Actions, resources, and
 * condition keys» for Amazon S3 and AWS KMS): always, at times or never, for each kind of caller.
 */

/** Whether requests have a key. */
export type Presence = "always" | "sometimes" | "never";

/** A key in the requests that a bucket gets over plain HTTP. */
export interface KeyRow {
  readonly key: string;
  readonly anonymous: Presence;
  /** Principals with credentials of their own. */
  readonly signed: Presence;
  /** It may have several values at once. */
  readonly isMulti?: true;
  /** The only action that is looked at; else any of them. */
  readonly on?: string;
  /** All values that it may have. */
  readonly values?: readonly string[];
}

const row = (
  key: string,
  anonymous: Presence,
  signed: Presence,
  more: Omit<KeyRow, "key" | "anonymous" | "signed"> = {},
) => ({
  key,
  anonymous,
  signed,
  ...more,
});
const isMulti = true;
const ofObjects = { on: "s3:PutObject" } as const;
const ofLists = { on: "s3:ListBucket" } as const;

/** Keys of requests to a bucket. */
export const bucketKeys: readonly KeyRow[] = [
  row("aws:PrincipalArn", "never", "always"),
  row("aws:PrincipalAccount", "always", "always"),
  row("aws:PrincipalOrgID", "never", "sometimes"),
  row("aws:PrincipalOrgPaths", "never", "sometimes", { isMulti }),
  row("aws:PrincipalTag/team", "never", "sometimes"),
  row("aws:PrincipalType", "always", "always", { values: ["Account", "User", "FederatedUser", "AssumedRole"] }),
  row("aws:PrincipalIsAWSService", "never", "always", { values: ["false"] }),
  row("aws:PrincipalServiceName", "never", "never"),
  row("aws:PrincipalServiceNamesList", "never", "never"),
  row("aws:userid", "always", "always"),
  row("aws:username", "never", "sometimes"),
  row("aws:FederatedProvider", "never", "sometimes"),
  row("aws:TokenIssueTime", "never", "sometimes"),
  row("aws:MultiFactorAuthPresent", "never", "sometimes", { values: ["true", "false"] }),
  row("aws:MultiFactorAuthAge", "never", "sometimes"),
  row("aws:AssumedRoot", "never", "sometimes"),
  row("aws:SourceIdentity", "never", "sometimes"),
  row("aws:Ec2InstanceSourceVpc", "never", "sometimes"),
  row("aws:Ec2InstanceSourcePrivateIPv4", "never", "sometimes"),
  row("saml:aud", "never", "sometimes"),
  row("accounts.google.com:sub", "never", "sometimes"),
  row("aws:SourceIp", "sometimes", "sometimes"),
  row("aws:SourceVpc", "sometimes", "sometimes"),
  row("aws:SourceVpcArn", "sometimes", "sometimes"),
  row("aws:SourceVpce", "sometimes", "sometimes"),
  row("aws:VpcSourceIp", "sometimes", "sometimes"),
  row("aws:VpceAccount", "sometimes", "sometimes"),
  row("aws:VpceOrgID", "sometimes", "sometimes"),
  row("aws:VpceOrgPaths", "sometimes", "sometimes", { isMulti }),
  row("aws:SourceAccount", "never", "never"),
  row("aws:SourceArn", "never", "never"),
  row("aws:SourceOrgID", "never", "never"),
  row("aws:SourceOrgPaths", "never", "never"),
  row("aws:SourceOwner", "never", "never"),
  row("aws:CalledVia", "never", "sometimes", { isMulti }),
  row("aws:CalledViaFirst", "never", "sometimes"),
  row("aws:CalledViaLast", "never", "sometimes"),
  row("aws:ViaAWSService", "always", "always", { values: ["true", "false"] }),
  row("aws:CurrentTime", "always", "always"),
  row("aws:EpochTime", "always", "always"),
  row("aws:Referer", "sometimes", "sometimes"),
  row("aws:UserAgent", "always", "always"),
  row("aws:RequestedRegion", "always", "always", { values: ["eu-west-1"] }),
  row("aws:SecureTransport", "always", "always", { values: ["false"] }),
  row("aws:ResourceAccount", "always", "always", { values: ["111122223333"] }),
  row("aws:ResourceOrgID", "sometimes", "sometimes"),
  row("aws:ResourceOrgPaths", "sometimes", "sometimes", { isMulti }),
  row("aws:ResourceTag/team", "sometimes", "sometimes"),
  row("aws:RequestTag/team", "sometimes", "sometimes"),
  row("aws:TagKeys", "sometimes", "sometimes", { isMulti }),
  row("s3:authType", "never", "always", { values: ["REST-HEADER", "REST-QUERY-STRING", "POST"] }),
  row("s3:signatureversion", "never", "always", { values: ["AWS4-HMAC-SHA256", "AWS", "AWS4-ECDSA-P256-SHA256"] }),
  row("s3:signatureAge", "never", "sometimes"),
  row("s3:TlsVersion", "never", "never"),
  row("s3:ResourceAccount", "always", "always", { values: ["111122223333"] }),
  row("s3:DataAccessPointAccount", "sometimes", "sometimes"),
  row("s3:AccessPointNetworkOrigin", "sometimes", "sometimes", { values: ["Internet", "VPC"] }),
  row("s3:x-amz-acl", "sometimes", "sometimes", {
    ...ofObjects,
    values: [
      "private",
      "public-read",
      "public-read-write",
      "authenticated-read",
      "aws-exec-read",
      "bucket-owner-read",
      "bucket-owner-full-control",
      "log-delivery-write",
    ],
  }),
  row("s3:x-amz-server-side-encryption", "sometimes", "sometimes", {
    ...ofObjects,
    values: ["AES256", "aws:kms", "aws:kms:dsse"],
  }),
  row("s3:x-amz-server-side-encryption-aws-kms-key-id", "sometimes", "sometimes", ofObjects),
  // a key of the customer's own is taken over TLS only
  row("s3:x-amz-server-side-encryption-customer-algorithm", "never", "never", ofObjects),
  row("s3:x-amz-storage-class", "sometimes", "sometimes", ofObjects),
  row("s3:object-lock-retain-until-date", "sometimes", "sometimes", { on: "s3:PutObjectRetention" }),
  row("s3:object-lock-remaining-retention-days", "sometimes", "sometimes", { on: "s3:PutObjectRetention" }),
  row("s3:RequestObjectTagKeys", "sometimes", "sometimes", { ...ofObjects, isMulti }),
  row("s3:RequestObjectTag/team", "sometimes", "sometimes", ofObjects),
  row("s3:prefix", "sometimes", "sometimes", ofLists),
  row("s3:delimiter", "sometimes", "sometimes", ofLists),
  row("s3:max-keys", "sometimes", "sometimes", ofLists),
  row("s3:prefix", "never", "never", ofObjects),
  row("s3:x-amz-acl", "never", "never", ofLists),
];

/**
 * Keys that go together or not: with the first one, the second one is there always, at times or never. S3 sees either a public
 * address or a VPC endpoint with all that belongs to it, and rejects a KMS key id without a KMS algorithm.
 */
export const pairs: readonly (readonly [key: string, other: string, presence: Presence, on?: string])[] = [
  ["aws:SourceVpce", "aws:SourceIp", "never"],
  ["aws:SourceVpce", "aws:SourceVpc", "always"],
  ["aws:SourceVpc", "aws:SourceVpce", "always"],
  ["aws:SourceVpce", "aws:VpcSourceIp", "always"],
  ["aws:VpcSourceIp", "aws:SourceVpc", "always"],
  ["aws:SourceVpcArn", "aws:SourceIp", "never"],
  ["aws:SourceVpcArn", "aws:SourceVpce", "always"],
  ["aws:SourceVpce", "aws:SourceVpcArn", "sometimes"],
  ["aws:VpceAccount", "aws:SourceIp", "never"],
  ["aws:VpceAccount", "aws:SourceVpce", "always"],
  ["aws:VpceOrgID", "aws:SourceVpce", "always"],
  ["aws:VpceOrgPaths", "aws:SourceVpce", "always"],
  ["aws:SourceVpce", "aws:VpceOrgID", "sometimes"],
  ["aws:SourceVpce", "aws:VpceAccount", "sometimes"],
  ["aws:SourceVpce", "aws:VpceOrgPaths", "sometimes"],
  ["aws:PrincipalTag/team", "aws:username", "sometimes"],
  ["aws:ViaAWSService", "aws:CalledVia", "sometimes"],
  ["s3:x-amz-server-side-encryption-aws-kms-key-id", "s3:x-amz-server-side-encryption", "always", "s3:PutObject"],
  ["s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id", "sometimes", "s3:PutObject"],
];

/** Keys of an account's root: it has no tags, which are those of users, roles and sessions. */
export const rootKeys: readonly (readonly [key: string, presence: Presence])[] = [
  ["aws:PrincipalArn", "always"],
  ["aws:PrincipalTag/team", "never"],
  ["aws:MultiFactorAuthPresent", "sometimes"],
  ["aws:AssumedRoot", "sometimes"],
  ["aws:username", "never"],
  ["aws:FederatedProvider", "never"],
];

/** A key in the requests that another account's principals send to a key. */
export type KmsRow = Omit<KeyRow, "anonymous">;

const kms = (key: string, signed: Presence, more: Omit<KmsRow, "key" | "signed"> = {}): KmsRow => ({
  key,
  signed,
  ...more,
});

/** Keys of requests to a KMS key. */
export const kmsKeys: readonly KmsRow[] = [
  kms("kms:CallerAccount", "always"),
  kms("kms:KeyOrigin", "always", { values: ["AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"] }),
  kms("kms:KeySpec", "always"),
  kms("kms:CustomerMasterKeySpec", "always"),
  kms("kms:KeyUsage", "always", {
    values: ["ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"],
  }),
  kms("kms:CustomerMasterKeyUsage", "always", {
    values: ["ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"],
  }),
  kms("kms:MultiRegion", "always", { values: ["true", "false"] }),
  kms("kms:MultiRegionKeyType", "sometimes", { values: ["PRIMARY", "REPLICA"] }),
  kms("kms:ViaService", "sometimes", { on: "kms:Decrypt" }),
  kms("kms:EncryptionContext:team", "sometimes", { on: "kms:Decrypt" }),
  kms("kms:EncryptionContext:aws:logs:arn", "sometimes", { on: "kms:Decrypt" }),
  kms("kms:EncryptionContextKeys", "sometimes", { on: "kms:Decrypt", isMulti }),
  kms("kms:GrantIsForAWSResource", "sometimes", { on: "kms:CreateGrant", values: ["true", "false"] }),
  kms("kms:GrantOperations", "sometimes", { on: "kms:CreateGrant", isMulti }),
  kms("kms:ResourceAliases", "sometimes", { isMulti }),
  kms("kms:ValidTo", "sometimes", { on: "kms:ImportKeyMaterial" }),
  kms("kms:ScheduleKeyDeletionPendingWindowInDays", "sometimes", { on: "kms:ScheduleKeyDeletion" }),
  kms("kms:GrantOperations", "never", { on: "kms:Decrypt" }),
  kms("aws:PrincipalArn", "always"),
  kms("aws:SourceVpce", "sometimes"),
];

/** Keys of what a service sends to a bucket for somebody's account. */
export const serviceKeys: readonly (readonly [key: string, presence: Presence])[] = [
  ["aws:PrincipalArn", "never"],
  ["aws:PrincipalOrgID", "never"],
  ["aws:PrincipalOrgPaths", "never"],
  ["aws:PrincipalTag/team", "never"],
  ["aws:username", "never"],
  ["aws:PrincipalIsAWSService", "always"],
  ["aws:PrincipalServiceName", "always"],
  ["aws:PrincipalServiceNamesList", "always"],
  ["aws:SourceAccount", "sometimes"],
  ["aws:SourceArn", "sometimes"],
  ["aws:SourceOrgID", "sometimes"],
  ["aws:SourceOrgPaths", "sometimes"],
  ["aws:SourceOwner", "sometimes"],
  ["aws:FederatedProvider", "never"],
  ["aws:TokenIssueTime", "never"],
  ["aws:CalledVia", "never"],
  ["aws:CurrentTime", "always"],
  ["saml:aud", "never"],
];
