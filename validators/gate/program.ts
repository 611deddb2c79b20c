/** Turns the program that judges into its digest, so that a seal made by other rules is told from ours. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { InputError } from "../kernel/index";
import { messageOf } from "./plain";

/** How the bundler names what doors load (scripts/build.mjs), and what it calls it: the names depend on where it was built. */
const PART = /part[-_]([A-Z0-9]{4,})\b(?:\.cjs)?/g;
const partsOf = (text: string): readonly string[] => text.match(/\b(?:part-[A-Z0-9]{4,}|launcher)\.cjs/g) ?? [];

/** Where a library lay when it was bundled: seen from the checkout, so another where `node_modules` is a link. */
const LIBRARY = /"[^"\n]*?node_modules\//g;

/**
 * SHA-256, hexadecimal, of a bundled door and all that it can load: rules, reasoning, lists of actions, parsers. Two builds
 * of the same sources have the same digest; parts of an earlier build that lie beside it don't count.
 * @throws InputError when it can't be read.
 */
export function programDigest(door: string): string {
  try {
    const folder = dirname(door);
    const texts = new Map<string, string>();
    const open = [basename(door)];
    // In the order in which they are first named, which is the same wherever it was built.
    for (let name = open.shift(); name !== undefined; name = open.shift()) {
      if (texts.has(name)) continue;
      const text = readFileSync(join(folder, name), "utf8");
      texts.set(name, text);
      open.push(...partsOf(text));
    }
    const places = new Map([...texts.keys()].map((name, at) => [name, `part ${at}`]));
    const place = (name: string, id: string): string => places.get(`part-${id}.cjs`) ?? name;
    const hash = createHash("sha256");
    for (const text of texts.values()) hash.update(`${text.replace(PART, place).replace(LIBRARY, '"node_modules/')}\0`);
    for (const name of readdirSync(folder).sort())
      if (name.endsWith(".wasm")) hash.update(`${name}\0`).update(readFileSync(join(folder, name)));
    return hash.digest("hex");
  } catch (error) {
    throw new InputError(`expected the program that judges at \`${door}\`, found ${messageOf(error)}`);
  }
}
