/** The account of a provider configuration, as its arguments tell it. */
import { show } from "../../validators/kernel/index";
import { graphOfConfiguration } from "../../validators/model/index";
import { fromHcl } from "../../validators/source/index";
import { useParser } from "../source/parser";

beforeAll(useParser);

const open = "${provider.aws.account_id}";
const role = (account: string) => `{ role_arn = "arn:aws:iam::${account}:role/deploy" }`;
const web = `assume_role_with_web_identity ${role("444455556666")}`;

test.each<[string, string | undefined, string]>([
  ["", undefined, open],
  ["", "777788889999", "777788889999"],
  ['allowed_account_ids = ["111122223333"]', undefined, "111122223333"],
  ["allowed_account_ids = [011122223333]", undefined, "011122223333"],
  ["allowed_account_ids = toset([local.account])", undefined, "111122223333"],
  ['allowed_account_ids = ["111122223333", "444455556666"]', undefined, open],
  ['allowed_account_ids = ["111122223333", "444455556666"]', "444455556666", "444455556666"],
  ['allowed_account_ids = ["111122223333", "444455556666"]', "777788889999", open],
  ["allowed_account_ids = [var.account]", undefined, open],
  ['allowed_account_ids = ["111122223333", var.account]', undefined, open],
  ['allowed_account_ids = ["111122223333", var.account]', "777788889999", "777788889999"],
  ["allowed_account_ids = var.accounts", undefined, open],
  ['forbidden_account_ids = ["111122223333"]', undefined, open],
  [`assume_role ${role("111122223333")}`, undefined, "111122223333"],
  [`assume_role ${role("${local.account}")}`, undefined, "111122223333"],
  [`assume_role ${role("${var.account}")}`, undefined, open],
  [web, undefined, "444455556666"],
  // a chain of roles ends in the last one
  [`${web}\nassume_role ${role("111122223333")}`, undefined, "111122223333"],
  [`assume_role ${role("444455556666")}\nassume_role ${role("111122223333")}`, undefined, "111122223333"],
  [`assume_role ${role("111122223333")}\nassume_role ${role("${var.account}")}`, undefined, open],
  // the provider would refuse this: it leaves the account open
  [`allowed_account_ids = ["444455556666"]\nassume_role ${role("111122223333")}`, undefined, open],
])("%s, told %s", (provider, account, expected) => {
  const source = fromHcl(
    new Map([
      [
        "main.tf",
        `variable "account" {}
         variable "accounts" {}
         locals { account = "111122223333" }
         provider "aws" {
           region = "us-east-1"
           ${provider}
         }
         resource "aws_kms_key" "k" {}`,
      ],
    ]),
  );
  const [key] = graphOfConfiguration(source, account === undefined ? {} : { account }).keys;
  expect(show(key?.home.account ?? "")).toBe(expected);
});

test.each<[string, string]>([
  ["", "777788889999"],
  [`assume_role ${role("444455556666")}`, "444455556666"],
  [`assume_role ${role("${var.account}")}`, "${provider.aws.other.account_id}"],
  ["assume_role { role_arn = var.role }", "${provider.aws.other.account_id}"],
  ["assume_role { role_arn = null }", "777788889999"],
  ["allowed_account_ids = var.accounts", "${provider.aws.other.account_id}"],
])(
  "a second configuration with %s is of an account that the user doesn't name unless it can be told",
  (more, expected) => {
    const source = fromHcl(
      new Map([
        [
          "main.tf",
          `variable "account" {}
         variable "accounts" {}
         variable "role" {}
         provider "aws" { region = "us-east-1" }
         provider "aws" {
           alias  = "other"
           region = "us-west-2"
           ${more}
         }
         resource "aws_kms_key" "k" { provider = aws.other }
         resource "aws_kms_key" "a" {}`,
        ],
      ]),
    );
    const { keys } = graphOfConfiguration(source, { account: "777788889999" });
    const accountOf = (name: string): string => show(keys.find(({ address }) => address === name)?.home.account ?? "");
    expect([accountOf("aws_kms_key.a"), accountOf("aws_kms_key.k")]).toEqual(["777788889999", expected]);
  },
);
