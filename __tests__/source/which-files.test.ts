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
