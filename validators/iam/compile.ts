/** Turns statements into claims for one situation: what is settled there falls away, what is open stays to be searched. */

import type { Truth } from "../kernel/truth";
import type { Caller } from "./caller";
import {
  type Claim,
  type CompiledClaim,
  conditionClaim,
  holds,
  principalClaim,
  type Resolve,
  resourceClaim,
  textClaim,
} from "./condition";
import { actionsOf, type Service } from "./data/actions";
import type { Condition, Element, PolicyDocument, PrincipalItem, Statement } from "./document";
import { domainOfKey, type KeyDomain, type Situation } from "./keys";
import { hasLetter } from "./letters";
import {
  type Approximation,
  acceptsAll,
  advance,
  flip,
  literal,
  matches,
  NO_SYMBOLS,
  type Pattern,
  patternFrom,
  type SymbolLore,
  startOf,
} from "./pattern";

/** What a request acts on. */
export type Target =
  /** One text. */
  | { readonly kind: "fixed"; readonly resource: string }
  /** Any object of a bucket: its ARN, a slash and at least one character. */
  | { readonly kind: "objects"; readonly bucket: string };

/** A situation with what it acts on and what the policy's variables stand for. */
export interface Setting {
  readonly situation: Situation;
  readonly target: Target;
  /** Keys that stand in variables and could be anything: what they are here. */
  readonly assigned: ReadonlyMap<string, string | null>;
}

/** A part of a statement that decides whether it matches, with the words for it. */
export interface Part {
  readonly kind: "principal" | "action" | "resource" | "condition" | "unknown";
  readonly condition?: Condition;
  /** Settled, or a claim to be searched for. */
  readonly verdict: boolean | Claim;
}

/** A statement in a setting, read with one approximation. */
export type Compiled =
  | { readonly kind: "never" }
  | { readonly kind: "open"; readonly statement: Statement; readonly claims: readonly Claim[] };

/** Compiles the statements of one document; remembers what it has worked out. */
export class Compiler {
  private readonly conditions = new Map<Condition, Claim>();
  private readonly resources = new Map<Element, Claim>();
  private readonly actions = {
    over: new Map<Element, ReadonlySet<string>>(),
    under: new Map<Element, ReadonlySet<string>>(),
  };
  private readonly covered = { over: new Map<Pattern, boolean>(), under: new Map<Pattern, boolean>() };

  constructor(
    readonly document: PolicyDocument,
    readonly lore: SymbolLore,
    /** Whether two written accounts or partitions are one, different, or can't be told. */
    readonly isSame: (a: string, b: string) => Truth,
    /** The own partition, which a bare account number is one of. */
    private readonly partition: string,
    /** Unique ids whose account is known: each is a caller of its own. */
    private readonly accountsOfIds: ReadonlyMap<string, string>,
    /** The own account, where the question is about callers of others only. */
    private readonly excluded?: string,
  ) {}

  /**
   * The statement in the setting: it never matches, or matches where all claims hold. What symbols decide is settled the way
   * that is asked for, or (`keepsOpen`) stays a claim.
   */
  compile(statement: Statement, setting: Setting, way: Approximation, keepsOpen: boolean): Compiled {
    const { situation } = setting;
    const { actions, resources, conditions, holes } = statement;
    if (!resources || (way === "under" && holes.length > 0)) return NEVER_MATCHES;
    const claims: Claim[] = [];
    const isOut = (verdict: boolean | Claim): boolean => {
      if (typeof verdict !== "boolean") claims.push(verdict);
      return verdict === false;
    };
    if (isOut(this.actionIn(actions, setting, way, keepsOpen))) return NEVER_MATCHES;
    if (isOut(this.principal(statement, situation.caller, way, keepsOpen))) return NEVER_MATCHES;
    if (isOut(this.resource(resources, setting, way, keepsOpen))) return NEVER_MATCHES;
    for (const condition of conditions)
      if (isOut(this.condition(condition, setting, way, keepsOpen))) return NEVER_MATCHES;
    return { kind: "open", statement, claims };
  }

  /** Every part of a statement in a setting, for explanations. */
  parts(statement: Statement, setting: Setting, way: Approximation): Part[] {
    const { situation } = setting;
    const parts: Part[] = [
      { kind: "action", verdict: this.action(statement.actions, situation.service, situation.action, way) },
      { kind: "principal", verdict: this.principal(statement, situation.caller, way) },
    ];
    if (statement.resources)
      parts.push({ kind: "resource", verdict: this.resource(statement.resources, setting, way) });
    for (const condition of statement.conditions)
      parts.push({ kind: "condition", condition, verdict: this.condition(condition, setting, way) });
    if (statement.holes.length > 0) parts.push({ kind: "unknown", verdict: way === "over" });
    return parts;
  }

  /** Whether an action element takes an action in. */
  action(element: Element, service: Service, action: string, way: Approximation): boolean {
    const direction = element.isNegated ? flip(way) : way;
    if (element.holes.length > 0 && direction === "over") return !element.isNegated;
    const isTaken = this.actionsTaken(element, service, direction).has(action);
    return element.isNegated ? !isTaken : isTaken;
  }

