/** Turns what was proved of a stand-in into the results of all that it stands for. */
import {
  type Gap,
  groupIn,
  hasStandIn,
  isStandInFor,
  mentionsStandIn,
  type Result,
  renamed,
  StandInFails,
} from "../kernel/index";
import type { ResourceGraph } from "../model/graph";

/**
 * Every result, with those of each instance in place of its stand-in's. What is decided of a stand-in is decided of each, since
 * it holds whatever the names are. Throws {@link StandInFails} where the names matter to what stays undecided, as it may be
 * decided of each, and where anything but its own results tells of a stand-in.
 */
export function ofEach(
  results: readonly Result[],
  { standIns, notices }: Pick<ResourceGraph, "standIns" | "notices">,
  onStep?: () => void,
): readonly Result[] {
  if (standIns === undefined) return results;
  if (mentionsStandIn(notices)) throw new StandInFails();
  const open = new Set<number>();
  const all: Result[] = [];
  for (const ofSubject of bySubject(results)) {
    const [{ address }] = ofSubject;
    const group = groupIn(address);
    if (group === undefined) {
      if (mentionsStandIn(ofSubject)) throw new StandInFails();
      all.push(...ofSubject);
    } else if (ofSubject.some(({ undecided }) => undecided.some(mayBeDecided))) open.add(group);
    else tellEach(ofSubject, standIns.get(group) ?? [], all, onStep);
  }
  if (open.size > 0) throw new StandInFails({ isGroup: (group) => open.has(group) });
  return all;
}

/** Results in the same order, those of one subject that follow each other together. */
function bySubject(results: readonly Result[]): readonly (readonly [Result, ...Result[]])[] {
  const all: [Result, ...Result[]][] = [];
  for (const result of results) {
    const last = all[all.length - 1];
    if (last !== undefined && last[0].address === result.address) last.push(result);
    else all.push([result]);
  }
  return all;
}

/** Whether a gap is one of a stand-in only: its names are known of each, and take less to reason about. */
const mayBeDecided = ({ value, because }: Gap): boolean => isStandInFor(value) || because === "too-complex";

type Members = readonly (readonly string[])[];

/** Tells the results of a subject as each of many has them. */
function tellEach(results: readonly Result[], members: Members, into: Result[], onStep?: () => void): void {
  const lists = new Map<string, readonly unknown[]>();
  const own = results.map((result) => toldOf(result, members, lists));
  for (let i = 0; i < members.length; i++) {
    onStep?.();
    own.forEach((told) => {
      into.push(told(i));
    });
  }
}

/** Tells an object of each of many, by number. What several of its kind say of them, such as their addresses, is told once: `lists`. */
function toldOf<T extends object>(value: T, members: Members, lists: Map<string, readonly unknown[]>): (i: number) => T;
function toldOf(value: object, members: Members, lists: Map<string, readonly unknown[]>): (i: number) => unknown {
  const own = Object.entries(value).filter(([, item]) => mentionsStandIn(item));
  const names = own.map(([name]) => name);
  const told = own.map(([, item]) => {
    const text = JSON.stringify(item);
    const list = lists.get(text) ?? members.map(retold(item));
    lists.set(text, list);
    return list;
  });
  return (i) => {
    const one: { [name: string]: unknown } = { ...value };
    for (let at = 0; at < names.length; at++) one[names[at] ?? ""] = told[at]?.[i];
    return one;
  };
}

/** Tells a value of many: whatever doesn't name them is shared. */
function retold<T>(value: T): (names: readonly string[]) => T;
function retold(value: unknown): (names: readonly string[]) => unknown {
  if (typeof value === "string") return renamed(value);
  if (typeof value !== "object" || value === null || !mentionsStandIn(value)) return () => value;
  if (Array.isArray(value)) {
    const items = value.map((item) => retold(item));
    return (names) => items.map((item) => item(names));
  }
  const members = Object.entries(value).map(([name, item]) => [name, retold(item)] as const);
  if (members.some(([name]) => hasStandIn(name) || name === "__proto__")) {
    const called = members.map(([name, item]) => [renamed(name), item] as const);
    return (names) => Object.fromEntries(called.map(([name, item]) => [name(names), item(names)]));
  }
  const own = members.filter(([name]) => mentionsStandIn(Reflect.get(value, name)));
  return (names) => {
    const told: { [name: string]: unknown } = { ...value };
    for (const [name, item] of own) told[name] = item(names);
    return told;
  };
}
