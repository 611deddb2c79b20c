/** Turns the text of source files into modules. */
import { InputError } from "../kernel/index";
import { type Json, readJsonText } from "../plan/index";
import { assemble } from "./assemble";
import type { Expression, Module, Variable } from "./configuration";
import { normal } from "./functions/paths";
import type { ReadableFiles } from "./readable-files";
import { type RawBody, readBlocks, SyntaxFault } from "./syntax/blocks";
import { fromJsonSyntax, fromNative, type TopBlock } from "./top-blocks";

/**
 * Text files by path relative to the root module: `main.tf`, `modules/bucket/main.tf`, `../shared/main.tf`,
 * `.terraform/modules/modules.json`. The separator is `/`.
 */
export type SourceFiles = ReadonlyMap<string, string>;

/** Modules call modules, but not this deep, and not this many: one that calls itself twice has no end. */
const deepest = 100;
const mostModules = 10_000;

/**
 * Whether a file is one that Terraform takes for configuration: hidden ones, and what editors leave behind (`x.tf~`,
 * `#x.tf#`), it ignores (`IsIgnoredFile` in Terraform's `internal/configs`).
 */
const isConfiguration = (path: string): boolean =>
  /\.(?:tf|tofu)(?:\.json)?$/.test(path) && !/^\.|~$|^#.*#$/.test(nameOf(path));

/** Whether a file says something of a module that stands in its folder. Of files with values Terraform ignores none. */
export const isSource = (name: string): boolean => isConfiguration(name) || /\.tfvars(?:\.json)?$/.test(name);
/** What Terraform reads of the files. OpenTofu reads `a.tofu` as well, and instead of `a.tf` (see `Sources`). */
export const withoutTofu = (files: SourceFiles): SourceFiles =>
  new Map([...files].filter(([path]) => !/\.tofu(?:\.json)?$/.test(path)));

const isOverride = (path: string): boolean => /(?:^|_)override\.(?:tf|tofu)(?:\.json)?$/.test(nameOf(path));
const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
const directoryOf = (path: string): string => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "");

/**
 * The configuration of the root module (`directory` `""`, or another one): its `.tf`, `.tofu` and `.tf.json` files with
 * overrides, and its child modules as far as their files are given (local paths; others through
 * `.terraform/modules/modules.json`). Its expressions read `readable`. Throws `InputError` for a file that doesn't parse.
 */
export function fromHcl(files: SourceFiles, directory = "", readable: ReadableFiles = files): Module {
  const module = sourcesIn(files, directory).read(directory, "", 0);
  return { ...module, variables: assigned(module.variables, assignments(files, directory)), files: readable };
}

/** The configuration of a root module whose blocks are known, with its child modules as far as their files are given. */
export const besideRoot = (blocks: readonly TopBlock[], files: SourceFiles): Module =>
  sourcesIn(files, "", blocks).read("", "", 0);

function sourcesIn(files: SourceFiles, directory: string, root?: readonly TopBlock[]): Sources {
  const manifest = manifestOf(files.get(joined(directory, ".terraform/modules/modules.json")));
  const directories = new Map(manifest.map((entry) => [entry.key, joined(directory, entry.directory)]));
  const fetched = new Map(
    manifest.flatMap(({ key, source }) => (source === undefined ? [] : [[key, source] as const])),
  );
  return new Sources(files, directory, directories, { fetched, ...(root === undefined ? {} : { root }) });
}

/** Variables with the values that Terraform takes from files by itself. */
const assigned = (
  variables: ReadonlyMap<string, Variable>,
  values: ReadonlyMap<string, Expression>,
): ReadonlyMap<string, Variable> =>
  new Map(
    [...variables].map(([name, variable]) => {
      const value = values.get(name);
      return [name, value === undefined ? variable : { ...variable, assigned: value }];
    }),
  );

/** `terraform.tfvars`, `terraform.tfvars.json`, then `*.auto.tfvars(.json)` by name; the later file wins. */
function assignments(files: SourceFiles, directory: string): ReadonlyMap<string, Expression> {
  const names = ["terraform.tfvars", "terraform.tfvars.json"].map((name) => joined(directory, name));
  const isAuto = (path: string): boolean =>
    /\.auto\.tfvars(?:\.json)?$/.test(path) && joined(directoryOf(path), "") === directory;
  const paths = [...names.filter((name) => files.has(name)), ...[...files.keys()].filter(isAuto).sort()];
  return new Map(paths.flatMap((path) => assignmentsIn(path, files.get(path) ?? "")));
}

