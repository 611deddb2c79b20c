/** Turns a JSON tree into a policy document, or into what AWS would refuse about it, place by place. */
import type { Condition, Element, PolicyDocument, PrincipalItem, Principals, Statement, Texts } from "./document";
import { Hole, JsonNumber, JsonObject, type JsonTree } from "./json-text";
import { problemOfAction, problemOfKey, problemOfValue } from "./key-grammar";
import { hasLetter, type Letters } from "./letters";
import { operatorInAnyCase, operatorOf } from "./operators";
import { literal, matches, type SymbolLore } from "./pattern";
import {
  type ReadPrincipal,
  readAwsPrincipal,
  readCanonicalUser,
  readProvider,
  readServicePrincipal,
} from "./principal-item";
import type { Service } from "./reading";

/** What reading the grammar yields: a document, or problems of which there is at least one. */
export type GrammarReading =
  | { readonly document: PolicyDocument }
  | { readonly problems: readonly [string, ...string[]] };

/** Reads a policy's tree (IAM user guide, «Grammar of the IAM JSON policy language»). */
export function readDocument(tree: JsonTree, letters: Letters, service: Service): GrammarReading {
  const reader = new Reader(letters, service);
  const document = reader.document(tree);
  const [first, ...others] = reader.problems;
  return first === undefined ? { document } : { problems: [first, ...others] };
}

/** What a tree is called in messages. */
function kindOf(tree: JsonTree): string {
  if (tree === null) return "null";
  if (typeof tree === "boolean") return "a boolean";
  if (typeof tree === "string") return "a string";
  if (tree instanceof JsonNumber) return "a number";
  if (tree instanceof Hole) return "a value that is not known yet";
  return tree instanceof JsonObject ? "an object" : "a list";
}

const NOTHING: Texts = { values: [], holes: [] };
const STATEMENT_KEYS = new Set(
  "Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition".split(" "),
);

/** What symbols are before anything is asked about them. */
const loreOf = (letters: Letters): SymbolLore => ({
  isEmpty: false,
  kindOf: (code) => letters.symbolAt(code)?.kind ?? "any",
  isDistinct: () => false,
  otherThan: () => undefined,
  mayHoldVariables: () => false,
});

class Reader {
  readonly problems: string[] = [];
  private place = "";
  private hasVariables = false;
  private readonly lore: SymbolLore;

  constructor(
    private readonly letters: Letters,
    private readonly service: Service,
  ) {
    this.lore = loreOf(letters);
  }

  private refuse(problem: string): void {
    this.problems.push(this.place === "" ? problem : `${this.place}: ${problem}`);
  }

  document(tree: JsonTree): PolicyDocument {
    const empty: PolicyDocument = { letters: this.letters, version: "2012-10-17", statements: [] };
    if (!(tree instanceof JsonObject)) {
      this.refuse(`a policy is an object, found ${kindOf(tree)}`);
      return empty;
    }
    for (const key of tree.members.keys())
      if (key !== "Version" && key !== "Id" && key !== "Statement")
        this.refuse(`unknown element \`${this.letters.show(key)}\``);
    const written = tree.members.get("Version");
    const version = this.version(written);
    this.hasVariables = version === "2012-10-17";
    const id = tree.members.get("Id");
    if (id !== undefined && typeof id !== "string" && !(id instanceof Hole))
      this.refuse(`\`Id\` is a string, found ${kindOf(id)}`);
    const read = this.statements(tree.members.get("Statement"), tree.holes);
    // what `${…}` means is the version's to say, and AWS refuses all but two of them
    const hole = this.holeOf(written);
    const statements = hole === undefined ? read : read.map(({ number }) => this.anything(number, hole));
    return { letters: this.letters, version, statements };
  }

  private version(tree: JsonTree | undefined): PolicyDocument["version"] {
    if (tree === undefined) return "2008-10-17";
    if (tree === "2012-10-17" || tree === "2008-10-17") return tree;
    if (this.holeOf(tree) !== undefined) return "2012-10-17";
    const found = typeof tree === "string" ? `\`${tree}\`` : kindOf(tree);
    this.refuse(`\`Version\` is \`2012-10-17\` or \`2008-10-17\`, found ${found}`);
    return "2012-10-17";
  }

