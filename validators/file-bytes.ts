/** Turns files into their bytes: in windows, bounded, and with the file's name in whatever goes wrong. */
import { closeSync, openSync, readSync } from "node:fs";
import { InputError } from "./kernel/index";
import { isSystemError, reasonOf } from "./reason";

/** Bytes that are read at a time. Larger windows are not faster (bench/). */
const WINDOW = 1 << 20;

/** Names the file in an {@link InputError} that says only what is wrong. */
export function naming<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${path}: ${error.message}`);
    if (isSystemError(error)) throw new InputError(`${path}: ${reasonOf(error)}`);
    throw error;
  }
}

/**
 * A file's bytes in windows, from where it is read at present or from `from`; the buffer is used again, so a window is
 * gone when the next one is asked for.
 */
export function* windowsOf(
  descriptor: number,
  hash?: { update(bytes: Uint8Array): unknown },
  from: number | null = null,
  onRead?: (bytes: number) => void,
): Generator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(WINDOW);
  let bytes = 0;
  for (let at = from; ; ) {
    const read = fill(buffer, descriptor, at);
    if (read === 0) return;
    if (at !== null) at += read;
    const window = buffer.subarray(0, read);
    hash?.update(window);
    bytes += read;
    onRead?.(bytes);
    yield window;
    // the end has been seen: a terminal would be asked for another one
    if (read < buffer.length) return;
  }
}

/** Reads until the buffer is full or the file ends: a pipe gives little at a time. */
function fill(buffer: Buffer, descriptor: number, from: number | null): number {
  let filled = 0;
  while (filled < buffer.length) {
    const read = readSome(descriptor, buffer.subarray(filled), from === null ? null : from + filled);
    if (read === 0) break;
    filled += read;
  }
  return filled;
}

/** Reads once; a standard input that has nothing yet is waited for. */
function readSome(descriptor: number, buffer: Buffer, at: number | null): number {
  for (;;) {
    try {
      return readSync(descriptor, buffer, 0, buffer.length, at);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/**
 * All bytes of a file. Size and kind are no reason to believe in its end: `tollgate.json` in a stranger's checkout may be a
 * link to `/dev/zero`. Throws {@link InputError} beyond `most` bytes.
 */
export function readBounded(path: string, most: number): Buffer {
  return withDescriptor(path, (descriptor) => {
    const windows: Buffer[] = [];
    let size = 0;
    for (const window of windowsOf(descriptor)) {
      size += window.length;
      if (size > most) throw new InputError(`larger than the ${most >> 20} MiB that are read of such a file`);
      windows.push(Buffer.from(window));
    }
    return Buffer.concat(windows);
  });
}

/** Does work with a file that is open meanwhile. */
export function withDescriptor<T>(path: string, work: (descriptor: number) => T): T {
  const descriptor = openSync(path, "r");
  try {
    return work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
