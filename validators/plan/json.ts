/** Turns a JSON document that is wanted whole into a value, and refuses what two readers could take differently. */
import { InputError } from "../kernel/result";
import { utf8Chunks } from "./encoding";
import type { Json } from "./plan";
import { Scanner } from "./scan";
import { printable } from "./shape";

/**
 * Reads one JSON document (RFC 8259; UTF-8, or UTF-16 as Windows writes it). `JSON.parse` lets the last of two equal
 * keys win without a word, Terraform takes both: so a key that occurs twice in one object is refused, and so is what
 * exceeds the limits of plans (512 levels, 256 MiB). Throws {@link InputError} in one line, without the input's name
 * and without more of its content than a key.
 */
export function readJson(chunks: Iterable<Uint8Array>): Json {
  let json = "";
  const scanner = new Scanner({
    kind: "text",
    done: (text) => {
      json = text;
    },
  });
  let isEmpty = true;
  for (const chunk of utf8Chunks(chunks)) {
    isEmpty &&= chunk.length === 0;
    scanner.write(chunk);
  }
  if (isEmpty) throw new InputError("expected JSON, found nothing");
  scanner.end();
  refuseTwice(json);
  return JSON.parse(json);
}

/** The same for text that is at hand. */
export const readJsonText = (text: string): Json => readJson([Buffer.from(text, "utf8")]);

/** Throws where an object of valid JSON has a key twice. */
function refuseTwice(json: string): void {
  /** The keys of each object that is open; nothing for a list. */
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < json.length; at++) {
    const character = json.charCodeAt(at);
    if (character === 0x7b) open.push(new Set());
    else if (character === 0x5b) open.push(undefined);
    else if (character === 0x7d || character === 0x5d) open.pop();
    else if (character === 0x22) {
      const end = endOfString(json, at);
      if (isKey(json, end)) {
        const key: unknown = JSON.parse(json.slice(at, end));
        const keys = open[open.length - 1];
        if (typeof key === "string" && keys?.has(key) === true)
          throw new InputError(`the key \`${printable(key)}\` occurs twice in one object (character ${at + 1})`);
        if (typeof key === "string") keys?.add(key);
      }
      at = end - 1;
    }
  }
}

/** Where the string that begins at a quote ends, behind its closing quote. */
function endOfString(json: string, from: number): number {
  let at = from + 1;
  while (json.charCodeAt(at) !== 0x22) at += json.charCodeAt(at) === 0x5c ? 2 : 1;
  return at + 1;
}

/** Whether a colon follows: valid JSON has one after a key only. */
function isKey(json: string, from: number): boolean {
  let at = from;
  while (" \t\n\r".includes(json.charAt(at)) && at < json.length) at++;
  return json.charAt(at) === ":";
}
