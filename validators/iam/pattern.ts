/** Turns AWS's wildcard texts into token lists, and says which strings they match, symbols included. */
import { isUniqueKind, type SymbolKind } from "../kernel/value";
import { isLetterCode } from "./letters";

/** What a token takes: one given character, any, any run, the same without colons, a symbol, or characters of a class. */
export const Token = {
  Char: 0,
  Any: 1,
  Star: 2,
  AnyInPart: 3,
  StarInPart: 4,
  Symbol: 5,
  ClassOne: 6,
  ClassStar: 7,
} as const;

/** Which way to err where symbols leave it open: `over` takes what may match, `under` only what must. */
export type Approximation = "over" | "under";

/** The other way to err. */
export const flip = (way: Approximation): Approximation => (way === "over" ? "under" : "over");

/** What a letter stands for: text of a symbol's kind, or a piece of the name of the bucket that is asked about, perhaps nothing. */
export type LetterKind = SymbolKind | "bucket-name-part";

/** What is known about the letters of a question. */
export interface SymbolLore {
  /** No symbols at all: every text is plain. */
  readonly isEmpty: boolean;
  kindOf(code: number): LetterKind;
  /** Assumed to differ from every text that is written out. */
  isDistinct(code: number): boolean;
  /** The text from which it is assumed to differ, if there is one. */
  otherThan(code: number): string | undefined;
  /** It may hold policy variables, and then a pattern that holds it doesn't take the symbol's own text. */
  mayHoldVariables(code: number): boolean;
}

/** Of texts without symbols. */
export const NO_SYMBOLS: SymbolLore = {
  isEmpty: true,
  kindOf: () => "any",
  isDistinct: () => false,
  otherThan: () => undefined,
  mayHoldVariables: () => false,
};

/** A set of characters, of which a domain's texts consist. */
export interface CharacterClass {
  readonly name: string;
  /** Whether a UTF-16 code unit belongs to it. */
  has(code: number): boolean;
  /** Characters of it, the likeliest first. */
  readonly samples: string;
}

/** A compiled pattern. `text` identifies it among patterns of the same style. */
export interface Pattern {
  readonly text: string;
  readonly style: Style | "domain";
  readonly tokens: readonly number[];
  /** The character, the symbol's letter or the number of the class, token by token. */
  readonly codes: readonly number[];
  readonly ignoresCase: boolean;
  /** A variable in it has no value: it matches nothing. */
  readonly isNever: boolean;
  /** No wildcard and no symbol: it matches its own text only. */
  readonly isLiteral: boolean;
  readonly hasSymbol: boolean;
  /** Whether it must be an ARN of six parts and may turn out to be none, so that it takes nothing for sure. */
  readonly mayBeNone: boolean;
  /** Only `Char`, `Any` and `Star`. */
  readonly isPlain: boolean;
  /** What every text that it takes starts with, but for the one symbol of {@link orSymbol}. */
  readonly prefix: string;
  /** Of a domain: the kind of symbols that its texts may begin with as well, in place of what is before a position. */
  readonly orSymbol: { readonly kind: LetterKind; readonly until: number } | undefined;
}

/** A stretch of text; wildcards count in those that are not verbatim. */
export interface Stretch {
  readonly text: string;
  readonly isVerbatim: boolean;
}

const COLON = 0x3a;

const classes: CharacterClass[] = [];
const classOf = (name: string, members: RegExp | undefined, samples: string): CharacterClass => {
  // most runs ask of few classes
  let set: ReadonlySet<number> | undefined;
  const has = (code: number): boolean => {
    set ??= new Set(Array.from({ length: 128 }, (_, i) => i).filter((i) => members?.test(String.fromCharCode(i))));
    return set.has(code);
  };
  const made: CharacterClass = { name, samples, has: members ? has : () => true };
  classes.push(made);
  return made;
};

