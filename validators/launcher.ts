/** Opens a bundled door: its parts, with the code that V8 made of them when they were bundled, where it still fits. */
import { readFileSync } from "node:fs";
import Module from "node:module";
import { join } from "node:path";
import { Script } from "node:vm";
import { tuneForShortRuns } from "./engine";

/** Is told each script that is loaded, and its file, before it runs. */
export type Watch = (script: Script, file: string) => void;

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
  const inside = (name: string): unknown => (name.startsWith("./") ? load(join(__dirname, name)) : require(name));
  Object.assign(inside, { resolve: require.resolve });
  const load = (file: string): unknown => {
    const known = require.cache[file];
    if (known) return known.exports;
    const script = scriptOf(file);
    watch(script, file);
    const part = new Module(file);
    require.cache[file] = part;
    script.runInThisContext()(part.exports, inside, part, file, __dirname);
    part.loaded = true;
    return part.exports;
  };
  return load(join(__dirname, door));
}

/** A part as a function of what CommonJS gives a module. The bundler writes ASCII, which needs no decoding. */
function scriptOf(filename: string): Script {
  const text = readFileSync(filename, "latin1");
  const cachedData = readyCode(codeOf(filename));
  return new Script(`(function (exports, require, module, __filename, __dirname) {${text}\n})`, {
    filename,
    ...(cachedData ? { cachedData } : {}),
  });
}

function readyCode(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined; // packed without it: code is of one version of V8 only
  }
}
