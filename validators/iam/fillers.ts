/** Finds what may stand in one part of texts, such as the account in an ARN: one filler of each kind that patterns tell apart. */
import { type Budget, spend, TooComplex } from "./language";
import { hasLetter } from "./letters";
import {
  type Approximation,
  advance,
  type CharacterClass,
  classAt,
  domainOf,
  identityOf,
  isAccepting,
  type Pattern,
  positionOf,
  type State,
  type SymbolLore,
  startOf,
  Token,
} from "./pattern";

/** More kinds of fillers than anybody's policy tells apart. */
const MOST_FILLERS = 100;
/** Work that finding them may cost, in states looked at. */
const MOST_WORK = 100_000;
/** What it costs to see how a symbol leads on from a state. */
const WORK_OF_A_SYMBOL = 10;

/** A spot in texts where the part stands. */
export interface Spot {
  /** The texts that stand before it, as a domain. */
  readonly before: Pattern;
  /** What follows it in all texts. */
  readonly after: string;
  /** Whether that is the end of them. */
  readonly isEnd: boolean;
}

/** Patterns of one comparison, of which one must take a text, and where the part stands in the texts. */
export interface Comparison {
  readonly patterns: readonly Pattern[];
  readonly spots: readonly Spot[];
}

/** What fillers are looked for. */
export interface FillerSearch {
  /** All fillers there are. */
  readonly domain: Pattern;
  readonly comparisons: readonly Comparison[];
  /** Fillers that are looked at elsewhere. */
  readonly excluded: readonly Pattern[];
  /** Fillers that are preferred, the first one that will do. */
  readonly ordinary: readonly string[];
  /** Whether symbols may stand in fillers. */
  readonly takesSymbols: boolean;
  readonly lore: SymbolLore;
}

/** A filler. */
export interface Filler {
  readonly text: string;
  /** Whether a pattern may take what it stands in, of which it doesn't take all that others stand in. */
  readonly isPickedOut: boolean;
  /** Whether there is no other one of its kind. */
  readonly isOnly: boolean;
}

/** Fillers of each kind; not `isComplete` where there are more than are looked at. */
export interface Fillers {
  readonly fillers: readonly Filler[];
  readonly isComplete: boolean;
}

/**
 * One filler of each kind. Two fillers are of one kind if each pattern is led to the same states by both, from whatever states
 * it can be in before them, or where the text ends, if both are taken or neither is: then nothing that is compared can tell
 * them apart, whatever else stands in the texts. Symbols in patterns are read both ways, and may stand in fillers.
 */
export function fillersOf(search: FillerSearch): Fillers {
  const walk = new Walk(search);
  try {
    walk.run();
    return { fillers: walk.found, isComplete: true };
  } catch (error) {
    if (!(error instanceof TooComplex)) throw error;
    return { fillers: walk.found, isComplete: false };
  }
}

/** A pattern that runs over fillers. */
interface Runner {
  readonly pattern: Pattern;
  readonly way: Approximation;
  readonly spot: Spot;
  /** Which part of a filler's kind it settles; patterns of one comparison settle one together where texts end. */
  readonly aspect: number;
}

/** Where a runner is. */
interface Run {
  readonly runner: Runner;
  readonly number: number;
  readonly states: readonly State[];
}

interface Node {
  /** Where the domain of all fillers is. */
  readonly base: readonly State[];
  /** Runs that more of a filler leads on. */
  readonly runs: readonly Run[];
  /** Runs that stay where they are, and what tells them apart from others. */
  readonly still: readonly Run[];
  readonly stillKey: string;
  readonly text: string;
  /** How many fillers lead here; two stand for more. */
  count: number;
}

/** Fillers of one kind. */
interface Kind {
  text: string;
  /** How many there are; two stand for more. */
  count: number;
  /** What becomes of each aspect; nothing where no pattern takes any text with the filler. */
  readonly aspects: ReadonlyMap<number, string>;
}

const EXCLUDED = 0;
/** Where the part is the whole text. */
export const WHOLE: Spot = { before: domainOf([]), after: "", isEnd: true };

