/** Turns what was proved of a stand-in into the results of all that it stands for. */
import {
  type Gap,
  groupIn,
  hasStandIn,
  isStandInFor,
  mentionsStandIn,
  type Renamed,
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
  const addressOf = addresses();
  const all: Result[] = [];
  for (const result of results) {
    const group = groupIn(result.address);
    if (group === undefined) {
      if (mentionsStandIn(result)) throw new StandInFails();
      all.push(result);
    } else if (result.undecided.some(mayBeDecided)) open.add(group);
    else
      for (const one of each(result, standIns.get(group) ?? [], addressOf)) {
        onStep?.();
        all.push(one);
      }
  }
  if (open.size > 0) throw new StandInFails({ isGroup: (group) => open.has(group) });
  return all;
}

/** Whether a gap is one of a stand-in only: its names are known of each, and take less to reason about. */
const mayBeDecided = ({ value, because }: Gap): boolean => isStandInFor(value) || because === "too-complex";

type Members = readonly (readonly string[])[];

/** A result as each of many has it: all results of a subject share its address. */
function* each(result: Result, members: Members, addressOf: AddressOf): Generator<Result> {
  const own = retold(result);
  for (const names of members) yield { ...own(names), address: addressOf(result.address, names) };
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

type AddressOf = (address: string, names: readonly string[]) => string;

/** Tells addresses, each told once. */
function addresses(): AddressOf {
  const known = new Map<string, { readonly text: Renamed; readonly told: Map<readonly string[], string> }>();
  return (address, names) => {
    const one = known.get(address) ?? { text: renamed(address), told: new Map() };
    known.set(address, one);
    const told = one.told.get(names) ?? one.text(names);
    one.told.set(names, told);
    return told;
  };
}
