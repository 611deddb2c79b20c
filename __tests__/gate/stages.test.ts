/** The stages as CI systems call them, with the real terraform and its built-in provider: no cloud, no registry. */
import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { root } from "../../scripts/synth";
import { expectDone } from "../end-to-end/outcome";
import { testWith } from "./ci-readers";

jest.setTimeout(180_000);

let folder: string;
let gate: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "tollgate-stages-")));
  gate = join(folder, "infra", "gate");
  mkdirSync(join(folder, "infra"));
  write("infra/main.tf.json", { resource: { terraform_data: { a: { input: "one" } } } });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, json: unknown) => writeFileSync(join(folder, name), JSON.stringify(json));

/** A stage, run as the CI files run it, from the top of a project. */
function stage(name: string, env: Record<string, string> = {}, flags: readonly string[] = ["--dir", "infra"]) {
  const { TF_CLI_CONFIG_FILE: _, ...clean } = process.env;
  const ran = spawnSync(process.execPath, [join(root, "dist", "cli.cjs"), "gate", name, ...flags], {
    cwd: folder,
    env: { ...clean, GITHUB_ACTIONS: "", CI: "true", ...env },
    encoding: "utf8",
  });
  return { status: ran.status, stdout: ran.stdout, stderr: ran.stderr, said: `${ran.stdout}${ran.stderr}` };
}

const applied = () => {
  const file = join(folder, "infra", "terraform.tfstate");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).resources.length : 0;
};

/** A fake terraform that must not be reached. */
function trap(): Record<string, string> {
  const file = join(folder, "trap");
  writeFileSync(file, `#!/bin/sh\ntouch ${join(folder, "trapped")}\nexit 1\n`);
  chmodSync(file, 0o755);
  return { TOLLGATE_TERRAFORM: file };
}

const terraformTest = testWith("terraform");

terraformTest("a plan that passes is applied, verified, and leaves what each system reads", () => {
  expect(stage("preplan").status).toBe(0);
  expect(stage("plan")).toMatchObject({ status: 0 });
  expect(statSync(join(gate, "plan.tfplan")).mode & 0o777).toBe(0o600);
  expect(stage("judge")).toMatchObject({ status: 0 });
  expect(readdirSync(gate).sort()).toEqual([
    "bitbucket.json",
    "github.txt",
    "gitlab.json",
    "junit.xml",
    "plan.tfplan",
    "report.html",
    "report.json",
    "report.md",
    "report.sarif",
    "report.txt",
    "seal.json",
  ]);
  const done = stage("apply");
  expectDone({ status: done.status, stdout: done.said });
  expect(applied()).toBe(1);
  const verified = stage("verify");
  expectDone({ status: verified.status, stdout: verified.said });
  expect(JSON.parse(readFileSync(join(gate, "drift.json"), "utf8"))).toEqual([]);
});

terraformTest("what the code says but nobody applied is drift", () => {
  stage("plan");
  stage("judge");
  expect(stage("apply").status).toBe(0);
  write("infra/main.tf.json", { resource: { terraform_data: { a: { input: "two" } } } });
  expect(stage("verify")).toMatchObject({
    status: 1,
    stdout: expect.stringContaining("change terraform_data.a: `input`, `output`"),
  });
});

terraformTest("nothing but the plan that passed is applied, and terraform isn't even started", () => {
  stage("plan");
  expect(stage("apply", trap()).status).toBe(2);
  stage("judge");
  const plan = readFileSync(join(gate, "plan.tfplan"));
  appendFileSync(join(gate, "plan.tfplan"), "!");
  expect(stage("apply", trap())).toMatchObject({
    status: 1,
    stdout: expect.stringContaining("not the plan that was judged"),
  });
  writeFileSync(join(gate, "plan.tfplan"), plan);
  write("tollgate.json", { account: "123456789012" });
  expect(stage("apply", trap())).toMatchObject({ status: 1, stdout: expect.stringContaining("another configuration") });
  rmSync(join(folder, "tollgate.json"));
  rmSync(join(gate, "seal.json"));
  expect(stage("apply", trap()).status).toBe(2);
  expect(existsSync(join(folder, "trapped"))).toBe(false);
  expect(applied()).toBe(0);
});

