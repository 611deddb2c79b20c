/** Turns the text of an element into its form: what stays of it without its instance key and its UUIDs. */

/** Bytes of which an instance key consists that may be taken out of a text: lower-case letters, digits, dots and hyphens. */
const IN_KEY = new Uint8Array(256);
for (const char of "abcdefghijklmnopqrstuvwxyz0123456789.-") IN_KEY[char.charCodeAt(0)] = 1;
const HEX = new Uint8Array(256);
for (const char of "0123456789abcdef") HEX[char.charCodeAt(0)] = 1;
const HYPHEN = 0x2d;
const UUID_LENGTH = 36;
const UUID_HYPHENS = new Uint8Array(UUID_LENGTH);
for (const at of [8, 13, 18, 23]) UUID_HYPHENS[at] = 1;
const UUIDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** A key that may be taken out: one that begins with a letter and isn't in every text by chance. */
const KEY = /^[a-z][a-z0-9.-]{2,127}$/;
/** More names in one element than people write. */
const MOST_NAMES = 256;
/** Literals up to this length are compared byte by byte, which takes less time than a call. */
const SHORT = 12;

/** Whether a text is such a key. */
export const isKey = (text: string): boolean => KEY.test(text);

/** The UUIDs in a text. */
export const uuidsIn = (text: string): readonly string[] =>
  text.length < UUID_LENGTH ? [] : (text.match(UUIDS) ?? []);

/** An element begins like this where Terraform wrote it. */
const HEAD = '{"address":"';
const HEAD_BYTES = Buffer.from(HEAD);

/** The key in an element's address, and the address without it. */
export interface Place {
  readonly key: string;
  readonly base: string;
}

/** The first instance key of an address, where it is one that may be taken out. */
export function placeIn(address: string): Place | undefined {
  const from = address.indexOf('["');
  const to = from < 0 ? -1 : address.indexOf('"]', from);
  if (to < 0) return undefined;
  const key = address.slice(from + 2, to);
  return KEY.test(key) ? { key, base: `${address.slice(0, from)}[]${address.slice(to + 2)}` } : undefined;
}

/** The place of the element that begins at a byte; `undefined` for one without such a key, and where the bytes end first. */
export function placeAt(bytes: Buffer, at: number): Place | undefined {
  for (let i = 0; i < HEAD_BYTES.length; i++) if (bytes[at + i] !== HEAD_BYTES[i]) return undefined;
  const from = at + HEAD_BYTES.length;
  let end = from;
  let hasKey = false;
  for (; end < bytes.length && bytes[end] !== 0x22; end++)
    if (bytes[end] === 0x5c) {
      hasKey ||= bytes[end - 1] === 0x5b && bytes[end + 1] === 0x22;
      end++;
    }
  return hasKey && end < bytes.length ? placeIn(bytes.toString("latin1", from, end).replaceAll('\\"', '"')) : undefined;
}

/** What stands at a gap of a form: the key, or one of its UUIDs by number. */
const OF_KEY = -1;
const NO_GAP = -2;

/** The form of an element: literals, and the gaps between them. */
export class Form {
  readonly #texts: readonly string[];
  readonly #literals: readonly Buffer[];
  readonly #gaps: readonly number[];
  /** Where the names of the element that fitted last begin: its key, then each UUID. */
  readonly #starts: number[];
  #keyLength = 0;
  /** The bytes of the element that fitted last, where its gaps are in them, and where each name stands first. */
  #model = Buffer.alloc(0);
  #places: readonly number[] = [];
  #offsets: readonly number[] = [];

  private constructor(literals: readonly string[], gaps: readonly number[]) {
    this.#texts = literals;
    this.#literals = literals.map((literal) => Buffer.from(literal));
    this.#gaps = gaps;
    this.#starts = new Array(1 + Math.max(0, ...gaps.map((gap) => gap + 1))).fill(0);
  }

  /** The form of an element with a key; `undefined` where it has more names than can be told apart. */
  static of(element: string, key: string): Form | undefined {
    const literals: string[] = [];
    const gaps: number[] = [];
    const uuids: string[] = [];
    const pattern = new RegExp(`${key.replaceAll(".", "\\.")}|${UUIDS.source}`, "g");
    let from = 0;
    for (const { 0: found, index } of element.matchAll(pattern)) {
      literals.push(element.slice(from, index));
      from = index + found.length;
      const known = uuids.indexOf(found);
      if (found === key) gaps.push(OF_KEY);
      else gaps.push(known < 0 ? uuids.push(found) - 1 : known);
      if (gaps.length > MOST_NAMES) return undefined;
    }
    literals.push(element.slice(from));
    // the key is read where it stands first: it must end there, and not go on
    const [first] = gaps;
    const goesOn = IN_KEY[literals[1]?.charCodeAt(0) ?? 0] === 1;
    return first !== OF_KEY || goesOn ? undefined : new Form(literals, gaps);
  }

