/** The page: read back by an HTML parser as browsers parse, so that no text of a plan becomes markup. */
import { createHash } from "node:crypto";
import { render } from "../../validators/report/html";
import { pictureOf, typeOf } from "../../validators/report/page/links";
import { attribute, elementsOf, textOf } from "./readers";
import { clean, empty, large, mixed, rules } from "./reports";

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

test("the picture shows a name as it is, character references and all", async () => {
  const address = 'aws_kms_key.k["a&#27;b &amp; c <d>"]';
  const [first] = clean.results;
  if (first === undefined) throw new Error("a clean report has results");
  const page = await render({ ...clean, results: [{ ...first, address }] });
  const drawn = elementsOf(page).filter((one) => one.tagName === "text");
  expect(drawn.map(textOf)).toContain(address);
});
