/** Turns a folder and a pattern into the files that `fileset` finds, as Terraform's own matching finds them. */
import type { Value } from "../../kernel/index";
import type { FolderEntry, ReadableFiles } from "../readable-files";
import { distinctSet } from "../values/convert";
import { TooComplex, Undecided } from "../values/outcome";
import type { Call } from "./function";
import { normal } from "./paths";

/** Folders are nested by people, not by attackers, up to here. */
const DEEPEST = 40;
/** Patterns that one pattern's alternatives stand for, at most. */
const MOST_ALTERNATIVES = 100;

/**
 * `fileset`: the regular files whose path matches, relative to the folder. `*` takes hidden files, and `**` is one only where
 * it stands between slashes. Classes, escapes, `**` twice and what leads out of the project are left undecided
 * (https://pkg.go.dev/github.com/bmatcuk/doublestar, version 1, which Terraform uses).
 */
export function fileSet(call: Call, folder: string, pattern: string): Value {
  const { files } = call.scope;
  if (files?.inFolder === undefined || /[[\]\\]/.test(folder + pattern) || /[*?{}]/.test(folder)) throw new Undecided();
  const base = normal(folder);
  const found = new Set<string>();
  for (const alternative of alternatives(pattern)) {
    const whole = normal(`${folder}/${alternative}`);
    if (/^(?:\.\.(?:\/|$)|\/)/.test(whole) || /(?:^|\/)\*\*\/\*\*(?:\/|$)/.test(whole)) throw new Undecided();
    new Walk(call, files, found).visit("", whole.split("/"), 0);
  }
  const prefix = base === "" || base === "." ? "" : `${base}/`;
  // what `..` in the pattern found beside the folder has another name
  if ([...found].some((path) => !path.startsWith(prefix))) throw new Undecided();
  return distinctSet([...found].map((path) => path.slice(prefix.length)));
}

/** `{a,b}.json` as `a.json` and `b.json`. */
function alternatives(pattern: string): readonly string[] {
  const [whole, choice = ""] = /\{([^{}/]*)\}/.exec(pattern) ?? [];
  if (whole === undefined) {
    if (/[{}]/.test(pattern)) throw new Undecided();
    return [pattern];
  }
  const at = pattern.indexOf(whole);
  const [before, after] = [pattern.slice(0, at), pattern.slice(at + whole.length)];
  const all: string[] = [];
  for (const one of choice.split(",")) {
    all.push(...alternatives(`${before}${one}${after}`));
    if (all.length > MOST_ALTERNATIVES) throw new TooComplex();
  }
  return all;
}

/** One walk through the folders along a pattern's parts. */
class Walk {
  constructor(
    readonly call: Call,
    readonly files: ReadableFiles,
    readonly found: Set<string>,
  ) {}

  /** Finds what the parts from `at` on match in a folder. */
  visit(folder: string, parts: readonly string[], at: number): void {
    const part = parts[at];
    if (part === undefined) return;
    if (at > DEEPEST) throw new TooComplex();
    if (part === "**") this.#anyDepth(folder, parts, at, 0);
    else for (const entry of this.#entries(folder)) this.#take(folder, entry, parts, at);
  }

  #take(folder: string, entry: FolderEntry, parts: readonly string[], at: number): void {
    if (!isMatch(entry.name, parts[at] ?? "", this.call)) return;
    const path = below(folder, entry.name);
    const isLast = at === parts.length - 1;
    if (entry.kind === "unclear") throw new Undecided();
    if (entry.kind === "folder" && !isLast) this.visit(path, parts, at + 1);
    if (entry.kind === "file" && isLast) this.found.add(path);
  }

  /** `**`: the folder itself and each one below; at the end of a pattern all that is in them. */
  #anyDepth(folder: string, parts: readonly string[], at: number, depth: number): void {
    if (depth > DEEPEST) throw new TooComplex();
    this.visit(folder, parts, at + 1);
    for (const { name, kind } of this.#entries(folder)) {
      const path = below(folder, name);
      if (kind === "unclear") throw new Undecided();
      if (kind === "folder") this.#anyDepth(path, parts, at, depth + 1);
      else if (at === parts.length - 1) this.found.add(path);
    }
  }

  #entries(folder: string): readonly FolderEntry[] {
    const entries = this.files.inFolder?.(folder);
    if (entries === undefined) throw new Undecided();
    this.call.spend(1 + entries.length);
    return entries;
  }
}

const below = (folder: string, name: string): string => (folder === "" ? name : `${folder}/${name}`);

/** Whether a name matches a part of a pattern: `*` is any text, `?` any character. Goes back to the last `*` only, so it ends soon. */
function isMatch(name: string, part: string, call: Call): boolean {
  const [letters, wanted] = [[...name], [...part]];
  call.spend((letters.length * wanted.length) / 100);
  let [at, to] = [0, 0];
  let star: { at: number; to: number } | undefined;
  while (at < letters.length) {
    if (wanted[to] === "*") star = { at, to: to++ };
    else if (wanted[to] === "?" || wanted[to] === letters[at]) [at, to] = [at + 1, to + 1];
    else if (star !== undefined) {
      star.at++;
      [at, to] = [star.at, star.to + 1];
    } else return false;
  }
  return wanted.slice(to).every((one) => one === "*");
}
