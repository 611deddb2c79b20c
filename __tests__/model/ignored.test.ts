/** What `ignore_changes` leaves open where there is no plan that shows what is kept. */
import { Unknown } from "../../validators/kernel/index";
import { graphOfConfiguration } from "../../validators/model/index";
import { fromHcl } from "../../validators/source/index";
import { useParser } from "../source/parser";

beforeAll(useParser);

const keyWith = (ignored: string) => {
  const text = `resource "aws_kms_key" "k" {
    enable_key_rotation = true
    policy              = "{}"
    lifecycle { ignore_changes = ${ignored} }
  }`;
  return graphOfConfiguration(fromHcl(new Map([["main.tf", text]]))).keys[0];
};

test.each<[string, boolean, boolean]>([
  ["[tags]", false, false],
  ["[policy]", false, true],
  ["[enable_key_rotation]", true, false],
  ["all", true, true],
  // what nobody sets isn't kept from anything
  ["[is_enabled]", false, false],
])("%s", (ignored, isRotationOpen, isPolicyOpen) => {
  const key = keyWith(ignored);
  expect(key?.rotation instanceof Unknown).toBe(isRotationOpen);
  expect(key?.policies.linked[0]?.content instanceof Unknown).toBe(isPolicyOpen);
  expect(key?.enabled).toBeNull();
});

test("what an argument belongs to can't be ignored away", () => {
  const text = `resource "aws_s3_bucket" "b" { bucket = "b" }
  resource "aws_s3_bucket_public_access_block" "b" {
    bucket            = aws_s3_bucket.b.id
    block_public_acls = true
    lifecycle { ignore_changes = all }
  }`;
  const [bucket] = graphOfConfiguration(fromHcl(new Map([["main.tf", text]]))).buckets;
  expect(bucket?.accessBlocks.linked.map((one) => one.address)).toEqual(["aws_s3_bucket_public_access_block.b"]);
});
