/** How judgements are put together: no fail and no gap is ever lost, and nothing is said twice. */
import type { Finding, Gap, Judgement } from "../../validators/kernel/index";
import { RULES } from "../../validators/rules/index";
import {
  byCompanion,
  defineRule,
  eitherOf,
  every,
  fail,
  pass,
  type Rule,
  undecided,
} from "../../validators/rules/rule";
import { context, key, linked, none, unlinked } from "./subjects";

const gap = (value: string): Gap => ({ value, because: "computed-at-apply" });
const finding = (message: string, more: Partial<Finding> = {}): Finding => ({
  message,
  remediation: "mend it",
  ...more,
});
const [passing, failing, open] = [pass("it holds"), fail(finding("it's broken")), undecided("who knows", [gap("x.y")])];

describe("every", () => {
  test.each<[string, readonly Judgement[], Judgement["verdict"]]>([
    ["nothing demanded", [], "pass"],
    ["passes", [passing, passing], "pass"],
    ["a pass and an undecided", [passing, open], "undecided"],
    ["a fail before an undecided", [failing, open], "fail"],
    ["a fail after all else", [passing, open, failing], "fail"],
  ])("%s", (_, judgements, expected) => {
    expect(every(judgements).verdict).toBe(expected);
  });

  test("keeps all findings, in order", () => {
    const [one, two] = [finding("one"), finding("two", { related: ["x.y"] })];
    expect(every([fail(one), open, fail(two)])).toEqual({ verdict: "fail", findings: [one, two] });
  });

  test("names every gap, and says each thing once", () => {
    expect(
      every([
        passing,
        undecided("who knows", [gap("a")], ["x.y"]),
        undecided("nobody", [gap("b")]),
        undecided("who knows", [gap("c")], ["x.y", "x.z"]),
        { verdict: "undecided", message: "who knows", gaps: [] },
      ]),
    ).toEqual({
      verdict: "undecided",
      message: "who knows; nobody",
      gaps: [gap("a"), gap("b"), gap("c")],
      related: ["x.y", "x.z"],
    });
  });

  test("passes on all evidence, each once, the empty left out", () => {
    expect(
      every([
        pass("so", { trace: ["1"], related: ["x.y"] }),
        pass(""),
        pass("and so", { trace: ["2", "1"], related: ["x.z", "x.y"] }),
        pass("so"),
      ]),
    ).toEqual({ verdict: "pass", evidence: "so; and so", trace: ["1", "2"], related: ["x.y", "x.z"] });
  });
});

describe("eitherOf", () => {
  test.each<[string, readonly [Judgement, ...Judgement[]], Judgement["verdict"]]>([
    ["all pass", [passing, passing], "pass"],
    ["all fail", [failing, failing], "fail"],
    ["one of each", [passing, failing], "undecided"],
    ["all undecided", [open, open], "undecided"],
    ["a pass and an undecided", [passing, open], "undecided"],
    ["a fail and an undecided", [failing, open], "undecided"],
  ])("%s", (_, judgements, expected) => {
    expect(eitherOf(judgements, "one of them", [gap("a")]).verdict).toBe(expected);
  });

  test("where all are undecided, what decides each is named as well", () => {
    expect(eitherOf([open, open], "one of them", [gap("a")])).toMatchObject({
      message: "one of them",
      gaps: [gap("a"), gap("x.y"), gap("x.y")],
    });
  });

  test("names what decides between them, and what decides each", () => {
    expect(eitherOf([passing, open, failing], "one of them", [gap("a")])).toEqual({
      verdict: "undecided",
      message: "one of them",
      gaps: [gap("a"), gap("x.y")],
      related: [],
    });
  });
});

describe("byCompanion", () => {
  const judgeOne = (companion: { content: Judgement } | undefined): Judgement => companion?.content ?? failing;
  const given = (linkedOnes: readonly Judgement[], unlinkedOnes: readonly Judgement[]) =>
    byCompanion(
      { linked: linked(...linkedOnes).linked, unlinked: unlinked(...unlinkedOnes).unlinked },
      "policy",
      judgeOne,
    );

  test("without any, the subject is judged bare", () => {
    expect(byCompanion<Judgement>(none, "policy", judgeOne)).toBe(failing);
  });

  test("each linked one must do, and what can't be linked doesn't count then", () => {
    expect(given([passing], [failing]).verdict).toBe("pass");
    expect(given([passing, failing], []).verdict).toBe("fail");
    expect(given([passing, open], []).verdict).toBe("undecided");
  });

  test("one that can't be linked may be the missing one, or may not", () => {
    expect(given([], [failing])).toEqual(failing);
    expect(given([], [passing, failing])).toEqual({
      verdict: "undecided",
      message: "policy `companion.u0`, `companion.u1` may belong to it or to another bucket",
      gaps: [gap("companion.u0.bucket"), gap("companion.u1.bucket")],
      related: [],
    });
  });

  test.each([
    ["ACL", "the state shows an ACL that no resource in it declares"],
    ["encryption configuration", "the state shows an encryption configuration that no resource in it declares"],
    ["bucket policy", "the state shows a bucket policy that no resource in it declares"],
  ])("what only a state shows: %s", (kind, message) => {
    const readBack = unlinked(passing).unlinked.map((one) => ({ ...one, readBackIn: "state" as const }));
    expect(byCompanion<Judgement>({ linked: [], unlinked: readBack }, kind, judgeOne)).toMatchObject({ message });
  });
});

test.each(RULES.filter((rule) => rule.id.startsWith("s3-")).map((rule) => [rule.id, rule] as const))(
  "%s judges no key",
  (id, rule) => {
    expect(() => rule.judge(key(), context)).toThrow(new TypeError(`${id} judges buckets, not aws_kms_key.k`));
  },
);

describe("defineRule", () => {
  const rule: Rule = { ...(RULES[0] as Rule), id: "team-bucket-tags" };

  test.each(["team-bucket-tags", "s3-x", "a1-2b-c3"])("takes the id %s", (id) => {
    expect(defineRule({ ...rule, id })).toEqual({ ...rule, id });
  });

  test.each([
    "tags",
    "Team-tags",
    "team_tags",
    "team-",
    "-tags",
    "team--tags",
    "team-tags ",
    " team-tags",
    "team-Tags",
  ])("refuses the id `%s`", (id) => {
    expect(() => defineRule({ ...rule, id })).toThrow(
      new TypeError(`expected a rule id such as \`team-bucket-tags\`, found \`${id}\``),
    );
  });

  test.each(["title", "why", "fix"])("refuses a rule without a %s", (name) => {
    for (const words of ["", " "])
      expect(() => defineRule({ ...rule, [name]: words })).toThrow(
        new TypeError(`rule \`team-bucket-tags\`: expected a ${name}`),
      );
  });
});
