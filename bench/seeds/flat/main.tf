# Every resource with `for_each` over the units.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

variable "units" {
  type = map(string)
}

resource "aws_s3_bucket" "this" {
  for_each = var.units
  bucket   = "tollgate-${each.key}"
  tags     = { label = each.value }
}

resource "aws_kms_key" "this" {
  for_each            = var.units
  description         = "key of ${each.key}"
  enable_key_rotation = true
}

resource "aws_kms_alias" "this" {
  for_each      = var.units
  name          = "alias/${each.key}"
  target_key_id = aws_kms_key.this[each.key].key_id
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each                = var.units
  bucket                  = aws_s3_bucket.this[each.key].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = var.units
  bucket   = aws_s3_bucket.this[each.key].id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.this[each.key].arn
    }
    bucket_key_enabled = true
  }
}

data "aws_iam_policy_document" "this" {
  for_each = var.units
  statement {
    sid       = "TransportIsEncrypted"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.this[each.key].arn, "${aws_s3_bucket.this[each.key].arn}/*"]
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
  statement {
    sid       = "PutsAreEncrypted"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.this[each.key].arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "StringNotEquals"
      variable = "s3:x-amz-server-side-encryption"
      values   = ["aws:kms"]
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  for_each = var.units
  bucket   = aws_s3_bucket.this[each.key].id
  policy   = data.aws_iam_policy_document.this[each.key].json
}
