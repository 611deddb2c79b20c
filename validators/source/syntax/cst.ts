/** Turns tree-sitter's concrete syntax of an expression into the small tree of `tree.ts`, mending where the grammar is loose. */
import type { Node } from "web-tree-sitter";
import { endOfHeredoc, endOfQuoted, isNotATemplate, type ParseExpression, parseTemplate } from "./template";
import { type BinaryOperator, broken, type Loop, type Syntax, splatElement } from "./tree";

/** Syntax that the grammar lets through but HCL doesn't, or that is nested beyond reason. */
export class NotHcl {
  constructor(readonly because: "unresolved-expression" | "too-complex" = "unresolved-expression") {}
}

const deepest = 200;
const binaryOperators: ReadonlySet<string> = new Set<BinaryOperator>([
  ...(["*", "/", "%", "+", "-", ">", ">=", "<", "<=", "==", "!=", "&&", "||"] as const),
]);
const isBinaryOperator = (text: string): text is BinaryOperator => binaryOperators.has(text);

/** Converts nodes of one source text. `parse` is used for what stands inside templates. */
export class Converter {
  readonly #source: string;
  readonly #parse: ParseExpression;
  #depth = 0;

  constructor(source: string, parse: ParseExpression) {
    this.#source = source;
    this.#parse = parse;
  }

  /** An `expression` node. Throws {@link NotHcl}. */
  expression(node: Node): Syntax {
    if (++this.#depth > deepest) throw new NotHcl("too-complex");
    try {
      const children = significant(node);
      const [only] = children;
      if (children.length === 1 && only?.type === "conditional") return this.#conditional(only);
      return this.#wholeTerm(children);
    } finally {
      this.#depth--;
    }
  }

  /** The grammar reads `a ? b : c ? d : e` from the left; HCL reads it from the right. */
  #conditional(node: Node): Syntax {
    const [condition, question, yes, colon, no] = significant(node);
    if (!condition || question?.type !== "?" || !yes || colon?.type !== ":" || !no) throw new NotHcl();
    return this.#choose(condition, this.expression(yes), this.expression(no), node.endIndex);
  }

  #choose(conditionNode: Node, yes: Syntax, no: Syntax, end: number): Syntax {
    if (++this.#depth > deepest) throw new NotHcl("too-complex");
    try {
      const text = this.#source.slice(conditionNode.startIndex, end);
      const [only, ...rest] = significant(conditionNode);
      if (only?.type !== "conditional" || rest.length > 0) {
        return { kind: "conditional", condition: this.expression(conditionNode), yes, no, text };
      }
      const [condition, , innerYes, , innerNo] = significant(only);
      if (!condition || !innerYes || !innerNo) throw new NotHcl();
      return this.#choose(condition, this.expression(innerYes), this.#choose(innerNo, yes, no, end), end);
    } finally {
      this.#depth--;
    }
  }

