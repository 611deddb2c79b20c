/** Turns a report into the JSON that help/report.md describes. */
import type { Report } from "../kernel/index";
import { json } from "./sanitize";

/** JSON with two spaces of indentation and a final newline; the report's own order of keys. */
export const render = (report: Report): string => json(report);