/** The character classes of the domains' texts. */
export const Classes = {
  any: classOf("any", undefined, "xkqzjwvyXKQZ0123456789-_abcdefghilmnoprstu~!ABCDEFGHIJLMNOPRSTUVWY"),
  path: classOf(
    "path",
    /[A-Za-z0-9+=,.@_/-]/,
    "xkqzjwvyXKQZ0123456789-_abcdefghilmnoprstu.@=,+/ABCDEFGHIJLMNOPRSTUVWY",
  ),
  /** What the path of a role or user may hold as well (IAM API reference, `CreateRole`). */
  visible: classOf("visible", /[!-~]/, "xkqzjwvyXKQZ0123456789-_abcdefghilmnoprstu.@=,+/ABCDEFGHIJLMNOPRSTUVWY:"),
  name: classOf("name", /[A-Za-z0-9+=,.@_-]/, "xkqzjwvyXKQZ0123456789-_abcdefghilmnoprstu.@=,+ABCDEFGHIJLMNOPRSTUVWY"),
  upper: classOf("upper", /[A-Z0-9]/, "XKQZJWVYABCDEFGHILMNOPRSTU0123456789"),
  lower: classOf("lower", /[a-z0-9-]/, "xkqzjwvyabcdefghilmnoprstu0123456789-"),
  host: classOf("host", /[a-z0-9.-]/, "xkqzjwvyabcdefghilmnoprstu0123456789-."),
  digit: classOf("digit", /[0-9]/, "4567890123"),
  /** What dates and times are written with (W3C note «Date and Time Formats», which IAM's user guide names). */
  moment: classOf("moment", /[0-9TZ:.+-]/, "4567890123-:TZ.+"),
  /** What an IPv6 address is written with. */
  address: classOf("address", /[0-9a-f.:]/, "4567890123abcdef:."),
};

const KIND_CLASSES: Readonly<Record<Exclude<LetterKind, "any">, RegExp>> = {
  "account-id": /[0-9]/,
  partition: /[a-z-]/,
  region: /[a-z0-9-]/,
  "bucket-name": /[a-z0-9.-]/,
  "bucket-name-part": /[a-z0-9.-]/,
  "key-id": /[a-z0-9-]/,
  "vpc-id": /[a-z0-9-]/,
  "vpc-endpoint-id": /[a-z0-9-]/,
  "organization-id": /[a-z0-9-]/,
  name: /[^:/*?]/,
  "role-id": /[A-Z0-9]/,
  "user-id": /[A-Z0-9]/,
};

/** Whether a character can be part of what a symbol of a kind stands for. */
function fits(kind: LetterKind, code: number): boolean {
  return kind === "any" || KIND_CLASSES[kind].test(String.fromCharCode(code));
}

/** The characters of names (IAM API reference, `CreateUser`), of which many classes consist. */
const NAME = /[\w+=,.@-]/;
const contained = new Map<CharacterClass, Map<LetterKind, boolean>>();

/** Whether all that a symbol of a kind may stand for consists of characters of a class. */
function isWithin(kind: LetterKind, of: CharacterClass): boolean {
  if (of === Classes.any) return true;
  if (kind === "any") return false;
  const known = contained.get(of)?.get(kind);
  if (known !== undefined) return known;
  const members = kind === "name" ? NAME : KIND_CLASSES[kind];
  let isContained = true;
  for (let code = 0; code < 128; code++)
    if (members.test(String.fromCharCode(code)) && !of.has(code)) isContained = false;
  contained.set(of, new Map(contained.get(of)).set(kind, isContained));
  return isContained;
}

/** Whether a symbol of a kind may stand for no text at all. */
const mayBeEmpty = (kind: LetterKind): boolean => kind === "any" || kind === "bucket-name-part";

class Builder {
  private readonly tokens: number[] = [];
  private readonly codes: number[] = [];

  add(token: number, code = 0): void {
    const last = this.tokens.length - 1;
    if (token === Token.Star && this.tokens[last] === Token.Star) return;
    this.tokens.push(token);
    this.codes.push(code);
  }

  verbatim(text: string): void {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      this.add(isLetterCode(code) ? Token.Symbol : Token.Char, code);
    }
  }

  wild(text: string, any: number, star: number): void {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 0x2a) this.add(star);
      else if (code === 0x3f) this.add(any);
      else this.add(isLetterCode(code) ? Token.Symbol : Token.Char, code);
    }
  }

  pattern(text: string, style: Pattern["style"]): Pattern {
    const { tokens, codes } = this;
    const hasSymbol = tokens.includes(Token.Symbol);
    const ignoresCase = style === "literal-ignore-case" || style === "glob-ignore-case";
    return {
      text,
      style,
      tokens,
      codes: ignoresCase ? codes.map((code, i) => (tokens[i] === Token.Char ? lowerCode(code) : code)) : codes,
      ignoresCase,
      isNever: false,
      isLiteral: tokens.every((token) => token === Token.Char),
      hasSymbol,
      mayBeNone: false,
      isPlain: tokens.every((token) => token === Token.Char || token === Token.Any || token === Token.Star),
      prefix: ignoresCase ? "" : prefixOf(tokens, codes),
      orSymbol: undefined,
    };
  }
}

