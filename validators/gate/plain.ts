/** Turns foreign text into one short line that drives neither a terminal nor a CI system, and a thrown value into its message. */
import { said } from "../report/sanitize";

/** Foreign text as reports show it, at most `most` characters. */
export const plain = (text: string, most = 300): string => said(text, most);

/** What a thrown value says. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
