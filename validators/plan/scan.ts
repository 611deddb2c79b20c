/** Turns a stream of bytes into the few JSON values that are asked for, checking every byte of the rest on the way past. */
import { InputError } from "../kernel/result";
import type { Json } from "./plan";
import { printable } from "./shape";

/**
 * What to do with one value of the document. `null` in place of a list or object counts as absent; any other type
 * where a list or an object was expected is an {@link InputError}.
 */
export type Visitor =
  /** Checked as JSON, then forgotten. */
  | { readonly kind: "skip" }
  /** Parsed whole. */
  | { readonly kind: "value"; done(value: Json): void }
  /**
   * The same, but given the JSON text, so that equal texts can share one parsed value. One that is known to the byte is taken at
   * once: `take` tells where it ends; -1 for any other.
   */
  | { readonly kind: "text"; take?(chunk: Uint8Array, at: number): number; done(text: string): void }
  /**
   * A list whose elements are parsed in small groups and handed over in order; an empty group for an empty list. An element
   * that begins at a byte of a chunk in a way that tells that it `isNeedless` is checked and forgotten. One that is known to
   * the byte is taken at once: `take` tells where it ends; 0 to get its text `alone`, and -1 for any other.
   */
  | {
      readonly kind: "elements";
      isNeedless?(chunk: Uint8Array, at: number): boolean;
      take?(chunk: Uint8Array, at: number): number;
      alone?(text: string): void;
      done(values: readonly Json[]): void;
    }
  /** A list, element by element. */
  | { readonly kind: "list"; element(): Visitor }
  /** An object, member by member. A key that occurs twice is an {@link InputError}. */
  | { readonly kind: "object"; member(key: string): Visitor };

/** A visitor of a list whose elements are handed over. */
export type Elements = Extract<Visitor, { kind: "elements" }>;

/** The visitor that forgets. */
export const SKIP: Visitor = { kind: "skip" };

/** Limits against hostile input; exceeding one is an {@link InputError}. */
const LIMITS = {
  /** Containers inside containers. Terraform's own plans stay below 60. */
  depth: 512,
  /** Bytes of one value that has to be parsed in one piece. */
  value: 256 * 1024 * 1024,
} as const;

/** Bytes of list elements that are parsed together: the fastest size measured. */
const GROUP = 64 * 1024;

enum State {
  Value,
  FirstElement,
  FirstKey,
  Key,
  Colon,
  After,
  String,
  Escape,
  Hex,
  Number,
  Literal,
  End,
}

/** Where inside a number the scanner is (RFC 8259, section 6). */
enum Digits {
  Minus,
  Zero,
  Integer,
  Point,
  Fraction,
  Exponent,
  ExponentSign,
  ExponentDigits,
}

interface Frame {
  readonly visitor: Visitor;
  /** Depth of the container that this frame watches the children of. */
  readonly depth: number;
  /** Keys seen so far, where the container is an object. */
  readonly keys: Set<string>;
  readonly name: string;
}

/** Bytes that stand for themselves inside a string. */
const PLAIN = new Uint8Array(256).fill(1, 0x20);
PLAIN[0x22] = 0;
PLAIN[0x5c] = 0;

/** Bytes that make an escape of two with the backslash before them. */
const ESCAPED = new Uint8Array(256);
for (const char of '"\\/bfnrt') ESCAPED[char.charCodeAt(0)] = 1;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const COMMA = 0x2c;
const COLON = 0x3a;

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isHex = (byte: number): boolean => isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
/** Whether a literal stands whole at a place. */
function isWord(bytes: Uint8Array, at: number, word: readonly number[]): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return false;
  return true;
}
const codes = (word: string): readonly number[] => [...word].map((char) => char.charCodeAt(0));
const [TRUE, FALSE, NULL] = [codes("true"), codes("false"), codes("null")];

const LITERALS = new Map([
  [0x74, "true"],
  [0x66, "false"],
  [0x6e, "null"],
]);

/**
 * A resumable JSON scanner (RFC 8259, as `JSON.parse` reads it). Feed it with {@link write}, finish with {@link end};
 * it throws an {@link InputError} at the first byte that isn't JSON. Bytes must be UTF-8 (see `encoding.ts`).
 */
