/** Makes buckets and keys for the tests of rules: compliant unless told otherwise. */
import type {
  Acl,
  Attached,
  Bucket,
  Companion,
  Encryption,
  Key,
  KeyGrant,
  ResourceGraph,
} from "../../validators/model/graph";

export const none = { linked: [], unlinked: [] };

export const linked = <T>(...contents: readonly T[]): Attached<T> => ({
  linked: contents.map((content, i): Companion<T> => ({ address: `companion.c${i}`, content, sensitive: false })),
  unlinked: [],
});

export const unlinked = <T>(...contents: readonly T[]): Attached<T> => ({
  linked: [],
  unlinked: contents.map((content, i) => ({
    address: `companion.u${i}`,
    content,
    sensitive: false,
    gap: { value: `companion.u${i}.bucket`, because: "computed-at-apply" },
  })),
});

export const home = { account: "111122223333", partition: "aws", region: "eu-central-1" };

export const allFlags = {
  block_public_acls: true,
  block_public_policy: true,
  ignore_public_acls: true,
  restrict_public_buckets: true,
};

export const encryption = (algorithm: string): Attached<Encryption> =>
  linked([{ algorithm, key: { kind: "none" } as const }]);

export const bucket = (changes: Partial<Bucket> = {}): Bucket => ({
  kind: "bucket",
  address: "aws_s3_bucket.b",
  name: "b",
  arn: "arn:aws:s3:::b",
  home,
  accessBlocks: linked(allFlags),
  accountAccessBlocks: none,
  encryption: encryption("aws:kms"),
  encryptionOnlyComputed: false,
  policies: none,
  acls: none,
  ownership: none,
  ...changes,
});

export const key = (changes: Partial<Key> = {}): Key => ({
  kind: "key",
  address: "aws_kms_key.k",
  type: "aws_kms_key",
  arn: "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  home,
  usage: null,
  spec: null,
  rotation: true,
  enabled: null,
  origin: null,
  customKeyStore: null,
  policies: none,
  grants: none,
  usedBy: [],
  ...changes,
});

export const acl = (changes: Partial<Acl> = {}): Attached<Acl> =>
  linked({ canned: null, grants: [], owner: null, ...changes });

export const grant = (grantee: KeyGrant["grantee"]): Attached<KeyGrant> => linked({ grantee });

export const graph = (changes: Partial<ResourceGraph> = {}): ResourceGraph => ({
  buckets: [],
  keys: [],
  unread: [],
  resources: 0,
  principalIds: new Map(),
  notices: [],
  secrets: new Set(),
  ...changes,
});

export const context = { graph: graph(), options: { allowMissingHeader: false } };
