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
function judged(changes: readonly Change[], account?: string): { report: Report; cpu: number } {
  const plan = JSON.stringify({ format_version: "1.2", resource_changes: changes, configuration: { root_module: {} } });
  const before = process.cpuUsage();
  const report = checkContent(plan, "plan.json", {
    config: {},
    today: "2026-01-01",
    ...(account === undefined ? {} : { account }),
  });
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

const withPolicy = (bucket: string, statements: readonly object[]): Change[] => [
  change("aws_s3_bucket", bucket, { bucket }),
  change("aws_s3_bucket_policy", bucket, {
    bucket,
    policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
  }),
];
const shut = [
  allow({ Effect: "Deny", Condition: { StringNotEquals: { "aws:PrincipalAccount": "111122223333" } } }),
  allow({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
  allow({
    Effect: "Deny",
    Action: "s3:PutObject",
    Condition: { StringNotLike: { "s3:x-amz-server-side-encryption": "aws:kms*" } },
  }),
];
const numbered = (count: number, made: (i: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => made(i));
const account = (i: number): string => String(100_000_000_000 + i);
const nobodyElse = (more: object) => ({
  ...allow({ Effect: "Deny", NotPrincipal: { AWS: "111122223333" }, ...more }),
  Principal: undefined,
});

/** A policy whose callers are too many to be asked about one by one, told apart by `seed`. */
const crowd = (seed: number): object[] => [
  ...shut,
  allow({
    Effect: "Deny",
    Principal: {
      AWS: numbered(700, (i) => account(seed * 1000 + i)),
      Service: numbered(200, (i) => `s${i}.amazonaws.com`),
    },
  }),
  ...[..."GPLDacb"].map((letter) => nobodyElse({ Action: `s3:${letter}*` })),
];

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
  ["seven hundred accounts and two hundred services", crowd(1)],
  [
    "a hundred and fifty unique ids and three hundred accounts",
    [
      nobodyElse({}),
      allow({ Principal: { AWS: [...numbered(150, (i) => `AROAAAAAA${account(i)}`), ...numbered(300, account)] } }),
    ],
  ],
  [
    "a hundred and twenty canonical users and three hundred accounts",
    [
      nobodyElse({}),
      allow({
        Principal: {
          AWS: numbered(300, account),
          CanonicalUser: numbered(120, (i) => (i * 7919).toString(16).padStart(64, "a")),
        },
      }),
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
            ["UserAgent", "Referer", "PrincipalTag/y", "PrincipalTag/z", "PrincipalTag/a"].map((key, k) => [
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
  const { report, cpu } = judged(withPolicy("logs", statements));
  const outside = report.results.find(({ rule }) => rule === "s3-owner-account-only");
  expect(outside?.verdict).toMatch(/fail|undecided/);
  expect(cpu).toBeLessThan(15_000);
});

/** Each of these is within the budget of a question; all together they are not within that of an input. */
test("a plan of many policies that are hard: the last by address are not looked at, whatever was judged before", () => {
  const names = numbered(16, (i) => `b${String(i).padStart(2, "0")}`);
  const changes = names.flatMap((name, i) => withPolicy(name, crowd(i)));
  const { report, cpu } = judged(changes, "111122223333");
  expect(cpu).toBeLessThan(60_000);
  const outside = report.results.filter(({ rule }) => rule === "s3-owner-account-only");
  expect(outside.map(({ verdict }) => verdict)).toEqual(names.map(() => "undecided"));
  const isLookedAt = outside.map(({ message }) => !message.includes("the plan's policies together"));
  const looked = isLookedAt.lastIndexOf(true) + 1;
  expect(isLookedAt).toEqual(names.map((_, i) => i < looked));
  expect(looked).toBeGreaterThan(1);
  expect(looked).toBeLessThan(names.length / 2);
  // By now much is remembered, and the resources come in another order.
  expect(judged([...changes].reverse(), "111122223333").report.results).toEqual(report.results);
});
