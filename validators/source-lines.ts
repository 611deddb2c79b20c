/** Turns the file that `trace.ts` left beside a synthesized stack into the TypeScript line behind each result. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";
import type { Report } from "./kernel/index";

const NAME = "tollgate-sources.json";
const shape = v.record(v.string(), v.object({ file: v.string(), line: v.number() }));

/** By construct path: the file, relative to the project, and the line that made the construct. */
export type SourceLines = ReadonlyMap<string, { readonly file: string; readonly line: number }>;

/**
 * The lines behind the stack at `path` (`cdktf.out/stacks/NAME/cdk.tf.json`). A file that isn't there or isn't right
 * costs the line numbers and nothing else: they decide no verdict.
 */
export function sourceLinesOf(path: string): SourceLines {
  const folder = dirname(path);
  const file = [join(folder, NAME), join(folder, "../..", NAME)].find((one) => existsSync(one));
  if (file === undefined) return new Map();
  try {
    const parsed = v.safeParse(shape, JSON.parse(readFileSync(file, "utf8")));
    return new Map(parsed.success ? Object.entries(parsed.output) : []);
  } catch {
    return new Map();
  }
}

/** The report with each construct's line, where it is known. */
export const withSourceLines = (report: Report, lines: SourceLines): Report => ({
  ...report,
  results: report.results.map((result) => {
    const { construct } = result.source ?? {};
    const made = construct === undefined ? undefined : lines.get(construct);
    return made && construct !== undefined ? { ...result, source: { ...made, construct } } : result;
  }),
});
