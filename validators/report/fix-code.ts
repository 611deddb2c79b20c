/** Turns a rule's HCL fix into code for one address: such as Terraform takes beside a resource with `for_each` or `count`. */

/** An address inside its module: reference, name, and the key of an instance, a number or text in quotes. */
const ADDRESS = /((?:aws|awscc)_[a-z0-9_]+\.([\w-]+))(?:\[(\d+|"(?:[^"\\]|\\.)*")\])?$/;

/** Stands in the HCL of a rule on a line of its own, first inside a resource that there is to be for each bucket or key. */
const EACH = "  EACH\n";

/**
 * The fix as the code beside the resource would write it: without the keys of modules, and for all instances at once
 * (https://developer.hashicorp.com/terraform/language/meta-arguments/for_each, "Chaining for_each Between Resources").
 * `SUBJECT` stands for the resource, `NAME` for its name, {@link EACH} for what repeats a resource. What isn't a whole resource
 * goes into one that the user has, which is repeated under the same keys. `undefined` for another address.
 */
export function fixCode(hcl: string, address: string): string | undefined {
  const [, reference, name, key] = ADDRESS.exec(address) ?? [];
  if (reference === undefined || name === undefined) return undefined;
  const { repeated, subject } = placed(reference, key, hcl.includes(EACH));
  return hcl.replaceAll(EACH, repeated).replaceAll("SUBJECT", subject).replaceAll("NAME", name);
}

function placed(reference: string, key: string | undefined, isWhole: boolean): { repeated: string; subject: string } {
  if (key === undefined) return { repeated: "", subject: reference };
  if (!key.startsWith('"'))
    return { repeated: `  count = length(${reference})\n\n`, subject: `${reference}[count.index]` };
  return { repeated: `  for_each = ${reference}\n\n`, subject: isWhole ? "each.value" : `${reference}[each.key]` };
}
