/** Turns a report into the JSON of the contract. */
import type { Report } from "../kernel/index";

/** JSON with two spaces of indentation and a final newline; the report's own order of keys. */
export const render = (report: Report): string => `${JSON.stringify(report, null, 2)}\n`;