function prefixOf(tokens: readonly number[], codes: readonly number[]): string {
  let prefix = "";
  for (let i = 0; tokens[i] === Token.Char; i++) prefix += String.fromCharCode(codes[i] ?? 0);
  return prefix;
}

function lowerCode(code: number): number {
  if (code < 128) return code >= 65 && code <= 90 ? code + 32 : code;
  const lower = String.fromCharCode(code).toLowerCase();
  return lower.length === 1 ? lower.charCodeAt(0) : code;
}

/** How the text of a pattern is to be understood. */
export type Style = "literal" | "literal-ignore-case" | "glob" | "glob-ignore-case" | "arn";

/** The pattern that matches nothing. */
export const NEVER: Pattern = {
  text: "",
  style: "literal",
  tokens: [],
  codes: [],
  ignoresCase: false,
  isNever: true,
  isLiteral: false,
  hasSymbol: false,
  mayBeNone: false,
  isPlain: false,
  prefix: "",
  orSymbol: undefined,
};

/** A pattern from stretches of text. Joined by {@link stretchesText} they identify it. */
export function patternFrom(stretches: readonly Stretch[], style: Style): Pattern {
  const text = stretches.map((stretch) => stretch.text).join("");
  if (style === "arn") return arnPattern(stretches, text);
  const builder = new Builder();
  const isGlob = style === "glob" || style === "glob-ignore-case";
  for (const stretch of stretches) {
    if (isGlob && !stretch.isVerbatim) builder.wild(stretch.text, Token.Any, Token.Star);
    else builder.verbatim(stretch.text);
  }
  return builder.pattern(text, style);
}

/** The pattern that takes one text. */
export const literal = (text: string): Pattern => patternFrom([{ text, isVerbatim: true }], "literal");

/**
 * ARN operators compare the six parts one by one: a wildcard in one of the first five takes no colon
 * (IAM user guide, «ARN condition operators»). What has fewer parts is no ARN and matches nothing.
 */
function arnPattern(stretches: readonly Stretch[], text: string): Pattern {
  const builder = new Builder();
  let colons = 0;
  for (const { text: part, isVerbatim } of stretches) {
    for (let i = 0; i < part.length; i++) {
      const char = part.charAt(i);
      if (char === ":") colons++;
      const inPart = colons < 5;
      if (isVerbatim) builder.verbatim(char);
      else builder.wild(char, inPart ? Token.AnyInPart : Token.Any, inPart ? Token.StarInPart : Token.Star);
    }
  }
  const pattern = builder.pattern(text, "arn");
  if (colons >= 5) return pattern;
  return pattern.hasSymbol ? { ...pattern, mayBeNone: true } : NEVER;
}

/** A piece of a domain: text as it stands, or one, one or more, or any number of characters of a class. */
export type DomainPiece =
  | string
  | { readonly one: CharacterClass }
  | { readonly oneOrMore: CharacterClass }
  | { readonly anyNumber: CharacterClass };

/** A domain of texts as a pattern of its own. */
export function domainOf(pieces: readonly DomainPiece[]): Pattern {
  const builder = new Builder();
  for (const piece of pieces) {
    if (typeof piece === "string") builder.verbatim(piece);
    else if ("one" in piece) builder.add(Token.ClassOne, classes.indexOf(piece.one));
    else if ("oneOrMore" in piece) {
      builder.add(Token.ClassOne, classes.indexOf(piece.oneOrMore));
      builder.add(Token.ClassStar, classes.indexOf(piece.oneOrMore));
    } else builder.add(Token.ClassStar, classes.indexOf(piece.anyNumber));
  }
  return builder.pattern(pieces.map(nameOfPiece).join(""), "domain");
}

