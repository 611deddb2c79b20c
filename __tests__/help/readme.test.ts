/** The README's TypeScript has the right types, and its JSON is a configuration. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../validators/judge/index";
import { RULES } from "../../validators/rules/index";
import { root, typeFaults } from "./blocks";

const page = readFileSync(join(root, "README.md"), "utf8");
/** Blocks of a language, those inside a list included. */
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^( *)\`\`\`${language}\\n(.*?)^\\1\`\`\`$`, "gms"))].map(([, , body = ""]) => body);

test("every TypeScript block has the right types", () => {
  const given = [
    '/// <reference types="jest" />',
    'import type { TerraformStack } from "cdktf";',
    "declare const stack: TerraformStack;",
    "declare const plan: object;",
    "void [stack, plan];",
  ];
  const modules = blocks("ts").map((body, index): [string, string] => [
    `readme-${index}`,
    [...given, body]
      .join("\n")
      .replace('"tollgate/jest"', '"../validators/jest"')
      .replace('"tollgate"', '"../validators/index"'),
  ]);
  expect(modules.length).toBeGreaterThan(1);
  expect(typeFaults(new Map(modules))).toEqual([]);
}, 120_000);

test("every JSON block is a configuration", () => {
  const ids = RULES.map(({ id }) => id);
  for (const body of blocks("json")) expect(readConfig(JSON.parse(body), "tollgate.json", ids)).toBeDefined();
  expect(blocks("json").length).toBeGreaterThan(0);
});
