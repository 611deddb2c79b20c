/** Every page of the project, for whoever follows a link in it: what it leads to is there, and so is the heading. Likewise what code cites. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { globSync } from "tinyglobby";
import { root } from "./blocks";

const pages = [
  "README.md",
  "__tests__/README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "CHANGELOG.md",
  "bench/README.md",
  ...readdirSync(join(root, "help"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `help/${name}`),
].filter((page) => page !== "bench/README.md" || existsSync(join(root, page)));

/** A heading as platforms turn it into an anchor. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");

const anchorsOf = (path: string): string[] =>
  [...readFileSync(path, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchorOf(heading));

test.each(pages)("%s leads only to what is there", (page) => {
  const text = readFileSync(join(root, page), "utf8").replace(/^```.*?^```$/gms, "");
  for (const [, target = ""] of text.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
    const [file = "", anchor] = target.split("#");
    const path = file === "" ? join(root, page) : join(root, dirname(page), file);
    expect([page, target, existsSync(path)]).toEqual([page, target, true]);
    if (anchor !== undefined) expect([page, target, anchorsOf(path).includes(anchor)]).toEqual([page, target, true]);
  }
});

/** What looks like a page and is none: what the gate writes, a test's own rule, what stands for any rule's page. */
const NO_PAGES = new Set(["report.md", "help/team-rule.md", "help/RULE.md"]);

/** A page's path as text names it, not at the end of an address. */
const PAGE = /(?<![\w/.:@$})-])[\w./-]*\w\.md\b/g;

const files = globSync(["**/*.{ts,mjs,cjs,md,yml,sh}", ".*.cjs"], {
  cwd: root,
  ignore: ["**/node_modules/**", "**/fixtures/**", "dist/**", "cdktf.out/**", "reports/**", "coverage/**"],
});

test("whoever names a page, names one that is there", () => {
  expect(files.length).toBeGreaterThan(400);
  const missing = files.flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(PAGE)]
      .map(([page]) => page)
      .filter((page) => !NO_PAGES.has(page))
      .filter((page) => ![root, join(root, dirname(file))].some((folder) => existsSync(join(folder, page))))
      .map((page) => `${file}: ${page}`),
  );
  expect(missing).toEqual([]);
});

test("rules are called by their ids, since nothing numbers them", () => {
  expect(files.filter((file) => /\brules? [1-9]\b/i.test(readFileSync(join(root, file), "utf8")))).toEqual([]);
});
