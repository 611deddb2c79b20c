/** Turns wildcard patterns and policy variables into plain answers, by the simplest recursion. */

/** Context values by lower-case key. */
export type ContextValues = ReadonlyMap<string, readonly string[]>;

/** Marks in {@link Filled.literal} the characters that stand for themselves, though they look like wildcards. */
export interface Filled {
  readonly text: string;
  readonly literal?: ReadonlySet<number>;
}

/** Whether `text` matches `pattern`: `*` is any text, also none, `?` is one character. */
export function glob(pattern: string, text: string, literal?: ReadonlySet<number>): boolean {
  const matchesFrom = (p: number, t: number): boolean => {
    for (; p < pattern.length; p++, t++) {
      const wanted = pattern[p];
      const isWild = literal === undefined || !literal.has(p);
      if (isWild && wanted === "*") {
        for (let rest = t; rest <= text.length; rest++) if (matchesFrom(p + 1, rest)) return true;
        return false;
      }
      if (t >= text.length) return false;
      if (!(isWild && wanted === "?") && wanted !== text[t]) return false;
    }
    return t === text.length;
  };
  return matchesFrom(0, 0);
}

/**
 * A pattern with its variables replaced (`${aws:username}`, `${key, 'default'}`, `${*}`), or undefined when one has no
 * value ("IAM policy elements: Variables and tags"). What a variable brings in is literal.
 */
export function fillIn(pattern: string, context: ContextValues): Filled | undefined {
  let text = "";
  const literal = new Set<number>();
  let at = 0;
  for (const variable of pattern.matchAll(/\$\{([^}]*)\}/g)) {
    text += pattern.slice(at, variable.index);
    const value = variableValue(variable[1] ?? "", context);
    if (value === undefined) return undefined;
    for (let i = 0; i < value.length; i++) literal.add(text.length + i);
    text += value;
    at = variable.index + variable[0].length;
  }
  return { text: text + pattern.slice(at), literal };
}

function variableValue(variable: string, context: ContextValues): string | undefined {
  if (variable === "*" || variable === "?" || variable === "$") return variable;
  const [, key = "", fallback] = /^\s*([^,]*?)\s*(?:,\s*'(.*)'\s*)?$/.exec(variable) ?? [];
  const values = context.get(key.toLowerCase());
  // only single-valued keys can be variables
  return values !== undefined && values.length === 1 ? values[0] : fallback;
}
