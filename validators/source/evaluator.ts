/** Turns one syntax tree into a value, within a scope and within limits. */
import {
  isList,
  isMap,
  isText,
  type Sym,
  Text,
  text,
  Unknown,
  type UnknownReason,
  type Value,
  type ValueMap,
} from "../kernel/index";
import type { Call } from "./functions/index";
import { findFunction } from "./functions/loaded";
import { LazyMap } from "./lazy-map";
import type { Scope } from "./scope";
import { isMarkedPart, markParts, touchAll, touchPart } from "./sensitivity";
import type { BinaryOperator, Loop, Syntax, TemplatePart } from "./syntax/tree";
import { splatElement } from "./syntax/tree";
import { begin, endApart, endWithin, hasTouched, touch } from "./touched";
import { becauseOf, symbolOf, toBoolean, toKnownText, toList, toNumber, toTemplateText } from "./values/convert";
import { compare, isSame } from "./values/equality";
import { asWritten } from "./values/kinds";
import { exact } from "./values/numbers";
import { sortedKeys } from "./values/order";
import { Failed, limits, TooComplex, Undecided } from "./values/outcome";
import { inOrderOf, isDisordered, isLoose, isSet } from "./values/sets";
import { comparisons, lengthOf, sizeOf } from "./values/size";
import { unified } from "./values/unify";

/** Names bound by `for`, splats and template files, innermost first. */
interface Binding {
  readonly name: string;
  readonly value: Value;
  readonly isSensitive: boolean;
  readonly outer: Binding | undefined;
}

/** A name for one turn of a loop: whether its value is a sensitive element. */
type Bound = readonly [name: string, value: Value, isSensitive: boolean];

/** Functions that write text of their own around that of their arguments. */
const WRITES_AROUND: ReadonlySet<string> = new Set(["jsonencode", "templatefile", "templatestring"]);

/** How deep expressions are nested at the moment, through all evaluations that wait for one another. */
let depth = 0;

/** Evaluates the trees of one expression. Its methods throw `Failed` and `TooComplex`; never `Undecided`. */
export class Evaluator implements Call {
  readonly scope: Scope;
  readonly #where: string;
  #work = 0;
  /** How many unknowns this evaluation made that may turn out to be failures: `try` must not trust such a value. */
  #doubts = 0;
  #impure = 0;
  #bindings: Binding | undefined;
  /** Which turn of which loop is evaluated, so that equal expressions in different turns stay different unknowns. */
  #trail = "";

  constructor(scope: Scope, where: string) {
    this.scope = scope;
    this.#where = where;
  }

  /** Counts work. Throws {@link TooComplex} beyond the limit. */
  spend(amount: number): void {
    this.#work += amount;
    if (this.#work > limits.work) throw new TooComplex();
    this.scope.allowance?.charge(amount);
  }

  /** The value of a tree. */
  run(tree: Syntax): Value {
    this.spend(1);
    if (++depth > limits.depth) {
      depth--;
      throw new TooComplex();
    }
    const outer = begin();
    try {
      const value = this.#value(tree);
      this.#measure(value);
      // what a template or JSON has around its parts is no secret: those have been told
      if (hasTouched()) this.scope.secrets?.add(value, tree.kind === "call" && !WRITES_AROUND.has(tree.name));
      return value;
    } catch (error) {
      if (error instanceof Undecided) return this.unknown(tree.text, error.because, error.mayFail);
      throw error;
    } finally {
      depth--;
      endWithin(outer);
    }
  }

  /** Does something of which the value looks at nothing sensitive thereby; `note` is told whether it did. */
  apart<T>(action: () => T, note?: (isSensitive: boolean) => void): T {
    const outer = begin();
    let isSensitive = false;
    try {
      return action();
    } finally {
      isSensitive = endApart(outer);
      note?.(isSensitive);
    }
  }

  /** The value of one element of an object or list: whether it is sensitive says {@link #isElementSensitive}. */
  #element(tree: Syntax): Value {
    const outer = begin();
    try {
      return this.run(tree);
    } finally {
      this.#isElementSensitive = endApart(outer);
    }
  }

  #isElementSensitive = false;

