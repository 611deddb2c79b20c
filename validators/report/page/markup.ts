/** Turns text into HTML that can hold no markup of a stranger: what is put into a template is escaped unless made by one. */
import { block } from "../sanitize";

/** HTML that this module made: safe to be put into more of it. */
export class Markup {
  constructor(readonly source: string) {}
}

/** What a template takes: text is escaped, markup is not, lists are joined, nothing is nothing. */
export type Piece = string | number | Markup | readonly Piece[] | undefined;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

/** Text as HTML, in an element or in a quoted attribute. */
const escaped = (text: string): string => block(text).replace(/[&<>"']/g, (character) => ENTITIES.get(character) ?? "");

function sourceOf(piece: Piece): string {
  if (piece === undefined) return "";
  if (piece instanceof Markup) return piece.source;
  if (typeof piece === "string") return escaped(piece);
  return typeof piece === "number" ? String(piece) : piece.map(sourceOf).join("");
}

/** `` markup`<p>${text}</p>` ``: every place for a piece stands in an element or in a double-quoted attribute. */
export function markup(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return new Markup(strings.map((string, index) => string + sourceOf(pieces[index])).join(""));
}

/** A message: what stands in backticks becomes code. */
export const prose = (message: string): Markup =>
  markup`${message.split(/`([^`]+)`/).map((part, index) => (index % 2 === 1 ? markup`<code>${part}</code>` : part))}`;
