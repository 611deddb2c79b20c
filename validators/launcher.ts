/** Opens a bundled door: its parts, with the code that V8 made of them when they were bundled, where it still fits. */
import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import Module from "node:module";
import { join } from "node:path";
import { Script } from "node:vm";
import { tuneForShortRuns } from "./engine";

/** Is told each script that is loaded, and its file, before it runs. */
export type Watch = (script: Script, file: string) => void;

/** A part, as a function of what CommonJS gives a module. */
type Body = (exports: unknown, require: unknown, module: Module, filename: string, dirname: string) => void;

/** Beside the parts: those that every run of the command loads, in one file. Reading two files takes less time than fifty. */
export const TOGETHER = "together.cjs";

/** Where the code stands that V8 made of a part (scripts/code-cache.mjs). */
export const codeOf = (file: string): string => file.replace(/\.cjs$/, ".code");

/** Opens a process' own door: the engine is tuned for all of it. */
export function start(door: string, watch?: Watch): unknown {
  tuneForShortRuns();
  return open(door, watch);
}

/**
 * Loads a part of the bundle beside this file, and what it requires. V8 takes ready code only if its own version, its flags
 * and the length of the text are the same, else it compiles as ever; a part's name changes with its text, so code of an
 * earlier build is never taken. Like the program itself, the code is trusted because of the folder it stands in.
 *
 * Parts stand in Node.js' own cache: rules of the user's that require the library get the very same ones.
 */
export function open(door: string, watch: Watch = () => undefined): unknown {
  // parts require each other, and what belongs to Node.js, some hundred times
  const known = new Map<string, unknown>();
  const inside = (name: string): unknown => {
    if (known.has(name)) return known.get(name);
    const exports: unknown = name.startsWith("./") ? load(name.slice("./".length)) : require(name);
    known.set(name, exports);
    return exports;
  };
  Object.assign(inside, { resolve: require.resolve });
  const together = bodiesTogether(watch);
  const load = (name: string): unknown => {
    const file = join(__dirname, name);
    const loaded = require.cache[file];
    if (loaded) return loaded.exports;
    const body = together[name] ?? bodyOf(file, watch);
    const part = new Module(file);
    require.cache[file] = part;
    body(part.exports, inside, part, file, __dirname);
    part.loaded = true;
    return part.exports;
  };
  return load(door);
}

/** The parts that stand in one file, by name. */
function bodiesTogether(watch: Watch): Readonly<Record<string, Body>> {
  const file = join(__dirname, TOGETHER);
  return existsSync(file) ? (ran(file, (text) => text, watch) as Record<string, Body>) : {};
}

const bodyOf = (file: string, watch: Watch): Body => ran(file, asBody, watch) as Body;

/** A part's text as that of a function. */
export const asBody = (text: string): string =>
  `(function (exports, require, module, __filename, __dirname) {${text}\n})`;

/** What a file's text comes to as a script. The bundler writes ASCII, which needs no decoding. */
function ran(filename: string, wrap: (text: string) => string, watch: Watch): unknown {
  const text = wrap(bytesOf(filename).toString("latin1"));
  const cachedData = readyCode(codeOf(filename));
  const script = new Script(text, { filename, ...(cachedData ? { cachedData } : {}) });
  watch(script, filename);
  return script.runInThisContext();
}

/** Where all files are read, one after the other: memory that was used before costs less than new one, page by page. */
let room = Buffer.alloc(0);

/** A file's bytes, until the next file is read. */
function bytesOf(file: string): Buffer {
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    if (room.length < size) room = Buffer.allocUnsafeSlow(size);
    let length = 0;
    for (let read = 1; read > 0 && length < size; length += read)
      read = readSync(descriptor, room, length, size - length, null);
    return room.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

function readyCode(file: string): Buffer | undefined {
  try {
    return bytesOf(file);
  } catch {
    return undefined; // packed without it: code is of one version of V8 only
  }
}