  /** The keys of sensitive elements, with the one that was evaluated last if it is one. */
  #marked<K>(keys: Set<K> | undefined, key: K): Set<K> | undefined {
    return this.#isElementSensitive ? (keys ?? new Set<K>()).add(key) : keys;
  }

  /** An unknown that this expression makes. */
  unknown(expression: string, because: UnknownReason, mayFail = true): Unknown {
    this.scope.guard?.unknown?.();
    if (mayFail) this.#doubts++;
    return new Unknown(`${this.#where}${this.#trail}`, because, expression.trim());
  }

  /** An unknown that differs each time: of `uuid()`, `timestamp()`. */
  impure(expression: string): Unknown {
    this.scope.guard?.unknown?.();
    return new Unknown(`${this.#where}${this.#trail}#${++this.#impure}`, "computed-at-apply", expression.trim());
  }

  /** A value, or the failure that evaluating the tree ends in; `isCertain` unless something in it may still fail. */
  attempt(tree: Syntax): { readonly value: Value | Failed; readonly isCertain: boolean } {
    const before = this.#doubts;
    try {
      const value = this.run(tree);
      return { value, isCertain: this.#doubts === before };
    } catch (error) {
      if (error instanceof Failed) return { value: error, isCertain: true };
      throw error;
    }
  }

  /** The value of a tree that sees `names` only: a template file. */
  runWith(tree: Syntax, names: ValueMap): Value {
    const inner = new Evaluator(
      {
        lookup: (name) => {
          touchPart(names, name);
          return names.get(name);
        },
        allowance: this.scope.allowance,
        files: this.scope.files,
        secrets: this.scope.secrets,
        guard: this.scope.guard,
      },
      `${this.#where}${this.#trail}#${++this.#impure}`,
    );
    inner.#work = this.#work;
    try {
      return inner.run(tree);
    } finally {
      this.#work = inner.#work;
      this.#doubts += inner.#doubts;
    }
  }

  /** Refuses values that are larger than any policy. What is lazy is not looked into. */
  #measure(value: Value): void {
    if (typeof value === "string") {
      if (value.length > limits.length) throw new TooComplex();
      this.spend(value.length / 100);
    } else if (value instanceof Text) {
      const size = sizeOf(value);
      if (size > limits.length / 100) throw new TooComplex();
      this.spend(size);
    } else if (typeof value === "object" && value !== null && sizeOf(value) > limits.size) throw new TooComplex();
  }

  #value(tree: Syntax): Value {
    switch (tree.kind) {
      case "literal":
        return tree.value;
      case "name":
        return this.#lookup(tree.name);
      case "template":
        return text(this.#render(tree.parts));
      case "attribute":
        return this.#attribute(this.run(tree.of), tree.name);
      case "index":
        return this.#index(this.run(tree.of), this.run(tree.key));
      case "splat":
        return this.#splat(tree.of, tree.each);
      case "call":
        return this.#call(tree);
      case "conditional":
        return this.#conditional(tree.condition, tree.yes, tree.no);
      case "unary":
        return tree.operator === "!" ? !toBoolean(this.#present(tree.of)) : exact(-toNumber(this.#present(tree.of)));
      case "binary":
        return this.#binary(tree.operator, tree.left, tree.right);
      case "list":
        return this.#list(tree.items);
      case "object":
        return this.#object(tree.entries);
      case "for-list":
        return this.#forList(tree, tree.result);
      case "for-object":
        return this.#forObject(tree, tree.key, tree.result, tree.groups);
      case "broken":
        throw new Undecided(tree.because);
    }
  }

  #lookup(name: string): Value {
    for (let binding = this.#bindings; binding !== undefined; binding = binding.outer) {
      if (binding.name !== name) continue;
      if (binding.isSensitive) touch();
      return binding.value;
    }
    const value = this.scope.lookup(name);
    if (value === undefined) throw new Undecided("unresolved-expression");
    return value;
  }

  #attribute(of: Value, name: string): Value {
    if (of instanceof Unknown) return this.#memberOf(of, `.${name}`);
    if (!isMap(of)) throw new Failed(`no attribute \`${name}\``);
    return this.#member(of, name);
  }

  #member(map: ValueMap, name: string): Value {
    const value = map.get(name);
    touchPart(map, name);
    if (value !== undefined) return value;
    if (map instanceof LazyMap && !map.isExact) throw new Undecided("unresolved-expression");
    throw new Failed(`no attribute \`${name}\``);
  }

  /** The member of something unknown is unknown, and is the same unknown wherever it is asked for. */
  #memberOf(of: Unknown, step: string): Unknown {
    this.#doubts++;
    return new Unknown(`${of.value}${step}`, of.because, of.expression);
  }

  #index(of: Value, key: Value): Value {
    if (key === null) throw new Failed("an index must not be null");
    if (of instanceof Unknown) {
      if (typeof key === "number" || typeof key === "string") return this.#memberOf(of, `[${JSON.stringify(key)}]`);
      throw new Undecided(of.because);
    }
    if (isMap(of)) {
      const same = key instanceof Text && of instanceof LazyMap ? of.at(key) : undefined;
      return same ?? this.#member(of, toKnownText(key));
    }
    if (!isList(of) || isSet(of)) throw new Failed("expected a list or an object");
    const at = toNumber(key);
    if (isDisordered(of)) throw new Undecided("computed-at-apply");
    const item = of[at];
    if (item === undefined) throw new Failed("index out of range");
    touchPart(of, at);
    if (isLoose(of)) this.#doubts++;
    return item;
  }

  #splat(of: Syntax, each: Syntax): Value {
    const source = this.run(of);
    if (source === null) return [];
    if (source instanceof Unknown) throw new Undecided(source.because);
    const items = isList(source) ? source : [source];
    let marked: Set<number> | undefined;
    const found = items.map((item, turn) => {
      const bound: Bound = [splatElement, item, isMarkedPart(source, turn)];
      const value = this.#inTurn(String(turn), [bound], () => this.#element(each));
      marked = this.#marked(marked, turn);
      return value;
    });
    markParts(found, marked);
    return inOrderOf(found, source);
  }

  /** Does something with names bound, as one turn of a loop. */
  #inTurn<T>(turn: string, names: readonly Bound[], action: () => T): T {
    const [bindings, trail] = [this.#bindings, this.#trail];
    for (const [name, value, isSensitive] of names)
      this.#bindings = { name, value, isSensitive, outer: this.#bindings };
    this.#trail = `${trail}[${turn}]`;
    try {
      return action();
    } finally {
      this.#bindings = bindings;
      this.#trail = trail;
    }
  }

  #call(tree: Extract<Syntax, { kind: "call" }>): Value {
    const found = findFunction(tree.name);
    if (found === undefined) throw new Undecided("unresolved-expression");
    if (found.kind === "special") return found.run(this, tree.arguments, tree.text);
    const values = tree.arguments.map((argument) => this.run(argument));
    for (const value of values) touchAll(value);
    const last = values.at(-1);
    const given = tree.expands && last !== undefined ? [...values.slice(0, -1), ...toList(last)] : values;
    this.spend(given.reduce((sum: number, value) => sum + lengthOf(value), 0));
    if (found.comparesAll) this.spend(comparisons(given));
    if (given.length < found.least || given.length > found.most) throw new Failed("wrong number of arguments");
    given.forEach((value, i) => {
      if (value === null && !found.takesNull) throw new Failed(`argument ${i + 1} must not be null`);
      if (value instanceof Unknown && !found.takesUnknown) throw new Undecided(value.because);
    });
    const result = found.run(given, this, tree.text);
    if (isList(result)) this.spend(result.length);
    return result;
  }

  #conditional(condition: Syntax, yes: Syntax, no: Syntax): Value {
    const decision = this.#present(condition);
    if (decision instanceof Unknown || decision instanceof Text) {
      const [left, right] = [this.run(yes), this.run(no)];
      this.spend(sizeOf(left) + sizeOf(right));
      if (isSame(left, right)) return left;
      throw new Undecided(decision instanceof Text ? becauseOf(decision) : decision.because);
    }
    const [chosen, other] = toBoolean(decision) ? [yes, no] : [no, yes];
    const value = this.run(chosen);
    if (value === null || isText(value) || value instanceof Unknown) return value;
    const before = this.#doubts;
    // of the other one only the type counts
    const untaken = this.apart(() => this.attempt(other).value);
    this.#doubts = before;
    this.spend(sizeOf(value));
    if (untaken instanceof Failed || (untaken instanceof Unknown && isTypedAlike(other, value))) return value;
    try {
      const fit = unified([value, untaken])[0] ?? null;
      if (fit !== value) touchAll(value);
      return fit;
    } catch (error) {
      // such a plan was never made: what is wrong is what is known here of the arm that isn't taken
      throw error instanceof Failed ? new Undecided() : error;
    }
  }

  /** A value that operators take: null is none. */
  #present(tree: Syntax): Value {
    const value = this.run(tree);
    if (value === null) throw new Failed("a value must not be null here");
    return value;
  }

  #binary(operator: BinaryOperator, leftTree: Syntax, rightTree: Syntax): Value {
    if (operator === "&&" || operator === "||") return this.#logical(operator, leftTree, rightTree);
    if (operator === "==" || operator === "!=") {
      const [left, right] = [this.run(leftTree), this.run(rightTree)];
      touchAll(left);
      touchAll(right);
      this.spend(sizeOf(left) + sizeOf(right));
      const truth = compare(left, right);
      if (truth === "unknown") throw new Undecided(firstBecause([left, right]), false);
      return (truth === "yes") === (operator === "==");
    }
    const left = this.#present(leftTree);
    const right = this.#present(rightTree);
    return arithmetic(operator, toNumber(left), toNumber(right));
  }

  #logical(operator: "&&" | "||", leftTree: Syntax, rightTree: Syntax): Value {
    const decisive = operator === "||";
    const left = maybeBoolean(this.#present(leftTree));
    const attempt = this.attempt(rightTree);
    if (attempt.value instanceof Failed || attempt.value === null) {
      // newer versions of Terraform don't look at the right side once the left one decides
      if (left === decisive) throw new Undecided("unresolved-expression");
      throw new Failed("a value must not be null here");
    }
    const right = maybeBoolean(attempt.value);
    if (left === decisive || right === decisive) return decisive;
    if (left instanceof Undecided) throw left;
    if (right instanceof Undecided) throw right;
    return !decisive;
  }

  #object(entries: readonly { readonly key: Syntax; readonly value: Syntax }[]): Value {
    const result = new Map<string, Value>();
    let marked: Set<string> | undefined;
    for (const entry of entries) {
      const key = toKnownText(this.#present(entry.key));
      result.set(key, this.#element(entry.value));
      marked = this.#marked(marked, key);
    }
    markParts(result, marked);
    return asWritten(result);
  }

  #list(items: readonly Syntax[]): readonly Value[] {
    let marked: Set<number> | undefined;
    const result = items.map((item, i) => {
      const value = this.#element(item);
      marked = this.#marked(marked, i);
      return value;
    });
    markParts(result, marked);
    return asWritten(result);
  }

  /** The turns of a loop, as key and value. */
  #turns(over: Value): readonly (readonly [key: Value, value: Value, isSensitive: boolean])[] {
    if (isMap(over)) return sortedKeys(over).map((key) => [key, ...this.#valueAlone(over, key)]);
    const list = toList(over);
    if (list !== over || isSet(list)) touchAll(over);
    return isSet(list)
      ? list.map((item) => [item, item, false])
      : list.map((item, i) => [i, item, isMarkedPart(over, i)]);
  }

  /** A member of an object, and whether it is sensitive: what a loop makes of the others, isn't for that. */
  #valueAlone(over: ValueMap, key: string): [value: Value, isSensitive: boolean] {
    let isSensitive = isMarkedPart(over, key);
    const value = this.apart(
      () => over.get(key) ?? null,
      (looked) => {
        isSensitive ||= looked;
      },
    );
    return [value, isSensitive];
  }

  #eachTurn(loop: Loop, over: Value, action: () => void): void {
    if (loop.keyName !== undefined && isLoose(over)) throw new Undecided();
    this.#turns(over).forEach(([key, value, isSensitive], turn) => {
      const names: Bound[] = [[loop.valueName, value, isSensitive]];
      if (loop.keyName !== undefined) names.push([loop.keyName, key, false]);
      this.#inTurn(String(turn), names, () => {
        if (loop.condition === undefined || toBoolean(this.#present(loop.condition))) action();
      });
    });
  }

  #forList(loop: Loop, result: Syntax): Value {
    const over = this.run(loop.over);
    const items: Value[] = [];
    let marked: Set<number> | undefined;
    this.#eachTurn(loop, over, () => {
      items.push(this.#element(result));
      marked = this.#marked(marked, items.length - 1);
    });
    markParts(items, marked);
    return asWritten(inOrderOf(items, over));
  }

  #forObject(loop: Loop, key: Syntax, result: Syntax, groups: boolean): Value {
    const found = new Map<string, Value>();
    const grouped = new Map<string, Value[]>();
    let marked: Set<string> | undefined;
    const over = this.run(loop.over);
    this.#eachTurn(loop, over, () => {
      const name = toKnownText(this.#present(key));
      const value = groups ? this.run(result) : this.#element(result);
      if (!groups) marked = this.#marked(marked, name);
      if (groups) {
        const group = grouped.get(name);
        if (group === undefined) grouped.set(name, [value]);
        else group.push(value);
      } else {
        if (found.has(name)) throw new Failed(`two values for the key \`${name}\``);
        found.set(name, value);
      }
    });
    for (const group of grouped.values()) inOrderOf(group, over);
    markParts(found, marked);
    return asWritten(groups ? grouped : found);
  }

  #render(parts: readonly TemplatePart[]): (string | Sym | Text)[] {
    return parts.flatMap((part) => this.#renderPart(part));
  }

  #renderPart(part: TemplatePart): (string | Sym | Text)[] {
    this.spend(1);
    if (typeof part === "string") return [part];
    switch (part.kind) {
      case "interpolation": {
        const value = this.run(part.value);
        if (value instanceof Unknown) this.#doubts++;
        return [toTemplateText(value)];
      }
      case "if":
        return this.#renderIf(part);
      case "for":
        return this.#renderFor(part);
    }
  }

  #renderIf(part: Extract<TemplatePart, { kind: "if" }>): (string | Sym | Text)[] {
    const condition = this.#present(part.condition);
    if (!(condition instanceof Unknown) && !(condition instanceof Text)) {
      return this.#render(toBoolean(condition) ? part.yes : part.no);
    }
    const [yes, no] = [text(this.#render(part.yes)), text(this.#render(part.no))];
    if (isSame(yes, no)) return [yes];
    return [this.#directive(`%{ if ${part.condition.text} }`, becauseOf(condition))];
  }

  #renderFor(part: Extract<TemplatePart, { kind: "for" }>): (string | Sym | Text)[] {
    const over = this.run(part.over);
    if (over instanceof Unknown || isDisordered(over)) {
      return [this.#directive(`%{ for … in ${part.over.text} }`, becauseOf(over))];
    }
    const rendered: (string | Sym | Text)[] = [];
    this.#eachTurn(part, over, () => rendered.push(...this.#render(part.body)));
    return rendered;
  }

  /** What a directive renders, where that can't be told: any text at all. */
  #directive(expression: string, because: UnknownReason): Sym {
    this.scope.guard?.unknown?.();
    this.#doubts++;
    return symbolOf(new Unknown(`${this.#where}${this.#trail}#${++this.#impure}`, because, expression));
  }
}

