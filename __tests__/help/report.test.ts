/** The page about the JSON report against the code: its fields, its reasons, and what is really written. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { everywhere, mixed } from "../report/reports";
import { blocksOf, root } from "./blocks";

const page = readFileSync(join(root, "help/report.md"), "utf8");

/** What the first column of the tables below a heading names, table by table. */
function tablesOf(heading: string): string[][] {
  const section = page.split(/^#+ /m).find((one) => one.startsWith(`${heading}\n`)) ?? "";
  return section
    .split(/\n(?!\|)/)
    .map((table) => [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, name = ""]) => name))
    .filter((names) => names.length > 0);
}

const parsed = (file: string): ts.SourceFile =>
  ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest, true);

/** The properties of an interface, in order, without those that it extends. */
function propertiesOf(name: string): string[] {
  const found = parsed("validators/kernel/result.ts").statements.find(
    (one): one is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(one) && one.name.text === name,
  );
  return (found?.members ?? []).flatMap((member) => (member.name ? [member.name.getText()] : []));
}

/** The texts of a union of texts. */
function textsOf(file: string, name: string): string[] {
  const found = parsed(file).statements.find(
    (one): one is ts.TypeAliasDeclaration => ts.isTypeAliasDeclaration(one) && one.name.text === name,
  );
  if (found === undefined || !ts.isUnionTypeNode(found.type)) throw new Error(`expected a union ${name}`);
  return found.type.types.map((one) => one.getText().replaceAll('"', ""));
}

test.each([
  ["The report", ["Report"]],
  ["An input", ["InputSummary", "JudgedInput"]],
  ["A result", ["Result"]],
  ["A counterexample", ["Counterexample"]],
  ["A value that isn't known", ["Gap"]],
  ["A source", ["SourceLocation"]],
  ["A waiver", ["AppliedWaiver"]],
  ["A notice", ["Notice"]],
])("%s has the fields that stand on the page", (heading, interfaces) => {
  expect(tablesOf(heading)[0]?.sort()).toEqual(interfaces.flatMap(propertiesOf).sort());
});

test("the page has every verdict and every reason", () => {
  expect(tablesOf("Verdicts")[0]?.sort()).toEqual(textsOf("validators/kernel/result.ts", "Verdict").sort());
  expect(tablesOf("A value that isn't known")[1]?.sort()).toEqual(
    textsOf("validators/kernel/value.ts", "UnknownReason").sort(),
  );
});

test("the example has the form of what is written", () => {
  const [block] = blocksOf("help/report.md");
  const example: unknown = JSON.parse(block?.body ?? "");
  const fields = new Set([mixed, ...everywhere("x")].flatMap((report) => [...pathsOf(report)]));
  for (const path of pathsOf(example)) expect(fields).toContain(path);
});

/** `results.counterexample.action`: every key of objects in it, but those of a request's context. */
function* pathsOf(json: unknown, before = ""): Generator<string> {
  if (Array.isArray(json)) for (const item of json) yield* pathsOf(item, before);
  else if (typeof json === "object" && json !== null && !before.endsWith(".context"))
    for (const [key, value] of Object.entries(json)) {
      const path = before === "" ? key : `${before}.${key}`;
      yield path;
      yield* pathsOf(value, path);
    }
}
