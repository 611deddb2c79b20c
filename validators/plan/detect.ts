/** Turns the first bytes of an input into the kind of thing that it is, told from the content alone. */

import { InputError } from "../kernel/result";
import { encodingOf } from "./encoding";

/** What an input can be. The last ones can't be judged; {@link refusal} says what to do instead. */
export type Kind =
  | "plan"
  | "state"
  | "synth"
  | "binary-plan"
  | "empty"
  | "raw-state"
  | "plan-log"
  | "cloudformation"
  | "wrapped"
  | "hcl"
  | "not-json"
  | "unknown-json";

/** Top-level keys that only one kind of document has; plan and state share `format_version` and `terraform_version`. */
const MARKS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ...[
    "planned_values",
    "resource_changes",
    "resource_drift",
    "prior_state",
    "configuration",
    "output_changes",
    "relevant_attributes",
    "applyable",
    "errored",
    "deferred_changes",
  ].map((key): [string, Kind] => [key, "plan"]),
  ["values", "state"],
  ["version", "raw-state"],
  ["lineage", "raw-state"],
  ["serial", "raw-state"],
  ...[
    "resource",
    "data",
    "provider",
    "terraform",
    "locals",
    "module",
    "variable",
    "output",
    "//",
    "moved",
    "import",
    "removed",
    "ephemeral",
  ].map((key): [string, Kind] => [key, "synth"]),
  ["AWSTemplateFormatVersion", "cloudformation"],
  ["Resources", "cloudformation"],
  ["@level", "plan-log"],
  ["@message", "plan-log"],
]);

/**
 * The kind of an input by its first bytes (some KiB are enough; more help where the keys are in an unusual order). A
 * document that begins like a plan or state is called `plan`: reading it tells which of the two it is.
 */
export function detectKind(firstBytes: Uint8Array): Kind {
  if (firstBytes.length === 0) return "empty";
  if (firstBytes[0] === 0x50 && firstBytes[1] === 0x4b) return "binary-plan";
  const head = textOf(firstBytes);
  const first = /\S/.exec(head)?.[0];
  if (first === undefined) return "empty";
  if (first !== "{") return kindOfText(head.trimStart());
  return kindOfKeys(topLevelKeys(head));
}

/** The kind that top-level keys show; `unknown-json` where none is known. */
export function kindOfKeys(keys: Iterable<string>): Kind {
  let weak: Kind = "unknown-json";
  for (const key of keys) {
    const kind = MARKS.get(key);
    if (kind !== undefined && key !== "//" && key !== "version") return kind;
    if (kind !== undefined) weak = kind;
    else if (key === "format_version" && weak === "unknown-json") weak = "plan";
  }
  return weak;
}

function kindOfText(head: string): Kind {
  if (/^\[command\]|^::(debug|group|set-output)/.test(head)) return "wrapped";
  if (/^(Terraform|OpenTofu) (used|will|has)|^(Resource actions|No changes|# aws_)/.test(head)) return "plan-log";
  if (/^(resource|data|terraform|provider|module|variable|locals|output)\b[^\n]*[{"]/m.test(head)) return "hcl";
  if (/^\S[^\n{]*\n\s*\{"/.test(head)) return "wrapped";
  return head.startsWith("[") || head.startsWith('"') ? "unknown-json" : "not-json";
}

function textOf(bytes: Uint8Array): string {
  const { name, mark } = encodingOf(bytes);
  const text = bytes.subarray(mark);
  if (name === "utf-8") return Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString("utf8");
  return new TextDecoder(name).decode(text.subarray(0, text.length - (text.length % 2)));
}

/** The keys of the outermost object as far as the text goes. */
function* topLevelKeys(head: string): Generator<string> {
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/gs;
  let depth = 0;
  let last = "";
  for (let found = tokens.exec(head); found !== null; found = tokens.exec(head)) {
    const token = found[0];
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (token === ":" && depth === 1) yield last.slice(1, -1);
    last = token;
  }
}

/** What to say of an input of a kind that can't be judged as a plan; lower case, without the path. */
export function refusal(kind: Kind): InputError {
  return new InputError(ADVICE[kind]);
}

const SHOW = "give the output of `terraform show -json PLANFILE`";
const ADVICE: Readonly<Record<Kind, string>> = {
  plan: "not a whole plan",
  state: "not a whole state",
  synth: "expected plan or state JSON, found synthesized Terraform JSON (`cdk.tf.json`)",
  "binary-plan": `expected plan JSON, found a binary plan: ${SHOW}`,
  empty: `the input is empty: ${SHOW}`,
  "raw-state":
    "expected plan or state JSON, found a raw state file (`terraform.tfstate`): give the output of `terraform show -json` beside it",
  "plan-log": `expected plan JSON, found what \`terraform plan\` prints: save the plan with \`-out=PLANFILE\`, then ${SHOW}`,
  cloudformation: `expected a Terraform plan, found a CloudFormation template: ${SHOW}`,
  wrapped:
    "expected plan JSON, found other lines before it: use `terraform_wrapper: false` with setup-terraform, or keep only what `terraform show -json PLANFILE` prints",
  hcl: "expected plan JSON, found Terraform source (HCL): give its directory instead",
  "not-json": `expected plan JSON, found something that isn't JSON: ${SHOW}`,
  "unknown-json": `expected plan or state JSON, found JSON of another kind: ${SHOW}`,
};
