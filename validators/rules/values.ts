/** Reads flags, words and accounts out of values, three-valued: what can't be told stays `unknown`. */
import {
  type Gap,
  isText,
  partsOf,
  Sym,
  show,
  Text,
  type Truth,
  text,
  truth,
  Unknown,
  unknownsIn,
  type Value,
} from "../kernel/index";

/** Whether a flag is set. Terraform takes `"true"` for true; unset is false unless `unset` says otherwise. */
export function isSet(value: Value, unset = false): Truth {
  if (value === null) return truth(unset);
  if (value === true || value === "true") return "yes";
  return value instanceof Unknown || value instanceof Text ? "unknown" : "no";
}

/** Whether a word is one of some; `unknown` for symbolic or unknown values. */
export function isOneOf(value: Value, words: readonly string[]): Truth {
  if (value instanceof Unknown || value instanceof Text) return "unknown";
  return truth(typeof value === "string" && words.includes(value));
}

/** The gaps of a value, named by the path that was asked for where the value itself has no name. */
export function gapsOf(value: Value | undefined, path: string): readonly Gap[] {
  const gaps = unknownsIn(value).map((one) => ({
    value: one instanceof Unknown ? one.value : one.id,
    because: one.because,
    ...(one.expression === undefined ? {} : { expression: one.expression }),
  }));
  return gaps.length > 0 ? gaps : [{ value: path, because: "computed-at-apply" }];
}

/** Whether two texts are equal, as far as their symbols tell. Text of different length kinds that can't meet is `no`. */
export function isSame(a: string | Text, b: string | Text): Truth {
  if (show(a) === show(b)) return "yes";
  if (typeof a === "string" && typeof b === "string") return "no";
  // Two symbolic texts, or a symbol against a literal: only different fixed ends settle it.
  const left = partsOf(a);
  const right = partsOf(b);
  const [startA, startB] = [left[0], right[0]];
  if (typeof startA === "string" && typeof startB === "string" && !startsAlike(startA, startB)) return "no";
  if (left.length === 1 && right.length === 1) {
    const [one, other] = startA instanceof Sym ? [startA, startB] : [startB, startA];
    if (one instanceof Sym && typeof other === "string" && one.kind === "account-id" && !/^\d{12}$/.test(other))
      return "no";
  }
  return "unknown";
}

const startsAlike = (a: string, b: string) => a.startsWith(b) || b.startsWith(a);

/** The account in an ARN (`arn:partition:service:region:account:…`); `undefined` where the text is no ARN or can't be split. */
export function accountInArn(arn: Value): string | Text | undefined {
  return arnField(arn, 4);
}

/** One field of an ARN, symbols kept whole: 1 partition, 2 service, 3 region, 4 account. */
export function arnField(arn: Value, index: number): string | Text | undefined {
  if (!isText(arn)) return undefined;
  const fields: (string | Sym)[][] = [[]];
  let isCut = false;
  for (const part of partsOf(arn)) {
    if (part instanceof Sym) {
      // A symbol of kind `any` may hold colons itself: nothing after it can be placed.
      isCut = part.kind === "any";
      if (isCut) break;
      fields.at(-1)?.push(part);
      continue;
    }
    const [first = "", ...rest] = part.split(":");
    fields.at(-1)?.push(first);
    for (const piece of rest) fields.push([piece]);
  }
  if (fieldText(fields[0]) !== "arn" || fields.length < (isCut ? index + 2 : 6)) return undefined;
  return fieldText(fields[index]);
}

function fieldText(parts: readonly (string | Sym)[] | undefined): string | Text | undefined {
  return parts && text(parts);
}
