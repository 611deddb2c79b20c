/** The files that `tollgate init` writes into somebody else's plain Terraform project, with their commands really run. */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { unzipSync, zipSync } from "fflate";
import { runBuild } from "../../scripts/codebuild";
import { root } from "../../scripts/synth";
import { initialise } from "../../validators/gate/init";
import { testWith } from "./ci-readers";
import { type CiResult, type Occasion, runBitbucket, runWorkflow } from "./ci-runners";

jest.setTimeout(600_000);

let folder: string;
let origin: string;
let main: string;

const git = (...words: string[]): string =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], {
    cwd: origin,
    encoding: "utf8",
  });
const write = (name: string, text: string): void => writeFileSync(join(origin, name), text);
const commit = (): string => {
  git("add", "-A");
  git("commit", "-qm", "x");
  return git("rev-parse", "HEAD").trim();
};

/** Programs for the front of PATH: the registry and the network are not there, so what they would bring is linked or made up. */
const PROGRAMS = {
  npm: `case "$1" in install|ci) mkdir -p node_modules/.bin && ln -sfn '${join(root, "dist", "cli.cjs")}' node_modules/.bin/tollgate ;; *) exit 9 ;; esac`,
  curl: "touch terraform.zip",
  unzip: "exit 0",
  sha256sum: `if [ "$1" = --check ]; then
  line=$(cat)
  case "$line" in *terraform.zip) exit 0 ;; esac
  exec ${execFileSync("sh", ["-c", "command -v sha256sum"], { encoding: "utf8" }).trim()} "$@" <<< "$line"
fi
exec ${execFileSync("sh", ["-c", "command -v sha256sum"], { encoding: "utf8" }).trim()} "$@"`,
};

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "tollgate-steps-")));
  origin = join(folder, "origin");
  mkdirSync(origin);
  mkdirSync(join(folder, "bin"));
  for (const [name, text] of Object.entries(PROGRAMS))
    writeFileSync(join(folder, "bin", name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
  git("init", "-q", "-b", "main");
  write(
    "main.tf",
    `terraform {\n  backend "local" {\n    path = "${join(folder, "state.tfstate")}"\n  }\n}\n\nresource "terraform_data" "a" {\n  input = "one"\n}\n`,
  );
  write(".gitignore", ".terraform/\nnode_modules/\ngate/\n");
  for (const system of ["github", "bitbucket", "codebuild"]) initialise(system, { cwd: origin, version: "0.1.0" });
  main = commit();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => rmSync(join(folder, "state.tfstate"), { force: true }));

const occasion = (about: Pick<Occasion, "commit" | "base">): Occasion => {
  const { TF_CLI_CONFIG_FILE: _, ...clean } = process.env;
  const env = { ...clean, CHECKPOINT_DISABLE: "1", PATH: `${join(folder, "bin")}${delimiter}${process.env.PATH}` };
  return { origin, env, ...about };
};
const text = (name: string): string =>
  readFileSync(join(origin, name), "utf8").replaceAll("/tmp/aws-token", join(folder, "token"));
const isApplied = (): boolean => existsSync(join(folder, "state.tfstate"));

const systems: Record<string, (about: Pick<Occasion, "commit" | "base">) => CiResult> = {
  GitHub: (about) => runWorkflow(text(".github/workflows/tollgate.yml"), occasion(about)),
  Bitbucket: (about) => runBitbucket(text("bitbucket-pipelines.yml"), occasion(about)),
};
const terraformTest = testWith("terraform");

for (const [system, run] of Object.entries(systems)) {
  terraformTest(`${system}: a push is checked, planned, judged, applied and verified`, () => {
    const { ran, failed } = run({ commit: main });
    expect(failed).toBeUndefined();
    expect(ran).toHaveLength(4);
    expect(isApplied()).toBe(true);
  });

  terraformTest(`${system}: a pull request is planned and judged, and nothing is applied`, () => {
    const { ran, failed } = run({ commit: main, base: main });
    expect(failed).toBeUndefined();
    expect(ran).toHaveLength(2);
    expect(isApplied()).toBe(false);
  });

  terraformTest(`${system}: a pull request that excuses itself stops before there are credentials`, () => {
    git("checkout", "-q", "-b", system);
    write("tollgate.json", JSON.stringify({ allow: { providers: ["hashicorp/null"] } }));
    write("more.tf", 'resource "null_resource" "n" {}\n');
    const proposed = commit();
    git("checkout", "-q", "main");
    const { ran, failed } = run({ commit: proposed, base: main });
    // Its own settings let its own check pass; those of the branch that it is to be merged into don't.
    expect(ran).toHaveLength(2);
    expect(failed?.said).toContain("provider `registry.terraform.io/hashicorp/null` is not in the list");
    expect(failed?.said).not.toContain("Initializing");
  });
}

terraformTest("CodeBuild: what the plan's build hands on is applied and verified by the other", async () => {
  const { env } = occasion({ commit: main });
  const names = readdirSync(origin).filter((name) => /\.tf$|\.yml$/.test(name));
  const source = zipSync(
    Object.fromEntries(names.map((name) => [name, new Uint8Array(readFileSync(join(origin, name)))])),
  );
  let said = "";
  const common = {
    source,
    log: (more: string) => {
      said += more;
    },
  };
  const plan = await runBuild({
    ...common,
    project: "plan",
    buildspec: text("tollgate-plan.buildspec.yml"),
    secondary: new Map(),
    env,
  });
  expect({ phases: plan.phases.filter(({ failed }) => failed), said: plan.succeeded ? "" : said }).toEqual({
    phases: [],
    said: "",
  });
  const sha256 = plan.exported.get("PLAN_SHA256") ?? "";
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  const apply = (digest: string) =>
    runBuild({
      ...common,
      project: "apply",
      buildspec: text("tollgate-apply.buildspec.yml"),
      secondary: new Map([["Plan", plan.artifact ?? new Uint8Array()]]),
      env: { ...env, PLAN_SHA256: digest },
    });
  expect((await apply("0".repeat(64))).succeeded).toBe(false);
  expect(isApplied()).toBe(false);
  const applied = await apply(sha256);
  expect({ phases: applied.phases.filter(({ failed }) => failed), said: applied.succeeded ? "" : said }).toEqual({
    phases: [],
    said: "",
  });
  expect(isApplied()).toBe(true);
  expect(Object.keys(unzipSync(applied.artifact ?? new Uint8Array()))).toEqual(["drift.json"]);
  expect([...(applied.reports.get("verified")?.keys() ?? [])]).toEqual(["gate/junit.xml"]);
});