export class Scanner {
  private state: State = State.Value;
  private depth = 0;
  /** Whether the container at each depth is an object. */
  private readonly isObject = new Uint8Array(LIMITS.depth + 2);
  private inKey = false;
  private digits: Digits = Digits.Minus;
  private literal = "";
  private matched = 0;
  private hexLeft = 0;
  /** Bytes before the present chunk. */
  private before = 0;
  private chunk: Uint8Array = new Uint8Array(0);

  private readonly frames: Frame[] = [];
  /** Depth of the container whose children matter at present. */
  private watch = 0;
  /** What the child in progress wants, while it isn't a frame of its own. */
  private child: Visitor = SKIP;
  private pending: Visitor;
  private pendingName = "";
  /** Whether the element in progress is handed over by itself. */
  private isAlone = false;
  /** Start of the capture in the present chunk, or -1. */
  private from = -1;
  private carry: Uint8Array[] = [];
  private carried = 0;

  constructor(private readonly root: Visitor) {
    this.pending = root;
  }

  /** Reads the next bytes. They may be overwritten by the caller afterwards. */
  write(chunk: Uint8Array): void {
    this.chunk = chunk;
    this.scan(chunk);
    if (this.from >= 0) {
      const rest = new Uint8Array(chunk.subarray(this.from)); // a copy: of a Buffer, `slice` would be none
      this.carry.push(rest);
      this.carried += rest.length;
      if (this.carried > LIMITS.value) this.refuse(chunk.length, `one value of ${this.place()} is over 256 MiB`);
      this.from = 0;
    }
    this.before += chunk.length;
  }

  /** Says that no more bytes come. */
  end(): void {
    this.chunk = new Uint8Array(0);
    if (this.state === State.Number && this.depth === 0 && this.numberIsWhole()) this.valueEnds(0);
    if (this.state !== State.End) this.refuse(0, `the input ends too early, inside ${this.place()}: it is cut off`);
  }

