/** Turns a folder into the configuration in it and the files that its expressions read, and nothing outside of it. */
import { isUtf8 } from "node:buffer";
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, normalize, sep } from "node:path";
import { sha256 } from "./cryptography";
import { naming, readBounded } from "./file-bytes";
import { InputError } from "./kernel/index";
import { isSystemError } from "./reason";
import { type FolderEntry, isSource, type ReadableFiles, type SourceFiles } from "./source/index";

/** Most bytes of source code that are read, and most files: more is no configuration. */
export const MOST_SOURCE_BYTES = 64 << 20;
const MOST_SOURCE_FILES = 50_000;
/** Most bytes of a file that an expression reads: no policy is as long. */
const MOST_READ_BYTES = 1 << 20;

const LOCAL_SOURCE = /["']?source["']?\s*[=:]\s*"(\.{1,2}\/[^"]*)"/g;
/** Where `terraform init` lists the modules that it has fetched. */
const INSTALLED = join(".terraform", "modules", "modules.json");

/**
 * The source files of a directory, of the local modules that they call and of those that `terraform init` has fetched below
 * it, by path relative to it. With `sources`, only of the modules, beginning with those.
 */
export function collect(root: string, sources: readonly string[] = ["."]): SourceFiles {
  const files = new Map<string, string>();
  const installed = existsSync(join(root, INSTALLED)) ? INSTALLED : undefined;
  const directories = [
    ...sources.map(normalize),
    ...(installed === undefined ? [] : installedIn(readSourceFile(join(root, installed)))),
  ];
  const seen = new Set(directories);
  let bytes = 0;
  const add = (name: string): string => {
    const content = readSourceFile(join(root, name));
    bytes += content.length;
    if (bytes > MOST_SOURCE_BYTES || files.size >= MOST_SOURCE_FILES)
      throw new InputError(
        `${root}: more source than is read (${MOST_SOURCE_FILES} files, ${MOST_SOURCE_BYTES >> 20} MiB)`,
      );
    files.set(slashed(name), content);
    return content;
  };
  for (let directory = directories.shift(); directory !== undefined; directory = directories.shift()) {
    const path = join(root, directory);
    // any argument may be called `source`: that of an object is its file
    if (!existsSync(path) || !statSync(path).isDirectory()) continue;
    for (const entry of naming(path, () => readdirSync(path, { withFileTypes: true }))) {
      if (entry.isDirectory() || !isSource(entry.name)) continue;
      for (const [, local] of add(join(directory, entry.name)).matchAll(LOCAL_SOURCE)) {
        const next = normalize(join(directory, local ?? "."));
        if (!seen.has(next)) {
          seen.add(next);
          directories.push(next);
        }
      }
    }
  }
  if (files.size > 0 && installed !== undefined) add(installed);
  return files;
}

/** The other files of its folder that say something of the module that a file of configuration stands in, by name. */
export function othersBeside(file: string): readonly string[] {
  const folder = dirname(file);
  if (!isSource(basename(file))) return [];
  const entries = naming(folder, () => readdirSync(folder, { withFileTypes: true }));
  const names = entries.filter((entry) => !entry.isDirectory() && isSource(entry.name)).map(({ name }) => name);
  return names.filter((name) => name !== basename(file)).sort();
}

/** The folders of fetched modules. Those of local ones are found by their sources. */
function installedIn(manifest: string): readonly string[] {
  const folders = [...manifest.matchAll(/"Dir"\s*:\s*"(\.terraform\/modules\/[^"\\]*)"/g)];
  return [...new Set(folders.map(([, folder = ""]) => normalize(folder)))].filter((folder) => isInside(folder));
}

/** Whether a normalized path stays below where it starts. */
const isInside = (path: string): boolean => !path.startsWith("..") && !path.startsWith(sep);

/** A link counts as what it leads to, as it does for Terraform; what can't be read is no reason to go on without it. */
function readSourceFile(file: string): string {
  return naming(file, () => {
    if (!statSync(file).isFile()) throw new InputError("expected a file with configuration, found something else");
    return readBounded(file, MOST_SOURCE_BYTES).toString("utf8");
  });
}

const slashed = (path: string): string => path.split(sep).join("/");

/**
 * The files below a folder that expressions read, each once, and below those of the modules that its configuration calls from
 * beside it (`../modules/key`). What leads out of these, by its path or by a link, is not there, nor is what is larger than any
 * policy or no text.
 */
export class ProjectFiles implements ReadableFiles {
  readonly #texts = new Map<string, string | undefined>();
  readonly #folders = new Map<string, readonly FolderEntry[] | undefined>();
  readonly #root: string;
  /** Folders of modules outside the root, seen from there. */
  readonly #beside: readonly string[];
  #bytes = 0;

  constructor(folder: string, configuration: SourceFiles = new Map()) {
    this.#root = naming(folder, () => realpathSync(folder));
    const folders = new Set([...configuration.keys()].map((path) => normalize(dirname(path))));
    this.#beside = [...folders].filter((one) => !isInside(one));
  }

  get(path: string): string | undefined {
    if (!this.#texts.has(path)) this.#texts.set(path, this.#read(path));
    return this.#texts.get(path);
  }

  inFolder(folder: string): readonly FolderEntry[] | undefined {
    if (!this.#folders.has(folder)) this.#folders.set(folder, this.#list(folder));
    return this.#folders.get(folder);
  }

  /** SHA-256, in hexadecimal, of configuration and all that was read besides it so far. */
  digestWith(configuration: SourceFiles): string {
    const read = [...this.#texts].flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const]));
    const hash = sha256();
    for (const [name, content] of [...new Map([...read, ...configuration])].sort(([a], [b]) => (a < b ? -1 : 1)))
      hash.update(`${name}\0${content}\0`);
    return hash.digest("hex");
  }

  #read(path: string): string | undefined {
    const file = this.#placeOf(path);
    if (file === undefined || this.#texts.size >= MOST_SOURCE_FILES) return undefined;
    return unlessRefused(() => {
      const size = statSync(file);
      if (!size.isFile() || size.size > MOST_READ_BYTES || this.#bytes + size.size > MOST_SOURCE_BYTES)
        return undefined;
      const bytes = readBounded(file, MOST_READ_BYTES);
      this.#bytes += bytes.length;
      return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
    });
  }

  #list(folder: string): readonly FolderEntry[] | undefined {
    if (!existsSync(join(this.#root, folder))) return [];
    const place = this.#placeOf(folder);
    if (place === undefined || this.#folders.size >= MOST_SOURCE_FILES) return undefined;
    return unlessRefused(() => {
      if (!statSync(place).isDirectory()) return [];
      return readdirSync(place, { withFileTypes: true }).map((entry): FolderEntry => {
        const isFile = entry.isFile() || (entry.isSymbolicLink() && this.#isFile(join(folder, entry.name)));
        return { name: entry.name, kind: isFile ? "file" : entry.isDirectory() ? "folder" : "unclear" };
      });
    });
  }

  #isFile(path: string): boolean {
    const place = this.#placeOf(path);
    return place !== undefined && statSync(place).isFile();
  }

  /** Where a path leads in truth; `undefined` where that is in none of the folders. */
  #placeOf(path: string): string | undefined {
    const whole = normalize(path);
    const isBelow = (folder: string): boolean => whole === folder || whole.startsWith(`${folder}${sep}`);
    const within = isInside(whole) ? "." : this.#beside.find(isBelow);
    if (path.includes("\0") || within === undefined) return undefined;
    return unlessRefused(() => {
      const base = realpathSync(join(this.#root, within));
      const place = realpathSync(join(this.#root, whole));
      return place === base || place.startsWith(`${base}${sep}`) ? place : undefined;
    });
  }
}

/** What isn't there, or may not be read, is not known. */
function unlessRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isSystemError(error) || error instanceof InputError) return undefined;
    throw error;
  }
}
