/** Which files of a folder are read: those that Terraform reads, and no others. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkFile } from "../../validators/index";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tollgate-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
};

const statement = (principal: string): string =>
  `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":${principal},"Action":"kms:*","Resource":"*"}]}`;
const own = statement('{"AWS":"arn:aws:iam::111122223333:root"}');
const open = statement('"*"');
const key = (policy: string): string => `resource "aws_kms_key" "k" {\n  policy = ${JSON.stringify(policy)}\n}\n`;

/** The verdicts on the keys' policies, by address. */
async function verdicts(path = "."): Promise<Readonly<Record<string, string>>> {
  const { results } = await checkFile(join(folder, path), { account: "111122223333", config: {} });
  return Object.fromEntries(
    results.filter(({ rule }) => rule === "kms-no-cross-account").map(({ address, verdict }) => [address, verdict]),
  );
}

test.each([
  ["#x_override.tf", "fail"],
  ["x_override.tf", "fail"],
  [".x_override.tf", "pass"],
  ["#x_override.tf#", "pass"],
  ["x_override.tf~", "pass"],
])("an override in `%s`: %s", async (name, verdict) => {
  write("main.tf", key(own));
  write(name, key(open));
  expect(await verdicts()).toEqual({ "aws_kms_key.k": verdict });
});

test.each([".x.auto.tfvars", "#x#.auto.tfvars", "x.auto.tfvars"])("values in `%s` count", async (name) => {
  write("main.tf", `variable "policy" {}\n${key("${var.policy}")}`);
  write(name, `policy = ${JSON.stringify(open)}\n`);
  expect(await verdicts()).toEqual({ "aws_kms_key.k": "fail" });
});

describe("`.tofu` files, which only OpenTofu reads", () => {
  /** A plan of one key with a policy that is known after apply, made with a provider of some registry. */
  const plan = (provider: string): string => {
    const named = { address: "aws_kms_key.k", mode: "managed", type: "aws_kms_key", name: "k" };
    const expressions = { policy: { references: ["terraform_data.t.id", "terraform_data.t"] } };
    return JSON.stringify({
      format_version: "1.2",
      planned_values: { root_module: { resources: [{ ...named, provider_name: provider, values: {} }] } },
      resource_changes: [
        {
          ...{ ...named, provider_name: provider },
          change: { actions: ["create"], before: null, after: {}, after_unknown: { policy: true } },
        },
      ],
      configuration: {
        provider_config: { aws: { name: "aws", full_name: provider } },
        root_module: { resources: [{ ...named, provider_config_key: "aws", expressions }] },
      },
    });
  };
  const named = (policy: string): string => key(policy.replace("{", '{"Id":"${terraform_data.t.id}",'));
  const opened = named(open);
  const closed = named(own);

  test.each([
    ["registry.terraform.io/hashicorp/aws", opened, closed, "fail"],
    ["registry.terraform.io/hashicorp/aws", closed, opened, "pass"],
    ["registry.opentofu.org/hashicorp/aws", opened, closed, "pass"],
    ["registry.opentofu.org/hashicorp/aws", closed, opened, "fail"],
    ["example.com/acme/aws", opened, closed, "undecided"],
  ])("a plan made with %s", async (provider, tf, tofu, verdict) => {
    write("main.tf", tf);
    write("main.tofu", tofu);
    write("plan.json", plan(provider));
    expect(await verdicts("plan.json")).toEqual({ "aws_kms_key.k": verdict });
  });

  test("a registry that the code names itself tells nothing", async () => {
    write("main.tf", opened);
    write("main.tofu", closed);
    write(
      "versions.tf",
      'terraform {\n required_providers {\n aws = { source = "registry.opentofu.org/hashicorp/aws" }\n }\n}\n',
    );
    write("plan.json", plan("registry.opentofu.org/hashicorp/aws"));
    expect(await verdicts("plan.json")).toEqual({ "aws_kms_key.k": "undecided" });
  });

  test.each(["", "modules/key/"])("a folder alone that says something else in `%smain.tofu` is refused", async (at) => {
    if (at !== "") write("main.tf", `module "key" {\n  source = "./${at.slice(0, -1)}"\n}\n`);
    write(`${at}main.tf`, key(open));
    write(`${at}main.tofu`, key(own));
    await expect(verdicts()).rejects.toThrow("judge a plan");
  });

  test("a folder that says the same to both, or nothing to Terraform, is judged", async () => {
    write("main.tf", key(own));
    write("versions.tofu", 'terraform {\n  required_version = ">= 1.8"\n}\n');
    expect(await verdicts()).toEqual({ "aws_kms_key.k": "pass" });
    rmSync(join(folder, "main.tf"));
    write("main.tofu", key(open));
    expect(await verdicts()).toEqual({ "aws_kms_key.k": "fail" });
  });
});

