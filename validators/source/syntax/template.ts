/** Turns template text into pieces: literal text, interpolations and directives, exactly as HCL's scanner cuts them. */
import { broken, type Syntax, type TemplatePart } from "./tree";

/** Parses one expression; given by the parser, so that this file needs to know no grammar. */
export type ParseExpression = (text: string) => Syntax;

/** The kinds of template: inside quotes (with backslash escapes), a heredoc, or bare text (Terraform's JSON syntax). */
export type TemplateKind = "quoted" | "heredoc" | "flush-heredoc" | "bare";

/** Text that is no template: brackets that don't close, directives that don't match. */
class NotATemplate {}

type Token =
  | { readonly kind: "literal"; text: string }
  | { readonly kind: "interpolation"; readonly code: string }
  | { readonly kind: "directive"; readonly code: string };

const deepest = 100;

/** Whether text is nothing but literal text, which needs no parsing at all. */
export const isLiteral = (text: string): boolean => !text.includes("${") && !text.includes("%{");

/** A template as a syntax tree. A template that is one interpolation and nothing else is that expression itself. */
export function parseTemplate(text: string, kind: TemplateKind, parse: ParseExpression): Syntax {
  try {
    const tokens = scan(text, kind);
    if (kind === "flush-heredoc") flush(tokens);
    const [only] = tokens;
    if (tokens.length === 1 && only?.kind === "interpolation") return parse(only.code);
    const reader = new DirectiveReader(tokens, parse);
    const parts = reader.readUntilEnd();
    const [first] = parts;
    if (parts.length === 0) return { kind: "literal", value: "", text };
    if (parts.length === 1 && typeof first === "string") return { kind: "literal", value: first, text };
    return { kind: "template", parts, text };
  } catch (error) {
    if (error instanceof NotATemplate) return broken(text);
    throw error;
  }
}

/** Cuts a template into tokens and applies the strip markers `~`. */
function scan(text: string, kind: TemplateKind): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let stripsNext = false;
  while (at < text.length) {
    const opener = text.slice(at, at + 2);
    if (opener === "${" || opener === "%{") {
      const strips = text[at + 2] === "~";
      const start = at + (strips ? 3 : 2);
      const end = endOfCode(text, start, 0);
      const stripsAfter = text[end - 1] === "~" && end - 1 >= start;
      const last = tokens.at(-1);
      if (strips && last?.kind === "literal") last.text = trimEnd(last.text);
      tokens.push({
        kind: opener === "${" ? "interpolation" : "directive",
        code: text.slice(start, stripsAfter ? end - 1 : end),
      });
      stripsNext = stripsAfter;
      at = end + 1;
      continue;
    }
    const end = endOfLiteral(text, at, kind);
    const literal = unescaped(text.slice(at, end), kind);
    tokens.push({ kind: "literal", text: stripsNext ? trimStart(literal) : literal });
    stripsNext = false;
    at = end;
  }
  return tokens;
}

/** Where the literal token that starts at `at` ends: strip markers and flushing see one token of HCL's scanner at a time. */
function endOfLiteral(text: string, at: number, kind: TemplateKind): number {
  const first = text[at];
  let end = at;
  if (first === "$" || first === "%") {
    end = text.startsWith(`${first}{`, at + 1) ? at + 3 : at + 1;
    if (end === at + 3 && text[end] === "~") end++;
    if (kind === "quoted") return end;
  } else if (kind === "quoted") {
    while (end < text.length && text[end] !== "$" && text[end] !== "%") end += text[end] === "\\" ? 2 : 1;
    return Math.min(end, text.length);
  } else {
    while (end < text.length && text[end] !== "$" && text[end] !== "%" && text[end] !== "\n") end++;
  }
  return text[end] === "\n" ? end + 1 : end;
}

const escapes = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S])|$)/g;

