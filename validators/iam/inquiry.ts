/** Turns a question about every request into settings, has them searched, and puts the answers together into a decision. */
import type { Gap } from "../kernel/result";
import { all, type Truth } from "../kernel/truth";
import { AWS_OWNED, Sym, unknownsIn } from "../kernel/value";
import type { Caller } from "./caller";
import { callersOf } from "./callers";
import { Compiler, type Setting, type Target } from "./compile";
import { carriesKey } from "./data/key-actions";
import type { BucketWorld, Decision } from "./decision";
import type { SearchContext } from "./dimension";
import { type Distinction, distinctTexts } from "./distinct-texts";
import { type Condition, nameOf, type PolicyDocument, type Statement } from "./document";
import { counterexampleOf, culpritOf, gapsOf, traceOf } from "./explain";
import { type Encryption, isEncryptionKey, isNetworkKey, isTransportKey, type Network, type Situation } from "./keys";
import { count, TooComplex, workDone } from "./language";
import { gapFrom, hasLetter, Letters } from "./letters";
import { mentionsOf } from "./mentions";
import { flip, type LetterKind, type SymbolLore } from "./pattern";
import { readWritten } from "./read";
import type { PolicyReading, Service } from "./reading";
import { matchesRequest } from "./request";
import { RequestSearch, type Statements, type Sureness, type Witness } from "./search";
import { holding } from "./source-arns";
import { dateOf } from "./typed-values";
import { comparesWholeOnly } from "./variable-places";
import { type Assignment, openVariables } from "./variable-values";

/** A set of actions on one kind of resource; the most ordinary first. */
export interface ActionsOn {
  readonly on: "the bucket" | "an object" | "the key";
  readonly actions: readonly string[];
}

/** A question about every request of some domain. */
export interface Inquiry {
  readonly service: Service;
  readonly domain: readonly ActionsOn[];
  /** Whether services' own calls belong to the domain. */
  readonly services: boolean;
  /** Whether only anonymous callers and those of other accounts do. */
  readonly outsidersOnly: boolean;
  /** Whether an Allow must let the request in; otherwise it is enough that no Deny stops it. */
  readonly needsAllow: boolean;
  /** Of the callers, those that count; `unknown` ones count as possible only. */
  readonly counts?: (caller: Caller) => Truth;
  /** Services count only for statements that are about services, not for those that let everybody in. */
  readonly onlyNamedServices?: Truth;
  /** Services count only where a statement binds them to another account's resources (`kms-no-cross-account`). */
  readonly bindsServices?: boolean;
  /** With or without TLS. */
  readonly tls: readonly boolean[];
  /** What requests say about encryption; `undefined` where the question doesn't care. */
  readonly encryptions?: readonly Encryption[];
  /** Why it isn't known who counts, where it isn't. */
  readonly doubts?: readonly Gap[];
  /** Keys that a counterexample shows in any case. */
  readonly shown: readonly string[];
  /** The request in words. */
  readonly message: (witness: Witness, describe: Describe) => string;
  readonly remediation: string;
  /** What to say where nothing gets through and no statement need be named. */
  readonly nothing: string;
}

/** Words for the parts of a witness. */
export interface Describe {
  readonly action: string;
  readonly target: string;
  readonly statement: string;
  readonly caller: string;
}

/** Work that a search may cost before it is called too complex; about half a second. */
const BUDGET = 1_200_000;
/** Work that a question may cost in all its cases. */
const BUDGET_OF_CASES = 4 * BUDGET;
/** What it costs to make one kind of caller, in states looked at. */
const WORK_OF_A_CALLER = 100;

/** The symbols of a question, with the own account told apart from written ones or not. A new principal's id is nobody else's. */
class Lore implements SymbolLore {
  constructor(
    readonly letters: Letters,
    private readonly distinct: number | undefined,
    private readonly withVariables: ReadonlySet<number>,
    private readonly inName: ReadonlyMap<number, LetterKind>,
  ) {}

  get isEmpty(): boolean {
    return this.letters.isEmpty;
  }

  kindOf(code: number): LetterKind {
    return this.inName.get(code) ?? this.letters.symbolAt(code)?.kind ?? "any";
  }

  isDistinct(code: number): boolean {
    const symbol = this.letters.symbolAt(code);
    // a canonical user id may stand elsewhere as it is
    return code === this.distinct || (symbol?.account !== undefined && symbol.kind !== "any");
  }

  otherThan(): undefined {
    return undefined;
  }

