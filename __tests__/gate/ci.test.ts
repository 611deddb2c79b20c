/** Turns the CI templates into files for this project and for others, and has their systems' readers look at them. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { parse } from "yaml";
import { ownFiles } from "../../scripts/ci-files";
import { root } from "../../scripts/synth";
import { filesOf, initialise, projectIn, SYSTEMS } from "../../validators/gate/init";
import { yamlScalar } from "../../validators/gate/templates/project";
import { InputError } from "../../validators/kernel/index";
import { actionlint, bitbucketSchema, buildspecSchema, inFolder, shellLines, stagesOf, testWith } from "./ci-readers";

jest.setTimeout(120_000);

/** Projects of others: CDKTF with tests, and plain Terraform at the top. */
const projects = inFolder(
  new Map([
    ["cdktf/cdktf.json", "{}"],
    ["cdktf/package.json", '{"scripts":{"test":"jest"}}'],
    ["cdktf/package-lock.json", "{}"],
    ["cdktf/cdktf.out/stacks/site/cdk.tf.json", "{}"],
    ["plain/main.tf", ""],
  ]),
  (folder) => ["cdktf", "plain"].map((name) => projectIn({ cwd: join(folder, name), version: "0.1.0" })),
);
const everyFile = [
  ...ownFiles(),
  ...projects.flatMap((project) => SYSTEMS.flatMap((system) => [...filesOf(system, project)])),
].map(([name, text], index) => ({ name: `${index} ${name}`, path: name, text }));
const of = (path: string) => everyFile.filter((file) => file.path === path);

test("this project's CI files are what the templates say (`npm run ci:files`)", () => {
  for (const [name, text] of ownFiles()) expect(readFileSync(join(root, name), "utf8")).toBe(text);
});

describe("every CI file", () => {
  test.each(everyFile)("$name runs the stages, and judges before it applies", ({ path, text }) => {
    const stages = stagesOf(text);
    if (path === "tollgate-apply.buildspec.yml") expect(stages).toEqual(["apply", "verify"]);
    else expect(stages.filter((stage) => stage === "preplan").length).toBeGreaterThan(0);
    const order = stages.filter((stage, at) => stages.indexOf(stage) === at);
    expect(order).toEqual(["preplan", "plan", "judge", "apply", "verify"].filter((stage) => order.includes(stage)));
  });

  test.each(everyFile)("$name hides no failure", ({ text }) => {
    for (const line of shellLines(text)) {
      expect(line).not.toMatch(/\|\|\s*(?:true|:)|;\s*true\s*$|allow_failure: true/);
      expect(line).not.toMatch(/terraform (?:apply|plan|destroy)|auto-approve/);
    }
    expect(text).not.toMatch(/continue-on-error|allow_failure: true|AWS_SECRET|AWS_ACCESS_KEY/);
    if (!/^\.github/.test(text)) expect(text).toMatch(/pipefail/);
  });

  test.each(everyFile)("$name installs without running what packages bring", ({ text }) => {
    for (const line of shellLines(text))
      if (/npm (?:ci|install)/.test(line)) expect(line).toContain("--ignore-scripts");
  });
});

describe("GitHub", () => {
  const files = of(".github/workflows/tollgate.yml");

  test.each(files)("$name passes actionlint", ({ text }) => {
    expect(actionlint(text)).toBe("");
  });

  test("actionlint does object to what is wrong", () => {
    expect(actionlint("on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - runs: x\n")).toMatch(
      /runs/,
    );
  });

  test.each(files)("$name pins every action to a commit", ({ text }) => {
    const uses = [...text.matchAll(/uses: (\S+)(.*)/g)];
    expect(uses.length).toBeGreaterThan(10);
    for (const [, action, comment] of uses) {
      expect(action).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40}$/);
      expect(comment).toMatch(/^ # v\d+\.\d+\.\d+$/);
    }
  });

  test.each(files)("$name gives each job the least", ({ text }) => {
    const workflow = parse(text);
    expect(workflow.permissions).toEqual({});
    const permissions = Object.fromEntries(
      Object.entries<{ permissions: unknown }>(workflow.jobs).map(([name, job]) => [name, job.permissions]),
    );
    const reads = { contents: "read" };
    expect(permissions).toEqual({
      ...(text.includes("matrix:") ? { test: reads } : {}),
      preplan: reads,
      plan: { ...reads, "id-token": "write", "security-events": "write" },
      apply: { ...reads, "id-token": "write" },
      verify: { ...reads, "id-token": "write" },
    });
    expect(workflow.jobs.apply).toMatchObject({
      environment: "production",
      needs: "plan",
      if: "github.event_name == 'push'",
    });
    expect(text).not.toMatch(/pull_request_target|secrets\./);
    // Values of strangers reach a shell as variables only.
    for (const line of shellLines(text)) expect(line).not.toContain("${{");
  });

  test.each(files)("$name keeps what the verifying found, whatever that is", ({ text }) => {
    const steps: { if?: string; uses?: string; with?: { path?: string } }[] = parse(text).jobs.verify.steps;
    const kept = steps[steps.length - 1];
    expect(kept?.uses).toMatch(/^actions\/upload-artifact@/);
    expect(kept?.if).toMatch(/^always\(\) && hashFiles\('[^']*gate\/junit\.xml'\) != ''$/);
    expect(kept?.with?.path).toMatch(/^(\S*gate)\/drift\.json\n\1\/junit\.xml\n$/);
  });

  test.each(files)("$name checks before there are credentials", ({ text }) => {
    const steps: { run?: string; uses?: string }[] = parse(text).jobs.plan.steps;
    const at = (wanted: RegExp) => steps.findIndex(({ run, uses }) => wanted.test(run ?? uses ?? ""));
    expect(at(/preplan/)).toBeGreaterThan(-1);
    expect(at(/preplan/)).toBeLessThan(at(/configure-aws-credentials/));
    expect(at(/configure-aws-credentials/)).toBeLessThan(at(/gate:? ?plan/));
  });
});