/** Functions whose result is a number, whatever they are given. */
const NUMERIC = new Set([
  "abs",
  "ceil",
  "floor",
  "index",
  "length",
  "max",
  "min",
  "parseint",
  "pow",
  "sum",
  "tonumber",
]);

/** Whether an arm of a conditional that can't be told has the type of the one that is taken: what it is written as tells. */
function isTypedAlike(tree: Syntax, value: Value): boolean {
  const isNumber = typeof value === "number";
  if (!isNumber && typeof value !== "boolean") return false;
  switch (tree.kind) {
    case "call":
      return isNumber
        ? NUMERIC.has(tree.name)
        : /^(?:alltrue|anytrue|can|contains|tobool|startswith|endswith)$/.test(tree.name);
    case "unary":
      return isNumber === (tree.operator === "-");
    case "binary":
      return isNumber === /^[-+*/%]$/.test(tree.operator);
    default:
      return false;
  }
}

/** Why a comparison can't be told: the reason of the first operand that has one. */
const firstBecause = (values: readonly Value[]): UnknownReason =>
  becauseOf(values.find((value) => value instanceof Unknown || value instanceof Text) ?? null);

function maybeBoolean(value: Value): boolean | Undecided {
  try {
    return toBoolean(value);
  } catch (error) {
    if (error instanceof Undecided) return error;
    throw error;
  }
}

function arithmetic(operator: Exclude<BinaryOperator, "&&" | "||" | "==" | "!=">, a: number, b: number): Value {
  switch (operator) {
    case "+":
      return exact(a + b);
    case "-":
      return exact(a - b);
    case "*":
      return exact(a * b);
    case "/":
      if (b === 0) throw new Undecided("unresolved-expression");
      return exact(a / b);
    case "%":
      if (b === 0) throw new Undecided("unresolved-expression");
      return exact(a % b);
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
  }
}
