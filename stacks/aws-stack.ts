/** Turns a scope and an id into an empty stack with the AWS provider, at a version range that both majors in use satisfy. */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/**
 * The bindings describe provider 6 and would demand exactly the version they were made from. Nothing here uses what 5.100
 * does not have (such as `region` on a resource), so that either major plans these stacks.
 */
export const awsProviderVersions = ">= 5.100.0, < 7.0.0";

/** A stack with the AWS provider. Region and credentials come from the environment, as for every AWS tool; nothing is written down here. */
export class AwsStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, "aws");
    this.addOverride("terraform.required_providers.aws.version", awsProviderVersions);
  }
}
