/** Turns a policy's text, with or without symbols, into a reading. */
import { partsOf, Unknown } from "../kernel/value";
import { readDocument } from "./grammar";
import { JsonProblem, parseJsonText } from "./json-text";
import { count } from "./language";
import { gapFrom, hasLetter, Letters } from "./letters";
import type { PolicyReading, PolicyText, Service } from "./reading";
import { limitOf, sizeOf } from "./size";

/** More than any policy can have, however much white space it is written with. */
const LONGEST = 1_000_000;
/** More symbols than a policy that AWS takes has room for, and fewer than there are letters for them. */
const MOST_SYMBOLS = 5_000;

/**
 * Reads a policy. `null` is no policy; text that AWS would refuse, or that no one can judge, comes back as `refused`
 * with every problem and its place.
 */
export function readPolicy(value: PolicyText, service: Service): PolicyReading {
  if (value === null) return { kind: "absent", service };
  if (value instanceof Unknown) return { kind: "unknown", service, gaps: [gapFrom(value)] };
  const parts = partsOf(value);
  const symbols = parts.filter((part) => typeof part !== "string");
  const isOnlySymbols = parts.every((part) => typeof part !== "string" || part.trim() === "");
  if (symbols.length > 0 && isOnlySymbols) return { kind: "unknown", service, gaps: symbols.map(gapFrom) };
  if (symbols.length > MOST_SYMBOLS)
    return { kind: "unknown", service, gaps: [{ value: "the policy", because: "too-complex" }] };
  if (parts.some((part) => typeof part === "string" && hasLetter(part)))
    return refused(service, "a private use character, which no one can judge");
  const letters = new Letters();
  const written = letters.write(value);
  if (written.length > LONGEST) return refused(service, `longer than ${LONGEST} characters`);
  const { bytes, is } = sizeOf(written, letters, service);
  if (is === "refused")
    return refused(service, `${bytes} bytes without white space, twice ${limitOf(service)} and more`);
  return readWritten(written, letters, service);
}

/** Reads a policy that is written with letters already. */
export function readWritten(written: string, letters: Letters, service: Service): PolicyReading {
  count(written.length);
  try {
    const result = readDocument(parseJsonText(written, letters), letters, service);
    if ("problems" in result) return { kind: "refused", service, problems: result.problems };
    return { kind: "document", service, document: result.document, written };
  } catch (error) {
    if (error instanceof JsonProblem) return refused(service, error.message);
    throw error;
  }
}

const refused = (service: Service, problem: string): PolicyReading => ({
  kind: "refused",
  service,
  problems: [problem],
});