/** The lines that GitHub's runner obeys: those that begin with a command, but for what stands between a stop and its word. */
function obeyed(stdout: string): string[] {
  let word: string | undefined;
  const commands: string[] = [];
  for (const line of stdout.split("\n").map((one) => one.trimStart())) {
    if (word !== undefined) {
      if (line.trimEnd() === `::${word}::`) word = undefined;
      continue;
    }
    word = /^::stop-commands::(.+)$/.exec(line)?.[1];
    if (word === undefined && /^::[a-z-]+[^:]*::/.test(line)) commands.push(line);
  }
  expect(word).toBeUndefined();
  return commands;
}

terraformTest("what terraform prints of a pull request is no command to GitHub's runner", () => {
  const hostile = "first\n::error::pwned\n::stop-commands::x\n::x::\n::add-mask::a\nlast";
  write("infra/main.tf.json", {
    resource: { terraform_data: { a: { input: hostile } } },
    output: { o: { value: hostile } },
  });
  const github = { GITHUB_ACTIONS: "true" };
  const words = new Set<string>();
  for (const name of ["plan", "judge", "apply", "verify"]) {
    const { status, stdout } = stage(name, github);
    expect([name, status]).toEqual([name, 0]);
    // our own annotations are
    const ours = name === "judge" ? [expect.stringContaining("title=tollgate"), expect.anything()] : [];
    expect([name, obeyed(stdout)]).toEqual([name, ours]);
    if (name === "plan") expect(stdout).toMatch(/^\s*::error::pwned$/m);
    for (const [, word = ""] of stdout.matchAll(/^::stop-commands::([0-9a-f]{32})$/gm)) {
      expect(words).not.toContain(word);
      words.add(word);
    }
  }
  expect(words.size).toBeGreaterThan(3);
});

