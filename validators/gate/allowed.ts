/** Turns source addresses of providers and modules into one normal form, and says whether a list allows them. */

/** What may run before and during a plan; everything else is a finding. */
export interface Allowed {
  /** Providers by source address: `hashicorp/aws`, `registry.example.com/team/name`. */
  readonly providers: readonly string[];
  /** Remote modules by source without version or query; `*` stands for anything. Local modules need no entry. */
  readonly modules: readonly string[];
  /** Backends of state, also of `terraform_remote_state`. */
  readonly backends: readonly string[];
}

/** The default: the AWS provider, local modules, state on S3 or on disk. */
export const ALLOWED: Allowed = { providers: ["hashicorp/aws"], modules: [], backends: ["s3", "local"] };

const DEFAULT_HOST = "registry.terraform.io";

/** Registries that serve the same namespaces; OpenTofu's default stands for Terraform's. */
const SAME_HOST = new Map([["registry.opentofu.org", DEFAULT_HOST]]);

/** The provider built into Terraform itself: `terraform_data`, `terraform_remote_state`. It can't come from elsewhere. */
export const BUILT_IN = "terraform.io/builtin/terraform";

/**
 * A provider's full source address in lower case: `aws` and `hashicorp/aws` are `registry.terraform.io/hashicorp/aws`
 * (https://developer.hashicorp.com/terraform/language/providers/requirements#source-addresses).
 */
export function providerAddress(source: string): string {
  const parts = source.trim().toLowerCase().split("/");
  const [first = "", second, third] = parts;
  if (parts.length === 1) return `${DEFAULT_HOST}/hashicorp/${first}`;
  if (parts.length === 2) return `${DEFAULT_HOST}/${first}/${second}`;
  return [SAME_HOST.get(first) ?? first, second, third, ...parts.slice(3)].join("/");
}

/** Whether a provider is listed. */
export function isProviderAllowed(address: string, allowed: Allowed): boolean {
  return address === BUILT_IN || allowed.providers.some((listed) => providerAddress(listed) === address);
}

/** Whether a module's source is a directory of the same project: Terraform's own test is the leading `./` or `../`. */
export const isLocalModule = (source: string): boolean => /^\.\.?(?:\/|$)/.test(source);

/**
 * What is wrong with a remote module, or `undefined`. It must be listed, and pinned to something that can't change:
 * a registry's module to one exact version, a Git repository to a full commit id.
 */
export function moduleFault(source: string, version: string | undefined, allowed: Allowed): string | undefined {
  const [address = ""] = source.split("?");
  if (!allowed.modules.some((listed) => matches(listed, address) || matches(listed, source)))
    return "is not in the list of allowed modules";
  if (isRegistryModule(address))
    return version !== undefined && /^\s*=?\s*v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]*)?\s*$/.test(version)
      ? undefined
      : "is not pinned: expected one exact `version`";
  const references = new URLSearchParams(source.slice(address.length)).getAll("ref");
  if (isGit(address))
    return references.length === 1 && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(references[0] ?? "")
      ? undefined
      : "is not pinned: expected `?ref=` with a full commit id";
  return "comes from a place that can't be pinned";
}

/** `namespace/name/provider`, with or without a host before it (and `//folder` behind). */
const isRegistryModule = (address: string): boolean =>
  /^(?:[a-z0-9.-]+\.[a-z]+(?::\d+)?\/)?[0-9A-Za-z_-]+\/[0-9A-Za-z_-]+\/[0-9a-z]+(?:\/\/.*)?$/i.test(address) &&
  !/^(?:github\.com|bitbucket\.org)\//i.test(address);

const isGit = (address: string): boolean =>
  /^git::/i.test(address) || /^(?:github\.com|bitbucket\.org)\//i.test(address) || /^git@/.test(address);

/** Whether a pattern with `*` covers a text. Linear: pieces are looked for from left to right. */
export function matches(pattern: string, text: string): boolean {
  const pieces = pattern.split("*");
  const first = pieces[0] ?? "";
  if (pieces.length === 1) return pattern === text;
  const last = pieces[pieces.length - 1] ?? "";
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return at <= text.length - last.length;
}