class Walk {
  private readonly budget: Budget = { left: MOST_WORK };
  private readonly starts: Run[] = [];
  private readonly known = new Set<string>();
  private readonly kinds = new Map<string, Kind>();
  private readonly hasSymbols: boolean;
  private readonly takesSymbols: boolean;
  private aspects = EXCLUDED + 1;

  constructor(private readonly search: FillerSearch) {
    this.hasSymbols = search.comparisons.some(({ patterns }) => patterns.some(({ hasSymbol }) => hasSymbol));
    this.takesSymbols = this.hasSymbols && search.takesSymbols;
  }

  get found(): readonly Filler[] {
    const kinds = [...this.kinds.values()];
    const isPickedOut = ({ aspects }: Kind): boolean =>
      [...aspects.keys()].some((aspect) => kinds.some((other) => !other.aspects.has(aspect)));
    return kinds.map((kind) => ({ text: kind.text, isOnly: kind.count < 2, isPickedOut: isPickedOut(kind) }));
  }

  run(): void {
    const { domain, comparisons, excluded, ordinary, lore } = this.search;
    for (const pattern of excluded) this.start(pattern, "over", WHOLE, startOf(pattern, "over", lore), EXCLUDED);
    for (const { patterns, spots } of comparisons) for (const spot of spots) this.startAll(patterns, spot);
    const base = startOf(domain, "under", lore);
    const start: Node = { base, runs: this.starts, still: [], stillKey: "", text: "", count: 1 };
    for (const text of ordinary) this.tryOut(start, text);
    const nodes = new Map<string, Node>();
    const queue = [start];
    for (const node of queue) {
      if (isAccepting(domain, node.base)) this.note(node, node.count);
      for (const letter of lettersAfter({ pattern: domain, states: node.base }, node.runs)) {
        const next = this.takesSymbols || !hasLetter(letter.char) ? this.step(node, letter) : undefined;
        if (!next) continue;
        const key = keyOf(next);
        const known = nodes.get(key);
        if (known) known.count += next.count;
        else {
          nodes.set(key, next);
          queue.push(next);
        }
      }
    }
  }

  /** Starts the patterns of one comparison at a spot. Where there are symbols, each is read both ways. */
  private startAll(patterns: readonly Pattern[], spot: Spot): void {
    const ways: readonly Approximation[] = this.hasSymbols || spot.before.hasSymbol ? ["over", "under"] : ["over"];
    const fixed = fixedText(spot.before);
    for (const way of ways) {
      const together = this.aspects++;
      for (const pattern of patterns) {
        if (fixed !== undefined) {
          const states = this.after(pattern, startOf(pattern, way, this.search.lore), fixed, way);
          this.start(pattern, way, spot, states, spot.isEnd ? together : this.aspects++);
        } else
          for (const state of this.reachable(spot.before, pattern, way))
            this.start(pattern, way, spot, [state], this.aspects++);
      }
    }
  }

  private start(pattern: Pattern, way: Approximation, spot: Spot, states: readonly State[], aspect: number): void {
    if (states.length === 0) return;
    const key = `${identityOf(pattern)}|${way}|${spot.after}|${spot.isEnd}|${states.join()}|${spot.isEnd ? aspect : ""}`;
    if (this.known.has(key)) return;
    this.known.add(key);
    this.starts.push({ runner: { pattern, way, spot, aspect }, number: this.starts.length, states });
  }

  /** The states after some more text. */
  private after(pattern: Pattern, states: readonly State[], text: string, way: Approximation): readonly State[] {
    let reached = states;
    for (let i = 0; i < text.length && reached.length > 0; i++) {
      spend(this.budget, reached.length);
      reached = advance(pattern, reached, text.charCodeAt(i), way, this.search.lore);
    }
    return reached;
  }

