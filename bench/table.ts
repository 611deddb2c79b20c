/** Turns figures into the table of goals, and into the page that keeps the last results. */
import { type Figure, ROWS, type Row } from "./rows";

/** A row and what was found for it. */
export interface Line {
  readonly row: Row;
  readonly figure: Figure;
}

/** How a run came about. */
export interface Circumstances {
  readonly command: string;
  readonly machine: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
}

const cell = (words: string): string => words.replaceAll("|", "\\|").replace(/\s+/g, " ");

const verdict = ({ isMet }: Figure): string => (isMet === undefined ? "–" : isMet ? "met" : "**missed**");

/** The table, Markdown. */
export function tableOf(lines: readonly Line[]): string {
  const rows = lines.map(({ row, figure }) => [row.measure, row.goal, figure.found, verdict(figure)].map(cell));
  const table = [["measure", "goal", "here", ""], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(3, ...table.map((cells) => (cells[column] ?? "").length)));
  const shown = (cells: readonly string[]): string =>
    `| ${cells.map((words, column) => words.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = table;
  const rule = widths.map((width) => "-".repeat(width));
  return `${[head, rule, ...body].map(shown).join("\n")}\n`;
}

/** `bench/README.md`: the table, and how to get one. */
export function pageOf(lines: readonly Line[], { command, machine, day }: Circumstances): string {
  const left = ROWS.filter((row) => !lines.some((line) => line.row === row)).map(({ id }) => `\`${id}\``);
  return `# What Tollgate takes

\`npm run bench\` measures this; \`npm run bench -- --help\` says what it can be told. It needs minutes, with \`--all\` an hour and 4 GB
of disk.

- The plans are grown from real ones (\`seeds/\`, recorded with \`record.ts\`): a unit is a bucket, its public access block, encryption and
  policy, a key and an alias. Flat plans are judged with their source, from which the policies are recovered. All eight rules run.
- "Full parse" is one bare Node.js process that parses the file with \`JSON.parse\` and counts (\`full-parse.cjs\`). Contestants run in turn;
  a ratio is the median of the ratios of each round, of user and system CPU time of the whole process. Wall time is not looked at.
- A time counts only when exit status and counts of findings are right.
- Peers get the rules that they can express (\`peers/\`): flags, algorithm, rotation; no policy, no link. They do less than Tollgate here.

## Last results

${day}, ${machine}:

\`\`\`sh
${command}
\`\`\`

${tableOf(lines)}${left.length === 0 ? "" : `\nNot measured in this run: ${left.join(", ")}.\n`}`;
}
