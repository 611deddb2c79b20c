/** `cdktf deploy` itself with the gate in place of terraform, against the emulator: what passes is there, what doesn't isn't. */
import { readdirSync } from "node:fs";
import { type Emulator, startEmulator } from "../../scripts/emulator";
import { expectDone } from "../end-to-end/outcome";
import { describeWithEmulator } from "../end-to-end/whole";
import { Project } from "./cdktf";

jest.setTimeout(900_000);

const STORAGE = [
  "aws_s3_bucket",
  "aws_s3_bucket_policy",
  "aws_s3_bucket_public_access_block",
  "aws_s3_bucket_server_side_encryption_configuration",
];

describeWithEmulator("cdktf deploy through the gate", () => {
  let emulator: Emulator;
  let project: Project;
  const deploy = ["deploy", "*", "--auto-approve", "--skip-provider-lock"];

  beforeAll(async () => {
    emulator = await startEmulator();
    project = new Project(emulator);
  });
  afterAll(async () => {
    project?.remove();
    await emulator?.stop();
  });

  test("a stack that breaks a rule is blocked, and the stacks that need it never start", async () => {
    const { status, stdout, stderr } = await project.cdktf(deploy, "data");
    const said = `${stdout}${stderr}`;
    expect(status).toBe(1);
    expect(said).toContain("s3-block-public-access");
    expect(said).toContain("tollgate: blocked, nothing was applied");
    expect(said).toContain("Invoking Terraform CLI failed with exit code 1");
    for (const stack of ["data", "consumer", "other"]) expect(project.state(stack)).toEqual([]);
    expect(project.report("data")).toContain("aws_s3_bucket.bucket");
  });

  test("compliant stacks are deployed, side by side and in the order of their dependencies", async () => {
    const { status, stdout, stderr } = await project.cdktf([...deploy, "--parallelism", "2"]);
    expectDone({ status, stdout, stderr });
    for (const stack of ["data", "other"]) expect(project.state(stack)).toEqual(STORAGE);
    expect(project.state("consumer")).toEqual(["aws_ssm_parameter"]);
    expect(stdout).toContain("tollgate: passed");
  });

  test("a later change that breaks a rule is blocked, with one stack at a time too, and what is there stays", async () => {
    const { status, stdout } = await project.cdktf([...deploy, "--parallelism", "1"], "other");
    expect(status).toBe(1);
    expect(stdout).toContain("tollgate: blocked, nothing was applied");
    expect(project.state("other")).toEqual(STORAGE);
  });

  test("an approval is asked for and given in cdktf's own way", async () => {
    const { status, said } = await project.interactive(
      ["deploy", "data", "--refresh-only=false", "--skip-provider-lock"],
      "Approve",
      "\r",
    );
    expectDone({ status, stdout: said });
  });

  test("everything can be destroyed, whatever the code says by now", async () => {
    expectDone(await project.cdktf(["destroy", "*", "--auto-approve"], "data,other"));
    for (const stack of ["data", "consumer", "other"]) expect(project.state(stack)).toEqual([]);
  });

  test("no plan is left behind", () => {
    expect(readdirSync(project.temporary).filter((name) => name.startsWith("tollgate-"))).toEqual([]);
  });
});