  /** What of a value isn't known, if anything. */
  private holeOf(tree: JsonTree | undefined): Hole | undefined {
    if (tree instanceof Hole) return tree;
    return typeof tree === "string" && hasLetter(tree) ? new Hole(tree) : undefined;
  }

  private statements(tree: JsonTree | undefined, holes: readonly Hole[]): Statement[] {
    if (tree === undefined) {
      if (holes.length === 0) this.refuse("expected `Statement`, found none");
      return holes.map((hole, i) => this.anything(i + 1, hole));
    }
    const items = Array.isArray(tree) ? (tree as readonly JsonTree[]) : [tree as JsonTree];
    if (items.length === 0) this.refuse("expected a statement, found an empty list");
    return items.map((item, i) => this.statement(item, i + 1));
  }

  /** A statement of which nothing is known. */
  private anything(number: number, hole: Hole): Statement {
    const element: Element = { values: [], holes: [hole.written], isNegated: false };
    return {
      number,
      sid: undefined,
      effect: "unknown",
      principals: { isNegated: false, items: [], holes: [hole.written] },
      actions: element,
      resources: element,
      conditions: [],
      holes: [hole.written],
    };
  }

  private statement(tree: JsonTree, number: number): Statement {
    this.place = `statement ${number}`;
    if (tree instanceof Hole) return this.anything(number, tree);
    if (!(tree instanceof JsonObject)) {
      this.refuse(`a statement is an object, found ${kindOf(tree)}`);
      return this.anything(number, new Hole(""));
    }
    const sid = this.sid(tree.members.get("Sid"));
    if (sid !== undefined) this.place = `statement ${number} \`${this.letters.show(sid)}\``;
    for (const key of tree.members.keys())
      if (!STATEMENT_KEYS.has(key)) this.refuse(`unknown element \`${this.letters.show(key)}\``);
    const isOpen = tree.holes.length > 0;
    const effect = this.effect(tree.members.get("Effect"), isOpen);
    const effectHole = effect === "unknown" ? this.holeOf(tree.members.get("Effect")) : undefined;
    const statement: Statement = {
      number,
      sid,
      effect,
      principals: this.principals(tree, isOpen),
      actions: this.element(tree, "Action", isOpen) ?? { ...NOTHING, isNegated: false },
      resources: this.element(tree, "Resource", isOpen),
      conditions: [],
      holes: [...(effectHole ? [effectHole] : []), ...tree.holes].map((hole) => hole.written),
    };
    this.actions(statement.actions);
    if (statement.resources) this.resources(statement.resources);
    const conditionHoles: string[] = [];
    const conditions = this.conditions(tree.members.get("Condition"), conditionHoles);
    this.place = "";
    return { ...statement, conditions, holes: [...statement.holes, ...conditionHoles] };
  }

  private sid(tree: JsonTree | undefined): string | undefined {
    if (tree === undefined || tree instanceof Hole) return undefined;
    if (typeof tree === "string") return tree === "" ? undefined : tree;
    this.refuse(`\`Sid\` is a string, found ${kindOf(tree)}`);
    return undefined;
  }

  private effect(tree: JsonTree | undefined, isOpen: boolean): Statement["effect"] {
    if (tree === "Allow" || tree === "Deny") return tree;
    if (tree instanceof Hole || (tree === undefined && isOpen)) return "unknown";
    const [one, other] = typeof tree === "string" ? this.effectsOf(tree) : [];
    if (one !== undefined) return other === undefined ? one : "unknown";
    const found =
      tree === undefined ? "none" : typeof tree === "string" ? `\`${this.letters.show(tree)}\`` : kindOf(tree);
    this.refuse(`\`Effect\` is \`Allow\` or \`Deny\`, found ${found}`);
    return "unknown";
  }

  /** The effects that a text may turn out to be. */
  private effectsOf(written: string): ("Allow" | "Deny")[] {
    if (!hasLetter(written)) return [];
    const pattern = literal(written);
    return (["Allow", "Deny"] as const).filter((effect) => matches(pattern, effect, "over", this.lore));
  }

