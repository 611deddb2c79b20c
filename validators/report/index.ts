/** The reporters' one door: turns the name of a format into the function that writes it, loaded only when asked for. */
import type { Reporter } from "./reporter";

export type { Link, RenderOptions, Reporter } from "./reporter";
export type { RuleInfo } from "./rule-info";

/** Every format, a line each: adding one is adding its line. */
export const REPORTERS = {
  text: async () => (await import("./text")).render,
  json: async () => (await import("./json")).render,
  sarif: async () => (await import("./sarif")).render,
  junit: async () => (await import("./junit")).render,
  markdown: async () => (await import("./markdown")).render,
  html: async () => (await import("./html")).render,
  github: async () => (await import("./github")).render,
  gitlab: async () => (await import("./gitlab")).render,
  bitbucket: async () => (await import("./bitbucket")).render,
} satisfies Record<string, () => Promise<Reporter>>;

/** The names of `--format` and `--out` (contract.md). */
export type FormatName = keyof typeof REPORTERS;

/** The names, in the order in which `--help` shows them. */
export const FORMATS: readonly string[] = Object.keys(REPORTERS);

/** Whether somebody's text names a format. */
export const isFormat = (name: string): name is FormatName => Object.hasOwn(REPORTERS, name);
