/** Holds a program that ran against having ended well, and says what it complained about where it didn't. */

/** A program that ended; its status is null where a signal ended it. */
interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr?: string;
}

const COLOURS = /\u001b\[[0-9;]*m/g;
const COMPLAINT = /[│╷╵]|error|fail|refus|denied|timeout|tollgate:/i;

/** How many lines of a failed program a test shows: a CI system cuts longer ones, and keeps the beginning. */
const MOST_LINES = 12;

/** What a program that failed complained about, else the last lines that it printed; empty where it didn't fail. */
function complaintOf(status: number | null, said: string): string {
  if (status === 0) return "";
  const lines = said
    .replaceAll(COLOURS, "")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const complaints = lines.filter((line) => COMPLAINT.test(line));
  return (complaints.length > 0 ? complaints : lines).slice(-MOST_LINES).join("\n");
}

/** Expects status 0. */
export function expectDone({ status, stdout, stderr = "" }: Ended): void {
  const complaint = complaintOf(status, `${stdout}\n${stderr}`);
  expect({ status, complaint }).toEqual({ status: 0, complaint: "" });
}