  /** Each state that a pattern can be in after a text of a domain. */
  private reachable(before: Pattern, pattern: Pattern, way: Approximation): ReadonlySet<State> {
    const { lore } = this.search;
    const found = new Set<State>();
    const seen = new Set<string>();
    const queue: (readonly [State, State])[] = [];
    const add = (bases: readonly State[], states: readonly State[]): void => {
      for (const base of bases)
        for (const state of states) {
          if (seen.has(`${base} ${state}`)) continue;
          seen.add(`${base} ${state}`);
          queue.push([base, state]);
        }
    };
    add(startOf(before, "under", lore), startOf(pattern, way, lore));
    for (const [base, state] of queue) {
      if (isAccepting(before, [base])) found.add(state);
      for (const letter of lettersAfter({ pattern: before, states: [base] }, [
        { runner: { pattern }, states: [state] },
      ])) {
        spend(this.budget, 1);
        const code = letter.char.charCodeAt(0);
        add(advance(before, [base], code, "under", lore), advance(pattern, [state], code, way, lore));
      }
    }
    return found;
  }

  private step({ base, runs, still, stillKey, text, count }: Node, letter: Letter): Node | undefined {
    const { domain, lore } = this.search;
    const code = letter.char.charCodeAt(0);
    const next = advance(domain, base, code, "under", lore);
    if (next.length === 0) return undefined;
    const isSymbol = hasLetter(letter.char);
    let work = 1;
    const left: Run[] = [];
    const stopped: Run[] = [];
    for (const run of runs) {
      const { pattern, way } = run.runner;
      work += run.states.length * (isSymbol ? WORK_OF_A_SYMBOL : 1);
      const states = advance(pattern, run.states, code, way, lore);
      if (states.length > 0) (this.isStill(run.runner, states, code) ? stopped : left).push({ ...run, states });
    }
    spend(this.budget, work);
    const all = stopped.length === 0 ? still : [...still, ...stopped].sort((a, b) => a.number - b.number);
    return {
      base: next,
      runs: left,
      still: all,
      stillKey: stopped.length === 0 ? stillKey : keyOfRuns(all),
      text: text + letter.char,
      count: letter.isOne ? count : 2,
    };
  }

  /**
   * Whether more of a filler leads a pattern nowhere else: it is at a star, and waits for nothing that fillers hold. `code` is
   * a character of fillers.
   */
  private isStill({ pattern, way }: Runner, states: readonly State[], code: number): boolean {
    const { domain, lore } = this.search;
    if (this.takesSymbols) return false;
    const isIdle = states.every((state) => {
      const position = positionOf(state);
      const token = pattern.tokens[position];
      if (token === undefined || token === Token.Star || token === Token.StarInPart) return true;
      return token === Token.Char && !domain.tokens.some((_, at) => canBe(pattern, position, classAt(domain, at)));
    });
    return isIdle && isSame(states, advance(pattern, states, code, way, lore));
  }

  /** Notes the kind of a filler that is known beforehand. */
  private tryOut(start: Node, text: string): void {
    let node: Node | undefined = start;
    for (const char of text) node = node && this.step(node, { char, isOne: true });
    if (node && isAccepting(this.search.domain, node.base)) this.note(node, 0);
  }

  /** Notes the kind of a filler, of which the first is kept. */
  private note({ runs, still, text }: Node, count: number): void {
    const aspects = new Map<number, string>();
    for (const { runner, states } of [...runs, ...still]) {
      const { pattern, way, spot, aspect } = runner;
      const after = this.after(pattern, states, spot.after, way);
      if (!spot.isEnd && after.length > 0) aspects.set(aspect, [...after].sort().join());
      if (spot.isEnd && isAccepting(pattern, after)) aspects.set(aspect, "taken");
    }
    const key = [...aspects]
      .map(([aspect, states]) => `${aspect}:${states}`)
      .sort()
      .join(" ");
    const known = this.kinds.get(key);
    if (known) {
      known.count += count;
      if (hasLetter(known.text)) known.text = text;
    }
    if (known || aspects.has(EXCLUDED)) return;
    if (this.kinds.size >= MOST_FILLERS) throw new TooComplex("the policy tells too many names apart");
    this.kinds.set(key, { text, aspects, count });
  }
}

/** The one text of a domain that has one only. */
function fixedText({ tokens, codes }: Pattern): string | undefined {
  if (!tokens.every((token) => token === Token.Char || token === Token.Symbol)) return undefined;
  return String.fromCharCode(...codes);
}