  private actionIn(element: Element, setting: Setting, way: Approximation, keepsOpen: boolean): boolean | Claim {
    const { service, action } = setting.situation;
    if (!keepsOpen || !element.values.some(hasLetter)) return this.action(element, service, action, way);
    const patterns = element.values.map(actionPattern);
    const hasHoles = element.holes.length > 0;
    const claim = { ...textClaim("action", patterns, this.lore), isNegated: element.isNegated, hasHoles };
    return this.settled(claim, `${service}:${action}`, way, keepsOpen);
  }

  /** Whether a claim holds for the one text that there is. */
  private settled(claim: Claim, text: string, way: Approximation, keepsOpen: boolean): boolean | Claim {
    const verdict = holds(claim, [text], way);
    return keepsOpen && claim.patterns && holds(claim, [text], flip(way)) !== verdict ? claim : verdict;
  }

  /** The actions that an element's own values take. */
  private actionsTaken(element: Element, service: Service, way: Approximation): ReadonlySet<string> {
    const known = this.actions[way].get(element);
    if (known) return known;
    const sets = element.values.map((value) => actionsTakenBy(value, service, way, this.lore));
    const [only] = sets;
    const taken = only && sets.length === 1 ? only : new Set(sets.flatMap((set) => [...set]));
    this.actions[way].set(element, taken);
    return taken;
  }

  private principal(statement: Statement, caller: Caller, way: Approximation, keepsOpen = false): boolean | Claim {
    const { isNegated, items, holes } = statement.principals;
    const direction = isNegated ? flip(way) : way;
    if (holes.length > 0 && direction === "over") return !isNegated;
    const patterns: Pattern[] = [];
    for (const item of items) {
      const isNamed = this.names(item, caller, direction);
      const open = keepsOpen ? this.openName(item, caller) : undefined;
      if (open) patterns.push(open);
      else if (isNamed === true) return !isNegated;
      else if (isNamed === "by-arn") patterns.push(literal(item.written));
    }
    return patterns.length === 0 ? isNegated : principalClaim(patterns, isNegated, this.lore);
  }

  /** The ARNs that a value names of which it isn't settled whether it names the caller; `undefined` where that is. */
  private openName(item: PrincipalItem, caller: Caller): Pattern | undefined {
    if ((item.kind !== "account" && item.kind !== "arn") || caller.kind === "identity") return undefined;
    const possible = this.names(item, caller, "over");
    if (possible === false || possible === this.names(item, caller, "under") || !caller.arn) return undefined;
    return possible === "by-arn" ? literal(item.written) : arnsOf(item.partition ?? caller.partition, item.account);
  }

  /** Whether a principal element's value names the caller; `by-arn` where it does if the caller's ARN equals it. */
  private names(item: PrincipalItem, caller: Caller, way: Approximation): boolean | "by-arn" {
    const isOver = way === "over";
    const isLikely = (truth: Truth): boolean => (isOver ? truth !== "no" : truth === "yes");
    switch (item.kind) {
      case "everyone":
        return true;
      case "opaque":
        return isOver;
      case "service":
        return caller.kind === "service" && (item.written === "*" || this.isText(item.written, caller.named, way));
      case "provider":
        return caller.kind === "provider" && item.written === caller.named;
      case "canonical":
      case "unique":
        if (item.written === caller.named) return true;
        return isOver && !this.accountsOfIds.has(item.written) && caller.account !== undefined && !caller.isFresh;
      case "identity":
        return caller.kind === "identity" && item.written === caller.named;
      case "account":
      case "within":
      case "arn": {
        if (caller.isOutsider === "unknown" && this.isExcluded(item)) return false;
        if (caller.account === undefined) return isOver && caller.isOutsider === "unknown" && caller.kind !== "service";
        if (!isLikely(this.isSame(item.account, caller.account))) return false;
        if (item.partition !== undefined && !isLikely(this.isSame(item.partition, caller.partition))) return false;
        if (item.partition === undefined && caller.partition !== this.partition) return false;
        if (item.kind === "account") return true;
        if (item.kind === "within") return isOver;
        if (item.type === "session") return item.written === caller.named;
        return item.type === caller.kind || (item.type === "role" && caller.kind === "provider") ? "by-arn" : false;
      }
      default:
        return item satisfies never;
    }
  }

  /** Whether a value names callers of the own account only, about whom nobody asked. */
  private isExcluded({
    account,
    partition = this.partition,
  }: {
    account: string;
    partition?: string | undefined;
  }): boolean {
    return account === this.excluded && partition === this.partition;
  }

  private isText(text: string, other: string | undefined, way: Approximation): boolean {
    if (other === undefined || text === other) return text === other;
    if (!hasLetter(text) && !hasLetter(other)) return false;
    return matches(patternFrom([{ text, isVerbatim: true }], "literal"), other, way, this.lore);
  }

