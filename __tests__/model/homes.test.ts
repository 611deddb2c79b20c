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

test("a replica is in the account of its primary", () => {
  const source = fromHcl(
    new Map([
      [
        "main.tf",
        `provider "aws" {
           region              = "us-east-1"
           allowed_account_ids = ["111122223333"]
         }
         provider "aws" {
           alias  = "west"
           region = "us-west-2"
         }
         resource "aws_kms_key" "primary" { multi_region = true }
         resource "aws_kms_replica_key" "inside" {
           provider        = aws.west
           primary_key_arn = aws_kms_key.primary.arn
         }
         resource "aws_kms_replica_key" "outside" {
           provider        = aws.west
           primary_key_arn = "arn:aws:kms:us-east-1:444455556666:key/mrk-1234abcd12ab34cd56ef1234567890ab"
         }`,
      ],
    ]),
  );
  const accounts = graphOfConfiguration(source).keys.map((key) => [key.address, show(key.home.account)]);
  expect(accounts).toEqual([
    ["aws_kms_key.primary", "111122223333"],
    ["aws_kms_replica_key.inside", "111122223333"],
    ["aws_kms_replica_key.outside", "444455556666"],
  ]);
});