test("this project runs all its checks in every CI system, on GitHub with each Node.js that it supports and Terraform", () => {
  for (const text of ownFiles().values())
    expect(new Set(shellLines(text).filter((line) => /npm (?:run -s check|test)\b/.test(line)))).toEqual(
      new Set(["npm run -s check"]),
    );
  const { jobs } = parse(ownFiles().get(".github/workflows/tollgate.yml") ?? "");
  const versions: readonly number[] = jobs.test.strategy.matrix.node;
  const { engines }: { engines: { node: string } } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(engines.node).toMatch(new RegExp(`^>=${versions[0]}\\.`));
  expect(versions).toEqual([20, 22, 24]);
  const steps: { uses?: string; with?: object }[] = jobs.test.steps;
  const uses = (action: string) => steps.find((step) => step.uses?.startsWith(`${action}@`))?.with;
  expect(uses("actions/setup-node")).toMatchObject({ "node-version": "${{ matrix.node }}" });
  expect(uses("hashicorp/setup-terraform")).toMatchObject({ terraform_wrapper: false });
  // What isn't tested is neither planned nor applied.
  expect(jobs.plan.needs).toEqual(["test", "preplan"]);
});

test.each(everyFile.filter(({ path }) => !path.endsWith(".buildspec.yml")))(
  "$name: what is proposed is judged by what is in force, also where nothing is synthesized",
  ({ text }) => {
    const isHandedOver = text.includes("synth\n");
    expect(text).toMatch(
      /base\.sha \|\| github\.sha|refs\/heads\/\$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"|BITBUCKET_PR_DESTINATION_COMMIT:-/,
    );
    expect(text.includes("proposed")).toBe(!isHandedOver);
  },
);

describe("Bitbucket and CodeBuild", () => {
  test.each(of("bitbucket-pipelines.yml"))("$name has the shape that Bitbucket reads", ({ text }) => {
    expect(v.safeParse(bitbucketSchema, parse(text)).issues).toBeUndefined();
    const steps: { step: { deployment?: string; trigger?: string } }[] = parse(text).pipelines.branches.main;
    expect(steps.filter(({ step }) => step.deployment === "production").map(({ step }) => step.trigger)).toEqual([
      "manual",
    ]);
    for (const { step } of parse(text).pipelines["pull-requests"]["**"]) expect(step.deployment).toBeUndefined();
  });

  test.each(everyFile.filter(({ path }) => path.endsWith(".buildspec.yml")))(
    "$name has the shape that CodeBuild reads",
    ({ text }) => {
      expect(v.safeParse(buildspecSchema, parse(text)).issues).toBeUndefined();
    },
  );

  test.each(of("tollgate-apply.buildspec.yml"))("$name keeps what the verifying found", ({ text }) => {
    const { artifacts, reports } = parse(text);
    expect(artifacts).toEqual({ "base-directory": expect.stringMatching(/gate$/), files: ["drift.json"] });
    expect(reports.verified.files).toEqual([`${artifacts["base-directory"]}/junit.xml`]);
  });
});

describe("shell lines", () => {
  testWith("shellcheck")("pass shellcheck, each file as one script", () => {
    for (const { name, text } of everyFile) {
      const script = `#!/bin/bash\n${shellLines(text).join("\n")}\n`;
      // Variables come from the CI system; `set -e` is set there or by the lines themselves.
      const ran = spawnSync("shellcheck", ["--exclude=SC2154,SC2164", "-"], { input: script, encoding: "utf8" });
      expect({ name, said: ran.stdout }).toEqual({ name, said: "" });
    }
  });
});

