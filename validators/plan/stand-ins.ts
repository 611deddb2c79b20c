/** Turns units of a plan that differ in their names only into one stand-in for all of them, where that can be done. */
import { type Apart, hasStandIn, standInFor } from "../kernel/stand-in";
import { mentionedModules } from "./calls";
import { placeIn, uuidsIn } from "./forms";
import { KeyFinder, WORTH_SEARCHING } from "./key-finder";
import type { Change, Group, Json, StateResource } from "./plan";
import type { Alike, Element } from "./repetitions";
import { eachText } from "./shape";

/** Fewer units are judged one by one: a stand-in saves nothing there. */
const FEWEST = 32;
/** Elements of a form that are read together: about as many bytes as the scanner takes. */
const TOGETHER = 64;

/** The resources of a plan, or some of them. */
export interface Resources {
  readonly changes: readonly Change[];
  readonly drift: readonly Change[];
  readonly prior: readonly StateResource[];
}

/** Turns the texts of elements into what is kept of them. */
export interface Builder {
  /** Called before each of them; may throw to end the work. */
  onStep(): void;
  changes(elements: readonly string[]): readonly Change[];
  resources(elements: readonly string[]): readonly StateResource[];
}

/** The resources of a plan, and what the stand-ins among them stand for. */
export interface Grouped extends Resources {
  readonly groups: readonly (Group & Pick<Alike, "call">)[];
}

/**
 * Resources with stand-ins for what is alike and may have one. A unit whose names stand anywhere else is
 * kept by itself, and so is one that the plan deletes, or that holds sensitive values.
 */
export function withStandIns(
  others: Resources,
  alike: readonly Alike[],
  configuration: Json,
  builder: Builder,
  apart: Apart,
): Grouped {
  const grouping = new Grouping(alike, builder);
  const candidates = alike.flatMap((one, number) => (apart.isGroup(number) ? [] : grouping.candidate(one, number)));
  const taken = new Set(candidates.map(({ number }) => number));
  const few = alike.filter((_, number) => !taken.has(number)).map((one) => grouping.each(one));
  const withoutAny = (): Grouped => ({ ...joined([others, ...alike.map((one) => grouping.each(one))]), groups: [] });
  const mentioned = mentionedModules(configuration, candidates);
  if (mentioned === undefined) return withoutAny();
  const search = new Search(candidates, ownersOf(candidates), [...(apart.keys ?? []), ...mentioned]);
  search.keysOf(others);
  for (const { standIn } of candidates) search.in(standIn, true);
  const single: Resources[] = [];
  let open: readonly Candidate[] = candidates;
  for (let found = [others, ...few]; ; ) {
    const [kept, left] = search.split(open);
    open = kept;
    found.push(...left.map((one) => grouping.each(one)));
    single.push(...found);
    if (open.length === 0 || found.length === 0) break;
    for (const one of found) search.in(one, false);
    if (search.isVain) return withoutAny();
    found = [];
  }
  return { ...joined([...single, ...open.map(({ standIn }) => standIn)]), groups: open };
}

interface Candidate extends Group, Alike {
  /** What fills its forms. */
  readonly names: readonly string[];
  readonly standIn: Resources;
}

/** Builds resources from what was taken by its form. */
class Grouping {
  constructor(
    readonly alike: readonly Alike[],
    readonly builder: Builder,
  ) {}

  /** What may get a stand-in; a UUID that all members share is no name of theirs. */
  candidate({ elements, kinds, members, call }: Alike, number: number): readonly Candidate[] {
    const [first = []] = members;
    const isOfModules = kinds[0] === "module";
    if (members.length < FEWEST || (isOfModules && call === undefined)) return [];
    const names = first.map((name, place) =>
      place > 0 && members.every((other) => other[place] === name)
        ? name
        : standInFor(number, place, kinds[place] ?? "hash"),
    );
    const standIn = this.#build(elements, [names]);
    const candidate = { number, elements, kinds, members, names, standIn, isOfModules, ...(call ? { call } : {}) };
    return isUsual(standIn) ? [candidate] : [];
  }

  /** All members, each by itself. */
  each({ elements, members }: Alike): Resources {
    return this.#build(elements, members);
  }

