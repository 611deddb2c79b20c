/** Turns CSV into values, as Go's `encoding/csv` reads it for Terraform. */
import type { Value } from "../../kernel/index";
import { Failed, TooComplex } from "../values/outcome";

/** `csvdecode`: the rows as objects by the names in the first row. */
export function decodeCsv(source: string): Value {
  if (source.length > 200_000) throw new TooComplex();
  const [header, ...rows] = rowsOf(source.replaceAll("\r\n", "\n"));
  if (header === undefined) throw new Failed("no header");
  if (new Set(header).size < header.length) throw new Failed("two columns of one name");
  return rows.map((row) => {
    if (row.length !== header.length) throw new Failed("a row of another length");
    return new Map(header.map((name, i): [string, Value] => [name, row[i] ?? ""]));
  });
}

/** One field, and what comes after it: text in quotes with quotes doubled in it, or text without any. */
const field = /(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/y;

function rowsOf(source: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < source.length; ) {
    // a line with nothing in it is no row
    if (row.length === 0 && source[at] === "\n") {
      at++;
      continue;
    }
    field.lastIndex = at;
    const found = field.exec(source);
    if (found === null) throw new Failed("a quote inside a field");
    const [whole, quoted, bare = "", end] = found;
    row.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    at += whole.length;
    const isEnd = end !== "," || at === source.length;
    if (end === "," && isEnd) row.push("");
    if (isEnd) {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}