  /** `name` or `Not` + `name`, of which AWS wants exactly one (KMS takes a statement with no resource). */
  private element(tree: JsonObject, name: "Action" | "Resource", isOpen: boolean): Element | undefined {
    const plain = tree.members.get(name);
    const negated = tree.members.get(`Not${name}`);
    if (plain !== undefined && negated !== undefined) this.refuse(`\`${name}\` and \`Not${name}\` stand together`);
    const value = plain ?? negated;
    if (value !== undefined) {
      const label = plain === undefined ? `Not${name}` : name;
      const texts = this.texts(value, label, false);
      if (plain === undefined) this.namesSomething(texts, label);
      return { ...texts, isNegated: plain === undefined };
    }
    if (isOpen) return { values: [], holes: tree.holes.map((hole) => hole.written), isNegated: false };
    if (name === "Action" || this.service === "s3") this.refuse(`expected \`${name}\`, found none`);
    return undefined;
  }

  /**
   * AWS says that a statement whose list is empty has no effect (Access Analyzer's policy checks, «Empty array action»), while
   * all but nothing would be everything: whoever wrote that can't be judged.
   */
  private namesSomething({ values, holes }: Texts, label: string): void {
    if (values.length === 0 && holes.length === 0)
      this.refuse(`\`${label}\` names nothing, so that no one can tell whether everything or nothing is meant`);
  }

  /**
   * AWS says of a list that is empty that it has no effect, and behind `ForAllValues:` that only a missing key matches
   * (Access Analyzer's policy checks, «Empty array condition»), while what equals nothing always differs.
   */
  private comparesWithSomething({ values, holes }: Texts, label: string): void {
    if (values.length === 0 && holes.length === 0)
      this.refuse(`${label} compares with nothing, so that no one can tell whether it always or never holds`);
  }

  /** A string or a list of strings; in conditions numbers and booleans are strings as well. */
  private texts(tree: JsonTree, label: string, takesScalars: boolean): Texts {
    const values: string[] = [];
    const holes: string[] = [];
    const items = Array.isArray(tree) ? (tree as readonly JsonTree[]) : [tree];
    for (const item of items) {
      if (typeof item === "string") values.push(item);
      else if (item instanceof Hole) holes.push(item.written);
      else if (takesScalars && typeof item === "boolean") values.push(String(item));
      else if (takesScalars && item instanceof JsonNumber) values.push(item.written);
      else this.refuse(`\`${label}\` is a string or a list of strings, found ${kindOf(item)}`);
    }
    return { values, holes };
  }

  private actions(element: Element): void {
    for (const value of element.values) {
      if (hasLetter(value)) continue;
      const problem = problemOfAction(value, this.service);
      if (problem !== undefined) this.refuse(problem);
    }
  }

  private resources(element: Element): void {
    for (const value of element.values) {
      const literal = /^[^*?$\uE000-\uF8FF]*/.exec(value)?.[0] ?? "";
      if (literal.length >= 4 ? literal.startsWith("arn:") : "arn:".startsWith(literal) && literal !== value) continue;
      this.refuse(`a resource is \`*\` or an ARN, found \`${this.letters.show(value)}\``);
    }
  }

  private principals(tree: JsonObject, isOpen: boolean): Principals {
    const plain = tree.members.get("Principal");
    const negated = tree.members.get("NotPrincipal");
    const isNegated = plain === undefined && negated !== undefined;
    const label = isNegated ? "NotPrincipal" : "Principal";
    if (plain !== undefined && negated !== undefined) this.refuse("`Principal` and `NotPrincipal` stand together");
    const value = plain ?? negated;
    if (value === undefined) {
      if (!isOpen) this.refuse("expected `Principal`, found none");
      return { isNegated, items: [], holes: tree.holes.map((hole) => hole.written) };
    }
    if (value instanceof Hole) return { isNegated, items: [], holes: [value.written] };
    if (value === "*") return { isNegated, items: [{ kind: "everyone", written: "*" }], holes: [] };
    if (typeof value === "string" && hasLetter(value)) return { isNegated, items: [], holes: [value] };
    if (!(value instanceof JsonObject)) {
      const found = typeof value === "string" ? `\`${value}\`` : kindOf(value);
      this.refuse(`\`${label}\` is \`*\` or an object, found ${found}`);
      return { isNegated, items: [], holes: [] };
    }
    return this.principalMap(value, label, isNegated);
  }

