/** Plans that are made to take for ever: each is decided or left undecided in a time that grows as the plan does. */
import { checkContent } from "../../validators/check";
import type { Report } from "../../validators/kernel/index";

jest.setTimeout(120_000);

const change = (type: string, name: string, after: object, unknown: object = {}) => ({
  address: `${type}.${name}`,
  mode: "managed",
  type,
  name,
  provider_name: "registry.terraform.io/hashicorp/aws",
  change: { actions: ["create"], before: null, after, after_unknown: unknown },
});
type Change = ReturnType<typeof change>;

/** Judges a plan; the report, and the CPU time in milliseconds. */
function judged(changes: readonly Change[]): { report: Report; cpu: number } {
  const plan = JSON.stringify({ format_version: "1.2", resource_changes: changes, configuration: { root_module: {} } });
  const before = process.cpuUsage();
  const report = checkContent(plan, "plan.json", { config: {}, today: "2026-01-01" });
  const { user, system } = process.cpuUsage(before);
  return { report, cpu: (user + system) / 1000 };
}
const each = (count: number, made: (i: number) => Change): Change[] => Array.from({ length: count }, (_, i) => made(i));

/** Four times as much of something may take four times as long, and noise; sixteen times would be each with each. */
test.each<[string, (count: number) => Change[]]>([
  [
    "companions of buckets that nobody knows",
    (n) => [
      ...each(n, (i) => change("aws_s3_bucket", `b${i}`, {}, { bucket: true, arn: true, id: true })),
      ...each(n, (i) => change("aws_s3_bucket_policy", `p${i}`, {}, { bucket: true, policy: true })),
    ],
  ],
  [
    "buckets of one name",
    (n) => [
      ...each(n, (i) => change("aws_s3_bucket", `b${i}`, { bucket: "logs" }, { arn: true, id: true })),
      ...each(n, (i) => change("aws_s3_bucket_public_access_block", `p${i}`, { bucket: "logs" })),
    ],
  ],
  [
    "grants of keys that nobody knows",
    (n) => [
      ...each(n, (i) => change("aws_kms_key", `k${i}`, {}, { arn: true, key_id: true, policy: true })),
      ...each(n, (i) => change("aws_kms_grant", `g${i}`, {}, { key_id: true, grantee_principal: true })),
    ],
  ],
])("%s are not compared each with each", (_, made) => {
  judged(made(100));
  const few = judged(made(300));
  const many = judged(made(1200));
  expect(few.report.verdict).not.toBe("pass");
  expect(many.report.verdict).not.toBe("pass");
  expect(many.cpu).toBeLessThan(10 * few.cpu + 500);
});

const letters = (seed: number, length: number): string =>
  Array.from({ length }, (_, i) => "ab*?"[(seed * 7919 + i * i * 31 + i * seed) % 4]).join("");
const allow = (more: object) => ({ Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "*", ...more });

/** Every policy here lets somebody in, or hides it well: none may pass, none may take long. */
test.each<[string, object[]]>([
  [
    "overlapping wildcards",
    [
      allow({ Resource: `arn:aws:s3:::logs/${"*a".repeat(100)}` }),
      ...Array.from({ length: 30 }, (_, i) => ({
        ...allow({ Resource: `arn:aws:s3:::logs/*${"a*".repeat(i * 3)}${"b*".repeat(100 - i * 3)}` }),
        Effect: "Deny",
      })),
    ],
  ],
  [
    "four hundred patterns",
    [allow({ Resource: Array.from({ length: 400 }, (_, i) => `arn:aws:s3:::logs/${letters(i, 20)}`) })],
  ],
  [
    "a hundred statements with ten keys",
    Array.from({ length: 100 }, (_, i) =>
      allow({
        Effect: i % 2 === 0 ? "Allow" : "Deny",
        Condition: {
          StringLike: Object.fromEntries(
            ["UserAgent", "Referer", "SourceVpc", "SourceVpce", "PrincipalTag/a"].map((key, k) => [
              `aws:${key}`,
              letters(i + k, 6),
            ]),
          ),
          StringNotLike: Object.fromEntries(
            ["PrincipalTag/b", "PrincipalTag/c", "PrincipalTag/d", "RequestTag/a", "userid"].map((key, k) => [
              `aws:${key}`,
              letters(i * k, 6),
            ]),
          ),
        },
      }),
    ),
  ],
])("a policy of %s", (_, statements) => {
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  const { report, cpu } = judged([
    change("aws_s3_bucket", "b", { bucket: "logs" }),
    change("aws_s3_bucket_policy", "p", { bucket: "logs", policy }),
  ]);
  const outside = report.results.find(({ rule }) => rule === "s3-owner-account-only");
  expect(outside?.verdict).toMatch(/fail|undecided/);
  expect(cpu).toBeLessThan(15_000);
});