  #wholeTerm(children: readonly Node[]): Syntax {
    const { tree, next } = this.#term(children, 0);
    if (next !== children.length) throw new NotHcl();
    return tree;
  }

  /** A primary with its `.name`, `[key]` and splats, from `children[at]` on. */
  #term(children: readonly Node[], at: number): { tree: Syntax; next: number } {
    const first = children[at];
    if (first === undefined) throw new NotHcl();
    let next = at + 1;
    let tree: Syntax;
    if (first.type === "(") {
      const inner = children[at + 1];
      if (inner?.type !== "expression" || children[at + 2]?.type !== ")") throw new NotHcl();
      tree = this.expression(inner);
      next = at + 3;
    } else tree = this.#primary(first);
    for (let node = children[next]; node !== undefined && isPostfix(node); node = children[++next]) {
      tree = this.#postfix(tree, node, first.startIndex);
    }
    return { tree, next };
  }

  #postfix(of: Syntax, node: Node, start: number): Syntax {
    const text = this.#source.slice(start, node.endIndex);
    if (node.type === "get_attr") return { kind: "attribute", of, name: this.#nameIn(node), text };
    const inner = node.firstNamedChild;
    if (inner === null) throw new NotHcl();
    switch (inner.type) {
      case "new_index":
        return { kind: "index", of, key: this.#expressionIn(inner), text };
      case "legacy_index":
        return { kind: "index", of, key: this.#legacyKey(inner), text };
      case "full_splat":
        return { kind: "splat", of, each: this.#steps(significant(inner).slice(1), this.#element(inner)), text };
      case "attr_splat":
        return this.#attributeSplat(of, inner, text);
      default:
        throw new NotHcl();
    }
  }

  /** `a.*.b[0]`: only attributes and legacy indices belong to each element; what follows belongs to the list. */
  #attributeSplat(of: Syntax, node: Node, text: string): Syntax {
    const steps = significant(node).slice(1);
    const cut = steps.findIndex((step) => step.firstNamedChild?.type === "new_index");
    const own = cut < 0 ? steps : steps.slice(0, cut);
    const splat: Syntax = { kind: "splat", of, each: this.#steps(own, this.#element(node)), text };
    return cut < 0 ? splat : this.#steps(steps.slice(cut), splat);
  }

  #element(node: Node): Syntax {
    return { kind: "name", name: splatElement, text: node.text };
  }

  #steps(nodes: readonly Node[], from: Syntax): Syntax {
    let tree = from;
    for (const node of nodes) {
      if (!isPostfix(node)) throw new NotHcl();
      tree = this.#postfix(tree, node, nodes[0]?.startIndex ?? node.startIndex);
    }
    return tree;
  }

  #legacyKey(node: Node): Syntax {
    const text = node.text.slice(1).trim();
    if (!/^[0-9]{1,15}$/.test(text)) throw new NotHcl();
    return { kind: "literal", value: Number(text), text };
  }

  #primary(node: Node): Syntax {
    switch (node.type) {
      case "literal_value":
        return this.#literal(node);
      case "template_expr": {
        const template = node.firstNamedChild;
        if (template === null) throw new NotHcl();
        return template.type === "heredoc_template" ? this.#heredoc(template) : this.#quoted(template);
      }
      case "collection_value": {
        const collection = node.firstNamedChild;
        if (collection?.type === "tuple") return this.#tuple(collection);
        if (collection?.type === "object") return this.#object(collection);
        throw new NotHcl();
      }
      case "variable_expr": {
        const name = node.text;
        if (name.includes(":")) throw new NotHcl();
        return { kind: "name", name, text: name };
      }
      case "function_call":
        return this.#call(node);
      case "for_expr":
        return this.#for(node);
      case "operation":
        return this.#operation(node);
      default:
        throw new NotHcl();
    }
  }

  #literal(node: Node): Syntax {
    const literal = node.firstNamedChild;
    const text = node.text;
    switch (literal?.type) {
      case "null_lit":
        return { kind: "literal", value: null, text };
      case "bool_lit":
        return { kind: "literal", value: text === "true", text };
      case "string_lit":
        return this.#quoted(literal);
      case "numeric_lit":
        return number(text);
      default:
        throw new NotHcl();
    }
  }

  /** Quoted templates are cut by HCL's own rules; the grammar only says where they are, and must agree on the end. */
  #quoted(node: Node): Syntax {
    const start = node.startIndex;
    const end = this.#checked(() => endOfQuoted(this.#source, start + 1, 0));
    if (end !== node.endIndex) throw new NotHcl();
    return this.#template(this.#source.slice(start + 1, end - 1), "quoted");
  }

  #heredoc(node: Node): Syntax {
    const heredoc = this.#checked(() => endOfHeredoc(this.#source, node.startIndex, 0));
    if (heredoc?.end !== node.endIndex) throw new NotHcl();
    const text = this.#source.slice(heredoc.bodyStart, heredoc.bodyEnd);
    return this.#template(text, heredoc.flush ? "flush-heredoc" : "heredoc");
  }

  #template(text: string, kind: "quoted" | "heredoc" | "flush-heredoc"): Syntax {
    const tree = parseTemplate(text, kind, this.#parse);
    if (tree.kind === "broken") throw new NotHcl(tree.because);
    return tree;
  }

  #checked<T>(scan: () => T): T {
    try {
      return scan();
    } catch (error) {
      throw isNotATemplate(error) ? new NotHcl() : error;
    }
  }

  #tuple(node: Node): Syntax {
    const items = node.namedChildren.filter((child) => child.type === "expression");
    return { kind: "list", items: items.map((item) => this.expression(item)), text: node.text };
  }

  #object(node: Node): Syntax {
    const entries: { key: Syntax; value: Syntax }[] = [];
    for (const element of node.namedChildren) {
      if (element.type !== "object_elem") continue;
      const key = element.childForFieldName("key");
      const value = element.childForFieldName("val");
      if (key === null || value === null) throw new NotHcl();
      entries.push({ key: this.#objectKey(key), value: this.expression(value) });
    }
    return { kind: "object", entries, text: node.text };
  }

  /** A bare word as key is that word; anything else that isn't in parentheses must be a literal or a template. */
  #objectKey(node: Node): Syntax {
    const [first, ...rest] = significant(node);
    if (first?.type === "variable_expr" && rest.length === 0)
      return { kind: "literal", value: first.text, text: first.text };
    if (first?.type === "variable_expr") throw new NotHcl();
    const word = first?.type === "literal_value" && rest.length === 0 ? first.firstNamedChild?.type : undefined;
    if (word === "null_lit" || word === "bool_lit") return { kind: "literal", value: node.text, text: node.text };
    return this.expression(node);
  }

  #call(node: Node): Syntax {
    const [name, ...rest] = significant(node);
    if (name?.type !== "identifier") throw new NotHcl();
    const list = rest.find((child) => child.type === "function_arguments");
    const parts = list === undefined ? [] : significant(list);
    return {
      kind: "call",
      name: name.text,
      arguments: parts.filter((part) => part.type === "expression").map((part) => this.expression(part)),
      expands: parts.some((part) => part.type === "ellipsis"),
      text: node.text,
    };
  }

  #operation(node: Node): Syntax {
    const operation = node.firstNamedChild;
    if (operation === null) throw new NotHcl();
    const text = node.text;
    if (++this.#depth > deepest) throw new NotHcl("too-complex");
    try {
      const children = significant(operation);
      if (operation.type === "unary_operation") {
        const operator = children[0]?.type;
        if (operator !== "-" && operator !== "!") throw new NotHcl();
        return { kind: "unary", operator, of: this.#wholeTerm(children.slice(1)), text };
      }
      const left = this.#term(children, 0);
      const operator = children[left.next]?.type;
      if (operator === undefined || !isBinaryOperator(operator)) throw new NotHcl();
      return { kind: "binary", operator, left: left.tree, right: this.#wholeTerm(children.slice(left.next + 1)), text };
    } finally {
      this.#depth--;
    }
  }

  #for(node: Node): Syntax {
    const loop = node.firstNamedChild;
    const children = loop === null ? [] : significant(loop);
    const intro = children.find((child) => child.type === "for_intro");
    if (loop === null || intro === undefined) throw new NotHcl();
    const condition = children.find((child) => child.type === "for_cond");
    const results = children.filter((child) => child.type === "expression");
    const head: Loop = {
      ...this.#loopHead(intro),
      ...(condition === undefined ? {} : { condition: this.#expressionIn(condition) }),
    };
    const [first, second] = results;
    const text = node.text;
    if (first === undefined) throw new NotHcl();
    if (loop.type === "for_tuple_expr") return { kind: "for-list", ...head, result: this.expression(first), text };
    if (second === undefined) throw new NotHcl();
    const groups = children.some((child) => child.type === "ellipsis");
    return { kind: "for-object", ...head, key: this.expression(first), result: this.expression(second), groups, text };
  }

  #loopHead(intro: Node): Loop {
    const [first, second] = intro.namedChildren
      .filter((child) => child.type === "identifier")
      .map((child) => child.text);
    if (first === undefined) throw new NotHcl();
    const over = this.#expressionIn(intro);
    return second === undefined ? { valueName: first, over } : { keyName: first, valueName: second, over };
  }

  #expressionIn(node: Node): Syntax {
    const found = node.namedChildren.find((child) => child.type === "expression");
    if (found === undefined) throw new NotHcl();
    return this.expression(found);
  }

  #nameIn(node: Node): string {
    const found = node.namedChildren.find((child) => child.type === "identifier");
    if (found === undefined || found.text.includes(":")) throw new NotHcl();
    return found.text;
  }
}

const significant = (node: Node): Node[] => node.children.filter((child) => child.type !== "comment");

const isPostfix = (node: Node): boolean => node.type === "get_attr" || node.type === "index" || node.type === "splat";

/** A number that JavaScript can't hold exactly is not a number here: it would print differently. */
function number(text: string): Syntax {
  const value = Number(text);
  const digits = text
    .replace(/[eE].*$/, "")
    .replace(/\D/g, "")
    .replace(/^0+/, "");
  const isExact = /^[0-9]/.test(text) && !/^0x/i.test(text) && digits.length <= 15 && Math.abs(value) < 2 ** 53;
  return isExact ? { kind: "literal", value, text } : broken(text, "too-complex");
}