/** A domain of texts that begin with an id, for which a symbol of its kind may stand. */
export function formOf(id: readonly DomainPiece[], kind: LetterKind, rest: readonly DomainPiece[] = []): Pattern {
  return { ...domainOf([...id, ...rest]), orSymbol: { kind, until: domainOf(id).tokens.length } };
}

function nameOfPiece(piece: DomainPiece): string {
  if (typeof piece === "string") return piece;
  if ("one" in piece) return `<${piece.one.name}>`;
  return "oneOrMore" in piece ? `<${piece.oneOrMore.name}+>` : `<${piece.anyNumber.name}*>`;
}

/** The texts that a pattern takes, and some more in an ARN's parts, with its symbols as they stand; case counts. */
export function asDomain({ tokens, codes, text }: Pattern): Pattern {
  const builder = new Builder();
  const any = classes.indexOf(Classes.any);
  for (const [i, token] of tokens.entries()) {
    if (token === Token.Any || token === Token.AnyInPart) builder.add(Token.ClassOne, any);
    else if (token === Token.Star || token === Token.StarInPart) builder.add(Token.ClassStar, any);
    else builder.add(token, codes[i]);
  }
  return builder.pattern(text, "domain");
}

/** The domain of texts of two parts, each of a domain. */
export function joined(first: Pattern, second: Pattern): Pattern {
  const builder = new Builder();
  for (const { tokens, codes } of [first, second])
    for (const [i, token] of tokens.entries()) builder.add(token, codes[i]);
  return builder.pattern(first.text + second.text, "domain");
}

/** What two patterns have in common that take the same texts, whatever their symbols stand for. */
export const identityOf = ({ style, tokens, codes }: Pattern): string =>
  `${style} ${tokens.map((token, i) => `${token}.${codes[i]}`).join(" ")}`;

/** The class of a class token. */
export const classAt = (pattern: Pattern, position: number): CharacterClass =>
  classes[pattern.codes[position] ?? 0] ?? Classes.any;

/** A state: the position of a token and how far into a symbol the text is, in one number. */
export type State = number;

const stateAt = (position: number, step = 0): State => (position << 5) + step;
/** The position of a state's token. */
export const positionOf = (state: State): number => state >> 5;
const stepOf = (state: State): number => state & 31;

/** A symbol has taken exactly one other symbol of a kind whose names differ: more must follow. */
const EXACTLY_ANOTHER = 15;
/** An account's symbol has taken nothing but the digits of the account that it isn't; their number is added. */
const AS_OTHER = 16;
const ACCOUNT_DIGITS = 12;
/** The digits that an account's symbol has taken. */
export const digitsOf = (state: State): number => state & 15;

/** Whether a pattern is taken for one that matches nothing. */
const isNone = (pattern: Pattern, way: Approximation, lore: SymbolLore): boolean =>
  pattern.isNever || (pattern.mayBeNone && (way === "under" || !mayGainColons(pattern, lore)));

/** Whether symbols of a pattern may hold the colons that an ARN needs. */
const mayGainColons = ({ tokens, codes }: Pattern, lore: SymbolLore): boolean =>
  codes.some((code, i) => tokens[i] === Token.Symbol && fits(lore.kindOf(code), COLON));

/** Where a pattern starts. */
export function startOf(pattern: Pattern, way: Approximation, lore: SymbolLore): State[] {
  const states: State[] = [];
  if (!isNone(pattern, way, lore)) enter(pattern, 0, way, lore, states);
  return states;
}

/** Whether a set of states holds the end of the pattern. */
export const isAccepting = (pattern: Pattern, states: readonly State[]): boolean =>
  states.includes(stateAt(pattern.tokens.length));

/** Whether whatever follows is matched. */
export function acceptsAll(pattern: Pattern, states: readonly State[]): boolean {
  const last = pattern.tokens.length - 1;
  return last >= 0 && pattern.tokens[last] === Token.Star && states.includes(stateAt(last));
}

