/** Turns keys and texts into Terraform's order: by code point, as Go compares strings. */
import type { ValueMap } from "../../kernel/index";

/** Compares two strings by code point. JavaScript's own order differs beyond the basic plane. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (left !== right) return isSurrogate(left) === isSurrogate(right) ? left - right : isSurrogate(left) ? 1 : -1;
  }
  return a.length - b.length;
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;

/** The keys of an object in the order in which Terraform visits them. */
export const sortedKeys = (map: ValueMap): string[] => [...map.keys()].sort(compareStrings);
