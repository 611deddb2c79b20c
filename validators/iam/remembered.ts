/** Turns a question about a policy into its answer, asked once for all policies that differ in their names only. */
import { withNames, withSymbols } from "../kernel/stand-in";
import { partsOf, Sym, type Text, text, Unknown } from "../kernel/value";
import type { Allowance, Kept } from "./allowance";
import type { BucketWorld, Decision } from "./decision";
import { count, workDone } from "./language";
import { isIndifferent, type OwnName, ownName, withoutName } from "./own-name";
import { readPolicy } from "./read";
import type { PolicyReading, PolicyText, Service } from "./reading";

/** What stands for a name in the form that many policies share: a text that nothing else has. */
const STAND_IN = "tollgate.stand-in.";
/** A stand-in in the words of an answer: what it stands for, and which side of it. */
const STAND_INS = /(\$\{)?tollgate\.stand-in\.(\d+)\.(name|expression)(\})?|tollgate\.stand-in\.policy/g;
/** Answers of one input that are remembered before all are forgotten, and characters of their policies. */
const MOST_ANSWERS = 4_000;
const MOST_CHARACTERS = 16_000_000;
/** The same, of what is still known when the next input begins. */
const MOST_ANSWERS_BEFORE = 1_000;
const MOST_CHARACTERS_BEFORE = 4_000_000;

/** A question about a policy in its world. */
export type Question<T> = (reading: PolicyReading, world: BucketWorld) => T;

/** What is known of one form of policy and world. */
interface Known {
  /** Whether it says the same about a bucket of any name. */
  readonly isIndifferent: boolean;
  /** Answers by question. */
  readonly answers: Map<string, KnownAnswer>;
}

/** An answer, what it cost, and which input has been charged for it. */
interface KnownAnswer {
  readonly answer: unknown;
  readonly work: number;
  chargedTo: Allowance | undefined;
}
const knownForms = new Map<string, Known>();
let answersKept = 0;
let characters = 0;

/**
 * Answers the question for the policy under the names of nobody, and remembers that. An answer that `isFinal` is the
 * answer, with the names put back, else the question is asked again about the policy as it stands. The policy that is
 * asked about either is the same but for its names (`isSame`), or has a symbol in place of its bucket's or key's name:
 * what holds for every value of a symbol holds for the name at hand. `asked` names the question with all its options.
 * Each answer is charged to the `allowance` once, remembered or not, so that what an input costs doesn't depend on those
 * that were judged before it.
 */
export function remembered<T>(
  asked: string,
  policy: PolicyText,
  service: Service,
  world: BucketWorld,
  question: Question<T>,
  isFinal: (answer: T, isSame: boolean) => boolean,
  allowance?: Allowance,
): T {
  const afresh = (): T => {
    const { answer, work } = measured(() => question(readPolicy(policy, service), world));
    allowance?.charge(work);
    return answer;
  };
  if (policy === null || policy instanceof Unknown) return afresh();
  const shared = sharedForm(policy, world);
  if (!shared.isNobodys) return afresh();
  const known = shared.known.answers.get(asked) ?? {
    ...measured(() => shared.ask(question, service)),
    chargedTo: undefined,
  };
  if (!shared.known.answers.has(asked) || known.chargedTo !== allowance) remember(shared, asked, known, allowance);
  // the key names the question, and each question has one type of answer
  const answer = known.answer as T;
  if (isFinal(answer, shared.isSame)) return shared.restore(answer);
  return afresh();
}

/** What a piece of work yields, and what it costs. */
function measured<T>(work: () => T): { readonly answer: T; readonly work: number } {
  const before = workDone();
  const answer = work();
  return { answer, work: workDone() - before };
}

const hasNoStandIn = (part: string | Sym): boolean => part instanceof Sym || !part.includes(STAND_IN);

/**
 * Whether a decision is the answer under another name: no request for every name, or the same policy but for names. A
 * refusal gives columns of the text, which a name shifts.
 */
export const isFinal = ({ answer }: Decision, isSame: boolean): boolean =>
  answer === "none" || (isSame && answer !== "refused");