  mayHoldVariables(code: number): boolean {
    return this.withVariables.has(code);
  }
}

/** Symbols that are taken for other texts than one. */
interface Difference {
  readonly symbols: readonly string[];
  readonly from: string;
}

/** What is known of symbols where some of them are assumed to differ from a text. */
class Assumption implements SymbolLore {
  readonly isEmpty = false;
  private readonly codes: ReadonlySet<number>;

  constructor(
    private readonly lore: SymbolLore,
    private readonly difference: Difference,
  ) {
    this.codes = new Set(difference.symbols.map((letter) => letter.charCodeAt(0)));
  }

  kindOf(code: number): LetterKind {
    return this.lore.kindOf(code);
  }

  isDistinct(code: number): boolean {
    return this.lore.isDistinct(code);
  }

  otherThan(code: number): string | undefined {
    return this.codes.has(code) ? this.difference.from : undefined;
  }

  mayHoldVariables(code: number): boolean {
    return this.lore.mayHoldVariables(code);
  }
}

/**
 * The symbols that may hold policy variables: those that may be anything, but for what is part of the world. AWS takes no
 * variables in a principal's name.
 */
function lettersWithVariables(
  { letters, version, statements }: PolicyDocument,
  { arn, account, partition, region, ownBuckets = [] }: BucketWorld,
): ReadonlySet<number> {
  if (version !== "2012-10-17") return new Set();
  const named = statements.flatMap(({ principals }) => principals.items.map(({ written }) => written));
  const plain = new Set(
    [
      ...letters.symbolsIn(named.join("")),
      ...[arn, account, partition, region, ...ownBuckets].flatMap((known) => unknownsIn(known)),
    ].flatMap((one) => (one instanceof Sym ? [one.id] : [])),
  );
  const open = letters.all.filter(({ id, kind }) => kind === "any" && !plain.has(id));
  return new Set(open.map((symbol) => letters.letterOf(symbol).charCodeAt(0)));
}

/** Whatever the symbols in a bucket's name may be elsewhere: here they are what S3 takes in the name of a bucket. */
function kindsInName(arn: string, letters: Letters): ReadonlyMap<number, LetterKind> {
  const [, name = ""] = /^arn:[^:]*:s3:::(.*)$/s.exec(arn) ?? [];
  const kind: LetterKind = name.length === 1 ? "bucket-name" : "bucket-name-part";
  return new Map(
    [...name].flatMap((char): [number, LetterKind][] => {
      const code = char.charCodeAt(0);
      const given = letters.symbolAt(code)?.kind;
      return given === "any" || given === "name" ? [[code, kind]] : [];
    }),
  );
}

/** What the world is, written with the document's letters. */
interface Place {
  readonly arn: string;
  readonly account: string;
  readonly partition: string;
  readonly region: string;
  readonly timestamp: number | undefined;
  /** Unique ids whose account is known, with it. */
  readonly accountsOfIds: ReadonlyMap<string, string>;
  /** ARNs of the bucket or key, and of other buckets of its account. */
  readonly ownArns: readonly string[];
}

function placeOf(world: BucketWorld, letters: Letters): Place {
  return {
    arn: letters.write(world.arn),
    account: letters.write(world.account),
    partition: letters.write(world.partition),
    region: letters.write(world.region),
    timestamp: world.timestamp === undefined ? undefined : dateOf(world.timestamp),
    accountsOfIds: accountsOfIds(world, letters),
    ownArns: [world.arn, ...(world.ownBuckets ?? [])].map((arn) => letters.write(arn)),
  };
}

function accountsOfIds(world: BucketWorld, letters: Letters): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [id, account] of world.principalIds ?? []) found.set(id, letters.write(account));
  for (const symbol of letters.all) {
    const { account } = symbol;
    if (account !== undefined) found.set(letters.letterOf(symbol), letters.write(account));
  }
  return found;
}

/** A document in its world, as all questions about it see it. */
interface Prepared {
  readonly world: BucketWorld;
  readonly document: PolicyDocument;
  readonly place: Place;
  /** The letter of the own account, where that is nothing but a symbol. */
  readonly own: number | undefined;
  /** What is known of symbols; where the own account is one, while it is none of those that the policy writes out. */
  readonly lore: Lore;
  /** The same while it is one of them. */
  readonly loreOfCases: Lore;
}

const preparations = new WeakMap<PolicyReading, Prepared>();

