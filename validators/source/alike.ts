/** Turns two readings of one folder into whether they say the same. */
import type { Module } from "./configuration";

/** Whether two modules say the same of everything but where it stands. */
export const isAlike = (one: Module, other: Module): boolean => written(one) === written(other);

const written = ({ files: _, ...module }: Module): string =>
  JSON.stringify(module, (name, value: unknown) => {
    if (name === "position") return undefined;
    return value instanceof Map ? [...value].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)) : value;
  });
