/**
 * Turns configuration in Terraform's JSON syntax into what must not run before a plan was judged. Planning runs code:
 * providers, `external` data sources, whatever a shared configuration file names. This is looked at without running it.
 */
import { type Allowed, BUILT_IN, isLocalModule, isProviderAllowed, moduleFault, providerAddress } from "./allowed";
import { plain } from "./plain";

/** One thing that must not run. */
export interface PrePlanFinding {
  /** The file as it was given. */
  readonly file: string;
  /** Where in it: `data.external.x`, `terraform.required_providers.foo`. */
  readonly at: string;
  /** What is wrong, in one line. */
  readonly message: string;
}

type Members = Readonly<Record<string, unknown>>;
type Report = (at: string, message: string) => void;

/** Blocks that Terraform 1.5 to 1.14 and OpenTofu know at the top; another one could do anything. */
const KNOWN_BLOCKS = new Set([
  "//", "terraform", "provider", "variable", "locals", "output", "module", "resource", "data", "ephemeral", "moved",
  "import", "removed", "check",
]); // biome-ignore format: one list

/** What may stand in a `terraform` block; `encryption` and whatever comes later could name programs (OpenTofu's `external` does). */
const KNOWN_SETTINGS = new Set([
  "//", "required_version", "required_providers", "backend", "cloud", "provider_meta", "experiments",
]); // biome-ignore format: one list

/** Data sources and ephemeral resources that run code or speak to an address of the configuration's choice while planning. */
const FORBIDDEN_READS = new Map([
  ["external", "runs a program while planning"],
  ["http", "speaks to any address while planning"],
  ["aws_lambda_invocation", "runs a function in the account while planning"],
]);

/** Provider and backend arguments that name programs to run, or send signed requests and session tokens elsewhere. */
const FORBIDDEN_ARGUMENTS = new Map([
  ["shared_config_files", "names a file that can run a program (`credential_process`)"],
  ["shared_credentials_files", "names a file with credentials"],
  ["shared_credentials_file", "names a file with credentials"],
  ["endpoints", "sends requests to another address"],
  ["endpoint", "sends requests to another address"],
  ["iam_endpoint", "sends requests to another address"],
  ["sts_endpoint", "sends requests to another address"],
  ["sso_endpoint", "sends requests to another address"],
  ["ec2_metadata_service_endpoint", "asks another address for credentials"],
  ["dynamodb_endpoint", "sends requests to another address"],
  ["http_proxy", "sends requests through another address"],
  ["https_proxy", "sends requests through another address"],
  ["custom_ca_bundle", "trusts another certificate authority"],
  ["insecure", "trusts any certificate"],
  ["web_identity_token_file", "names a file to send away"],
  ["assume_role_with_web_identity", "names a token or a file to send away"],
]);