  private scan(bytes: Uint8Array): void {
    const size = bytes.length;
    let at = 0;
    while (at < size) {
      if (this.depth > this.watch) at = this.pass(bytes, at);
      const byte = bytes[at];
      if (byte === undefined) return;
      switch (this.state) {
        case State.String: {
          while (at < size && PLAIN[bytes[at] ?? 0] === 1) at++;
          if (at === size) return;
          if (bytes[at] === QUOTE) {
            at++;
            if (this.depth !== this.watch) this.state = this.inKey ? State.Colon : State.After;
            else if (this.inKey) this.keyEnds(at);
            else this.valueEnds(at);
          } else if (bytes[at] === BACKSLASH) {
            at++;
            this.state = State.Escape;
          } else this.refuse(at, "a control character inside a string");
          break;
        }
        case State.After:
          if (byte === COMMA) {
            at++;
            if (this.isObject[this.depth] !== 1) this.state = State.Value;
            else if (bytes[at] === QUOTE && this.depth !== this.watch) {
              this.inKey = true;
              this.state = State.String;
              at++;
            } else this.state = State.Key;
          } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) this.close(byte, ++at);
          else if (isSpace(byte)) at++;
          else this.unexpected(at, "`,` or the end of the list or object");
          break;
        case State.FirstKey:
          if (byte === CLOSE_OBJECT) this.close(byte, ++at);
          else this.keyBegins(byte, at++);
          break;
        case State.Key:
          this.keyBegins(byte, at++);
          break;
        case State.Colon:
          if (byte === COLON) {
            this.state = State.Value;
            if (bytes[at + 1] === QUOTE && this.depth !== this.watch) {
              this.inKey = false;
              this.state = State.String;
              at++;
            }
          } else if (!isSpace(byte)) this.unexpected(at, "`:`");
          at++;
          break;
        case State.FirstElement:
          if (byte === CLOSE_LIST) this.close(byte, ++at);
          else if (isSpace(byte)) at++;
          else at = this.valueBegins(byte, at);
          break;
        case State.Value:
          at = isSpace(byte) ? at + 1 : this.valueBegins(byte, at);
          break;
        case State.Escape:
          this.escape(byte, at);
          at++;
          break;
        case State.Hex:
          if (!isHex(byte)) this.unexpected(at, "a hexadecimal digit");
          if (--this.hexLeft === 0) this.state = State.String;
          at++;
          break;
        case State.Number:
          if (this.digit(byte)) at++;
          else if (this.numberIsWhole()) this.valueEnds(at);
          else this.unexpected(at, "a digit");
          break;
        case State.Literal:
          if (byte !== this.literal.charCodeAt(this.matched)) this.unexpected(at, `\`${this.literal}\``);
          at++;
          if (++this.matched === this.literal.length) this.valueEnds(at);
          break;
        case State.End:
          if (!isSpace(byte)) this.refuse(at, `text after the end of the JSON, starting with ${this.quote(at)}`);
          at++;
          break;
      }
    }
  }

  /**
   * Goes over what is inside values whose inside doesn't matter, which is nearly everything: the same steps as in
   * {@link scan}, with the state in local variables. Stops where something rare begins (`\\u`, a number, white space
   * of an odd kind, an error) or where the value may end, and leaves that byte to `scan`.
   */
  private pass(bytes: Uint8Array, from: number): number {
    const { isObject, watch } = this;
    const size = bytes.length;
    let { state, depth, inKey } = this;
    let at = from;
    let isPlain = true;
    while (isPlain && at < size) {
      const byte = bytes[at];
      switch (state) {
        case State.String: {
          for (;;) {
            while (at < size && PLAIN[bytes[at] ?? 0] === 1) at++;
            if (at + 1 < size && bytes[at] === BACKSLASH && ESCAPED[bytes[at + 1] ?? 0] === 1) at += 2;
            else break;
          }
          if (at < size) {
            if (bytes[at] === QUOTE) {
              at++;
              state = inKey ? State.Colon : State.After;
            } else isPlain = false;
          }
          break;
        }
        case State.Colon:
          if (byte === COLON) {
            at++;
            state = State.Value;
          } else isPlain = false;
          break;
        case State.After:
          if (byte === COMMA) {
            at++;
            state = isObject[depth] === 1 ? State.Key : State.Value;
          } else if (byte === CLOSE_OBJECT && isObject[depth] === 1 && depth > watch + 1) {
            at++;
            depth--;
          } else if (byte === CLOSE_LIST && isObject[depth] === 0 && depth > watch + 1) {
            at++;
            depth--;
          } else if (byte === 0x20 || byte === 0x0a) at++;
          else isPlain = false;
          break;
        case State.FirstKey:
        case State.Key:
          if (byte === QUOTE) {
            at++;
            inKey = true;
            state = State.String;
          } else if (byte === 0x20 || byte === 0x0a) at++;
          else if (byte === CLOSE_OBJECT && state === State.FirstKey && depth > watch + 1) {
            at++;
            depth--;
            state = State.After;
          } else isPlain = false;
          break;
        case State.FirstElement:
        case State.Value:
          if (byte === QUOTE) {
            at++;
            inKey = false;
            state = State.String;
          } else if (byte === OPEN_OBJECT && depth < LIMITS.depth) {
            at++;
            isObject[++depth] = 1;
            state = State.FirstKey;
          } else if (byte === OPEN_LIST && depth < LIMITS.depth) {
            at++;
            isObject[++depth] = 0;
            state = State.FirstElement;
          } else if (byte === 0x20 || byte === 0x0a) at++;
          else if (byte === CLOSE_LIST && state === State.FirstElement && depth > watch + 1) {
            at++;
            depth--;
            state = State.After;
          } else if (isWord(bytes, at, TRUE) || isWord(bytes, at, NULL)) {
            at += 4;
            state = State.After;
          } else if (isWord(bytes, at, FALSE)) {
            at += 5;
            state = State.After;
          } else isPlain = false;
          break;
        default:
          isPlain = false;
      }
    }
    this.state = state;
    this.depth = depth;
    this.inKey = inKey;
    return at;
  }

  private keyBegins(byte: number, at: number): void {
    if (isSpace(byte)) return;
    if (byte !== QUOTE) this.unexpected(at, "a key in double quotes");
    this.inKey = true;
    this.state = State.String;
    if (this.depth === this.watch && this.watchesObject()) this.from = at;
  }

  private escape(byte: number, at: number): void {
    if (byte === 0x75) {
      this.hexLeft = 4;
      this.state = State.Hex;
    } else if (ESCAPED[byte] === 1) this.state = State.String;
    else this.unexpected(at, "an escape such as `\\n` after `\\`");
  }

  /** Takes one byte of a number; false where it doesn't belong to it. */
  private digit(byte: number): boolean {
    const next = followingDigits(this.digits, byte);
    if (next === undefined) return false;
    this.digits = next;
    return true;
  }

  private numberIsWhole(): boolean {
    const digits = this.digits;
    return (
      digits === Digits.Zero ||
      digits === Digits.Integer ||
      digits === Digits.Fraction ||
      digits === Digits.ExponentDigits
    );
  }

  /** Where reading goes on: behind the first byte, or behind the whole value where that has been taken. */
  private valueBegins(byte: number, at: number): number {
    if (this.depth === this.watch) {
      const end = this.childBegins(byte, at);
      if (end > at) {
        this.state = State.After;
        return end;
      }
    }
    if (byte === QUOTE) {
      this.inKey = false;
      this.state = State.String;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (this.depth >= LIMITS.depth) this.refuse(at, `more than ${LIMITS.depth} levels of nesting`);
      this.depth++;
      this.isObject[this.depth] = byte === OPEN_OBJECT ? 1 : 0;
      this.state = byte === OPEN_OBJECT ? State.FirstKey : State.FirstElement;
    } else if (byte === 0x2d || isDigit(byte)) {
      this.digits = byte === 0x2d ? Digits.Minus : byte === 0x30 ? Digits.Zero : Digits.Integer;
      this.state = State.Number;
    } else {
      const literal = LITERALS.get(byte);
      if (literal === undefined) this.unexpected(at, "a JSON value");
      this.literal = literal;
      this.matched = 1;
      this.state = State.Literal;
    }
    return at + 1;
  }

  private close(byte: number, end: number): void {
    if (this.isObject[this.depth] !== (byte === CLOSE_OBJECT ? 1 : 0))
      this.unexpected(end - 1, this.isObject[this.depth] === 1 ? "`}`" : "`]`");
    if (this.depth === this.watch && this.frames.length > 0) this.frameEnds(end);
    this.depth--;
    this.valueEnds(end);
  }

  private valueEnds(end: number): void {
    this.state = this.depth === 0 ? State.End : State.After;
    if (this.depth === this.watch) this.childEnds(end);
  }

  private watchesObject(): boolean {
    return this.frames[this.frames.length - 1]?.visitor.kind === "object";
  }

  private keyEnds(end: number): void {
    this.state = State.Colon;
    if (this.depth !== this.watch || !this.watchesObject()) return;
    const frame = this.frames[this.frames.length - 1];
    const key = parse(this.take(end));
    if (frame?.visitor.kind !== "object" || typeof key !== "string") return;
    if (frame.keys.has(key)) this.refuse(end, `the key \`${printable(key)}\` occurs twice in ${this.place()}`);
    frame.keys.add(key);
    this.pending = frame.visitor.member(key);
    this.pendingName = key;
  }

  /** A member or element of the watched container begins at `at`. Where it ends, if it has been taken; else -1. */
  private childBegins(byte: number, at: number): number {
    const frame = this.frames[this.frames.length - 1];
    const parent = frame?.visitor ?? this.root;
    if (parent.kind === "elements" && frame !== undefined) return this.elementBegins(parent, at);
    return this.memberBegins(frame === undefined ? undefined : parent, byte, at);
  }

  private elementBegins(parent: Elements, at: number): number {
    const end = parent.take?.(this.chunk, at) ?? -1;
    if (end < 0 && !parent.isNeedless?.(this.chunk, at)) {
      if (this.from < 0) this.from = at;
      return -1;
    }
    // whatever separates it from the element before goes with it
    if (this.from >= 0) this.flush(parent, withoutComma(this.take(at)));
    if (end === 0) {
      this.isAlone = true;
      this.from = at;
    }
    return end;
  }

  private memberBegins(parent: Visitor | undefined, byte: number, at: number): number {
    const visitor = parent?.kind === "list" ? parent.element() : this.pending;
    this.child = SKIP;
    switch (visitor.kind) {
      case "skip":
        return -1;
      case "text": {
        const end = visitor.take?.(this.chunk, at) ?? -1;
        if (end > at) return end;
        this.child = visitor;
        this.from = at;
        return -1;
      }
      case "value":
        this.child = visitor;
        this.from = at;
        return -1;
      case "elements":
      case "list":
      case "object": {
        if (byte === 0x6e) return -1;
        const isObject = visitor.kind === "object";
        if (byte !== (isObject ? OPEN_OBJECT : OPEN_LIST))
          this.refuse(at, `expected ${isObject ? "an object" : "a list"} at ${this.place(this.pendingName)}`);
        this.frames.push({ visitor, depth: this.depth + 1, keys: new Set(), name: this.pendingName });
        this.watch = this.depth + 1;
        return -1;
      }
    }
  }

  /** The child of the watched container that is in progress ended before `end`. */
  private childEnds(end: number): void {
    const frame = this.frames[this.frames.length - 1];
    if (frame?.visitor.kind === "elements") {
      if (this.isAlone) {
        this.isAlone = false;
        frame.visitor.alone?.(this.take(end));
      } else if (this.from >= 0 && this.carried + end - this.from >= GROUP) this.flush(frame.visitor, this.take(end));
      return;
    }
    const child = this.child;
    this.child = SKIP;
    if (child.kind === "value") child.done(parse(this.take(end)));
    else if (child.kind === "text") child.done(this.take(end));
  }

  /** The watched container itself closes. */
  private frameEnds(end: number): void {
    const frame = this.frames.pop();
    if (frame?.visitor.kind === "elements") {
      if (this.from >= 0) this.flush(frame.visitor, this.take(end - 1));
      else frame.visitor.done([]);
    }
    this.watch = this.frames[this.frames.length - 1]?.depth ?? 0;
    this.child = SKIP;
  }

  private flush(visitor: Elements, elements: string): void {
    const values = parse(`[${elements}]`);
    if (Array.isArray(values)) visitor.done(values);
  }

  /** The captured bytes up to `end`, as text. Ends the capture. */
  private take(end: number): string {
    const tail = this.chunk.subarray(this.from, end);
    const bytes = this.carry.length === 0 ? tail : Buffer.concat([...this.carry, tail]);
    this.from = -1;
    this.carry = [];
    this.carried = 0;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  }

  private place(child?: string): string {
    const path = this.frames.map((frame) => frame.name).filter((name) => name !== "");
    if (child !== undefined && child !== "") path.push(child);
    else if (path.length < 2 && this.pendingName !== "" && this.frames.length === 1) path.push(this.pendingName);
    return path.length === 0 ? "the document" : `\`${printable(path.join("."))}\``;
  }

  /** What stands at a place: the name of a CI system's command, else one character, since more could be part of a secret. */
  private quote(at: number): string {
    const found = Buffer.from(this.chunk.subarray(at, at + 24)).toString("utf8");
    const [character = ""] = found;
    return `\`${printable(/^::[a-z-]+::/.exec(found)?.[0] ?? character)}\``;
  }

  private unexpected(at: number, expected: string): never {
    this.refuse(at, `invalid JSON inside ${this.place()}: expected ${expected}, found ${this.quote(at)}`);
  }

  private refuse(at: number, what: string): never {
    throw new InputError(`${what} (byte ${this.before + at})`);
  }
}

