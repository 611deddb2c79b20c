/**
 * Turns a part of the bundle, an ES module as esbuild writes it, into a CommonJS module whose exports are plain values. As esbuild
 * itself turns them, each use of another part's function calls two getters, which took a twentieth of a large run.
 */

const IMPORTS = /^import (?:\{([^{}]*)\} from )?"(\.\/part-[A-Z0-9]+\.cjs)";$/gm;
const EXPORTS = /^export \{([^{}]*)\};\s*$/m;

/** `[["a", "a"], ["b", "c"]]` of `a, b as c`. */
const pairsOf = (list) =>
  list
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "")
    .map((one) => one.split(" as "))
    .map(([name, as = name]) => [name, as]);

/** Whether a variable is given a value anywhere but where it is declared: then its value isn't known when the module has run. */
function isGivenTwice(text, name) {
  const one = name.replaceAll("$", "\\$");
  const assigned = new RegExp(
    `(?<![\\w$.])${one} (?:[-+*/%&|^]|<<|>>>?|\\*\\*|&&|\\|\\||\\?\\?)?= |(?<![\\w$.])${one}(?:\\+\\+|--)`,
    "g",
  );
  return [...text.matchAll(assigned)].length > 1;
}

/**
 * The text with imports of other parts, and exports, as CommonJS has them; imports of packages stay what they are.
 * @throws Error where an export changes while the program runs: its users would not notice.
 */
export function withPlainExports(text) {
  const imported = text.replace(IMPORTS, (_, list, part) => {
    const names = list === undefined ? [] : pairsOf(list).map(([name, as]) => (name === as ? name : `${name}: ${as}`));
    return names.length === 0 ? `require("${part}");` : `var { ${names.join(", ")} } = require("${part}");`;
  });
  const [whole, list] = EXPORTS.exec(imported) ?? [];
  if (whole === undefined) return imported;
  const names = pairsOf(list);
  for (const [name] of names)
    if (isGivenTwice(imported, name)) throw new Error(`expected an export that stays what it is, found \`${name}\``);
  const members = ["__esModule: true", ...names.map(([name, as]) => (name === as ? name : `${as}: ${name}`))];
  return imported.replace(whole, () => `module.exports = { ${members.join(", ")} };\n`);
}

/** Throws where parts import each other in a circle: one of them would see nothing of the other. `imports`: part to parts. */
export function refuseCircles(imports) {
  const done = new Set();
  const visit = (part, above) => {
    if (above.includes(part)) throw new Error(`expected parts without circles, found ${[...above, part].join(" → ")}`);
    if (done.has(part)) return;
    for (const next of imports.get(part) ?? []) visit(next, [...above, part]);
    done.add(part);
  };
  for (const part of imports.keys()) visit(part, []);
}
