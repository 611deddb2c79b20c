/** The page: read back by an HTML parser as browsers parse, so that no text of a plan becomes markup. */
import { createHash } from "node:crypto";
import { asyncProperty, assert as check } from "fast-check";
import { type DefaultTreeAdapterMap, parse } from "parse5";
import { render } from "../../validators/report/html";
import { pictureOf, typeOf } from "../../validators/report/page/links";
import { clean, empty, hostile, large, mixed, rules } from "./reports";

type Element = DefaultTreeAdapterMap["element"];

/** Every element, in document order. */
function elementsOf(page: string): Element[] {
  const found: Element[] = [];
  const visit = (node: DefaultTreeAdapterMap["node"]): void => {
    if ("tagName" in node) found.push(node);
    if ("childNodes" in node) node.childNodes.forEach(visit);
  };
  visit(parse(page));
  return found;
}

const attribute = (element: Element, name: string) => element.attrs.find((one) => one.name === name)?.value;
const textOf = (element: Element): string =>
  element.childNodes.map((node) => ("value" in node ? node.value : "tagName" in node ? textOf(node) : "")).join("");

test("needs nothing from elsewhere, and runs nothing but its own script", async () => {
  const page = await render(mixed, { rules });
  const elements = elementsOf(page);
  const scripts = elements.filter((one) => one.tagName === "script");
  const policy = elements.map((one) => attribute(one, "content")).find((one) => one?.startsWith("default-src"));
  expect(scripts).toHaveLength(1);
  const hash = createHash("sha256").update(scripts.map(textOf).join("")).digest("base64");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`script-src 'sha256-${hash}'`);
  for (const element of elements)
    for (const { name, value } of element.attrs) {
      expect(name).not.toMatch(/^(on|src|style$)/);
      if (name === "href") expect(value).toMatch(/^#/);
    }
});

test("tells the verdict, the request, why nothing stopped it, and the fix", async () => {
  const page = await render(mixed, { rules, helpBase: "https://example.com/tollgate/" });
  const [body] = elementsOf(page).filter((one) => one.tagName === "body");
  const text = body ? textOf(body) : "";
  for (const words of [
    "Tollgate: the gate stays closed",
    "anyone, without TLS, can list the bucket",
    "statement DenyHttp does not match",
    "add the bucket's own ARN",
    "waived by platform-team until 2027-01-31",
    "Passed (1)",
    "two policies overwrite each other",
  ])
    expect(text).toContain(words);
  expect(page).toContain('href="https://example.com/tollgate/help/s3-tls-only.md"');
});

test("draws buckets, keys, policies and who gets in", () => {
  const { nodes, links } = pictureOf(mixed);
  expect(nodes.map(({ name, kind, blocking }) => [name, kind, blocking])).toEqual([
    ['module.site["a"].aws_s3_bucket.this', "bucket", 3],
    ["aws_kms_key.data", "key", 1],
    ["aws_s3_bucket.access_logs", "bucket", 0],
    ['module.site["a"].aws_s3_bucket_policy.this', "companion", 0],
    ["anyone", "caller", 0],
    ["role reader of account 444455556666", "caller", 0],
  ]);
  expect(links.map(({ from, label, to }) => `${from} -> ${label} -> ${to}`)).toEqual([
    'module.site["a"].aws_s3_bucket_policy.this -> policy of -> module.site["a"].aws_s3_bucket.this',
    'anyone -> s3:ListBucket over plain HTTP -> module.site["a"].aws_s3_bucket.this',
    "role reader of account 444455556666 -> kms:Decrypt -> aws_kms_key.data",
    'aws_kms_key.data -> encrypts -> module.site["a"].aws_s3_bucket.this',
  ]);
});

test.each([
  ["aws_s3_bucket.b", "aws_s3_bucket"],
  ['module.a["x.aws_kms_key.y"].aws_s3_bucket.b["z.w"]', "aws_s3_bucket"],
  ["aws_kms_replica_key.r[0]", "aws_kms_replica_key"],
  ["account 444455556666", ""],
])("the type of %s is %s", (address, type) => expect(typeOf(address)).toBe(type));

test("what can't be drawn for room is counted", async () => {
  expect(pictureOf(large(200, 50)).left).toBe(176);
  expect(await render(large(200, 50))).toContain("176 more buckets and keys are not drawn");
});

test("a page without results says so", async () => {
  const page = await render(empty);
  expect(page).toContain("nothing was judged");
  expect(page).not.toContain("<svg");
});

test("the same report gives the same bytes", async () => {
  expect(await render(mixed, { rules })).toBe(await render(mixed, { rules }));
  expect(await render(clean)).toContain("<svg");
});

test("nothing of a plan becomes an element, an attribute or a script", async () => {
  const allowed = new Set(elementsOf(await render(mixed, { rules })).map((one) => one.tagName));
  const script = elementsOf(await render(mixed)).find((one) => one.tagName === "script");
  await check(
    asyncProperty(hostile, async (report) => {
      const page = await render(report, { rules });
      const elements = elementsOf(page);
      for (const element of elements) {
        expect(allowed).toContain(element.tagName);
        for (const { name, value } of element.attrs) {
          expect(name).not.toMatch(/^(on|src|style$)/);
          if (name === "href") expect(value).toMatch(/^#finding/);
        }
      }
      expect(elements.filter((one) => one.tagName === "script").map(textOf)).toEqual([script ? textOf(script) : ""]);
      expect(elements.filter((one) => attribute(one, "data-verdict") !== undefined)).toHaveLength(
        report.results.length,
      );
      expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
    { numRuns: 25 },
  );
}, 120_000);
