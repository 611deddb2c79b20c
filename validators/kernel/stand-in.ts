/**
 * Turns many instances that differ in nothing but their names into one that stands for them all: what is proved of it, with
 * symbols for its names, is proved of each.
 */
import { partsOf, Sym, Text, text, type Value } from "./value";

/** How the names of stand-ins begin, which may be names of modules: a plan in which this stands itself is judged instance by instance. */
const MARK = "tollgate-twin-";
const NAME = /tollgate-twin-(\d+)-(key|module|uuid|hash)(\d+)-/;
const NAMES = new RegExp(NAME, "g");
/** The same in what people read, where a symbol stands as `${…}`. */
const SHOWN = new RegExp(`\\$\\{${NAME.source}\\}|${NAME.source}`, "g");

/**
 * What a name is: an instance key of lower-case letters, digits, dots and hyphens, a module without the dots, a UUID, or a number
 * that names nothing.
 */
export type NameKind = "key" | "module" | "uuid" | "hash";

/** What stands for a name: that of a place among the names of each instance of a group. */
export const standInFor = (group: number, place: number, kind: NameKind): string => `${MARK}${group}-${kind}${place}-`;

/** Whether text holds the name of a stand-in. */
export const hasStandIn = (value: string): boolean => value.includes(MARK);

/** Whether text is the name of a stand-in, and nothing else. */
export const isStandInFor = (value: string): boolean => value.replace(NAME, "") === "" && value !== "";

/** Whether anything in a value of JSON holds the name of a stand-in. */
export const mentionsStandIn = (value: unknown): boolean => hasStandIn(JSON.stringify(value) ?? "");

/**
 * That a stand-in can't tell what each of the instances may tell: they have to be judged one by one. Thrown through whatever
 * is going on, and caught by whoever made the stand-ins.
 */
export class StandInFails extends Error {
  override name = "StandInFails";

  /** `apart`: which have to be judged by themselves; left out: all. */
  constructor(readonly apart: Apart = { isGroup: () => true }) {
    super("a stand-in can't tell what each instance may tell");
  }
}

/** What no stand-in may stand for: groups by their numbers, instances by their keys. */
export interface Apart {
  isGroup(number: number): boolean;
  readonly keys?: ReadonlySet<string>;
}

const symbols = new Map<string, Sym>();

/** The symbol of a stand-in's name: a UUID may be a key's id. */
function symbolFor(name: string, kind: string | undefined): Sym {
  const known = symbols.get(name);
  if (known !== undefined) return known;
  const isPlain = kind === "key" || kind === "module";
  const symbol = new Sym(name, kind === "uuid" ? "key-id" : "any", { isPlain });
  symbols.set(name, symbol);
  return symbol;
}

/** Whether a symbol is the name of a stand-in itself. */
export const isStandInName = ({ id }: Sym): boolean => symbols.has(id);

/** Whether nothing of a value is unknown but the names of a stand-in. */
export const isStandInText = (value: Value): boolean =>
  value instanceof Text && value.parts.every((part) => typeof part === "string" || isStandInName(part));

/** The number of the group to whose stand-in a text belongs. */
export function groupIn(value: string): number | undefined {
  const [, group] = hasStandIn(value) ? (NAME.exec(value) ?? []) : [];
  return group === undefined ? undefined : Number(group);
}

/** What stands before each match of a pattern in a text, and behind the last one. */
function between(value: string, found: readonly RegExpExecArray[]): readonly string[] {
  const ends = [0, ...found.map(({ 0: match, index }) => index + match.length)];
  return ends.map((end, i) => value.slice(end, found[i]?.index));
}

/** Text with a symbol in place of each name of a stand-in. */
export function withSymbols(value: string): string | Text {
  if (!hasStandIn(value)) return value;
  const found = [...value.matchAll(NAMES)];
  const names = found.map(([name, , kind]) => symbolFor(name, kind));
  return text(between(value, found).flatMap((part, i) => [part, names[i] ?? ""]));
}

/** Text that is told of a stand-in, as it is told of an instance with the given names. */
export type Renamed = (names: readonly string[]) => string;

/** Prepares text for many instances. */
export function renamed(value: string): Renamed {
  if (!hasStandIn(value)) return () => value;
  const found = [...value.matchAll(SHOWN)];
  const places = found.map(([, , , inBraces, , , bare]) => Number(inBraces ?? bare));
  const [first = "", last = "", ...more] = between(value, found);
  // mostly one name stands there, once
  if (more.length === 0) return (names) => `${first}${names[places[0] ?? 0]}${last}`;
  const parts = [last, ...more];
  return (names) => places.reduce((done, place, i) => `${done}${names[place]}${parts[i]}`, first);
}

/** The same text with the name of each stand-in in place of its symbol. */
export const withNames = (value: string | Text): string | Text =>
  text(partsOf(value).map((part) => (part instanceof Sym && symbols.get(part.id) === part ? part.id : part)));
