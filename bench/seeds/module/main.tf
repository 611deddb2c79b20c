# One module with `for_each` over the units.
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

module "this" {
  source   = "../unit"
  for_each = var.units
  name     = each.key
  label    = each.value
}
