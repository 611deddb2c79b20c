/** Presets: they set severities and options, in order, and never take a rule, a waiver or an account with them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../validators/check";
import { check } from "../../validators/index";
import { PRESETS } from "../../validators/judge/index";
import { RULES } from "../../validators/rules/index";

const folder = mkdtempSync(join(tmpdir(), "tollgate-presets-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes files; gives the first one's configuration. */
function load(files: Readonly<Record<string, unknown>>): unknown {
  for (const [name, json] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(json));
  return loadConfig(join(folder, Object.keys(files)[0] ?? ""), RULES);
}

test.each(Object.entries(PRESETS))("%s sets what rules have", (_, { rules }) => {
  const ids = RULES.map(({ id }) => id);
  expect(Object.keys(rules).filter((id) => !ids.includes(id))).toEqual([]);
});

test("`tollgate:strict` makes every finding critical, and every rule still judges", async () => {
  const bare = { resource: { aws_s3_bucket: { b: { bucket: "x" } } }, terraform: {} };
  const plain = await check(bare, { config: {} });
  const strict = await check(bare, { config: { extends: "tollgate:strict" } });
  expect(strict.results.map(({ rule, verdict }) => [rule, verdict])).toEqual(
    plain.results.map(({ rule, verdict }) => [rule, verdict]),
  );
  expect([...new Set(strict.results.map(({ severity }) => severity))]).toEqual(["critical"]);
});

test("a later preset wins over an earlier one, and the project's own settings over both", () => {
  const preset = { rules: { "s3-tls-only": { severity: "low" }, "kms-key-rotation": { severity: "high" } } };
  const config = {
    extends: ["tollgate:default-encryption", "tollgate:strict", "./team.json"],
    rules: { "kms-key-rotation": { severity: "low" } },
  };
  expect(load({ "tollgate.json": config, "team.json": preset })).toEqual({
    rules: expect.objectContaining({
      "s3-tls-only": { severity: "low" },
      "s3-encrypted-puts-only": { severity: "critical", allowMissingHeader: false },
      "kms-key-rotation": { severity: "low" },
    }),
  });
});

test.each([
  [
    { "a.json": { extends: "tollgate:lax" } },
    "a.json: `extends`: expected `tollgate:default-encryption`, `tollgate:security-hub`, `tollgate:strict` or the path of a file, found `tollgate:lax`",
  ],
  [{ "b.json": { extends: "./gone.json" } }, "gone.json: there is no such file"],
  [
    { "c.json": { extends: "./d.json" }, "d.json": { waivers: [] } },
    "d.json: `waivers`: a preset holds `rules` and nothing else",
  ],
  [{ "e.json": { extends: "./e.json" } }, "e.json: `extends`: a preset holds `rules` and nothing else"],
  [{ "f.json": { extends: "./g.json" }, "g.json": { rules: { "s3-tls": {} } } }, "g.json: `rules`: expected a rule id"],
  [{ "h.json": { extends: 1 } }, "h.json: `extends`: expected a preset's name, or a list of names"],
])("what can't be extended is said: %j", (files, message) => {
  expect(() => load(files)).toThrow(message);
});
