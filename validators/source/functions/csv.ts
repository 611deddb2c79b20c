/** Turns CSV into values, as Go's `encoding/csv` reads it for Terraform. */
import type { Value } from "../../kernel/index";
import { Failed, TooComplex } from "../values/outcome";

type Library = typeof import("csv-parse/sync");

/** Few policies need the library. */
const load = (): Library => require("csv-parse/sync") as Library;

/** `csvdecode`: the rows as objects by the names in the first row. */
export function decodeCsv(source: string): Value {
  if (source.length > 200_000) throw new TooComplex();
  const [header, ...rows] = rowsOf(source.replaceAll("\r\n", "\n"));
  if (header === undefined) throw new Failed("no header");
  if (new Set(header).size < header.length) throw new Failed("two columns of one name");
  return rows.map((row) => new Map(header.map((name, i): [string, Value] => [name, row[i] ?? ""])));
}

function rowsOf(source: string): string[][] {
  try {
    // a line with nothing in it is no row, and all rows are as long as the first
    return load().parse(source, { record_delimiter: "\n", skip_empty_lines: true });
  } catch (error) {
    throw new Failed(error instanceof Error ? error.message : String(error));
  }
}
