/** What expressions see of a write-only argument: null, whatever it is set to. */
import { graphOfConfiguration } from "../../validators/model/index";
import { fromHcl } from "../../validators/source/index";
import { useParser } from "../source/parser";

beforeAll(useParser);

const rotationOf = (condition: string) => {
  const text = `resource "aws_ssm_parameter" "p" {
    value_wo         = "secret"
    value_wo_version = 1
  }
  resource "aws_kms_key" "k" { enable_key_rotation = ${condition} }`;
  return graphOfConfiguration(fromHcl(new Map([["main.tf", text]]))).keys[0]?.rotation;
};

test.each<[string, boolean]>([
  ["aws_ssm_parameter.p.value_wo == null", true],
  ["aws_ssm_parameter.p.value_wo != null", false],
  ["aws_ssm_parameter.p.value_wo_version == 1", true],
])("%s is %s", (condition, expected) => {
  expect(rotationOf(condition)).toBe(expected);
});
