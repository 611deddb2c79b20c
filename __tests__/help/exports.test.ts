/** Whether each export has a docstring, as CONTRIBUTING.md asks, and each file a sentence at its head. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import ts from "typescript";
import { root } from "./blocks";

const files = globSync("{validators,fleet,stacks,bench}/**/*.ts", { cwd: root }).sort();

/** The docstrings before a statement: what opens the file stands before the first one too. */
function docstringsOf(statement: ts.Statement): number {
  const { text } = statement.getSourceFile();
  const comments = ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? [];
  return comments.filter(({ pos }) => text.startsWith("/**", pos)).length;
}

const isExported = (statement: ts.Statement): boolean =>
  ts.canHaveModifiers(statement) &&
  (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

/** What lacks its docstring: `file:line`. Further signatures of a function go by the first one's. */
function lacking(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const [first] = source.statements;
  const signed = new Set<string>();
  return source.statements.flatMap((statement) => {
    const name = ts.isFunctionDeclaration(statement) ? statement.name?.text : undefined;
    const isNext = name !== undefined && signed.has(name);
    if (name !== undefined) signed.add(name);
    const opening = statement === first ? 1 : 0;
    if (docstringsOf(statement) >= opening + (isExported(statement) && !isNext ? 1 : 0)) return [];
    return [`${file}:${source.getLineAndCharacterOfPosition(statement.getStart()).line + 1}`];
  });
}

test.each([
  ["export const a = 1;", ["x.ts:1"]],
  ["/** Turns a into b. */\nexport const a = 1;", ["x.ts:2"]],
  ["/** Turns a into b. */\n\n/** In bytes. */\nexport const a = 1;", []],
  ["/** Turns a into b. */\nconst b = 1;\nexport type A = typeof b;", ["x.ts:3"]],
  ["/** Turns a into b. */\nconst b = 1;\n/** In bytes. */\nexport type A = typeof b;", []],
  ['/** Turns a into b. */\nexport * from "./b";', []],
])("the test sees what is missing: %j", (text, expected) => {
  const found = lacking("x.ts", text);
  expect(found).toEqual(expected);
});

test("every export has a docstring, and every file opens with one", () => {
  expect(files.length).toBeGreaterThan(200);
  expect(files.flatMap((file) => lacking(file, readFileSync(join(root, file), "utf8")))).toEqual([]);
});