terraformTest("where a key is demanded, only its seal opens the gate", () => {
  const [key, pub] = [join(folder, "key.pem"), join(folder, "pub.pem")];
  const pair = generateKeyPairSync("ed25519");
  writeFileSync(key, pair.privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(pub, pair.publicKey.export({ type: "spki", format: "pem" }));
  stage("plan");
  stage("judge");
  expect(stage("apply", { TOLLGATE_PUBLIC_KEY: pub, ...trap() })).toMatchObject({ status: 1 });
  expect(stage("judge", { TOLLGATE_SEAL_KEY: key }).status).toBe(0);
  expect(stage("apply", { TOLLGATE_PUBLIC_KEY: pub })).toMatchObject({ status: 0 });
});

terraformTest("a plan made stale by another apply is refused by terraform", () => {
  stage("plan");
  stage("judge");
  expect(stage("apply").status).toBe(0);
  expect(stage("apply")).toMatchObject({ status: 1, stderr: expect.stringContaining("stale") });
});

terraformTest(
  "a plan is judged on a machine that has only the plan, and an earlier seal never outlives a judgement",
  () => {
    stage("plan");
    stage("judge");
    rmSync(join(folder, "infra", ".terraform"), { recursive: true, force: true });
    writeFileSync(join(gate, "plan.tfplan"), "no plan");
    expect(stage("judge")).toMatchObject({ status: 2 });
    expect(existsSync(join(gate, "seal.json"))).toBe(false);
  },
);

terraformTest("a plan is shown where it was initialised, not among the artifacts, which may bring providers", () => {
  stage("plan");
  mkdirSync(join(gate, ".terraform"));
  const [real, log] = [join(folder, "real"), join(folder, "log")];
  writeFileSync(real, `#!/bin/sh\nprintf '%s %s\\n' "$1" "$PWD" >> ${log}\nexec terraform "$@"\n`, { mode: 0o755 });
  expect(stage("judge", { TOLLGATE_TERRAFORM: real })).toMatchObject({ status: 0 });
  expect(readFileSync(log, "utf8").match(/^show .*$/gm)).toEqual([`show ${join(folder, "infra")}`]);
});

/** Whose account `111122223333` is decides this plan, and nothing in it says so. */
const KEY_OF_SOMEBODY = "arn:aws:iam::111122223333:root";

/** A fake terraform with a plan (a state as well) that is undecided unless the account is said; it notes what it applies. */
function undecidedTerraform(): Record<string, string> {
  const policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: KEY_OF_SOMEBODY }, Action: "kms:*", Resource: "*" }],
  });
  const values = {
    arn: "arn:aws:kms:eu-central-1:111122223333:key/1",
    customer_master_key_spec: "SYMMETRIC_DEFAULT",
    enable_key_rotation: true,
    is_enabled: true,
    key_usage: "ENCRYPT_DECRYPT",
    policy,
  };
  const { arn: _, ...after } = values;
  const key = { address: "aws_kms_key.k", mode: "managed", type: "aws_kms_key", name: "k" };
  const provider_name = "registry.terraform.io/hashicorp/aws";
  write("plan.json", {
    format_version: "1.2",
    terraform_version: "1.11.4",
    planned_values: { root_module: { resources: [{ ...key, provider_name, schema_version: 0, values: after }] } },
    resource_changes: [
      { ...key, provider_name, change: { actions: ["create"], before: null, after, after_unknown: { arn: true } } },
    ],
    configuration: { root_module: { resources: [{ ...key, provider_config_key: "aws", expressions: {} }] } },
  });
  writeFileSync(join(folder, "plan.zip"), zipSync({ tfplan: new Uint8Array([1]) }));
  const file = join(folder, "undecided");
  writeFileSync(
    file,
    `#!/bin/sh
cd ${folder}
case "$1" in
  plan) for word; do case "$word" in -out=*) cp plan.zip "\${word#-out=}" ;; esac; done; exit 2 ;;
  show) if [ -e applied ]; then sed 's/"create"/"no-op"/' plan.json; else cat plan.json; fi ;;
  apply) touch applied ;;
esac
`,
    { mode: 0o755 },
  );
  return { TOLLGATE_TERRAFORM: file };
}

test("what the environment says of undecided plans and of the account, judging, applying and verifying follow", () => {
  const fake = undecidedTerraform();
  const isApplied = () => existsSync(join(folder, "applied"));
  expect(stage("plan", fake)).toMatchObject({ status: 0 });
  expect(stage("judge", fake)).toMatchObject({ status: 3, stdout: expect.stringContaining("provider.aws.account_id") });
  expect(existsSync(join(gate, "seal.json"))).toBe(false);
  expect(stage("judge", { ...fake, TOLLGATE_ON_UNDECIDED: "block" })).toMatchObject({ status: 3 });
  expect(stage("judge", { ...fake, TOLLGATE_ON_UNDECIDED: "perhaps" })).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("Allowed choices are block, allow"),
  });

  const allow = { ...fake, TOLLGATE_ON_UNDECIDED: "allow" };
  expect(stage("judge", allow)).toMatchObject({ status: 0 });
  // the seal of an undecided run opens only where that is allowed as well
  expect(stage("apply", fake)).toMatchObject({ status: 1, stdout: expect.stringContaining("refused: ") });
  expect(isApplied()).toBe(false);
  expect(stage("apply", allow)).toMatchObject({ status: 0 });
  expect(isApplied()).toBe(true);
  expect(stage("verify", fake)).toMatchObject({ status: 3 });
  expect(stage("verify", allow)).toMatchObject({ status: 0 });

  expect(stage("judge", { ...fake, TOLLGATE_ACCOUNT: "111122223333" })).toMatchObject({ status: 0 });
  expect(stage("apply", fake)).toMatchObject({ status: 0 });
  expect(stage("verify", { ...fake, TOLLGATE_ACCOUNT: "111122223333" })).toMatchObject({ status: 0 });
  expect(stage("judge", { ...fake, TOLLGATE_ACCOUNT: "444455556666" })).toMatchObject({ status: 1 });
});

