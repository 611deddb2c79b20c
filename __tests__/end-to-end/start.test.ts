/** `npm start` as a newcomer meets it: without an account, with one, without Terraform, without a provider. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../scripts/emulator";
import { hasCredentials, placeholderAccount } from "../../scripts/placeholder";
import { root } from "../../scripts/synth";
import { quietEnvironment } from "../../scripts/terraform";
import { describeWithEmulator } from "./whole";

jest.setTimeout(600_000);

/** The environment of somebody who has never used AWS, and what a test adds to it. */
function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const env = Object.fromEntries(Object.entries(quietEnvironment()).filter(([name]) => !name.startsWith("AWS_")));
  return { ...env, AWS_SHARED_CREDENTIALS_FILE: "none", AWS_CONFIG_FILE: "none", ...more };
}

function start(args: readonly string[], env: NodeJS.ProcessEnv) {
  const script = ["--import", "tsx", join("scripts", "start.ts"), ...args];
  return spawnSync(process.execPath, script, { cwd: root, env, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tollgate-start-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeWithEmulator("npm start", () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator();
  });
  afterAll(() => emulator?.stop());

  test("without an account: the compliant stack passes, as an account that is nobody's", () => {
    const { status, stdout, stderr } = start([], environment());
    expect(stderr).toContain(`planning with placeholder ones, as account ${placeholderAccount}`);
    expect(stdout).toContain("PASS");
    expect(status).toBe(0);
  });

  test("the gate closes on the non-compliant stack", () => {
    const { status, stdout } = start(["--stack", "non-compliant"], environment());
    expect(stdout).toContain("FAIL");
    expect(status).toBe(1);
  });

  test("with credentials: the plan is the account's own", () => {
    const { status, stdout, stderr } = start([], emulator.env);
    expect(stderr).not.toContain("placeholder");
    expect(stdout).toContain("PASS");
    expect(status).toBe(0);
  });

  test("where no provider can be had, the synthesized JSON is judged and the gap is named", () => {
    const settings = join(folder, "terraform.rc");
    writeFileSync(
      settings,
      `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(folder)}\n  }\n}\n`,
    );
    rmSync(join(root, "cdktf.out", "placeholder"), { recursive: true, force: true });
    const { status, stdout, stderr } = start([], environment({ TF_CLI_CONFIG_FILE: settings }));
    expect(stderr).toContain("the AWS provider can't be had");
    expect(stderr).toContain("this was not a plan");
    expect(stdout).toContain("s3-tls-only");
    expect([0, 3]).toContain(status);
  });
});

describe("npm start without Terraform", () => {
  test("judges the synthesized JSON, says what that leaves open and how to get Terraform", () => {
    for (const tool of ["bash", "sh", "env", "node"])
      symlinkSync(execFileSync("which", [tool], { encoding: "utf8" }).trim(), join(folder, tool));
    const { status, stdout, stderr } = start([], environment({ PATH: folder }));
    expect(stderr).toContain("expected `terraform` or `tofu` in PATH");
    expect(stderr).toContain("https://developer.hashicorp.com/terraform/install");
    expect(stderr).toContain("what already");
    expect(stdout).toContain("s3-tls-only");
    expect([0, 3]).toContain(status);
  });
});

describe("npm start with wrong flags", () => {
  test("names the stacks that there are", () => {
    const { status, stderr } = start(["--stack", "compliant"], environment());
    expect(stderr).toContain("expected `--stack` to be one of `compliant-bucket`, `fleet`, `non-compliant`");
    expect(status).toBe(2);
  });

  test("names the kinds of credentials", () => {
    const { status, stderr } = start(["--credentials", "mine"], environment());
    expect(stderr).toContain("found `mine`");
    expect(status).toBe(2);
  });
});

describe("credentials", () => {
  const none = { AWS_SHARED_CREDENTIALS_FILE: "none", AWS_CONFIG_FILE: "none" };

  test.each([
    ["AWS_ACCESS_KEY_ID"],
    ["AWS_PROFILE"],
    ["AWS_WEB_IDENTITY_TOKEN_FILE"],
    ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"],
    ["AWS_CONTAINER_CREDENTIALS_FULL_URI"],
  ])("are there with %s", (name) => {
    expect(hasCredentials({ ...none, [name]: "x" })).toBe(true);
  });

  test("are there in a file that leads to some, not in one with a region only", () => {
    const file = join(folder, "config");
    writeFileSync(file, "[default]\nregion = eu-west-1\n");
    expect(hasCredentials({ ...none, AWS_CONFIG_FILE: file })).toBe(false);
    writeFileSync(file, "[default]\nsso_session = work\n");
    expect(hasCredentials({ ...none, AWS_CONFIG_FILE: file })).toBe(true);
    expect(hasCredentials(none)).toBe(false);
  });
});
