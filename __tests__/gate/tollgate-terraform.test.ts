/** Turns calls of the wrapper, with a made-up terraform and judge, into what reached them: argv, streams, status, signals. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Workshop } from "./wrapper";

jest.setTimeout(60_000);

let shop: Workshop;
beforeAll(() => {
  shop = new Workshop();
});
afterAll(() => shop.remove());
afterEach(() => {
  // Whatever happened, no plan is left.
  expect(readdirSync(shop.private)).toEqual([]);
});

const PLAN = "plan -detailed-exitcode -out=PRIVATE/plan.tfplan";
const checkIn = (folder: string): string => `tollgate check plan.tfplan --show-in ${folder} --out json=report.json`;
const CHECK = `${checkIn("work")} --no-config`;

describe("what isn't an apply passes through untouched", () => {
  test("streams, folder and arguments", async () => {
    const ran = await shop.run(["console", "a b", "--x=y"], {}, "typed\n");
    expect(ran).toEqual({
      status: 0,
      signal: null,
      stdout: `typed\nin ${shop.work}\n`,
      stderr: "to stderr\n",
      calls: ["console a b --x=y"],
    });
  });

  test("status", async () => {
    expect((await shop.run(["validate"])).status).toBe(7);
  });

  test("death by a signal", async () => {
    expect(await shop.run(["graph"])).toMatchObject({ status: null, signal: "SIGTERM" });
  });

  test.each(["SIGINT", "SIGTERM"] as const)("%s reaches terraform, which ends as it wants", async (signal) => {
    const ran = await shop.run(["refresh"], {}, "", (said, child) => {
      if (said === "READY\n") child.kill(signal);
    });
    expect(ran).toMatchObject({ status: 9, stdout: `READY\nCAUGHT ${signal.slice(3)}\n` });
  });

  test("flags from the environment, which are Terraform's own to read", async () => {
    const ran = await shop.run(["fmt"], { TF_CLI_ARGS: "-x" });
    expect(ran.calls).toEqual(["fmt", "TF_CLI_ARGS=-x"]);
  });

  test("but no command of the environment's", async () => {
    const ran = await shop.run([], { TF_CLI_ARGS: "apply -auto-approve" });
    expect(ran.calls).toEqual([""]);
  });
});

test.each([
  ["applyapply", "-auto-approve"],
  ["apply/apply", "-auto-approve"],
  ["destroydestroy", "-auto-approve"],
  ["applyx", "myapply"],
  ["apply -auto-approve", "-auto-approve"],
  ["stacks", "deployment-run", "approve-all-plans"],
])("what is no command that is passed on never gets to terraform: %j", async (...argv) => {
  const ran = await shop.run(argv);
  expect(ran).toMatchObject({ status: 2, stdout: "", calls: [] });
  expect(ran.stderr).toMatch(
    /^tollgate-terraform: expected `apply`, or a command that applies nothing, found `[^\n]*`\n$/,
  );
});

describe("an apply", () => {
  test("is planned, judged, and applied from the very file", async () => {
    const ran = await shop.run(["apply", "-auto-approve", "-var=a=b", "-parallelism=3", "-no-color"]);
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(ran.stdout).toMatch(
      /^the plan\nthe verdict\ntollgate: passed \(plan sha256 [0-9a-f]{12}\)\nAPPLIED planned\n$/,
    );
    expect(ran.calls).toEqual([
      "plan -var=a=b -parallelism=3 -no-color -detailed-exitcode -out=PRIVATE/plan.tfplan",
      "-rw-------",
      CHECK,
      "apply -parallelism=3 -no-color PRIVATE/plan.tfplan",
    ]);
  });

  test.each([
    ["1", 1],
    ["3", 3],
    ["2", 2],
    ["77", 77],
  ])("that the judge objects to with %s is not applied", async (FAKE_STATUS, status) => {
    const ran = await shop.run(["apply", "-auto-approve"], { FAKE_STATUS, FAKE_VERDICT: "fail" });
    expect(ran.status).toBe(status);
    expect(ran.stdout).toMatch(/the verdict\ntollgate: blocked, nothing was applied \(plan sha256 [0-9a-f]{12}\)\n$/);
    expect(ran.calls).toEqual([PLAN, "-rw-------", CHECK]);
  });

  test.each([
    ["says pass but reports nothing", { FAKE_SILENT: "1" }],
    ["says pass but reports a fail", { FAKE_VERDICT: "fail" }],
    ["says pass about another file", { FAKE_SHA: "0".repeat(64) }],
    ["says pass while the file changes", { FAKE_CHANGE: "1" }],
  ] as [string, Record<string, string>][])("whose judge %s is not applied", async (_, env) => {
    const ran = await shop.run(["apply", "-auto-approve"], env);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(/^tollgate-terraform: .*\n$/);
    expect(ran.calls).toEqual([PLAN, "-rw-------", CHECK]);
  });

  test("whose plan fails ends as terraform did, judged by nobody", async () => {
    const ran = await shop.run(["apply", "-auto-approve"], { FAKE_PLAN_STATUS: "1" });
    expect(ran).toMatchObject({ status: 1, calls: [PLAN, "-rw-------"] });
  });

  test("that fails ends as terraform did", async () => {
    expect(await shop.run(["apply", "-auto-approve"], { FAKE_APPLY_STATUS: "5" })).toMatchObject({ status: 5 });
  });

  test("of a saved plan is judged too: a private copy of it", async () => {
    writeFileSync(join(shop.work, "given.tfplan"), "given");
    const ran = await shop.run(["apply", "-input=false", "given.tfplan"]);
    expect(ran).toMatchObject({ status: 0, calls: [CHECK, "apply -input=false PRIVATE/plan.tfplan"] });
    expect(ran.stdout).toContain("APPLIED given");
    expect(await shop.run(["apply", "given.tfplan"], { FAKE_STATUS: "1" })).toMatchObject({
      status: 1,
      calls: [CHECK],
    });
    expect(await shop.run(["apply", "missing.tfplan"])).toMatchObject({ status: 2, calls: [] });
  });

  test("in another folder stays there", async () => {
    mkdirSync(join(shop.work, "stack"), { recursive: true });
    writeFileSync(join(shop.work, "stack", "given.tfplan"), "elsewhere");
    const ran = await shop.run(["-chdir=stack", "apply", "-auto-approve"]);
    expect(ran.calls).toEqual([
      `-chdir=stack ${PLAN}`,
      "-rw-------",
      `${checkIn("stack")} --no-config`,
      "-chdir=stack apply PRIVATE/plan.tfplan",
    ]);
    expect((await shop.run(["-chdir=stack", "apply", "given.tfplan"])).stdout).toContain("APPLIED elsewhere");
  });

  test("takes the environment's flags as its own and shows them to nobody else", async () => {
    const env = {
      TF_CLI_ARGS_apply: "-target=a.b -auto-approve",
      TF_CLI_ARGS_plan: "-destroy",
      TF_CLI_ARGS: "-no-color",
    };
    const ran = await shop.run(["apply"], env);
    expect(ran.calls).toEqual([
      "plan -target=a.b -no-color -detailed-exitcode -out=PRIVATE/plan.tfplan",
      "-rw-------",
      CHECK,
      "apply -no-color PRIVATE/plan.tfplan",
    ]);
  });

  test("can't be told where to plan", async () => {
    const ran = await shop.run(["apply", "-auto-approve", "-out=elsewhere"]);
    expect(ran).toMatchObject({ status: 2, calls: [], stderr: "tollgate-terraform: `apply` has no flag `-out`\n" });
  });

  test("needs a folder for the plan in which nobody else can put another", async () => {
    const open = join(shop.folder, "open");
    mkdirSync(open);
    chmodSync(open, 0o777);
    const ran = await shop.run(["apply", "-auto-approve"], { TMPDIR: open });
    expect(ran).toMatchObject({ status: 2, calls: [] });
    expect(ran.stderr).toMatch(
      /^tollgate-terraform: expected a private temporary folder [^\n]*others can rename[^\n]*\n$/,
    );
    chmodSync(open, 0o1777);
    expect(await shop.run(["apply", "-auto-approve"], { TMPDIR: open })).toMatchObject({ status: 0 });
    rmSync(open, { recursive: true });
    expect(await shop.run(["apply", "-auto-approve"], { TMPDIR: open })).toMatchObject({ status: 2, calls: [] });
  });

  test("destroys by a plan to destroy", async () => {
    const ran = await shop.run(["destroy", "-auto-approve"]);
    expect(ran.calls).toEqual([
      "plan -destroy -detailed-exitcode -out=PRIVATE/plan.tfplan",
      "-rw-------",
      CHECK,
      "apply PRIVATE/plan.tfplan",
    ]);
  });

  test("with machine-readable output leaves standard output to terraform", async () => {
    const ran = await shop.run(["apply", "-json", "-auto-approve"]);
    expect(ran.stdout).toBe("the plan\nAPPLIED planned\n");
    expect(ran.stderr).toMatch(/^the verdict\ntollgate: passed/);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("lets terraform end in peace at %s", async (signal) => {
    const ran = await shop.run(["apply", "-auto-approve"], { FAKE_SLOW: "1" }, "", (said, child) => {
      if (said.endsWith("READY\n")) child.kill(signal);
    });
    expect(ran).toMatchObject({ status: 9 });
    expect(ran.stdout).toContain(`CAUGHT ${signal.slice(3)}`);
  });
});

describe("approval", () => {
  test("is asked for in Terraform's words, and only yes is one", async () => {
    const ran = await shop.run(["apply"], {}, "yes\n");
    expect(ran.stdout).toMatch(/\nDo you want to perform these actions\?\n {2}Terraform will perform/);
    expect(ran.stdout).toMatch(/Only 'yes' will be accepted to approve\.\n\n {2}Enter a value: \nAPPLIED planned\n$/);
    for (const answer of ["no\n", "y\n", "YES\n", "\n"]) {
      const refused = await shop.run(["apply"], {}, answer);
      expect(refused).toMatchObject({ status: 1, calls: [PLAN, "-rw-------", CHECK] });
      expect(refused.stdout).toMatch(/Apply cancelled\.\n$/);
    }
  });

  test("can't be given by nobody", async () => {
    expect(await shop.run(["apply"])).toMatchObject({ status: 1, stderr: "\nError: error asking for approval: EOF\n" });
  });

  test("of a destroy and of a refresh has its own question", async () => {
    expect((await shop.run(["destroy"], {}, "yes\n")).stdout).toContain(
      "Do you really want to destroy all resources?\n",
    );
    expect((await shop.run(["apply", "-refresh-only"], {}, "yes\n")).stdout).toContain("update the Terraform state");
  });

  test("names the workspace", async () => {
    const ran = await shop.run(["apply"], { TF_WORKSPACE: "blue" }, "yes\n");
    expect(ran.stdout).toContain('Do you want to perform these actions in workspace "blue"?\n');
  });

  test("isn't needed where nothing changes", async () => {
    const ran = await shop.run(["apply"], { FAKE_PLAN_STATUS: "0" });
    expect(ran).toMatchObject({ status: 0 });
    expect(ran.stdout).not.toContain("Enter a value");
  });

  test("isn't asked for what was blocked", async () => {
    const ran = await shop.run(["apply"], { FAKE_STATUS: "1" }, "yes\n");
    expect(ran).toMatchObject({ status: 1 });
    expect(ran.stdout).not.toContain("Enter a value");
  });

  test("can't be forged by a report", async () => {
    const text = "Do you want to perform these actions?\nvar.x\n Enter a value: \napproved using the UI or API\n";
    const ran = await shop.run(["apply", "-auto-approve"], { FAKE_STATUS: "1", FAKE_TEXT: text });
    expect(ran.stdout).not.toMatch(/Do you want|Enter a value:|approved using/);
  });
});

describe("reports", () => {
  test("are kept where they are asked for, one name a stack", async () => {
    const reports = join(shop.folder, "kept");
    const ran = await shop.run(["apply", "-auto-approve"], { TOLLGATE_REPORTS: reports });
    expect(ran.stdout).toContain("; report: ../kept/work.txt\n");
    expect(readdirSync(reports).sort()).toEqual(["work.json", "work.txt"]);
    expect(readFileSync(join(reports, "work.txt"), "utf8")).toBe("the report\n");
    rmSync(reports, { recursive: true });
  });

  test("of a CDKTF project are kept in its reports folder", async () => {
    const stack = join(shop.work, "cdktf.out", "stacks", "data");
    mkdirSync(stack, { recursive: true });
    writeFileSync(join(shop.work, "cdktf.json"), "{}");
    writeFileSync(join(shop.work, "tollgate.json"), "{}");
    // The code that is judged wrote this one: it excuses nothing.
    writeFileSync(join(stack, "tollgate.json"), "{}");
    const ran = await shop.run(["-chdir=cdktf.out/stacks/data", "apply", "-auto-approve"]);
    expect(readdirSync(join(shop.work, "reports")).sort()).toEqual(["data.json", "data.txt"]);
    expect(ran.calls).toContain(`${checkIn("data")} --out text=data.txt --out json=data.json --config tollgate.json`);
    // Nor where the project has none.
    rmSync(join(shop.work, "tollgate.json"));
    const without = await shop.run(["-chdir=cdktf.out/stacks/data", "apply", "-auto-approve"]);
    expect(without.calls).toContain(`${checkIn("data")} --out text=data.txt --out json=data.json --no-config`);
    for (const name of ["cdktf.json", "cdktf.out", "reports"]) rmSync(join(shop.work, name), { recursive: true });
  });

  test("follow the settings of the environment", async () => {
    const env = { TOLLGATE_CONFIG: "other.json", TOLLGATE_ACCOUNT: "123456789012", TOLLGATE_ON_UNDECIDED: "allow" };
    const ran = await shop.run(["apply", "-auto-approve"], { ...env, FAKE_VERDICT: "undecided" });
    expect(ran.calls).toContain(`${checkIn("work")} --config other.json --account 123456789012 --on-undecided allow`);
    expect(ran.status).toBe(0);
  });
});

describe("the real terraform", () => {
  test("is never the wrapper itself", async () => {
    const named = await shop.run(["version"], { TOLLGATE_TERRAFORM: shop.wrapper });
    expect(named).toMatchObject({ status: 2, calls: [] });
    expect(named.stderr).toMatch(/^tollgate-terraform: `TOLLGATE_TERRAFORM`: .*itself\n$/);
    symlinkSync(shop.wrapper, join(shop.folder, "bin", "terraform"));
    expect(await shop.run(["version"])).toMatchObject({ status: 0, calls: ["version"] });
    rmSync(join(shop.folder, "bin", "terraform"));
  });

  test("behind a script that calls the wrapper again is told so, not looked for for ever", async () => {
    const script = join(shop.folder, "loop");
    writeFileSync(script, '#!/bin/sh\nexec tollgate-terraform "$@"\n', { mode: 0o755 });
    const ran = await shop.run(["version"], { TOLLGATE_TERRAFORM: script });
    expect(ran).toMatchObject({ status: 2, calls: [] });
    expect(ran.stderr).toMatch(/started by itself/);
  });

  test("that isn't there is asked for in one line", async () => {
    const ran = await shop.run(["apply"], { TOLLGATE_TERRAFORM: "/nowhere/terraform" });
    expect(ran).toMatchObject({ status: 2, stdout: "", calls: [] });
    expect(ran.stderr).toMatch(/^tollgate-terraform: `TOLLGATE_TERRAFORM`: expected [^\n]*\n$/);
  });
});
