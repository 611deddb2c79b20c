/** Turns the compliant bucket into the place where the other stacks keep their Terraform state. */
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { AwsStack, type RemoteState } from "./aws-stack";
import { CompliantBucket } from "./compliant-bucket";

/**
 * The first stack to deploy, from a checkout: its own state stays there, since nothing could hold it yet. Terraform refuses
 * to destroy bucket and key, unless it was said to be `removable`.
 */
export class StateStack extends AwsStack {
  readonly state: RemoteState;

  constructor(scope: Construct, id: string, { removable = false }: { readonly removable?: boolean } = {}) {
    super(scope, id);
    const { bucket, key } = new CompliantBucket(this, "state", {
      bucketPrefix: "tollgate-state-",
      // Old versions of a state are its only backup.
      noncurrentDays: 365,
      preventDestroy: !removable,
      forceDestroy: removable,
    });
    this.state = { bucket: bucket.bucket, key: key.arn };
    new TerraformOutput(this, "bucket", { value: bucket.bucket, description: "set TOLLGATE_STATE_BUCKET to it" });
    new TerraformOutput(this, "key", { value: key.arn, description: "set TOLLGATE_STATE_KEY to it" });
  }
}
