/** Modules whose code was not read: what they may make or attach is left open, never left out. */
import { checkContent } from "../../validators/check";
import { graphOfConfiguration } from "../../validators/model/index";
import { RULES } from "../../validators/rules/index";
import { fromHcl } from "../../validators/source/index";
import { useParser } from "../source/parser";

beforeAll(useParser);

const graphOf = (text: string) => graphOfConfiguration(fromHcl(new Map([["main.tf", text]])));

test("each instance of a call is told, with where it was written and where its code would come from", () => {
  const graph = graphOf(`module "site" {
    source   = "example/bucket/aws"
    for_each = toset(["a", "b"])
  }`);
  const shared = { from: "example/bucket/aws", source: { file: "main.tf", line: 1 } };
  expect(graph.unread).toEqual([
    { address: 'module.site["a"]', ...shared },
    { address: 'module.site["b"]', ...shared },
  ]);
});

test("a call that makes nothing is none", () => {
  expect(graphOf(`module "site" {\n source = "example/bucket/aws"\n count = 0\n}`).unread).toEqual([]);
});

test("it may hold what a bucket lacks, if that bucket is handed to it", () => {
  const { buckets } = graphOf(`
    resource "aws_s3_bucket" "handed" { bucket = "handed" }
    resource "aws_s3_bucket" "kept" { bucket = "kept" }
    module "guard" {
      source = "example/guard/aws"
      bucket = aws_s3_bucket.handed.id
    }`);
  const open = buckets.map(({ address, accessBlocks, policies, encryption, acls, ownership }) => [
    address,
    [accessBlocks, policies, encryption, acls, ownership].map(({ unlinked }) => unlinked.length).join(""),
  ]);
  expect(Object.fromEntries(open)).toEqual({ "aws_s3_bucket.handed": "11111", "aws_s3_bucket.kept": "00000" });
});

test("every rule is undecided on it: it is no pass that nothing was found", () => {
  const synthesized = { module: { site: { source: "example/bucket/aws" } }, "//": { metadata: { stackName: "s" } } };
  const report = checkContent(synthesized, "cdk.tf.json", { config: {}, today: "2026-06-01" });
  expect(report.verdict).toBe("undecided");
  expect(report.results.map((one) => `${one.rule} ${one.address} ${one.verdict}`)).toEqual(
    RULES.map(({ id }) => `${id} module.site undecided`).sort(),
  );
});
