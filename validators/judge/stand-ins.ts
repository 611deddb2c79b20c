/** Turns what was proved of a stand-in into the results of all that it stands for. */

import type { Result } from "../kernel/index";
import { groupIn, mentionsStandIn, type Renamed, renamed, StandInFails } from "../kernel/stand-in";
import type { ResourceGraph } from "../model/graph";

/**
 * Every result, with those of each instance in place of its stand-in's. Throws {@link StandInFails} where a stand-in doesn't
 * pass, as each instance may differ then, and where anything else is told of one.
 */
export function ofEach(
  results: readonly Result[],
  { standIns, notices }: Pick<ResourceGraph, "standIns" | "notices">,
): readonly Result[] {
  if (standIns === undefined) return results;
  if (mentionsStandIn(notices)) throw new StandInFails();
  const failed = new Set<number>();
  const all: Result[] = [];
  for (const result of results) {
    const group = groupIn(result.address);
    if (group === undefined) {
      if (mentionsStandIn(result)) throw new StandInFails();
      all.push(result);
    } else if (result.verdict !== "pass") failed.add(group);
    else all.push(...each(result, standIns.get(group) ?? []));
  }
  if (failed.size > 0) throw new StandInFails(failed);
  return all;
}

function each(result: Result, members: readonly (readonly string[])[]): Result[] {
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