function assignmentsIn(path: string, text: string): (readonly [string, Expression])[] {
  if (path.endsWith(".json")) {
    return Object.entries(jsonIn(path, text) ?? {}).map(([name, value]) => [name, { kind: "constant", value }]);
  }
  return [...nativeIn(path, text).attributes].map(([name, { text: source, line }]) => [
    name,
    { kind: "hcl", text: source, position: { file: path, line } },
  ]);
}

function nativeIn(path: string, text: string): RawBody {
  try {
    return readBlocks(text);
  } catch (error) {
    if (error instanceof SyntaxFault) throw new InputError(`\`${path}\`, line ${error.line}: ${error.message}`);
    throw error;
  }
}

function jsonIn(path: string, text: string): Json {
  try {
    return readJsonText(text);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`\`${path}\`: ${error.message}`);
  }
}

/** The configuration inside a saved plan's archive, entries by name (`tfconfig/modules.json`, `tfconfig/m-/cdk.tf.json`). */
export function fromArchive(entries: SourceFiles): Module | undefined {
  const directories = [...entries.keys()].map(directoryOf).filter((path) => path.startsWith("tfconfig/m-"));
  if (!directories.includes("tfconfig/m-")) return undefined;
  const keys = new Map(directories.map((path) => [path.slice("tfconfig/m-".length), path]));
  const manifest = manifestOf(entries.get("tfconfig/modules.json"));
  const shown = new Map(manifest.map(({ key, directory }) => [key, directory]));
  return new Sources(entries, "tfconfig/m-", keys, { shown }).read("tfconfig/m-", "", 0);
}

/** Which directory belongs to which module, by the module's key (`a.b` is module b in module a), and where it came from. */
interface ManifestEntry {
  readonly key: string;
  readonly directory: string;
  readonly source?: string;
}

/** Terraform's list of installed modules: of `.terraform/modules`, or of a plan's archive. */
function manifestOf(text: string | undefined): readonly ManifestEntry[] {
  const json = text === undefined ? undefined : parsedJson(text);
  const list: unknown = Array.isArray(json) ? json : member(json, "Modules");
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    const [key, directory, source] = [member(entry, "Key"), member(entry, "Dir"), member(entry, "Source")];
    if (typeof key !== "string" || typeof directory !== "string") return [];
    return [{ key, directory, ...(typeof source === "string" ? { source } : {}) }];
  });
}

const member = (json: unknown, name: string): unknown =>
  typeof json === "object" && json !== null && Object.hasOwn(json, name)
    ? Object.getOwnPropertyDescriptor(json, name)?.value
    : undefined;

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A path below a directory, without `.` and `..`. An absolute path stays as it is. */
function joined(directory: string, path: string): string {
  const whole = normal(path.startsWith("/") || directory === "" ? path : `${directory}/${path}`);
  return whole === "." ? "" : whole;
}

/**
 * Whether a module that was fetched is still the one that the configuration asks for. The list notes sources in full:
 * `acme/key/aws` as `registry.terraform.io/acme/key/aws`, `git@host:key.git?ref=v1` as `git::ssh://git@host/key.git?ref=v1`.
 */
function isSameSource(fetched: string, wanted: string): boolean {
  if (isLocal(wanted)) return normal(fetched) === normal(wanted);
  const ref = (source: string): string => /[?&]ref=([^&]*)/.exec(source)?.[1] ?? "";
  return /^[\w.-]+(?:\/[\w.-]+)+$/.test(wanted) ? `/${fetched}`.endsWith(`/${wanted}`) : ref(fetched) === ref(wanted);
}

const isLocal = (source: string): boolean => /^\.\.?(?:\/|$)/.test(source);

/** What is known of modules by their keys: how their directories are shown, and from where they were fetched; the root's blocks. */
interface Known {
  readonly root?: readonly TopBlock[];
  readonly shown?: ReadonlyMap<string, string>;
  readonly fetched?: ReadonlyMap<string, string>;
}

