/** Turns the files that `--rules` names into rules beside Tollgate's own; what they hold is code, and is run. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { sha256Of } from "./cryptography";
import { InputError } from "./kernel/index";
import { reasonOf } from "./reason";
import { isDefined, RULES, type Rule } from "./rules/index";

/** Rules to judge by, and what tells them from other ones in a seal. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  /** One text a rule: its id, and for a rule of one's own the SHA-256 of its file. */
  readonly marks: readonly string[];
}

/**
 * Tollgate's rules and those in `files`: paths, or names of packages. Each is a CommonJS module that exports rules made
 * by `defineRule`, singly or in lists, under any name.
 * @throws InputError where a file can't be loaded, holds no rule, or holds one that there is already.
 */
export function rulesFrom(files: readonly string[] = []): RuleSet {
  const rules: Rule[] = [...RULES];
  const marks = RULES.map(({ id }) => id);
  const requireHere = createRequire(join(process.cwd(), "package.json"));
  for (const file of files) {
    const path = resolved(requireHere, file);
    const digest = sha256Of(readFileSync(path));
    for (const rule of rulesIn(requireHere, path, file)) {
      if (rules.some(({ id }) => id === rule.id))
        throw new InputError(
          `--rules ${file}: there is a rule \`${rule.id}\` already: rules are added, never replaced`,
        );
      rules.push(rule);
      marks.push(`${rule.id} ${digest}`);
    }
  }
  return { rules, marks };
}

function resolved(requireHere: NodeJS.Require, file: string): string {
  try {
    return requireHere.resolve(file);
  } catch {
    try {
      return requireHere.resolve(join(process.cwd(), file));
    } catch {
      throw new InputError(`--rules ${file}: there is no such file or package`);
    }
  }
}

function rulesIn(requireHere: NodeJS.Require, path: string, file: string): readonly Rule[] {
  let exported: unknown;
  try {
    exported = requireHere(path);
  } catch (error) {
    const isModule = error instanceof Error && "code" in error && error.code === "ERR_REQUIRE_ESM";
    const why = isModule ? "expected a CommonJS module (`.cjs`), found an ES module" : reasonOf(error);
    throw new InputError(`--rules ${file}: ${why}`);
  }
  const found = typeof exported === "object" && exported !== null ? Object.values(exported).flat() : [];
  const rules = found.filter(isDefined);
  if (rules.length > 0) return rules;
  throw new InputError(
    `--rules ${file}: expected rules made by this Tollgate's \`defineRule\`, found ${found.some(looksLikeOne) ? "one of another copy of tollgate" : "none"}`,
  );
}

const looksLikeOne = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "id" in value && "judge" in value;
