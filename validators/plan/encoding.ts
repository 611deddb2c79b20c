/** Turns the bytes of a file, as editors and shells write them, into UTF-8 without a byte-order mark. */
import { isUtf8 } from "node:buffer";
import { InputError } from "../kernel/result";

/**
 * UTF-8 chunks of the given chunks. A UTF-8 byte-order mark is dropped; UTF-16 with a byte-order mark, which Windows
 * PowerShell writes for `terraform show -json … > plan.json`, is decoded. A chunk may be reused by the caller as soon
 * as the next is asked for. Throws {@link InputError} at bytes that aren't valid in their encoding.
 */
export function* utf8Chunks(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  const source = chunks[Symbol.iterator]();
  const head = firstBytes(source);
  const encoding = encodingOf(head);
  if (encoding.name === "utf-8") yield* checked(join(head.subarray(encoding.mark), source));
  else yield* decoded(encoding.name, join(head.subarray(encoding.mark), source));
}

/** The encoding that the first bytes show, and the length of its byte-order mark. */
export function encodingOf(head: Uint8Array): {
  readonly name: "utf-8" | "utf-16le" | "utf-16be";
  readonly mark: number;
} {
  if (head[0] === 0xff && head[1] === 0xfe) return { name: "utf-16le", mark: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { name: "utf-16be", mark: 2 };
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { name: "utf-8", mark: 3 };
  // JSON starts with ASCII: a zero byte beside it is UTF-16 without a mark (RFC 4627, section 3)
  if (head.length >= 2 && head[0] === 0 && head[1] !== 0) return { name: "utf-16be", mark: 0 };
  if (head.length >= 2 && head[0] !== 0 && head[1] === 0) return { name: "utf-16le", mark: 0 };
  return { name: "utf-8", mark: 0 };
}

/** The first chunk, or as many as hold four bytes. */
function firstBytes(source: Iterator<Uint8Array>): Uint8Array {
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < 4) {
    const next = source.next();
    if (next.done === true) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
    if (head.length < 4) head = new Uint8Array(head);
  }
  return head;
}

function* join(head: Uint8Array, rest: Iterator<Uint8Array>): Generator<Uint8Array> {
  if (head.length > 0) yield head;
  for (let next = rest.next(); next.done !== true; next = rest.next()) if (next.value.length > 0) yield next.value;
}

function* checked(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  let before = 0;
  let open: Uint8Array = new Uint8Array(0);
  for (const chunk of chunks) {
    const bytes = open.length === 0 ? chunk : Buffer.concat([open, chunk]);
    const whole = bytes.length - unfinished(bytes);
    if (!isUtf8(bytes.subarray(0, whole))) throw invalid(before + firstInvalid(bytes.subarray(0, whole)));
    open = new Uint8Array(bytes.subarray(whole));
    before += whole;
    if (whole > 0) yield bytes.subarray(0, whole);
  }
  if (open.length > 0) throw invalid(before);
}

function invalid(at: number): InputError {
  return new InputError(`invalid UTF-8 (byte ${at}): write the file again with \`terraform show -json\``);
}

/** How many bytes at the end begin a character that goes on in the next chunk. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const size = byte >= 0xf8 ? 0 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return size > back ? back : 0;
    }
  }
  return 0;
}

/** Offset of the first invalid character: found by halving, since this happens once, on the way out. */
function firstInvalid(bytes: Uint8Array): number {
  let valid = 0;
  let wrong = bytes.length;
  while (wrong - valid > 1) {
    const middle = (valid + wrong) >> 1;
    const part = bytes.subarray(0, middle);
    if (isUtf8(part.subarray(0, middle - unfinished(part)))) valid = middle;
    else wrong = middle;
  }
  return valid;
}

function* decoded(name: "utf-16le" | "utf-16be", chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  const decoder = new TextDecoder(name, { fatal: true, ignoreBOM: true });
  try {
    for (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }), "utf8");
    yield Buffer.from(decoder.decode(), "utf8");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new InputError(`invalid ${name.toUpperCase()}: write the file as UTF-8`);
  }
}
