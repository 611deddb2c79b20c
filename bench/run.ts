/** Turns the goals of speed and memory into a table of what this machine takes: `npm run bench`. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { run, succeed } from "../scripts/terraform";
import { Bench, type Figure, ROWS, type Row } from "./rows";
import { type Line, pageOf, tableOf } from "./table";

const USAGE = `npm run bench -- [--only ID,ID] [--all] [--rounds N] [--dir FOLDER] [--write]

  --only     some rows: ${ROWS.map(({ id }) => id).join(", ")}
  --all      the rows that take many minutes and gigabytes as well
  --rounds   measured rounds of each pair; default: as many as the row needs
  --dir      where the plans are grown; default: a temporary folder, gone afterwards
  --write    write the results to bench/README.md

TOLLGATE_BENCH_CFN_GUARD, …_CONFTEST, …_CHECKOV and …_TRIVY name peers that are not in PATH.
`;

interface Wish {
  readonly rows: readonly Row[];
  readonly rounds: number | undefined;
  readonly dir: string | undefined;
  readonly write: boolean;
}

function wishOf(argv: readonly string[]): Wish | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: "string" },
      all: { type: "boolean", default: false },
      rounds: { type: "string" },
      dir: { type: "string" },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const only = values.only?.split(",");
  for (const id of only ?? [])
    if (!ROWS.some((row) => row.id === id))
      throw new Error(`--only: expected ${ROWS.map((row) => row.id).join(", ")}, found ${id}`);
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0))
    throw new Error(`--rounds: expected a whole number, found ${values.rounds}`);
  const rows = ROWS.filter(({ id, isLong }) => only?.includes(id) ?? (values.all || !isLong));
  return { rows, rounds, dir: values.dir, write: values.write };
}

const machine = (): string =>
  `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown processor"}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node.js ${process.version.slice(1)}`;

async function measured(row: Row, bench: Bench): Promise<Figure> {
  try {
    return await row.run(bench);
  } catch (error) {
    return {
      found: `could not be measured: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`,
      isMet: false,
    };
  }
}

async function main(): Promise<void> {
  const wish = wishOf(process.argv.slice(2));
  if (wish === undefined) {
    process.stdout.write(USAGE);
    return;
  }
  succeed(await run(process.execPath, [join(__dirname, "../scripts/build.mjs")]), "the build");
  if (wish.dir !== undefined) mkdirSync(wish.dir, { recursive: true });
  const folder = wish.dir ?? mkdtempSync(join(tmpdir(), "tollgate-bench-"));
  const lines: Line[] = [];
  try {
    const bench = new Bench(folder, wish.rounds, (progress) => process.stderr.write(`  ${progress}\n`));
    for (const row of wish.rows) {
      process.stderr.write(`${row.id}\n`);
      const figure = await measured(row, bench);
      process.stderr.write(`  => ${figure.found}\n`);
      lines.push({ row, figure });
    }
  } finally {
    if (wish.dir === undefined) rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(tableOf(lines));
  // the folder is the machine's business, and changes nothing
  const told = process.argv.slice(2).filter((word, at, all) => word !== "--dir" && all[at - 1] !== "--dir");
  const command = ["npm run bench", ...(told.length > 0 ? ["--", ...told] : [])].join(" ");
  if (wish.write)
    writeFileSync(
      join(__dirname, "README.md"),
      pageOf(lines, { command, machine: machine(), day: new Date().toISOString().slice(0, 10) }),
    );
  if (lines.some(({ figure }) => figure.isMet === false)) process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
