/** Turns files and directories into the pre-plan check's findings: what Terraform would load there is what is looked at. */
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, join, normalize, resolve, sep } from "node:path";
import { InputError } from "../kernel/index";
import { ALLOWED, type Allowed, isLocalModule } from "./allowed";
import { messageOf } from "./plain";
import { type PrePlanFinding, prePlanFindings, testFindings } from "./pre-plan";

/** Largest configuration file that is read, in bytes. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Most local modules that are followed. */
const MOST_MODULES = 1000;

/** Most files among which links are looked for. */
const MOST_FILES = 200_000;

/** Reads a native `.tf` file as the JSON syntax would say it; without one, native files are findings. */
export type ReadNative = (text: string, file: string) => unknown;

/**
 * The pre-plan check of `.tf.json` files, and of directories as Terraform loads them, local modules and tests included.
 * Nothing is run, nothing is fetched.
 * @throws InputError when a path can't be read or holds no configuration.
 */
export function checkBeforePlan(
  paths: readonly string[],
  allowed: Allowed = ALLOWED,
  readNative?: ReadNative,
): readonly PrePlanFinding[] {
  const seen = new Set<string>();
  const open = [...paths];
  const findings: PrePlanFinding[] = [];
  for (let path = open.shift(); path !== undefined; path = open.shift()) {
    if (seen.has(normalize(path))) continue;
    seen.add(normalize(path));
    if (seen.size > MOST_MODULES) throw new InputError(`expected at most ${MOST_MODULES} local modules, found more`);
    const files = filesOf(path);
    if (files.length === 0)
      throw new InputError(`\`${path}\`: expected a \`.tf.json\` or \`.tf\` file or a directory of them, found none`);
    const folder = isDirectory(path) ? path : join(path, "..");
    findings.push(...plantedProviders(folder));
    const read = files.map((file) => ({ file, ...readConfigurationFile(file, readNative) }));
    const beside = read.map(({ json }) => json);
    for (const one of read) findings.push(...one.findings, ...prePlanFindings(one.json, one.file, allowed, beside));
    open.push(...beside.flatMap(localModules).map((source) => join(folder, source)));
    const isRoot = paths.includes(path) && isDirectory(path);
    // A module that npm brought: its folder is passed over from the top.
    if (isRoot || normalize(path).split(sep).includes("node_modules")) findings.push(...linksOutside(folder));
    if (!isRoot) continue;
    for (const file of testsOf(path)) {
      const test = readConfigurationFile(file, readNative);
      findings.push(...test.findings, ...testFindings(test.json, file, allowed, beside));
      open.push(...modulesOfTests(test.json).map((source) => join(folder, source)));
    }
  }
  return findings;
}

/** The test files of a root module: beside its configuration and in `tests`. `terraform init` reads them too. */
function testsOf(folder: string): readonly string[] {
  return [folder, join(folder, "tests")]
    .filter((place) => existsSync(place) && isDirectory(place))
    .flatMap((place) =>
      readdirSync(place)
        .filter((name) => /\.(?:tftest|tofutest)\.(?:hcl|json)$/.test(name))
        .sort()
        .map((name) => join(place, name)),
    );
}

/**
 * Links that lead out of the project: through one, `file("here/below")` reads the credentials of the plan. Package managers
 * link freely in `node_modules`, where no such function may read (`pre-plan.ts`).
 */
function linksOutside(folder: string): readonly PrePlanFinding[] {
  const top = realpathSync(resolve(folder));
  const inside = [top, realpathSync(process.cwd())].filter(
    (place, at, all) => at === 0 || isWithin(all[0] ?? "", place),
  );
  const findings: PrePlanFinding[] = [];
  const open = [folder];
  let seen = 0;
  for (let place = open.pop(); place !== undefined; place = open.pop())
    for (const entry of readdirSync(place, { withFileTypes: true })) {
      if (++seen > MOST_FILES) throw new InputError(`\`${folder}\`: expected at most ${MOST_FILES} files, found more`);
      const path = join(place, entry.name);
      if (entry.isDirectory() && ![".git", "node_modules"].includes(entry.name)) open.push(path);
      if (entry.isSymbolicLink() && !inside.some((home) => isWithin(targetOf(path), home)))
        findings.push({ file: path, at: "", message: "is a link to something outside the project" });
    }
  return findings;
}

