/** Turns foreign text into one line that can't drive a terminal, and a thrown value into its message. */

/** Text without control characters (C0, C1, bidirectional overrides), at most `most` characters. */
export function plain(text: string, most = 300): string {
  const clean = text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, " ");
  return clean.length > most ? `${clean.slice(0, most)}…` : clean;
}

/** What a thrown value says. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