/** Made once for questions that follow each other: what is found out about a document is kept with it. */
function prepared(reading: PolicyReading & { readonly kind: "document" }, world: BucketWorld): Prepared {
  const known = preparations.get(reading);
  if (known?.world === world) return known;
  const letters = new Letters(reading.document.letters);
  const place = placeOf(world, letters);
  const own = ownSymbol(place.account, letters);
  const withVariables = lettersWithVariables(reading.document, world);
  const inName = kindsInName(place.arn, letters);
  const made: Prepared = {
    world,
    document: { ...reading.document, letters },
    place,
    own,
    lore: new Lore(letters, own, withVariables, inName),
    loreOfCases: new Lore(letters, undefined, withVariables, inName),
  };
  preparations.set(reading, made);
  return made;
}

/** Answers a question about a document. */
export function inquire(
  reading: PolicyReading & { readonly kind: "document" },
  world: BucketWorld,
  inquiry: Inquiry,
): Decision {
  const { document, place, own, lore, loreOfCases } = prepared(reading, world);
  const first = new Case(document, place, inquiry, { lore, budget: { left: BUDGET } });
  const outcome = first.outcome();
  if (own === undefined) return first.decision(outcome);
  return withCases(first, outcome, reading, loreOfCases, place, inquiry);
}

/** The letter of the own account, where it is nothing but one symbol of an account. */
function ownSymbol(account: string, letters: Letters): number | undefined {
  const code = account.charCodeAt(0);
  return account.length === 1 && letters.symbolAt(code)?.kind === "account-id" ? code : undefined;
}

/**
 * The own account isn't known: it is one of those that the policy writes out, or none of them. Each case is decided by
 * itself, and the answer stands where they all agree.
 */
function withCases(
  first: Case,
  outcome: Outcome,
  reading: PolicyReading & { readonly kind: "document" },
  lore: Lore,
  place: Place,
  inquiry: Inquiry,
): Decision {
  const { letters } = lore;
  const literals = new Set(
    [
      ...mentionsOf(first.document).accounts.map(({ account }) => account),
      ...accountsOfResources(first.document, place),
    ].filter((account) => /^\d{12}$/.test(account)),
  );
  const replaced = (text: string, account: string): string => text.split(place.account).join(account);
  const gaps = letters.symbolsIn(place.account).map(gapFrom);
  if (literals.size > MOST_CASES) return first.undecided(TOO_MANY_ACCOUNTS, gaps);
  const start = workDone();
  for (const account of literals) {
    if (workDone() - start > BUDGET_OF_CASES) return first.undecided(TOO_MANY_ACCOUNTS, gaps);
    const again = readWritten(replaced(reading.written, account), letters, reading.service);
    if (again.kind !== "document") continue;
    const accountsOfIds = new Map([...place.accountsOfIds].map(([id, of]) => [id, replaced(of, account)]));
    const ownArns = place.ownArns.map((arn) => replaced(arn, account));
    const there: Place = { ...place, account, arn: replaced(place.arn, account), accountsOfIds, ownArns };
    const context: SearchContext = { lore, budget: { left: BUDGET } };
    const other = new Case(again.document, there, inquiry, context).outcome();
    if (other.kind === outcome.kind && outcome.kind !== "possible") continue;
    return first.undecided(outcome.kind === "none" ? other : outcome, outcome.kind === other.kind ? [] : gaps);
  }
  const decision = first.decision(outcome);
  const isNamed = outcome.kind === "found" && literals.has(outcome.witness.setting.situation.caller.account ?? "");
  return decision.answer === "found" && isNamed
    ? { ...decision, message: `${decision.message}; whichever the own account is, another one is named` }
    : decision;
}

/** The accounts in ARNs of resources; they matter where the own ARN has one. */
function accountsOfResources({ statements }: PolicyDocument, { arn, account }: Place): readonly string[] {
  if (!arn.includes(account)) return [];
  return statements.flatMap(({ resources }) => resources?.values ?? []).map((value) => value.split(":")[4] ?? "");
}

/** Accounts that a policy may write out while the own one isn't known. */
const MOST_CASES = 40;
const TOO_MANY_NAMES: Outcome = { kind: "too-complex", why: "the policy tells too many callers or names apart" };
const TOO_MANY_VALUES: Outcome = {
  kind: "too-complex",
  why: "the policy compares its variables in more ways than are tried",
};
const TOO_MANY_ACCOUNTS: Outcome = { kind: "too-complex", why: "too many accounts are named" };

