/** The reporters' one door: turns the name of a format into the function that writes it, loaded only when asked for. */
import type { Report } from "../kernel/index";
import type { RenderOptions, Reporter } from "./reporter";

export type { Link, RenderOptions, Reporter } from "./reporter";

/** The names of `--format` and `--out` (README.md). */
export type FormatName = "text" | "json" | "sarif" | "junit" | "markdown" | "html" | "github" | "gitlab" | "bitbucket";

/** Every format, a line each: adding one is adding its name and its line. */
export const REPORTERS: Readonly<Record<FormatName, () => Promise<Reporter>>> = {
  text: async () => (await import("./text")).render,
  json: async () => (await import("./json")).render,
  sarif: async () => (await import("./sarif")).render,
  junit: async () => (await import("./junit")).render,
  markdown: async () => (await import("./markdown")).render,
  html: async () => (await import("./html")).render,
  github: async () => (await import("./github")).render,
  gitlab: async () => (await import("./gitlab")).render,
  bitbucket: async () => (await import("./bitbucket")).render,
};

/** The names, in the order in which `--help` shows them. */
export const FORMATS: readonly string[] = Object.keys(REPORTERS);

/** Whether somebody's text names a format. */
export const isFormat = (name: string): name is FormatName => Object.hasOwn(REPORTERS, name);

/** The text of a format, piece by piece where it is written so. */
export async function piecesOf(name: FormatName, report: Report, options: RenderOptions): Promise<Iterable<string>> {
  if (name === "text") return (await import("./text")).pieces(report, options);
  return [await (await REPORTERS[name]())(report, options)];
}