function followingDigits(digits: Digits, byte: number): Digits | undefined {
  switch (digits) {
    case Digits.Minus:
      return byte === 0x30 ? Digits.Zero : isDigit(byte) ? Digits.Integer : undefined;
    case Digits.Zero:
    case Digits.Integer:
      if (byte === 0x2e) return Digits.Point;
      if ((byte | 0x20) === 0x65) return Digits.Exponent;
      return digits === Digits.Integer && isDigit(byte) ? Digits.Integer : undefined;
    case Digits.Point:
      return isDigit(byte) ? Digits.Fraction : undefined;
    case Digits.Fraction:
      if ((byte | 0x20) === 0x65) return Digits.Exponent;
      return isDigit(byte) ? Digits.Fraction : undefined;
    case Digits.Exponent:
      if (byte === 0x2b || byte === 0x2d) return Digits.ExponentSign;
      return isDigit(byte) ? Digits.ExponentDigits : undefined;
    case Digits.ExponentSign:
    case Digits.ExponentDigits:
      return isDigit(byte) ? Digits.ExponentDigits : undefined;
  }
}

/** Elements without the comma, and white space, after them. */
const withoutComma = (elements: string): string => elements.slice(0, elements.lastIndexOf(","));

/** JSON text that the scanner has already checked. */
function parse(text: string): Json {
  return JSON.parse(text);
}