/** What the search of one case says. */
type Outcome =
  | { readonly kind: "found"; readonly witness: Witness; readonly case_: Case }
  | { readonly kind: "possible"; readonly witness: Witness; readonly case_: Case }
  | { readonly kind: "none" }
  | { readonly kind: "too-complex"; readonly why: string };

/** One assumption about the own account, under which a question is searched. */
class Case {
  private readonly compiler: Compiler;
  private readonly compilers = new Map<string, Compiler>();
  private known: readonly Caller[] | undefined;
  private leftSomeOut = false;
  private variablesAre: "tried" | "symbols" = "tried";
  private guessesValues = false;
  private readonly statements: readonly Statement[];
  private readonly classes: readonly { readonly target: Target; readonly action: string }[];
  private readonly coverage = new Map<Statement, Set<string>>();

  constructor(
    readonly document: PolicyDocument,
    private readonly place: Place,
    private readonly inquiry: Inquiry,
    private readonly context: SearchContext,
  ) {
    this.compiler = this.compilerWith(context.lore);
    this.statements = document.statements;
    this.classes = this.actionClasses();
  }

  private compilerWith(lore: SymbolLore): Compiler {
    const { document, place, inquiry } = this;
    const isSame = (a: string, b: string): Truth => this.isSame(a, b, lore);
    const excluded = inquiry.outsidersOnly ? place.account : undefined;
    return new Compiler(document, lore, isSame, place.partition, place.accountsOfIds, excluded);
  }

  /** Texts of each kind; that there were too many kinds is remembered, so that it is no proof if none gets through. */
  private tellApart(distinction: Distinction): readonly string[] {
    const { texts, isComplete } = distinctTexts(distinction);
    if (!isComplete) this.leftSomeOut = true;
    return texts;
  }

  /** Every kind of caller; worked out once. */
  private get callers(): readonly Caller[] {
    this.known ??= this.everyCaller();
    return this.known;
  }

  private everyCaller(): readonly Caller[] {
    const { document, place, inquiry } = this;
    const { callers, isComplete } = callersOf({
      document,
      account: place.account,
      partition: place.partition,
      ownArns: place.ownArns,
      accountsOfIds: place.accountsOfIds,
      services: inquiry.services,
      takesAnonymous: inquiry.service === "s3",
      outsidersOnly: inquiry.outsidersOnly,
      lore: this.context.lore,
      isSame: (a, b) => this.isSame(a, b),
      situationsOf: (caller) => this.situationsOf(caller),
      onIncomplete: () => {
        this.leftSomeOut = true;
      },
    });
    if (!isComplete) this.leftSomeOut = true;
    count(callers.length * WORK_OF_A_CALLER);
    return callers;
  }

  /** Whether a written account is one of AWS's own, which no customer's account is. */
  private isAwsOwned(written: string): boolean {
    return this.document.letters.symbolAt(written.charCodeAt(0))?.account === AWS_OWNED && written.length === 1;
  }

  /** Whether two written texts are one, for accounts and partitions. */
  private isSame(a: string, b: string, lore = this.context.lore): Truth {
    if (a === b) return "yes";
    if ((!hasLetter(a) && !hasLetter(b)) || this.isAwsOwned(a) || this.isAwsOwned(b)) return "no";
    const [symbol, other] = hasLetter(a) ? [a, b] : [b, a];
    if (symbol.length !== 1) return "unknown";
    const code = symbol.charCodeAt(0);
    return (lore.isDistinct(code) && !hasLetter(other)) || lore.otherThan(code) === other ? "no" : "unknown";
  }

  /**
   * Whatever is certain is possible as well, so the possible is searched first: most policies close there, and nothing
   * more need be done.
   */
  outcome(): Outcome {
    const outcome = this.searched();
    if (outcome.kind !== "none") return outcome;
    if (this.leftSomeOut) return TOO_MANY_NAMES;
    return this.isProvenForVariables() ? outcome : TOO_MANY_VALUES;
  }

  /**
   * Of the values of policy variables those were tried that seemed to matter; that none gets through is proven only where
   * it still holds for variables that may be anything.
   */
  private isProvenForVariables(): boolean {
    if (mentionsOf(this.document).variables.size === 0 || (comparesWholeOnly(this.document) && !this.guessesValues))
      return true;
    this.variablesAre = "symbols";
    const possible = this.attempt("possible");
    this.variablesAre = "tried";
    return possible === undefined;
  }