test("GitLab: a merge request is judged by the branch that it is merged into, as it is now", () => {
  inFolder(new Map([["origin/judge", "old"]]), (folder) => {
    const origin = join(folder, "origin");
    const clone = join(folder, "clone");
    const git = (cwd: string, ...words: string[]): string => {
      const ran = spawnSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], {
        cwd,
        encoding: "utf8",
      });
      expect([words, ran.status, ran.stderr]).toEqual([words, 0, expect.anything()]);
      return ran.stdout.trim();
    };
    const commit = (judge: string): string => {
      writeFileSync(join(origin, "judge"), judge);
      git(origin, "add", "-A");
      git(origin, "commit", "-qm", judge);
      return git(origin, "rev-parse", "HEAD");
    };
    git(origin, "init", "-q", "-b", "main");
    commit("old");
    git(origin, "checkout", "-qb", "proposed");
    const proposed = commit("whatever the merge request likes");
    // A tag of the branch's name, as anybody may push it.
    git(origin, "tag", "main");
    git(origin, "checkout", "-q", "refs/heads/main", "-B", "main");
    const now = commit("new");
    git(folder, "clone", "-q", origin, clone);

    const lines: readonly string[] = parse(ownFiles().get(".gitlab-ci.yml") ?? "")[".target-branch"].before_script;
    const script = lines.slice(0, 2).join("\n");
    expect(script).toMatch(/^set -eo pipefail\nif .*; fi$/);
    const checkedOut = (env: Record<string, string>) => {
      git(clone, "checkout", "-q", "--detach", proposed);
      const { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: _, ...clean } = process.env;
      const ran = spawnSync("bash", ["-c", `${script}\necho went on`], {
        cwd: clone,
        env: { ...clean, ...env },
        encoding: "utf8",
      });
      return { head: git(clone, "rev-parse", "HEAD"), said: ran.stdout };
    };
    expect(checkedOut({ CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main" })).toEqual({ head: now, said: "went on\n" });
    // A push: what was pushed judges itself.
    expect(checkedOut({})).toEqual({ head: proposed, said: "went on\n" });
    // Where the branch can't be fetched, nothing is judged by what the merge request brings.
    expect(checkedOut({ CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "nowhere" }).said).toBe("");
  });
});

describe("GitLab, run by gitlab-ci-local", () => {
  const SHIM = `#!/bin/sh
echo "$*" >> "$CALLS"
dir=cdktf.out/stacks/compliant-bucket
case "$*" in
  *synth) mkdir -p $dir; echo '{}' > $dir/cdk.tf.json ;;
  *gate:preplan) test -f $dir/cdk.tf.json || exit 9 ;;
  *gate:plan) mkdir -p $dir/gate; echo plan > $dir/gate/plan.tfplan ;;
  *gate:judge) test -f $dir/gate/plan.tfplan || exit 9
    for file in seal.json report.html report.json report.sarif junit.xml gitlab.json; do echo '{}' > $dir/gate/$file; done
    exit "\${VERDICT:-0}" ;;
  *gate:apply) test -f $dir/gate/plan.tfplan && test -f $dir/gate/seal.json || exit 9 ;;
  *gate:verify) mkdir -p $dir/gate; echo '<x/>' > $dir/gate/junit.xml; echo '[]' > $dir/gate/drift.json ;;
esac
`;

  /** Runs the pipeline on `main` in a repository of its own, with a made-up npm; gives its end and the stages that ran. */
  function pipeline(text: string, args: readonly string[], env: Record<string, string> = {}) {
    const files = new Map([
      [".gitlab-ci.yml", text],
      ["pipelines/install-terraform.sh", "true\n"],
      ["shim/npm", SHIM],
    ]);
    return inFolder(files, (folder) => {
      const calls = join(folder, "..", `${folder.split("/").pop()}.calls`);
      const git = (...words: string[]) =>
        spawnSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], { cwd: folder });
      spawnSync("chmod", ["+x", join(folder, "shim", "npm")]);
      git("init", "-q", "-b", "main");
      git("add", "-A");
      git("commit", "-qm", "x");
      git("remote", "add", "origin", "git@example.com:group/name.git");
      git("update-ref", "refs/remotes/origin/main", "HEAD");
      const command = join(root, "node_modules", ".bin", "gitlab-ci-local");
      const ran = spawnSync(process.execPath, [command, "--force-shell-executor", "--shell-isolation", ...args], {
        cwd: folder,
        env: { ...process.env, ...env, CALLS: calls, PATH: `${join(folder, "shim")}:${process.env.PATH}` },
        encoding: "utf8",
      });
      const said = existsSync(calls) ? readFileSync(calls, "utf8") : "";
      spawnSync("rm", ["-f", calls]);
      return {
        status: ran.status,
        said: `${ran.stdout}${ran.stderr}`,
        stages: [...said.matchAll(/gate:(\w+)/g)].map(([, stage]) => stage),
      };
    });
  }
  const own = ownFiles().get(".gitlab-ci.yml") ?? "";

  testWith("rsync")("goes through to the end when the apply is started by hand", () => {
    const { status, stages } = pipeline(own, ["--manual", "apply"]);
    expect({ status, stages }).toEqual({
      status: 0,
      stages: ["preplan", "preplan", "plan", "judge", "apply", "verify"],
    });
  });

  testWith("rsync")("comes as far as the verdict by itself, and starts no apply that nobody asked for", () => {
    const { status, stages } = pipeline(own, ["--needs", "judge"]);
    expect({ status, stages }).toEqual({ status: 0, stages: ["preplan", "preplan", "plan", "judge"] });
    const unasked = pipeline(own, []);
    expect(unasked.stages).not.toContain("apply");
    expect(unasked.said).toContain("apply is when:manual");
  });

  testWith("rsync")("stops where the judge objects, with the report kept", () => {
    const { status, stages } = pipeline(own, ["--manual", "apply"], { VERDICT: "1" });
    expect(status).toBe(1);
    expect(stages).toEqual(["preplan", "preplan", "plan", "judge"]);
  });

  test.each(of(".gitlab-ci.yml"))("$name has the shape that GitLab reads", ({ text }) => {
    expect(pipeline(text, ["--list"])).toMatchObject({ status: 0 });
    expect(pipeline(text.replace("stage: judge", "stage: nowhere"), ["--list"]).status).not.toBe(0);
    expect(pipeline(text.replace("resource_group:", "resource_grop:"), ["--list"]).status).not.toBe(0);
  });
});

