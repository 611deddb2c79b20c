/** Turns the paths of several inputs into the names by which reports tell them apart, the same wherever the run is. */
import { isAbsolute, normalize, resolve, sep } from "node:path";
import type { NamedInput } from "../check";
import { isRemote } from "../input";
import { InputError } from "../kernel/index";

const slashed = (path: string): string => path.split(sep).join("/");

/** The folders that all of these paths begin with, as text with `/` at its end. */
function sharedFolder([first = "", ...more]: readonly string[]): string {
  let shared = first.slice(0, first.lastIndexOf("/") + 1);
  for (const path of more)
    while (!path.startsWith(shared)) shared = shared.slice(0, shared.lastIndexOf("/", shared.length - 2) + 1);
  return shared;
}

/**
 * Each input once, sorted by name. Relative paths and S3 URIs are named as they were given; absolute ones, which begin
 * with a machine's folders, below the nearest folder that holds them all.
 * @throws InputError for standard input given twice, and for two inputs that would have one name.
 */
export function namedInputs(paths: readonly string[]): NamedInput[] {
  if (paths.filter((path) => path === "-").length > 1)
    throw new InputError("-: standard input can be judged once only, found it twice");
  const isPlace = (path: string): boolean => path !== "-" && !isRemote(path) && isAbsolute(path);
  const shared = sharedFolder(paths.filter(isPlace).map((path) => slashed(normalize(path))));
  const places = new Set<string>();
  const names = new Map<string, string>();
  for (const path of paths) {
    const place = path === "-" || isRemote(path) ? path : resolve(path);
    if (places.has(place)) continue;
    places.add(place);
    const tidy = path === "-" || isRemote(path) ? path : slashed(normalize(path)).replace(/(?<=.)\/$/, "");
    const name = isPlace(path) ? tidy.slice(shared.length) || "." : tidy;
    const other = names.get(name);
    if (other !== undefined)
      throw new InputError(
        `${path}: expected a path that differs from that of \`${other}\`: both would be \`${name}\``,
      );
    names.set(name, path);
  }
  return [...names].map(([name, path]) => ({ path, name })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
