/** Turns expressions, not only their values, into values: `try`, `can`, template files. */
import { isList, isMap, type Value, type ValueMap } from "../../kernel/index";
import { parseJsonTemplate } from "../syntax/parser";
import type { Syntax } from "../syntax/tree";
import { touch } from "../touched";
import { becauseOf, toKnownText, toMap } from "../values/convert";
import { Failed, TooComplex, Undecided } from "../values/outcome";
import { fileSet } from "./filesets";
import { binary, type Call, type FunctionGroup, type SpecialFunction } from "./function";
import { normal } from "./paths";

const special = (run: SpecialFunction["run"]): SpecialFunction => ({ kind: "special", run });

/** `try`: the first argument that doesn't fail. One that may still fail decides nothing. */
function attemptAll(call: Call, trees: readonly Syntax[], text: string): Value {
  for (const tree of trees) {
    const { value, isCertain } = call.attempt(tree);
    if (value instanceof Failed) continue;
    return isCertain ? value : call.unknown(text, becauseOf(value));
  }
  throw new Failed("no expression succeeded");
}

function can(call: Call, trees: readonly Syntax[], text: string): Value {
  const [tree, ...more] = trees;
  if (tree === undefined || more.length > 0) throw new Failed("expected one argument");
  const { value, isCertain } = call.attempt(tree);
  if (value instanceof Failed) return false;
  return isCertain ? true : call.unknown(text, becauseOf(value), false);
}

/** The text of a file that the configuration reads, where the files at hand hold it. */
function fileText(call: Call, path: string): string {
  const found = findFile(call, path);
  if (found === undefined) throw new Undecided("unresolved-expression");
  return found;
}

/** Terraform takes `~` for the home folder, which is none of the project's. */
function findFile(call: Call, path: string): string | undefined {
  if (path.startsWith("~")) return undefined;
  return call.scope.files?.get(path) ?? call.scope.files?.get(normal(path));
}

let templatesOpen = 0;

function render(call: Call, template: string, names: ValueMap): Value {
  // a template file can name itself
  if (templatesOpen > 20) throw new TooComplex();
  templatesOpen++;
  try {
    return call.runWith(parseJsonTemplate(template), names);
  } finally {
    templatesOpen--;
  }
}

const names = (value: Value): ValueMap => {
  if (isMap(value)) return value;
  return toMap(value);
};

function onPath(read: (call: Call, path: string) => Value): SpecialFunction {
  return special((call, [tree, ...more]) => {
    if (tree === undefined || more.length > 0) throw new Failed("expected one argument");
    return read(call, toKnownText(present(call.run(tree))));
  });
}

function present(value: Value): Value {
  if (value === null) throw new Failed("an argument must not be null");
  return value;
}

const templateFile = special((call, [path, variables]) => {
  if (path === undefined || variables === undefined) throw new Failed("expected two arguments");
  const file = fileText(call, toKnownText(present(call.run(path))));
  return render(call, file, names(call.run(variables)));
});

const templateString = special((call, [template, variables]) => {
  if (template === undefined || variables === undefined) throw new Failed("expected two arguments");
  return render(call, toKnownText(present(call.run(template))), names(call.run(variables)));
});

const directoryOf = (path: string): string =>
  path.includes("/") ? normal(path.slice(0, path.lastIndexOf("/")) || "/") : ".";

/** Functions that differ each time they are called. */
const impure = special((call, trees, text) => {
  for (const tree of trees) call.run(tree);
  return call.impure(text);
});

/** `sensitive`: the same value, marked. */
const sensitive = special((call, [tree, ...more]) => {
  if (tree === undefined || more.length > 0) throw new Failed("expected one argument");
  const value = call.run(tree);
  touch();
  return value;
});

/**
 * `nonsensitive`: the same value, without its own mark; those of parts stay
 * (https://developer.hashicorp.com/terraform/language/functions/nonsensitive). Objects and lists have one mark here for what
 * may have come from many parts, so that only those that a variable gives as a whole are free.
 */
const nonsensitive = special((call, [tree, ...more]) => {
  if (tree === undefined || more.length > 0) throw new Failed("expected one argument");
  let isSensitive = false;
  const value = call.apart(
    () => call.run(tree),
    (hasTouched) => {
      isSensitive = hasTouched;
    },
  );
  const isVariable = tree.kind === "attribute" && tree.of.kind === "name" && tree.of.name === "var";
  if (isSensitive && (isMap(value) || isList(value)) && !isVariable) touch();
  else if (isSensitive) call.scope.secrets?.free(value);
  return value;
});

/** `type`, `issensitive`: what values here don't carry. */
const untold = special((call, _trees, text) => call.unknown(text, "unresolved-expression"));

/** Special functions of Terraform, <https://developer.hashicorp.com/terraform/language/functions>. */
export const specialFunctions: FunctionGroup = [
  ["try", special(attemptAll)],
  ["can", special(can)],
  ["file", onPath(fileText)],
  ["fileexists", onPath((call, path) => (findFile(call, path) === undefined ? undecided() : true))],
  ["fileset", binary((folder, pattern, call) => fileSet(call, toKnownText(folder), toKnownText(pattern)))],
  ["filebase64", onPath((call, path) => Buffer.from(fileText(call, path), "utf8").toString("base64"))],
  ["templatefile", templateFile],
  ["templatestring", templateString],
  ["basename", onPath((_call, path) => path.replace(/\/+$/, "").split("/").at(-1) ?? "")],
  ["dirname", onPath((_call, path) => directoryOf(path))],
  ["abspath", onPath((_call, path) => (path.startsWith("/") ? normal(path) : undecided()))],
  ["uuid", impure],
  ["timestamp", impure],
  ["plantimestamp", untold],
  ["bcrypt", impure],
  ["sensitive", sensitive],
  ["nonsensitive", nonsensitive],
  ["issensitive", untold],
  ["type", untold],
];

function undecided(): never {
  throw new Undecided("unresolved-expression");
}
