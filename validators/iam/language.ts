/** Finds a text of a domain that is in some unions of patterns and outside others, or proves that there is none. */
import { isLetterCode } from "./letters";
import {
  type Approximation,
  acceptsAll,
  advance,
  classAt,
  digitsOf,
  isAccepting,
  type Pattern,
  positionOf,
  type State,
  type SymbolLore,
  startOf,
  Token,
} from "./pattern";

/** A union of patterns, read with one approximation. */
export interface Union {
  readonly patterns: readonly Pattern[];
  readonly way: Approximation;
}

/** Work that a question may cost, in states looked at; shared by all its searches. */
export interface Budget {
  left: number;
}

/** Thrown where a question costs more than its budget. */
export class TooComplex extends Error {
  override name = "TooComplex";
}

let done = 0;

/** All work that was counted since the program began, whether within a budget or not. */
export const workDone = (): number => done;

/** Counts work that no single question can have too much of, but many questions can. */
export function count(work: number): void {
  done += work;
}

/** Takes work off a budget. */
export function spend(budget: Budget, work: number): void {
  done += work;
  budget.left -= work;
  if (budget.left < 0) throw new TooComplex("the policy is too complex to be decided");
}

/** One pattern running: which automaton, and its states. */
interface Run {
  readonly index: number;
  readonly states: readonly State[];
}

interface Node {
  readonly base: readonly State[];
  readonly runs: readonly Run[];
  readonly letter: string;
  readonly parent: Node | undefined;
}

/**
 * A text of `domain` that each of `required` takes and none of `forbidden` does; `undefined` where there is none.
 * Breadth first over the product of the automata, whose states are found as they are needed: complete, and the text
 * is a shortest one. Throws {@link TooComplex}.
 */
export function findText(
  domain: Pattern,
  required: readonly Union[],
  forbidden: readonly Union[],
  lore: SymbolLore,
  budget: Budget,
): string | undefined {
  return new Search(domain, required, forbidden, lore, budget).run();
}

class Search {
  private readonly patterns: Pattern[] = [];
  private readonly ways: Approximation[] = [];
  /** The number of the required union that an automaton belongs to; -1 for forbidden ones. */
  private readonly groups: number[] = [];
  private readonly nice: string;

  constructor(
    private readonly domain: Pattern,
    private readonly required: readonly Union[],
    forbidden: readonly Union[],
    private readonly lore: SymbolLore,
    private readonly budget: Budget,
  ) {
    for (const [i, union] of required.entries()) this.add(union, i);
    for (const union of forbidden) this.add(union, -1);
    this.nice = unusedFirst(this.patterns);
  }

  private add(union: Union, group: number): void {
    for (const pattern of union.patterns) {
      if (pattern.isNever) continue;
      this.patterns.push(pattern);
      this.ways.push(union.way);
      this.groups.push(group);
    }
  }

  run(): string | undefined {
    const runs: Run[] = [];
    for (const [index, pattern] of this.patterns.entries())
      runs.push({ index, states: startOf(pattern, this.wayOf(index), this.lore) });
    const start: Node = { base: startOf(this.domain, "under", this.lore), runs, letter: "", parent: undefined };
    if (this.isDead(start)) return undefined;
    const seen = new Set<string>([keyOf(start)]);
    const queue: Node[] = [start];
    for (let head = 0; head < queue.length; head++) {
      const node = queue[head];
      if (!node) break;
      if (this.isAnswer(node)) return spell(node);
      for (const letter of this.lettersAfter(node)) {
        const next = this.step(node, letter);
        if (!next) continue;
        const key = keyOf(next);
        if (seen.has(key)) continue;
        seen.add(key);
        queue.push(next);
      }
    }
    return undefined;
  }

  private wayOf(index: number): Approximation {
    return this.ways[index] ?? "over";
  }

  private step(node: Node, letter: string): Node | undefined {
    const code = letter.charCodeAt(0);
    const base = advance(this.domain, node.base, code, "under", this.lore);
    if (base.length === 0) return undefined;
    const runs: Run[] = [];
    let work = 1;
    for (const { index, states } of node.runs) {
      const pattern = this.patterns[index];
      if (!pattern) continue;
      work += states.length;
      const after = advance(pattern, states, code, this.wayOf(index), this.lore);
      if (after.length > 0) runs.push({ index, states: after });
    }
    spend(this.budget, work);
    const next: Node = { base, runs, letter, parent: node };
    return this.isDead(next) ? undefined : next;
  }

