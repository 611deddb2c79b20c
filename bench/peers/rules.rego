package main

import rego.v1

changes(type) := [change | some change in input.resource_changes; change.type == type]

deny contains message if {
	some block in changes("aws_s3_bucket_public_access_block")
	some flag in ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"]
	not block.change.after[flag] == true
	message := sprintf("%s: %s is not true", [block.address, flag])
}

deny contains message if {
	some encryption in changes("aws_s3_bucket_server_side_encryption_configuration")
	some rule in encryption.change.after.rule
	some algorithm in rule.apply_server_side_encryption_by_default
	not algorithm.sse_algorithm in ["aws:kms", "aws:kms:dsse"]
	message := sprintf("%s: not encrypted with KMS", [encryption.address])
}

deny contains message if {
	some key in changes("aws_kms_key")
	not key.change.after.enable_key_rotation == true
	message := sprintf("%s: does not rotate", [key.address])
}
