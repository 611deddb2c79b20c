/**
 * The workshop, walked through: each step mends its rule and breaks no other, and the terminal shows what
 * `help/README.md` says. `TOLLGATE_RENEW=1` writes the finding that the page shows in full anew.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkFile } from "../../validators/index";
import type { Report } from "../../validators/kernel/index";
import { render } from "../../validators/report/text";
import { RULES } from "../../validators/rules/index";
import { blocksOf, root, shown } from "./blocks";

jest.setTimeout(300_000);

const page = "help/README.md";
const blocks = blocksOf(page);
const stepFile = (step: number) => `help/workshop/step-${step}.ts`;
const steps = Array.from({ length: RULES.length + 1 }, (_, step) => step);
const reports: Report[] = [];

/** Code without its indentation: a page shows it further left than a file. */
const flat = (code: string): string =>
  code
    .split("\n")
    .map((line) => line.trim())
    .join("\n");

/** The two commands of the page, on one step. */
async function judged(step: number): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-workshop-"));
  try {
    // Under jest the tracing of source lines stays out of the way; a learner's terminal is no jest worker.
    const { JEST_WORKER_ID: _, ...env } = process.env;
    execFileSync(process.execPath, ["--import", "tsx", "help/workshop/app.ts", stepFile(step)], {
      cwd: root,
      env: { ...env, CDKTF_OUTDIR: folder, CHECKPOINT_DISABLE: "1" },
      stdio: "pipe",
    });
    return await checkFile(join(folder, "stacks/workshop/cdk.tf.json"), { config: {} });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

beforeAll(async () => {
  for (const step of steps) reports.push(await judged(step));
});

test.each(steps)("after step %i its rule and those before pass, the others fail", (step) => {
  const verdicts = new Map(reports[step]?.results.map((result) => [result.rule, result.verdict]));
  expect(RULES.map((rule) => [rule.id, verdicts.get(rule.id)])).toEqual(
    RULES.map((rule, index) => [rule.id, index < step ? "pass" : "fail"]),
  );
});

test("the starter stands where the page says", () => {
  expect(existsSync(join(root, stepFile(RULES.length + 1)))).toBe(false);
  expect(readFileSync(join(root, page), "utf8").match(/^## Step \d/gm)).toHaveLength(RULES.length);
});

for (const block of blocks) {
  const [tag = "", rule] = block.tags;
  const step = Number(/^step-(\d)$/.exec(tag)?.[1] ?? Number.NaN);
  const where = `line ${block.line}: ${block.language} ${block.tags.join(" ")}`;
  if (block.language === "ts")
    test(`${where} stands in that step's file`, () => {
      expect(flat(readFileSync(join(root, stepFile(step)), "utf8"))).toContain(flat(block.body));
      if (step > 0) expect(flat(readFileSync(join(root, stepFile(step - 1)), "utf8"))).not.toContain(flat(block.body));
    });
  else if (block.language === "text" && rule !== undefined)
    test(`${where} is shown`, () => {
      const report = reports[step];
      const text = report ? shown(report, rule).replace(stepFile(step), "help/workshop/mine.ts") : "";
      expect(text).toContain("help/workshop/mine.ts:");
      if (process.env.TOLLGATE_RENEW !== "1") return expect(block.body).toBe(text);
      const path = join(root, page);
      const fence = `\`\`\`text ${block.tags.join(" ")}\n`;
      writeFileSync(
        path,
        readFileSync(path, "utf8").replace(fence + block.body, () => fence + text),
      );
    });
  else if (block.language === "text" && tag !== "blocked")
    test(`${where} is shown`, () => {
      const report = reports[step];
      expect(report ? render(report) : "").toContain(block.body);
    });
}

test("commands name what is there", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const lines = blocks.filter(({ language }) => language === "sh").flatMap(({ body }) => body.trim().split("\n"));
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) {
    expect(line).toMatch(
      /^(npm|npx|cp|rm|aws|TERRAFORM_BINARY_NAME="\$PWD\/dist\/tollgate-terraform\.cjs" npx cdktf) /,
    );
    const script = /^npm run -s (\S+)/.exec(line)?.[1];
    if (script !== undefined) expect(Object.keys(scripts)).toContain(script);
    for (const [file] of line.matchAll(/help\/workshop\/(?!mine|solved)[\w-]+\.ts/g))
      expect(existsSync(join(root, file))).toBe(true);
  }
});

test("pages lead only to what is there", () => {
  const pages = ["README", "design", "adding-a-rule", "threat-model", "limits", ...RULES.map((rule) => rule.id)];
  for (const name of pages) {
    const text = readFileSync(join(root, `help/${name}.md`), "utf8");
    for (const [, target = ""] of text.matchAll(/\]\((?!https?:)([^)#]+)/g))
      expect([name, target, existsSync(join(root, "help", target))]).toEqual([name, target, true]);
  }
});
