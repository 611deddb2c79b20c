/** Finds a request of one setting that no Deny stops (and, where asked, that an Allow lets in), or proves that there is none. */
import { type Alternative, alternativesOf } from "./alternatives";
import type { Compiled, Compiler, Setting } from "./compile";
import { type Claim, holds, type KeyValue } from "./condition";
import { type Constraint, type Dimension, type SearchContext, solve } from "./dimension";
import type { Statement } from "./document";
import type { KeyDomain } from "./keys";
import { spend, TooComplex } from "./language";
import { type Approximation, Classes, domainOf, flip } from "./pattern";

/** A request that gets through. */
export interface Witness {
  readonly setting: Setting;
  readonly resource: string;
  /** What the keys are that statements leave open; `time` for the two keys of the time. */
  readonly values: ReadonlyMap<string, KeyValue>;
  /** The statement that lets it in, where one must. */
  readonly allowedBy: Statement | undefined;
}

/** Which statements stand in the way, and which let in (`undefined`: nothing need let in). */
export interface Statements {
  readonly denies: readonly Statement[];
  readonly allows: readonly Statement[] | undefined;
}

/**
 * How sure an answer must be. `certain`: it gets through whatever the symbols turn out to be, so each Deny is taken for
 * all that it may match and each Allow for what it must. `possible`: for some values of the symbols, the other way round.
 */
export type Sureness = "certain" | "possible";

/** Told which statements close a setting by themselves, and which only together. */
export type CoverageListener = (setting: Setting, statements: readonly Statement[]) => void;

/** Ordinary object keys, of which the first that will do is shown. */
const OBJECT_KEYS = ["reports/2026/summary.csv", "index.html", "a"];

/** Searches settings one by one. */
export class RequestSearch {
  private readonly denyWay: Approximation;
  private readonly allowWay: Approximation;

  constructor(
    private readonly compiler: Compiler,
    private readonly context: SearchContext,
    private readonly sureness: Sureness,
    private readonly earliest: number,
    private readonly onCovered: CoverageListener = () => undefined,
  ) {
    this.denyWay = sureness === "certain" ? "over" : "under";
    this.allowWay = flip(this.denyWay);
  }

  /** A request of the setting that gets through, or `undefined`: then none does. */
  find(setting: Setting, statements: Statements): Witness | undefined {
    spend(this.context.budget, 1 + workOf(statements.denies) + workOf(statements.allows ?? []));
    const compiled = this.compile(setting, statements, false);
    const witness = compiled && this.search(setting, compiled, []);
    const isOpen = witness !== undefined && this.sureness === "possible" && !this.context.lore.isEmpty;
    return isOpen ? this.lookCloser(setting, statements, witness) : witness;
  }

  /** The statements in a setting; `undefined` where they let nothing through. */
  private compile(setting: Setting, statements: Statements, keepsOpen: boolean): CompiledStatements | undefined {
    const allows = statements.allows
      ?.map((allow) => this.compiler.compile(allow, setting, this.allowWay, keepsOpen))
      .filter((allow) => allow.kind === "open");
    if (allows?.length === 0) return undefined;
    const denies: OpenStatement[] = [];
    for (const deny of statements.denies) {
      const compiled = this.compiler.compile(deny, setting, this.denyWay, keepsOpen);
      if (compiled.kind === "never") continue;
      if (compiled.claims.length === 0) {
        this.onCovered(setting, [deny]);
        return undefined;
      }
      denies.push(compiled);
    }
    return { allows, denies };
  }

  private search(
    setting: Setting,
    { allows, denies }: CompiledStatements,
    premises: readonly Constraint[],
  ): Witness | undefined {
    if (!allows) return this.escape(setting, denies, undefined, premises);
    for (const allow of allows) {
      const witness = this.escape(setting, denies, allow, premises);
      if (witness) return witness;
    }
    return undefined;
  }

  /** Something may get through: looks at it case by case, as far as that isn't too much. */
  private lookCloser(setting: Setting, statements: Statements, witness: Witness): Witness | undefined {
    const { budget } = this.context;
    const { left } = budget;
    budget.left = Math.min(left, MOST_WORK_OF_CASES);
    const given = budget.left;
    try {
      const compiled = this.compile(setting, statements, true);
      const all = [...(compiled?.denies ?? []), ...(compiled?.allows ?? [])];
      const domainOf = (name: string): KeyDomain => this.domain(name, setting);
      const claims = all.flatMap((statement) => statement.claims);
      const alternatives = alternativesOf(claims, domainOf, this.context);
      if (!compiled || alternatives.length === 0) return witness;
      for (const alternative of alternatives) {
        const found = this.search(setting, statementsThere(compiled, alternative), alternative.premises);
        if (found) return found;
      }
      return undefined;
    } catch (error) {
      if (error instanceof TooComplex) return witness;
      throw error;
    } finally {
      budget.left = left - (given - budget.left);
    }
  }

  private escape(
    setting: Setting,
    denies: readonly OpenStatement[],
    allow: OpenStatement | undefined,
    premises: readonly Constraint[],
  ): Witness | undefined {
    const domainOf = (name: string): KeyDomain => this.domain(name, setting);
    const state = new State(domainOf, setting, this.context, this.earliest, this.sureness);
    for (const { claim, wanted, way } of premises) if (!state.demand(claim, wanted, way)) return undefined;
    for (const claim of allow?.claims ?? []) if (!state.demand(claim, true, this.allowWay)) return undefined;
    for (const deny of denies) for (const claim of deny.claims) if (!state.meet(claim.dimension)) return undefined;
    const { target } = setting;
    if (target.kind === "objects" && !state.meet("resource")) return undefined;
    if (!this.avoid(denies, state)) {
      this.onCovered(
        setting,
        denies.map((deny) => deny.statement),
      );
      return undefined;
    }
    const resource = target.kind === "fixed" ? target.resource : (state.valueOf("resource")?.[0] ?? "");
    return { setting, resource, values: state.values(), allowedBy: allow?.statement };
  }