  private searched(): Outcome {
    const isDoubtful = this.isDoubtful();
    const possible = isDoubtful ? this.attempt("possible") : undefined;
    if (isDoubtful && !possible) return { kind: "none" };
    const certain = this.attempt("certain");
    if (certain instanceof TooComplex) return { kind: "too-complex", why: certain.message };
    if (certain) return { kind: "found", witness: certain, case_: this };
    if (possible instanceof TooComplex) return { kind: "too-complex", why: possible.message };
    return possible ? { kind: "possible", witness: possible, case_: this } : { kind: "none" };
  }

  /** A search within a budget of its own. */
  private attempt(sureness: Sureness): Witness | undefined | TooComplex {
    this.context.budget.left = BUDGET;
    try {
      return this.search(sureness);
    } catch (error) {
      if (error instanceof TooComplex) return error;
      throw error;
    }
  }

  /** Whether anything could make a difference between certain and possible. */
  private isDoubtful(): boolean {
    const { place, document } = this;
    if (!this.context.lore.isEmpty) return true;
    const mentionsTime = ["aws:currenttime", "aws:epochtime"].some((key) => mentionsOf(document).keys.has(key));
    if (place.timestamp === undefined && mentionsTime) return true;
    if (this.statements.some((statement) => statement.holes.length > 0)) return true;
    return this.callers.some((caller) => this.counts(caller) === "unknown" || caller.doubtful.size > 0);
  }

  private counts(caller: Caller): Truth {
    const wanted = all([this.inquiry.counts?.(caller) ?? "yes", caller.isSure ? "yes" : "unknown"]);
    if (!this.inquiry.outsidersOnly || wanted === "no") return wanted;
    return caller.isOutsider === "yes" ? wanted : caller.isOutsider;
  }

  private search(sureness: Sureness): Witness | undefined {
    const earliest = this.earliest(sureness);
    const searches = new Map<Compiler, RequestSearch>();
    const searchOf = (caller: Caller): RequestSearch => {
      const compiler = this.compilerFor(caller, sureness);
      const known = searches.get(compiler);
      if (known) return known;
      const context: SearchContext = { ...this.context, lore: compiler.lore };
      const made = new RequestSearch(compiler, context, sureness, earliest, (setting, by) => this.cover(setting, by));
      searches.set(compiler, made);
      return made;
    };
    const statements = this.sides(sureness);
    const forServices = this.sidesForServices(statements, sureness);
    for (const setting of this.settings(sureness, earliest)) {
      const { caller } = setting.situation;
      const isService = caller.kind === "service";
      const witness = searchOf(caller).find(setting, isService ? forServices : statements);
      if (!witness || (this.inquiry.bindsServices && this.actsForAnybody(witness))) continue;
      this.confirm(witness, statements, sureness);
      return witness;
    }
    return undefined;
  }

  /**
   * What may be assumed of symbols where a caller is looked at. If his account is a symbol, only if it is another one than the
   * own one the question is about him. If it is one that nobody mentions, symbols are others: what one of them stands for
   * is looked at by itself, and there are more such accounts than symbols.
   */
  private differenceOf(caller: Caller, sureness: Sureness): Difference | undefined {
    const { inquiry, place } = this;
    const account = caller.account ?? caller.source?.account ?? "";
    if (isOneLetter(account)) {
      const isOther = inquiry.outsidersOnly && caller.isOutsider === "unknown" && caller.partition === place.partition;
      return isOther && !hasLetter(place.account) ? { symbols: [account], from: place.account } : undefined;
    }
    const { accounts, variables } = mentionsOf(this.document);
    const isHere = (other: string | undefined): boolean => (other ?? place.partition) === caller.partition;
    const symbols = accounts.flatMap((one) => (isOneLetter(one.account) && isHere(one.partition) ? [one.account] : []));
    if (!caller.isFresh || caller.account === undefined || variables.size > 0 || symbols.length === 0) return undefined;
    const isToldApart = this.callers.some(({ isPickedOut }) => isPickedOut);
    return sureness === "certain" && isToldApart ? undefined : { symbols, from: account };
  }

  /** What compiles statements where a caller is looked at. */
  private compilerFor(caller: Caller, sureness: Sureness): Compiler {
    const difference = this.context.lore.isEmpty ? undefined : this.differenceOf(caller, sureness);
    if (!difference) return this.compiler;
    const name = `${difference.symbols.join("")} ${difference.from}`;
    const known = this.compilers.get(name);
    if (known) return known;
    const made = this.compilerWith(new Assumption(this.context.lore, difference));
    this.compilers.set(name, made);
    return made;
  }

