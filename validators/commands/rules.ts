/** Turns the rules into lists and help pages on standard output. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../kernel/index";
import { rulesFrom } from "../own-rules";
import { json, said } from "../report/sanitize";
import { RULES } from "../rules/index";

/** Lists the rules, as a table or as JSON. */
export function list({
  format,
  rules: files,
}: {
  readonly format: string;
  readonly rules?: readonly string[];
}): number {
  const { rules } = rulesFrom(files);
  if (format === "json") {
    const rows = rules.map(({ id, title, severity, controls }) => ({ id, title, severity, controls }));
    process.stdout.write(json(rows));
    return 0;
  }
  for (const { id, title, severity, controls } of rules)
    process.stdout.write(
      `${said(id).padEnd(26)}${severity.padEnd(10)}${said(title)}\n${" ".repeat(36)}${said(controls.join(", "))}\n`,
    );
  return 0;
}

/** Prints a rule's help page. */
export function explain(id: string): number {
  const rule = RULES.find((one) => one.id === id);
  if (!rule) {
    const near = RULES.map((one) => one.id).filter((one) => one.includes(id) || id.includes(one));
    throw new InputError(
      `expected a rule id, found \`${id}\`: ${near.length > 0 ? `did you mean \`${near.join("`, `")}\`?` : "`tollgate rules` lists them"}`,
    );
  }
  process.stdout.write(
    readFileSync(join(__dirname, __filename.endsWith(".ts") ? "../../help" : "../help", `${id}.md`), "utf8"),
  );
  return 0;
}