  private domain(name: string, setting: Setting): KeyDomain {
    const { target } = setting;
    if (name === "resource" && target.kind === "objects") return objectsOf(target.bucket);
    return this.compiler.domain(name === "time" ? "aws:currenttime" : name, setting);
  }

  /** Finds a Deny that the request at hand still matches, and tries each way out of it. */
  private avoid(denies: readonly OpenStatement[], state: State): boolean {
    spend(this.context.budget, denies.length);
    const hit = this.narrowest(denies, state);
    if (!hit) return true;
    for (const claim of hit.claims) {
      const before = state.save(claim.dimension);
      if (state.demand(claim, false, this.denyWay) && this.avoid(denies, state)) return true;
      state.restore(claim.dimension, before);
    }
    return false;
  }

  /** Of the Denies that match the request at hand, the one with the fewest ways out. */
  private narrowest(denies: readonly OpenStatement[], state: State): OpenStatement | undefined {
    let found: OpenStatement | undefined;
    for (const deny of denies) {
      if (found && deny.claims.length >= found.claims.length) continue;
      if (deny.claims.every((claim) => holds(claim, state.valueOf(claim.dimension), this.denyWay))) found = deny;
    }
    return found;
  }
}

const works = new WeakMap<readonly Statement[], number>();

/** What it costs to read statements in a setting: names that are looked at cost a tenth of a state of a search. */
function workOf(statements: readonly Statement[]): number {
  const known = works.get(statements);
  if (known !== undefined) return known;
  const names = statements.reduce((sum, { principals }) => sum + principals.items.length, 0);
  const work = statements.length + Math.floor(names / 10);
  works.set(statements, work);
  return work;
}

type OpenStatement = Extract<Compiled, { readonly kind: "open" }>;

interface CompiledStatements {
  readonly denies: readonly OpenStatement[];
  readonly allows: readonly OpenStatement[] | undefined;
}

/** Work that looking at one setting case by case may cost, in states looked at. */
const MOST_WORK_OF_CASES = 20_000;

/** What statements amount to in one case. */
function statementsThere({ denies, allows }: CompiledStatements, { claimThere }: Alternative): CompiledStatements {
  const there = (statement: OpenStatement): OpenStatement => ({
    ...statement,
    claims: statement.claims.map(claimThere),
  });
  return { denies: denies.map(there), allows: allows?.map(there) };
}

/** One dimension as the search has it. */
interface Cell {
  readonly dimension: Dimension;
  readonly constraints: readonly Constraint[];
  readonly value: KeyValue;
}

/** The request at hand: for each dimension what is demanded of it, and a value that meets it. */
class State {
  private readonly cells = new Map<string, Cell>();

  constructor(
    private readonly domainOf: (name: string) => KeyDomain,
    private readonly setting: Setting,
    private readonly context: SearchContext,
    private readonly earliest: number,
    private readonly sureness: Sureness,
  ) {}

  /** Makes sure that the dimension has a value; false where it can have none. */
  meet(name: string): boolean {
    if (this.cells.has(name)) return true;
    const dimension = this.dimension(name);
    const value = solve(dimension, [], this.context);
    if (value === undefined) return false;
    this.cells.set(name, { dimension, constraints: [], value });
    return true;
  }

  /** Demands that a claim holds or fails; false where that can't be. */
  demand(claim: Claim, wanted: boolean, way: Approximation): boolean {
    const cell = this.cells.get(claim.dimension);
    const dimension = cell?.dimension ?? this.dimension(claim.dimension);
    const constraints = [...(cell?.constraints ?? []), { claim, wanted, way }];
    const value = solve(dimension, constraints, this.context);
    if (value === undefined) return false;
    this.cells.set(claim.dimension, { dimension, constraints, value });
    return true;
  }

  save(name: string): Cell | undefined {
    return this.cells.get(name);
  }

  restore(name: string, cell: Cell | undefined): void {
    if (cell) this.cells.set(name, cell);
    else this.cells.delete(name);
  }

  valueOf(name: string): KeyValue {
    return this.cells.get(name)?.value ?? null;
  }

  values(): ReadonlyMap<string, KeyValue> {
    return new Map([...this.cells].map(([name, cell]) => [name, cell.value]));
  }

  private dimension(name: string): Dimension {
    const { caller } = this.setting.situation;
    const doubtful = this.sureness === "certain" ? (caller.doubtful.get(name) ?? []) : [];
    const notArns = name === "aws:sourcearn" ? (caller.source?.notArns ?? []) : [];
    const unreal = caller.source?.keys.arns.has(name) ? caller.source.unrealArns : [];
    const impossible = caller.impossible.get(name) ?? [];
    const excluded = [...doubtful, ...impossible, ...notArns];
    return { name, domain: this.domainOf(name), excluded, unreal, earliest: this.earliest };
  }
}

const objectDomains = new Map<string, KeyDomain>();

/** The ARNs of all objects of a bucket; written with letters, so that the few of one run can be kept. */
function objectsOf(bucket: string): KeyDomain {
  const known = objectDomains.get(bucket);
  if (known) return known;
  const made: KeyDomain = {
    kind: "text",
    domain: domainOf([`${bucket}/`, { oneOrMore: Classes.any }]),
    ordinary: OBJECT_KEYS.map((key) => `${bucket}/${key}`),
    mayBeAbsent: false,
    isMulti: false,
  };
  if (objectDomains.size > 1000) objectDomains.clear();
  objectDomains.set(bucket, made);
  return made;
}