  /** How many UUIDs it has, each counted once. */
  get uuids(): number {
    return this.#starts.length - 1;
  }

  /** The text of the element with other names: its key, and its UUIDs in their order. */
  filled(names: readonly string[]): string {
    let filled = "";
    for (const [i, literal] of this.#texts.entries()) filled += literal + (names[(this.#gaps[i] ?? NO_GAP) + 1] ?? "");
    return filled;
  }

  /** The end of the element of this form that begins at a byte; -1 where another one does, or the bytes end first. */
  match(bytes: Buffer, at: number): number {
    const model = this.#model;
    const key = at + (this.#offsets[0] ?? 0);
    if (model.length === 0 || keyEnd(bytes, key) !== key + this.#keyLength) return this.#matchAfresh(bytes, at);
    const end = at + model.length;
    if (end > bytes.length) return -1;
    // everything stands where it stood in the last element: that one is given these names, and must be this one then
    for (let i = 0; i < this.#offsets.length; i++) {
      const start = at + (this.#offsets[i] ?? 0);
      if (i > 0 && uuidEnd(bytes, start) < 0) return -1;
      this.#starts[i] = start;
    }
    for (let i = 0; i < this.#gaps.length; i++) {
      const gap = this.#gaps[i] ?? OF_KEY;
      const from = this.#starts[gap + 1] ?? 0;
      const to = this.#places[i] ?? 0;
      const length = gap === OF_KEY ? this.#keyLength : UUID_LENGTH;
      for (let j = 0; j < length; j++) model[to + j] = bytes[from + j] ?? 0;
    }
    return bytes.compare(model, 0, model.length, at, end) === 0 ? end : -1;
  }

  #matchAfresh(bytes: Buffer, at: number): number {
    const starts = this.#starts;
    const places: number[] = [];
    starts.fill(-1);
    let end = at;
    let keyLength = 0;
    for (const [i, literal] of this.#literals.entries()) {
      end = skip(bytes, end, literal);
      const gap = this.#gaps[i];
      if (end < 0) return end;
      if (gap === undefined) break;
      places.push(end - at);
      const known = starts[gap + 1] ?? -1;
      if (known >= 0) end = again(bytes, end, known, gap === OF_KEY ? keyLength : UUID_LENGTH);
      else {
        starts[gap + 1] = end;
        const from = end;
        end = gap === OF_KEY ? keyEnd(bytes, from) : uuidEnd(bytes, from);
        if (gap === OF_KEY) keyLength = end - from;
      }
      if (end < 0) return end;
    }
    this.#keyLength = keyLength;
    this.#places = places;
    this.#offsets = starts.map((start) => start - at);
    this.#model = Buffer.from(bytes.subarray(at, end));
    return end;
  }

  /** The key of the element that fitted last. */
  keyIn(bytes: Buffer): string {
    const [from = 0] = this.#starts;
    return bytes.toString("latin1", from, from + this.#keyLength);
  }

  /** The UUIDs of the element that fitted last. */
  uuidsIn(bytes: Buffer, into: string[]): void {
    for (let i = 1; i < this.#starts.length; i++) {
      const from = this.#starts[i] ?? 0;
      into.push(bytes.toString("latin1", from, from + UUID_LENGTH));
    }
  }
}

/** Where a literal that begins at a byte ends; -1 where it doesn't stand there. */
function skip(bytes: Buffer, at: number, literal: Buffer): number {
  const end = at + literal.length;
  if (end > bytes.length) return -1;
  if (literal.length > SHORT) return bytes.compare(literal, 0, literal.length, at, end) === 0 ? end : -1;
  for (let i = 0; i < literal.length; i++) if (bytes[at + i] !== literal[i]) return -1;
  return end;
}

/** Where the key that begins at a byte ends. */
function keyEnd(bytes: Buffer, from: number): number {
  let end = from;
  while (IN_KEY[bytes[end] ?? 0] === 1) end++;
  return end;
}

/** Where a name ends that stands earlier in the same bytes; -1 where another one stands. */
function again(bytes: Buffer, at: number, known: number, length: number): number {
  for (let i = 0; i < length; i++) if (bytes[at + i] !== bytes[known + i]) return -1;
  return at + length;
}

/** Where a UUID that begins at a byte ends; -1 where none does. */
function uuidEnd(bytes: Buffer, at: number): number {
  for (let i = 0; i < UUID_LENGTH; i++) {
    const byte = bytes[at + i] ?? 0;
    if (UUID_HYPHENS[i] === 1 ? byte !== HYPHEN : HEX[byte] !== 1) return -1;
  }
  return at + UUID_LENGTH;
}
