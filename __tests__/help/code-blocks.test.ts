/**
 * Every code block of help is run: what is marked `fails` fails with what is shown, what is marked `passes` passes.
 * `TOLLGATE_RENEW=1` writes what is shown anew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Verdict } from "../../validators/kernel/index";
import { RULES } from "../../validators/rules/index";
import { type Block, blocksOf, judgeHcl, judgeTypeScript, moduleOf, root, shown, typeFaults } from "./blocks";

jest.setTimeout(120_000);

const VERDICTS: ReadonlyMap<string, Verdict> = new Map([
  ["fails", "fail"],
  ["passes", "pass"],
  ["undecided", "undecided"],
]);
const pages = RULES.map((rule) => ({ rule, page: `help/${rule.id}.md` }));

/** The expected verdict; every block of HCL or TypeScript on a rule's page says one. */
function expectedOf({ page, line, language, tags }: Block): Verdict {
  const verdict = tags.map((tag) => VERDICTS.get(tag)).find((one) => one !== undefined);
  if (verdict === undefined)
    throw new Error(`${page}:${line}: expected \`${language} fails\` or \`${language} passes\``);
  return verdict;
}

describe.each(pages)("$page", ({ rule, page }) => {
  const blocks = blocksOf(page);
  const languages = blocks.map(({ language, tags }) => `${language} ${tags.join(" ")}`);

  test("shows both faces, in both languages", () => {
    expect(languages).toEqual(expect.arrayContaining(["ts passes", "hcl passes", "hcl fails", "text shown"]));
  });

  for (const [index, block] of blocks.entries()) {
    const where = `line ${block.line}: ${block.language} ${block.tags.join(" ")}`;
    if (block.language === "hcl")
      test(where, async () => {
        const report = await judgeHcl(block.body);
        const verdict = expectedOf(block);
        const own = report.results.filter((result) => result.rule === rule.id);
        if (verdict === "fail") expect(own.map((result) => result.verdict)).toContain("fail");
        else expect([...new Set(own.map((result) => result.verdict))]).toEqual([verdict]);
        if (verdict === "fail") expectShown(blocks[index + 1], shown(report, rule.id));
      });
    else if (block.language === "ts")
      test(where, async () => {
        const report = await judgeTypeScript(block.body);
        const own = report.results.filter((result) => result.rule === rule.id);
        expect([...new Set(own.map((result) => result.verdict))]).toEqual([expectedOf(block)]);
      });
    else if (block.language !== "text")
      test(where, () => expect(block.language).toBe("nothing but hcl, ts and text on a rule's page"));
  }
});

/** After an example that fails stands what the terminal shows of it. */
function expectShown(block: Block | undefined, text: string): void {
  if (block?.language !== "text" || !block.tags.includes("shown"))
    throw new Error("expected ```text shown after what fails");
  if (process.env.TOLLGATE_RENEW === "1") renew(block, text);
  else expect(block.body).toBe(text);
}

function renew(block: Block, text: string): void {
  const path = join(root, block.page);
  const lines = readFileSync(path, "utf8").split("\n");
  // Earlier blocks may have grown: the fence is found by what it holds, from where it stood.
  const at = lines.findIndex(
    (line, index) =>
      index >= block.line - 1 &&
      line.startsWith("```text shown") &&
      lines
        .slice(index + 1)
        .join("\n")
        .startsWith(`${block.body}\`\`\``),
  );
  lines.splice(at + 1, block.body.split("\n").length - 1, ...text.trimEnd().split("\n"));
  writeFileSync(path, lines.join("\n"));
}

test("every TypeScript block of the rule pages has the right types", () => {
  const modules = new Map(
    pages.flatMap(({ rule, page }) =>
      blocksOf(page)
        .filter(({ language }) => language === "ts")
        .map(({ line, body }): [string, string] => [`${rule.id}-${line}`, moduleOf(body)]),
    ),
  );
  expect(modules.size).toBeGreaterThanOrEqual(RULES.length);
  expect(typeFaults(modules)).toEqual([]);
});

test("the type check does find faults", () => {
  const [fault = "", ...more] = typeFaults(new Map([["wrong", moduleOf("bucket.id = 1;")]]));
  expect(more).toEqual([]);
  expect(fault).toContain("help/wrong.ts");
});
