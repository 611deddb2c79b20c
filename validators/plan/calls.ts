/** Turns calls of modules that differ in their names only into one call of a stand-in for all of them. */
import { hasStandIn, standInFor } from "../kernel/stand-in";
import { KeyFinder } from "./key-finder";
import type { Group, Json } from "./plan";
import type { Alike, SharedCall } from "./repetitions";
import { member } from "./shape";

/** What JSON never holds. */
const HOLE = "\0";

const callsIn = (configuration: Json): Json =>
  member(member(configuration, "root_module") ?? null, "module_calls") ?? null;

/** Units that are modules, told apart by how these are called: what is called otherwise, or isn't known to be, is not alike. */
export function byCall(alike: readonly Alike[], configuration: Json): readonly Alike[] {
  const calls = callsIn(configuration);
  const modules = new Map<Json, number>();
  return alike.flatMap((one): readonly Alike[] => {
    if (one.kinds[0] !== "module") return [one];
    const found = new Map<string, { readonly call?: SharedCall; readonly members: (readonly string[])[] }>();
    for (const names of one.members) {
      const call = sharedCall(member(calls, names[0] ?? ""), names[0] ?? "");
      const number = call === undefined ? 0 : (modules.get(call.module) ?? modules.size + 1);
      if (call !== undefined) modules.set(call.module, number);
      const key = `${number} ${call?.text}`;
      const same = found.get(key) ?? { ...(call === undefined ? {} : { call }), members: [] };
      found.set(key, same);
      same.members.push(names);
    }
    return [...found.values()].map((same) => ({ ...one, ...same }));
  });
}

function sharedCall(call: Json | undefined, name: string): SharedCall | undefined {
  const module = member(call ?? null, "module");
  if (module === undefined || typeof call !== "object") return undefined;
  const text = JSON.stringify({ ...call, module: null });
  return { text: text.replaceAll(name, HOLE), module };
}

/** The configuration with one call of a stand-in for those of its group. */
export function withSharedCalls(configuration: Json, groups: readonly (Group & Pick<Alike, "call">)[]): Json {
  const shared = groups.filter(({ isOfModules }) => isOfModules);
  if (shared.length === 0) return configuration;
  const hidden = new Set(shared.flatMap(({ members }) => members.map(([name = ""]) => name)));
  const calls: { [name: string]: Json } = Object.create(null);
  for (const [name, call] of Object.entries(callsIn(configuration) ?? {})) if (!hidden.has(name)) calls[name] = call;
  for (const { number, call } of shared) {
    const name = standInFor(number, 0, "module");
    if (call !== undefined) calls[name] = { ...JSON.parse(call.text.replaceAll(HOLE, name)), module: call.module };
  }
  const root = member(configuration, "root_module");
  return Object.assign(Object.create(null), configuration, {
    root_module: Object.assign(Object.create(null), root, { module_calls: calls }),
  });
}

/** Steps of the search for names in configuration, for each unit. */
const WORTH_SEARCHING = 4_000;

/** Which of the modules that may have a stand-in the rest of the configuration mentions; `undefined` where that can't be told. */
export function mentionedModules(
  configuration: Json,
  candidates: readonly (Group & Pick<Alike, "call">)[],
): Iterable<string> | undefined {
  const shared = candidates.filter(({ isOfModules }) => isOfModules);
  if (shared.length === 0) return [];
  const names = shared.flatMap(({ members }) => members.map(([name = ""]) => name));
  const own = new Set(names);
  const finder = new KeyFinder(names, WORTH_SEARCHING * names.length);
  const found = new Set<string>();
  const seen = new Set<Json>();
  let isVain = false;
  const text = (value: string): void => {
    isVain ||= hasStandIn(value);
    for (const name of finder.in(value)) found.add(name);
  };
  const visit = (json: Json, skipped?: ReadonlySet<string>): void => {
    if (typeof json === "string") text(json);
    if (typeof json !== "object" || json === null || seen.has(json)) return;
    seen.add(json);
    for (const [key, item] of Object.entries(json)) {
      if (skipped?.has(key)) continue;
      text(key);
      visit(item, item === calls ? own : undefined);
    }
  };
  const calls = callsIn(configuration);
  visit(configuration);
  for (const { call } of shared) {
    text(call?.text ?? "");
    visit(call?.module ?? null);
  }
  return isVain || finder.isSpent ? undefined : found;
}
