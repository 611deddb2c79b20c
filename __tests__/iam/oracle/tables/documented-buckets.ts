/** Bucket policies that AWS's documentation prints, in their smallest form, with the verdict that each deserves. */

import {
  allow,
  anyPuts,
  bucket,
  deny,
  denyPut,
  foreign,
  header,
  http,
  key,
  kmsPuts,
  lenientPuts,
  objects,
  outside,
  outsiders,
  overHttp,
  own,
  plainHttp,
  policy,
  put,
  type Row,
  request,
  restricted,
  roleOf,
  rootOf,
  userOf,
} from "./row";

const guide = (page: string): string => `https://docs.aws.amazon.com/AmazonS3/latest/userguide/${page}.html`;
const examples = guide("example-bucket-policies");

/** A service that delivers something into the bucket. */
const delivery = (service: string, condition?: Readonly<Record<string, Readonly<Record<string, string>>>>) =>
  allow({ Principal: { Service: service }, Action: "s3:PutObject", Condition: condition });

const deliveredBy = (service: string, context: Readonly<Record<string, string>>) =>
  request({ principal: { service }, action: "s3:PutObject", context });

const tls: readonly Row[] = [
  {
    name: "restrict to TLS requests only",
    ask: plainHttp,
    policy: policy(deny({ Condition: overHttp })),
    expected: "none",
    because: `${examples}#example-bucket-policies-HTTP-HTTPS`,
  },
  {
    name: "what the Config rule s3-bucket-ssl-requests-only calls compliant",
    ask: plainHttp,
    policy: policy(deny({ Condition: { Bool: { "aws:SecureTransport": false } } })),
    expected: "none",
    because: "https://repost.aws/knowledge-center/s3-bucket-policy-for-config-rule",
  },
  {
    name: "an Allow that requires TLS, which the same page calls non-compliant",
    ask: plainHttp,
    policy: policy(allow({ Condition: { Bool: { "aws:SecureTransport": "true" } } })),
    expected: "found",
    because: "https://repost.aws/knowledge-center/s3-bucket-policy-for-config-rule",
    through: http({ principal: roleOf(own) }),
  },
  {
    name: "deny puts below TLS 1.2",
    ask: plainHttp,
    policy: policy(deny({ Action: "s3:PutObject", Condition: { NumericLessThan: { "s3:TlsVersion": 1.2 } } })),
    expected: "found",
    because: guide("amazon-s3-policy-keys"),
    through: http({ action: "s3:PutObject" }),
  },
  {
    name: "allow puts above TLS 1.1",
    ask: plainHttp,
    policy: policy(allow({ Action: "s3:PutObject", Condition: { NumericGreaterThan: { "s3:TlsVersion": 1.1 } } })),
    expected: "found",
    because: guide("amazon-s3-policy-keys"),
    through: http({ action: "s3:PutObject" }),
  },
  {
    name: "enforce modern TLS",
    ask: plainHttp,
    policy: policy(deny({ Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } })),
    expected: "found",
    because: "https://repost.aws/knowledge-center/s3-enforce-modern-tls",
    through: http(),
  },
  {
    name: "enforce modern TLS, beside the Deny of plain HTTP",
    ask: plainHttp,
    policy: policy(deny({ Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } }), deny({ Condition: overHttp })),
    expected: "none",
    because: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
  },
  {
    name: "the Terraform answer of the policy-as-code workshop: the bucket's own ARN only",
    ask: plainHttp,
    policy: policy(deny({ Resource: bucket, Condition: overHttp })),
    expected: "found",
    because: "https://github.com/aws-samples/policy-as-code",
    through: http(),
  },
  {
    name: "only from an address range",
    ask: plainHttp,
    policy: policy(deny({ Condition: { NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } } })),
    expected: "found",
    because: `${examples}#example-bucket-policies-IP`,
    through: http({ context: { "aws:SourceIp": "192.0.2.9" } }),
  },
  {
    name: "only through a VPC endpoint",
    ask: plainHttp,
    policy: policy(deny({ Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" } } })),
    expected: "found",
    because: guide("example-bucket-policies-vpc-endpoint"),
    through: http({ context: { "aws:SourceVpce": "vpce-1a2b3c4d" } }),
  },
  {
    name: "MFA for one folder",
    ask: plainHttp,
    policy: policy(
      deny({ Resource: `${bucket}/taxdocuments/*`, Condition: { Null: { "aws:MultiFactorAuthAge": true } } }),
    ),
    expected: "found",
    because: `${examples}#example-bucket-policies-MFA`,
    through: http(),
  },
];

const puts: readonly Row[] = [
  {
    name: "require SSE-KMS by the presence of a key id",
    ask: kmsPuts,
    policy: policy(denyPut({ Condition: { Null: { [`${header}-aws-kms-key-id`]: "true" } } })),
    expected: "none",
    because: `${examples}#example-bucket-policies-encryption`,
  },
  {
    name: "require one KMS key",
    ask: kmsPuts,
    policy: policy(denyPut({ Condition: { ArnNotEqualsIfExists: { [`${header}-aws-kms-key-id`]: key } } })),
    expected: "none",
    because: `${examples}#example-bucket-policies-encryption`,
  },
  {
    name: "require the AES256 header, on a bucket without a KMS default",
    ask: anyPuts,
    policy: policy(denyPut({ Condition: { StringNotEquals: { [header]: "AES256" } } })),
    expected: "none",
    because: guide("UsingServerSideEncryption"),
  },
  {
    name: "require the AES256 header, on a bucket with a KMS default",
    ask: kmsPuts,
    policy: policy(denyPut({ Condition: { StringNotEquals: { [header]: "AES256" } } })),
    expected: "found",
    because: guide("UsingServerSideEncryption"),
    through: put({ [header]: "AES256" }),
  },
  {
    name: "two Denies: a wrong header and a missing one",
    ask: anyPuts,
    policy: policy(
      denyPut({ Condition: { StringNotEquals: { [header]: "AES256" } } }),
      denyPut({ Condition: { Null: { [header]: "true" } } }),
    ),
    expected: "none",
    because: "https://aws.amazon.com/blogs/security/how-to-prevent-uploads-of-unencrypted-objects-to-amazon-s3/",
  },
  {
    name: "require the aws:kms header",
    ask: kmsPuts,
    policy: policy(denyPut({ Condition: { StringNotEquals: { [header]: "aws:kms" } } })),
    expected: "none",
    because: guide("UsingKMSEncryption"),
  },
  {
    name: "require the aws:kms:dsse header",
    ask: kmsPuts,
    policy: policy(denyPut({ Condition: { StringNotEquals: { [header]: "aws:kms:dsse" } } })),
    expected: "none",
    because: guide("UsingDSSEncryption"),
  },
  {
    name: "require customer-provided keys",
    ask: anyPuts,
    policy: policy(denyPut({ Condition: { Null: { [`${header}-customer-algorithm`]: "true" } } })),
    expected: "found",
    because: guide("ServerSideEncryptionCustomerKeys"),
    through: put({ [`${header}-customer-algorithm`]: "AES256" }),
  },
  {
    name: "forbid customer-provided keys",
    ask: lenientPuts,
    policy: policy(denyPut({ Condition: { Null: { [`${header}-customer-algorithm`]: "false" } } })),
    expected: "found",
    because: guide("ServerSideEncryptionCustomerKeys"),
    through: put({ [header]: "AES256" }),
  },
  {
    name: "the CDK answer of the policy-as-code workshop: every put is denied",
    ask: kmsPuts,
    policy: policy(
      denyPut({ Condition: { StringNotEquals: { [header]: "AES256" } } }),
      denyPut({ Condition: { StringNotEquals: { [header]: "aws:kms" } } }),
      denyPut({ Condition: { Null: { [header]: "true" } } }),
    ),
    expected: "none",
    because: "https://github.com/aws-samples/policy-as-code",
  },
];

const people: readonly Row[] = [
  {
    name: "two accounts may upload with a public-read ACL",
    ask: outsiders,
    policy: policy(
      allow({
        Principal: { AWS: [rootOf(own), rootOf(outside)] },
        Action: ["s3:PutObject", "s3:PutObjectAcl"],
        Condition: { StringEquals: { "s3:x-amz-acl": ["public-read"] } },
      }),
    ),
    expected: "found",
    because: `${examples}#example-bucket-policies-public-access`,
    through: foreign({ action: "s3:PutObject", context: { "s3:x-amz-acl": "public-read" } }),
  },
  {
    name: "another account may upload with full control for the owner",
    ask: outsiders,
    policy: policy(
      allow({
        Principal: { AWS: outside },
        Action: "s3:PutObject",
        Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } },
      }),
    ),
    expected: "found",
    because: `${examples}#example-bucket-policies-public-access`,
    through: foreign({ action: "s3:PutObject", context: { "s3:x-amz-acl": "bucket-owner-full-control" } }),
  },
  {
    name: "an own role may read tagged objects",
    ask: outsiders,
    policy: policy(
      allow({
        Principal: { AWS: roleOf(own, "JohnDoe") },
        Action: ["s3:GetObject", "s3:GetObjectVersion"],
        Condition: { StringEquals: { "s3:ExistingObjectTag/environment": "production" } },
      }),
    ),
    expected: "none",
    because: `${examples}#example-bucket-policies-object-tags`,
  },
  {
    name: "an own role may tag with some keys",
    ask: outsiders,
    policy: policy(
      allow({
        Principal: { AWS: [roleOf(own, "JohnDoe")] },
        Action: ["s3:PutObjectTagging"],
        Condition: { "ForAnyValue:StringEquals": { "s3:RequestObjectTagKeys": ["Owner", "CreationDate"] } },
      }),
    ),
    expected: "none",
    because: `${examples}#example-bucket-policies-object-tags`,
  },
  {
    name: "an own user may put objects with one tag",
    ask: outsiders,
    policy: policy(
      allow({
        Principal: { AWS: [userOf(own, "JohnDoe")] },
        Action: ["s3:PutObject"],
        Condition: { StringEquals: { "s3:RequestObjectTag/Department": "Finance" } },
      }),
    ),
    expected: "none",
    because: `${examples}#example-bucket-policies-object-tags`,
  },
  {
    name: "only the organisation",
    ask: outsiders,
    policy: policy(
      allow({ Principal: { AWS: "*" }, Condition: { StringEquals: { "aws:PrincipalOrgID": ["o-aa111bb222"] } } }),
    ),
    expected: "found",
    because: `${examples}#example-bucket-policies-global-condition-keys-2`,
    through: foreign({ context: { "aws:PrincipalOrgID": "o-aa111bb222" } }),
  },
  {
    name: "a Deny from outside an address range allows nothing",
    ask: outsiders,
    policy: policy(deny({ Condition: { NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } } })),
    expected: "none",
    because: `${examples}#example-bucket-policies-IP`,
  },
  {
    name: "a mix of IPv4 and IPv6 ranges",
    ask: outsiders,
    policy: policy(
      allow({
        Action: "s3:*",
        Condition: {
          IpAddress: { "aws:SourceIp": ["192.0.2.0/24", "2001:DB8:1234:5678::/64"] },
          NotIpAddress: { "aws:SourceIp": ["203.0.113.0/24", "2001:DB8:1234:5678:ABCD::/80"] },
        },
      }),
    ),
    expected: "found",
    because: `${examples}#example-bucket-policies-IP`,
    through: request({ context: { "aws:SourceIp": "2001:db8:1234:5678::1" } }),
  },
  {
    name: "requests from one web site",
    ask: outsiders,
    policy: policy(
      allow({
        Action: ["s3:GetObject", "s3:GetObjectVersion"],
        Condition: { StringLike: { "aws:Referer": ["http://www.example.com/*", "http://example.com/*"] } },
      }),
    ),
    expected: "found",
    because: `${examples}#example-bucket-policies-HTTP-HTTPS`,
    through: request({ context: { "aws:Referer": "http://example.com/page" } }),
  },
  {
    name: "an own user's folder",
    ask: outsiders,
    policy: policy(
      allow({
        Principal: { AWS: [userOf(own, "JohnDoe")] },
        Action: ["s3:ListBucket"],
        Resource: [bucket],
        Condition: { StringEquals: { "s3:prefix": ["", "home/", "home/JohnDoe"], "s3:delimiter": ["/"] } },
      }),
      allow({
        Principal: { AWS: [userOf(own, "JohnDoe")] },
        Action: ["s3:*"],
        Resource: [`${bucket}/home/JohnDoe/*`],
      }),
    ),
    expected: "none",
    because: `${examples}#example-bucket-policies-folders`,
  },
  {
    name: "only one own user may read a folder",
    ask: outsiders,
    policy: policy(
      allow({ Principal: { AWS: [userOf(own, "Ana")] }, Resource: `${bucket}/inventory/*` }),
      deny({
        Principal: { AWS: "*" },
        Action: ["s3:GetObject"],
        Resource: `${bucket}/inventory/*`,
        Condition: { ArnNotEquals: { "aws:PrincipalArn": userOf(own, "Ana") } },
      }),
    ),
    expected: "none",
    because: `${examples}#example-bucket-policies-s3-inventory-2`,
  },
  {
    name: "everybody may read, and a folder needs MFA",
    ask: outsiders,
    policy: policy(
      deny({ Resource: `${bucket}/taxdocuments/*`, Condition: { Null: { "aws:MultiFactorAuthAge": true } } }),
      allow({ Action: ["s3:GetObject"] }),
    ),
    expected: "found",
    because: `${examples}#example-bucket-policies-MFA`,
    through: request(),
  },
  {
    name: "a public web site",
    ask: outsiders,
    policy: policy(allow({ Action: ["s3:GetObject"] })),
    expected: "found",
    because: guide("WebsiteAccessPermissionsReqd"),
    through: request(),
  },
  {
    name: "a public web site behind restrict_public_buckets",
    ask: restricted,
    policy: policy(allow({ Action: ["s3:GetObject"] })),
    expected: "none",
    because: guide("access-control-block-public-access"),
  },
  {
    name: "another account may list the bucket",
    ask: outsiders,
    policy: policy(
      allow({
        Principal: { AWS: rootOf(outside) },
        Action: ["s3:GetLifecycleConfiguration", "s3:ListBucket"],
        Resource: [bucket],
      }),
    ),
    expected: "found",
    because: guide("example-walkthroughs-managing-access-example2"),
    through: foreign({ action: "s3:ListBucket", resource: bucket }),
  },
  {
    name: "an own user may copy from one source only",
    ask: outsiders,
    policy: policy(
      allow({ Principal: { AWS: userOf(own, "Dave") }, Action: "s3:PutObject" }),
      denyPut({
        Principal: { AWS: userOf(own, "Dave") },
        Condition: { StringNotLike: { "s3:x-amz-copy-source": "source/public/*" } },
      }),
    ),
    expected: "none",
    because: guide("amazon-s3-policy-keys"),
  },
  {
    name: "another account's user must grant full control",
    ask: outsiders,
    policy: policy(
      allow({
        Principal: { AWS: userOf(outside, "Dave") },
        Action: "s3:PutObject",
        Condition: { StringEquals: { "s3:x-amz-grant-full-control": "id=CanonicalUserID" } },
      }),
    ),
    expected: "found",
    because: guide("amazon-s3-policy-keys"),
    through: request({
      principal: userOf(outside, "Dave"),
      action: "s3:PutObject",
      context: { "s3:x-amz-grant-full-control": "id=CanonicalUserID" },
    }),
  },
  {
    name: "everything that comes through the account's access points",
    ask: outsiders,
    policy: policy(
      allow({
        Principal: { AWS: "*" },
        Action: "s3:*",
        Resource: [bucket, objects],
        Condition: { StringEquals: { "s3:DataAccessPointAccount": own } },
      }),
    ),
    expected: "found",
    because: `${guide("access-points-policies")}: an access point of the own account can let others in`,
    through: foreign({ context: { "s3:DataAccessPointAccount": own } }),
  },
  {
    name: "a source account's role may replicate into the bucket",
    ask: outsiders,
    policy: policy(
      allow({
        Principal: { AWS: roleOf(outside, "replication") },
        Action: ["s3:ReplicateDelete", "s3:ReplicateObject"],
      }),
    ),
    expected: "found",
    because: guide("replication-walkthrough-2"),
    through: request({ principal: roleOf(outside, "replication"), action: "s3:ReplicateObject" }),
  },
];