describe("files beside `cdk.tf.json`, which Terraform reads as well", () => {
  const stack = (policy: string): string => JSON.stringify({ resource: { aws_kms_key: { k: { policy } } } });
  beforeEach(() => {
    write("cdk.tf.json", stack(own));
    write("extra.tf", key(open).replace('"k"', '"extra"'));
  });

  test.each([".", "cdk.tf.json"])("of `%s`", async (path) => {
    expect(await verdicts(path)).toEqual({ "aws_kms_key.k": "pass", "aws_kms_key.extra": "fail" });
    write("fix_override.tf", key(open));
    expect(await verdicts(path)).toEqual({ "aws_kms_key.k": "fail", "aws_kms_key.extra": "fail" });
    rmSync(join(folder, "fix_override.tf"));
    write("x.auto.tfvars", `p = ${JSON.stringify(open)}`);
    write("cdk.tf.json", JSON.stringify({ variable: { p: { default: own } }, ...JSON.parse(stack("${var.p}")) }));
    expect(await verdicts(path)).toEqual({ "aws_kms_key.k": "fail", "aws_kms_key.extra": "fail" });
  });

  test("are named where the one file was given", async () => {
    const notices = async (path: string) => (await checkFile(join(folder, path), { config: {} })).notices;
    expect(await notices("cdk.tf.json")).toContainEqual({
      message: "read with `cdk.tf.json`, as Terraform does: `extra.tf` beside it",
    });
    for (const name of ["a.tf", "b.tf", "c.tf"]) write(name, "");
    expect(JSON.stringify(await notices("cdk.tf.json"))).toContain("`a.tf`, `b.tf`, `c.tf`, 1 more beside it");
    expect(JSON.stringify(await notices("."))).not.toContain("beside it");
  });

  test.each([undefined, ".", "cdk.tf.json"])("as the source of a plan, `--source %s`", async (source) => {
    const named = { address: "aws_kms_key.k", mode: "managed", type: "aws_kms_key", name: "k" };
    const text = own.replace("{", '{"Id":"${terraform_data.t.id}",');
    const constant = { constant_value: text, references: ["terraform_data.t.id", "terraform_data.t"] };
    const native = { references: ["terraform_data.t.id", "terraform_data.t"] };
    const plan = (policy: object): string =>
      JSON.stringify({
        format_version: "1.2",
        planned_values: { root_module: { resources: [{ ...named, values: {} }] } },
        resource_changes: [
          { ...named, change: { actions: ["create"], before: null, after: {}, after_unknown: { policy: true } } },
        ],
        configuration: {
          root_module: { resources: [{ ...named, provider_config_key: "aws", expressions: { policy } }] },
        },
      });
    rmSync(join(folder, "extra.tf"));
    write("cdk.tf.json", stack(text));
    const judged = async (policy: object) => {
      write("plan.json", plan(policy));
      const sources = source === undefined ? {} : { sources: [join(folder, source)] };
      const { results } = await checkFile(join(folder, "plan.json"), {
        account: "111122223333",
        config: {},
        ...sources,
      });
      return results.find(({ rule }) => rule === "kms-no-cross-account")?.verdict;
    };
    expect(await judged(constant)).toBe("pass");
    write("fix_override.tf", key(open.replace("{", '{"Id":"${terraform_data.t.id}",')));
    expect(await judged(native)).toBe("fail");
  });
});

test("the file of an object is no module", async () => {
  write("main.tf", `${key(own)}resource "aws_s3_object" "o" {\n  source = "./page.html"\n}\n`);
  write("page.html", "");
  expect(await verdicts()).toEqual({ "aws_kms_key.k": "pass" });
});