  private resource(element: Element, setting: Setting, way: Approximation, keepsOpen = false): boolean | Claim {
    const claim = this.resourceClaim(element, setting);
    const { target } = setting;
    if (target.kind === "fixed") return this.settled(claim, target.resource, way, keepsOpen);
    const direction = claim.isNegated ? flip(way) : way;
    if (claim.hasHoles && direction === "over") return !claim.isNegated;
    const sure = keepsOpen ? "under" : direction;
    if (claim.patterns?.some((pattern) => this.coversObjects(pattern, target.bucket, sure))) return !claim.isNegated;
    return claim;
  }

  private resourceClaim(element: Element, setting: Setting): Claim {
    return this.remembered(this.resources, element, () => resourceClaim(element, this.resolver(setting), this.lore));
  }

  private remembered<K>(store: Map<K, Claim>, key: K, make: () => CompiledClaim): Claim {
    const known = store.get(key);
    if (known) return known;
    const { claim, dependsOnVariables } = make();
    if (!dependsOnVariables) store.set(key, claim);
    return claim;
  }

  /** Whether one pattern takes every object of a bucket; `no` may also mean that it takes a look at all to see it. */
  private coversObjects(pattern: Pattern, bucket: string, way: Approximation): boolean {
    const known = this.covered[way].get(pattern);
    if (known !== undefined) return known;
    let states = startOf(pattern, way, this.lore);
    const prefix = `${bucket}/`;
    for (let i = 0; i < prefix.length && states.length > 0; i++)
      states = advance(pattern, states, prefix.charCodeAt(i), way, this.lore);
    const covers = states.length > 0 && acceptsAll(pattern, states);
    this.covered[way].set(pattern, covers);
    return covers;
  }

  private condition(condition: Condition, setting: Setting, way: Approximation, keepsOpen = false): boolean | Claim {
    if (condition.operator.family === "null" && way === "over" && isOpen(condition)) return true;
    const claim = this.remembered(this.conditions, condition, () =>
      conditionClaim(condition, this.resolver(setting), this.lore),
    );
    const domain = this.domain(condition.lower, setting);
    switch (domain.kind) {
      case "absent":
        return claim.ifAbsent;
      case "fixed":
        if ((!claim.patterns || claim.seesSeconds) && !claim.isPresence && hasLetter(domain.value))
          return way === "over";
        return this.settled(claim, domain.value, way, keepsOpen);
      case "choice":
      case "typed":
      case "text":
        return claim;
      default:
        return domain satisfies never;
    }
  }

  /** What a key can be here; keys that stand in variables are assigned. */
  domain(key: string, setting: Setting): KeyDomain {
    const { target, situation } = setting;
    if (key === "resource" && target.kind === "fixed") return { kind: "fixed", value: target.resource };
    if (key === "action") return { kind: "fixed", value: `${situation.service}:${situation.action}` };
    const assigned = setting.assigned.get(key);
    if (assigned === null) return { kind: "absent" };
    if (assigned !== undefined) return { kind: "fixed", value: assigned };
    return domainOfKey(key, setting.situation);
  }

  private resolver(setting: Setting): Resolve | undefined {
    if (this.document.version !== "2012-10-17") return undefined;
    return (key) => {
      const domain = this.domain(key, setting);
      return domain.kind === "fixed" ? domain.value : null;
    };
  }
}

/** The ARNs of all that an account's callers can be. */
const arnsOf = (partition: string, account: string): Pattern =>
  patternFrom([{ text: `arn:${partition}:*::${account}:*`, isVerbatim: false }], "arn");

/** Whether some of a condition's values aren't known. */
const isOpen = ({ values, holes }: Condition): boolean => holes.length > 0 || values.some(hasLetter);

const actionPattern = (value: string): Pattern => patternFrom([{ text: value, isVerbatim: false }], "glob-ignore-case");

const takenActions = new Map<string, ReadonlySet<string>>();
const MOST_PATTERNS = 5000;

/** The actions that a pattern takes; remembered where it has no symbols, since all policies have the same few patterns. */
function actionsTakenBy(value: string, service: Service, way: Approximation, lore: SymbolLore): ReadonlySet<string> {
  const key = `${service} ${value}`;
  const isSymbolic = hasLetter(value);
  const before = isSymbolic ? undefined : takenActions.get(key);
  if (before) return before;
  const pattern = actionPattern(value);
  const names = actionsOf(service).map((action) => action.name);
  const known = isSymbolic ? lore : NO_SYMBOLS;
  const taken = new Set(names.filter((name) => matches(pattern, `${service}:${name}`, way, known)));
  if (isSymbolic) return taken;
  if (takenActions.size > MOST_PATTERNS) takenActions.clear();
  takenActions.set(key, taken);
  return taken;
}

const NEVER_MATCHES: Compiled = { kind: "never" };

/** The actions of a service on one of some types of resources, without the prefix. */
export function actionsOn(service: "s3" | "kms", types: readonly string[]): readonly string[] {
  return actionsOf(service)
    .filter((action) => action.resources.some((resource) => types.includes(resource)))
    .map((action) => action.name);
}
