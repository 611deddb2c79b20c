/** Says of two patterns whether one takes all that the other takes, whatever their symbols stand for. */
import { type Budget, findText } from "./language";
import { asDomain, type Pattern, type Style, type SymbolLore, Token } from "./pattern";

/** The ways to read a text that take all that another way takes. */
const WIDER: Readonly<Record<Style, readonly Pattern["style"][]>> = {
  literal: ["literal", "literal-ignore-case", "glob", "glob-ignore-case"],
  "literal-ignore-case": ["literal-ignore-case", "glob-ignore-case"],
  glob: ["glob", "glob-ignore-case"],
  "glob-ignore-case": ["glob-ignore-case"],
  arn: ["arn", "glob", "glob-ignore-case"],
};

/** Whether whatever `narrow` takes is taken by `wide` as well; `false` where that can't be told. */
export function implies(narrow: Pattern, wide: Pattern, lore: SymbolLore, budget: Budget): boolean {
  if (narrow.isNever) return true;
  if (wide.isNever || narrow.style === "domain") return false;
  if (WIDER[narrow.style].includes(wide.style) && isSameText(narrow, wide)) return true;
  if (narrow.ignoresCase || !isSettled(narrow, lore)) return false;
  return findText(asDomain(narrow), [], [{ patterns: [wide], way: "under" }], lore, budget) === undefined;
}

/** Whether two patterns are one text, of which the wide one reads wildcards that the narrow one takes for characters. */
function isSameText(narrow: Pattern, wide: Pattern): boolean {
  return (
    narrow.text === wide.text &&
    narrow.tokens.length === wide.tokens.length &&
    narrow.tokens.every((token, i) => isKept(token, wide.tokens[i]))
  );
}

function isKept(narrow: number, wide: number | undefined): boolean {
  switch (narrow) {
    case Token.Char:
      return wide === Token.Char || wide === Token.Any || wide === Token.Star;
    case Token.AnyInPart:
      return wide === Token.AnyInPart || wide === Token.Any;
    case Token.StarInPart:
      return wide === Token.StarInPart || wide === Token.Star;
    default:
      return narrow === wide;
  }
}

/** Whether no symbol of a pattern can hold a wildcard or a variable, so that it takes each symbol's own text only. */
const isSettled = ({ tokens, codes }: Pattern, lore: SymbolLore): boolean =>
  codes.every((code, i) => tokens[i] !== Token.Symbol || lore.kindOf(code) !== "any");
