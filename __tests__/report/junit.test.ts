/** JUnit XML: held against a schema by xmllint, and read back by an XML parser. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { render } from "../../validators/report/junit";
import { documentOf } from "./readers";
import { clean, empty, large, mixed, open } from "./reports";

const xmllint = (xml: string, ...flags: string[]) =>
  spawnSync("xmllint", ["--nonet", "--noout", "--schema", join(__dirname, "junit.xsd"), ...flags, "-"], {
    input: xml,
    encoding: "utf8",
  });
const skipped = test.skip;
/** A test that needs xmllint; where it is missing, skipped under a name that says so. */
function withXmllint(name: string, run: () => void): void {
  if (spawnSync("xmllint", ["--version"]).error === undefined) test(name, run);
  else skipped(`${name} (skipped: xmllint is missing; Debian has it in libxml2-utils)`, run);
}

/** The document as a strict parser reads it. */
function read(xml: string) {
  const document = documentOf(xml);
  const cases = [...document.getElementsByTagName("testcase")];
  const suite = document.getElementsByTagName("testsuite")[0];
  return { cases, suite };
}

withXmllint("keeps to the schema", () => {
  for (const report of [mixed, clean, empty, open, large(1000, 700), large(1000, 10)]) {
    const { stderr, status } = xmllint(render(report));
    expect({ stderr, status }).toEqual({ stderr: "- validates\n", status: 0 });
  }
});

test("a case a rule and subject, failures first, waived ones skipped", () => {
  const { cases, suite } = read(render(mixed));
  expect(
    cases.map(
      (one) =>
        `${one.getAttribute("classname")} ${one.firstChild ? one.getElementsByTagName("*")[0]?.tagName : "passed"}`,
    ),
  ).toEqual([
    "s3-block-public-access failure",
    "s3-tls-only failure",
    "kms-no-cross-account failure",
    "s3-encrypted-puts-only failure",
    "s3-kms-encryption skipped",
    "kms-key-rotation passed",
  ]);
  expect(suite?.getAttribute("failures")).toBe("4");
  expect(suite?.getAttribute("skipped")).toBe("1");
  expect(cases[1]?.getAttribute("file")).toBe("stacks/site.ts");
  expect(cases[1]?.textContent).toContain("gets through: anyone, without TLS, can list the bucket");
});

test("an undecided that doesn't block is skipped, not failed", () => {
  expect(render(open)).toContain("<failure ");
  expect(render(open, { undecidedBlocks: false })).toContain("<skipped ");
});

test("CodeBuild's limit of 500 cases is kept, failures first, and what is missing is said as a failure", () => {
  const { cases } = read(render(large(1000, 700)));
  expect(cases).toHaveLength(500);
  expect(cases.every((one) => one.getElementsByTagName("failure").length === 1)).toBe(true);
  expect(cases[499]?.getElementsByTagName("failure")[0]?.getAttribute("message")).toBe(
    "501 of 1000 results are not shown, 201 of them failures: see the JSON report",
  );
  const few = read(render(large(1000, 10))).cases;
  expect(few.slice(0, 10).every((one) => one.getElementsByTagName("failure").length === 1)).toBe(true);
  expect(few[499]?.getElementsByTagName("skipped")).toHaveLength(1);
});

test("nothing to judge is one case that says so", () => {
  expect(read(render(empty)).cases.map((one) => one.getAttribute("name"))).toEqual([
    "no bucket and no KMS key: nothing to judge",
  ]);
});
