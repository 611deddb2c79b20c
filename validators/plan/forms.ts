/** Turns the text of an element into its form: what stays of it without its instance key, its UUIDs and the like. */
import type { NameKind } from "../kernel/stand-in";

/** Bytes of which an instance key consists that may be taken out of a text: lower-case letters, digits, dots and hyphens. */
const IN_KEY = new Uint8Array(256);
for (const char of "abcdefghijklmnopqrstuvwxyz0123456789.-") IN_KEY[char.charCodeAt(0)] = 1;
const IN_MODULE = Uint8Array.from(IN_KEY);
IN_MODULE[".".charCodeAt(0)] = 0;
const IN_HASH = new Uint8Array(256).fill(1, 0x30, 0x3a);
const IN_NAME = { key: IN_KEY, module: IN_MODULE, hash: IN_HASH };
const HEX = new Uint8Array(256);
for (const char of "0123456789abcdef") HEX[char.charCodeAt(0)] = 1;
const HYPHEN = 0x2d;
const UUID_LENGTH = 36;
const UUID_HYPHENS = new Uint8Array(UUID_LENGTH);
for (const at of [8, 13, 18, 23]) UUID_HYPHENS[at] = 1;
const UUIDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** The number by which a data source that has nothing else to go by is called. */
const HASH = '(?<="id":")\\d{1,20}(?=")';

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

/** The address of what stands in a module of the root that is called once: the module's name may be taken out. */
const MODULE = /^module\.([a-z][a-z0-9-]{2,127})(?=\.)/;
const MODULE_BYTES = Buffer.from("module.");

/** An element begins like this where Terraform wrote it. */
const HEAD = '{"address":"';
const HEAD_BYTES = Buffer.from(HEAD);

/** The name in an element's address by which its unit goes, and the address without it. */
export interface Place {
  readonly key: string;
  readonly base: string;
  readonly kind: "key" | "module";
}

/** The first instance key of an address, or its module's name where it has none; where that may be taken out. */
export function placeIn(address: string): Place | undefined {
  const from = address.indexOf('["');
  if (from < 0) {
    const [start, name] = MODULE.exec(address) ?? [];
    return start === undefined || name === undefined
      ? undefined
      : { key: name, base: `module.[]${address.slice(start.length)}`, kind: "module" };
  }
  const to = address.indexOf('"]', from);
  const key = address.slice(from + 2, Math.max(to, 0));
  return KEY.test(key) ? { key, base: `${address.slice(0, from)}[]${address.slice(to + 2)}`, kind: "key" } : undefined;
}

/** The place of the element that begins at a byte; `undefined` for one without such a name, and where the bytes end first. */
export function placeAt(bytes: Buffer, at: number): Place | undefined {
  if (!isThere(bytes, at, HEAD_BYTES)) return undefined;
  const from = at + HEAD_BYTES.length;
  let end = from;
  let hasKey = isThere(bytes, from, MODULE_BYTES);
  for (; end < bytes.length && bytes[end] !== 0x22; end++)
    if (bytes[end] === 0x5c) {
      hasKey ||= bytes[end - 1] === 0x5b && bytes[end + 1] === 0x22;
      end++;
    }
  return hasKey && end < bytes.length ? placeIn(bytes.toString("latin1", from, end).replaceAll('\\"', '"')) : undefined;
}

/** The same bytes with what a Buffer can do. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Whether some bytes stand at a place of others, of which there may be too few. */
export function isThere(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
  return true;
}

/** What stands at a gap of a form: the key, or another name by its number. */
const OF_KEY = -1;
const NO_GAP = -2;

/** Elements that are compared at once where one form follows itself. */
export const ROW = 16;

/** The form of an element: literals, and the gaps between them. */
export class Form {
  private readonly texts: readonly string[];
  private readonly literals: readonly Buffer[];
  private readonly gaps: readonly number[];
  /** The kinds of its names: the unit's first. */
  readonly kinds: readonly NameKind[];
  /** Where each name of the element that fitted last begins, and its length. */
  private readonly starts: number[];
  private readonly lengths: number[];
  /** The bytes of that element, and where in them each name stands. */
  private model = Buffer.alloc(0);
  private places: readonly (readonly number[])[] = [];
  /** The bytes of a row of elements that are as long as that one, and the commas between them. */
  private row: Buffer | undefined;

  private constructor(literals: readonly string[], gaps: readonly number[], kinds: readonly NameKind[]) {
    this.texts = literals;
    this.literals = literals.map((literal) => Buffer.from(literal));
    this.gaps = gaps;
    this.kinds = kinds;
    this.starts = kinds.map(() => -1);
    this.lengths = kinds.map(() => 0);
  }