  /** Before when no request is made; unknown where the plan doesn't say when it was made. */
  private earliest(sureness: Sureness): number {
    return this.place.timestamp ?? (sureness === "certain" ? Number.POSITIVE_INFINITY : 0);
  }

  /** Statements whose effect isn't known count on the side that makes the answer less sure. */
  private sides(sureness: Sureness): Statements {
    const isCertain = sureness === "certain";
    const denies = this.statements.filter(({ effect }) => effect === "Deny" || (isCertain && effect === "unknown"));
    if (!this.inquiry.needsAllow) return { denies, allows: undefined };
    const allows = this.statements.filter(({ effect }) => effect === "Allow" || (!isCertain && effect === "unknown"));
    return { denies, allows };
  }

  private sidesForServices({ denies, allows }: Statements, sureness: Sureness): Statements {
    const onlyNamed = this.inquiry.onlyNamedServices ?? "no";
    if (!allows || onlyNamed === "no" || (sureness === "possible" && onlyNamed === "unknown"))
      return { denies, allows };
    return { denies, allows: allows.filter(isAboutServices) };
  }

  /**
   * Whether the service may act for accounts that the policy doesn't name, too: then nothing binds it to one of them,
   * and to KMS it is no more than a service. That must be certain: a symbol may bind it. A resource that is called like
   * one of the accounts is not anybody's.
   */
  private actsForAnybody(witness: Witness): boolean {
    const { situation } = witness.setting;
    if (situation.caller.kind !== "service") return false;
    if (!witness.allowedBy) return true;
    const search = new RequestSearch(this.compiler, this.context, "certain", this.earliest("certain"));
    const named = isAnybody(situation.caller) ? [] : this.accountsAnd(situation.caller.source?.account);
    const anybody = this.callers.filter((caller) => isAnybody(caller) && caller.named === situation.caller.named);
    const statements = { ...this.sides("certain"), allows: [witness.allowedBy] };
    return anybody.some((one) => {
      const caller = calledLikeNone(one, named);
      return search.find({ ...witness.setting, situation: { ...situation, caller } }, statements);
    });
  }

  /** The accounts that the policy mentions, and one more. */
  private accountsAnd(account = ""): readonly string[] {
    const mentioned = mentionsOf(this.document).accounts.map((one) => one.account);
    return [...new Set([...mentioned, account])].filter((one) => one !== "");
  }

  /** A last look at the very request, statement by statement: a wrong answer must not leave this room. */
  private confirm(witness: Witness, { denies }: Statements, sureness: Sureness): void {
    const denyWay = sureness === "certain" ? "over" : "under";
    const compiler = this.compilerFor(witness.setting.situation.caller, sureness);
    const stopped = denies.find((deny) => matchesRequest(deny, witness, compiler, denyWay));
    const { allowedBy } = witness;
    const isLetIn = !allowedBy || matchesRequest(allowedBy, witness, compiler, flip(denyWay));
    if (stopped || !isLetIn)
      throw new Error(`the search and the evaluation disagree about statement ${(stopped ?? allowedBy)?.number}`);
  }

  private cover(setting: Setting, by: readonly Statement[]): void {
    const [only] = by;
    if (!only) return;
    const known = this.coverage.get(only) ?? new Set();
    known.add(setting.target.kind === "objects" ? "objects" : setting.target.resource);
    this.coverage.set(only, known);
  }

  /** Every setting of the question, the most ordinary first. */
  private *settings(sureness: Sureness, earliest: number): Generator<Setting> {
    const callers = this.callers.filter((caller) => {
      const counts = this.counts(caller);
      return counts === "yes" || (sureness === "possible" && counts === "unknown");
    });
    const keys = mentionsOf(this.document).keys;
    const networks: readonly Network[] = [...keys].some(isNetworkKey) ? ["internet", "endpoint"] : ["internet"];
    const tls = [...keys].some(isTransportKey) ? this.inquiry.tls : this.inquiry.tls.slice(0, 1);
    for (const { target, action } of this.classes)
      for (const caller of callers)
        for (const network of caller.kind === "service" ? networks.slice(0, 1) : networks)
          for (const withTls of tls)
            for (const encryption of this.encryptions(keys, action, withTls))
              yield* this.assignments(
                {
                  situation: this.situation({ caller, action, network, tls: withTls, encryption }),
                  target,
                  assigned: new Map(),
                },
                earliest,
              );
  }

