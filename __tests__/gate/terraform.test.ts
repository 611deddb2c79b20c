/** Turns made-up search paths and a made-up terraform into what the gate runs, and how it says that it can't. */
import {
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endBy, ended, PASSED_ON, passSignals, start } from "../../validators/gate/child";
import {
  captureTerraform,
  deeper,
  findTerraform,
  planTo,
  reason,
  runTerraform,
  showPlan,
  showPlanTo,
  terraformVersion,
  withoutExtraArguments,
} from "../../validators/gate/terraform";
import { InputError } from "../../validators/kernel/index";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "tollgate-terraform-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An executable shell script. */
function script(name: string, body: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe("findTerraform", () => {
  test("takes terraform before tofu, and tofu where there is no terraform", () => {
    const tofu = script("tofu", "");
    expect(findTerraform({ PATH: folder }, folder, [])).toEqual({ path: tofu, name: "tofu" });
    const terraform = script("terraform", "");
    expect(findTerraform({ PATH: folder }, folder, [])).toEqual({ path: terraform, name: "terraform" });
  });

  test("takes what the variable names, by name or by path", () => {
    script("terraform", "");
    const other = script("terraform-1.11", "");
    for (const named of ["terraform-1.11", other, "./terraform-1.11"])
      expect(findTerraform({ PATH: folder, TOLLGATE_TERRAFORM: named }, folder, []).path).toBe(other);
  });

  test("passes over itself in PATH", () => {
    const us = script("wrapper.cjs", "");
    symlinkSync(us, join(folder, "terraform"));
    const tofu = script("tofu", "");
    expect(findTerraform({ PATH: folder }, folder, [us]).path).toBe(tofu);
  });

  test("refuses itself where it was named", () => {
    const us = script("tollgate-terraform", "");
    expect(() => findTerraform({ PATH: folder, TOLLGATE_TERRAFORM: us }, folder, [us])).toThrow(
      /tollgate-terraform itself/,
    );
  });

  test("says how to get one, in one line", () => {
    for (const env of [{ PATH: folder }, { PATH: folder, TOLLGATE_TERRAFORM: "nowhere" }, {}]) {
      let said = "";
      try {
        findTerraform(env, folder, []);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        said = String((error as Error).message);
      }
      expect(said).toMatch(/expected/);
      expect(said).not.toContain("\n");
    }
  });

  test("does not take a folder or a file that isn't executable", () => {
    writeFileSync(join(folder, "terraform"), "");
    expect(() => findTerraform({ PATH: folder }, folder, [])).toThrow(InputError);
  });
});

test("a wrapper that keeps meeting itself is told so", () => {
  let env: Record<string, string | undefined> = {};
  expect(() => {
    for (let i = 0; i < 10; i++) env = deeper(env);
  }).toThrow(/started by itself/);
});

test("flags from the environment are taken away", () => {
  expect(withoutExtraArguments({ TF_CLI_ARGS: "-x", TF_CLI_ARGS_plan: "-y", TF_VAR_a: "1", PATH: "p" })).toEqual({
    TF_VAR_a: "1",
    PATH: "p",
  });
});

describe("running", () => {
  const run = (body: string) => ({ path: script("terraform", body), name: "terraform" });

  test("brings the status back", async () => {
    expect(await runTerraform(run("exit 7"), [], { stdio: "ignore" })).toEqual({ status: 7 });
  });

  test("brings the signal back", async () => {
    expect(await runTerraform(run("kill -TERM $$"), [], { stdio: "ignore" })).toEqual({
      status: 143,
      signal: "SIGTERM",
    });
  });

  test("says in one line that a binary can't be started", async () => {
    await expect(runTerraform({ path: join(folder, "none"), name: "none" }, [])).rejects.toThrow(/can't be run/);
  });

  test("bounds what it captures", async () => {
    await expect(captureTerraform(run("head -c 4096 /dev/zero"), ["x"], { limit: 1024 })).rejects.toThrow(/1024 bytes/);
  });

  test("reads the version, and says when there is none", async () => {
    expect(await terraformVersion(run(`echo '{"terraform_version":"1.11.4"}'`))).toBe("1.11.4");
    await expect(terraformVersion(run("echo hello"))).rejects.toThrow(/expected a version/);
  });

  test("streams what show prints, from an absolute path and without flags of the environment", async () => {
    const terraform = run('printf "%s|" "$@"; printf "%s" "$TF_CLI_ARGS_show"');
    let said = "";
    for await (const chunk of showPlan(terraform, "-plan", { cwd: folder, env: { TF_CLI_ARGS_show: "-x" } }))
      said += chunk;
    expect(said).toBe(`show|-json|-no-color|${join(process.cwd(), "-plan")}|`);
    const out = openSync(join(folder, "out.json"), "w");
    await showPlanTo(terraform, "/p", out, { cwd: folder });
    closeSync(out);
    expect(readFileSync(join(folder, "out.json"), "utf8")).toBe("show|-json|-no-color|/p|");
  });

  test("a show that fails never ends like a whole one", async () => {
    const terraform = run('printf "{"; printf "\\n│ Error: Failed to load plugin schemas\\n│ more" >&2; exit 1');
    const read = async () => {
      for await (const chunk of showPlan(terraform, "p", { cwd: folder })) expect(chunk.toString()).toBe("{");
    };
    await expect(read()).rejects.toThrow(
      `\`p\`: expected a saved plan that \`terraform show\` reads, found: Failed to load plugin schemas: run \`terraform init\` in \`${folder}\` first`,
    );
  });

  test.each([
    ["exit 0", "no-changes"],
    ["exit 2", "changes"],
    ["exit 1", { failed: { status: 1 } }],
  ])("tells what a plan with `%s` means", async (body, expected) => {
    expect(await planTo(run(body), "f", [], { stdio: "ignore" })).toEqual(expected);
  });

  test("plans into the file, with the flags and globals given", async () => {
    const log = join(folder, "argv");
    await planTo(run(`printf "%s|" "$@" > ${log}`), "/f", ["-destroy"], { globals: ["-chdir=x"], stdio: "ignore" });
    expect(readFileSync(log, "utf8")).toBe("-chdir=x|plan|-destroy|-detailed-exitcode|-out=/f|");
  });
});

test("a signal that comes while a program starts waits for whoever passes it on", async () => {
  const heard = (): readonly number[] => PASSED_ON.map((signal) => process.listenerCount(signal));
  const before = heard();
  const once = before.map((count) => count + 1);
  const child = start(script("slow", "exit 9"), [], { stdio: "ignore" });
  expect(heard()).toEqual(once);
  const release = passSignals(child);
  expect(await ended(child, "slow", "get it")).toEqual({ status: 9 });
  expect(heard()).toEqual(once);
  release();
  expect(heard()).toEqual(before);
});

test("ends by a signal, whoever still listens for it", () => {
  const kill = jest.spyOn(process, "kill").mockReturnValue(true);
  try {
    process.on("SIGHUP", () => undefined);
    endBy("SIGHUP");
    expect(process.listenerCount("SIGHUP")).toBe(0);
    expect(kill).toHaveBeenCalledWith(process.pid, "SIGHUP");
  } finally {
    kill.mockRestore();
  }
});

test("the reason is one clean line", () => {
  expect(reason("\u001b[31m╷\u001b[0m\n│ \u001b[1mError: \u001b[0mSaved\u0007 plan is stale\n│ \n│ more\n╵")).toBe(
    "Saved plan is stale",
  );
  expect(reason("")).toBeUndefined();
});