  #build(elements: readonly Element[], members: readonly (readonly string[])[]): Resources {
    const changes: Change[] = [];
    const drift: Change[] = [];
    const prior: StateResource[] = [];
    for (const { section, form, places } of elements)
      for (let from = 0; from < members.length; from += TOGETHER) {
        this.builder.onStep();
        const texts = members
          .slice(from, from + TOGETHER)
          .map((names) => form.filled(places.map((place) => names[place] ?? "")));
        if (section === "prior_state") prior.push(...this.builder.resources(texts));
        else (section === "resource_changes" ? changes : drift).push(...this.builder.changes(texts));
      }
    return { changes, drift, prior };
  }
}

/** Whether all resources go on as they are, come new or change, and nothing of them is sensitive. */
const isUsual = ({ changes, drift, prior }: Resources): boolean =>
  [...changes, ...drift].every(
    ({ actions, deposed, previousAddress, beforeSensitive, afterSensitive }) =>
      beforeSensitive === false &&
      afterSensitive === false &&
      deposed === undefined &&
      previousAddress === undefined &&
      actions.every((action) => action !== "delete" && action !== "forget"),
  ) && prior.every(({ sensitive }) => sensitive === false);

/** Whose a name is; the empty text where it is of several. */
const SHARED = "";

/** The key of the unit of each UUID; what is a hash is nobody's. */
function ownersOf(alike: readonly Alike[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { kinds, members } of alike)
    for (const names of members)
      names.forEach((name, place) => {
        if (kinds[place] !== "uuid") return;
        const key = names[0] ?? "";
        const known = owners.get(name);
        if (known === undefined) owners.set(name, key);
        else if (known !== key) owners.set(name, SHARED);
      });
  return owners;
}

/** Looks for the names of units where they shouldn't stand. */
class Search {
  readonly #keys: KeyFinder;
  readonly #found: Set<string>;
  #areStandIns = false;
  #hasMark = false;

  constructor(
    candidates: readonly Candidate[],
    readonly owners: ReadonlyMap<string, string>,
    apart: Iterable<string>,
  ) {
    this.#found = new Set(apart);
    const keys = candidates.flatMap(({ members }) => members.map((names) => names[0] ?? ""));
    this.#keys = new KeyFinder(keys, WORTH_SEARCHING * keys.length);
  }

  /** Whether no stand-in is any good: not all was searched, or the plan speaks of stand-ins itself. */
  get isVain(): boolean {
    return this.#hasMark || this.#keys.isSpent;
  }

  /** The keys under which resources stand. */
  keysOf({ changes, drift, prior }: Resources): void {
    for (const { address } of [...changes, ...drift, ...prior]) {
      const place = placeIn(address);
      if (place !== undefined) this.#found.add(place.key);
    }
  }

  /** Looks through resources, in which the names of stand-ins stand only where they are stand-ins. */
  in({ changes, drift, prior }: Resources, areStandIns: boolean): void {
    this.#areStandIns = areStandIns;
    for (const { address, previousAddress = "", before, after, afterUnknown } of [...changes, ...drift]) {
      this.#text(address);
      this.#text(previousAddress);
      for (const json of [before, after, afterUnknown]) eachText(json, this.#text);
    }
    for (const { address, values } of prior) {
      this.#text(address);
      eachText(values, this.#text);
    }
  }

  readonly #text = (text: string): void => {
    this.#hasMark ||= !this.#areStandIns && hasStandIn(text);
    if (this.isVain) return;
    for (const key of this.#keys.in(text)) this.#found.add(key);
    for (const uuid of uuidsIn(text)) {
      const owner = this.owners.get(uuid);
      if (owner !== undefined) this.#found.add(owner);
    }
  };

  /** Which members stay hidden, and which don't: of groups that get too small, all. */
  split(candidates: readonly Candidate[]): readonly [kept: readonly Candidate[], left: readonly Alike[]] {
    const kept: Candidate[] = [];
    const left: Alike[] = [];
    for (const candidate of candidates) {
      const { members, names } = candidate;
      const isFound = (own: readonly string[]): boolean =>
        this.#found.has(own[0] ?? "") ||
        (own.length > 1 && own.some((name, place) => names[place] !== name && this.owners.get(name) === SHARED));
      const hidden = members.filter((member) => !isFound(member));
      if (hidden.length < FEWEST) left.push(candidate);
      else if (hidden.length === members.length) kept.push(candidate);
      else {
        kept.push({ ...candidate, members: hidden });
        left.push({ ...candidate, members: members.filter(isFound) });
      }
    }
    return [kept, left];
  }
}

function joined(all: readonly Resources[]): Resources {
  return {
    changes: all.flatMap(({ changes }) => changes),
    drift: all.flatMap(({ drift }) => drift),
    prior: all.flatMap(({ prior }) => prior),
  };
}
