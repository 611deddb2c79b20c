/** Turns the libraries inside the bundle into what must come with it: their licences, and a bill of materials. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Licences that ask for no more than to be named. */
export const PERMISSIVE = ["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "0BSD", "Unlicense"];

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** Of packages that name a licence and come without its text: whose it is, and what else is inside. */
const WITHOUT_TEXT = {
  "@bomb.sh/tab": `Copyright (c) Bombshell Authors\n\n${MIT}`,
  "@viz-js/viz": `Copyright (c) Michael Daines\n\n${MIT}

Inside, as WebAssembly: Graphviz (https://graphviz.org), under the Eclipse Public License 1.0, without any warranty of its
contributors; its source is at https://gitlab.com/graphviz/graphviz. Expat (https://libexpat.github.io), under the MIT licence.`,
};

/** Programs inside a package's WebAssembly, which no package manager knows of. */
const INSIDE = {
  "@viz-js/viz": [
    { type: "library", name: "graphviz", licenses: [{ license: { id: "EPL-1.0" } }] },
    { type: "library", name: "expat", licenses: [{ license: { id: "MIT" } }] },
  ],
};

/** A bundled package: name, version, licence, the licence's text. */
function packageAt(path) {
  const { name, version, license } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
  const file = readdirSync(path).find((one) => /^licen[cs]e/i.test(one));
  const text = file === undefined ? WITHOUT_TEXT[name] : readFileSync(join(path, file), "utf8").trim();
  if (!PERMISSIVE.includes(license))
    throw new Error(`${name}: its licence \`${license}\` isn't one that may be bundled`);
  if (text === undefined) throw new Error(`${name}: it comes without the text of its licence`);
  return { name, version, license, text };
}

/** The packages that files are of (`node_modules/a/b.js`, relative to `root`), by name. */
export function bundled(root, files) {
  const paths = files.flatMap((file) => /^(?:.*node_modules\/)(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  const packages = [...new Set(paths)].map((path) => packageAt(join(root, path)));
  return packages.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** The licences, as one text. */
export const licencesOf = (packages) =>
  `Tollgate holds these libraries.\n${packages
    .map(({ name, version, license, text }) => `\n${"-".repeat(78)}\n${name} ${version} (${license})\n\n${text}\n`)
    .join("")}`;

/** Base64 as hexadecimal. */
const hexadecimal = (base64) => Buffer.from(base64, "base64").toString("hex");

/** `pkg:npm/%40scope/name@1.0.0` (https://github.com/package-url/purl-spec). */
const purlOf = ({ name, version }) => `pkg:npm/${name.replace("@", "%40")}@${version}`;

/** A CycloneDX 1.5 bill of materials; `lock` is `package-lock.json`, which holds the checksums. No clock, no serial number: the same each time. */
export function billOf(product, packages, lock) {
  const reference = purlOf(product);
  const components = packages.map((one) => {
    const { integrity = "" } = lock.packages[`node_modules/${one.name}`] ?? {};
    const [algorithm, digest] = integrity.split("-");
    return {
      type: "library",
      "bom-ref": purlOf(one),
      name: one.name,
      version: one.version,
      scope: "required",
      ...(algorithm === "sha512" && digest ? { hashes: [{ alg: "SHA-512", content: hexadecimal(digest) }] } : {}),
      licenses: [{ license: { id: one.license } }],
      purl: purlOf(one),
      ...(INSIDE[one.name] ? { components: INSIDE[one.name] } : {}),
    };
  });
  const bill = {
    $schema: "http://cyclonedx.org/schema/bom-1.5.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": reference,
        name: product.name,
        version: product.version,
        licenses: [{ license: { id: product.license } }],
        purl: reference,
      },
    },
    components,
    dependencies: [
      { ref: reference, dependsOn: components.map((one) => one.purl) },
      ...components.map((one) => ({ ref: one.purl, dependsOn: [] })),
    ],
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}
