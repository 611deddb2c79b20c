/** `tollgate.json`: what it may say, and the one line for everything else. */
import { readConfig } from "../../validators/judge/index";
import { InputError } from "../../validators/kernel/index";
import { ids, waiver } from "./given";

describe("readConfig", () => {
  test("takes the contract's example", () => {
    const example = {
      account: "123456789012",
      rules: { "s3-encrypted-puts-only": { allowMissingHeader: true }, "kms-key-rotation": { severity: "low" } },
      waivers: [{ ...waiver, rule: "s3-kms-encryption", address: "aws_s3_bucket.access_logs" }],
    };
    expect(readConfig(example, "tollgate.json", ids)).toEqual(example);
  });

  test("takes every setting that there is", () => {
    const example = {
      $schema: "tollgate.schema.json",
      rules: { "s3-tls-only": { severity: "critical" }, "kms-key-rotation": { severity: "medium" } },
      allow: { providers: ["hashicorp/aws"], modules: ["./modules"], backends: ["s3"] },
    };
    expect(readConfig(example, "tollgate.json", ids)).toEqual(example);
    expect(readConfig({}, "tollgate.json", ids)).toEqual({});
    const high = { rules: { "s3-tls-only": { severity: "high" } } };
    expect(readConfig(high, "c", ids)).toEqual(high);
  });

  test("takes the white space off a waiver's words", () => {
    const config = readConfig({ waivers: [{ ...waiver, owner: " web-team " }] }, "tollgate.json", ids);
    expect(config.waivers).toEqual([waiver]);
  });

  const tls = (settings: unknown) => ({ rules: { "s3-tls-only": settings } });
  const waived = (changes: object) => ({ waivers: [{ ...waiver, ...changes }] });
  const noRule = (found: string) => `expected a rule id (\`tollgate rules\` lists them), found \`${found}\``;
  test.each<[string, unknown, string]>([
    ["a list", [], "expected a JSON object"],
    ["null", null, "expected a JSON object"],
    ["a text", "x", "expected a JSON object"],
    ["an unknown key", { acount: "123456789012" }, "`acount`: unknown key `acount`"],
    ["an unknown rule", { rules: { "s3-tls": {} } }, `\`rules\`: ${noRule("s3-tls")}`],
    ["a rule that is switched off", tls(false), "`rules.s3-tls-only`: expected an object, found false"],
    ["rules as text", { rules: "s3-tls-only" }, "`rules`: expected an object of rule settings"],
    ["an unknown setting", tls({ enabled: false }), "`rules.s3-tls-only.enabled`: unknown key `enabled`"],
    [
      "a severity that doesn't exist",
      tls({ severity: "none" }),
      "`rules.s3-tls-only.severity`: expected `low`, `medium`, `high` or `critical`",
    ],
    [
      "an option of another rule",
      tls({ allowMissingHeader: false }),
      "`rules.s3-tls-only.allowMissingHeader`: only `s3-encrypted-puts-only` has this option",
    ],
    [
      "an option that is no flag",
      { rules: { "s3-encrypted-puts-only": { allowMissingHeader: "yes" } } },
      "`rules.s3-encrypted-puts-only.allowMissingHeader`: expected `true` or `false`",
    ],
    ["a schema that is no text", { $schema: 3 }, "`$schema`: expected a text"],
    ["an account with letters", { account: "12345678901x" }, "`account`: expected twelve digits"],
    ["an account of thirteen digits", { account: "1234567890123" }, "`account`: expected twelve digits"],
    ["an account after a word", { account: "x123456789012" }, "`account`: expected twelve digits"],
    ["an account as a number", { account: 123456789012 }, "`account`: expected an account id"],
    ["waivers that are no list", { waivers: waiver }, "`waivers`: expected a list of waivers"],
    ["a waiver that is a text", { waivers: ["x"] }, "`waivers.0`: expected an object, found `x`"],
    ["a waiver without a reason", waived({ reason: undefined }), "`waivers.0.reason`: expected a reason"],
    ["a waiver with an empty reason", waived({ reason: "" }), "`waivers.0.reason`: expected a reason, found nothing"],
    ["a waiver with an empty owner", waived({ owner: " " }), "`waivers.0.owner`: expected an owner, found nothing"],
    ["a waiver of nothing", waived({ rule: "" }), "`waivers.0.rule`: expected a rule id, found nothing"],
    ["a waiver for nothing", waived({ address: "" }), "`waivers.0.address`: expected a plan address, found nothing"],
    [
      "a waiver without expiry",
      { waivers: [{ rule: "s3-tls-only", address: "a", reason: "r", owner: "o" }] },
      "`waivers.0.expires`: missing `expires`",
    ],
    ["a day that is a number", waived({ expires: 20260630 }), "`waivers.0.expires`: expected a day as `YYYY-MM-DD`"],
    ...[
      "2026-02-30",
      "2026-13-01",
      "2026-06",
      "2026",
      "tomorrow",
      "2026-06-30T00:00:00Z",
      "on 2026-06-30",
      "+2026-06-30",
    ].map((expires): [string, unknown, string] => [
      `the day ${expires}`,
      waived({ expires }),
      "`waivers.0.expires`: expected a day that exists, as `YYYY-MM-DD`",
    ]),
    [
      "a second waiver, of an unknown rule",
      { waivers: [waiver, { ...waiver, rule: "nope-rule" }] },
      `\`waivers.1.rule\`: ${noRule("nope-rule")}`,
    ],
    [
      "a waiver of every rule",
      waived({ rule: "*" }),
      "`waivers.0.rule`: expected one rule id: a waiver is for one rule",
    ],
    ["a prototype's name as a rule", JSON.parse('{"rules":{"__proto__":{}}}'), `\`rules\`: ${noRule("__proto__")}`],
    [
      "a provider without a name",
      { allow: { providers: [""] } },
      "`allow.providers.0`: expected a provider's source address, found nothing",
    ],
    [
      "a module without a source",
      { allow: { modules: [""] } },
      "`allow.modules.0`: expected a module's source, found nothing",
    ],
    [
      "a backend without a name",
      { allow: { backends: [""] } },
      "`allow.backends.0`: expected a backend's name, found nothing",
    ],
  ])("refuses %s in one line", (_, json, message) => {
    expect(() => readConfig(json, "tollgate.json", ids)).toThrow(new InputError(`tollgate.json: ${message}`));
  });
});
