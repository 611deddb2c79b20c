/** Markdown: read back by a Markdown parser, so that what is shown is what was meant, and nothing of a plan is obeyed. */
import { render } from "../../validators/report/markdown";
import { commentOf } from "./readers";
import { clean, empty, large, mixed, open, reportOf, rules } from "./reports";

test("the verdict comes first, then what to do, then the details", () => {
  const page = render(mixed, { rules });
  const at = (text: string) => page.indexOf(text);
  expect(page.split("\n").slice(0, 4)).toEqual([
    "<!-- tollgate -->",
    "## ❌ Tollgate: the gate stays closed",
    "",
    "3 fail, 1 undecided, 1 pass, 1 waived in `plan.json` (12 resources, Terraform 1.11.4)",
  ]);
  expect(at("### What to do")).toBeGreaterThan(0);
  expect(at("### Details")).toBeGreaterThan(at("### What to do"));
  expect(page).toContain(
    'at `module.site["a"].aws_s3_bucket.this` (`stacks/site.ts:42 (site/logs/bucket)`): add the bucket\'s own ARN',
  );
  expect(page).toContain("**Gets through:** anyone, without TLS, can list the bucket");
  expect(page).toContain("| `aws:SecureTransport` | `false` |");
  expect(page).toContain("waived by platform-team until 2027-01-31");
});

test.each([
  ["clean", clean, "## ✅ Tollgate: nothing to object to\n"],
  ["empty", empty, "nothing was judged in `plan.json`"],
  ["undecided", open, "## ❔ Tollgate: the gate stays closed: nothing fails"],
])("says what a %s report means", (_, report, words) => expect(render(report)).toContain(words));

test("an undecided that doesn't block is told, not asked for", () => {
  const page = render(open, { undecidedBlocks: false });
  expect(page).toContain("## ✅ Tollgate: let through");
  expect(page).not.toContain("### What to do");
  expect(page).toContain("### Details");
});

test.each([40, 400, 4000])("%i results fit, whole, with a count of those that don't", (count) => {
  const report = large(count, count - 5);
  for (const [limit, page] of [
    [32_768, render(report, { rules })],
    [65_536, render(report, { rules, limit: 65_536 })],
  ] as const) {
    expect(page.length).toBeLessThanOrEqual(limit);
    const details = page.match(/<details>/g)?.length ?? 0;
    expect(page.match(/<\/details>/g)).toHaveLength(details);
    const told = page.match(/<summary>❌/g)?.length ?? 0;
    expect(told).toBeGreaterThan(0);
    if (told < count - 5) expect(page).toContain(`… and ${count - 5 - told} more that would not fit here`);
    // Every finding that is told is told to its end.
    expect(page.match(/tollgate explain s3-tls-only/g)).toHaveLength(told);
  }
});

test("a pipe stays in its cell, and shows no backslash elsewhere", () => {
  const report = reportOf([
    {
      ...(mixed.results[0] ?? { undecided: [] as never }),
      address: "a|b",
      counterexample: { principal: "x|y", action: "s3:GetObject", resource: "r", context: {} },
    } as (typeof mixed.results)[number],
  ]);
  const page = commentOf(render(report));
  expect(page).toContain("<td><code>x|y</code></td>");
  expect(page).toContain("at <code>a|b</code>");
});