/** The text that a literal token stands for. */
function unescaped(token: string, kind: TemplateKind): string {
  if ((token.startsWith("$${") || token.startsWith("%%{")) && token.length >= 3) return token.slice(1);
  if (kind !== "quoted" || !token.includes("\\")) return token;
  return token.replace(escapes, (_all, short?: string, long?: string, single?: string) => {
    const code = short ?? long;
    if (code !== undefined) {
      const point = Number.parseInt(code, 16);
      if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) throw new NotATemplate();
      return String.fromCodePoint(point);
    }
    if (single === "n") return "\n";
    if (single === "r") return "\r";
    if (single === "t") return "\t";
    if (single === '"' || single === "\\") return single;
    throw new NotATemplate();
  });
}

/** The index of the `}` that closes code which starts at `at`. Strings, comments and heredocs in it may hold braces. */
function endOfCode(text: string, at: number, depth: number): number {
  if (depth > deepest) throw new NotATemplate();
  let braces = 0;
  let i = at;
  while (i < text.length) {
    const character = text[i];
    if (character === '"') i = endOfQuoted(text, i + 1, depth + 1);
    else if (character === "#" || text.startsWith("//", i)) i = indexOrEnd(text, "\n", i);
    else if (text.startsWith("/*", i)) i = indexOrEnd(text, "*/", i + 2) + 2;
    else if (text.startsWith("<<", i)) i = endOfHeredoc(text, i, depth + 1)?.end ?? i + 2;
    else if (character === "{") {
      braces++;
      i++;
    } else if (character === "}") {
      if (braces === 0) return i;
      braces--;
      i++;
    } else i++;
  }
  throw new NotATemplate();
}

const indexOrEnd = (text: string, what: string, from: number): number => {
  const found = text.indexOf(what, from);
  return found < 0 ? text.length : found;
};

/** The index after the quote that closes a quoted template whose inside starts at `at`. */
export function endOfQuoted(text: string, at: number, depth: number): number {
  let i = at;
  while (i < text.length) {
    const character = text[i];
    if (character === '"') return i + 1;
    if (character === "\\") i += 2;
    else i = afterTemplateCharacter(text, i, depth);
  }
  throw new NotATemplate();
}

/** The index after one character of a template, or after a whole interpolation that starts there. */
function afterTemplateCharacter(text: string, i: number, depth: number): number {
  const character = text[i];
  if (character !== "$" && character !== "%") return i + 1;
  if (text[i + 1] === "{") return endOfCode(text, i + 2, depth + 1) + 1;
  return text.startsWith(`${character}{`, i + 1) ? i + 3 : i + 1;
}

/** A heredoc: the range of its lines, and where its closing marker ends. */
export interface Heredoc {
  readonly bodyStart: number;
  readonly bodyEnd: number;
  readonly end: number;
  readonly flush: boolean;
}

/** The heredoc that starts at `at`, or `undefined` if none does. */
export function endOfHeredoc(text: string, at: number, depth: number): Heredoc | undefined {
  const start = /<<(-?)([\p{ID_Start}_][\p{ID_Continue}-]*)\r?\n/uy;
  start.lastIndex = at;
  const match = start.exec(text);
  if (match === null) return undefined;
  const [all, dash, marker] = match;
  const bodyStart = at + all.length;
  let lineStart = bodyStart;
  let i = bodyStart;
  let whole = true;
  while (i <= text.length) {
    const lineEnd = indexOrEnd(text, "\n", i);
    if (whole && text.slice(lineStart, lineEnd).trim() === marker) {
      const end = lineStart + text.slice(lineStart, lineEnd).trimEnd().length;
      return { bodyStart, bodyEnd: lineStart, end, flush: dash === "-" };
    }
    whole = true;
    while (i < lineEnd) {
      const next = afterTemplateCharacter(text, i, depth);
      // an interpolation may run over line ends: what is left of its last line can't be the marker
      if (next > lineEnd) whole = false;
      i = next;
      if (!whole) break;
    }
    if (!whole) continue;
    lineStart = lineEnd + 1;
    i = lineStart;
  }
  throw new NotATemplate();
}