const isSame = (states: readonly State[], others: readonly State[]): boolean =>
  states.length === others.length && states.every((state) => others.includes(state));

/** Whether the character that a pattern waits for is of a class. */
function canBe({ codes, ignoresCase }: Pattern, position: number, of: CharacterClass): boolean {
  const code = codes[position] ?? 0;
  const upper = String.fromCharCode(code).toUpperCase();
  return of.has(code) || (ignoresCase && upper.length === 1 && of.has(upper.charCodeAt(0)));
}

const keyOf = ({ base, runs, stillKey }: Node): string => `${base.join()}${keyOfRuns(runs)}/${stillKey}`;

function keyOfRuns(runs: readonly Run[]): string {
  let key = "";
  for (const { number, states } of runs)
    key += `|${number}:${states.length > 1 ? [...states].sort().join(",") : states[0]}`;
  return key;
}

/** Characters that the classes and kinds of symbols tell apart, the likeliest of each sort first. */
const SORTS = [
  "xkqzjwvyabcdefghilmnoprstu",
  "4567890123",
  "-",
  ".",
  "XKQZJWVYABCDEFGHILMNOPRSTU",
  "_+=,@",
  "/",
  ":",
  "~!",
];

const ALL_SORTS = [SORTS.join("")];

/** A character of a filler, which stands for others that make no difference or doesn't. */
interface Letter {
  readonly char: string;
  readonly isOne: boolean;
}

/** The characters that make a difference: those that some pattern waits for, and of all others one, or one of each sort. */
function lettersAfter(
  base: { readonly pattern: Pattern; readonly states: readonly State[] },
  runs: readonly { readonly runner: { readonly pattern: Pattern }; readonly states: readonly State[] }[],
): readonly Letter[] {
  const free: CharacterClass[] = [];
  const named = new Set<string>();
  for (const state of base.states) {
    const position = positionOf(state);
    const token = base.pattern.tokens[position];
    if (token === Token.ClassOne || token === Token.ClassStar) free.push(classAt(base.pattern, position));
    else if (token !== undefined) named.add(String.fromCharCode(base.pattern.codes[position] ?? 0));
  }
  const only = (chars: Iterable<string>): Letter[] => [...chars].map((char) => ({ char, isOne: true }));
  if (free.length === 0) return only(named);
  const awaited = new Set<string>();
  let hasSorts = false;
  for (const { runner, states } of runs)
    for (const state of states) hasSorts = awaitedAt(runner.pattern, positionOf(state), awaited) || hasSorts;
  const isFree = (char: string): boolean => hasLetter(char) || free.some((one) => one.has(char.charCodeAt(0)));
  const isOther = (char: string): boolean => !awaited.has(char) && isFree(char);
  const sorts = hasSorts ? SORTS : ALL_SORTS;
  const others = sorts.flatMap((sort): Letter[] => {
    const [char, more] = firstTwo(sort, isOther);
    return char === undefined ? [] : [{ char, isOne: more === undefined }];
  });
  return [...others, ...only(new Set([...named, ...[...awaited].filter(isFree)]))];
}

function firstTwo(chars: string, isRight: (char: string) => boolean): readonly string[] {
  const found: string[] = [];
  for (const char of chars) {
    if (isRight(char)) found.push(char);
    if (found.length === 2) break;
  }
  return found;
}

/** Adds the characters and symbols that a pattern waits for at a position; true where it waits for a sort of them. */
function awaitedAt(pattern: Pattern, position: number, into: Set<string>): boolean {
  const token = pattern.tokens[position];
  const char = String.fromCharCode(pattern.codes[position] ?? 0);
  if (token === Token.Char) {
    into.add(char);
    if (pattern.ignoresCase && char.toUpperCase().length === 1) into.add(char.toUpperCase());
  } else if (token === Token.AnyInPart || token === Token.StarInPart) into.add(":");
  if (token === Token.Symbol) into.add(char);
  return token === Token.Symbol || token === Token.ClassOne || token === Token.ClassStar;
}
