/** Turns Terraform's regular expressions (RE2) into ones that run in linear time, whatever is fed to them. */
import type { RE2JS } from "re2js";
import type { Value } from "../../kernel/index";
import { Failed, limits, TooComplex } from "../values/outcome";

/** A compiled pattern. */
export interface Pattern {
  /** `regex`: the match, the list of its groups, or the map of its named groups. Throws `Failed` if there is none. */
  first(subject: string): Value;
  /** `regexall`. */
  all(subject: string): readonly Value[];
  /** `replace` with `/…/`. */
  replaceAll(subject: string, by: string): string;
}

/** The library is large, and few policies need it. */
const load = (): typeof import("re2js") => require("re2js") as typeof import("re2js");

/** Compiles a pattern. Throws `Failed` for one that RE2 refuses. */
export function parseTimeless(pattern: string): Pattern {
  if (pattern.length > 10_000) throw new TooComplex();
  let compiled: RE2JS;
  try {
    compiled = load().RE2JS.compile(pattern);
  } catch {
    throw new Failed("a regular expression that isn't one");
  }
  return {
    first: (subject) => {
      const matcher = compiled.matcher(subject);
      if (!matcher.find()) throw new Failed("no match");
      return captured(compiled, matcher);
    },
    all: (subject) => {
      const matcher = compiled.matcher(subject);
      const found: Value[] = [];
      while (matcher.find()) {
        found.push(captured(compiled, matcher));
        if (found.length > limits.size) throw new TooComplex();
      }
      return found;
    },
    replaceAll: (subject, by) => substitute(compiled, subject, by),
  };
}

type Matcher = ReturnType<RE2JS["matcher"]>;

function captured(compiled: RE2JS, matcher: Matcher): Value {
  const names = Object.entries(compiled.namedGroups());
  if (names.length > 0) {
    if (names.length !== compiled.groupCount()) throw new Failed("named and unnamed groups together");
    return new Map(names.map(([name, index]) => [name, matcher.group(index) ?? null]));
  }
  if (compiled.groupCount() === 0) return matcher.group() ?? "";
  return Array.from({ length: compiled.groupCount() }, (_group, i) => matcher.group(i + 1) ?? null);
}

const reference = /\$(?:\{(\w+)\}|(\w+)|(\$))/g;

/** Go's `Regexp.ReplaceAllString`: `$1`, `${1}`, `${name}`; a name is as long as possible, and an unknown one is empty. */
function substitute(compiled: RE2JS, subject: string, by: string): string {
  const matcher = compiled.matcher(subject);
  const names = new Map(Object.entries(compiled.namedGroups()));
  const groupNamed = (name: string): string => {
    const index = /^\d+$/.test(name) ? Number(name) : names.get(name);
    return index === undefined || index > compiled.groupCount() ? "" : (matcher.group(index) ?? "");
  };
  let result = "";
  let at = 0;
  while (matcher.find()) {
    result += subject.slice(at, matcher.start());
    result += by.replace(reference, (_all, braced?: string, bare?: string) => {
      const name = braced ?? bare;
      return name === undefined ? "$" : groupNamed(name);
    });
    at = matcher.end();
    if (result.length > limits.length) throw new TooComplex();
  }
  return result + subject.slice(at);
}
