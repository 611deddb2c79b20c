# As a module does it: instances by count, statements put together by conditions.
variable "name" { type = string }
variable "root" { type = string }
variable "is_open" { type = bool }

resource "aws_s3_bucket" "this" {
  count         = 1
  bucket_prefix = "truth-${var.name}-"
}

locals {
  arn = one(aws_s3_bucket.this[*].arn)
  statements = concat(
    [for suffix in ["", "/*"] : {
      Sid       = "Tls${length(suffix)}"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "${local.arn}${suffix}"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }],
    var.is_open ? [{ Sid = "Own", Effect = "Allow", Principal = { AWS = var.root }, Action = "s3:List*", Resource = local.arn }] : [],
  )
}

resource "aws_s3_bucket_policy" "this" {
  count  = var.name == "" ? 0 : 1
  bucket = try(aws_s3_bucket.this[0].id, "")
  policy = jsonencode({ Version = "2012-10-17", Id = replace(var.name, "/[^a-z]/", "-"), Statement = local.statements })
}