function enter(pattern: Pattern, position: number, way: Approximation, lore: SymbolLore, into: State[]): void {
  const state = stateAt(position);
  if (!into.includes(state)) into.push(state);
  const token = pattern.tokens[position];
  if (token === Token.Star || token === Token.StarInPart || token === Token.ClassStar)
    enter(pattern, position + 1, way, lore, into);
  else if (token === Token.Symbol && way === "over") {
    const code = pattern.codes[position] ?? 0;
    if (mayBeEmpty(lore.kindOf(code)) && !lore.isDistinct(code)) enter(pattern, position + 1, way, lore, into);
  }
}

/** The states after one more character or symbol. */
export function advance(
  pattern: Pattern,
  states: readonly State[],
  code: number,
  way: Approximation,
  lore: SymbolLore,
): State[] {
  const next: State[] = [];
  if (isLetterCode(code)) for (const state of states) takeSymbol(pattern, state, code, way, lore, next);
  else for (const state of states) takeCharacter(pattern, state, code, way, lore, next);
  return pattern.isPlain && next.length > 1 ? pruned(pattern, next) : next;
}

/** In a plain pattern, what the last star reached can match holds all that earlier states can. */
function pruned(pattern: Pattern, states: State[]): State[] {
  let star = -1;
  for (const state of states) if (pattern.tokens[positionOf(state)] === Token.Star && state > star) star = state;
  return star < 0 ? states : states.filter((state) => state >= star);
}

function takeCharacter(
  pattern: Pattern,
  state: State,
  code: number,
  way: Approximation,
  lore: SymbolLore,
  next: State[],
): void {
  const position = positionOf(state);
  const expected = pattern.codes[position] ?? 0;
  switch (pattern.tokens[position]) {
    case Token.Char:
      if (code === expected || (pattern.ignoresCase && lowerCode(code) === expected))
        enter(pattern, position + 1, way, lore, next);
      return;
    case Token.Any:
      enter(pattern, position + 1, way, lore, next);
      return;
    case Token.Star:
      enter(pattern, position, way, lore, next);
      return;
    case Token.AnyInPart:
      if (code !== COLON || mayTakeColons(pattern, position, way, lore)) enter(pattern, position + 1, way, lore, next);
      return;
    case Token.StarInPart:
      if (code !== COLON || mayTakeColons(pattern, position, way, lore)) enter(pattern, position, way, lore, next);
      return;
    case Token.ClassOne:
      if (classAt(pattern, position).has(code)) enter(pattern, position + 1, way, lore, next);
      return;
    case Token.ClassStar:
      if (classAt(pattern, position).has(code)) enter(pattern, position, way, lore, next);
      return;
    case Token.Symbol:
      if (way === "over" && !lore.isDistinct(expected))
        extendSymbol(pattern, state, lore.kindOf(expected), code, lore, next);
      return;
    default:
      return;
  }
}

/** Whether colons of a symbol before a wildcard may put it into an ARN's last part. */
function mayTakeColons(pattern: Pattern, position: number, way: Approximation, lore: SymbolLore): boolean {
  if (way === "under" || !pattern.hasSymbol) return false;
  return pattern.codes.some(
    (code, i) => i < position && pattern.tokens[i] === Token.Symbol && fits(lore.kindOf(code), COLON),
  );
}

/** A symbol in the pattern, over-approximated, takes one more character. */
function extendSymbol(
  pattern: Pattern,
  state: State,
  kind: LetterKind,
  code: number,
  lore: SymbolLore,
  next: State[],
): void {
  if (!fits(kind, code) && !(pattern.ignoresCase && fits(kind, lowerCode(code)))) return;
  const position = positionOf(state);
  if (kind === "account-id") {
    extendAccount(pattern, state, code, lore, next);
    return;
  }
  push(next, stateAt(position, 1));
  enter(pattern, position + 1, "over", lore, next);
}

