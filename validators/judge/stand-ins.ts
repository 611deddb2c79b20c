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
  const addressesOf = addresses();
  const all: Result[] = [];
  for (const result of results) {
    const group = groupIn(result.address);
    if (group === undefined) {
      if (mentionsStandIn(result)) throw new StandInFails();
      all.push(result);
    } else if (result.undecided.some(mayBeDecided)) open.add(group);
    else {
      const members = standIns.get(group) ?? [];
      tellEach(result, members, addressesOf(result.address, members), (one) => {
        onStep?.();
        all.push(one);
      });
    }
  }
  if (open.size > 0) throw new StandInFails({ isGroup: (group) => open.has(group) });
  return all;
}

/** Whether a gap is one of a stand-in only: its names are known of each, and take less to reason about. */
const mayBeDecided = ({ value, because }: Gap): boolean => isStandInFor(value) || because === "too-complex";

type Members = readonly (readonly string[])[];

/** Tells a result as each of many has it, whose addresses are told already: all results of a subject share them. */
function tellEach(result: Result, members: Members, addresses: readonly string[], tell: (one: Result) => void): void {
  const own = retold({ ...result, address: "" });
  for (const [i, names] of members.entries()) tell({ ...own(names), address: addresses[i] ?? "" });
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

/** Tells addresses of many, each once. */
function addresses(): (address: string, members: Members) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (address, members) => {
    const told = known.get(address) ?? members.map(renamed(address));
    known.set(address, told);
    return told;
  };
}
