/** Key policies that AWS's documentation prints, in their smallest form, with the verdict that each deserves. */

import {
  allowKey,
  denyKey,
  foreignDecrypt,
  key,
  keyOutsiders,
  outside,
  own,
  policy,
  type Row,
  roleOf,
  rootOf,
  userOf,
} from "./row";

const guide = (page: string): string => `https://docs.aws.amazon.com/kms/latest/developerguide/${page}.html`;

const use = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];
const grants = ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"];

/** The rows are all about other accounts and mostly pass: only what differs is written. */
const row = (name: string, because: string, document: Row["policy"], through?: Row["through"]): Row => ({
  name,
  ask: keyOutsiders,
  policy: document,
  expected: through === undefined ? "none" : "found",
  because,
  ...(through === undefined ? {} : { through }),
});

/** Key policies that AWS prints. */
export const documentedKeys: readonly Row[] = [
  row("the default key policy", guide("key-policy-default"), policy(allowKey())),
  row(
    "the console's key policy",
    guide("key-policy-default"),
    policy(
      allowKey(),
      allowKey({ Principal: { AWS: [userOf(own), roleOf(own)] }, Action: ["kms:Create*", "kms:Put*", "kms:Get*"] }),
      allowKey({ Principal: { AWS: [userOf(own), roleOf(own)] }, Action: use }),
      allowKey({
        Principal: { AWS: [userOf(own), roleOf(own)] },
        Action: grants,
        Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
      }),
    ),
  ),
  row(
    "the overview's key policy, with another account among the users",
    guide("key-policy-overview"),
    policy(allowKey(), allowKey({ Principal: { AWS: [userOf(own), roleOf(own), rootOf(outside)] }, Action: use })),
    foreignDecrypt(),
  ),
  row(
    "an external account may use the key",
    guide("key-policy-modifying-external-accounts"),
    policy(allowKey(), allowKey({ Principal: { AWS: [rootOf(outside)] }, Action: use })),
    foreignDecrypt(),
  ),
  row(
    "an external role and user may use the key",
    guide("key-policy-modifying-external-accounts"),
    policy(allowKey(), allowKey({ Principal: { AWS: [roleOf(outside), userOf(outside)] }, Action: use })),
    foreignDecrypt(),
  ),
  row(
    "an external account may create grants for AWS resources",
    guide("key-policy-modifying-external-accounts"),
    policy(
      allowKey(),
      allowKey({
        Principal: { AWS: rootOf(outside) },
        Action: grants,
        Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
      }),
    ),
    foreignDecrypt({ action: "kms:CreateGrant", context: { "kms:GrantIsForAWSResource": "true" } }),
  ),
  row(
    "the AWS managed key of EBS: everyone, confined by account and service",
    guide("conditions-kms"),
    policy(
      allowKey({
        Principal: { AWS: "*" },
        Action: use,
        Condition: { StringEquals: { "kms:CallerAccount": own, "kms:ViaService": "ec2.us-west-2.amazonaws.com" } },
      }),
    ),
  ),
  row(
    "Amazon Location creates grants for an own role",
    guide("key-policy-services"),
    policy(
      allowKey({
        Principal: { AWS: roleOf(own, "LocationTeam") },
        Action: "kms:CreateGrant",
        Condition: {
          StringEquals: {
            "kms:ViaService": "geo.us-west-2.amazonaws.com",
            "kms:CallerAccount": own,
            "kms:EncryptionContext:aws:geo:arn": `arn:aws:geo:us-west-2:${own}:tracker/SAMPLE-Tracker`,
          },
        },
      }),
    ),
  ),
  row(
    "CloudTrail encrypts its logs",
    guide("key-policy-services"),
    policy(
      allowKey({
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: "kms:GenerateDataKey",
        Condition: {
          ArnEquals: { "aws:SourceArn": [`arn:aws:cloudtrail:us-west-2:${own}:trail/finance`] },
          StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": [`arn:aws:cloudtrail:*:${own}:trail/*`] },
        },
      }),
    ),
  ),
  row(
    "everybody in the own account may decrypt CloudTrail's logs",
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
    policy(
      allowKey(),
      allowKey({
        Principal: { AWS: "*" },
        Action: ["kms:Decrypt", "kms:ReEncryptFrom"],
        Condition: {
          StringEquals: { "kms:CallerAccount": own },
          StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": `arn:aws:cloudtrail:*:${own}:trail/*` },
        },
      }),
    ),
  ),
  row(
    "another account may decrypt CloudTrail's logs",
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
    policy(
      allowKey(),
      allowKey({
        Principal: { AWS: "*" },
        Action: ["kms:Decrypt", "kms:ReEncryptFrom"],
        Condition: {
          StringEquals: { "kms:CallerAccount": outside },
          StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": `arn:aws:cloudtrail:*:${own}:trail/*` },
        },
      }),
    ),
    foreignDecrypt({
      context: { "kms:EncryptionContext:aws:cloudtrail:arn": `arn:aws:cloudtrail:eu-west-1:${own}:trail/t` },
    }),
  ),
  row(
    "CloudWatch Logs, bound to the account's log groups",
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    policy(
      allowKey(),
      allowKey({
        Principal: { Service: "logs.eu-west-1.amazonaws.com" },
        Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:eu-west-1:${own}:*` } },
      }),
    ),
  ),
  row(
    "SNS publishes to encrypted topics",
    "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
    policy(
      allowKey(),
      allowKey({
        Principal: { Service: "sns.amazonaws.com" },
        Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
      }),
    ),
  ),
  row(
    "S3 event notifications, bound to account and bucket",
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
    policy(
      allowKey(),
      allowKey({
        Principal: { Service: "s3.amazonaws.com" },
        Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
        Condition: { StringEquals: { "aws:SourceAccount": own }, ArnLike: { "aws:SourceArn": "arn:aws:s3:::source" } },
      }),
    ),
  ),
  row(
    "EventBridge sends to an encrypted queue",
    "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-target.html",
    policy(
      allowKey(),
      allowKey({
        Principal: { Service: "events.amazonaws.com" },
        Action: ["kms:GenerateDataKey", "kms:Decrypt"],
        Condition: {
          StringEquals: { "aws:SourceAccount": own },
          ArnLike: { "aws:SourceArn": `arn:aws:events:*:${own}:rule/*` },
        },
      }),
    ),
  ),
  row(
    "CloudFront origin access control",
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html",
    policy(
      allowKey(),
      allowKey({
        Principal: { Service: ["cloudfront.amazonaws.com"] },
        Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*"],
        Condition: { StringEquals: { "aws:SourceArn": `arn:aws:cloudfront::${own}:distribution/EDFDVBD6EXAMPLE` } },
      }),
    ),
  ),
  row(
    "an own role with an encryption context",
    guide("conditions-kms"),
    policy(
      allowKey({
        Principal: { AWS: roleOf(own, "RoleForExampleApp") },
        Action: "kms:GenerateDataKey",
        Condition: { StringEquals: { "kms:EncryptionContext:AppName": "ExampleApp" } },
      }),
    ),
  ),
  row(
    "another account's user with an encryption context and no other keys in it",
    guide("conditions-kms"),
    policy(
      allowKey({
        Principal: { AWS: userOf("712816755609", "alice") },
        Action: "kms:GenerateDataKey",
        Condition: {
          StringEquals: { "kms:EncryptionContext:AppName": "ExampleApp" },
          "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["AppName"] },
        },
      }),
    ),
    foreignDecrypt({
      principal: userOf("712816755609", "alice"),
      action: "kms:GenerateDataKey",
      context: { "kms:EncryptionContext:AppName": "ExampleApp", "kms:EncryptionContextKeys": ["AppName"] },
    }),
  ),
  row(
    "an own user may create grants for some operations",
    guide("conditions-kms"),
    policy(
      allowKey({
        Principal: { AWS: userOf(own) },
        Action: "kms:CreateGrant",
        Condition: { "ForAllValues:StringEquals": { "kms:GrantOperations": ["Encrypt", "ReEncryptTo"] } },
      }),
    ),
  ),
  row(
    "an own role is held to one algorithm",
    guide("conditions-kms"),
    policy(
      allowKey(),
      denyKey({
        Principal: { AWS: roleOf(own) },
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*"],
        Condition: { StringNotEquals: { "kms:EncryptionAlgorithm": "RSAES_OAEP_SHA_256" } },
      }),
    ),
  ),
  row(
    "a variable in the encryption context",
    guide("conditions-kms"),
    policy(
      allowKey({
        Principal: { AWS: roleOf(own, "TestTeam") },
        Action: ["kms:Decrypt", "kms:Encrypt"],
        Condition: { StringEquals: { "kms:EncryptionContext:user": "${aws:username}" } },
      }),
    ),
  ),
  row(
    "an own user may import material that does not expire",
    guide("conditions-kms"),
    policy(
      allowKey(),
      allowKey({
        Principal: { AWS: userOf(own) },
        Action: "kms:ImportKeyMaterial",
        Condition: { StringEquals: { "kms:ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE" } },
      }),
    ),
  ),
  row(
    "the whole organisation may use the key",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
    policy(
      allowKey(),
      allowKey({
        Principal: { AWS: "*" },
        Action: use,
        Condition: { StringEquals: { "aws:PrincipalOrgID": "o-xxxxxxxxxxx" } },
      }),
    ),
    foreignDecrypt({ context: { "aws:PrincipalOrgID": "o-xxxxxxxxxxx" } }),
  ),
  row(
    "the key's own ARN as the resource",
    guide("key-policy-overview"),
    policy(allowKey({ Resource: key }), allowKey({ Principal: { AWS: roleOf(outside) }, Resource: key })),
    foreignDecrypt(),
  ),
];
