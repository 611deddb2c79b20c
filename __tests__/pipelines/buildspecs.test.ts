/** What every buildspec of the pipeline has to keep, so that no failure in it can pass unseen. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBuildspec } from "../../scripts/codebuild";
import { readPipeline } from "../../scripts/codepipeline";
import { root } from "../../scripts/synth";
import { TERRAFORM } from "../../validators/gate/templates/project";
import { everyStack } from "../stacks/synthesized";

const folder = join(root, "pipelines");
const buildspecs = readdirSync(folder)
  .filter((name) => name.endsWith(".yml"))
  .map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
const scripts = Object.keys(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts);

test("the stack holds the three buildspecs, word for word", () => {
  const pipeline = readPipeline(everyStack().get("pipeline"));
  expect([...pipeline.projects.values()].map((project) => project.buildspec).sort()).toEqual(
    buildspecs.map(({ text }) => text).sort(),
  );
});

describe.each(buildspecs)("$name", ({ text }) => {
  const spec = readBuildspec(text);
  const phases = Object.values(spec.phases).flatMap((phase) => phase ?? []);
  const commands = phases.flatMap((phase) => [...phase.commands, ...phase.finally]);

  test("fails on any command of a pipe, from the first command on", () => {
    expect(spec.env.shell).toBe("bash");
    expect(commands[0]).toBe("set -o pipefail");
    expect(commands.filter((command) => /\bset\s+\+/.test(command))).toEqual([]);
  });

  test("hides no failure: one command a line, no `;`, no `||`, nothing in the background", () => {
    for (const command of commands) expect(command).not.toMatch(/\n|;|\|\||&\s*$/);
  });

  test("goes on after no failure", () => {
    for (const phase of phases) expect(phase["on-failure"]).toBe("ABORT");
  });

  test("pins Terraform by version and checksum", () => {
    expect(spec.env.variables).toMatchObject({
      TERRAFORM_VERSION: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      TERRAFORM_SHA256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(commands).toContain("bash pipelines/install-terraform.sh");
  });

  test("installs without running what packages bring, then builds by name", () => {
    const installs = commands.filter((command) => /npm (?:ci|install|i)\b/.test(command));
    expect(installs).toEqual(["npm ci --ignore-scripts --no-audit --no-fund"]);
    expect(commands[commands.indexOf(installs[0] ?? "") + 1]).toBe("npm run -s build");
  });

  test("calls scripts that there are", () => {
    const called = commands.flatMap((command) => /^npm run -s (\S+)/.exec(command)?.[1] ?? []);
    expect(called.length).toBeGreaterThan(0);
    for (const name of called) expect(scripts).toContain(name);
  });
});

test("all pin the Terraform that the other CI files pin", () => {
  const pins = buildspecs.map(({ text }) => readBuildspec(text).env.variables);
  for (const { TERRAFORM_VERSION: version, TERRAFORM_SHA256: sha256 } of pins)
    expect({ version, sha256 }).toEqual(TERRAFORM);
});

test(".ci/run installs without running what packages bring", () => {
  const lines = readFileSync(join(root, ".ci", "run"), "utf8").split("\n");
  const installs = lines.filter((line) => /^\s*npm (?:ci|install|i)\b/.test(line));
  expect(installs).toEqual([expect.stringMatching(/^npm ci --ignore-scripts --no-audit --no-fund /)]);
});

describe("install-terraform.sh", () => {
  const script = join(folder, "install-terraform.sh");
  /** Runs the script with a `curl` that delivers what it likes, and with no Terraform in sight. */
  function install(curl: string): { readonly status: number | null; readonly said: string } {
    const bin = mkdtempSync(join(tmpdir(), "tollgate-install-"));
    try {
      for (const tool of ["bash", "mktemp", "rm", "sha256sum", "grep", "cat"])
        symlinkSync(execFileSync("which", [tool], { encoding: "utf8" }).trim(), join(bin, tool));
      writeFileSync(join(bin, "curl"), `#!/bin/bash\n${curl}\n`, { mode: 0o755 });
      const env = { PATH: bin, TERRAFORM_VERSION: "1.11.4", TERRAFORM_SHA256: "0".repeat(64) };
      const { status, stdout, stderr } = spawnSync(join(bin, "bash"), [script], {
        env,
        encoding: "utf8",
        timeout: 20_000,
      });
      return { status, said: stdout + stderr };
    } finally {
      rmSync(bin, { recursive: true, force: true });
    }
  }

  test("refuses a release with another checksum", () => {
    const { status, said } = install('for word; do case $word in /*) echo forged > "$word" ;; esac; done');
    expect(said).toContain("terraform.zip: FAILED");
    expect(status).toBe(1);
  });

  test("fails where nothing can be fetched", () => {
    expect(install("exit 6").status).toBe(6);
  });
});
