/** Turns addresses of module instances into their steps. */

/** The last step of a module path: its parent, its call's name, its instance key. */
export interface ModuleStep {
  /** Path of the calling module, `""` for the root. */
  readonly parent: string;
  readonly call: string;
  readonly key?: string | number;
}

/** The last step of `module.a["x"].module.b[0]`; `undefined` for the root module and for what is no module path. */
export function lastStep(path: string): ModuleStep | undefined {
  let start = 0;
  let from = 0;
  for (let at = 0; at < path.length; ) {
    start = at;
    const end = endOfStep(path, at);
    from = at;
    at = end + 1;
  }
  const parent = start === 0 ? "" : path.slice(0, start - 1);
  const name = /^module\.([^.[]+)/.exec(path.slice(from));
  if (name === null || name[1] === undefined) return undefined;
  const key = path.slice(from + name[0].length);
  return { parent, call: name[1], ...keyOf(key) };
}

/** Where the `module.NAME[KEY]` that begins at `start` ends. */
function endOfStep(path: string, start: number): number {
  let at = start + "module.".length;
  let quoted = false;
  for (; at < path.length; at++) {
    const char = path[at];
    if (quoted && char === "\\") at++;
    else if (char === '"') quoted = !quoted;
    else if (char === "." && !quoted) return at;
  }
  return path.length;
}

function keyOf(bracketed: string): { readonly key?: string | number } {
  if (bracketed === "") return {};
  const inside = bracketed.slice(1, -1);
  if (/^\d+$/.test(inside)) return { key: Number(inside) };
  return { key: unquoted(inside) };
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** A quoted key as Terraform writes it in addresses: HCL's escapes. */
function unquoted(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(/\\(u[0-9a-fA-F]{4}|.)|\$\$\{|%%\{/gs, (all: string, sequence: string | undefined) => {
      if (sequence === undefined) return all.slice(1);
      if (sequence.length === 5) return String.fromCharCode(Number.parseInt(sequence.slice(1), 16));
      return ESCAPES.get(sequence) ?? sequence;
    });
}

/** The path of an instance of a module call. */
export function modulePath(parent: string, call: string, key: string | number | undefined): string {
  return `${parent === "" ? "" : `${parent}.`}module.${call}${keyText(key)}`;
}

/** An instance key as addresses show it. */
export function keyText(key: string | number | undefined): string {
  if (key === undefined) return "";
  if (typeof key === "number") return `[${key}]`;
  const escaped = JSON.stringify(key).replace(/\$\{/g, "$$$${").replace(/%\{/g, "%%{");
  return `[${escaped}]`;
}
