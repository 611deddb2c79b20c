/** A stack that judges itself at synth: what fails stops the synthesis, with the place, the request and the fix. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "../..");
const folder = mkdtempSync(join(root, "__tests__/package/.synth-"));
const out = mkdtempSync(join(tmpdir(), "tollgate-synth-"));
afterAll(() => {
  for (const one of [folder, out]) rmSync(one, { recursive: true, force: true });
});
jest.setTimeout(120_000);

/** An app with one bucket and its policy; `statement` is the policy's, `how` makes text of it. */
const app = (resource: string, how: string) => `
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { App, Fn, TerraformStack } from "cdktf";
import { passesGate, waive } from "../../../dist/index.cjs";
const app = new App({ outdir: ${JSON.stringify(out)} });
const stack = new TerraformStack(app, "site");
new AwsProvider(stack, "aws");
const bucket = new S3Bucket(stack, "bucket");
new S3BucketPolicy(stack, "policy", { bucket: bucket.id, policy: ${how}({ Version: "2012-10-17", Statement: [
  { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: ${resource}, Condition: { Bool: { "aws:SecureTransport": "false" } } },
] }) });
const rest = ["s3-block-public-access", "s3-encrypted-puts-only", "s3-encryption-configured", "s3-kms-encryption"];
for (const rule of rest) waive(bucket, { rule, reason: "not the point here", owner: "tests", expires: "2999-12-31" });
stack.node.addValidation(passesGate(stack, { config: {} }));
app.synth();
`;
function synth(resource: string, how: string): { status: number | null; stderr: string; isWritten: boolean } {
  const { JEST_WORKER_ID: _, ...env } = process.env;
  writeFileSync(join(folder, "main.ts"), app(resource, how));
  const written = join(out, "stacks/site/cdk.tf.json");
  rmSync(written, { force: true });
  const args = ["--require", "./dist/trace.cjs", "--import", "tsx", join(folder, "main.ts")];
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    env: { ...env, CDKTF_OUTDIR: out, CHECKPOINT_DISABLE: "1" },
  });
  return { status, stderr, isWritten: existsSync(written) };
}

beforeAll(() => {
  execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: root });
});

const both = "[bucket.arn, bucket.arn + '/*']";

test.each(["JSON.stringify", "Fn.jsonencode"])(
  "%s: the bucket's ARN alone is not enough, and nothing is written",
  (how) => {
    const { status, stderr, isWritten } = synth("bucket.arn", how);
    expect(stderr).toMatch(
      /\[site\] s3-tls-only at __tests__\/package\/\.synth-\w+\/main\.ts:10 \(site\/bucket\): plain HTTP gets through: .*; gets through: anyone, without TLS, can read the object .*; fix: deny/,
    );
    expect(stderr.match(/s3-\w+-\w+ at/g)).toHaveLength(1);
    expect([status, isWritten]).toEqual([1, false]);
  },
);

test.each(["JSON.stringify", "Fn.jsonencode"])("%s: with its objects it passes", (how) => {
  expect(synth(both, how)).toEqual({ status: 0, stderr: "", isWritten: true });
});
