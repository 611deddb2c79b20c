/**
 * Turns a saved plan, which is a zip archive, into the configuration files that it was made from. Only the central
 * directory counts, as it does for Terraform, and only `tfconfig/` is unpacked: the plan itself is Terraform's to show.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { InputError } from "../kernel/index";

/** Limits of what is unpacked; beyond them the archive is refused. */
export interface ArchiveLimits {
  /** Entries in the archive. */
  readonly entries: number;
  /** Bytes of one unpacked file. */
  readonly fileBytes: number;
  /** Bytes of all unpacked files together. */
  readonly totalBytes: number;
}

const LIMITS: ArchiveLimits = { entries: 100_000, fileBytes: 256 * 1024 * 1024, totalBytes: 512 * 1024 * 1024 };

/** Signatures and sizes of APPNOTE.TXT (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT), sections 4.3.7 to 4.3.16. */
const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const LOCAL_HEADER_BYTES = 30;
const CENTRAL_HEADER_BYTES = 46;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;

/** Whether a file that begins with these bytes (four or more) is a zip archive, as saved plans are. */
export const isArchive = (head: Uint8Array): boolean =>
  head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03 && head[3] === 0x04;

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly offset: number;
}

/**
 * The configuration inside a saved plan: text files by their name in the archive (`tfconfig/modules.json`,
 * `tfconfig/m-/cdk.tf.json`, `tfconfig/m-child/main.tf`), sorted by name. Empty where the plan holds none.
 * @throws InputError when the file is no saved plan, is damaged, or unpacks to more than the limits.
 */
export function readPlanArchive(path: string, limits: ArchiveLimits = LIMITS): ReadonlyMap<string, string> {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (error) {
    throw new InputError(`\`${path}\` can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    return readConfiguration(descriptor, path, limits);
  } finally {
    closeSync(descriptor);
  }
}

function readConfiguration(descriptor: number, path: string, limits: ArchiveLimits): ReadonlyMap<string, string> {
  const broken = (found: string): InputError =>
    new InputError(`\`${path}\`: expected a saved plan (\`terraform plan -out=FILE\`), found ${found}`);
  const size = fstatSync(descriptor).size;
  const read = (offset: number, length: number): Buffer => {
    if (offset < 0 || length < 0 || offset + length > size) throw broken("a truncated archive");
    const bytes = Buffer.alloc(length);
    for (let done = 0; done < length; ) {
      const count = readSync(descriptor, bytes, done, length - done, offset + done);
      if (count === 0) throw broken("a file that shrank while it was read");
      done += count;
    }
    return bytes;
  };
  if (size < END_BYTES || !isArchive(read(0, 4))) throw broken("no zip archive");

  const entries = readDirectory(read, size, limits, broken);
  const names = new Set(entries.map((entry) => entry.name));
  if (names.size !== entries.length) throw broken("an archive that holds one name twice");
  if (!names.has("tfplan")) throw broken("a zip archive without a plan in it");

  const wanted = entries
    .filter(({ name }) => name.startsWith("tfconfig/") && !name.endsWith("/"))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const total = wanted.reduce((sum, entry) => sum + entry.unpacked, 0);
  // Entries that share their bytes make a small file endless to read (https://www.bamsoftware.com/hacks/zipbomb/).
  if (wanted.reduce((sum, entry) => sum + entry.packed, 0) > size) throw broken("entries that overlap");
  if (total > limits.totalBytes)
    throw broken(`configuration of ${total} bytes, more than the limit of ${limits.totalBytes}`);
  return new Map(wanted.map((entry) => [entry.name, unpack(entry, read, limits, broken)]));
}

type Read = (offset: number, length: number) => Buffer;
type Broken = (found: string) => InputError;

function readDirectory(read: Read, size: number, limits: ArchiveLimits, broken: Broken): readonly Entry[] {
  const tailBytes = Math.min(size, END_BYTES + LONGEST_COMMENT);
  const tail = read(size - tailBytes, tailBytes);
  let end = tailBytes - END_BYTES;
  while (end >= 0 && !(tail.readUInt32LE(end) === END_OF_DIRECTORY && isWhole(tail, end))) end--;
  if (end < 0) throw broken("a truncated archive");
  const count = tail.readUInt16LE(end + 10);
  const bytes = tail.readUInt32LE(end + 12);
  const start = tail.readUInt32LE(end + 16);
  if (count === 0xffff || bytes === 0xffffffff || start === 0xffffffff) throw broken("a zip64 archive of over 4 GB");
  if (count > limits.entries) throw broken(`${count} entries, more than the limit of ${limits.entries}`);
  // Else two readers could see two directories: Go's takes what is before the archive for something else's.
  if (start + bytes !== size - tailBytes + end)
    throw broken("an archive with something before or inside its directory");

  const directory = read(start, bytes);
  const entries: Entry[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + CENTRAL_HEADER_BYTES > bytes || directory.readUInt32LE(at) !== CENTRAL_HEADER)
      throw broken("a damaged archive");
    const nameBytes = directory.readUInt16LE(at + 28);
    const nameAt = at + CENTRAL_HEADER_BYTES;
    const next = nameAt + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    if (next > bytes) throw broken("a damaged archive");
    entries.push({
      name: directory.toString("utf8", nameAt, nameAt + nameBytes),
      flags: directory.readUInt16LE(at + 8),
      method: directory.readUInt16LE(at + 10),
      packed: directory.readUInt32LE(at + 20),
      unpacked: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    });
    at = next;
  }
  return entries;
}

/** Whether the comment after an end record reaches exactly to the end of the file: a signature inside a comment doesn't count. */
const isWhole = (tail: Buffer, end: number): boolean => end + END_BYTES + tail.readUInt16LE(end + 20) === tail.length;

function unpack(entry: Entry, read: Read, limits: ArchiveLimits, broken: Broken): string {
  if ((entry.flags & 1) !== 0) throw broken(`\`${entry.name}\` encrypted`);
  if (entry.unpacked > limits.fileBytes)
    throw broken(`\`${entry.name}\` of ${entry.unpacked} bytes, more than the limit of ${limits.fileBytes}`);
  const header = read(entry.offset, LOCAL_HEADER_BYTES);
  if (header.readUInt32LE(0) !== LOCAL_HEADER) throw broken("a damaged archive");
  const data = read(
    entry.offset + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28),
    entry.packed,
  );
  const bytes = inflate(entry, data, broken);
  if (bytes.length !== entry.unpacked)
    throw broken(`\`${entry.name}\` of another size than the archive's directory says`);
  return bytes.toString("utf8");
}

function inflate(entry: Entry, data: Buffer, broken: Broken): Buffer {
  if (entry.method === STORED) return data;
  if (entry.method !== DEFLATED) throw broken(`\`${entry.name}\` packed by an unknown method (${entry.method})`);
  try {
    // The bound stops a bomb that says it is small: never more memory than what was declared, and checked, above.
    return inflateRawSync(data, { maxOutputLength: Math.max(1, entry.unpacked) });
  } catch {
    throw broken(`\`${entry.name}\` damaged`);
  }
}
