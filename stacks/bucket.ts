/** Turns the compliant bucket into a stack that can be deployed as it is. */
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { AwsStack, type RemoteState } from "./aws-stack";
import { CompliantBucket, type CompliantBucketProps } from "./compliant-bucket";

/** What the names of the workload's buckets begin with, and the tag that its keys carry: the pipeline's roles go by them. */
export const workload = { bucketPrefix: "tollgate-site-", tag: "tollgate-workload" } as const;

/** The stack that the pipeline deploys: one compliant bucket, with what its users need to know as outputs. */
export class BucketStack extends AwsStack {
  constructor(scope: Construct, id: string, props: CompliantBucketProps & { readonly state?: RemoteState } = {}) {
    const { state, ...bucketProps } = props;
    super(scope, id, state);
    const { bucket, key } = new CompliantBucket(this, "site", {
      bucketPrefix: workload.bucketPrefix,
      tags: { [workload.tag]: id },
      ...bucketProps,
    });
    new TerraformOutput(this, "bucket", { value: bucket.bucket, description: "the bucket's name" });
    new TerraformOutput(this, "key", { value: key.arn, description: "the key that a put must name" });
  }
}
