/** Turns the compliant bucket into a stack that can be deployed as it is. */
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { AwsStack } from "./aws-stack";
import { CompliantBucket, type CompliantBucketProps } from "./compliant-bucket";

/** The stack that the pipeline deploys: one compliant bucket, with what its users need to know as outputs. */
export class BucketStack extends AwsStack {
  constructor(scope: Construct, id: string, props: CompliantBucketProps = {}) {
    super(scope, id);
    const { bucket, key } = new CompliantBucket(this, "site", { bucketPrefix: "tollgate-site-", ...props });
    new TerraformOutput(this, "bucket", { value: bucket.bucket, description: "the bucket's name" });
    new TerraformOutput(this, "key", { value: key.arn, description: "the key that a put must name" });
  }
}
