/** Turns ARNs into their parts and back: the AWS provider's own functions. */
import { text, type Value } from "../../kernel/index";
import { toText } from "../values/convert";
import { Failed, Undecided } from "../values/outcome";
import { occursInLiteralsOnly, splitText } from "../values/text";
import { type FunctionGroup, plain, unary } from "./function";

function parseArn(value: Value): Value {
  const arn = toText(value);
  if (!occursInLiteralsOnly(arn, ":")) throw new Undecided();
  const fields = splitText(arn, ":");
  const [prefix, partition = "", service = "", region = "", account = "", ...resource] = fields;
  if (prefix !== "arn" || resource.length === 0) throw new Failed("expected an ARN");
  return new Map<string, Value>([
    ["partition", partition],
    ["service", service],
    ["region", region],
    ["account_id", account],
    ["resource", text(resource.flatMap((part, i) => (i === 0 ? [part] : [":", part])))],
  ]);
}

/** Functions of hashicorp/aws, <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/functions/arn_build>. */
export const arnFunctions: FunctionGroup = [
  ["provider::aws::arn_build", plain(5, 5, (parts) => text(["arn", ...parts.flatMap((part) => [":", toText(part)])]))],
  ["provider::aws::arn_parse", unary(parseArn)],
  [
    "provider::aws::trim_iam_role_path",
    unary((value) => {
      const arn = toText(value);
      if (typeof arn !== "string") throw new Undecided();
      const match = /^(arn:[^:]*:iam::[^:]*:role\/)(?:.*\/)?([^/]+)$/.exec(arn);
      if (match === null) throw new Failed("expected the ARN of a role");
      return `${match[1] ?? ""}${match[2] ?? ""}`;
    }),
  ],
];
