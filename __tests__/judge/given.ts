/** Makes what the court's tests judge with: a rule that says what it is told to, a waiver, and the words of a report. */
import { type Config, judge } from "../../validators/judge/index";
import type { InputSummary, Judgement, Report } from "../../validators/kernel/index";
import { RULES, type Rule } from "../../validators/rules/index";
import { bucket, graph, none } from "../rules/subjects";

export const input: InputSummary = {
  path: "plan.json",
  kind: "plan",
  sha256: "0".repeat(64),
  formatVersion: "1.2",
  resources: 1,
};
export const ids = RULES.map((rule) => rule.id);
export const attributeRules = RULES.filter((rule) =>
  ["s3-block-public-access", "s3-encryption-configured"].includes(rule.id),
);

/** A rule on buckets that says this. */
export const saying = (says: () => Judgement): Rule => ({
  ...(RULES[0] as Rule),
  id: "team-rule",
  severity: "low",
  controls: ["TEAM-1"],
  subjects: ({ buckets }) => buckets,
  judge: says,
});

/** What every result of it has. */
export const shared = {
  rule: "team-rule",
  address: "aws_s3_bucket.b",
  severity: "low",
  controls: ["TEAM-1"],
  help: "help/team-rule.md",
} as const;

export const usual = { version: "1.2.3", config: {}, today: "2026-06-01" };

export const judgeBy = (rules: readonly Rule[], config: Config = {}): Report =>
  judge(graph({ buckets: [bucket()] }), rules, input, { ...usual, config });

/** A waiver of `s3-block-public-access` that holds until the end of June 2026. */
export const waiver = {
  rule: "s3-block-public-access",
  address: "aws_s3_bucket.b",
  reason: "a public site",
  owner: "web-team",
  expires: "2026-06-30",
};

/** The report of the two plainest rules on one bucket, by default one without a public access block. */
export const run = (
  config: Config,
  subject = bucket({ accessBlocks: none }),
  today = "2026-06-01",
  secrets: string[] = [],
) =>
  judge(graph({ buckets: [subject], secrets: new Set(secrets) }), attributeRules, input, {
    version: "0.0.0",
    config,
    today,
  });
