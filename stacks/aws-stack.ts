/** Turns a scope and an id into an empty stack with the AWS provider, at a version range that both majors in use satisfy. */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Backend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/**
 * The bindings describe provider 6 and would demand exactly the version they were made from. Nothing here uses what 5.100
 * does not have (such as `region` on a resource), so that either major plans these stacks.
 */
export const awsProviderVersions = ">= 5.100.0, < 7.0.0";

/** A bucket that keeps Terraform's state, and the key that a put into it must name: what the stack `state` makes. */
export interface RemoteState {
  readonly bucket: string;
  /** The key's ARN. */
  readonly key: string;
}

/** The object in the state bucket that holds a stack's state. Its lock stands beside it, with `.tflock` at the end. */
export function stateObject(stack: string): string {
  return `${stack}/terraform.tfstate`;
}

/**
 * A stack with the AWS provider. Region and credentials come from the environment, as for every AWS tool; nothing is
 * written down here. Without `state` the state is a file in the checkout.
 */
export class AwsStack extends TerraformStack {
  constructor(scope: Construct, id: string, state?: RemoteState) {
    super(scope, id);
    new AwsProvider(this, "aws");
    this.addOverride("terraform.required_providers.aws.version", awsProviderVersions);
    if (state === undefined) return;
    new S3Backend(this, { bucket: state.bucket, key: stateObject(id), kmsKeyId: state.key, encrypt: true });
    // S3's own conditional writes lock the state, no table is needed (Terraform 1.10); CDKTF doesn't know the setting.
    this.addOverride("terraform.backend.s3.use_lockfile", true);
  }
}
