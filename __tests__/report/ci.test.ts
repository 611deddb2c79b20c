/** The formats that CI systems read: each is held against what its consumer accepts. */
import { render as bitbucket } from "../../validators/report/bitbucket";
import { render as github } from "../../validators/report/github";
import { render as gitlab } from "../../validators/report/gitlab";
import { isCodeQuality, isInsights } from "./readers";
import { clean, empty, large, mixed, open, rules } from "./reports";

describe("github", () => {
  test("annotates the source line with everything that a reader needs", () => {
    const [first, second] = github(mixed).split("\n");
    expect(first).toBe(
      '::error title=s3-block-public-access%3A fail::module.site["a"].aws_s3_bucket.this: no public access block belongs to this bucket%0Afix: add an aws_s3_bucket_public_access_block%0Acontrols: NIST-800-53-r5 SC-13',
    );
    expect(second).toContain("::error file=stacks/site.ts,line=42,title=s3-tls-only%3A fail::");
    expect(second).toContain("anyone, without TLS, can list the bucket");
  });

  test("an undecided that doesn't block is a warning, a waived one a notice, a pass nothing", () => {
    expect(github(open)).toMatch(/^::error /);
    expect(github(open, { undecidedBlocks: false })).toMatch(/^::warning /);
    expect(github(mixed)).toContain("::notice title=s3-kms-encryption%3A waived::");
    expect(github(clean)).toBe(
      "::notice title=tollgate::nothing to object to (2 pass)\ntollgate: plan.json: nothing to object to (2 pass)\n",
    );
  });
});

describe("gitlab", () => {
  test("has an entry for each fail and undecided", () => {
    const entries = JSON.parse(gitlab(mixed));
    expect(isCodeQuality(entries)).toBe(true);
    expect(entries).toHaveLength(4);
    expect(entries[0]).toMatchObject({
      check_name: "s3-tls-only",
      severity: "critical",
      location: { path: "stacks/site.ts", lines: { begin: 42 } },
    });
    expect(JSON.parse(gitlab(open, { undecidedBlocks: false }))[0].severity).toBe("info");
    expect(JSON.parse(gitlab(clean))).toEqual([]);
  });

  test("fingerprints are one a finding, and survive a moved line", () => {
    const fingerprints = JSON.parse(gitlab(mixed)).map((entry: { fingerprint: string }) => entry.fingerprint);
    expect(new Set(fingerprints).size).toBe(fingerprints.length);
    const [first, ...rest] = mixed.results;
    if (!first?.source) throw new Error("the first result has a source");
    const moved = { ...mixed, results: [{ ...first, source: { ...first.source, line: 99 } }, ...rest] };
    expect(JSON.parse(gitlab(moved)).map((entry: { fingerprint: string }) => entry.fingerprint)).toEqual(fingerprints);
  });
});

describe("bitbucket", () => {
  test("sends a report and its annotations", () => {
    const insights = JSON.parse(bitbucket(mixed, { rules }));
    expect(isInsights(insights)).toBe(true);
    expect(insights.report.result).toBe("FAILED");
    expect(insights.annotations).toHaveLength(1);
    expect(insights.annotations[0]).toHaveLength(5);
    expect(insights.annotations[0][1]).toMatchObject({
      title: "Bucket policy: reads and writes over TLS only",
      summary: expect.stringContaining("anyone, without TLS, can list the bucket"),
      result: "FAILED",
      severity: "HIGH",
      path: "stacks/site.ts",
      line: 42,
    });
    expect(JSON.parse(bitbucket(clean)).annotations).toEqual([]);
    expect(JSON.parse(bitbucket(open, { undecidedBlocks: false })).report.result).toBe("PASSED");
    expect(isInsights(JSON.parse(bitbucket(empty)))).toBe(true);
  });

  test("keeps to a thousand annotations, a hundred a request, and says what is missing", () => {
    const insights = JSON.parse(bitbucket(large(1234, 1100)));
    expect(isInsights(insights)).toBe(true);
    expect(insights.annotations.flat()).toHaveLength(1000);
    expect(insights.report.details).toContain("100 more results");
  });
});
