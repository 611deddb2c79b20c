/** Turns JSON text with symbols inside into a tree: a symbol within a string is text, one in place of a value is a hole. */
import { isLetterCode, type Letters } from "./letters";

/** Something unknown in place of a JSON value, with the letters that stand there. */
export class Hole {
  constructor(readonly written: string) {}
}

/** A number, as it was written. */
export class JsonNumber {
  constructor(readonly written: string) {}
}

/** An object; `holes` are symbols in place of members, of which anything may come. */
export class JsonObject {
  readonly members = new Map<string, JsonTree>();
  readonly holes: Hole[] = [];
}

/** JSON with holes. Strings are written (see `Letters`). */
export type JsonTree = null | boolean | string | JsonNumber | Hole | JsonObject | readonly JsonTree[];

/** Why text is no JSON that AWS would take; the message says where. */
export class JsonProblem extends Error {
  override name = "JsonProblem";
}

/** AWS's own policies are six levels deep; deeper text is somebody's attack. */
const DEEPEST = 40;

const ESCAPES = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** Reads one JSON value; `written` holds symbols as letters of `letters`. Throws {@link JsonProblem}. */
export function parseJsonText(written: string, letters: Letters): JsonTree {
  return new Parser(written, letters).document();
}

class Parser {
  private at = 0;

  constructor(
    private readonly written: string,
    private readonly letters: Letters,
  ) {}

  document(): JsonTree {
    const value = this.value(0);
    this.space();
    if (this.at < this.written.length) throw this.problem("the end of the policy");
    return value;
  }

  private problem(expected: string): JsonProblem {
    const before = this.written.slice(0, this.at);
    const line = before.split("\n").length;
    const column = this.at - before.lastIndexOf("\n");
    const found = this.at < this.written.length ? `\`${this.letters.show(this.written.charAt(this.at))}\`` : "its end";
    return new JsonProblem(`not JSON: expected ${expected} at line ${line}, column ${column}, found ${found}`);
  }

  private space(): void {
    while (this.at < this.written.length && " \t\n\r".includes(this.written.charAt(this.at))) this.at++;
  }

  private isLetter(): boolean {
    return isLetterCode(this.written.charCodeAt(this.at));
  }

  private value(depth: number): JsonTree {
    if (depth > DEEPEST) throw new JsonProblem(`nested deeper than ${DEEPEST} levels`);
    this.space();
    const first = this.written.charAt(this.at);
    if (first === "{") return this.object(depth);
    if (first === "[") return this.list(depth);
    if (first === '"') return this.string();
    return this.scalar();
  }

  /** A run of characters up to the next delimiter: a literal, or a hole where a symbol is part of it. */
  private scalar(): JsonTree {
    const start = this.at;
    let hasSymbol = false;
    while (this.at < this.written.length && !' \t\n\r,:{}[]"'.includes(this.written.charAt(this.at))) {
      if (this.isLetter()) hasSymbol = true;
      this.at++;
    }
    const run = this.written.slice(start, this.at);
    if (hasSymbol) return new Hole(run);
    if (run === "true") return true;
    if (run === "false") return false;
    if (run === "null") return null;
    if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(run)) return new JsonNumber(run);
    this.at = start;
    throw this.problem("a value");
  }

  private list(depth: number): JsonTree {
    const items: JsonTree[] = [];
    this.at++;
    this.space();
    if (this.written.charAt(this.at) === "]") {
      this.at++;
      return items;
    }
    for (;;) {
      items.push(this.value(depth + 1));
      this.space();
      const next = this.written.charAt(this.at);
      if (next !== "," && next !== "]") throw this.problem("`,` or `]`");
      this.at++;
      if (next === "]") return items;
    }
  }

  private object(depth: number): JsonTree {
    const object = new JsonObject();
    this.at++;
    this.space();
    if (this.written.charAt(this.at) === "}") {
      this.at++;
      return object;
    }
    for (;;) {
      this.space();
      if (this.isLetter()) this.hole(object);
      else this.member(object, depth);
      this.space();
      const next = this.written.charAt(this.at);
      if (next !== "," && next !== "}") throw this.problem("`,` or `}`");
      this.at++;
      if (next === "}") return object;
    }
  }

  /** A symbol in place of members. */
  private hole(object: JsonObject): void {
    const hole = this.scalar();
    if (hole instanceof Hole) object.holes.push(hole);
  }

  private member(object: JsonObject, depth: number): void {
    if (this.written.charAt(this.at) !== '"') throw this.problem('`"`');
    const key = this.string();
    this.space();
    if (this.written.charAt(this.at) !== ":") throw this.problem("`:`");
    this.at++;
    const value = this.value(depth + 1);
    if (object.members.has(key))
      throw new JsonProblem(`the key \`${this.letters.show(key)}\` stands twice in one object`);
    object.members.set(key, value);
  }

  private string(): string {
    this.at++;
    let result = "";
    let start = this.at;
    for (;;) {
      if (this.at >= this.written.length) throw this.problem('`"`');
      const code = this.written.charCodeAt(this.at);
      if (code === 0x22) {
        result += this.written.slice(start, this.at++);
        return result;
      }
      if (code < 0x20) throw this.problem("no control character in a string");
      if (code === 0x5c) {
        result += this.written.slice(start, this.at) + this.escape();
        start = this.at;
      } else this.at++;
    }
  }

  private escape(): string {
    const kind = this.written.charAt(this.at + 1);
    const plain = ESCAPES.get(kind);
    if (plain !== undefined) {
      this.at += 2;
      return plain;
    }
    const digits = this.written.slice(this.at + 2, this.at + 6);
    if (kind !== "u" || !/^[0-9a-fA-F]{4}$/.test(digits)) throw this.problem("an escape sequence");
    const code = Number.parseInt(digits, 16);
    if (isLetterCode(code)) throw new JsonProblem("a private use character, which no one can judge");
    this.at += 6;
    return String.fromCharCode(code);
  }
}