/** An account's symbol takes one more digit, unless all of them are those of the account that it isn't. */
function extendAccount(pattern: Pattern, state: State, code: number, lore: SymbolLore, next: State[]): void {
  const position = positionOf(state);
  const taken = digitsOf(state);
  const other = lore.otherThan(pattern.codes[position] ?? 0);
  const isAsOther = (stepOf(state) === 0 || stepOf(state) > AS_OTHER) && other?.charCodeAt(taken) === code;
  if (taken + 1 < ACCOUNT_DIGITS) push(next, stateAt(position, (isAsOther ? AS_OTHER : 0) + taken + 1));
  else if (!isAsOther) enter(pattern, position + 1, "over", lore, next);
}

function push(states: State[], state: State): void {
  if (!states.includes(state)) states.push(state);
}

function takeSymbol(
  pattern: Pattern,
  state: State,
  code: number,
  way: Approximation,
  lore: SymbolLore,
  next: State[],
): void {
  const position = positionOf(state);
  const token = pattern.tokens[position];
  const { orSymbol } = pattern;
  if (position === 0 && orSymbol?.kind === lore.kindOf(code)) enter(pattern, orSymbol.until, "under", lore, next);
  if (token === Token.ClassOne || token === Token.ClassStar) {
    takeSymbolAsClass(pattern, position, code, lore, next);
    return;
  }
  if (way === "over") {
    for (const reached of new SymbolWalk(pattern, code, lore).from(state)) enterState(pattern, reached, lore, next);
    return;
  }
  if (token === Token.Symbol && pattern.codes[position] === code && !lore.mayHoldVariables(code))
    enter(pattern, position + 1, way, lore, next);
  else takeSymbolAsWildcards(pattern, position, lore.kindOf(code), lore, next);
}

/**
 * Wildcards that stand together take a symbol whatever it stands for: as many `?` as it has characters at least, and a star
 * for the rest; and the twelve digits of an account are as many `?`.
 */
function takeSymbolAsWildcards(
  pattern: Pattern,
  start: number,
  kind: LetterKind,
  lore: SymbolLore,
  next: State[],
): void {
  const least = mayBeEmpty(kind) ? 0 : kind === "account-id" ? ACCOUNT_DIGITS : 1;
  let characters = 0;
  let hasStar = false;
  for (let position = start; characters <= least; position++) {
    const token = pattern.tokens[position];
    const isInPart = token === Token.AnyInPart || token === Token.StarInPart;
    if (isInPart && fits(kind, COLON)) return;
    if (token === Token.Star || token === Token.StarInPart) {
      hasStar = true;
      enter(pattern, position, "under", lore, next);
    } else if (token !== Token.Any && token !== Token.AnyInPart) return;
    else {
      characters++;
      if (characters <= least && (hasStar || characters === ACCOUNT_DIGITS))
        enter(pattern, position + 1, "under", lore, next);
    }
  }
}

/** A symbol where a domain has characters of a class: taken where that is right whatever it stands for. */
function takeSymbolAsClass(pattern: Pattern, position: number, code: number, lore: SymbolLore, next: State[]): void {
  const kind = lore.kindOf(code);
  if (!isWithin(kind, classAt(pattern, position))) return;
  if (kind === "account-id" && isRunOf(ACCOUNT_DIGITS, pattern, position))
    enter(pattern, position + ACCOUNT_DIGITS, "under", lore, next);
  const isOneOrMore =
    pattern.tokens[position + 1] === Token.ClassStar && pattern.codes[position + 1] === pattern.codes[position];
  if (pattern.tokens[position] === Token.ClassStar) enter(pattern, position, "under", lore, next);
  else if (isOneOrMore) enter(pattern, mayBeEmpty(kind) ? position : position + 1, "under", lore, next);
}

/** Whether so many characters of one class stand in a domain one by one. */
const isRunOf = (length: number, { tokens, codes }: Pattern, position: number): boolean =>
  Array.from({ length }, (_, i) => position + i).every(
    (at) => tokens[at] === Token.ClassOne && codes[at] === codes[position],
  );

function enterState(pattern: Pattern, state: State, lore: SymbolLore, next: State[]): void {
  if (stepOf(state) === 0) enter(pattern, positionOf(state), "over", lore, next);
  else push(next, state);
}

