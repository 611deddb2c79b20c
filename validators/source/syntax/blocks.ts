/** Turns the text of a native Terraform file into its attributes and blocks; expressions stay text with their line. */
import { endOfHeredoc, endOfQuoted, isNotATemplate } from "./template";

/** One attribute: the text of its expression, and the line on which its name stands. */
export interface RawAttribute {
  readonly text: string;
  readonly line: number;
}

/** One block with its labels. */
export interface RawBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly line: number;
  readonly body: RawBody;
}

/** What stands between a block's braces, or in a file: arguments by name, and blocks in their order. */
export interface RawBody {
  readonly attributes: ReadonlyMap<string, RawAttribute>;
  readonly blocks: readonly RawBlock[];
}

/** Thrown for text that is no Terraform configuration. */
export class SyntaxFault {
  constructor(
    readonly line: number,
    readonly message: string,
  ) {}
}

const deepest = 60;

/** The attributes and blocks of a file. Throws {@link SyntaxFault}. */
export const readBlocks = (text: string): RawBody => new Reader(text.replace(/^\ufeff/, "")).readFile();

class Reader {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #counted = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readFile(): RawBody {
    const body = this.#readBody(0);
    if (this.#at < this.#text.length) throw this.#fault("an attribute or a block");
    return body;
  }

  /** Attributes and blocks up to a closing brace or the end. */
  #readBody(depth: number): RawBody {
    if (depth > deepest) throw this.#fault("fewer nested blocks");
    const attributes = new Map<string, RawAttribute>();
    const blocks: RawBlock[] = [];
    for (;;) {
      this.#skip(true);
      if (this.#at >= this.#text.length || this.#text[this.#at] === "}") return { attributes, blocks };
      const line = this.#currentLine();
      const name = this.#readIdentifier();
      if (name === undefined) throw this.#fault("an attribute or a block");
      this.#skip(false);
      if (this.#text[this.#at] === "=" && this.#text[this.#at + 1] !== "=") {
        this.#at++;
        attributes.set(name, { text: this.#readExpression(), line });
      } else blocks.push(this.#readBlock(name, line, depth));
    }
  }

  #readBlock(type: string, line: number, depth: number): RawBlock {
    const labels: string[] = [];
    for (;;) {
      this.#skip(false);
      const character = this.#text[this.#at];
      if (character === "{") break;
      const label = character === '"' ? this.#readQuotedLabel() : this.#readIdentifier();
      if (label === undefined) throw this.#fault("`=` or `{`");
      labels.push(label);
    }
    this.#at++;
    const body = this.#readBody(depth + 1);
    if (this.#text[this.#at] !== "}") throw this.#fault("`}`");
    this.#at++;
    return { type, labels, line, body };
  }

  #readIdentifier(): string | undefined {
    // here and not above: whoever needs no parser would make it at every start
    const identifier = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
    identifier.lastIndex = this.#at;
    const found = identifier.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #readQuotedLabel(): string {
    const end = this.#endOf(() => endOfQuoted(this.#text, this.#at + 1, 0));
    const label = this.#text.slice(this.#at + 1, end - 1);
    this.#at = end;
    return label.replace(/\\(["\\])/g, "$1");
  }

  /** The text up to the line end (or closing brace) that ends an expression: brackets, strings and heredocs hold line ends. */
  #readExpression(): string {
    const start = this.#at;
    let open = 0;
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at];
      if (open === 0 && (character === "\n" || character === "}" || this.#startsComment())) break;
      if (character === '"') this.#at = this.#endOf(() => endOfQuoted(this.#text, this.#at + 1, 0));
      else if (this.#startsComment()) this.#skipComment();
      else if (character === "<" && this.#text[this.#at + 1] === "<") this.#skipHeredoc();
      else {
        if (character === "(" || character === "[" || character === "{") open++;
        else if (character === ")" || character === "]" || character === "}") open--;
        if (open < 0) throw this.#fault("an expression");
        this.#at++;
      }
    }
    const text = this.#text.slice(start, this.#at).trim();
    if (text === "" || open > 0) throw this.#fault("an expression");
    return text;
  }

  #skipHeredoc(): void {
    const heredoc = this.#endOf(() => endOfHeredoc(this.#text, this.#at, 0));
    this.#at = heredoc?.end ?? this.#at + 2;
  }

  #endOf<T>(scan: () => T): T {
    try {
      return scan();
    } catch (error) {
      throw isNotATemplate(error) ? this.#fault("a closed string") : error;
    }
  }

  #startsComment(): boolean {
    const character = this.#text[this.#at];
    const next = this.#text[this.#at + 1];
    return character === "#" || (character === "/" && (next === "/" || next === "*"));
  }

  #skipComment(): void {
    const isBlock = this.#text.startsWith("/*", this.#at);
    const end = this.#text.indexOf(isBlock ? "*/" : "\n", this.#at + (isBlock ? 2 : 0));
    if (end < 0) this.#at = this.#text.length;
    else this.#at = isBlock ? end + 2 : end;
  }

  /** Skips white space and comments; line ends only where `acrossLines`. */
  #skip(acrossLines: boolean): void {
    for (;;) {
      const character = this.#text[this.#at];
      if (character === " " || character === "\t" || character === "\r" || (acrossLines && character === "\n"))
        this.#at++;
      else if (this.#at < this.#text.length && this.#startsComment()) this.#skipComment();
      else return;
    }
  }

  #currentLine(): number {
    for (; this.#counted < this.#at; this.#counted++) if (this.#text[this.#counted] === "\n") this.#line++;
    return this.#line;
  }

  #fault(expected: string): SyntaxFault {
    const line = this.#currentLine();
    const found = /^[^\n]{0,40}/.exec(this.#text.slice(this.#at, this.#at + 40))?.[0].trim() ?? "";
    return new SyntaxFault(
      line,
      `expected ${expected}, found ${found === "" ? "the end of the line" : `\`${found}\``}`,
    );
  }
}