const isWithin = (path: string, home: string): boolean => path === home || path.startsWith(home + sep);

/** Where a link leads; a link to nothing leads nowhere yet, and may lead anywhere later. */
function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return "";
  }
}

/** The files that Terraform loads from a directory (the given file itself, where it is one), sorted. */
function filesOf(path: string): readonly string[] {
  if (!isDirectory(path)) return [path];
  return readdirSync(path)
    .filter((name) => /\.(?:tf|tofu)(?:\.json)?$/.test(name) && !/^\.|^#.*#$|~$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw new InputError(`\`${path}\` can't be read: ${messageOf(error)}`);
  }
}

/** Terraform takes providers from `terraform.d/plugins` in the working directory, before any registry. */
function plantedProviders(folder: string): readonly PrePlanFinding[] {
  const plugins = join(folder, "terraform.d", "plugins");
  return existsSync(plugins)
    ? [{ file: plugins, at: "", message: "holds provider programs that `terraform init` would take and run" }]
    : [];
}

interface Configuration {
  readonly json: unknown;
  readonly findings: readonly PrePlanFinding[];
}

function readConfigurationFile(file: string, readNative: ReadNative | undefined): Configuration {
  let text: string;
  try {
    if (statSync(file).size > MOST_BYTES) throw new Error(`more than ${MOST_BYTES} bytes`);
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new InputError(`\`${file}\` can't be read: ${messageOf(error)}`);
  }
  if (!file.endsWith(".json")) {
    if (readNative !== undefined) return { json: readNative(text, file), findings: [] };
    return { json: {}, findings: [{ file, at: "", message: "native syntax can't be read here: expected `.tf.json`" }] };
  }
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    throw new InputError(`\`${file}\`: expected JSON, found ${messageOf(error)}`);
  }
  // Terraform takes a key that stands twice as two blocks; a JSON parser keeps only the last and would hide the first.
  const findings = repeatedKeys(text).map((key) => ({
    file,
    at: key,
    message: `key \`${key}\` stands twice in \`${basename(file)}\`: only one of the two would be seen here`,
  }));
  return { json, findings };
}

/** Keys that stand twice in one object of a JSON text that is known to parse. */
export function repeatedKeys(text: string): readonly string[] {
  const repeated = new Set<string>();
  const open: (Set<string> | undefined)[] = [];
  // Strings, and the brackets outside of them; a string followed by a colon is a key.
  for (const [token, string, colon] of text.matchAll(/("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]/gs)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (string !== undefined && colon !== undefined) {
      const key: unknown = JSON.parse(string);
      const keys = open.at(-1);
      if (typeof key !== "string" || keys === undefined) continue;
      if (keys.has(key)) repeated.add(key);
      keys.add(key);
    }
  }
  return [...repeated];
}

const localModules = (json: unknown): readonly string[] =>
  bodiesBelow(json, "module").flatMap((call) => localSource(call));

const modulesOfTests = (json: unknown): readonly string[] =>
  bodiesBelow(json, "run").flatMap((run) =>
    objects(Object.hasOwn(run, "module") ? run.module : undefined).flatMap((module) => localSource(module)),
  );

/** The bodies of blocks with one label. */
const bodiesBelow = (json: unknown, type: string): readonly Record<string, unknown>[] =>
  objects(json)
    .flatMap((root) => objects(Object.hasOwn(root, type) ? root[type] : undefined))
    .flatMap((named) => Object.values(named).flatMap(objects));

const localSource = ({ source }: Record<string, unknown>): readonly string[] =>
  typeof source === "string" && isLocalModule(source) ? [source] : [];

const objects = (value: unknown): readonly Record<string, unknown>[] =>
  (Array.isArray(value) ? value : [value]).filter(
    (item): item is Record<string, unknown> => typeof item === "object" && item !== null && !Array.isArray(item),
  );