/** A step of a walk: where, how many characters the symbol has given (`-1`: any number), and what it met. */
interface Step {
  readonly state: State;
  readonly given: number;
  /** It met a wildcard or another symbol, so that it need not be a text that is written out. */
  readonly isLoose: boolean;
  /** It has been taken by exactly one other symbol so far, or ends later than itself in the pattern. */
  readonly isExactlyAnother: boolean;
}

/** All states that a pattern can be in after some text that a symbol may stand for. */
class SymbolWalk {
  private readonly kind: LetterKind;
  private readonly isDistinct: boolean;
  private start = 0;

  constructor(
    private readonly pattern: Pattern,
    private readonly code: number,
    private readonly lore: SymbolLore,
  ) {
    this.kind = lore.kindOf(code);
    this.isDistinct = lore.isDistinct(code);
  }

  from(start: State): Set<State> {
    this.start = positionOf(start);
    const reached = new Set<State>();
    const seen = new Set<string>();
    const queue: Step[] = [{ state: start, given: 0, isLoose: false, isExactlyAnother: false }];
    for (let step = queue.pop(); step; step = queue.pop()) {
      const key = `${step.state} ${step.given} ${step.isLoose} ${step.isExactlyAnother}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (this.canEnd(step)) reached.add(step.state);
      this.follow(step, queue, reached);
    }
    return reached;
  }

  private canEnd(step: Step): boolean {
    if (step.isExactlyAnother || (!step.isLoose && this.isNone(step))) return false;
    if (step.given < 0) return true;
    return this.kind === "account-id" ? step.given === ACCOUNT_DIGITS : mayBeEmpty(this.kind) || step.given > 0;
  }

  /** Whether the symbol can't be the very characters that a step has gone over. */
  private isNone({ state }: Step): boolean {
    if (this.isDistinct) return true;
    const { tokens, codes } = this.pattern;
    let text = "";
    for (let position = this.start; position < positionOf(state); position++)
      if (tokens[position] === Token.Char) text += String.fromCharCode(codes[position] ?? 0);
    return this.lore.otherThan(this.code) === text;
  }

  private follow(step: Step, queue: Step[], reached: Set<State>): void {
    const { pattern } = this;
    const position = positionOf(step.state);
    const onward = stateAt(position + 1);
    const given = this.count(step.given);
    const token = pattern.tokens[position];
    const expected = pattern.codes[position] ?? 0;
    const loose = { given, isLoose: true, isExactlyAnother: false };
    if (given > ACCOUNT_DIGITS || token === undefined) return;
    if (token === Token.Char) {
      if (this.fitsCharacter(expected))
        queue.push({ state: onward, given, isLoose: step.isLoose, isExactlyAnother: false });
    } else if (token === Token.Any || token === Token.AnyInPart) queue.push({ ...loose, state: onward });
    else if (token === Token.Star || token === Token.StarInPart) {
      queue.push({ ...loose, state: step.state, given: -1 });
      queue.push({ ...step, state: onward });
    } else if (token === Token.Symbol) this.meet(step, expected, queue, reached);
  }

  private count(given: number): number {
    if (given < 0) return given;
    return this.kind === "account-id" ? given + 1 : 1;
  }

  private fitsCharacter(expected: number): boolean {
    const char = String.fromCharCode(expected);
    return fits(this.kind, expected) || (this.pattern.ignoresCase && fits(this.kind, char.toUpperCase().charCodeAt(0)));
  }

  /** The symbol meets a symbol of the pattern: its own self, or one that may overlap with it. */
  private meet(step: Step, other: number, queue: Step[], reached: Set<State>): void {
    const position = positionOf(step.state);
    const onward = stateAt(position + 1);
    const isFresh = stepOf(step.state) === 0;
    if (other === this.code) {
      this.meetItself(step, queue, reached);
      return;
    }
    if (this.lore.isDistinct(other) && this.isDistinct) return;
    const kind = this.lore.kindOf(other);
    if (kind !== "any" && this.kind !== "any" && !canOverlap(kind, this.kind)) return;
    const isUnique = kind === this.kind && kind !== "bucket-name-part" && isUniqueKind(kind);
    const loose = { given: -1, isLoose: true };
    if (isUnique && isFresh && step.given === 0) {
      reached.add(stateAt(position, EXACTLY_ANOTHER));
      queue.push({ ...loose, state: onward, isExactlyAnother: true });
      return;
    }
    if (kind === "account-id" && this.kind === kind && step.given >= 0) {
      this.meetAccount(step, queue, reached);
      return;
    }
    const subs = kind === "account-id" ? Array.from({ length: ACCOUNT_DIGITS }, (_, i) => i) : [0, 1];
    for (const sub of subs) reached.add(stateAt(position, sub));
    queue.push({ ...loose, state: onward, isExactlyAnother: false });
  }

  /**
   * The symbol meets its own self: in step, or overlapping with it, as `abab` does with `ab` before or behind. Both are
   * of one length, so the one that begins later ends later.
   */
  private meetItself(step: Step, queue: Step[], reached: Set<State>): void {
    const { state, given } = step;
    const onward = stateAt(positionOf(state) + 1);
    const isFresh = stepOf(state) === 0;
    const isAccount = this.kind === "account-id";
    if (isFresh && given === 0) reached.add(onward);
    else if (isAccount && given >= 0) this.meetAccount(step, queue, reached);
    else if (isFresh) for (let taken = 1; taken < (isAccount ? ACCOUNT_DIGITS : 2); taken++) reached.add(state + taken);
    else queue.push({ state: onward, given: -1, isLoose: true, isExactlyAnother: true });
  }

  /** Two accounts: the one with fewer digits left ends inside the other, or both end. */
  private meetAccount({ state, given }: Step, queue: Step[], reached: Set<State>): void {
    const missing = ACCOUNT_DIGITS - digitsOf(state);
    const left = ACCOUNT_DIGITS - given;
    if (left < missing) reached.add(state + left);
    else
      queue.push({
        state: stateAt(positionOf(state) + 1),
        given: given + missing,
        isLoose: true,
        isExactlyAnother: false,
      });
  }
}

/** Whether texts of two kinds can have a character in common. */
function canOverlap(a: Exclude<LetterKind, "any">, b: Exclude<LetterKind, "any">): boolean {
  for (let code = 32; code < 127; code++) if (fits(a, code) && fits(b, code)) return true;
  return false;
}

/** Whether a pattern matches a written text. */
export function matches(pattern: Pattern, written: string, way: Approximation, lore: SymbolLore): boolean {
  if (isNone(pattern, way, lore)) return false;
  if (lore.isEmpty) {
    if (pattern.isLiteral && !pattern.ignoresCase) return pattern.text === written;
    if (pattern.isPlain) return matchesPlain(pattern, written);
  } else if (!pattern.ignoresCase && pattern.text === written && isVerbatim(pattern, lore)) return true;
  let states = startOf(pattern, way, lore);
  for (let i = 0; i < written.length && states.length > 0; i++)
    states = advance(pattern, states, written.charCodeAt(i), way, lore);
  return isAccepting(pattern, states);
}

const isVerbatim = (pattern: Pattern, lore: SymbolLore): boolean =>
  pattern.isLiteral ||
  (pattern.hasSymbol &&
    pattern.tokens.every(
      (token, i) => token === Token.Char || (token === Token.Symbol && !lore.mayHoldVariables(pattern.codes[i] ?? 0)),
    ));

/** Wildcard matching that goes back to the last star only, which suffices. */
function matchesPlain(pattern: Pattern, written: string): boolean {
  const { tokens, codes, ignoresCase } = pattern;
  let at = 0;
  let position = 0;
  let star = -1;
  let resume = 0;
  while (at < written.length) {
    const token = tokens[position];
    const code = written.charCodeAt(at);
    if (token === Token.Star) {
      star = position++;
      resume = at;
    } else if (
      token === Token.Any ||
      (token === Token.Char && codes[position] === (ignoresCase ? lowerCode(code) : code))
    ) {
      position++;
      at++;
    } else if (star >= 0) {
      position = star + 1;
      at = ++resume;
    } else return false;
  }
  while (tokens[position] === Token.Star) position++;
  return position === tokens.length;
}