  /** Nothing that starts like this can be an answer. */
  private isDead(node: Node): boolean {
    const alive = new Set<number>();
    for (const { index, states } of node.runs) {
      const group = this.groups[index] ?? -1;
      const pattern = this.patterns[index];
      if (group >= 0) alive.add(group);
      else if (pattern && acceptsAll(pattern, states)) return true;
    }
    return alive.size < this.required.length;
  }

  private isAnswer(node: Node): boolean {
    if (!isAccepting(this.domain, node.base)) return false;
    const taken = new Set<number>();
    for (const { index, states } of node.runs) {
      const pattern = this.patterns[index];
      if (!pattern || !isAccepting(pattern, states)) continue;
      const group = this.groups[index] ?? -1;
      if (group < 0) return false;
      taken.add(group);
    }
    return taken.size === this.required.length;
  }

  /** The letters that make a difference here: those that some pattern waits for, and one that stands for all others. */
  private lettersAfter(node: Node): string[] {
    const named = new Set<string>();
    const free: { has(code: number): boolean; readonly samples: string }[] = [];
    for (const state of node.base) {
      const position = positionOf(state);
      const token = this.domain.tokens[position];
      if (token === Token.Char || token === Token.Symbol)
        named.add(String.fromCharCode(this.domain.codes[position] ?? 0));
      else if (token === Token.ClassOne || token === Token.ClassStar) free.push(classAt(this.domain, position));
    }
    const takesSymbols = free.length > 0 || (this.domain.orSymbol !== undefined && node.letter === "");
    if (!takesSymbols) return [...named];
    const awaited = this.awaited(node.runs);
    for (const letter of awaited)
      if (isLetterCode(letter.charCodeAt(0)) || free.some((one) => one.has(letter.charCodeAt(0)))) named.add(letter);
    const others: string[] = [];
    for (const one of free) {
      const other = firstOther(one, this.nice, named, awaited);
      if (other !== undefined && !others.includes(other)) others.push(other);
    }
    return [...others, ...named];
  }

  private awaited(runs: readonly Run[]): Set<string> {
    const letters = new Set<string>();
    for (const { index, states } of runs) {
      const pattern = this.patterns[index];
      if (!pattern) continue;
      for (const state of states) {
        const position = positionOf(state);
        const token = pattern.tokens[position];
        const char = String.fromCharCode(pattern.codes[position] ?? 0);
        if (token === Token.Char) {
          letters.add(char);
          if (pattern.ignoresCase && char.toUpperCase().length === 1) letters.add(char.toUpperCase());
        } else if (token === Token.ClassOne) letters.add(classAt(pattern, position).samples.charAt(0));
        else if (token === Token.AnyInPart || token === Token.StarInPart) letters.add(":");
        else if (token === Token.Symbol) {
          letters.add(char);
          if (this.wayOf(index) === "over") for (const one of "4a-A/:") letters.add(one);
          const other = this.lore.otherThan(char.charCodeAt(0))?.[digitsOf(state)];
          if (other !== undefined) letters.add(other);
        }
      }
    }
    return letters;
  }
}

/** A character of the class that nothing waits for. */
function firstOther(
  domain: { has(code: number): boolean; readonly samples: string },
  nice: string,
  named: ReadonlySet<string>,
  awaited: ReadonlySet<string>,
): string | undefined {
  for (const samples of [nice, domain.samples])
    for (const char of samples)
      if (domain.has(char.charCodeAt(0)) && !named.has(char) && !awaited.has(char)) return char;
  for (let code = 0x21; code < 0x3000; code++) {
    const char = String.fromCharCode(code);
    if (domain.has(code) && !named.has(char) && !awaited.has(char)) return char;
    if (code === 0x7e) code = 0xa0;
  }
  return undefined;
}

/** Letters and digits, those first that no pattern names. */
function unusedFirst(patterns: readonly Pattern[]): string {
  const used = new Set<number>();
  for (const pattern of patterns)
    for (const [i, token] of pattern.tokens.entries()) if (token === Token.Char) used.add(pattern.codes[i] ?? 0);
  const all = "xkqzjwvybcdfghlmnprst0123456789XKQZ";
  return [...all]
    .filter((char) => !used.has(char.charCodeAt(0)) && !used.has(char.toLowerCase().charCodeAt(0)))
    .join("");
}

function keyOf(node: Node): string {
  let key = node.base.join(",");
  for (const { index, states } of node.runs)
    key += `|${index}:${states.length > 1 ? [...states].sort().join(",") : states[0]}`;
  return key;
}

function spell(node: Node): string {
  let text = "";
  for (let at: Node | undefined = node; at; at = at.parent) text = at.letter + text;
  return text;
}
