/** Turns the library's doors into their type declarations, file by file, with every file of ours that they name. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import ts from "typescript";

const OPTIONS = {
  declaration: true,
  isolatedDeclarations: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Preserve,
};

/** The relative specifiers in a declaration. */
const named = (declaration) =>
  [...declaration.matchAll(/(?:\bfrom |\bimport\()"(\.[^"]+)"/g)].map(([, specifier]) => specifier);

/** The file that a specifier of `file` means. */
function resolved(file, specifier) {
  const path = join(dirname(file), specifier);
  return existsSync(`${path}.ts`) ? `${path}.ts` : join(path, "index.ts");
}

/**
 * Declarations by path relative to `root` (`judge/config.d.ts`). Each file is looked at by itself, which takes a second
 * where a type checker takes half a minute, and asks that what it exports says its type.
 * @throws Error where an export doesn't, or a declaration needs a package: then a consumer would need it too.
 */
export function declarationsOf(root, doors) {
  const declarations = new Map();
  const files = doors.map((door) => join(root, door));
  for (let file = files.pop(); file !== undefined; file = files.pop()) {
    const name = relative(root, file).split(sep).join("/").replace(/\.ts$/, ".d.ts");
    if (declarations.has(name)) continue;
    const { outputText, diagnostics = [] } = ts.transpileDeclaration(readFileSync(file, "utf8"), {
      fileName: file,
      reportDiagnostics: true,
      compilerOptions: OPTIONS,
    });
    for (const { start = 0, file: source, messageText } of diagnostics) {
      const line = (source?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
      throw new Error(`${relative(root, file)}:${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
    }
    const [needed] = /^(?:import|export) .*\bfrom "[^."][^"]*"/m.exec(outputText) ?? [];
    if (needed !== undefined) throw new Error(`${relative(root, file)}: the package's types would need ${needed}`);
    declarations.set(name, outputText);
    files.push(...named(outputText).map((specifier) => resolved(file, specifier)));
  }
  return declarations;
}
