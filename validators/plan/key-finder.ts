/** Turns many instance keys into a search for all of them at once. */

/** Finds which of many keys stand in a text, also inside of longer words. */
export class KeyFinder {
  /** What all keys begin with. */
  readonly #prefix: string;
  readonly #byLength = new Map<number, Set<string>>();

  constructor(keys: Iterable<string>) {
    let prefix: string | undefined;
    for (const key of keys) {
      prefix = prefix === undefined ? key : shared(prefix, key);
      const same = this.#byLength.get(key.length);
      if (same === undefined) this.#byLength.set(key.length, new Set([key]));
      else same.add(key);
    }
    this.#prefix = prefix ?? "";
  }

  /** The keys in a text, each once. */
  in(text: string): ReadonlySet<string> {
    const found = new Set<string>();
    if (this.#byLength.size === 0) return found;
    for (let at = text.indexOf(this.#prefix); at >= 0 && at < text.length; at = text.indexOf(this.#prefix, at + 1))
      for (const [length, keys] of this.#byLength) {
        const part = text.slice(at, at + length);
        if (keys.has(part)) found.add(part);
      }
    return found;
  }

  /** Whether any key stands in a text. */
  isIn(text: string): boolean {
    return this.in(text).size > 0;
  }
}

function shared(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}