/** Names of Terraform's functions that read files, before a call or a comment that could hide one. */
const FILE_FUNCTIONS =
  /\b(file(?:base64|exists|md5|set|sha1|sha256|sha512|base64sha256|base64sha512)?|templatefile|pathexpand)\s*(\(|\/\*|\/\/|#)/g;

/**
 * What of one file must not run before a plan was judged. `json` is what stands in the file; `allowed` lists providers,
 * modules and backends; `beside` is what stands in the module's other files, which may name providers for this one. No
 * findings: nothing but listed things runs. Pure; local modules are checked on their own.
 */
export function prePlanFindings(
  json: unknown,
  file: string,
  allowed: Allowed,
  beside: readonly unknown[] = [],
): readonly PrePlanFinding[] {
  const findings: PrePlanFinding[] = [];
  const report = reportTo(findings, file);
  if (bodies(json).length === 0 && !(Array.isArray(json) && json.length === 0))
    report("", "expected an object of blocks");
  // A JSON body may be a list of objects: Terraform joins them.
  for (const root of bodies(json)) {
    for (const name of Object.keys(root))
      if (!KNOWN_BLOCKS.has(name)) report(name, `\`${name}\` is a kind of block that this check doesn't know`);
    checkSettings(member(root, "terraform"), allowed, report);
  }
  const roots = bodies(json);
  const locals = new Map([
    ...requiredProviders(beside.flatMap(bodies), allowed, () => undefined),
    ...requiredProviders(roots, allowed, report),
  ]);
  for (const root of roots) {
    checkProviders("provider", member(root, "provider"), locals, allowed, report);
    checkResources(root, locals, allowed, report);
    checkModules(member(root, "module"), allowed, report);
    for (const [at, body] of blocks(member(root, "removed"), "removed", 0)) checkProvisioners(body, at, report);
  }
  checkFileReads(json, report);
  return findings;
}

/**
 * What of a test file (`*.tftest.hcl`) must not run: `terraform init` reads it as well, and installs the providers and
 * modules that it asks for (https://developer.hashicorp.com/terraform/language/tests).
 */
export function testFindings(
  json: unknown,
  file: string,
  allowed: Allowed,
  beside: readonly unknown[],
): readonly PrePlanFinding[] {
  const findings: PrePlanFinding[] = [];
  const report = reportTo(findings, file);
  const locals = requiredProviders(beside.flatMap(bodies), allowed, () => undefined);
  for (const root of bodies(json)) {
    for (const name of ["provider", "mock_provider"]) checkProviders(name, member(root, name), locals, allowed, report);
    for (const [at, body] of blocks(member(root, "run"), "run", 1))
      for (const module of bodies(member(body, "module"))) checkModule(module, `${at}.module`, allowed, report);
  }
  return findings;
}

const reportTo =
  (findings: PrePlanFinding[], file: string): Report =>
  (at, message) =>
    findings.push({ file: plain(file), at: plain(at), message: plain(message) });

/** Local provider names and the full address each stands for; every address not listed is reported. */
function requiredProviders(roots: readonly Members[], allowed: Allowed, report: Report): ReadonlyMap<string, string> {
  const locals = new Map<string, string>();
  for (const root of roots)
    for (const settings of bodies(member(root, "terraform")))
      for (const required of bodies(member(settings, "required_providers")))
        for (const [name, value] of Object.entries(required)) {
          const at = `terraform.required_providers.${name}`;
          const source = bodies(value).map((body) => member(body, "source"))[0];
          const address = providerAddress(typeof source === "string" ? source : name);
          if (locals.has(name) && locals.get(name) !== address) report(at, `provider \`${name}\` has two sources`);
          locals.set(name, address);
          if (!isProviderAllowed(address, allowed)) report(at, notListed(address, allowed));
        }
  return locals;
}

const notListed = (address: string, allowed: Allowed): string =>
  `provider \`${address}\` is not in the list of allowed providers (${list(allowed.providers)})`;

/** `terraform` blocks: where the state lives, and whether an arbitrary service plans instead of us. */
function checkSettings(settings: unknown, allowed: Allowed, report: Report): void {
  for (const body of bodies(settings)) {
    for (const name of Object.keys(body))
      if (!KNOWN_SETTINGS.has(name))
        report(`terraform.${name}`, `\`${name}\` is a setting that this check doesn't know`);
    if (Object.hasOwn(body, "cloud")) report("terraform.cloud", "hands the plan to another service");
    for (const backend of bodies(member(body, "backend")))
      for (const [type, value] of Object.entries(backend)) {
        const at = `terraform.backend.${type}`;
        if (!allowed.backends.includes(type))
          report(at, `backend \`${type}\` is not in the list of allowed backends (${list(allowed.backends)})`);
        for (const one of bodies(value)) checkArguments(one, at, report);
      }
  }
}

function checkProviders(
  kind: string,
  value: unknown,
  locals: ReadonlyMap<string, string>,
  allowed: Allowed,
  report: Report,
): void {
  for (const [at, body, [name = ""]] of blocks(value, kind, 1)) {
    checkProvider(name, at, locals, allowed, report);
    checkArguments(body, at, report);
    for (const dynamic of bodies(member(body, "dynamic"))) checkArguments(dynamic, `${at}.dynamic`, report);
  }
}

function checkProvider(
  name: string,
  at: string,
  locals: ReadonlyMap<string, string>,
  allowed: Allowed,
  report: Report,
): void {
  // A name that `required_providers` lists was reported there, once.
  const address = name === "terraform" ? BUILT_IN : (locals.get(name) ?? providerAddress(name));
  if (!locals.has(name) && !isProviderAllowed(address, allowed)) report(at, notListed(address, allowed));
}

function checkResources(root: Members, locals: ReadonlyMap<string, string>, allowed: Allowed, report: Report): void {
  const sections: [string, unknown][] = ["resource", "data", "ephemeral"].map((kind) => [kind, member(root, kind)]);
  // A check block may hold a data source of its own.
  for (const [at, body] of blocks(member(root, "check"), "check", 1))
    sections.push([`${at}.data`, member(body, "data")]);
  for (const [section, value] of sections)
    for (const [at, body, [type = ""]] of blocks(value, section, 2)) {
      checkProvider(providerOf(type, body), at, locals, allowed, report);
      checkProvisioners(body, at, report);
      if (section === "resource") continue;
      const why = FORBIDDEN_READS.get(type);
      if (why !== undefined) report(at, `\`${type}\` ${why}`);
      // The only data source of the AWS provider that takes an address: what the plan can read would leave in a query.
      if (type === "aws_ip_ranges" && Object.hasOwn(body, "url"))
        report(`${at}.url`, "`url` sends requests to another address");
      if (type === "terraform_remote_state") checkRemoteState(body, at, allowed, report);
    }
}

/** Local name of the provider that a resource uses: the `provider` argument, else the type's first word. */
function providerOf(type: string, body: Members): string {
  const given = member(body, "provider");
  const named = typeof given === "string" ? /^(?:\$\{\s*)?([\w-]+)/.exec(given)?.[1] : undefined;
  return named ?? type.split("_")[0] ?? type;
}

function checkProvisioners(body: Members, at: string, report: Report): void {
  for (const name of ["provisioner", "connection"])
    if (bodies(member(body, name)).length > 0) report(`${at}.${name}`, `a \`${name}\` runs programs: none is allowed`);
}

function checkRemoteState(body: Members, at: string, allowed: Allowed, report: Report): void {
  const backend = member(body, "backend");
  if (typeof backend !== "string" || !allowed.backends.includes(backend))
    report(
      `${at}.backend`,
      `backend \`${String(backend)}\` is not in the list of allowed backends (${list(allowed.backends)})`,
    );
  const config = member(body, "config");
  if (typeof config === "string") report(`${at}.config`, "`config` is an expression: expected an object");
  for (const settings of bodies(config)) checkArguments(settings, `${at}.config`, report);
}

function checkArguments(body: Members, at: string, report: Report): void {
  for (const name of Object.keys(body)) {
    const why = FORBIDDEN_ARGUMENTS.get(name);
    if (why !== undefined && member(body, name) !== null) report(`${at}.${name}`, `\`${name}\` ${why}`);
  }
}

function checkModules(value: unknown, allowed: Allowed, report: Report): void {
  for (const [at, body] of blocks(value, "module", 1)) checkModule(body, at, allowed, report);
}

function checkModule(body: Members, at: string, allowed: Allowed, report: Report): void {
  const source = member(body, "source");
  const version = member(body, "version");
  if (typeof source !== "string") report(at, "a module without a `source`");
  else if (/[$%]\{/.test(source)) report(at, `module source \`${source}\` is an expression: expected plain text`);
  else if (!isLocalModule(source)) {
    const fault = moduleFault(source, typeof version === "string" ? version : undefined, allowed);
    if (fault !== undefined) report(at, `module \`${source}\` ${fault}`);
  }
}

/**
 * Functions that read files must read the project's own: an output of `file("/proc/self/environ")` would print the
 * credentials of the plan. Only literal, relative paths without `..` (after `path.module`, `path.root`, `path.cwd`) pass.
 */
function checkFileReads(json: unknown, report: Report): void {
  const open: [string, unknown][] = [["", json]];
  // A stack of its own: foreign JSON may be nested deeper than calls can be.
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [at, value] = next;
    if (typeof value === "string") checkTemplate(value, at, report);
    else if (typeof value === "object" && value !== null)
      for (const [key, item] of Object.entries(value)) {
        // Not even `//` is passed over: a comment in a block, but a key like any other in an object's value.
        open.push([Array.isArray(value) ? at : at === "" ? key : `${at}.${key}`, item]);
        if (/[$%]\{/.test(key)) checkTemplate(key, at, report);
      }
  }
}

function checkTemplate(template: string, at: string, report: Report): void {
  // From the first interpolation to the last bracket: what stands between two may be text, but is never left out.
  const start = template.search(/[$%]\{/);
  if (start === -1) return;
  const code = template.slice(start, template.lastIndexOf("}") + 1);
  for (const call of code.matchAll(FILE_FUNCTIONS)) {
    const after = call.index + call[0].length;
    if (call[2] !== "(" || !isInsideProject(code.slice(after, after + 1000)))
      report(
        at,
        `\`${call[1]}\` reads a file that may be outside the project: expected a relative path without \`..\``,
      );
  }
}

/** Whether a call's arguments begin with a literal path that stays below the working directory or the module's. */
function isInsideProject(args: string): boolean {
  if (/^\s*path\.(?:module|root|cwd)\s*[,)]/.test(args)) return true;
  const path = /^\s*"(?:\$\{path\.(?:module|root|cwd)\}\/)?([^"\\$%]*)"\s*[,)]/.exec(args)?.[1];
  // What package managers link to may lie anywhere.
  const isElsewhere = (part: string): boolean => part === ".." || part === "node_modules";
  return path !== undefined && !/^(?:[/~]|[A-Za-z]:)/.test(path) && !path.split(/[/\\]/).some(isElsewhere);
}

/** The objects in a block's place: itself, or each of a list. */
function bodies(value: unknown): readonly Members[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.filter((item): item is Members => typeof item === "object" && item !== null && !Array.isArray(item));
}

/** Blocks below `labels` levels of labels, each with its address, body and labels. */
function blocks(
  value: unknown,
  at: string,
  labels: number,
): readonly (readonly [string, Members, readonly string[]])[] {
  if (labels === 0) return bodies(value).map((body) => [at, body, []] as const);
  return bodies(value).flatMap((level) =>
    Object.keys(level)
      .filter((label) => label !== "//")
      .flatMap((label) =>
        blocks(member(level, label), `${at}.${label}`, labels - 1).map(
          ([address, body, more]) => [address, body, [label, ...more]] as const,
        ),
      ),
  );
}

const member = (body: Members, name: string): unknown => (Object.hasOwn(body, name) ? body[name] : undefined);

const list = (names: readonly string[]): string =>
  names.length === 0 ? "none" : names.map((name) => `\`${name}\``).join(", ");
