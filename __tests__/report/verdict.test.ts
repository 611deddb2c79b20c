/** What the verdict means, what isn't known, who waived: one wording, whatever the format. */
import type { Report } from "../../validators/kernel/index";
import { FORMATS, isFormat, piecesOf, type RenderOptions } from "../../validators/report/index";
import { clean, empty, mixed, open, reportOf } from "./reports";

/** Formats without a place for a sentence: their readers look at fields. */
const WITHOUT_WORDS = new Set(["json", "gitlab"]);
const SPEAKING = FORMATS.filter((name) => !WITHOUT_WORDS.has(name));

const SENTENCES = [
  "nothing to object to",
  "nothing to object to that is not waived",
  "the gate stays closed",
  "the gate stays closed: nothing fails, but some values that decide a rule are not known",
  "let through: nothing fails, though some values that decide a rule are not known",
];

const waived = reportOf([...clean.results, ...mixed.results.filter(({ verdict }) => verdict === "waived")]);

async function rendered(name: string, report: Report, options: RenderOptions = {}): Promise<string> {
  if (!isFormat(name)) throw new Error(`a format ${name}`);
  return [...(await piecesOf(name, report, { width: 500, ...options }))].join("");
}

describe.each([
  ["all pass", clean, {}, SENTENCES[0], "2 pass"],
  ["no results", empty, {}, SENTENCES[0], "nothing was judged"],
  ["one is waived", waived, {}, SENTENCES[1], "2 pass, 1 waived"],
  ["some fail", mixed, {}, SENTENCES[2], "3 fail, 1 undecided, 1 pass, 1 waived"],
  ["undecided blocks", open, {}, SENTENCES[3], "1 undecided"],
  ["undecided doesn't block", open, { undecidedBlocks: false }, SENTENCES[4], "1 undecided"],
] as const)("%s", (_, report, options, sentence = "", counts) => {
  test.each(SPEAKING)("%s", async (name) => {
    const text = await rendered(name, report, options);
    expect(text).toContain(sentence);
    for (const other of SENTENCES) if (!sentence.includes(other)) expect(text).not.toContain(other);
    if (name !== "sarif") expect(text).toContain(counts);
  });

  test("the last line of the text counts", async () => {
    expect((await rendered("text", report, options)).split("\n").at(-2)).toBe(counts);
  });
});

test.each(SPEAKING.filter((name) => name !== "sarif"))("gaps and waivers in %s", async (name) => {
  const shown = (await rendered(name, mixed)).replaceAll(/<\/?code>|&apos;|&#39;|\\/g, "");
  expect(shown).toMatch(/`?aws_s3_bucket_policy\.p\.policy`? \(computed-at-apply\): `?\$\{data\.x\.y\.json\}/);
  if (name !== "bitbucket")
    expect(shown).toContain("waived by platform-team until 2027-01-31 (fail): log delivery can");
});