  /** A situation of each sort in which a caller may be. */
  private *situationsOf(caller: Caller): Generator<Situation> {
    const { keys } = mentionsOf(this.document);
    for (const { action } of this.classes)
      for (const network of ["internet", "endpoint"] as const)
        for (const tls of this.inquiry.tls)
          for (const encryption of this.encryptions(keys, action, tls))
            yield this.situation({ caller, action, network, tls, encryption });
  }

  private situation(part: Pick<Situation, "caller" | "action" | "network" | "tls" | "encryption">): Situation {
    const { account, region } = this.place;
    const { caller, action, network, tls, encryption } = part;
    return { service: this.inquiry.service, caller, action, network, tls, encryption, account, region };
  }

  private encryptions(keys: ReadonlySet<string>, action: string, tls: boolean): readonly Encryption[] {
    const { encryptions } = this.inquiry;
    if (encryptions) return encryptions;
    if (this.inquiry.service === "kms" || ![...keys].some(isEncryptionKey)) return ["none"];
    if (!carriesKey("s3", "s3:x-amz-server-side-encryption", action)) return ["none"];
    return tls
      ? ["none", "AES256", "aws:kms", "aws:kms:dsse", "customer-key"]
      : ["none", "AES256", "aws:kms", "aws:kms:dsse"];
  }

  /** Variables whose keys could be anything are tried with each value that could make a difference. */
  private *assignments(setting: Setting, earliest: number): Generator<Setting> {
    const tellApart = (distinction: Distinction): readonly string[] => this.tellApart(distinction);
    const onGuess = (): void => {
      this.guessesValues = true;
    };
    const search = this.variablesAre === "symbols" ? "symbols" : { earliest, tellApart, onGuess };
    const open = openVariables(setting, this.compiler, search);
    const combinations = open.reduce((product, values) => product * values.length, 1);
    if (combinations > MOST_ASSIGNMENTS) throw new TooComplex("too many policy variables");
    yield* this.assign(setting, open, 0);
  }

  private *assign(setting: Setting, open: readonly (readonly Assignment[])[], at: number): Generator<Setting> {
    const next = open[at];
    if (!next) {
      yield setting;
      return;
    }
    for (const assignment of next)
      yield* this.assign({ ...setting, assigned: new Map([...setting.assigned, ...assignment]) }, open, at + 1);
  }

  /** One action of each class that the policy can tell apart. */
  private actionClasses(): { readonly target: Target; readonly action: string }[] {
    const classes: { readonly target: Target; readonly action: string }[] = [];
    const { service } = this.inquiry;
    const serviceKeys = [...mentionsOf(this.document).keys].filter((key) => key.startsWith(`${service}:`));
    for (const { on, actions } of this.inquiry.domain) {
      const target: Target =
        on === "an object" ? { kind: "objects", bucket: this.place.arn } : { kind: "fixed", resource: this.place.arn };
      const seen = new Set<string>();
      for (const action of actions) {
        let signature = "";
        for (const { actions: element } of this.statements)
          signature += `${this.compiler.action(element, service, action, "over") ? 1 : 0}${this.compiler.action(element, service, action, "under") ? 1 : 0}`;
        for (const key of serviceKeys) signature += carriesKey(service, key, action) ? "+" : "-";
        if (seen.has(signature)) continue;
        seen.add(signature);
        classes.push({ target, action });
      }
    }
    return classes;
  }

  private describe(witness: Witness): Describe {
    const { situation, target } = witness.setting;
    const isKey = situation.service === "kms";
    return {
      action: `\`${situation.service}:${situation.action}\``,
      target: isKey ? "the key" : target.kind === "objects" ? "an object" : "the bucket",
      statement: witness.allowedBy ? nameOf(witness.allowedBy, this.document.letters) : "",
      caller: this.callerText(situation.caller),
    };
  }

  private callerText(caller: Caller): string {
    const { letters } = this.document;
    if (caller.kind === "anonymous") return "an anonymous caller";
    if (caller.kind === "service") return `the service \`${letters.show(caller.named ?? "")}\``;
    if (caller.account === undefined || isNamedAlone(caller)) return `\`${letters.show(caller.named ?? "")}\``;
    if (caller.isFresh) return "any other account";
    const elsewhere =
      caller.partition === this.place.partition ? "" : ` of partition \`${letters.show(caller.partition)}\``;
    return `account \`${letters.show(caller.account)}\`${elsewhere}`;
  }

