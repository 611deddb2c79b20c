/** Hostile text in every place of a report, in every format: nothing is obeyed by whatever reads or shows it. */
import { asyncProperty, assert as check } from "fast-check";
import { FORMATS, isFormat, REPORTERS, type Reporter } from "../../validators/report/index";
import { json } from "../../validators/report/sanitize";
import { expectHarmless, expectNoCommand, expectPlain } from "./readers";
import { clean, empty, everywhere, HOSTILE_TEXTS, hostile, mixed, open, rules } from "./reports";

const loaded = async (format: string) => {
  if (!isFormat(format)) throw new Error(format);
  return { format, render: await REPORTERS[format]() };
};

describe.each(FORMATS)("%s", (name) => {
  test("of ordinary reports", async () => {
    const { format, render } = await loaded(name);
    for (const report of [mixed, clean, empty, open]) expectHarmless(format, await render(report, { rules }), report);
  });

  // Not a test each: a test's name is printed, and this is what no log should print.
  test("with each hostile text everywhere", async () => {
    const { format, render } = await loaded(name);
    for (const text of HOSTILE_TEXTS)
      for (const report of everywhere(text)) expectHarmless(format, await render(report, { rules }), report);
  }, 60_000);

  test("with a very long text everywhere", async () => {
    const { format, render } = await loaded(name);
    const [report] = everywhere(`::${"a##[b]\u202e\u{e0041}😀<".repeat(1_000)}`);
    if (report !== undefined) expectHarmless(format, await render(report, { rules }), report);
  });

  test("with any text anywhere", async () => {
    const { format, render } = await loaded(name);
    const holds = asyncProperty(hostile, async (report) =>
      expectHarmless(format, await render(report, { rules }), report),
    );
    await check(holds, { numRuns: name === "html" ? 25 : 100 });
  }, 120_000);
});

test("in colour, a terminal gets no escape sequences but the report's own", async () => {
  const render: Reporter = await REPORTERS.text();
  for (const text of HOSTILE_TEXTS)
    for (const report of everywhere(text)) {
      const shown = await render(report, { rules, colour: true });
      // Two columns of colour are Tollgate's: styles on and off.
      expectPlain(shown.replace(/\u001b\[\d{1,2}m/g, ""));
      expect(shown).not.toContain("\u001b[31mred");
    }
});

test("JSON says the same to whoever parses it", () => {
  for (const text of HOSTILE_TEXTS) {
    const value = { [text]: [text, `\u001b${text}##[${text}`] };
    const written = json(value);
    expect(JSON.parse(written)).toEqual(value);
    expectPlain(written);
    expectNoCommand(written);
  }
  expect(json({ a: "bücket 日本 😀 ## heading #[x]" })).toBe('{\n  "a": "bücket 日本 😀 ## heading #[x]"\n}\n');
  expect(json("##vso[x]\u202e\u{e0041}\u007f")).toBe('"\\u0023#vso[x]\\u202e\\udb40\\udc41\\u007f"\n');
});
