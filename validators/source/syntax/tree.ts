/** Turns the grammar of HCL expressions into types: the small syntax tree that everything here evaluates. */

/** What `.name`, `[key]` and `[*]` hang on. Every node carries its source text, for reasons and reports. */
export type Syntax = { readonly text: string } & (
  | { readonly kind: "literal"; readonly value: null | boolean | number | string }
  | { readonly kind: "template"; readonly parts: readonly TemplatePart[] }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "attribute"; readonly of: Syntax; readonly name: string }
  | { readonly kind: "index"; readonly of: Syntax; readonly key: Syntax }
  /** `each` is applied to every element, which it sees as {@link splatElement}. */
  | { readonly kind: "splat"; readonly of: Syntax; readonly each: Syntax }
  | { readonly kind: "call"; readonly name: string; readonly arguments: readonly Syntax[]; readonly expands: boolean }
  | { readonly kind: "conditional"; readonly condition: Syntax; readonly yes: Syntax; readonly no: Syntax }
  | { readonly kind: "unary"; readonly operator: "-" | "!"; readonly of: Syntax }
  | { readonly kind: "binary"; readonly operator: BinaryOperator; readonly left: Syntax; readonly right: Syntax }
  | { readonly kind: "list"; readonly items: readonly Syntax[] }
  | { readonly kind: "object"; readonly entries: readonly { readonly key: Syntax; readonly value: Syntax }[] }
  | ({ readonly kind: "for-list"; readonly result: Syntax } & Loop)
  | ({
      readonly kind: "for-object";
      readonly key: Syntax;
      readonly result: Syntax;
      readonly groups: boolean;
    } & Loop)
  /** Text that isn't HCL, or is HCL of a kind that can't be evaluated. */
  | { readonly kind: "broken"; readonly because: "unresolved-expression" | "too-complex" }
);

/** The head of a `for`. */
export interface Loop {
  readonly keyName?: string;
  readonly valueName: string;
  readonly over: Syntax;
  readonly condition?: Syntax;
}

/** An operator as it is written: https://developer.hashicorp.com/terraform/language/expressions/operators. */
export type BinaryOperator = "*" | "/" | "%" | "+" | "-" | ">" | ">=" | "<" | "<=" | "==" | "!=" | "&&" | "||";

/** A piece of a template: literal text, an interpolation, or a directive. */
export type TemplatePart =
  | string
  | { readonly kind: "interpolation"; readonly value: Syntax }
  | {
      readonly kind: "if";
      readonly condition: Syntax;
      readonly yes: readonly TemplatePart[];
      readonly no: readonly TemplatePart[];
    }
  | {
      readonly kind: "for";
      readonly keyName?: string;
      readonly valueName: string;
      readonly over: Syntax;
      readonly body: readonly TemplatePart[];
    };

/** The name that a splat's element has inside `each`; no identifier can spell it. */
export const splatElement = "*";

/** A node for text that doesn't parse. */
export const broken = (
  text: string,
  because: "unresolved-expression" | "too-complex" = "unresolved-expression",
): Syntax => ({ kind: "broken", text, because });
