/** Turns configurations, honest and hostile, into the pre-plan check's findings. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
import { InputError } from "../../validators/kernel/index";

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
