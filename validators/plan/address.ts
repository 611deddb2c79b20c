/** Turns Terraform's resource addresses into their parts. */

/** What an address such as `module.a["x"].data.aws_iam_policy_document.d[0]` says. */
export interface Address {
  /** `module.a["x"]`, `""` in the root module. */
  readonly module: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
}

/**
 * The parts of an address, `undefined` where it isn't one. Instance keys may hold dots, brackets and escaped quotes
 * (https://developer.hashicorp.com/terraform/cli/state/resource-addressing).
 */
export function parseAddress(address: string): Address | undefined {
  const names: string[] = [];
  let start = 0;
  let module = 0;
  for (;;) {
    const end = endOfStep(address, start);
    const name = /^[^.[]+/.exec(address.slice(start, end))?.[0];
    if (name === undefined) return undefined;
    names.push(name);
    if (names.length === 2 && names[0] === "module") {
      names.length = 0;
      module = end;
    }
    if (end >= address.length) break;
    start = end + 1;
  }
  const isData = names[0] === "data" && names.length === 3;
  const [type, name, ...rest] = isData ? names.slice(1) : names;
  if (type === undefined || name === undefined || rest.length > 0) return undefined;
  return { module: address.slice(0, module), mode: isData ? "data" : "managed", type, name };
}

/** Where the step that begins at `start` ends: at the next dot outside an instance key, or at the end. */
function endOfStep(address: string, start: number): number {
  let quoted = false;
  for (let at = start; at < address.length; at++) {
    const char = address[at];
    if (quoted && char === "\\") at++;
    else if (char === '"') quoted = !quoted;
    else if (char === "." && !quoted) return at;
  }
  return address.length;
}

/** The address of an instance, written as Terraform writes it. */
export function formatAddress(address: Address, index?: string | number): string {
  const { module, mode, type, name } = address;
  const key = index === undefined ? "" : `[${typeof index === "number" ? index : JSON.stringify(index)}]`;
  return `${module === "" ? "" : `${module}.`}${mode === "data" ? "data." : ""}${type}.${name}${key}`;
}