const services: readonly Row[] = [
  {
    name: "server access logs, bound to account and source bucket",
    ask: outsiders,
    policy: policy(
      delivery("logging.s3.amazonaws.com", {
        ArnLike: { "aws:SourceArn": "arn:aws:s3:::source" },
        StringEquals: { "aws:SourceAccount": own },
      }),
    ),
    expected: "none",
    because: guide("enable-server-access-logging"),
  },
  {
    name: "load balancer logs by the old account",
    ask: outsiders,
    policy: policy(
      allow({ Principal: { AWS: rootOf("127311923021") }, Action: "s3:PutObject", Resource: `${bucket}/AWSLogs/*` }),
    ),
    expected: "found",
    because: `${examples}#example-bucket-policies-access-logs`,
    through: request({
      principal: rootOf("127311923021"),
      action: "s3:PutObject",
      resource: `${bucket}/AWSLogs/x`,
    }),
  },
  {
    name: "load balancer logs by the service, bound to nobody",
    ask: outsiders,
    policy: policy(delivery("logdelivery.elasticloadbalancing.amazonaws.com")),
    expected: "found",
    because: `${examples}#example-bucket-policies-access-logs`,
    through: deliveredBy("logdelivery.elasticloadbalancing.amazonaws.com", { "aws:SourceAccount": outside }),
  },
  {
    name: "a CloudFront origin access identity",
    ask: outsiders,
    policy: policy(
      allow({ Principal: { AWS: "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity EH1HDMB1FH2TC" } }),
    ),
    expected: "fail",
    because: `${examples}#example-bucket-policies-cloudfront: an identity of an account of AWS's own`,
  },
  {
    name: "CloudFront origin access control",
    ask: outsiders,
    policy: policy(
      allow({
        Principal: { Service: "cloudfront.amazonaws.com" },
        Condition: { StringEquals: { "AWS:SourceArn": `arn:aws:cloudfront::${own}:distribution/EDFDVBD6EXAMPLE` } },
      }),
    ),
    expected: "none",
    because:
      "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html",
  },
  {
    name: "Storage Lens",
    ask: outsiders,
    policy: policy(
      delivery("storage-lens.s3.amazonaws.com", {
        StringEquals: {
          "s3:x-amz-acl": "bucket-owner-full-control",
          "aws:SourceAccount": own,
          "aws:SourceArn": `arn:aws:s3:eu-west-1:${own}:storage-lens/dashboard`,
        },
      }),
    ),
    expected: "none",
    because: `${examples}#example-bucket-policies-lens`,
  },
  {
    name: "inventory and analytics",
    ask: outsiders,
    policy: policy(
      delivery("s3.amazonaws.com", {
        ArnLike: { "aws:SourceArn": "arn:aws:s3:::source" },
        StringEquals: { "aws:SourceAccount": own, "s3:x-amz-acl": "bucket-owner-full-control" },
      }),
    ),
    expected: "none",
    because: `${examples}#example-bucket-policies-s3-inventory`,
  },
  {
    name: "CloudTrail, bound to a trail",
    ask: outsiders,
    policy: policy(
      allow({
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: "s3:GetBucketAcl",
        Resource: bucket,
        Condition: { StringEquals: { "aws:SourceArn": `arn:aws:cloudtrail:eu-west-1:${own}:trail/t` } },
      }),
      allow({
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: `${bucket}/AWSLogs/${own}/*`,
        Condition: {
          StringEquals: {
            "s3:x-amz-acl": "bucket-owner-full-control",
            "aws:SourceArn": `arn:aws:cloudtrail:eu-west-1:${own}:trail/t`,
          },
        },
      }),
    ),
    expected: "none",
    because: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
  },
  {
    name: "CloudTrail as it was printed before source keys",
    ask: outsiders,
    policy: policy(
      delivery("cloudtrail.amazonaws.com", { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } }),
    ),
    expected: "found",
    because: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
    through: deliveredBy("cloudtrail.amazonaws.com", {
      "s3:x-amz-acl": "bucket-owner-full-control",
      "aws:SourceAccount": outside,
    }),
  },
  {
    name: "VPC flow logs",
    ask: outsiders,
    policy: policy(
      delivery("delivery.logs.amazonaws.com", {
        StringEquals: { "aws:SourceAccount": own, "s3:x-amz-acl": "bucket-owner-full-control" },
        ArnLike: { "aws:SourceArn": `arn:aws:logs:eu-west-1:${own}:*` },
      }),
    ),
    expected: "none",
    because: "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html",
  },
  {
    name: "AWS Config",
    ask: outsiders,
    policy: policy(
      allow({
        Principal: { Service: "config.amazonaws.com" },
        Action: ["s3:GetBucketAcl", "s3:ListBucket"],
        Resource: bucket,
        Condition: { StringEquals: { "AWS:SourceAccount": own } },
      }),
    ),
    expected: "none",
    because: "https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html",
  },
];

/** Bucket policies that AWS prints. */
export const documentedBuckets: readonly Row[] = [...tls, ...puts, ...people, ...services];