/** Keeps an answer and charges it. What is forgotten when depends on the input alone, as what is charged does. */
function remember(shared: SharedForm, asked: string, known: KnownAnswer, allowance: Allowance | undefined): void {
  const input = allowance?.kept ?? NOBODYS;
  const isFirst = input.answers === 0;
  const isFull = isFirst
    ? answersKept > MOST_ANSWERS_BEFORE || characters > MOST_CHARACTERS_BEFORE
    : input.answers >= MOST_ANSWERS || input.characters > MOST_CHARACTERS;
  if (isFull) {
    knownForms.clear();
    answersKept = characters = input.answers = input.characters = 0;
  }
  if (!knownForms.has(shared.key)) {
    characters += shared.key.length;
    knownForms.set(shared.key, shared.known);
  }
  if (!shared.known.answers.has(asked)) answersKept++;
  input.answers++;
  input.characters += shared.key.length;
  allowance?.charge(known.work);
  known.chargedTo = allowance;
  shared.known.answers.set(asked, known);
}

/** What is charged to nobody is counted together. */
const NOBODYS: Kept = { answers: 0, characters: 0 };

/** What a stand-in stands for. */
interface Name {
  /** As `show` writes it, and as gaps name it. */
  readonly shown: string;
  readonly named: string;
  readonly expression: string;
}

/** A policy that was read, and its world. */
interface Read {
  readonly reading: PolicyReading;
  readonly world: BucketWorld;
}

/** A policy and its world under the names of nobody. */
class SharedForm {
  readonly policy: string | Text;
  readonly world: BucketWorld;
  readonly key: string;
  readonly known: Known;
  readonly #symbols = new Map<string, Sym>();
  readonly #kinds = new Map<string, Sym["kind"]>();
  readonly #names: Name[] = [];
  /** In place of the bucket's or key's known name. */
  #own: Sym | undefined;
  /** Whether two kinds of one symbol became two, which may turn out equal or not: that says less than the policy does. */
  #isSplit = false;
  #read: { readonly answer: Read; readonly work: number } | undefined;
  /** Whether the policy spells no stand-in out itself. */
  readonly isNobodys: boolean;

  constructor(
    readonly given: string | Text,
    readonly givenWorld: BucketWorld,
  ) {
    this.isNobodys = partsOf(given).every(hasNoStandIn);
    const own = ownName(withNames(givenWorld.arn));
    const renamed = (value: string | Text): string | Text => this.#renamed(value, own);
    this.world = {
      ...givenWorld,
      arn: renamed(givenWorld.arn),
      account: renamed(givenWorld.account),
      partition: renamed(givenWorld.partition),
      region: renamed(givenWorld.region),
      ...(givenWorld.principalIds === undefined
        ? {}
        : { principalIds: new Map([...givenWorld.principalIds].map(([id, of]) => [id, renamed(of)])) }),
      ...(givenWorld.ownBuckets === undefined ? {} : { ownBuckets: givenWorld.ownBuckets.map(renamed) }),
      policyName: `${STAND_IN}policy`,
    };
    this.policy = renamed(given);
    const { arn, account, partition, region, timestamp = "", principalIds = [], ownBuckets = [] } = this.world;
    this.key = [arn, account, partition, region, timestamp, ...[...principalIds].flat(), ...ownBuckets, this.policy]
      .map(written)
      .join("\n");
    this.known = knownForms.get(this.key) ?? {
      isIndifferent: this.#own?.kind === "bucket-name" && isIndifferent(this.policy, this.#own),
      answers: new Map(),
    };
  }

  /** Whether what is asked about is the policy at hand but for names. */
  get isSame(): boolean {
    return !this.#isSplit && (this.#own === undefined || this.known.isIndifferent);
  }

  /** Asks about the form, which is read once for all questions; each of them is charged for it. */
  ask<T>(question: Question<T>, service: Service): T {
    if (this.#read?.answer.reading.service === service) count(this.#read.work);
    else this.#read = measured(() => this.#readFor(service));
    const { reading, world } = this.#read.answer;
    return question(reading, world);
  }

  /** Where any name will do, its own name is a known one, as it is in the policy at hand. */
  #readFor(service: Service): Read {
    const own = this.#own;
    if (own === undefined || !this.known.isIndifferent)
      return { reading: readPolicy(this.policy, service), world: this.world };
    const known = (value: string | Text): string | Text =>
      text(partsOf(value).map((part) => (part === own ? own.id : part)));
    return { reading: readPolicy(known(this.policy), service), world: { ...this.world, arn: known(this.world.arn) } };
  }

