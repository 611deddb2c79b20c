/** Attributes that the reader of plans leaves out: unknown to expressions, never null. */
import { Unknown } from "../../validators/kernel/index";
import { PlannedWorld } from "../../validators/model/world";
import { evaluate, fromPlanConfiguration } from "../../validators/source/index";
import { useParser } from "../source/parser";
import { planOf } from "./fixtures";

beforeAll(useParser);

const plan = planOf("tag-change");
const world = new PlannedWorld("plan", fromPlanConfiguration(plan.configuration), plan, {});
const found = (text: string) => evaluate({ kind: "hcl", text }, world.root, "here");

test.each(["aws_s3_bucket.b.tags_all", "aws_s3_bucket.b.website_endpoint", "aws_kms_key.k.description"])(
  "%s is unknown",
  (text) => {
    expect(found(text)).toBeInstanceOf(Unknown);
    expect(found(`${text} == null`)).toBeInstanceOf(Unknown);
  },
);

test("what is kept is as the plan has it", () => {
  expect(found("aws_kms_key.k.custom_key_store_id")).toBe("");
});