test("what must not run while planning is found before, without terraform", () => {
  write("infra/main.tf.json", { data: { external: { x: { program: ["sh"] } } } });
  expect(stage("preplan", trap())).toMatchObject({ status: 1, stdout: expect.stringContaining("data.external.x") });
  expect(existsSync(join(folder, "trapped"))).toBe(false);
});

test("what lies beside the configuration is no setting of the gate: a pull request could excuse itself with it", () => {
  write("infra/main.tf.json", { terraform: { required_providers: { evil: { source: "evil/evil" } } } });
  write("infra/tollgate.json", { allow: { providers: ["evil/evil"] } });
  expect(stage("preplan")).toMatchObject({ status: 1 });
  write("tollgate.json", { allow: { providers: ["evil/evil"] } });
  expect(stage("preplan")).toMatchObject({ status: 0 });
});

terraformTest("a command that a signal ends is said to have been ended", () => {
  const file = join(folder, "killed");
  writeFileSync(file, "#!/bin/sh\nkill -KILL $$\n", { mode: 0o755 });
  expect(stage("plan", { TOLLGATE_TERRAFORM: file })).toMatchObject({
    status: 137,
    stderr: "tollgate gate: terraform init was ended by SIGKILL\n",
  });
});

test.each([
  [["--dir", "none"], /expected a directory/],
  [["--stack", "../x"], /expected a stack's name/],
  [["--nonsense"], /^tollgate: unknown option '--nonsense'\n$/],
  [["infra"], /^tollgate: too many arguments for 'gate'/],
])("%j is status 2 in one line", (flags, message) => {
  const ran = stage("plan", {}, flags);
  expect(ran).toMatchObject({ status: 2, stdout: "" });
  expect(ran.stderr).toMatch(message);
  expect(ran.stderr.trimEnd().split("\n")).toHaveLength(1);
});

test("help says what each stage does, takes and needs", () => {
  for (const flags of [["--help"], ["--dir", "nowhere", "--help"]]) {
    const { status, stdout, stderr } = stage("judge", {}, flags);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    for (const name of ["preplan", "plan", "judge", "apply", "verify"])
      expect(stdout).toMatch(new RegExp(`^  ${name} +[^]*?\\bNeeds [^]*?credentials`, "m"));
    for (const flag of ["--dir", "--stack", "--config", "--seal-key", "--public-key", "--max-age"])
      expect(stdout).toContain(`  ${flag} <`);
    for (const name of ["RULES", "ACCOUNT", "ON_UNDECIDED", "SEAL_KEY"]) expect(stdout).toContain(`TOLLGATE_${name}`);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  }
  expect(stage("--help", {}, [])).toMatchObject({ status: 0, stderr: "" });
  expect(stage("deploy", {}, [])).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^tollgate: [^\n]*Allowed choices are preplan, plan, judge, apply, verify\.\n$/),
  });
});

test("several stacks are asked about, one is taken", () => {
  mkdirSync(join(folder, "cdktf.out", "stacks", "a"), { recursive: true });
  writeFileSync(join(folder, "cdktf.out", "stacks", "a", "cdk.tf.json"), "{}");
  expect(stage("preplan", {}, []).status).toBe(0);
  mkdirSync(join(folder, "cdktf.out", "stacks", "b"));
  expect(stage("preplan", {}, [])).toMatchObject({ status: 2, stderr: expect.stringContaining("2 stacks: a, b") });
  expect(stage("preplan", { TOLLGATE_STACK: "a" }, []).status).toBe(0);
});