  /** Whether this is the form of a policy in a world. */
  isOf(policy: string | Text, world: BucketWorld): boolean {
    const { givenWorld } = this;
    return (
      this.given === policy &&
      givenWorld.arn === world.arn &&
      givenWorld.account === world.account &&
      givenWorld.partition === world.partition &&
      givenWorld.region === world.region &&
      givenWorld.timestamp === world.timestamp &&
      givenWorld.principalIds === world.principalIds &&
      givenWorld.ownBuckets === world.ownBuckets &&
      givenWorld.policyName === world.policyName
    );
  }

  /** An answer with the names at hand in place of their stand-ins. */
  restore<T>(answer: T): T;
  restore(answer: unknown): unknown {
    if (typeof answer === "string") {
      if (!answer.includes(STAND_IN)) return answer;
      return answer.replace(STAND_INS, (_, open = "", number, side, close = "") => {
        const name = this.#names[Number(number)];
        if (name === undefined) return this.givenWorld.policyName;
        if (side === "expression") return `${open}${name.expression}${close}`;
        return open !== "" && close !== "" ? name.shown : `${open}${name.named}${close}`;
      });
    }
    if (typeof answer !== "object" || answer === null) return answer;
    if (Array.isArray(answer)) return answer.map((item) => this.restore(item));
    const entries = Object.entries(answer);
    return Object.fromEntries(entries.map(([key, value]) => [this.restore(key), this.restore(value)]));
  }

  #renamed(value: string | Text, own: OwnName | undefined): string | Text {
    const standIn = (part: string | Sym): string | Sym => (part instanceof Sym ? this.#standInFor(part) : part);
    if (own === undefined) return text(partsOf(value).map(standIn));
    return text(
      partsOf(withNames(value)).flatMap((part) => {
        if (part instanceof Sym) return [standIn(part)];
        const parts = withoutName(part, own, () => this.#standInForName(own));
        // names of those that the bucket stands for may stand in other places too
        return parts.flatMap((one) => (one instanceof Sym ? [one] : partsOf(withSymbols(one)).map(standIn)));
      }),
    );
  }

  #standInFor({ id, kind, because, expression, account }: Sym): Sym {
    const before = this.#kinds.get(id);
    if (before === undefined) this.#kinds.set(id, kind);
    else if (before !== kind) this.#isSplit = true;
    const name = { shown: `\${${id}}`, named: id, expression: expression ?? "" };
    return this.#standIn(`symbol ${kind} ${id}`, kind, because, expression !== undefined, name, account);
  }

  #standInForName({ name, kind }: OwnName): Sym {
    const names = { shown: name, named: name, expression: "" };
    this.#own = this.#standIn("own name", kind, "computed-at-apply", false, names);
    return this.#own;
  }

  #standIn(
    identity: string,
    kind: Sym["kind"],
    because: Sym["because"],
    hasExpression: boolean,
    name: Name,
    account?: Sym["account"],
  ): Sym {
    const known = this.#symbols.get(identity);
    if (known !== undefined) return known;
    const of = account === undefined ? undefined : this.#renamed(account, undefined);
    const id = `${STAND_IN}${this.#names.length}`;
    const expression = hasExpression ? `${id}.expression` : undefined;
    const symbol = new Sym(`${id}.name`, kind, { because, expression, account: of });
    this.#symbols.set(identity, symbol);
    this.#names.push(name);
    return symbol;
  }
}

let last: SharedForm | undefined;

/** The form of a policy; the one that was asked for last is at hand, since several questions follow each other. */
function sharedForm(policy: string | Text, world: BucketWorld): SharedForm {
  if (last?.isOf(policy, world) !== true) last = new SharedForm(policy, world);
  return last;
}

const written = (value: string | Text): string =>
  partsOf(value)
    .map((part) =>
      part instanceof Sym
        ? `\u0001${part.kind} ${part.id} ${part.because} ${part.expression ?? ""}${part.account === undefined ? "" : ` of ${written(part.account)}`}\u0002`
        : part,
    )
    .join("");