  /** The decision where there is only this case. */
  decision(outcome: Outcome): Decision {
    if (outcome.kind === "none") return { answer: "none", coverage: this.coverageLines() };
    if (outcome.kind !== "found") return this.undecided(outcome, []);
    const { witness } = outcome;
    const compiler = this.compilerFor(witness.setting.situation.caller, "certain");
    const statement = culpritOf(witness, compiler, this.inquiry.shown);
    return {
      answer: "found",
      ...(statement === undefined ? {} : { statement }),
      counterexample: counterexampleOf(witness, compiler, this.inquiry.shown),
      message: this.inquiry.message(witness, this.describe(witness)),
      trace: traceOf(witness, compiler, "over"),
      remediation: this.inquiry.remediation,
    };
  }

  /** The decision where an outcome depends on some values. */
  undecided(outcome: Outcome, gaps: readonly Gap[]): Decision {
    if (outcome.kind === "too-complex" || outcome.kind === "none") {
      const why = outcome.kind === "none" ? "values that are not known decide it" : outcome.why;
      const complex: Gap[] = outcome.kind === "none" ? [] : [{ value: "the policy", because: "too-complex" }];
      return { answer: "undecided", message: why, gaps: [...complex, ...gaps] };
    }
    const { witness, case_ } = outcome;
    const own = outcome.kind === "possible" ? gapsOf(witness, case_.compiler, this.doubtsAbout(witness)) : [];
    const all = [...own, ...gaps].filter((gap, i, list) => list.findIndex((other) => other.value === gap.value) === i);
    return {
      answer: "undecided",
      message: `it depends on ${all.map((gap) => `\`${gap.value}\``).join(", ") || "values that are not known"} whether ${this.inquiry.message(witness, case_.describe(witness))}`,
      gaps: all,
      counterexample: counterexampleOf(witness, case_.compiler, this.inquiry.shown),
    };
  }

  /** What isn't known beside the policy's own values: who counts, and when the request is made where no plan tells it. */
  private doubtsAbout(witness: Witness): readonly Gap[] {
    const { doubts = [], counts } = this.inquiry;
    const isTimeless = this.place.timestamp === undefined && witness.values.has("time");
    return [
      ...(counts?.(witness.setting.situation.caller) === "unknown" ? doubts : []),
      ...(isTimeless ? [NO_TIMESTAMP] : []),
    ];
  }

  private coverageLines(): string[] {
    const lines: string[] = [];
    for (const [statement, covered] of this.coverage) {
      const parts = [
        ...(covered.has(this.place.arn) ? [this.inquiry.service === "kms" ? "the key" : "the bucket"] : []),
        ...(covered.has("objects") ? ["its objects"] : []),
      ];
      lines.push(`${nameOf(statement, this.document.letters)} stops it on ${parts.join(" and ")}`);
    }
    return lines.length > 0 ? lines : [this.inquiry.nothing];
  }
}

/** Whom a policy names without an account. */
const isNamedAlone = ({ kind, named, doubt }: Caller): boolean =>
  named !== undefined && (kind === "identity" || doubt !== undefined);

/** Whether a caller stands for all accounts that a policy doesn't tell apart. */
const isAnybody = ({ isFresh, isPickedOut }: Caller): boolean => isFresh && !isPickedOut;

/** A service that acts for none of those resources that are called like one of some accounts. */
function calledLikeNone(caller: Caller, accounts: readonly string[]): Caller {
  const { source } = caller;
  return source
    ? { ...caller, source: { ...source, unrealArns: [...source.unrealArns, ...holding(accounts)] } }
    : caller;
}

/** A state says of no time that it is past; a plan has a `timestamp`. */
const NO_TIMESTAMP: Gap = { value: "timestamp", because: "outside-the-plan" };

const SERVICE_KEY = /^aws:(principalisawsservice|principalservicename|source(arn|account|owner|orgid|orgpaths))/;

const isOneLetter = (account: string): boolean => account.length === 1 && hasLetter(account);

/** Whether a statement names services or speaks of their calls. */
const isAboutServices = ({ principals, conditions }: Statement): boolean =>
  principals.items.some((item) => item.kind === "service") ||
  conditions.some((condition) => SERVICE_KEY.test(condition.lower) || lacksCaller(condition));

/** Keys that all requests have but those of services themselves (IAM user guide, «Properties of the principal»). */
const CALLER_KEYS = /^aws:(principalaccount|principaltype|userid)$/;

/** Whether a condition is that nobody has called but a service. */
const lacksCaller = ({ lower, operator, values }: Condition): boolean =>
  operator.family === "null" && CALLER_KEYS.test(lower) && values.some((value) => value.toLowerCase() === "true");

const MOST_ASSIGNMENTS = 1000;