describe("tollgate init", () => {
  const version = "0.1.0";

  test.each(SYSTEMS)("%s: writes its files, says what to fill in, and never writes over what is there", (system) => {
    inFolder(new Map([["main.tf", ""]]), (cwd) => {
      const { files, next } = initialise(system, { cwd, version });
      for (const file of files) expect(existsSync(join(cwd, file))).toBe(true);
      expect(next.join("\n")).toMatch(/role/);
      for (const file of files) writeFileSync(join(cwd, file), "mine");
      expect(() => initialise(system, { cwd, version })).toThrow(/is there already: `--force`/);
      for (const file of files) expect(readFileSync(join(cwd, file), "utf8")).toBe("mine");
      initialise(system, { cwd, version, force: true });
      for (const file of files) expect(readFileSync(join(cwd, file), "utf8")).not.toBe("mine");
    });
  });

  test("all files of a system or none", () => {
    inFolder(new Map([["tollgate-apply.buildspec.yml", "mine"]]), (cwd) => {
      expect(() => initialise("codebuild", { cwd, version })).toThrow(InputError);
      expect(existsSync(join(cwd, "tollgate-plan.buildspec.yml"))).toBe(false);
    });
  });

  test("finds the only stack of a CDKTF project, and asks where there are several or none", () => {
    inFolder(new Map([["cdktf.json", "{}"]]), (cwd) => {
      expect(() => initialise("github", { cwd, version })).toThrow(/nothing is synthesized yet/);
      mkdirSync(join(cwd, "cdktf.out", "stacks", "a"), { recursive: true });
      expect(projectIn({ cwd, version }).directory).toBe("cdktf.out/stacks/a");
      mkdirSync(join(cwd, "cdktf.out", "stacks", "b"));
      expect(() => initialise("github", { cwd, version })).toThrow(/there are a, b/);
      expect(initialise("github", { cwd, version, directory: "cdktf.out/stacks/b" }).files).toHaveLength(1);
    });
  });

  test("takes no name that a shell or YAML would take apart", () => {
    for (const directory of ["a b", "$(x)", "a;b", "../x", "a\nb", "-rf", "${x}"])
      expect(() => projectIn({ cwd: root, version, directory })).toThrow(InputError);
    for (const branch of ["a b", "x]", '"'])
      expect(() => projectIn({ cwd: root, version, branch, directory: "." })).toThrow(InputError);
    expect(() => initialise("jenkins", { cwd: root, version })).toThrow(/expected `github`, `gitlab`/);
  });
});

test("a shell line survives YAML", () => {
  for (const line of [
    "npm run -s gate:plan",
    "echo: x",
    "a # b",
    "'x'",
    '"x"',
    "x: ",
    "- x",
    "[ ! -f x ] || y",
    "x:",
    "@x",
  ])
    expect(parse(`- ${yamlScalar(line)}`)).toEqual([line]);
});
