/** Turns what was proved of a stand-in into the results of all that it stands for. */

import type { Result } from "../kernel/index";
import { groupIn, isStandInFor, mentionsStandIn, type Renamed, renamed, StandInFails } from "../kernel/stand-in";
import type { ResourceGraph } from "../model/graph";

/**
 * Every result, with those of each instance in place of its stand-in's. What is decided of a stand-in is decided of each, since
 * it holds whatever the names are. Throws {@link StandInFails} where the names matter to what stays undecided, as it may be
 * decided of each, and where anything but its own results tells of a stand-in.
 */
export function ofEach(
  results: readonly Result[],
  { standIns, notices }: Pick<ResourceGraph, "standIns" | "notices">,
): readonly Result[] {
  if (standIns === undefined) return results;
  if (mentionsStandIn(notices)) throw new StandInFails();
  const open = new Set<number>();
  const all: Result[] = [];
  for (const result of results) {
    const group = groupIn(result.address);
    if (group === undefined) {
      if (mentionsStandIn(result)) throw new StandInFails();
      all.push(result);
    } else if (result.undecided.some(({ value }) => isStandInFor(value))) open.add(group);
    else all.push(...each(result, standIns.get(group) ?? []));
  }
  if (open.size > 0) throw new StandInFails(open);
  return all;
}

type Members = readonly (readonly string[])[];

const each = (result: Result, members: Members): Result[] =>
  result.verdict === "pass" ? eachThatPasses(result, members) : eachOther(result, members);

function eachOther(result: Result, members: Members): Result[] {
  const text = renamed(JSON.stringify(result));
  return members.map((names) => JSON.parse(text(names)));
}

/** Thousands pass, and share whatever doesn't name them. */
function eachThatPasses(result: Result, members: Members): Result[] {
  const address = renamed(result.address);
  const message = renamed(result.message);
  const trace = result.trace?.map(renamed);
  const related = result.related.map(renamed);
  const named = (texts: readonly Renamed[], names: readonly string[]): string[] => texts.map((text) => text(names));
  return members.map((names) => {
    const own = { ...result, address: address(names), message: message(names), related: named(related, names) };
    return trace === undefined ? own : { ...own, trace: named(trace, names) };
  });
}
