/** Turns many texts into a search for all of them at once. */

/** Steps of a search for names of units, for each unit: where it takes more, judging each unit by itself takes less time. */
export const WORTH_SEARCHING = 4_000;

/** So many times faster is the search for what begins alike. */
const FASTER = 16;

const NONE: ReadonlySet<string> = new Set();

/** Finds which of many texts of two characters or more stand in another one, also inside of longer words. */
export class KeyFinder {
  /** What all begin with. */
  readonly #prefix: string;
  /** Whether any begins with two characters of some codes, of which the lower byte counts. */
  readonly #begins = new Uint8Array(0x10000);
  readonly #byLength = new Map<number, Set<string>>();
  /** What has been done so far: about a character looked at, a part compared. */
  #steps = 0;

  /** `most`: after so many steps it stops and {@link isSpent}. */
  constructor(
    keys: Iterable<string>,
    readonly most?: number,
  ) {
    let prefix: string | undefined;
    for (const key of keys) {
      if (prefix === undefined) prefix = key;
      else if (!key.startsWith(prefix)) prefix = shared(prefix, key);
      this.#begins[pairAt(key, 0)] = 1;
      const same = this.#byLength.get(key.length);
      if (same === undefined) this.#byLength.set(key.length, new Set([key]));
      else same.add(key);
    }
    this.#prefix = prefix ?? "";
  }

  /** Whether it has stopped: what it finds is no longer all there is. */
  get isSpent(): boolean {
    return this.most !== undefined && this.#steps > this.most;
  }

  /** Those in a text, each once. */
  in(text: string): ReadonlySet<string> {
    if (this.#byLength.size === 0) return NONE;
    let found: Set<string> | undefined;
    this.#steps += this.#prefix === "" ? text.length : text.length / FASTER;
    for (let at = text.indexOf(this.#prefix); at >= 0 && at + 1 < text.length; at = this.#next(text, at + 1)) {
      if (this.#begins[pairAt(text, at)] !== 1) continue;
      this.#steps += this.#byLength.size;
      if (this.isSpent) break;
      for (const [length, keys] of this.#byLength) {
        const part = text.slice(at, at + length);
        if (keys.has(part)) found = (found ?? new Set<string>()).add(part);
      }
    }
    return found ?? NONE;
  }

  #next(text: string, from: number): number {
    return this.#prefix === "" ? from : text.indexOf(this.#prefix, from);
  }

  /** Whether any may stand in a text. */
  mayBeIn(text: string): boolean {
    return this.in(text).size > 0 || this.isSpent;
  }
}

const pairAt = (text: string, at: number): number =>
  ((text.charCodeAt(at) & 0xff) << 8) | (text.charCodeAt(at + 1) & 0xff);

function shared(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}