/** Reads modules of one set of files; each directory's blocks once. */
class Sources {
  readonly #files: SourceFiles;
  readonly #root: string;
  readonly #directories: ReadonlyMap<string, string>;
  readonly #shown: ReadonlyMap<string, string>;
  readonly #fetched: ReadonlyMap<string, string>;
  readonly #blocks = new Map<string, { readonly main: readonly TopBlock[]; readonly overrides: readonly TopBlock[] }>();
  /** Configuration files by directory. */
  readonly #paths = new Map<string, string[]>();
  #modules = 0;

  constructor(
    files: SourceFiles,
    root: string,
    directories: ReadonlyMap<string, string>,
    { shown = new Map(), fetched = new Map(), root: blocks }: Known,
  ) {
    this.#files = files;
    this.#root = root;
    this.#directories = directories;
    this.#shown = shown;
    this.#fetched = fetched;
    if (blocks) this.#blocks.set(root, { main: blocks, overrides: [] });
    for (const path of files.keys()) {
      if (!isConfiguration(path)) continue;
      const directory = joined(directoryOf(path), "");
      this.#paths.set(directory, [...(this.#paths.get(directory) ?? []), path]);
    }
  }

  /** The module in a directory; `key` is its place among the modules. */
  read(directory: string, key: string, depth: number): Module {
    // Leaving the rest out would hide what is in it.
    if (depth > deepest)
      throw new InputError(`modules are nested deeper than ${deepest} levels, at \`${key.slice(0, 60)}…\``);
    if (++this.#modules > mostModules)
      throw new InputError(`the configuration calls more than ${mostModules} modules: judge its plan`);
    const { main, overrides } = this.#blocksOf(directory);
    const child = (call: { readonly name: string; readonly source: string }): Module | undefined => {
      const childKey = key === "" ? call.name : `${key}.${call.name}`;
      const found = this.#directoryOf(directory, childKey, call.source);
      return found === undefined ? undefined : this.read(found, childKey, depth + 1);
    };
    return assemble(main, overrides, child, this.#shownDirectory(directory, key));
  }

  /** What `path.module` is. */
  #shownDirectory(directory: string, key: string): string {
    const shown = this.#shown.get(key);
    if (shown !== undefined) return shown;
    if (directory === this.#root) return ".";
    return this.#root !== "" && directory.startsWith(`${this.#root}/`)
      ? directory.slice(this.#root.length + 1)
      : directory;
  }

  #directoryOf(parent: string, key: string, source: string): string | undefined {
    const listed = this.#directories.get(key);
    const isCurrent = isSameSource(this.#fetched.get(key) ?? source, source);
    if (listed !== undefined && isCurrent && this.#hasFiles(listed)) return listed;
    if (!isLocal(source) && !source.startsWith("/")) return undefined;
    const local = joined(parent, source);
    return this.#hasFiles(local) ? local : undefined;
  }

  #hasFiles(directory: string): boolean {
    const { main, overrides } = this.#blocksOf(directory);
    return main.length + overrides.length > 0;
  }

  #blocksOf(directory: string): { readonly main: readonly TopBlock[]; readonly overrides: readonly TopBlock[] } {
    const known = this.#blocks.get(directory);
    if (known !== undefined) return known;
    const paths = [...(this.#paths.get(directory) ?? [])].sort();
    const own = paths.filter((path) => !this.#isReplaced(path));
    const read = (path: string): TopBlock[] => this.#read(path);
    const blocks = {
      main: own.filter((path) => !isOverride(path)).flatMap(read),
      overrides: own.filter(isOverride).flatMap(read),
    };
    this.#blocks.set(directory, blocks);
    return blocks;
  }

  /** OpenTofu reads `a.tofu` instead of `a.tf`; who has such a file uses OpenTofu. */
  #isReplaced(path: string): boolean {
    return /\.tf(?:\.json)?$/.test(path) && this.#files.has(path.replace(/\.tf(\.json)?$/, ".tofu$1"));
  }

  #read(path: string): TopBlock[] {
    const text = this.#files.get(path) ?? "";
    const name = this.#shownPath(path);
    return path.endsWith(".json") ? fromJsonSyntax(jsonIn(name, text), name) : fromNative(nativeIn(name, text), name);
  }

  /** A file of a plan's archive as it is called in the user's directory. */
  #shownPath(path: string): string {
    const key = [...this.#directories].find(([, directory]) => directory === directoryOf(path))?.[0];
    const shown = key === undefined ? undefined : this.#shown.get(key);
    return shown === undefined ? path : joined(shown, nameOf(path));
  }
}