/** HCL's `<<-`: the smallest indentation of all lines is cut from each; blank lines and the closing marker don't count. */
function flush(tokens: readonly Token[]): void {
  let least = Number.POSITIVE_INFINITY;
  let atLineStart = true;
  const adjusted: Extract<Token, { kind: "literal" }>[] = [];
  for (const token of tokens) {
    if (atLineStart) {
      let indentation = 0;
      if (token.kind === "literal") {
        const rest = trimStart(token.text);
        if (rest === "" && token.text.endsWith("\n")) indentation = Number.POSITIVE_INFINITY;
        else {
          indentation = token.text.length - rest.length;
          adjusted.push(token);
        }
      }
      least = Math.min(least, indentation);
    }
    atLineStart = token.kind === "literal" && token.text.endsWith("\n");
  }
  for (const token of adjusted) token.text = token.text.slice(least);
}

function trimStart(text: string): string {
  return text.replace(/^\p{White_Space}+/u, "");
}

function trimEnd(text: string): string {
  const space = /\p{White_Space}/u;
  let i = text.length;
  while (i > 0 && space.test(text.charAt(i - 1))) i--;
  return text.slice(0, i);
}

const keyword = /^\s*([a-z]+)/;

/** Reads tokens into parts, matching `if`/`else`/`endif` and `for`/`endfor`. */
class DirectiveReader {
  readonly #tokens: readonly Token[];
  readonly #parse: ParseExpression;
  #at = 0;

  constructor(tokens: readonly Token[], parse: ParseExpression) {
    this.#tokens = tokens;
    this.#parse = parse;
  }

  /** All parts; a stray `else` or `end…` is no template. */
  readUntilEnd(): TemplatePart[] {
    const { parts, closer } = this.#read(0);
    if (closer !== undefined) throw new NotATemplate();
    return parts;
  }

  #read(depth: number): { parts: TemplatePart[]; closer: string | undefined } {
    if (depth > deepest) throw new NotATemplate();
    const parts: TemplatePart[] = [];
    for (let token = this.#tokens[this.#at++]; token !== undefined; token = this.#tokens[this.#at++]) {
      if (token.kind === "literal") {
        const last = parts.length - 1;
        const before = parts[last];
        if (token.text === "") continue;
        if (typeof before === "string") parts[last] = before + token.text;
        else parts.push(token.text);
      } else if (token.kind === "interpolation") {
        parts.push({ kind: "interpolation", value: this.#parse(token.code) });
      } else {
        const word = keyword.exec(token.code)?.[1];
        if (word === "if") parts.push(this.#readIf(token.code, depth));
        else if (word === "for") parts.push(this.#readFor(token.code, depth));
        else if (word === "else" || word === "endif" || word === "endfor") {
          if (token.code.trim() !== word) throw new NotATemplate();
          return { parts, closer: word };
        } else throw new NotATemplate();
      }
    }
    return { parts, closer: undefined };
  }

  #readIf(code: string, depth: number): TemplatePart {
    const condition = this.#parse(code.replace(/^\s*if/, ""));
    const yes = this.#read(depth + 1);
    const no = yes.closer === "else" ? this.#read(depth + 1) : { parts: [], closer: yes.closer };
    if (no.closer !== "endif") throw new NotATemplate();
    return { kind: "if", condition, yes: yes.parts, no: no.parts };
  }

  #readFor(code: string, depth: number): TemplatePart {
    const head =
      /^\s*for\s+([\p{ID_Start}_][\p{ID_Continue}-]*)\s*(?:,\s*([\p{ID_Start}_][\p{ID_Continue}-]*)\s*)?\sin\b/u.exec(
        code,
      );
    const [all, first, second] = head ?? [];
    if (all === undefined || first === undefined) throw new NotATemplate();
    const over = this.#parse(code.slice(all.length));
    const body = this.#read(depth + 1);
    if (body.closer !== "endfor") throw new NotATemplate();
    const names = second === undefined ? { valueName: first } : { keyName: first, valueName: second };
    return { kind: "for", ...names, over, body: body.parts };
  }
}

/** Whether an error of the functions above says that text is no template. */
export const isNotATemplate = (error: unknown): boolean => error instanceof NotATemplate;