  /**
   * The form of an element of a unit; `undefined` where it has more names than can be told apart. `hasHash`: its `id` is a
   * number that is made from its content and names nothing.
   */
  static of(element: string, { key, kind }: Pick<Place, "key" | "kind">, hasHash = false): Form | undefined {
    const literals: string[] = [];
    const gaps: number[] = [];
    const names: string[] = [];
    const kinds: NameKind[] = [kind];
    const pattern = [key.replaceAll(".", "\\."), UUIDS.source, ...(hasHash ? [HASH] : [])].join("|");
    let from = 0;
    for (const { 0: found, index } of element.matchAll(new RegExp(pattern, "g"))) {
      literals.push(element.slice(from, index));
      from = index + found.length;
      const known = names.indexOf(found);
      if (found === key) gaps.push(OF_KEY);
      else if (known >= 0) gaps.push(known);
      else {
        gaps.push(names.push(found) - 1);
        kinds.push(found.length === UUID_LENGTH ? "uuid" : "hash");
      }
      if (gaps.length > MOST_NAMES) return undefined;
    }
    literals.push(element.slice(from));
    // the key is read where it stands first: it must end there, and not go on
    const [first] = gaps;
    const isLonger = IN_NAME[kind][literals[1]?.charCodeAt(0) ?? 0] === 1;
    return first !== OF_KEY || isLonger ? undefined : new Form(literals, gaps, kinds);
  }

  /** The text of the element with other names, in their order. */
  filled(names: readonly string[]): string {
    let filled = "";
    for (const [i, literal] of this.texts.entries()) filled += literal + (names[(this.gaps[i] ?? NO_GAP) + 1] ?? "");
    return filled;
  }

  /** The end of the element of this form that begins at a byte; -1 where another one does, or the bytes end first. */
  match(bytes: Buffer, at: number): number {
    const model = this.model;
    const end = at + model.length;
    // where every name is as long as in the last element, all stands where it stood: that one is given these names, and may
    // be this one then
    const isFirst = model.length === 0;
    if (isFirst || end > bytes.length || !this.takesNames(model, 0, bytes, at)) return this.matchAfresh(bytes, at);
    return bytes.compare(model, undefined, undefined, at, end) === 0 ? end : this.matchAfresh(bytes, at);
  }

  /**
   * Where each element of a row begins after the one before, if all of a row begin at a byte, {@link ROW} of them, under the keys
   * that end among `keys` where `ends` says; else 0. `changed`: in how many bytes at their ends those keys may differ from
   * the keys of the row that was matched last.
   */
  matchRow(bytes: Buffer, at: number, keys: Uint8Array, ends: readonly number[], changed: number): number {
    const step = this.model.length + 1;
    const end = at + ROW * step - 1;
    if (end > bytes.length) return 0;
    const places = this.places[0] ?? [];
    const length = this.lengths[0] ?? 0;
    const from = this.row === undefined ? 0 : length - changed;
    const row = this.row ?? rowOf(this.model);
    this.row = undefined;
    for (let i = 0; i < ROW; i++) {
      const start = i * step;
      const key = (ends[i] ?? 0) - length;
      for (let j = from; j < length; j++) {
        const byte = keys[key + j] ?? 0;
        for (let place = 0; place < places.length; place++) row[start + (places[place] ?? 0) + j] = byte;
      }
      if (this.hasOthers && !this.takesNames(row, start, bytes, at + start, 1)) return 0;
    }
    if (bytes.compare(row, undefined, undefined, at, end) !== 0) return 0;
    this.row = row;
    return step;
  }

  /** Whether it has names besides the key. */
  get hasOthers(): boolean {
    return this.kinds.length > 1;
  }

  /** Whether the key of the element that fitted last has so many characters. */
  hasLength(length: number): boolean {
    return this.lengths[0] === length;
  }

  /** Takes the element that begins at a byte, one of a row, for the one that fitted last. */
  goTo(at: number): void {
    for (let name = 0; name < this.places.length; name++) this.starts[name] = at + (this.places[name]?.[0] ?? 0);
  }

  /** Forgets the bytes of its row: another form's elements come between, and its next row follows on others. */
  endRow(): void {
    this.row = undefined;
  }

  /**
   * Gives an element of the model, which begins at a byte of it, the names of the one that begins at a byte of others, from the
   * `first` one on: the key as far as it differs at its end, since keys in a row seldom do before. False where a name holds what
   * it may not.
   */
  private takesNames(model: Buffer, from: number, bytes: Buffer, at: number, first = 0): boolean {
    for (let name = first; name < this.places.length; name++) {
      const places = this.places[name] ?? [];
      const [place = 0] = places;
      const old = from + place;
      const start = at + place;
      const length = this.lengths[name] ?? 0;
      let same = name === 0 ? length : 0;
      if (name === 0) while (same > 0 && bytes[start + same - 1] !== model[old + same - 1]) same--;
      else while (same < length && bytes[start + same] === model[old + same]) same++;
      if (!isInName(this.kinds[name], bytes, start, same, length)) return false;
      for (let i = same; i < length; i++) {
        const byte = bytes[start + i] ?? 0;
        for (let other = 0; other < places.length; other++) model[from + (places[other] ?? 0) + i] = byte;
      }
      this.starts[name] = start;
    }
    return true;
  }

