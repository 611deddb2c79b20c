/** Turns calls of modules that differ in their names only into one call of a stand-in for all of them. */
import { hasStandIn, standInFor } from "../kernel/stand-in";
import { KeyFinder, WORTH_SEARCHING } from "./key-finder";
import type { Group, Json } from "./plan";
import type { Alike, SharedCall } from "./repetitions";
import { eachText, member } from "./shape";

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

type Called = Group & Pick<Alike, "call">;

const namesOf = (groups: readonly Called[]): readonly string[] =>
  groups.flatMap(({ members }) => members.map((names) => names[0] ?? ""));

/** The configuration with other calls in place of those of some groups. */
function withCalls(configuration: Json, groups: readonly Called[], others: readonly (readonly [string, Json])[]): Json {
  const hidden = new Set(namesOf(groups));
  const known = Object.entries(callsIn(configuration) ?? {}).filter(([name]) => !hidden.has(name));
  // names of strangers: no prototype that they could reach
  const calls: { [name: string]: Json } = Object.create(null);
  for (const [name, call] of [...known, ...others]) calls[name] = call;
  const root = member(configuration, "root_module");
  return Object.assign(Object.create(null), configuration, {
    root_module: Object.assign(Object.create(null), root, { module_calls: calls }),
  });
}

/** The configuration with one call of a stand-in for those of its group. */
export function withSharedCalls(configuration: Json, groups: readonly Called[]): Json {
  const ofModules = groups.filter(({ isOfModules }) => isOfModules);
  if (ofModules.length === 0) return configuration;
  const shared = ofModules.flatMap(({ number, call }) => {
    const name = standInFor(number, 0, "module");
    return call ? [[name, { ...JSON.parse(call.text.replaceAll(HOLE, name)), module: call.module }] as const] : [];
  });
  return withCalls(configuration, ofModules, shared);
}

/** Which of the modules that may have a stand-in the rest of the configuration mentions; `undefined` where that can't be told. */
export function mentionedModules(configuration: Json, candidates: readonly Called[]): Iterable<string> | undefined {
  const ofModules = candidates.filter(({ isOfModules }) => isOfModules);
  if (ofModules.length === 0) return [];
  const names = namesOf(ofModules);
  const finder = new KeyFinder(names, WORTH_SEARCHING * names.length);
  const found = new Set<string>();
  let isVain = false;
  const tell = (text: string): void => {
    isVain ||= hasStandIn(text);
    for (const name of finder.in(text)) found.add(name);
  };
  const shared = ofModules.flatMap(({ call }) => (call ? [call.text, call.module] : []));
  const seen = new Set<Json>();
  for (const json of [withCalls(configuration, ofModules, []), ...shared]) eachText(json, tell, seen);
  return isVain || finder.isSpent ? undefined : found;
}
