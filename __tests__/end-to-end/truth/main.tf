# Every style in which people write policies of buckets and keys that don't exist yet.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}

provider "aws" {
  region      = "us-east-1"
  max_retries = 3
}

variable "readers" {
  type    = map(list(string))
  default = { report = ["s3:GetObject", "s3:GetObjectVersion"], list = ["s3:ListBucket"] }
}

data "aws_caller_identity" "me" {}
data "aws_partition" "here" {}

locals {
  root = "arn:${data.aws_partition.here.partition}:iam::${data.aws_caller_identity.me.account_id}:root"
  tls  = { Bool = { "aws:SecureTransport" = false } }
  base = { Version = "2012-10-17" }
}

resource "aws_kms_key" "data" {
  policy = jsonencode(merge(local.base, {
    Statement = [{ Sid = "Own", Effect = "Allow", Principal = { AWS = local.root }, Action = "kms:*", Resource = "*" }]
  }))
}

resource "aws_s3_bucket" "encoded" {}
resource "aws_s3_bucket_policy" "encoded" {
  bucket = aws_s3_bucket.encoded.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Tls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.encoded.arn, "${aws_s3_bucket.encoded.arn}/*"]
        Condition = local.tls
      },
      {
        Sid       = "Key"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = format("%s/%s", aws_s3_bucket.encoded.arn, "*")
        Condition = { StringNotEquals = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = aws_kms_key.data.arn } }
      },
    ]
  })
}

resource "aws_s3_bucket" "heredoc" {}
resource "aws_s3_bucket_policy" "heredoc" {
  bucket = aws_s3_bucket.heredoc.bucket
  policy = <<-JSON
    {
      "Version": "2012-10-17",
      "Statement": [
        %{for name, actions in var.readers~}
        {
          "Sid": "${title(name)}",
          "Effect": "Allow",
          "Principal": {"AWS": "${local.root}"},
          "Action": ${jsonencode(actions)},
          "Resource": ["${aws_s3_bucket.heredoc.arn}", "${aws_s3_bucket.heredoc.arn}/*"]
        },
        %{endfor~}
        {
          "Effect": "Deny",
          "Principal": "*",
          "Action": "s3:*",
          "Resource": "${join("", ["arn:", data.aws_partition.here.partition, ":s3:::", aws_s3_bucket.heredoc.id, "/*"])}",
          "Condition": {"Bool": {"aws:SecureTransport": "false"}}
        }
      ]
    }
  JSON
}

resource "aws_s3_bucket" "template" {}
resource "aws_s3_bucket_policy" "template" {
  bucket = aws_s3_bucket.template.id
  policy = templatefile("${path.module}/policy.json.tftpl", { arn = aws_s3_bucket.template.arn, root = local.root })
}

data "aws_iam_policy_document" "tls" {
  statement {
    sid       = "Tls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.document.arn, "${aws_s3_bucket.document.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

data "aws_iam_policy_document" "stricter" {
  statement {
    sid       = "Puts"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.document.arn}/&{aws:username}/*", "${aws_s3_bucket.document.arn}/*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    condition {
      test     = "StringNotEquals"
      variable = "s3:x-amz-server-side-encryption"
      values   = ["aws:kms:dsse", "aws:kms"]
    }
  }
}

data "aws_iam_policy_document" "all" {
  source_policy_documents   = [data.aws_iam_policy_document.tls.json]
  override_policy_documents = [data.aws_iam_policy_document.stricter.json]
  dynamic "statement" {
    for_each = var.readers
    content {
      sid       = statement.key
      actions   = statement.value
      resources = [aws_s3_bucket.document.arn, "${aws_s3_bucket.document.arn}/*"]
      principals {
        type        = "AWS"
        identifiers = [local.root]
      }
    }
  }
}

resource "aws_s3_bucket" "document" {}
resource "aws_s3_bucket_policy" "document" {
  bucket = aws_s3_bucket.document.id
  policy = data.aws_iam_policy_document.all.json
}

module "site" {
  source   = "./site"
  for_each = toset(["logs", "media"])
  name     = each.key
  root     = local.root
  is_open  = each.key == "media"
}