  private principalMap(map: JsonObject, label: string, isNegated: boolean): Principals {
    const items: PrincipalItem[] = [];
    const named: string[] = [];
    const holes = map.holes.map((hole) => hole.written);
    for (const [type, tree] of map.members) {
      const read = this.principalReader(type);
      if (hasLetter(type)) {
        holes.push(type);
        continue;
      }
      if (!read) {
        this.refuse(
          `\`${label}\` takes \`AWS\`, \`Service\`, \`Federated\` and \`CanonicalUser\`, found \`${this.letters.show(type)}\``,
        );
        continue;
      }
      const texts = this.texts(tree, `${label}.${type}`, false);
      holes.push(...texts.holes);
      named.push(...texts.values);
      for (const value of texts.values) {
        const result = read(value);
        if ("item" in result) items.push(result.item);
        else this.refuse(`\`${label}\` \`${this.letters.show(value)}\`: ${result.problem}`);
      }
    }
    if (isNegated) this.namesSomething({ values: named, holes }, label);
    return { isNegated, items, holes };
  }

  private principalReader(type: string): ((written: string) => ReadPrincipal) | undefined {
    switch (type) {
      case "AWS":
        return (written) => readAwsPrincipal(written, this.letters);
      case "Service":
        return readServicePrincipal;
      case "Federated":
        return (written) => readProvider(written, this.letters);
      case "CanonicalUser":
        return (written) => readCanonicalUser(written, this.letters);
      default:
        return undefined;
    }
  }

  private conditions(tree: JsonTree | undefined, holes: string[]): Condition[] {
    if (tree === undefined) return [];
    if (tree instanceof Hole) {
      holes.push(tree.written);
      return [];
    }
    if (!(tree instanceof JsonObject)) {
      this.refuse(`\`Condition\` is an object, found ${kindOf(tree)}`);
      return [];
    }
    holes.push(...tree.holes.map((hole) => hole.written));
    const conditions: Condition[] = [];
    for (const [name, block] of tree.members) this.operator(name, block, conditions, holes);
    return conditions;
  }

  private operator(name: string, block: JsonTree, conditions: Condition[], holes: string[]): void {
    if (hasLetter(name)) {
      holes.push(name);
      return;
    }
    const operator = operatorOf(name);
    if (!operator) {
      const meant = operatorInAnyCase(name);
      this.refuse(`unknown condition operator \`${name}\`${meant === undefined ? "" : `: it is written \`${meant}\``}`);
      return;
    }
    if (block instanceof Hole) {
      holes.push(block.written);
      return;
    }
    if (!(block instanceof JsonObject)) {
      this.refuse(`\`${name}\` is an object of condition keys, found ${kindOf(block)}`);
      return;
    }
    holes.push(...block.holes.map((hole) => hole.written));
    const seen = new Set<string>();
    for (const [key, tree] of block.members) {
      if (hasLetter(key)) {
        holes.push(key);
        continue;
      }
      if (seen.has(key.toLowerCase())) this.refuse(`\`${name}\` has \`${key}\` twice, in different capitals`);
      seen.add(key.toLowerCase());
      const texts = this.texts(tree, `${name} ${key}`, true);
      const problem = problemOfKey(key, this.service);
      if (problem !== undefined) this.refuse(problem);
      if (operator.isNegated) this.comparesWithSomething(texts, `\`${name}\` \`${key}\``);
      for (const value of texts.values) {
        const wrong = hasLetter(value) ? undefined : problemOfValue(operator, value, this.hasVariables);
        if (wrong !== undefined) this.refuse(`\`${name}\` \`${key}\`: ${wrong}`);
      }
      conditions.push({ ...texts, operator, key, lower: key.toLowerCase() });
    }
  }
}