  private matchAfresh(bytes: Buffer, at: number): number {
    const starts: number[] = [];
    const lengths: number[] = [];
    const places: number[][] = [];
    let end = at;
    for (const [i, literal] of this.literals.entries()) {
      end = skip(bytes, end, literal);
      const gap = this.gaps[i];
      if (end < 0) return end;
      if (gap === undefined) break;
      const name = gap + 1;
      places[name] ??= [];
      places[name].push(end - at);
      const known = starts[name];
      const from = end;
      end =
        known === undefined ? nameEnd(this.kinds[name], bytes, from) : again(bytes, from, known, lengths[name] ?? 0);
      if (end < 0) return end;
      starts[name] ??= from;
      lengths[name] ??= end - from;
    }
    for (const [name, start] of starts.entries()) {
      this.starts[name] = start;
      this.lengths[name] = lengths[name] ?? 0;
    }
    this.places = places;
    this.row = undefined;
    this.model = Buffer.from(bytes.subarray(at, end));
    return end;
  }

  /** Whether the element that fitted last has a key of these bytes: so many from one of them on. */
  hasKey(bytes: Buffer, keys: Uint8Array, from: number, length: number): boolean {
    if (this.lengths[0] !== length) return false;
    // keys in a row differ at their ends
    const start = this.starts[0] ?? 0;
    for (let i = length - 1; i >= 0; i--) if (bytes[start + i] !== keys[from + i]) return false;
    return true;
  }

  /** The key of the element that fitted last. */
  keyIn(bytes: Buffer): string {
    return this.nameIn(bytes, 0);
  }

  /** The other names of the element that fitted last. */
  namesIn(bytes: Buffer, into: string[]): void {
    for (let name = 1; name < this.kinds.length; name++) into.push(this.nameIn(bytes, name));
  }

  private nameIn(bytes: Buffer, name: number): string {
    const from = this.starts[name] ?? 0;
    return bytes.toString("latin1", from, from + (this.lengths[name] ?? 0));
  }
}

/** An element as often as a row has it. */
function rowOf(element: Buffer): Buffer {
  const step = element.length + 1;
  const row = Buffer.alloc(ROW * step - 1, ",");
  for (let i = 0; i < ROW; i++) element.copy(row, i * step);
  return row;
}

/** Whether the bytes of a name that begins at a byte, from one of them to its length, are such as its kind may have there. */
function isInName(kind: NameKind | undefined, bytes: Buffer, start: number, from: number, length: number): boolean {
  if (kind === "uuid" || kind === undefined) return isInUuid(bytes, start, from);
  const inName = IN_NAME[kind];
  for (let i = from; i < length; i++) if (inName[bytes[start + i] ?? 0] !== 1) return false;
  return true;
}

/** Where the name that begins at a byte ends; -1 where none does. */
function nameEnd(kind: NameKind | undefined, bytes: Buffer, from: number): number {
  if (kind === "uuid" || kind === undefined) return uuidEnd(bytes, from);
  const inName = IN_NAME[kind];
  let end = from;
  while (inName[bytes[end] ?? 0] === 1) end++;
  return end > from ? end : -1;
}

/** Where a literal that begins at a byte ends; -1 where it doesn't stand there. */
export function skip(bytes: Buffer, at: number, literal: Buffer): number {
  const end = at + literal.length;
  if (end > bytes.length) return -1;
  if (literal.length > SHORT) return bytes.compare(literal, undefined, undefined, at, end) === 0 ? end : -1;
  return isThere(bytes, at, literal) ? end : -1;
}

/** Where a name ends that stands earlier in the same bytes; -1 where another one stands. */
function again(bytes: Buffer, at: number, known: number, length: number): number {
  for (let i = 0; i < length; i++) if (bytes[at + i] !== bytes[known + i]) return -1;
  return at + length;
}

/** Where a UUID that begins at a byte ends; -1 where none does. */
const uuidEnd = (bytes: Buffer, at: number): number => (isInUuid(bytes, at, 0) ? at + UUID_LENGTH : -1);

/** Whether the bytes of a UUID that begins at a byte are such as it may have, from one of them to its end. */
function isInUuid(bytes: Buffer, at: number, from: number): boolean {
  for (let i = from; i < UUID_LENGTH; i++) {
    const byte = bytes[at + i] ?? 0;
    if (UUID_HYPHENS[i] === 1 ? byte !== HYPHEN : HEX[byte] !== 1) return false;
  }
  return true;
}
